// `avtalskoll serve`: the review server, and checking of what is taken in.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/monitoring.h"
#include "app/cli/work.h"
#include "app/service/checker.h"
#include "app/store/store_place.h"
#include "app/web/visit.h"

namespace avtalskoll::app {

struct ServeOptions {
    StorePlace store;
    std::string queue;  // empty: none
    MonitoringOptions monitoring;
    std::string listen = "127.0.0.1:8080";   // or "unix:PATH"
    std::vector<std::string> sign_on_roles;  // "officer=GROUP"; none: nobody signs on elsewhere
    int most_upload_mb = 300;
    int most_connections = 1024;
    bool leave_checking = false;  // to a `watch` on the same store
    web::Office office;
    CheckerOptions checker;
};

// Serves until it is asked to stop (Ctrl-C, SIGTERM), then returns 130; what was taken in and
// decided is kept. Throws Error when the store cannot be used, the address cannot be listened on,
// or the installation is incomplete.
int run_serve(const ServeOptions& options);

// Adds the command to the program.
void add_serve(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
