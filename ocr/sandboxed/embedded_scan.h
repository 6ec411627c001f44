// Finds the pages of a PDF that are one scanned picture and nothing else, and takes the picture as
// it is stored: a fraction of what drawing the page costs, and no resampling but one.
//
// For the drawing process only. Hides qpdf.
#pragma once
#include <optional>

#include "ocr/picture/grey_picture.h"
#include "ocr/sandboxed/pdf_structure.h"

namespace avtalskoll::ocr {

class EmbeddedScans {
public:
    // `pdf` must outlive it.
    explicit EmbeddedScans(const PdfStructure& pdf);

    // 0 when the file cannot be read without repairs, or is encrypted: then every page is left to
    // the PDF library.
    int page_count() const;

    // True when the page shows one picture, in whatever format, and nothing else.
    bool is_picture(int index) const;

    struct Page {
        GreyPicture picture;  // as a viewer shows the page, square pixels
        double dpi = 0;       // of the picture
        double width_pt = 0;  // of the page as shown
        double height_pt = 0;
    };
    // nullopt when the page shows anything but one upright picture (visible text, drawing, an
    // annotation, a picture that is see-through), when that has more than `most_pixels`, or cannot
    // be unpacked here. Of a JPEG no more than `dpi` needs is unpacked.
    std::optional<Page> page(int index, double dpi, double most_pixels) const;

private:
    const PdfStructure& pdf_;
};

}  // namespace avtalskoll::ocr
