// A report as JSON by the contract's schema (avtalskoll/report/1), and the run's table as CSV.
#pragma once
#include <string>

#include "models/form.h"
#include "models/report.h"

namespace avtalskoll::pipeline {

// UTF-8; `indent` < 0 puts it on one line. Equal reports give equal bytes, the member `timing`
// aside.
std::string to_json(const Report& report, const FormSet& forms, int indent);

// The table's first line, and a line for a report. UTF-8 with BOM, semicolons: what Swedish
// spreadsheets open without asking.
std::string csv_header();
std::string csv_row(const Report& report);

}  // namespace avtalskoll::pipeline
