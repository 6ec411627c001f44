#include "app/store/accounts.h"

#include <chrono>

#include "app/store/utc_time.h"
#include "models/error.h"
#include "tests/support/case_fixture.h"

namespace avtalskoll::app {
namespace {

const std::string kPassword = "korrekt häst batteri";

class AccountsTest : public CaseTest {
protected:
    const std::unique_ptr<Accounts> accounts_ = under_test_->open_accounts();
};

TEST_P(AccountsTest, ASessionIsForItsUserUntilItEnds) {
    accounts_->add_user("anna", Role::Officer, kPassword);
    EXPECT_FALSE(accounts_->log_in("anna", "fel lösenord här"));
    EXPECT_FALSE(accounts_->log_in("bo", kPassword));
    const std::string secret = accounts_->log_in("anna", kPassword).value();
    const Identity who = accounts_->session(secret).value();
    EXPECT_EQ(who.name, "anna");
    EXPECT_EQ(who.role, Role::Officer);
    EXPECT_EQ(who.csrf.size(), 64U);
    EXPECT_NE(accounts_->session(accounts_->log_in("anna", kPassword).value())->csrf, who.csrf);
    EXPECT_FALSE(accounts_->session(""));
    EXPECT_FALSE(accounts_->session(secret + "0"));
    accounts_->log_out(secret);
    EXPECT_FALSE(accounts_->session(secret));
}

TEST_P(AccountsTest, SessionsEndByIdlenessAndAge) {
    accounts_->add_user("anna", Role::Officer, kPassword);
    const std::string secret = accounts_->log_in("anna", kPassword).value();
    using std::chrono::minutes;
    under_test_->set_sessions(utc_now(), utc_ago(minutes(59)));
    EXPECT_TRUE(accounts_->session(secret));
    under_test_->set_sessions(utc_ago(std::chrono::hours(13)), utc_now());
    EXPECT_FALSE(accounts_->session(secret));
    under_test_->set_sessions(utc_now(), utc_ago(minutes(61)));
    EXPECT_FALSE(accounts_->session(secret));
}

TEST_P(AccountsTest, BlockingAndANewPasswordEndSessions) {
    accounts_->add_user("anna", Role::Officer, kPassword);
    std::string secret = accounts_->log_in("anna", kPassword).value();
    accounts_->set_blocked("anna", true);
    EXPECT_FALSE(accounts_->session(secret));
    EXPECT_FALSE(accounts_->log_in("anna", kPassword));
    accounts_->set_blocked("anna", false);
    secret = accounts_->log_in("anna", kPassword).value();
    accounts_->set_password("anna", "ett helt annat lösenord");
    EXPECT_FALSE(accounts_->session(secret));
    EXPECT_FALSE(accounts_->log_in("anna", kPassword));
    EXPECT_TRUE(accounts_->log_in("anna", "ett helt annat lösenord"));
}

TEST_P(AccountsTest, TheBlockedAreKnownInWhateverCase) {
    accounts_->add_user("åsa.ek", Role::Officer, kPassword);
    EXPECT_FALSE(accounts_->is_blocked("åsa.ek"));
    accounts_->set_blocked("åsa.ek", true);
    for (const char* name : {"åsa.ek", "ÅSA.EK", "Åsa Ek"})
        EXPECT_TRUE(accounts_->is_blocked(name)) << name;
    for (const char* name : {"asa.ek", "åsa", "", "bo"})
        EXPECT_FALSE(accounts_->is_blocked(name)) << name;
    accounts_->set_blocked("åsa.ek", false);
    EXPECT_FALSE(accounts_->is_blocked("Åsa Ek"));
}

TEST_P(AccountsTest, NothingSecretIsInTheFile) {
    accounts_->add_user("anna", Role::Officer, kPassword);
    const std::string session = accounts_->log_in("anna", kPassword).value(),
                      token = accounts_->add_token("system", Role::Reader);
    const std::string bytes = under_test_->raw_bytes();
    for (const std::string& secret : {kPassword, session, token})
        EXPECT_EQ(bytes.find(secret), std::string::npos);
    EXPECT_NE(bytes.find("$argon2id$"), std::string::npos);
}

TEST_P(AccountsTest, TokensOpenUntilTheyAreRemoved) {
    const std::string token = accounts_->add_token("system", Role::Reader);
    EXPECT_EQ(accounts_->token(token)->name, "token system");
    EXPECT_FALSE(accounts_->token("system"));
    EXPECT_THROW(accounts_->add_token("system", Role::Reader), Error);
    accounts_->remove_token("system");
    EXPECT_FALSE(accounts_->token(token));
    EXPECT_THROW(accounts_->remove_token("system"), Error);
    EXPECT_EQ(accounts_->tokens().size(), 1U);
}

TEST_P(AccountsTest, RefusesNamesAndPasswordsThatWillNotDo) {
    for (const char* name : {"", "a/b", ".a", "a\nb", "token a"})
        EXPECT_THROW(accounts_->add_user(name, Role::Officer, kPassword), Error) << name;
    for (const std::string& password :
         {std::string("kort"), std::string("ååååååååååå"), std::string(129, 'a')})
        EXPECT_THROW(accounts_->add_user("anna", Role::Officer, password), Error);
    accounts_->add_user("anna", Role::Officer, "åååååååååååå");
    EXPECT_THROW(accounts_->add_user("anna", Role::Admin, kPassword), Error);
    EXPECT_THROW(accounts_->set_password("bo", kPassword), Error);
    EXPECT_THROW(accounts_->set_blocked("bo", true), Error);
    EXPECT_EQ(accounts_->users().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Of, AccountsTest, testing::ValuesIn(kStoreKinds), name_of_kind);

}  // namespace
}  // namespace avtalskoll::app
