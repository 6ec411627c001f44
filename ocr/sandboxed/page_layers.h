// Tells a page's paper from what was put on it on a screen, by looking at where its ink comes from.
//
// A scan is a picture; a form that was filled in on the screen is drawn; a picture of a signature,
// or a stroke of a stylus, lies over either. The area of pictures says little of that: a signature
// may be a transparent picture as large as its page, and a scan may be stored as a thousand pieces.
// So the page is drawn again without its pictures, and with its largest one alone, and the ink of
// these is compared with the ink that a viewer sees. For the drawing process only.
#pragma once
#include <vector>

#include "models/page_text.h"
#include "ocr/picture/grey_picture.h"
#include "ocr/sandboxed/page_parts.h"

namespace avtalskoll::ocr {

struct PageLayers {
    double scan_share = 1;              // of the page's ink, what comes from pictures of paper
    std::vector<ScreenInk> screen_ink;  // on a scan: what no paper bears
};

// `drawn`: the page as shown, at `dpi`; `parts` of the same page. When the layers cannot be told,
// the result is a scan on which all ink is screen ink.
PageLayers layers_of(const PdfStructure& pdf, int index, const PageParts& parts,
                     const GreyPicture& drawn, double dpi);

// The layers of a page that nothing is known of.
PageLayers unknown_layers(SizePt page);

}  // namespace avtalskoll::ocr
