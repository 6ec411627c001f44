// Reads one page: even the light, match it to a form page, then measure each of that page's places.
#pragma once
#include <memory>

#include "models/page_image.h"
#include "models/reading.h"
#include "ocr/matching/form_library.h"
#include "ocr/reading/reading_models.h"

namespace avtalskoll::ocr {

// The models and buffers that one thread needs. Expensive to warm up (about 0.3 s): keep and reuse.
// Use from one thread at a time.
class ReadingTools {
public:
    ReadingTools();
    ~ReadingTools();
    ReadingTools(ReadingTools&&) noexcept;

    // Loads every text model now instead of when it is first needed. Throws Error{NotFound} when
    // one is not installed.
    void load_models();

    struct Impl;
    Impl& impl() { return *impl_; }

private:
    std::unique_ptr<Impl> impl_;
};

struct PageTimes {
    double match_ms = 0;
    double read_ms = 0;
};

// Everything that a page is read against. Immutable; shared by all threads.
struct ReadingContext {
    const FormLibrary& forms;
    const ReadingModels& models;
    // True when a text is a valid value of a kind that can be checked by itself: then one sure
    // reading is enough. Pure.
    bool (*is_valid)(FieldKind kind, const std::string& text);
};

// Never guesses: a page that matches nothing with confidence comes back without fields. The result
// depends on the page and the library only. Throws Error{NotFound} when a text model is not
// installed.
PageReading read_page(const PageImage& page, const PageOrigin& origin,
                      const ReadingContext& context, ReadingTools& tools, PageTimes* times);

// Keeps the vision library from starting threads of its own, and memory from being given back
// between pages; call once before any page is read.
void prepare_process();

}  // namespace avtalskoll::ocr
