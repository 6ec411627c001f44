// What lies in a folder, sorted by what it is to the intake.
//
// Internal to pipeline/.
#pragma once
#include <filesystem>
#include <vector>

#include "models/submission.h"

namespace avtalskoll::pipeline {

// By name, byte order. Without what systems leave behind and without reports of this program.
struct FolderListing {
    std::vector<std::filesystem::path> documents, folders;
    std::vector<IgnoredEntry> others;
    std::vector<std::filesystem::path> accounts;  // submission.json, in whatever case
};

// Throws Error{Io} when the folder cannot be read.
FolderListing list_folder(const std::filesystem::path& folder);

// Kind of what a path leads to, a folder aside; a link is followed. Never opens a pipe or a device.
FileKind kind_of_entry(const std::filesystem::path& path);

// Whether a document, or something that may be one, lies in the folder or below it. Yes where it
// cannot be told.
bool holds_documents(const std::filesystem::path& folder);

// Whether the folder holds what this program wrote (reports, summaries, exports) and nothing else.
bool is_own_output(const std::filesystem::path& folder);

}  // namespace avtalskoll::pipeline
