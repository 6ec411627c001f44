#include "tests/simulator/corpus.h"

#include <fmt/format.h>
#include <leptonica/allheaders.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <sstream>

#include "models/error.h"
#include "ocr/document/blank_layout.h"
#include "ocr/document/rasterizer.h"
#include "rules/kinds/kind_rules.h"
#include "tests/simulator/filling.h"
#include "tests/simulator/pdf_writer.h"
#include "tests/simulator/sheets.h"

namespace avtalskoll::simulator {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

// How many fields stand before this one in a rule that wants values in order.
int rank_of(const Form& form, const FormPoint& point, const Field& field) {
    for (const Relation& relation : form.relations) {
        if (relation.kind != RelationKind::InOrder) continue;
        const auto at = std::find(relation.fields.begin(), relation.fields.end(),
                                  FieldName{point.number, field.id});
        if (at != relation.fields.end()) return static_cast<int>(at - relation.fields.begin());
    }
    return 0;
}

bool on_signature(Defect d) {
    return d == Defect::NoSignature || d == Defect::SignedElsewhere || d == Defect::SmudgeOnly ||
           d == Defect::DotOnly || d == Defect::StampOnly || d == Defect::TypedNameOnly ||
           d == Defect::TickOnly || d == Defect::InitialsOnly;
}

// The kinds of field that a defect can sit on.
bool fits(Defect d, FieldKind kind) {
    switch (d) {
        case Defect::WrongCheckDigit:
        case Defect::ShortNumber: return kind == FieldKind::OrganisationNumber;
        case Defect::WrongValue: return !wrong_value_of(kind).empty();
        case Defect::SeveralTicked: return kind == FieldKind::Choice;
        case Defect::BadPhone: return kind == FieldKind::Phone;
        case Defect::BadEmail: return kind == FieldKind::Email;
        case Defect::Drop: return kind != FieldKind::Signature;
        case Defect::Handwritten:
        case Defect::CrossedOut: return has_value(kind);
        default: return on_signature(d) && kind == FieldKind::Signature;
    }
}

const char* name_of(Defect d) {
    static const std::vector<const char*> names{
        "none",    "drop",        "badnr",       "shortnr",  "badphone",  "badmail",
        "nosign",  "wrongbox",    "smudge",      "dot",      "stamp",     "typedsign",
        "tick",    "initials",    "droppage",    "nopub",    "blankform", "mismatch",
        "account", "handwritten", "crossed_out", "badvalue", "ticks"};
    return names[static_cast<std::size_t>(d)];
}

}  // namespace

struct CorpusMaker::FilledForm {
    std::vector<cv::Mat> sheets;  // empty matrix: page left out
    Json truth;                   // point → field → {status, value}
    std::vector<std::string> why;
    std::string defect_at;
};

CorpusMaker::CorpusMaker(const FormSet& forms, const fs::path& register_csv, CorpusOptions options)
    : forms_(forms),
      options_(std::move(options)),
      organisations_(load_organisations(register_csv.string())) {
    for (const Form& form : forms_.forms) {
        blanks_.push_back(draw_pages(form.blank));
        other_fields_.emplace_back();
        other_names_.emplace_back();
        for (const auto& [name, fillable] : ocr::read_blank_layout(form.blank).fields) {
            const Place& place = fillable.place;
            bool asked = false, other_party = false;
            for (const FormPoint& point : form.points)
                for (const Field& field : point.fields) {
                    asked |= field.place.page == place.page &&
                             std::abs(field.place.box.x - place.box.x) < 1 &&
                             std::abs(field.place.box.y - place.box.y) < 1;
                    for (const Place& empty : field.keep_empty)
                        other_party |= empty.page == place.page &&
                                       place.box.x < empty.box.right() &&
                                       place.box.right() > empty.box.x &&
                                       std::abs(place.box.y - empty.box.y) < 120;
                }
            if (asked || other_party) continue;
            other_fields_.back().push_back(place);
            other_names_.back().push_back(name);
        }
    }
    if (!options_.signatures.empty()) signatures_ = load_pictures(options_.signatures);
}

