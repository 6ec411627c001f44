// The contents of a folder, sorted by their use to the intake.
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

// Kind of the file that a path leads to, folders aside; a link is followed. Never opens a pipe or a
// device.
FileKind kind_of_entry(const std::filesystem::path& path);

// True when a document, or something that may be one, lies in the folder or below it, and when that
// cannot be told.
bool holds_documents(const std::filesystem::path& folder);

// True when the folder holds what this program wrote (reports, summaries, exports) and nothing
// else.
bool is_own_output(const std::filesystem::path& folder);

}  // namespace avtalskoll::pipeline
