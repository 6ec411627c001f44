// Opens a document and draws its pages: PDF, JPEG, PNG, TIFF. For the drawing process only, inside
// its sandbox.
#pragma once
#include <cstdint>
#include <vector>

#include "ocr/sandboxed/raster_channel.h"

namespace avtalskoll::ocr {

struct DrawingTask {
    double dpi = 200;
    std::uint64_t max_file_bytes = 0;
    std::uint32_t max_pages = 0;
    double max_page_pixels = 0;
    std::uint32_t max_step_cpu_seconds = 0;  // 0: no limit
    std::vector<std::uint8_t> selection;     // bit set of pages from 0; empty: all

    bool wanted(int index) const;

    // Opening the document, drawing a page and gathering its facts may each take so much CPU from
    // here on; SIGPROF ends the process that takes more. A machine that is busy with other things
    // ends nobody.
    void begin_step() const;
};

// Draws once what every document needs (typefaces' index, colour tables, character conversion,
// signature checking), so that the children of a process that has done so find it ready.
void warm_up_drawing();

// Reads the document from `file` and answers on `out` from Document to End. Ends the process when
// the document fails as a whole.
void draw_document(int file, const DrawingTask& task, RasterChannel& out);

// Reads a blank's layout from `file` and answers with Layout or DocumentFailed.
void read_layout(int file, std::uint64_t max_file_bytes, RasterChannel& out);

}  // namespace avtalskoll::ocr
