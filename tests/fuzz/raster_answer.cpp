// A hostile drawing child's words on its channel: every record is taken within its limits or not at
// all.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include "ocr/document/raster_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace avtalskoll::ocr;
    std::array<int, 2> ends{};
    if (size > 100'000 || ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return 0;
    if (::write(ends[1], data, size) != static_cast<ssize_t>(size)) std::abort();
    ::close(ends[1]);
    for (;;) {
        const Answer answer = read_answer(ends[0], std::chrono::seconds(5));
        if (answer.state != Answer::State::Came) break;
        if (answer.text.size() != answer.record.text_bytes || answer.text.size() > kMaxFactsBytes)
            std::abort();
        (void)signatures_in(answer.text);
        (void)page_text_in(answer.text);
        if (const auto trouble = trouble_in(answer.text)) (void)message_of(*trouble);
    }
    ::close(ends[0]);
    const std::string facts(reinterpret_cast<const char*>(data), size);
    (void)signatures_in(facts);
    (void)page_text_in(facts);
    (void)damage_in(facts);
    if (const auto trouble = trouble_in(facts)) (void)message_of(*trouble);
    return 0;
}
