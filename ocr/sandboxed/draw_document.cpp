#include "ocr/sandboxed/draw_document.h"

#include <iconv.h>
#include <leptonica/allheaders.h>
#include <malloc.h>
#include <nss.h>
#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <memory>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "ocr/picture/picture_turn.h"
#include "ocr/sandboxed/acroform.h"
#include "ocr/sandboxed/embedded_scan.h"
#include "ocr/sandboxed/page_layers.h"
#include "ocr/sandboxed/page_parts.h"
#include "ocr/sandboxed/pdf_facts.h"
#include "ocr/sandboxed/pdf_structure.h"
#include "ocr/sandboxed/picture_file.h"
#include "ocr/sandboxed/visible_words.h"

namespace avtalskoll::ocr {
namespace {

// A4's long side is 842 pt. Pages far from that (a photo saved at 72 dpi, a stamp-sized scan) are
// drawn so that the long side gets about as many pixels as an A4 page would.
constexpr double kShortestOrdinaryPt = 700;
constexpr double kLongestOrdinaryPt = 1300;
constexpr double kA4LongPt = 842;
// Photos show more than the sheet: keep some pixels in reserve.
constexpr double kLargeLongPt = 1080;

int poppler_errors = 0;
int lost_typefaces = 0;

// Poppler's complaints while it reads and draws. Text whose typeface cannot be had is left out
// without any other sign.
void count_error(const std::string& message, void*) {
    ++poppler_errors;
    if (message.find("Couldn't") != std::string::npos && message.find(" font") != std::string::npos)
        ++lost_typefaces;
}

// A page with a word in a typeface that the file does not bring. Its table of contents is left to
// be rebuilt.
constexpr std::string_view kWarmUpPdf = R"(%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] /Contents 4 0 R
/Resources <</Font <</F 5 0 R>>>>>> endobj
4 0 obj <</Length 38>> stream
BT /F 12 Tf 9 36 Td (Avtal) Tj ET
endstream endobj
5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>> endobj
trailer <</Root 1 0 R>>
)";

// Facts that are too many to send are left out: nothing is better than half of them.
std::string text_of(const nlohmann::json& facts) {
    std::string text = facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return text.size() <= kMaxFactsBytes ? text : "";
}

nlohmann::json json_of(const BoxPt& box) { return {box.x, box.y, box.w, box.h}; }

// The facts of a page that is a picture and nothing else.
nlohmann::json facts_of_scan(double width_pt, double height_pt) {
    const auto none = nlohmann::json::array();
    return {{"words", none},
            {"fields", none},
            {"scan_share", 1.0},
            {"screen_ink", none},
            {"size", {width_pt, height_pt}}};
}

std::vector<char> read_document(int file, const DrawingTask& task, RasterChannel& out) {
    std::vector<char> bytes;
    std::vector<char> chunk(1 << 20);
    for (;;) {
        const ssize_t got = ::read(file, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) out.fail_document({RasterFault::FileNotRead, {double(errno)}});
        if (got == 0) return bytes;
        if (bytes.size() + static_cast<std::size_t>(got) > task.max_file_bytes)
            out.fail_document({RasterFault::FileOverLimit, {double(task.max_file_bytes >> 20)}});
        bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + got);
    }
}

double dpi_for(double long_side_pt, double dpi) {
    if (long_side_pt < kShortestOrdinaryPt)
        return dpi * std::min(kA4LongPt / std::max(long_side_pt, 1.0), 4.0);
    if (long_side_pt > kLongestOrdinaryPt) return dpi * kLargeLongPt / long_side_pt;
    return dpi;
}

bool all_one_tone(const std::vector<unsigned char>& grey) {
    return std::all_of(grey.begin(), grey.end(),
                       [&](unsigned char v) { return v == grey.front(); });
}

RasterTrouble too_large(double width_pt, double height_pt, double dpi, const DrawingTask& task) {
    const double megapixels = width_pt * height_pt * dpi * dpi / (72 * 72 * 1e6);
    return {RasterFault::PageTooLarge,
            {width_pt, height_pt, megapixels, dpi, task.max_page_pixels / 1e6}};
}

GreyPicture picture_of(const poppler::image& drawn) {
    GreyPicture picture{drawn.width(), drawn.height(), {}};
    picture.grey.reserve(static_cast<std::size_t>(drawn.width()) *
                         static_cast<std::size_t>(drawn.height()));
    for (int y = 0; y < drawn.height(); ++y) {
        const char* row =
            drawn.const_data() + static_cast<std::ptrdiff_t>(y) * drawn.bytes_per_row();
        picture.grey.insert(picture.grey.end(), row, row + drawn.width());
    }
    return picture;
}

