// The lines that a long-running command writes on standard error, as text or as JSON. Times and
// numbers only: ids and file names may name persons. A submission goes by its key.
#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>

namespace avtalskoll::app {

enum class LogFormat { Text, Json };

// To be called before the first line.
void set_log_format(LogFormat format);

// Writes one line with the time before it (ISO 8601, UTC). `submission` 0: of none. Safe from many
// threads.
void write_log_line(std::int64_t submission, const std::string& message);

template <class... Values>
void say(fmt::format_string<Values...> text, Values&&... values) {
    write_log_line(0, fmt::format(text, std::forward<Values>(values)...));
}

// A line on one submission: all of them can be found by its key.
template <class... Values>
void say_of(std::int64_t submission, fmt::format_string<Values...> text, Values&&... values) {
    write_log_line(submission, fmt::format(text, std::forward<Values>(values)...));
}

}  // namespace avtalskoll::app
