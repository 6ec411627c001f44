#include "ocr/sandboxed/picture_codec.h"

#include <array>
#include <cstring>
#include <memory>

// After the standard headers: these want their names declared before.
#include <leptonica/allheaders.h>
#include <tiffio.h>

#include <jbig2.h>

#include "ocr/sandboxed/jpeg_decoder.h"

namespace avtalskoll::ocr {
namespace {

GreyPicture blank_picture(PictureSize size) {
    return {size.width, size.height,
            std::vector<std::uint8_t>(static_cast<std::size_t>(size.width) *
                                      static_cast<std::size_t>(size.height))};
}

std::uint8_t* row_of(GreyPicture& picture, int y) {
    return picture.grey.data() + static_cast<std::ptrdiff_t>(y) * picture.width;
}

// One bit a pixel, the first in the highest bit, to 8. `one`: the grey of a set bit.
void spread_bits(const std::uint8_t* bits, int width, std::uint8_t one, std::uint8_t* out) {
    const auto zero = static_cast<std::uint8_t>(255 - one);
    for (int x = 0; x < width; ++x) out[x] = bits[x >> 3] & (0x80 >> (x & 7)) ? one : zero;
}

// A TIFF file around the strip: libtiff's is the best-tried decoder of fax data.
struct FaxFile {
    std::string_view strip;
    std::array<std::uint8_t, 8 + 2 + 9 * 12 + 4> header{};
    toff_t at = 0;

