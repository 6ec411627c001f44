// `avtalskoll cases`: the cases of a store, for whoever works at a terminal and for scripts.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/console.h"
#include "app/cli/work.h"
#include "app/service/checker.h"
#include "app/store/store_place.h"

namespace avtalskoll::app {

struct CasesOptions {
    StorePlace store;
    std::string name;   // a case's id, or the authority's number of it
    std::string state;  // list: only these; empty: all
    std::string text;   // list: only those that it finds; note: the note
    std::string move, reason;
    std::string number;
    int days = 0;  // due: whose answer is expected within so many days
    std::vector<std::filesystem::path> files;
    bool send = false;            // remind: not only drafted
    std::string mail_from;        // remind
    std::string authority;        // remind
    std::filesystem::path forms;  // remind; empty: the program's own
    OutputFormat format = OutputFormat::Text;
};

// Each returns the exit status: 0, and 1 when `due` found something. They throw Error{BadInput}
// when there is no such case or what is asked for is not allowed, Error{Io} when the store cannot
// be used.
int run_cases_list(const CasesOptions& options);
int run_cases_show(const CasesOptions& options);
int run_cases_due(const CasesOptions& options);
int run_cases_add(const CasesOptions& options);
int run_cases_move(const CasesOptions& options);
int run_cases_number(const CasesOptions& options);
int run_cases_note(const CasesOptions& options);
int run_cases_remind(const CasesOptions& options);

// Compares a counter-signed copy with what was approved; 0: it is that, 1: not, or not surely.
struct CountersignOptions {
    StorePlace store;
    std::string name;
    std::filesystem::path copy;
    CheckerOptions checker;
};
int run_countersign(const CountersignOptions& options);

// Adds the commands to the program.
void add_countersign(CLI::App& program, Work& work);
void add_cases(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
