#include "ocr/reading/whole_page.h"

#include <opencv2/imgproc.hpp>

#include "ocr/picture/light.h"
#include "ocr/reading/print_layout.h"
#include "ocr/reading/reading_tools.h"

namespace avtalskoll::ocr {
namespace {

cv::Mat turned_upright(const cv::Mat& scan, int rotation) {
    cv::Mat upright = scan;
    if (rotation == 90) cv::rotate(scan, upright, cv::ROTATE_90_CLOCKWISE);
    if (rotation == 180) cv::rotate(scan, upright, cv::ROTATE_180);
    if (rotation == 270) cv::rotate(scan, upright, cv::ROTATE_90_COUNTERCLOCKWISE);
    return upright;
}

}  // namespace

WholePage read_whole_page(const PageImage& page, ReadingTools& tools) {
    WholePage whole;
    if (page.text.is_born_digital() && !page.text.words.empty()) {
        whole.size = page.text.size;
        whole.words = page.text.words;
        return whole;
    }
    const cv::Mat grey(page.height, page.width, CV_8U, const_cast<std::uint8_t*>(page.grey.data()));
    const cv::Mat scan = even_light(grey);
    whole.rotation = tools.impl().engines.upright_rotation(scan);
    cv::Mat upright = turned_upright(scan, whole.rotation);
    if (!upright.isContinuous()) upright = upright.clone();
    whole.size = {upright.cols * kPointsPerInch / page.dpi,
                  upright.rows * kPointsPerInch / page.dpi};
    PageImage turned;
    turned.width = upright.cols, turned.height = upright.rows;
    turned.grey.assign(upright.datastart, upright.dataend);
    whole.words = read_words(turned, whole.size, tools);
    return whole;
}

}  // namespace avtalskoll::ocr
