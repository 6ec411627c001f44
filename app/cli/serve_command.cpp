#include "app/cli/serve_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

#include "app/cli/address.h"
#include "app/cli/monitoring.h"
#include "app/cli/options.h"
#include "app/review/case_rules.h"
#include "app/service/crash_notes.h"
#include "app/service/current_checker.h"
#include "app/service/data_dir.h"
#include "app/service/form_workshop.h"
#include "app/service/log_line.h"
#include "app/service/mail_sender.h"
#include "app/service/queue_relay.h"
#include "app/store/case_store.h"
#include "app/web/held_uploads.h"
#include "app/web/page_pictures.h"
#include "app/web/site.h"
#include "models/error.h"
#include "pipeline/forms/word_lists.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLookAgain{5};  // for what another program took in
constexpr std::size_t kPicturesBytes = 128u << 20;
constexpr std::string_view kUnix = "unix:";

// Checks what waits in the store, on a thread of its own, until it is destroyed or the program is
// asked to stop.
class BackgroundChecker {
public:
    BackgroundChecker(const StorePlace& place, Store& store, const CurrentChecker& checker)
        : store_(store),
          checker_(checker),
          notes_(crash_notes_of(place, store)),
          thread_([this] { run(); }) {}
    ~BackgroundChecker() {
        {
            const std::lock_guard lock(mutex_);
            ending_ = true;
        }
        woken_.notify_all();
        thread_.join();
    }
    BackgroundChecker(const BackgroundChecker&) = delete;
    BackgroundChecker& operator=(const BackgroundChecker&) = delete;

    void wake() {
        const std::lock_guard lock(mutex_);
        awake_ = true;
        woken_.notify_all();
    }

private:
    void run() {
        for (;;) {
            try {
                while (check_some()) {
                }
            } catch (const Error& e) {
                if (e.kind() == ErrorKind::Interrupted) return;
                say("{}; trying again in {} s", e.what(), kLookAgain.count());
            } catch (const std::exception& e) {
                say("unexpected while checking: {}; trying again in {} s", e.what(),
                    kLookAgain.count());
            }
            std::unique_lock lock(mutex_);
            woken_.wait_for(lock, kLookAgain, [&] { return awake_ || ending_; });
            awake_ = false;
            if (ending_) return;
        }
    }

    // Checks a few at a time, so that new submissions do not wait for all earlier ones. True when
    // more may wait.
    bool check_some() {
        const auto checker = checker_.get();
        const auto some = static_cast<std::size_t>(checker->jobs());
        const std::vector<StoredSubmission> waiting = store_.waiting(some);
        pipeline::for_each_parallel(waiting.size(), checker->jobs(), [&](std::size_t i) {
            const FinishedReport report = check_stored(waiting[i], store_, *checker, {});
            say_of(waiting[i].key, "{}", to_string(report.verdict));
        });
        return waiting.size() == some;
    }

    Store& store_;
    const CurrentChecker& checker_;
    const std::unique_ptr<CrashNotes> notes_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool awake_ = false, ending_ = false;
    std::thread thread_;
};

// A folder for incoming uploads. It belongs to this run and goes with it. `all` may be on a disk
// that several machines share, so that no process number tells whose a folder is: each run locks
// its own (flock), and removes those that killed runs left behind without a lock.
class UploadFolder {
public:
    explicit UploadFolder(const fs::path& all) {
        fs::create_directories(all);
        for (const auto& entry : fs::directory_iterator(all)) remove_if_left(entry.path());
        std::string name = (all / "XXXXXX").string();
        if (!::mkdtemp(name.data())) fail(all);
        path_ = name;
        lock_ = ::open((path_ / kLock).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (lock_ < 0 || ::flock(lock_, LOCK_EX | LOCK_NB) != 0) fail(path_);
    }
    ~UploadFolder() {
        std::error_code gone;
        fs::remove_all(path_, gone);
        ::close(lock_);
    }
    UploadFolder(const UploadFolder&) = delete;
    UploadFolder& operator=(const UploadFolder&) = delete;
    const fs::path& path() const { return path_; }

private:
    static constexpr const char* kLock = ".lock";

    [[noreturn]] static void fail(const fs::path& path) {
        throw Error(ErrorKind::Io, fmt::format("{}: cannot be written or locked: {}", path.string(),
                                               std::strerror(errno)));
    }

    static void remove_if_left(const fs::path& folder) {
        std::error_code failed;
        const int lock = ::open((folder / kLock).c_str(), O_WRONLY | O_CLOEXEC);
        // Without one its run may be about to make it.
        const bool is_left = lock >= 0
                                 ? ::flock(lock, LOCK_EX | LOCK_NB) == 0
                                 : fs::last_write_time(folder, failed) <
                                       fs::file_time_type::clock::now() - std::chrono::hours(24);
        if (is_left) fs::remove_all(folder, failed);
        if (lock >= 0) ::close(lock);
    }

    fs::path path_;
    int lock_ = -1;
};

bool is_unix_socket(const ServeOptions& options) { return options.listen.starts_with(kUnix); }

web::ServerOptions server_options(const ServeOptions& options) {
    web::ServerOptions server;
    if (is_unix_socket(options)) {
        const std::string path = options.listen.substr(kUnix.size());
        if (path.empty())
            throw Error(ErrorKind::BadInput,
                        "--listen: 'unix:' names no socket; give one such as "
                        "unix:/run/avtalskoll/serve.sock");
        server.socket = fs::absolute(path);
    } else {
        Address address = parse_address("--listen", options.listen);
        server.host = std::move(address.host);
        server.port = address.port;
    }
    server.threads = std::clamp(2 * static_cast<int>(std::thread::hardware_concurrency()), 4, 16);
    server.slow_threads = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 2, 8);
    server.limits.upload_bytes = static_cast<std::uint64_t>(options.most_upload_mb) << 20;
    server.limits.connections = options.most_connections;
    return server;
}

