// Submissions that are judged by the forms of form_fixture.h.
#pragma once
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "rules/judge_submission.h"
#include "tests/support/form_fixture.h"
#include "tests/support/rule_words.h"

namespace avtalskoll::rules {

inline constexpr const char* kNumber = "212000-0142";
inline constexpr const char* kOther = "556016-0680";

inline Submission submission(std::optional<bool> personal_data, const char* account = "") {
    Submission s;
    s.id = "s1";
    s.personal_data = personal_data;
    s.organisation_number = account;
    return s;
}

inline Report judge_documents(const Submission& s, const std::vector<DocumentReading>& documents,
                              std::vector<Finding> findings = {}) {
    static const FormSet kForms = make_form_set();
    static const Register kNoRegister;
    static const PageWords kWords{{"hej", "med vanlig halsning"},
                                  {"avtalet", "parterna", "uppsagning", "tvist"}};
    return judge_submission(submission_of(s, documents), documents,
                            whole_ledger(kForms, pages_of(documents), s.personal_data, kWords),
                            std::move(findings), {kForms, kNoRegister, kWords, rule_words()});
}

inline Report judge_with(const FormSet& forms, const Submission& s,
                         const std::vector<PageReading>& pages) {
    const Register no_register;
    const auto documents = documents_of(pages);
    return judge_submission(submission_of(s, documents), documents,
                            whole_ledger(forms, pages_of(documents), s.personal_data), {},
                            {forms, no_register, {}, rule_words()});
}

inline Report judge(const Submission& s, const std::vector<PageReading>& pages,
                    std::vector<Finding> findings = {}) {
    return judge_documents(s, documents_of(pages), std::move(findings));
}

inline const Finding* find(const Report& report, const char* code) {
    const auto at = std::find_if(report.findings.begin(), report.findings.end(),
                                 [&](const Finding& f) { return f.code == code; });
    return at == report.findings.end() ? nullptr : &*at;
}

inline std::vector<PageReading> complete_lease() {
    return {party_page("a.pdf", 1, 0, "Exempel", kNumber), signature_page("a.pdf", 2, 0.95)};
}

inline std::vector<PageReading> with(std::vector<PageReading> pages, PageReading one) {
    pages.push_back(std::move(one));
    return pages;
}

}  // namespace avtalskoll::rules
