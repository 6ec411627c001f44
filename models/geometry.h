// Boxes and page sizes, with the unit in the type so that points on paper and pixels are never
// mixed.
//
// Every frame has its origin at the top left and y growing downwards. Plain values; safe from many
// threads.
#pragma once
#include <algorithm>

namespace avtalskoll {

// `Unit` is a tag only: a box in points cannot be given where pixels are asked for.
template <class Unit>
struct Box {
    double x = 0;
    double y = 0;
    double w = 0;
    double h = 0;

    double right() const { return x + w; }
    double bottom() const { return y + h; }
};

// The least box around two.
template <class Unit>
Box<Unit> hull_of(const Box<Unit>& a, const Box<Unit>& b) {
    const double x = std::min(a.x, b.x), y = std::min(a.y, b.y);
    return {x, y, std::max(a.right(), b.right()) - x, std::max(a.bottom(), b.bottom()) - y};
}

// The part of the smaller of two boxes that lies in the other, 0 to 1.
template <class Unit>
double shared_part(const Box<Unit>& a, const Box<Unit>& b) {
    const double w = std::min(a.right(), b.right()) - std::max(a.x, b.x),
                 h = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
    return w > 0 && h > 0 ? w * h / std::min(a.w * a.h, b.w * b.h) : 0;
}

using BoxPt = Box<struct PointUnit>;     // points (1/72 inch) on the blank form's page
using BoxPx = Box<struct PixelUnit>;     // pixels of a picture
using BoxShare = Box<struct ShareUnit>;  // shares (0..1) of a page as a viewer shows it

struct SizePt {
    double w = 0;
    double h = 0;
};

inline constexpr double kPointsPerInch = 72.0;
inline constexpr double kMmPerInch = 25.4;
inline constexpr double kPointsPerMm = kPointsPerInch / kMmPerInch;

}  // namespace avtalskoll
