// PostgreSQL's own part of the store. Everything else is in store_test and case_store_test.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <pqxx/pqxx>
#include <regex>
#include <thread>
#include <vector>

#include "app/store/case_store.h"
#include "app/store/postgresql_schema.h"
#include "app/store/sql_database.h"
#include "app/store/store.h"
#include "app/store/stored_json.h"
#include "models/error.h"
#include "tests/support/postgresql_server.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app {
namespace {

class PostgresqlStoreTest : public testing::Test {
protected:
    PostgresqlStoreTest() {
        place_.database = PostgresqlServer::shared().new_database();
        place_.originals = (folder_.path() / "originals").string();
    }
    Submission submission() const {
        std::ofstream(folder_.path() / "a.pdf") << "content";
        Submission made;
        made.id = "a";
        made.files.push_back({"a.pdf", folder_.path() / "a.pdf"});
        return made;
    }
    void receive_and_decide() const {
        const auto store = open_store(place_, true);
        FinishedReport report;
        report.versions = {"1", "f", "r"};
        store->finish(store->receive(submission(), "").stored, report);
        const auto cases = open_case_store(place_, 1);
        Decision decision;
        decision.officer = "anna";
        decision.place = {"avtal", "1", "phone"};
        decision.new_value = "0701234567";
        ASSERT_EQ(cases->decide(cases->open("a").value(), decision, {}), Outcome::Done);
    }
    void run(const std::string& sql) const {
        pqxx::connection server(place_.database);
        pqxx::work change(server);
        change.exec(sql);
        change.commit();
    }
    std::string refusal(const StorePlace& place, bool create) const {
        try {
            open_store(place, create);
        } catch (const Error& e) {
            EXPECT_EQ(std::string(e.what()).find("hemligt"), std::string::npos) << e.what();
            EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
            return e.what();
        }
        return {};
    }

