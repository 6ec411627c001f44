#include "app/service/queue_relay.h"

#include <algorithm>

#include "app/service/log_line.h"
#include "app/service/metrics.h"
#include "models/error.h"

namespace avtalskoll::app {
namespace {

constexpr std::size_t kBatch = 100;
constexpr std::chrono::seconds kConfirmLimit{10}, kLook{1}, kLongestPause{15};

}  // namespace

std::size_t send_outbox(WorkStore& store, const QueuePlace& place,
                        std::unique_ptr<WorkQueue>& queue) {
    if (!queue) queue = std::make_unique<WorkQueue>(place);
    try {
        queue->serve();
    } catch (const Error&) {
        queue.reset();
        throw;
    }
    std::size_t confirmed = 0;
    for (;;) {
        const std::vector<OutboxRow> rows = store.take_unsent(kBatch);
        if (rows.empty()) return confirmed;
        std::vector<QueuedWork> works;
        for (const OutboxRow& row : rows) works.push_back(row.work);
        std::vector<OutboxRow> sent, refused;
        try {
            const std::vector<bool> kept = queue->publish(works, kConfirmLimit);
            for (std::size_t i = 0; i < rows.size(); ++i)
                (kept[i] ? sent : refused).push_back(rows[i]);
        } catch (const Error&) {
            queue.reset();
            store.give_back(rows);
            throw;
        }
        store.note_sent(sent);
        Metrics::of_process().note_handed_in(sent.size());
        store.give_back(refused);
        confirmed += sent.size();
        if (!refused.empty()) return confirmed;  // the queue is full
    }
}

QueueRelay::QueueRelay(WorkStore& store, QueuePlace place)
    : sender_(store, std::move(place)), thread_([this] { run(); }) {}

QueueRelay::~QueueRelay() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    woken_.notify_all();
    thread_.join();
}

void QueueRelay::wake() {
    const std::lock_guard lock(mutex_);
    awake_ = true;
    woken_.notify_all();
}

void QueueRelay::run() {
    for (;;) {
        const std::chrono::seconds pause = sender_.send();
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, pause, [&] { return awake_ || ending_; });
        awake_ = false;
        if (ending_) return;
    }
}

std::chrono::seconds OutboxSender::send() {
    Metrics& metrics = Metrics::of_process();
    try {
        if (const std::size_t sent = send_outbox(store_, place_, queue_); sent > 0)
            say("{} handed to the queue", sent);
        metrics.note_queue_up(true);
        if (!told_.empty()) say("the queue is reached again");
        told_.clear();
        pause_ = kLook;
    } catch (const Error& e) {
        // Without a connection it was the queue that could not be used, with one the store.
        metrics.note_queue_up(queue_ != nullptr);
        metrics.note_failure(queue_ ? Failure::Store : Failure::Queue);
        if (told_ != e.what()) say("{}; trying again", e.what());
        told_ = e.what();
        pause_ = std::min(2 * pause_, kLongestPause);
    }
    return pause_;
}

}  // namespace avtalskoll::app
