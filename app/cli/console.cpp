#include "app/cli/console.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "models/error.h"
#include "pipeline/files/system_advice.h"

namespace avtalskoll::app {
namespace {

bool reader_is_gone = false;

void check_written(bool written) {
    if (written) return;
    if (errno != EPIPE)
        throw Error(ErrorKind::Io, fmt::format("standard output cannot be written: {}",
                                               pipeline::system_trouble(errno)));
    reader_is_gone = true;
    std::clearerr(stdout);
}

}  // namespace

void print_out(std::string_view text) {
    if (reader_is_gone) return;
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    check_written(written && std::fflush(stdout) == 0);
}

void flush_out() {
    if (!reader_is_gone) check_written(std::fflush(stdout) == 0);
}

std::string told(const std::system_error& error) {
    std::string trouble = pipeline::system_trouble(error.code().value());
    const auto* of_file = dynamic_cast<const std::filesystem::filesystem_error*>(&error);
    if (!of_file || of_file->path1().empty()) return trouble;
    return fmt::format("{}: {}", of_file->path1().string(), trouble);
}

}  // namespace avtalskoll::app