    const TemporaryFolder folder_;
    StorePlace place_;
};

TEST_F(PostgresqlStoreTest, DecisionsAndTheAuditLogAreAppendOnly) {
    receive_and_decide();
    for (const char* change :
         {"DELETE FROM decisions", "UPDATE decisions SET officer = 'nobody'", "TRUNCATE audit",
          "UPDATE decisions SET new_value = 'other'", "DELETE FROM audit",
          "UPDATE audit SET actor = 'nobody'", "UPDATE audit SET number = 7"})
        EXPECT_THROW(run(change), pqxx::sql_error) << change;
    EXPECT_EQ(open_case_store(place_, 1)->open("a")->decisions.at(0).new_value, "0701234567");
}

// The triggers hold when somebody gives the privileges back.
TEST_F(PostgresqlStoreTest, TheAuditLogIsKeptByTriggersToo) {
    receive_and_decide();
    run("GRANT ALL ON audit TO CURRENT_USER");
    for (const char* change :
         {"DELETE FROM audit", "UPDATE audit SET number = 7", "TRUNCATE audit"})
        EXPECT_THROW(run(change), pqxx::sql_error) << change;
}

TEST_F(PostgresqlStoreTest, RefusesWhatItCannotUseInOneLine) {
    EXPECT_NE(refusal(place_, false).find("there is no store"), std::string::npos);
    open_store(place_, true);
    EXPECT_EQ(refusal(place_, false), "");

    StorePlace wrong = place_;
    wrong.database.replace(wrong.database.find("hemligt"), 7, "fel");
    EXPECT_NE(refusal(wrong, true).find("refuses the login"), std::string::npos);
    wrong = place_;
    wrong.database += "_not_there";
    EXPECT_NE(refusal(wrong, true).find("does not exist"), std::string::npos);
    wrong.database = "postgresql://provning@127.0.0.1:1/avtalskoll";
    EXPECT_NE(refusal(wrong, true).find("cannot be reached"), std::string::npos);
    wrong.database = "postgresql://me:hemligt/hemligt@host/name";
    EXPECT_NE(refusal(wrong, true).find("no URL of a database"), std::string::npos);
    wrong = place_;
    wrong.originals.clear();
    EXPECT_NE(refusal(wrong, true).find("--originals"), std::string::npos);

    run("UPDATE store_schema SET step = 1000");
    EXPECT_NE(refusal(place_, false).find("later version"), std::string::npos);
}

TEST_F(PostgresqlStoreTest, EveryEarlierSchemaIsTakenToTheNewest) {
    for (std::size_t steps = 1; steps < kPostgresqlSteps.size(); ++steps) {
        place_.database = PostgresqlServer::shared().new_database();
        for (std::size_t step = 0; step < steps; ++step) run(kPostgresqlSteps.at(step));
        run("CREATE TABLE store_schema (step BIGINT NOT NULL)");
        run("INSERT INTO store_schema VALUES (" + std::to_string(steps) + ")");
        run("INSERT INTO submissions (id, content, account, received_at) VALUES ('old', 'c', '" +
            account_json(Submission()) + "', '2026-01-01T00:00:00Z')");
        const auto store = open_store(place_, false);
        EXPECT_EQ(store->find("old")->content, "c");
        EXPECT_EQ(store->receive(submission(), "").receipt, Receipt::New);
        EXPECT_EQ(store->faults(), std::vector<std::string>());
    }
}

TEST_F(PostgresqlStoreTest, AServerThatComesBackIsUsedAgain) {
    PostgresqlServer own;
    place_.database = own.new_database();
    const auto store = open_store(place_, true);
    const auto cases = open_case_store(place_, 2);
    ASSERT_EQ(store->receive(submission(), "").receipt, Receipt::New);
    own.kill();
    EXPECT_THROW(store->list(""), Error);
    own.start();
    EXPECT_EQ(store->list("").size(), 1U);
    EXPECT_EQ(cases->counts()[kReceived], 1);
    EXPECT_EQ(store->receive(submission(), "").receipt, Receipt::Known);
}

// Two writers of the same id and of the same content: one of each is taken in.
TEST_F(PostgresqlStoreTest, SendersAtTheSameTimeAreToldApart) {
    open_store(place_, true);
    std::vector<Receipt> receipts(8);
    std::vector<std::thread> senders;
    const Submission sent = submission();
    for (Receipt& receipt : receipts)
        senders.emplace_back(
            [&] { receipt = open_store(place_, false)->receive(sent, "").receipt; });
    for (std::thread& sender : senders) sender.join();
    EXPECT_EQ(std::count(receipts.begin(), receipts.end(), Receipt::New), 1);
    EXPECT_EQ(std::count(receipts.begin(), receipts.end(), Receipt::Known), 7);
}

TEST_F(PostgresqlStoreTest, OverTlsOnlyAServerWhoseCertificateHoldsIsUsed) {
    const auto with = [&](const std::string& host, const std::filesystem::path& authority) {
        StorePlace place = place_;
        place.database = std::regex_replace(place_.database, std::regex("127\\.0\\.0\\.1"), host) +
                         "?sslmode=verify-full&sslrootcert=" + authority.string();
        return place;
    };
    const auto& authority = PostgresqlServer::shared().authority();
    EXPECT_EQ(refusal(with("localhost", authority), true), "");
    EXPECT_NE(refusal(with("127.0.0.1", authority), true).find("certificate"), std::string::npos);
    EXPECT_NE(
        refusal(with("localhost", "/etc/ssl/certs/ca-certificates.crt"), true).find("certificate"),
        std::string::npos);
}

TEST(StorePlaceTest, NoPartOfAPasswordIsShown) {
    for (const char* password :
         {"hemligt", "hem/ligt", "hem@ligt", "hem:ligt", "hem?ligt", "a@b/c"})
        EXPECT_EQ(
            StorePlace(std::string("postgresql://me:") + password + "@host/name?sslmode=require")
                .shown(),
            "postgresql://me@host/name")
            << password;
}

}  // namespace
}  // namespace avtalskoll::app
