#include "ocr/matching/registration.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include "ocr/matching/correlation.h"
#include "ocr/matching/hamming.h"

namespace avtalskoll::ocr {
namespace {

constexpr double kRatio = 0.8;      // Lowe 2004, distinctive matches
constexpr int kFewestInliers = 18;  // foreign, blank and cover pages reach at most 10
constexpr double kPeak = 0.5;       // correlation at which an anchor counts as found
// Reach of an anchor's residual in the displacement field.
constexpr double kNear_px = 16 * kMatchPxPerMm;

cv::Point2d apply(const cv::Matx33d& h, cv::Point2d p) {
    const cv::Vec3d v = h * cv::Vec3d(p.x, p.y, 1);
    return {v[0] / v[2], v[1] / v[2]};
}

// A sheet seen by a scanner or a camera: not mirrored, convex, not tiny, its opposite sides of
// similar length.
bool plausible(const cv::Matx33d& h, cv::Size form, cv::Size scan) {
    std::vector<cv::Point2f> corners;
    for (const cv::Point2d p :
         {cv::Point2d(0, 0), cv::Point2d(form.width, 0), cv::Point2d(form.width, form.height),
          cv::Point2d(0, form.height)}) {
        const cv::Point2d q = apply(h, p);
        if (!std::isfinite(q.x) || !std::isfinite(q.y) || std::abs(q.x) > 1e5 ||
            std::abs(q.y) > 1e5)
            return false;
        corners.emplace_back(q);
    }
    if (!cv::isContourConvex(corners)) return false;
    if (cv::contourArea(corners, true) < 0.15 * scan.area())
        return false;  // oriented: a mirrored page is negative
    const auto side = [&](std::size_t i) { return cv::norm(corners[i] - corners[(i + 1) % 4]); };
    const auto alike = [](double a, double b) { return std::min(a, b) > 0.55 * std::max(a, b); };
    return alike(side(0), side(2)) && alike(side(1), side(3));
}

// `h` over a small rectangle, from its top left, without the division, which costs more than the
// picture. Over 22 mm of a sheet photographed at 15 degrees the two differ by 0.4 px at the
// corners, and not at all in the middle.
cv::Matx23d near(const cv::Matx33d& h, const cv::Rect& rectangle) {
    const cv::Point2d centre(rectangle.x + rectangle.width / 2.0,
                             rectangle.y + rectangle.height / 2.0);
    const cv::Point2d at = apply(h, centre),
                      right = (apply(h, centre + cv::Point2d(8, 0)) -
                               apply(h, centre - cv::Point2d(8, 0))) /
                              16,
                      down = (apply(h, centre + cv::Point2d(0, 8)) -
                              apply(h, centre - cv::Point2d(0, 8))) /
                             16;
    const cv::Point2d corner =
        at - right * (rectangle.width / 2.0) - down * (rectangle.height / 2.0);
    return {right.x, down.x, corner.x, right.y, down.y, corner.y};
}

struct AnchorSearch {
    int reach_px;       // how far around its place an anchor is looked for
    std::size_t every;  // 1: every anchor
};

// Looks for anchors where `h` puts them. Only what lies around the anchors is laid on the form: a
// quarter of the page.
std::vector<FoundAnchor> find_anchors(const std::vector<cv::Rect>& anchors,
                                      const cv::Mat& blank_match, const cv::Mat& scan_match,
                                      const cv::Matx33d& h, const AnchorSearch& search) {
    const int margin = PrintPatch::margin_px(search.reach_px);
    const cv::Rect sheet({}, blank_match.size());
    std::vector<FoundAnchor> found;
    cv::Mat around;
    for (std::size_t i = 0; i < anchors.size(); i += search.every) {
        const cv::Rect& anchor = anchors[i];
        const cv::Rect seen(anchor.x - margin, anchor.y - margin, anchor.width + 2 * margin,
                            anchor.height + 2 * margin);
        if ((seen & sheet) != seen) continue;
        cv::warpAffine(scan_match, around, near(h, seen), seen.size(),
                       cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, 255);
        const Peak peak = PrintPatch(blank_match(anchor)).find_in(around, search.reach_px);
        if (peak.score >= kPeak)
            found.push_back(
                {{anchor.x + anchor.width / 2.0, anchor.y + anchor.height / 2.0}, peak.at});
    }
    return found;
}

// Drops anchors whose shift is unlike their neighbours': print that was covered or mistaken for
// other print.
void drop_loners(std::vector<FoundAnchor>& anchors, double tolerance_px) {
    std::vector<FoundAnchor> kept;
    for (const FoundAnchor& one : anchors) {
        std::vector<double> dx, dy;
        for (const FoundAnchor& other : anchors)
            if (cv::norm(one.at - other.at) < 3 * kNear_px) {
                dx.push_back(other.shift.x);
                dy.push_back(other.shift.y);
            }
        const auto median = [](std::vector<double>& v) {
            std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2),
                             v.end());
            return v[v.size() / 2];
        };
        if (std::abs(one.shift.x - median(dx)) < tolerance_px &&
            std::abs(one.shift.y - median(dy)) < tolerance_px)
            kept.push_back(one);
    }
    anchors = std::move(kept);
}

