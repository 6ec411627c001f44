#include "ocr/sandboxed/pdf_structure.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <exception>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFEmbeddedFileDocumentHelper.hh>
#include <qpdf/QPDFFileSpecObjectHelper.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <string>
#include <string_view>

namespace avtalskoll::ocr {
namespace {

bool may_be_document(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::array<std::string_view, 8> kNone{".xml", ".txt",  ".json", ".csv",
                                                    ".p7s", ".html", ".ini",  ".joboptions"};
    return std::none_of(kNone.begin(), kNone.end(),
                        [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

struct PdfStructure::Impl {
    QPDF pdf;
    std::vector<QPDFPageObjectHelper> pages;
    bool open = false, sound = false, form = false;
};

PdfStructure::PdfStructure(const std::vector<char>& bytes) : impl_(std::make_unique<Impl>()) {
    try {
        impl_->pdf.setSuppressWarnings(true);
        impl_->pdf.processMemoryFile("document", bytes.data(), bytes.size());
        impl_->form = impl_->pdf.getRoot().hasKey("/AcroForm");
        QPDFPageDocumentHelper pages(impl_->pdf);
        pages.pushInheritedAttributesToPage();
        impl_->pages = pages.getAllPages();
        impl_->open = !impl_->pages.empty();
        impl_->sound = impl_->open && !impl_->pdf.anyWarnings() && !impl_->pdf.isEncrypted();
    } catch (const std::exception&) {  // qpdf's, and memory that ran out
        impl_->pages.clear();
        impl_->open = impl_->sound = false;
        impl_->form = true;
    }
}

PdfStructure::~PdfStructure() = default;

bool PdfStructure::is_open() const { return impl_->open; }
bool PdfStructure::is_sound() const { return impl_->sound; }
bool PdfStructure::has_form() const { return impl_->form; }
int PdfStructure::attachments() const try {
    if (!impl_->open) return 0;
    const auto is_document = [](QPDFFileSpecObjectHelper file) {
        return may_be_document(file.getFilename());
    };
    int count = 0;
    QPDFEmbeddedFileDocumentHelper embedded(impl_->pdf);
    for (const auto& [name, file] : embedded.getEmbeddedFiles())
        count += is_document(*file) ? 1 : 0;
    for (QPDFPageObjectHelper& page : impl_->pages)
        for (QPDFAnnotationObjectHelper& note : page.getAnnotations("/FileAttachment")) {
            QPDFObjectHandle file = note.getObjectHandle().getKey("/FS");
            if (!file.isDictionary()) continue;
            count += is_document(QPDFFileSpecObjectHelper(file)) ? 1 : 0;
        }
    return count;
} catch (const std::exception&) {
    return 0;
}

std::vector<QPDFPageObjectHelper>& PdfStructure::pages() const { return impl_->pages; }
QPDF& PdfStructure::document() const { return impl_->pdf; }

bool PageFrame::of(QPDFPageObjectHelper& page, PageFrame& frame) {
    QPDFObjectHandle crop = page.getCropBox(), media = page.getMediaBox();
    if (!crop.isRectangle() || !media.isRectangle()) return false;
    const auto sorted = [](QPDFObjectHandle::Rectangle r) {
        return std::array{std::min(r.llx, r.urx), std::min(r.lly, r.ury), std::max(r.llx, r.urx),
                          std::max(r.lly, r.ury)};
    };
    const auto c = sorted(crop.getArrayAsRectangle()), m = sorted(media.getArrayAsRectangle());
    frame.left = std::max(c[0], m[0]);
    frame.bottom = std::max(c[1], m[1]);
    frame.width = std::min(c[2], m[2]) - frame.left;
    frame.height = std::min(c[3], m[3]) - frame.bottom;
    QPDFObjectHandle rotate = page.getAttribute("/Rotate", false);
    frame.clockwise =
        rotate.isInteger() ? static_cast<int>(((rotate.getIntValue() % 360) + 360) % 360) : 0;
    return frame.width > 0 && frame.height > 0 && frame.clockwise % 90 == 0;
}

SizePt PageFrame::shown_size() const {
    return clockwise % 180 == 0 ? SizePt{width, height} : SizePt{height, width};
}

BoxPt PageFrame::shown(double x0, double y0, double x1, double y1) const {
    const double l = std::min(x0, x1) - left, t = bottom + height - std::max(y0, y1);
    const double w = std::abs(x1 - x0), h = std::abs(y1 - y0);
    switch (clockwise) {
        case 90: return {height - t - h, l, h, w};
        case 180: return {width - l - w, height - t - h, w, h};
        case 270: return {t, width - l - w, h, w};
        default: return {l, t, w, h};
    }
}

}  // namespace avtalskoll::ocr
