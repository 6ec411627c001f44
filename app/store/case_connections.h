// The parts that the sources of CaseStore share: its connections, and how a case's row is read. For
// them alone.
#pragma once
#include "app/store/case_store.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "app/store/originals.h"
#include "app/store/sqlite_file.h"

namespace avtalskoll::app {

// Statistics as they were counted last.
struct CountedStatistics {
    std::mutex mutex;  // held while they are counted; others wait for them
    std::shared_ptr<const Statistics> statistics;
    int days = 0;
    std::chrono::steady_clock::time_point at;
};

struct CaseStore::Connections {
    Connections(const std::filesystem::path& store, int connections)
        : pool(store, connections, kPatienceMs), originals(store.string() + ".files") {}

    static constexpr int kPatienceMs = 5000;  // a person waits

    SqlitePool pool;
    Originals originals;
    CountedStatistics counted;
};

// The columns of the table `cases` that case_from() reads; ?1 is oldest_claim().
extern const char* const kCaseColumns;
Case case_from(SQLite::Statement& row);

// Claims from before do not hold any more.
std::string oldest_claim();

// Changes with every report, decision and purge.
std::string revision_of(SqliteFile& file, std::int64_t submission);

}  // namespace avtalskoll::app
