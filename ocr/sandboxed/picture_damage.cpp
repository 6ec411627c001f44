#include "ocr/sandboxed/picture_damage.h"

#include <algorithm>
#include <cstdint>
#include <qpdf/Buffer.hh>
#include <qpdf/Pipeline.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>

#include "ocr/sandboxed/jpeg_decoder.h"
#include "ocr/sandboxed/picture_codec.h"

namespace avtalskoll::ocr {
namespace {

using Object = QPDFObjectHandle;

// Rows at the foot may go: a picture's last rows are often a byte or two short, and nothing stands
// there.
constexpr double kWhole = 0.98;

// Reads numbers with the most significant byte first; beyond the end there is no number.
class Bytes {
public:
    explicit Bytes(std::string_view bytes, std::size_t at = 0) : bytes_(bytes), at_(at) {}
    std::optional<std::uint32_t> number(std::size_t size) {
        if (size > bytes_.size() - std::min(at_, bytes_.size())) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value = value << 8 | static_cast<std::uint8_t>(bytes_[at_++]);
        return value;
    }
    bool skip(std::size_t count) {
        if (count > bytes_.size() - std::min(at_, bytes_.size())) return false;
        at_ += count;
        return true;
    }
    bool at_end() const { return at_ >= bytes_.size(); }
    std::size_t at() const { return at_; }

private:
    std::string_view bytes_;
    std::size_t at_;
};

// Counts what comes, and keeps nothing.
class Counter : public Pipeline {
public:
    Counter() : Pipeline("counter", nullptr) {}
    void write(unsigned char const*, size_t length) override { count_ += length; }
    void finish() override {}
    std::size_t count() const { return count_; }

private:
    std::size_t count_ = 0;
};

std::string raw_bytes(Object stream) {
    const auto buffer = stream.getRawStreamData();
    return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

Object single(Object one_or_list) {
    return one_or_list.isArray() && one_or_list.getArrayNItems() == 1 ? one_or_list.getArrayItem(0)
                                                                      : one_or_list;
}

int number_in(Object dictionary, const char* key, int otherwise) {
    return dictionary.isDictionary() && dictionary.getKey(key).isInteger()
               ? static_cast<int>(dictionary.getKey(key).getIntValue())
               : otherwise;
}

// Lines of group 3 end with a mark of eleven zeros and a one. Where marks are used, each missing
// line lacks its mark.
bool fax3_is_cut(const std::string& bytes, int rows) {
    int zeros = 0, marks = 0;
    for (const char c : bytes)
        for (int bit = 7; bit >= 0; --bit) {
            const bool one = ((static_cast<unsigned char>(c) >> bit) & 1) != 0;
            if (one && zeros >= 11) ++marks;
            zeros = one ? 0 : zeros + 1;
        }
    return marks > 2 && marks < kWhole * rows;
}

bool fax_is_cut(Object stream, Object parameters, PictureSize size) {
    const int k = number_in(parameters, "/K", 0);
    if (k >= 0) return fax3_is_cut(raw_bytes(stream), size.height);
    const bool aligned = Object(parameters).getKey("/EncodedByteAlign").isBool() &&
                         Object(parameters).getKey("/EncodedByteAlign").getBoolValue();
    if (aligned || number_in(parameters, "/Columns", 1728) != size.width) return false;
    return whole_fax(raw_bytes(stream), size) < kWhole;
}

int components_of(Object space) {
    if (space.isName()) {
        if (space.getName() == "/DeviceRGB") return 3;
        return space.getName() == "/DeviceCMYK" ? 4 : 1;
    }
    if (!space.isArray() || space.getArrayNItems() < 2 || !space.getArrayItem(1).isStream())
        return 1;
    return std::max(1, number_in(space.getArrayItem(1).getDict(), "/N", 1));
}

// The fewest bytes that the picture's samples take, once unpacked.
double least_bytes(Object dictionary, PictureSize size) {
    const bool stencil =
        dictionary.getKey("/ImageMask").isBool() && dictionary.getKey("/ImageMask").getBoolValue();
    const int bits = stencil ? 1 : std::max(1, number_in(dictionary, "/BitsPerComponent", 1));
    const int components = stencil ? 1 : components_of(dictionary.getKey("/ColorSpace"));
    return kWhole * size.height * (double(size.width) * bits * components / 8);
}

bool samples_are_cut(Object stream, PictureSize size) {
    Counter counter;
    bool decoded = false;
    stream.pipeStreamData(&counter, &decoded, 0, qpdf_dl_specialized, true);
    return decoded && static_cast<double>(counter.count()) < least_bytes(stream.getDict(), size);
}

}  // namespace

bool breaks_off(Object picture) try {
    Object dictionary = picture.getDict();
    const PictureSize size{number_in(dictionary, "/Width", 0), number_in(dictionary, "/Height", 0)};
    constexpr double kMostPixels = 160e6;  // larger ones are left to the limits of drawing
    if (size.width <= 0 || size.height <= 0 || double(size.width) * size.height > kMostPixels)
        return false;
    Object filter = single(dictionary.getKey("/Filter")),
           parameters = single(dictionary.getKey("/DecodeParms"));
    const std::string name = filter.isName() ? filter.getName() : "";
    if (name == "/DCTDecode" || name == "/DCT")
        return decode_jpeg(raw_bytes(picture), 1).whole < kWhole;
    if (name == "/CCITTFaxDecode" || name == "/CCF") return fax_is_cut(picture, parameters, size);
    if (name == "/JBIG2Decode") return jbig2_is_cut(raw_bytes(picture));
    if (name == "/JPXDecode") {
        const auto facts = jpeg2000_facts(raw_bytes(picture));
        return !facts || facts->cut;
    }
    return samples_are_cut(picture, size);
} catch (const std::exception&) {
    return true;
}

bool jbig2_is_cut(std::string_view bytes) {
    Bytes in(bytes);
    while (!in.at_end()) {
        const auto number = in.number(4), flags = in.number(1), referred = in.number(1);
        if (!number || !flags || !referred) return true;
        std::uint32_t count = *referred >> 5;
        if (count == 7) {  // the long form: 29 bits, then a bit for each
            const auto rest = in.number(3);
            if (!rest) return true;
            count = (*referred & 0x1F) << 24 | *rest;
            if (!in.skip((count + 8) / 8)) return true;
        }
        std::size_t name_bytes = 1;
        if (*number > 256) name_bytes = *number > 65536 ? 4 : 2;
        if (count > bytes.size() || !in.skip(count * name_bytes) ||
            !in.skip((*flags & 0x40) != 0 ? 4 : 1))
            return true;
        const auto length = in.number(4);
        if (!length) return true;
        if (*length == 0xFFFFFFFF) return false;  // as long as it takes
        if (!in.skip(*length)) return true;
    }
    return false;
}

std::optional<Jpeg2000Facts> jpeg2000_facts(std::string_view bytes) {
    constexpr std::string_view kStart("\xFF\x4F\xFF\x51", 4);  // start of codestream, then its size
    const std::size_t start = bytes.find(kStart);
    if (start == std::string_view::npos) return std::nullopt;
    Bytes in(bytes, start + 2);
    Jpeg2000Facts facts;
    for (;;) {
        const std::size_t marker_at = in.at();
        const auto marker = in.number(2);
        if (!marker) {
            facts.cut = true;
            return facts;
        }
        if (*marker == 0xFFD9) return facts;  // the end
        const auto length = in.number(2);
        if (!length || *length < 2) return std::nullopt;
        if (*marker == 0xFF51) {
            in.skip(34);
            facts.components = static_cast<int>(in.number(2).value_or(0));
            in = Bytes(bytes, marker_at + 2 + *length);
        } else if (*marker == 0xFF90) {
            // A part of a tile. Its length counts from the marker; 0: to the end.
            const auto tile = in.number(2), part = in.number(4);
            if (!tile || !part) return std::nullopt;
            if (*part == 0) return facts;
            facts.cut = marker_at + *part > bytes.size();
            if (facts.cut || *part < 12) return facts;
            in = Bytes(bytes, marker_at + *part);
        } else if (!in.skip(*length - 2)) {
            facts.cut = true;
            return facts;
        }
    }
}

}  // namespace avtalskoll::ocr
