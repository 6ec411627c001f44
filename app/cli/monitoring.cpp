#include "app/cli/monitoring.h"

#include <fmt/format.h>

#include <future>

#include "app/cli/address.h"
#include "app/cli/options.h"
#include "app/http/http_server.h"
#include "app/service/log_line.h"
#include "app/service/metrics.h"
#include "models/error.h"

namespace avtalskoll::app {
namespace {

constexpr std::chrono::seconds kLook{5};

web::Response plain(int status, const std::string& body) {
    return {.status = status, .type = "text/plain; charset=utf-8", .body = body};
}

web::Response answer(const web::Request& request) {
    const Metrics& metrics = Metrics::of_process();
    const std::string path = request.path.size() == 1 ? request.path[0] : "";
    if (path == "metrics")
        return {.status = 200,
                .type = "text/plain; version=0.0.4; charset=utf-8",
                .body = metrics.text()};
    if (path == "healthz") return plain(200, "ok\n");
    if (path != "readyz") return plain(404, "here are /metrics, /healthz and /readyz\n");
    if (!metrics.is_store_up()) return plain(503, "the store does not answer\n");
    if (!metrics.is_queue_up()) return plain(503, "the queue does not answer\n");
    return plain(200, "ready\n");
}

web::Handlers handlers() {
    web::Handlers made;
    made.kind = [](const std::string&, const web::Target&) { return web::Kind::Fast; };
    made.before_upload = [](const web::Request&) { return plain(405, "nothing to send\n"); };
    made.respond = answer;
    made.refuse = [](int status, const web::Target*) { return plain(status, "refused\n"); };
    made.note_fault = [](const std::string& what) { say("fault: {}", what); };
    return made;
}

}  // namespace

void add_monitoring(CLI::App* to, MonitoringOptions& options) {
    to->add_option("--metrics", options.listen,
                   "Address and port for /metrics, /healthz and /readyz (default: none)")
        ->type_name("ADDRESS:PORT");
}

Monitoring::Monitoring(const MonitoringOptions& options, const StorePlace& store)
    : place_(store), store_(options.listen.empty() ? nullptr : open_work_store(store, 1)) {
    if (!store_) return;
    look();
    const Address address = parse_address("--metrics", options.listen);
    web::ServerOptions server;
    server.host = address.host;
    server.port = address.port;
    server.threads = 2;
    server.slow_threads = 1;
    std::promise<void> listening;
    std::future<void> begun = listening.get_future();
    serving_ = std::thread([this, server, listening = std::move(listening)]() mutable {
        bool is_listening = false;
        try {
            web::serve(
                server, handlers(),
                [&](std::uint16_t port) {
                    say("metrics on http://{}:{}/metrics", server.host, port);
                    is_listening = true;
                    listening.set_value();
                },
                [this] { return ending_.load(); });
        } catch (const Error& e) {
            if (is_listening) say("metrics are not served any more: {}", e.what());
            else listening.set_exception(std::current_exception());
        }
    });
    try {
        begun.get();
    } catch (...) {
        serving_.join();
        throw;
    }
    looking_ = std::thread([this] {
        std::unique_lock lock(mutex_);
        while (!ended_.wait_for(lock, kLook, [this] { return ending_.load(); })) look();
    });
}

Monitoring::~Monitoring() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    ended_.notify_all();
    if (looking_.joinable()) looking_.join();
    if (serving_.joinable()) serving_.join();
}

void Monitoring::look() {
    Metrics& metrics = Metrics::of_process();
    metrics.note_room(place_.originals_folder());
    try {
        metrics.note_state(store_->state());
    } catch (const Error&) {
        metrics.note_state(std::nullopt);
        metrics.note_failure(Failure::Store);
    }
}

}  // namespace avtalskoll::app
