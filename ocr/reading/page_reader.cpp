#include "ocr/reading/page_reader.h"

#include <leptonica/allheaders.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "ocr/matching/blank_page.h"
#include "ocr/matching/page_matcher.h"
#include "ocr/picture/light.h"
#include "ocr/picture/picture.h"
#include "ocr/reading/field_reader.h"
#include "ocr/reading/reading_tools.h"

namespace avtalskoll::ocr {
namespace {

double ms_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

bool is_same_box(const BoxPt& a, const BoxPt& b) {
    constexpr double kSame_pt = 1.5;
    return std::abs(a.x - b.x) < kSame_pt && std::abs(a.y - b.y) < kSame_pt &&
           std::abs(a.right() - b.right()) < kSame_pt &&
           std::abs(a.bottom() - b.bottom()) < kSame_pt;
}

// True when two versions of a form have the same kind of field in the same place.
bool asks_the_same(const Field& one, const Field& other) {
    return one.kind == other.kind && one.cells == other.cells &&
           one.keep_empty.size() == other.keep_empty.size() &&
           is_same_box(one.place.box, other.place.box) &&
           std::equal(one.parts.begin(), one.parts.end(), other.parts.begin(), other.parts.end(),
                      is_same_box) &&
           std::equal(one.options.begin(), one.options.end(), other.options.begin(),
                      other.options.end(),
                      [](const Option& a, const Option& b) { return is_same_box(a.box, b.box); });
}

// Shrunk by a whole number, which is several times quicker than to an exact size.
void add_thumbnail(PageReading& reading, const cv::Mat& grey) {
    constexpr double kLong_px = 620;
    constexpr int kQuality = 55;
    const int by =
        std::max(1, static_cast<int>(std::lround(std::max(grey.cols, grey.rows) / kLong_px)));
    cv::Mat small;
    cv::resize(grey(cv::Rect(0, 0, grey.cols / by * by, grey.rows / by * by)), small,
               {grey.cols / by, grey.rows / by}, 0, 0, cv::INTER_AREA);
    reading.thumbnail_jpeg = to_jpeg(small, kQuality);
    reading.thumbnail_width = small.cols;
    reading.thumbnail_height = small.rows;
}

// True when a page with hardly any print is no empty sheet after all. A page that was drawn, not
// scanned, has no dirt: whatever it shows was put there. And no sheet of paper is dark.
bool shows_something(const PageImage& page, const cv::Mat& grey) {
    // Share of the middle of the page, where black edges of a scan do not reach.
    constexpr double kMostDark = 0.02;
    const cv::Mat middle =
        grey(cv::Rect(grey.cols / 10, grey.rows / 10, grey.cols - grey.cols / 10 * 2,
                      grey.rows - grey.rows / 10 * 2));
    if (cv::countNonZero(middle < 128) > kMostDark * static_cast<double>(middle.total()))
        return true;
    if (!page.text.is_born_digital()) return false;
    double darkest = 255, lightest = 255;
    cv::minMaxLoc(grey, &darkest, &lightest);
    return darkest < lightest || !page.text.words.empty();
}

}  // namespace

ReadingTools::ReadingTools() : impl_(std::make_unique<Impl>()) {}
ReadingTools::~ReadingTools() = default;
ReadingTools::ReadingTools(ReadingTools&&) noexcept = default;
void ReadingTools::load_models() { impl_->engines.load_all(); }

PageReading read_page(const PageImage& page, const PageOrigin& origin,
                      const ReadingContext& context, ReadingTools& tools, PageTimes* times) {
    auto start = std::chrono::steady_clock::now();
    const cv::Mat grey(page.height, page.width, CV_8U, const_cast<std::uint8_t*>(page.grey.data()));
    const cv::Mat scan = even_light(grey);
    PageReading reading;
    reading.origin = origin;
    reading.born_digital = page.text.is_born_digital();
    reading.damage = page.damage;
    add_thumbnail(reading, grey);
    const PageMatch match = match_page(scan, context.forms.blanks(), MatchOptions{});
    reading.kind = match.kind;
    if (reading.kind == PageKind::Blank && (!page.damage.empty() || shows_something(page, grey)))
        reading.kind = PageKind::Unknown;
    reading.match = match.match;
    reading.struck_through = match.struck_through;
    reading.more_on_sheet = match.more_on_sheet;
    reading.print = match.print;
    if (times) times->match_ms += ms_since(start);
    if (match.kind != PageKind::Form) return reading;

    start = std::chrono::steady_clock::now();
    const RegisteredPage shown{scan, *match.blank, match.registration, page.text};
    const auto read_fields = [&](int version, int form_page) {
        const Form& form = context.forms.forms().forms[static_cast<std::size_t>(version)];
        for (std::size_t p = 0; p < form.points.size(); ++p)
            for (std::size_t f = 0; f < form.points[p].fields.size(); ++f) {
                const Field& field = form.points[p].fields[f];
                if (field.place.page != form_page) continue;
                const FieldRef ref{version, static_cast<int>(p), static_cast<int>(f)};
                // A field that another version has in the same place is read once.
                const FieldReading* same = nullptr;
                for (const FieldReading& read : reading.fields)
                    if (asks_the_same(field_of(context.forms.forms(), read.ref), field))
                        same = &read;
                reading.fields.push_back(
                    same ? *same : read_field(shown, field, ref, context, tools.impl().engines));
                reading.fields.back().ref = ref;
            }
    };
    read_fields(match.match.form, match.match.form_page);
    for (const FormPage& version : match.match.also) read_fields(version.form, version.page);
    if (times) times->read_ms += ms_since(start);
    return reading;
}

void prepare_process() {
    cv::setNumThreads(1);
    // Leptonica speaks on standard error in words that help no user.
    setMsgSeverity(L_SEVERITY_NONE);
#ifdef __GLIBC__
    // Pictures of a page come and go: given back to the system each time, their memory is faulted
    // in again, which cost a tenth of all time.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

}  // namespace avtalskoll::ocr
