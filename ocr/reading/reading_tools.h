// The contents of a thread's reading tools. Internal to ocr/.
#pragma once
#include "ocr/reading/page_reader.h"
#include "ocr/reading/text_engine.h"

namespace avtalskoll::ocr {

struct ReadingTools::Impl {
    TextEngines engines;
};

}  // namespace avtalskoll::ocr
