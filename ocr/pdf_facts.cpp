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

std::string utf8_of(const poppler::ustring& text) {
    const std::vector<char> bytes = text.to_utf8();
    return {bytes.begin(), bytes.end()};
}

bool is_bold(std::string font) {
    std::transform(font.begin(), font.end(), font.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return font.find("bold") != std::string::npos || font.find("black") != std::string::npos || font.find("heavy") != std::string::npos ||
           font.find("bx") != std::string::npos;  // Computer Modern's bold extended
}

json words_of(const poppler::page& page) {
    json words = json::array();
    for (const poppler::text_box& word : page.text_list(poppler::page::text_list_include_font)) {
        const poppler::rectf box = word.bbox();
        words.push_back({{"box", {box.x(), box.y(), box.width(), box.height()}},
                         {"text", utf8_of(word.text())},
                         {"size", word.has_font_info() ? word.get_font_size() : box.height()},
                         {"bold", word.has_font_info() && is_bold(word.get_font_name())}});
    }
    return words;
}

double picture_share_of(PopplerPage* page) {
    double width = 0, height = 0, covered = 0;
    poppler_page_get_size(page, &width, &height);
    GList* pictures = poppler_page_get_image_mapping(page);
    for (const GList* at = pictures; at; at = at->next) {
        const PopplerRectangle& area = static_cast<PopplerImageMapping*>(at->data)->area;
        covered += std::abs((area.x2 - area.x1) * (area.y2 - area.y1));
    }
    poppler_page_free_image_mapping(pictures);
    return covered / std::max(1.0, width * height);
}

json typed_fields(PopplerPage* page) {
    json fields = json::array();
    double width = 0, height = 0;
    poppler_page_get_size(page, &width, &height);
    GList* mapping = poppler_page_get_form_field_mapping(page);
    for (const GList* at = mapping; at; at = at->next) {
        const auto* field = static_cast<PopplerFormFieldMapping*>(at->data);
        if (poppler_form_field_get_field_type(field->field) != POPPLER_FORM_FIELD_TEXT) continue;
        gchar* typed = poppler_form_field_text_get_text(field->field);
        const PopplerRectangle& area = field->area;
        fields.push_back({{"box", {area.x1, height - area.y2, area.x2 - area.x1, area.y2 - area.y1}}, {"value", typed ? typed : ""}});
        g_free(typed);
    }
    poppler_page_free_form_field_mapping(mapping);
    return fields;
}

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

json PdfFacts::page(int index, const poppler::page& page, bool with_pictures) const {
    const poppler::rectf box = page.page_rect(poppler::crop_box);
    const bool on_side = page.orientation() == poppler::page::landscape || page.orientation() == poppler::page::seascape;
    json facts{
        {"words", words_of(page)}, {"fields", json::array()}, {"picture_share", 0.0}, {"size", {on_side ? box.height() : box.width(), on_side ? box.width() : box.height()}}};
    const Owned<PopplerPage> second(impl_->document ? poppler_document_get_page(impl_->document.get(), index) : nullptr);
    if (!second) return facts;
    facts["fields"] = typed_fields(second.get());
    if (with_pictures || !facts["words"].empty() || !facts["fields"].empty()) facts["picture_share"] = picture_share_of(second.get());
    return facts;
}

}  // namespace avtalskoll::ocr