std::optional<RasterTrouble> damage_of(const PageParts& parts) {
    if (parts.broken_content) return RasterTrouble{RasterFault::ContentBroken};
    const bool broken = std::any_of(parts.pictures.begin(), parts.pictures.end(),
                                    [](const PagePicture& p) { return p.broken; });
    return broken ? std::optional(RasterTrouble{RasterFault::PictureBroken}) : std::nullopt;
}

// The facts of a drawn page beside its pixels.
nlohmann::json facts_of_page(const PdfStructure& structure, const poppler::page& page, int index,
                             const GreyPicture& drawn, double dpi) {
    const auto parts = parts_of(structure, index, true);
    const poppler::rectf box = page.page_rect(poppler::crop_box);
    const bool on_side = page.orientation() == poppler::page::landscape ||
                         page.orientation() == poppler::page::seascape;
    const SizePt size =
        on_side ? SizePt{box.height(), box.width()} : SizePt{box.width(), box.height()};
    const PageLayers layers =
        parts ? layers_of(structure, index, *parts, drawn, dpi) : unknown_layers(size);
    nlohmann::json facts = facts_of_scan(size.w, size.h);
    facts["scan_share"] = layers.scan_share;
    for (const ScreenInk& ink : layers.screen_ink)
        facts["screen_ink"].push_back(
            {{"box", json_of(ink.box)}, {"mm2", ink.ink_mm2}, {"annotation", ink.annotation}});
    if (layers.scan_share < 0.5) facts["words"] = visible_words(page, drawn, dpi);
    if (!parts) return facts;
    for (const auto& [place, value] : parts->typed)
        facts["fields"].push_back({{"box", json_of(place)}, {"value", value}});
    if (const auto damage = damage_of(*parts)) facts["damage"] = fault_text(*damage);
    return facts;
}

// The page as Poppler draws it.
poppler::image drawn_by_poppler(const poppler::page& page, double dpi) {
    poppler::page_renderer renderer;
    renderer.set_image_format(poppler::image::format_gray8);
    renderer.set_render_hint(poppler::page_renderer::antialiasing);
    renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
    poppler_errors = lost_typefaces = 0;
    return renderer.render_page(&page, dpi, dpi);
}

// The PDF library's view of a document; opened only when a page needs drawing.
class Drawing {
public:
    Drawing(const std::vector<char>& bytes, const PdfStructure& structure,
            const EmbeddedScans& scans, const DrawingTask& task, RasterChannel& out)
        : bytes_(bytes), structure_(structure), scans_(scans), task_(task), out_(out) {}

    // Ends the process with a reason when the document cannot be opened.
    int page_count() {
        open();
        if (document_->is_locked()) out_.fail_document({RasterFault::Encrypted});
        return document_->pages();
    }
    void draw(int index, int expected_pages) {
        open();
        if (document_->pages() != expected_pages)
            return out_.fail_page({RasterFault::PageOfDamagedFile});
        draw_page(index);
    }

private:
    void draw_page(int index) {
        const std::unique_ptr<poppler::page> page(document_->create_page(index));
        if (!page) return out_.fail_page({RasterFault::PageNotOpened});
        const poppler::rectf box = page->page_rect(poppler::crop_box);
        const double long_pt = std::max(box.width(), box.height());
        const double short_pt = std::min(box.width(), box.height());
        if (!(short_pt > 1)) return out_.fail_page({RasterFault::PageWithoutArea});
        const double dpi = dpi_for(long_pt, task_.dpi);
        const double pixels = std::ceil(long_pt * dpi / 72) * std::ceil(short_pt * dpi / 72);
        if (pixels > task_.max_page_pixels)
            return out_.fail_page(too_large(box.width(), box.height(), dpi, task_));
        const poppler::image drawn = drawn_by_poppler(*page, dpi);
        const double drawn_pixels = drawn.is_valid() ? double(drawn.width()) * drawn.height() : 0;
        // Poppler answers a page beyond its own limits with a valid picture of 1 x 1.
        if (drawn_pixels < 0.9 * pixels || drawn_pixels > task_.max_page_pixels)
            return out_.fail_page({RasterFault::PageNotDrawn});
        const GreyPicture picture = picture_of(drawn);
        if (lost_typefaces > 0) return out_.fail_page({RasterFault::TypefaceLost});
        // A page of which nothing is seen is empty only when all of it could be read. (A picture
        // that could, was taken as it is.)
        if (all_one_tone(picture.grey) && (poppler_errors > 0 || scans_.is_picture(index)))
            return out_.fail_page({RasterFault::PageContentDamaged});
        if (!out_.send_page(picture, dpi, 1)) return;
        task_.begin_step();  // the page is drawn: facts that take too long must not cost it
        out_.send_facts(text_of(facts_of_page(structure_, *page, index, picture, dpi)));
    }

    void open() {
        if (document_) return;
        document_.reset(
            poppler::document::load_from_raw_data(bytes_.data(), static_cast<int>(bytes_.size())));
        if (!document_) out_.fail_document({RasterFault::PdfNotOpened});
    }

