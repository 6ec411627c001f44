// Runs work over many submissions and over the pages of one document with a bounded number of
// threads and pages in memory.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "models/document_reading.h"
#include "models/reading.h"
#include "models/report.h"
#include "models/submission.h"
#include "ocr/document/rasterizer.h"
#include "ocr/reading/page_reader.h"

namespace avtalskoll::pipeline {

// Warm reading tools, one set a thread at most. Safe from many threads.
class ToolsPool {
public:
    // Gives the tools back to the pool when it goes.
    class Lease {
    public:
        Lease(ToolsPool& pool, std::unique_ptr<ocr::ReadingTools> tools)
            : pool_(pool), tools_(std::move(tools)) {}
        ~Lease() { pool_.give_back(std::move(tools_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ocr::ReadingTools& operator*() { return *tools_; }

    private:
        ToolsPool& pool_;
        std::unique_ptr<ocr::ReadingTools> tools_;
    };
    Lease borrow();

private:
    void give_back(std::unique_ptr<ocr::ReadingTools> tools);
    std::mutex mutex_;
    std::vector<std::unique_ptr<ocr::ReadingTools>> idle_;
};

// Set from a signal handler; work stops at the next page with Error{Interrupted}.
using StopFlag = std::atomic<bool>;

// The order in which to check submissions: as given, those that are much larger than most at the
// end. There their pages are spread over all threads, and nobody waits for them.
std::vector<std::size_t> long_ones_last(const std::vector<Submission>& submissions);

// Calls work(i) for 0 <= i < count on at most `jobs` threads, small i first. After the first
// exception no more are begun; it is rethrown when those at work have ended by themselves: nothing
// is cut off.
void for_each_parallel(std::size_t count, int jobs, const std::function<void(std::size_t)>& work);

// Everything that the pages of a document are read with. Safe from many threads.
struct PageFlow {
    const ocr::ReadingContext& context;
    ToolsPool& tools;
    const StopFlag& stop;
};

// Reads every page of a document that was opened, in page order; pages that cannot be drawn come
// back Unreadable. `file` says how many there are. All pages or an exception: Error{Interrupted}
// when `flow.stop` is set before the last one, those of Rasterizer::next().
DocumentReading read_document(ocr::Rasterizer& document, FileReport file, const PageFlow& flow,
                              std::vector<PageTime>* times);

}  // namespace avtalskoll::pipeline
