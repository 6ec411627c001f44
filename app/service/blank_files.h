// What was prepared from blanks, as files of a cache folder.
//
// A file is named after the blanks' content and the program's build, and begins with the checksum
// of its own content: other blanks, another build or a damaged file are never taken for it.
#pragma once
#include <filesystem>
#include <string>

#include "ocr/document/blank_cache.h"

namespace avtalskoll::app {

// Safe from many threads and processes.
class BlankFiles : public ocr::BlankCache {
public:
    // Nothing is kept or found when `folder` is empty or cannot be used.
    explicit BlankFiles(std::filesystem::path folder);

    std::optional<std::string> find(const Blanks& blanks) const override;
    void keep(const Blanks& blanks, std::string_view bytes) const override;

    // AVTALSKOLL_CACHE if set (empty: none), else the service manager's CACHE_DIRECTORY, else
    // avtalskoll in XDG_CACHE_HOME or ~/.cache; empty when there is none of these.
    static std::filesystem::path usual_folder();

private:
    std::filesystem::path file_for(const Blanks& blanks) const;

    std::filesystem::path folder_;
    std::string build_;  // empty: unknown, and nothing is kept
};

}  // namespace avtalskoll::app
