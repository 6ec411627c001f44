// SQLite's own part of the store. Everything else is in store_test and case_store_test.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "app/store/case_store.h"
#include "app/store/store.h"
#include "models/error.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

class SqliteStoreTest : public testing::Test {
protected:
    fs::path database() const { return folder_.path() / "store.db"; }
    SQLite::Database direct() const {
        return SQLite::Database(database().string(), SQLite::OPEN_READWRITE);
    }
    void receive_and_decide() const {
        std::ofstream(folder_.path() / "a.pdf") << "content";
        Submission submission;
        submission.id = "a";
        submission.files.push_back({"a.pdf", folder_.path() / "a.pdf"});
        const auto store = open_store(database(), true);
        FinishedReport report;
        report.versions = {"1", "f", "r"};
        store->finish(store->receive(submission, "").stored, report);
        const auto cases = open_case_store(database(), 1);
        Decision decision;
        decision.officer = "anna";
        decision.place = {"avtal", "1", "phone"};
        decision.new_value = "0701234567";
        ASSERT_EQ(cases->decide(cases->open("a").value(), decision, {}), Outcome::Done);
    }

    const TemporaryFolder folder_;
};

TEST_F(SqliteStoreTest, DecisionsAndTheAuditLogAreAppendOnly) {
    receive_and_decide();
    for (const char* change : {"DELETE FROM decisions", "UPDATE decisions SET officer = 'nobody'",
                               "UPDATE decisions SET new_value = 'other'", "DELETE FROM audit",
                               "UPDATE audit SET actor = 'nobody'", "UPDATE audit SET number = 7"})
        EXPECT_THROW(direct().exec(change), SQLite::Exception) << change;
    EXPECT_EQ(open_case_store(database(), 1)->open("a")->decisions.at(0).new_value, "0701234567");
}

TEST_F(SqliteStoreTest, IsForItsOwnerAlone) {
    receive_and_decide();
    struct stat facts {};
    for (const fs::path& path : {database(), fs::path(database().string() + ".files")}) {
        ASSERT_EQ(::stat(path.c_str(), &facts), 0);
        EXPECT_EQ(facts.st_mode & 0077U, 0U) << path;
    }
}

TEST_F(SqliteStoreTest, RefusesWhatItCannotUse) {
    const auto refused = [&](bool create) {
        try {
            open_store(database(), create);
        } catch (const Error& e) {
            EXPECT_NE(std::string(e.what()).find(database().string()), std::string::npos);
            return e.kind() == ErrorKind::Io;
        }
        return false;
    };
    EXPECT_TRUE(refused(false));
    std::ofstream(database()) << "this is no database, it is a text that is long enough to be "
                                 "looked at as one by whoever opens it";
    EXPECT_TRUE(refused(true));
    fs::remove(database());
    open_store(database(), true);
    direct().exec("PRAGMA user_version = 1000");
    EXPECT_TRUE(refused(false));
}

}  // namespace
}  // namespace avtalskoll::app
