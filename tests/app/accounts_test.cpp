#include "app/store/accounts.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "models/error.h"
#include "tests/support/case_fixture.h"

namespace avtalskoll::app {
namespace {

const std::string kPassword = "korrekt häst batteri";

class AccountsTest : public CaseTest {
protected:
    void sql(const std::string& statement) const {
        SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec(statement);
    }
    Accounts accounts_{file(), 1};
};

TEST_F(AccountsTest, ASessionIsForItsUserUntilItEnds) {
    accounts_.add_user("anna", Role::Officer, kPassword);
    EXPECT_FALSE(accounts_.log_in("anna", "fel lösenord här"));
    EXPECT_FALSE(accounts_.log_in("bo", kPassword));
    const std::string secret = accounts_.log_in("anna", kPassword).value();
    const Identity who = accounts_.session(secret).value();
    EXPECT_EQ(who.name, "anna");
    EXPECT_EQ(who.role, Role::Officer);
    EXPECT_EQ(who.csrf.size(), 64U);
    EXPECT_NE(accounts_.session(accounts_.log_in("anna", kPassword).value())->csrf, who.csrf);
    EXPECT_FALSE(accounts_.session(""));
    EXPECT_FALSE(accounts_.session(secret + "0"));
    accounts_.log_out(secret);
    EXPECT_FALSE(accounts_.session(secret));
}

TEST_F(AccountsTest, SessionsEndByIdlenessAndAge) {
    accounts_.add_user("anna", Role::Officer, kPassword);
    const std::string secret = accounts_.log_in("anna", kPassword).value();
    sql("UPDATE sessions SET seen_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-59 minutes')");
    EXPECT_TRUE(accounts_.session(secret));
    sql("UPDATE sessions SET began_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-13 hours')");
    EXPECT_FALSE(accounts_.session(secret));
    sql("UPDATE sessions SET began_at = seen_at, seen_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', "
        "'-61 minutes')");
    EXPECT_FALSE(accounts_.session(secret));
}

TEST_F(AccountsTest, BlockingAndANewPasswordEndSessions) {
    accounts_.add_user("anna", Role::Officer, kPassword);
    std::string secret = accounts_.log_in("anna", kPassword).value();
    accounts_.set_blocked("anna", true);
    EXPECT_FALSE(accounts_.session(secret));
    EXPECT_FALSE(accounts_.log_in("anna", kPassword));
    accounts_.set_blocked("anna", false);
    secret = accounts_.log_in("anna", kPassword).value();
    accounts_.set_password("anna", "ett helt annat lösenord");
    EXPECT_FALSE(accounts_.session(secret));
    EXPECT_FALSE(accounts_.log_in("anna", kPassword));
    EXPECT_TRUE(accounts_.log_in("anna", "ett helt annat lösenord"));
}

TEST_F(AccountsTest, NothingSecretIsInTheFile) {
    accounts_.add_user("anna", Role::Officer, kPassword);
    const std::string session = accounts_.log_in("anna", kPassword).value(),
                      token = accounts_.add_token("system", Role::Reader);
    SQLite::Database database(file().string(), SQLite::OPEN_READWRITE);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    std::ifstream raw(file(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(raw), {});
    for (const std::string& secret : {kPassword, session, token})
        EXPECT_EQ(bytes.find(secret), std::string::npos);
    EXPECT_NE(bytes.find("$argon2id$"), std::string::npos);
}

TEST_F(AccountsTest, TokensOpenUntilTheyAreRemoved) {
    const std::string token = accounts_.add_token("system", Role::Reader);
    EXPECT_EQ(accounts_.token(token)->name, "token system");
    EXPECT_FALSE(accounts_.token("system"));
    EXPECT_THROW(accounts_.add_token("system", Role::Reader), Error);
    accounts_.remove_token("system");
    EXPECT_FALSE(accounts_.token(token));
    EXPECT_THROW(accounts_.remove_token("system"), Error);
    EXPECT_EQ(accounts_.tokens().size(), 1U);
}

TEST_F(AccountsTest, RefusesNamesAndPasswordsThatWillNotDo) {
    for (const char* name : {"", "a/b", ".a", "a\nb", "token a"})
        EXPECT_THROW(accounts_.add_user(name, Role::Officer, kPassword), Error) << name;
    for (const std::string& password :
         {std::string("kort"), std::string("ååååååååååå"), std::string(129, 'a')})
        EXPECT_THROW(accounts_.add_user("anna", Role::Officer, password), Error);
    accounts_.add_user("anna", Role::Officer, "åååååååååååå");
    EXPECT_THROW(accounts_.add_user("anna", Role::Admin, kPassword), Error);
    EXPECT_THROW(accounts_.set_password("bo", kPassword), Error);
    EXPECT_THROW(accounts_.set_blocked("bo", true), Error);
    EXPECT_EQ(accounts_.users().size(), 1U);
}

TEST(LoginLimiter, StopsGuessingFromOneAddressAndNoOther) {
    LoginLimiter limiter;
    for (int i = 0; i < LoginLimiter::kMostFailures; ++i)
        EXPECT_TRUE(limiter.begin("anna", "10.0.0.1"));
    EXPECT_FALSE(limiter.begin("anna", "10.0.0.1"));
    EXPECT_TRUE(limiter.begin("anna", "10.0.0.2"));
    EXPECT_TRUE(limiter.begin("bo", "10.0.0.1"));
    limiter.succeeded("anna", "10.0.0.1");
    EXPECT_TRUE(limiter.begin("anna", "10.0.0.1"));
    for (int i = 0; i < 10 * LoginLimiter::kMostFailures; ++i)
        limiter.begin("user " + std::to_string(i), "10.0.0.3");
    EXPECT_FALSE(limiter.begin("another", "10.0.0.3"));
}

TEST(LoginLimiter, BehindAWebServerOnlyNamesCount) {
    LoginLimiter limiter;
    for (int i = 0; i < 20 * LoginLimiter::kMostFailures; ++i)
        limiter.begin("user " + std::to_string(i), "127.0.0.1");
    EXPECT_TRUE(limiter.begin("anna", "127.0.0.1"));
}

}  // namespace
}  // namespace avtalskoll::app
