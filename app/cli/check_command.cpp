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

#include "app/cli/found_submissions.h"
#include "app/cli/options.h"
#include "app/service/crash_notes.h"
#include "models/error.h"
#include "models/text.h"
#include "pipeline/files/atomic_file.h"
#include "pipeline/files/system_advice.h"
#include "pipeline/reports/report_json.h"

namespace avtalskoll::app {
namespace {

// The number of characters that a person sees, near enough for columns.
std::size_t shown_width(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Tells what is finished, in the order of checking, and shows progress on a terminal. Keeps one
// line for each submission and no reports: a batch of a million must take no more memory than one
// of twenty.
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
            line = text_line(id, to_string(report.verdict), to_string(report.lacks));
        if (options_.format == OutputFormat::Json)
            line = nlohmann::ordered_json::parse(report.json).dump() + "\n";
        const std::lock_guard lock(mutex_);
        csv_rows_[place] = report.csv_row;
        ++counts_[report.verdict];
        totals_.add(timing);
        tell(turn, std::move(line));
    }

    // A submission whose content came under another id gets no report of its own.
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
    // Lines of submissions that finished before an earlier one.
    std::map<std::size_t, std::string> waiting_;
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
    int error = failed.value();
    if (error == 0 && ::access(out.c_str(), W_OK | X_OK) != 0) error = errno;
    if (error != 0)
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: reports cannot be written there (--out): {}", out.string(),
                                pipeline::system_trouble(error)));
}

// One run: every submission is received (with a store), checked and reported.
class CheckRun {
public:
    CheckRun(const CheckOptions& options, const std::vector<Submission>& submissions)
        : options_(options),
          submissions_(submissions),
          stop_(stop_on_signals()),
          store_(options.store.empty() ? nullptr : open_store(options.store, true)),
          notes_(store_ ? crash_notes_of(options.store, *store_) : nullptr),
          checker_(options.checker, stop_),
          output_(options, submissions) {}

    // Throws Error{Interrupted} when it was asked to stop.
    void run() {
        if (store_) receive_all();
        const std::vector<std::size_t> order = pipeline::long_ones_last(submissions_);
        pipeline::for_each_parallel(order.size(), checker_.jobs(),
                                    [&](std::size_t turn) { check(order[turn], turn); });
    }

    const Output& output() const { return output_; }

private:
    // All are safe in the store before the first is checked.
    void receive_all() {
        for (const Submission& submission : submissions_) {
            if (stop_.load()) throw Error(ErrorKind::Interrupted, "interrupted");
            received_.push_back(store_->receive(submission, ""));
        }
    }

    // `place` and `turn` as in Output::add.
    void check(std::size_t place, std::size_t turn) {
        const std::string& id = submissions_[place].id;
        if (store_ && received_[place].receipt == Receipt::Twin)
            return output_.add_twin(turn, id, received_[place].stored.submission.id);
        StageTimes timing;
        const FinishedReport report =
            store_ ? check_stored(received_[place].stored, *store_, checker_, options_.out, &timing)
                   : check_unstored(submissions_[place], timing);
        output_.add(place, turn, id, report, timing);
    }

    FinishedReport check_unstored(const Submission& submission, StageTimes& timing) {
        const Report checked = checker_.check(submission);
        timing = checked.timing.value_or(StageTimes());
        FinishedReport report = checker_.finished(checked);
        write_report(options_.out, submission.id, report);
        return report;
    }

    const CheckOptions& options_;
    const std::vector<Submission>& submissions_;
    const pipeline::StopFlag& stop_;
    const std::unique_ptr<Store> store_;  // null: nothing is kept but the reports
    const std::unique_ptr<CrashNotes> notes_;
    const Checker checker_;
    Output output_;
    std::vector<Received> received_;
};

}  // namespace

int run_check(const CheckOptions& options) {
    const std::vector<Submission> submissions =
        found_submissions(options.paths, options.intake, options.store);
    make_out_folder(options.out);
    CheckRun run(options, submissions);
    const Output& output = run.output();
    const auto start = std::chrono::steady_clock::now();
    try {
        run.run();
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

void add_check(CLI::App& program, Work& work) {
    const auto options = std::make_shared<CheckOptions>();
    CLI::App* check =
        program.add_subcommand("check", "Check submissions and write a report for each");
    check->footer(
        "A folder with PDF files is one submission; a folder of such folders is a batch; a PDF "
        "file alone is a submission too.\n"
        "Each may hold a submission.json: {\"id\": \"s1\", \"personal_data\": true, "
        "\"organisation_number\": \"212000-1355\"}.\n"
        "Reports go to DIR/<id>/report.html and report.json, the table to DIR/summary.csv. "
        "Originals are never changed.\n"
        "With --store everything is kept, too: what was checked before is not checked again, and a "
        "run that was ended goes on.\n\n"
        "Exit status: 0 all complete, 1 some flagged, 2 could not run, 130 interrupted.\n\n"
        "Examples:\n"
        "  avtalskoll check inbox/ --out reports/\n"
        "  avtalskoll check avtal.pdf --personal-data no\n"
        "  avtalskoll check scans/ --each-file --format csv > table.csv\n"
        "  avtalskoll check inbox/ --store /var/lib/avtalskoll/store.db");
    check->add_option("PATH", options->paths, "Files or folders to check")->required();
    check->add_option("--out", options->out, "Folder for the reports")
        ->type_name("DIR")
        ->capture_default_str();
    add_store(check, options->store, false);
    check->add_option("--format", options->format, "What goes to standard output")
        ->transform(one_of(std::map<std::string, OutputFormat>{{"text", OutputFormat::Text},
                                                               {"json", OutputFormat::Json},
                                                               {"csv", OutputFormat::Csv}}))
        ->type_name("text|json|csv");
    check->add_flag("--timing", options->timing,
                    "Say on standard error how fast it went and where the time went");
    add_intake(check, options->intake);
    add_engine(check, options->checker);
    when_given(check, work, run_check, options);
}

}  // namespace avtalskoll::app
