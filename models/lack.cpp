#include "models/lack.h"

namespace avtalskoll {
namespace {

constexpr std::string_view kAbsent = "absent";

std::string code_of(const LackingField& lack) {
    return to_string(lack.place) + ":" + to_string(lack.verdict);
}
std::string code_of(const AbsentAgreement& lack) { return lack.form + ":" + std::string(kAbsent); }
std::string code_of(const GraveFinding& lack) { return lack.code; }

Lack lack_from(std::string_view code) {
    const auto colon = code.rfind(':');
    if (colon == std::string_view::npos) return GraveFinding{std::string(code)};
    const std::string_view of = code.substr(0, colon), state = code.substr(colon + 1);
    if (state == kAbsent) return AbsentAgreement{std::string(of)};
    const auto place = parse_field_place(of);
    const auto verdict = parse_field_verdict(state);
    if (!place || !verdict) return GraveFinding{std::string(code)};
    return LackingField{*place, *verdict};
}

}  // namespace

std::vector<Lack> lacks_of(const Report& report) {
    std::vector<Lack> lacks;
    for (const AgreementReport& agreement : report.agreements) {
        if (!agreement.is_judged()) continue;
        if (!agreement.present) {
            lacks.emplace_back(AbsentAgreement{agreement.form});
            continue;
        }
        for (const PointReport& point : agreement.points)
            for (const FieldReport& field : point.fields)
                if (field.required && field.verdict != FieldVerdict::Ok)
                    lacks.emplace_back(
                        LackingField{{agreement.form, point.point, field.field}, field.verdict});
    }
    for (const Finding& finding : report.findings)
        if (finding.severity != Severity::Info) lacks.emplace_back(GraveFinding{finding.code});
    return lacks;
}

std::string to_string(const std::vector<Lack>& lacks) {
    std::string text;
    for (const Lack& lack : lacks) {
        if (!text.empty()) text += ' ';
        text += std::visit([](const auto& one) { return code_of(one); }, lack);
    }
    return text;
}

std::vector<Lack> parse_lacks(std::string_view text) {
    std::vector<Lack> lacks;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) lacks.push_back(lack_from(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lacks;
}

}  // namespace avtalskoll
