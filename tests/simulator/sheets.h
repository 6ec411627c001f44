// Sheets of paper before they are scanned: a document's pages, pictures of a folder, letters.
#pragma once
#include <filesystem>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "tests/simulator/random.h"

namespace avtalskoll::simulator {

struct NamedPicture {
    std::string name;
    cv::Mat picture;  // 8-bit grey
};

// Every page of a document, grey at kSheetDpi; and every picture of a folder (PNG, JPEG), in order
// of name.
std::vector<cv::Mat> draw_pages(const std::filesystem::path& pdf);
std::vector<NamedPicture> load_pictures(const std::filesystem::path& folder);

// A page of no form: a cover letter, or another document. Grey at kSheetDpi.
cv::Mat letter_page(Random& random, bool cover);

// A picture turned clockwise by a multiple of 90 degrees.
cv::Mat turned_by(const cv::Mat& picture, int degrees);

}  // namespace avtalskoll::simulator
