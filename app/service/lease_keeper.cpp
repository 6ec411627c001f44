#include "app/service/lease_keeper.h"

#include "app/service/log_line.h"
#include "models/error.h"

namespace avtalskoll::app {

LeaseKeeper::LeaseKeeper(WorkStore& store) : store_(store), thread_([this] { run(); }) {}

LeaseKeeper::~LeaseKeeper() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    ended_.notify_all();
    thread_.join();
}

LeaseKeeper::Kept::Kept(LeaseKeeper& keeper, const Lease& lease) : keeper_(keeper), lease_(lease) {
    const std::lock_guard lock(keeper_.mutex_);
    keeper_.leases_.push_back(&lease_);
}

LeaseKeeper::Kept::~Kept() {
    const std::lock_guard lock(keeper_.mutex_);
    std::erase(keeper_.leases_, &lease_);
}

void LeaseKeeper::run() {
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, kLeaseSeconds / 3, [&] { return ending_; })) {
        std::vector<Lease> now;
        for (const Lease* lease : leases_)
            now.push_back({lease->answer, lease->stored, lease->token});
        lock.unlock();
        for (const Lease& lease : now) {
            try {
                if (!store_.renew(lease))
                    say_of(lease.stored.key, "another worker has taken it over");
            } catch (const Error& e) {
                say("{}; leases run out while it lasts", e.what());
                break;
            }
        }
        lock.lock();
    }
}

}  // namespace avtalskoll::app
