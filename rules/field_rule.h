// Judges one field: from what was measured in its place to a verdict with value, confidence and
// reason.
//
// Pure; safe from many threads.
#pragma once
#include <string>

#include "models/form.h"
#include "models/reading.h"
#include "models/report.h"
#include "rules/caution.h"
#include "rules/rule_words.h"

namespace avtalskoll::rules {

// `reading` is of `field`. Evidence and crop are left to the caller; verdict, value, confidences,
// reason and message are set. A value that was not read or judged with confidence is Unclear.
FieldReport judge_field(const Field& field, const FieldReading& reading, const RuleWords& words,
                        const Caution& caution = {});

// True when a text, as read, is a valid value of its kind. Text kinds have no rule of their own:
// every text is valid.
bool is_valid_value(FieldKind kind, const std::string& text);

// A person's value for a field, checked as a reading that leaves no doubt. A signature cannot be
// written as a value. For strict kinds `words` shape the reason alone; for texts they also decide.
struct WrittenValue {
    bool valid = false;
    std::string value;   // as reports show it
    std::string reason;  // stable code; empty when valid
};
WrittenValue check_written(FieldKind kind, const std::string& text, const RuleWords& words);

// Sets a report's verdict with its confidence, reason and the sentence for it.
void decide(FieldReport& report, FieldVerdict verdict, double confidence,
            const std::string& reason);

// A field whose place was not seen.
FieldReport absent_field(const Field& field, FieldVerdict verdict, const std::string& reason,
                         double confidence);

}  // namespace avtalskoll::rules
