#include "ocr/reading/traineddata.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>

namespace avtalskoll::ocr {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kWordList = 19;         // TESSDATA_LSTM_SYSTEM_DAWG
constexpr std::int32_t kMostComponents = 64;  // Tesseract 5 knows 24

struct Component {
    std::int64_t begin = -1, end = -1;  // in the file
    bool is_there() const { return begin >= 0; }
};

// Where the components lie; empty when `file` is no model.
std::vector<Component> components_of(std::ifstream& file) {
    std::int32_t count = 0;
    file.seekg(0, std::ios::end);
    const std::int64_t size = file.tellg();
    file.seekg(0);
    if (!file.read(reinterpret_cast<char*>(&count), sizeof count) || count < 1 ||
        count > kMostComponents)
        return {};
    std::vector<Component> components(static_cast<std::size_t>(count));
    for (Component& c : components)
        if (!file.read(reinterpret_cast<char*>(&c.begin), sizeof c.begin) || c.begin > size)
            return {};
    for (Component& c : components) {
        c.end = size;
        for (const Component& other : components)
            if (other.begin > c.begin) c.end = std::min(c.end, other.begin);
    }
    return components;
}

}  // namespace

bool read_without_word_list(const char* path, std::vector<char>* into) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<Component> components = components_of(file);
    if (components.empty()) return false;
    const auto count = static_cast<std::int32_t>(components.size());
    std::vector<std::int64_t> begins(components.size(), -1);
    const std::size_t begins_bytes = begins.size() * sizeof(std::int64_t);
    into->assign(sizeof count + begins_bytes, 0);
    for (std::size_t i = 0; i < components.size(); ++i) {
        const Component& c = components[i];
        if (!c.is_there() || i == kWordList) continue;
        begins[i] = static_cast<std::int64_t>(into->size());
        into->resize(into->size() + static_cast<std::size_t>(c.end - c.begin));
        file.seekg(c.begin);
        if (!file.read(into->data() + begins[i], c.end - c.begin)) return false;
    }
    std::memcpy(into->data(), &count, sizeof count);
    std::memcpy(into->data() + sizeof count, begins.data(), begins_bytes);
    return true;
}

}  // namespace avtalskoll::ocr
