#include "ocr/reading/field_reader.h"

#include <algorithm>
#include <cctype>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "ocr/ink/ink.h"
#include "ocr/ink/signature.h"
#include "ocr/ink/tick.h"
#include "ocr/matching/field_crop.h"
#include "ocr/picture/picture.h"
#include "ocr/reading/joined_writing.h"
#include "ocr/reading/split_lines.h"
#include "ocr/reading/typed_text.h"

namespace avtalskoll::ocr {
namespace {

// The part that two readings must share to be one: spaces and the marks between groups of digits
// come and go.
std::string essence(const std::string& text, FieldKind kind) {
    const std::string_view loose = traits_of(kind).loose;
    std::string out;
    for (const char c : text) {
        if (std::isspace(static_cast<unsigned char>(c)) != 0) {
            if (!is_strict(kind) && !out.empty() && out.back() != ' ') out += ' ';
        } else if (loose.find(c) == std::string_view::npos) {
            out += c;
        }
    }
    return out;
}

// The model that disagrees in the most useful way with the first one: eng knows @ and digits, swe
// knows words.
TextModel second_model(FieldKind kind) {
    return traits_of(kind).letters.empty() ? TextModel::Swedish : TextModel::English;
}

bool knows_all_letters(const TextVote& line) {
    return line.text.find(kUnknownSign) == std::string::npos;
}

// True when the line reader alone is enough.
bool is_enough(const TextVote& line, FieldKind kind, const ReadingContext& context) {
    // Probability of the whole text. A number has a check digit besides; no letter of an address
    // checks another.
    constexpr double kNumber = 0.9, kEmail = 0.97, kOther = 0.95;
    if (!knows_all_letters(line)) return false;
    if (is_strict(kind) && !context.is_valid(kind, line.text)) return false;
    switch (kind) {
        case FieldKind::OrganisationNumber: return line.least >= kNumber;
        case FieldKind::Email: return line.least >= kEmail;
        // A comma that touches a letter is easily lost, and multiplies by a hundred.
        case FieldKind::Amount: return false;
        default: return line.least >= kOther;
    }
}

// The means by which a crop is read.
struct CropReading {
    const ReadingContext& context;
    TextEngines& engines;
};

// Reads one crop as often as it takes. Readings are independent only when model or picture differ;
// more are asked for when the first are unsure or disagree, the cheapest first.
class CropReader {
public:
    CropReader(cv::Mat writing, FieldKind kind, const CropReading& with)
        : kind_(kind),
          context_(with.context),
          engines_(with.engines),
          writing_(std::move(writing)) {
        constexpr double kOneLine_mm = 7;
        layout_ = !traits_of(kind).several_lines || writing_.rows < kOneLine_mm * kReadPxPerMm
                      ? TextLayout::Line
                      : TextLayout::Block;
    }

    // One look; nullopt where there is no writing.
    std::optional<TextVote> glance() {
        constexpr double kLikely = 0.5;
        if (writing_.empty()) return std::nullopt;
        if (auto line = read_lines(); line && line->least >= kLikely) return line;
        return engines_.read(writing_, TextModel::Latin, layout_);
    }

    // The line reader alone where it is sure; with Tesseract's Latin where both say the same; else
    // another of Tesseract's models too.
    std::vector<TextVote> read() {
        const auto line = read_lines();
        if (line && is_enough(*line, kind_, context_)) return {*line};
        std::vector<TextVote> votes{engines_.read(writing_, TextModel::Latin, layout_)};
        if (!line || !is_seconded(*line, votes.front()))
            votes.push_back(engines_.read(writing_, second_model(kind_), layout_));
        // Specks can make Tesseract see nothing at all.
        if (layout_ == TextLayout::Line && votes.front().text.empty())
            for (const TextModel model : {TextModel::Latin, second_model(kind_)})
                votes.push_back(engines_.read(writing_, model, TextLayout::BareLine));
        if (line && line->least >= kVoice) votes.insert(votes.begin(), *line);
        return votes;
    }

private:
    // Probability below which the line reader's text says nothing, and that from which Tesseract's
    // Latin need only read the same: of 418 strict values on which both so agreed one was wrong.
    static constexpr double kVoice = 0.5, kSeconded = 0.7;

