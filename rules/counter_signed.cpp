#include "rules/counter_signed.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "models/text.h"
#include "rules/signature_rule.h"

namespace avtalskoll::rules {
namespace {

// Two readings of one value are the same but for spaces and the marks that come and go.
std::string comparable_text(const std::string& text, FieldKind kind) {
    const std::string_view loose = traits_of(kind).loose;
    std::string out;
    for (const char c : plain_signs(text))
        if (std::isspace(static_cast<unsigned char>(c)) == 0 &&
            loose.find(c) == std::string_view::npos)
            out += c;
    return out;
}

std::vector<std::string> read_texts(const FieldReading& reading, FieldKind kind) {
    std::vector<std::string> texts;
    for (const TextVote& vote : reading.votes) texts.push_back(comparable_text(vote.text, kind));
    return texts;
}

// One model was sure, or two say the same.
bool is_read_with_confidence(const FieldReading& reading, FieldKind kind) {
    constexpr double kSure = 0.9;
    const std::vector<std::string> texts = read_texts(reading, kind);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].empty() || texts[i].find(kUnknownSign) != std::string::npos) continue;
        if (reading.votes[i].least >= kSure) return true;
        if (std::count(texts.begin(), texts.end(), texts[i]) > 1) return true;
    }
    return false;
}

enum class ReadingsCompared { Alike, Otherwise, Unsure };

ReadingsCompared compare_ticks(const FieldReading& approved, const FieldReading& copy) {
    constexpr double kSure = 0.8;
    ReadingsCompared readings = ReadingsCompared::Alike;
    for (std::size_t i = 0; i < std::min(approved.ticks.size(), copy.ticks.size()); ++i) {
        const TickMeasure &was = approved.ticks[i], &is = copy.ticks[i];
        if (was.tick == is.tick && was.tick != Tick::Doubtful) continue;
        const bool sure = was.tick != Tick::Doubtful && is.tick != Tick::Doubtful &&
                          std::min(was.confidence, is.confidence) >= kSure;
        if (sure) return ReadingsCompared::Otherwise;
        readings = ReadingsCompared::Unsure;
    }
    return readings;
}

ReadingsCompared compare_readings(const Field& field, const FieldReading& approved,
                                  const FieldReading& copy, const std::string& counted) {
    constexpr double kSureFill = 0.9;
    if (is_ticked(field.kind)) return compare_ticks(approved, copy);
    if (!has_value(field.kind)) return ReadingsCompared::Unsure;
    const auto is_empty = [](const FieldReading& r) { return r.ink.fill == Fill::Empty; };
    const auto is_filled = [](const FieldReading& r) { return r.ink.fill == Fill::Filled; };
    if (is_empty(approved) && is_empty(copy)) return ReadingsCompared::Alike;
    if ((is_empty(approved) && is_filled(copy)) || (is_filled(approved) && is_empty(copy)))
        return std::min(approved.ink.confidence, copy.ink.confidence) >= kSureFill
                   ? ReadingsCompared::Otherwise
                   : ReadingsCompared::Unsure;
    std::vector<std::string> was = read_texts(approved, field.kind),
                             is = read_texts(copy, field.kind);
    if (!counted.empty()) was.push_back(comparable_text(counted, field.kind));
    for (const std::string& text : is)
        if (!text.empty() && std::find(was.begin(), was.end(), text) != was.end())
            return ReadingsCompared::Alike;
    return is_read_with_confidence(approved, field.kind) &&
                   is_read_with_confidence(copy, field.kind)
               ? ReadingsCompared::Otherwise
               : ReadingsCompared::Unsure;
}

bool overlaps(const BoxPt& a, const BoxPt& b, double around_pt) {
    return a.x < b.right() + around_pt && a.right() > b.x - around_pt &&
           a.y < b.bottom() + around_pt && a.bottom() > b.y - around_pt;
}

const FieldReading* reading_of(const PageReading& page, const FieldRef& ref) {
    const auto at = std::find_if(page.fields.begin(), page.fields.end(),
                                 [&](const FieldReading& f) { return f.ref == ref; });
    return at == page.fields.end() ? nullptr : &*at;
}

// Judges one page; the form's fields on it with their readings side by side.
class PageJudge {
public:
    explicit PageJudge(const PageCase& given) : given_(given) {
        const Form& form = form_of();
        for (std::size_t p = 0; p < form.points.size(); ++p)
            for (std::size_t f = 0; f < form.points[p].fields.size(); ++f)
                add_field({given.form, static_cast<int>(p), static_cast<int>(f)});
    }

