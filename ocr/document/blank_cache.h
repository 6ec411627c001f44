// Keeps prepared blanks between runs, so that a start need not draw them again.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace avtalskoll::ocr {

// Safe from many threads.
class BlankCache {
public:
    virtual ~BlankCache() = default;

    // The bytes that were kept for a blank with the same content, by the same build of the program;
    // nullopt when there are none, or what is there is not whole.
    virtual std::optional<std::string> find(const std::filesystem::path& blank) const = 0;
    // A cache that cannot keep says nothing: the next start is only slower.
    virtual void keep(const std::filesystem::path& blank, std::string_view bytes) const = 0;
};

}  // namespace avtalskoll::ocr
