#include "ocr/pdf_facts.h"

#include <poppler.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "ocr/pdf_signatures.h"

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

}  // namespace

struct PdfFacts::Impl {
    const std::vector<char>& pdf;
    Owned<PopplerDocument> document;
};

PdfFacts::PdfFacts(const std::vector<char>& pdf) : impl_(new Impl{pdf, nullptr}) {
    GBytes* bytes = g_bytes_new_static(pdf.data(), pdf.size());
    impl_->document.reset(poppler_document_new_from_bytes(bytes, nullptr, nullptr));
    g_bytes_unref(bytes);
}
PdfFacts::~PdfFacts() = default;

json PdfFacts::document() const { return {{"signatures", pdf_signatures(impl_->document.get(), impl_->pdf)}}; }

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
