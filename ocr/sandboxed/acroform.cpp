#include "ocr/sandboxed/acroform.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFAcroFormDocumentHelper.hh>
#include <qpdf/QPDFFormFieldObjectHelper.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <stdexcept>
#include <string_view>

namespace avtalskoll::ocr {
namespace {

struct UprightBox {
    double left, bottom, right, top;
};

UprightBox upright(const QPDFObjectHandle::Rectangle& r) {
    return {std::min(r.llx, r.urx), std::min(r.lly, r.ury), std::max(r.llx, r.urx),
            std::max(r.lly, r.ury)};
}

constexpr int kMultiline = 1 << 12;  // ISO 32000-1, 12.7.4.3

[[noreturn]] void refuse(const std::string& why) { throw std::runtime_error(why); }

void refuse_odd_size(std::size_t page, double w, double h) {
    constexpr double kA5Short_pt = 419, kA5Long_pt = 595, kA3Short_pt = 842, kA3Long_pt = 1191,
                     kSlack_pt = 25;
    const double longer = std::max(w, h), shorter = std::min(w, h);
    if (shorter < kA5Short_pt - kSlack_pt || longer < kA5Long_pt - kSlack_pt ||
        shorter > kA3Short_pt + kSlack_pt || longer > kA3Long_pt + kSlack_pt)
        refuse(
            fmt::format("page {} is {:.0f} x {:.0f} points; a form's pages are between A5 (420 x "
                        "595) and A3 (842 x 1191)",
                        page, w, h));
}

const char* kind_of_other_file(std::string_view head) {
    if (head.empty()) return " but an empty file";
    if (head.starts_with("\xFF\xD8\xFF")) return " but a JPEG picture";
    return head.starts_with("\x89PNG") ? " but a PNG picture" : "";
}

void refuse_other_files(const std::vector<char>& pdf) {
    const std::string_view head(pdf.data(), std::min<std::size_t>(pdf.size(), 1024));
    if (head.find("%PDF-") == std::string_view::npos)
        refuse(fmt::format("is no PDF{}; save or print the blank as a PDF first",
                           kind_of_other_file(head)));
}

}  // namespace

nlohmann::json read_acroform(const std::vector<char>& pdf) try {
    refuse_other_files(pdf);
    QPDF document;
    document.setSuppressWarnings(true);
    document.processMemoryFile("blank", pdf.data(), pdf.size());
    nlohmann::json pages = nlohmann::json::array(), fields = nlohmann::json::array(),
                   ticks = nlohmann::json::array();
    std::map<std::string, std::size_t> page_of;
    QPDFAcroFormDocumentHelper acroform(document);
    for (QPDFPageObjectHelper& page : QPDFPageDocumentHelper(document).getAllPages()) {
        const std::size_t number = pages.size() + 1;
        const UprightBox box = upright(page.getCropBox().getArrayAsRectangle());
        QPDFObjectHandle turned = page.getAttribute("/Rotate", false);
        if (turned.isInteger() && turned.getIntValue() % 360 != 0)
            refuse(fmt::format("page {} is rotated (/Rotate); save the blank upright", number));
        pages.push_back({box.right - box.left, box.top - box.bottom});
        refuse_odd_size(number, box.right - box.left, box.top - box.bottom);
        for (QPDFAnnotationObjectHelper& widget : acroform.getWidgetAnnotationsForPage(page)) {
            QPDFFormFieldObjectHelper field = acroform.getFieldForAnnotation(widget);
            const bool signature = field.getFieldType() == "/Sig";
            const UprightBox r = upright(widget.getRect());
            const nlohmann::json place{r.left - box.left, box.top - r.top, r.right - r.left,
                                       r.top - r.bottom};
            if (field.isCheckbox() || field.isRadioButton())
                ticks.push_back({{"group", field.getFullyQualifiedName()},
                                 {"page", number},
                                 {"box", place},
                                 {"hint", field.getAlternativeName()}});
            if (!signature && !field.isText()) continue;
            const auto [at, first] = page_of.emplace(field.getFullyQualifiedName(), number);
            if (!first)
                refuse(fmt::format(
                    "two fields have the name '{}' (pages {} and {}); give each its own name",
                    at->first, at->second, number));
            fields.push_back({{"name", at->first},
                              {"page", number},
                              {"box", place},
                              {"hint", field.getAlternativeName()},
                              {"signature", signature},
                              {"multiline", (field.getFlags() & kMultiline) != 0}});
        }
    }
    return {
        {"pages", std::move(pages)}, {"fields", std::move(fields)}, {"ticks", std::move(ticks)}};
} catch (const QPDFExc& e) {
    if (e.getErrorCode() == qpdf_e_password)
        refuse("is protected by a password; save a copy without one");
    refuse(fmt::format("the blank is damaged and cannot be read ({}); save it again",
                       e.getMessageDetail()));
}

}  // namespace avtalskoll::ocr
