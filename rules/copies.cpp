#include "rules/copies.h"

#include <algorithm>
#include <tuple>

#include "models/text.h"
#include "rules/field_rule.h"

namespace avtalskoll::rules {
namespace {

double certainty(const JudgedCopy& copy) {
    double sum = copy.page->match.confidence;
    for (const FieldReport& f : copy.fields)
        sum += (f.verdict == FieldVerdict::Unclear ? 0 : 1) + 0.1 * f.value_confidence.value_or(1);
    return sum;
}

// 2 signed by hand, 1 something is there, 0 nothing or no place for a signature.
int signature_rank(const JudgedCopy& copy) {
    int rank = 0;
    for (const FieldReport& f : copy.fields) {
        if (f.kind != FieldKind::Signature || f.verdict == FieldVerdict::Missing) continue;
        rank = std::max(rank, f.verdict == FieldVerdict::Ok ? 2 : 1);
    }
    return rank;
}

std::ptrdiff_t filled_fields(const JudgedCopy& copy) {
    return std::count_if(copy.fields.begin(), copy.fields.end(),
                         [](const FieldReport& f) { return f.verdict != FieldVerdict::Missing; });
}

const FieldReport* same_field(const JudgedCopy& copy, const FieldRef& ref) {
    for (std::size_t i = 0; i < copy.fields.size(); ++i)
        if (copy.readings[i]->ref == ref) return &copy.fields[i];
    return nullptr;
}

std::string key_of(const FieldReport& f) {
    return folded_words(f.normalized ? *f.normalized : f.value.value_or(""));
}

bool is_surely_read(const FieldReport& f) {
    return f.value && (f.verdict == FieldVerdict::Ok || f.verdict == FieldVerdict::Invalid);
}

// Two texts that were read well are two texts when a letter differs; else one of them may be
// misread.
bool says_otherwise(const FieldReport& a, const FieldReport& b) {
    constexpr double kEveryLetter = 0.97, kSameText = 0.75;
    if (!is_surely_read(a) || !is_surely_read(b)) return false;
    const bool exact =
        is_strict(a.kind) || is_ticked(a.kind) ||
        std::min(a.value_confidence.value_or(0), b.value_confidence.value_or(0)) >= kEveryLetter;
    return exact ? key_of(a) != key_of(b) : similarity(key_of(a), key_of(b)) < kSameText;
}

// The value of another copy, where the paper that counts shows the same less clearly: two sights of
// one value.
void take_clearer_value(FieldReport& field, const FieldReport& other) {
    constexpr double kSameText = 0.75, kSeenTwice = 0.95;
    const bool in_doubt = field.verdict == FieldVerdict::Unclear &&
                          (field.reason == "low_confidence" || field.reason == "not_read");
    if (!in_doubt || other.verdict != FieldVerdict::Ok || !field.value || !other.value) return;
    const bool same = is_strict(field.kind) ? key_of(field) == key_of(other)
                                            : similarity(key_of(field), key_of(other)) >= kSameText;
    if (!same) return;
    field.value = other.value;
    field.normalized = other.normalized;
    field.value_confidence = kSeenTwice;
    decide(field, FieldVerdict::Ok, kSeenTwice, "");
}

// The relation of `other` to `best`, and the fields in which it contradicts it.
CopyRelation compare(const JudgedCopy& best, const JudgedCopy& other,
                     std::set<std::size_t>& contested) {
    CopyRelation relation = CopyRelation::Same;
    bool contradicts = false;
    for (std::size_t i = 0; i < best.fields.size(); ++i) {
        const FieldReport& mine = best.fields[i];
        const FieldReport* theirs = same_field(other, best.readings[i]->ref);
        if (!theirs) continue;
        const bool mine_is_empty = mine.verdict == FieldVerdict::Missing,
                   theirs_is_empty = theirs->verdict == FieldVerdict::Missing;
        if (theirs_is_empty && !mine_is_empty) relation = CopyRelation::Lesser;
        // A value that only an unsigned copy holds may be meant, but nobody signed it.
        if (!says_otherwise(mine, *theirs) && (!mine_is_empty || theirs_is_empty)) continue;
        contradicts = true;
        contested.insert(i);
    }
    return contradicts ? CopyRelation::Contradicts : relation;
}

}  // namespace

std::set<std::string> files_signed_by_hand(
    const std::vector<std::vector<JudgedCopy>>& copies_of_pages) {
    std::set<std::string> files;
    for (const std::vector<JudgedCopy>& copies : copies_of_pages)
        for (const JudgedCopy& copy : copies)
            if (signature_rank(copy) == 2) files.insert(copy.page->origin.file);
    return files;
}

ChosenCopy choose_copy(std::vector<JudgedCopy> copies, const std::set<std::string>& signed_files) {
    const auto rank = [&](const JudgedCopy& c) {
        return std::tuple(signature_rank(c), signed_files.contains(c.page->origin.file),
                          filled_fields(c), certainty(c));
    };
    std::stable_sort(copies.begin(), copies.end(),
                     [&](const JudgedCopy& a, const JudgedCopy& b) { return rank(a) > rank(b); });
    ChosenCopy chosen{std::move(copies.front()), {}};
    std::set<std::size_t> contested;
    for (std::size_t c = 1; c < copies.size(); ++c)
        chosen.others.push_back({copies[c].page, compare(chosen.copy, copies[c], contested)});
    for (std::size_t i = 0; i < chosen.copy.fields.size(); ++i) {
        FieldReport& field = chosen.copy.fields[i];
        if (contested.contains(i)) {
            decide(field, FieldVerdict::Unclear, 0.9, "copies_differ");
            continue;
        }
        for (std::size_t c = 1; c < copies.size(); ++c)
            if (const FieldReport* other = same_field(copies[c], chosen.copy.readings[i]->ref))
                take_clearer_value(field, *other);
    }
    return chosen;
}

}  // namespace avtalskoll::rules
