#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "pipeline/reports/report_json.h"

namespace avtalskoll::pipeline {
namespace {

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

std::string csv_cell(std::string text) {
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

std::string csv_header() {
    return "\xEF\xBB\xBFid;verdict;organisation;organisation_number;missing;invalid;unclear;files;"
           "pages\r\n";
}

std::string csv_row(const Report& report) {
    int pages = 0;
    for (const FileReport& f : report.files) pages += f.pages;
    const Owner owner = owner_of(report);
    return fmt::format("{};{};{};{};{};{};{};{};{}\r\n", csv_cell(report.id),
                       to_string(report.verdict), csv_cell(owner.name), csv_cell(owner.number),
                       csv_cell(joined(points_with(report, FieldVerdict::Missing))),
                       csv_cell(joined(points_with(report, FieldVerdict::Invalid))),
                       csv_cell(joined(points_with(report, FieldVerdict::Unclear))),
                       report.files.size(), pages);
}

}  // namespace avtalskoll::pipeline
