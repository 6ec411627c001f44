// Whole fields of a registered form, written on its blank and read by the real engines.
#include "ocr/reading/field_reader.h"

#include <gtest/gtest.h>

#include <memory>
#include <opencv2/imgproc.hpp>
#include <set>

#include "ocr/matching/page_matcher.h"
#include "ocr/picture/light.h"
#include "tests/simulator/pen.h"
#include "tests/support/ocr_fixture.h"

namespace avtalskoll::ocr {
namespace {

using simulator::kSheetPxPerPt;

constexpr const char* kNumber = "212000-0142";

// The engines of all tests here. Tesseract wants them gone before the program ends.
std::unique_ptr<TextEngines>& engines() {
    static std::unique_ptr<TextEngines> kept;
    return kept;
}

class FieldReader : public testing::Test {
protected:
    static void SetUpTestSuite() { engines() = std::make_unique<TextEngines>(); }
    static void TearDownTestSuite() { engines().reset(); }
};

// The first field of a kind among the registered forms.
FieldRef first_of(FieldKind kind) {
    const std::vector<Form>& forms = test_library().forms().forms;
    for (std::size_t f = 0; f < forms.size(); ++f)
        for (std::size_t p = 0; p < forms[f].points.size(); ++p)
            for (std::size_t i = 0; i < forms[f].points[p].fields.size(); ++i)
                if (forms[f].points[p].fields[i].kind == kind)
                    return {static_cast<int>(f), static_cast<int>(p), static_cast<int>(i)};
    throw std::runtime_error("no field of this kind");
}

// A page of a blank, written on as an office would and scanned at 200 dpi.
class Paper {
public:
    explicit Paper(FieldKind kind)
        : ref_(first_of(kind)), field_(field_of(test_library().forms(), ref_)) {
        for (const BlankPage& page : test_library().blanks().pages)
            if (page.form == ref_.form && page.page == field_.place.page) blank_ = &page;
        cv::resize(blank_->read.whole(), sheet_, {}, 1.5, 1.5, cv::INTER_CUBIC);  // 300 dpi
        file_.size = blank_->size;
    }

    const Field& field() const { return field_; }
    PageText& file() { return file_; }
    const BoxPt& box() const { return field_.place.box; }

    void type(const std::string& text, double size_pt = 11) {
        write(simulator::draw_text(dice_, text, "Liberation Sans", size_pt, false, false, false),
              size_pt);
    }
    void type_below(const std::string& text, double size_pt) {
        write(simulator::draw_text(dice_, text, "Liberation Sans", size_pt, false, false, false),
              size_pt, 1.4 * size_pt);
    }
    void write_by_hand(const std::string& text, const std::string& hand) {
        constexpr double kSize_pt = 15;
        write(simulator::draw_text(dice_, text, hand, kSize_pt, false, false, true), kSize_pt);
    }
    void sign() {
        simulator::lay_mark(dice_, sheet_, box(),
                            simulator::draw_signature(dice_, {0.5, 0.85}, 45, 12), 0.05);
    }
    void strike_out() { simulator::cross_out(dice_, sheet_, box()); }
    void dust() {
        for (int i = 0; i < 20; ++i)
            cv::circle(sheet_,
                       {px(box().x + 5 + i * 37 % static_cast<int>(box().w - 10)),
                        px(box().y + 3 + i * 5 % static_cast<int>(box().h - 6))},
                       1, 90, cv::FILLED);
    }

    FieldReading read(bool valid = true) const {
        cv::Mat scan;
        cv::resize(sheet_, scan, {}, 1 / 1.5, 1 / 1.5, cv::INTER_AREA);
        scan = even_light(scan);
        const PageMatch match = match_page(scan, test_library().blanks(), {});
        EXPECT_EQ(match.kind, PageKind::Form);
        const auto yes = [](FieldKind, const std::string&) { return true; };
        const auto no = [](FieldKind, const std::string&) { return false; };
        const ReadingContext context{test_library(), test_models(), valid ? +yes : +no};
        return read_field({scan, *match.blank, match.registration, file_}, field_, ref_, context,
                          *engines());
    }

private:
    static int px(double pt) { return static_cast<int>(pt * kSheetPxPerPt); }
    void write(const cv::Mat& ink, double size_pt, double lower_pt = 0) {
        const double y = box().y + box().h / 2 - 1.13 * size_pt + lower_pt;
        simulator::lay_ink(sheet_, ink, {px(box().x + 2 - size_pt), px(y)});
    }