    const std::vector<char>& bytes_;
    const PdfStructure& structure_;
    const EmbeddedScans& scans_;
    const DrawingTask& task_;
    RasterChannel& out_;
    std::unique_ptr<poppler::document> document_;
};

// The picture in another size. Halved first where it is much larger, which is several times
// quicker.
GreyPicture resized(const GreyPicture& picture, cv::Size size) {
    cv::Mat stored = as_mat(picture);
    while (stored.cols >= 2 * size.width)
        cv::resize(stored(cv::Rect(0, 0, stored.cols / 2 * 2, stored.rows / 2 * 2)), stored,
                   {stored.cols / 2, stored.rows / 2}, 0, 0, cv::INTER_AREA);
    GreyPicture made{size.width, size.height,
                     std::vector<std::uint8_t>(static_cast<std::size_t>(size.area()))};
    cv::Mat scaled(size, CV_8U, made.grey.data());
    cv::resize(stored, scaled, size, 0, 0,
               stored.cols > size.width ? cv::INTER_AREA : cv::INTER_LINEAR);
    return made;
}

// Hands a stored scan on: as it is where its resolution is near the wanted one, else at that.
void send_scan(const EmbeddedScans::Page& scan, const DrawingTask& task, RasterChannel& out) {
    constexpr double kNear = 0.95, kFar = 1.25;
    const GreyPicture& picture = scan.picture;
    const double dpi = dpi_for(std::max(scan.width_pt, scan.height_pt), task.dpi);
    const cv::Size size(static_cast<int>(std::ceil(scan.width_pt * dpi / 72)),
                        static_cast<int>(std::ceil(scan.height_pt * dpi / 72)));
    if (double(size.width) * size.height > task.max_page_pixels)
        return out.fail_page(too_large(scan.width_pt, scan.height_pt, dpi, task));
    const std::string facts = text_of(facts_of_scan(scan.width_pt, scan.height_pt));
    if (scan.dpi > kNear * dpi && scan.dpi < kFar * dpi) {
        if (out.send_page(picture, scan.dpi, 1)) out.send_facts(facts);
        return;
    }
    if (out.send_page(resized(picture, size), dpi, 1)) out.send_facts(facts);
}

// The header may be odd, late or absent: then a reader that finds a page makes it a PDF.
bool is_pdf(const std::vector<char>& bytes) {
    const std::string_view head(bytes.data(), std::min<std::size_t>(bytes.size(), 1024));
    if (head.find("%PDF-") != std::string_view::npos) return true;
    const std::unique_ptr<poppler::document> document(
        poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
    return document && (document->is_locked() || document->pages() > 0);
}

void draw_pdf(const std::vector<char>& bytes, const DrawingTask& task, RasterChannel& out) {
    const PdfStructure structure(bytes);
    const EmbeddedScans scans(structure);
    Drawing drawing(bytes, structure, scans, task, out);
    const int pages = scans.page_count() > 0 ? scans.page_count() : drawing.page_count();
    if (pages <= 0) out.fail_document({RasterFault::PdfWithoutPages});
    if (static_cast<std::uint32_t>(pages) > task.max_pages)
        out.fail_document({RasterFault::PdfTooManyPages, {double(pages), double(task.max_pages)}});
    out.send({.kind = RasterKind::Document, .pages = static_cast<std::uint32_t>(pages)},
             text_of(document_facts(bytes, structure)), kMaxFactsBytes);
    for (int i = 0; i < pages; ++i) {
        if (!task.wanted(i)) continue;
        task.begin_step();
        try {
            const auto scan = i < scans.page_count() ? scans.page(i, task.dpi, task.max_page_pixels)
                                                     : std::nullopt;
            if (scan) send_scan(*scan, task, out);
            else drawing.draw(i, pages);
        } catch (const std::bad_alloc&) {
            out.fail_page({RasterFault::PageOverMemory});
        }
    }
}

// Hands a picture on, no larger than a page needs.
void send_picture(PicturePage page, const DrawingTask& task, RasterChannel& out) {
    if (page.trouble) return out.fail_page(*page.trouble);
    GreyPicture picture = std::move(page.picture);
    const double long_side = std::max(picture.width, picture.height),
                 wanted = kLargeLongPt / 72 * task.dpi;
    const double scale =
        std::min({1.0, wanted / long_side,
                  std::sqrt(task.max_page_pixels / (double(picture.width) * picture.height))});
    if (scale < 1) {
        const cv::Size size(std::max(1, static_cast<int>(picture.width * scale)),
                            std::max(1, static_cast<int>(picture.height * scale)));
        cv::Mat smaller;
        cv::resize(as_mat(picture), smaller, size, 0, 0, cv::INTER_AREA);
        picture = as_picture(smaller);
    }
    const double dpi = std::max(picture.width, picture.height) / kA4LongPt * 72;
    nlohmann::json facts = facts_of_scan(picture.width / dpi * 72, picture.height / dpi * 72);
    if (page.damage) facts["damage"] = fault_text(*page.damage);
    if (out.send_page(picture, dpi, page.scale * scale)) out.send_facts(text_of(facts));
}

void draw_picture(PictureFile& file, const DrawingTask& task, RasterChannel& out) {
    const auto pages = static_cast<std::uint32_t>(file.page_count());
    if (pages > task.max_pages)
        out.fail_document(
            {RasterFault::PictureTooManyPages, {double(pages), double(task.max_pages)}});
    if (pages == 1) {
        PicturePage only = file.page(0);
        if (only.trouble) out.fail_document(*only.trouble);
        out.send({.kind = RasterKind::Document, .pages = 1});
        return send_picture(std::move(only), task, out);
    }
    out.send({.kind = RasterKind::Document, .pages = pages});
    for (int i = 0; i < static_cast<int>(pages); ++i) {
        if (!task.wanted(i)) continue;
        task.begin_step();
        send_picture(file.page(i), task, out);
    }
}

// Files that programs pack other files into. One may hold a whole PDF as it is, which is not what
// was sent.
bool is_archive(const std::vector<char>& bytes) {
    const std::string_view head(bytes.data(), std::min<std::size_t>(bytes.size(), 8));
    using namespace std::string_view_literals;
    constexpr std::array kHeads{"PK\3\4"sv, "PK\5\6"sv,   "7z\xBC\xAF"sv,
                                "Rar!"sv,   "\x1F\x8B"sv, "\xD0\xCF\x11\xE0"sv};
    return std::any_of(kHeads.begin(), kHeads.end(),
                       [&](std::string_view start) { return head.starts_with(start); });
}

}  // namespace

