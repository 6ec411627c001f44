#include "ocr/sandboxed/raster_channel.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace avtalskoll::ocr {
namespace {

// `step` is read(2) or write(2) on the rest of `bytes`.
template <class Byte, class Step>
void to_the_end(Byte* at, std::size_t bytes, Step step) {
    while (bytes > 0) {
        const ssize_t moved = step(at, bytes);
        if (moved < 0 && errno == EINTR) continue;
        if (moved <= 0) ::_exit(3);  // the other side is gone
        at += moved;
        bytes -= static_cast<std::size_t>(moved);
    }
}

}  // namespace

void RasterChannel::send(RasterRecord record, const std::string& text, std::size_t most) const {
    record.text_bytes = static_cast<std::uint32_t>(std::min(text.size(), most));
    const auto put = [&](const char* at, std::size_t bytes) { return ::write(socket_, at, bytes); };
    to_the_end(reinterpret_cast<const char*>(&record), sizeof record, put);
    to_the_end(text.data(), record.text_bytes, put);
}

void RasterChannel::receive(void* into, std::size_t bytes) const {
    to_the_end(static_cast<char*>(into), bytes,
               [&](char* at, std::size_t left) { return ::read(socket_, at, left); });
}

bool RasterChannel::send_page(const GreyPicture& picture, double dpi, double scale) {
    if (picture.grey.size() > slot_bytes_) {
        fail_page("sidan har fler bildpunkter än gränsen (--max-page-pixels)");
        return false;
    }
    if (char taken = 0; sent_ >= kPixelSlots) receive(&taken, 1);
    std::memcpy(pixels_ + (sent_ % kPixelSlots) * slot_bytes_, picture.grey.data(),
                picture.grey.size());
    ++sent_;
    const auto width = static_cast<std::uint32_t>(picture.width),
               height = static_cast<std::uint32_t>(picture.height);
    send({.kind = RasterKind::Page, .width = width, .height = height, .dpi = dpi, .scale = scale});
    return true;
}

void RasterChannel::fail_document(RasterFailure failure, const std::string& why) const {
    send({.kind = RasterKind::DocumentFailed, .failure = failure}, why);
    ::_exit(0);
}

}  // namespace avtalskoll::ocr
