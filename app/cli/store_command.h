// `avtalskoll submissions` and `avtalskoll purge`: show what the store has, and remove what is no
// longer to be kept.
#pragma once
#include <filesystem>
#include <string>

#include "app/cli/console.h"
#include "app/cli/work.h"
#include "app/store/store_place.h"

namespace avtalskoll::app {

struct SubmissionsOptions {
    StorePlace store;
    std::string id;       // show, export
    std::string verdict;  // list: only those; empty: all
    std::filesystem::path out = "avtalskoll-export";
    OutputFormat format = OutputFormat::Text;
};

struct StoreCopyOptions {
    StorePlace from, to;
};

struct PurgeOptions {
    StorePlace store;
    int older_than_days = 0;
};

// Each returns the exit status, 0. They throw Error when the store cannot be used or the id is not
// in it.
int run_submissions_list(const SubmissionsOptions& options);
int run_submissions_show(const SubmissionsOptions& options);
int run_submissions_export(const SubmissionsOptions& options);
int run_store_copy(const StoreCopyOptions& options);
int run_purge(const PurgeOptions& options);

// Adds the commands to the program.
void add_submissions(CLI::App& program, Work& work);
void add_store_commands(CLI::App& program, Work& work);
void add_purge(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
