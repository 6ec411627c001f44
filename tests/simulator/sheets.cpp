#include "tests/simulator/sheets.h"

#include <algorithm>

#include "ocr/document/rasterizer.h"
#include "tests/simulator/pen.h"
#include "tests/simulator/values.h"

namespace avtalskoll::simulator {
namespace {

namespace fs = std::filesystem;

cv::Mat as_mat(const PageImage& image) {
    return cv::Mat(image.height, image.width, CV_8U, const_cast<std::uint8_t*>(image.grey.data()))
        .clone();
}

}  // namespace

std::vector<cv::Mat> draw_pages(const fs::path& pdf) {
    ocr::RasterLimits limits;
    limits.dpi = kSheetDpi;
    ocr::Rasterizer rasterizer(pdf, limits);
    std::vector<cv::Mat> pages;
    while (auto page = rasterizer.next()) pages.push_back(as_mat(page->image));
    return pages;
}

std::vector<NamedPicture> load_pictures(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".png" || entry.path().extension() == ".jpg")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<NamedPicture> pictures;
    for (const fs::path& file : files) {
        ocr::Rasterizer rasterizer(file, {});
        if (auto page = rasterizer.next(); page && page->trouble.empty())
            pictures.push_back({file.stem().string(), as_mat(page->image)});
    }
    return pictures;
}

cv::Mat letter_page(Random& random, bool cover) {
    static const std::vector<std::string> openings{"Hej,",
                                                   "Till Lantmäteriet",
                                                   "Följebrev",
                                                   "Sammanträdesprotokoll",
                                                   "Delegationsbeslut",
                                                   "Beställning",
                                                   "Faktura"};
    static const std::vector<std::string> sentences{
        "Här kommer de undertecknade handlingarna för vår anslutning.",
        "Hör gärna av er om något behöver rättas eller läggas till.",
        "Nämnden beslutade att godkänna förslaget enligt bilagd handling.",
        "Ärendet bereddes vid mötet den tolfte och återkommer i mars.",
        "Vi skickar originalen med vanlig post under veckan.",
        "Kostnaden ryms inom den beslutade budgeten för innevarande år.",
        "Mötet inleddes med en genomgång av föregående protokoll.",
        "Leverans sker till huvudentrén på vardagar mellan åtta och sexton.",
        "Kontoret håller stängt under jul och nyår.",
        "Den som har frågor kan vända sig till registratorn."};
    cv::Mat page(static_cast<int>(297 * kSheetPxPerMm), static_cast<int>(210 * kSheetPxPerMm),
                 CV_8U, cv::Scalar(255));
    const std::string family = random.pick(print_fonts());
    double y = random.real(60, 110);
    const auto put = [&](const std::string& text, double size, bool bold) {
        lay_ink(
            page, draw_text(random, text, family, size, bold, false, false),
            {static_cast<int>((70 - size) * kSheetPxPerPt), static_cast<int>(y * kSheetPxPerPt)});
        y += size * 1.35;
    };
    put(random.pick(openings), cover ? 13 : 18, true);
    y += 14;
    const int lines = cover ? random.whole(5, 10) : random.whole(18, 36);
    for (int i = 0; i < lines; ++i) {
        put(random.pick(sentences), 11, false);
        if (random.chance(0.2)) y += 12;
    }
    y += 20;
    put("Med vänlig hälsning", 11, false);
    put(person_name(random), 11, false);
    return page;
}

cv::Mat turned_by(const cv::Mat& picture, int degrees) {
    cv::Mat out = picture;
    if (degrees == 90) cv::rotate(picture, out, cv::ROTATE_90_CLOCKWISE);
    if (degrees == 180) cv::rotate(picture, out, cv::ROTATE_180);
    if (degrees == 270) cv::rotate(picture, out, cv::ROTATE_90_COUNTERCLOCKWISE);
    return out;
}

}  // namespace avtalskoll::simulator
