#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "pipeline/reports/report_json.h"

namespace avtalskoll::pipeline {
namespace {

// Quoted where CSV needs it; an apostrophe first where a spreadsheet would take the cell for a
// formula.
std::string cell(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        text.insert(text.begin(), '\'');
    if (text.find_first_of(";\"\n\r") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string joined(const std::vector<std::string>& parts) {
    return fmt::format("{}", fmt::join(parts, ", "));
}

// Points of required fields with one verdict, as "form point".
std::vector<std::string> points_with(const Report& report, FieldVerdict verdict) {
    std::vector<std::string> points;
    for (const AgreementReport& agreement : report.agreements) {
        if (!agreement.is_judged()) continue;
        for (const PointReport& point : agreement.points)
            if (std::any_of(point.fields.begin(), point.fields.end(), [&](const FieldReport& f) {
                    return f.required && f.verdict == verdict;
                }))
                points.push_back(agreement.form + " " + point.point);
    }
    return points;
}

}  // namespace

std::string csv_header() {
    return "\xEF\xBB\xBFid;verdict;organisation;organisation_number;missing;invalid;unclear;files;"
           "pages\r\n";
}

std::string csv_row(const Report& report) {
    int pages = 0;
    for (const FileReport& f : report.files) pages += f.pages;
    const Owner owner = owner_of(report);
    return fmt::format("{};{};{};{};{};{};{};{};{}\r\n", cell(report.id), to_string(report.verdict),
                       cell(owner.name), cell(owner.number),
                       cell(joined(points_with(report, FieldVerdict::Missing))),
                       cell(joined(points_with(report, FieldVerdict::Invalid))),
                       cell(joined(points_with(report, FieldVerdict::Unclear))),
                       report.files.size(), pages);
}

}  // namespace avtalskoll::pipeline
