#include "app/store/postgresql_database.h"

#include <fmt/format.h>

#include <pqxx/pqxx>

#include "app/store/postgresql_schema.h"
#include "app/store/utc_time.h"
#include "models/error.h"

namespace avtalskoll::app {
namespace {

constexpr pqxx::oid kByteaOid = 17, kInt8Oid = 20, kInt4Oid = 23;  // pg_type.dat

// Any number, as long as every version of this program takes the same.
constexpr std::int64_t kWritersLock = 0x41767461;

constexpr std::chrono::seconds kClockHolds{60};

// A dead server is noticed within these limits, unless the URL sets its own.
std::string with_limits(const std::string& url) {
    std::string full = url;
    for (const auto& [name, value] :
         {std::pair("connect_timeout", "10"), std::pair("tcp_user_timeout", "20000"),
          std::pair("application_name", "avtalskoll")})
        if (full.find(std::string(name) + "=") == std::string::npos)
            full += fmt::format("{}{}={}", full.find('?') == std::string::npos ? '?' : '&', name,
                                value);
    return full;
}

// Of a message on a statement: later lines may hold values of a row.
std::string first_line(const std::string& message) { return message.substr(0, message.find('\n')); }

// Of a message on a connection, which has tried several addresses.
std::string last_line(std::string message) {
    while (message.ends_with('\n')) message.pop_back();
    return message.substr(message.rfind('\n') + 1);
}

SqlValue value_of(const pqxx::field& field) {
    if (field.is_null()) return {};
    if (field.type() == kByteaOid) return SqlBytes{pqxx::binarystring(field).str()};
    if (field.type() == kInt8Oid || field.type() == kInt4Oid) return field.as<std::int64_t>();
    return std::string(field.c_str(), field.size());
}

// Runs inside a handler: true when the server closed the connection, or goes down.
bool connection_is_gone() {
    try {
        throw;
    } catch (const pqxx::broken_connection&) {
        return true;
    } catch (const pqxx::sql_error& e) {
        return e.sqlstate().starts_with("57P");
    } catch (...) {
        return false;
    }
}

}  // namespace

struct PostgresqlDatabase::Connection {
    pqxx::connection server;
    std::unique_ptr<pqxx::dbtransaction> transaction;

    explicit Connection(const std::string& url) : server(url) {}

