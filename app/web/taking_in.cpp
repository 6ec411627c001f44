#include "app/web/taking_in.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sodium.h>

#include <ctime>

#include "models/error.h"
#include "pipeline/intake.h"
#include "rules/organisation_number.h"

namespace avtalskoll::app::web {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostNameBytes = 200;

// A folder that is gone when it is left.
class WorkFolder {
public:
    explicit WorkFolder(const fs::path& below) : path_(below / fmt::format("{:08x}{:08x}", randombytes_random(), randombytes_random())) { fs::create_directories(path_ / "parts"); }
    ~WorkFolder() {
        std::error_code gone;
        fs::remove_all(path_, gone);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

std::string new_id() { return fmt::format("{:%Y%m%d-%H%M%S}-{:04x}", fmt::localtime(std::time(nullptr)), randombytes_uniform(0x10000)); }

// A browser's name for a file as one that can stand in a folder: no leading dot, no signs that separate or control.
std::string safe_name(const std::string& name) {
    std::string safe;
    for (const char c : name.substr(0, kMostNameBytes))
        if (static_cast<unsigned char>(c) >= ' ' && c != '/' && c != '\\' && c != '\x7f') safe += c;
    while (safe.starts_with('.')) safe.erase(0, 1);
    while (!safe.empty() && !is_utf8(safe)) safe.pop_back();
    return safe.empty() ? "fil.pdf" : safe;
}

fs::path free_name(const fs::path& folder, const std::string& name) {
    const fs::path plain(name);
    fs::path path = folder / plain;
    for (int n = 2; fs::exists(path); ++n) path = folder / fmt::format("{} ({}){}", plain.stem().string(), n, plain.extension().string());
    return path;
}

// The uploaded files as the intake finds them in any folder: the same kinds, names and order.
Submission found_in(const UploadedForm& form, const fs::path& folder, const std::string& id) {
    const fs::path files = folder / id;
    fs::create_directories(files);
    for (const UploadedFile& file : form.files)
        if (const std::string name = safe_name(file.name); name != "submission.json") fs::rename(file.path, free_name(files, name));
    const std::vector<Submission> found = pipeline::find_submissions({files}, {});
    return found.size() == 1 ? found.front() : Submission{};
}

TakenIn refused(const std::string& trouble) { return {"", false, trouble, false}; }

}  // namespace

TakenIn take_in(const Visit& visit) {
    const WorkFolder folder(visit.services.upload_folder);
    UploadedForm form;
    try {
        form = unpack_multipart(visit.request.body_file, visit.request.header("content-type"), folder.path() / "parts", {});
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::OverLimit) return refused("Formuläret har för många eller för stora delar.");
        if (e.kind() == ErrorKind::BadInput) return refused("Formuläret kom inte fram helt, eller är trasigt. Försök igen.");
        throw;
    }
    const std::string& csrf = form.fields["csrf"];
    if (!visit.who.csrf.empty() && (csrf.size() != visit.who.csrf.size() || sodium_memcmp(csrf.data(), visit.who.csrf.data(), csrf.size()) != 0)) return {"", false, "", true};
    const std::string id = form.fields["id"].empty() ? new_id() : form.fields["id"];
    if (!pipeline::is_valid_id(id)) return refused("Ärendets namn får bara ha bokstäver, siffror, mellanslag, punkt, understreck och bindestreck, och inte börja med punkt.");
    const std::string& number = form.fields["organisationsnummer"];
    if (!number.empty() && rules::parse_organisation_number(number).fault != rules::NumberFault::None)
        return refused("Organisationsnumret stämmer inte. Kontrollera siffrorna, eller lämna fältet tomt.");
    if (form.files.empty()) return refused("Inga filer kom med.");
    Submission submission = found_in(form, folder.path() / "files", id);
    if (submission.files.empty()) return refused("Ingen av filerna är en PDF eller en bild (JPEG, PNG, TIFF).");
    submission.id = id;
    submission.organisation_number = number;
    const std::string& personal = form.fields["personuppgifter"];
    if (personal == "ja" || personal == "nej") submission.personal_data = personal == "ja";
    const Received received = visit.services.store.receive(submission, "");
    visit.services.cases.note(received.stored.key, visit.who.name, "uploaded", fmt::format("{} files", submission.files.size()));
    visit.services.wake_checker();
    return {received.stored.submission.id, received.receipt == Receipt::Known || received.receipt == Receipt::Twin, "", false};
}

}  // namespace avtalskoll::app::web
