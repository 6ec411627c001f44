#include "ocr/sandboxed/raster_channel.h"

#include <fmt/format.h>
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

std::string fault_text(const RasterTrouble& trouble) {
    const auto* const facts =
        std::find_if(kRasterFaults.begin(), kRasterFaults.end(),
                     [&](const RasterFaultFacts& known) { return known.fault == trouble.fault; });
    std::string text = facts->name;
    for (const double number : trouble.numbers) text += fmt::format(" {}", number);
    return text;
}

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
        fail_page({RasterFault::PageOverPixels});
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

void RasterChannel::fail_page(const RasterTrouble& why) const {
    send({.kind = RasterKind::PageFailed}, fault_text(why));
}

void RasterChannel::fail_document(const RasterTrouble& why) const {
    send({.kind = RasterKind::DocumentFailed}, fault_text(why));
    ::_exit(0);
}

void RasterChannel::refuse(const std::string& why) const {
    send({.kind = RasterKind::Refused}, why);
    ::_exit(0);
}

}  // namespace avtalskoll::ocr
