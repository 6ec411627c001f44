#include "ocr/sandboxed/pdf_signatures.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <exception>
#include <map>
#include <optional>
#include <qpdf/QPDF.hh>
#include <qpdf/QUtil.hh>
#include <set>
#include <string>
#include <string_view>

namespace avtalskoll::ocr {
namespace {

using nlohmann::json;

// Poppler's answer on a signed field.
struct CheckedSignature {
    std::string signer, time;
    const char* validity = "unchecked";
};

// A signature dictionary of the file.
struct FoundSignature {
    std::string field;  // name of the field that it is the value of; empty: of none
    std::string signer, time;
    bool time_stamp = false;
    bool whole_file = false;
};

const char* validity_of(PopplerSignatureStatus status) {
    switch (status) {
        case POPPLER_SIGNATURE_VALID: return "unchanged";
        case POPPLER_SIGNATURE_INVALID:
        case POPPLER_SIGNATURE_DIGEST_MISMATCH: return "changed";
        default: return "unchecked";
    }
}

std::string time_of(const PopplerSignatureInfo* info) {
    GDateTime* local = poppler_signature_info_get_local_signing_time(info);
    if (!local || g_date_time_to_unix(local) == 0) return {};  // 1970 stands for "not told"
    GDateTime* utc = g_date_time_to_utc(local);
    gchar* text = g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ");
    std::string time = text ? text : "";
    g_free(text);
    g_date_time_unref(utc);
    return time;
}

// By the name of their field. A field that nobody signed is among them: Poppler does not tell it
// from a bad signature.
std::multimap<std::string, CheckedSignature> checked_signatures(PopplerDocument* document) {
    std::multimap<std::string, CheckedSignature> checked;
    GList* fields = document ? poppler_document_get_signature_fields(document) : nullptr;
    for (const GList* at = fields; at; at = at->next) {
        auto* field = static_cast<PopplerFormField*>(at->data);
        // The network is out of reach on purpose: whose certificate it is stays the reader's to
        // judge.
        PopplerSignatureInfo* info = poppler_form_field_signature_validate_sync(
            field, static_cast<PopplerSignatureValidationFlags>(0), nullptr, nullptr);
        if (!info) continue;
        const PopplerSignatureStatus status = poppler_signature_info_get_signature_status(info);
        if (status != POPPLER_SIGNATURE_NOT_FOUND) {
            gchar* name = poppler_form_field_get_partial_name(field);
            const gchar* signer = poppler_signature_info_get_signer_name(info);
            checked.emplace(name ? name : "", CheckedSignature{signer ? signer : "", time_of(info),
                                                               validity_of(status)});
            g_free(name);
        }
        poppler_signature_info_free(info);
    }
    g_list_free_full(fields, g_object_unref);
    return checked;
}

std::string utc_of(const std::string& pdf_time) {
    QUtil::QPDFTime time;
    if (!QUtil::pdf_time_to_qpdf_time(pdf_time, &time)) return {};
    std::tm parts{};
    parts.tm_year = time.year - 1900;
    parts.tm_mon = time.month - 1;
    parts.tm_mday = time.day;
    parts.tm_hour = time.hour;
    parts.tm_min = time.minute + time.tz_delta;  // minutes west of UTC
    parts.tm_sec = time.second;
    const std::time_t utc = timegm(&parts);
    std::array<char, sizeof "2026-01-01T00:00:00Z"> text{};
    const std::tm* told = std::gmtime(&utc);
    return told && std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", told) > 0
               ? text.data()
               : "";
}

std::string text_at(QPDFObjectHandle dictionary, const char* key) {
    QPDFObjectHandle value = dictionary.getKey(key);
    return value.isString() ? value.getUTF8Value() : std::string();
}

bool is_signature(QPDFObjectHandle object) {
    return object.isDictionary() && object.getKey("/ByteRange").isArray() &&
           object.getKey("/Contents").isString();
}

FoundSignature facts_of(QPDFObjectHandle signature, const std::vector<char>& pdf) {
    std::vector<long long> range;
    for (QPDFObjectHandle number : signature.getKey("/ByteRange").aitems())
        if (number.isInteger()) range.push_back(number.getIntValue());
    QPDFObjectHandle type = signature.getKey("/Type"), filter = signature.getKey("/SubFilter");
    FoundSignature found;
    found.signer = text_at(signature, "/Name");
    found.time = utc_of(text_at(signature, "/M"));
    found.time_stamp = (type.isName() && type.getName() == "/DocTimeStamp") ||
                       (filter.isName() && filter.getName() == "/ETSI.RFC3161");
    found.whole_file = covers_whole_file(range, pdf);
    return found;
}

// The name of a field, which a widget may leave to its parent.
std::string name_of(QPDFObjectHandle field) {
    constexpr int kMostParents = 8;
    for (int i = 0; i < kMostParents && field.isDictionary(); ++i, field = field.getKey("/Parent"))
        if (field.getKey("/T").isString()) return text_at(field, "/T");
    return {};
}

// nullopt when the file's objects cannot be walked.
std::optional<std::vector<FoundSignature>> found_signatures(const std::vector<char>& pdf) try {
    constexpr std::size_t kMostObjects = 200'000;  // a scan of 300 pages has 2,000
    const std::string_view bytes(pdf.data(), pdf.size());
    if (bytes.find("/ByteRange") == std::string_view::npos &&
        bytes.find("/ObjStm") == std::string_view::npos)
        return std::vector<FoundSignature>{};
    QPDF file;
    file.setSuppressWarnings(true);
    file.processMemoryFile("signatures", pdf.data(), pdf.size());
    if (file.getObjectCount() > kMostObjects) return std::nullopt;
    std::vector<FoundSignature> found;
    std::set<QPDFObjGen> told;
    const std::vector<QPDFObjectHandle> objects = file.getAllObjects();
    for (QPDFObjectHandle object : objects) {  // fields first: they give a signature its name
        if (!object.isDictionary()) continue;
        QPDFObjectHandle value = object.getKey("/V");
        if (!is_signature(value) || (value.isIndirect() && !told.insert(value.getObjGen()).second))
            continue;
        found.push_back(facts_of(value, pdf));
        found.back().field = name_of(object);
    }
    for (QPDFObjectHandle object : objects)
        if (is_signature(object) && told.insert(object.getObjGen()).second)
            found.push_back(facts_of(object, pdf));
    return found;
} catch (const std::exception&) {
    return std::nullopt;  // a damaged file: the second reader may still know it
}

json entry(const std::string& signer, const std::string& time, const char* validity,
           bool time_stamp) {
    return {{"signer", signer},
            {"time", time},
            {"validity", validity},
            {"kind", time_stamp ? "time_stamp" : "signature"}};
}

}  // namespace

bool may_bear_signature(const std::vector<char>& pdf) {
    return std::string_view(pdf.data(), pdf.size()).find("/ByteRange") != std::string_view::npos;
}

bool covers_whole_file(const std::vector<long long>& range, const std::vector<char>& pdf) {
    const auto size = static_cast<long long>(pdf.size());
    if (range.size() != 4 || range[0] != 0) return false;
    const long long begin = range[1], end = range[2];
    if (begin < 0 || begin >= end || end > size || range[3] != size - end) return false;
    if (pdf[static_cast<std::size_t>(begin)] != '<' ||
        pdf[static_cast<std::size_t>(end) - 1] != '>')
        return false;
    return std::all_of(pdf.begin() + begin + 1, pdf.begin() + end - 1, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return std::isxdigit(byte) != 0 || std::isspace(byte) != 0;
    });
}

json pdf_signatures(PopplerDocument* document, const std::vector<char>& pdf) {
    json signatures = json::array();
    const auto found = found_signatures(pdf);
    if (found && found->empty()) return signatures;
    std::multimap<std::string, CheckedSignature> checked = checked_signatures(document);
    if (!found) {
        for (const auto& [field, said] : checked)
            if (!said.signer.empty() || !said.time.empty())
                signatures.push_back(entry(said.signer, said.time, "unchecked", false));
        return signatures;
    }
    for (const FoundSignature& one : *found) {
        const auto said = checked.find(one.field);
        if (one.field.empty() || said == checked.end()) {
            signatures.push_back(entry(one.signer, one.time,
                                       one.whole_file ? "unchecked" : "partial", one.time_stamp));
            continue;
        }
        const CheckedSignature& by = said->second;
        const bool partial = !one.whole_file && std::string_view(by.validity) != "changed";
        signatures.push_back(entry(by.signer.empty() ? one.signer : by.signer,
                                   by.time.empty() ? one.time : by.time,
                                   partial ? "partial" : by.validity, one.time_stamp));
        checked.erase(said);
    }
    return signatures;
}

}  // namespace avtalskoll::ocr
