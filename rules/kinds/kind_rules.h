// The rules of all kinds of values: one row for each kind that has one, one file for each rule.
//
// Constant data; safe from many threads.
#pragma once
#include "models/field_kind.h"
#include "rules/kinds/value_check.h"

namespace avtalskoll::rules {

struct KindRule {
    FieldKind kind;
    // Null: every text is valid.
    CheckValue check = nullptr;
    // One misread text in ten passes.
    bool has_check_digit = false;
    // Two texts of one normalized form say the same.
    bool same_when_normalized = false;
    // Kinds of words: digits are letters of a value as any other.
    bool digits_too = true;
    // Lengths that are sooner a digit lost or found in the scan than on the paper; 0 ends the list.
    int misread_digits[4] = {};
};

const KindRule& rule_of(FieldKind kind);

// The text as reports show it: of a personal number without its last four digits.
std::string shown_value(FieldKind kind, const std::string& text);

}  // namespace avtalskoll::rules
