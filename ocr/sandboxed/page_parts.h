// The pictures, annotations and typed fields of a PDF page, and a copy of the page without some of
// them. For the drawing process only. Hides qpdf.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/geometry.h"
#include "ocr/sandboxed/pdf_structure.h"

namespace avtalskoll::ocr {

// A picture that a page may show, in the order in which the page's resources name it.
struct PagePicture {
    double pixels = 0;
    bool opaque = false;  // no stencil, no mask: it covers what lies under it
    bool soft = false;  // its mask has shades, as a pasted signature's has and a scanner's has not
    bool broken = false;  // its data end early or are damaged
};

struct PageParts {
    std::vector<PagePicture> pictures;
    bool inline_pictures = false;  // pictures within the content itself
    bool broken_content = false;   // the content's own data are damaged
    // The annotations that a viewer shows, except links and form fields; page as shown.
    std::vector<BoxPt> annotations;
    // Visible text fields of the form and their values, UTF-8.
    std::vector<std::pair<BoxPt, std::string>> typed;
    SizePt size;  // of the page as shown
};

// nullopt when the page cannot be taken apart. With `damage`, every picture is unpacked to see
// whether all of it is there.
std::optional<PageParts> parts_of(const PdfStructure& pdf, int index, bool damage);

// A PDF of this page alone, without annotations and with no pictures but those at these places of
// PageParts::pictures (and those within the content when `inline_too`). Empty when it cannot be
// made.
std::string page_with_pictures(const PdfStructure& pdf, int index,
                               const std::set<std::size_t>& kept, bool inline_too);

}  // namespace avtalskoll::ocr