    FaxFile(std::string_view data, PictureSize size) : strip(data) {
        std::size_t put = 0;
        const auto put16 = [&](unsigned v) {
            header[put++] = static_cast<std::uint8_t>(v),
            header[put++] = static_cast<std::uint8_t>(v >> 8);
        };
        const auto put32 = [&](unsigned v) { put16(v & 0xFFFF), put16(v >> 16); };
        const auto tag = [&](unsigned id, unsigned value) {
            put16(id), put16(4), put32(1), put32(value);
        };
        put16(0x4949), put16(42), put32(8), put16(9);
        tag(TIFFTAG_IMAGEWIDTH, static_cast<unsigned>(size.width));
        tag(TIFFTAG_IMAGELENGTH, static_cast<unsigned>(size.height));
        tag(TIFFTAG_BITSPERSAMPLE, 1);
        tag(TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
        tag(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
        tag(TIFFTAG_STRIPOFFSETS, static_cast<unsigned>(header.size()));
        tag(TIFFTAG_SAMPLESPERPIXEL, 1);
        tag(TIFFTAG_ROWSPERSTRIP, static_cast<unsigned>(size.height));
        tag(TIFFTAG_STRIPBYTECOUNTS, static_cast<unsigned>(data.size()));
        put32(0);
    }
    toff_t size() const { return header.size() + strip.size(); }
    toff_t seek(toff_t to, int whence) {
        toff_t from = 0;
        if (whence == SEEK_CUR) from = at;
        if (whence == SEEK_END) from = size();
        at = to + from;
        return at;
    }
    tsize_t read(void* into, tsize_t bytes) {
        tsize_t done = 0;
        for (auto* out = static_cast<std::uint8_t*>(into); done < bytes && at < size();
             ++at, ++done)
            out[done] = at < header.size() ? header[at]
                                           : static_cast<std::uint8_t>(strip[at - header.size()]);
        return done;
    }
};

int fax_faults = 0;

TIFF* open_fax(FaxFile& file) {
    TIFFSetErrorHandler([](const char*, const char*, va_list) { ++fax_faults; });
    TIFFSetWarningHandler([](const char*, const char*, va_list) { ++fax_faults; });
    return TIFFClientOpen(
        "fax", "rm", &file,
        [](thandle_t f, tdata_t into, tsize_t bytes) {
            return static_cast<FaxFile*>(f)->read(into, bytes);
        },
        [](thandle_t, tdata_t, tsize_t) -> tsize_t { return 0; },
        [](thandle_t f, toff_t to, int whence) {
            return static_cast<FaxFile*>(f)->seek(to, whence);
        },
        [](thandle_t) { return 0; }, [](thandle_t f) { return static_cast<FaxFile*>(f)->size(); },
        [](thandle_t, tdata_t*, toff_t*) { return 0; }, [](thandle_t, tdata_t, toff_t) {});
}

// Fills `picture` and gives the number of rows that came before the first fault.
int fax_rows(std::string_view bytes, bool black_is_one, GreyPicture& picture) {
    FaxFile file(bytes, {picture.width, picture.height});
    fax_faults = 0;
    TIFF* tiff = open_fax(file);
    if (!tiff) return 0;
    std::vector<std::uint8_t> row(static_cast<std::size_t>(TIFFScanlineSize(tiff)));
    int good = 0;
    for (int y = 0; y < picture.height && fax_faults == 0; ++y) {
        if (TIFFReadScanline(tiff, row.data(), static_cast<std::uint32_t>(y)) < 0) ++fax_faults;
        // In the TIFF a set bit is black.
        spread_bits(row.data(), picture.width, black_is_one ? 255 : 0, row_of(picture, y));
        if (fax_faults == 0) good = y + 1;
    }
    TIFFClose(tiff);
    return good;
}

struct JbigDeleter {
    void operator()(Jbig2Ctx* context) const { jbig2_ctx_free(context); }
};
using JbigPtr = std::unique_ptr<Jbig2Ctx, JbigDeleter>;

JbigPtr open_jbig2(Jbig2GlobalCtx* globals, bool* failed) {
    const auto note = [](void* fault, const char*, Jbig2Severity severity, std::uint32_t) {
        if (severity >= JBIG2_SEVERITY_WARNING) *static_cast<bool*>(fault) = true;
    };
    return JbigPtr(jbig2_ctx_new(nullptr, JBIG2_OPTIONS_EMBEDDED, globals, note, failed));
}

bool feed(Jbig2Ctx* context, std::string_view bytes) {
    return jbig2_data_in(context, reinterpret_cast<const unsigned char*>(bytes.data()),
                         bytes.size()) >= 0;
}

}  // namespace

std::optional<GreyPicture> unpack_jpeg(std::string_view bytes, PictureSize size, unsigned eighths) {
    const auto stored = jpeg_size(bytes);
    if (!stored || stored->width != size.width || stored->height != size.height)
        return std::nullopt;
    JpegPicture decoded = decode_jpeg(bytes, eighths);
    return decoded.whole == 1 ? std::optional(std::move(decoded.picture)) : std::nullopt;
}

double whole_fax(std::string_view bytes, PictureSize size) {
    GreyPicture picture = blank_picture(size);
    return double(fax_rows(bytes, false, picture)) / size.height;
}

std::optional<GreyPicture> unpack_fax(std::string_view bytes, PictureSize size, bool black_is_one) {
    GreyPicture picture = blank_picture(size);
    return fax_rows(bytes, black_is_one, picture) == size.height ? std::optional(std::move(picture))
                                                                 : std::nullopt;
}

std::optional<GreyPicture> unpack_jbig2(std::string_view bytes, std::string_view globals,
                                        PictureSize size) {
    bool failed = false;
    Jbig2GlobalCtx* shared = nullptr;
    if (!globals.empty()) {
        JbigPtr context = open_jbig2(nullptr, &failed);
        if (!context || !feed(context.get(), globals)) return std::nullopt;
        shared = jbig2_make_global_ctx(context.release());
    }
    std::optional<GreyPicture> picture;
    if (const JbigPtr context = open_jbig2(shared, &failed);
        context && feed(context.get(), bytes) && jbig2_complete_page(context.get()) >= 0) {
        Jbig2Image* page = jbig2_page_out(context.get());
        if (page && !failed && static_cast<int>(page->width) == size.width &&
            static_cast<int>(page->height) == size.height) {
            picture = blank_picture(size);
            for (int y = 0; y < size.height; ++y)
                spread_bits(page->data + static_cast<std::ptrdiff_t>(y) * page->stride, size.width,
                            0, row_of(*picture, y));
        }
        if (page) jbig2_release_page(context.get(), page);
    }
    if (shared) jbig2_global_ctx_free(shared);
    return picture;
}

std::optional<GreyPicture> unpack_jpeg2000(std::string_view bytes, PictureSize size) {
    Pix* read = pixReadMemJp2k(reinterpret_cast<const l_uint8*>(bytes.data()), bytes.size(), 1,
                               nullptr, 0, 0);
    Pix* grey = read ? pixConvertTo8(read, 0) : nullptr;
    std::optional<GreyPicture> picture;
    if (grey && pixGetWidth(grey) == size.width && pixGetHeight(grey) == size.height) {
        picture = blank_picture(size);
        for (int y = 0; y < size.height; ++y) {
            const l_uint32* line =
                pixGetData(grey) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(grey);
            for (int x = 0; x < size.width; ++x)
                row_of(*picture, y)[x] = static_cast<std::uint8_t>(GET_DATA_BYTE(line, x));
        }
    }
    pixDestroy(&grey);
    pixDestroy(&read);
    return picture;
}

std::optional<GreyPicture> unpack_raw(std::string_view bytes, PictureSize size, int components,
                                      int bits) {
    const std::size_t stride =
        (static_cast<std::size_t>(size.width) * static_cast<std::size_t>(components * bits) + 7) /
        8;
    if (bytes.size() < stride * static_cast<std::size_t>(size.height)) return std::nullopt;
    GreyPicture picture = blank_picture(size);
    for (int y = 0; y < size.height; ++y) {
        const auto* row = reinterpret_cast<const std::uint8_t*>(bytes.data()) +
                          static_cast<std::size_t>(y) * stride;
        std::uint8_t* out = row_of(picture, y);
        if (bits == 1) spread_bits(row, size.width, 255, out);
        else if (components == 1) std::memcpy(out, row, static_cast<std::size_t>(size.width));
        else
            for (int x = 0; x < size.width; ++x, row += 3)  // ITU-R BT.601
                out[x] = static_cast<std::uint8_t>((77 * row[0] + 150 * row[1] + 29 * row[2]) >> 8);
    }
    return picture;
}

}  // namespace avtalskoll::ocr
