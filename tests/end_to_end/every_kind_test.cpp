// A form with a field of every kind and rules between them, filled in, scanned, and checked by the
// real program.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "pipeline/forms/form_registry.h"
#include "tests/simulator/corpus.h"
#include "tests/support/report_schema.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kForms = kSource / "tests" / "every_kind";

class EveryKind : public testing::Test {
protected:
    EveryKind()
        : forms_(pipeline::load_forms(kForms)),
          maker_(forms_, kSource / "data" / "registers" / "organisations.csv", {.seed = 31}) {}

    // The truth beside the report of a submission with a defect.
    std::pair<json, json> checked(simulator::Defect defect, int index) {
        simulator::Recipe recipe{simulator::Tier::Clean};
        if (defect != simulator::Defect::None) recipe.defects = {defect};
        const json truth =
            maker_.make(folder_.path() / "in", "s", static_cast<std::uint64_t>(index), recipe);
        const fs::path out = folder_.path() / "out";
        run("check " + (folder_.path() / "in" / "s").string() + " --forms " + kForms.string() +
            " --out " + out.string());
        const std::string text = slurp(out / "s" / "report.json");
        EXPECT_EQ(schema_faults(text), "");
        return {truth, json::parse(text, nullptr, false)};
    }

    FormSet forms_;
    simulator::CorpusMaker maker_;
    TemporaryFolder folder_;
};

json field_of(const json& report, const std::string& point, const std::string& id) {
    for (const json& p : report["agreements"][0]["points"])
        for (const json& f : p["fields"])
            if (p["point"] == point && f["field"] == id) return f;
    return {};
}

TEST_F(EveryKind, IsReadFromACleanScan) {
    const auto [truth, report] = checked(simulator::Defect::None, 4);
    for (const auto& [point, fields] : truth["agreements"]["provningsmedel"].items())
        for (const auto& [id, want] : fields.items())
            EXPECT_EQ(field_of(report, point, id)["verdict"], want["status"]) << id;
    EXPECT_EQ(report["verdict"], "complete");
    const std::string number = field_of(report, "1", "personal_number")["value"];
    EXPECT_TRUE(number.ends_with("\u2022\u2022\u2022\u2022")) << "shown whole";
}

TEST_F(EveryKind, SeveralTicksInAChoiceAreInvalid) {
    const auto [truth, report] = checked(simulator::Defect::SeveralTicked, 8);
    EXPECT_EQ(field_of(report, "5", "disclosed")["reason"], "several_ticked");
    EXPECT_EQ(report["verdict"], "incomplete");
}

TEST_F(EveryKind, AValueThatItsKindForbidsIsInvalid) {
    const auto [truth, report] = checked(simulator::Defect::WrongValue, 5);
    ASSERT_EQ(truth["why"].size(), 1U);
    EXPECT_EQ(report["verdict"], "incomplete") << truth["why"];
}

TEST_F(EveryKind, AnEmptyFormBreaksTheRulesBetweenItsFields) {
    const auto [truth, report] = checked(simulator::Defect::BlankForm, 4);
    EXPECT_EQ(report["verdict"], "incomplete");
    EXPECT_TRUE(std::any_of(report["findings"].begin(), report["findings"].end(),
                            [](const json& f) { return f["code"] == "too_few_filled"; }));
    EXPECT_EQ(field_of(report, "5", "purpose")["required"], false);
}

}  // namespace
}  // namespace avtalskoll
