// The queue that hands submissions to workers: RabbitMQ.
//
// Two durable quorum queues: `avtalskoll.work`, which a message leaves when a worker acknowledges
// it, and `avtalskoll.dead` for what was delivered more than kMostTries times without that, or
// refused by a worker. A message names a submission by key and content; documents stay in the
// store. Delivery is at least once.
//
// A connection is for one thread, which must call next() or publish() more often than half the
// heartbeat of its place: the library has no thread of its own that answers the server. Everything
// throws Error{Io}, naming the server and what to do; the connection is of no use then.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/queue/queue_place.h"
#include "app/store/work_store.h"

namespace avtalskoll::app {

// The server refuses more, and they stay in the outbox.
inline constexpr int kMostQueued = 1'000'000;

inline constexpr const char* kRefused = "rejected";

enum class QueueName { ToCheck, Dead };

struct Delivery {
    std::uint64_t tag = 0;
    std::optional<QueuedWork> work;  // nullopt: not a message of this program
    int earlier = 0;                 // deliveries that nobody acknowledged
    std::string death;  // of a dead letter: why, in the server's word (kRefused: a worker)
};

class WorkQueue {
public:
    // Connects and makes the queues where there are none. Throws Error{Io} also when they are there
    // with other properties.
    explicit WorkQueue(const QueuePlace& place);
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    // Gives for each work whether the server keeps it now. Throws when it does not say so within
    // `limit`, for it is blocked (no room, no memory) or gone.
    std::vector<bool> publish(const std::vector<QueuedWork>& works, std::chrono::seconds limit);

    // Answers the server, without waiting: for who has nothing to publish.
    void serve();

    // From now on next() gives deliveries, `at_once` unacknowledged ones at most.
    void consume(QueueName queue, int at_once);
    // nullopt: none came within `wait`.
    std::optional<Delivery> next(std::chrono::milliseconds wait);
    void acknowledge(std::uint64_t tag);
    void give_back(std::uint64_t tag);  // to be delivered again
    void reject(std::uint64_t tag);     // to the dead
    // No new deliveries; those that were given can still be acknowledged.
    void stop_consuming();

private:
    struct Connection;
    std::unique_ptr<Connection> connection_;
};

}  // namespace avtalskoll::app
