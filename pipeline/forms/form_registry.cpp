#include "pipeline/forms/form_registry.h"

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "models/error.h"
#include "models/text.h"
#include "ocr/document/blank_layout.h"
#include "pipeline/files/definition.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

// The known name nearest to a mistyped one, for "did you mean".
std::string nearest(const std::string& name,
                    const std::map<std::string, ocr::FillableField>& known) {
    std::string best;
    for (const auto& [candidate, field] : known)
        if (best.empty() || edit_distance(name, candidate) < edit_distance(name, best))
            best = candidate;
    return best.empty() ? "" : fmt::format("; did you mean '{}'?", best);
}

Place read_box(const Definition& file, const YAML::Node& node, const ocr::BlankLayout& layout) {
    Place place;
    place.page = file.get<int>(node, "page");
    const auto numbers = file.get<std::vector<double>>(node, "box");
    if (place.page < 1 || place.page > static_cast<int>(layout.pages.size()))
        file.refuse(node["page"], fmt::format("page {} is outside the blank, which has {} pages",
                                              place.page, layout.pages.size()));
    if (numbers.size() != 4 || numbers[2] <= 0 || numbers[3] <= 0)
        file.refuse(node["box"],
                    "'box' must be [x, y, width, height] in points, width and height above 0");
    place.box = {numbers[0], numbers[1], numbers[2], numbers[3]};
    const SizePt size = layout.pages[static_cast<std::size_t>(place.page - 1)];
    if (place.box.x < 0 || place.box.y < 0 || place.box.right() > size.w + 0.5 ||
        place.box.bottom() > size.h + 0.5)
        file.refuse(node["box"],
                    fmt::format("the box reaches outside page {}, which is {:.0f} x {:.0f} points",
                                place.page, size.w, size.h));
    return place;
}

Place read_place(const Definition& file, const YAML::Node& node, const ocr::BlankLayout& layout) {
    if (!node["acroform"]) return read_box(file, node, layout);
    if (node["page"] || node["box"])
        file.refuse(node, "a field has either 'acroform' or 'page' with 'box', not both");
    const auto name = file.get<std::string>(node, "acroform");
    const auto found = layout.fields.find(name);
    if (found == layout.fields.end())
        file.refuse(node["acroform"], fmt::format("field '{}' is not in the blank's AcroForm{}",
                                                  name, nearest(name, layout.fields)));
    return found->second.place;
}

Field read_field(const Definition& file, const YAML::Node& node, const ocr::BlankLayout& layout) {
    file.only_keys(node, {"id", "label", "kind", "required", "acroform", "page", "box", "prompt",
                          "keep_empty", "name_field"});
    Field field;
    field.id = file.get<std::string>(node, "id");
    field.label = file.get<std::string>(node, "label");
    const auto kind = file.get<std::string>(node, "kind");
    const auto known = parse_field_kind(kind);
    if (!known)
        file.refuse(node["kind"],
                    fmt::format("unknown kind '{}'; known: text, organisation_number, person, "
                                "role, phone, email, free_text, signature",
                                kind));
    field.kind = *known;
    field.required = file.get_or(node, "required", true);
    field.name_field = file.get_or<std::string>(node, "name_field", "");
    field.prompt = file.get_or<std::string>(node, "prompt", "");
    field.place = read_place(file, node, layout);
    if (const YAML::Node others = node["keep_empty"]) {
        if (field.kind != FieldKind::Signature)
            file.refuse(others, "'keep_empty' belongs to a signature");
        for (const YAML::Node& other : file.list(node, "keep_empty")) {
            file.only_keys(other, {"acroform", "page", "box"});
            field.keep_empty.push_back(read_place(file, other, layout));
        }
    }
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
    file.only_keys(file.root(), {"id", "version", "title", "withdrawn", "blank", "points"});
    Form form;
    form.id = file.get<std::string>(file.root(), "id");
    form.version = file.get<std::string>(file.root(), "version");
    form.title = file.get<std::string>(file.root(), "title");
    form.withdrawn = file.get_or(file.root(), "withdrawn", false);
    form.blank = folder / file.get<std::string>(file.root(), "blank");
    if (!fs::is_regular_file(form.blank))
        file.refuse(file.root()["blank"], fmt::format("there is no file {}", form.blank.string()));
    const ocr::BlankLayout layout = ocr::read_blank_layout(form.blank);
    form.pages = layout.pages;
    std::set<std::string> numbers;
    for (const YAML::Node& node : file.list(file.root(), "points")) {
        form.points.push_back(read_point(file, node, layout));
        if (!numbers.insert(form.points.back().number).second)
            file.refuse(node, fmt::format("point {} stands twice", form.points.back().number));
    }
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
