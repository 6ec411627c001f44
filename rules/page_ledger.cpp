#include "rules/page_ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace avtalskoll::rules {
namespace {

Finding about_page(const PageReading& page, const char* code, Severity severity,
                   const Message& message) {
    return {.code = code,
            .severity = severity,
            .message = message,
            .file = page.origin.file,
            .page = page.origin.page};
}

// The version of a form that most of its pages are on. Pages that several versions have alike count
// for each; the latest version that is not withdrawn wins a tie.
int chosen_version(const FormSet& forms, const std::vector<int>& versions, const Pages& pages) {
    return *std::max_element(versions.begin(), versions.end(), [&](int a, int b) {
        const auto rank = [&](int f) {
            const auto on = std::count_if(pages.begin(), pages.end(), [&](const PageReading* p) {
                return p->kind == PageKind::Form && p->match.page_in(f) > 0;
            });
            return std::tuple(on, !forms.forms[static_cast<std::size_t>(f)].withdrawn, f);
        };
        return rank(a) < rank(b);
    });
}

// The form's version that is to be used; nullptr when all are withdrawn.
const Form* current_version(const FormSet& forms, const std::vector<int>& versions) {
    const auto at = std::find_if(versions.rbegin(), versions.rend(), [&](int f) {
        return !forms.forms[static_cast<std::size_t>(f)].withdrawn;
    });
    return at == versions.rend() ? nullptr : &forms.forms[static_cast<std::size_t>(*at)];
}

Message described(const UnmatchedPage& unmatched, const FormSet& forms) {
    const auto& [file, page] = unmatched.page->origin;
    switch (unmatched.classification.kind) {
        case StrangeKind::FormAlike: {
            const auto form = static_cast<std::size_t>(unmatched.classification.form);
            return Message("finding.page_looks_like_no_version",
                           {{"title", forms.forms[form].title}, {"file", file}, {"page", page}});
        }
        case StrangeKind::Letter:
            return Message("finding.page_of_letter", {{"file", file}, {"page", page}});
        case StrangeKind::OtherAgreement:
            return Message("finding.page_of_other_agreement", {{"file", file}, {"page", page}});
        case StrangeKind::Illegible:
            return Message("finding.page_illegible", {{"file", file}, {"page", page}});
        default: return Message("finding.page_of_no_agreement", {{"file", file}, {"page", page}});
    }
}

// True when so much of the blank's print is absent that the page may be another version's.
bool lacks_print(const PageReading& page) {
    constexpr int kFewest = 3;
    constexpr double kShare = 0.02;
    if (!page.damage.empty())
        return false;  // print that is lost with a part of the page says nothing of its version
    return page.kind == PageKind::Form &&
           page.print.absent >= std::max<double>(kFewest, kShare * page.print.looked_for);
}

Finding doubtful_version(const PageReading& page, const Form& form) {
    Finding doubt = about_page(
        page, "form_version_unknown", Severity::Review,
        Message("finding.form_version_unknown",
                {{"title", form.title}, {"file", page.origin.file}, {"page", page.origin.page}}));
    doubt.form = form.id;
    return doubt;
}

// The findings on a page besides the agreement that it belongs to.
void note_page(PageLedger& ledger, const PageReading& page, const FormSet& forms) {
    const auto& [file, number] = page.origin;
    if (page.kind == PageKind::Blank)
        ledger.findings.push_back(
            about_page(page, "blank_page", Severity::Info,
                       Message("finding.blank_page", {{"file", file}, {"page", number}})));
    if (!page.damage.empty())
        ledger.findings.push_back(
            about_page(page, "page_damaged", Severity::Review,
                       Message("finding.page_damaged",
                               {{"file", file}, {"page", number}, {"damage", page.damage}})));
    if (page.more_on_sheet && ledger.lacking) {
        ledger.has_unknown_page = true;
        ledger.findings.push_back(
            about_page(page, "page_unknown", Severity::Review,
                       Message("finding.more_on_sheet", {{"file", file}, {"page", number}})));
    }
    if (lacks_print(page))
        ledger.findings.push_back(
            doubtful_version(page, forms.forms[static_cast<std::size_t>(page.match.form)]));
    if (page.kind != PageKind::Unreadable) return;
    ledger.has_unknown_page = true;
    ledger.findings.push_back(
        about_page(page, "page_unreadable", Severity::Review,
                   Message("finding.page_unreadable",
                           {{"file", file}, {"page", number}, {"trouble", page.trouble}})));
}

bool applies(const Requirement& requirement, const std::optional<bool>& personal_data) {
    return requirement.when == RequiredWhen::Always || personal_data.value_or(true);
}

// The forms' indices by their ids, in the order of each id's first version.
std::vector<std::vector<int>> versions_of_forms(const FormSet& forms) {
    std::vector<std::vector<int>> versions;
    for (std::size_t f = 0; f < forms.forms.size(); ++f) {
        const auto same = std::find_if(versions.begin(), versions.end(), [&](const auto& list) {
            return forms.forms[static_cast<std::size_t>(list.front())].id == forms.forms[f].id;
        });
        auto& list = same == versions.end() ? versions.emplace_back() : *same;
        list.push_back(static_cast<int>(f));
    }
    return versions;
}

Finding mixed_versions(const Form& form, const std::set<std::string>& others) {
    return {.code = "form_versions_mixed",
            .severity = Severity::Error,
            .message = Message("finding.form_versions_mixed",
                               {{"title", form.title},
                                {"version", form.version},
                                {"others", fmt::format("{}", fmt::join(others, ", "))}}),
            .form = form.id};
}

// `current`: null when no version is to be used.
Finding withdrawn_version(const Form& form, const Form* current) {
    Message message =
        current
            ? Message(
                  "finding.form_version_replaced",
                  {{"title", form.title}, {"version", form.version}, {"current", current->version}})
            : Message("finding.form_version_withdrawn",
                      {{"title", form.title}, {"version", form.version}});
    return {.code = "form_version_withdrawn",
            .severity = Severity::Error,
            .message = std::move(message),
            .form = form.id};
}

// The pages of one agreement, in the version that most of them are on.
LedgerEntry entry_of(const std::vector<int>& versions, const Pages& pages, const FormSet& forms,
                     std::vector<Finding>& findings) {
    LedgerEntry entry;
    entry.form = chosen_version(forms, versions, pages);
    const Form& form = forms.forms[static_cast<std::size_t>(entry.form)];
    entry.pages.resize(form.pages.size());
    std::set<std::string> others;
    for (const PageReading* page : pages) {
        if (page->kind != PageKind::Form) continue;
        const Form& seen = forms.forms[static_cast<std::size_t>(page->match.form)];
        if (seen.id != form.id) continue;
        if (const int as = page->match.page_in(entry.form)) {
            entry.pages[static_cast<std::size_t>(as - 1)].push_back(page);
        } else {
            others.insert(seen.version);
            entry.in_other_version.insert(page->match.form_page);
        }
    }
    if (!others.empty()) findings.push_back(mixed_versions(form, others));
    if (form.withdrawn && entry.present())
        findings.push_back(withdrawn_version(form, current_version(forms, versions)));
    return entry;
}

}  // namespace

