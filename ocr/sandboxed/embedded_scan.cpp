#include "ocr/sandboxed/embedded_scan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <qpdf/Buffer.hh>
#include <qpdf/Pipeline.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <set>
#include <stdexcept>

#include "ocr/sandboxed/picture_codec.h"
#include "ocr/sandboxed/picture_damage.h"

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
        constexpr int kInvisible = 3;  // what a scanner read, behind its picture
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

    // Only what is surely black counts: of other colour spaces' numbers it cannot be told.
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
    // Whether a graphics state leaves what is painted as it is.
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

// Gathers at most so many bytes: a small stream may unpack to gigabytes.
class Bounded : public Pipeline {
public:
    explicit Bounded(std::size_t most) : Pipeline("bounded", nullptr), most_(most) {}
    void write(unsigned char const* data, size_t length) override {
        if (length > most_ - bytes_.size()) throw std::length_error("larger than its picture");
        bytes_.append(reinterpret_cast<const char*>(data), length);
    }
    void finish() override {}
    const std::string& bytes() const { return bytes_; }

private:
    std::size_t most_;
    std::string bytes_;
};

std::string raw_bytes(Object stream) {
    const auto buffer = stream.getRawStreamData();
    return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

// 1 grey, 3 colours, 0 something else.
int components_of(Object space) {
    if (space.isName())
        return space.getName() == "/DeviceGray" || space.getName() == "/G" ? 1
               : space.getName() == "/DeviceRGB"                           ? 3
                                                                           : 0;
    if (!space.isArray() || space.getArrayNItems() < 2 || !space.getArrayItem(0).isName()) return 0;
    const std::string kind = space.getArrayItem(0).getName();
    if (kind == "/CalGray") return 1;
    if (kind == "/CalRGB") return 3;
    Object profile = space.getArrayItem(1);
    if (kind != "/ICCBased" || !profile.isStream() || !profile.getDict().getKey("/N").isInteger())
        return 0;
    const auto n = profile.getDict().getKey("/N").getIntValue();
    return n == 1 || n == 3 ? static_cast<int>(n) : 0;
}

// Whether the samples are as usual, or turned round; nullopt: neither.
std::optional<bool> is_inverted(Object dictionary) {
    Object decode = dictionary.getKey("/Decode");
    if (decode.isNull()) return false;
    if (!decode.isArray() || decode.getArrayNItems() < 2 || decode.getArrayNItems() % 2 != 0)
        return std::nullopt;
    std::set<std::pair<double, double>> pairs;
    for (int i = 0; i + 1 < decode.getArrayNItems(); i += 2) {
        if (!decode.getArrayItem(i).isNumber() || !decode.getArrayItem(i + 1).isNumber())
            return std::nullopt;
        pairs.emplace(decode.getArrayItem(i).getNumericValue(),
                      decode.getArrayItem(i + 1).getNumericValue());
    }
    if (pairs == std::set<std::pair<double, double>>{{0, 1}}) return false;
    if (pairs == std::set<std::pair<double, double>>{{1, 0}}) return true;
    return std::nullopt;
}

Object single(Object one_or_list) {
    return one_or_list.isArray() && one_or_list.getArrayNItems() == 1 ? one_or_list.getArrayItem(0)
                                                                      : one_or_list;
}

long long whole_number(Object dictionary, const char* key, long long otherwise) {
    return dictionary.isDictionary() && dictionary.getKey(key).isInteger()
               ? dictionary.getKey(key).getIntValue()
               : otherwise;
}
bool truth(Object dictionary, const char* key) {
    return dictionary.isDictionary() && dictionary.getKey(key).isBool() &&
           dictionary.getKey(key).getBoolValue();
}

std::optional<GreyPicture> unpack(Object stream, PictureSize size, unsigned eighths) {
    Object dictionary = stream.getDict();
    const Object filter = single(dictionary.getKey("/Filter")),
                 parameters = single(dictionary.getKey("/DecodeParms"));
    const std::string name = Object(filter).isName()   ? Object(filter).getName()
                             : Object(filter).isNull() ? "none"
                                                       : "several";
    const bool stencil = truth(dictionary, "/ImageMask");
    const auto bits = stencil ? 1 : whole_number(dictionary, "/BitsPerComponent", 0);
    if (name == "/JPXDecode") {
        const std::string bytes = raw_bytes(stream);
        const auto facts = jpeg2000_facts(bytes);
        const bool plain =
            facts && !facts->cut && (facts->components == 1 || facts->components == 3);
        return plain ? unpack_jpeg2000(bytes, size) : std::nullopt;
    }
    const int components = stencil ? 1 : components_of(dictionary.getKey("/ColorSpace"));
    if (components == 0) return std::nullopt;
    if (name == "/DCTDecode")
        return Object(parameters).isNull() ? unpack_jpeg(raw_bytes(stream), size, eighths)
                                           : std::nullopt;
    if (name == "/CCITTFaxDecode") {
        const bool known = bits == 1 && components == 1 && whole_number(parameters, "/K", 0) < 0 &&
                           !truth(parameters, "/EncodedByteAlign") &&
                           whole_number(parameters, "/Columns", 1728) == size.width;
        return known ? unpack_fax(raw_bytes(stream), size, truth(parameters, "/BlackIs1"))
                     : std::nullopt;
    }
    if (name == "/JBIG2Decode") {
        Object globals = Object(parameters).isDictionary()
                             ? Object(parameters).getKey("/JBIG2Globals")
                             : Object::newNull();
        if (bits != 1 || components != 1) return std::nullopt;
        if (!globals.isStream()) return unpack_jbig2(raw_bytes(stream), {}, size);
        Bounded shared(std::size_t{16} << 20);
        return globals.pipeStreamData(&shared, 0, qpdf_dl_generalized, true)
                   ? unpack_jbig2(raw_bytes(stream), shared.bytes(), size)
                   : std::nullopt;
    }
    if (name != "none" && name != "/FlateDecode" && name != "/LZWDecode" &&
        name != "/RunLengthDecode")
        return std::nullopt;
    if (bits != 8 && !(bits == 1 && components == 1)) return std::nullopt;
    Bounded pixels(
        static_cast<std::size_t>(size.height) *
            (static_cast<std::size_t>(size.width) * static_cast<std::size_t>(components) + 1) +
        1024);
    return stream.pipeStreamData(&pixels, 0, qpdf_dl_specialized, true)
               ? unpack_raw(pixels.bytes(), size, components, static_cast<int>(bits))
               : std::nullopt;
}

GreyPicture turned(const GreyPicture& from, int clockwise) {
    if (clockwise == 0) return from;
    const bool on_side = clockwise != 180;
    GreyPicture to{on_side ? from.height : from.width, on_side ? from.width : from.height,
                   std::vector<std::uint8_t>(from.grey.size())};
    const auto w = static_cast<std::ptrdiff_t>(to.width);
    std::size_t at = 0;
    for (std::ptrdiff_t y = 0; y < from.height; ++y)
        for (std::ptrdiff_t x = 0; x < from.width; ++x, ++at) {
            const std::ptrdiff_t where = clockwise == 90    ? x * w + (w - 1 - y)
                                         : clockwise == 180 ? (to.height - 1 - y) * w + (w - 1 - x)
                                                            : (to.height - 1 - x) * w + y;
            to.grey[static_cast<std::size_t>(where)] = from.grey[at];
        }
    return to;
}

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

}  // namespace

