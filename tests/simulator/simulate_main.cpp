// avtalskoll-simulate: makes a corpus of scanned submissions with its truth, from a seed.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <atomic>
#include <fstream>
#include <mutex>
#include <thread>

#include "app/service/data_dir.h"
#include "pipeline/forms/form_registry.h"
#include "tests/simulator/corpus.h"

namespace {

using namespace avtalskoll;

// The six submissions of data/samples: small files, one lesson each.
void make_samples(const simulator::CorpusMaker& maker, const std::filesystem::path& out) {
    using simulator::Defect;
    using simulator::Recipe;
    using simulator::Tier;
    const simulator::Device crisp{.tier = Tier::Office,
                                  .dpi = 200,
                                  .bilevel = true,
                                  .noise = 3,
                                  .threshold = 170,
                                  .skew_deg = 0.5};
    const simulator::Device grey{
        .tier = Tier::Office, .dpi = 150, .jpeg_quality = 45, .noise = 2, .skew_deg = 0.6};
    const simulator::Device fax{.tier = Tier::Fax,
                                .dpi = 200,
                                .bilevel = true,
                                .blur = 0.6,
                                .noise = 10,
                                .threshold = 175,
                                .thicken = 0.3,
                                .speckle = 25,
                                .skew_deg = 0.8,
                                .streaks = 1};
    maker.make(out, "1-complete", 1, {.device = crisp});
    maker.make(out, "2-signature-missing", 2,
               {.defects = {Defect::NoSignature}, .one_pdf = true, .device = crisp});
    maker.make(out, "3-wrong-check-digit", 3,
               {.defects = {Defect::WrongCheckDigit}, .device = crisp});
    maker.make(out, "4-agreement-missing", 4, {.defects = {Defect::DropAgreement}, .device = grey});
    maker.make(out, "5-turned-and-shuffled", 5,
               {.one_pdf = true,
                .shuffled = true,
                .turned_pages = true,
                .blank_page = true,
                .device = crisp});
    maker.make(out, "6-poor-fax", 6, {.tier = Tier::Fax, .device = fax});
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app("Makes scanned submissions with their truth. Same seed, same corpus.");
    std::filesystem::path out, forms;
    int count = 20, jobs = static_cast<int>(std::thread::hardware_concurrency());
    std::vector<std::string> tiers;
    bool samples = false;
    simulator::CorpusOptions options;
    app.add_option("--out", out, "Folder for the submissions and truth.json")->required();
    app.add_flag("--samples", samples, "Make the six samples of data/samples instead");
    app.add_option("--count", count, "How many submissions")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_option("--seed", options.seed, "Seed")->capture_default_str();
    app.add_option("--forms", forms, "Folder of registered forms (default: the program's own)");
    app.add_option("--tiers", tiers,
                   "Qualities to mix: clean office poor fax phone (default: all)");
    app.add_option("--defective", options.defective, "Share of submissions with something wrong")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_flag("--hard", options.hard,
                 "Also handwriting, crossing-out, initials, stamps under signatures, bent sheets");
    app.add_option("--signatures", options.signatures,
                   "Folder of scanned signatures to sign with (default: made-up ones)")
        ->check(CLI::ExistingDirectory);
    app.add_option("--jobs", jobs, "Submissions at a time")->check(CLI::Range(1, 256));
    CLI11_PARSE(app, argc, argv);
    if (!tiers.empty()) options.tiers.clear();
    for (const std::string& t : tiers) options.tiers.push_back(simulator::parse_tier(t));

    const std::filesystem::path data = app::data_dir();
    const FormSet set = pipeline::load_forms(forms.empty() ? data / "forms" : forms);
    const simulator::CorpusMaker maker(set, data / "registers" / "organisations.csv", options);
    if (samples) {
        make_samples(maker, out);
        return 0;
    }
    std::vector<nlohmann::json> truths(static_cast<std::size_t>(count));
    const auto id_of = [](std::size_t i) { return fmt::format("t{:05}", i + 1); };
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> workers;
    for (int j = 0; j < jobs; ++j)
        workers.emplace_back([&] {
            for (std::size_t i = next++; i < truths.size(); i = next++)
                truths[i] = maker.make(out, id_of(i), i, maker.random_recipe(i));
        });
    workers.clear();
    nlohmann::json truth;
    for (std::size_t i = 0; i < truths.size(); ++i) truth[id_of(i)] = std::move(truths[i]);
    std::ofstream(out / "truth.json") << truth.dump(1) << "\n";
    return 0;
} catch (const std::exception& e) {
    fmt::print(stderr, "avtalskoll-simulate: {}\n", e.what());
    return 2;
}
