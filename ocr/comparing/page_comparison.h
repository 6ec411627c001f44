// Compares two pictures of one form page, made by different scanners, and finds the places in which
// they differ.
//
// Both are laid on the page's blank (ocr/matching/registration.h), and the copy is then laid on the
// approved page patch by patch, since each lies up to 0.3 mm off. Their sharpness and the thickness
// of their strokes are made alike before ink is taken from ink. Internal to ocr/, but for this
// header. Pure; safe from many threads.
#pragma once
#include "models/counter_signing.h"
#include "models/page_image.h"
#include "models/reading.h"
#include "ocr/matching/form_library.h"

namespace avtalskoll::ocr {

struct PagePictures {
    const PageImage& approved;
    const PageImage& copy;
};

// `page` is the form page that both show. A picture that cannot be laid on the blank is trouble, as
// are pictures so poor that one of a single letter could be changed unseen.
PageComparison compare_pages(const PagePictures& pictures, const FormPage& page,
                             const FormLibrary& forms);

}  // namespace avtalskoll::ocr
