#include "rules/page_ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace avtalskoll::rules {
namespace {

std::string where(const PageOrigin& origin) { return fmt::format("{}, sidan {}", origin.file, origin.page); }

Finding about_page(const PageReading& page, const char* code, Severity severity, const std::string& message) {
    return {.code = code, .severity = severity, .message = message, .file = page.origin.file, .page = page.origin.page};
}

// The version of a form that most of its pages are on. Pages that several versions have alike count for each; the latest
// version that is not withdrawn wins a tie.
int chosen_version(const FormSet& forms, const std::vector<int>& versions, const std::vector<PageReading>& pages) {
    return *std::max_element(versions.begin(), versions.end(), [&](int a, int b) {
        const auto rank = [&](int f) {
            const auto on = std::count_if(pages.begin(), pages.end(), [&](const PageReading& p) { return p.kind == PageKind::Form && p.match.page_in(f) > 0; });
            return std::tuple(on, !forms.forms[static_cast<std::size_t>(f)].withdrawn, f);
        };
        return rank(a) < rank(b);
    });
}

// The form's version that is to be used; nullptr when all are withdrawn.
const Form* current_version(const FormSet& forms, const std::vector<int>& versions) {
    const auto at = std::find_if(versions.rbegin(), versions.rend(), [&](int f) { return !forms.forms[static_cast<std::size_t>(f)].withdrawn; });
    return at == versions.rend() ? nullptr : &forms.forms[static_cast<std::size_t>(*at)];
}

}  // namespace

bool LedgerEntry::present() const {
    return std::any_of(pages.begin(), pages.end(), [](const auto& copies) { return !copies.empty(); });
}

PageLedger make_ledger(const FormSet& forms, const std::vector<PageReading>& pages) {
    PageLedger ledger;
    std::map<std::string, std::vector<int>> versions;
    std::vector<std::string> order;
    for (std::size_t f = 0; f < forms.forms.size(); ++f) {
        auto& list = versions[forms.forms[f].id];
        if (list.empty()) order.push_back(forms.forms[f].id);
        list.push_back(static_cast<int>(f));
    }
    for (const std::string& id : order) {
        LedgerEntry entry;
        entry.form = chosen_version(forms, versions[id], pages);
        const Form& form = forms.forms[static_cast<std::size_t>(entry.form)];
        entry.pages.resize(form.pages.size());
        std::set<std::string> mixed;
        for (const PageReading& page : pages) {
            if (page.kind != PageKind::Form || forms.forms[static_cast<std::size_t>(page.match.form)].id != id) continue;
            if (const int as = page.match.page_in(entry.form)) entry.pages[static_cast<std::size_t>(as - 1)].push_back(&page);
            else mixed.insert(forms.forms[static_cast<std::size_t>(page.match.form)].version);
        }
        if (!mixed.empty())
            ledger.findings.push_back({.code = "form_versions_mixed",
                                       .severity = Severity::Error,
                                       .message = fmt::format("{} har sidor från flera versioner: {} och {}.", form.title, form.version, fmt::join(mixed, ", ")),
                                       .form = id});
        if (form.withdrawn && entry.present()) {
            const Form* current = current_version(forms, versions[id]);
            ledger.findings.push_back({.code = "form_version_withdrawn",
                                       .severity = Severity::Error,
                                       .message = fmt::format("{} version {} gäller inte längre. Fyll i {}.", form.title, form.version,
                                                              current ? "version " + current->version : "en version som gäller"),
                                       .form = id});
        }
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
