// Checks what the queue delivers, until it is asked to stop.
//
// A delivery is leased in the store, checked, its report kept, and only then acknowledged. When the
// connection to the queue or to the store is lost, the worker goes on by itself when it is there
// again: what is delivered twice is kept once. A submission that was begun before and not
// finished is checked with nothing else beside it, for it may be what ended the worker then. One
// that another worker has leased comes again when that lease has run out; nobody waits for it.
#pragma once
#include <chrono>

#include "app/queue/queue_place.h"
#include "app/service/checker.h"
#include "app/store/work_store.h"

namespace avtalskoll::app {

struct WorkerOptions {
    QueuePlace queue;
    StorePlace store;
    CheckerOptions checker;
    std::chrono::seconds drain{60};  // for what is at work when a stop is asked for
};

// Returns when `stop` is set and what was at work has ended, or `options.drain` is over: what has
// not ended then is given back to the queue. Throws Error{Io} when queue or store cannot be used at
// the start, and as Checker does.
void run_worker(const WorkerOptions& options, const pipeline::StopFlag& stop);

}  // namespace avtalskoll::app
