// The drawing child's end of its channel: answers and pixels, as raster_protocol.h says. For the
// drawing process only.
#pragma once
#include <cstdint>
#include <string>

#include "ocr/document/raster_fault.h"
#include "ocr/document/raster_protocol.h"
#include "ocr/picture/grey_picture.h"

namespace avtalskoll::ocr {

// The fault as a text of the protocol.
std::string fault_text(const RasterTrouble& trouble);

class RasterChannel {
public:
    // `pixels`: the shared memory, kPixelSlots times `slot_bytes`; none where no pages are sent.
    // Nothing is owned.
    explicit RasterChannel(int socket, std::uint8_t* pixels = nullptr, std::uint64_t slot_bytes = 0)
        : socket_(socket), pixels_(pixels), slot_bytes_(slot_bytes) {}

    // These end the process when nobody listens any longer.
    void send(RasterRecord record, const std::string& text = {},
              std::size_t most = kMaxReasonBytes) const;
    // A page's pixels; its facts are to follow. False: it was too large, and has failed.
    bool send_page(const GreyPicture& picture, double dpi, double scale);
    void send_facts(const std::string& facts) const {
        send({.kind = RasterKind::Facts}, facts, kMaxFactsBytes);
    }
    void fail_page(const RasterTrouble& why) const;
    [[noreturn]] void fail_document(const RasterTrouble& why) const;
    // `why`: for whoever runs the program.
    [[noreturn]] void refuse(const std::string& why) const;

    // Fills `into` from the program's side.
    void receive(void* into, std::size_t bytes) const;

private:
    int socket_;
    std::uint8_t* pixels_;
    std::uint64_t slot_bytes_;
    std::uint64_t sent_ = 0;
};

}  // namespace avtalskoll::ocr
