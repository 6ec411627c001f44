// Hands what the store's outbox holds to the queue, in a thread of its own.
//
// A row leaves the outbox when the queue has confirmed it. While the queue cannot be reached, or
// takes nothing, rows stay and are tried again; intake goes on.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "app/queue/work_queue.h"
#include "app/store/work_store.h"

namespace avtalskoll::app {

// Sends what is there now. Gives how many the queue has confirmed; fewer than there were when it
// takes no more. `queue` empty: connects first. Throws Error{Io}; `queue` is empty then, and the
// rows are anybody's again.
std::size_t send_outbox(WorkStore& store, const QueuePlace& place,
                        std::unique_ptr<WorkQueue>& queue);

// Sends the outbox again and again, for one thread. What fails is told once, on standard error.
class OutboxSender {
public:
    // `store` must outlive this.
    OutboxSender(WorkStore& store, QueuePlace place) : store_(store), place_(std::move(place)) {}

    // Gives how long to wait before the next time: longer while it fails.
    std::chrono::seconds send();

private:
    WorkStore& store_;
    const QueuePlace place_;
    std::unique_ptr<WorkQueue> queue_;
    std::chrono::seconds pause_{1};
    std::string told_;
};

class QueueRelay {
public:
    // `store` must outlive this.
    QueueRelay(WorkStore& store, QueuePlace place);
    // Ends within the time limit of one confirm.
    ~QueueRelay();
    QueueRelay(const QueueRelay&) = delete;
    QueueRelay& operator=(const QueueRelay&) = delete;

    // Looks at the outbox now instead of a second later. From any thread.
    void wake();

private:
    void run();

    OutboxSender sender_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool awake_ = false, ending_ = false;
    std::thread thread_;
};

}  // namespace avtalskoll::app
