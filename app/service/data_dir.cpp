#include "app/service/data_dir.h"

#include <fmt/format.h>

#include <cstdlib>
#include <vector>

#include "models/error.h"

namespace avtalskoll::app {

std::filesystem::path data_dir() {
    namespace fs = std::filesystem;
    std::vector<fs::path> places;
    if (const char* set = std::getenv("AVTALSKOLL_DATA")) {
        places.emplace_back(set);
    } else {
        const fs::path beside = fs::read_symlink("/proc/self/exe").parent_path();
        places = {beside.parent_path() / "share" / "avtalskoll",
                  beside.parent_path().parent_path() / "data"};
    }
    std::string tried;
    for (const fs::path& place : places) {
        if (fs::is_directory(place / "forms")) return place;
        tried += (tried.empty() ? "" : ", ") + place.string();
    }
    throw Error(
        ErrorKind::NotFound,
        fmt::format("no data folder with 'forms' in it; tried {} (set AVTALSKOLL_DATA)", tried));
}

}  // namespace avtalskoll::app
