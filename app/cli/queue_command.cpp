#include "app/cli/queue_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "app/cli/found_submissions.h"
#include "app/cli/options.h"
#include "app/queue/queue_place.h"
#include "app/service/queue_relay.h"
#include "app/service/worker.h"
#include "app/store/sql_database.h"
#include "app/store/work_store.h"
#include "models/error.h"
#include "models/text.h"

namespace avtalskoll::app {
namespace {

constexpr std::chrono::milliseconds kLookForReports{300};

// Hands the outbox to the queue. Without a queue that answers the rows stay there, which is no
// failure: what was taken in is safe, and every worker hands it in.
void hand_in(WorkStore& store, const std::string& url) {
    try {
        std::unique_ptr<WorkQueue> queue;
        send_outbox(store, queue_place(url), queue);
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::Io) throw;
        fmt::print(stderr, "avtalskoll: {}\n", e.what());
    }
    if (const std::int64_t unsent = store.state().unsent; unsent > 0)
        fmt::print(stderr,
                   "avtalskoll: {} safe in the store; a worker hands {} to the queue when it can\n",
                   unsent == 1 ? "1 submission is" : fmt::format("{} submissions are", unsent),
                   unsent == 1 ? "it" : "them");
}

const char* told(Receipt receipt) {
    switch (receipt) {
        case Receipt::New: return "received";
        case Receipt::Reopened: return "opened again";
        case Receipt::Known: return "known already";
        case Receipt::Twin: return "the same as one that is known";
        case Receipt::Occupied: return "not taken";
    }
    return "";
}

// Prints a line for each when its report is there, or it is given up. Gives whether all are
// complete.
bool wait_for_reports(Store& store, WorkStore& work, std::vector<std::string> ids,
                      const pipeline::StopFlag& stop) {
    bool all_complete = true;
    while (!ids.empty()) {
        std::set<std::string> dead;
        for (const DeadLetter& letter : work.dead_letters()) dead.insert(letter.id);
        std::erase_if(ids, [&](const std::string& id) {
            const auto report = store.latest_report(id);
            if (!report && dead.contains(id)) {
                fmt::print("{:<10}  {}  (see 'avtalskoll dead show')\n", "given up", id);
                all_complete = false;
                return true;
            }
            if (!report) return false;
            fmt::print("{:<10}  {}{}{}\n", to_string(report->verdict), id,
                       report->lacks.empty() ? "" : "  ", to_string(report->lacks));
            all_complete = all_complete && report->verdict == SubmissionVerdict::Complete;
            return true;
        });
        flush_out();
        if (stop.load()) throw Error(ErrorKind::Interrupted, "interrupted");
        if (!ids.empty()) std::this_thread::sleep_for(kLookForReports);
    }
    return all_complete;
}

DeadLetter found_letter(const std::vector<DeadLetter>& letters, const DeadOptions& options) {
    for (const DeadLetter& letter : letters)
        if (letter.id == options.id) return letter;
    throw Error(ErrorKind::BadInput,
                fmt::format("{}: there is no dead letter of '{}' (see 'avtalskoll dead list')",
                            options.store.shown(), options.id));
}

nlohmann::ordered_json json_of(const DeadLetter& letter) {
    return {{"id", letter.id},       {"submission", letter.work.submission},
            {"tries", letter.tries}, {"reason", letter.reason},
            {"at", letter.at},       {"content", letter.work.content}};
}

}  // namespace

int run_submit(const SubmitOptions& options) {
    if (options.paths.empty() && !options.waiting)
        throw Error(ErrorKind::BadInput, "give the PATHs to submit, or --waiting");
    const pipeline::StopFlag& stop = stop_on_signals();
    StorePlace place = options.store;
    place.queued = true;
    const auto store = open_store(place, true);
    const auto work = open_work_store(place, 1);
    std::vector<std::string> ids;
    if (!options.paths.empty())
        for (const Submission& submission :
             found_submissions(options.paths, options.intake, options.store)) {
            if (stop.load()) return 130;
            const Received received = store->receive(submission, "");
            ids.push_back(received.stored.submission.id);
            if (!options.wait) fmt::print("{}: {}\n", submission.id, told(received.receipt));
        }
    if (options.waiting)
        fmt::print("{} of the store handed in again\n",
                   counted(static_cast<std::size_t>(work->enqueue_waiting()), "submission"));
    hand_in(*work, options.queue);
    if (!options.wait) return 0;
    try {
        return wait_for_reports(*store, *work, ids, stop) ? 0 : 1;
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::Interrupted) throw;
        fmt::print(stderr, "avtalskoll: interrupted; what was taken in is checked all the same\n");
        return 130;
    }
}

int run_worker_command(const WorkerCommandOptions& options) {
    open_store(options.store, true);
    const Monitoring monitoring(options.monitoring, options.store);
    run_worker({queue_place(options.queue), options.store, options.checker,
                std::chrono::seconds(options.drain_seconds)},
               stop_on_signals());
    return 0;
}

