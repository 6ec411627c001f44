#include "ocr/sandboxed/page_parts.h"

#include <algorithm>
#include <qpdf/Buffer.hh>
#include <qpdf/Pl_Buffer.hh>
#include <qpdf/Pl_Discard.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFAnnotationObjectHelper.hh>
#include <qpdf/QPDFFormFieldObjectHelper.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <qpdf/QPDFWriter.hh>

#include "ocr/sandboxed/picture_damage.h"

namespace avtalskoll::ocr {
namespace {

using Object = QPDFObjectHandle;

constexpr int kMostDepth = 8;  // forms within forms
constexpr std::size_t kMostPictures = 2'000;

bool is_true(Object dictionary, const char* key) {
    return dictionary.getKey(key).isBool() && dictionary.getKey(key).getBoolValue();
}

// Everything that the page's resources name, each once, in a fixed order: the same in a copy of the
// page.
class ResourceWalk {
public:
    std::vector<Object> pictures, forms;

    void walk(Object resources, int depth = 0) {
        if (!resources.isDictionary() || depth > kMostDepth || pictures.size() > kMostPictures)
            return;
        for (const char* kind : {"/XObject", "/Pattern"}) {
            Object named = resources.getKey(kind);
            if (!named.isDictionary()) continue;
            for (const std::string& name : named.getKeys()) take(named.getKey(name), depth);
        }
    }

private:
    void take(Object object, int depth) {
        if (!object.isStream() || !seen_.insert(object.getObjGen()).second) return;
        Object dictionary = object.getDict();
        if (dictionary.getKey("/Subtype").isNameAndEquals("/Image")) {
            pictures.push_back(object);
            return;
        }
        forms.push_back(object);
        walk(dictionary.getKey("/Resources"), depth + 1);
    }

