// The registered blanks, drawn and prepared once, shared by all threads.
#pragma once
#include <memory>
#include <vector>

#include "models/form.h"
#include "ocr/rasterizer.h"

namespace avtalskoll::ocr {

struct BlankPage;

// Immutable after construction; safe from many threads.
class FormLibrary {
public:
    // Draws every page of every blank. Throws Error{BadInput} when a blank cannot be drawn.
    FormLibrary(FormSet forms, const RasterLimits& limits);
    ~FormLibrary();

    const FormSet& forms() const { return forms_; }
    const std::vector<BlankPage>& pages() const { return *pages_; }

private:
    FormSet forms_;
    std::unique_ptr<const std::vector<BlankPage>> pages_;
};

}  // namespace avtalskoll::ocr
