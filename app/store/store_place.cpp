#include "app/store/store_place.h"

#include <regex>

#include "models/error.h"

namespace avtalskoll::app {
bool StorePlace::is_on_server() const {
    return database.starts_with("postgresql://") || database.starts_with("postgres://");
}

std::string StorePlace::shown() const {
    if (!is_on_server()) return database;
    static const std::regex kPassword("^([a-z]+://[^/@:?]*):.*@"), kRest("\\?.*$");
    return std::regex_replace(std::regex_replace(database, kPassword, "$1@"), kRest, "");
}

std::filesystem::path StorePlace::originals_folder() const {
    if (!originals.empty()) return originals;
    if (is_on_server())
        throw Error(ErrorKind::BadInput,
                    shown() +
                        ": say where the originals are kept (--originals DIR, a folder that "
                        "every machine sees)");
    return database + ".files";
}

std::filesystem::path StorePlace::beside(const char* ending) const {
    return (is_on_server() ? originals_folder().string() : database) + ending;
}

std::vector<std::filesystem::path> StorePlace::own_files() const {
    if (empty()) return {};
    std::vector<std::filesystem::path> files{originals_folder()};
    for (const char* ending : {".crashes", ".uploads", ".drafts"}) files.push_back(beside(ending));
    if (!is_on_server())
        for (const char* ending : {"", "-wal", "-shm", "-journal"})
            files.emplace_back(database + ending);
    return files;
}

}  // namespace avtalskoll::app
