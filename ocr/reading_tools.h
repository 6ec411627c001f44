// What a thread's reading tools hold. Internal to ocr/.
#pragma once
#include "ocr/page_reader.h"
#include "ocr/text_engine.h"

namespace avtalskoll::ocr {

struct ReadingTools::Impl {
    TextEngines engines;
};

}  // namespace avtalskoll::ocr
