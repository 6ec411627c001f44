// Says messages in words: the texts of one language, as data/texts has them.
//
// Immutable once loaded; safe from many threads.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "models/message.h"

namespace avtalskoll::pipeline {

class Texts {
public:
    // No texts: says only what is as written.
    Texts() = default;
    // Throws Error{BadInput} with file, line and reason when a text does not parse, or one key has
    // two texts.
    explicit Texts(const std::filesystem::path& yaml);

    // Empty for an empty message. The key and the values themselves when there is no text with that
    // key, or when the text has a placeholder for which the message has no fitting value: a slip in
    // a text must not stop a run.
    std::string say(const Message& message) const;

    const std::map<std::string, std::string>& by_key() const { return texts_; }

private:
    std::map<std::string, std::string> texts_;
};

}  // namespace avtalskoll::pipeline