cv::Mat CorpusMaker::signature_ink(Random& random) const {
    if (signatures_.empty()) return draw_mark(random, Mark::Signature, {});
    return ink_of_picture(random.pick(signatures_).picture, random.real(25, 65),
                          random.real(0.55, 0.98));
}

void CorpusMaker::fill_signature(Random& random, cv::Mat& sheet, const Field& field,
                                 Defect defect) const {
    const auto put = [&](const cv::Mat& ink, const BoxPt& box, double loose) {
        lay_mark(random, sheet, box, ink, loose);
    };
    const BoxPt& place = field.place.box;
    switch (defect) {
        case Defect::NoSignature: return;
        case Defect::SignedElsewhere:
            if (!field.keep_empty.empty())
                put(signature_ink(random), field.keep_empty.front().box, 0.3);
            return;
        case Defect::SmudgeOnly: return put(draw_mark(random, Mark::Smudge, {}), place, 0.3);
        case Defect::DotOnly: return put(draw_mark(random, Mark::Dot, {}), place, 0.3);
        case Defect::StampOnly: return put(draw_mark(random, Mark::Stamp, {}), place, 0.25);
        case Defect::TypedNameOnly:
            return put(draw_mark(random, random.chance(0.1) ? Mark::ScriptName : Mark::TypedName,
                                 person_name(random)),
                       place, 0.2);
        case Defect::TickOnly:
            return put(draw_mark(random, random.chance(0.5) ? Mark::Tick : Mark::Line, {}), place,
                       0.2);
        case Defect::InitialsOnly: return put(draw_mark(random, Mark::Initials, {}), place, 0.2);
        default: break;
    }
    if (options_.hard && random.chance(0.1))
        put(draw_mark(random, Mark::Stamp, {}), place, 0.4);  // signed over a stamp
    put(signature_ink(random), place, 0.35);
}

// A field and what its sender would write.
struct CorpusMaker::FieldToFill {
    const Field& field;
    const Organisation& organisation;
    const std::string& number;  // the organisation's, as written
    const std::string& person;
    const Typeface& face;
    int rank;  // among fields whose values may not decrease
};

struct CorpusMaker::FilledField {
    std::string status = "ok";
    std::string value;
};

CorpusMaker::FilledField CorpusMaker::fill_ticks(Random& random, cv::Mat& sheet, const Field& field,
                                                 Defect defect) {
    FilledField filled;
    const bool left_out = defect == Defect::BlankForm || defect == Defect::Drop ||
                          (!field.required && random.chance(0.5));
    if (left_out) return {"missing", ""};
    if (field.options.empty()) {
        tick(random, sheet, field.place.box);
        return filled;
    }
    std::vector<Option> options = field.options;
    random.shuffle(options);
    const std::size_t ticked = defect == Defect::SeveralTicked
                                   ? static_cast<std::size_t>(field.most_ticks) + 1
                                   : std::size_t{1};
    for (std::size_t i = 0; i < std::min(ticked, options.size()); ++i)
        tick(random, sheet, options[i].box);
    filled.value = options.front().label;
    if (ticked > 1) filled.status = "invalid";
    return filled;
}

