#include "pipeline/intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "models/error.h"
#include "pipeline/files/file_kind.h"
#include "pipeline/folder.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

std::string name_without_pdf(const fs::path& path) {
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return ending == ".pdf" ? path.stem().string() : path.filename().string();
}

// At most one byte more than an account may have, so that its reader sees that it is too large.
std::string text_of(const fs::path& file) {
    std::string text(kMostAccount_bytes + 1, '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(in.gcount() > 0 ? static_cast<std::size_t>(in.gcount()) : 0);
    return text;
}

// A submission, and the names that its id can be made of when others have the same.
struct Found {
    Submission submission;
    fs::path path;
    std::vector<std::string> other_ids = {};  // the nearer to the plain one the earlier
};

// "mapp1_scan" of mapp1/scan.pdf.
std::string joined(const fs::path& relative) {
    std::string all;
    for (const fs::path& part : relative.parent_path()) all += part.string() + "_";
    return all + name_without_pdf(relative);
}

std::string as_valid_id(const std::string& id, const fs::path& whole) {
    return is_valid_id(id) ? id : valid_id(id, whole.string());
}

std::vector<std::string> ids_by_place(const fs::path& file, const fs::path& root) {
    const fs::path below = file.lexically_relative(root);
    return {as_valid_id(joined(below), below), as_valid_id(joined(root.filename() / below), below),
            valid_id(joined(below), file.string())};
}

class Finder {
public:
    explicit Finder(const IntakeOptions& options) : options_(options) {
        for (const fs::path& path : options.own) {
            std::error_code gone;
            own_.insert(fs::weakly_canonical(path, gone));
        }
    }

    void take(const fs::path& given) {
        const fs::path path = reached(given);
        if (!fs::is_directory(path)) {
            if (!fs::is_regular_file(path))
                throw Error(ErrorKind::BadInput,
                            fmt::format("{}: is neither a file nor a folder but a pipe, socket or "
                                        "device; give a file or a folder",
                                        given.string()));
            if (is_new(path)) take_file(path);
        } else if (options_.each_file) {
            take_each_file(path, path);
        } else {
            take_folder(path);
        }
    }

    std::vector<Found> found;
    IntakeNotes notes;

private:
    static fs::path reached(const fs::path& given) {
        std::error_code failed;
        fs::path path = fs::canonical(given, failed);
        if (failed == std::errc::no_such_file_or_directory || failed == std::errc::not_a_directory)
            throw Error(ErrorKind::BadInput,
                        fmt::format("{}: no such file or folder", given.string()));
        if (failed)
            throw Error(ErrorKind::BadInput,
                        fmt::format("{}: cannot be reached: {}", given.string(), failed.message()));
        return path;
    }

    // True when it was not met before and is no file of this program's own.
    bool is_new(const fs::path& path) {
        std::error_code gone;
        const fs::path real = fs::canonical(path, gone);
        return !gone && !own_.contains(real) && seen_.insert(real).second;
    }

    // Without what is this program's own.
    FolderListing listed(const fs::path& folder) const {
        FolderListing listing = list_folder(folder);
        std::erase_if(listing.others, [&](const IgnoredEntry& other) {
            return own_.contains(folder / other.name);
        });
        std::erase_if(listing.folders, [&](const fs::path& inner) {
            return own_.contains(inner) || is_own_output(inner);
        });
        return listing;
    }

    void take_file(const fs::path& path) {
        const std::string name = path.filename().string();
        const FileKind kind = kind_of_entry(path);
        Submission submission;
        submission.id = id_from(name_without_pdf(path));
        if (is_document(kind) || is_named_as_document(name))
            submission.files.push_back({name, path});
        else submission.ignored.push_back({name, kind, may_hold_pages(kind)});
        finish(std::move(submission), path);
    }

    void take_each_file(const fs::path& folder, const fs::path& root) {
        if (!is_new(folder)) return;
        const FolderListing listing = listed(folder);
        pass_by(listing, folder);
        for (const fs::path& document : listing.documents) {
            if (!is_new(document)) continue;
            take_file(document);
            found.back().other_ids = ids_by_place(document, root);
        }
        for (const fs::path& inner : listing.folders) take_each_file(inner, root);
    }

    void take_folder(const fs::path& folder) {
        if (!is_new(folder)) return;
        const FolderListing listing = listed(folder);
        if (listing.documents.empty() && !listing.folders.empty() && listing.accounts.empty()) {
            pass_by(listing, folder);
            for (const fs::path& inner : listing.folders) take_folder(inner);
            return;
        }
        Submission submission;
        submission.id = id_from(folder.filename().string());
        for (const fs::path& document : listing.documents)
            submission.files.push_back({document.filename().string(), document});
        submission.ignored = listing.others;
        ignore_folders(listing.folders, submission);
        take_account(listing.accounts, submission);
        notes.holds_something |= !listing.accounts.empty();
        finish(std::move(submission), folder);
    }

    static void ignore_folders(const std::vector<fs::path>& folders, Submission& submission) {
        for (const fs::path& inner : folders) {
            const FileKind kind =
                holds_documents(inner) ? FileKind::FolderWithDocuments : FileKind::Folder;
            submission.ignored.push_back({inner.filename().string(), kind, may_hold_pages(kind)});
        }
    }

    static void take_account(const std::vector<fs::path>& accounts, Submission& submission) {
        if (accounts.empty()) return;
        std::error_code gone;
        if (accounts.size() > 1) submission.broken = Message("account.doubled");
        else if (!fs::is_regular_file(accounts.front(), gone))
            submission.broken = Message("account.no_plain_file");
        else if (!std::ifstream(accounts.front()))
            submission.broken = Message("account.not_opened");
        else read_account(text_of(accounts.front()), submission);
    }

    void pass_by(const FolderListing& listing, const fs::path& folder) {
        for (const IgnoredEntry& other : listing.others)
            if (other.may_hold_pages) notes.passed_by.push_back(folder / other.name);
    }

    void finish(Submission submission, const fs::path& path) {
        if (!submission.personal_data) submission.personal_data = options_.personal_data;
        const auto may = [](const IgnoredEntry& entry) { return entry.may_hold_pages; };
        notes.holds_something |=
            !submission.files.empty() ||
            std::any_of(submission.ignored.begin(), submission.ignored.end(), may);
        found.push_back({std::move(submission), path});
    }

    const IntakeOptions& options_;
    std::set<fs::path> own_, seen_;
};

std::map<std::string, int> count_ids(const std::vector<Found>& found) {
    std::map<std::string, int> count;
    for (const Found& one : found) ++count[one.submission.id];
    return count;
}

// Scanners give the files of every folder the same names: what the plain names do not tell apart,
// their folders do.
void tell_apart(std::vector<Found>& found) {
    constexpr std::size_t kWays = 3;
    for (std::size_t way = 0; way < kWays; ++way) {
        const auto count = count_ids(found);
        for (Found& one : found)
            if (way < one.other_ids.size() && count.at(one.submission.id) > 1)
                one.submission.id = one.other_ids[way];
    }
    for (const auto& [id, times] : count_ids(found)) {
        if (times == 1) continue;
        std::vector<std::string> places;
        for (const Found& one : found)
            if (one.submission.id == id && places.size() < 2) places.push_back(one.path.string());
        throw Error(
            ErrorKind::BadInput,
            fmt::format(
                "two submissions have the id '{}': {}; give them different ids or check them apart",
                id, fmt::join(places, " and ")));
    }
}

}  // namespace

std::vector<Submission> find_submissions(const std::vector<fs::path>& paths,
                                         const IntakeOptions& options, IntakeNotes* notes) {
    Finder finder(options);
    for (const fs::path& path : paths) finder.take(path);
    tell_apart(finder.found);
    if (notes) *notes = std::move(finder.notes);
    std::vector<Submission> submissions;
    for (Found& one : finder.found) submissions.push_back(std::move(one.submission));
    return submissions;
}

}  // namespace avtalskoll::pipeline
