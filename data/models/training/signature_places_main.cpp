// avtalskoll-signature-places: makes simulated signature places to train the judge on, or measures
// a trained judge on fresh ones.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <array>
#include <atomic>
#include <fstream>
#include <map>
#include <mutex>
#include <opencv2/imgcodecs.hpp>
#include <thread>

#include "app/service/data_dir.h"
#include "data/models/training/signature_places.h"
#include "ocr/ink/signature.h"
#include "ocr/reading/page_reader.h"
#include "pipeline/forms/form_registry.h"
#include "rules/signature_rule.h"
#include "tests/simulator/corpus.h"

namespace {

using namespace avtalskoll;
using namespace avtalskoll::simulator;
namespace fs = std::filesystem;

// A family a line.
std::vector<std::string> families(const fs::path& file) {
    std::ifstream in(file);
    std::vector<std::string> names;
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line.front() != '#') names.push_back(line);
    if (names.empty()) throw std::runtime_error(fmt::format("{}: no family", file.string()));
    return names;
}

// Calls `use` for samples 0 … count-1, in no order, from several threads but one at a time.
void for_each_sample(const PlaceMaker& maker, std::uint64_t seed, int count, bool registered_only,
                     int jobs, const std::function<void(const PlaceSample&)>& use) {
    std::atomic<int> next{0};
    std::mutex mutex;
    std::vector<std::jthread> workers;
    for (int j = 0; j < jobs; ++j)
        workers.emplace_back([&] {
            for (int i = next++; i < count; i = next++) {
                const PlaceSample sample =
                    maker.make(seed, static_cast<std::uint64_t>(i), registered_only);
                const std::lock_guard lock(mutex);
                use(sample);
            }
        });
}

// pictures.bin: rows x cols x 3 bytes a sample; labels.csv: a line a sample.
void write_set(const PlaceMaker& maker, std::uint64_t seed, int count, bool registered_only,
               int jobs, const fs::path& folder) {
    fs::create_directories(folder);
    std::ofstream pictures(folder / "pictures.bin", std::ios::binary),
        labels(folder / "labels.csv");
    labels << "ink,mark,tier,blank_known,hand\n";
    for_each_sample(maker, seed, count, registered_only, jobs, [&](const PlaceSample& s) {
        pictures.write(reinterpret_cast<const char*>(s.picture.data),
                       static_cast<std::streamsize>(s.picture.total() * 3));
        labels << fmt::format("{},{},{},{},{}\n", static_cast<int>(s.ink), s.mark,
                              to_string(s.tier), s.blank_known ? 1 : 0, s.hand);
    });
    if (!pictures || !labels)
        throw std::runtime_error(fmt::format("{}: cannot be written", folder.string()));
}

// How many of each mark the signature rule calls signed, doubtful, unsigned; wrong ones go to
// `wrong` as pictures.
void measure(const PlaceMaker& maker, std::uint64_t seed, int count, bool registered_only, int jobs,
             const ocr::SignatureModel& model, const fs::path& wrong) {
    struct Row {
        int all = 0;
        std::map<FieldVerdict, int> verdicts;
    };
    std::map<std::string, Row> rows;
    if (!wrong.empty()) fs::create_directories(wrong);
    int number = 0;
    for_each_sample(maker, seed, count, registered_only, jobs, [&](const PlaceSample& s) {
        FieldReading reading;
        reading.signature = SignatureMeasure{model.beliefs(s.picture)};
        const FieldVerdict verdict = rules::judge_signature(reading).verdict;
        const bool lean = s.tier == Tier::Clean || s.tier == Tier::Office;
        for (const std::string& key :
             {s.mark, s.mark + (lean ? " clean, office" : " poor, fax, phone")}) {
            ++rows[key].all;
            ++rows[key].verdicts[verdict];
        }
        ++number;
        const bool mistaken = s.ink == PlaceInk::Signature ? verdict != FieldVerdict::Ok
                                                           : verdict == FieldVerdict::Ok;
        if (mistaken && !wrong.empty())
            cv::imwrite(
                (wrong / fmt::format("{}-{}-{}-{:.2f}-{}.png", s.mark, to_string(verdict),
                                     to_string(s.tier),
                                     reading.signature->belief(PlaceInk::Signature), number))
                    .string(),
                255 - s.picture);
    });
    fmt::print("{:<28} {:>6} {:>7} {:>8} {:>8}\n", "mark", "n", "signed", "doubtful", "unsigned");
    for (auto& [name, row] : rows)
        fmt::print("{:<28} {:>6} {:>7} {:>8} {:>8}\n", name, row.all,
                   row.verdicts[FieldVerdict::Ok], row.verdicts[FieldVerdict::Unclear],
                   row.verdicts[FieldVerdict::Missing]);
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app(
        "Makes simulated signature places for data/models/training/train_signature.py, or measures "
        "trained weights on fresh ones.");
    fs::path out, signatures, weights, wrong, print_families, hand_families;
    int count = 20000, jobs = static_cast<int>(std::thread::hardware_concurrency());
    std::uint64_t seed = 1;
    bool registered_only = false;
    app.add_option("--out", out, "Folder for the data set");
    app.add_option("--measure", weights,
                   "Measure these weights (.onnx) instead of writing a data set")
        ->check(CLI::ExistingFile);
    app.add_option("--wrong", wrong,
                   "With --measure: folder for pictures of the places that were judged wrongly");
    app.add_option("--signatures", signatures,
                   "Folder of scanned signatures to sign with, beside made-up ones")
        ->check(CLI::ExistingDirectory);
    app.add_option("--families", print_families,
                   "Typeface families of typed names, one a line; else the simulator's")
        ->check(CLI::ExistingFile);
    app.add_option("--hand-families", hand_families,
                   "Families that look written, one a line; else the simulator's")
        ->check(CLI::ExistingFile);
    app.add_option("--count", count, "Places")->capture_default_str();
    app.add_option("--seed", seed, "Seed")->capture_default_str();
    app.add_flag("--registered-only", registered_only,
                 "Only signature places of registered forms, not places anywhere on any page");
    app.add_option("--jobs", jobs, "Threads")->check(CLI::Range(1, 256));
    CLI11_PARSE(app, argc, argv);
    if (out.empty() == weights.empty()) throw std::runtime_error("give either --out or --measure");
    ocr::prepare_process();
    const ocr::FormLibrary library(pipeline::load_forms(app::data_dir() / "forms"), {});
    const Typefaces faces{print_families.empty() ? print_fonts() : families(print_families),
                          hand_families.empty() ? hand_fonts() : families(hand_families)};
    const PlaceMaker maker(
        library, signatures.empty() ? std::vector<NamedPicture>{} : load_pictures(signatures),
        faces);
    if (weights.empty()) write_set(maker, seed, count, registered_only, jobs, out);
    else measure(maker, seed, count, registered_only, jobs, ocr::SignatureModel(weights), wrong);
    return 0;
} catch (const std::exception& e) {
    fmt::print(stderr, "avtalskoll-signature-places: {}\n", e.what());
    return 2;
}
