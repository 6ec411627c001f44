#include "app/check_command.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

#include "app/data_dir.h"
#include "models/error.h"
#include "pipeline/atomic_file.h"
#include "pipeline/form_registry.h"
#include "pipeline/process_submission.h"
#include "pipeline/report_html.h"
#include "pipeline/report_json.h"
#include "pipeline/word_lists.h"
#include "rules/field_rule.h"

namespace avtalskoll::app {
namespace {

pipeline::StopFlag g_stop{false};

void stop_on_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { g_stop.store(true); };
    action.sa_flags = SA_RESTART | SA_RESETHAND;  // a second Ctrl-C ends the program at once
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

// How many characters a person sees, near enough for columns.
std::size_t shown_width(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// One line a submission: id, verdict, and the points that need something. Codes only: no value of a person.
std::string text_line(const Report& report, std::size_t id_width) {
    std::string line = report.id + std::string(id_width - shown_width(report.id) + 2, ' ') + fmt::format("{:<10}", to_string(report.verdict));
    std::string what;
    for (const AgreementReport& agreement : report.agreements) {
        if (!agreement.required && !agreement.present) continue;
        if (!agreement.present) {
            what += fmt::format(" {}:absent", agreement.form);
            continue;
        }
        for (const PointReport& point : agreement.points)
            for (const FieldReport& field : point.fields)
                if (field.required && field.verdict != FieldVerdict::Ok) what += fmt::format(" {}/{}/{}:{}", agreement.form, point.point, field.field, to_string(field.verdict));
    }
    for (const Finding& finding : report.findings)
        if (finding.severity != Severity::Info) what += " " + finding.code;
    return line + what;
}

// Tells what is finished, in the order of checking, and shows progress on a terminal. Keeps a line for a submission, no reports: a
// batch of a million must take no more memory than one of twenty.
class Output {
public:
    Output(const CheckOptions& options, const FormSet& forms, const std::vector<Submission>& submissions) : options_(options), forms_(forms), csv_rows_(submissions.size()) {
        for (const Submission& s : submissions) id_width_ = std::max(id_width_, shown_width(s.id));
        progress_ = isatty(STDERR_FILENO) != 0;
    }

    // `place` among the submissions that were given, `turn` in the order of checking.
    void add(std::size_t place, std::size_t turn, const Report& report) {
        std::string line;
        if (options_.format == OutputFormat::Text) line = text_line(report, id_width_) + "\n";
        if (options_.format == OutputFormat::Json) line = pipeline::to_json(report, forms_, -1) + "\n";
        const std::lock_guard lock(mutex_);
        csv_rows_[place] = pipeline::csv_row(report);
        ++counts_[report.verdict];
        totals_.add(report.timing);
        ++finished_;
        waiting_.emplace(turn, std::move(line));
        clear_progress();
        for (auto next = waiting_.begin(); next != waiting_.end() && next->first == told_; next = waiting_.erase(next), ++told_) fmt::print("{}", next->second);
        std::fflush(stdout);
        if (progress_ && finished_ < csv_rows_.size()) fmt::print(stderr, "\r\033[K{} of {} submissions", finished_, csv_rows_.size());
    }

    std::string csv() const { return fmt::format("{}{}", pipeline::csv_header(), fmt::join(csv_rows_, "")); }

    bool all_complete() const { return counts_.empty() || (counts_.size() == 1 && counts_.begin()->first == SubmissionVerdict::Complete); }

    void finish() const {
        clear_progress();
        if (options_.format == OutputFormat::Csv) fmt::print("{}", csv());
        if (options_.format == OutputFormat::Text) {
            const auto count = [&](SubmissionVerdict verdict) { return counts_.contains(verdict) ? counts_.at(verdict) : 0; };
            fmt::print("\n{} submissions: {} complete, {} incomplete, {} review, {} rejected\nReports: {}\n", finished_, count(SubmissionVerdict::Complete),
                       count(SubmissionVerdict::Incomplete), count(SubmissionVerdict::Review), count(SubmissionVerdict::Rejected), options_.out.string());
        }
        std::fflush(stdout);
    }

    // How fast the run went and which stages took the time; times of stages are summed over threads.
    void print_timing(double seconds) const;

    void clear_progress() const {
        if (progress_) fmt::print(stderr, "\r\033[K");
    }

private:
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
    const FormSet& forms_;
    std::vector<std::string> csv_rows_;
    std::size_t id_width_ = 0;
    bool progress_ = false;
    std::mutex mutex_;
    std::map<std::size_t, std::string> waiting_;  // lines of those that were quicker than one before them
    std::size_t told_ = 0, finished_ = 0;
    std::map<SubmissionVerdict, int> counts_;
    Totals totals_;
};

double cpu_seconds(int who) {
    rusage used{};
    getrusage(who, &used);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void Output::print_timing(double seconds) const {
    if (totals_.pages == 0) return;
    ocr::end_drawing();  // its time counts when it has ended
    const double own = cpu_seconds(RUSAGE_SELF), drawing = cpu_seconds(RUSAGE_CHILDREN), n = static_cast<double>(totals_.pages);
    fmt::print(stderr, "\n{} pages of {} submissions in {:.1f} s: {:.1f} pages/s, {:.2f} submissions/s\n", totals_.pages, finished_, seconds, n / seconds,
               static_cast<double>(finished_) / seconds);
    fmt::print(stderr, "CPU seconds: {:.1f}, {:.0f} ms a page; the drawing processes had {:.1f} of them\n", own + drawing, 1000 * (own + drawing) / n, drawing);
    fmt::print(stderr, "ms a page: open {:.1f}, wait for pixels {:.1f}, match {:.1f}, read fields {:.1f}, read strange pages {:.1f}\n", totals_.open_ms / n,
               totals_.page.draw_ms / n, totals_.page.match_ms / n, totals_.page.read_ms / n, totals_.strange_ms / n);
}

}  // namespace

int run_check(const CheckOptions& options) {
    const int jobs = options.jobs > 0 ? options.jobs : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const std::vector<Submission> submissions = pipeline::find_submissions(options.paths, options.intake);
    const std::filesystem::path data = data_dir();
    const pipeline::HtmlTemplate html(data / "report" / "report.mustache");
    const rules::Register organisations = rules::Register::load(data / "registers" / "organisations.csv");
    const rules::PageWords page_words = pipeline::load_page_words(data / "page_words.yaml");
    ocr::prepare_process();
    const ocr::FormLibrary library(pipeline::load_forms(options.forms.empty() ? data / "forms" : options.forms), options.limits,
                                   [&](std::size_t count, const auto& work) { pipeline::for_each_parallel(count, jobs, work); });
    const ocr::SignatureModel signatures(data / "models" / "signature.onnx");
    std::filesystem::create_directories(options.out);
    stop_on_signals();

    pipeline::ToolsPool tools;
    const pipeline::Engine engine{{library, signatures, rules::is_valid_value}, {library.forms(), organisations, page_words, {options.caution}}, options.limits, tools, g_stop};
    Output output(options, library.forms(), submissions);
    const auto start = std::chrono::steady_clock::now();
    try {
        const std::vector<std::size_t> order = pipeline::long_ones_last(submissions);
        pipeline::for_each_parallel(order.size(), jobs, [&](std::size_t turn) {
            const Report report = pipeline::process_submission(submissions[order[turn]], engine);
            const std::filesystem::path folder = options.out / report.id;
            pipeline::write_whole(folder / "report.html", html.render(report));
            pipeline::write_whole(folder / "report.json", pipeline::to_json(report, library.forms(), 1) + "\n");
            output.add(order[turn], turn, report);
        });
    } catch (const Error& e) {
        output.clear_progress();
        if (e.kind() != ErrorKind::Interrupted) throw;
        fmt::print(stderr, "avtalskoll: interrupted; the reports that are there are whole\n");
        return 130;
    }
    pipeline::write_whole(options.out / "summary.csv", output.csv());
    output.finish();
    if (options.timing) output.print_timing(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    return output.all_complete() ? 0 : 1;
}

}  // namespace avtalskoll::app
