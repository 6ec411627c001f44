#include "app/web/words.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "tests/support/texts.h"

namespace avtalskoll::app::web {
namespace {

namespace fs = std::filesystem;

// The codes of all findings that the source makes.
std::set<std::string> finding_codes() {
    const std::regex made(
        R"re((?:\.code = |about_page\(\s*\*?[\w.>-]+,\s*|fault\(|return )"([a-z]+_[a-z_]+)")re");
    std::set<std::string> codes;
    for (const char* room : {"rules", "pipeline", "app/service"})
        for (const auto& entry :
             fs::recursive_directory_iterator(fs::path(AVTALSKOLL_SOURCE_DIR) / room)) {
            const std::string name = entry.path().filename().string();
            if (!name.ends_with(".cpp") || name == "signature_rule.cpp") continue;
            std::ifstream in(entry.path());
            const std::string source((std::istreambuf_iterator<char>(in)), {});
            for (auto at = std::sregex_iterator(source.begin(), source.end(), made);
                 at != std::sregex_iterator(); ++at)
                codes.insert((*at)[1]);
        }
    return codes;
}

TEST(Words, EveryFindingHasWordsForTheQueue) {
    const std::set<std::string> codes = finding_codes();
    EXPECT_GT(codes.size(), 25U);
    EXPECT_TRUE(codes.contains("page_damaged"));
    for (const std::string& code : codes)
        EXPECT_TRUE(swedish().by_key().contains("finding_chip." + code)) << code;
}

TEST(Words, DurationsAreWholeAndNeverNegative) {
    EXPECT_EQ(said(duration_message(-90)), "under en minut");
    EXPECT_EQ(said(duration_message(59)), "under en minut");
    EXPECT_EQ(said(duration_message(60)), "1 minut");
    EXPECT_EQ(said(duration_message(3599)), "59 minuter");
    EXPECT_EQ(said(duration_message(3600)), "1 timme");
    EXPECT_EQ(said(duration_message(172'799)), "47 timmar");
    EXPECT_EQ(said(duration_message(172'800)), "2 dagar");
}

TEST(Words, AnEventOfAnotherVersionShowsItsName) {
    EXPECT_EQ(
        said(event_message({.action = AuditAction::Unknown, .subject = "sealed"}, {}, swedish())),
        "sealed");
    EXPECT_EQ(said(event_message({.action = AuditAction::Decided}, {}, swedish())), "beslut");
}

}  // namespace
}  // namespace avtalskoll::app::web
