// Pages as cairo draws on them. Internal to pipeline/forms/.
#pragma once
#include <cairo.h>

#include <memory>

#include "models/page_image.h"

namespace avtalskoll::pipeline {

struct SurfaceDeleter {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceDeleter>;
struct ContextDeleter {
    void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Context = std::unique_ptr<cairo_t, ContextDeleter>;

// A copy of the page's pixels, RGB24.
Surface as_surface(const PageImage& page);

}  // namespace avtalskoll::pipeline
