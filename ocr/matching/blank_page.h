// One page of a registered blank, prepared once for matching: pixels, features and the printed
// anchors on it.
//
// Internal to ocr/. Immutable after note_lookalikes; share it between threads.
#pragma once
#include <opencv2/core.hpp>
#include <set>
#include <string>
#include <vector>

#include "models/geometry.h"
#include "models/page_image.h"
#include "ocr/matching/feature_index.h"
#include "ocr/matching/packed_picture.h"

namespace avtalskoll::ocr {

// The form frame in pixels: reading and ink work at kReadDpi, matching at kMatchDpi.
inline constexpr double kReadDpi = 200;
inline constexpr double kMatchDpi = 100;
inline constexpr double kReadPxPerPt = kReadDpi / kPointsPerInch;
inline constexpr double kMatchPxPerPt = kMatchDpi / kPointsPerInch;
inline constexpr double kReadPxPerMm = kReadDpi / kMmPerInch;
inline constexpr double kMatchPxPerMm = kMatchDpi / kMmPerInch;

// The print of a page that looks alike, where this page has its own: `box` in read px of this page.
struct PrintDifference {
    cv::Rect box;
    cv::Mat print;  // 8-bit grey, of the box's size
};

// A page that looks nearly like this one, of another version of the form or of another form; no
// differences: exactly.
struct Lookalike {
    std::size_t page = 0;  // index among the library's pages
    bool version = false;  // of the same form
    std::vector<PrintDifference> differences;
};

struct BlankPage {
    int form = 0;  // index in the FormSet
    int page = 0;  // from 1
    SizePt size;
    PackedPicture read;                  // at kReadDpi
    PackedPicture match;                 // at kMatchDpi
    PackedPicture printed;               // coarse_ink(), widened by a millimetre
    std::vector<cv::Point2f> keypoints;  // match px
    cv::Mat descriptors;                 // ORB, a row each, strongest first
    std::vector<cv::Rect> anchors;   // match px: patches of print with corners, whose place can be
                                     // told in both directions
    std::vector<PrintedWord> words;  // of its text layer
    std::vector<BoxPt> prompts;      // places of which the words may be replaced
    std::vector<BoxPt> places;       // of all fields: what is written there is no print
    std::set<std::string> vocabulary;   // the different ones
    std::vector<Lookalike> lookalikes;  // noted by note_lookalikes
};

// The registered blanks' pages, and which of them have features like a scan's.
struct Blanks {
    std::vector<BlankPage> pages;
    FeatureIndex index;
};

struct PageFeatures {
    std::vector<cv::Point2f> points;
    cv::Mat descriptors;  // strongest first
};

// Features of a page at kMatchDpi. For a blank, 1,500 found no page more.
inline constexpr int kFeatures = 1000;

// The strongest ORB features of a page at about kMatchDpi, strongest first.
PageFeatures find_features(const cv::Mat& grey, int most);

// `drawn` is the blank's page drawn at kReadDpi.
BlankPage prepare_blank_page(const PageImage& drawn, int form, int page, SizePt size);

}  // namespace avtalskoll::ocr
