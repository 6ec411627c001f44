// An authority's own case number (diarienummer), such as 2026/123. Pure; safe from many threads.
#pragma once
#include <optional>
#include <string>

namespace avtalskoll::app {

struct CaseNumber {
    std::string written;  // without spaces around it
    // Equal for one number however it is written: "Dnr 2026/123", "dnr 2026-123". A folder can be
    // named so.
    std::string key;
};

// nullopt: this is no case number. One has letters, digits, spaces and - / . : _, a digit at least,
// 60 signs at most, and never two dots in a row.
std::optional<CaseNumber> parse_case_number(const std::string& text);

}  // namespace avtalskoll::app
