// Draws a submitted document's pages as grey pixels, in a sandboxed process of its own: a crash, a
// bomb or an endless loop in the PDF library costs that document and nothing else.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/page_image.h"

namespace avtalskoll::ocr {

struct RasterLimits {
    double dpi = 200;  // 200 reads as well as 300 (docs/design.md, "Resolution")
    std::uint64_t max_file_bytes = 200u << 20;
    int max_pages = 500;
    std::uint64_t max_page_pixels = 40'000'000;
    // CPU time, so that a busy machine makes no document slow. The wall clock may take ten times as
    // long. For opening the document, for each page, and for each page's facts.
    int max_page_seconds = 20;
    int max_document_seconds = 300;  // for drawing all of it
    std::uint64_t max_memory_bytes = 1536u << 20;
    bool require_landlock = false;  // refuse to draw where the kernel does not restrict paths
};

struct Answer;

// A page that was drawn, or the reason why it could not be.
struct RasterPage {
    PageImage image;
    Message trouble;  // empty: drawn
};

// One document, page after page. Not for use by two threads at once; separate documents are
// independent.
class Rasterizer {
public:
    // Starts a drawing process on `file`; it draws the pages `only` (from 1, in order), or all when
    // that is empty. Throws Error{Unreadable, Encrypted, OverLimit} when the document cannot be
    // drawn at all; its reason() names the limit and holds nothing of the document's content.
    // Throws Error{NotFound, Io} when the machine or the installation lacks something: that is no
    // fault of the document.
    Rasterizer(const std::filesystem::path& file, const RasterLimits& limits,
               std::vector<int> only = {});
    ~Rasterizer();
    Rasterizer(const Rasterizer&) = delete;
    Rasterizer& operator=(const Rasterizer&) = delete;

    int page_count() const { return pages_; }
    const std::vector<DigitalSignature>& signatures() const { return signatures_; }

    // Files that lie inside the document and are not drawn.
    int attachments() const { return attachments_; }

    // The next page that is to be drawn, in page order; nullopt after the last. A page at which the
    // process dies is trouble, and a new process goes on after it. Throws Error{Unreadable,
    // OverLimit} when the document has ended three of them, or has used up its time.
    std::optional<RasterPage> next();

private:
    struct Child;

    std::size_t wanted_count() const;
    void start();
    void check_document_time(const Answer& answer) const;
    std::optional<RasterPage> take_page();
    bool take_facts(PageImage& image);
    void count_death();
    void count_lost_server();

    std::filesystem::path file_;
    RasterLimits limits_;
    std::vector<int> only_;  // pages to draw, from 1
    std::unique_ptr<Child> child_;
    int pages_ = 0, attachments_ = 0;
    std::vector<DigitalSignature> signatures_;
    std::size_t given_ = 0;
    int deaths_ = 0, lost_servers_ = 0;
    std::chrono::nanoseconds waited_{0};
};

// The layout of a blank as the sandbox reads it (raster_protocol.h, Layout): for blank_layout.h.
// Throws Error{BadInput} with the reason.
nlohmann::json read_layout_facts(const std::filesystem::path& file);

// The results of a drawing process's attempts to break out of its sandbox; for `avtalskoll doctor`.
struct SandboxReport {
    bool landlock = false;
    std::vector<std::string> denied, allowed;  // the attempts; `allowed` must be empty
};
SandboxReport test_sandbox();

// Ends the drawing server; the next document starts another. Its CPU time is then in
// getrusage(RUSAGE_CHILDREN).
void end_drawing();

}  // namespace avtalskoll::ocr