void note_fault(const std::string& what) { say("fault: {}", what); }

web::Handlers handlers_of(web::Site& site) {
    web::Handlers handlers;
    handlers.kind = [&site](const std::string& method, const web::Target& target) {
        return site.kind(method, target);
    };
    handlers.before_upload = [&site](const web::Request& head) { return site.before_upload(head); };
    handlers.respond = [&site](const web::Request& request) { return site.respond(request); };
    handlers.refuse = [&site](int status, const web::Target* of) {
        return site.refuse(status, of);
    };
    handlers.note_fault = note_fault;
    return handlers;
}

void say_when_nobody_can_log_in(const ServeOptions& options, Accounts& accounts) {
    const bool sign_on = is_unix_socket(options) && !options.sign_on_roles.empty();
    if (sign_on || !accounts.users().empty()) return;
    say("nobody can log in yet: add somebody with 'avtalskoll user add NAME --role officer "
        "--store {}'",
        options.store.shown());
}

// Drafts lie beside the store.
FormWorkshop workshop_of(const ServeOptions& options) {
    const fs::path& forms = options.checker.forms;
    return {forms.empty() ? data_dir() / "forms" : forms, options.store.beside(".drafts"),
            pipeline::load_field_words(data_dir() / "field_words.yaml")};
}

void say_listening(const web::ServerOptions& server, std::uint16_t port) {
    if (!server.socket.empty()) return say("listening on unix:{}", server.socket.string());
    const bool is_ipv6 = server.host.find(':') != std::string::npos;
    say("listening on http://{}:{}", is_ipv6 ? "[" + server.host + "]" : server.host, port);
}

std::vector<web::GroupRole> sign_on_roles(const ServeOptions& options) {
    std::vector<web::GroupRole> roles;
    for (const std::string& role : options.sign_on_roles)
        roles.push_back(web::parse_group_role(role));
    if (!roles.empty() && !is_unix_socket(options))
        say("sign-on is off: it needs --listen unix:PATH; here people log in with passwords");
    return roles;
}

StorePlace place_of(const ServeOptions& options) {
    StorePlace place = options.store;
    place.queued = !options.queue.empty();
    return place;
}

// Null: others check.
std::unique_ptr<BackgroundChecker> background_of(const ServeOptions& options, Store& store,
                                                 const CurrentChecker& checker) {
    if (options.leave_checking || !options.queue.empty()) return nullptr;
    return std::make_unique<BackgroundChecker>(options.store, store, checker);
}

// Null: there is no queue that what is taken in goes to.
std::unique_ptr<QueueRelay> relay_of(const ServeOptions& options, WorkStore& work) {
    if (options.queue.empty()) return nullptr;
    return std::make_unique<QueueRelay>(work, queue_place(options.queue));
}

// Null: officers send mail themselves.
std::unique_ptr<MailSender> sender_of(const ServeOptions& options, MailStore& mail) {
    if (!options.office.mail.is_set()) return nullptr;
    return std::make_unique<MailSender>(mail, options.office.mail);
}

// Answers requests until a stop is asked for.
void serve_site(const web::ServerOptions& server, web::Site& site, web::HeldUploads& held,
                const pipeline::StopFlag& stop) {
    web::serve(
        server, handlers_of(site), [&](std::uint16_t port) { say_listening(server, port); },
        [&] {
            held.remove_old();  // their senders may never come back
            return stop.load();
        });
}

// `sender`: null when there is none.
std::function<void()> waking(MailSender* sender) {
    return [sender] {
        if (sender) sender->wake();
    };
}

auto comparing(const CurrentChecker& checker) {
    return [&checker](const std::vector<ApprovedAgreement>& approved, const Submission& copy) {
        return checker.get()->compare(approved, copy);
    };
}

// The store's sides, each with connections of its own.
struct Stores {
    const std::unique_ptr<Store> store;
    const std::unique_ptr<WorkStore> work;
    const std::unique_ptr<MailStore> mail;
    const std::unique_ptr<CaseStore> cases;
    const std::unique_ptr<Accounts> accounts;

