#include "pipeline/flow.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <mutex>
#include <numeric>
#include <optional>

#include "models/error.h"

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

namespace avtalskoll::pipeline {
namespace {

// Debian's oneTBB is not built with the thread sanitizer. The sanitizer therefore cannot see that a
// task ends before the code that waits for it goes on. This shows it. It does nothing in other
// builds.
struct Handover {
#ifdef __SANITIZE_THREAD__
    void leave() { __tsan_release(this); }
    void take() { __tsan_acquire(this); }
#else
    void leave() {}
    void take() {}
#endif
};

// `step` between the two.
template <class Step>
auto handed_over(Handover& handover, Step step) {
    return [&handover, step](auto&&... given) {
        handover.take();
        struct Leave {
            Handover& handover;
            ~Leave() { handover.leave(); }
        } const leave{handover};
        return step(given...);
    };
}

// Pages of one document that are in memory at once: one being read, one waiting, one being
// received.
constexpr std::size_t kPagesInFlight = 3;

void stop_if_asked(const StopFlag& stop) {
    if (stop.load()) throw Error(ErrorKind::Interrupted, "interrupted");
}

struct DrawnPage {
    int number = 0;
    ocr::RasterPage page;
    double draw_ms = 0;
};

struct ReadPage {
    PageReading reading;
    ocr::PageTimes times;
    double draw_ms = 0;
};

// Keeps the first exception of parallel work until all of it has ended. An exception that left a
// task would make oneTBB cancel whatever runs inside or beside it. That work is not informed: it
// would take what it has so far for everything.
class FirstFailure {
public:
    bool happened() const { return happened_.load(); }

    template <class Step>
    void guard(Step step) {
        try {
            step();
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!first_) first_ = std::current_exception();
            happened_.store(true);
        }
    }
    void rethrow() const {
        if (first_) std::rethrow_exception(first_);
    }

private:
    std::atomic<bool> happened_{false};
    std::mutex mutex_;
    std::exception_ptr first_;
};

PageReading unreadable(const std::string& file, int number, const Message& why) {
    PageReading reading;
    reading.origin = {file, number};
    reading.kind = PageKind::Unreadable;
    reading.trouble = why;
    return reading;
}

using DrawnPagePtr = std::shared_ptr<DrawnPage>;
using ReadPagePtr = std::shared_ptr<ReadPage>;

// The pages of one document on their way: drawn one after the other, read side by side, collected
// in order. After a failure nothing more is begun.
class DocumentWork {
public:
    DocumentWork(ocr::Rasterizer& document, std::string file, const PageFlow& flow,
                 std::vector<PageTime>* times)
        : document_(document), file_(std::move(file)), flow_(flow), times_(times) {}

    DrawnPagePtr draw(tbb::flow_control& control) {
        DrawnPagePtr drawn;
        if (!failure_.happened()) failure_.guard([&] { drawn = next_page(); });
        if (!drawn) control.stop();
        return drawn;
    }

    ReadPagePtr read(const DrawnPagePtr& drawn) {
        ReadPagePtr result;
        if (!failure_.happened()) failure_.guard([&] { result = read_drawn(*drawn); });
        return result;
    }

    void collect(const ReadPagePtr& page) {
        if (!page) return;
        times_->push_back({page->reading.origin.file, page->reading.origin.page, page->draw_ms,
                           page->times.match_ms, page->times.read_ms});
        readings_.push_back(std::move(page->reading));
    }

    // Throws what ended the work early.
    std::vector<PageReading> readings() {
        failure_.rethrow();
        return std::move(readings_);
    }

private:
    DrawnPagePtr next_page() {
        stop_if_asked(flow_.stop);
        const auto start = std::chrono::steady_clock::now();
        auto page = document_.next();
        const std::chrono::duration<double, std::milli> spent =
            std::chrono::steady_clock::now() - start;
        if (!page) return nullptr;
        return std::make_shared<DrawnPage>(DrawnPage{++given_, std::move(*page), spent.count()});
    }

