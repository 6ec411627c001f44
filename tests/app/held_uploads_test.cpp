#include "app/web/held_uploads.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace avtalskoll::app::web {
namespace {

namespace fs = std::filesystem;

TEST(HeldUploads, AreTheirSendersAloneAndGoWithTheAnswer) {
    const TemporaryFolder folder;
    HeldUploads held;
    fs::path path;
    std::string token;
    {
        const auto work = std::make_shared<const WorkFolder>(folder.path());
        path = work->path();
        token = held.hold("anna", {{}, work});
    }
    EXPECT_TRUE(fs::exists(path));
    EXPECT_FALSE(held.find(token, "bo"));
    EXPECT_FALSE(held.find("", "anna"));
    held.drop(token, "bo");
    EXPECT_TRUE(held.find(token, "anna"));
    held.drop(token, "anna");
    EXPECT_FALSE(held.find(token, "anna"));
    EXPECT_FALSE(fs::exists(path));
}

TEST(HeldUploads, TheOldestOfAUserGoesFirstAndNoneOutlivesTheServer) {
    const TemporaryFolder folder;
    {
        HeldUploads held;
        const std::string first =
            held.hold("anna", {{}, std::make_shared<const WorkFolder>(folder.path())});
        const std::string other =
            held.hold("bo", {{}, std::make_shared<const WorkFolder>(folder.path())});
        for (int i = 0; i < HeldUploads::kMostHeld; ++i)
            held.hold("anna", {{}, std::make_shared<const WorkFolder>(folder.path())});
        EXPECT_FALSE(held.find(first, "anna"));
        EXPECT_TRUE(held.find(other, "bo"));
    }
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace avtalskoll::app::web
