#include "ocr/sandboxed/embedded_scan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <set>

#include "ocr/picture/picture_turn.h"
#include "ocr/sandboxed/picture_codec.h"
#include "ocr/sandboxed/picture_stream.h"

namespace avtalskoll::ocr {
namespace {

using Object = QPDFObjectHandle;

// x' = a x + c y + e, y' = b x + d y + f, as PDF's cm has it.
struct Matrix {
    double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;
    Matrix before(const Matrix& m) const {
        return {a * m.a + b * m.c, a * m.b + b * m.d,       c * m.a + d * m.c,
                c * m.b + d * m.d, e * m.a + f * m.c + m.e, e * m.b + f * m.d + m.f};
    }
};

struct Rectangle {
    double left = 0, bottom = 0, right = 0, top = 0;
    double width() const { return right - left; }
    double height() const { return top - bottom; }
};

// Runs a page's content and remembers the one picture on it; `plain` turns false at the first thing
// that shows anything else, or that is not surely understood.
class ContentReader : public Object::ParserCallbacks {
public:
    ContentReader(Object resources, Rectangle page) : resources_(resources), page_(page) {}
    void handleObject(Object object) override {
        if (!object.isOperator()) {
            operands_.push_back(object);
            return;
        }
        plain_ = plain_ && run(object.getOperatorValue());
        operands_.clear();
        if (!plain_) terminateParsing();
    }
    void handleEOF() override {}

    bool is_scan() { return plain_ && picture_.isStream(); }
    Object picture() const { return picture_; }
    Matrix placed() const { return placed_; }

private:
    struct State {
        Matrix to_page;
        int text_mode = 0;
        bool black = true;
    };

    bool run(const std::string& op) {
        static const std::set<std::string> kShowsNothing{
            "w",  "J",  "j",  "M",  "d",  "ri", "i",   "BT",  "ET", "Tf", "Td", "TD", "Tm",
            "T*", "Tc", "Tw", "Tz", "TL", "Ts", "BMC", "EMC", "MP", "DP", "BX", "EX", "n"};
        static const std::set<std::string> kShowsText{"Tj", "TJ", "'", "\""};
        static const std::set<std::string> kStrokeColours{"G", "RG", "K", "CS", "SC", "SCN"};
        static const std::set<std::string> kFillColours{"g", "rg", "k", "cs", "sc", "scn"};
        constexpr int kInvisible = 3;  // a scanner's reading, behind its picture
        if (kShowsNothing.contains(op)) return true;
        if (kShowsText.contains(op)) return state_.text_mode == kInvisible;
        if (kStrokeColours.contains(op)) return true;  // nothing that is stroked is understood
        if (kFillColours.contains(op)) return set_colour(op);
        if (op == "q") stack_.push_back(state_);
        else if (op == "Q") return restore();
        else if (op == "cm") return concatenate();
        else if (op == "Tr") return set_text_mode();
        else if (op == "BDC")
            return !operands_.empty() && operands_[0].isName() &&
                   operands_[0].getName() != "/OC";  // optional content may be hidden
        else if (op == "re") return note_rectangle();
        else if (op == "W" || op == "W*") return clip_covers_page_;
        else if (op == "gs") return is_opaque();
        else if (op == "Do") return show();
        else return false;
        return stack_.size() < 64;
    }

