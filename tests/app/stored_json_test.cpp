#include "app/store/stored_json.h"

#include <gtest/gtest.h>

namespace avtalskoll::app {
namespace {

TEST(StoredAccount, KeepsWhyItCannotBeUsed) {
    Submission submission, back;
    submission.broken = Message("account.given_twice", {{"key", "id"}, {"inner", Message("x")}});
    read_account_json(account_json(submission), back);
    EXPECT_EQ(back.broken.key(), "account.given_twice");
    EXPECT_EQ(account_json(back), account_json(submission));
}

TEST(StoredAccount, OfAnEarlierVersionKeepsItsWordsAndItsContent) {
    const std::string stored = R"({"broken":"filen är tom","ignored":[],"organisation_number":"",)"
                               R"("personal_data":null,"unused_keys":[]})";
    Submission back;
    read_account_json(stored, back);
    EXPECT_EQ(back.broken, Message::as_written("filen är tom"));
    EXPECT_EQ(account_json(back), stored);
}

}  // namespace
}  // namespace avtalskoll::app
