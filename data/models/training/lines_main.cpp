// avtalskoll-lines: makes simulated lines of print to train the line reader on.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>

#include "data/models/training/lines.h"
#include "models/text.h"
#include "ocr/reading/line_reader.h"
#include "ocr/reading/page_reader.h"
#include "ocr/reading/text_engine.h"

namespace {

using namespace avtalskoll;
using namespace avtalskoll::simulator;
namespace fs = std::filesystem;

template <class T>
void put(std::ofstream& out, T value) {
    out.write(reinterpret_cast<const char*>(&value), sizeof value);
}

// A record: width (u16), letters (u8), kind (u8), tier (u8), the letters (u16 each), their centres
// (f32 each), the pixels row by row, two in a byte, the first in the upper half.
void write_sample(std::ofstream& out, const LineSample& sample) {
    const auto width = static_cast<std::uint16_t>(sample.picture.cols / 2 * 2);
    put(out, width);
    put(out, static_cast<std::uint8_t>(sample.text.size()));
    put(out, static_cast<std::uint8_t>(sample.kind));
    put(out, static_cast<std::uint8_t>(sample.tier));
    for (const char32_t c : sample.text) put(out, static_cast<std::uint16_t>(c));
    for (const float x : sample.centres) put(out, x);
    std::string packed;
    for (int y = 0; y < sample.picture.rows; ++y) {
        const auto* row = sample.picture.ptr<unsigned char>(y);
        for (int x = 0; x < width; x += 2)
            packed += static_cast<char>((row[x] & 0xF0) | (row[x + 1] >> 4));
    }
    out.write(packed.data(), static_cast<std::streamsize>(packed.size()));
}

// A shard is written beside its name and then renamed, so that a trainer that is at work sees whole
// ones only.
void write_shard(const LineMaker& maker, std::uint64_t seed, std::uint64_t& sheet, int count,
                 const fs::path& file) {
    const fs::path part = file.string() + ".part";
    std::ofstream out(part, std::ios::binary);
    int written = 0;
    while (written < count)
        for (const LineSample& sample : maker.make_sheet(seed, sheet++)) {
            write_sample(out, sample);
            ++written;
        }
    out.close();
    if (!out) throw std::runtime_error(fmt::format("{}: cannot be written", part.string()));
    fs::rename(part, file);
}

std::vector<std::string> read_lines(const fs::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    if (lines.empty()) throw std::runtime_error(fmt::format("{}: is empty", file.string()));
    return lines;
}

// How often readers were right: of all lines, and of those with about the same probability.
struct Score {
    int all = 0, reader = 0, latin = 0;
    // By the line reader's probability; agreed: Latin read the same.
    std::array<int, 12> in_bin{}, right_in_bin{}, agreed{}, agreed_right{};

    static std::size_t bin_of(double probability) {
        constexpr std::array<double, 11> kUpTo{0.3,  0.5,  0.6,  0.7,   0.8,  0.9,
                                               0.95, 0.98, 0.99, 0.995, 0.999};
        return static_cast<std::size_t>(std::lower_bound(kUpTo.begin(), kUpTo.end(), probability) -
                                        kUpTo.begin());
    }
};

FieldKind kind_of(const LineSample& sample) {
    const bool letters =
        std::any_of(sample.text.begin(), sample.text.end(), [](char32_t c) { return c >= U'A'; });
    switch (sample.kind) {
        case LineKind::Email: return FieldKind::Email;
        case LineKind::Phone: return FieldKind::Phone;
        case LineKind::Web: return FieldKind::Url;
        case LineKind::Number: return letters ? FieldKind::Text : FieldKind::OrganisationNumber;
        default: return FieldKind::Text;
    }
}

const char* name_of(LineKind kind) {
    static constexpr std::array<const char*, 11> kNames{
        "e-mail", "person", "phone", "organisation", "free text", "number",
        "role",   "jumble", "date",  "web",          "amount"};
    return kNames[static_cast<std::size_t>(kind)];
}

class Measurement {
public:
    Measurement(const ocr::LineReader& reader, fs::path wrong)
        : reader_(reader), wrong_(std::move(wrong)) {
        if (!wrong_.empty()) fs::create_directories(wrong_);
    }

