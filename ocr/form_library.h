// The registered blanks, drawn and prepared once, shared by all threads.
#pragma once
#include <memory>

#include "models/form.h"
#include "ocr/rasterizer.h"

namespace avtalskoll::ocr {

struct Blanks;

// Immutable after construction; safe from many threads.
class FormLibrary {
public:
    // Draws every page of every blank. Throws Error{BadInput} when a blank cannot be drawn.
    FormLibrary(FormSet forms, const RasterLimits& limits);
    ~FormLibrary();

    const FormSet& forms() const { return forms_; }
    const Blanks& blanks() const { return *blanks_; }

private:
    FormSet forms_;
    std::unique_ptr<const Blanks> blanks_;
};

}  // namespace avtalskoll::ocr
