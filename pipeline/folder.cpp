#include "pipeline/folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>

#include "models/error.h"
#include "pipeline/files/file_kind.h"
#include "pipeline/reports/report_json.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

// Deeper nobody files anything; links that lead in circles do.
constexpr int kDeepest = 12;

bool begins_with(const fs::path& file, const std::string& text) {
    std::string head(text.size(), '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    return in && head == text;
}

bool is_ordinary(const fs::path& file) {
    std::error_code gone;
    return fs::is_regular_file(file, gone);
}

bool is_folder(const fs::path& path) {
    std::error_code gone;
    return fs::is_directory(path, gone);
}

bool is_own_report(const fs::path& file) {
    const std::string start = "{\n \"schema\": \"avtalskoll/report/";
    return is_ordinary(file) && begins_with(file, start);
}

bool is_own_file(const fs::path& file) {
    const std::string name = file.filename().string();
    if (name == "report.json" || name == "report.html")
        return is_own_report(file.parent_path() / "report.json");
    return name == "summary.csv" && is_ordinary(file) && begins_with(file, csv_header());
}

bool is_account(const fs::path& path) {
    constexpr std::string_view kName = "submission.json";
    const std::string name = path.filename().string();
    return std::equal(name.begin(), name.end(), kName.begin(), kName.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == b;
    });
}

std::vector<fs::path> entries_of(const fs::path& folder) {
    std::error_code failed;
    std::vector<fs::path> entries;
    for (auto at = fs::directory_iterator(folder, failed);
         !failed && at != fs::directory_iterator(); at.increment(failed))
        entries.push_back(at->path());
    if (failed)
        throw Error(ErrorKind::Io, fmt::format("{}: the folder cannot be read: {}", folder.string(),
                                               failed.message()));
    std::sort(entries.begin(), entries.end());
    return entries;
}

bool is_to_be_read(FileKind kind) { return is_document(kind) || may_hold_pages(kind); }

// `budget`: folders that may still be looked into. Links can make endless many of a few.
bool holds_documents_within(const fs::path& folder, int& budget) {
    if (--budget < 0) return true;
    const FolderListing listing = list_folder(folder);
    if (!listing.documents.empty()) return true;
    const auto may = [](const IgnoredEntry& entry) { return entry.may_hold_pages; };
    if (std::any_of(listing.others.begin(), listing.others.end(), may)) return true;
    return std::any_of(listing.folders.begin(), listing.folders.end(), [&](const fs::path& inner) {
        return !is_own_output(inner) && holds_documents_within(inner, budget);
    });
}

bool is_own_output_at(const fs::path& folder, int depth) {
    if (depth > kDeepest) return false;
    bool own = false;
    const bool report = is_own_report(folder / "report.json");
    for (const fs::path& path : entries_of(folder)) {
        const std::string name = path.filename().string();
        if (is_left_behind(name) || name.ends_with(".part")) continue;
        if (is_folder(path) ? (report && name == "originals") || is_own_output_at(path, depth + 1)
                            : is_own_file(path))
            own = true;
        else return false;
    }
    return own;
}

}  // namespace

FileKind kind_of_entry(const fs::path& path) {
    return is_ordinary(path) ? kind_of_file(path, path.filename().string()) : FileKind::Special;
}

FolderListing list_folder(const fs::path& folder) {
    FolderListing listing;
    for (const fs::path& path : entries_of(folder)) {
        const std::string name = path.filename().string();
        if (is_account(path)) listing.accounts.push_back(path);
        if (is_account(path) || is_left_behind(name) || is_own_file(path)) continue;
        if (is_folder(path)) {
            listing.folders.push_back(path);
            continue;
        }
        const FileKind kind = kind_of_entry(path);
        const bool claims = kind != FileKind::Special && is_named_as_document(name);
        if (is_document(kind) || claims) listing.documents.push_back(path);
        else listing.others.push_back({name, kind, is_to_be_read(kind)});
    }
    return listing;
}

bool holds_documents(const fs::path& folder) try {
    int budget = 1000;
    return holds_documents_within(folder, budget);
} catch (const Error&) {
    return true;  // a folder that cannot be read may hold anything
}

bool is_own_output(const fs::path& folder) try {
    return is_own_output_at(folder, 0);
} catch (const Error&) {
    return false;
}

}  // namespace avtalskoll::pipeline