    // Only surely black paint counts: in other colour spaces the numbers do not tell.
    bool set_colour(const std::string& op) {
        const auto is = [&](std::size_t i, double value) {
            return i < operands_.size() && operands_[i].isNumber() &&
                   operands_[i].getNumericValue() == value;
        };
        const bool grey_black = op == "g" && is(0, 0);
        const bool colour_black = op == "rg" && is(0, 0) && is(1, 0) && is(2, 0);
        const bool ink_black = op == "k" && is(3, 1);
        state_.black = grey_black || colour_black || ink_black;
        return true;
    }
    bool restore() {
        if (stack_.empty()) return false;
        state_ = stack_.back();
        stack_.pop_back();
        return true;
    }
    bool numbers(std::size_t count, std::array<double, 6>& out) const {
        if (operands_.size() != count) return false;
        for (std::size_t i = 0; i < count; ++i) {
            Object o = operands_[i];
            if (!o.isNumber()) return false;
            out[i] = o.getNumericValue();
        }
        return true;
    }
    bool concatenate() {
        std::array<double, 6> v{};
        if (!numbers(6, v)) return false;
        state_.to_page = Matrix{v[0], v[1], v[2], v[3], v[4], v[5]}.before(state_.to_page);
        return true;
    }
    bool set_text_mode() {
        std::array<double, 6> v{};
        if (!numbers(1, v)) return false;
        state_.text_mode = static_cast<int>(v[0]);
        return true;
    }
    // A rectangle is only understood as a clip that leaves the whole page.
    bool note_rectangle() {
        std::array<double, 6> v{};
        const Matrix& m = state_.to_page;
        if (!numbers(4, v) || m.b != 0 || m.c != 0) return false;
        const double x0 = m.a * v[0] + m.e, x1 = m.a * (v[0] + v[2]) + m.e, y0 = m.d * v[1] + m.f,
                     y1 = m.d * (v[1] + v[3]) + m.f;
        constexpr double kSlack_pt = 1;
        clip_covers_page_ = std::min(x0, x1) < page_.left + kSlack_pt &&
                            std::max(x0, x1) > page_.right - kSlack_pt &&
                            std::min(y0, y1) < page_.bottom + kSlack_pt &&
                            std::max(y0, y1) > page_.top - kSlack_pt;
        return true;
    }
    // The resource of a kind that the one operand names; null when there is none.
    Object resource(const char* kind) {
        if (operands_.size() != 1 || !operands_[0].isName() || !resources_.isDictionary() ||
            !resources_.getKey(kind).isDictionary())
            return Object::newNull();
        return resources_.getKey(kind).getKey(operands_[0].getName());
    }
    // True when a graphics state changes nothing in what is painted.
    bool is_opaque() {
        Object state = resource("/ExtGState");
        if (!state.isDictionary()) return false;
        const auto is_one = [&](const char* key) {
            return !state.hasKey(key) ||
                   (state.getKey(key).isNumber() && state.getKey(key).getNumericValue() == 1);
        };
        const auto is_name = [&](const char* key, const char* name) {
            return !state.hasKey(key) || state.getKey(key).isNameAndEquals(name);
        };
        const bool transfers = state.hasKey("/TR") || state.hasKey("/TR2") || state.hasKey("/HT");
        return is_one("/CA") && is_one("/ca") && is_name("/BM", "/Normal") &&
               is_name("/SMask", "/None") && !transfers;
    }
    bool show() {
        Object picture = resource("/XObject");
        if (picture_.isStream() || !picture.isStream()) return false;
        Object dictionary = picture.getDict();
        const bool is_picture = dictionary.getKey("/Subtype").isNameAndEquals("/Image");
        for (const char* key : {"/SMask", "/Mask", "/OC", "/SMaskInData"})
            if (dictionary.hasKey(key)) return false;
        const Object stencil = dictionary.getKey("/ImageMask");
        if (Object(stencil).isBool() && Object(stencil).getBoolValue() && !state_.black)
            return false;
        picture_ = picture;
        placed_ = state_.to_page;
        return is_picture;
    }

