#include "rules/page_ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace avtalskoll::rules {
namespace {

std::string where(const PageOrigin& origin) { return fmt::format("{}, sidan {}", origin.file, origin.page); }

Finding about_page(const PageReading& page, const char* code, Severity severity, const std::string& message) {
    return {.code = code, .severity = severity, .message = message, .file = page.origin.file, .page = page.origin.page};
}

// The version of a form that most of its pages are on; the latest registered one wins a tie.
int chosen_version(const std::vector<int>& versions, const std::map<int, int>& pages_on) {
    return *std::max_element(versions.begin(), versions.end(), [&](int a, int b) {
        const auto count = [&](int f) { return pages_on.contains(f) ? pages_on.at(f) : 0; };
        return std::pair(count(a), a) < std::pair(count(b), b);
    });
}

}  // namespace

bool LedgerEntry::present() const {
    return std::any_of(pages.begin(), pages.end(), [](const auto& copies) { return !copies.empty(); });
}

PageLedger make_ledger(const FormSet& forms, const std::vector<PageReading>& pages) {
    PageLedger ledger;
    std::map<int, int> pages_on;
    for (const PageReading& page : pages)
        if (page.kind == PageKind::Form) ++pages_on[page.match.form];

    std::map<std::string, std::vector<int>> versions;
    std::vector<std::string> order;
    for (std::size_t f = 0; f < forms.forms.size(); ++f) {
        auto& list = versions[forms.forms[f].id];
        if (list.empty()) order.push_back(forms.forms[f].id);
        list.push_back(static_cast<int>(f));
    }
    for (const std::string& id : order) {
        LedgerEntry entry;
        entry.form = chosen_version(versions[id], pages_on);
        const Form& form = forms.forms[static_cast<std::size_t>(entry.form)];
        entry.pages.resize(form.pages.size());
        for (const PageReading& page : pages)
            if (page.kind == PageKind::Form && page.match.form == entry.form) entry.pages[static_cast<std::size_t>(page.match.form_page - 1)].push_back(&page);
        for (const int other : versions[id])
            if (other != entry.form && pages_on.contains(other))
                ledger.findings.push_back(
                    {.code = "form_versions_mixed",
                     .severity = Severity::Error,
                     .message = fmt::format("{} har sidor från flera versioner: {} och {}.", form.title, form.version, forms.forms[static_cast<std::size_t>(other)].version),
                     .form = id});
        if (form.withdrawn && entry.present())
            ledger.findings.push_back({.code = "form_version_withdrawn",
                                       .severity = Severity::Error,
                                       .message = fmt::format("{} version {} gäller inte längre. Fyll i den senaste versionen.", form.title, form.version),
                                       .form = id});
        ledger.entries.push_back(std::move(entry));
    }
    for (const PageReading& page : pages) {
        if (page.kind == PageKind::Unknown || page.kind == PageKind::Unreadable) ledger.has_unknown_page = true;
        if (page.kind == PageKind::Blank) ledger.findings.push_back(about_page(page, "blank_page", Severity::Info, fmt::format("En tom sida: {}.", where(page.origin))));
        if (page.kind == PageKind::Unreadable)
            ledger.findings.push_back(about_page(page, "page_unreadable", Severity::Review, fmt::format("Sidan kan inte visas ({}): {}.", where(page.origin), page.trouble)));
    }
    const auto lacks_page = [&](const LedgerEntry& entry) {
        const Form& form = forms.forms[static_cast<std::size_t>(entry.form)];
        const bool always =
            std::any_of(forms.requirements.begin(), forms.requirements.end(), [&](const Requirement& r) { return r.form == form.id && r.when == RequiredWhen::Always; });
        return (always || entry.present()) && std::any_of(entry.pages.begin(), entry.pages.end(), [](const auto& copies) { return copies.empty(); });
    };
    const bool lacking = std::any_of(ledger.entries.begin(), ledger.entries.end(), lacks_page);
    for (const PageReading& page : pages)
        if (page.kind == PageKind::Foreign || page.kind == PageKind::Unknown)
            ledger.findings.push_back(
                about_page(page, "page_unknown", lacking ? Severity::Review : Severity::Info, fmt::format("Sidan hör inte till något känt avtal: {}.", where(page.origin))));
    return ledger;
}

}  // namespace avtalskoll::rules
