// Pages of submitted documents as PNG, drawn in the sandbox, upright; and cuttings of them. Nothing
// of the document itself is handed on.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "models/geometry.h"
#include "models/page_image.h"
#include "ocr/document/rasterizer.h"

namespace avtalskoll::app::web {

// Keeps the pages that were drawn last in memory. Safe from many threads; a page that several ask
// for is drawn once.
class PagePictures {
public:
    PagePictures(const ocr::RasterLimits& limits, std::size_t most_bytes)
        : limits_(limits), most_bytes_(most_bytes) {}

    // `page` from 1; `rotation`: degrees clockwise that turn it upright. Throws Error as
    // ocr::Rasterizer does, and Error{Unreadable} when that page cannot be drawn.
    std::string page_png(const std::filesystem::path& file, int page, int rotation);

    // `box` of the page before it is turned, with some millimetres around.
    std::string cutting_png(const std::filesystem::path& file, int page, int rotation,
                            const BoxShare& box);

private:
    using Key = std::pair<std::string, int>;
    struct Entry {
        std::shared_ptr<const PageImage> image;  // null: being drawn
        std::list<Key>::iterator used;
    };
    std::shared_ptr<const PageImage> drawn(const std::filesystem::path& file, int page);
    void keep(const Key& key, const std::shared_ptr<const PageImage>& image);

    const ocr::RasterLimits limits_;
    const std::size_t most_bytes_;
    std::mutex mutex_;
    std::condition_variable ready_;
    std::map<Key, Entry> pages_;
    std::list<Key> used_;  // last used first
    std::size_t bytes_ = 0;
};

}  // namespace avtalskoll::app::web
