// The drawing process: reads one document from standard input, writes its pages to standard output (raster_protocol.h).
// It is started anew for each document, knows no file names and leaves nothing behind.
//
// Usage: avtalskoll-rasterizer DPI MAX_FILE_BYTES MAX_PAGES MAX_PAGE_PIXELS PAGES < document > records
// PAGES: the pages to draw, from 1, parted by commas; empty: all.
#include <fmt/format.h>
#include <leptonica/allheaders.h>
#include <malloc.h>
#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "ocr/embedded_scan.h"
#include "ocr/pdf_facts.h"
#include "ocr/raster_protocol.h"

namespace {

using namespace avtalskoll::ocr;

struct Limits {
    double dpi = 200;
    std::uint64_t max_file_bytes = 0;
    std::uint32_t max_pages = 0;
    double max_page_pixels = 0;
    std::set<int> only = {};  // pages to draw, from 1; empty: all

    bool wanted(int index) const { return only.empty() || only.contains(index + 1); }
};

// A4's long side is 842 pt. Pages far from that (a photo saved at 72 dpi, a stamp-sized scan) are drawn so that the
// long side gets about as many pixels as an A4 page would.
constexpr double kShortestOrdinaryPt = 700;
constexpr double kLongestOrdinaryPt = 1300;
constexpr double kA4LongPt = 842;
constexpr double kLargeLongPt = 1080;  // photos show more than the sheet: keep some pixels in reserve

int poppler_errors = 0;

void write_fully(const void* from, std::size_t bytes) {
    const auto* at = static_cast<const char*>(from);
    while (bytes > 0) {
        const ssize_t put = ::write(STDOUT_FILENO, at, bytes);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) std::exit(3);  // nobody reads any longer
        at += put;
        bytes -= static_cast<std::size_t>(put);
    }
}

void send(RasterRecord record, const std::string& text = {}, std::size_t most = kMaxReasonBytes) {
    record.text_bytes = static_cast<std::uint32_t>(std::min(text.size(), most));
    write_fully(&record, sizeof record);
    write_fully(text.data(), record.text_bytes);
}

[[noreturn]] void fail_document(RasterFailure failure, const std::string& why) {
    send({.kind = RasterKind::DocumentFailed, .failure = failure}, why);
    std::exit(0);
}

void fail_page(const std::string& why) { send({.kind = RasterKind::PageFailed}, why); }

// Facts that are too many to send are left out: nothing is better than half of them.
std::string text_of(const nlohmann::json& facts) {
    std::string text = facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return text.size() <= kMaxFactsBytes ? text : "";
}

void send_page(const std::vector<unsigned char>& grey, int width, int height, double dpi, double scale = 1, const std::string& facts = {}) {
    send({.kind = RasterKind::Page, .width = static_cast<std::uint32_t>(width), .height = static_cast<std::uint32_t>(height), .dpi = dpi, .scale = scale}, facts, kMaxFactsBytes);
    write_fully(grey.data(), grey.size());
}

