// avtalskoll-sweep: reads a corpus once and judges it with several cautions; keeps what every field
// was read as.
//
// For fitting and for the curves of docs/accuracy.md: reading takes all the time, judging none.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/service/data_dir.h"
#include "pipeline/files/atomic_file.h"
#include "pipeline/forms/form_registry.h"
#include "pipeline/forms/word_lists.h"
#include "pipeline/intake.h"
#include "pipeline/process_submission.h"
#include "pipeline/reports/report_html.h"
#include "pipeline/reports/report_json.h"
#include "rules/field_rule.h"
#include "rules/judge_submission.h"

namespace {

using namespace avtalskoll;
using Json = nlohmann::json;
namespace fs = std::filesystem;

Json readings_of(const Submission& submission, const pipeline::ReadSubmission& read,
                 const FormSet& forms) {
    Json rows = Json::array();
    for (const PageReading* page : pages_of(read.documents))
        for (const FieldReading& field : page->fields) {
            const Form& form = forms.forms[static_cast<std::size_t>(field.ref.form)];
            Json row{
                {"submission", submission.id},
                {"place", fmt::format("{}/{}/{}", form.id,
                                      form.points[static_cast<std::size_t>(field.ref.point)].number,
                                      field_of(forms, field.ref).id)},
                {"kind", to_string(field_of(forms, field.ref).kind)},
                {"fill", static_cast<int>(field.ink.fill)},
                {"fill_confidence", field.ink.confidence},
                {"ink_mm2", field.ink.area_mm2},
                {"by_hand", field.by_hand},
                {"place_error_mm", field.place_error_mm},
                {"votes", Json::array()}};
            for (const TextVote& vote : field.votes)
                row["votes"].push_back({vote.model, vote.text, vote.confidence, vote.least});
            if (field.signature) row["beliefs"] = field.signature->beliefs;
            rows.push_back(std::move(row));
        }
    return rows;
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app(
        "Reads a corpus once, judges it with several cautions: OUT/caution-X/<id>/report.json (and "
        ".html for 1); OUT/readings.jsonl has every field's readings.");
    fs::path corpus, out, forms;
    std::vector<double> cautions{1};
    int jobs = static_cast<int>(std::thread::hardware_concurrency());
    app.add_option("CORPUS", corpus, "Folder of submissions")
        ->required()
        ->check(CLI::ExistingDirectory);
    app.add_option("--out", out, "Folder for the reports")->required();
    app.add_option("--caution", cautions, "Cautions to judge with")
        ->delimiter(',')
        ->check(CLI::Range(rules::kLeastCaution, rules::kMostCaution));
    app.add_option("--forms", forms, "Folder of registered forms (default: the program's own)")
        ->check(CLI::ExistingDirectory);
    app.add_option("--jobs", jobs, "Submissions at a time")->check(CLI::Range(1, 256));
    CLI11_PARSE(app, argc, argv);
    const fs::path data = app::data_dir();
    const std::vector<Submission> submissions = pipeline::find_submissions({corpus}, {});
    const rules::Register organisations =
        rules::Register::load(data / "registers" / "organisations.csv");
    const pipeline::HtmlTemplate html(data / "report" / "report.mustache");
    const rules::PageWords page_words = pipeline::load_page_words(data / "page_words.yaml");
    const rules::RuleWords words = pipeline::load_rule_words(data / "rule_words.yaml");
    const pipeline::Texts texts(data / "texts" / "sv.yaml");
    ocr::prepare_process();
    const ocr::FormLibrary library(pipeline::load_forms(forms.empty() ? data / "forms" : forms),
                                   {});
    const ocr::ReadingModels models(data / "models");
    const pipeline::StopFlag stop{false};
    pipeline::ToolsPool tools;
    const pipeline::Engine engine{{library, models, rules::is_valid_value},
                                  {library.forms(), organisations, page_words, words},
                                  {},
                                  tools,
                                  stop};
    fs::create_directories(out);
    std::ofstream rows(out / "readings.jsonl");
    std::mutex mutex;
    pipeline::for_each_parallel(submissions.size(), jobs, [&](std::size_t i) {
        const pipeline::ReadSubmission read = pipeline::read_submission(submissions[i], engine);
        for (const double caution : cautions) {
            const Report report = rules::judge_submission(
                submissions[i], read.documents, read.ledger, read.findings,
                {library.forms(), organisations, page_words, words, {caution}});
            const fs::path folder = out / fmt::format("caution-{}", caution) / report.id;
            pipeline::write_whole(
                folder / "report.json",
                pipeline::to_json(report, pipeline::EngineFacts::of(library.forms()), texts, 1) +
                    "\n");
            if (caution == 1)
                pipeline::write_whole(folder / "report.html", html.render(report, texts));
        }
        const std::lock_guard lock(mutex);
        for (const Json& row : readings_of(submissions[i], read, library.forms()))
            rows << row.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
    });
    return rows ? 0 : 2;
} catch (const std::exception& e) {
    fmt::print(stderr, "avtalskoll-sweep: {}\n", e.what());
    return 2;
}