// The homography that takes the shifts into account; `h` itself when the anchors do not carry a new
// one.
cv::Matx33d refit(const cv::Matx33d& h, const std::vector<FoundAnchor>& anchors) {
    if (anchors.size() < 8) return h;
    std::vector<cv::Point2f> from, to;
    for (const FoundAnchor& a : anchors) {
        from.emplace_back(a.at);
        to.emplace_back(apply(h, a.at + a.shift));
    }
    // Least squares: the loners are gone, and a robust fit would follow one part of a bent sheet
    // and lose the rest.
    const cv::Mat fitted = cv::findHomography(from, to, 0);
    if (fitted.empty()) return h;
    return cv::Matx33d(fitted);
}

}  // namespace

std::optional<RoughFit> fit_features(const BlankPage& blank, const PageFeatures& scan,
                                     cv::Size scan_size, int blank_features) {
    if (scan.descriptors.rows < kFewestInliers || blank.descriptors.rows < kFewestInliers)
        return std::nullopt;
    const cv::Mat queries =
        blank.descriptors.rowRange(0, std::min(blank.descriptors.rows, blank_features));
    const std::vector<TwoNearest> nearest = two_nearest(queries, scan.descriptors);
    std::vector<cv::Point2f> from, to;
    for (std::size_t i = 0; i < nearest.size(); ++i)
        if (nearest[i].distance < kRatio * nearest[i].next) {
            from.push_back(blank.keypoints[i]);
            to.push_back(scan.points[static_cast<std::size_t>(nearest[i].index)]);
        }
    if (static_cast<int>(from.size()) < kFewestInliers) return std::nullopt;
    cv::Mat mask;
    // MAGSAC with many rounds: plain RANSAC with 1,000 landed on a wrong fit with a third of the
    // inliers to be had.
    const cv::Mat h = cv::findHomography(from, to, cv::USAC_MAGSAC, 3.0, mask, 5000, 0.999);
    if (h.empty()) return std::nullopt;
    RoughFit fit{cv::Matx33d(h), cv::countNonZero(mask)};
    if (fit.inliers < kFewestInliers || !plausible(fit.homography, blank.match.size(), scan_size))
        return std::nullopt;
    return fit;
}

Registration refine(const BlankPage& blank, const cv::Mat& scan_match, const RoughFit& rough,
                    double match_to_scan) {
    // 4 mm: a homography from features was off by 3.6 mm where the print ends.
    constexpr int kWide_px = 16;
    constexpr int kClose_px = 8;
    // The homography needs few anchors, the displacement field all of them.
    constexpr std::size_t kEveryWide = 3;
    const cv::Mat blank_match = blank.match.whole();
    Registration result;
    cv::Matx33d h = rough.homography;
    std::vector<FoundAnchor> found =
        find_anchors(blank.anchors, blank_match, scan_match, h, {kWide_px, kEveryWide});
    drop_loners(found, 6);
    h = refit(h, found);
    found = find_anchors(blank.anchors, blank_match, scan_match, h, {kClose_px, 1});
    drop_loners(found, 2.5);
    result.anchors_found = blank.anchors.empty() ? 0
                                                 : static_cast<double>(found.size()) /
                                                       static_cast<double>(blank.anchors.size());
    result.anchors = std::move(found);
    // Pixel centres, not corners, are what coordinates name.
    const double centre = (match_to_scan - 1) / 2;
    result.form_to_scan =
        cv::Matx33d(match_to_scan, 0, centre, 0, match_to_scan, centre, 0, 0, 1) * h;
    return result;
}

