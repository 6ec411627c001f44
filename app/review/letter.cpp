#include "app/review/letter.h"

#include <fmt/args.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

namespace avtalskoll::app {
namespace {

template <class... Values>
std::string filled(const std::string& text, const Values&... values) {
    return fmt::format(fmt::runtime(text), values...);
}

std::string sentence_for(const ReviewedField& field, const pipeline::LetterTexts& texts) {
    const bool is_signature = field.kind == FieldKind::Signature;
    // A person who calls it missing means that it is not there, whatever the machine made of what
    // it saw.
    const bool decided_missing = field.decision && field.decision->action == Action::Missing &&
                                 field.found != FieldVerdict::Missing;
    const auto of_reason = texts.fields.find(decided_missing ? "empty" : field.reason);
    const auto& otherwise = texts.fields.at("otherwise");
    const auto& chosen = of_reason == texts.fields.end() ? otherwise : of_reason->second;
    return filled(is_signature ? chosen.signature : chosen.value, fmt::arg("label", field.label));
}

// True when the letter asks for it: the machine surely missed it, or a person called it missing.
bool is_lacking(const ReviewedField& field) {
    return field.required &&
           (field.verdict == FieldVerdict::Missing || field.verdict == FieldVerdict::Invalid);
}

std::string points_of(const ReviewedAgreement& agreement, const pipeline::LetterTexts& texts) {
    std::string all;
    for (const ReviewedPoint& point : agreement.points) {
        std::string lines;
        std::set<std::string> said;
        for (const ReviewedField& field : point.fields) {
            const std::string line = is_lacking(field) ? sentence_for(field, texts) : "";
            if (!line.empty() && said.insert(line).second) lines += fmt::format("  - {}\n", line);
        }
        if (!lines.empty())
            all += fmt::format("{}\n{}",
                               point.title.empty()
                                   ? point.point
                                   : filled(texts.point_heading, fmt::arg("point", point.point),
                                            fmt::arg("point_title", point.title)),
                               lines);
    }
    return all;
}

std::string title_of(const Review& review, const std::string& form,
                     const pipeline::LetterTexts& texts) {
    for (const ReviewedAgreement& agreement : review.agreements)
        if (agreement.form == form) return agreement.title;
    return texts.any_agreement;
}

bool is_lacking_whole(const ReviewedAgreement& agreement) {
    if (agreement.present || !agreement.counts()) return false;
    for (const ReviewedPoint& point : agreement.points)
        for (const ReviewedField& field : point.fields)
            if (is_lacking(field)) return true;
    return false;
}

std::string findings_of(const Review& review, const pipeline::LetterTexts& texts) {
    std::vector<std::string> lines;
    const auto say = [&](const std::string& code, const std::string& form,
                         const std::string& file) {
        const auto text = texts.findings.find(code);
        if (text == texts.findings.end()) return;
        const std::string line = filled(
            text->second, fmt::arg("title", title_of(review, form, texts)), fmt::arg("file", file));
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
    };
    for (const ReviewedFinding& finding : review.findings)
        if (!finding.in_order()) say(finding.place.code, finding.place.field.form, finding.file);
    // The person who accepted the finding may still have called its points missing.
    for (const ReviewedAgreement& agreement : review.agreements)
        if (is_lacking_whole(agreement)) say("agreement_missing", agreement.form, "");
    return lines.empty() ? "" : fmt::format("  - {}\n", fmt::join(lines, "\n  - "));
}

// The parts of a letter that differ, as texts with placeholders; `asked` is said as it is.
struct LetterParts {
    const std::string &subject, &opening, asked, &closing;
};

// Paragraphs, those that say nothing left out.
std::string in_frame(const LetterFrame& frame, const LetterParts& parts,
                     const pipeline::LetterTexts& texts) {
    const auto say = [&](const std::string& text) {
        return filled(text, fmt::arg("id", frame.number),
                      fmt::arg("organisation", frame.organisation),
                      fmt::arg("organisation_number", frame.organisation_number),
                      fmt::arg("contact", frame.to.name), fmt::arg("email", frame.to.email),
                      fmt::arg("officer", frame.officer), fmt::arg("authority", frame.authority),
                      fmt::arg("answer_by", frame.answer_by));
    };
    std::vector<std::string> paragraphs{say(parts.subject)};
    if (!frame.to.email.empty())
        paragraphs.push_back(say(frame.to.name.empty() ? texts.to_address : texts.to_person));
    if (!frame.organisation.empty() && !frame.organisation_number.empty())
        paragraphs.push_back(say(texts.about));
    paragraphs.push_back(say(frame.to.name.empty() ? texts.greeting : texts.greeting_person));
    paragraphs.push_back(say(parts.opening));
    paragraphs.push_back(parts.asked);
    paragraphs.push_back(say(parts.closing));
    if (!frame.answer_by.empty()) paragraphs.push_back(say(texts.deadline));
    std::string regards = say(texts.regards);
    for (const std::string* line : {&frame.officer, &frame.authority})
        if (!line->empty()) regards += "\n" + *line;
    paragraphs.push_back(regards);
    std::erase(paragraphs, "");
    return fmt::format("{}\n", fmt::join(paragraphs, "\n\n"));
}

}  // namespace

LetterFrame frame_of(const Case& line, const CasePerson& to) {
    return {.number = line.shown_number(),
            .organisation = line.organisation,
            .organisation_number = line.organisation_number,
            .to = to};
}

LetterDraft draft_letter(const LetterFrame& frame, const Review& review,
                         const pipeline::LetterTexts& texts) {
    const std::string findings = findings_of(review, texts);
    std::string asked = findings.empty() ? "" : findings + "\n";
    for (const ReviewedAgreement& agreement : review.agreements) {
        const bool is_asked_for = agreement.present && agreement.counts();
        const std::string points = is_asked_for ? points_of(agreement, texts) : "";
        if (!points.empty()) asked += fmt::format("{}\n{}\n", agreement.title, points);
    }
    const bool asks = !asked.empty();
    while (asked.ends_with('\n')) asked.pop_back();  // paragraphs are parted below
    return {in_frame(frame, {texts.subject, texts.opening, asked, texts.closing}, texts), asks};
}

std::string draft_reminder(const LetterFrame& frame, bool overdue,
                           const pipeline::LetterTexts& texts) {
    return in_frame(
        frame, {texts.reminder_subject, overdue ? texts.overdue : texts.reminder, "", ""}, texts);
}

std::string draft_copy_letter(const LetterFrame& frame, const pipeline::LetterTexts& texts) {
    return in_frame(frame, {texts.copy_subject, texts.copy, "", ""}, texts);
}

std::pair<std::string, std::string> subject_and_body(const std::string& letter) {
    const auto end = letter.find('\n');
    const auto body = letter.find_first_not_of('\n', end);
    return {letter.substr(0, end), body == std::string::npos ? "" : letter.substr(body)};
}

}  // namespace avtalskoll::app
