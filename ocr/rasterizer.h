// Draws a submitted document's pages as grey pixels, in a process of its own: a crash, a bomb or an endless loop in
// the PDF library costs that document and nothing else.
#pragma once
#include <sys/types.h>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/page_image.h"

namespace avtalskoll::ocr {

struct RasterRecord;

struct RasterLimits {
    double dpi = 200;  // 200 reads as well as 300 (docs/design.md, "Resolution")
    std::uint64_t max_file_bytes = 200u << 20;
    int max_pages = 500;
    std::uint64_t max_page_pixels = 40'000'000;
    int page_timeout_s = 30;  // wall clock for one page, the opening included
};

// A page that was drawn, or the reason why it could not be.
struct RasterPage {
    PageImage image;
    std::string trouble;  // empty: drawn
};

// One document, page after page. Not for use by two threads at once; separate documents are independent.
class Rasterizer {
public:
    // Starts the drawing process on `file`; it draws the pages `only` (from 1, in order), or all when that is empty. Throws Error{Unreadable, Encrypted, OverLimit, Io} when the
    // document cannot be drawn at all; the text is Swedish, names the limit and holds nothing of the document's content.
    Rasterizer(const std::filesystem::path& file, const RasterLimits& limits, std::vector<int> only = {});
    ~Rasterizer();
    Rasterizer(const Rasterizer&) = delete;
    Rasterizer& operator=(const Rasterizer&) = delete;

    int page_count() const { return pages_; }
    const std::vector<DigitalSignature>& signatures() const { return signatures_; }

    // The next page that is to be drawn, in page order; nullopt after the last. A process that dies makes the rest of the pages trouble.
    std::optional<RasterPage> next();

private:
    void start(const std::filesystem::path& file);
    bool read_fully(void* into, std::size_t bytes);
    bool read_record(RasterRecord& record, std::string& text);
    void stop();

    RasterLimits limits_;
    std::vector<int> only_;
    pid_t child_ = -1;
    int from_child_ = -1;
    int pages_ = 0;
    std::vector<DigitalSignature> signatures_;
    int given_ = 0;
    bool timed_out_ = false;
};

}  // namespace avtalskoll::ocr
