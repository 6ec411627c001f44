#include "pipeline/forms/form_registry.h"

#include <fmt/format.h>
#include <algorithm>
#include <regex>
#include <set>

#include "models/error.h"
#include "models/text.h"
#include "ocr/document/blank_layout.h"
#include "pipeline/files/definition.h"
#include "pipeline/forms/form_relations.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

std::vector<double> as_numbers(const Definition& file, const YAML::Node& node, const char* key) {
    try {
        return node.as<std::vector<double>>();
    } catch (const YAML::Exception&) {
        file.refuse(node, fmt::format("'{}' has a value of the wrong type", key));
    }
}

bool is_pattern(const std::string& pattern) try {
    const std::regex compiled(pattern);
    return true;
} catch (const std::regex_error&) {
    return false;
}

// The known name nearest to a mistyped one, for "did you mean".
std::string nearest(const std::string& name,
                    const std::map<std::string, ocr::FillableField>& known) {
    std::string best;
    for (const auto& [candidate, field] : known)
        if (best.empty() || edit_distance(name, candidate) < edit_distance(name, best))
            best = candidate;
    return best.empty() ? "" : fmt::format("; did you mean '{}'?", best);
}

struct Sheet {
    int page;
    SizePt size;
};

// A box of points, [x, y, width, height], on a page of the blank.
BoxPt read_box(const Definition& file, const YAML::Node& node, const char* key,
               const Sheet& sheet) {
    const auto numbers = as_numbers(file, node, key);
    if (numbers.size() != 4 || numbers[2] <= 0 || numbers[3] <= 0)
        file.refuse(node, fmt::format("'{}' must be [x, y, width, height] in points, width and "
                                      "height above 0",
                                      key));
    const BoxPt box{numbers[0], numbers[1], numbers[2], numbers[3]};
    const SizePt& size = sheet.size;
    if (box.x < 0 || box.y < 0 || box.right() > size.w + 0.5 || box.bottom() > size.h + 0.5)
        file.refuse(node,
                    fmt::format("the box reaches outside page {}, which is {:.0f} x {:.0f} points",
                                sheet.page, size.w, size.h));
    return box;
}

Sheet read_page(const Definition& file, const YAML::Node& node, const ocr::BlankLayout& layout) {
    const int page = file.get<int>(node, "page");
    if (page < 1 || page > static_cast<int>(layout.pages.size()))
        file.refuse(node["page"], fmt::format("page {} is outside the blank, which has {} pages",
                                              page, layout.pages.size()));
    return {page, layout.pages[static_cast<std::size_t>(page - 1)]};
}

Place read_place(const Definition& file, const YAML::Node& node, const ocr::BlankLayout& layout) {
    if (!node["acroform"]) {
        const Sheet sheet = read_page(file, node, layout);
        if (node["parts"]) return {sheet.page, {}};
        if (!node["box"]) file.refuse(node, "'box' is missing");
        return {sheet.page, read_box(file, node["box"], "box", sheet)};
    }
    if (node["page"] || node["box"] || node["parts"])
        file.refuse(node,
                    "a field has either 'acroform' or 'page' with 'box' or 'parts', not both");
    const auto name = file.get<std::string>(node, "acroform");
    const auto found = layout.fields.find(name);
    if (found == layout.fields.end())
        file.refuse(node["acroform"], fmt::format("field '{}' is not in the blank's AcroForm{}",
                                                  name, nearest(name, layout.fields)));
    return found->second.place;
}

FieldKind read_kind(const Definition& file, const YAML::Node& node) {
    const auto name = file.get<std::string>(node, "kind");
    if (const auto kind = parse_field_kind(name)) return *kind;
    std::vector<std::string> known;
    for (const KindTraits& traits : all_kinds()) known.emplace_back(traits.name);
    file.refuse(node["kind"],
                fmt::format("unknown kind '{}'; known: {}", name, fmt::join(known, ", ")));
}

void read_parts(const Definition& file, const YAML::Node& node, const Sheet& sheet, Field& field) {
    if (!node["parts"]) return;
    if (node["box"]) file.refuse(node, "a field has either 'box' or 'parts', not both");
    for (const YAML::Node& part : file.list(node, "parts")) {
        const BoxPt box = read_box(file, part, "parts", sheet);
        field.place.box = field.parts.empty() ? box : hull_of(field.place.box, box);
        field.parts.push_back(box);
    }
}

