// The officers' work on one machine: CaseStore in SQLite, and how a case's row is read. Its methods
// lie in case_queue, case_decisions, case_events, case_statistics and sql_case_store.
#pragma once
#include "app/store/case_store.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "app/store/originals.h"
#include "app/store/sql_database.h"

namespace avtalskoll::app {

class SqlCaseStore final : public CaseStore {
public:
    SqlCaseStore(const StorePlace& store, int connections)
        : pool_([&] { return open_database(store, false, kPatienceMs); }, connections),
          originals_(store.originals_folder()) {}

    CasePage find(const CaseQuery& query) override;
    CaseCounts counts() override;
    std::optional<OpenCase> open(const std::string& id) override;
    std::optional<std::string> report_html(const OpenCase& open, std::int64_t report) override;
    std::string next_open(const std::string& id, const std::string& officer) override;
    Outcome claim(const OpenCase& open, const std::string& officer, bool take_over) override;
    void release_claim(const OpenCase& open, const std::string& officer) override;
    Outcome decide(const OpenCase& open, const Decision& decision,
                   const RequestLetter& letter) override;
    Outcome add_with_mail(const OpenCase& open, const CaseEventDetail& event,
                          const std::optional<Mail>& mail, const std::string& officer) override;
    Outcome add_copy(const OpenCase& open, const CopyCompared& copy,
                     const std::filesystem::path& file, const std::string& officer) override;
    std::filesystem::path copy_path(const CopyCompared& copy) const override {
        return originals_.path_of(copy.sha256);
    }
    std::string id_of(const std::string& id_or_number) override;
    std::shared_ptr<const Statistics> statistics(int days) override;
    void note(std::int64_t key, const std::string& who, const AuditEvent& event) override;
    std::vector<AuditLine> log(std::int64_t key, int most) override;

private:
    // What comes with an event.
    struct Beside {
        std::filesystem::path file = {};  // a copy to keep; empty: none
        std::optional<Mail> mail = {};
    };
    Outcome add_beside(const OpenCase& open, const CaseEventDetail& event,
                       const std::string& officer, const Beside& beside);

    static constexpr int kPatienceMs = 5000;  // a person waits

    // Statistics as they were counted last.
    struct Counted {
        std::mutex mutex;  // held while they are counted; others wait for them
        std::shared_ptr<const Statistics> statistics;
        int days = 0;
        std::chrono::steady_clock::time_point at;
    };

    SqlPool pool_;
    const Originals originals_;
    Counted counted_;
};

// The columns of the table `cases` that case_from() reads; parameter `oldest` is oldest_claim().
std::string case_columns(std::size_t oldest);
Case case_from(const SqlRow& row);

// Claims from before do not hold any more.
std::string oldest_claim(SqlDatabase& database);

// The claim that still holds; empty: none.
std::string claimant(SqlDatabase& database, std::int64_t submission);

// The events of a case, oldest first.
std::vector<CaseEvent> events_of(SqlDatabase& database, std::int64_t submission);

// Changes with every report, decision and purge.
std::string revision_of(SqlDatabase& database, std::int64_t submission);

}  // namespace avtalskoll::app
