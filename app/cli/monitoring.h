// An HTTP port for who watches the program: /metrics for Prometheus, /healthz and /readyz for who
// starts and stops it. Meant for the machines' own network: it asks for no login.
#pragma once
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "app/store/store_place.h"
#include "app/store/work_store.h"

namespace CLI {
class App;
}

namespace avtalskoll::app {

struct MonitoringOptions {
    std::string listen;  // address and port; empty: none
};

// `--metrics ADDRESS:PORT`.
void add_monitoring(CLI::App* to, MonitoringOptions& options);

// Looks at the store every few seconds, and serves what it found with Metrics, while it lives.
class Monitoring {
public:
    // Throws Error{BadInput} when the address is none, Error{Io} when it cannot be listened on or
    // the store cannot be used.
    Monitoring(const MonitoringOptions& options, const StorePlace& store);
    ~Monitoring();
    Monitoring(const Monitoring&) = delete;
    Monitoring& operator=(const Monitoring&) = delete;

private:
    void look();

    const StorePlace place_;
    const std::unique_ptr<WorkStore> store_;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::atomic<bool> ending_ = false;
    std::thread looking_, serving_;
};

}  // namespace avtalskoll::app
