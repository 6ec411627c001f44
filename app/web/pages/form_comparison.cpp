// Two versions of a form beside each other, and what differs between them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "app/service/form_workshop.h"
#include "app/web/layout.h"
#include "app/web/pages/pages.h"

namespace avtalskoll::app::web {
namespace {

enum class Change { None, Moved, Changed, OnlyHere };

using FieldsByName = std::map<std::pair<std::string, std::string>, const Field*>;

FieldsByName fields_of(const Form& form) {
    FieldsByName fields;
    for_each_field(form, [&](const FormPoint& point, const Field& field) {
        fields[{point.number, field.id}] = &field;
    });
    return fields;
}

bool is_same_place(const Place& a, const Place& b) {
    constexpr double kSame_pt = 1.5;
    return a.page == b.page && std::abs(a.box.x - b.box.x) < kSame_pt &&
           std::abs(a.box.y - b.box.y) < kSame_pt && std::abs(a.box.w - b.box.w) < kSame_pt &&
           std::abs(a.box.h - b.box.h) < kSame_pt;
}

Change change_of(const Field& field, const Field* other) {
    if (!other) return Change::OnlyHere;
    if (field.kind != other->kind || field.required != other->required ||
        field.label != other->label)
        return Change::Changed;
    return is_same_place(field.place, other->place) ? Change::None : Change::Moved;
}

// The class of a place's rectangle: what is only in the newer one was added.
const char* class_of(Change change, bool newer) {
    switch (change) {
        case Change::OnlyHere: return newer ? "added" : "removed";
        case Change::Moved:
        case Change::Changed: return "changed";
        case Change::None: break;
    }
    return "";
}

class Comparison {
public:
    Comparison(const WorkshopForm& one, const WorkshopForm& other)
        : one_(one), other_(other), fields_{fields_of(one.form), fields_of(other.form)} {}

    Data pages() const {
        Data rows = list();
        const std::size_t most = std::max(one_.form.pages.size(), other_.form.pages.size());
        for (std::size_t p = 1; p <= most; ++p) {
            Data row, sides = list();
            sides.push_back(sheet(one_, static_cast<int>(p), false));
            sides.push_back(sheet(other_, static_cast<int>(p), true));
            row.set("sides", sides);
            rows.push_back(row);
        }
        return rows;
    }

    Data differences(const Visit& visit) const {
        Data rows = list();
        const auto add = [&](const std::string& point, const Field& field, const Message& text) {
            Data row;
            row.set("point", point);
            row.set("label", field.label);
            row.set("text", visit.say(text));
            rows.push_back(row);
        };
        for (const auto& [name, field] : fields_[0]) switch (change_of(*field, found(1, name))) {
                case Change::OnlyHere:
                    add(name.first, *field, Message("form_comparison.removed"));
                    break;
                case Change::Changed:
                    add(name.first, *field, Message("form_comparison.changed"));
                    break;
                case Change::Moved:
                    add(name.first, *field, Message("form_comparison.moved"));
                    break;
                case Change::None: break;
            }
        for (const auto& [name, field] : fields_[1])
            if (!found(0, name)) add(name.first, *field, Message("form_comparison.added"));
        return rows;
    }

private:
    const Field* found(std::size_t side, const std::pair<std::string, std::string>& name) const {
        const auto at = fields_[side].find(name);
        return at == fields_[side].end() ? nullptr : at->second;
    }

    Data sheet(const WorkshopForm& form, int page, bool newer) const {
        Data d, places = list();
        d.set("version", form.form.version);
        const bool is_there = page <= static_cast<int>(form.form.pages.size());
        d.set("page", std::to_string(page));
        d.set("src",
              is_there ? Data(fmt::format("/formular/{}/sida/{}", percent_encoded(form.name), page))
                       : flag(false));
        if (!is_there) return d;
        const SizePt& size = form.form.pages[static_cast<std::size_t>(page - 1)];
        d.set("view", fmt::format("0 0 {:.1f} {:.1f}", size.w, size.h));
        for (const auto& [name, field] : fields_[newer ? 1 : 0]) {
            if (field->place.page != page) continue;
            const BoxPt& box = field->place.box;
            Data place;
            place.set("x", fmt::format("{:.1f}", box.x));
            place.set("y", fmt::format("{:.1f}", box.y));
            place.set("w", fmt::format("{:.1f}", box.w));
            place.set("h", fmt::format("{:.1f}", box.h));
            place.set("change", class_of(change_of(*field, found(newer ? 0 : 1, name)), newer));
            places.push_back(place);
        }
        d.set("places", places);
        return d;
    }

    const WorkshopForm &one_, &other_;
    FieldsByName fields_[2];
};

}  // namespace

Response compare_forms(const Visit& visit) {
    const auto one = visit.services.workshop.find(visit.argument(1)),
               other = visit.services.workshop.find(visit.argument(0));
    if (!one || !other)
        return message_page(audience_of(visit), 404, Message("form_pages.not_there"));
    Data data = page_data(&visit.who, other->form.title, "forms");
    data.set("heading", other->form.title);
    data.set("before", one->form.version);
    data.set("now", other->form.version);
    const Comparison comparison(*one, *other);
    data.set("pages", comparison.pages());
    data.set("differences", comparison.differences(visit));
    data.set("path", "/formular/" + percent_encoded(other->name));
    return html("form_comparison", data);
}

}  // namespace avtalskoll::app::web
