// Keeps what was prepared from blanks between runs, so that a start need not do it again.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avtalskoll::ocr {

// Safe from many threads.
class BlankCache {
public:
    virtual ~BlankCache() = default;

    // One blank, or several in an order of their own.
    using Blanks = std::vector<std::filesystem::path>;

    // The bytes that were kept for blanks with the same content, by the same build of the program;
    // nullopt when there are none, or what is there is not whole.
    virtual std::optional<std::string> find(const Blanks& blanks) const = 0;
    // A cache that cannot keep says nothing: the next start is only slower.
    virtual void keep(const Blanks& blanks, std::string_view bytes) const = 0;
};

}  // namespace avtalskoll::ocr