void read_options(const Definition& file, const YAML::Node& node, const Sheet& sheet,
                  Field& field) {
    if (field.kind != FieldKind::Choice) {
        for (const char* key : {"options", "max_ticked"})
            if (node[key]) file.refuse(node[key], fmt::format("'{}' belongs to a choice", key));
        return;
    }
    std::set<std::string> labels;
    for (const YAML::Node& option : file.list(node, "options")) {
        file.only_keys(option, {"label", "box"});
        if (!option["box"]) file.refuse(option, "'box' is missing");
        field.options.push_back(
            {file.get<std::string>(option, "label"), read_box(file, option["box"], "box", sheet)});
        if (!labels.insert(field.options.back().label).second)
            file.refuse(option,
                        fmt::format("option '{}' stands twice", field.options.back().label));
    }
    field.most_ticks = file.get_or(node, "max_ticked", 1);
    if (field.most_ticks < 1) file.refuse(node["max_ticked"], "'max_ticked' must be 1 or more");
}

void read_bounds(const Definition& file, const YAML::Node& node, Field& field) {
    field.bounds.pattern = file.get_or<std::string>(node, "pattern", "");
    if (node["min"]) field.bounds.least = file.get<double>(node, "min");
    if (node["max"]) field.bounds.most = file.get<double>(node, "max");
    const bool numeric = field.kind == FieldKind::Number || field.kind == FieldKind::Amount;
    if ((field.bounds.least || field.bounds.most) && !numeric)
        file.refuse(node, "'min' and 'max' belong to a number or an amount");
    if (!has_value(field.kind) && field.bounds.any())
        file.refuse(node["pattern"], "'pattern' belongs to a value that is written");
    if (!is_pattern(field.bounds.pattern))
        file.refuse(node["pattern"], "'pattern' is no regular expression (ECMAScript)");
}

void read_keep_empty(const Definition& file, const YAML::Node& node, const ocr::BlankLayout& layout,
                     Field& field) {
    const YAML::Node others = node["keep_empty"];
    if (!others) return;
    if (!is_signature(field.kind)) file.refuse(others, "'keep_empty' belongs to a signature");
    for (const YAML::Node& other : file.list(node, "keep_empty")) {
        file.only_keys(other, {"acroform", "page", "box"});
        field.keep_empty.push_back(read_place(file, other, layout));
    }
}

Field read_field(const Definition& file, const YAML::Node& node, const ocr::BlankLayout& layout) {
    file.only_keys(node, {"id", "label", "kind", "required", "acroform", "page", "box", "parts",
                          "cells", "prompt", "pattern", "min", "max", "options", "max_ticked",
                          "keep_empty", "name_field"});
    Field field;
    field.id = file.get<std::string>(node, "id");
    field.label = file.get<std::string>(node, "label");
    field.kind = read_kind(file, node);
    field.required = file.get_or(node, "required", true);
    field.name_field = file.get_or<std::string>(node, "name_field", "");
    field.prompt = file.get_or<std::string>(node, "prompt", "");
    field.cells = file.get_or(node, "cells", 0);
    if (node["cells"] && (field.cells < 2 || !has_value(field.kind)))
        file.refuse(node["cells"], "'cells' is the number of cells of a value, 2 or more");
    field.place = read_place(file, node, layout);
    const Sheet sheet{field.place.page,
                      layout.pages[static_cast<std::size_t>(field.place.page - 1)]};
    read_parts(file, node, sheet, field);
    read_options(file, node, sheet, field);
    read_bounds(file, node, field);
    read_keep_empty(file, node, layout, field);
    return field;
}

FormPoint read_point(const Definition& file, const YAML::Node& node,
                     const ocr::BlankLayout& layout) {
    file.only_keys(node, {"number", "title", "fields"});
    FormPoint point;
    point.number = file.get<std::string>(node, "number");
    point.title = file.get<std::string>(node, "title");
    std::set<std::string> ids;
    for (const YAML::Node& one : file.list(node, "fields")) {
        point.fields.push_back(read_field(file, one, layout));
        if (!ids.insert(point.fields.back().id).second)
            file.refuse(one, fmt::format("field id '{}' stands twice in point {}",
                                         point.fields.back().id, point.number));
    }
    for (const Field& field : point.fields)
        if (!field.name_field.empty() && !ids.contains(field.name_field))
            file.refuse(node, fmt::format("name_field '{}' is no field of point {}",
                                          field.name_field, point.number));
    return point;
}

