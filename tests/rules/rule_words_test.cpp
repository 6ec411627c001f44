#include "rules/rule_words.h"

#include <gtest/gtest.h>

#include "tests/support/rule_words.h"

namespace avtalskoll::rules {
namespace {

TEST(RefersElsewhere, TellsAReferenceFromAName) {
    for (const char* reference : {"Se bilaga 2", "se ovan", "Samma som punkt 15", "Enligt bilaga",
                                  "Dito", "d:o", "Se även bilagan"})
        EXPECT_TRUE(refers_elsewhere(reference, rule_words())) << reference;
    for (const char* value : {"Se-Hyun Park", "Selma Ek", "Samman AB", "Bilagan", "Sekreterare"})
        EXPECT_FALSE(refers_elsewhere(value, rule_words())) << value;
}

}  // namespace
}  // namespace avtalskoll::rules