EmbeddedScans::EmbeddedScans(const PdfStructure& pdf) : pdf_(pdf) {}

int EmbeddedScans::page_count() const {
    return pdf_.is_sound() ? static_cast<int>(pdf_.pages().size()) : 0;
}

namespace {

// What a page's content shows; nullopt when it cannot be told.
std::optional<ContentReader> read_content(QPDFPageObjectHelper& page, Rectangle& shown) {
    PageFrame frame;
    if (!PageFrame::of(page, frame)) return std::nullopt;
    shown = {frame.left, frame.bottom, frame.left + frame.width, frame.bottom + frame.height};
    std::optional<ContentReader> content(std::in_place, page.getAttribute("/Resources", false),
                                         shown);
    page.getObjectHandle().parsePageContents(&*content);
    return content;
}

}  // namespace

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
    Object object = page.getObjectHandle();
    Object annotations = object.getKey("/Annots");
    if (object.hasKey("/UserUnit") || (annotations.isArray() && annotations.getArrayNItems() > 0))
        return std::nullopt;
    Rectangle shown{};
    auto content = read_content(page, shown);
    if (!content) return std::nullopt;
    const Matrix placed = content->placed();
    if (!content->is_scan() || placed.b != 0 || placed.c != 0 || placed.a <= 0 || placed.d <= 0)
        return std::nullopt;
    Object stream = content->picture();
    const PictureSize size{static_cast<int>(whole_number(stream.getDict(), "/Width", 0)),
                           static_cast<int>(whole_number(stream.getDict(), "/Height", 0))};
    if (size.width <= 0 || size.height <= 0 || double(size.width) * size.height > most_pixels)
        return std::nullopt;

    constexpr double kSquare = 0.02, kCovers = 0.5;
    const double across = 72 * size.width / placed.a,
                 down = 72 * size.height / placed.d;  // dots an inch
    if (std::abs(across / down - 1) > kSquare ||
        placed.a * placed.d < kCovers * shown.width() * shown.height())
        return std::nullopt;
    if (shown.width() * shown.height() * across * down / (72 * 72) > most_pixels)
        return std::nullopt;
    const auto eighths = static_cast<unsigned>(std::clamp(std::ceil(8 * dpi / across), 1.0, 8.0));
    const auto inverted = is_inverted(stream.getDict());
    auto picture = inverted ? unpack(stream, size, eighths) : std::nullopt;
    if (!picture) return std::nullopt;
    if (*inverted)
        for (std::uint8_t& v : picture->grey) v = static_cast<std::uint8_t>(255 - v);
    const double shrunk = double(picture->width) / size.width;
    const Rectangle on{placed.e, placed.f, placed.e + placed.a, placed.f + placed.d};
    *picture =
        cut_to_page(*picture, shown, on, picture->width / placed.a, picture->height / placed.d);
    Object rotate = page.getAttribute("/Rotate", false);
    const int clockwise =
        rotate.isInteger() ? static_cast<int>(((rotate.getIntValue() % 360) + 360) % 360) : 0;
    if (clockwise % 90 != 0) return std::nullopt;
    Page result{turned(*picture, clockwise), across * shrunk, shown.width(), shown.height()};
    if (clockwise % 180 != 0) std::swap(result.width_pt, result.height_pt);
    return result;
} catch (const std::exception&) {
    return std::nullopt;
}

}  // namespace avtalskoll::ocr
