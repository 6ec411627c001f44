#include "ocr/sandboxed/tiff_file.h"

#include <tiffio.h>

#include <algorithm>
#include <cstring>

#include "ocr/picture/picture_turn.h"

namespace avtalskoll::ocr {
namespace {

// A file in memory, as libtiff reads one.
struct Source {
    const std::vector<char>& bytes;
    toff_t at = 0;

    tsize_t read(void* into, tsize_t wanted) {
        const toff_t left = at < bytes.size() ? bytes.size() - at : 0;
        const auto count = std::min<toff_t>(left, static_cast<toff_t>(wanted));
        std::memcpy(into, bytes.data() + at, count);
        at += count;
        return static_cast<tsize_t>(count);
    }
    toff_t seek(toff_t to, int whence) {
        if (whence == SEEK_CUR) to += at;
        if (whence == SEEK_END) to += bytes.size();
        return at = to;
    }
};

int g_faults = 0;  // libtiff's handlers know no object; the drawing process has one thread

struct Closer {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffPtr = std::unique_ptr<TIFF, Closer>;

TiffPtr open_memory(Source& source) {
    TIFFSetErrorHandler([](const char*, const char*, va_list) { ++g_faults; });
    TIFFSetWarningHandler(nullptr);
    const auto read = [](thandle_t s, tdata_t into, tsize_t n) {
        return static_cast<Source*>(s)->read(into, n);
    };
    const auto write = [](thandle_t, tdata_t, tsize_t) -> tsize_t { return 0; };
    const auto seek = [](thandle_t s, toff_t to, int whence) {
        return static_cast<Source*>(s)->seek(to, whence);
    };
    const auto size = [](thandle_t s) -> toff_t { return static_cast<Source*>(s)->bytes.size(); };
    // "m": not mapped, since what is mapped is read without looking at the file's end.
    return TiffPtr(TIFFClientOpen(
        "picture", "rm", &source, read, write, seek, [](thandle_t) { return 0; }, size,
        [](thandle_t, tdata_t*, toff_t*) { return 0; }, [](thandle_t, tdata_t, toff_t) {}));
}

template <class T>
T tag(TIFF* tiff, ttag_t id, T otherwise) {
    T value = otherwise;
    TIFFGetFieldDefaulted(tiff, id, &value);
    return value;
}

// Red, green and blue with alpha multiplied in, laid on white paper.
GreyPicture on_paper(const std::vector<std::uint32_t>& rgba, std::uint32_t width,
                     std::uint32_t height) {
    GreyPicture picture{static_cast<int>(width), static_cast<int>(height),
                        std::vector<std::uint8_t>(rgba.size())};
    std::transform(rgba.begin(), rgba.end(), picture.grey.begin(), [](std::uint32_t v) {
        // ITU-R BT.601.
        const std::uint32_t light = (77 * TIFFGetR(v) + 150 * TIFFGetG(v) + 29 * TIFFGetB(v)) >> 8;
        return static_cast<std::uint8_t>(std::min<std::uint32_t>(255, light + 255 - TIFFGetA(v)));
    });
    return picture;
}

class TiffFile final : public PictureFile {
public:
    TiffFile(const std::vector<char>& bytes, double most_pixels)
        : source_{bytes}, most_pixels_(most_pixels) {
        tiff_ = open_memory(source_);
        if (tiff_) find_pages();
    }
    bool is_open() const { return tiff_ && page_count() > 0; }

    int page_count() const override { return static_cast<int>(pages_.size()) + (lost_ ? 1 : 0); }

    PicturePage page(int index) override {
        if (index >= static_cast<int>(pages_.size())) return in_trouble({RasterFault::TiffCut});
        if (TIFFSetDirectory(tiff_.get(), pages_[static_cast<std::size_t>(index)]) == 0)
            return in_trouble({RasterFault::TiffPageNotRead});
        const auto width = tag<std::uint32_t>(tiff_.get(), TIFFTAG_IMAGEWIDTH, 0),
                   height = tag<std::uint32_t>(tiff_.get(), TIFFTAG_IMAGELENGTH, 0);
        const double pixels = double(width) * height, most = kShrinks * most_pixels_;
        if (pixels < 1) return in_trouble({RasterFault::PictureWithoutArea});
        if (pixels > most)
            return in_trouble(
                {RasterFault::PictureTooLarge, {double(width), double(height), most / 1e6}});
        return unpacked(width, height);
    }

private:
    static constexpr double kShrinks = 4;  // a page is drawn smaller than it is stored

    // Thumbnails and masks are no pages. A chain of pages that breaks off hides more of them.
    void find_pages() {
        constexpr int kMost = 65'000;
        for (int directory = 0; directory < kMost; ++directory) {
            const auto kind = tag<std::uint32_t>(tiff_.get(), TIFFTAG_SUBFILETYPE, 0);
            if ((kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0)
                pages_.push_back(static_cast<tdir_t>(directory));
            if (TIFFLastDirectory(tiff_.get()) != 0) return;
            if (TIFFReadDirectory(tiff_.get()) == 0) break;
        }
        lost_ = true;
    }

    PicturePage unpacked(std::uint32_t width, std::uint32_t height) {
        TIFF* const tiff = tiff_.get();
        const int orientation = tag<std::uint16_t>(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
        // libtiff would flip, but not turn.
        TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
        std::vector<std::uint32_t> rgba(static_cast<std::size_t>(width) * height);
        g_faults = 0;
        const int whole =
            TIFFReadRGBAImageOriented(tiff, width, height, rgba.data(), ORIENTATION_TOPLEFT, 0);
        const bool nothing =
            std::all_of(rgba.begin(), rgba.end(), [](std::uint32_t v) { return v == 0; });
        if (nothing && (whole == 0 || g_faults > 0))
            return in_trouble({RasterFault::PictureNotKnown});
        PicturePage page;
        if (whole == 0 || g_faults > 0) page.damage = RasterTrouble{RasterFault::PicturePartLost};
        page.picture = oriented(on_paper(rgba, width, height), orientation);
        return page;
    }

    Source source_;
    double most_pixels_;
    TiffPtr tiff_;
    std::vector<tdir_t> pages_;
    bool lost_ = false;
};

}  // namespace

std::unique_ptr<PictureFile> open_tiff(const std::vector<char>& bytes, double most_pixels) {
    auto file = std::make_unique<TiffFile>(bytes, most_pixels);
    return file->is_open() ? std::move(file) : nullptr;
}

}  // namespace avtalskoll::ocr
