#include "ocr/sandboxed/jpeg_decoder.h"

#include <array>
#include <csetjmp>
#include <cstdio>
#include <vector>

#include <jerror.h>
#include <jpeglib.h>

namespace avtalskoll::ocr {
namespace {

// Errors come back here instead of ending the process.
struct Errors {
    jpeg_error_mgr manager;
    std::jmp_buf back;
    bool damaged = false;
};

// The warnings of libjpeg that mean lost pixels. Others are about odd markers or surplus bytes.
bool loses_pixels(int code) {
    constexpr std::array kLosses{JWRN_JPEG_EOF, JWRN_HIT_MARKER, JWRN_HUFF_BAD_CODE,
                                 JWRN_MUST_RESYNC};
    for (const int loss : kLosses)
        if (code == loss) return true;
    return false;
}

void prepare(jpeg_decompress_struct& jpeg, Errors& errors) {
    jpeg.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = [](j_common_ptr common) {
        std::longjmp(reinterpret_cast<Errors*>(common->err)->back, 1);
    };
    errors.manager.emit_message = [](j_common_ptr common, int level) {
        if (level < 0 && loses_pixels(common->err->msg_code))
            reinterpret_cast<Errors*>(common->err)->damaged = true;
    };
}

// One row of CMYK as grey. Adobe's encoders store the inks inverted, and say so by their marker.
void grey_of_cmyk(const JSAMPLE* cmyk, JDIMENSION width, bool inverted, std::uint8_t* grey) {
    for (JDIMENSION x = 0; x < width; ++x, cmyk += 4) {
        std::array<unsigned, 4> light{};
        for (std::size_t i = 0; i < 4; ++i) light[i] = inverted ? cmyk[i] : 255U - cmyk[i];
        grey[x] = static_cast<std::uint8_t>(
            ((77 * light[0] + 150 * light[1] + 29 * light[2]) / 256) * light[3] / 255);
    }
}

struct JpegRows {
    JpegPicture picture;
    std::vector<JSAMPLE> inks;  // of one row, CMYK
};

// Kept apart from everything with a destructor: an error jumps out of it.
void read_rows(jpeg_decompress_struct& jpeg, Errors& errors, std::string_view bytes,
               unsigned eighths, JpegRows& into) {
    if (setjmp(errors.back) != 0) return;
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    if (jpeg_read_header(&jpeg, TRUE) != JPEG_HEADER_OK) return;
    const bool cmyk = jpeg.num_components == 4;
    jpeg.out_color_space = cmyk ? JCS_CMYK : JCS_GRAYSCALE;
    jpeg.scale_num = eighths;
    jpeg.scale_denom = 8;
    jpeg_start_decompress(&jpeg);
    GreyPicture& picture = into.picture.picture;
    std::vector<JSAMPLE>& inks = into.inks;
    picture.width = static_cast<int>(jpeg.output_width);
    picture.height = static_cast<int>(jpeg.output_height);
    picture.grey.assign(std::size_t{jpeg.output_width} * jpeg.output_height, 255);
    if (cmyk) inks.resize(std::size_t{jpeg.output_width} * 4);
    while (jpeg.output_scanline < jpeg.output_height) {
        std::uint8_t* const out =
            picture.grey.data() + std::size_t{jpeg.output_scanline} * jpeg.output_width;
        JSAMPROW row = cmyk ? inks.data() : out;
        jpeg_read_scanlines(&jpeg, &row, 1);
        if (cmyk) grey_of_cmyk(inks.data(), jpeg.output_width, jpeg.saw_Adobe_marker != FALSE, out);
        if (!errors.damaged) into.picture.whole = double(jpeg.output_scanline) / jpeg.output_height;
    }
    jpeg_finish_decompress(&jpeg);
}

}  // namespace

std::optional<JpegSize> jpeg_size(std::string_view bytes) {
    jpeg_decompress_struct jpeg{};
    Errors errors{};
    prepare(jpeg, errors);
    std::optional<JpegSize> size;
    if (setjmp(errors.back) == 0) {
        jpeg_create_decompress(&jpeg);
        jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
        if (jpeg_read_header(&jpeg, TRUE) == JPEG_HEADER_OK)
            size =
                JpegSize{static_cast<int>(jpeg.image_width), static_cast<int>(jpeg.image_height)};
    }
    jpeg_destroy_decompress(&jpeg);
    return size;
}

JpegPicture decode_jpeg(std::string_view bytes, unsigned eighths) {
    jpeg_decompress_struct jpeg{};
    Errors errors{};
    prepare(jpeg, errors);
    JpegRows rows;
    read_rows(jpeg, errors, bytes, eighths, rows);
    jpeg_destroy_decompress(&jpeg);
    return std::move(rows.picture);
}

}  // namespace avtalskoll::ocr
