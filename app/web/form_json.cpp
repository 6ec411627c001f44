#include "app/web/form_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/enum_names.h"
#include "models/error.h"

namespace avtalskoll::app::web {
namespace {

using nlohmann::json;

constexpr EnumNames<RelationKind, 4> kRelations{{{RelationKind::RequiredIf, "required"},
                                                 {RelationKind::AnyOf, "any_of"},
                                                 {RelationKind::Equal, "equal"},
                                                 {RelationKind::InOrder, "in_order"}}};

json box_json(const BoxPt& box) { return {box.x, box.y, box.w, box.h}; }

BoxPt box_from(const json& value) {
    const auto box = value.get<std::array<double, 4>>();
    for (const double number : box)
        if (!std::isfinite(number)) throw Error(ErrorKind::BadInput, "a box is no numbers");
    return {box[0], box[1], box[2], box[3]};
}

json place_json(const Place& place) { return {{"page", place.page}, {"box", box_json(place.box)}}; }

json number_or_null(const std::optional<double>& number) {
    return number ? json(*number) : json(nullptr);
}

std::optional<double> number_from(const json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_number() ? std::optional(at->get<double>()) : std::nullopt;
}

json field_json(const Field& field, bool doubted) {
    json out{{"id", field.id},
             {"label", field.label},
             {"kind", to_string(field.kind)},
             {"required", field.required},
             {"page", field.place.page},
             {"box", box_json(field.place.box)},
             {"cells", field.cells},
             {"prompt", field.prompt},
             {"pattern", field.bounds.pattern},
             {"min", number_or_null(field.bounds.least)},
             {"max", number_or_null(field.bounds.most)},
             {"max_ticked", field.most_ticks},
             {"name_field", field.name_field},
             {"doubted", doubted},
             {"parts", json::array()},
             {"options", json::array()},
             {"keep_empty", json::array()}};
    for (const BoxPt& part : field.parts) out["parts"].push_back(box_json(part));
    for (const avtalskoll::Option& option : field.options)
        out["options"].push_back({{"label", option.label}, {"box", box_json(option.box)}});
    for (const Place& place : field.keep_empty) out["keep_empty"].push_back(place_json(place));
    return out;
}

Field field_from(const json& in) {
    Field field;
    field.id = in.at("id");
    field.label = in.at("label");
    const auto kind = parse_field_kind(in.at("kind").get<std::string>());
    if (!kind) throw Error(ErrorKind::BadInput, "unknown kind");
    field.kind = *kind;
    field.required = in.at("required");
    field.place = {in.at("page"), box_from(in.at("box"))};
    field.cells = has_value(*kind) ? in.value("cells", 0) : 0;
    if (field.cells < 2) field.cells = 0;
    field.prompt = in.value("prompt", "");
    if (has_value(*kind)) field.bounds.pattern = in.value("pattern", "");
    if (*kind == FieldKind::Number || *kind == FieldKind::Amount) {
        field.bounds.least = number_from(in, "min");
        field.bounds.most = number_from(in, "max");
    }
    field.name_field = in.value("name_field", "");
    for (const json& part : in.value("parts", json::array()))
        if (has_value(*kind)) field.parts.push_back(box_from(part));
    if (*kind == FieldKind::Choice) {
        field.most_ticks = std::max(1, in.value("max_ticked", 1));
        for (const json& option : in.value("options", json::array()))
            field.options.push_back({option.at("label"), box_from(option.at("box"))});
    }
    if (is_signature(*kind))
        for (const json& place : in.value("keep_empty", json::array()))
            field.keep_empty.push_back({place.at("page"), box_from(place.at("box"))});
    return field;
}

std::string text_of(const FieldName& name) { return name.point + "/" + name.field; }

FieldName name_from(const std::string& text) {
    const auto slash = text.rfind('/');
    if (slash == std::string::npos) throw Error(ErrorKind::BadInput, "no field's name");
    return {text.substr(0, slash), text.substr(slash + 1)};
}

json relation_json(const Relation& relation) {
    json out{{"kind", name_of(kRelations, relation.kind)},
             {"fields", json::array()},
             {"if", relation.condition ? text_of(*relation.condition) : ""},
             {"option", relation.option},
             {"count", relation.count}};
    for (const FieldName& name : relation.fields) out["fields"].push_back(text_of(name));
    return out;
}

Relation relation_from(const json& in) {
    const auto kind = value_of(kRelations, in.at("kind").get<std::string>());
    if (!kind) throw Error(ErrorKind::BadInput, "unknown rule");
    Relation relation;
    relation.kind = *kind;
    for (const json& name : in.at("fields")) relation.fields.push_back(name_from(name));
    if (const std::string condition = in.value("if", ""); !condition.empty())
        relation.condition = name_from(condition);
    relation.option = in.value("option", "");
    relation.count = in.value("count", 1);
    return relation;
}

}  // namespace

json json_of(const WorkshopForm& workshop) {
    const Form& form = workshop.form;
    json out{{"id", form.id},
             {"version", form.version},
             {"title", form.title},
             {"withdrawn", form.withdrawn},
             {"draft", workshop.is_draft},
             {"pages", json::array()},
             {"points", json::array()},
             {"rules", json::array()}};
    for (const SizePt& size : form.pages) out["pages"].push_back({{"w", size.w}, {"h", size.h}});
    for (const FormPoint& point : form.points) {
        json fields = json::array();
        for (const Field& field : point.fields)
            fields.push_back(
                field_json(field, workshop.doubted.contains({point.number, field.id})));
        out["points"].push_back(
            {{"number", point.number}, {"title", point.title}, {"fields", std::move(fields)}});
    }
    for (const Relation& relation : form.relations) out["rules"].push_back(relation_json(relation));
    return out;
}

pipeline::FormDefinition definition_from(const std::string& text, const WorkshopForm& form) try {
    const json in = json::parse(text);
    pipeline::FormDefinition definition{form.form.id, form.form.version, in.at("title")};
    definition.withdrawn = in.value("withdrawn", false);
    definition.blank = form.form.blank.filename().string();
    for (const json& point : in.at("points")) {
        pipeline::DraftPoint& made = definition.points.emplace_back();
        made.number = point.at("number");
        made.title = point.at("title");
        for (const json& field : point.at("fields"))
            made.fields.push_back({field_from(field), {}, {}, {}});
    }
    // A point without fields asks for nothing.
    std::erase_if(definition.points,
                  [](const pipeline::DraftPoint& p) { return p.fields.empty(); });
    for (const json& rule : in.value("rules", json::array()))
        definition.relations.push_back(relation_from(rule));
    return definition;
} catch (const json::exception& e) {
    throw Error(ErrorKind::BadInput, fmt::format("the form's definition: {}", e.what()));
}

}  // namespace avtalskoll::app::web