    std::set<QPDFObjGen> seen_;
};

ResourceWalk walked(QPDFPageObjectHelper& page) {
    ResourceWalk walk;
    walk.walk(page.getAttribute("/Resources", false));
    return walk;
}

// Notes whether the content holds pictures itself.
class InlineFinder : public Object::ParserCallbacks {
public:
    void handleObject(Object object) override {
        if (!object.isInlineImage()) return;
        found = true;
        terminateParsing();
    }
    void handleEOF() override {}
    bool found = false;
};

// Leaves out the pictures within a content.
class InlineRemover : public Object::TokenFilter {
public:
    void handleToken(QPDFTokenizer::Token const& token) override {
        if (token.isWord("BI")) inside_ = true;
        if (!inside_) writeToken(token);
        if (token.isWord("EI")) inside_ = false;
    }

private:
    bool inside_ = false;
};

std::string without_inline_pictures(Object content, bool is_page) {
    InlineRemover remover;
    Pl_Buffer kept("kept");
    if (is_page) content.filterPageContents(&remover, &kept);
    else content.filterAsContents(&remover, &kept);
    const auto buffer = kept.getBufferSharedPointer();
    return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

bool is_opaque(Object picture) {
    Object dictionary = picture.getDict();
    const bool masked = dictionary.hasKey("/SMask") || dictionary.hasKey("/Mask") ||
                        dictionary.hasKey("/SMaskInData");
    return !masked && !is_true(dictionary, "/ImageMask");
}

bool has_soft_mask(Object picture) {
    Object mask = picture.getDict().getKey("/SMask");
    if (!mask.isStream()) return picture.getDict().hasKey("/SMaskInData");
    Object bits = mask.getDict().getKey("/BitsPerComponent");
    return !bits.isInteger() || bits.getIntValue() > 1;
}

double pixels_of(Object picture) {
    Object width = picture.getDict().getKey("/Width"), height = picture.getDict().getKey("/Height");
    return width.isInteger() && height.isInteger()
               ? double(width.getIntValue()) * double(height.getIntValue())
               : 0;
}

bool is_broken(Object picture) {
    Object mask = picture.getDict().getKey("/SMask");
    return breaks_off(picture) || (mask.isStream() && breaks_off(mask));
}

// True when a page's content can be unpacked to its end.
bool content_is_broken(QPDFPageObjectHelper& page) {
    Object contents = page.getObjectHandle().getKey("/Contents");
    std::vector<Object> streams;
    if (contents.isStream()) streams.push_back(contents);
    if (contents.isArray()) streams = contents.getArrayAsVector();
    return std::any_of(streams.begin(), streams.end(), [](Object& stream) {
        Pl_Discard nowhere;
        bool decoded = false;
        return stream.isStream() &&
               !stream.pipeStreamData(&nowhere, &decoded, 0, qpdf_dl_specialized, true);
    });
}

BoxPt box_in(Object rectangle, const PageFrame& frame) {
    const Object::Rectangle r = rectangle.getArrayAsRectangle();
    return frame.shown(r.llx, r.lly, r.urx, r.ury);
}

void read_annotations(QPDFPageObjectHelper& page, const PageFrame& frame, PageParts& parts) {
    constexpr int kHidden = 2, kNoView = 32;  // ISO 32000-1, 12.5.3
    for (QPDFAnnotationObjectHelper& annotation : page.getAnnotations()) {
        Object object = annotation.getObjectHandle();
        const std::string subtype = annotation.getSubtype();
        if (!object.getKey("/Rect").isRectangle() ||
            (annotation.getFlags() & (kHidden | kNoView)) != 0)
            continue;
        const BoxPt box = box_in(object.getKey("/Rect"), frame);
        if (subtype == "/Widget") {
            QPDFFormFieldObjectHelper field(object);
            const std::string value = field.getFieldType() == "/Tx" ? field.getValueAsString() : "";
            if (field.getFieldType() == "/Tx") parts.typed.emplace_back(box, value);
        } else if (subtype != "/Link" && subtype != "/Popup") {
            parts.annotations.push_back(box);
        }
    }
}

// Takes the place of a picture that is left out: a stencil of one point that paints nothing.
void blank_out(Object picture) {
    picture.replaceDict(
        Object::parse("<</Type /XObject /Subtype /Image /ImageMask true /Width 1 /Height 1 "
                      "/BitsPerComponent 1>>"));
    picture.replaceStreamData(std::string("\xFF"), Object::newNull(), Object::newNull());
}

}  // namespace

std::optional<PageParts> parts_of(const PdfStructure& pdf, int index, bool damage) try {
    QPDFPageObjectHelper& page = pdf.pages().at(static_cast<std::size_t>(index));
    PageFrame frame;
    if (!PageFrame::of(page, frame)) return std::nullopt;
    PageParts parts;
    parts.size = frame.shown_size();
    ResourceWalk walk = walked(page);
    for (Object& picture : walk.pictures)
        parts.pictures.push_back({pixels_of(picture), is_opaque(picture), has_soft_mask(picture),
                                  damage && is_broken(picture)});
    InlineFinder inline_pictures;
    page.getObjectHandle().parsePageContents(&inline_pictures);
    for (Object& form : walk.forms)
        if (!inline_pictures.found) form.parseAsContents(&inline_pictures);
    parts.inline_pictures = inline_pictures.found;
    parts.broken_content = damage && content_is_broken(page);
    read_annotations(page, frame, parts);
    return parts;
} catch (const std::exception&) {
    return std::nullopt;
}

std::string page_with_pictures(const PdfStructure& pdf, int index,
                               const std::set<std::size_t>& kept, bool inline_too) try {
    QPDFPageObjectHelper& original = pdf.pages().at(static_cast<std::size_t>(index));
    Object bare = original.getObjectHandle().shallowCopy();
    for (const char* key : {"/Annots", "/Parent", "/B"}) bare.removeKey(key);
    QPDF one;
    one.setSuppressWarnings(true);
    one.emptyPDF();
    one.addPage(pdf.document().makeIndirectObject(bare), false);
    QPDFPageObjectHelper page = QPDFPageDocumentHelper(one).getAllPages().at(0);
    ResourceWalk walk = walked(page);
    for (std::size_t i = 0; i < walk.pictures.size(); ++i)
        if (!kept.contains(i)) blank_out(walk.pictures[i]);
    if (!inline_too) {
        page.getObjectHandle().replaceKey(
            "/Contents", one.newStream(without_inline_pictures(page.getObjectHandle(), true)));
        for (Object& form : walk.forms)
            form.replaceStreamData(without_inline_pictures(form, false), Object::newNull(),
                                   Object::newNull());
    }
    QPDFWriter writer(one);
    writer.setOutputMemory();
    writer.setStaticID(true);
    writer.setObjectStreamMode(qpdf_o_disable);
    writer.setCompressStreams(false);
    writer.write();
    const auto buffer = writer.getBufferSharedPointer();
    return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
} catch (const std::exception&) {
    return {};
}

}  // namespace avtalskoll::ocr
