// The result: verdicts for fields, findings, and the submission's verdict. Mirrors the JSON report.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/form.h"
#include "models/geometry.h"
#include "models/message.h"
#include "models/page_image.h"
#include "models/page_text.h"

namespace avtalskoll {

enum class FieldVerdict { Ok, Missing, Invalid, Unclear };
enum class Severity { Error, Review, Info };
enum class SubmissionVerdict { Complete, Incomplete, Review, Rejected };

// Names as the report has them, and back; nullopt when nothing has that name.
const char* to_string(FieldVerdict verdict);
const char* to_string(Severity severity);
const char* to_string(SubmissionVerdict verdict);
const char* to_string(SignatureValidity validity);
std::optional<FieldVerdict> parse_field_verdict(std::string_view name);
std::optional<Severity> parse_severity(std::string_view name);
std::optional<SubmissionVerdict> parse_submission_verdict(std::string_view name);
std::optional<SignatureValidity> parse_signature_validity(std::string_view name);

struct Finding {
    std::string code;  // stable, lower case with underscores
    Severity severity = Severity::Info;
    Message message;
    std::string form = {};
    std::string point = {};
    std::string field = {};
    std::string file = {};
    int page = 0;  // 0: none
};

struct Evidence {
    std::string file;
    int page = 0;
    BoxShare box;
};

struct FieldReport {
    std::string field;
    std::string label;
    FieldKind kind = FieldKind::Text;
    std::string name_field;  // organisation number only: the field of its owner's name
    bool required = true;
    FieldVerdict verdict = FieldVerdict::Unclear;
    std::optional<std::string> value;
    std::optional<std::string> normalized;
    double confidence = 0;                   // belief in the verdict
    std::optional<double> value_confidence;  // belief in the value's every character
    bool typed = false;                      // the value is the file's own text, not a reading
    std::vector<std::string> alternatives;   // other texts that were read, best supported first
    // The source that mended a value that no engine read so: "name", "organisation"; empty: as
    // read.
    std::string repaired_by;
    std::string reason;  // stable code, empty when ok
    Message message;     // empty when ok and not repaired
    std::optional<Evidence> evidence;
    std::vector<std::uint8_t> crop_png;
    int crop_width = 0;
    int crop_height = 0;
};

struct PointReport {
    std::string point;
    std::string title;
    std::vector<FieldReport> fields;
};

struct AgreementPage {
    int form_page = 0;
    std::string file;  // empty: not in the submission
    int page = 0;
    int rotation = 0;
    double confidence = 0;
    std::vector<PageOrigin> replaces = {};  // pages that came earlier and count no more
};

struct AgreementReport {
    std::string form;
    std::string title;
    std::optional<std::string> version;
    bool required = true;
    bool present = false;
    std::vector<AgreementPage> pages;
    std::vector<PointReport> points;
    bool alternative = false;  // one of several of which a submission must hold one

    // True when the submission's verdict depends on it.
    bool is_judged() const { return required || present; }
};

struct FileReport {
    std::string name;
    std::string sha256;  // empty: could not be read
    int pages = 0;
    std::vector<DigitalSignature> signatures = {};
    int attachments = 0;  // files inside it that were not read
};

// A page as the HTML report shows it.
struct PagePicture {
    std::string file;
    int page = 0;
    Message caption;
    std::vector<std::uint8_t> jpeg;
    int width = 0;
    int height = 0;
};

// The time that one page took, on one thread.
struct PageTime {
    std::string file;
    int page = 0;
    double draw_ms = 0;   // waiting for the drawing process
    double match_ms = 0;  // evening, matching, registration
    double read_ms = 0;   // crops, ink, text
};

struct StageTimes {
    double total_ms = 0;
    double open_ms = 0;     // starting the drawing process, opening the documents
    double strange_ms = 0;  // reading pages whole that match no form
    std::vector<PageTime> pages;
    PageTime sum() const;  // over the pages
};

// Who submitted: an organisation as its agreement names it; empty: not read.
struct Owner {
    std::string name, number;
};

struct Report {
    std::string id;
    std::optional<bool> personal_data;
    std::vector<FileReport> files;
    SubmissionVerdict verdict = SubmissionVerdict::Rejected;
    std::vector<AgreementReport> agreements;
    std::vector<Finding> findings;
    std::vector<PagePicture> pictures;
    std::optional<StageTimes> timing = StageTimes();  // nullopt: purged
};

// Every field of a report (or of a const one), with its point and its agreement:
// visit(AgreementReport&, PointReport&, FieldReport&).
template <class AnyReport, class Visit>
void for_each_field(AnyReport& report, const Visit& visit) requires requires {
    report.agreements;
}
{
    for (auto& agreement : report.agreements)
        for (auto& point : agreement.points)
            for (auto& field : point.fields) visit(agreement, point, field);
}

// The first organisation number that was read, and the name beside it.
Owner owner_of(const Report& report);

}  // namespace avtalskoll
