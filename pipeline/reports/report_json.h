// A report as JSON by the contract's schema (avtalskoll/report/1), and the run's table as CSV.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/form.h"
#include "models/report.h"
#include "pipeline/texts/texts.h"

namespace avtalskoll::pipeline {

// The program and the forms that judged a report.
struct EngineFacts {
    std::string version;
    std::vector<std::string> forms;  // "id version" of each registered form

    // This program with these forms.
    static EngineFacts of(const FormSet& forms);
    bool operator==(const EngineFacts&) const = default;
};

// A report as it was written.
struct WrittenReport {
    Report report;
    EngineFacts engine;
};

// UTF-8; `indent` < 0 puts it on one line. Equal reports give equal bytes, the member `timing`
// aside.
std::string to_json(const Report& report, const EngineFacts& engine, const Texts& texts,
                    int indent);

// Reads the report in a text of to_json. Its messages are as written there, so writing it again
// gives the same text in whatever language, the member `timing` aside. Parts that the JSON does not
// hold (labels, crops, alternatives) are empty. Throws Error{BadInput} for a text that is no such
// report.
WrittenReport report_from_json(std::string_view text);

// A cell of a table, quoted where CSV needs it, with an apostrophe first where a spreadsheet would
// take it for a formula.
std::string csv_cell(std::string text);

// The table's first line, and a line for a report. UTF-8 with BOM, semicolons: what Swedish
// spreadsheets open without asking.
std::string csv_header();
std::string csv_row(const Report& report);

}  // namespace avtalskoll::pipeline