cv::Point2d Registration::displacement(cv::Point2d p) const {
    // Locally weighted linear regression (Cleveland 1979): unlike a weighted mean it does not lag
    // where the shift slopes or the print ends. The small diagonal keeps few or far anchors from
    // deciding alone.
    cv::Matx33d normal(0.05, 0, 0, 0, 0.3, 0, 0, 0, 0.3);
    cv::Vec3d right_x(0, 0, 0), right_y(0, 0, 0);
    for (const FoundAnchor& a : anchors) {
        const cv::Point2d d = (a.at - p) / kNear_px;
        const double w = std::exp(-0.5 * d.dot(d));
        if (w < 1e-4) continue;
        const cv::Vec3d basis(1, d.x, d.y);
        normal += w * basis * basis.t();
        right_x += w * a.shift.x * basis;
        right_y += w * a.shift.y * basis;
    }
    const cv::Matx33d inverse = normal.inv(cv::DECOMP_CHOLESKY);
    return {(inverse * right_x)[0], (inverse * right_y)[0]};
}

cv::Point2d Registration::to_scan(cv::Point2d form_match_px) const {
    return apply(form_to_scan, form_match_px + displacement(form_match_px));
}

cv::Mat Registration::rectify(const cv::Mat& scan, const cv::Rect& region,
                              cv::Point2d shift) const {
    // The map is exact on a coarse lattice and linear between: the field varies over centimetres,
    // the lattice over 4 mm.
    constexpr int kLattice_px = 32;
    const int nodes_x = region.width / kLattice_px + 2;
    const int nodes_y = region.height / kLattice_px + 2;
    cv::Mat lattice(nodes_y, nodes_x, CV_32FC2);
    for (int j = 0; j < nodes_y; ++j)
        for (int i = 0; i < nodes_x; ++i) {
            const cv::Point2d form_read(region.x + i * kLattice_px + shift.x,
                                        region.y + j * kLattice_px + shift.y);
            const cv::Point2d at =
                to_scan((form_read + cv::Point2d(0.5, 0.5)) * (kMatchDpi / kReadDpi) -
                        cv::Point2d(0.5, 0.5));
            lattice.at<cv::Vec2f>(j, i) = {static_cast<float>(at.x), static_cast<float>(at.y)};
        }
    cv::Mat map(region.size(), CV_32FC2);
    for (int y = 0; y < region.height; ++y) {
        const int j = y / kLattice_px;
        const float v = static_cast<float>(y % kLattice_px) / kLattice_px;
        auto* row = map.ptr<cv::Vec2f>(y);
        for (int i = 0; i * kLattice_px < region.width; ++i) {
            const cv::Vec2f left =
                lattice.at<cv::Vec2f>(j, i) * (1 - v) + lattice.at<cv::Vec2f>(j + 1, i) * v;
            const cv::Vec2f right =
                lattice.at<cv::Vec2f>(j, i + 1) * (1 - v) + lattice.at<cv::Vec2f>(j + 1, i + 1) * v;
            const cv::Vec2f step = (right - left) * (1.0F / kLattice_px);
            const int begin = i * kLattice_px, count = std::min(kLattice_px, region.width - begin);
            for (int k = 0; k < count; ++k)
                row[begin + k] = {left[0] + step[0] * static_cast<float>(k),
                                  left[1] + step[1] * static_cast<float>(k)};
        }
    }
    cv::Mat laid;
    cv::remap(scan, laid, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, 255);
    return laid;
}

double Registration::error_mm(cv::Point2d p) const {
    double weights = 0, squares = 0;
    const cv::Point2d here = displacement(p);
    for (const FoundAnchor& a : anchors) {
        const cv::Point2d d = a.at - p;
        const double w = std::exp(-0.5 * d.dot(d) / (kNear_px * kNear_px));
        const cv::Point2d off = a.shift - here;
        weights += w;
        squares += w * off.dot(off);
    }
    // The error that was seen of a homography alone, far from print.
    constexpr double kUnseen_mm = 3;
    if (weights < 1e-6) return kUnseen_mm;
    const double spread = std::sqrt(squares / weights) / kMatchPxPerMm;
    return std::min(kUnseen_mm, spread + kUnseen_mm * std::exp(-3 * weights));
}

int upright_rotation(const Registration& registration) {
    const cv::Point2d a = registration.to_scan({0, 0});
    const cv::Point2d b = registration.to_scan({100, 0});
    // How far the scan is turned.
    const double clockwise = std::atan2(b.y - a.y, b.x - a.x) * 180 / std::numbers::pi;
    const int quarter = static_cast<int>(std::lround(clockwise / 90));
    return ((-quarter % 4 + 4) % 4) * 90;
}

}  // namespace avtalskoll::ocr
