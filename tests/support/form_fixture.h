// A small made-up form set for rules that need no blank: one form that is always required, one for
// personal data.
#pragma once
#include <map>

#include "models/document_reading.h"
#include "models/form.h"
#include "models/submission.h"
#include "rules/page_ledger.h"

namespace avtalskoll {

inline Field make_field(const char* id, FieldKind kind, int page) {
    Field field;
    field.id = id;
    field.label = id;
    field.kind = kind;
    field.place = {page, {10, 10, 100, 20}};
    return field;
}

inline FormSet make_form_set() {
    FormSet set;
    Field number = make_field("organisation_number", FieldKind::OrganisationNumber, 1);
    number.name_field = "organisation";
    const FormPoint parties{
        "1", "Parter", {make_field("organisation", FieldKind::Text, 1), number}};
    Form lease{"lease",
               "1.0",
               "Arrende",
               false,
               {},
               {{595, 842}, {595, 842}},
               {parties, {"9", "Underskrift", {make_field("signature", FieldKind::Signature, 2)}}}};
    Form privacy{"privacy", "1.0", "Sekretess", false, {}, {{595, 842}}, {parties}};
    set.forms = {lease, privacy};
    set.requirements = {{{"lease"}, RequiredWhen::Always},
                        {{"privacy"}, RequiredWhen::PersonalData}};
    return set;
}

inline FieldReading written_reading(FieldRef ref, const char* text) {
    FieldReading reading;
    reading.ref = ref;
    reading.ink = {Fill::Filled, 20, 0.99, 0};
    reading.votes = {{"latin", text, 0.95, 0.95}, {"swe", text, 0.95, 0.95}};
    return reading;
}

inline PageReading form_page(const char* file, int page, int form, int number) {
    PageReading reading;
    reading.origin = {file, page};
    reading.kind = PageKind::Form;
    reading.match = {form, number, 0, 0.99, 0.99, {}};
    return reading;
}

// Page 1 of a form of make_form_set(), filled in.
inline PageReading party_page(const char* file, int page, int form, const char* organisation,
                              const char* number) {
    PageReading reading = form_page(file, page, form, 1);
    reading.fields = {written_reading({form, 0, 0}, organisation),
                      written_reading({form, 0, 1}, number)};
    return reading;
}

// The answer of the judge of signature places: `belief` that it is `ink`, the rest that there is
// nothing.
inline SignatureMeasure judged_ink(PlaceInk ink, double belief) {
    SignatureMeasure measure;
    measure.beliefs[static_cast<std::size_t>(PlaceInk::Nothing)] = 1 - belief;
    measure.beliefs[static_cast<std::size_t>(ink)] += belief;
    return measure;
}

// Page 2 of the lease, signed with a belief.
inline PageReading signature_page(const char* file, int page, double belief) {
    PageReading reading = form_page(file, page, 0, 2);
    FieldReading signature;
    signature.ref = {0, 1, 0};
    signature.signature = judged_ink(PlaceInk::Signature, belief);
    reading.fields = {signature};
    return reading;
}

inline PageReading other_page(const char* file, int page, PageKind kind) {
    PageReading reading;
    reading.origin = {file, page};
    reading.kind = kind;
    return reading;
}

// The documents that hold these pages, numbered again in their order.
inline std::vector<DocumentReading> documents_of(const std::vector<PageReading>& pages) {
    std::map<std::string, std::vector<PageReading>> by_file;
    for (PageReading page : pages) {
        auto& list = by_file[page.origin.file];
        page.origin.page = static_cast<int>(list.size() + 1);
        list.push_back(std::move(page));
    }
    std::vector<DocumentReading> documents;
    for (const auto& [name, list] : by_file)
        documents.push_back(
            DocumentReading::whole({name, "", static_cast<int>(list.size())}, list));
    return documents;
}

// The completed ledger of these pages, which must outlive it.
inline rules::PageLedger whole_ledger(const FormSet& forms, const Pages& pages,
                                      const std::optional<bool>& personal_data = false,
                                      const rules::PageWords& words = {}) {
    const rules::HandIns hand_ins = rules::settle_hand_ins(pages, forms, {});
    rules::PageLedger ledger = rules::make_ledger(forms, hand_ins, personal_data);
    rules::complete_ledger(ledger, hand_ins.counting, forms, words);
    return ledger;
}

// `submission` with the files that the documents are.
inline Submission submission_of(Submission submission,
                                const std::vector<DocumentReading>& documents) {
    for (const DocumentReading& document : documents)
        submission.files.push_back({document.file().name, {}});
    return submission;
}

}  // namespace avtalskoll
