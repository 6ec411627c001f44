// A PDF's objects, read once for everything that asks for more than its drawing. For the drawing
// process only. Hides qpdf.
#pragma once
#include <memory>
#include <vector>

#include "models/geometry.h"

class QPDF;
class QPDFPageObjectHelper;

namespace avtalskoll::ocr {

// Not for use by two threads at once.
class PdfStructure {
public:
    // `pdf` must outlive it. Never throws for what is in the file.
    explicit PdfStructure(const std::vector<char>& pdf);
    ~PdfStructure();

    // True when it could be read, with repairs or without.
    bool is_open() const;
    // True when it could be read without repairs and is not encrypted.
    bool is_sound() const;
    bool has_form() const;
    // How many files lie inside it that may be documents (bookkeeping in XML, texts and detached
    // signatures are none).
    int attachments() const;

    // None when it is not open.
    std::vector<QPDFPageObjectHelper>& pages() const;
    QPDF& document() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// How a page's own coordinates (points, upwards) become those of the page as shown (points from the
// top left).
struct PageFrame {
    double left = 0, bottom = 0, width = 0, height = 0;  // of the visible part, before it is turned
    int clockwise = 0;                                   // 0, 90, 180, 270

    // False when the page has no proper boxes.
    static bool of(QPDFPageObjectHelper& page, PageFrame& frame);
    SizePt shown_size() const;
    // The box around two opposite corners.
    BoxPt shown(double x0, double y0, double x1, double y1) const;
};

}  // namespace avtalskoll::ocr
