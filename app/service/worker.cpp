#include "app/service/worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>
#include <thread>

#include "app/queue/work_queue.h"
#include "app/service/lease_keeper.h"
#include "app/service/log_line.h"
#include "app/service/metrics.h"
#include "app/service/queue_relay.h"
#include "models/error.h"

namespace avtalskoll::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds kTick{10};
constexpr seconds kLongestWait{15};
// An original that is not there may lie on a disk that is away: some ten minutes.
constexpr int kLostTries = 40;

// Unique among all workers there ever were, so that nobody takes over a lease that is not his.
std::string holder_name() {
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    std::random_device random;
    return fmt::format("{} {} {:08x}", host.data(), ::getpid(), random());
}

// Work that may end the process is done alone.
class Company {
public:
    class Guard {
    public:
        Guard(Company& company, bool alone) : company_(company) {
            std::unique_lock lock(company_.mutex_);
            company_.changed_.wait(lock, [&] { return !company_.is_closed_; });
            if (alone) {
                company_.is_closed_ = true;
                company_.changed_.wait(lock, [&] { return company_.inside_ == 0; });
            }
            ++company_.inside_;
            alone_ = alone;
        }
        ~Guard() {
            const std::lock_guard lock(company_.mutex_);
            --company_.inside_;
            if (alone_) company_.is_closed_ = false;
            company_.changed_.notify_all();
        }
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;

    private:
        Company& company_;
        bool alone_ = false;
    };

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int inside_ = 0;
    bool is_closed_ = false;
};

Failure failure_of(const Error& error) {
    switch (error.kind()) {
        case ErrorKind::Io: return Failure::Store;
        case ErrorKind::NotFound: return Failure::Original;
        default: return Failure::Other;
    }
}

enum class Ending { Acknowledge, GiveBack, Reject };

// A delivery, and the connection that it came by: with another, its tag means nothing.
struct Job {
    int connection = 0;
    Delivery delivery;
};

struct EndedJob {
    int connection = 0;
    std::uint64_t tag = 0;
    Ending ending = Ending::Acknowledge;
};

class Worker {
public:
    Worker(const WorkerOptions& options, const pipeline::StopFlag& stop)
        : options_(options),
          stop_(stop),
          queue_(std::make_unique<WorkQueue>(options.queue)),
          checker_(options.checker, cut_off_),
          store_(open_work_store(options.store, checker_.jobs() + 3)),
          relay_(*store_, options.queue),
          leases_(*store_) {}

