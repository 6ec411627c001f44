// Takes an uploaded form in as a submission, for the upload page and the API.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/store/store.h"
#include "app/web/held_uploads.h"
#include "app/web/visit.h"

namespace avtalskoll::app::web {

// The ways to go on with an upload whose id has other content.
enum class Choice {
    Add,      // the earlier files and the new ones are checked together
    Replace,  // the new files are checked instead
    New,      // a case of its own
};
const char* to_string(Choice choice);  // add, replace, new: as forms and the API say it
std::optional<Choice> parse_choice(std::string_view name);
Message name_of(Choice choice);
Message meaning_of(Choice choice);

// The outcome for an upload.
struct UploadOutcome {
    std::string id = {};   // empty: refused, or to be asked
    bool known = false;    // the same was taken in before, under this id
    Message trouble = {};  // when refused
    bool forbidden = false;
    // Set when nothing was taken in: this is there under the id, and the sender chooses.
    std::optional<Received> there = {};
    std::optional<Upload> upload = {};  // then: what was sent
    std::vector<Choice> choices() const;
};

// The fields are id, personuppgifter (ja, nej or nothing), organisationsnummer, val (a Choice, or
// nothing), and csrf for a session. Faults of the form are in the outcome. Throws Error{Io} when
// the upload cannot be kept.
UploadOutcome intake_upload(const Visit& visit);

// Files that complete the case with this id. The form has them, and csrf for a session.
UploadOutcome intake_case_files(const Visit& visit, const std::string& id);

// A file that a form brings for a case, which is not taken in as the sender's.
struct OneFile {
    SubmittedFile file;
    std::shared_ptr<const WorkFolder> folder;  // it lies in it
    Message trouble = {};                      // when refused
    bool forbidden = false;
};
OneFile uploaded_file(const Visit& visit);

// Takes in what was held. `seen`: the content that the choice was made about; when it is another by
// now, nothing is taken in.
UploadOutcome intake_upload_as(const Visit& visit, const Upload& upload, Choice choice,
                               const std::string& seen);

}  // namespace avtalskoll::app::web
