#include "ocr/reading/text_engine.h"

#include <fmt/format.h>
#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>
#include <tesseract/ocrclass.h>
#include <tesseract/resultiterator.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "models/error.h"
#include "ocr/reading/traineddata.h"

namespace avtalskoll::ocr {
namespace {

// The script model knows å ä ö, é, ż and @ in one; swe lacks @ and _, eng lacks å ä ö.
constexpr std::array<const char*, 3> kModelFiles{"Latin", "swe", "eng"};
constexpr std::array<const char*, 3> kModelNames{"latin", "swe", "eng"};

tesseract::PageSegMode page_segmentation(TextLayout layout) {
    switch (layout) {
        case TextLayout::Line: return tesseract::PSM_SINGLE_LINE;
        case TextLayout::BareLine: return tesseract::PSM_RAW_LINE;
        case TextLayout::Block: break;
    }
    return tesseract::PSM_SINGLE_BLOCK;
}

std::string trimmed(const char* text) {
    constexpr std::string_view kSpace = " \n\r\t\f";
    const std::string_view all = text ? text : "";
    const std::size_t first = all.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return std::string(all.substr(first, all.find_last_not_of(kSpace) + 1 - first));
}

// The word that a page's reading has come to; nullopt: nothing legible.
std::optional<PrintedWord> word_at(const tesseract::ResultIterator& at) {
    constexpr float kLegible = 40;  // of 100: what stains and stamps are read as lies below
    const std::unique_ptr<char[]> text(at.GetUTF8Text(tesseract::RIL_WORD));
    if (!text || at.Confidence(tesseract::RIL_WORD) < kLegible) return std::nullopt;
    int left = 0, top = 0, right = 0, bottom = 0;
    if (!at.BoundingBox(tesseract::RIL_WORD, &left, &top, &right, &bottom)) return std::nullopt;
    float row = 0, descenders = 0, ascenders = 0;
    at.RowAttributes(&row, &descenders, &ascenders);
    std::string word = trimmed(text.get());
    if (word.empty()) return std::nullopt;
    const BoxPt box{double(left), double(top), double(right - left), double(bottom - top)};
    return PrintedWord{box, std::move(word), double(row), false};
}

}  // namespace

struct TextEngines::Impl {
    using Engine = std::shared_ptr<tesseract::TessBaseAPI>;
    // The first engine of a model in this process brings the word list; the others share it, and so
    // keep the first alive.
    struct Loaded {
        Engine first, own;
    };
    std::array<Loaded, 3> engines;
    Engine orientation;

    static Engine make(const char* model, tesseract::OcrEngineMode mode,
                       tesseract::FileReader reader) {
        auto made = std::make_shared<tesseract::TessBaseAPI>();
        // Some parameters set on one engine change all of them: everything is given before Init,
        // nothing after. Nobody writes light on dark here, so an unsure reading is not repeated on
        // the inverted picture.
        const std::vector<std::string> names{"debug_file", "invert_threshold"};
        const std::vector<std::string> values{"/dev/null", "0"};
        if (made->Init(nullptr, 0, model, mode, nullptr, 0, &names, &values, false, reader) != 0)
            throw Error(ErrorKind::NotFound,
                        fmt::format("Tesseract's model '{}' is not installed; the packages that "
                                    "are needed are in packages.txt",
                                    model));
        return made;
    }

    tesseract::TessBaseAPI& engine(TextModel model) {
        // One at a time: a model that is being loaded takes several times the memory that it takes
        // later.
        static std::mutex loading;
        static std::array<std::weak_ptr<tesseract::TessBaseAPI>, 3> firsts;
        const auto index = static_cast<std::size_t>(model);
        Loaded& loaded = engines[index];
        if (!loaded.own) {
            const std::lock_guard lock(loading);
            loaded.first = firsts[index].lock();
            loaded.own = make(kModelFiles[index], tesseract::OEM_LSTM_ONLY,
                              loaded.first ? read_without_word_list : nullptr);
            if (!loaded.first) firsts[index] = loaded.first = loaded.own;
        }
        return *loaded.own;
    }

    tesseract::TessBaseAPI& orientation_engine() {
        if (!orientation) orientation = make("osd", tesseract::OEM_TESSERACT_ONLY, nullptr);
        return *orientation;
    }
};

TextEngines::TextEngines() : impl_(std::make_unique<Impl>()) {}
TextEngines::~TextEngines() = default;
TextEngines::TextEngines(TextEngines&&) noexcept = default;

void TextEngines::load_all() {
    for (const TextModel model : {TextModel::Latin, TextModel::Swedish, TextModel::English})
        impl_->engine(model);
    impl_->orientation_engine();
}

TextVote TextEngines::read(const cv::Mat& crop, TextModel model, TextLayout layout) {
    TextVote vote;
    vote.model = kModelNames[static_cast<std::size_t>(model)];
    if (crop.empty()) return vote;
    tesseract::TessBaseAPI& api = impl_->engine(model);
    const cv::Mat solid = crop.isContinuous() ? crop : crop.clone();
    api.SetPageSegMode(page_segmentation(layout));
    api.SetImage(solid.data, solid.cols, solid.rows, 1, solid.cols);
    api.SetSourceResolution(200);
    const std::unique_ptr<char[]> text(api.GetUTF8Text());
    vote.text = trimmed(text.get());
    const std::unique_ptr<int[]> words(api.AllWordConfidences());
    int count = 0, sum = 0, least = 100;
    for (const int* w = words.get(); w && *w >= 0; ++w, ++count)
        sum += *w, least = std::min(least, *w);
    if (count) vote.confidence = sum / (100.0 * count), vote.least = least / 100.0;
    api.Clear();
    return vote;
}

std::vector<PrintedWord> TextEngines::read_page(const cv::Mat& page) {
    tesseract::TessBaseAPI& api = impl_->engine(TextModel::Latin);
    const cv::Mat solid = page.isContinuous() ? page : page.clone();
    api.SetPageSegMode(tesseract::PSM_AUTO);
    api.SetImage(solid.data, solid.cols, solid.rows, 1, solid.cols);
    api.SetSourceResolution(200);
    // Ten times what a full page takes: then it is noise, and none of it is returned.
    constexpr std::int32_t kLongestPage_ms = 30'000;
    std::vector<PrintedWord> words;
    tesseract::ETEXT_DESC limit;
    limit.set_deadline_msecs(kLongestPage_ms);
    if (api.Recognize(&limit) == 0) {
        const std::unique_ptr<tesseract::ResultIterator> at(api.GetIterator());
        for (bool more = at != nullptr; more; more = at->Next(tesseract::RIL_WORD))
            if (auto word = word_at(*at)) words.push_back(std::move(*word));
    }
    api.Clear();
    return words;
}

int TextEngines::upright_rotation(const cv::Mat& page) {
    constexpr float kSure = 1.5F;  // Tesseract's own scale; it takes 1 for certain enough
    tesseract::TessBaseAPI& api = impl_->orientation_engine();
    const cv::Mat solid = page.isContinuous() ? page : page.clone();
    api.SetPageSegMode(tesseract::PSM_OSD_ONLY);
    api.SetImage(solid.data, solid.cols, solid.rows, 1, solid.cols);
    api.SetSourceResolution(200);
    int degrees = 0;
    float sure = 0, script_sure = 0;
    const char* script = nullptr;
    const bool told = api.DetectOrientationScript(&degrees, &sure, &script, &script_sure);
    api.Clear();
    return told && sure >= kSure ? (360 - degrees) % 360 : 0;
}

}  // namespace avtalskoll::ocr
