#include "pipeline/forms/form_relations.h"

#include <set>

namespace avtalskoll::pipeline {
namespace {

// In the order of RelationKind.
constexpr std::array<const char*, 4> kKeys{"required", "any_of", "equal", "in_order"};

const char* key_of(RelationKind kind) { return kKeys[static_cast<std::size_t>(kind)]; }

const Field* find_field(const Form& form, const FieldName& name) {
    for (const FormPoint& point : form.points)
        if (point.number == name.point)
            for (const Field& field : point.fields)
                if (field.id == name.field) return &field;
    return nullptr;
}

FieldName read_name(const Definition& file, const YAML::Node& node, const Form& form) {
    if (!node.IsScalar()) file.refuse(node, "a field is written 'point/id', such as '15/phone'");
    const std::string& text = node.Scalar();
    const auto slash = text.rfind('/');
    if (slash == std::string::npos)
        file.refuse(node,
                    fmt::format("'{}' is no field; write 'point/id', such as '15/phone'", text));
    FieldName name{text.substr(0, slash), text.substr(slash + 1)};
    if (!find_field(form, name))
        file.refuse(
            node, fmt::format("the form has no field '{}' in point '{}'", name.field, name.point));
    return name;
}

bool has_order(FieldKind kind) {
    return kind == FieldKind::Date || kind == FieldKind::PlaceAndDate ||
           kind == FieldKind::Number || kind == FieldKind::Amount;
}

void check_kinds(const Definition& file, const YAML::Node& node, const Form& form,
                 const Relation& relation) {
    std::set<FieldKind> kinds;
    for (const FieldName& name : relation.fields) kinds.insert(find_field(form, name)->kind);
    const auto is_wrong = [&](FieldKind kind) {
        return relation.kind == RelationKind::InOrder ? !has_order(kind) : !has_value(kind);
    };
    const bool compares =
        relation.kind == RelationKind::InOrder || relation.kind == RelationKind::Equal;
    if (compares && std::any_of(kinds.begin(), kinds.end(), is_wrong))
        file.refuse(node, fmt::format("'{}' needs fields {}", key_of(relation.kind),
                                      relation.kind == RelationKind::InOrder
                                          ? "that are dates, numbers or amounts"
                                          : "with a written value"));
    if (relation.kind == RelationKind::InOrder && kinds.size() > 1)
        file.refuse(node, "'in_order' needs fields of one kind");
}

void read_condition(const Definition& file, const YAML::Node& node, const Form& form,
                    Relation& relation) {
    if (relation.kind != RelationKind::RequiredIf) {
        if (node["if"]) file.refuse(node["if"], "'if' belongs to 'required'");
        return;
    }
    if (!node["if"]) file.refuse(node, "'if' is missing: the field that must be filled in");
    relation.condition = read_name(file, node["if"], form);
    relation.option = file.get_or<std::string>(node, "option", "");
    if (relation.option.empty()) return;
    const std::vector<Option>& options = find_field(form, *relation.condition)->options;
    if (std::none_of(options.begin(), options.end(),
                     [&](const Option& o) { return o.label == relation.option; }))
        file.refuse(node["option"],
                    fmt::format("'{}' is no option of the field in 'if'", relation.option));
}

Relation read_relation(const Definition& file, const YAML::Node& node, const Form& form) {
    file.only_keys(node, {"required", "if", "option", "any_of", "count", "equal", "in_order"});
    Relation relation;
    int stated = 0;
    for (std::size_t k = 0; k < kKeys.size(); ++k)
        if (node[kKeys[k]]) relation.kind = static_cast<RelationKind>(k), ++stated;
    if (stated != 1) file.refuse(node, fmt::format("a rule has one of {}", fmt::join(kKeys, ", ")));
    for (const YAML::Node& name : file.list(node, key_of(relation.kind)))
        relation.fields.push_back(read_name(file, name, form));
    const std::size_t least = relation.kind == RelationKind::RequiredIf ? 1 : 2;
    if (relation.fields.size() < least)
        file.refuse(node,
                    fmt::format("'{}' must name {} fields at least", key_of(relation.kind), least));
    relation.count = file.get_or(node, "count", 1);
    if (relation.count < 1 || relation.count > static_cast<int>(relation.fields.size()))
        file.refuse(node["count"], "'count' must be between 1 and the number of fields");
    read_condition(file, node, form, relation);
    check_kinds(file, node, form, relation);
    return relation;
}

std::string text_of(const FieldName& name) { return name.point + "/" + name.field; }

}  // namespace

std::vector<Relation> read_relations(const Definition& file, const Form& form) {
    std::vector<Relation> relations;
    if (!file.root()["rules"]) return relations;
    for (const YAML::Node& node : file.list(file.root(), "rules"))
        relations.push_back(read_relation(file, node, form));
    return relations;
}

void emit_relations(YAML::Emitter& out, const std::vector<Relation>& relations) {
    if (relations.empty()) return;
    out << YAML::Key << "rules" << YAML::Value << YAML::BeginSeq;
    for (const Relation& relation : relations) {
        out << YAML::BeginMap << YAML::Key << key_of(relation.kind) << YAML::Value << YAML::Flow
            << YAML::BeginSeq;
        for (const FieldName& name : relation.fields) out << YAML::DoubleQuoted << text_of(name);
        out << YAML::EndSeq;
        if (relation.condition)
            out << YAML::Key << "if" << YAML::Value << YAML::DoubleQuoted
                << text_of(*relation.condition);
        if (!relation.option.empty())
            out << YAML::Key << "option" << YAML::Value << YAML::DoubleQuoted << relation.option;
        if (relation.count != 1) out << YAML::Key << "count" << YAML::Value << relation.count;
        out << YAML::EndMap;
    }
    out << YAML::EndSeq;
}

}  // namespace avtalskoll::pipeline