CorpusMaker::FilledField CorpusMaker::fill_field(Random& random, cv::Mat& sheet,
                                                 const FieldToFill& with, Defect defect) const {
    const Field& field = with.field;
    if (is_ticked(field.kind)) return fill_ticks(random, sheet, field, defect);
    // Nobody can make up what a pattern stands for.
    if (!field.required && !field.bounds.pattern.empty()) return {"missing", ""};
    FilledField filled;
    std::string& value = filled.value;
    value = field.kind == FieldKind::OrganisationNumber ? with.number
            : field.kind == FieldKind::Text
                ? with.organisation.name
                : value_for(random, field, {with.organisation, with.person, with.rank});
    // Ten cells leave no room for the 16 of the long form.
    if (field.kind == FieldKind::OrganisationNumber && field.cells == 10 && value.size() == 12)
        value.erase(0, 2);
    std::string& status = filled.status;
    switch (defect) {
        case Defect::BlankForm:
        case Defect::Drop: status = "missing", value.clear(); break;
        case Defect::WrongCheckDigit:
            status = "invalid", value = with_wrong_check_digit(with.organisation.number);
            break;
        case Defect::ShortNumber:
            status = "invalid", value = with.organisation.number.substr(0, 9);
            break;
        case Defect::BadPhone: status = "invalid", value = value.substr(0, 6); break;
        case Defect::BadEmail: status = "invalid", std::erase(value, '@'); break;
        case Defect::WrongValue: status = "invalid", value = wrong_value_of(field.kind); break;
        case Defect::Handwritten:
        case Defect::CrossedOut:
        case Defect::InitialsOnly:
        case Defect::TickOnly: status = "unclear"; break;
        default:
            if (on_signature(defect)) status = "missing";
    }
    if (is_signature(field.kind)) {
        if (defect != Defect::BlankForm) fill_signature(random, sheet, field, defect);
        value.clear();
    } else if (!value.empty()) {
        if (!field.prompt.empty()) wipe(sheet, field.place.box);
        write_value(random, sheet, field, value,
                    {with.face, traits_of(field.kind).several_lines && field.place.box.h > 24,
                     defect == Defect::Handwritten});
        if (defect == Defect::CrossedOut) cross_out(random, sheet, field.place.box);
    }
    return filled;
}

CorpusMaker::FilledForm CorpusMaker::fill(Random& random, std::size_t index,
                                          const Organisation& organisation,
                                          const std::string& number, Defect defect) const {
    const Form& form = forms_.forms[index];
    // Without its only page nothing is left to send.
    if (defect == Defect::DropPage && form.pages.size() == 1) defect = Defect::Drop;
    FilledForm filled;
    for (const cv::Mat& blank : blanks_[index]) filled.sheets.push_back(blank.clone());
    const Typeface face{random.pick(print_fonts()), random.real(8.5, 11), random.chance(0.08)};
    const std::string signer = person_name(random);

    std::vector<const Field*> possible;
    for (const FormPoint& point : form.points)
        for (const Field& field : point.fields)
            if (fits(defect, field.kind) && (field.required || defect != Defect::Drop))
                possible.push_back(&field);
    const Field* defective = possible.empty() ? nullptr : random.pick(possible);

    for (const FormPoint& point : form.points) {
        const std::string person = person_name(random);
        for (const Field& field : point.fields) {
            const bool here = &field == defective;
            const Defect own = here || defect == Defect::BlankForm ? defect : Defect::None;
            const FilledField one = fill_field(
                random, filled.sheets[static_cast<std::size_t>(field.place.page - 1)],
                {field, organisation, number, person, face, rank_of(form, point, field)}, own);
            filled.truth[point.number][field.id] = {
                {"status", one.status},
                {"kind", to_string(field.kind)},
                {"value", one.value.empty() ? Json(nullptr)
                                            : Json(rules::shown_value(field.kind, one.value))}};
            const std::string at = fmt::format("{}/{}/{}", form.id, point.number, field.id);
            if (one.status != "ok" && field.required) filled.why.push_back(at + ":" + one.status);
            if (here) filled.defect_at = at;
        }
    }
    for (std::size_t i = 0; defect != Defect::BlankForm && i < other_fields_[index].size(); ++i) {
        if (random.chance(0.35)) continue;
        const Place& place = other_fields_[index][i];
        const bool dated = other_names_[index][i].find("datum") != std::string::npos;
        write_text(random, filled.sheets[static_cast<std::size_t>(place.page - 1)], place.box,
                   dated ? place_and_date(random) : signer, {face, false, random.chance(0.3)});
    }
    if (defect == Defect::DropPage) {
        std::vector<int> pages;
        for (const FormPoint& point : form.points)
            for (const Field& field : point.fields) pages.push_back(field.place.page);
        const int gone = random.pick(pages);
        filled.sheets[static_cast<std::size_t>(gone - 1)].release();
        for (const FormPoint& point : form.points)
            for (const Field& field : point.fields)
                if (field.place.page == gone) {
                    filled.truth[point.number][field.id] = {{"status", "missing"},
                                                            {"value", nullptr}};
                    filled.why.push_back(
                        fmt::format("{}/{}/{}:missing", form.id, point.number, field.id));
                }
    }
    return filled;
}

