#include "rules/address.h"

#include <gtest/gtest.h>

#include "tests/support/rule_words.h"

namespace avtalskoll::rules {
namespace {

TEST(LocalPart, FitsTheUsualWaysOfMakingItFromAName) {
    for (const char* local :
         {"eva.von.essen", "eva_vonessen", "evonessen", "e.essen", "Eva.Essen", "vonessen"})
        EXPECT_TRUE(local_part_fits(local, "Eva von Essen", rule_words())) << local;
    EXPECT_TRUE(local_part_fits("dataskydd", "", rule_words()));
    for (const char* local : {"dataskvdd", "ivonessen", "gis42", "eva.von.esscn"})
        EXPECT_FALSE(local_part_fits(local, "Eva von Essen", rule_words())) << local;
    EXPECT_TRUE(local_part_fits("ake.hagg", "Åke Hägg", rule_words()));
}

TEST(Domain, FitsWhatBeginsTheOrganisationsName) {
    EXPECT_TRUE(domain_fits("kungsor.se", "Kungsör kommun", rule_words()));
    EXPECT_TRUE(domain_fits("sbf.kungsors.se", "Kungsör kommun", rule_words()));
    EXPECT_TRUE(
        domain_fits("myndighetenforskolutve.se", "MYNDIGHETEN FÖR SKOLUTVECKLING", rule_words()));
    EXPECT_FALSE(
        domain_fits("myndighetenforskolulve.se", "MYNDIGHETEN FÖR SKOLUTVECKLING", rule_words()));
    EXPECT_FALSE(domain_fits("gmail.com", "Kungsör kommun", rule_words()));
}

TEST(WithLetters, KeepsTheSeparatorsOrGivesUp) {
    EXPECT_EQ(with_letters("eva.von-essen", "ivavonessen"), "iva.von-essen");
    EXPECT_EQ(with_letters("evaessen", "evavonessen"), "evavonessen");
    EXPECT_EQ(with_letters("eva.essen", "evavonessen"), std::nullopt);
}

TEST(Skeleton, IsOneForTextsThatEnginesTakeForOneAnother) {
    EXPECT_EQ(skeleton("hill"), skeleton("hi11"));
    EXPECT_EQ(skeleton("ramnas"), skeleton("rarnnas"));
    EXPECT_NE(skeleton("hill"), skeleton("hall"));
}

}  // namespace
}  // namespace avtalskoll::rules
