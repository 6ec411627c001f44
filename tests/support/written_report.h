// A report that was written by hand: an agreement with a number, a phone and a signature, and a
// finding.
#pragma once
#include <string>

#include "models/form.h"

namespace avtalskoll::app {

// The form of the written agreement.
inline FormSet written_forms() {
    const auto field = [](const char* id, const char* label, FieldKind kind) {
        Field made;
        made.id = id;
        made.label = label;
        made.kind = kind;
        return made;
    };
    Form form;
    form.id = "avtal";
    form.version = "1";
    form.points = {{"1",
                    "Parter",
                    {field("number", "Organisationsnummer", FieldKind::OrganisationNumber),
                     field("phone", "Telefon", FieldKind::Phone)}},
                   {"2", "Underskrift", {field("signature", "Underskrift", FieldKind::Signature)}}};
    FormSet forms;
    forms.forms.push_back(form);
    return forms;
}

// The machine's report: the number is wrong, the phone fine, the signature unclear; a page is
// unknown.
inline std::string written_report(const std::string& signature = "unclear",
                                  const std::string& number = "212000-0143") {
    return R"({"submission": {"id": "a", "files": [{"name": "a.pdf", "sha256": null,
        "pages": 2}], "personal_data": null}, "verdict": "incomplete",
        "agreements": [{"form": "avtal", "title": "Avtalet", "version": "1", "required": true,
            "present": true,
            "pages": [{"form_page": 1, "file": "a.pdf", "page": 2, "rotation": 180,
                "confidence": 1}, {"form_page": 2, "file": null, "page": null, "rotation": 0,
                "confidence": 0}],
            "points": [{"point": "1", "title": "Parter", "fields": [
                {"field": "number", "required": true, "verdict": "invalid", "value": ")" +
           number +
           R"(", "reason": "check_digit", "message": "fel", "evidence": {"file": "a.pdf",
               "page": 2, "box": [0.1, 0.2, 0.3, 0.1]}},
                {"field": "phone", "required": true, "verdict": "ok", "value": "0701234567",
                    "reason": null, "message": null, "evidence": null}]},
              {"point": "2", "title": "Underskrift", "fields": [
                {"field": "signature", "required": true, "verdict": ")" +
           signature +
           R"(", "value": null, "reason": "doubtful_signature", "message": "oklart",
               "evidence": null}]}]}],
        "findings": [{"code": "page_unknown", "severity": "review", "message": "Okänd sida",
            "form": null, "point": null, "field": null, "file": "a.pdf", "page": 1}]})";
}

}  // namespace avtalskoll::app
