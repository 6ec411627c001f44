#include "pipeline/forms/form_import.h"

#include "ocr/document/rasterizer.h"
#include "pipeline/files/atomic_file.h"
#include "pipeline/files/definition.h"
#include "pipeline/files/file_hash.h"
#include "pipeline/files/scratch_folder.h"
#include "pipeline/forms/blank_from_filled.h"
#include "pipeline/forms/form_registry.h"
#include "pipeline/forms/form_writer.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

void check_name(const char* option, const std::string& name, const std::string& allowed) {
    const bool fine =
        !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [&](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                   allowed.find(c) != std::string::npos;
        });
    if (!fine)
        throw Error(ErrorKind::BadInput, fmt::format("{} '{}': letters a to z, digits and {} only",
                                                     option, name, fmt::join(allowed, " ")));
}

// Two forms of one blank could not be told apart: every page would be either's.
void refuse_registered_blank(const ImportOptions& options) {
    const std::string hash = sha256_of(options.blank);
    if (!fs::is_directory(options.out)) return;
    for (const auto& entry : fs::directory_iterator(options.out))
        if (const fs::path blank = entry.path() / "blank.pdf";
            fs::exists(blank) && sha256_of(blank) == hash)
            throw Error(ErrorKind::BadInput,
                        fmt::format("{}: is registered already, as {}", options.blank.string(),
                                    entry.path().string()));
}

// True when requirements.yaml names a form. Faults of other forms there concern those who use them.
bool names_form(const fs::path& folder, const std::string& id) try {
    const std::vector<Requirement> known = load_forms(folder).requirements;
    return std::any_of(known.begin(), known.end(), [&](const Requirement& r) {
        return std::find(r.any_of.begin(), r.any_of.end(), id) != r.any_of.end();
    });
} catch (const Error&) {
    return false;
}

std::vector<BlankContent> read_blank(const fs::path& blank, const ocr::BlankLayout& layout) {
    std::vector<BlankContent> pages;
    ocr::ReadingTools tools;
    ocr::Rasterizer rasterizer(blank, {});
    while (auto drawn = rasterizer.next()) {
        if (!drawn->trouble.empty())
            throw at_place(fmt::format("{}: page {}", blank.string(), pages.size() + 1),
                           Error(ErrorKind::BadInput, drawn->trouble));
        const SizePt size = layout.pages.at(pages.size());
        const PageText& text = drawn->image.text;
        pages.push_back({size,
                         text.is_born_digital() && !text.words.empty()
                             ? text.words
                             : ocr::read_words(drawn->image, size, tools),
                         ocr::find_print_layout(drawn->image, size)});
    }
    return pages;
}

std::string definition_of(const ImportOptions& options, const FormDraft& draft) {
    FormDefinition form{options.id, options.version,
                        options.title.empty() ? draft.title : options.title};
    form.notes = {
        "Drafted from the blank. See docs/forms.md for every key; look at it with 'avtalskoll form "
        "check'."};
    for (const std::string& doubt : draft.doubts) form.notes.push_back("look at this: " + doubt);
    form.points = draft.points;
    return yaml_of(form);
}

ImportedForm import_filled(const ImportOptions& options, const std::string& name,
                           const FieldWords& words) {
    const ScratchFolder staging(options.out / ("." + name + ".filled"));
    ImportOptions from_blank = options;
    from_blank.blank = staging.path() / "shared-print.pdf";
    from_blank.filled.clear();
    write_blank_from_filled(options.filled, from_blank.blank);
    return import_form(from_blank, words);
}

}  // namespace

ImportedForm import_form(const ImportOptions& options, const FieldWords& words) try {
    check_name("--id", options.id, "-_");
    check_name("--version", options.version, "-_.");
    const std::string name = options.id + "-" + options.version;
    if (!options.filled.empty()) return import_filled(options, name, words);
    ImportedForm imported{options.out / name, {}, false};
    if (fs::exists(imported.folder))
        throw Error(
            ErrorKind::BadInput,
            fmt::format(
                "{}: is registered already; take another --version, or remove the folder first",
                imported.folder.string()));
    refuse_registered_blank(options);
    const ocr::BlankLayout layout = ocr::read_blank_layout(options.blank);
    imported.draft =
        draft_form(read_blank(options.blank, layout), layout, words, options.counterparty);
    if (!options.counterparty.empty() && !imported.draft.counterparty_found)
        throw Error(ErrorKind::BadInput,
                    fmt::format("--counterparty '{}': stands over none of the blank's signature "
                                "lines; give it as it is printed there",
                                options.counterparty));
    if (!imported.draft.version.empty() && imported.draft.version != options.version)
        imported.draft.doubts.insert(imported.draft.doubts.begin(),
                                     fmt::format("the blank calls itself version {}, not {}",
                                                 imported.draft.version, options.version));
    if (imported.draft.points.empty())
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: nothing to fill in or sign was found: no fillable field, no "
                                "printed box, no line with a label",
                                options.blank.string()));
    fs::create_directories(options.out);
    ScratchFolder staging(options.out / ("." + name + ".new"));
    fs::copy_file(options.blank, staging.path() / "blank.pdf");
    write_whole(staging.path() / "form.yaml", definition_of(options, imported.draft));
    load_form(staging.path());  // proves that the form can be used
    staging.keep_as(imported.folder);
    if (const fs::path requirements = options.out / "requirements.yaml";
        !fs::exists(requirements)) {
        write_whole(requirements,
                    fmt::format("# Which forms a submission must hold, and when: always, or "
                                "personal_data.\nrequirements:\n  - form: {}\n    when: always\n",
                                options.id));
        imported.required_anew = true;
    } else {
        imported.required = names_form(options.out, options.id);
    }
    return imported;
} catch (const fs::filesystem_error& e) {
    throw Error(ErrorKind::Io, fmt::format("{}: {}", e.path1().string(), e.code().message()));
}

}  // namespace avtalskoll::pipeline
