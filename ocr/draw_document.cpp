#include "ocr/draw_document.h"

#include <fmt/format.h>
#include <iconv.h>
#include <leptonica/allheaders.h>
#include <malloc.h>
#include <nss.h>
#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <memory>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "ocr/acroform.h"
#include "ocr/embedded_scan.h"
#include "ocr/pdf_facts.h"
#include "ocr/pdf_signatures.h"

namespace avtalskoll::ocr {
namespace {

// A4's long side is 842 pt. Pages far from that (a photo saved at 72 dpi, a stamp-sized scan) are drawn so that the
// long side gets about as many pixels as an A4 page would.
constexpr double kShortestOrdinaryPt = 700;
constexpr double kLongestOrdinaryPt = 1300;
constexpr double kA4LongPt = 842;
constexpr double kLargeLongPt = 1080;  // photos show more than the sheet: keep some pixels in reserve

int poppler_errors = 0;
int lost_typefaces = 0;

// What Poppler complains of while it reads and draws. Text whose typeface cannot be had is left out without any other sign.
void count_error(const std::string& message, void*) {
    ++poppler_errors;
    if (message.find("Couldn't") != std::string::npos && message.find(" font") != std::string::npos) ++lost_typefaces;
}

// A page with a word in a typeface that the file does not bring. Its table of contents is left to be rebuilt.
constexpr std::string_view kWarmUpPdf = R"(%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>> endobj
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

// The facts of a page that is a picture and nothing else.
std::string facts_of_scan(double width_pt, double height_pt) {
    return text_of({{"words", nlohmann::json::array()}, {"fields", nlohmann::json::array()}, {"picture_share", 1.0}, {"size", {width_pt, height_pt}}});
}

std::vector<char> read_document(int file, const DrawingTask& task, RasterChannel& out) {
    std::vector<char> bytes;
    std::vector<char> chunk(1 << 20);
    for (;;) {
        const ssize_t got = ::read(file, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) out.fail_document(RasterFailure::Damaged, fmt::format("filen kan inte läsas: {}", std::strerror(errno)));
        if (got == 0) return bytes;
        if (bytes.size() + static_cast<std::size_t>(got) > task.max_file_bytes)
            out.fail_document(RasterFailure::OverLimit, fmt::format("filen är större än gränsen {} MB (--max-file-mb)", task.max_file_bytes >> 20));
        bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + got);
    }
}

double dpi_for(double long_side_pt, double dpi) {
    if (long_side_pt < kShortestOrdinaryPt) return dpi * std::min(kA4LongPt / std::max(long_side_pt, 1.0), 4.0);
    if (long_side_pt > kLongestOrdinaryPt) return dpi * kLargeLongPt / long_side_pt;
    return dpi;
}

bool all_one_tone(const std::vector<unsigned char>& grey) {
    return std::all_of(grey.begin(), grey.end(), [&](unsigned char v) { return v == grey.front(); });
}

// Of such a page it must be told whether it is an empty sheet that was scanned.
bool is_nearly_empty(const std::vector<unsigned char>& grey) {
    return std::count_if(grey.begin(), grey.end(), [](unsigned char v) { return v < 128; }) < static_cast<std::ptrdiff_t>(grey.size() / 50);
}

std::string too_large(double width_pt, double height_pt, double dpi, const DrawingTask& task) {
    return fmt::format("sidan är {:.0f} × {:.0f} punkter och blir {:.0f} Mpx vid {:.0f} dpi; gränsen är {:.0f} Mpx (--max-page-pixels)", width_pt, height_pt,
                       width_pt * height_pt * dpi * dpi / (72 * 72 * 1e6), dpi, task.max_page_pixels / 1e6);
}

void draw_pdf_page(const poppler::document& document, const PdfFacts& facts, const EmbeddedScans& scans, int index, const DrawingTask& task, RasterChannel& out) {
    const std::unique_ptr<poppler::page> page(document.create_page(index));
    if (!page) return out.fail_page("sidan kunde inte öppnas: filen är skadad");
    const poppler::rectf box = page->page_rect(poppler::crop_box);
    const double long_pt = std::max(box.width(), box.height());
    const double short_pt = std::min(box.width(), box.height());
    if (!(short_pt > 1)) return out.fail_page("sidan har ingen yta");
    const double dpi = dpi_for(long_pt, task.dpi);
    const double pixels = std::ceil(long_pt * dpi / 72) * std::ceil(short_pt * dpi / 72);
    if (pixels > task.max_page_pixels) return out.fail_page(too_large(box.width(), box.height(), dpi, task));
    poppler::page_renderer renderer;
    renderer.set_image_format(poppler::image::format_gray8);
    renderer.set_render_hint(poppler::page_renderer::antialiasing);
    renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
    poppler_errors = lost_typefaces = 0;
    const poppler::image drawn = renderer.render_page(page.get(), dpi, dpi);
    const double drawn_pixels = drawn.is_valid() ? double(drawn.width()) * drawn.height() : 0;
    // Poppler answers a page beyond its own limits with a valid picture of 1 x 1.
    if (drawn_pixels < 0.9 * pixels || drawn_pixels > task.max_page_pixels) return out.fail_page("sidan kunde inte ritas");
    std::vector<unsigned char> grey(static_cast<std::size_t>(drawn.width()) * static_cast<std::size_t>(drawn.height()));
    for (int y = 0; y < drawn.height(); ++y)
        std::memcpy(grey.data() + static_cast<std::ptrdiff_t>(y) * drawn.width(), drawn.const_data() + static_cast<std::ptrdiff_t>(y) * drawn.bytes_per_row(),
                    static_cast<std::size_t>(drawn.width()));
    if (lost_typefaces > 0) return out.fail_page("sidan kunde inte ritas: ett typsnitt saknas eller är skadat");
    // A page of which nothing is seen is empty only when all of it could be read. (A picture that could, was taken as it is.)
    if (all_one_tone(grey) && (poppler_errors > 0 || scans.is_picture(index))) return out.fail_page("sidan kunde inte ritas: innehållet är skadat");
    out.send_page(grey.data(), drawn.width(), drawn.height(), dpi, 1, text_of(facts.page(index, *page, is_nearly_empty(grey))));
}

// The PDF library's view of a document; opened only when a page needs drawing or a form's fields are asked for.
class Drawing {
public:
    Drawing(const std::vector<char>& bytes, const EmbeddedScans& scans, const DrawingTask& task, RasterChannel& out) : bytes_(bytes), scans_(scans), task_(task), out_(out) {}

