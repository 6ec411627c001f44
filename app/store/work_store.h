// The store's part in handing work to many machines: what is still to be put into the queue, who
// checks what, and what the queue gave up.
//
// A delivery may come twice; its effect comes once. A worker leases a submission before it checks
// it, and hands its report in with the lease's token: a report whose token is no longer the newest
// is refused, for somebody else has taken the work over. Leases run by the database's clock. Safe
// from many threads and processes. Everything throws Error{Io} when the store cannot be used;
// nothing is half done then.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/store/store.h"

namespace avtalskoll::app {

// A piece of work, as a message names it: a submission's key, and what it held when it was taken
// in.
struct QueuedWork {
    std::int64_t submission = 0;
    std::string content;
    bool operator==(const QueuedWork&) const = default;
};

struct OutboxRow {
    std::int64_t key = 0;
    QueuedWork work;
};

enum class LeaseAnswer {
    Leased,
    Held,       // by somebody else; it is in the outbox again, for when that lease has run out
    Done,       // there is a report of these versions
    Exhausted,  // kMostTries workers began it, and none ended
    Gone,       // other content has come in its stead, or it was purged
};

struct Lease {
    LeaseAnswer answer = LeaseAnswer::Gone;
    StoredSubmission stored = {};  // when Leased
    std::int64_t token = 0;        // when Leased
};

enum class Handing {
    Kept,
    Known,  // there is a report of this content with these versions, or the content was purged
    Stale,  // the lease has passed to somebody else; nothing was kept
};

struct DeadLetter {
    std::int64_t key = 0;
    std::string id;  // the submission's
    QueuedWork work;
    int tries = 0;
    std::string reason, at;  // the latter in ISO 8601, UTC
};

struct WorkState {
    std::int64_t waiting = 0, unsent = 0,
                 dead = 0;            // submissions; rows of the outbox; dead letters
    std::string oldest_waiting;       // when it came; empty: none waits
    std::int64_t oldest_seconds = 0;  // its age by the database's clock
};

inline constexpr std::chrono::seconds kLeaseSeconds{20};
inline constexpr int kMostTries = 3;

class WorkStore {
public:
    WorkStore() = default;
    WorkStore(const WorkStore&) = delete;
    WorkStore& operator=(const WorkStore&) = delete;
    virtual ~WorkStore() = default;

    // The oldest rows that nobody else is sending. They are this caller's for a minute.
    virtual std::vector<OutboxRow> take_unsent(std::size_t most) = 0;
    // The queue has confirmed these.
    virtual void note_sent(const std::vector<OutboxRow>& rows) = 0;
    // The queue did not: they are anybody's again.
    virtual void give_back(const std::vector<OutboxRow>& rows) = 0;

    // How many workers have begun it and not ended it, whoever has it now.
    virtual int tries(const QueuedWork& work) = 0;
    // `holder`: who asks, for the operators. The same holder may lease again what it holds:
    // that is no other try.
    virtual Lease lease(const QueuedWork& work, const EngineVersions& versions,
                        const std::string& holder) = 0;
    // False: the lease has passed to somebody else.
    virtual bool renew(const Lease& lease) = 0;
    virtual Handing finish(const Lease& lease, const FinishedReport& report) = 0;
    // Without a report, and without harm: it is no try, and anybody may lease it at once.
    virtual void release(const Lease& lease) = 0;

    // The queue gave this up: because a worker said so (`refused`), or after too many deliveries.
    // The latter is in vain when fewer than kMostTries workers began it: it was delivered beside
    // what ended them, and goes to the outbox again. Nothing happens when it is noted already, or
    // has a report by now. Gives whether it is dead now.
    virtual bool bury(const QueuedWork& work, bool refused, const std::string& reason) = 0;
    virtual std::vector<DeadLetter> dead_letters() = 0;  // oldest first
    // Puts it into the outbox again; false: there is none with this key.
    virtual bool retry(std::int64_t dead_letter, const std::string& who) = 0;

    // Puts into the outbox what waits for a report and is neither there nor dead. Gives how many.
    virtual std::int64_t enqueue_waiting() = 0;

    virtual WorkState state() = 0;
};

// Of a store that is there. `connections`: how many threads are served at once.
std::unique_ptr<WorkStore> open_work_store(const StorePlace& place, int connections);

}  // namespace avtalskoll::app
