#include "rules/field_rule.h"

#include <algorithm>

#include "models/text.h"
#include "rules/email.h"
#include "rules/messages.h"
#include "rules/organisation_number.h"
#include "rules/phone.h"
#include "rules/signature_rule.h"
#include "rules/text_vote.h"

namespace avtalskoll::rules {
namespace {

// Belief from which a value is not read at all but left to a person.
constexpr double kByHand = 0.8;
// The engines are trained on type: what they agree on so surely is no handwriting.
constexpr double kReadsAsType = 0.98;
constexpr double kSure = 0.95;  // a strict value below this is not taken as read

// The answer of a strict kind on one text: valid (with its canonical forms), or why not.
struct Checked {
    bool valid = false;
    bool doubtful = false;  // neither surely valid nor surely wrong
    bool insisted = false;  // doubtful, but right when a person says that it is
    std::string value;
    std::optional<std::string> normalized;
    std::string reason;
};

constexpr const char* kSeveral = "several_values";
constexpr const char* kUnusual = "unusual_form";

void check_number(Checked& c, const std::string& text) {
    const OrganisationNumber number = parse_organisation_number(text);
    c.valid = number.fault == NumberFault::None;
    c.doubtful = number.fault == NumberFault::Unusual || number.fault == NumberFault::Several;
    if (c.valid) c.value = number.canonical;
    switch (number.fault) {
        case NumberFault::CheckDigit: c.reason = "check_digit"; break;
        case NumberFault::Several: c.reason = kSeveral; break;
        case NumberFault::Unusual: c.reason = kUnusual; break;
        default: c.reason = "format";
    }
}

void check_phone(Checked& c, const std::string& text, const RuleWords& words) {
    const Phone phone = parse_phone(text, words);
    c.valid = phone.fault == PhoneFault::None;
    c.doubtful = !c.valid && phone.fault != PhoneFault::NotANumber;
    c.insisted = phone.fault == PhoneFault::Unassigned || phone.fault == PhoneFault::Short;
    if (c.valid) c.normalized = phone.e164;
    switch (phone.fault) {
        case PhoneFault::Unassigned: c.reason = "unassigned"; break;
        case PhoneFault::Several: c.reason = kSeveral; break;
        case PhoneFault::Short: c.reason = "short_number"; break;
        case PhoneFault::Unusual: c.reason = kUnusual; break;
        default: c.reason = "format";
    }
}

void check_address(Checked& c, const std::string& text, const RuleWords& words) {
    const Email email = read_email(text, words);
    c.valid = email.fault == EmailFault::None;
    c.doubtful = email.fault == EmailFault::Unusual || email.fault == EmailFault::Several;
    if (c.valid) c.value = email.address, c.normalized = email.canonical;
    c.reason = "format";
    if (c.doubtful) c.reason = email.fault == EmailFault::Several ? kSeveral : kUnusual;
}

Checked check_strict(FieldKind kind, const std::string& text, const RuleWords& words) {
    Checked c;
    c.value = text;
    constexpr std::size_t kLongest = 1'000;  // bytes; a file may say megabytes, and nobody writes
                                             // three times the longest address
    if (text.size() > kLongest) {
        c.doubtful = true;
        c.reason = "unusual_form";
        return c;
    }
    if (kind == FieldKind::OrganisationNumber) check_number(c, text);
    else if (kind == FieldKind::Phone) check_phone(c, text, words);
    else check_address(c, text, words);
    if (!c.valid && !c.doubtful && refers_elsewhere(text, words))
        c.doubtful = true, c.reason = "refers_to_annex";
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
    return kind != FieldKind::OrganisationNumber || (digits != 9 && digits != 11 && digits != 13);
}

void judge_strict(FieldReport& report, const Field& field, const VotedText& read,
                  const RuleWords& words, const Caution& caution) {
    const double sure = caution.least(kSure);
    const auto is_valid = [&](const std::string& text) {
        return check_strict(field.kind, text, words).valid;
    };
    const Checked best = check_strict(field.kind, read.text, words);
    report.value = best.value;
    report.normalized = best.normalized;
    const bool other_valid = std::any_of(read.others.begin(), read.others.end(), is_valid);
    double confidence = read.confidence;
    // One misread number in ten passes the check digit; with the likeliest confusions, somewhat
    // more.
    if (field.kind == FieldKind::OrganisationNumber && best.valid && !other_valid)
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

void judge_text(FieldReport& report, const VotedText& read, const InkMeasure& ink,
                const RuleWords& words) {
    const LetterCount count = count_letters(read.text);
    report.value = read.text.empty() ? std::nullopt : std::optional(read.text);
    report.value_confidence = read.confidence;
    if (count.letters < 2) return decide(report, FieldVerdict::Unclear, 0.6, "too_short");
    if (refers_elsewhere(read.text, words))
        return decide(report, FieldVerdict::Unclear, 0.9, "refers_to_annex");
    if (read.text.find(kUnknownSign) != std::string::npos)
        return decide(report, FieldVerdict::Unclear, 0.6, "low_confidence");
    // Signs that are no letters make a scribble; digits do not where an address or a share of full
    // time may stand.
    const bool digits_too = report.kind != FieldKind::Person;
    const int all = count.letters + count.others + (digits_too ? 0 : count.digits);
    const bool text_like = 3 * count.letters >= 2 * all;
    const bool is_read = report.typed || is_mostly_read(read, ink);
    if (text_like && is_read)
        return decide(report, FieldVerdict::Ok, 0.9 + 0.09 * read.confidence, "");
    decide(report, FieldVerdict::Unclear, 0.6, is_read ? "low_confidence" : "not_read");
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
    else judge_text(report, read, ink, words);
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
    } else if (field.kind == FieldKind::Signature) {
        const SignatureVerdict judged = judge_signature(reading, caution);
        decide(report, judged.verdict, judged.confidence, judged.reason);
    } else {
        judge_written(report, field, reading, words, caution);
    }
    return report;
}

namespace {

// A person who insists on a series that is not in use knows better.
WrittenValue check_strict_as_written(FieldKind kind, const std::string& text,
                                     const RuleWords& words) {
    const Checked checked = check_strict(kind, text, words);
    const bool valid = checked.valid || checked.insisted;
    return {valid, checked.value, valid ? "" : checked.reason};
}

}  // namespace

WrittenValue check_written(FieldKind kind, const std::string& text, const RuleWords& words) {
    const std::string folded = folded_space(text);
    if (kind == FieldKind::Signature || folded.empty()) return {false, folded, "empty"};
    if (is_strict(kind)) return check_strict_as_written(kind, folded, words);
    if (count_letters(folded).letters < 2) return {false, folded, "too_short"};
    if (refers_elsewhere(folded, words)) return {false, folded, "refers_to_annex"};
    return {true, folded, ""};
}

bool is_valid_value(FieldKind kind, const std::string& text) {
    // Words tell one fault from another; what is valid needs none.
    return !is_strict(kind) || check_strict(kind, text, {}).valid;
}

FieldReport absent_field(const Field& field, FieldVerdict verdict, const std::string& reason,
                         double confidence) {
    FieldReport report = blank_report(field);
    decide(report, verdict, confidence, reason);
    return report;
}

}  // namespace avtalskoll::rules
