#include "rules/cross_rules.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/rule_words.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::rules {
namespace {

class RegisterFindings : public testing::Test {
protected:
    RegisterFindings() {
        std::ofstream(folder_.path() / "r.csv")
            << "organisation_number,name,kind\n212000-1439,Ale kommun,kommun\n212000-2056,Kungsör "
               "kommun,kommun\n";
        organisations_ = Register::load(folder_.path() / "r.csv");
    }

    std::string code_for(const char* name, const char* number, double name_confidence = 0.97) {
        FieldReport owner, id;
        owner.field = "organisation";
        owner.verdict = FieldVerdict::Ok;
        owner.value = name;
        owner.value_confidence = name_confidence;
        id.field = "organisation_number";
        id.kind = FieldKind::OrganisationNumber;
        id.name_field = "organisation";
        id.verdict = FieldVerdict::Ok;
        id.value = number;
        Report report;
        report.agreements.push_back(
            {"lease", "Arrende", "1.0", true, true, {}, {{"1", "Parter", {owner, id}}}});
        check_organisation(report, {}, organisations_, rule_words());
        return report.findings.empty() ? "" : report.findings[0].code;
    }

    TemporaryFolder folder_;
    Register organisations_;
};

TEST_F(RegisterFindings, OwnNumberIsFine) { EXPECT_EQ(code_for("Ale kommun", "212000-1439"), ""); }
TEST_F(RegisterFindings, OtherWordingIsInformation) {
    EXPECT_EQ(code_for("Kungsörs kommun", "212000-2056"), "register_name_differs");
}
TEST_F(RegisterFindings, AnothersNumberIsReviewed) {
    EXPECT_EQ(code_for("Ale kommun", "212000-2056"), "register_mismatch");
}
TEST_F(RegisterFindings, UnknownNumberIsInformation) {
    EXPECT_EQ(code_for("Ale kommun", "556016-0680"), "register_unknown");
}
TEST_F(RegisterFindings, BadlyReadNameAccusesNobody) {
    EXPECT_EQ(code_for("Xle kxmmnn", "212000-2056", 0.4), "register_name_differs");
}

}  // namespace
}  // namespace avtalskoll::rules
