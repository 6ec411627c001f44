// The lines that a long-running command writes on standard error. Times and numbers only: ids and
// file names may name persons.
#pragma once
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <utility>

namespace avtalskoll::app {

// A line with the time before it (ISO 8601, UTC). Safe from many threads.
template <class... Values>
void say(fmt::format_string<Values...> text, Values&&... values) {
    fmt::print(stderr, "{:%Y-%m-%dT%H:%M:%SZ} {}\n", fmt::gmtime(std::time(nullptr)),
               fmt::format(text, std::forward<Values>(values)...));
}

}  // namespace avtalskoll::app
