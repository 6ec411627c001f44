#include "ocr/field_reader.h"

#include <algorithm>
#include <cctype>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "ocr/field_crop.h"
#include "ocr/ink.h"
#include "ocr/picture.h"
#include "ocr/signature.h"
#include "ocr/typed_text.h"

namespace avtalskoll::ocr {
namespace {

// What two readings must share to be one: spaces and the marks between groups of digits come and go.
std::string essence(const std::string& text, FieldKind kind) {
    const bool digits = kind == FieldKind::Phone || kind == FieldKind::OrganisationNumber;
    std::string out;
    for (const char c : text) {
        if (std::isspace(static_cast<unsigned char>(c)) != 0) {
            if (!is_strict(kind) && !out.empty() && out.back() != ' ') out += ' ';
        } else if (!digits || std::string_view("-./()").find(c) == std::string_view::npos) {
            out += c;
        }
    }
    return out;
}

// The model that disagrees in the most useful way with the first one: eng knows @ and digits, swe knows words.
TextModel second_model(FieldKind kind) {
    switch (kind) {
        case FieldKind::Email:
        case FieldKind::Phone:
        case FieldKind::OrganisationNumber: return TextModel::English;
        default: return TextModel::Swedish;
    }
}

// A third opinion where the first two differ: swe reads digits too, eng reads Swedish but for the marks on its letters.
std::optional<TextModel> third_model(FieldKind kind) {
    switch (kind) {
        case FieldKind::Email: return std::nullopt;  // swe knows no @
        case FieldKind::Phone:
        case FieldKind::OrganisationNumber: return TextModel::Swedish;
        default: return TextModel::English;
    }
}

// Readings are independent only when model or picture differ; more are asked for when the first two disagree, and, where every
// character counts, when they agree without being sure.
std::vector<TextVote> read_text(const FieldCrop& crop, const ResidualInk& ink, FieldKind kind, TextEngines& engines) {
    constexpr double kOneLine_mm = 7;
    constexpr double kSpeck_mm2 = 0.35;
    constexpr double kSure = 0.88, kFairlySure = 0.75;  // of the least sure word; below 0.75 two that agreed were wrong in 5 of 85
    const cv::Mat writing = writing_only(crop, ink, 0);
    TextLayout layout = kind != FieldKind::FreeText || writing.rows < kOneLine_mm * kReadPxPerMm ? TextLayout::Line : TextLayout::Block;
    std::vector<TextVote> votes;
    const auto read_with_both = [&](const cv::Mat& picture, const char* look) {
        for (const TextModel model : {TextModel::Latin, second_model(kind)}) {
            votes.push_back(engines.read(picture, model, layout));
            votes.back().model += look;
        }
    };
    read_with_both(writing, "");
    const bool blind = votes[0].text.empty() || votes[1].text.empty();  // specks can make an engine see nothing at all
    if (blind && layout == TextLayout::Line) {
        layout = TextLayout::BareLine;
        votes.clear();
        read_with_both(writing, "-bare");
    }
    // Whether all readings so far are one, each of its words at least so sure.
    const auto agreed = [&](double least) {
        return std::all_of(votes.begin(), votes.end(), [&](const TextVote& v) {
            return !v.text.empty() && essence(v.text, kind) == essence(votes.front().text, kind) && (!is_strict(kind) || v.least >= least);
        });
    };
    if (agreed(kSure)) return votes;
    cv::Mat larger = blind ? writing_only(crop, ink, kSpeck_mm2) : writing;
    if (larger.empty()) return votes;
    cv::resize(larger, larger, {}, 1.4, 1.4, cv::INTER_CUBIC);
    cv::GaussianBlur(larger, larger, {0, 0}, 0.8);
    read_with_both(larger, "-large");
    if (is_strict(kind) && agreed(kFairlySure)) return votes;
    if (const auto third = third_model(kind)) votes.push_back(engines.read(writing, *third, layout));
    if (!is_strict(kind)) return votes;
    // Every character counts: the same writing without greys, which joins and parts strokes in other places.
    cv::Mat crisp;
    cv::resize(larger, crisp, {}, 1.4, 1.4, cv::INTER_CUBIC);
    cv::threshold(crisp, crisp, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    read_with_both(crisp, "-crisp");
    return votes;
}

BoxPt box_on_page(const BoxShare& box, const PageText& file) { return {box.x * file.size.w, box.y * file.size.h, box.w * file.size.w, box.h * file.size.h}; }

void keep_evidence(FieldReading& reading, const FieldCrop& crop, int around_px) {
    const cv::Rect shown =
        cv::Rect(crop.place.x - around_px, crop.place.y - around_px, crop.place.width + 2 * around_px, crop.place.height + 2 * around_px) & cv::Rect({}, crop.page.size());
    cv::Mat smaller;
    cv::resize(crop.page(shown), smaller, {}, 0.75, 0.75, cv::INTER_AREA);
    // Sixteen greys are enough for a person and pack to a third.
    smaller.forEach<unsigned char>([](unsigned char& v, const int*) { v = static_cast<unsigned char>(v >= 240 ? 255 : v & 0xF0); });
    reading.crop_png = to_png(smaller);
    reading.crop_width = smaller.cols;
    reading.crop_height = smaller.rows;
}

}  // namespace

FieldReading read_field(const cv::Mat& scan, const BlankPage& blank, const Registration& registration, const Field& field, const FieldRef& ref, const SignatureModel& model,
                        TextEngines& engines, const PageText* file) {
    FieldReading reading;
    reading.ref = ref;
    const bool signature = field.kind == FieldKind::Signature;
    const FieldCrop crop = cut_field(scan, blank, registration, field.place.box, signature ? kSignatureMargin_mm : kFieldMargin_mm);
    reading.box = place_on_scan(crop, registration, scan.size());
    reading.place_error_mm = crop.place_error_mm;
    reading.place_trusted = crop.trusted;
    keep_evidence(reading, crop, signature ? 48 : 16);
    if (signature) {
        reading.signature = measure_signature(crop, model);
        for (const Place& other : field.keep_empty)
            if (other.page == blank.page) reading.keep_empty.push_back(measure_signature(cut_field(scan, blank, registration, other.box, kSignatureMargin_mm), model));
        return reading;
    }
    const ResidualInk ink = residual_ink(crop, InkOptions{});
    reading.ink = measure_ink(crop, ink);
    if (file && reading.ink.fill != Fill::Empty) {
        const std::string typed = typed_text(*file, box_on_page(reading.box, *file), words_in(blank.words, field.place.box));
        reading.typed = !typed.empty();
        if (reading.typed) reading.votes = {{"file", typed, 1, 1}};
    }
    if (reading.typed) return reading;
    if (reading.ink.fill == Fill::Filled || reading.ink.fill == Fill::CrossedOut || (reading.ink.fill == Fill::Dirt && reading.ink.confidence < 0.7))
        reading.votes = read_text(crop, ink, field.kind, engines);
    if (!reading.votes.empty()) reading.by_hand = written_by_hand(crop, writing_box(ink), model);
    return reading;
}

}  // namespace avtalskoll::ocr
