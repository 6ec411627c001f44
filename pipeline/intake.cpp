#include "pipeline/intake.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "models/error.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

std::string lower_extension(const fs::path& path) {
    std::string ext = path.extension().string();
    std::transform(ext.begin(), ext.end(), ext.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return ext;
}

bool starts_as_pdf(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string head(1024, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(in.gcount()));
    return head.find("%PDF-") != std::string::npos;
}

bool is_document(const fs::path& path) {
    static const std::array<const char*, 6> kEndings{".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff"};
    const std::string ext = lower_extension(path);
    return std::any_of(kEndings.begin(), kEndings.end(), [&](const char* e) { return ext == e; }) || starts_as_pdf(path);
}

bool is_passed_over(const fs::path& path) {
    const std::string name = path.filename().string();
    return name.starts_with('.') || name == "Thumbs.db" || name == "submission.json";
}

std::string id_from_name(const fs::path& path) {
    return fs::is_directory(path) ? path.filename().string() : lower_extension(path) == ".pdf" ? path.stem().string() : path.filename().string();
}

struct Listing {
    std::vector<fs::path> documents, others, folders;
    bool has_account = false;
};

Listing list_folder(const fs::path& folder) {
    Listing listing;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const fs::path& path = entry.path();
        if (path.filename() == "submission.json") listing.has_account = true;
        if (is_passed_over(path)) continue;
        if (entry.is_directory()) listing.folders.push_back(path);
        else if (entry.is_regular_file() && is_document(path)) listing.documents.push_back(path);
        else listing.others.push_back(path);
    }
    for (auto* list : {&listing.documents, &listing.others, &listing.folders}) std::sort(list->begin(), list->end());
    return listing;
}

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class Finder {
public:
    explicit Finder(const IntakeOptions& options) : options_(options) {}

    void take(const fs::path& given) {
        if (!fs::exists(given)) throw Error(ErrorKind::BadInput, fmt::format("{}: no such file or folder", given.string()));
        const fs::path path = fs::canonical(given);
        if (!fs::is_directory(path)) return take_file(path);
        if (options_.each_file) return take_each_file(path);
        take_folder(path);
    }

    std::vector<Submission> found;

private:
    void take_file(const fs::path& path) {
        Submission submission;
        submission.id = id_from_name(path);
        submission.files.push_back({path.filename().string(), path});
        finish(std::move(submission));
    }

    void take_each_file(const fs::path& folder) {
        const Listing listing = list_folder(folder);
        for (const fs::path& document : listing.documents) take_file(document);
        for (const fs::path& inner : listing.folders) take_each_file(inner);
    }

    void take_folder(const fs::path& folder) {
        const Listing listing = list_folder(folder);
        if (listing.documents.empty() && !listing.folders.empty() && !listing.has_account) {
            for (const fs::path& inner : listing.folders) take_folder(inner);
            return;
        }
        Submission submission;
        submission.id = folder.filename().string();
        for (const fs::path& document : listing.documents) submission.files.push_back({document.filename().string(), document});
        for (const auto* list : {&listing.others, &listing.folders})
            for (const fs::path& other : *list) submission.ignored.push_back(other.filename().string());
        if (listing.has_account) read_account(text_of(folder / "submission.json"), submission);
        finish(std::move(submission));
    }

    void finish(Submission submission) {
        if (!submission.personal_data) submission.personal_data = options_.personal_data;
        found.push_back(std::move(submission));
    }

    const IntakeOptions& options_;
};

}  // namespace

void read_account(std::string_view json_text, Submission& submission) {
    const auto broken = [&](const std::string& why) { submission.broken = why; };
    const auto json = nlohmann::json::parse(json_text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) return broken("filen är inte giltig JSON");
    if (const auto at = json.find("personal_data"); at != json.end() && !at->is_null()) {
        if (!at->is_boolean()) return broken("'personal_data' ska vara true eller false");
        submission.personal_data = at->get<bool>();
    }
    if (const auto at = json.find("organisation_number"); at != json.end() && !at->is_null()) {
        if (!at->is_string()) return broken("'organisation_number' ska vara en text");
        submission.organisation_number = at->get<std::string>();
    }
    if (const auto at = json.find("id"); at != json.end() && !at->is_null()) {
        if (!at->is_string() || !is_valid_id(at->get<std::string>()))
            return broken("'id' får bara ha bokstäver, siffror, mellanslag, punkt, understreck och bindestreck, högst 100 tecken, och inte börja med punkt");
        submission.id = at->get<std::string>();
    }
}

bool is_valid_id(const std::string& id) {
    const auto text = icu::UnicodeString::fromUTF8(id);
    if (text.isEmpty() || text.countChar32() > 100 || text[0] == '.') return false;
    for (int i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        if (!u_isalnum(c) && c != ' ' && c != '.' && c != '_' && c != '-') return false;
    }
    return true;
}

std::vector<Submission> find_submissions(const std::vector<fs::path>& paths, const IntakeOptions& options) {
    Finder finder(options);
    for (const fs::path& path : paths) finder.take(path);
    std::map<std::string, int> seen;
    for (const Submission& submission : finder.found)
        if (++seen[submission.id] > 1)
            throw Error(ErrorKind::BadInput, fmt::format("two submissions have the id '{}'; give them different ids or check them apart", submission.id));
    return std::move(finder.found);
}

}  // namespace avtalskoll::pipeline
