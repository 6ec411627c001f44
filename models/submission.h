// A submission as it came in: which files, and what the sender's account says about it.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace avtalskoll {

struct SubmittedFile {
    std::string name;            // relative to the submission, as reports show it
    std::filesystem::path path;  // where it can be opened
};

struct Submission {
    std::string id;
    std::vector<SubmittedFile> files;              // by name, byte order
    std::vector<std::string> ignored;              // files that are neither PDF nor picture
    std::optional<bool> personal_data;             // nullopt: nobody said
    std::string organisation_number;               // the account's, as written; empty: not given
    std::string earlier_organisation_number = {};  // what came under this id before had it, surely; empty: nothing came, or it is not known
    std::string broken;                            // why submission.json cannot be used; empty: it can
};

}  // namespace avtalskoll
