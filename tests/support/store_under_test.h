// The store that a test is run through, whatever kind it is of. Another kind is another class here
// and another name in kStoreKinds.
#pragma once
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <pqxx/pqxx>
#include <string>

#include "app/store/accounts.h"
#include "app/store/case_store.h"
#include "app/store/store.h"
#include "app/store/work_store.h"
#include "tests/support/postgresql_server.h"

namespace avtalskoll::app {

class StoreUnderTest {
public:
    virtual ~StoreUnderTest() = default;
    // Opens the store, or makes it. `queued`: what is taken in is noted for the queue.
    std::unique_ptr<Store> open(bool queued = false) const {
        StorePlace place = this->place();
        place.queued = queued;
        return open_store(place, true);
    }
    std::unique_ptr<CaseStore> open_cases() const { return open_case_store(place(), 2); }
    std::unique_ptr<Accounts> open_accounts() const {
        return avtalskoll::app::open_accounts(place(), 1);
    }
    std::unique_ptr<WorkStore> open_work() const { return open_work_store(place(), 2); }
    virtual StorePlace place() const = 0;

    // The changes that only time makes. Times are in ISO 8601, UTC. `id` empty: every submission.
    virtual void set_received(const std::string& at, const std::string& id) const = 0;
    virtual void set_earlier_received(const std::string& at) const = 0;
    virtual void set_claimed(const std::string& at) const = 0;
    virtual void set_sessions(const std::string& began, const std::string& seen) const = 0;
    virtual void set_leases(const std::string& until) const = 0;

    // All that lies on the disk, the originals aside.
    virtual std::string raw_bytes() const = 0;
};

class SqliteUnderTest final : public StoreUnderTest {
public:
    explicit SqliteUnderTest(const std::filesystem::path& folder) : file_(folder / "store.db") {}

    StorePlace place() const override { return file_; }
    void set_received(const std::string& at, const std::string& id) const override {
        run("UPDATE submissions SET received_at = ?1 WHERE ?2 = '' OR id = ?2", at, id);
    }
    void set_earlier_received(const std::string& at) const override {
        run("UPDATE earlier SET received_at = ?1", at);
    }
    void set_claimed(const std::string& at) const override {
        run("UPDATE cases SET claimed_at = ?1", at);
    }
    void set_sessions(const std::string& began, const std::string& seen) const override {
        run("UPDATE sessions SET began_at = ?1, seen_at = ?2", began, seen);
    }
    void set_leases(const std::string& until) const override {
        run("UPDATE leases SET until = ?1", until);
    }
    std::string raw_bytes() const override {
        SQLite::Database(file_.string(), SQLite::OPEN_READWRITE)
            .exec("PRAGMA wal_checkpoint(TRUNCATE)");
        std::ifstream raw(file_, std::ios::binary);
        return {std::istreambuf_iterator<char>(raw), {}};
    }

private:
    template <class... Values>
    void run(const char* sql, const Values&... values) const {
        SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE);
        SQLite::Statement statement(database, sql);
        int place = 0;
        (statement.bind(++place, values), ...);
        statement.exec();
    }

    const std::filesystem::path file_;
};

// A database of its own on the server that all tests of this program share.
class PostgresqlUnderTest final : public StoreUnderTest {
public:
    explicit PostgresqlUnderTest(const std::filesystem::path& folder) {
        place_.database = PostgresqlServer::shared().new_database();
        place_.originals = (folder / "originals").string();
    }

    StorePlace place() const override { return place_; }
    void set_received(const std::string& at, const std::string& id) const override {
        run("UPDATE submissions SET received_at = $1 WHERE $2 = '' OR id = $2", at, id);
    }
    void set_earlier_received(const std::string& at) const override {
        run("UPDATE earlier SET received_at = $1", at);
    }
    void set_claimed(const std::string& at) const override {
        run("UPDATE cases SET claimed_at = $1", at);
    }
    void set_sessions(const std::string& began, const std::string& seen) const override {
        run("UPDATE sessions SET began_at = $1, seen_at = $2", began, seen);
    }
    void set_leases(const std::string& until) const override {
        run("UPDATE leases SET until = $1", until);
    }
    // What a client can still read: the server's own files are its operators' matter.
    std::string raw_bytes() const override {
        pqxx::connection server(place_.database);
        pqxx::nontransaction reading(server);
        std::string all;
        for (const auto& table : reading.exec(
                 "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"))
            for (const auto& row :
                 reading.exec("SELECT t.*::TEXT FROM " + table[0].as<std::string>() + " t"))
                all += row[0].as<std::string>() + "\n";
        return all;
    }

private:
    template <class... Values>
    void run(const char* sql, const Values&... values) const {
        pqxx::connection server(place_.database);
        pqxx::work change(server);
        change.exec_params(sql, values...);
        change.commit();
    }

    StorePlace place_;
};

using StoreKind = const char*;
inline constexpr StoreKind kStoreKinds[] = {"Sqlite", "Postgresql"};

inline std::unique_ptr<StoreUnderTest> store_under_test(StoreKind kind,
                                                        const std::filesystem::path& folder) {
    if (std::string(kind) == "Sqlite") return std::make_unique<SqliteUnderTest>(folder);
    if (std::string(kind) == "Postgresql") return std::make_unique<PostgresqlUnderTest>(folder);
    ADD_FAILURE() << "no store of the kind " << kind;
    return nullptr;
}

inline std::string name_of_kind(const testing::TestParamInfo<StoreKind>& info) {
    return info.param;
}

}  // namespace avtalskoll::app