// The forms that a requirement names: one as 'form', several as 'any_of'.
std::vector<std::string> required_forms(const Definition& file, const YAML::Node& node,
                                        const std::vector<Form>& forms) {
    if (node["form"] && node["any_of"])
        file.refuse(node, "a requirement has either 'form' or 'any_of', not both");
    const YAML::Node several = node["any_of"];
    auto ids = several ? file.get<std::vector<std::string>>(node, "any_of")
                       : std::vector{file.get<std::string>(node, "form")};
    const YAML::Node at = several ? several : node["form"];
    if (std::set(ids.begin(), ids.end()).size() != ids.size())
        file.refuse(at, "'any_of' names a form twice");
    if (several && ids.size() < 2)
        file.refuse(at, "'any_of' must name two forms at least; of one, say 'form'");
    for (const std::string& id : ids)
        if (std::none_of(forms.begin(), forms.end(), [&](const Form& f) { return f.id == id; }))
            file.refuse(at, fmt::format("no registered form has the id '{}'", id));
    return ids;
}

std::vector<Requirement> load_requirements(const fs::path& path, const std::vector<Form>& forms) {
    const Definition file(path);
    file.only_keys(file.root(), {"requirements"});
    std::vector<Requirement> requirements;
    for (const YAML::Node& node : file.list(file.root(), "requirements")) {
        file.only_keys(node, {"form", "any_of", "when"});
        Requirement one{required_forms(file, node, forms), RequiredWhen::Always};
        const auto when = file.get<std::string>(node, "when");
        if (when == "personal_data") one.when = RequiredWhen::PersonalData;
        else if (when != "always")
            file.refuse(node["when"],
                        fmt::format("'when' is '{}'; known: always, personal_data", when));
        requirements.push_back(one);
    }
    return requirements;
}

// Hidden folders are imports that were interrupted.
std::vector<fs::path> folders_of_forms(const fs::path& dir) {
    if (!fs::is_directory(dir))
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: no such folder of forms (--forms)", dir.string()));
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(dir))
        if (!entry.path().filename().string().starts_with('.') &&
            fs::exists(entry.path() / "form.yaml"))
            folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    if (folders.empty())
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: no folder in it holds a form.yaml", dir.string()));
    return folders;
}

}  // namespace

Form load_form(const fs::path& folder) {
    const Definition file(folder / "form.yaml");
    file.only_keys(file.root(),
                   {"id", "version", "title", "withdrawn", "blank", "points", "rules"});
    Form form;
    form.id = file.get<std::string>(file.root(), "id");
    form.version = file.get<std::string>(file.root(), "version");
    form.title = file.get<std::string>(file.root(), "title");
    form.withdrawn = file.get_or(file.root(), "withdrawn", false);
    form.blank = folder / file.get<std::string>(file.root(), "blank");
    std::error_code unreadable;  // such as a name that is too long
    if (!fs::is_regular_file(form.blank, unreadable))
        file.refuse(file.root()["blank"], fmt::format("there is no file {}", form.blank.string()));
    const ocr::BlankLayout layout = ocr::read_blank_layout(form.blank);
    form.pages = layout.pages;
    std::set<std::string> numbers;
    for (const YAML::Node& node : file.list(file.root(), "points")) {
        form.points.push_back(read_point(file, node, layout));
        if (!numbers.insert(form.points.back().number).second)
            file.refuse(node, fmt::format("point {} stands twice", form.points.back().number));
    }
    form.relations = read_relations(file, form);
    return form;
}

FormSet load_forms(const fs::path& dir) {
    const std::vector<fs::path> folders = folders_of_forms(dir);
    FormSet set;
    std::set<std::pair<std::string, std::string>> seen;
    for (const fs::path& folder : folders) {
        set.forms.push_back(load_form(folder));
        if (!seen.emplace(set.forms.back().id, set.forms.back().version).second)
            throw Error(ErrorKind::BadInput,
                        fmt::format("{}: form '{}' version {} is registered twice", folder.string(),
                                    set.forms.back().id, set.forms.back().version));
    }
    set.requirements = load_requirements(dir / "requirements.yaml", set.forms);
    return set;
}

}  // namespace avtalskoll::pipeline
