// Reads a drawing child's answers for the program. Nothing in them is believed beyond its limits;
// malformed facts count as none, and a fault that raster_fault.h does not name is none.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "models/message.h"
#include "models/page_text.h"
#include "ocr/document/raster_fault.h"
#include "ocr/document/raster_protocol.h"

namespace avtalskoll::ocr {

// One record of a channel, with its text.
struct Answer {
    enum class State { Came, TimedOut, Gone } state = State::Gone;
    RasterRecord record;
    std::string text;
    std::optional<int> ended;  // the status of a child that ended, as of waitpid(2)
    bool garbled = false;      // Gone, since what came is no record: the child went astray
};

// Waits for the whole record; TimedOut never comes before `longest` has passed.
Answer read_answer(int channel, std::chrono::nanoseconds longest);

// The facts of raster_protocol.h.
std::vector<DigitalSignature> signatures_in(const std::string& facts);
int attachments_in(const std::string& facts);
PageText page_text_in(const std::string& facts);
// Empty: the page is whole. nullopt: the facts are malformed, or the damage is no known one.
std::optional<Message> damage_in(const std::string& facts);

// The fault that a text of DocumentFailed or PageFailed tells; nullopt when it tells none.
std::optional<RasterTrouble> trouble_in(const std::string& text);
Message message_of(const RasterTrouble& trouble);

}  // namespace avtalskoll::ocr