    void add(const LineSample& sample) {
        const auto vote = reader_.read(sample.writing, kind_of(sample));
        const std::string read = vote ? vote->text : "", truth = utf8_of(sample.text);
        const double sure = vote ? vote->least : 0;
        const TextVote latin =
            engines_.read(sample.writing, ocr::TextModel::Latin, ocr::TextLayout::Line);
        const bool lean = sample.tier == Tier::Clean || sample.tier == Tier::Office;
        for (const std::string& group :
             {std::string(name_of(sample.kind)),
              std::string(lean ? "clean, office" : to_string(sample.tier)),
              std::string(is_strict(kind_of(sample)) ? "strict" : "text")}) {
            Score& score = scores_[group];
            ++score.all;
            score.reader += read == truth;
            score.latin += folded_space(latin.text) == truth;
            ++score.in_bin[Score::bin_of(sure)];
            score.right_in_bin[Score::bin_of(sure)] += read == truth;
            const bool agreed = folded_space(latin.text) == read;
            score.agreed[Score::bin_of(sure)] += agreed;
            score.agreed_right[Score::bin_of(sure)] += agreed && read == truth;
        }
        if (read != truth) keep(sample, read, sure);
    }

    void print() const {
        fmt::print(
            "{:<16} {:>6} {:>8} {:>8}   right/all by probability: "
            ".3 .5 .6 .7 .8 .9 .95 .98 .99 .995 .999 1\n",
            "lines", "n", "reader %", "Latin %");
        for (const auto& [group, score] : scores_) {
            fmt::print("{:<16} {:>6} {:>8.2f} {:>8.2f}  ", group, score.all,
                       100.0 * score.reader / score.all, 100.0 * score.latin / score.all);
            for (std::size_t i = 0; i < score.in_bin.size(); ++i)
                fmt::print(" {}/{}", score.right_in_bin[i], score.in_bin[i]);
            fmt::print("\n{:<16} where Latin agrees:          ", "");
            for (std::size_t i = 0; i < score.agreed.size(); ++i)
                fmt::print(" {}/{}", score.agreed_right[i], score.agreed[i]);
            fmt::print("\n");
        }
    }

private:
    void keep(const LineSample& sample, const std::string& read, double sure) {
        if (wrong_.empty()) return;
        fmt::print("{:.3f} {} {} | {} ({})\n", sure, number_, utf8_of(sample.text), read,
                   to_string(sample.tier));
        cv::imwrite((wrong_ / fmt::format("{}.png", number_++)).string(), sample.writing);
    }

    const ocr::LineReader& reader_;
    fs::path wrong_;
    ocr::TextEngines engines_;
    std::map<std::string, Score> scores_;
    int number_ = 0;
};

void measure(const LineMaker& maker, std::uint64_t seed, int count, Measurement& measurement) {
    std::uint64_t sheet = 0;
    for (int made = 0; made < count;)
        for (const LineSample& sample : maker.make_sheet(seed, sheet++)) {
            measurement.add(sample);
            ++made;
        }
    measurement.print();
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app("Makes simulated lines of print for data/models/training/train_lines.py.");
    fs::path out, words, families, weights, wrong,
        alphabet = AVTALSKOLL_SOURCE_DIR "/data/models/line_reader.alphabet.txt";
    int count = 20000, shard = 10000;
    std::uint64_t seed = 1;
    app.add_option("--out", out, "Folder for the shards");
    app.add_option("--measure", weights,
                   "Measure these weights (.onnx), beside Tesseract, instead of writing shards")
        ->check(CLI::ExistingFile);
    app.add_option("--wrong", wrong,
                   "With --measure: folder for pictures of the lines that were read wrongly");
    app.add_option("--words", words, "Word list, UTF-8, a word a line")->required();
    app.add_option("--families", families, "Typeface families, one a line")->required();
    app.add_option("--alphabet", alphabet, "The reader's letters")->capture_default_str();
    app.add_option("--count", count, "Lines, about")->capture_default_str();
    app.add_option("--shard", shard, "Lines in a file, about")->capture_default_str();
    app.add_option("--seed", seed, "Seed; the shards are named after it")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    if (out.empty() == weights.empty()) throw std::runtime_error("give either --out or --measure");
    ocr::prepare_process();
    const LineTexts texts(words, alphabet);
    const LineMaker maker(texts, read_lines(families));
    if (!weights.empty()) {
        const ocr::LineReader reader(weights, alphabet);
        Measurement measurement(reader, wrong);
        measure(maker, seed, count, measurement);
        return 0;
    }
    fs::create_directories(out);
    std::uint64_t sheet = 0;
    for (int made = 0, n = 0; made < count; made += shard, ++n)
        write_shard(maker, seed, sheet, std::min(shard, count - made),
                    out / fmt::format("lines-{}-{:04}.bin", seed, n));
    return 0;
} catch (const std::exception& e) {
    fmt::print(stderr, "avtalskoll-lines: {}\n", e.what());
    return 2;
}
