#include "rules/field_rule.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <regex>

#include "models/text.h"
#include "rules/kinds/kind_rules.h"
#include "rules/messages.h"
#include "rules/signature_rule.h"
#include "rules/text_vote.h"
#include "rules/tick_rule.h"

namespace avtalskoll::rules {
namespace {

// Belief from which a value is not read at all but left to a person.
constexpr double kByHand = 0.8;
// The engines are trained on type: what they agree on so surely is no handwriting.
constexpr double kReadsAsType = 0.98;
constexpr double kSure = 0.95;  // a strict value below this is not taken as read

// True when a valid value is one that the form's own bounds allow.
bool is_within(const ValueBounds& bounds, const ValueCheck& value) {
    constexpr std::size_t kMostMatched = 200;  // std::regex recurses
    if (!bounds.pattern.empty() &&
        (value.value.size() > kMostMatched ||
         !std::regex_match(folded_space(value.value), std::regex(bounds.pattern))))
        return false;
    if (!value.normalized || (!bounds.least && !bounds.most)) return true;
    const double number = std::strtod(value.normalized->c_str(), nullptr);
    return number >= bounds.least.value_or(number) && number <= bounds.most.value_or(number);
}

ValueCheck check_value(const Field& field, const std::string& text, const RuleWords& words) {
    constexpr std::size_t kLongest = 1'000;  // bytes; a file may say megabytes, and nobody writes
                                             // three times the longest address
    if (text.size() > kLongest) return {false, true, false, text, std::nullopt, "unusual_form"};
    const CheckValue check = rule_of(field.kind).check;
    ValueCheck c = check ? check(text, words) : right_value(text, std::nullopt);
    if (!c.valid && !c.doubtful && refers_elsewhere(text, words))
        c.doubtful = true, c.reason = "refers_to_annex";
    if (c.valid && !is_within(field.bounds, c)) {
        c.valid = false;
        c.doubtful = c.insisted = true;
        c.reason = "out_of_bounds";
    }
    return c;
}

// Signs that nobody writes in such a value are signs of misreading: then nothing is called wrong.
bool is_plainly_written(FieldKind kind, const std::string& text) {
    // With an @ but no dot after it, the dot is sooner lost in the scan than forgotten by the
    // writer.
    if (kind == FieldKind::Email && text.find('@') != std::string::npos &&
        text.find('.', text.find('@')) == std::string::npos)
        return false;
    if (kind == FieldKind::Email)
        return count_letters(text).letters > 0 &&
               text.find_first_of(" |{}[]<>\"$%&*#!") == std::string::npos;
    if (text.find_first_not_of("0123456789+-/(). ") != std::string::npos) return false;
    // A digit too few or too many is sooner lost or found in the scan than on the paper.
    const auto digits =
        std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    const auto& misread = rule_of(kind).misread_digits;
    return digits == 0 ||
           std::find(std::begin(misread), std::end(misread), digits) == std::end(misread);
}

void judge_strict(FieldReport& report, const Field& field, const VotedText& read,
                  const RuleWords& words, const Caution& caution) {
    const double sure = caution.least(kSure);
    const auto is_valid = [&](const std::string& text) {
        return check_value(field, text, words).valid;
    };
    const ValueCheck best = check_value(field, read.text, words);
    report.value = best.value;
    report.normalized = best.normalized;
    const bool other_valid = std::any_of(read.others.begin(), read.others.end(), is_valid);
    double confidence = read.confidence;
    // One misread number in ten passes the check digit; with the likeliest confusions, somewhat
    // more.
    if (rule_of(field.kind).has_check_digit && best.valid && !other_valid)
        confidence = 1 - 0.15 * (1 - confidence);
    report.value_confidence = confidence;
    if (best.valid && confidence >= sure) return decide(report, FieldVerdict::Ok, confidence, "");
    if (best.doubtful && (read.confidence >= sure || best.insisted))
        return decide(report, FieldVerdict::Unclear, 0.6, best.reason);
    // Called wrong only when nobody read it as right.
    if (!best.valid && !other_valid && !best.doubtful && read.models_agree &&
        read.confidence >= sure && (report.typed || is_plainly_written(field.kind, read.text)))
        return decide(report, FieldVerdict::Invalid, read.confidence, best.reason);
    decide(report, FieldVerdict::Unclear, 1 - confidence / 2, "low_confidence");
}

// True when most of the writing in the place was surely read. A stamp's letters, a lost line, and
// writing that the engines turned into words show in three ways: words that no two models read,
// engines that are unsure, and more ink than the letters account for.
bool is_mostly_read(const VotedText& read, const InkMeasure& ink) {
    constexpr double kMost = 0.7;  // of the letters
    // One of 1,189 texts that were rightly read had 0.49, the others more than 0.6.
    constexpr double kEngine = 0.45;
    constexpr double kInkOfALetter_mm2 = 5.5;  // bold capitals have up to 3.9
    const LetterCount count = count_letters(read.text);
    return read.surely_read >= kMost && read.engine >= kEngine &&
           ink.area_mm2 <= kInkOfALetter_mm2 * (count.letters + count.digits + count.others);
}

void judge_text(FieldReport& report, const Field& field, const VotedText& read,
                const InkMeasure& ink, const RuleWords& words) {
    const LetterCount count = count_letters(read.text);
    report.value = read.text.empty() ? std::nullopt : std::optional(read.text);
    report.value_confidence = read.confidence;
    // A pattern says what may be written, and short texts may.
    if (count.letters < 2 && field.bounds.pattern.empty())
        return decide(report, FieldVerdict::Unclear, 0.6, "too_short");
    if (refers_elsewhere(read.text, words))
        return decide(report, FieldVerdict::Unclear, 0.9, "refers_to_annex");
    if (read.text.find(kUnknownSign) != std::string::npos)
        return decide(report, FieldVerdict::Unclear, 0.6, "low_confidence");
    // Signs that are no letters make a scribble; digits do not where an address or a share of full
    // time may stand.
    const bool digits_too = rule_of(field.kind).digits_too;
    const int all = count.letters + count.others + (digits_too ? 0 : count.digits);
    const bool text_like = 3 * count.letters >= 2 * all;
    const bool is_read = report.typed || is_mostly_read(read, ink);
    if (!text_like || !is_read)
        return decide(report, FieldVerdict::Unclear, 0.6, is_read ? "low_confidence" : "not_read");
    const ValueCheck check = check_value(field, read.text, words);
    report.normalized = check.normalized;
    if (!check.valid) return decide(report, FieldVerdict::Unclear, 0.8, check.reason);
    decide(report, FieldVerdict::Ok, 0.9 + 0.09 * read.confidence, "");
}

bool has_word(const std::string& text) {
    const LetterCount count = count_letters(text);
    return count.letters + count.digits > 0;
}

// The text of a field that a file gives, compared with its ink; that of the ink alone where the
// file gives none.
struct TypedEvidence {
    VotedText text;
    bool from_file = false;
    bool in_doubt = false;  // the file says something else than it shows
};

std::string letters_and_digits(const std::string& text) {
    std::string kept = bare_words(text);
    std::erase(kept, ' ');
    return kept;
}

bool reads_alike(const std::string& file, const std::string& ink, FieldKind kind) {
    // The ink of a typed text is read nearly always; another text has few of its letters.
    constexpr double kSameText = 0.75;
    const std::string a = letters_and_digits(file), b = letters_and_digits(ink);
    return is_strict(kind) ? a == b : similarity(a, b) >= kSameText;
}

TypedEvidence weigh_typed(const FieldReading& reading, FieldKind kind) {
    if (!reading.typed) return {vote(reading.votes, kind), false, false};
    const VotedText file = as_typed(reading.votes.front().text);
    const std::vector<TextVote> ink(reading.votes.begin() + 1, reading.votes.end());
    const auto agrees = [&](const TextVote& v) { return reads_alike(file.text, v.text, kind); };
    if (ink.empty() || std::any_of(ink.begin(), ink.end(), agrees)) return {file, true, false};
    const VotedText seen = vote(ink, kind);
    // Words may be wrong (a typeface that tells other letters than it shows, words under a cover):
    // the ink is what people see. A field's value that its own appearance contradicts is for a
    // person.
    const bool surely_seen = seen.models_agree && seen.confidence >= kSure;
    if (!reading.typed_in_field && surely_seen) return {seen, false, false};
    return {file, true, true};
}

// True when the text is the blank's own, which asks for one.
bool is_prompt(const std::string& text, const Field& field) {
    constexpr double kAlike = 0.8;
    return !field.prompt.empty() &&
           similarity(bare_words(text), bare_words(field.prompt)) >= kAlike;
}

void judge_written(FieldReport& report, const Field& field, const FieldReading& reading,
                   const RuleWords& words, const Caution& caution) {
    const InkMeasure& ink = reading.ink;
    constexpr double kSureOfInk = 0.75;
    // A short word of the file's own has little ink, and yet it is one.
    const bool typed_word =
        reading.typed && ink.fill != Fill::Empty && has_word(reading.votes.front().text);
    if (!typed_word && (ink.fill == Fill::Empty || ink.fill == Fill::Dirt)) {
        if (ink.confidence >= caution.least(kSureOfInk))
            return decide(report, FieldVerdict::Missing, ink.confidence,
                          ink.hint ? "hint_only" : "empty");
        return decide(report, FieldVerdict::Unclear, 0.6, "low_confidence");
    }
    const TypedEvidence typed = weigh_typed(reading, field.kind);
    const VotedText& read = typed.text;
    if (is_prompt(read.text, field))
        return decide(report, FieldVerdict::Missing, read.confidence, "hint_only");
    report.typed = typed.from_file;
    if (typed.in_doubt) {
        report.value = read.text;
        report.value_confidence = 0.5;
        return decide(report, FieldVerdict::Unclear, 0.8, "file_differs");
    }
    report.alternatives = read.others;
    if (is_strict(field.kind)) judge_strict(report, field, read, words, caution);
    else judge_text(report, field, read, ink, words);
    if (reading.by_hand >= caution.most(kByHand) && read.confidence < kReadsAsType)
        decide(report, FieldVerdict::Unclear, reading.by_hand, "handwritten");
    // A line through the letters spoils their reading. Of 39 values with a suspected line that was
    // real, two models read none alike; of 85 values that bold or blurred letters made suspect,
    // they read most alike. A line beside the letters spoils nothing.
    constexpr double kSureOfLine = 0.8;
    const bool read_well = read.models_agree || read.alone;
    if (ink.fill == Fill::CrossedOut && (ink.confidence > kSureOfLine || !read_well))
        decide(report, FieldVerdict::Unclear, ink.confidence, "crossed_out");
}

FieldReport blank_report(const Field& field) {
    FieldReport report;
    report.field = field.id;
    report.label = field.label;
    report.kind = field.kind;
    report.name_field = field.name_field;
    report.required = field.required;
    return report;
}

}  // namespace

void decide(FieldReport& report, FieldVerdict verdict, double confidence,
            const std::string& reason) {
    report.verdict = verdict;
    report.confidence = confidence;
    report.reason = reason;
    report.message = message_for(reason, report.label);
}

FieldReport judge_field(const Field& field, const FieldReading& reading, const RuleWords& words,
                        const Caution& caution) {
    FieldReport report = blank_report(field);
    if (!reading.place_trusted) {
        decide(report, FieldVerdict::Unclear, 0.7, "misplaced_page");
    } else if (is_signature(field.kind)) {
        const SignatureVerdict judged = judge_signature(reading, caution);
        decide(report, judged.verdict, judged.confidence, judged.reason);
    } else if (is_ticked(field.kind)) {
        judge_ticks(report, field, reading, caution);
    } else {
        judge_written(report, field, reading, words, caution);
    }
    return report;
}

// Bounds are not asked of a person: who writes a value beyond them knows better, as who insists on
// a series that is not in use.
WrittenValue check_written(FieldKind kind, const std::string& text, const RuleWords& words) {
    const std::string folded = folded_space(text);
    if (!has_value(kind) || folded.empty()) return {false, folded, "empty"};
    const Field unbound{
        .id = {}, .label = {}, .kind = kind, .place = {}, .keep_empty = {}, .name_field = {}};
    const ValueCheck check = check_value(unbound, folded, words);
    if (is_strict(kind)) {
        const bool valid = check.valid || check.insisted;
        return {valid, check.value, valid ? "" : check.reason};
    }
    if (count_letters(folded).letters < 2) return {false, folded, "too_short"};
    if (refers_elsewhere(folded, words)) return {false, folded, "refers_to_annex"};
    return {true, folded, ""};
}

bool is_valid_value(FieldKind kind, const std::string& text) {
    // Words tell one fault from another, and name months; else what is valid needs none.
    const CheckValue check = rule_of(kind).check;
    return !is_strict(kind) || check(text, {}).valid;
}

FieldReport absent_field(const Field& field, FieldVerdict verdict, const std::string& reason,
                         double confidence) {
    FieldReport report = blank_report(field);
    decide(report, verdict, confidence, reason);
    return report;
}

}  // namespace avtalskoll::rules
