// Where a store is: its database, its originals, and what lies beside them.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace avtalskoll::app {

struct StorePlace {
    std::string database = {};   // an SQLite file, or postgresql://...; empty: no store
    std::string originals = {};  // a folder; empty: DATABASE.files, where the database is a file

    bool queued = false;  // what is taken in is noted for the queue

    StorePlace() = default;
    StorePlace(const std::filesystem::path& file) : database(file.string()) {}

    bool empty() const { return database.empty(); }
    bool is_on_server() const;

    // For messages; without a password.
    std::string shown() const;

    // Throws Error{BadInput} when the database is on a server and no folder is given.
    std::filesystem::path originals_folder() const;

    // What is kept beside the store: `ending` is ".uploads", ".drafts" or ".crashes".
    // Throws as originals_folder().
    std::filesystem::path beside(const char* ending) const;

    // The files and folders that belong to a store and must not be taken for a submission when they
    // lie in an inbox. None for an empty place.
    std::vector<std::filesystem::path> own_files() const;
};

}  // namespace avtalskoll::app
