#include "app/web/page_pictures.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>

#include "models/error.h"

namespace avtalskoll::app::web {
namespace {

constexpr double kAroundMm = 4;  // shown around a place, so that what was written past it is seen

struct PixelArea {
    int x, y, width, height;
};

// A part of a page, turned.
PageImage turned(const PageImage& page, const PixelArea& area, int rotation) {
    const auto [x0, y0, width, height] = area;
    const bool lies = rotation == 90 || rotation == 270;
    PageImage out;
    out.width = lies ? height : width;
    out.height = lies ? width : height;
    out.grey.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < out.height; ++y)
        for (int x = 0; x < out.width; ++x) {
            int from_x = x, from_y = y;
            if (rotation == 90) from_x = y, from_y = height - 1 - x;
            else if (rotation == 180) from_x = width - 1 - x, from_y = height - 1 - y;
            else if (rotation == 270) from_x = width - 1 - y, from_y = x;
            const auto from =
                static_cast<std::size_t>(y0 + from_y) * static_cast<std::size_t>(page.width) +
                static_cast<std::size_t>(x0 + from_x);
            out.grey[static_cast<std::size_t>(y) * static_cast<std::size_t>(out.width) +
                     static_cast<std::size_t>(x)] = page.grey[from];
        }
    return out;
}

std::string png_of(const PageImage& image) {
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    header.width = static_cast<png_uint_32>(image.width);
    header.height = static_cast<png_uint_32>(image.height);
    header.format = PNG_FORMAT_GRAY;
    header.flags = PNG_IMAGE_FLAG_FAST;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(header);
    std::string png(size, '\0');
    if (!png_image_write_to_memory(&header, png.data(), &size, 0, image.grey.data(), 0, nullptr))
        throw Error(ErrorKind::Internal,
                    fmt::format("a picture cannot be written as PNG: {}", header.message));
    png.resize(size);
    return png;
}

}  // namespace

std::string PagePictures::page_png(const std::filesystem::path& file, int page, int rotation) {
    const auto image = drawn(file, page);
    return rotation == 0 ? png_of(*image)
                         : png_of(turned(*image, {0, 0, image->width, image->height}, rotation));
}

std::string PagePictures::cutting_png(const std::filesystem::path& file, int page, int rotation,
                                      const BoxShare& box) {
    const auto image = drawn(file, page);
    const double around = kAroundMm / 25.4 * image->dpi;
    const auto at = [&](double share, int length, double more) {
        return std::clamp(static_cast<int>(std::lround(share * length + more)), 0, length - 1);
    };
    const int x0 = at(box.x, image->width, -around), y0 = at(box.y, image->height, -around);
    const int x1 = at(box.x + box.w, image->width, around),
              y1 = at(box.y + box.h, image->height, around);
    const PixelArea area{x0, y0, std::max(1, x1 - x0), std::max(1, y1 - y0)};
    return png_of(turned(*image, area, rotation));
}

std::shared_ptr<const PageImage> PagePictures::drawn(const std::filesystem::path& file, int page) {
    const Key key{file.string(), page};
    {
        std::unique_lock lock(mutex_);
        for (auto at = pages_.find(key); at != pages_.end(); at = pages_.find(key)) {
            if (at->second.image) {
                used_.splice(used_.begin(), used_, at->second.used);
                return at->second.image;
            }
            ready_.wait(lock);
        }
        pages_[key] = {};
    }
    std::shared_ptr<const PageImage> image;
    std::exception_ptr why;
    try {
        ocr::Rasterizer rasterizer(file, limits_, {page});
        auto got = rasterizer.next();
        if (!got) throw Error(ErrorKind::Unreadable, "the page is not there");
        if (!got->trouble.empty()) throw Error(ErrorKind::Unreadable, got->trouble);
        image = std::make_shared<PageImage>(std::move(got->image));
    } catch (...) {
        why = std::current_exception();
    }
    keep(key, image);
    if (why) std::rethrow_exception(why);
    return image;
}

void PagePictures::keep(const Key& key, const std::shared_ptr<const PageImage>& image) {
    const std::lock_guard lock(mutex_);
    if (image) {
        used_.push_front(key);
        pages_[key] = {image, used_.begin()};
        bytes_ += image->grey.size();
    } else {
        pages_.erase(key);
    }
    while (bytes_ > most_bytes_ && used_.size() > 1) {
        const auto oldest = pages_.find(used_.back());
        bytes_ -= oldest->second.image->grey.size();
        pages_.erase(oldest);
        used_.pop_back();
    }
    ready_.notify_all();
}

}  // namespace avtalskoll::app::web