bool CorpusMaker::any_field_fits(Defect defect) const {
    bool any = false;
    for (const Form& form : forms_.forms)
        for_each_field(
            form, [&](const FormPoint&, const Field& field) { any |= fits(defect, field.kind); });
    return any;
}

Recipe CorpusMaker::random_recipe(std::uint64_t index) const {
    Random random = Random::stream(options_.seed + 7919, index);
    Recipe r;
    r.tier = random.pick(options_.tiers);
    if (random.chance(options_.defective)) {
        std::vector<Defect> usual{Defect::Drop,          Defect::Drop,
                                  Defect::Drop,          Defect::WrongCheckDigit,
                                  Defect::ShortNumber,   Defect::BadPhone,
                                  Defect::BadEmail,      Defect::NoSignature,
                                  Defect::NoSignature,   Defect::SignedElsewhere,
                                  Defect::SmudgeOnly,    Defect::DotOnly,
                                  Defect::StampOnly,     Defect::TypedNameOnly,
                                  Defect::DropPage,      Defect::DropAgreement,
                                  Defect::BlankForm,     Defect::NumbersDiffer,
                                  Defect::AccountDiffers};
        // Only for forms that have such kinds: others keep the mix that they have been measured on.
        for (const Defect d : {Defect::WrongValue, Defect::SeveralTicked})
            if (any_field_fits(d)) usual.insert(usual.end(), 2, d);
        if (options_.hard)
            usual.insert(usual.end(), {Defect::Handwritten, Defect::CrossedOut,
                                       Defect::InitialsOnly, Defect::TickOnly});
        r.defects.push_back(random.pick(usual));
    }
    r.personal_data = random.chance(0.8) || std::find(r.defects.begin(), r.defects.end(),
                                                      Defect::DropAgreement) != r.defects.end();
    r.one_pdf = random.chance(0.35);
    r.shuffled = random.chance(0.15);
    r.turned_pages = random.chance(0.35);
    r.blank_page = random.chance(0.15);
    r.doubled_page = random.chance(0.1);
    r.cover_letter = random.chance(0.1);
    r.foreign_page = random.chance(0.06);
    r.bent = options_.hard && random.chance(0.3);
    return r;
}

// One of several versions of a form is sent in.
void CorpusMaker::keep_one_version(std::vector<std::size_t>& wanted, Random dice) const {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        std::vector<std::size_t> versions;
        for (const std::size_t f : wanted)
            if (forms_.forms[f].id == forms_.forms[wanted[i]].id) versions.push_back(f);
        if (versions.size() == 1) continue;
        const std::size_t kept = dice.pick(versions);
        std::erase_if(wanted, [&](std::size_t f) {
            return f != kept && forms_.forms[f].id == forms_.forms[kept].id;
        });
    }
}

