#include "ocr/sandboxed/picture_stream.h"

#include <qpdf/Buffer.hh>
#include <qpdf/Pipeline.hh>
#include <set>
#include <stdexcept>
#include <string>

#include "ocr/sandboxed/picture_damage.h"

namespace avtalskoll::ocr {
namespace {

using Object = QPDFObjectHandle;

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
    if (space.isName()) {
        if (space.getName() == "/DeviceGray" || space.getName() == "/G") return 1;
        return space.getName() == "/DeviceRGB" ? 3 : 0;
    }
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

// False: the samples are as usual; true: turned round; nullopt: neither.
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

bool truth(Object dictionary, const char* key) {
    return dictionary.isDictionary() && dictionary.getKey(key).isBool() &&
           dictionary.getKey(key).getBoolValue();
}

// One picture's stream and what its dictionary says of it.
class PictureStream {
public:
    PictureStream(Object stream, PictureSize size)
        : stream_(stream),
          dictionary_(stream.getDict()),
          parameters_(single(dictionary_.getKey("/DecodeParms"))),
          size_(size),
          stencil_(truth(dictionary_, "/ImageMask")),
          bits_(stencil_ ? 1 : whole_number(dictionary_, "/BitsPerComponent", 0)) {}

    std::optional<GreyPicture> unpack(unsigned eighths) {
        const std::string filter = filter_name();
        if (filter == "/JPXDecode") return unpack_jpx();
        components_ = stencil_ ? 1 : components_of(dictionary_.getKey("/ColorSpace"));
        if (components_ == 0) return std::nullopt;
        if (filter == "/DCTDecode") {
            if (!parameters_.isNull()) return std::nullopt;
            return unpack_jpeg(raw_bytes(stream_), size_, eighths);
        }
        if (filter == "/CCITTFaxDecode") return unpack_ccitt();
        if (filter == "/JBIG2Decode") return unpack_jbig2_stream();
        static const std::set<std::string> kLossless{"none", "/FlateDecode", "/LZWDecode",
                                                     "/RunLengthDecode"};
        return kLossless.contains(filter) ? unpack_samples() : std::nullopt;
    }

private:
    std::string filter_name() {
        Object filter = single(dictionary_.getKey("/Filter"));
        if (filter.isName()) return filter.getName();
        return filter.isNull() ? "none" : "several";
    }

    bool is_two_toned() const { return bits_ == 1 && components_ == 1; }

    std::optional<GreyPicture> unpack_jpx() {
        const std::string bytes = raw_bytes(stream_);
        const auto facts = jpeg2000_facts(bytes);
        const bool plain =
            facts && !facts->cut && (facts->components == 1 || facts->components == 3);
        return plain ? unpack_jpeg2000(bytes, size_) : std::nullopt;
    }

    std::optional<GreyPicture> unpack_ccitt() {
        constexpr long long kUsualColumns = 1728;  // ISO 32000-1, table 11
        const bool known = is_two_toned() && whole_number(parameters_, "/K", 0) < 0 &&
                           !truth(parameters_, "/EncodedByteAlign") &&
                           whole_number(parameters_, "/Columns", kUsualColumns) == size_.width;
        if (!known) return std::nullopt;
        return unpack_fax(raw_bytes(stream_), size_, truth(parameters_, "/BlackIs1"));
    }

    std::optional<GreyPicture> unpack_jbig2_stream() {
        constexpr std::size_t kMostShared = std::size_t{16} << 20;
        if (!is_two_toned()) return std::nullopt;
        Object globals =
            parameters_.isDictionary() ? parameters_.getKey("/JBIG2Globals") : Object::newNull();
        if (!globals.isStream()) return unpack_jbig2(raw_bytes(stream_), {}, size_);
        Bounded shared(kMostShared);
        if (!globals.pipeStreamData(&shared, 0, qpdf_dl_generalized, true)) return std::nullopt;
        return unpack_jbig2(raw_bytes(stream_), shared.bytes(), size_);
    }

    std::optional<GreyPicture> unpack_samples() {
        if (bits_ != 8 && !is_two_toned()) return std::nullopt;
        const std::size_t row =
            static_cast<std::size_t>(size_.width) * static_cast<std::size_t>(components_) + 1;
        Bounded pixels(static_cast<std::size_t>(size_.height) * row + 1024);
        if (!stream_.pipeStreamData(&pixels, 0, qpdf_dl_specialized, true)) return std::nullopt;
        return unpack_raw(pixels.bytes(), size_, components_, static_cast<int>(bits_));
    }

    Object stream_, dictionary_, parameters_;
    PictureSize size_;
    bool stencil_;
    long long bits_;
    int components_ = 0;
};

std::optional<GreyPicture> as_shown(std::optional<GreyPicture> picture, bool inverted) {
    if (picture && inverted)
        for (std::uint8_t& v : picture->grey) v = static_cast<std::uint8_t>(255 - v);
    return picture;
}

}  // namespace

long long whole_number(Object dictionary, const char* key, long long otherwise) {
    return dictionary.isDictionary() && dictionary.getKey(key).isInteger()
               ? dictionary.getKey(key).getIntValue()
               : otherwise;
}
std::optional<GreyPicture> unpack_picture(QPDFObjectHandle stream, PictureSize size,
                                          unsigned eighths) {
    const auto inverted = is_inverted(stream.getDict());
    if (!inverted) return std::nullopt;
    return as_shown(PictureStream(stream, size).unpack(eighths), *inverted);
}

}  // namespace avtalskoll::ocr