    pqxx::result run(pqxx::transaction_base& in, const std::string& sql,
                     const std::vector<SqlValue>& values) const {
        std::vector<std::string> texts;
        texts.reserve(values.size());  // pointers lead into it
        std::vector<const char*> parameters;
        for (const SqlValue& value : values) {
            if (std::holds_alternative<std::monostate>(value)) {
                parameters.push_back(nullptr);
                continue;
            }
            if (const auto* bytes = std::get_if<SqlBytes>(&value))
                texts.push_back(in.esc_raw(bytes->bytes));
            else texts.push_back(SqlRow({value}).text(0));
            parameters.push_back(texts.back().c_str());
        }
        return in.exec_params(
            sql, pqxx::prepare::make_dynamic_params(parameters.begin(), parameters.end()));
    }
};

PostgresqlDatabase::PostgresqlDatabase(const StorePlace& place, bool create, int patience_ms)
    : url_(place.database), name_(place.shown()), patience_ms_(patience_ms) {
    translated([&] { connect(); });
    migrate(create);
}

PostgresqlDatabase::~PostgresqlDatabase() = default;

void PostgresqlDatabase::connect() {
    connection_ = std::make_unique<Connection>(with_limits(url_));
    for (const auto& [name, value] : {std::pair("lock_timeout", std::to_string(patience_ms_)),
                                      std::pair("synchronous_commit", std::string("on")),
                                      std::pair("client_min_messages", std::string("error")),
                                      std::pair("client_encoding", std::string("'UTF8'"))})
        connection_->server.set_variable(name, value);
    clock_.is_set = false;
}

template <class Work>
auto PostgresqlDatabase::translated(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (...) {
        refuse();
    }
}

SqlRows PostgresqlDatabase::query(const std::string& sql, const std::vector<SqlValue>& values) {
    const auto answer = [&] {
        if (connection_ && connection_->transaction)
            return connection_->run(*connection_->transaction, sql, values);
        if (!connection_) connect();
        pqxx::nontransaction alone(connection_->server);
        return connection_->run(alone, sql, values);
    };
    const bool may_repeat = !connection_ || !connection_->transaction;
    return translated([&] {
        pqxx::result found;
        try {  // a statement alone reads, so that it may be run again
            found = answer();
        } catch (...) {
            if (!may_repeat || !connection_is_gone()) throw;
            connection_.reset();
            found = answer();
        }
        SqlRows rows;
        for (const auto& row : found) {
            std::vector<SqlValue> values_of_row;
            for (const auto& field : row) values_of_row.push_back(value_of(field));
            rows.emplace_back(std::move(values_of_row));
        }
        return rows;
    });
}

std::int64_t PostgresqlDatabase::execute(const std::string& sql,
                                         const std::vector<SqlValue>& values) {
    if (!connection_ || !connection_->transaction) {
        SqlTransaction alone(*this, SqlScope::OneSubmission);
        const std::int64_t changed = execute(sql, values);
        alone.commit();
        return changed;
    }
    return translated([&] {
        return static_cast<std::int64_t>(
            connection_->run(*connection_->transaction, sql, values).affected_rows());
    });
}

void PostgresqlDatabase::begin(SqlScope scope) {
    const auto start = [&] {
        if (!connection_) connect();
        pqxx::connection& server = connection_->server;
        if (scope == SqlScope::Reading) {
            connection_->transaction = std::make_unique<
                pqxx::transaction<pqxx::isolation_level::repeatable_read, pqxx::read_only>>(server);
            connection_->transaction->exec("SELECT 1");
        } else {
            connection_->transaction = std::make_unique<pqxx::work>(server);
            connection_->transaction->exec(
                fmt::format("SELECT pg_advisory_xact_lock{}({})",
                            scope == SqlScope::Everything ? "" : "_shared", kWritersLock));
        }
    };
    translated([&] {
        try {
            start();
        } catch (...) {
            roll_back();  // a transaction that began badly is none
            if (!connection_is_gone()) throw;
            connection_.reset();
            start();
        }
    });
}

void PostgresqlDatabase::commit() {
    translated([&] {
        const auto ending = std::move(connection_->transaction);  // ended, whatever happens
        ending->commit();
    });
}

void PostgresqlDatabase::roll_back() noexcept {
    if (connection_) connection_->transaction.reset();
}

void PostgresqlDatabase::lock_submission(std::int64_t key) {
    rows("SELECT 1 FROM submissions WHERE key = $1 FOR UPDATE", key);
}

std::string PostgresqlDatabase::ago(std::chrono::seconds past) {
    const auto here = std::chrono::steady_clock::now();
    if (!clock_.is_set || here - clock_.asked > kClockHolds) {
        clock_.seconds =
            row("SELECT floor(extract(epoch FROM clock_timestamp()))::BIGINT")->number(0);
        clock_.asked = here;
        clock_.is_set = true;
    }
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(here - clock_.asked);
    return iso_time(clock_.seconds + (since - past).count());
}

std::vector<std::string> PostgresqlDatabase::faults() {
    std::vector<std::string> found;
    for (const SqlRow& row : rows("SELECT conname FROM pg_constraint WHERE NOT convalidated"))
        found.push_back(fmt::format("constraint {} was never checked", row.text(0)));
    for (const SqlRow& row : rows("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"))
        found.push_back(fmt::format("index {} is not valid; rebuild it", row.text(0)));
    const auto damaged =
        row("SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = "
            "current_database()");
    if (damaged && damaged->number(0) > 0)
        found.push_back(fmt::format("the server counted {} damaged pages", damaged->number(0)));
    return found;
}

void PostgresqlDatabase::forget_deleted() {
    for (const char* table : {"submissions", "files", "reports", "cases", "decisions", "letters",
                              "earlier", "earlier_files"})
        rows(fmt::format("VACUUM {}", table));
}

std::vector<std::string> PostgresqlDatabase::columns_of(const std::string& table) {
    std::vector<std::string> columns;
    for (const SqlRow& row :
         rows("SELECT column_name::TEXT FROM information_schema.columns WHERE table_schema = "
              "current_schema() AND table_name = $1 ORDER BY ordinal_position",
              table))
        columns.push_back(row.text(0));
    return columns;
}

void PostgresqlDatabase::migrate(bool create) {
    SqlTransaction transaction(*this, SqlScope::Everything);
    const bool is_there = !row("SELECT to_regclass('store_schema')")->is_null(0);
    if (!is_there && !create)
        throw Error(ErrorKind::Io,
                    fmt::format("{}: there is no store in this database; 'check --store', 'watch', "
                                "'serve', 'submit' and 'user add' make one",
                                name_));
    if (!is_there) run("CREATE TABLE store_schema (step BIGINT NOT NULL)");
    const auto known = row("SELECT step FROM store_schema");
    const auto taken = static_cast<std::size_t>(known ? known->number(0) : 0);
    if (taken > kPostgresqlSteps.size())
        throw Error(
            ErrorKind::Io,
            fmt::format("{}: was made by a later version of this program; update it", name_));
    if (taken == kPostgresqlSteps.size()) return;
    translated([&] {
        for (std::size_t step = taken; step < kPostgresqlSteps.size(); ++step)
            connection_->transaction->exec(kPostgresqlSteps.at(step));
    });
    run("DELETE FROM store_schema");
    run("INSERT INTO store_schema (step) VALUES ($1)", kPostgresqlSteps.size());
    transaction.commit();
}

void PostgresqlDatabase::refuse() {
    const auto io = [&](const std::string& what) {
        return Error(ErrorKind::Io, fmt::format("{}: {}", name_, what));
    };
    try {
        throw;
    } catch (const pqxx::broken_connection& e) {
        connection_.reset();
        const std::string why = last_line(e.what());
        if (why.find("authentication") != std::string::npos ||
            why.find("no password supplied") != std::string::npos)
            throw io(
                fmt::format("the database server refuses the login ({}); the password comes "
                            "from PGPASSFILE or PGPASSWORD",
                            why));
        if (why.find("connection option") != std::string::npos)  // it may quote the password
            throw io(
                "this is no URL of a database; a password in it needs %40 for @ and %2F for /");
        throw io(fmt::format("the database server cannot be reached ({})", why));
    } catch (const pqxx::in_doubt_error&) {
        connection_.reset();
        throw io("the database server went away while it kept the last change; run the same again");
    } catch (const pqxx::sql_error& e) {
        const std::string& state = e.sqlstate();
        if (state == "53100")
            throw io(
                "no room on the database server's disk; make room and run the same again: nothing "
                "that was taken in is lost");
        if (state == "55P03")
            throw io(fmt::format(
                "another program has held the store for {} seconds; end it or try again later",
                patience_ms_ / 1000));
        if (state.starts_with("57P")) connection_.reset();       // the server goes down
        if (state.starts_with("22") || state.starts_with("54"))  // waiting would not help
            throw Error(
                ErrorKind::Internal,
                fmt::format("{}: the database refuses a value (SQLSTATE {})", name_, state));
        throw io(fmt::format("the store cannot be used: {}", first_line(e.what())));
    } catch (const pqxx::failure& e) {
        throw io(fmt::format("the store cannot be used: {}", last_line(e.what())));
    }
}

}  // namespace avtalskoll::app
