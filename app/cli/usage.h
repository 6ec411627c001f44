// Arguments that cannot be understood: one line that says what is wrong and what was perhaps meant.
#pragma once
#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace avtalskoll::app {

// The choice nearest to a mistyped word; empty: none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& choices);

// "; did you mean 'check'?", or nothing when no choice is near.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& choices);

// `app`: as it is after `arguments` could not be parsed, with `error`.
std::string usage_fault(const CLI::App& app, const std::vector<std::string>& arguments,
                        const CLI::ParseError& error);

}  // namespace avtalskoll::app
