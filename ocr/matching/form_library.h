// The registered blanks, drawn and prepared once, shared by all threads.
#pragma once
#include <functional>
#include <memory>

#include "models/form.h"
#include "ocr/document/blank_cache.h"
#include "ocr/document/rasterizer.h"

namespace avtalskoll::ocr {

struct Blanks;

// Immutable after construction; safe from many threads.
class FormLibrary {
public:
    // Calls a function with 0 to count - 1, in any order and from as many threads as it likes;
    // returns when all is done.
    using ForEach =
        std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;
    static void one_by_one(std::size_t count, const std::function<void(std::size_t)>& work);

    // Draws every page of every blank, but for those that `cache` has. Throws Error{BadInput} when
    // a blank cannot be drawn.
    FormLibrary(FormSet forms, const RasterLimits& limits, const ForEach& for_each = one_by_one,
                const BlankCache* cache = nullptr);
    ~FormLibrary();

    const FormSet& forms() const { return forms_; }
    const Blanks& blanks() const { return *blanks_; }

private:
    FormSet forms_;
    std::unique_ptr<const Blanks> blanks_;
};

}  // namespace avtalskoll::ocr
