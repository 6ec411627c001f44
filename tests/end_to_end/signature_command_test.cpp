// `avtalskoll signature` on pictures of pages that no form is registered for.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

#include "ocr/picture/picture.h"
#include "tests/simulator/pen.h"
#include "tests/simulator/values.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll {
namespace {

using namespace simulator;
using nlohmann::json;
namespace fs = std::filesystem;

// A page of print with places for two parties, as a picture at 300 dpi.
class PictureOfAPage : public ::testing::Test {
protected:
    PictureOfAPage() : page(3508, 2480, CV_8U, cv::Scalar(255)), random(7) {
        for (int line = 0; line < 24; ++line)
            lay_ink(page,
                    draw_text(random, person_name(random) + ", " + role(random), "Liberation Serif",
                              11, false, false, false),
                    {300, 300 + 80 * line});
    }

    void put(Mark mark, cv::Point at) {
        lay_ink(page, draw_mark(random, mark, person_name(random)), at);
    }

    Outcome judge(const std::string& arguments) const {
        const std::vector<std::uint8_t> png = ocr::to_png(page);
        std::ofstream(folder.path() / "page.png", std::ios::binary)
            .write(reinterpret_cast<const char*>(png.data()),
                   static_cast<std::streamsize>(png.size()));
        return run("signature " + (folder.path() / "page.png").string() + " " + arguments);
    }

    cv::Mat page;
    Random random;
    TemporaryFolder folder;
};

TEST_F(PictureOfAPage, PlacesAreJudgedInTheOrderGiven) {
    put(Mark::Signature, {300, 2500});
    put(Mark::Stamp, {300, 3000});
    const Outcome r = judge(
        "--format json --box 1400,2450,800,250 --box 250,2450,900,300 --box 280,280,800,200 --box "
        "250,2950,800,350");
    ASSERT_EQ(r.status, 0) << r.err;
    const json places = json::parse(r.out)["places"];
    ASSERT_EQ(places.size(), 4U);
    EXPECT_EQ(places[0]["verdict"], "empty");
    EXPECT_EQ(places[0]["reason"], "empty");
    EXPECT_EQ(places[1]["verdict"], "signed");
    EXPECT_TRUE(places[1]["reason"].is_null());
    EXPECT_NE(places[2]["verdict"], "signed") << "print is no signature";
    EXPECT_NE(places[3]["verdict"], "signed") << "a stamp is no signature";
    EXPECT_EQ(places[1]["box"], json({250, 2450, 900, 300}));
    EXPECT_GT(places[1]["score"], places[0]["score"]);
}

TEST_F(PictureOfAPage, BoxOutsideThePictureIsRefused) {
    const Outcome r = judge("--box 5000,10,50,50");
    EXPECT_EQ(r.status, 2);
    EXPECT_NE(r.err.find("5000"), std::string::npos) << r.err;
    EXPECT_EQ(judge("--box 1,2,3").status, 2);
}

TEST(SignatureCommand, WhatIsNoPictureIsRefused) {
    EXPECT_EQ(run("signature /nonexistent.png").status, 2);
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "text.png") << "not a picture";
    EXPECT_EQ(run("signature " + (folder.path() / "text.png").string()).status, 2);
}

}  // namespace
}  // namespace avtalskoll
