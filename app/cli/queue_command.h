// `avtalskoll submit`, `worker` and `dead`: checking on many machines that share a store and a
// queue.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/console.h"
#include "app/cli/monitoring.h"
#include "app/cli/work.h"
#include "app/service/checker.h"
#include "app/store/store_place.h"
#include "pipeline/intake.h"

namespace avtalskoll::app {

struct SubmitOptions {
    std::vector<std::filesystem::path> paths;
    pipeline::IntakeOptions intake;
    StorePlace store;
    std::string queue;
    bool waiting = false;  // hand in what the store has waiting
    bool wait = false;     // for the reports
};

struct WorkerCommandOptions {
    StorePlace store;
    std::string queue;
    CheckerOptions checker;
    int drain_seconds = 60;
    MonitoringOptions monitoring;
};

struct DeadOptions {
    StorePlace store;
    OutputFormat format = OutputFormat::Text;
    std::string id;  // a submission's
    bool all = false;
};

// Each returns the exit status: of submit 0, with `wait` 1 when some are not complete, 130 when
// interrupted; of worker 0 after a stop; of dead 0. They throw Error when the store or the queue
// cannot be used, or there is no such dead letter.
int run_submit(const SubmitOptions& options);
int run_worker_command(const WorkerCommandOptions& options);
int run_dead_list(const DeadOptions& options);
int run_dead_show(const DeadOptions& options);
int run_dead_retry(const DeadOptions& options);

void add_submit(CLI::App& program, Work& work);
void add_worker(CLI::App& program, Work& work);
void add_dead(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
