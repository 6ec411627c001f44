// Lays a scanned page on its blank form: where on the scan is this point of the form, and how sure
// is that.
//
// Two steps. A homography from features finds the page roughly; then the printed anchors are looked
// for where it puts them, which corrects the homography and gives a displacement field for what is
// not flat (feeder stretch, folds). Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "models/geometry.h"
#include "ocr/matching/blank_page.h"

namespace avtalskoll::ocr {

// A printed anchor found on the scan: where the form has it and how far from the homography's guess
// it was.
struct FoundAnchor {
    cv::Point2d at;     // match px, form frame
    cv::Point2d shift;  // match px, form frame, to add before the homography
};

class Registration {
public:
    // Form frame (match px) to scan (read px). `scan_per_match`: scan pixels for one pixel of the
    // matched picture.
    cv::Point2d to_scan(cv::Point2d form_match_px) const;

    // The scan seen in the form's frame: `region` in read px of the form, drawn at kReadDpi,
    // `shift` in read px added.
    cv::Mat rectify(const cv::Mat& scan, const cv::Rect& region, cv::Point2d shift = {0, 0}) const;

    // Spread of the anchors around `form_match_px` after the fit, in mm; large where none are near.
    double error_mm(cv::Point2d form_match_px) const;

    cv::Matx33d form_to_scan;          // match px to scan px, without the displacement field
    std::vector<FoundAnchor> anchors;  // residuals after the homography
    double anchors_found = 0;          // share of the page's anchors that were found in place

private:
    cv::Point2d displacement(cv::Point2d form_match_px) const;
};

// A first homography (form match px → scan match px) from features; nullopt when nothing plausible
// is found. `blank_features`: how many of the blank's strongest features to use.
struct RoughFit {
    cv::Matx33d homography;
    int inliers = 0;
};
std::optional<RoughFit> fit_features(const BlankPage& blank, const PageFeatures& scan,
                                     cv::Size scan_size, int blank_features);

// Refines `rough` on the blank's anchors. `scan_match` is the scan at matching scale,
// `match_to_scan` the factor from it to the full scan.
Registration refine(const BlankPage& blank, const cv::Mat& scan_match, const RoughFit& rough,
                    double match_to_scan);

// Degrees clockwise (0, 90, 180, 270) that turn the scan upright.
int upright_rotation(const Registration& registration);

}  // namespace avtalskoll::ocr