    ReadPagePtr read_drawn(const DrawnPage& drawn) const {
        auto result = std::make_shared<ReadPage>();
        result->draw_ms = drawn.draw_ms;
        if (!drawn.page.trouble.empty()) {
            result->reading = unreadable(file_, drawn.number, drawn.page.trouble);
            return result;
        }
        try {
            auto lease = flow_.tools.borrow();
            result->reading = ocr::read_page(drawn.page.image, {file_, drawn.number}, flow_.context,
                                             *lease, &result->times);
        } catch (const Error&) {
            throw;  // a model that is missing stops the run
        } catch (const std::exception&) {
            // A page that a library chokes on costs that page.
            result->reading =
                unreadable(file_, drawn.number, Message("drawing.page_not_understood"));
        }
        return result;
    }

    ocr::Rasterizer& document_;
    const std::string file_;
    const PageFlow& flow_;
    std::vector<PageTime>* times_;
    std::vector<PageReading> readings_;
    int given_ = 0;
    FirstFailure failure_;
};

}  // namespace

ToolsPool::Lease ToolsPool::borrow() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return {*this, std::make_unique<ocr::ReadingTools>()};
    auto tools = std::move(idle_.back());
    idle_.pop_back();
    return {*this, std::move(tools)};
}

void ToolsPool::give_back(std::unique_ptr<ocr::ReadingTools> tools) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(tools));
}

std::vector<std::size_t> long_ones_last(const std::vector<Submission>& submissions) {
    constexpr std::uintmax_t kLong = 8;  // times the median
    if (submissions.empty()) return {};
    std::vector<std::uintmax_t> bytes;
    for (const Submission& submission : submissions) {
        std::uintmax_t sum = 0;
        for (const SubmittedFile& file : submission.files) {
            std::error_code unknown;  // a file that is gone is told when it is opened
            if (const auto size = std::filesystem::file_size(file.path, unknown); !unknown)
                sum += size;
        }
        bytes.push_back(sum);
    }
    std::vector<std::uintmax_t> sorted = bytes;
    const auto median = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), median, sorted.end());
    std::vector<std::size_t> order(submissions.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_partition(order.begin(), order.end(),
                          [&](std::size_t i) { return bytes[i] / kLong <= *median; });
    return order;
}

void for_each_parallel(std::size_t count, int jobs, const std::function<void(std::size_t)>& work) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(jobs));
    tbb::task_arena arena(jobs);
    std::size_t next = 0;
    Handover handover;
    FirstFailure failure;
    const auto give = [&](tbb::flow_control& flow) -> std::size_t {
        if (next < count && !failure.happened()) return next++;
        flow.stop();
        return 0;
    };
    const auto do_one = [&](std::size_t i) { failure.guard([&] { work(i); }); };
    handover.leave();
    arena.execute([&] {
        tbb::parallel_pipeline(static_cast<std::size_t>(jobs),
                               tbb::make_filter<void, std::size_t>(
                                   tbb::filter_mode::serial_in_order, handed_over(handover, give)) &
                                   tbb::make_filter<std::size_t, void>(
                                       tbb::filter_mode::parallel, handed_over(handover, do_one)));
    });
    handover.take();
    failure.rethrow();
}

DocumentReading read_document(ocr::Rasterizer& document, FileReport file, const PageFlow& flow,
                              std::vector<PageTime>* times) {
    DocumentWork work(document, file.name, flow, times);
    Handover handover;
    handover.leave();
    // A context of its own: the end of the work around this must not end this unseen.
    tbb::task_group_context own(tbb::task_group_context::isolated);
    const auto draw = [&](tbb::flow_control& control) { return work.draw(control); };
    const auto read = [&](const DrawnPagePtr& drawn) { return work.read(drawn); };
    const auto collect = [&](const ReadPagePtr& page) { work.collect(page); };
    // Isolated: a thread that waits here must not pick up another submission and keep this one
    // waiting.
    tbb::this_task_arena::isolate([&] {
        tbb::parallel_pipeline(
            kPagesInFlight,
            tbb::make_filter<void, DrawnPagePtr>(tbb::filter_mode::serial_in_order,
                                                 handed_over(handover, draw)) &
                tbb::make_filter<DrawnPagePtr, ReadPagePtr>(tbb::filter_mode::parallel,
                                                            handed_over(handover, read)) &
                tbb::make_filter<ReadPagePtr, void>(tbb::filter_mode::serial_in_order,
                                                    handed_over(handover, collect)),
            own);
    });
    handover.take();
    return DocumentReading::whole(std::move(file), work.readings());
}

}  // namespace avtalskoll::pipeline
