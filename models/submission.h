// A submission as it came in: which files, and what the sender's account says about it.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/file_kind.h"
#include "models/message.h"

namespace avtalskoll {

struct SubmittedFile {
    std::string name;            // relative to the submission, as reports show it
    std::filesystem::path path;  // where it can be opened
    int hand_in = 1;             // files that came later, to complete, have a higher number
};

// An entry of a submission's folder that is not read.
struct IgnoredEntry {
    std::string name;
    FileKind kind = FileKind::Unknown;
    bool may_hold_pages = true;  // pages that are not found elsewhere may be in it
    friend bool operator==(const IgnoredEntry&, const IgnoredEntry&) = default;
};

struct Submission {
    std::string id;
    std::vector<SubmittedFile> files;   // by name, byte order
    std::vector<IgnoredEntry> ignored;  // files that are no document, and folders
    std::optional<bool> personal_data;  // nullopt: nobody said
    std::string organisation_number;    // the account's, as written; empty: not given
    // The number of an earlier submission under this id, when it is sure; empty: there was none, or
    // it is not known.
    std::string earlier_organisation_number = {};
    Message broken;  // why submission.json cannot be used; empty: it can
    // Keys of submission.json that look like mistyped ones and were not used.
    std::vector<std::string> unused_keys = {};
};

}  // namespace avtalskoll