bool is_required(const FormSet& forms, const std::string& form,
                 const std::optional<bool>& personal_data) {
    return std::any_of(forms.requirements.begin(), forms.requirements.end(),
                       [&](const Requirement& r) {
                           return applies(r, personal_data) && r.any_of == std::vector{form};
                       });
}

bool is_alternative(const FormSet& forms, const std::string& form) {
    return std::any_of(
        forms.requirements.begin(), forms.requirements.end(), [&](const Requirement& r) {
            return r.any_of.size() > 1 &&
                   std::find(r.any_of.begin(), r.any_of.end(), form) != r.any_of.end();
        });
}

bool PageLedger::is_empty() const {
    return std::none_of(entries.begin(), entries.end(),
                        [](const LedgerEntry& entry) { return entry.present(); });
}

bool PageLedger::lacks(const Requirement& requirement, const FormSet& forms,
                       const std::optional<bool>& personal_data) const {
    return applies(requirement, personal_data) &&
           std::none_of(entries.begin(), entries.end(), [&](const LedgerEntry& entry) {
               const std::string& id = forms.forms[static_cast<std::size_t>(entry.form)].id;
               return entry.present() &&
                      std::find(requirement.any_of.begin(), requirement.any_of.end(), id) !=
                          requirement.any_of.end();
           });
}

bool LedgerEntry::present() const {
    return std::any_of(pages.begin(), pages.end(),
                       [](const auto& copies) { return !copies.empty(); });
}

bool LedgerEntry::lacks_a_page() const {
    return std::any_of(pages.begin(), pages.end(),
                       [](const auto& copies) { return copies.empty(); });
}

PageLedger make_ledger(const FormSet& forms, const HandIns& hand_ins,
                       const std::optional<bool>& personal_data) {
    PageLedger ledger;
    ledger.replaced = hand_ins.replaced;
    ledger.findings = hand_ins.findings;
    for (const std::vector<int>& versions : versions_of_forms(forms)) {
        LedgerEntry entry = entry_of(versions, hand_ins.counting, forms, ledger.findings);
        const std::string& id = forms.forms[static_cast<std::size_t>(entry.form)].id;
        const bool expected = entry.present() || is_required(forms, id, personal_data);
        ledger.lacking |= expected && entry.lacks_a_page();
        ledger.entries.push_back(std::move(entry));
    }
    ledger.lacking |=
        ledger.is_empty() ||
        std::any_of(forms.requirements.begin(), forms.requirements.end(),
                    [&](const Requirement& r) { return ledger.lacks(r, forms, personal_data); });
    return ledger;
}

void complete_ledger(PageLedger& ledger, const Pages& pages, const FormSet& forms,
                     const PageWords& words) {
    for (const PageReading* page : pages) {
        if (page->kind == PageKind::Foreign || page->kind == PageKind::Unknown) {
            ledger.unmatched.push_back({page, tell_strange_page(*page, forms, words)});
            ledger.has_unknown_page |=
                !is_surely_another(ledger.unmatched.back().classification, *page);
        }
        note_page(ledger, *page, forms);
    }
    for (const UnmatchedPage& unmatched : ledger.unmatched)
        ledger.findings.push_back(about_page(*unmatched.page, "page_unknown",
                                             ledger.lacking ? Severity::Review : Severity::Info,
                                             described(unmatched, forms)));
}

}  // namespace avtalskoll::rules
