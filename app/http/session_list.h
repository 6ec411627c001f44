// A server's view of its connections: how many there are of a kind, and which have sat idle
// longest. Safe from many threads.
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace avtalskoll::app::web {

// Counts one up while it lives.
class Counted {
public:
    explicit Counted(std::atomic<int>& count) : count_(&count), now_(++count) {}
    ~Counted() { --*count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    // The count when it was made, this one included.
    int now() const { return now_; }

private:
    std::atomic<int>* count_;
    int now_;
};

// Connections that wait for a request, longest first.
template <class Session>
class IdleSessions {
public:
    // Gives the number to remove it by.
    std::uint64_t add(const std::weak_ptr<Session>& session) {
        const std::lock_guard lock(mutex_);
        idle_.emplace(++number_, session);
        return number_;
    }
    void remove(std::uint64_t number) {
        const std::lock_guard lock(mutex_);
        idle_.erase(number);
    }
    // Null: none is idle.
    std::shared_ptr<Session> take_longest() {
        const std::lock_guard lock(mutex_);
        while (!idle_.empty()) {
            auto session = idle_.begin()->second.lock();
            idle_.erase(idle_.begin());
            if (session) return session;
        }
        return nullptr;
    }

private:
    std::mutex mutex_;
    std::map<std::uint64_t, std::weak_ptr<Session>> idle_;
    std::uint64_t number_ = 0;
};

}  // namespace avtalskoll::app::web