    // `connections`: how many requests are answered at once.
    Stores(const ServeOptions& options, int connections)
        : store(open_store(place_of(options), true)),
          work(open_work_store(options.store, 2)),
          mail(open_mail_store(options.store, 2)),
          cases(open_case_store(options.store, connections)),
          accounts(open_accounts(options.store, connections)) {}
};

}  // namespace

int run_serve(const ServeOptions& options) {
    web::ServerOptions server = server_options(options);
    const pipeline::StopFlag& stop = stop_on_signals();
    const Stores stores(options, server.threads + server.slow_threads);
    const Monitoring monitoring(options.monitoring, options.store);
    const auto relay = relay_of(options, *stores.work);
    const auto sender = sender_of(options, *stores.mail);
    CurrentChecker checker(options.checker, stop);
    const CaseRules rules = load_case_rules(data_dir());
    const UploadFolder uploads(options.store.beside(".uploads"));
    server.upload_folder = uploads.path();
    web::HeldUploads held;
    web::PagePictures pictures(options.checker.limits, kPicturesBytes);
    say_when_nobody_can_log_in(options, *stores.accounts);
    FormWorkshop workshop = workshop_of(options);
    const auto program = checker.get();  // its words and texts never change
    std::unique_ptr<BackgroundChecker> background = background_of(options, *stores.store, checker);
    web::Services services{*stores.store,
                           *stores.cases,
                           *stores.accounts,
                           *stores.work,
                           *stores.mail,
                           pictures,
                           held,
                           [&] { return checker.forms(); },
                           program->words(),
                           program->texts(),
                           rules,
                           options.office,
                           [&] {
                               if (background) background->wake();
                               if (relay) relay->wake();
                           },
                           waking(sender.get()),
                           server.upload_folder / "work",
                           server.limits.upload_bytes,
                           workshop,
                           [&] { checker.reload(); },
                           [&](const fs::path& forms, const Submission& submission) {
                               return checker.with_forms(forms)->check(submission);
                           },
                           comparing(checker),
                           note_fault};
    web::Site site(services, sign_on_roles(options));
    serve_site(server, site, held, stop);
    background.reset();
    say("stopped; what was taken in and decided is kept");
    return 130;
}

namespace {

void add_office(CLI::App* to, web::Office& office) {
    to->add_option("--authority", office.authority, "Name of the authority, under its letters")
        ->type_name("NAME");
    to->add_option("--answer-days", office.answer_days,
                   "Days in which an answer to a request for completion is expected")
        ->check(CLI::Range(1, 365))
        ->capture_default_str()
        ->type_name("N");
    add_mail(to, office.mail);
}

}  // namespace

void add_serve(CLI::App& program, Work& work) {
    const auto options = std::make_shared<ServeOptions>();
    CLI::App* serve = program.add_subcommand(
        "serve", "Serve the case officers' pages and the API, and check what is uploaded");
    serve->footer(
        "Officers log in with the users of the store ('avtalskoll user add'); other systems use "
        "tokens ('avtalskoll token add').\n"
        "Browsers keep a login only over HTTPS or on the machine itself: put a web server with TLS "
        "before it (docs/review.md).\n\n"
        "Exit status: 2 could not start, 130 stopped.\n\n"
        "Examples:\n"
        "  avtalskoll user add anna --role officer --store store.db\n"
        "  avtalskoll serve --store store.db\n"
        "  avtalskoll serve --store store.db --listen '[::1]:9000'");
    add_store(serve, options->store, true);
    serve
        ->add_option("--listen", options->listen,
                     "Address and port, or a Unix socket for the web server before it: unix:PATH")
        ->capture_default_str()
        ->type_name("ADDRESS:PORT");
    add_queue(serve, options->queue, false);
    add_monitoring(serve, options->monitoring);
    add_log(serve);
    serve
        ->add_option("--sign-on-role", options->sign_on_roles,
                     "People sign on at the web server before the Unix socket, and those in GROUP "
                     "have ROLE (reader, officer, admin); may be given several times")
        ->type_name("ROLE=GROUP")
        ->allow_extra_args(false);
    serve->add_flag("--leave-checking", options->leave_checking,
                    "Do not check what was taken in: a 'watch' on the same store does");
    serve
        ->add_option("--max-upload-mb", options->most_upload_mb,
                     "Megabytes that an upload may have")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str()
        ->type_name("N")
        ->group("Limits");
    serve
        ->add_option("--max-connections", options->most_connections,
                     "Connections at a time; of more, the one idle longest is closed")
        ->check(CLI::Range(16, 60'000))
        ->capture_default_str()
        ->type_name("N")
        ->group("Limits");
    add_office(serve, options->office);
    add_engine(serve, options->checker);
    when_given(serve, work, run_serve, options);
}

}  // namespace avtalskoll::app
