#include "pipeline/acroform.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFAcroFormDocumentHelper.hh>
#include <qpdf/QPDFFormFieldObjectHelper.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>

#include "models/error.h"

namespace avtalskoll::pipeline {
namespace {

struct UprightBox {
    double left, bottom, right, top;
};

UprightBox upright(const QPDFObjectHandle::Rectangle& r) { return {std::min(r.llx, r.urx), std::min(r.lly, r.ury), std::max(r.llx, r.urx), std::max(r.lly, r.ury)}; }

constexpr int kMultiline = 1 << 12;  // ISO 32000-1, 12.7.4.3

void refuse_odd_size(const std::filesystem::path& pdf, std::size_t page, const SizePt& size) {
    constexpr double kA5Short_pt = 419, kA5Long_pt = 595, kA3Short_pt = 842, kA3Long_pt = 1191, kSlack_pt = 25;
    const double longer = std::max(size.w, size.h), shorter = std::min(size.w, size.h);
    if (shorter < kA5Short_pt - kSlack_pt || longer < kA5Long_pt - kSlack_pt || shorter > kA3Short_pt + kSlack_pt || longer > kA3Long_pt + kSlack_pt)
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: page {} is {:.0f} x {:.0f} points; a form's pages are between A5 (420 x 595) and A3 (842 x 1191)", pdf.string(), page, size.w, size.h));
}

void refuse_other_files(const std::filesystem::path& pdf) {
    std::ifstream in(pdf, std::ios::binary);
    std::string head(1024, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(in.gcount()));
    if (head.find("%PDF-") == std::string::npos)
        throw Error(ErrorKind::BadInput, fmt::format("{}: is no PDF{}; save or print the blank as a PDF first", pdf.string(),
                                                     head.empty()                       ? " but an empty file"
                                                     : head.starts_with("\xFF\xD8\xFF") ? " but a JPEG picture"
                                                     : head.starts_with("\x89PNG")      ? " but a PNG picture"
                                                                                        : ""));
}

}  // namespace

BlankLayout read_blank_layout(const std::filesystem::path& pdf) try {
    refuse_other_files(pdf);
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
        refuse_odd_size(pdf, layout.pages.size(), layout.pages.back());
        for (QPDFAnnotationObjectHelper& widget : acroform.getWidgetAnnotationsForPage(page)) {
            QPDFFormFieldObjectHelper field = acroform.getFieldForAnnotation(widget);
            const bool signature = field.getFieldType() == "/Sig";
            if (!signature && !field.isText()) continue;
            const UprightBox r = upright(widget.getRect());
            const int number = static_cast<int>(layout.pages.size());
            const BoxPt place{r.left - box.left, box.top - r.top, r.right - r.left, r.top - r.bottom};
            const auto [at, first] =
                layout.fields.emplace(field.getFullyQualifiedName(), FillableField{{number, place}, field.getAlternativeName(), signature, (field.getFlags() & kMultiline) != 0});
            if (!first)
                throw Error(ErrorKind::BadInput,
                            fmt::format("{}: two fields have the name '{}' (pages {} and {}); give each its own name", pdf.string(), at->first, at->second.place.page, number));
        }
    }
    return layout;
} catch (const Error&) {
    throw;
} catch (const QPDFExc& e) {
    if (e.getErrorCode() == qpdf_e_password) throw Error(ErrorKind::BadInput, fmt::format("{}: is protected by a password; save a copy without one", pdf.string()));
    throw Error(ErrorKind::BadInput, fmt::format("{}: the blank is damaged and cannot be read ({}); save it anew", pdf.string(), e.getMessageDetail()));
} catch (const std::exception& e) {
    throw Error(ErrorKind::BadInput, fmt::format("{}: the blank cannot be read: {}", pdf.string(), e.what()));
}

}  // namespace avtalskoll::pipeline
