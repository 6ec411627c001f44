#include "app/store/carried_decisions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "app/review/case.h"
#include "app/store/audit.h"
#include "app/store/stored_json.h"
#include "models/report.h"

namespace avtalskoll::app {
namespace {

// A page of an original; its file by SHA-256, which stays the same when files are added.
struct OriginalPage {
    std::string sha256;
    int page = 0;
    bool operator==(const OriginalPage&) const = default;
};

const FileReport* file_named(const Report& report, const std::string& name) {
    const auto at = std::find_if(report.files.begin(), report.files.end(),
                                 [&](const FileReport& file) { return file.name == name; });
    return at == report.files.end() || at->sha256.empty() ? nullptr : &*at;
}

// The page that a field was judged on; nullopt: none, or it is not known any more.
std::optional<OriginalPage> page_of(const Report& report, const FieldPlace& place) {
    std::optional<OriginalPage> page;
    for_each_field(report, [&](const auto& agreement, const auto& point, const FieldReport& field) {
        if (FieldPlace{agreement.form, point.point, field.field} != place || !field.evidence)
            return;
        if (const FileReport* file = file_named(report, field.evidence->file))
            page = {file->sha256, field.evidence->page};
    });
    return page;
}

std::vector<OriginalPage> pages_of(const Report& report, const std::string& form) {
    std::vector<OriginalPage> pages;
    for (const AgreementReport& agreement : report.agreements)
        for (const AgreementPage& page : agreement.pages)
            if (const FileReport* file = file_named(report, page.file);
                file && agreement.form == form)
                pages.push_back({file->sha256, page.page});
    return pages;
}

bool is_page_unchanged(const Report& before, const Report& now, const FieldPlace& place) {
    const auto page = page_of(before, place);
    return page && page == page_of(now, place);
}

// The number that a file of `before` has in `now`; 0: it is not there.
int number_now(const Report& before, const Report& now, int number) {
    if (number < 1 || number > static_cast<int>(before.files.size())) return 0;
    const std::string& sha = before.files[static_cast<std::size_t>(number) - 1].sha256;
    const auto at = std::find_if(now.files.begin(), now.files.end(),
                                 [&](const FileReport& file) { return file.sha256 == sha; });
    return sha.empty() || at == now.files.end() ? 0 : static_cast<int>(at - now.files.begin()) + 1;
}

// The finding as the report of now has it; nullopt: the decision does not go on to hold.
std::optional<FindingPlace> finding_now(const Report& before, const Report& now,
                                        FindingPlace place) {
    if (!place.field.field.empty())
        return is_page_unchanged(before, now, place.field) ? std::optional(place) : std::nullopt;
    place.file = number_now(before, now, place.file);
    return place.file > 0 ? std::optional(place) : std::nullopt;
}

class Carrying {
public:
    Carrying(SqlDatabase& database, std::int64_t submission, std::int64_t report)
        : database_(database), submission_(submission), report_(report) {}

    int run() {
        const auto earlier = completed_content();
        const Report* now = earlier ? report(report_) : nullptr;
        if (!now) return 0;
        int carried = 0;
        for (const SqlRow& row : database_.rows(
                 "SELECT key, report, action, form, point, field, finding FROM decisions d WHERE "
                 "submission = $1 AND content = $2 AND at >= $3 AND action IN ('accept', "
                 "'correct', 'missing', 'set_aside', 'no_personal_data') AND NOT EXISTS (SELECT 1 "
                 "FROM decisions u WHERE u.undoes = d.key) ORDER BY key",
                 submission_, earlier->content, earlier->received_at))
            carried += carry(row, *now) ? 1 : 0;
        return carried;
    }

private:
    struct Completed {
        std::string content, received_at;
    };

    // The content that officers last decided on, when all that came since completed it. nullopt:
    // there is none, it was purged, or its decisions were carried before.
    std::optional<Completed> completed_content() {
        const auto now = database_.row(
            "SELECT s.receipt FROM submissions s JOIN reports r ON r.submission = s.key AND "
            "r.content = s.content WHERE s.key = $1 AND r.key = $2 AND NOT EXISTS (SELECT 1 FROM "
            "decisions d WHERE d.submission = s.key AND d.content = s.content AND d.at >= "
            "s.received_at)",
            submission_, report_);
        std::string receipt = now ? now->text(0) : "";
        for (const SqlRow& row : database_.rows(
                 "SELECT content, received_at, receipt, purged_at IS NOT NULL, EXISTS (SELECT 1 "
                 "FROM decisions d WHERE d.submission = e.submission AND d.content = e.content AND "
                 "d.at >= e.received_at AND d.at <= e.replaced_at) FROM earlier e WHERE submission "
                 "= $1 ORDER BY key DESC",
                 submission_)) {
            if (receipt != to_string(AuditAction::AddedTo) || row.truth(3)) return std::nullopt;
            if (row.truth(4)) return Completed{row.text(0), row.text(1)};
            receipt = row.text(2);  // nobody decided on it
        }
        return std::nullopt;
    }

    // nullptr: it is damaged.
    const Report* report(std::int64_t key) {
        const auto at = reports_.find(key);
        if (at != reports_.end()) return at->second ? &*at->second : nullptr;
        const auto row = database_.row("SELECT json FROM reports WHERE key = $1", key);
        auto written = row ? parsed_report(row->text(0)) : std::nullopt;
        auto& kept = reports_[key];
        if (written) kept = std::move(written->report);
        return kept ? &*kept : nullptr;
    }

    bool carry(const SqlRow& row, const Report& now) {
        const Report* before = report(row.number(1));
        if (!before) return false;
        const FieldPlace place{row.text(3), row.text(4), row.text(5)};
        std::string finding = row.text(6);
        if (!finding.empty()) {
            const auto moved = finding_now(*before, now, finding_place_from(finding));
            if (!moved) return false;
            finding = to_string(*moved);
        } else if (!place.field.empty()) {
            if (!is_page_unchanged(*before, now, place)) return false;
        } else if (place.form.empty()) {
            if (before->personal_data != now.personal_data)
                return false;  // the sender says otherwise
        } else if (pages_of(*before, place.form) != pages_of(now, place.form)) {
            return false;
        }
        database_.run(
            "INSERT INTO decisions (submission, content, report, at, officer, action, form, point, "
            "field, finding, old_verdict, new_verdict, found_verdict, old_value, new_value, "
            "found_value, carried) SELECT d.submission, s.content, CAST($1 AS BIGINT), $2, "
            "d.officer, d.action, d.form, d.point, d.field, $3, d.old_verdict, d.new_verdict, "
            "d.found_verdict, d.old_value, d.new_value, d.found_value, d.key FROM decisions d JOIN "
            "submissions s ON s.key = d.submission WHERE d.key = $4",
            report_, database_.now(), finding, row.number(0));
        return true;
    }

    SqlDatabase& database_;
    const std::int64_t submission_, report_;
    std::map<std::int64_t, std::optional<Report>> reports_;
};

}  // namespace

int carry_decisions(SqlDatabase& database, std::int64_t submission, std::int64_t report) {
    return Carrying(database, submission, report).run();
}

}  // namespace avtalskoll::app
