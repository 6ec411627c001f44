// A registered blank form: what its pages ask for and where. Forms are data; nothing here knows a
// particular agreement.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/geometry.h"
#include "models/page_text.h"

namespace avtalskoll {

enum class FieldKind { Text, OrganisationNumber, Person, Role, Phone, Email, FreeText, Signature };

// A value of which every character must be right.
inline bool is_strict(FieldKind kind) {
    return kind == FieldKind::OrganisationNumber || kind == FieldKind::Phone ||
           kind == FieldKind::Email;
}

// A box on a page of the blank. `page` counts from 1; the box is in points from the page's top
// left.
struct Place {
    int page = 0;
    BoxPt box;
};

struct Field {
    std::string id;     // stable name in reports, for example "organisation_number"
    std::string label;  // Swedish, for people
    FieldKind kind = FieldKind::Text;
    bool required = true;
    Place place;
    std::string prompt = {};  // words that the blank prints in the place and that a value replaces
    std::vector<Place> keep_empty;  // signature only: the other party's places
    std::string name_field;  // organisation number only: id of the field on the same point that
                             // names its owner
};

struct FormPoint {
    std::string number;  // as printed: "14", "A3"
    std::string title;
    std::vector<Field> fields;
};

struct Form {
    std::string id;
    std::string version;
    std::string title;
    bool withdrawn = false;
    std::filesystem::path blank;    // PDF
    std::vector<SizePt> pages;      // sizes of the blank's pages, as shown
    std::vector<FormPoint> points;  // in the form's order
    // The words on each page of the blank, once it is drawn; none of a scanned blank.
    std::vector<std::vector<PrintedWord>> print = {};
};

// When a submission must hold a form.
enum class RequiredWhen { Always, PersonalData };

// At least one of these forms must be there.
struct Requirement {
    std::vector<std::string> any_of;  // ids
    RequiredWhen when = RequiredWhen::Always;
};

struct FormSet {
    std::vector<Form> forms;
    std::vector<Requirement> requirements;
};

// Index of one field inside a FormSet: cheap to pass and to compare.
struct FieldRef {
    int form = -1;
    int point = -1;
    int field = -1;
    friend auto operator<=>(const FieldRef&, const FieldRef&) = default;
};

inline const Field& field_of(const FormSet& set, const FieldRef& ref) {
    return set.forms[static_cast<std::size_t>(ref.form)]
        .points[static_cast<std::size_t>(ref.point)]
        .fields[static_cast<std::size_t>(ref.field)];
}

// Every field of a form, with its point: visit(const FormPoint&, const Field&).
template <class Visit>
void for_each_field(const Form& form, const Visit& visit) {
    for (const FormPoint& point : form.points)
        for (const Field& field : point.fields) visit(point, field);
}

// Name of a kind as written in form.yaml, and back; nullopt when no kind has that name.
const char* to_string(FieldKind kind);
std::optional<FieldKind> parse_field_kind(std::string_view name);

}  // namespace avtalskoll
