// A registered blank form: what its pages ask for and where. Forms are data; nothing here knows a
// particular agreement.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/field_kind.h"
#include "models/geometry.h"
#include "models/page_text.h"

namespace avtalskoll {

// A box on a page of the blank. `page` counts from 1; the box is in points from the page's top
// left.
struct Place {
    int page = 0;
    BoxPt box;
};

// One of the boxes of a choice.
struct Option {
    std::string label;
    BoxPt box;  // on the field's page
};

// Bounds of a value; what lies outside is not called wrong but is for a person.
struct ValueBounds {
    std::string pattern;  // ECMAScript expression that the whole text must match; empty: any
    std::optional<double> least;  // number and amount only
    std::optional<double> most;
    bool any() const { return !pattern.empty() || least || most; }
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
    int cells = 0;           // the value stands one character to a cell, in so many; 0: freely
    // The value stands in several boxes of the place, read one after the other; empty: in one.
    std::vector<BoxPt> parts = {};
    ValueBounds bounds = {};
    std::vector<Option> options = {};  // choice only
    int most_ticks = 1;                // choice only: how many of its options may be ticked
};

struct FormPoint {
    std::string number;  // as printed: "14", "A3"
    std::string title;
    std::vector<Field> fields;
};

// A field of a form by its names, as rules between fields say it: "15/phone".
struct FieldName {
    std::string point;
    std::string field;
    friend bool operator==(const FieldName&, const FieldName&) = default;
};

// The relations that a form may ask of its fields.
enum class RelationKind {
    RequiredIf,  // `fields` are asked for when `condition` is filled in (ticked), and only then
    AnyOf,       // at least `count` of `fields` are filled in
    Equal,       // `fields` have one value
    InOrder,     // the dates or numbers of `fields` do not decrease
};

struct Relation {
    RelationKind kind = RelationKind::AnyOf;
    std::vector<FieldName> fields;
    std::optional<FieldName> condition;
    std::string option;  // RequiredIf on a choice: the label that must be ticked; empty: any
    int count = 1;
};

struct Form {
    std::string id;
    std::string version;
    std::string title;
    bool withdrawn = false;
    std::filesystem::path blank;    // PDF
    std::vector<SizePt> pages;      // sizes of the blank's pages, as shown
    std::vector<FormPoint> points;  // in the form's order
    std::vector<Relation> relations = {};
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

}  // namespace avtalskoll
