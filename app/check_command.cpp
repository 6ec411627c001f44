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

// Writes what is finished in the order of the submissions, and shows progress on a terminal.
class Output {
public:
    Output(const CheckOptions& options, const FormSet& forms, const std::vector<Submission>& submissions) : options_(options), forms_(forms), total_(submissions.size()) {
        for (const Submission& s : submissions) id_width_ = std::max(id_width_, shown_width(s.id));
        progress_ = isatty(STDERR_FILENO) != 0;
    }

    void add(std::size_t index, const Report& report) {
        const std::lock_guard lock(mutex_);
        Report kept = report;  // pictures are only for the HTML page: a batch must not gather them
        kept.pictures.clear();
        for (AgreementReport& agreement : kept.agreements)
            for (PointReport& point : agreement.points)
                for (FieldReport& field : point.fields) field.crop_png.clear();
        waiting_.emplace(index, std::move(kept));
        ++finished_;
        for (auto next = waiting_.find(reports_.size()); next != waiting_.end(); next = waiting_.find(reports_.size())) {
            reports_.push_back(std::move(next->second));
            waiting_.erase(next);
            print(reports_.back());
        }
        show_progress();
    }

    const std::vector<Report>& reports() const { return reports_; }

    void finish(const std::string& csv) {
        clear_progress();
        if (options_.format == OutputFormat::Csv) fmt::print("{}", csv);
        if (options_.format == OutputFormat::Text) print_summary();
        std::fflush(stdout);
    }

    void clear_progress() const {
        if (progress_) fmt::print(stderr, "\r\033[K");
    }

private:
    void print(const Report& report) const {
        clear_progress();
        if (options_.format == OutputFormat::Text) fmt::print("{}\n", text_line(report, id_width_));
        if (options_.format == OutputFormat::Json) fmt::print("{}\n", pipeline::to_json(report, forms_, -1));
        std::fflush(stdout);
    }

    void show_progress() const {
        if (progress_ && finished_ < total_) fmt::print(stderr, "\r\033[K{} of {} submissions", finished_, total_);
    }

    void print_summary() const {
        std::map<SubmissionVerdict, int> counts;
        for (const Report& report : reports_) ++counts[report.verdict];
        fmt::print("\n{} submissions: {} complete, {} incomplete, {} review, {} rejected\nReports: {}\n", reports_.size(), counts[SubmissionVerdict::Complete],
                   counts[SubmissionVerdict::Incomplete], counts[SubmissionVerdict::Review], counts[SubmissionVerdict::Rejected], options_.out.string());
    }

    const CheckOptions& options_;
    const FormSet& forms_;
    std::size_t total_;
    std::size_t id_width_ = 0;
    bool progress_ = false;
    std::mutex mutex_;
    std::map<std::size_t, Report> waiting_;
    std::vector<Report> reports_;
    std::size_t finished_ = 0;
};

double cpu_seconds(int who) {
    rusage used{};
    getrusage(who, &used);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// How fast a run went and which stages took the time; times of stages are summed over threads.
void print_timing(const std::vector<Report>& reports, double seconds) {
    PageTime sum;
    double open_ms = 0, strange_ms = 0;
    std::size_t pages = 0;
    for (const Report& report : reports) {
        const PageTime one = report.timing.sum();
        sum.draw_ms += one.draw_ms, sum.match_ms += one.match_ms, sum.read_ms += one.read_ms;
        open_ms += report.timing.open_ms, strange_ms += report.timing.strange_ms;
        pages += report.timing.pages.size();
    }
    if (pages == 0) return;
    const double own = cpu_seconds(RUSAGE_SELF), drawing = cpu_seconds(RUSAGE_CHILDREN), n = static_cast<double>(pages);
    fmt::print(stderr, "\n{} pages of {} submissions in {:.1f} s: {:.1f} pages/s, {:.2f} submissions/s\n", pages, reports.size(), seconds, n / seconds,
               static_cast<double>(reports.size()) / seconds);
    fmt::print(stderr, "CPU seconds: {:.1f}, {:.0f} ms a page; the drawing processes had {:.1f} of them\n", own + drawing, 1000 * (own + drawing) / n, drawing);
    fmt::print(stderr, "ms a page: open {:.1f}, wait for pixels {:.1f}, match {:.1f}, read fields {:.1f}, read strange pages {:.1f}\n", open_ms / n, sum.draw_ms / n,
               sum.match_ms / n, sum.read_ms / n, strange_ms / n);
}

}  // namespace

int run_check(const CheckOptions& options) {
    const std::vector<Submission> submissions = pipeline::find_submissions(options.paths, options.intake);
    const std::filesystem::path data = data_dir();
    const pipeline::HtmlTemplate html(data / "report" / "report.mustache");
    const rules::Register organisations = rules::Register::load(data / "registers" / "organisations.csv");
    const rules::PageWords page_words = pipeline::load_page_words(data / "page_words.yaml");
    ocr::prepare_process();
    const ocr::FormLibrary library(pipeline::load_forms(options.forms.empty() ? data / "forms" : options.forms), options.limits);
    const ocr::SignatureModel signatures(data / "models" / "signature.onnx");
    std::filesystem::create_directories(options.out);
    stop_on_signals();

    pipeline::ToolsPool tools;
    const pipeline::Engine engine{{library, signatures, rules::is_valid_value}, {library.forms(), organisations, page_words, {options.caution}}, options.limits, tools, g_stop};
    Output output(options, library.forms(), submissions);
    const auto start = std::chrono::steady_clock::now();
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    try {
        pipeline::for_each_parallel(submissions.size(), options.jobs > 0 ? options.jobs : cores, [&](std::size_t i) {
            const Report report = pipeline::process_submission(submissions[i], engine);
            const std::filesystem::path folder = options.out / report.id;
            pipeline::write_whole(folder / "report.html", html.render(report));
            pipeline::write_whole(folder / "report.json", pipeline::to_json(report, library.forms(), 1) + "\n");
            output.add(i, report);
        });
    } catch (const Error& e) {
        output.clear_progress();
        if (e.kind() != ErrorKind::Interrupted) throw;
        fmt::print(stderr, "avtalskoll: interrupted; the reports that are there are whole\n");
        return 130;
    }
    const std::string csv = pipeline::to_csv(output.reports());
    pipeline::write_whole(options.out / "summary.csv", csv);
    output.finish(csv);
    if (options.timing) print_timing(output.reports(), std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    const bool all_complete = std::all_of(output.reports().begin(), output.reports().end(), [](const Report& r) { return r.verdict == SubmissionVerdict::Complete; });
    return all_complete ? 0 : 1;
}

}  // namespace avtalskoll::app
