// Renews the leases of what is at work, in a thread of its own.
#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "app/store/work_store.h"

namespace avtalskoll::app {

class LeaseKeeper {
public:
    // `store` must outlive this.
    explicit LeaseKeeper(WorkStore& store);
    ~LeaseKeeper();
    LeaseKeeper(const LeaseKeeper&) = delete;
    LeaseKeeper& operator=(const LeaseKeeper&) = delete;

    // Renewed while it lives. `keeper` and `lease` must outlive it. From any thread.
    class Kept {
    public:
        Kept(LeaseKeeper& keeper, const Lease& lease);
        ~Kept();
        Kept(const Kept&) = delete;
        Kept& operator=(const Kept&) = delete;

    private:
        LeaseKeeper& keeper_;
        const Lease& lease_;
    };

private:
    void run();

    WorkStore& store_;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::vector<const Lease*> leases_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace avtalskoll::app