    std::vector<PageDifference> differences() {
        std::vector<PageDifference> found;
        for (const InkDifference& ink : given_.comparison.differences)
            if (auto difference = judge_ink(ink)) found.push_back(std::move(*difference));
        for (const SeenField& field : fields_)
            if (field.readings == ReadingsCompared::Otherwise && !field.noted && !pictures_decide())
                found.push_back({.kind = DifferenceKind::ChangedValue,
                                 .on_approved = field.was->box,
                                 .on_copy = field.is->box,
                                 .place = field.place,
                                 .read = true,
                                 .message = Message("countersigned.value_reads_otherwise",
                                                    {{"label", field.field->label}})});
        return found;
    }

private:
    struct SeenField {
        const Field* field = nullptr;
        FieldPlace place;
        const FieldReading* was = nullptr;
        const FieldReading* is = nullptr;
        ReadingsCompared readings = ReadingsCompared::Unsure;
        bool noted = false;
    };

    const Form& form_of() const {
        return given_.forms.forms[static_cast<std::size_t>(given_.form)];
    }

    void add_field(const FieldRef& ref) {
        const Field& field = field_of(given_.forms, ref);
        const FieldReading *was = reading_of(given_.approved, ref),
                           *is = reading_of(given_.copy, ref);
        if (!was || !is) return;
        const FormPoint& point = form_of().points[static_cast<std::size_t>(ref.point)];
        SeenField seen{&field, {form_of().id, point.number, field.id}, was, is};
        std::string counted;
        for (const ApprovedValue& value : given_.agreement.values)
            if (value.place == seen.place) counted = value.value;
        seen.readings = compare_readings(field, *was, *is, counted);
        fields_.push_back(std::move(seen));
    }

    // True when pictures this good would show a changed letter: one of the readings is wrong.
    bool pictures_decide() const {
        constexpr double kClear = 0.25;
        return given_.comparison.trouble.empty() && given_.comparison.noise <= kClear;
    }

    SeenField* field_at(const BoxPt& box) {
        constexpr double kAround_pt = 1.0 * kPointsPerMm;
        for (SeenField& seen : fields_)
            if (overlaps(box, seen.field->place.box, kAround_pt)) return &seen;
        return nullptr;
    }

    // Letters by hand are large, and thin strokes come and go.
    static bool is_by_hand(const SeenField& field) {
        constexpr double kByHand = 0.5;
        return std::max(field.was->by_hand, field.is->by_hand) >= kByHand;
    }

    // The least ink that is a difference; a lesser one is a scanner's doing. Set on 150 pairs of
    // simulated pages (seed 5; docs/accuracy.md).
    bool is_difference(const InkDifference& ink, const SeenField* field) const {
        struct Least {
            double peak, strength;
        };
        // A speck is as dark as a changed letter, and smaller. A pencil's strokes come and go.
        Least least{0.48, 0.28};
        const double noise = given_.comparison.noise;
        // Much ink of a pale pen.
        if (ink.strength >= 4 && ink.peak >= std::clamp(2 * noise, 0.30, 0.48)) return true;
        if (field && is_signature(field->field->kind))
            least = {std::clamp(2.5 * noise, 0.30, 0.48), 1.0};
        else if (field && field->readings == ReadingsCompared::Otherwise) least = {0.28, 0.03};
        else if (field && is_by_hand(*field)) least = {std::clamp(2.6 * noise, 0.34, 0.48), 0.25};
        else if (field && field->readings == ReadingsCompared::Alike) least = {0.48, 0.25};
        else if (field) least = {std::clamp(1.7 * noise, 0.36, 0.42), 0.10};
        return ink.peak >= least.peak && ink.strength >= least.strength;
    }

    std::optional<PageDifference> judge_ink(const InkDifference& ink) {
        if (ink.expected) return std::nullopt;
        SeenField* field = field_at(ink.box);
        if (!is_difference(ink, field)) return std::nullopt;
        PageDifference difference{.kind = ink.kind,
                                  .on_approved = ink.on_approved,
                                  .on_copy = ink.on_copy,
                                  .strength = ink.strength,
                                  .seen = true};
        if (field) {
            field->noted = true;
            difference.place = field->place;
            difference.read = field->readings == ReadingsCompared::Otherwise;
        }
        difference.message = message_of(ink.kind, field ? field->field : nullptr);
        return difference;
    }

