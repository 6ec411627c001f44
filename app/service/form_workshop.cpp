#include "app/service/form_workshop.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "models/error.h"
#include "pipeline/files/atomic_file.h"
#include "pipeline/files/scratch_folder.h"
#include "pipeline/forms/form_registry.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDoubted = "doubted.txt";  // beside a draft: a field to a line

constexpr std::size_t kMostNameBytes = 200;  // a file system takes 255

bool is_name(const std::string& name) {
    return !name.empty() && name.size() <= kMostNameBytes && name.front() != '.' &&
           name.find_first_of("/\\") == std::string::npos;
}

std::string read_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string doubted_lines(const pipeline::FormDraft& draft) {
    std::string lines;
    for (const pipeline::DraftPoint& point : draft.points)
        for (const pipeline::DraftField& field : point.fields)
            if (!field.doubts.empty())
                lines += fmt::format("{}\t{}\n", point.number, field.field.id);
    return lines;
}

std::vector<fs::path> form_folders(const fs::path& below) {
    std::vector<fs::path> folders;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(below, none))
        if (is_name(entry.path().filename().string()) && fs::exists(entry.path() / "form.yaml"))
            folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    return folders;
}

[[noreturn]] void rethrow_as_io(const fs::filesystem_error& e) {
    throw Error(ErrorKind::Io, fmt::format("{}: {}", e.path1().string(), e.code().message()));
}

}  // namespace

FormWorkshop::FormWorkshop(fs::path forms, fs::path drafts, pipeline::FieldWords words)
    : forms_(std::move(forms)), drafts_(std::move(drafts)), words_(std::move(words)) {}

fs::path FormWorkshop::folder_of(const std::string& name) const {
    if (!is_name(name)) return {};
    for (const fs::path& folder : {drafts_ / name, forms_ / name})
        if (fs::exists(folder / "form.yaml")) return folder;
    return {};
}

WorkshopForm FormWorkshop::load(const fs::path& folder, bool is_draft) const {
    WorkshopForm found{folder.filename().string(), pipeline::load_form(folder), is_draft};
    std::ifstream in(folder / kDoubted);
    for (std::string line; std::getline(in, line);)
        if (const auto tab = line.find('\t'); tab != std::string::npos)
            found.doubted.emplace(line.substr(0, tab), line.substr(tab + 1));
    return found;
}

std::vector<WorkshopForm> FormWorkshop::list() const {
    const std::lock_guard lock(mutex_);
    std::vector<WorkshopForm> all;
    for (const bool draft : {true, false})
        for (const fs::path& folder : form_folders(draft ? drafts_ : forms_)) try {
                all.push_back(load(folder, draft));
            } catch (const Error& e) {
                if (e.kind() != ErrorKind::BadInput) throw;
            }
    return all;
}

std::optional<WorkshopForm> FormWorkshop::find(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const fs::path folder = folder_of(name);
    if (folder.empty()) return std::nullopt;
    return load(folder, folder.parent_path() == drafts_);
}

std::string FormWorkshop::import(const pipeline::ImportOptions& form) {
    const std::lock_guard lock(mutex_);
    const std::string name = form.id + "-" + form.version;
    if (is_name(name) && fs::exists(forms_ / name))
        throw Error(ErrorKind::BadInput, fmt::format("{} is registered already", name));
    pipeline::ImportOptions as_draft = form;
    as_draft.out = drafts_;
    const pipeline::ImportedForm imported = pipeline::import_form(as_draft, words_);
    pipeline::write_whole(imported.folder / kDoubted, doubted_lines(imported.draft));
    return imported.folder.filename().string();
}

void FormWorkshop::write_alone(const fs::path& folder, const std::string& name,
                               const pipeline::FormDefinition& form) const try {
    const fs::path source = folder_of(name);
    if (source.empty()) throw Error(ErrorKind::NotFound, fmt::format("no form {}", name));
    fs::create_directories(folder / name);
    fs::copy_file(source / form.blank, folder / name / form.blank);
    pipeline::write_whole(folder / name / "form.yaml", pipeline::yaml_of(form));
    pipeline::write_whole(folder / "requirements.yaml",
                          fmt::format("requirements:\n  - form: {}\n    when: always\n", form.id));
} catch (const fs::filesystem_error& e) {
    rethrow_as_io(e);
}

std::string FormWorkshop::fault_of(const std::string& name,
                                   const pipeline::FormDefinition& form) const {
    const std::lock_guard lock(mutex_);
    const pipeline::ScratchFolder scratch(drafts_ / ("." + name + ".check"));
    write_alone(scratch.path(), name, form);
    try {
        pipeline::load_form(scratch.path() / name);
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::BadInput) throw;
        const std::string what = e.what();
        const auto behind = what.find("form.yaml:");
        return behind == std::string::npos ? what : what.substr(behind);
    }
    return {};
}

bool FormWorkshop::is_required(const std::string& id) const try {
    const FormSet set = pipeline::load_forms(forms_);
    return std::any_of(set.requirements.begin(), set.requirements.end(), [&](const auto& r) {
        return std::find(r.any_of.begin(), r.any_of.end(), id) != r.any_of.end();
    });
} catch (const Error&) {
    return false;
}

void FormWorkshop::require(const std::string& id, RequiredWhen when) const {
    const fs::path file = forms_ / "requirements.yaml";
    std::string text = read_text(file);
    if (text.empty()) text = "requirements:\n";
    if (!text.ends_with('\n')) text += '\n';
    text += fmt::format("  - form: {}\n    when: {}\n", id,
                        when == RequiredWhen::Always ? "always" : "personal_data");
    pipeline::write_whole(file, text);
}

void FormWorkshop::save(const std::string& name, const pipeline::FormDefinition& form,
                        const std::optional<RequiredWhen>& when) try {
    const std::lock_guard lock(mutex_);
    const fs::path target = forms_ / name;
    if (fs::exists(target / "form.yaml")) {
        pipeline::write_whole(target / "form.yaml", pipeline::yaml_of(form));
    } else {
        const pipeline::ScratchFolder scratch(forms_ / ("." + name + ".new"));
        write_alone(scratch.path(), name, form);
        pipeline::load_form(scratch.path() / name);  // proves that it can be used
        fs::rename(scratch.path() / name, target);
    }
    std::error_code none;
    fs::remove_all(drafts_ / name, none);
    if (when && !is_required(form.id)) require(form.id, *when);
} catch (const fs::filesystem_error& e) {
    rethrow_as_io(e);
}

void FormWorkshop::discard_draft(const std::string& name) {
    const std::lock_guard lock(mutex_);
    std::error_code none;
    if (is_name(name)) fs::remove_all(drafts_ / name, none);
}

}  // namespace avtalskoll::app
