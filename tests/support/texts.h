// The program's own texts.
#pragma once
#include <string>

#include "pipeline/texts/texts.h"

namespace avtalskoll {

inline const pipeline::Texts& swedish() {
    static const pipeline::Texts kTexts(AVTALSKOLL_SOURCE_DIR "/data/texts/sv.yaml");
    return kTexts;
}

inline std::string said(const Message& message) { return swedish().say(message); }

}  // namespace avtalskoll
