#include "ocr/pdf_facts.h"

#include <poppler.h>

#include <algorithm>
#include <cctype>
#include <string>

namespace avtalskoll::ocr {
namespace {

using nlohmann::json;

struct Unref {
    void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

const char* validity_of(PopplerSignatureStatus status) {
    switch (status) {
        case POPPLER_SIGNATURE_VALID: return "unchanged";
        case POPPLER_SIGNATURE_INVALID:
        case POPPLER_SIGNATURE_DIGEST_MISMATCH: return "changed";
        default: return "unchecked";
    }
}

// Null for a signature field that nobody has signed.
json signature_of(PopplerFormField* field) {
    // The network is out of reach on purpose: whose certificate it is stays the reader's to judge.
    PopplerSignatureInfo* info = poppler_form_field_signature_validate_sync(field, static_cast<PopplerSignatureValidationFlags>(0), nullptr, nullptr);
    if (!info) return nullptr;
    json signature;
    if (const PopplerSignatureStatus status = poppler_signature_info_get_signature_status(info); status != POPPLER_SIGNATURE_NOT_FOUND) {
        const gchar* signer = poppler_signature_info_get_signer_name(info);
        std::string time;
        if (GDateTime* local = poppler_signature_info_get_local_signing_time(info)) {
            GDateTime* utc = g_date_time_to_utc(local);
            gchar* text = g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ");
            time = text ? text : "";
            g_free(text);
            g_date_time_unref(utc);
        }
        signature = {{"signer", signer ? signer : ""}, {"time", time}, {"validity", validity_of(status)}};
    }
    poppler_signature_info_free(info);
    return signature;
}

}  // namespace

struct PdfFacts::Impl {
    Owned<PopplerDocument> document;
};

PdfFacts::PdfFacts(const std::vector<char>& pdf) : impl_(std::make_unique<Impl>()) {
    GBytes* bytes = g_bytes_new_static(pdf.data(), pdf.size());
    impl_->document.reset(poppler_document_new_from_bytes(bytes, nullptr, nullptr));
    g_bytes_unref(bytes);
}
PdfFacts::~PdfFacts() = default;

json PdfFacts::document() const {
    json signatures = json::array();
    if (impl_->document) {
        GList* fields = poppler_document_get_signature_fields(impl_->document.get());
        for (const GList* at = fields; at; at = at->next)
            if (json signature = signature_of(static_cast<PopplerFormField*>(at->data)); !signature.is_null()) signatures.push_back(std::move(signature));
        g_list_free_full(fields, g_object_unref);
    }
    return {{"signatures", std::move(signatures)}};
}

}  // namespace avtalskoll::ocr