    // Ends the process with a reason when the document cannot be opened.
    int page_count() {
        open();
        if (document_->is_locked()) out_.fail_document(RasterFailure::Encrypted, "PDF-filen är lösenordsskyddad; skicka den utan lösenord");
        return document_->pages();
    }
    bool may_be_signed() const { return may_bear_signature(bytes_); }
    const PdfFacts& facts() {
        if (!facts_) facts_ = std::make_unique<PdfFacts>(bytes_);
        return *facts_;
    }
    void draw(int index, int expected_pages) {
        open();
        if (document_->pages() != expected_pages) return out_.fail_page("sidan kunde inte ritas: filen är skadad");
        draw_pdf_page(*document_, facts(), scans_, index, task_, out_);
    }

private:
    void open() {
        if (document_) return;
        document_.reset(poppler::document::load_from_raw_data(bytes_.data(), static_cast<int>(bytes_.size())));
        if (!document_) out_.fail_document(RasterFailure::Damaged, "PDF-filen är skadad och går inte att öppna");
    }

    const std::vector<char>& bytes_;
    const EmbeddedScans& scans_;
    const DrawingTask& task_;
    RasterChannel& out_;
    std::unique_ptr<poppler::document> document_;
    std::unique_ptr<PdfFacts> facts_;
};

// Hands a stored scan on: as it is where its resolution is near the wanted one, else at that.
void send_scan(const EmbeddedScans::Page& scan, const DrawingTask& task, RasterChannel& out) {
    constexpr double kNear = 0.95, kFar = 1.25;
    const GreyPicture& picture = scan.picture;
    const double dpi = dpi_for(std::max(scan.width_pt, scan.height_pt), task.dpi);
    const cv::Size size(static_cast<int>(std::ceil(scan.width_pt * dpi / 72)), static_cast<int>(std::ceil(scan.height_pt * dpi / 72)));
    if (double(size.width) * size.height > task.max_page_pixels) return out.fail_page(too_large(scan.width_pt, scan.height_pt, dpi, task));
    const std::string facts = facts_of_scan(scan.width_pt, scan.height_pt);
    if (scan.dpi > kNear * dpi && scan.dpi < kFar * dpi) return out.send_page(picture.grey.data(), picture.width, picture.height, scan.dpi, 1, facts);
    cv::Mat stored(picture.height, picture.width, CV_8U, const_cast<std::uint8_t*>(picture.grey.data()));
    while (stored.cols >= 2 * size.width)
        cv::resize(stored(cv::Rect(0, 0, stored.cols / 2 * 2, stored.rows / 2 * 2)), stored, {stored.cols / 2, stored.rows / 2}, 0, 0, cv::INTER_AREA);
    GreyPicture sent{size.width, size.height, std::vector<std::uint8_t>(static_cast<std::size_t>(size.area()))};
    cv::Mat scaled(size, CV_8U, sent.grey.data());
    cv::resize(stored, scaled, size, 0, 0, stored.cols > size.width ? cv::INTER_AREA : cv::INTER_LINEAR);
    out.send_page(sent.grey.data(), sent.width, sent.height, dpi, 1, facts);
}

void draw_pdf(const std::vector<char>& bytes, const DrawingTask& task, RasterChannel& out) {
    const EmbeddedScans scans(bytes);
    Drawing drawing(bytes, scans, task, out);
    const int pages = scans.page_count() > 0 ? scans.page_count() : drawing.page_count();
    if (pages <= 0) out.fail_document(RasterFailure::Damaged, "PDF-filen är skadad: inga sidor kan läsas");
    if (static_cast<std::uint32_t>(pages) > task.max_pages)
        out.fail_document(RasterFailure::OverLimit, fmt::format("PDF-filen har {} sidor; gränsen är {} (--max-pages)", pages, task.max_pages));
    out.send({.kind = RasterKind::Document, .pages = static_cast<std::uint32_t>(pages)}, scans.has_form() || drawing.may_be_signed() ? text_of(drawing.facts().document()) : "", kMaxFactsBytes);
    for (int i = 0; i < pages; ++i) {
        if (!task.wanted(i)) continue;
        try {
            const auto scan = i < scans.page_count() ? scans.page(i, task.dpi, task.max_page_pixels) : std::nullopt;
            if (scan) send_scan(*scan, task, out);
            else drawing.draw(i, pages);
        } catch (const std::bad_alloc&) {
            out.fail_page("sidan kräver mer minne än gränsen (--max-memory-mb)");
        }
    }
}

struct PixDeleter {
    void operator()(Pix* pix) const { pixDestroy(&pix); }
};
using PixPtr = std::unique_ptr<Pix, PixDeleter>;

void send_picture(PixPtr read, const DrawingTask& task, RasterChannel& out) {
    if (!read) return out.fail_page("bilden är skadad och kan inte läsas");
    if (double(pixGetWidth(read.get())) * pixGetHeight(read.get()) > task.max_page_pixels)
        return out.fail_page(
            fmt::format("bilden är {} × {} bildpunkter; gränsen är {:.0f} Mpx (--max-page-pixels)", pixGetWidth(read.get()), pixGetHeight(read.get()), task.max_page_pixels / 1e6));
    PixPtr grey(pixConvertTo8(read.get(), 0));
    if (!grey) return out.fail_page("bildens format stöds inte");
    const double long_side = std::max(pixGetWidth(grey.get()), pixGetHeight(grey.get()));
    const double wanted = kLargeLongPt / 72 * task.dpi;
    const double scale = std::min(1.0, wanted / long_side);
    if (scale < 1) {
        grey.reset(pixScaleAreaMap(grey.get(), static_cast<float>(scale), static_cast<float>(scale)));
        if (!grey) return out.fail_page("bilden kunde inte skalas");
    }
    const int width = pixGetWidth(grey.get());
    const int height = pixGetHeight(grey.get());
    std::vector<unsigned char> bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        const l_uint32* line = pixGetData(grey.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(grey.get());
        for (int x = 0; x < width; ++x)
            bytes[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] = static_cast<unsigned char>(GET_DATA_BYTE(line, x));
    }
    const double dpi = std::max(width, height) / kA4LongPt * 72;
    out.send_page(bytes.data(), width, height, dpi, scale, facts_of_scan(width / dpi * 72, height / dpi * 72));
}

void draw_picture(const std::vector<char>& bytes, int format, const DrawingTask& task, RasterChannel& out) {
    const auto* data = reinterpret_cast<const l_uint8*>(bytes.data());
    int width = 0, height = 0, depth = 0, samples = 0, palette = 0;
    if (pixReadHeaderMem(data, bytes.size(), nullptr, &width, &height, &depth, &samples, &palette) != 0)
        out.fail_document(RasterFailure::Damaged, "bilden är skadad och går inte att öppna");
    if (double(width) * height > task.max_page_pixels)
        out.fail_document(RasterFailure::OverLimit,
                          fmt::format("bilden är {} × {} bildpunkter; gränsen är {:.0f} Mpx (--max-page-pixels)", width, height, task.max_page_pixels / 1e6));
    const bool tiff = format != IFF_PNG && format != IFF_JFIF_JPEG;
    if (!tiff) {
        out.send({.kind = RasterKind::Document, .pages = 1});
        return send_picture(PixPtr(pixReadMem(data, bytes.size())), task, out);
    }
    std::vector<PixPtr> pages;
    std::size_t offset = 0;
    do {
        PixPtr page(pixReadMemFromMultipageTiff(data, bytes.size(), &offset));
        if (!page) break;
        pages.push_back(std::move(page));
        if (pages.size() > task.max_pages) out.fail_document(RasterFailure::OverLimit, fmt::format("TIFF-filen har fler sidor än gränsen {} (--max-pages)", task.max_pages));
    } while (offset != 0);
    if (pages.empty()) out.fail_document(RasterFailure::Damaged, "TIFF-filen är skadad och går inte att läsa");
    out.send({.kind = RasterKind::Document, .pages = static_cast<std::uint32_t>(pages.size())});
    for (std::size_t i = 0; i < pages.size(); ++i)
        if (task.wanted(static_cast<int>(i))) send_picture(std::move(pages[i]), task, out);
}

bool looks_like_pdf(const std::vector<char>& bytes) {
    const std::string_view head(bytes.data(), std::min<std::size_t>(bytes.size(), 1024));
    return head.find("%PDF-") != std::string_view::npos;
}

}  // namespace

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
    // Character converters are modules that cannot be loaded inside the sandbox: held open, they stay.
    for (const char* code : {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-8", "ISO-8859-1"}) {
        (void)::iconv_open("UTF-8", code);
        (void)::iconv_open(code, "UTF-8");
    }
    const std::vector<char> bytes(kWarmUpPdf.begin(), kWarmUpPdf.end());
    const std::unique_ptr<poppler::document> document(poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
    const std::unique_ptr<poppler::page> page(document->create_page(0));
    poppler::page_renderer renderer;
    renderer.set_image_format(poppler::image::format_gray8);
    renderer.render_page(page.get(), 72, 72);
    const PdfFacts facts(bytes);
    (void)facts.page(0, *page, true);
    // Signatures are checked by NSS, whose modules are loaded here, without any certificate of this machine. Its own users, Poppler
    // among them, take an NSS that is ready as it is. (Checking one here instead would start a thread, which no child inherits.)
    (void)NSS_NoDB_Init(nullptr);
}

void draw_document(int file, const DrawingTask& task, RasterChannel& out) try {
    const std::vector<char> bytes = read_document(file, task, out);
    if (bytes.empty()) out.fail_document(RasterFailure::NotADocument, "filen är tom");
    int format = IFF_UNKNOWN;
    if (looks_like_pdf(bytes)) {
        draw_pdf(bytes, task, out);
    } else if (bytes.size() > 12 && findFileFormatBuffer(reinterpret_cast<const l_uint8*>(bytes.data()), &format) == 0 &&
               (format == IFF_PNG || format == IFF_JFIF_JPEG || (format >= IFF_TIFF && format <= IFF_TIFF_ZIP))) {
        draw_picture(bytes, format, task, out);
    } else {
        out.fail_document(RasterFailure::NotADocument, "filen är ingen PDF, JPEG, PNG eller TIFF");
    }
    out.send({.kind = RasterKind::End});
} catch (const std::bad_alloc&) {
    out.fail_document(RasterFailure::OverLimit, "dokumentet kräver mer minne än gränsen (--max-memory-mb)");
}

void read_layout(int file, std::uint64_t max_file_bytes, RasterChannel& out) {
    std::string facts;
    try {
        facts = text_of(read_acroform(read_document(file, {.max_file_bytes = max_file_bytes, .selection = {}}, out)));
    } catch (const std::exception& e) {
        out.fail_document(RasterFailure::Damaged, e.what());
    }
    out.send({.kind = RasterKind::Layout}, facts, kMaxFactsBytes);
}

}  // namespace avtalskoll::ocr
