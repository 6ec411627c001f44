#include "ocr/sandboxed/pdf_facts.h"

#include <poppler.h>

#include <memory>

#include "ocr/sandboxed/pdf_signatures.h"

namespace avtalskoll::ocr {
namespace {

struct Unref {
    void operator()(gpointer object) const { g_object_unref(object); }
};

}  // namespace

nlohmann::json document_facts(const std::vector<char>& pdf, const PdfStructure& structure) {
    nlohmann::json facts{{"signatures", nlohmann::json::array()},
                         {"attachments", structure.attachments()}};
    if (!structure.has_form() && !may_bear_signature(pdf)) return facts;
    GBytes* const bytes = g_bytes_new_static(pdf.data(), pdf.size());
    const std::unique_ptr<PopplerDocument, Unref> document(
        poppler_document_new_from_bytes(bytes, nullptr, nullptr));
    g_bytes_unref(bytes);
    facts["signatures"] = pdf_signatures(document.get(), pdf);
    return facts;
}

}  // namespace avtalskoll::ocr