std::vector<char> read_document(const Limits& limits) {
    std::vector<char> bytes;
    std::vector<char> chunk(1 << 20);
    for (;;) {
        const ssize_t got = ::read(STDIN_FILENO, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_document(RasterFailure::Damaged, fmt::format("filen kan inte läsas: {}", std::strerror(errno)));
        if (got == 0) return bytes;
        if (bytes.size() + static_cast<std::size_t>(got) > limits.max_file_bytes)
            fail_document(RasterFailure::OverLimit, fmt::format("filen är större än gränsen {} MB (--max-file-mb)", limits.max_file_bytes >> 20));
        bytes.insert(bytes.end(), chunk.begin(), chunk.begin() + got);
    }
}

double dpi_for(double long_side_pt, double dpi) {
    if (long_side_pt < kShortestOrdinaryPt) return dpi * std::min(kA4LongPt / std::max(long_side_pt, 1.0), 4.0);
    if (long_side_pt > kLongestOrdinaryPt) return dpi * kLargeLongPt / long_side_pt;
    return dpi;
}

bool all_white(const std::vector<unsigned char>& grey) {
    return std::all_of(grey.begin(), grey.end(), [](unsigned char v) { return v == 255; });
}

std::string too_large(double width_pt, double height_pt, double dpi, const Limits& limits) {
    return fmt::format("sidan är {:.0f} × {:.0f} punkter och blir {:.0f} Mpx vid {:.0f} dpi; gränsen är {:.0f} Mpx (--max-page-pixels)", width_pt, height_pt,
                       width_pt * height_pt * dpi * dpi / (72 * 72 * 1e6), dpi, limits.max_page_pixels / 1e6);
}

void draw_pdf_page(const poppler::document& document, const PdfFacts& facts, int index, const Limits& limits) {
    const std::unique_ptr<poppler::page> page(document.create_page(index));
    if (!page) return fail_page("sidan kunde inte öppnas: filen är skadad");
    const poppler::rectf box = page->page_rect(poppler::crop_box);
    const double long_pt = std::max(box.width(), box.height());
    const double short_pt = std::min(box.width(), box.height());
    if (!(short_pt > 1)) return fail_page("sidan har ingen yta");
    const double dpi = dpi_for(long_pt, limits.dpi);
    const double pixels = std::ceil(long_pt * dpi / 72) * std::ceil(short_pt * dpi / 72);
    if (pixels > limits.max_page_pixels) return fail_page(too_large(box.width(), box.height(), dpi, limits));
    poppler::page_renderer renderer;
    renderer.set_image_format(poppler::image::format_gray8);
    renderer.set_render_hint(poppler::page_renderer::antialiasing);
    renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
    poppler_errors = 0;
    const poppler::image drawn = renderer.render_page(page.get(), dpi, dpi);
    const double drawn_pixels = drawn.is_valid() ? double(drawn.width()) * drawn.height() : 0;
    // Poppler answers a page beyond its own limits with a valid picture of 1 x 1.
    if (drawn_pixels < 0.9 * pixels || drawn_pixels > limits.max_page_pixels) return fail_page("sidan kunde inte ritas");
    std::vector<unsigned char> grey(static_cast<std::size_t>(drawn.width()) * static_cast<std::size_t>(drawn.height()));
    for (int y = 0; y < drawn.height(); ++y)
        std::memcpy(grey.data() + static_cast<std::ptrdiff_t>(y) * drawn.width(), drawn.const_data() + static_cast<std::ptrdiff_t>(y) * drawn.bytes_per_row(),
                    static_cast<std::size_t>(drawn.width()));
    if (poppler_errors > 0 && all_white(grey)) return fail_page("sidan kunde inte ritas: innehållet är skadat");
    send_page(grey, drawn.width(), drawn.height(), dpi, 1, text_of(facts.page(index, *page)));
}

// The PDF library's view of a document; opened only when a page needs drawing or a form's fields are asked for.
class Drawing {
public:
    Drawing(const std::vector<char>& bytes, const Limits& limits) : bytes_(bytes), limits_(limits) {}

    // Ends the process with a reason when the document cannot be opened.
    int page_count() {
        open();
        if (document_->is_locked()) fail_document(RasterFailure::Encrypted, "PDF-filen är lösenordsskyddad; skicka den utan lösenord");
        return document_->pages();
    }
    const PdfFacts& facts() {
        if (!facts_) facts_ = std::make_unique<PdfFacts>(bytes_);
        return *facts_;
    }
    void draw(int index, int expected_pages) {
        open();
        if (document_->pages() != expected_pages) return fail_page("sidan kunde inte ritas: filen är skadad");
        draw_pdf_page(*document_, facts(), index, limits_);
    }

private:
    void open() {
        if (document_) return;
        poppler::set_debug_error_function([](const std::string&, void*) { ++poppler_errors; }, nullptr);
        document_.reset(poppler::document::load_from_raw_data(bytes_.data(), static_cast<int>(bytes_.size())));
        if (!document_) fail_document(RasterFailure::Damaged, "PDF-filen är skadad och går inte att öppna");
    }

    const std::vector<char>& bytes_;
    const Limits& limits_;
    std::unique_ptr<poppler::document> document_;
    std::unique_ptr<PdfFacts> facts_;
};

// Hands a stored scan on: as it is where its resolution is near the wanted one, else at that.
void send_scan(const EmbeddedScans::Page& scan, const Limits& limits) {
    constexpr double kNear = 0.95, kFar = 1.25;
    const GreyPicture& picture = scan.picture;
    const double dpi = dpi_for(std::max(scan.width_pt, scan.height_pt), limits.dpi);
    const cv::Size size(static_cast<int>(std::ceil(scan.width_pt * dpi / 72)), static_cast<int>(std::ceil(scan.height_pt * dpi / 72)));
    if (double(size.width) * size.height > limits.max_page_pixels) return fail_page(too_large(scan.width_pt, scan.height_pt, dpi, limits));
    const std::string facts = text_of({{"words", nlohmann::json::array()}, {"fields", nlohmann::json::array()}, {"picture_share", 1.0}, {"size", {scan.width_pt, scan.height_pt}}});
    if (scan.dpi > kNear * dpi && scan.dpi < kFar * dpi) return send_page(picture.grey, picture.width, picture.height, scan.dpi, 1, facts);
    cv::Mat stored(picture.height, picture.width, CV_8U, const_cast<std::uint8_t*>(picture.grey.data()));
    while (stored.cols >= 2 * size.width)
        cv::resize(stored(cv::Rect(0, 0, stored.cols / 2 * 2, stored.rows / 2 * 2)), stored, {stored.cols / 2, stored.rows / 2}, 0, 0, cv::INTER_AREA);
    GreyPicture sent{size.width, size.height, std::vector<std::uint8_t>(static_cast<std::size_t>(size.area()))};
    cv::Mat scaled(size, CV_8U, sent.grey.data());
    cv::resize(stored, scaled, size, 0, 0, stored.cols > size.width ? cv::INTER_AREA : cv::INTER_LINEAR);
    send_page(sent.grey, sent.width, sent.height, dpi, 1, facts);
}

void draw_pdf(const std::vector<char>& bytes, const Limits& limits) {
    const EmbeddedScans scans(bytes);
    Drawing drawing(bytes, limits);
    const int pages = scans.page_count() > 0 ? scans.page_count() : drawing.page_count();
    if (pages <= 0) fail_document(RasterFailure::Damaged, "PDF-filen är skadad: inga sidor kan läsas");
    if (static_cast<std::uint32_t>(pages) > limits.max_pages)
        fail_document(RasterFailure::OverLimit, fmt::format("PDF-filen har {} sidor; gränsen är {} (--max-pages)", pages, limits.max_pages));
    send({.kind = RasterKind::Document, .pages = static_cast<std::uint32_t>(pages)}, scans.has_form() ? text_of(drawing.facts().document()) : "", kMaxFactsBytes);
    for (int i = 0; i < pages; ++i) {
        if (!limits.wanted(i)) continue;
        const auto scan = i < scans.page_count() ? scans.page(i, limits.dpi, limits.max_page_pixels) : std::nullopt;
        if (scan) send_scan(*scan, limits);
        else drawing.draw(i, pages);
    }
}

struct PixDeleter {
    void operator()(Pix* pix) const { pixDestroy(&pix); }
};
using PixPtr = std::unique_ptr<Pix, PixDeleter>;

void send_picture(PixPtr read, const Limits& limits) {
    if (!read) return fail_page("bilden är skadad och kan inte läsas");
    if (double(pixGetWidth(read.get())) * pixGetHeight(read.get()) > limits.max_page_pixels)
        return fail_page(fmt::format("bilden är {} × {} bildpunkter; gränsen är {:.0f} Mpx (--max-page-pixels)", pixGetWidth(read.get()), pixGetHeight(read.get()),
                                     limits.max_page_pixels / 1e6));
    PixPtr grey(pixConvertTo8(read.get(), 0));
    if (!grey) return fail_page("bildens format stöds inte");
    const double long_side = std::max(pixGetWidth(grey.get()), pixGetHeight(grey.get()));
    const double wanted = kLargeLongPt / 72 * limits.dpi;
    const double scale = std::min(1.0, wanted / long_side);
    if (scale < 1) {
        grey.reset(pixScaleAreaMap(grey.get(), static_cast<float>(scale), static_cast<float>(scale)));
        if (!grey) return fail_page("bilden kunde inte skalas");
    }
    const int width = pixGetWidth(grey.get());
    const int height = pixGetHeight(grey.get());
    std::vector<unsigned char> bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        const l_uint32* line = pixGetData(grey.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(grey.get());
        for (int x = 0; x < width; ++x)
            bytes[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] = static_cast<unsigned char>(GET_DATA_BYTE(line, x));
    }
    send_page(bytes, width, height, std::max(width, height) / kA4LongPt * 72, scale);
}

void draw_picture(const std::vector<char>& bytes, int format, const Limits& limits) {
    const auto* data = reinterpret_cast<const l_uint8*>(bytes.data());
    int width = 0, height = 0, depth = 0, samples = 0, palette = 0;
    if (pixReadHeaderMem(data, bytes.size(), nullptr, &width, &height, &depth, &samples, &palette) != 0)
        fail_document(RasterFailure::Damaged, "bilden är skadad och går inte att öppna");
    if (double(width) * height > limits.max_page_pixels)
        fail_document(RasterFailure::OverLimit,
                      fmt::format("bilden är {} × {} bildpunkter; gränsen är {:.0f} Mpx (--max-page-pixels)", width, height, limits.max_page_pixels / 1e6));
    const bool tiff = format != IFF_PNG && format != IFF_JFIF_JPEG;
    if (!tiff) {
        send({.kind = RasterKind::Document, .pages = 1});
        return send_picture(PixPtr(pixReadMem(data, bytes.size())), limits);
    }
    std::vector<PixPtr> pages;
    std::size_t offset = 0;
    do {
        PixPtr page(pixReadMemFromMultipageTiff(data, bytes.size(), &offset));
        if (!page) break;
        pages.push_back(std::move(page));
        if (pages.size() > limits.max_pages) fail_document(RasterFailure::OverLimit, fmt::format("TIFF-filen har fler sidor än gränsen {} (--max-pages)", limits.max_pages));
    } while (offset != 0);
    if (pages.empty()) fail_document(RasterFailure::Damaged, "TIFF-filen är skadad och går inte att läsa");
    send({.kind = RasterKind::Document, .pages = static_cast<std::uint32_t>(pages.size())});
    for (std::size_t i = 0; i < pages.size(); ++i)
        if (limits.wanted(static_cast<int>(i))) send_picture(std::move(pages[i]), limits);
}

bool looks_like_pdf(const std::vector<char>& bytes) {
    const std::string_view head(bytes.data(), std::min<std::size_t>(bytes.size(), 1024));
    return head.find("%PDF-") != std::string_view::npos;
}

std::set<int> numbers_in(const char* list) {
    std::set<int> numbers;
    std::istringstream in(list);
    for (std::string number; std::getline(in, number, ',');) numbers.insert(std::atoi(number.c_str()));
    return numbers;
}

void confine() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const auto limit = [](auto resource, rlim_t value) {
        const rlimit both{value, value};
        ::setrlimit(resource, &both);
    };
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    limit(RLIMIT_AS, rlim_t{1536} << 20);
#endif
    limit(RLIMIT_CPU, 600);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CORE, 0);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) return 2;
    const Limits limits{std::atof(argv[1]), std::strtoull(argv[2], nullptr, 10), static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 10)), std::atof(argv[4]),
                        numbers_in(argv[5])};
    confine();
    setMsgSeverity(L_SEVERITY_NONE);
    cv::setNumThreads(1);
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);  // a page's memory is used again for the next
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
    const std::vector<char> bytes = read_document(limits);
    if (bytes.empty()) fail_document(RasterFailure::NotADocument, "filen är tom");
    int format = IFF_UNKNOWN;
    if (looks_like_pdf(bytes)) {
        draw_pdf(bytes, limits);
    } else if (bytes.size() > 12 && findFileFormatBuffer(reinterpret_cast<const l_uint8*>(bytes.data()), &format) == 0 &&
               (format == IFF_PNG || format == IFF_JFIF_JPEG || (format >= IFF_TIFF && format <= IFF_TIFF_ZIP))) {
        draw_picture(bytes, format, limits);
    } else {
        fail_document(RasterFailure::NotADocument, "filen är ingen PDF, JPEG, PNG eller TIFF");
    }
    send({.kind = RasterKind::End});
    return 0;
}
