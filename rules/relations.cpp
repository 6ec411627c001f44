#include "rules/relations.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>

#include "models/text.h"
#include "rules/field_rule.h"

namespace avtalskoll::rules {
namespace {

// nullopt: nobody can tell.
std::optional<bool> is_filled_in(const FieldReport& field) {
    if (field.verdict == FieldVerdict::Ok || field.verdict == FieldVerdict::Invalid) return true;
    const bool surely_not = field.verdict == FieldVerdict::Missing && field.evidence.has_value();
    return surely_not ? std::optional(false) : std::nullopt;
}

// Of a choice: the option is among the labels that are ticked.
bool has_option(const FieldReport& field, const std::string& option) {
    const std::string all = "; " + field.value.value_or("") + "; ";
    return option.empty() || all.find("; " + option + "; ") != std::string::npos;
}

class Judge {
public:
    Judge(const Form& form, AgreementReport& agreement, std::vector<Finding>& findings)
        : form_(form), agreement_(agreement), findings_(findings) {}

    void judge(const Relation& relation) {
        switch (relation.kind) {
            case RelationKind::RequiredIf: return require(relation);
            case RelationKind::AnyOf: return count(relation);
            case RelationKind::Equal: return compare(relation, &Judge::differ);
            case RelationKind::InOrder: return compare(relation, &Judge::descend);
        }
    }

private:
    FieldReport* find(const FieldName& name) {
        for (PointReport& point : agreement_.points)
            if (point.point == name.point)
                for (FieldReport& field : point.fields)
                    if (field.field == name.field) return &field;
        return nullptr;
    }

    void require(const Relation& relation) {
        const FieldReport* condition = find(*relation.condition);
        if (!condition) return;
        std::optional<bool> holds = is_filled_in(*condition);
        if (holds.value_or(false)) holds = has_option(*condition, relation.option);
        for (const FieldName& name : relation.fields) {
            FieldReport* field = find(name);
            if (!field) continue;
            field->required = holds.value_or(true);
            const bool lacking =
                field->verdict == FieldVerdict::Missing || field->verdict == FieldVerdict::Invalid;
            if (!holds && lacking) decide(*field, FieldVerdict::Unclear, 0.7, "condition_unclear");
            else if (holds.value_or(false) && field->verdict == FieldVerdict::Missing)
                note("required_if", Severity::Info, name,
                     Message("finding.required_if",
                             {{"label", field->label}, {"condition", condition->label}}));
        }
    }

    void count(const Relation& relation) {
        int filled = 0, unknown = 0;
        std::string labels;
        for (const FieldName& name : relation.fields) {
            const FieldReport* field = find(name);
            if (!field) continue;
            const std::optional<bool> is_filled = is_filled_in(*field);
            const bool is_good = is_filled.value_or(false) && field->verdict == FieldVerdict::Ok;
            filled += is_good;
            unknown += !is_filled || (*is_filled && !is_good);
            labels += (labels.empty() ? "" : ", ") + field->label;
        }
        if (filled >= relation.count) return;
        note("too_few_filled",
             filled + unknown < relation.count ? Severity::Error : Severity::Review,
             relation.fields.front(),
             Message("finding.too_few_filled", {{"count", relation.count}, {"labels", labels}}));
    }

    // Compares each field that was surely read with the one before it.
    void compare(const Relation& relation,
                 std::optional<Finding> (*fault)(const FieldReport&, const FieldReport&)) {
        const FieldReport* before = nullptr;
        for (const FieldName& name : relation.fields) {
            const FieldReport* field = find(name);
            if (!field || field->verdict != FieldVerdict::Ok || !field->value) continue;
            if (before)
                if (const auto found = fault(*before, *field))
                    note(found->code.c_str(), found->severity, name, found->message);
            before = field;
        }
    }

    static std::optional<Finding> differ(const FieldReport& a, const FieldReport& b) {
        constexpr double kSameText = 0.75;  // words that are misread share as much
        const std::string one = a.normalized.value_or(*a.value),
                          other = b.normalized.value_or(*b.value);
        const bool exact = is_strict(a.kind) && is_strict(b.kind);
        const bool same =
            exact ? one == other : similarity(folded_words(one), folded_words(other)) >= kSameText;
        if (same) return std::nullopt;
        return Finding{
            .code = "values_differ",
            .severity = exact ? Severity::Error : Severity::Review,
            .message = Message("finding.values_differ", {{"first", a.label}, {"second", b.label}})};
    }

    static std::optional<Finding> descend(const FieldReport& a, const FieldReport& b) {
        if (!a.normalized || !b.normalized || a.kind != b.kind) return std::nullopt;
        const bool dates = a.kind == FieldKind::Date || a.kind == FieldKind::PlaceAndDate;
        const bool descends = dates ? *b.normalized < *a.normalized
                                    : std::strtod(b.normalized->c_str(), nullptr) <
                                          std::strtod(a.normalized->c_str(), nullptr);
        if (!descends) return std::nullopt;
        return Finding{.code = "values_out_of_order",
                       .severity = Severity::Error,
                       .message = Message("finding.values_out_of_order",
                                          {{"first", a.label}, {"second", b.label}})};
    }

    void note(const char* code, Severity severity, const FieldName& at, const Message& message) {
        findings_.push_back({.code = code,
                             .severity = severity,
                             .message = message,
                             .form = form_.id,
                             .point = at.point,
                             .field = at.field});
    }

    const Form& form_;
    AgreementReport& agreement_;
    std::vector<Finding>& findings_;
};

}  // namespace

void judge_relations(const Form& form, AgreementReport& agreement, std::vector<Finding>& findings) {
    Judge judge(form, agreement, findings);
    for (const Relation& relation : form.relations) judge.judge(relation);
}

}  // namespace avtalskoll::rules
