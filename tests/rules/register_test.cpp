#include "rules/register.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/error.h"
#include "tests/support/rule_words.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::rules {
namespace {

TEST(CompareNames, CaseIsNoDifference) {
    EXPECT_EQ(compare_names("SÄKERHETSPOLISEN", "Säkerhetspolisen", rule_words()), NameMatch::Same);
}

class SameBody : public testing::TestWithParam<const char*> {};
TEST_P(SameBody, IsKnownInOtherWords) {
    EXPECT_EQ(compare_names(GetParam(), "Kungsör kommun", rule_words()), NameMatch::SameBody);
}
INSTANTIATE_TEST_SUITE_P(Table, SameBody,
                         testing::Values("Kungsörs kommun", "Kungsör kommun, Samhällsbyggnad",
                                         "Kungsörs stad", "Kungsor kommun",
                                         "KUNGSÖRS KOMMUN, MILJÖ", "Kungsör",
                                         "Miljönämnden, Kungsörs kommun"));

// The genitive, the kind of body and a department, all at once, and of a short name.
TEST(CompareNames, FoldsAllThatMayDifferTogether) {
    for (const char* written : {"Ales stad", "Ales kommun, Samhällsbyggnad", "ALES STAD",
                                "Bygg och miljö, Ales stad", "Kommunen Ale"})
        EXPECT_EQ(compare_names(written, "Ale kommun", rule_words()), NameMatch::SameBody)
            << written;
    EXPECT_EQ(compare_names("Vännäs kommun", "Vännäs kommun", rule_words()), NameMatch::Same);
    EXPECT_EQ(compare_names("Vännäs stad", "Vännäs kommun", rule_words()), NameMatch::SameBody);
    EXPECT_EQ(compare_names("Region Gotland", "Gotland kommun", rule_words()), NameMatch::SameBody);
}

TEST(CompareNames, AnotherKindOfBodyIsAnotherBody) {
    for (const char* written : {"Region Stockholm", "Länsstyrelsen i Stockholms län",
                                "Stockholms Byggen AB", "Stiftelsen Stockholm"})
        EXPECT_EQ(compare_names(written, "Stockholm kommun", rule_words()), NameMatch::Different)
            << written;
    EXPECT_EQ(compare_names("Stockholms stad", "LÄNSSTYRELSEN I STOCKHOLMS LÄN", rule_words()),
              NameMatch::Different);
}

TEST(CompareNames, OtherBodiesDiffer) {
    EXPECT_EQ(compare_names("Eda kommun", "Åre kommun", rule_words()), NameMatch::Different);
    EXPECT_EQ(compare_names("Statens musikverk", "Statens biografbyrå", rule_words()),
              NameMatch::Different);
    EXPECT_EQ(compare_names("", "Åre kommun", rule_words()), NameMatch::Different);
}

TEST(Register, FindsNamesAndNumbers) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "r.csv")
        << "organisation_number,name,kind\n212000-1439,Ale kommun,kommun\n202100-5182,\"FORSKNING, "
           "FOI\",statlig\n";
    const Register r = Register::load(folder.path() / "r.csv");
    EXPECT_EQ(r.name_of("212000-1439"), "Ale kommun");
    EXPECT_EQ(r.name_of("202100-5182"), "FORSKNING, FOI");
    EXPECT_FALSE(r.name_of("556016-0680"));
    EXPECT_EQ(r.number_of("Ales stad", rule_words()), "212000-1439");
    EXPECT_EQ(r.number_of("Region Ale", rule_words()), std::nullopt);
    EXPECT_EQ(r.number_of("ALE KOMMUN", rule_words()), "212000-1439");
}

TEST(Register, WrongLineIsNamed) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "r.csv")
        << "organisation_number,name,kind\n212000-1430,Ale kommun,kommun\n";
    try {
        Register::load(folder.path() / "r.csv");
        FAIL();
    } catch (const Error& e) {
        EXPECT_NE(std::string(e.what()).find("r.csv:2:"), std::string::npos);
    }
}

}  // namespace
}  // namespace avtalskoll::rules
