#include "ocr/sandboxed/picture_file.h"

#include <leptonica/allheaders.h>
#include <libexif/exif-data.h>
#include <libheif/heif.h>
#include <png.h>

#include <algorithm>
#include <string_view>

#include "ocr/picture/picture_turn.h"
#include "ocr/sandboxed/jpeg_decoder.h"
#include "ocr/sandboxed/tiff_file.h"

namespace avtalskoll::ocr {
namespace {

constexpr double kShrinks = 4;  // a picture may be so many times larger than what is drawn of it

RasterTrouble too_large(double width, double height, double most_pixels) {
    return {RasterFault::PictureTooLarge, {width, height, most_pixels / 1e6}};
}

const unsigned char* raw(const std::vector<char>& bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

// A file of one picture.
class SinglePicture : public PictureFile {
public:
    SinglePicture(const std::vector<char>& bytes, double most_pixels)
        : bytes_(bytes), most_pixels_(most_pixels) {}
    int page_count() const override { return 1; }

protected:
    const std::vector<char>& bytes_;
    double most_pixels_;
};

// 1 when the file says nothing.
int exif_orientation(const std::vector<char>& bytes) {
    ExifData* const data = exif_data_new_from_data(raw(bytes), static_cast<unsigned>(bytes.size()));
    if (!data) return 1;
    const ExifEntry* const entry = exif_data_get_entry(data, EXIF_TAG_ORIENTATION);
    const bool there = entry && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2;
    const int orientation = there ? exif_get_short(entry->data, exif_data_get_byte_order(data)) : 1;
    exif_data_unref(data);
    return orientation;
}

class JpegFile final : public SinglePicture {
public:
    using SinglePicture::SinglePicture;
    PicturePage page(int) override {
        const std::string_view jpeg(bytes_.data(), bytes_.size());
        const auto size = jpeg_size(jpeg);
        if (!size) return in_trouble({RasterFault::PictureNotOpened});
        const unsigned eighths = most_eighths(double(size->width) * size->height);
        if (eighths == 0)
            return in_trouble(too_large(size->width, size->height, 64 * most_pixels_));
        JpegPicture decoded = decode_jpeg(jpeg, eighths);
        if (decoded.picture.grey.empty() || decoded.whole == 0)
            return in_trouble({RasterFault::PictureNotRead});
        PicturePage result;
        if (decoded.whole < 1)
            result.damage = RasterTrouble{RasterFault::PictureCut, {100 * decoded.whole}};
        result.scale = double(decoded.picture.width) / size->width;
        result.picture = oriented(std::move(decoded.picture), exif_orientation(bytes_));
        return result;
    }

private:
    // At how many eighths of its size the picture has few enough pixels; 0: at none.
    unsigned most_eighths(double pixels) const {
        unsigned eighths = 8;
        while (eighths > 0 && pixels * eighths * eighths > 64 * most_pixels_) --eighths;
        return eighths;
    }
};

class PngFile final : public SinglePicture {
public:
    using SinglePicture::SinglePicture;
    PicturePage page(int) override {
        png_image image{};
        image.version = PNG_IMAGE_VERSION;
        if (png_image_begin_read_from_memory(&image, bytes_.data(), bytes_.size()) == 0)
            return in_trouble({RasterFault::PictureNotOpened});
        const double pixels = double(image.width) * image.height;
        if (pixels > kShrinks * most_pixels_) {
            const RasterTrouble why = too_large(image.width, image.height, kShrinks * most_pixels_);
            png_image_free(&image);
            return in_trouble(why);
        }
        image.format = PNG_FORMAT_GRAY;
        image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // scanners' 16 bits are as light as their 8
        const png_color paper{255, 255, 255};
        PicturePage result;
        result.picture = {static_cast<int>(image.width), static_cast<int>(image.height),
                          std::vector<std::uint8_t>(static_cast<std::size_t>(pixels), 255)};
        if (png_image_finish_read(&image, &paper, result.picture.grey.data(), 0, nullptr) != 0)
            return result;
        return in_trouble({RasterFault::PictureNotRead});
    }
};

class HeifFile final : public PictureFile {
public:
    HeifFile(const std::vector<char>& bytes, double most_pixels)
        : most_pixels_(most_pixels), context_(heif_context_alloc()) {
        heif_context_set_max_decoding_threads(context_, 1);
        const heif_error failed = heif_context_read_from_memory_without_copy(context_, bytes.data(),
                                                                             bytes.size(), nullptr);
        if (failed.code != heif_error_Ok) return;
        ids_.resize(static_cast<std::size_t>(
            std::max(0, heif_context_get_number_of_top_level_images(context_))));
        heif_context_get_list_of_top_level_image_IDs(context_, ids_.data(),
                                                     static_cast<int>(ids_.size()));
    }
    ~HeifFile() override { heif_context_free(context_); }
    HeifFile(const HeifFile&) = delete;
    HeifFile& operator=(const HeifFile&) = delete;

    int page_count() const override { return std::max(1, static_cast<int>(ids_.size())); }

    PicturePage page(int index) override {
        heif_image_handle* handle = nullptr;
        if (static_cast<std::size_t>(index) >= ids_.size() ||
            heif_context_get_image_handle(context_, ids_[static_cast<std::size_t>(index)], &handle)
                    .code != heif_error_Ok)
            return in_trouble({RasterFault::PictureNotOpened});
        PicturePage result = decoded(*handle);
        heif_image_handle_release(handle);
        return result;
    }

private:
    PicturePage decoded(const heif_image_handle& handle) const {
        const double width = heif_image_handle_get_width(&handle),
                     height = heif_image_handle_get_height(&handle);
        if (width * height > kShrinks * most_pixels_)
            return in_trouble(too_large(width, height, kShrinks * most_pixels_));
        heif_image* image = nullptr;
        if (heif_decode_image(&handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGB,
                              nullptr)
                .code != heif_error_Ok)
            return in_trouble({RasterFault::PictureNotRead});
        int stride = 0;
        const std::uint8_t* const plane =
            heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
        const int columns = heif_image_get_width(image, heif_channel_interleaved),
                  rows = heif_image_get_height(image, heif_channel_interleaved);
        PicturePage result;
        cv::Mat grey;
        cv::cvtColor(cv::Mat(rows, columns, CV_8UC3, const_cast<std::uint8_t*>(plane),
                             static_cast<std::size_t>(stride)),
                     grey, cv::COLOR_RGB2GRAY);
        result.picture = as_picture(grey);
        heif_image_release(image);
        return result;
    }

    double most_pixels_;
    heif_context* context_;
    std::vector<heif_item_id> ids_;
};

struct PixDeleter {
    void operator()(Pix* pix) const { pixDestroy(&pix); }
};
using PixPtr = std::unique_ptr<Pix, PixDeleter>;

// Leptonica reads the kinds that are left.
class OtherFile final : public SinglePicture {
public:
    using SinglePicture::SinglePicture;
    PicturePage page(int) override {
        l_int32 format = 0, width = 0, height = 0, depth = 0, samples = 0, palette = 0;
        if (pixReadHeaderMem(raw(bytes_), bytes_.size(), &format, &width, &height, &depth, &samples,
                             &palette) != 0)
            return in_trouble({RasterFault::PictureNotOpened});
        if (double(width) * height > kShrinks * most_pixels_)
            return in_trouble(too_large(width, height, kShrinks * most_pixels_));
        PixPtr pix(pixReadMem(raw(bytes_), bytes_.size()));
        if (pix && pixGetSpp(pix.get()) == 4)
            pix.reset(pixAlphaBlendUniform(pix.get(), 0xffffff00));
        const PixPtr grey(pix ? pixConvertTo8(pix.get(), 0) : nullptr);
        if (!grey) return in_trouble({RasterFault::PictureNotRead});
        PicturePage result;
        GreyPicture& picture = result.picture;
        picture = {pixGetWidth(grey.get()), pixGetHeight(grey.get()), {}};
        picture.grey.reserve(static_cast<std::size_t>(picture.width) *
                             static_cast<std::size_t>(picture.height));
        for (int y = 0; y < picture.height; ++y) {
            const l_uint32* line =
                pixGetData(grey.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(grey.get());
            for (int x = 0; x < picture.width; ++x)
                picture.grey.push_back(static_cast<std::uint8_t>(GET_DATA_BYTE(line, x)));
        }
        return result;
    }
};

bool is_heif(const std::vector<char>& bytes) {
    return bytes.size() >= 12 &&
           heif_check_filetype(raw(bytes), static_cast<int>(bytes.size())) != heif_filetype_no;
}

}  // namespace

std::unique_ptr<PictureFile> PictureFile::open(const std::vector<char>& bytes, double most_pixels) {
    if (bytes.size() < 12) return nullptr;
    const std::string_view head(bytes.data(), 12);
    if (head.starts_with("\xFF\xD8\xFF")) return std::make_unique<JpegFile>(bytes, most_pixels);
    if (head.starts_with("\x89PNG")) return std::make_unique<PngFile>(bytes, most_pixels);
    using namespace std::string_view_literals;
    for (const std::string_view tiff : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv})
        if (head.starts_with(tiff)) return open_tiff(bytes, most_pixels);
    if (is_heif(bytes)) return std::make_unique<HeifFile>(bytes, most_pixels);
    int format = IFF_UNKNOWN;
    if (findFileFormatBuffer(raw(bytes), &format) != 0) return nullptr;
    switch (format) {
        case IFF_BMP:
        case IFF_GIF:
        case IFF_WEBP:
        case IFF_JP2:
        case IFF_PNM: return std::make_unique<OtherFile>(bytes, most_pixels);
        default: return nullptr;
    }
}

}  // namespace avtalskoll::ocr