    // The line reader's text of all lines; nullopt where they do not part or nothing is read.
    std::optional<TextVote> read_lines() const {
        if (writing_.empty()) return std::nullopt;
        if (layout_ == TextLayout::Line) return context_.models.lines.read(writing_, kind_);
        TextVote all{kLineReaderModel, "", 1, 1};
        for (const cv::Mat& line : split_lines(writing_)) {
            const auto vote = context_.models.lines.read(line, kind_);
            if (!vote) return std::nullopt;
            all.text += (all.text.empty() ? "" : "\n") + vote->text;
            all.least *= vote->least;
        }
        all.confidence = all.least;
        return all.text.empty() ? std::nullopt : std::optional(all);
    }

    bool is_seconded(const TextVote& line, const TextVote& other) const {
        return line.least >= kSeconded && knows_all_letters(line) &&
               essence(line.text, kind_) == essence(other.text, kind_);
    }

    FieldKind kind_;
    const ReadingContext& context_;
    TextEngines& engines_;
    cv::Mat writing_;
    TextLayout layout_ = TextLayout::Line;
};

// The readers are trained on type. So no hand wrote a text that one of them was sure enough of
// alone, or that two read alike and surely.
bool reads_as_type(const std::vector<TextVote>& votes, FieldKind kind) {
    constexpr double kSure = 0.92;
    return votes.size() == 1 || (essence(votes[0].text, kind) == essence(votes[1].text, kind) &&
                                 std::min(votes[0].least, votes[1].least) >= kSure);
}

// Adds readings of the ink to the file's text, so that the two can be compared: one look where they
// are the same, all looks where they are not.
void read_beside(std::vector<TextVote>& votes, CropReader reader, FieldKind kind) {
    const auto glance = reader.glance();
    if (!glance) return;
    if (essence(glance->text, kind) == essence(votes.front().text, kind)) {
        votes.push_back(*glance);
        return;
    }
    for (TextVote& vote : reader.read()) votes.push_back(std::move(vote));
}

BoxPt box_on_page(const BoxShare& box, const PageText& file) {
    return {box.x * file.size.w, box.y * file.size.h, box.w * file.size.w, box.h * file.size.h};
}

// The ink of a screen that lies in the reading's place, or so near that a signature there would
// reach it.
void note_screen_ink(FieldReading& reading, const PageText& file) {
    constexpr double kNear_pt = 3 * kPointsPerMm;
    const BoxPt place = box_on_page(reading.box, file);
    for (const ScreenInk& ink : file.screen_ink) {
        const double w = std::min(ink.box.right(), place.right() + kNear_pt) -
                         std::max(ink.box.x, place.x - kNear_pt);
        const double h = std::min(ink.box.bottom(), place.bottom() + kNear_pt) -
                         std::max(ink.box.y, place.y - kNear_pt);
        if (w <= 0 || h <= 0 || ink.box.w <= 0 || ink.box.h <= 0) continue;
        reading.screen_ink_mm2 += ink.ink_mm2 * w * h / (ink.box.w * ink.box.h);
        reading.screen_annotation |= ink.annotation;
    }
}

void keep_evidence(FieldReading& reading, const FieldCrop& crop, int around_px) {
    const cv::Rect shown =
        cv::Rect(crop.place.x - around_px, crop.place.y - around_px,
                 crop.place.width + 2 * around_px, crop.place.height + 2 * around_px) &
        cv::Rect({}, crop.page.size());
    cv::Mat smaller;
    cv::resize(crop.page(shown), smaller, {}, 0.75, 0.75, cv::INTER_AREA);
    // Sixteen greys are enough for a person and pack to a third.
    smaller.forEach<unsigned char>([](unsigned char& v, const int*) {
        v = static_cast<unsigned char>(v >= 240 ? 255 : v & 0xF0);
    });
    reading.crop_png = to_png(smaller);
    reading.crop_width = smaller.cols;
    reading.crop_height = smaller.rows;
}

// The signature's place, and those that its field wants empty.
void read_signature(FieldReading& reading, const FieldCrop& crop, const RegisteredPage& page,
                    const Field& field, const SignatureModel& model) {
    reading.signature = measure_signature(crop, model);
    note_screen_ink(reading, page.file);
    for (const Place& other : field.keep_empty) {
        if (other.page != page.blank.page) continue;
        const FieldCrop kept_empty =
            cut_field(page.scan, page.blank, page.registration, other.box, kSignatureMargin_mm);
        reading.keep_empty.push_back(measure_signature(kept_empty, model));
    }
}

// The value as the page's own file gives it.
void take_typed_text(FieldReading& reading, const RegisteredPage& page, const Field& field) {
    const TypedText typed = typed_text(page.file, box_on_page(reading.box, page.file),
                                       words_in(page.blank.words, field.place.box));
    reading.typed = !typed.text.empty();
    reading.typed_in_field = typed.in_field;
    if (reading.typed) reading.votes = {{kFileModel, typed.text, 1, 1}};
}

bool may_hold_writing(const InkMeasure& ink) {
    constexpr double kSureOfDirt = 0.7;
    return ink.fill == Fill::Filled || ink.fill == Fill::CrossedOut ||
           (ink.fill == Fill::Dirt && ink.confidence < kSureOfDirt);
}

// `whole`: the crop of the field's place, which is the box where there is but one.
void read_ticks(FieldReading& reading, const FieldCrop& whole, const RegisteredPage& page,
                const Field& field) {
    if (field.options.empty()) reading.ticks.push_back(measure_tick(whole));
    for (const Option& option : field.options) {
        const FieldCrop crop =
            cut_field(page.scan, page.blank, page.registration, option.box, kTickMargin_mm);
        reading.place_trusted &= crop.trusted;
        reading.ticks.push_back(measure_tick(crop));
    }
}

// The place's own crop where the value stands in one box, else one for each of its boxes.
std::vector<InkedPart> inked_parts(FieldCrop& whole, const RegisteredPage& page,
                                   const Field& field) {
    std::vector<InkedPart> parts;
    if (!field.prompt.empty()) forget_replaced_prompt(whole);
    if (field.parts.empty()) parts.push_back({whole, {}});
    for (const BoxPt& box : field.parts)
        parts.push_back(
            {cut_field(page.scan, page.blank, page.registration, box, kFieldMargin_mm), {}});
    for (InkedPart& part : parts) part.ink = residual_ink(part.crop, InkOptions{});
    return parts;
}

void read_value(FieldReading& reading, FieldCrop& crop, const RegisteredPage& page,
                const Field& field, CropReading with) {
    const std::vector<InkedPart> parts = inked_parts(crop, page, field);
    for (const InkedPart& part : parts) reading.place_trusted &= part.crop.trusted;
    reading.ink = measure_parts(parts);
    if (page.file.is_born_digital() && reading.ink.fill != Fill::Empty)
        take_typed_text(reading, page, field);
    const auto reader = [&] { return CropReader(joined_writing(parts, field), field.kind, with); };
    if (reading.typed) return read_beside(reading.votes, reader(), field.kind);
    if (may_hold_writing(reading.ink)) reading.votes = reader().read();
    if (!reading.votes.empty() && !reads_as_type(reading.votes, field.kind))
        for (const InkedPart& part : parts)
            if (const cv::Rect writing = writing_box(part.ink); !writing.empty())
                reading.by_hand =
                    std::max(reading.by_hand,
                             written_by_hand(part.crop, writing, with.context.models.handwriting));
}

double margin_of(FieldKind kind) {
    if (is_signature(kind)) return kSignatureMargin_mm;
    return is_ticked(kind) ? kTickMargin_mm : kFieldMargin_mm;
}

}  // namespace

FieldReading read_field(const RegisteredPage& page, const Field& field, const FieldRef& ref,
                        const ReadingContext& context, TextEngines& engines) {
    constexpr int kAroundMark_px = 48, kAround_px = 16;
    FieldReading reading;
    reading.ref = ref;
    FieldCrop crop =
        cut_field(page.scan, page.blank, page.registration, field.place.box, margin_of(field.kind));
    reading.box = place_on_scan(crop, page.registration, page.scan.size());
    reading.place_error_mm = crop.place_error_mm;
    reading.place_trusted = crop.trusted;
    keep_evidence(reading, crop, has_value(field.kind) ? kAround_px : kAroundMark_px);
    if (is_signature(field.kind))
        read_signature(reading, crop, page, field, context.models.signatures);
    else if (is_ticked(field.kind)) read_ticks(reading, crop, page, field);
    else read_value(reading, crop, page, field, {context, engines});
    return reading;
}

}  // namespace avtalskoll::ocr