void DrawingTask::begin_step() const {
    const itimerval limit{{0, 0}, {static_cast<time_t>(max_step_cpu_seconds), 0}};
    ::setitimer(ITIMER_PROF, &limit, nullptr);
}

bool DrawingTask::wanted(int index) const {
    if (selection.empty()) return true;
    const auto byte = static_cast<std::size_t>(index) / 8;
    return byte < selection.size() && ((selection[byte] >> (index % 8)) & 1) != 0;
}

void warm_up_drawing() {
    setMsgSeverity(L_SEVERITY_NONE);
    cv::setNumThreads(1);
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);  // a page's memory is used again for the next
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
    poppler::set_debug_error_function(count_error, nullptr);
    // Character converters are modules that cannot be loaded inside the sandbox: held open, they
    // stay.
    for (const char* code : {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-8", "ISO-8859-1"}) {
        (void)::iconv_open("UTF-8", code);
        (void)::iconv_open(code, "UTF-8");
    }
    const std::vector<char> bytes(kWarmUpPdf.begin(), kWarmUpPdf.end());
    const std::unique_ptr<poppler::document> document(
        poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
    const std::unique_ptr<poppler::page> page(document->create_page(0));
    poppler::page_renderer renderer;
    renderer.set_image_format(poppler::image::format_gray8);
    renderer.render_page(page.get(), 72, 72);
    (void)page->text_list(poppler::page::text_list_include_font);
    (void)PdfStructure(bytes);
    // Signatures are checked by NSS. Its modules are loaded here, without any certificate of this
    // machine. Poppler takes an NSS that is ready as it is. (Checking a signature here instead
    // would start a thread, which no child inherits.)
    (void)NSS_NoDB_Init(nullptr);
}

void draw_document(int file, const DrawingTask& task, RasterChannel& out) try {
    task.begin_step();
    const std::vector<char> bytes = read_document(file, task, out);
    if (bytes.empty()) out.fail_document({RasterFault::FileEmpty});
    if (is_archive(bytes)) out.fail_document({RasterFault::NoDocument});
    if (const auto picture = PictureFile::open(bytes, task.max_page_pixels))
        draw_picture(*picture, task, out);
    else if (is_pdf(bytes)) draw_pdf(bytes, task, out);
    else out.fail_document({RasterFault::NoDocument});
    out.send({.kind = RasterKind::End});
} catch (const std::bad_alloc&) {
    out.fail_document({RasterFault::DocumentOverMemory});
}

void read_layout(int file, std::uint64_t max_file_bytes, RasterChannel& out) {
    std::string facts;
    try {
        facts = text_of(read_acroform(
            read_document(file, {.max_file_bytes = max_file_bytes, .selection = {}}, out)));
    } catch (const std::exception& e) {
        out.refuse(e.what());
    }
    out.send({.kind = RasterKind::Layout}, facts, kMaxFactsBytes);
}

}  // namespace avtalskoll::ocr
