// The commands' ways to say something on standard output and standard error.
#pragma once
#include <string>
#include <string_view>
#include <system_error>

namespace avtalskoll::app {

enum class OutputFormat { Text, Json, Csv };

// Writes to standard output at once. When the reader is gone, writes nothing more and goes on: the
// work has other results. Throws Error{Io} when it cannot be written for another reason. Call it
// from one thread at a time.
void print_out(std::string_view text);

// Writes what other functions left in standard output's buffer. Throws as print_out.
void flush_out();

// A sentence for what the system refused to do, with what to do about it.
std::string told(const std::system_error& error);

}  // namespace avtalskoll::app
