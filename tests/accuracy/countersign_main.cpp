// avtalskoll-countersign-sweep: makes signed agreements on paper, scans them, counter-signs them,
// tampers with two thirds of the copies, scans those by other devices, and counts what is found.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <map>
#include <mutex>
#include <thread>

#include "app/service/data_dir.h"
#include "pipeline/compare_countersigned.h"
#include "pipeline/files/file_hash.h"
#include "pipeline/forms/form_registry.h"
#include "pipeline/forms/word_lists.h"
#include "rules/field_rule.h"
#include "tests/simulator/paper.h"
#include "tests/simulator/pdf_writer.h"
#include "tests/simulator/scanner.h"

namespace {

using namespace avtalskoll;
using simulator::Tampering;
using simulator::Tier;
namespace fs = std::filesystem;

struct Options {
    std::uint64_t seed = 1;
    std::size_t first = 0, copies = 20;
    int jobs = 1;
    fs::path keep;
};

// One paper's way: its scan, what was done to it, the scan of the copy.
struct Case {
    std::size_t number = 0;
    Tampering tampering = Tampering::None;
    Tier approved = Tier::Office, copy = Tier::Office;
    simulator::Tampered done;
    fs::path approved_pdf, copy_pdf;
    std::size_t form = 0;
};

struct Tally {
    int copies = 0, differs = 0, unsure = 0, agrees = 0;
};

FormSet joined_forms(const std::vector<fs::path>& folders) {
    FormSet all;
    for (const fs::path& folder : folders) {
        FormSet set = pipeline::load_forms(folder);
        for (Form& form : set.forms) all.forms.push_back(std::move(form));
        for (Requirement& one : set.requirements) all.requirements.push_back(std::move(one));
    }
    return all;
}

void write_scans(simulator::Random& random, const std::vector<cv::Mat>& sheets, Tier tier,
                 const fs::path& file) {
    const simulator::Device device = simulator::make_device(random, tier);
    std::vector<simulator::Scan> scans;
    for (const cv::Mat& sheet : sheets)
        scans.push_back(simulator::scan_sheet(random, sheet, device, false));
    simulator::write_pdf(file, scans);
}

// Every third copy is clean; the others take the tamperings in turn.
Case make_case(const simulator::PaperMaker& maker, const FormSet& forms, const Options& options,
               std::size_t i, const fs::path& folder) {
    static const std::vector<Tier> tiers{Tier::Office, Tier::Poor, Tier::Phone};
    simulator::Random random = simulator::Random::stream(options.seed, i);
    Case made;
    made.number = i;
    const auto& kinds = simulator::all_tamperings();
    made.tampering = i % 3 == 0 ? Tampering::None : kinds[(i - i / 3 - 1) % kinds.size()];
    made.approved = random.pick(tiers);
    made.copy = random.pick(tiers);
    fs::create_directories(folder);
    made.approved_pdf = folder / "approved.pdf";
    made.copy_pdf = folder / "copy.pdf";
    for (;;) {
        made.form =
            static_cast<std::size_t>(random.whole(0, static_cast<int>(forms.forms.size()) - 1));
        const simulator::Paper paper = maker.make(
            made.form, options.seed * 1000 + i * 17 +
                           static_cast<std::uint64_t>(random.whole(0, 1'000'000)) * 1000);
        const std::vector<cv::Mat> copy = maker.copy_of(random, paper, made.tampering, made.done);
        if (!made.done.possible) continue;
        write_scans(random, paper.sheets, made.approved, made.approved_pdf);
        write_scans(random, copy, made.copy, made.copy_pdf);
        return made;
    }
}

ApprovedAgreement approved_of(const Case& made, const Form& form) {
    ApprovedAgreement agreement{form.id, form.version, {}, {}};
    for (std::size_t p = 0; p < form.pages.size(); ++p)
        agreement.pages.push_back({static_cast<int>(p + 1),
                                   {"approved.pdf", made.approved_pdf},
                                   static_cast<int>(p + 1)});
    return agreement;
}

std::string summary_of(const CountersignedResult& result, const Case& made) {
    std::string text =
        fmt::format("{:4} {:20} {:6} -> {:6} form {} place {}: {}", made.number,
                    to_string(made.tampering), to_string(made.approved), to_string(made.copy),
                    made.form, made.done.place.page, to_string(result.verdict));
    for (const Finding& finding : result.findings) text += " " + finding.code;
    for (const CountersignedAgreement& agreement : result.agreements)
        for (const ComparedPage& page : agreement.pages) {
            if (page.verdict == PageVerdict::NotComparable)
                text += fmt::format(" p{}:{}", page.approved.form_page, to_string(page.reason));
            for (const PageDifference& d : page.differences)
                text += fmt::format(" p{}:{}{}{}/{}({:.2f})@{:.3f},{:.3f}+{:.3f},{:.3f}",
                                    page.approved.form_page, d.seen ? "seen " : "",
                                    d.read ? "read " : "", to_string(d.kind), d.place.field,
                                    d.strength, d.on_copy.x, d.on_copy.y, d.on_copy.w, d.on_copy.h);
        }
    return text;
}

void print_table(const std::map<std::pair<Tampering, Tier>, Tally>& tallies) {
    fmt::print("{:22}{:8}{:>8}{:>8}{:>8}{:>8}\n", "kind", "tier", "copies", "found", "unsure",
               "missed");
    std::map<bool, Tally> sums;
    for (const auto& [key, tally] : tallies) {
        Tally& sum = sums[key.first == Tampering::None];
        sum.copies += tally.copies, sum.differs += tally.differs;
        sum.unsure += tally.unsure, sum.agrees += tally.agrees;
        if (key.first == Tampering::None) continue;
        fmt::print("{:22}{:8}{:8}{:8}{:8}{:8}\n", to_string(key.first), to_string(key.second),
                   tally.copies, tally.differs, tally.unsure, tally.agrees);
    }
    fmt::print("{:30}{:8}{:8}{:8}{:8}\n\n{:22}{:8}{:>8}{:>8}{:>8}{:>8}\n", "all",
               sums[false].copies, sums[false].differs, sums[false].unsure, sums[false].agrees, "",
               "tier", "copies", "agreed", "alarmed", "unsure");
    for (const auto& [key, tally] : tallies)
        if (key.first == Tampering::None)
            fmt::print("{:22}{:8}{:8}{:8}{:8}{:8}\n", to_string(key.first), to_string(key.second),
                       tally.copies, tally.agrees, tally.differs, tally.unsure);
    fmt::print("{:30}{:8}{:8}{:8}{:8}\n", "all", sums[true].copies, sums[true].agrees,
               sums[true].differs, sums[true].unsure);
}

void sweep(const Options& options, const std::vector<fs::path>& folders) {
    const fs::path data = app::data_dir();
    const rules::Register organisations =
        rules::Register::load(data / "registers" / "organisations.csv");
    const rules::PageWords page_words = pipeline::load_page_words(data / "page_words.yaml");
    const rules::RuleWords words = pipeline::load_rule_words(data / "rule_words.yaml");
    ocr::prepare_process();
    const ocr::FormLibrary library(joined_forms(folders), {});
    const ocr::ReadingModels models(data / "models");
    const pipeline::StopFlag stop{false};
    pipeline::ToolsPool tools;
    const pipeline::Engine engine{{library, models, rules::is_valid_value},
                                  {library.forms(), organisations, page_words, words},
                                  {},
                                  tools,
                                  stop};
    const simulator::PaperMaker maker(library.forms(), data / "registers" / "organisations.csv");
    std::map<std::pair<Tampering, Tier>, Tally> tallies;
    std::mutex mutex;
    const fs::path folder =
        options.keep.empty() ? fs::temp_directory_path() / fmt::format("countersign-{}", ::getpid())
                             : options.keep;
    pipeline::for_each_parallel(options.copies, options.jobs, [&](std::size_t n) {
        const std::size_t i = options.first + n;
        const fs::path own = folder / fmt::format("{:04}", i);
        const Case made = make_case(maker, library.forms(), options, i, own);
        Submission copy;
        copy.id = "copy";
        copy.files.push_back({"copy.pdf", made.copy_pdf});
        const CountersignedResult result = pipeline::compare_countersigned(
            {approved_of(made, library.forms().forms[made.form])}, copy, engine);
        const std::lock_guard lock(mutex);
        Tally& tally = tallies[{made.tampering, made.copy}];
        ++tally.copies;
        tally.differs += result.verdict == CountersignedVerdict::Differs ? 1 : 0;
        tally.unsure += result.verdict == CountersignedVerdict::Unsure ? 1 : 0;
        tally.agrees += result.verdict == CountersignedVerdict::Agrees ? 1 : 0;
        fmt::print(stderr, "{}\n", summary_of(result, made));
        if (options.keep.empty()) fs::remove_all(own);
    });
    if (options.keep.empty()) fs::remove_all(folder);
    print_table(tallies);
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app("Tampers with counter-signed copies and counts what is found.");
    Options options;
    std::vector<fs::path> forms;
    app.add_option("--seed", options.seed, "Seed")->capture_default_str();
    app.add_option("--copies", options.copies, "How many copies")->capture_default_str();
    app.add_option("--first", options.first, "Number of the first one")->capture_default_str();
    app.add_option("--jobs", options.jobs, "Copies at a time")->check(CLI::Range(1, 256));
    app.add_option("--forms", forms, "Folders of registered forms, all together");
    app.add_option("--keep", options.keep, "Folder that keeps the scans");
    CLI11_PARSE(app, argc, argv);
    if (forms.empty()) forms = {app::data_dir() / "forms"};
    sweep(options, forms);
    return 0;
} catch (const std::exception& e) {
    fmt::print(stderr, "avtalskoll-countersign-sweep: {}\n", e.what());
    return 2;
}
