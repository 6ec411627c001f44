#include "pipeline/forms/picture_surface.h"

#include <cstddef>
#include <cstdint>

namespace avtalskoll::pipeline {

Surface as_surface(const PageImage& page) {
    Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, page.width, page.height));
    cairo_surface_flush(surface.get());
    unsigned char* rows = cairo_image_surface_get_data(surface.get());
    const int stride = cairo_image_surface_get_stride(surface.get());
    for (int y = 0; y < page.height; ++y) {
        auto* row =
            reinterpret_cast<std::uint32_t*>(rows + static_cast<std::ptrdiff_t>(y) * stride);
        const std::uint8_t* grey = page.grey.data() + static_cast<std::ptrdiff_t>(y) * page.width;
        for (int x = 0; x < page.width; ++x) row[x] = grey[x] * 0x010101U;
    }
    cairo_surface_mark_dirty(surface.get());
    return surface;
}

}  // namespace avtalskoll::pipeline
