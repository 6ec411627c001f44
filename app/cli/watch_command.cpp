#include "app/cli/watch_command.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <map>
#include <set>

#include "app/cli/options.h"
#include "app/service/crash_notes.h"
#include "app/service/log_line.h"
#include "app/service/queue_relay.h"
#include "app/store/case_store.h"
#include "models/error.h"
#include "models/text.h"
#include "pipeline/files/file_hash.h"
#include "pipeline/files/file_kind.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

// The folder is read again this often, whatever inotify says: inotify may overflow, or be absent
// (network disks).
constexpr int kRescanMs = 5000;
constexpr int kUnquietMs = 250;
constexpr std::chrono::seconds kRetry{5};

// One entry of the inbox as it is now.
struct EntryState {
    std::string state;  // changes whenever a file in it comes, goes or changes; kept in the store
    std::string pulse;  // changes whenever anything at all in it does
};

void add_to(std::string& pulse, std::string& all, const fs::path& path, const fs::path& inbox) {
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0) return;
    pulse += fmt::format("{}.{} {}.{} {}\n", facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec,
                         facts.st_ctim.tv_sec, facts.st_ctim.tv_nsec, facts.st_size);
    if (S_ISREG(facts.st_mode))
        all +=
            fmt::format("{}\n{} {} {} {}\n", path.lexically_relative(inbox).string(), facts.st_ino,
                        facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec);
}

EntryState state_of(const fs::path& path, const fs::path& inbox) {
    EntryState entry;
    std::vector<fs::path> paths{path};
    std::error_code gone;
    if (fs::is_directory(path, gone))
        for (auto at = fs::recursive_directory_iterator(path, gone);
             !gone && at != fs::recursive_directory_iterator(); at.increment(gone))
            paths.push_back(at->path());
    std::sort(paths.begin(), paths.end());
    std::string all = path.filename().string() + "\n";
    std::string pulse;
    for (const fs::path& inner : paths) add_to(pulse, all, inner, inbox);
    entry.state = pipeline::sha256_of_text(all);
    entry.pulse = pipeline::sha256_of_text(pulse + all);
    return entry;
}

// The inbox, with inotify's news of it.
class Inbox {
public:
    explicit Inbox(const fs::path& folder)
        : folder_(fs::canonical(folder)), events_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
        if (events_ >= 0)
            ::inotify_add_watch(events_, folder_.c_str(),
                                IN_MOVED_TO | IN_CREATE | IN_CLOSE_WRITE | IN_ONLYDIR);
    }
    ~Inbox() {
        if (events_ >= 0) ::close(events_);
    }
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    std::vector<fs::path> entries() const {
        std::vector<fs::path> found;
        std::error_code failed;
        for (auto at = fs::directory_iterator(folder_, failed);
             !failed && at != fs::directory_iterator(); at.increment(failed))
            if (!pipeline::is_left_behind(at->path().filename().string()))
                found.push_back(at->path());
        if (failed)
            throw Error(ErrorKind::Io,
                        fmt::format("the inbox cannot be read: {}", failed.message()));
        std::sort(found.begin(), found.end());
        return found;
    }
    // Renaming is how a sender says that all is there.
    bool was_renamed_in(const fs::path& entry) const {
        return renamed_in_.contains(entry.filename().string());
    }
    void forget(const fs::path& entry) { renamed_in_.erase(entry.filename().string()); }
    const fs::path& folder() const { return folder_; }

    void wait(int milliseconds) {
        pollfd ready{events_, POLLIN, 0};
        if (::poll(&ready, events_ >= 0 ? 1 : 0, milliseconds) <= 0) return;
        alignas(inotify_event) std::array<char, 65536> notes{};
        for (ssize_t got = 0; (got = ::read(events_, notes.data(), notes.size())) > 0;)
            for (ssize_t at = 0; at < got;) {
                inotify_event event{};
                std::memcpy(&event, notes.data() + at, sizeof event);
                if (event.len > 0 && (event.mask & IN_MOVED_TO) != 0)
                    renamed_in_.insert(notes.data() + at + sizeof event);
                at += static_cast<ssize_t>(sizeof event + event.len);
            }
    }

private:
    fs::path folder_;
    int events_;
    std::set<std::string> renamed_in_;
};

