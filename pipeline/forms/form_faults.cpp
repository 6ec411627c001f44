#include "pipeline/forms/form_faults.h"

#include <algorithm>
#include <regex>
#include <set>
#include <string>

namespace avtalskoll::pipeline {
namespace {

struct PlacedField {
    const DraftPoint& point;
    const Field& field;
    FieldName name() const { return {point.number, field.id}; }
};

class FaultFinder {
public:
    FaultFinder(const FormDefinition& form, const std::vector<SizePt>& pages)
        : form_(form), pages_(pages) {
        for (const DraftPoint& point : form.points)
            for (const DraftField& draft : point.fields) fields_.push_back({point, draft.field});
    }

    std::vector<FormFault> find() {
        if (form_.title.empty()) error({}, Message("form_fault.no_title"));
        if (fields_.empty()) error({}, Message("form_fault.no_fields"));
        look_at_points();
        for (const PlacedField& f : fields_) look_at(f);
        look_for_overlaps();
        for (const Relation& relation : form_.relations) look_at(relation);
        if (std::none_of(fields_.begin(), fields_.end(),
                         [](const PlacedField& f) { return is_signature(f.field.kind); }))
            warn({}, Message("form_fault.no_signature"));
        std::stable_partition(faults_.begin(), faults_.end(),
                              [](const FormFault& f) { return f.is_error; });
        return std::move(faults_);
    }

private:
    void error(const FieldName& at, const Message& message) {
        faults_.push_back({at, message, true});
    }
    void warn(const FieldName& at, const Message& message) {
        faults_.push_back({at, message, false});
    }

    void look_at_points() {
        std::set<std::string> numbers;
        for (const DraftPoint& point : form_.points) {
            if (point.number.empty()) error({}, Message("form_fault.no_number"));
            else if (!numbers.insert(point.number).second)
                error({}, Message("form_fault.point_twice", {{"point", point.number}}));
            std::set<std::string> ids;
            for (const DraftField& f : point.fields)
                if (!ids.insert(f.field.id).second)
                    error({point.number, f.field.id},
                          Message("form_fault.id_twice", {{"id", f.field.id}}));
        }
    }

    bool is_on_page(int page, const BoxPt& box) const {
        constexpr double kSlack_pt = 0.5;
        if (page < 1 || page > static_cast<int>(pages_.size())) return false;
        const SizePt& size = pages_[static_cast<std::size_t>(page - 1)];
        return box.x >= 0 && box.y >= 0 && box.right() <= size.w + kSlack_pt &&
               box.bottom() <= size.h + kSlack_pt && box.w > 0 && box.h > 0;
    }

    void look_at(const PlacedField& f) {
        constexpr double kLowestSigned_pt = 20, kLowest_pt = 8;
        const Field& field = f.field;
        const Message label = Message::as_written(field.label);
        if (field.label.empty() || field.id.empty())
            error(f.name(), Message("form_fault.no_label"));
        if (!is_on_page(field.place.page, field.place.box))
            error(f.name(), Message("form_fault.off_page", {{"label", label}}));
        for (const Place& other : field.keep_empty)
            if (!is_on_page(other.page, other.box))
                error(f.name(), Message("form_fault.off_page", {{"label", label}}));
        const double lowest = is_signature(field.kind) ? kLowestSigned_pt : kLowest_pt;
        if (field.place.box.h < lowest && !is_ticked(field.kind))
            warn(f.name(), Message("form_fault.low", {{"label", label}}));
        if (field.kind == FieldKind::Choice) look_at_options(f);
        try {
            const std::regex compiled(field.bounds.pattern);
        } catch (const std::regex_error&) {
            error(f.name(), Message("form_fault.pattern", {{"label", label}}));
        }
    }

    void look_at_options(const PlacedField& f) {
        std::set<std::string> labels;
        for (const Option& option : f.field.options)
            if (option.label.empty() || !labels.insert(option.label).second ||
                !is_on_page(f.field.place.page, option.box))
                error(f.name(), Message("form_fault.option", {{"label", f.field.label}}));
        if (f.field.options.size() < 2)
            error(f.name(), Message("form_fault.few_options", {{"label", f.field.label}}));
    }

    // Of two places that cover each other, ink in one is ink in the other.
    void look_for_overlaps() {
        constexpr double kMost = 0.15;
        for (std::size_t i = 0; i < fields_.size(); ++i)
            for (std::size_t j = i + 1; j < fields_.size(); ++j) {
                const Place &a = fields_[i].field.place, &b = fields_[j].field.place;
                if (a.page == b.page && shared_part(a.box, b.box) > kMost)
                    warn(fields_[i].name(),
                         Message("form_fault.overlap", {{"label", fields_[i].field.label},
                                                        {"other", fields_[j].field.label}}));
            }
    }

    void look_at(const Relation& relation) {
        std::vector<FieldName> names = relation.fields;
        if (relation.condition) names.push_back(*relation.condition);
        for (const FieldName& name : names)
            if (std::none_of(fields_.begin(), fields_.end(),
                             [&](const PlacedField& f) { return f.name() == name; }))
                error({}, Message("form_fault.rule_names_nothing",
                                  {{"field", name.point + "/" + name.field}}));
    }

    const FormDefinition& form_;
    const std::vector<SizePt>& pages_;
    std::vector<PlacedField> fields_;
    std::vector<FormFault> faults_;
};

}  // namespace

std::vector<FormFault> find_form_faults(const FormDefinition& form,
                                        const std::vector<SizePt>& pages) {
    return FaultFinder(form, pages).find();
}

}  // namespace avtalskoll::pipeline
