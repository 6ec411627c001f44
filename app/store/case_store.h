// The officers' work with submissions, kept in the store: the queue, claims, decisions, letters,
// statistics.
//
// Decisions are added, never changed; taking one back is a decision, too. Safe from many threads
// and beside other processes on one store. Everything throws Error{Io} when the store cannot be
// read or written within some seconds; nothing is half done then.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/mail/mail.h"
#include "app/review/case.h"
#include "app/store/audit.h"
#include "app/store/store_place.h"

namespace avtalskoll::app {

enum class CaseOrder { Oldest, Newest, Organisation, Id };

struct CaseQuery {
    std::string status = {}, verdict = {};  // empty: any
    bool open = false;  // only what waits for an officer: received or in review, with a verdict
    // Only what is to be completed by a day before this one, YYYY-MM-DD; empty: any.
    std::string due_before = {};
    std::string text = {};  // part of id, organisation or number, however written; empty: any
    CaseOrder order = CaseOrder::Oldest;
    int page = 0;  // from 0
    int per_page = 50;
};

struct CasePage {
    std::vector<Case> cases;
    std::int64_t total = 0;
    bool more = false;  // than `total`, which is kMostCounted then
};
inline constexpr std::int64_t kMostCounted = 10'000;

// By state; those without a case are absent.
using CaseCounts = std::map<std::string, std::int64_t>;

enum class Outcome {
    Done,
    Changed,      // somebody else decided, or a new report came, since `revision`
    Claimed,      // another officer works on it
    NumberTaken,  // another case has the number
};

// The letter of a request for completion.
struct RequestLetter {
    std::string text = {};
    std::string answer_by = {};     // YYYY-MM-DD; empty: no date
    std::string to = {};            // the address that it is written to; empty: not known
    std::optional<Mail> mail = {};  // to be sent with it
};

struct Duration {
    std::string received_at, decided_at;
};

struct DayCount {
    std::string day;  // YYYY-MM-DD
    std::int64_t submissions = 0, straight_through = 0;
};

struct FieldCorrections {
    FieldPlace place;
    std::int64_t accepted = 0, corrected = 0, missing = 0;
};

struct Statistics {
    std::vector<DayCount> days;  // without those on which nothing came
    // The fields that submissions lacked, and how many lacked them; the most frequent first. An
    // agreement that was absent goes by its form alone.
    std::vector<std::pair<FieldPlace, std::int64_t>> lacking;
    std::vector<FieldCorrections> corrections;
    std::vector<Duration> decided;
};

class CaseStore {
public:
    CaseStore() = default;
    CaseStore(const CaseStore&) = delete;
    CaseStore& operator=(const CaseStore&) = delete;
    virtual ~CaseStore() = default;

    virtual CasePage find(const CaseQuery& query) = 0;
    virtual CaseCounts counts() = 0;
    virtual std::optional<OpenCase> open(const std::string& id) = 0;

    // A report's page as it was made; nullopt: there is none of this submission with this key, or
    // it was purged.
    virtual std::optional<std::string> report_html(const OpenCase& open, std::int64_t report) = 0;

    // The next one that waits after `id` and that nobody else works on; empty: none.
    virtual std::string next_open(const std::string& id, const std::string& officer) = 0;

    // A claim lasts until it is released, or kClaimMinutes have passed without a decision.
    virtual Outcome claim(const OpenCase& open, const std::string& officer, bool take_over) = 0;
    virtual void release_claim(const OpenCase& open, const std::string& officer) = 0;

    // Adds a decision of `decision.officer`, who gets the claim with it, when nothing has changed
    // since `open` was read. The members key, at, report and engine are set here. `letter`: for
    // Request.
    virtual Outcome decide(const OpenCase& open, const Decision& decision,
                           const RequestLetter& letter) = 0;

    // Adds an event, and mail that goes with it. A move, and the comparison of a copy, only when
    // nothing has changed since `open` was read.
    virtual Outcome add_with_mail(const OpenCase& open, const CaseEventDetail& event,
                                  const std::optional<Mail>& mail, const std::string& officer) = 0;
    Outcome add(const OpenCase& open, const CaseEventDetail& event, const std::string& officer) {
        return add_with_mail(open, event, std::nullopt, officer);
    }

    // The comparison of a counter-signed copy, with the copy itself, which is kept.
    virtual Outcome add_copy(const OpenCase& open, const CopyCompared& copy,
                             const std::filesystem::path& file, const std::string& officer) = 0;
    // Where the copy is kept.
    virtual std::filesystem::path copy_path(const CopyCompared& copy) const = 0;

    // The id of the case with this id or this number of the authority's, however written; empty:
    // none.
    virtual std::string id_of(const std::string& id_or_number) = 0;

    // Covers submissions and decisions of the last days. Up to kStatisticsSeconds old, since
    // counting looks at every submission.
    virtual std::shared_ptr<const Statistics> statistics(int days) = 0;

    // Adds a line on a submission to the audit log.
    virtual void note(std::int64_t key, const std::string& who, const AuditEvent& event) = 0;
    // The newest lines of the audit log, of one submission or of all (`key` 0), newest first.
    virtual std::vector<AuditLine> log(std::int64_t key, int most) = 0;
};

inline constexpr int kClaimMinutes = 30, kStatisticsSeconds = 30;

// Of a store that is there. `connections`: how many threads are served at once.
std::unique_ptr<CaseStore> open_case_store(const StorePlace& store, int connections);

}  // namespace avtalskoll::app
