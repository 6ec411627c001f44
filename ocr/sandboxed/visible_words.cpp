#include "ocr/sandboxed/visible_words.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <vector>

#include "ocr/picture/picture_turn.h"

namespace avtalskoll::ocr {
namespace {

std::string utf8_of(const poppler::ustring& text) {
    const std::vector<char> bytes = text.to_utf8();
    return {bytes.begin(), bytes.end()};
}

bool is_bold(std::string font) {
    std::transform(font.begin(), font.end(), font.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return font.find("bold") != std::string::npos || font.find("black") != std::string::npos ||
           font.find("heavy") != std::string::npos ||
           font.find("bx") != std::string::npos;  // Computer Modern's bold extended
}

// True when anything is seen in a box of points.
bool shows_ink(const cv::Mat& drawn, const poppler::rectf& box, double dpi) {
    constexpr double kContrast = 24;  // grey on grey still reads
    const double scale = dpi / 72;
    const cv::Rect px = cv::Rect(static_cast<int>(std::floor(box.x() * scale)),
                                 static_cast<int>(std::floor(box.y() * scale)),
                                 std::max(1, static_cast<int>(std::ceil(box.width() * scale))),
                                 std::max(1, static_cast<int>(std::ceil(box.height() * scale)))) &
                        cv::Rect({}, drawn.size());
    if (px.empty()) return false;
    double darkest = 0, lightest = 0;
    cv::minMaxLoc(drawn(px), &darkest, &lightest);
    return lightest - darkest >= kContrast;
}

}  // namespace

nlohmann::json visible_words(const poppler::page& page, const GreyPicture& drawn, double dpi) {
    const cv::Mat grey = as_mat(drawn);
    // A page that has words and shows nothing at all was not drawn as it should be: its words are
    // not hidden.
    const bool shows_any =
        shows_ink(grey, {0, 0, 72.0 * drawn.width / dpi, 72.0 * drawn.height / dpi}, dpi);
    nlohmann::json words = nlohmann::json::array();
    for (const poppler::text_box& word : page.text_list(poppler::page::text_list_include_font)) {
        const poppler::rectf box = word.bbox();
        if (shows_any && !shows_ink(grey, box, dpi)) continue;
        words.push_back({{"box", {box.x(), box.y(), box.width(), box.height()}},
                         {"text", utf8_of(word.text())},
                         {"size", word.has_font_info() ? word.get_font_size() : box.height()},
                         {"bold", word.has_font_info() && is_bold(word.get_font_name())}});
    }
    return words;
}

}  // namespace avtalskoll::ocr
