#include "pipeline/acroform.h"

#include <fmt/format.h>

#include <algorithm>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFAcroFormDocumentHelper.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>

#include "models/error.h"

namespace avtalskoll::pipeline {
namespace {

struct UprightBox {
    double left, bottom, right, top;
};

UprightBox upright(const QPDFObjectHandle::Rectangle& r) { return {std::min(r.llx, r.urx), std::min(r.lly, r.ury), std::max(r.llx, r.urx), std::max(r.lly, r.ury)}; }

}  // namespace

BlankLayout read_blank_layout(const std::filesystem::path& pdf) try {
    QPDF document;
    document.setSuppressWarnings(true);
    document.processFile(pdf.c_str());
    BlankLayout layout;
    QPDFAcroFormDocumentHelper acroform(document);
    for (QPDFPageObjectHelper& page : QPDFPageDocumentHelper(document).getAllPages()) {
        const UprightBox box = upright(page.getCropBox().getArrayAsRectangle());
        QPDFObjectHandle turned = page.getAttribute("/Rotate", false);
        if (turned.isInteger() && turned.getIntValue() % 360 != 0)
            throw Error(ErrorKind::BadInput, fmt::format("{}: page {} is rotated (/Rotate); save the blank upright", pdf.string(), layout.pages.size() + 1));
        layout.pages.push_back({box.right - box.left, box.top - box.bottom});
        for (QPDFAnnotationObjectHelper& widget : acroform.getWidgetAnnotationsForPage(page)) {
            const UprightBox r = upright(widget.getRect());
            const std::string name = acroform.getFieldForAnnotation(widget).getFullyQualifiedName();
            layout.fields.emplace(name, Place{static_cast<int>(layout.pages.size()), {r.left - box.left, box.top - r.top, r.right - r.left, r.top - r.bottom}});
        }
    }
    return layout;
} catch (const Error&) {
    throw;
} catch (const std::exception& e) {
    throw Error(ErrorKind::BadInput, fmt::format("{}: the blank cannot be read: {}", pdf.string(), e.what()));
}

}  // namespace avtalskoll::pipeline