    void run() {
        for (int i = 0; i < checker_.jobs(); ++i) threads_.emplace_back([this] { work(); });
        std::thread keeper([this] { keep_the_dead(); });
        say("working, {} at a time", checker_.jobs());
        while (!stop_.load()) deliver_until_lost();
        drain();
        for (std::thread& thread : threads_) thread.join();
        keeper.join();
    }

private:
    // The connection's thread: hands deliveries to the others and answers for them.
    void deliver_until_lost() {
        try {
            if (!queue_) queue_ = std::make_unique<WorkQueue>(options_.queue);
            ++connection_;
            queue_->consume(QueueName::ToCheck, checker_.jobs());
            pause_ = seconds(1);
            while (!stop_.load()) {
                if (auto delivery = queue_->next(kTick)) add(std::move(*delivery));
                answer();
            }
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::Io) throw;
            forget_deliveries();
            say("{}; trying again in {} s", e.what(), pause_.count());
            wait(pause_);
            pause_ = std::min(2 * pause_, kLongestWait);
        }
    }

    // The server delivers again what was not acknowledged.
    void forget_deliveries() {
        queue_.reset();
        const std::lock_guard lock(mutex_);
        forget_jobs();
    }

    // To be called with the mutex held.
    void forget_jobs() {
        open_ -= jobs_.size();
        Metrics::of_process().note_at_work(-static_cast<int>(jobs_.size()));
        jobs_.clear();
    }

    // What is at work may end; what has not begun goes back.
    void drain() {
        say("stopping: what is at work may take {} s more", options_.drain.count());
        const auto until = steady_clock::now() + options_.drain;
        try {
            if (queue_) queue_->stop_consuming();
        } catch (const Error&) {
            queue_.reset();
        }
        {
            const std::lock_guard lock(mutex_);
            for (const Job& job : jobs_)
                ended_.push_back({job.connection, job.delivery.tag, Ending::GiveBack});
            forget_jobs();
            is_draining_ = true;
        }
        changed_.notify_all();
        for (bool all_ended = false; !all_ended;) {
            if (steady_clock::now() > until) cut_off_.store(true);
            {
                const std::lock_guard lock(mutex_);
                all_ended = open_ == 0;
            }
            try {
                if (queue_) queue_->next(kTick);
                else std::this_thread::sleep_for(kTick);
                answer();
            } catch (const Error&) {
                queue_.reset();  // the server delivers all again
            }
        }
    }

    void add(Delivery delivery) {
        const std::lock_guard lock(mutex_);
        jobs_.push_back({connection_, std::move(delivery)});
        ++open_;
        Metrics::of_process().note_at_work(1);
        changed_.notify_one();
    }

    void answer() {
        std::vector<EndedJob> ended;
        {
            const std::lock_guard lock(mutex_);
            ended.swap(ended_);
        }
        for (const EndedJob& job : ended) {
            if (!queue_ || job.connection != connection_) continue;
            switch (job.ending) {
                case Ending::Acknowledge: queue_->acknowledge(job.tag); break;
                case Ending::GiveBack: queue_->give_back(job.tag); break;
                case Ending::Reject: queue_->reject(job.tag); break;
            }
        }
    }

    void work() {
        for (;;) {
            Job job;
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [&] { return !jobs_.empty() || is_draining_; });
                if (jobs_.empty()) return;
                job = std::move(jobs_.front());
                jobs_.pop_front();
            }
            const Ending ending = done(job.delivery);
            const std::lock_guard lock(mutex_);
            ended_.push_back({job.connection, job.delivery.tag, ending});
            --open_;
            Metrics::of_process().note_at_work(-1);
        }
    }

    Ending done(const Delivery& delivery) {
        if (!delivery.work) return Ending::Reject;
        seconds pause{1};
        for (int lost = 0; !stop_.load() && lost < kLostTries;) {
            try {
                const bool alone = delivery.earlier > 0 || store_->tries(*delivery.work) > 0;
                const Company::Guard here(company_, alone);
                return tried(*delivery.work);
            } catch (const Error& e) {
                if (e.kind() == ErrorKind::Interrupted) return Ending::GiveBack;
                if (e.kind() != ErrorKind::Io) ++lost;
                Metrics::of_process().note_failure(failure_of(e));
                say_of(delivery.work->submission, "{}; trying again in {} s", e.what(),
                       pause.count());
            }
            wait(pause);
            pause = std::min(2 * pause, kLongestWait);
        }
        return stop_.load() ? Ending::GiveBack : Ending::Reject;
    }

    Ending tried(const QueuedWork& work) {
        const Lease lease = store_->lease(work, checker_.versions(), holder_);
        if (lease.answer == LeaseAnswer::Exhausted) return Ending::Reject;
        if (lease.answer != LeaseAnswer::Leased) return Ending::Acknowledge;
        say_of(work.submission, "begun");
        const LeaseKeeper::Kept kept(leases_, lease);
        const FinishedReport report = checker_.finished(checked(lease));
        const Handing handing = store_->finish(lease, report);
        say_of(work.submission, "{}{}", to_string(report.verdict),
               handing == Handing::Kept ? "" : ", not kept: it came too late");
        return Ending::Acknowledge;
    }

    // Without a report the lease is anybody's at once.
    Report checked(const Lease& lease) {
        try {
            return check_originals(lease.stored, checker_);
        } catch (...) {
            try {
                store_->release(lease);
            } catch (const Error&) {  // it runs out
            }
            throw;
        }
    }

    // Takes dead letters to the store, where people see them.
    void keep_the_dead() {
        std::unique_ptr<WorkQueue> queue;
        while (!stop_.load()) {
            try {
                if (!queue) {
                    queue = std::make_unique<WorkQueue>(options_.queue);
                    queue->consume(QueueName::Dead, 1);
                }
                const auto dead = queue->next(milliseconds(500));
                if (!dead) continue;
                if (!dead->work) say("dead letter: a message that this program never wrote");
                else if (store_->bury(*dead->work, dead->death == kRefused, dead->death))
                    say_of(dead->work->submission, "a dead letter ({})", dead->death);
                queue->acknowledge(dead->tag);
            } catch (const Error&) {  // the other connection tells of it
                queue.reset();
                wait(kLongestWait);
            }
        }
    }

    // Less when a stop is asked for.
    void wait(milliseconds time) const {
        const auto until = steady_clock::now() + time;
        while (!stop_.load() && steady_clock::now() < until) std::this_thread::sleep_for(kTick);
    }

    const WorkerOptions& options_;
    const pipeline::StopFlag& stop_;
    pipeline::StopFlag cut_off_{false};
    std::unique_ptr<WorkQueue> queue_;
    const Checker checker_;
    const std::unique_ptr<WorkStore> store_;
    QueueRelay relay_;
    LeaseKeeper leases_;
    const std::string holder_ = holder_name();
    Company company_;
    int connection_ = 0;
    seconds pause_{1};

    std::mutex mutex_;  // of what follows
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    std::vector<EndedJob> ended_;
    std::size_t open_ = 0;  // delivered, and not ended
    bool is_draining_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace

void run_worker(const WorkerOptions& options, const pipeline::StopFlag& stop) {
    Worker(options, stop).run();
}

}  // namespace avtalskoll::app
