// Checks a report against the contract's JSON schema (data/report/report.schema.json).
#pragma once
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace avtalskoll {

// Empty when `report` follows the schema, else the first faults.
inline std::string schema_faults(const std::string& report) {
    std::ifstream in(AVTALSKOLL_SOURCE_DIR "/data/report/report.schema.json");
    const auto schema_json = nlohmann::json::parse(in);
    valijson::Schema schema;
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_json), schema);
    const auto json = nlohmann::json::parse(report, nullptr, false);
    if (json.is_discarded()) return "not JSON";
    valijson::ValidationResults results;
    if (valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(json),
                                       &results))
        return {};
    std::string faults = "schema: ";
    for (valijson::ValidationResults::Error e; results.popError(e);) faults += e.description + "; ";
    return faults;
}

}  // namespace avtalskoll
