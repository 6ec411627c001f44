// submission.json: whatever it holds, the submission is either whole or says why it is not.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pipeline/intake.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    avtalskoll::Submission submission;
    submission.id = "folder";
    avtalskoll::pipeline::read_account({reinterpret_cast<const char*>(data), size}, submission);
    if (!avtalskoll::pipeline::is_valid_id(submission.id)) std::abort();
    return 0;
}
