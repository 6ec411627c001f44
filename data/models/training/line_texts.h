// Invented texts for the line reader to learn from: values of a form's fields, and jumbles in which
// every letter of the alphabet is as frequent as the others.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "tests/simulator/random.h"

namespace avtalskoll::simulator {

enum class LineKind {
    Email,
    Person,
    Phone,
    Organisation,
    FreeText,
    Number,
    Role,
    Jumble,
    Date,
    Web,
    Amount,
};

struct LineText {
    LineKind kind = LineKind::Jumble;
    std::u32string text;
};

// Immutable; safe from many threads.
class LineTexts {
public:
    // `words`: a word a line. `alphabet`: the reader's letters; line ends count for nothing. Both
    // UTF-8. Throws std::runtime_error when a file cannot be read.
    LineTexts(const std::filesystem::path& words, const std::filesystem::path& alphabet);

    LineText make(Random& random) const;
    const std::u32string& alphabet() const { return alphabet_; }

private:
    std::u32string word(Random& random) const;
    std::u32string name(Random& random) const;
    std::u32string person(Random& random) const;
    std::u32string email(Random& random) const;
    std::u32string organisation(Random& random) const;
    std::u32string role(Random& random) const;
    std::u32string free_text(Random& random) const;
    std::u32string date(Random& random) const;
    std::u32string web(Random& random) const;
    std::u32string jumble(Random& random) const;
    std::u32string of_kind(Random& random, LineKind kind) const;

    std::vector<std::u32string> words_;
    std::u32string alphabet_;
    std::u32string letters_;  // of the alphabet, without ASCII
};

}  // namespace avtalskoll::simulator