    static Message message_of(DifferenceKind kind, const Field* field) {
        if (field) return Message("countersigned.field_differs", {{"label", field->label}});
        switch (kind) {
            case DifferenceKind::AddedInk: return Message("countersigned.added_ink");
            case DifferenceKind::LostInk: return Message("countersigned.lost_ink");
            default: return Message("countersigned.changed_ink");
        }
    }

    const PageCase& given_;
    std::vector<SeenField> fields_;
};

// The sender's place shows what an officer has approved, unless it differs.
FieldVerdict sender_verdict(const FieldReading& reading, const FieldPlace& place,
                            const ComparedPage& page, const Caution& caution) {
    const bool differs =
        std::any_of(page.differences.begin(), page.differences.end(),
                    [&](const PageDifference& difference) { return difference.place == place; });
    const FieldVerdict seen = judge_signature(reading, caution).verdict;
    const bool same = !differs && page.verdict != PageVerdict::NotComparable;
    return same && seen == FieldVerdict::Unclear ? FieldVerdict::Ok : seen;
}

// The other party may sign with initials: on its own copy they are meant.
FieldVerdict counterpart_verdict(const SignatureMeasure& ink, const Caution& caution) {
    constexpr double kByHand = 0.6;
    const double by_hand = ink.belief(PlaceInk::Signature) + ink.belief(PlaceInk::Mark);
    if (by_hand >= caution.least(kByHand)) return FieldVerdict::Ok;
    return by_hand > caution.most(kUnsignedBelief) ? FieldVerdict::Unclear : FieldVerdict::Missing;
}

Finding about_other_page(const PageReading& page, const char* code, Severity severity,
                         Message message) {
    return {.code = code,
            .severity = severity,
            .message = std::move(message),
            .file = page.origin.file,
            .page = page.origin.page};
}

Finding about_form_page(const PageReading& page, const FormSet& forms,
                        const std::vector<ApprovedAgreement>& approved) {
    const Form& form = forms.forms[static_cast<std::size_t>(page.match.form)];
    const auto& [file, number] = page.origin;
    const auto same = std::find_if(approved.begin(), approved.end(), [&](const auto& agreement) {
        return agreement.form == form.id;
    });
    if (same != approved.end() && same->version != form.version)
        return about_other_page(page, "countersigned_other_version", Severity::Error,
                                Message("countersigned.other_version", {{"title", form.title},
                                                                        {"version", form.version},
                                                                        {"approved", same->version},
                                                                        {"file", file},
                                                                        {"page", number}}));
    return about_other_page(page, "countersigned_page_added", Severity::Error,
                            Message("countersigned.form_page_added",
                                    {{"title", form.title}, {"file", file}, {"page", number}}));
}

}  // namespace

ComparedPage judge_compared_page(const ApprovedPage& page, const PageCase& given) {
    ComparedPage compared{
        .approved = page, .copy_file = given.copy.origin.file, .copy_page = given.copy.origin.page};
    compared.differences = PageJudge(given).differences();
    if (!compared.differences.empty()) {
        compared.verdict = PageVerdict::Differs;
    } else if (!given.comparison.trouble.empty()) {
        compared.reason = given.comparison.trouble;
    } else if (!given.copy.damage.empty()) {
        compared.reason = Message("countersigned.page_damaged");
    } else {
        compared.verdict = PageVerdict::Same;
    }
    return compared;
}

std::vector<SignedPlace> judge_signed_places(const FormSet& forms, int form,
                                             const PageReading& copy, const ComparedPage& page,
                                             const Caution& caution) {
    std::vector<SignedPlace> places;
    for (const FieldReading& reading : copy.fields) {
        if (reading.ref.form != form || !reading.signature) continue;
        const Form& its = forms.forms[static_cast<std::size_t>(form)];
        const Field& field = field_of(forms, reading.ref);
        const FieldPlace place{
            its.id, its.points[static_cast<std::size_t>(reading.ref.point)].number, field.id};
        const FieldVerdict own = copy.born_digital ? FieldVerdict::Unclear
                                                   : sender_verdict(reading, place, page, caution);
        if (field.required || own != FieldVerdict::Missing)
            places.push_back({place, false, own, reading.box});
        for (std::size_t i = 0; i < field.keep_empty.size(); ++i) {
            const bool seen = i < reading.keep_empty.size() && !copy.born_digital;
            places.push_back(
                {place, true,
                 seen ? counterpart_verdict(reading.keep_empty[i], caution) : FieldVerdict::Unclear,
                 reading.box});
        }
    }
    return places;
}