    Object resources_;
    Rectangle page_;
    std::vector<Object> operands_;
    std::vector<State> stack_;
    State state_;
    Object picture_ = Object::newNull();
    Matrix placed_;
    bool plain_ = true;
    bool clip_covers_page_ = false;
};

// The part of the picture that lies on the page, white where the page has none of it. `scale`:
// pixels a point.
GreyPicture cut_to_page(const GreyPicture& picture, const Rectangle& page, const Rectangle& placed,
                        double scale_x, double scale_y) {
    const auto px = [](double v) { return static_cast<int>(std::lround(v)); };
    const int left = px((page.left - placed.left) * scale_x),
              top = px((placed.top - page.top) * scale_y);
    const int width = px(page.width() * scale_x), height = px(page.height() * scale_y);
    constexpr int kRounding_px = 2;
    if (std::abs(left) <= kRounding_px && std::abs(top) <= kRounding_px &&
        std::abs(width - picture.width) <= kRounding_px &&
        std::abs(height - picture.height) <= kRounding_px)
        return picture;
    GreyPicture cut{width, height,
                    std::vector<std::uint8_t>(
                        static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 255)};
    const int from = std::max(0, left), to = std::min(picture.width, left + width);
    for (int y = std::max(0, top); y < std::min(picture.height, top + height) && from < to; ++y)
        std::copy_n(
            picture.grey.begin() + static_cast<std::ptrdiff_t>(y) * picture.width + from, to - from,
            cut.grey.begin() + static_cast<std::ptrdiff_t>(y - top) * width + (from - left));
    return cut;
}

// The page's content; nullopt when it cannot be read.
std::optional<ContentReader> read_content(QPDFPageObjectHelper& page, Rectangle& shown) {
    PageFrame frame;
    if (!PageFrame::of(page, frame)) return std::nullopt;
    shown = {frame.left, frame.bottom, frame.left + frame.width, frame.bottom + frame.height};
    std::optional<ContentReader> content(std::in_place, page.getAttribute("/Resources", false),
                                         shown);
    page.getObjectHandle().parsePageContents(&*content);
    return content;
}

bool shows_more_than_content(QPDFPageObjectHelper& page) {
    Object object = page.getObjectHandle();
    Object annotations = object.getKey("/Annots");
    return object.hasKey("/UserUnit") ||
           (annotations.isArray() && annotations.getArrayNItems() > 0);
}

PictureSize size_of(Object stream) {
    return {static_cast<int>(whole_number(stream.getDict(), "/Width", 0)),
            static_cast<int>(whole_number(stream.getDict(), "/Height", 0))};
}

// How densely the picture's dots lie on the page; nullopt when it does not lie there upright, in
// its own shape and over most of the page, or is too large.
std::optional<double> dots_an_inch(PictureSize size, const Matrix& placed, const Rectangle& shown,
                                   double most_pixels) {
    constexpr double kSquare = 0.02, kCovers = 0.5;
    if (placed.b != 0 || placed.c != 0 || placed.a <= 0 || placed.d <= 0) return std::nullopt;
    if (size.width <= 0 || size.height <= 0 || double(size.width) * size.height > most_pixels)
        return std::nullopt;
    const double across = 72 * size.width / placed.a, down = 72 * size.height / placed.d;
    if (std::abs(across / down - 1) > kSquare) return std::nullopt;
    const double page_pt2 = shown.width() * shown.height();
    if (placed.a * placed.d < kCovers * page_pt2) return std::nullopt;
    if (page_pt2 * across * down / (72 * 72) > most_pixels) return std::nullopt;
    return across;
}

// Degrees, 0 to 270; nullopt when it is no quarter turn.
std::optional<int> rotation_of(QPDFPageObjectHelper& page) {
    Object rotate = page.getAttribute("/Rotate", false);
    if (!rotate.isInteger()) return 0;
    const auto clockwise = static_cast<int>(((rotate.getIntValue() % 360) + 360) % 360);
    return clockwise % 90 == 0 ? std::optional(clockwise) : std::nullopt;
}

}  // namespace

EmbeddedScans::EmbeddedScans(const PdfStructure& pdf) : pdf_(pdf) {}

int EmbeddedScans::page_count() const {
    return pdf_.is_sound() ? static_cast<int>(pdf_.pages().size()) : 0;
}

bool EmbeddedScans::is_picture(int index) const try {
    Rectangle shown{};
    auto content = read_content(pdf_.pages().at(static_cast<std::size_t>(index)), shown);
    return content && content->is_scan();
} catch (const std::exception&) {
    return false;
}

std::optional<EmbeddedScans::Page> EmbeddedScans::page(int index, double dpi,
                                                       double most_pixels) const try {
    QPDFPageObjectHelper& page = pdf_.pages().at(static_cast<std::size_t>(index));
    if (shows_more_than_content(page)) return std::nullopt;
    Rectangle shown{};
    auto content = read_content(page, shown);
    if (!content || !content->is_scan()) return std::nullopt;
    const Matrix placed = content->placed();
    Object stream = content->picture();
    const PictureSize size = size_of(stream);
    const auto across = dots_an_inch(size, placed, shown, most_pixels);
    const auto clockwise = rotation_of(page);
    if (!across || !clockwise) return std::nullopt;
    const auto eighths = static_cast<unsigned>(std::clamp(std::ceil(8 * dpi / *across), 1.0, 8.0));
    const auto picture = unpack_picture(stream, size, eighths);
    if (!picture) return std::nullopt;
    const double shrunk = double(picture->width) / size.width;
    const Rectangle on{placed.e, placed.f, placed.e + placed.a, placed.f + placed.d};
    const GreyPicture cut =
        cut_to_page(*picture, shown, on, picture->width / placed.a, picture->height / placed.d);
    Page result{turned(cut, *clockwise), *across * shrunk, shown.width(), shown.height()};
    if (*clockwise % 180 != 0) std::swap(result.width_pt, result.height_pt);
    return result;
} catch (const std::exception&) {
    return std::nullopt;
}

}  // namespace avtalskoll::ocr