StorePlace place_of(const WatchOptions& options) {
    StorePlace place = options.store;
    place.queued = !options.queue.empty();
    return place;
}

class Watcher {
public:
    explicit Watcher(const WatchOptions& options)
        : options_(options),
          stop_(stop_on_signals()),
          intake_(options.intake),
          inbox_(options.inbox),
          store_(open_store(place_of(options), true)),
          cases_(open_case_store(options.store, 1)),
          notes_(crash_notes_of(options.store, *store_)) {
        intake_.own = options.store.own_files();
        if (options.queue.empty()) {
            checker_ = std::make_unique<Checker>(options.checker, stop_);
        } else {
            work_ = open_work_store(options.store, 1);
            sender_ = std::make_unique<OutboxSender>(*work_, queue_place(options.queue));
        }
    }

    int run() {
        say("watching");
        try {
            for (;;) {
                const Round round = take_in_and_check();
                if (stop_.load()) break;
                if (round.more_waits) continue;
                if (options_.once && !round.is_unquiet) return 0;
                inbox_.wait(round.is_unquiet ? kUnquietMs : kRescanMs);
            }
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::Interrupted) throw;
        }
        say("stopped; what was taken in is kept");
        return 130;
    }

private:
    struct Round {
        bool is_unquiet = false;  // something in the inbox is not ready to be taken
        bool more_waits = false;  // to be checked
    };

    // A disk that refuses is asked again after a while.
    Round take_in_and_check() {
        Round round;
        try {
            round.is_unquiet = !take_all_ready();
            if (sender_) sender_->send();
            else round.more_waits = check_some();
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::Io) throw;
            say("{}; trying again in {} s", e.what(), kRetry.count());
            const auto until = std::chrono::steady_clock::now() + kRetry;
            while (!stop_.load() && std::chrono::steady_clock::now() < until)
                inbox_.wait(kUnquietMs);
            round.is_unquiet = true;
        }
        return round;
    }

    // Takes in what is ready; false when something is there that is not.
    bool take_all_ready() {
        bool all_ready = true;
        std::set<std::string> taken;
        for (const fs::path& entry : inbox_.entries()) {
            if (stop_.load()) throw Error(ErrorKind::Interrupted, "interrupted");
            const EntryState now = state_of(entry, inbox_.folder());
            if (!taken_.contains(now.state) && !store_->has_taken(now.state)) {
                if (!inbox_.was_renamed_in(entry) && !is_quiet(entry, now)) {
                    all_ready = false;
                    continue;
                }
                if (!take(entry, now.state)) continue;
            }
            inbox_.forget(entry);
            seen_.erase(entry);
            taken.insert(now.state);
        }
        taken_ = std::move(taken);
        std::erase_if(seen_, [](const auto& one) {
            std::error_code gone;
            return !fs::exists(fs::symlink_status(one.first, gone));
        });
        return all_ready;
    }

    // True when nothing in the entry has changed for as long as it must be quiet. It is measured by
    // a clock that only goes forward: a file's time may come from another machine's clock, and this
    // machine's clock may be set meanwhile.
    bool is_quiet(const fs::path& entry, const EntryState& now) {
        const auto time = std::chrono::steady_clock::now();
        Seen& seen = seen_[entry];
        if (seen.pulse != now.pulse) seen = {now.pulse, time};
        return time - seen.since >= std::chrono::seconds(options_.quiet_seconds);
    }

    // Reports a trouble once for each state of an entry. The entry is tried again at every look.
    bool not_now(const std::string& state, const char* why) {
        if (told_.insert(state).second) say("{}", why);
        return false;
    }

    // False when it could not be taken now.
    bool take(const fs::path& entry, const std::string& state) {
        std::vector<Submission> found;
        try {
            found = pipeline::find_submissions({entry}, intake_);
        } catch (const Error& e) {
            if (e.kind() == ErrorKind::BadInput)
                return not_now(state,
                               "an entry of the inbox is gone again, is not a file or folder, or "
                               "holds two submissions of one id");
            if (e.kind() == ErrorKind::Io)
                return not_now(state,
                               "a folder in the inbox cannot be read; give the user who runs this "
                               "the right to read it");
            throw;
        } catch (const fs::filesystem_error&) {
            return not_now(state, "an entry of the inbox is gone again, or cannot be read");
        }
        for (std::size_t i = 0; i < found.size(); ++i) {
            const Received received = take_in(found[i], i + 1 == found.size() ? state : "");
            constexpr std::array kWords{"received", "opened again", "known already",
                                        "the same as one that is known"};
            say_of(received.stored.key, "{}, {}",
                   kWords.at(static_cast<std::size_t>(received.receipt)),
                   counted(received.stored.submission.files.size(), "file"));
        }
        return true;
    }

    // Files in a folder that is named by a case number complete that case; so do those under the id
    // of a case that is to be completed, or was completed before.
    Received take_in(Submission& submission, const std::string& state) {
        const std::string of_case = cases_->id_of(submission.id);
        const auto open = of_case.empty() ? std::nullopt : cases_->open(of_case);
        const bool completes =
            open && (of_case != submission.id || open->line.status == kToBeCompleted ||
                     std::ranges::any_of(open->submission.files, [](const SubmittedFile& file) {
                         return file.hand_in > 1;  // more of what completes it
                     }));
        if (!completes) return store_->receive(submission, state);
        submission.id = of_case;
        return store_->complete(submission, state);
    }

    // Checks some of what waits, so that the inbox is looked at again soon; true when more waits.
    bool check_some() {
        const std::size_t some = 8 * static_cast<std::size_t>(checker_->jobs());
        const std::vector<StoredSubmission> waiting = store_->waiting(some);
        pipeline::for_each_parallel(waiting.size(), checker_->jobs(), [&](std::size_t i) {
            const FinishedReport report =
                check_stored(waiting[i], *store_, *checker_, options_.out);
            say_of(waiting[i].key, "{}", to_string(report.verdict));
        });
        return waiting.size() == some;
    }

    const WatchOptions& options_;
    const pipeline::StopFlag& stop_;
    pipeline::IntakeOptions intake_;
    Inbox inbox_;
    std::unique_ptr<Store> store_;
    std::unique_ptr<CaseStore> cases_;
    std::unique_ptr<CrashNotes> notes_;
    std::unique_ptr<Checker> checker_;  // null: workers check
    std::unique_ptr<WorkStore> work_;   // null: it checks by itself
    std::unique_ptr<OutboxSender> sender_;
    struct Seen {
        std::string pulse;
        std::chrono::steady_clock::time_point since;
    };
    std::map<fs::path, Seen> seen_;  // entries that are not taken yet
    std::set<std::string> told_;     // states of entries that could not be taken
    std::set<std::string> taken_;    // states that need no question to the store
};

}  // namespace

