#include "app/cli/check_command.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/cli/console.h"
#include "app/service/crash_notes.h"
#include "models/error.h"
#include "models/text.h"
#include "pipeline/files/atomic_file.h"
#include "pipeline/files/system_advice.h"
#include "pipeline/reports/report_json.h"

namespace avtalskoll::app {
namespace {

// How many characters a person sees, near enough for columns.
std::size_t shown_width(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Tells what is finished, in the order of checking, and shows progress on a terminal. Keeps a line
// for a submission, no reports: a batch of a million must take no more memory than one of twenty.
class Output {
public:
    Output(const CheckOptions& options, const std::vector<Submission>& submissions)
        : options_(options), csv_rows_(submissions.size()) {
        for (const Submission& s : submissions) id_width_ = std::max(id_width_, shown_width(s.id));
        progress_ = isatty(STDERR_FILENO) != 0;
    }

    // `place` among the submissions that were given, `turn` in the order of checking.
    void add(std::size_t place, std::size_t turn, const std::string& id,
             const FinishedReport& report, const StageTimes& timing) {
        std::string line;
        if (options_.format == OutputFormat::Text)
            line = text_line(id, to_string(report.verdict), report.summary);
        if (options_.format == OutputFormat::Json)
            line = nlohmann::ordered_json::parse(report.json).dump() + "\n";
        const std::lock_guard lock(mutex_);
        csv_rows_[place] = report.csv_row;
        ++counts_[report.verdict];
        totals_.add(timing);
        tell(turn, std::move(line));
    }

    // One whose content came under another id: no report of its own.
    void add_twin(std::size_t turn, const std::string& id, const std::string& first) {
        const std::lock_guard lock(mutex_);
        ++twins_;
        tell(turn, options_.format == OutputFormat::Text
                       ? text_line(id, "same", fmt::format("as {}", first))
                       : "");
    }

    std::string csv() const {
        return fmt::format("{}{}", pipeline::csv_header(), fmt::join(csv_rows_, ""));
    }

    bool all_complete() const {
        return counts_.empty() ||
               (counts_.size() == 1 && counts_.begin()->first == SubmissionVerdict::Complete);
    }

    void finish() const {
        clear_progress();
        if (options_.format == OutputFormat::Csv) print_out(csv());
        if (options_.format == OutputFormat::Text) {
            const auto count = [&](SubmissionVerdict verdict) {
                return counts_.contains(verdict) ? counts_.at(verdict) : 0;
            };
            print_out(fmt::format(
                "\n{}: {} complete, {} incomplete, {} review, {} rejected{}\nReports: {}\n",
                counted(finished_, "submission"), count(SubmissionVerdict::Complete),
                count(SubmissionVerdict::Incomplete), count(SubmissionVerdict::Review),
                count(SubmissionVerdict::Rejected),
                twins_ > 0 ? fmt::format(", {} the same as another", twins_) : "",
                options_.out.string()));
        }
    }

    // How fast the run went and which stages took the time; times of stages are summed over
    // threads.
    void print_timing(double seconds) const;

    void clear_progress() const {
        if (progress_) fmt::print(stderr, "\r\033[K");
    }

private:
    // Id, verdict, and what needs something.
    std::string text_line(const std::string& id, const std::string& verdict,
                          const std::string& what) const {
        return fmt::format("{}{}{:<10}{}{}\n", id,
                           std::string(id_width_ - shown_width(id) + 2, ' '), verdict,
                           what.empty() ? "" : " ", what);
    }

    void tell(std::size_t turn, std::string line) {
        ++finished_;
        waiting_.emplace(turn, std::move(line));
        clear_progress();
        for (auto next = waiting_.begin(); next != waiting_.end() && next->first == told_;
             next = waiting_.erase(next), ++told_)
            print_out(next->second);
        if (progress_ && finished_ < csv_rows_.size())
            fmt::print(stderr, "\r\033[K{} of {}", finished_,
                       counted(csv_rows_.size(), "submission"));
    }

    struct Totals {
        PageTime page;
        double open_ms = 0, strange_ms = 0;
        std::size_t pages = 0;
        void add(const StageTimes& times) {
            const PageTime one = times.sum();
            page.draw_ms += one.draw_ms, page.match_ms += one.match_ms, page.read_ms += one.read_ms;
            open_ms += times.open_ms, strange_ms += times.strange_ms;
            pages += times.pages.size();
        }
    };

    const CheckOptions& options_;
    std::vector<std::string> csv_rows_;
    std::size_t id_width_ = 0;
    bool progress_ = false;
    std::mutex mutex_;
    std::map<std::size_t, std::string>
        waiting_;  // lines of those that were quicker than one before them
    std::size_t told_ = 0, finished_ = 0, twins_ = 0;
    std::map<SubmissionVerdict, int> counts_;
    Totals totals_;
};

double cpu_seconds(int who) {
    rusage used{};
    getrusage(who, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void Output::print_timing(double seconds) const {
    if (totals_.pages == 0) return;
    ocr::end_drawing();  // its time counts when it has ended
    const double own = cpu_seconds(RUSAGE_SELF), drawing = cpu_seconds(RUSAGE_CHILDREN),
                 n = static_cast<double>(totals_.pages);
    fmt::print(stderr, "\n{} of {} in {:.1f} s: {:.1f} pages/s, {:.2f} submissions/s\n",
               counted(totals_.pages, "page"), counted(finished_, "submission"), seconds,
               n / seconds, static_cast<double>(finished_) / seconds);
    fmt::print(stderr,
               "CPU seconds: {:.1f}, {:.0f} ms a page; the drawing processes had {:.1f} of them\n",
               own + drawing, 1000 * (own + drawing) / n, drawing);
    fmt::print(stderr,
               "ms a page: open {:.1f}, wait for pixels {:.1f}, match {:.1f}, read fields {:.1f}, "
               "read strange pages {:.1f}\n",
               totals_.open_ms / n, totals_.page.draw_ms / n, totals_.page.match_ms / n,
               totals_.page.read_ms / n, totals_.strange_ms / n);
}

void make_out_folder(const std::filesystem::path& out) {
    std::error_code failed;
    std::filesystem::create_directories(out, failed);
    const int error =
        failed ? failed.value() : (::access(out.c_str(), W_OK | X_OK) == 0 ? 0 : errno);
    if (error != 0)
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: reports cannot be written there (--out): {}", out.string(),
                                pipeline::system_trouble(error)));
}

std::vector<Submission> found_submissions(const CheckOptions& options) {
    constexpr std::size_t kMostTold = 10;
    pipeline::IntakeOptions intake = options.intake;
    intake.own = files_of_store(options.store);
    pipeline::IntakeNotes notes;
    std::vector<Submission> submissions = pipeline::find_submissions(options.paths, intake, &notes);
    for (std::size_t i = 0; i < std::min(kMostTold, notes.passed_by.size()); ++i)
        fmt::print(stderr,
                   "avtalskoll: {}: not read: it is no PDF or picture, and lies in no submission's "
                   "folder\n",
                   notes.passed_by[i].string());
    if (notes.passed_by.size() > kMostTold)
        fmt::print(stderr, "avtalskoll: and {} more\n", notes.passed_by.size() - kMostTold);
    if (notes.holds_something) return submissions;
    std::vector<std::string> places;
    for (const auto& path : options.paths) places.push_back(path.string());
    throw Error(
        ErrorKind::BadInput,
        fmt::format(
            "no documents found in {}; give a folder or file with PDFs or pictures of pages",
            fmt::join(places, ", ")));
}

}  // namespace

std::vector<std::filesystem::path> files_of_store(const std::filesystem::path& store) {
    std::vector<std::filesystem::path> files;
    if (store.empty()) return files;
    for (const char* ending : {"", "-wal", "-shm", "-journal", ".files", ".crashes"})
        files.emplace_back(store.string() + ending);
    return files;
}

int run_check(const CheckOptions& options) {
    const std::vector<Submission> submissions = found_submissions(options);
    make_out_folder(options.out);
    const pipeline::StopFlag& stop = stop_on_signals();
    const std::unique_ptr<Store> store =
        options.store.empty() ? nullptr : open_sqlite_store(options.store, true);
    std::optional<CrashNotes> notes;
    if (store)
        notes.emplace(options.store.string() + ".crashes",
                      [&](std::int64_t key) { store->note_crash(key); });
    const Checker checker(options.checker, stop);

    Output output(options, submissions);
    const auto start = std::chrono::steady_clock::now();
    try {
        std::vector<Received> received;  // all are safe in the store before the first is checked
        for (std::size_t i = 0; store && i < submissions.size(); ++i) {
            if (stop.load()) throw Error(ErrorKind::Interrupted, "interrupted");
            received.push_back(store->receive(submissions[i], ""));
        }
        const std::vector<std::size_t> order = pipeline::long_ones_last(submissions);
        pipeline::for_each_parallel(order.size(), checker.jobs(), [&](std::size_t turn) {
            const std::size_t place = order[turn];
            const std::string& id = submissions[place].id;
            FinishedReport report;
            StageTimes timing;
            if (!store) {
                const Report checked = checker.check(submissions[place]);
                timing = checked.timing;
                report = checker.finished(checked);
                write_report(options.out, id, report);
            } else if (received[place].receipt == Receipt::Twin) {
                return output.add_twin(turn, id, received[place].stored.submission.id);
            } else {
                report =
                    check_stored(received[place].stored, *store, checker, options.out, &timing);
            }
            output.add(place, turn, id, report, timing);
        });
    } catch (const Error& e) {
        output.clear_progress();
        if (e.kind() != ErrorKind::Interrupted) throw;
        fmt::print(stderr, "avtalskoll: interrupted; the reports that are there are whole\n");
        return 130;
    }
    pipeline::write_whole(options.out / "summary.csv", output.csv());
    output.finish();
    if (options.timing)
        output.print_timing(
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    return output.all_complete() ? 0 : 1;
}

}  // namespace avtalskoll::app