int run_dead_list(const DeadOptions& options) {
    for (const DeadLetter& letter : open_work_store(options.store, 1)->dead_letters())
        if (options.format == OutputFormat::Json) fmt::print("{}\n", json_of(letter).dump());
        else fmt::print("{}  {:<14}  {}\n", letter.at, letter.reason, letter.id);
    return 0;
}

int run_dead_show(const DeadOptions& options) {
    const DeadLetter letter =
        found_letter(open_work_store(options.store, 1)->dead_letters(), options);
    if (options.format == OutputFormat::Json) {
        fmt::print("{}\n", json_of(letter).dump());
        return 0;
    }
    fmt::print("{}: given up {}, delivered {} times: {}\n", letter.id, letter.at, letter.tries,
               letter.reason);
    fmt::print(
        "\nSee its files with 'avtalskoll submissions show', the workers' logs with "
        "'submission {}'.\n",
        letter.work.submission);
    return 0;
}

int run_dead_retry(const DeadOptions& options) {
    const auto store = open_work_store(options.store, 1);
    const std::vector<DeadLetter> letters = store->dead_letters();
    std::size_t again = 0;
    if (!options.all) {
        again = store->retry(found_letter(letters, options).key, user_name()) ? 1 : 0;
    } else {
        for (const DeadLetter& letter : letters) again += store->retry(letter.key, user_name());
    }
    fmt::print("{} put into the queue's outbox again\n", counted(again, "submission"));
    return 0;
}

void add_submit(CLI::App& program, Work& work) {
    const auto options = std::make_shared<SubmitOptions>();
    CLI::App* submit =
        program.add_subcommand("submit", "Take submissions into the store, for workers to check");
    submit->footer(
        "What was taken in is safe when this ends, also while the queue cannot be reached: then "
        "the workers hand it in later.\n"
        "Passwords come from files or the environment: PGPASSFILE or PGPASSWORD for the store, "
        "AVTALSKOLL_QUEUE_PASSWORD_FILE or\n"
        "AVTALSKOLL_QUEUE_PASSWORD for the queue.\n\n"
        "Exit status: 0 taken in (with --wait: and all complete), 1 some flagged, 2 could not run, "
        "130 interrupted.\n\n"
        "Examples:\n"
        "  avtalskoll submit inbox/ --store postgresql://db/avtalskoll --originals "
        "/srv/originals --queue amqp://mq\n"
        "  avtalskoll submit --waiting --store store.db --queue amqp://localhost");
    submit->add_option("PATH", options->paths, "Files or folders to take in");
    submit->add_flag("--waiting", options->waiting,
                     "Hand in once more what the store has waiting for a report");
    submit->add_flag("--wait", options->wait, "Wait for the reports, and print the verdicts");
    add_store(submit, options->store, true);
    add_queue(submit, options->queue, true);
    add_intake(submit, options->intake);
    when_given(submit, work, run_submit, options);
}

void add_worker(CLI::App& program, Work& work) {
    const auto options = std::make_shared<WorkerCommandOptions>();
    CLI::App* worker = program.add_subcommand("worker", "Check what the queue delivers");
    worker->footer(
        "As many as there are machines share a store and a queue. One that is killed loses "
        "nothing: another checks what it had.\n"
        "Passwords come as for 'avtalskoll submit'.\n\n"
        "Exit status: 0 stopped, 2 could not start.\n\n"
        "Example:\n"
        "  avtalskoll worker --store postgresql://db/avtalskoll --originals /srv/originals --queue "
        "amqps://mq");
    add_store(worker, options->store, true);
    add_queue(worker, options->queue, true);
    worker
        ->add_option("--drain-seconds", options->drain_seconds,
                     "Seconds that what is at work may take after a stop is asked for")
        ->check(CLI::Range(0, 3600))
        ->capture_default_str()
        ->type_name("N");
    add_monitoring(worker, options->monitoring);
    add_log(worker);
    add_engine(worker, options->checker);
    when_given(worker, work, run_worker_command, options);
}

void add_dead(CLI::App& program, Work& work) {
    const auto options = std::make_shared<DeadOptions>();
    CLI::App* dead =
        program.add_subcommand("dead", "List, show and retry what no worker could finish");
    dead->require_subcommand(1);
    CLI::App* list = dead->add_subcommand("list", "A line for each dead letter, oldest first");
    CLI::App* show = dead->add_subcommand("show", "One dead letter");
    CLI::App* retry = dead->add_subcommand("retry", "Put one, or all, into the queue again");
    for (CLI::App* command : {list, show, retry}) add_store(command, options->store, true);
    for (CLI::App* command : {list, show}) add_format(command, options->format);
    show->add_option("ID", options->id, "The submission's id")->required();
    CLI::Option* one = retry->add_option("ID", options->id, "The submission's id");
    CLI::Option* all = retry->add_flag("--all", options->all, "All of them");
    one->excludes(all);
    when_given(list, work, run_dead_list, options);
    when_given(show, work, run_dead_show, options);
    when_given(retry, work, run_dead_retry, options);
}

}  // namespace avtalskoll::app
