#include "app/cli/form_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/cli/options.h"
#include "app/service/data_dir.h"
#include "models/error.h"
#include "models/text.h"
#include "ocr/reading/page_reader.h"
#include "pipeline/forms/form_picture.h"
#include "pipeline/forms/form_registry.h"
#include "pipeline/forms/word_lists.h"

namespace avtalskoll::app {
namespace {

using nlohmann::ordered_json;

std::string place_text(const Place& place) {
    return fmt::format("page {} at {:.0f}, {:.0f}, {:.0f} x {:.0f} points", place.page, place.box.x,
                       place.box.y, place.box.w, place.box.h);
}

void print_points(const Form& form) {
    for (const FormPoint& point : form.points) {
        fmt::print("  {}{}{}\n", point.number, point.title.empty() ? "" : " ", point.title);
        for (const Field& field : point.fields) {
            fmt::print("    {:<24} {:<20} {}{}\n", field.id, to_string(field.kind),
                       place_text(field.place), field.required ? "" : ", optional");
            for (const Place& empty : field.keep_empty)
                fmt::print("    {:<45} {}\n", "  the other side's, stays empty", place_text(empty));
        }
    }
}

std::string required_when(const FormSet& set, const Form& form) {
    for (const Requirement& r : set.requirements) {
        if (std::find(r.any_of.begin(), r.any_of.end(), form.id) == r.any_of.end()) continue;
        const std::string when = r.when == RequiredWhen::Always ? "always" : "personal data";
        return r.any_of.size() == 1 ? when
                                    : fmt::format("{}, one of {}", when, fmt::join(r.any_of, ", "));
    }
    return "no";
}

FormSet load(const std::filesystem::path& forms) {
    return pipeline::load_forms(forms.empty() ? data_dir() / "forms" : forms);
}

ordered_json place_json(const Place& place) {
    return {{"page", place.page}, {"box", {place.box.x, place.box.y, place.box.w, place.box.h}}};
}

ordered_json form_json(const FormSet& set, const Form& form, bool with_points) {
    ordered_json out{{"id", form.id},
                     {"version", form.version},
                     {"title", form.title},
                     {"pages", form.pages.size()},
                     {"withdrawn", form.withdrawn},
                     {"required", required_when(set, form)}};
    if (!with_points) return out;
    for (const FormPoint& point : form.points) {
        ordered_json fields = ordered_json::array();
        for (const Field& field : point.fields) {
            ordered_json one{{"id", field.id},
                             {"label", field.label},
                             {"kind", to_string(field.kind)},
                             {"required", field.required},
                             {"place", place_json(field.place)}};
            for (const Place& empty : field.keep_empty)
                one["keep_empty"].push_back(place_json(empty));
            fields.push_back(std::move(one));
        }
        out["points"].push_back(
            {{"number", point.number}, {"title", point.title}, {"fields", std::move(fields)}});
    }
    return out;
}

// Those of the whole draft, then those of its places.
void print_doubts(const pipeline::FormDraft& draft) {
    std::vector<std::string> doubts = draft.doubts;
    for (const pipeline::DraftPoint& point : draft.points)
        for (const pipeline::DraftField& f : point.fields)
            for (const std::string& doubt : f.doubts)
                doubts.push_back(fmt::format("page {}, point {}, '{}': {}", f.field.place.page,
                                             point.number, f.field.label, doubt));
    if (!doubts.empty()) fmt::print("\nLook at these:\n");
    for (const std::string& doubt : doubts) fmt::print("  - {}\n", doubt);
}

pipeline::DoubtedFields doubted_fields(const pipeline::FormDraft& draft) {
    pipeline::DoubtedFields doubted;
    for (const pipeline::DraftPoint& point : draft.points)
        for (const pipeline::DraftField& f : point.fields)
            if (!f.doubts.empty()) doubted.emplace(point.number, f.field.id);
    return doubted;
}

// `folder` empty: form-check/<id>-<version>.
void draw(const Form& form, const std::filesystem::path& folder,
          const pipeline::DoubtedFields& doubted) {
    const std::filesystem::path out =
        folder.empty() ? std::filesystem::path("form-check") / (form.id + "-" + form.version)
                       : folder;
    fmt::print("\nThe places as they were understood:\n");
    for (const auto& picture : pipeline::draw_form(form, out, doubted))
        fmt::print("  {}\n", picture.string());
}

}  // namespace

int run_form_import(const FormImportOptions& options) {
    ocr::prepare_process();
    const pipeline::ImportedForm imported = pipeline::import_form(
        options.import, pipeline::load_field_words(data_dir() / "field_words.yaml"));
    const Form form = pipeline::load_form(imported.folder);
    fmt::print("{}: {}, {} that ask for something\n", imported.folder.string(),
               counted(form.pages.size(), "page"), counted(form.points.size(), "point"));
    print_points(form);
    print_doubts(imported.draft);
    draw(form, options.pictures, doubted_fields(imported.draft));
    fmt::print("\nCorrect {} where it is wrong, then: avtalskoll form check {}\n",
               (imported.folder / "form.yaml").string(), imported.folder.string());
    if (imported.required_anew)
        fmt::print("requirements.yaml was written beside it and asks for this form always.\n");
    else if (!imported.required)
        fmt::print("Say in requirements.yaml beside it when a submission must hold it.\n");
    else
        fmt::print(
            "requirements.yaml beside it names '{}' already: that holds for all its versions.\n",
            options.import.id);
    return 0;
}

int run_form_check(const FormCheckOptions& options) {
    const Form form = pipeline::load_form(options.folder);
    fmt::print("{} {}: {}{}\n", form.id, form.version, form.title,
               form.withdrawn ? " (withdrawn)" : "");
    print_points(form);
    draw(form, options.out, {});
    return 0;
}

int run_form_list(const FormListOptions& options) {
    const FormSet set = load(options.forms);
    if (options.format == OutputFormat::Json) {
        ordered_json all = ordered_json::array();
        for (const Form& form : set.forms) all.push_back(form_json(set, form, false));
        fmt::print("{}\n", all.dump(1));
        return 0;
    }
    fmt::print("{:<24} {:<10} {:>5}  {:<14} {}\n", "id", "version", "pages", "required", "title");
    for (const Form& form : set.forms)
        fmt::print("{:<24} {:<10} {:>5}  {:<14} {}{}\n", form.id, form.version, form.pages.size(),
                   required_when(set, form), form.title, form.withdrawn ? " (withdrawn)" : "");
    return 0;
}

int run_form_show(const FormShowOptions& options) {
    const FormSet set = load(options.forms);
    ordered_json all = ordered_json::array();
    for (const Form& form : set.forms) {
        if (form.id != options.id || (!options.version.empty() && form.version != options.version))
            continue;
        all.push_back(form_json(set, form, true));
        if (options.format == OutputFormat::Json) continue;
        fmt::print("{} {}: {}{}, required: {}\n", form.id, form.version, form.title,
                   form.withdrawn ? " (withdrawn)" : "", required_when(set, form));
        print_points(form);
    }
    if (all.empty())
        throw Error(
            ErrorKind::NotFound,
            fmt::format("no registered form has the id '{}'{}; 'avtalskoll form list' shows them",
                        options.id,
                        options.version.empty()
                            ? ""
                            : fmt::format(" and the version '{}'", options.version)));
    if (options.format == OutputFormat::Json) fmt::print("{}\n", all.dump(1));
    return 0;
}

namespace {

void add_form_import(CLI::App* form, Work& work) {
    const auto options = std::make_shared<FormImportOptions>();
    pipeline::ImportOptions& draft = options->import;
    CLI::App* import = form->add_subcommand("import", "Set up a new form from its blank PDF");
    import->footer(
        "Writes DIR/<id>-<version>/ with the blank and a drafted form.yaml, or nothing at all. "
        "Fillable fields, printed boxes,\n"
        "table cells, lines, runs of underscores and [words in brackets] become places; headings "
        "become points. What is\n"
        "doubtful is said, and marked in pictures of the pages.\n\n"
        "Example:\n"
        "  avtalskoll form import leveransavtal.pdf --id leveransavtal --version 1.0 --out "
        "data/forms\n"
        "  avtalskoll form import --from-filled a.pdf b.pdf c.pdf --id leveransavtal --version "
        "1.0");
    CLI::Option_group* source = import->add_option_group("Source");
    source->require_option(1);
    source->add_option("BLANK", draft.blank, "The blank form, a PDF that nothing is filled in on")
        ->check(CLI::ExistingFile);
    source
        ->add_option("--from-filled", draft.filled,
                     "Without a blank: scans of the form that are filled in, two at least and "
                     "better three, by\ndifferent senders; what they share becomes the blank")
        ->check(CLI::ExistingFile)
        ->type_name("FILE...");
    import->add_option("--id", draft.id, "Stable name of the agreement in reports")->required();
    import->add_option("--version", draft.version, "Version as printed on the form")->required();
    import->add_option("--title", draft.title,
                       "Name for people (default: the largest print on page 1)");
    import
        ->add_option("--counterparty", draft.counterparty,
                     "Who signs for the other side, as printed (default: guessed)")
        ->type_name("NAME");
    import->add_option("--out", draft.out, "Folder of forms")
        ->type_name("DIR")
        ->capture_default_str();
    import
        ->add_option("--pictures", options->pictures,
                     "Folder for pictures of the draft (default: form-check/<id>-<version>)")
        ->type_name("DIR");
    when_given(import, work, run_form_import, options);
}

void add_form_check(CLI::App* form, Work& work) {
    const auto options = std::make_shared<FormCheckOptions>();
    CLI::App* check = form->add_subcommand(
        "check", "Say what is wrong with a form's folder, or draw what was understood");
    check->add_option("DIR", options->folder, "The form's folder, with form.yaml")
        ->required()
        ->check(CLI::ExistingDirectory);
    check
        ->add_option("--out", options->out,
                     "Folder for the pictures (default: form-check/<id>-<version>)")
        ->type_name("DIR");
    when_given(check, work, run_form_check, options);
}

void add_form_list(CLI::App* form, Work& work) {
    const auto options = std::make_shared<FormListOptions>();
    CLI::App* list = form->add_subcommand("list", "List the registered forms");
    add_forms(list, options->forms);
    add_format(list, options->format);
    when_given(list, work, run_form_list, options);
}

void add_form_show(CLI::App* form, Work& work) {
    const auto options = std::make_shared<FormShowOptions>();
    CLI::App* show = form->add_subcommand("show", "Show what a form asks for and where");
    show->add_option("ID", options->id, "The form's id")->required();
    show->add_option("--version", options->version, "One version only");
    add_forms(show, options->forms);
    add_format(show, options->format);
    when_given(show, work, run_form_show, options);
}

}  // namespace

void add_form(CLI::App& program, Work& work) {
    CLI::App* form = program.add_subcommand("form", "Set up, check and show registered forms");
    form->require_subcommand(1);
    form->footer("docs/forms.md tells step by step how a new agreement is set up.");
    add_form_import(form, work);
    add_form_check(form, work);
    add_form_list(form, work);
    add_form_show(form, work);
}

}  // namespace avtalskoll::app
