#include <gtest/gtest.h>

#include <fstream>

#include "pipeline/files/file_hash.h"
#include "pipeline/forms/form_registry.h"
#include "rules/kinds/email.h"
#include "rules/kinds/organisation_number.h"
#include "rules/kinds/phone.h"
#include "tests/simulator/corpus.h"
#include "tests/simulator/pen.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::simulator {
namespace {

namespace fs = std::filesystem;

TEST(SimulatorValues, AreValidByTheRules) {
    Random random(5);
    const auto organisations =
        load_organisations(AVTALSKOLL_SOURCE_DIR "/data/registers/organisations.csv");
    for (int i = 0; i < 300; ++i) {
        const Organisation& o = random.pick(organisations);
        const std::string address = email(random, person_name(random), o), number = phone(random);
        EXPECT_TRUE(rules::parse_email(address)) << address;
        EXPECT_EQ(rules::parse_phone(number, {}).fault, rules::PhoneFault::None) << number;
        EXPECT_EQ(rules::parse_organisation_number(written_number(random, o.number)).fault,
                  rules::NumberFault::None);
        EXPECT_EQ(rules::parse_organisation_number(with_wrong_check_digit(o.number)).fault,
                  rules::NumberFault::CheckDigit);
    }
}

TEST(SimulatorPen, LeavesInkAlongItsStrokesAndNowhereElse) {
    Random random(7);
    const Pen pen{0.5, 0.8};
    const cv::Mat ink = pull_strokes(random, pen, {{{0, 0}, {30, 0}}, {{0, 10}, {30, 10}}});
    EXPECT_NEAR(ink.cols / kSheetPxPerMm, 30 + pen.width_mm, 0.5);
    EXPECT_NEAR(ink.rows / kSheetPxPerMm, 10 + pen.width_mm, 0.5);
    EXPECT_GT(ink.at<float>(3, ink.cols / 2), 0.7F);
    EXPECT_EQ(cv::countNonZero(ink.rowRange(ink.rows / 3, 2 * ink.rows / 3)), 0);
}

TEST(Simulator, SameSeedSameBytes) {
    const FormSet forms = pipeline::load_forms(AVTALSKOLL_SOURCE_DIR "/data/forms");
    const CorpusMaker maker(forms, AVTALSKOLL_SOURCE_DIR "/data/registers/organisations.csv",
                            {.seed = 9, .hard = true});
    const TemporaryFolder folder;
    for (const char* id : {"a", "b"}) maker.make(folder.path(), id, 4, maker.random_recipe(4));
    int files = 0;
    for (const auto& entry : fs::directory_iterator(folder.path() / "a")) {
        if (entry.path().extension() != ".pdf") continue;
        ++files;
        EXPECT_EQ(pipeline::sha256_of(entry.path()),
                  pipeline::sha256_of(folder.path() / "b" / entry.path().filename()));
    }
    EXPECT_GT(files, 0);
}

}  // namespace
}  // namespace avtalskoll::simulator
