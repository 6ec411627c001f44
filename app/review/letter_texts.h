// The wording of the request for completion (data/letters/request.yaml).
#pragma once
#include <filesystem>
#include <map>
#include <string>

namespace avtalskoll::pipeline {

// Texts with {placeholders}, in Swedish.
struct LetterTexts {
    struct OfField {
        std::string value, signature;  // empty: says nothing of such a field
    };
    std::string subject, to_person, to_address, about, greeting, greeting_person, opening, closing,
        deadline, regards;
    std::string reminder_subject, reminder, overdue, copy_subject, copy;
    std::string point_heading;
    std::string any_agreement;              // in place of the title of one that is not known
    std::map<std::string, OfField> fields;  // by reason code; "otherwise" for those without a text
    // By finding code; none: nothing that a sender could do.
    std::map<std::string, std::string> findings;
};

// Throws Error{BadInput} with file, line and reason when a text is missing or has a placeholder
// that it cannot have.
LetterTexts load_letter_texts(const std::filesystem::path& yaml);

}  // namespace avtalskoll::pipeline
