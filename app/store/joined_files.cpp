#include "app/store/joined_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include "pipeline/files/file_hash.h"

namespace avtalskoll::app {
namespace {

// A name that none of `files` has.
std::string free_name_among(const std::vector<SubmittedFile>& files, const std::string& name) {
    const std::filesystem::path plain(name);
    std::string free = name;
    const auto is_taken = [&] {
        return std::any_of(files.begin(), files.end(),
                           [&](const SubmittedFile& file) { return file.name == free; });
    };
    for (int n = 2; is_taken(); ++n)
        free = (plain.parent_path() /
                fmt::format("{} ({}){}", plain.stem().string(), n, plain.extension().string()))
                   .string();
    return free;
}

}  // namespace

Submission joined(const Submission& earlier, const Submission& added) {
    Submission all = added;
    all.files = earlier.files;
    std::set<std::string> there;
    int hand_in = 1;
    for (const SubmittedFile& file : earlier.files) {
        there.insert(file.path.filename().string());
        hand_in = std::max(hand_in, file.hand_in + 1);
    }
    for (const SubmittedFile& file : added.files) {
        const std::string sha = pipeline::sha256_of(file.path);  // empty: cannot be read
        if (sha.empty() || there.insert(sha).second)
            all.files.push_back({free_name_among(all.files, file.name), file.path, hand_in});
    }
    std::sort(all.files.begin(), all.files.end(),
              [](const SubmittedFile& a, const SubmittedFile& b) { return a.name < b.name; });
    for (const IgnoredEntry& entry : earlier.ignored)
        if (std::find(all.ignored.begin(), all.ignored.end(), entry) == all.ignored.end())
            all.ignored.push_back(entry);
    if (!all.personal_data) all.personal_data = earlier.personal_data;
    if (all.organisation_number.empty()) all.organisation_number = earlier.organisation_number;
    return all;
}

}  // namespace avtalskoll::app