void note_other_pages(const FormSet& forms, const Pages& all, const Pages& used,
                      const std::vector<ApprovedAgreement>& approved,
                      std::vector<Finding>& findings) {
    for (const PageReading* page : all) {
        const auto& [file, number] = page->origin;
        if (page->more_on_sheet)
            findings.push_back(about_other_page(
                *page, "countersigned_more_on_sheet", Severity::Info,
                Message("countersigned.more_on_sheet", {{"file", file}, {"page", number}})));
        if (std::find(used.begin(), used.end(), page) != used.end()) continue;
        switch (page->kind) {
            case PageKind::Form: findings.push_back(about_form_page(*page, forms, approved)); break;
            case PageKind::Blank:
                findings.push_back(about_other_page(
                    *page, "blank_page", Severity::Info,
                    Message("finding.blank_page", {{"file", file}, {"page", number}})));
                break;
            case PageKind::Unreadable:
                findings.push_back(about_other_page(
                    *page, "page_unreadable", Severity::Review,
                    Message("finding.page_unreadable",
                            {{"file", file}, {"page", number}, {"trouble", page->trouble}})));
                break;
            case PageKind::Foreign:
                findings.push_back(about_other_page(
                    *page, "countersigned_page_added", Severity::Error,
                    Message("countersigned.page_added", {{"file", file}, {"page", number}})));
                break;
            case PageKind::Unknown:
                findings.push_back(about_other_page(
                    *page, "countersigned_page_unknown", Severity::Review,
                    Message("countersigned.page_unknown", {{"file", file}, {"page", number}})));
                break;
        }
    }
}

void conclude_agreement(CountersignedAgreement& agreement, std::vector<Finding>& findings) {
    for (ComparedPage& page : agreement.pages) {
        if (page.copy_page > 0) continue;
        page.reason = Message("countersigned.page_missing",
                              {{"title", agreement.title}, {"page", page.approved.form_page}});
        findings.push_back({.code = "countersigned_page_missing",
                            .severity = Severity::Error,
                            .message = page.reason,
                            .form = agreement.form});
    }
    for (const bool counterpart : {false, true}) {
        bool all = true, any = false;
        for (const SignedPlace& place : agreement.signatures) {
            if (place.counterpart != counterpart) continue;
            any = true;
            all &= place.verdict == FieldVerdict::Ok;
            if (place.verdict == FieldVerdict::Ok) continue;
            const bool surely = place.verdict == FieldVerdict::Missing;
            findings.push_back(
                {.code =
                     counterpart ? "counter_signature_missing" : "countersigned_sender_unsigned",
                 .severity = surely ? Severity::Error : Severity::Review,
                 .message =
                     counterpart
                         ? Message("countersigned.counterpart_unsigned",
                                   {{"title", agreement.title}, {"point", place.place.point}})
                         : Message("countersigned.sender_unsigned",
                                   {{"title", agreement.title}, {"point", place.place.point}}),
                 .form = agreement.form,
                 .point = place.place.point,
                 .field = place.place.field});
        }
        (counterpart ? agreement.counterpart_signed : agreement.sender_signed) = any && all;
    }
}

CountersignedVerdict verdict_of(const CountersignedResult& result) {
    bool differs = false, unsure = result.agreements.empty();
    for (const Finding& finding : result.findings) {
        differs |= finding.severity == Severity::Error;
        unsure |= finding.severity == Severity::Review;
    }
    for (const CountersignedAgreement& agreement : result.agreements) {
        for (const ComparedPage& page : agreement.pages) {
            differs |= page.verdict == PageVerdict::Differs;
            unsure |= page.verdict == PageVerdict::NotComparable;
        }
        unsure |= !agreement.sender_signed || !agreement.counterpart_signed;
    }
    if (differs) return CountersignedVerdict::Differs;
    return unsure ? CountersignedVerdict::Unsure : CountersignedVerdict::Agrees;
}

}  // namespace avtalskoll::rules
