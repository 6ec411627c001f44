#include "app/service/checker.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "app/service/blank_files.h"
#include "app/service/crash_notes.h"
#include "app/service/data_dir.h"
#include "app/service/metrics.h"
#include "models/error.h"
#include "models/version.h"
#include "pipeline/compare_countersigned.h"
#include "pipeline/files/atomic_file.h"
#include "pipeline/files/file_hash.h"
#include "pipeline/forms/form_registry.h"
#include "pipeline/forms/word_lists.h"
#include "pipeline/process_submission.h"
#include "pipeline/reports/report_html.h"
#include "pipeline/reports/report_json.h"
#include "rules/field_rule.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashLength = 64;  // an original is named by its SHA-256

pipeline::StopFlag g_stop{false};

// One hash of everything beside the program itself that shapes a verdict.
std::string rules_version(const fs::path& data, const fs::path& forms, double caution) {
    std::vector<fs::path> files{data / "registers" / "organisations.csv", data / "page_words.yaml",
                                data / "rule_words.yaml"};
    for (const fs::path& file : ocr::ReadingModels::files(data / "models")) files.push_back(file);
    for (const auto& entry : fs::recursive_directory_iterator(forms))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::string all = fmt::format("{}", caution);
    for (const fs::path& file : files) all += pipeline::sha256_of(file);
    return pipeline::sha256_of_text(all).substr(0, 16);
}

}  // namespace

struct Checker::Loaded {
    fs::path data = data_dir();
    int jobs;
    ocr::RasterLimits limits;
    pipeline::Texts texts;
    pipeline::HtmlTemplate html;
    rules::Register organisations;
    rules::PageWords page_words;
    rules::RuleWords words;
    BlankFiles blank_files{BlankFiles::usual_folder()};
    ocr::FormLibrary library;
    ocr::ReadingModels models;
    pipeline::ToolsPool tools;
    pipeline::Engine engine;
    EngineVersions versions;

    Loaded(const CheckerOptions& options, const fs::path& forms, const pipeline::StopFlag& stop)
        : jobs(options.jobs > 0
                   ? options.jobs
                   : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
          limits(options.limits),
          texts(data / "texts" / "sv.yaml"),
          html(data / "report" / "report.mustache"),
          organisations(rules::Register::load(data / "registers" / "organisations.csv")),
          page_words(pipeline::load_page_words(data / "page_words.yaml")),
          words(pipeline::load_rule_words(data / "rule_words.yaml")),
          library(
              pipeline::load_forms(forms), limits,
              [this](std::size_t count, const auto& work) {
                  pipeline::for_each_parallel(count, jobs, work);
              },
              &blank_files),
          models(data / "models"),
          engine{{library, models, rules::is_valid_value},
                 {library.forms(), organisations, page_words, words, {options.caution}},
                 limits,
                 tools,
                 stop} {
        versions.engine = kVersion;
        for (const Form& form : library.forms().forms)
            versions.forms +=
                fmt::format("{}{} {}", versions.forms.empty() ? "" : ", ", form.id, form.version);
        versions.rules = rules_version(data, forms, options.caution);
    }
};

Checker::Checker(const CheckerOptions& options, const pipeline::StopFlag& stop) {
    ocr::prepare_process();
    loaded_ = std::make_unique<Loaded>(
        options, options.forms.empty() ? data_dir() / "forms" : options.forms, stop);
}
Checker::~Checker() = default;

int Checker::jobs() const { return loaded_->jobs; }
const EngineVersions& Checker::versions() const { return loaded_->versions; }
const FormSet& Checker::forms() const { return loaded_->library.forms(); }
const rules::RuleWords& Checker::words() const { return loaded_->words; }
const pipeline::Texts& Checker::texts() const { return loaded_->texts; }
Report Checker::check(const Submission& submission) const {
    const auto begun = std::chrono::steady_clock::now();
    Report report = pipeline::process_submission(submission, loaded_->engine);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    Metrics::of_process().note_checked(report, took.count());
    return report;
}

CountersignedResult Checker::compare(const std::vector<ApprovedAgreement>& approved,
                                     const Submission& copy) const {
    return pipeline::compare_countersigned(approved, copy, loaded_->engine);
}

FinishedReport Checker::finished(const Report& report) const {
    FinishedReport made;
    made.verdict = report.verdict;
    made.findings = report.findings;
    made.lacks = lacks_of(report);
    made.json = pipeline::to_json(report, pipeline::EngineFacts::of(loaded_->library.forms()),
                                  loaded_->texts, 1) +
                "\n";
    made.html = loaded_->html.render(report, loaded_->texts);
    made.csv_row = pipeline::csv_row(report);
    Owner owner = owner_of(report);
    made.organisation = std::move(owner.name);
    made.organisation_number = std::move(owner.number);
    made.versions = loaded_->versions;
    return made;
}

Report Checker::set_aside(const Submission& submission) {
    Report report;
    report.id = submission.id;
    report.personal_data = submission.personal_data;
    for (const SubmittedFile& file : submission.files)
        report.files.push_back({file.name, pipeline::sha256_of(file.path), 0});
    report.findings.push_back({.code = "set_aside",
                               .severity = Severity::Error,
                               .message = Message("finding.set_aside", {{"times", kMostCrashes}})});
    return report;
}

const pipeline::StopFlag& stop_on_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { g_stop.store(true); };
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
    for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
    struct sigaction before {};
    if (sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, nullptr);  // ignored: nohup
    return g_stop;
}

Report check_originals(const StoredSubmission& stored, const Checker& checker) {
    Report report = checker.check(stored.submission);
    for (std::size_t i = 0; i < report.files.size() && i < stored.submission.files.size(); ++i)
        if (const std::string named = stored.submission.files[i].path.filename().string();
            named.size() == kHashLength && report.files[i].sha256 != named)
            throw Error(
                ErrorKind::NotFound,
                fmt::format("original {} is lost, unreadable or changed; restore it", named));
    return report;
}

FinishedReport check_stored(const StoredSubmission& stored, Store& store, const Checker& checker,
                            const fs::path& out, StageTimes* timing) {
    auto known = store.report_of(stored, checker.versions());
    if (!known) {
        const CrashNotes::AtWork at_work(stored.key);
        const Report report = stored.crash_count >= kMostCrashes
                                  ? Checker::set_aside(stored.submission)
                                  : check_originals(stored, checker);
        if (timing) *timing = report.timing.value_or(StageTimes());
        known = checker.finished(report);
    }
    // Written first: a report that the store has is not made again.
    if (!out.empty()) write_report(out, stored.submission.id, *known);
    store.finish(stored, *known);
    return std::move(*known);
}

void write_report(const fs::path& out, const std::string& id, const FinishedReport& report) {
    pipeline::write_whole(out / id / "report.html", report.html);
    pipeline::write_whole(out / id / "report.json", report.json);
}

}  // namespace avtalskoll::app