Json CorpusMaker::make(const fs::path& folder, const std::string& id, std::uint64_t index,
                       const Recipe& recipe) const {
    Random random = Random::stream(options_.seed, index);
    const Device device = recipe.device ? *recipe.device : make_device(random, recipe.tier);
    Organisation organisation = random.pick(organisations_);
    const Organisation other = random.pick(organisations_);
    organisation.name = written_organisation(random, organisation.name);
    const Defect defect = recipe.defects.empty() ? Defect::None : recipe.defects.front();

    std::vector<std::size_t> wanted;
    for (std::size_t f = 0; f < forms_.forms.size(); ++f) {
        const auto rule = std::find_if(
            forms_.requirements.begin(), forms_.requirements.end(),
            [&](const Requirement& r) { return r.any_of == std::vector{forms_.forms[f].id}; });
        const bool required = rule != forms_.requirements.end() &&
                              (rule->when == RequiredWhen::Always || recipe.personal_data);
        if (required && !forms_.forms[f].withdrawn) wanted.push_back(f);
    }
    keep_one_version(wanted, Random::stream(options_.seed + 104729, index));
    Json truth{{"files", Json::array()},
               {"personal_data", recipe.personal_data},
               {"complete", true},
               {"why", Json::array()},
               {"defects", Json::array()},
               {"tier", to_string(recipe.tier)},
               {"agreements", Json::object()}};
    std::vector<std::string> why;
    std::vector<std::size_t> bearers;  // forms that the defect can sit on
    for (const std::size_t f : wanted)
        for (const FormPoint& point : forms_.forms[f].points)
            if (std::any_of(point.fields.begin(), point.fields.end(),
                            [&](const Field& field) { return fits(defect, field.kind); })) {
                bearers.push_back(f);
                break;
            }
    if (bearers.empty()) bearers = wanted;
    const std::size_t bearer =
        defect == Defect::DropAgreement ? wanted.back() : random.pick(bearers);
    const std::string number = written_number(random, organisation.number);

    std::vector<std::vector<cv::Mat>> documents;
    for (const std::size_t f : wanted) {
        const Form& form = forms_.forms[f];
        if (f == bearer && defect == Defect::DropAgreement && wanted.size() > 1) {
            truth["agreements"][form.id] = nullptr;
            why.push_back(form.id + ":absent");
            continue;
        }
        const bool differs = f == bearer && defect == Defect::NumbersDiffer && wanted.size() > 1 &&
                             other.number != organisation.number;
        FilledForm filled = fill(random, f, organisation, differs ? other.number : number,
                                 f == bearer ? defect : Defect::None);
        if (differs) why.push_back("organisation_number_mismatch");
        truth["agreements"][form.id] = filled.truth;
        truth["versions"][form.id] = form.version;
        why.insert(why.end(), filled.why.begin(), filled.why.end());
        documents.emplace_back();
        for (cv::Mat& sheet : filled.sheets)
            if (!sheet.empty()) documents.back().push_back(std::move(sheet));
    }
    std::string account;
    if (defect == Defect::AccountDiffers && other.number != organisation.number) {
        account = other.number;
        why.push_back("organisation_number_mismatch");
    } else if (random.chance(0.4)) {
        account = organisation.number;
    }
    truth["complete"] = why.empty();
    truth["why"] = why;
    for (const Defect d : recipe.defects) truth["defects"].push_back({name_of(d), ""});

    if (recipe.one_pdf && documents.size() > 1) {
        for (std::size_t d = 1; d < documents.size(); ++d)
            std::move(documents[d].begin(), documents[d].end(),
                      std::back_inserter(documents.front()));
        documents.resize(1);
    }
    const auto insert_page = [&](const cv::Mat& page) {
        auto& document = random.pick(documents);
        const_cast<std::vector<cv::Mat>&>(document).insert(
            document.begin() + random.whole(0, static_cast<int>(document.size())), page);
    };
    if (recipe.shuffled)
        for (auto& document : documents) random.shuffle(document);
    if (recipe.doubled_page) insert_page(random.pick(random.pick(documents)).clone());
    if (recipe.blank_page)
        insert_page(cv::Mat(blanks_.front().front().size(), CV_8U, cv::Scalar(255)));
    if (recipe.foreign_page) insert_page(letter_page(random, false));
    if (recipe.cover_letter)
        documents.front().insert(documents.front().begin(), letter_page(random, true));

    fs::create_directories(folder / id);
    for (std::size_t d = 0; d < documents.size(); ++d) {
        std::vector<Scan> scans;
        for (const cv::Mat& sheet : documents[d]) {
            scans.push_back(scan_sheet(random, sheet, device, recipe.bent));
            const int turn =
                recipe.turned_pages && random.chance(0.4) ? 90 * random.whole(1, 3) : 0;
            scans.back().picture = turned_by(scans.back().picture, turn);
        }
        const std::string name = fmt::format(
            "{}_{}.pdf", random.pick(std::vector<std::string>{"avtal", "Scan 2026", "påskrivet"}),
            d + 1);
        write_pdf(folder / id / name, scans);
        truth["files"].push_back(name);
    }
    Json account_file{{"id", id}, {"personal_data", recipe.personal_data}};
    if (!account.empty()) account_file["organisation_number"] = account;
    std::ofstream(folder / id / "submission.json") << account_file.dump() << "\n";
    return truth;
}

}  // namespace avtalskoll::simulator