    simulator::Random dice_{11};
    const FieldRef ref_;
    const Field& field_;
    const BlankPage* blank_ = nullptr;
    cv::Mat sheet_;
    PageText file_;
};

std::set<std::string> models_of(const FieldReading& reading) {
    std::set<std::string> models;
    for (const TextVote& vote : reading.votes) models.insert(vote.model);
    return models;
}

TEST_F(FieldReader, AnEmptyPlaceIsNotRead) {
    const Paper paper(FieldKind::OrganisationNumber);
    const FieldReading reading = paper.read();
    EXPECT_EQ(reading.ink.fill, Fill::Empty);
    EXPECT_TRUE(reading.votes.empty());
    EXPECT_FALSE(reading.signature);
    EXPECT_TRUE(reading.place_trusted);
    EXPECT_LT(reading.place_error_mm, 0.5);
    EXPECT_FALSE(reading.crop_png.empty()) << "evidence that it is empty";
}

TEST_F(FieldReader, ThePlaceIsToldWhereItIsOnTheScan) {
    Paper paper(FieldKind::OrganisationNumber);
    paper.type(kNumber);
    const BoxShare found = paper.read().box;
    const SizePt size = paper.file().size;
    EXPECT_NEAR(found.x * size.w, paper.box().x, 1);
    EXPECT_NEAR(found.y * size.h, paper.box().y, 1);
    EXPECT_NEAR(found.w * size.w, paper.box().w, 2);
    EXPECT_NEAR(found.h * size.h, paper.box().h, 2);
}

TEST_F(FieldReader, ANumberThatPassesItsCheckIsReadOnce) {
    Paper paper(FieldKind::OrganisationNumber);
    paper.type(kNumber);
    const FieldReading reading = paper.read(true);
    EXPECT_EQ(reading.ink.fill, Fill::Filled);
    ASSERT_EQ(reading.votes.size(), 1U);
    EXPECT_EQ(reading.votes[0].text, kNumber);
    EXPECT_EQ(reading.votes[0].model, "reader");
    EXPECT_EQ(reading.by_hand, 0);
}

TEST_F(FieldReader, ANumberThatFailsItsCheckIsReadByAnotherModelToo) {
    Paper paper(FieldKind::OrganisationNumber);
    paper.type("212000-0143");
    const FieldReading reading = paper.read(false);
    EXPECT_TRUE(models_of(reading).contains("reader"));
    EXPECT_TRUE(models_of(reading).contains("latin"));
    for (const TextVote& vote : reading.votes) EXPECT_EQ(vote.text, "212000-0143") << vote.model;
}

TEST_F(FieldReader, AnAddressOfNoValidFormMeetsASecondModel) {
    Paper paper(FieldKind::Email);
    paper.type("kim.forsgren@exempel.se", 10);
    const FieldReading reading = paper.read(false);
    EXPECT_GE(models_of(reading).size(), 2U);
    for (const TextVote& vote : reading.votes) EXPECT_EQ(vote.text, "kim.forsgren@exempel.se");
}

// Several lines are read one by one, and all of them must be sure.
TEST_F(FieldReader, ABlockOfTypeIsReadByItsLines) {
    Paper paper(FieldKind::FreeText);
    paper.type("fastighetsägare", 10);
    paper.type_below("sökande, grannar", 10);
    const FieldReading reading = paper.read();
    ASSERT_FALSE(reading.votes.empty());
    EXPECT_EQ(reading.votes[0].text, "fastighetsägare\nsökande, grannar");
}

TEST_F(FieldReader, MarksOnLettersAreKept) {
    Paper paper(FieldKind::Person);
    paper.type("Åsa Öberg-Nyström");
    EXPECT_EQ(paper.read().votes.at(0).text, "Åsa Öberg-Nyström");
}

TEST_F(FieldReader, DustIsNotRead) {
    Paper paper(FieldKind::OrganisationNumber);
    paper.dust();
    const FieldReading reading = paper.read();
    EXPECT_NE(reading.ink.fill, Fill::Filled);
    EXPECT_TRUE(reading.votes.empty());
}

TEST_F(FieldReader, CrossedOutWritingIsToldAndReadAllTheSame) {
    Paper paper(FieldKind::OrganisationNumber);
    paper.type(kNumber);
    paper.strike_out();
    const FieldReading reading = paper.read(false);
    EXPECT_EQ(reading.ink.fill, Fill::CrossedOut);
    EXPECT_FALSE(reading.votes.empty());
}

TEST_F(FieldReader, WritingByHandIsToldFromType) {
    Paper typed(FieldKind::Person);
    typed.type("Kim Forsgren");
    EXPECT_LT(typed.read().by_hand, 0.5);
    for (const std::string& hand : simulator::hand_fonts()) {
        Paper written(FieldKind::Person);
        written.write_by_hand("Kim Forsgren", hand);
        EXPECT_GT(written.read().by_hand, 0.5) << hand;
    }
}

TEST_F(FieldReader, ASignatureIsMeasuredAndNeverRead) {
    Paper paper(FieldKind::Signature);
    const FieldReading empty = paper.read();
    ASSERT_TRUE(empty.signature);
    EXPECT_GT(empty.signature->belief(PlaceInk::Nothing), 0.8);
    paper.sign();
    const FieldReading reading = paper.read();
    ASSERT_TRUE(reading.signature);
    EXPECT_GT(reading.signature->belief(PlaceInk::Signature), 0.7);
    EXPECT_TRUE(reading.votes.empty());
    std::size_t beside = 0;
    for (const Place& other : paper.field().keep_empty)
        beside += other.page == paper.field().place.page ? 1 : 0;
    ASSERT_EQ(reading.keep_empty.size(), beside);
    for (const SignatureMeasure& other : reading.keep_empty)
        EXPECT_GT(other.belief(PlaceInk::Nothing), 0.9);
}

// Ink of a screen, in square millimetres, that lies in the place or near it.
TEST_F(FieldReader, ScreenInkIsCountedByItsShareInThePlace) {
    Paper paper(FieldKind::Signature);
    const BoxPt place = paper.box();
    paper.sign();
    paper.file().screen_ink = {{{place.x, place.y, place.w, place.h}, 30, false},
                               {{place.x - 200, place.y, 100, place.h}, 40, true},
                               {{place.x, place.y, 0, 0}, 50, true}};
    const FieldReading reading = paper.read();
    EXPECT_NEAR(reading.screen_ink_mm2, 30, 2);
    EXPECT_FALSE(reading.screen_annotation) << "the annotation lies elsewhere";
    paper.file().screen_ink = {{{place.x, place.y + place.h / 2, place.w, place.h * 4}, 80, true}};
    const FieldReading partly = paper.read();
    EXPECT_GT(partly.screen_ink_mm2, 10);
    EXPECT_LT(partly.screen_ink_mm2, 40);
    EXPECT_TRUE(partly.screen_annotation);
}

class DrawnForm : public FieldReader {
protected:
    DrawnForm() : paper_(FieldKind::OrganisationNumber) { paper_.file().scan_share = 0.1; }
    void file_says(const std::string& text) {
        const BoxPt box = paper_.box();
        paper_.file().words = {{{box.x + 3, box.y + 3, 60, 11}, text, 11, false}};
    }
    Paper paper_;
};

TEST_F(DrawnForm, TheFilesOwnTextComesFirstAndOneLookConfirmsIt) {
    paper_.type(kNumber);
    file_says(kNumber);
    const FieldReading reading = paper_.read();
    EXPECT_TRUE(reading.typed);
    EXPECT_FALSE(reading.typed_in_field);
    ASSERT_EQ(reading.votes.size(), 2U);
    EXPECT_EQ(reading.votes[0].model, kFileModel);
    EXPECT_EQ(reading.votes[0].text, kNumber);
    EXPECT_EQ(reading.votes[1].text, kNumber);
}

// A file may say one thing and show another.
TEST_F(DrawnForm, TextThatIsNotWhatThePageShowsMeetsEveryLook) {
    paper_.type(kNumber);
    file_says("556000-4615");
    const FieldReading reading = paper_.read(false);
    ASSERT_GE(reading.votes.size(), 3U);
    EXPECT_EQ(reading.votes[0].text, "556000-4615");
    for (std::size_t i = 1; i < reading.votes.size(); ++i)
        EXPECT_EQ(reading.votes[i].text, kNumber) << reading.votes[i].model;
}

TEST_F(DrawnForm, TextThatNobodySeesIsNotTaken) {
    file_says(kNumber);
    const FieldReading reading = paper_.read();
    EXPECT_EQ(reading.ink.fill, Fill::Empty);
    EXPECT_FALSE(reading.typed);
    EXPECT_TRUE(reading.votes.empty());
}

TEST_F(DrawnForm, OfAScanTheFilesWordsAreNotBelieved) {
    paper_.file().scan_share = 0.9;
    paper_.type(kNumber);
    file_says("556000-4615");
    const FieldReading reading = paper_.read();
    EXPECT_FALSE(reading.typed);
    ASSERT_EQ(reading.votes.size(), 1U);
    EXPECT_EQ(reading.votes[0].text, kNumber);
}

}  // namespace
}  // namespace avtalskoll::ocr
