#include "pipeline/forms/form_draft.h"

#include <gtest/gtest.h>

#include <sstream>

#include "pipeline/forms/word_lists.h"

namespace avtalskoll::pipeline {
namespace {

// A page of an agreement that is drawn up by hand here: each line of print at its place, bold where
// it is a heading.
class Page {
public:
    Page() { content_.size = {595, 842}; }
    Page& print(double y, const std::string& text, bool bold = false) {
        double x = 72;
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

}  // namespace
}  // namespace avtalskoll::pipeline
