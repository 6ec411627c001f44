#include "pipeline/forms/form_draft.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "pipeline/forms/word_lists.h"

namespace avtalskoll::pipeline {
namespace {

// A page of an agreement that is drawn up by hand here: each line of print at its place, bold where
// it is a heading.
class Page {
public:
    Page() { content_.size = {595, 842}; }
    Page& print(double y, const std::string& text, bool bold = false, double x = 72) {
        std::istringstream in(text);
        for (std::string word; in >> word;) {
            const double wide = 5.5 * static_cast<double>(word.size());
            content_.words.push_back({{x, y, wide, 11}, word, 11, bold});
            x += wide + 3;
        }
        return *this;
    }
    Page& box(const BoxPt& box) {
        content_.layout.boxes.push_back(box);
        return *this;
    }
    Page& rule(double left, double right, double y) {
        content_.layout.rules.push_back({left, right, y});
        return *this;
    }
    FormDraft draft() const {
        return draft_form({content_}, {},
                          load_field_words(AVTALSKOLL_SOURCE_DIR "/data/field_words.yaml"), {});
    }

private:
    BlankContent content_;
};

class EveryNumbering : public testing::TestWithParam<const char*> {};
TEST_P(EveryNumbering, MakesAPoint) {
    const FormDraft draft = Page()
                                .print(100, std::string(GetParam()) + " Parter", true)
                                .print(130, "Organisation")
                                .box({72, 145, 300, 25})
                                .draft();
    ASSERT_EQ(draft.points.size(), 1U);
    EXPECT_EQ(draft.points[0].number, "2");
    EXPECT_EQ(draft.points[0].title, "Parter");
    EXPECT_EQ(draft.points[0].fields.at(0).field.id, "organisation");
}
INSTANTIATE_TEST_SUITE_P(Styles, EveryNumbering,
                         testing::Values("2", "2.", "2)", "§ 2", "§ 2.", "2 §", "Artikel 2",
                                         "Punkt 2:"));

TEST(FormDraft, SentenceOverABoxIsItsLabelAndItsFirstWordsTheId) {
    const FormDraft draft =
        Page()
            .print(100, "4 Stationer", true)
            .print(130, "Beskriv de väderstationer som omfattas, deras läge och vad de mäter:")
            .box({72, 145, 400, 110})
            .draft();
    ASSERT_EQ(draft.points.size(), 1U);
    const Field& field = draft.points[0].fields.at(0).field;
    EXPECT_EQ(field.kind, FieldKind::FreeText);
    EXPECT_EQ(field.id, "beskriv_de_vaderstationer_som");
}

TEST(FormDraft, BoxWithoutALabelIsLeftOutAndSaid) {
    const FormDraft draft = Page()
                                .print(100, "1 Parter", true)
                                .print(130, "Organisation")
                                .box({72, 145, 300, 25})
                                .box({72, 500, 300, 25})
                                .draft();
    EXPECT_EQ(draft.points.at(0).fields.size(), 1U);
    ASSERT_EQ(draft.doubts.size(), 1U);
    EXPECT_NE(draft.doubts[0].find("has no label"), std::string::npos);
}

// All places of a draft, in order.
std::vector<Field> places_of(const FormDraft& draft) {
    std::vector<Field> all;
    for (const DraftPoint& point : draft.points)
        for (const DraftField& f : point.fields) all.push_back(f.field);
    return all;
}

TEST(FormDraft, RunsInALineArePlacesNamedByTheWordsBefore) {
    const auto places = places_of(Page()
                                      .print(100, "Namn: ____________________")
                                      .print(130, "Telefon ........................")
                                      .print(160, "Bilaga ............ 7")
                                      .draft());
    ASSERT_EQ(places.size(), 2U) << "dots that lead to a page's number are no place";
    EXPECT_EQ(places[0].kind, FieldKind::Person);
    EXPECT_EQ(places[0].label, "Namn");
    EXPECT_NEAR(places[0].place.box.x, 72 + 5.5 * 5 + 3, 1);
    EXPECT_NEAR(places[0].place.box.w, 110, 1);
    EXPECT_EQ(places[1].kind, FieldKind::Phone);
}

TEST(FormDraft, LabelsKeepTheirLastLetter) {
    for (const char* label : {"Miljö", "By og ø"}) {
        const auto places = places_of(Page()
                                          .print(100, "1 Plats", true)
                                          .print(130, std::string(label) + ": ____________")
                                          .draft());
        ASSERT_EQ(places.size(), 1U) << label;
        EXPECT_EQ(places[0].label, label);
    }
}

TEST(FormDraft, BracketsArePlacesThatAValueReplaces) {
    const auto places =
        places_of(Page()
                      .print(100, "Organisation")
                      .print(100, "[ORGANISATION]", false, 270)
                      .print(120, "Kontaktperson")
                      .print(120, "Klicka eller tryck här för att ange text", false, 270)
                      .print(140, "se bilaga [1] och rutan [ ]")
                      .draft());
    ASSERT_EQ(places.size(), 2U) << "references and boxes to tick are no places";
    EXPECT_EQ(places[0].prompt, "ORGANISATION");
    EXPECT_EQ(places[0].label, "Organisation");
    EXPECT_EQ(places[1].kind, FieldKind::Person);
    EXPECT_EQ(places[1].label, "Kontaktperson");
}

TEST(FormDraft, LabelsThatStandOnALineLeaveTheRestOfIt) {
    const auto places = places_of(Page()
                                      .print(100, "Vorname:")
                                      .rule(72, 300, 112)
                                      .print(140, "Our terms are underlined here")
                                      .rule(72, 300, 152)
                                      .draft());
    ASSERT_EQ(places.size(), 1U);
    EXPECT_GT(places[0].place.box.x, 72 + 5.5 * 8);
    EXPECT_NEAR(places[0].place.box.right(), 300, 0.1);
}

TEST(FormDraft, WhatStandsBeforeTheFirstNumberIsAPointNamedByItsHeading) {
    const FormDraft draft = Page()
                                .print(60, "Avtal om leverans", true)
                                .print(100, "Parter", true)
                                .print(130, "Organisation: ________________")
                                .print(200, "1 Kontakt", true)
                                .print(230, "E-post: ________________")
                                .draft();
    ASSERT_EQ(draft.points.size(), 2U);
    EXPECT_EQ(draft.points[0].number, "Parter");
    EXPECT_EQ(draft.points[1].number, "1");
}

TEST(FormDraft, RowsOfATableAskEachPartyTheSame) {
    Page page;
    page.print(104, "Säljare", false, 204).print(104, "Köpare", false, 404);
    page.box({72, 100, 126, 18}).box({200, 100, 196, 18}).box({400, 100, 150, 18});
    page.print(126, "Underskrift").print(146, "Titel");
    for (const double y : {122.0, 142.0})
        page.box({72, y, 126, 18}).box({200, y, 196, 18}).box({400, y, 150, 18});
    const auto places = places_of(page.draft());
    ASSERT_EQ(places.size(), 3U);
    EXPECT_EQ(places[0].kind, FieldKind::Role);
    EXPECT_EQ(places[1].kind, FieldKind::Role);
    EXPECT_EQ(places[2].kind, FieldKind::Signature);
    EXPECT_EQ(places[2].keep_empty.size(), 1U) << "the other party's";
}

TEST(FormDraft, SignersOfOneSideAreEachAskedForAndTheOtherSideIsNot) {
    const auto places = places_of(Page()
                                      .print(100, "Sökande", true)
                                      .print(130, "Underskrift: ____________________")
                                      .print(200, "Make eller maka", true)
                                      .print(230, "Underskrift: ____________________")
                                      .print(300, "Handläggare", true)
                                      .print(330, "Underskrift: ____________________")
                                      .draft());
    ASSERT_EQ(places.size(), 2U);
    EXPECT_EQ(places[0].keep_empty.size() + places[1].keep_empty.size(), 1U);
}

TEST(FormDraft, ADateIsLeftOutBesideASignatureOnly) {
    const FormDraft draft = Page()
                                .print(100, "Datum: ____________________")
                                .print(400, "Datum: ____________________")
                                .print(430, "Underskrift: ____________________")
                                .draft();
    ASSERT_EQ(places_of(draft).size(), 2U);
    EXPECT_NE(std::find_if(draft.doubts.begin(), draft.doubts.end(),
                           [](const std::string& d) {
                               return d.find("beside a signature") != std::string::npos;
                           }),
              draft.doubts.end());
}

}  // namespace
}  // namespace avtalskoll::pipeline
