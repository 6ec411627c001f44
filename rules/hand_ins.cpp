#include "rules/hand_ins.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "models/reading.h"
#include "rules/field_rule.h"

namespace avtalskoll::rules {
namespace {

bool holds_something(const FieldReading& field) {
    const bool is_ticked =
        std::any_of(field.ticks.begin(), field.ticks.end(),
                    [](const TickMeasure& tick) { return tick.tick != Tick::Empty; });
    const bool is_signed = field.signature && field.signature->belief(PlaceInk::Nothing) < 0.5;
    return is_ticked || is_signed || field.ink.fill == Fill::Filled ||
           field.ink.fill == Fill::CrossedOut;
}

bool is_filled_in(const PageReading& page) {
    return std::any_of(page.fields.begin(), page.fields.end(), holds_something);
}

// The organisation numbers that are surely read on form pages.
std::set<std::string> sure_numbers(const Pages& pages, const FormSet& forms,
                                   const RuleWords& words) {
    std::set<std::string> numbers;
    for (const PageReading* page : pages)
        for (const FieldReading& reading : page->fields) {
            const Field& field = field_of(forms, reading.ref);
            if (field.kind != FieldKind::OrganisationNumber) continue;
            const FieldReport judged = judge_field(field, reading, words);
            if (judged.verdict == FieldVerdict::Ok && judged.value)
                numbers.insert(judged.normalized.value_or(*judged.value));
        }
    return numbers;
}

bool have_one_in_common(const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const auto& one) { return b.contains(one); });
}

Finding about(const PageReading& page, const char* code, Severity severity, Message message) {
    return {.code = code,
            .severity = severity,
            .message = std::move(message),
            .file = page.origin.file,
            .page = page.origin.page};
}

// Settles one hand-in after the other, oldest first.
class Settling {
public:
    Settling(const FormSet& forms, const RuleWords& words) : forms_(forms), words_(words) {}

    void take(const Pages& hand_in) {
        Pages form_pages;
        for (const PageReading* page : hand_in)
            if (page->kind == PageKind::Form) form_pages.push_back(page);
            else settled_.counting.push_back(page);
        std::set<std::string> numbers = sure_numbers(form_pages, forms_, words_);
        if (!numbers.empty() && !numbers_.empty() && !have_one_in_common(numbers, numbers_))
            return refuse(form_pages);
        numbers_.merge(numbers);
        std::map<Place, Pages> newer;
        for (const PageReading* page : form_pages) take_page(*page, newer);
        for (auto& [place, pages] : newer) there_[place] = std::move(pages);
    }

    HandIns settled() {
        for (const auto& [place, pages] : there_)
            settled_.counting.insert(settled_.counting.end(), pages.begin(), pages.end());
        return std::move(settled_);
    }

private:
    using Place = std::pair<std::string, int>;  // a form's id and its page, of any version

    void refuse(const Pages& form_pages) {
        std::set<std::string> told;  // one page of each file is for a person
        for (const PageReading* page : form_pages)
            settled_.findings.push_back(
                about(*page, "other_organisation",
                      told.insert(page->origin.file).second ? Severity::Review : Severity::Info,
                      Message("finding.other_organisation",
                              {{"file", page->origin.file}, {"page", page->origin.page}})));
    }

    void take_page(const PageReading& page, std::map<Place, Pages>& newer) {
        const Place place{forms_.forms[static_cast<std::size_t>(page.match.form)].id,
                          page.match.form_page};
        const Pages& earlier = there_[place];
        const bool is_poorer = !is_filled_in(page) && std::any_of(earlier.begin(), earlier.end(),
                                                                  [](const PageReading* one) {
                                                                      return is_filled_in(*one);
                                                                  });
        if (is_poorer) {
            settled_.findings.push_back(
                about(page, "page_not_filled_in", Severity::Info,
                      Message("finding.page_not_filled_in",
                              {{"file", page.origin.file}, {"page", page.origin.page}})));
            return;
        }
        if (newer[place].empty())
            for (const PageReading* old : earlier) replace(*old, page);
        newer[place].push_back(&page);
    }

    void replace(const PageReading& old, const PageReading& by) {
        settled_.replaced.push_back({&old, &by});
        settled_.findings.push_back(
            about(old, "page_replaced", Severity::Info,
                  Message("finding.page_replaced", {{"file", old.origin.file},
                                                    {"page", old.origin.page},
                                                    {"new_file", by.origin.file},
                                                    {"new_page", by.origin.page}})));
    }

    const FormSet& forms_;
    const RuleWords& words_;
    HandIns settled_;
    std::map<Place, Pages> there_;
    std::set<std::string> numbers_;
};

}  // namespace

HandIns settle_hand_ins(const Pages& pages, const FormSet& forms, const RuleWords& words) {
    std::map<int, Pages> hand_ins;
    for (const PageReading* page : pages) hand_ins[page->hand_in].push_back(page);
    if (hand_ins.size() < 2) return {pages, {}, {}};
    Settling settling(forms, words);
    for (const auto& [number, of_hand_in] : hand_ins) settling.take(of_hand_in);
    HandIns settled = settling.settled();
    // The ledger looks at pages in the documents' order.
    const Pages counting = std::move(settled.counting);
    for (const PageReading* page : pages)
        if (std::find(counting.begin(), counting.end(), page) != counting.end())
            settled.counting.push_back(page);
    return settled;
}

}  // namespace avtalskoll::rules
