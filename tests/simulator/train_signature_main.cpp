// avtalskoll-train-signature: trains the judge of signature places on simulated scans, and measures it on others.
//
// Every sample goes the product's own way: a mark is drawn in a place of a registered form, the page is scanned, matched,
// laid flat and measured. The forest learns the belief that a hand signed: 1 for signatures (over a stamp too), 0 for
// nothing, print, stamps, typed names, dirt; in between for what a person should look at (initials, ticks, lone lines).
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <fstream>
#include <opencv2/imgproc.hpp>
#include <opencv2/ml.hpp>
#include <thread>

#include "app/data_dir.h"
#include "ocr/field_crop.h"
#include "ocr/light.h"
#include "ocr/page_matcher.h"
#include "ocr/page_reader.h"
#include "ocr/signature.h"
#include "pipeline/form_registry.h"
#include "tests/simulator/corpus.h"

namespace {

using namespace avtalskoll;
using namespace avtalskoll::simulator;

struct Sample {
    std::vector<float> features;
    float belief = 0;
    std::string mark, tier;
};

struct MarkChoice {
    Mark mark;
    const char* name;
    double weight;
    float belief;
};
const std::vector<MarkChoice> kMarks{
    {Mark::Signature, "signature", 44, 1}, {Mark::TypedName, "typed", 15, 0}, {Mark::Stamp, "stamp", 15, 0},         {Mark::Smudge, "smudge", 8, 0},       {Mark::Dot, "dot", 3, 0},
    {Mark::Tick, "tick", 4, 0.35F},        {Mark::Line, "line", 4, 0.3F},     {Mark::Initials, "initials", 5, 0.5F}, {Mark::Scribble, "scribble", 2, 0.3F}};

const MarkChoice& choose(Random& random) {
    double at = random.real(0, 100);
    for (const MarkChoice& m : kMarks)
        if ((at -= m.weight) < 0) return m;
    return kMarks.front();
}

// What each worker shares.
struct Bench {
    const FormSet& forms;
    const ocr::FormLibrary& library;
    std::vector<std::vector<cv::Mat>> blanks;
    std::vector<cv::Mat> pictures;
};

cv::Mat mark_ink(Random& random, const Bench& bench, const MarkChoice& choice) {
    if (choice.mark != Mark::Signature) return draw_mark(random, choice.mark, person_name(random));
    if (bench.pictures.empty() || random.chance(0.3)) return draw_mark(random, Mark::Signature, {});
    return ink_of_picture(random.pick(bench.pictures), random.real(18, 65), random.real(0.4, 0.98));
}

void place_mark(Random& random, cv::Mat& sheet, const BoxPt& box, const cv::Mat& ink, double loose) {
    const double room = std::max(0.08, 1 - ink.cols / (box.w * kSheetPxPerPt));  // people stay on the line if they can
    const double x = (box.x + box.w * random.real(0, 0.9 * room)) * kSheetPxPerPt, y = (box.y + box.h * (0.55 + random.real(-loose, loose))) * kSheetPxPerPt - ink.rows / 2.0;
    lay_ink(sheet, ink, {static_cast<int>(x), static_cast<int>(y)});
}

void write_near(Random& random, cv::Mat& sheet, const BoxPt& box) {
    for (const double above : {-0.55, 1.85}) {  // the lines over and under the place: a date, a name in print
        if (random.chance(0.4)) continue;
        const bool hand = random.chance(0.3);
        const std::string text = above < 0 ? place_and_date(random) : person_name(random);
        const cv::Mat ink = draw_text(random, text, hand ? random.pick(hand_fonts()) : random.pick(print_fonts()), hand ? 14 : 10, false, false, hand);
        lay_ink(sheet, ink, {static_cast<int>((box.x - 6) * kSheetPxPerPt), static_cast<int>((box.y + above * box.h) * kSheetPxPerPt - ink.rows / 2.0)});
    }
}

// One page with marks in its signature places, scanned and measured.
std::vector<Sample> make_samples(Random& random, const Bench& bench, ocr::TextEngines& engines) {
    std::vector<std::pair<std::size_t, const Field*>> fields;
    for (std::size_t f = 0; f < bench.forms.forms.size(); ++f)
        for (const FormPoint& point : bench.forms.forms[f].points)
            for (const Field& field : point.fields)
                if (field.kind == FieldKind::Signature) fields.emplace_back(f, &field);
    const auto& [form, field] = random.pick(fields);
    cv::Mat sheet = bench.blanks[form][static_cast<std::size_t>(field->place.page - 1)].clone();
    std::vector<BoxPt> places{field->place.box};
    for (const Place& other : field->keep_empty)
        if (other.page == field->place.page) places.push_back(other.box);
    std::vector<Sample> samples;
    const Device device = make_device(random, random.pick(std::vector<Tier>{Tier::Clean, Tier::Office, Tier::Poor, Tier::Fax, Tier::Phone}));
    for (const BoxPt& box : places) {
        Sample sample{{}, 0, "nothing", to_string(device.tier)};
        write_near(random, sheet, box);
        if (!random.chance(0.08)) {
            const MarkChoice& choice = choose(random);
            sample.mark = choice.name;
            sample.belief = choice.belief;
            place_mark(random, sheet, box, mark_ink(random, bench, choice), 0.35);
            if (choice.mark == Mark::Signature && random.chance(0.08)) place_mark(random, sheet, box, draw_mark(random, Mark::Stamp, {}), 0.4);
            else if (choice.mark == Mark::Stamp && random.chance(0.15)) place_mark(random, sheet, box, draw_mark(random, Mark::TypedName, person_name(random)), 0.3);
        }
        samples.push_back(sample);
    }
    const Scan scan = scan_sheet(random, sheet, device, random.chance(0.2));
    cv::Mat grey = scan.picture, drawn;
    if (grey.channels() == 3) cv::cvtColor(grey, grey, cv::COLOR_BGR2GRAY);
    cv::resize(grey, drawn, {}, ocr::kReadDpi / scan.dpi, ocr::kReadDpi / scan.dpi, scan.dpi > ocr::kReadDpi ? cv::INTER_AREA : cv::INTER_LINEAR);
    const cv::Mat even = ocr::even_light(drawn);
    const ocr::PageMatch match = ocr::match_page(even, bench.library.pages(), {});
    if (match.kind != PageKind::Form) return {};
    for (std::size_t i = 0; i < places.size(); ++i)
        samples[i].features = ocr::signature_features(ocr::cut_field(even, *match.blank, match.registration, places[i], ocr::kSignatureMargin_mm), engines);
    return samples;
}

std::vector<Sample> gather(const Bench& bench, int count, std::uint64_t seed, int jobs) {
    std::vector<std::vector<Sample>> parts(static_cast<std::size_t>(jobs));
    std::vector<std::jthread> workers;
    for (int j = 0; j < jobs; ++j)
        workers.emplace_back([&, j] {
            ocr::TextEngines engines;
            auto& own = parts[static_cast<std::size_t>(j)];
            for (std::uint64_t i = static_cast<std::uint64_t>(j); static_cast<int>(own.size()) * jobs < count; i += static_cast<std::uint64_t>(jobs)) {
                Random random = Random::stream(seed, i);
                for (Sample& s : make_samples(random, bench, engines)) own.push_back(std::move(s));
            }
        });
    workers.clear();
    std::vector<Sample> all;
    for (auto& part : parts) std::move(part.begin(), part.end(), std::back_inserter(all));
    return all;
}

cv::Ptr<cv::ml::RTrees> train(const std::vector<Sample>& samples) {
    const int columns = static_cast<int>(ocr::signature_feature_names().size());
    cv::Mat features(static_cast<int>(samples.size()), columns, CV_32F), beliefs(static_cast<int>(samples.size()), 1, CV_32F);
    for (int i = 0; i < features.rows; ++i) {
        std::copy(samples[static_cast<std::size_t>(i)].features.begin(), samples[static_cast<std::size_t>(i)].features.end(), features.ptr<float>(i));
        beliefs.at<float>(i) = samples[static_cast<std::size_t>(i)].belief;
    }
    auto forest = cv::ml::RTrees::create();
    forest->setMaxDepth(14);
    forest->setMinSampleCount(4);
    forest->setRegressionAccuracy(1e-4F);
    forest->setActiveVarCount(8);
    forest->setTermCriteria({cv::TermCriteria::MAX_ITER, 120, 0});
    cv::setRNGSeed(1);
    forest->train(cv::ml::TrainData::create(features, cv::ml::ROW_SAMPLE, beliefs));
    return forest;
}

// A line a mark: how many, and how many the thresholds of the signature rule call signed, doubtful, unsigned.
void report(const std::vector<Sample>& samples, const ocr::SignatureModel& model) {
    std::map<std::string, std::array<int, 4>> rows;
    for (const Sample& s : samples) {
        const double score = model.score(s.features);
        for (const std::string& key : {s.mark, s.mark + " " + s.tier}) {
            auto& row = rows[key];
            ++row[0];
            ++row[score >= 0.70 ? 1 : score > 0.25 ? 2 : 3];
        }
    }
    fmt::print("{:<20} {:>6} {:>7} {:>8} {:>8}\n", "mark", "n", "signed", "doubtful", "unsigned");
    for (const auto& [name, row] : rows) fmt::print("{:<20} {:>6} {:>7} {:>8} {:>8}\n", name, row[0], row[1], row[2], row[3]);
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app("Trains the judge of signature places on simulated scans and measures it on fresh ones.");
    std::filesystem::path out, signatures, test_signatures, weights;
    int count = 6000, test_count = 1500, jobs = static_cast<int>(std::thread::hardware_concurrency());
    std::uint64_t seed = 1;
    app.add_option("--out", out, "Where to write the weights (.yml.gz)");
    app.add_option("--weights", weights, "Measure these weights instead of training");
    app.add_option("--signatures", signatures, "Folder of scanned signatures to train on, beside made-up ones")->check(CLI::ExistingDirectory);
    app.add_option("--test-signatures", test_signatures, "Folder of scanned signatures of other writers to measure on")->check(CLI::ExistingDirectory);
    app.add_option("--count", count, "Places to train on")->capture_default_str();
    app.add_option("--test-count", test_count, "Places to measure on")->capture_default_str();
    app.add_option("--seed", seed, "Seed; the measuring uses seed + 1")->capture_default_str();
    app.add_option("--jobs", jobs, "Threads")->check(CLI::Range(1, 256));
    CLI11_PARSE(app, argc, argv);
    ocr::use_one_thread_per_page();
    const FormSet forms = pipeline::load_forms(app::data_dir() / "forms");
    const ocr::FormLibrary library(forms, {});
    Bench bench{forms, library, {}, {}};
    for (const Form& form : forms.forms) bench.blanks.push_back(draw_pages(form.blank));
    if (weights.empty()) {
        if (!signatures.empty()) bench.pictures = load_pictures(signatures);
        const std::vector<Sample> samples = gather(bench, count, seed, jobs);
        train(samples)->save(out.string());
        weights = out;
        fmt::print("trained on {} places\n", samples.size());
    }
    bench.pictures = test_signatures.empty() ? std::vector<cv::Mat>{} : load_pictures(test_signatures);
    report(gather(bench, test_count, seed + 1, jobs), ocr::SignatureModel(weights));
    return 0;
} catch (const std::exception& e) {
    fmt::print(stderr, "avtalskoll-train-signature: {}\n", e.what());
    return 2;
}
