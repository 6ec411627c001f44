// Runs the real program and keeps what it said.
#pragma once
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temporary_folder.h"

namespace avtalskoll {

struct Outcome {
    int status = -1;
    std::string out, err;
};

inline std::string slurp(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline const std::filesystem::path kSource = AVTALSKOLL_SOURCE_DIR;
inline const std::filesystem::path kProgram =
    std::filesystem::path(AVTALSKOLL_BUILD_DIR) / "avtalskoll";
inline const std::filesystem::path kSamples = kSource / "data" / "samples";

// `arguments` go through the shell.
inline Outcome run(const std::string& arguments) {
    const TemporaryFolder folder;
    const std::filesystem::path out = folder.path() / "out", err = folder.path() / "err";
    const int status = std::system(
        (kProgram.string() + " " + arguments + " >" + out.string() + " 2>" + err.string()).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(out), slurp(err)};
}

}  // namespace avtalskoll