int run_watch(const WatchOptions& options) {
    if (!fs::is_directory(options.inbox))
        throw Error(ErrorKind::BadInput, fmt::format("{}: no such folder", options.inbox.string()));
    return Watcher(options).run();
}

void add_watch(CLI::App& program, Work& work) {
    const auto options = std::make_shared<WatchOptions>();
    CLI::App* watch = program.add_subcommand(
        "watch", "Take submissions in from an inbox folder as they come, and check them");
    watch->footer(
        "An entry of the inbox, a folder or a file, is taken when it is renamed in, or when "
        "nothing in it has changed for some seconds. A file\n"
        "that comes later opens the submission again. Originals stay where they are; each is taken "
        "once, over restarts and renames.\n\n"
        "Exit status: 0 done (--once), 2 could not start, 130 stopped.\n\n"
        "Examples:\n"
        "  avtalskoll watch /srv/inbox --store /var/lib/avtalskoll/store.db\n"
        "  avtalskoll watch /srv/inbox --store store.db --out reports/ --once");
    watch->add_option("DIR", options->inbox, "The inbox")->required();
    add_store(watch, options->store, true);
    watch
        ->add_option("--out", options->out,
                     "Folder for the reports as well (default: they are in the store alone)")
        ->type_name("DIR");
    watch
        ->add_option("--quiet-seconds", options->quiet_seconds,
                     "How long nothing in an entry may have changed before it is taken")
        ->check(CLI::Range(0, 86'400))
        ->capture_default_str()
        ->type_name("N");
    watch->add_flag("--once", options->once, "End when all that is there was taken and checked");
    add_queue(watch, options->queue, false);
    add_log(watch);
    add_intake(watch, options->intake);
    add_engine(watch, options->checker);
    when_given(watch, work, run_watch, options);
}

}  // namespace avtalskoll::app
