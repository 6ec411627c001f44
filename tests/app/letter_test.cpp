#include "app/review/letter.h"

#include <gmock/gmock.h>

#include "app/review/letter_texts.h"

namespace avtalskoll::app {
namespace {

using testing::HasSubstr;
using testing::Not;

pipeline::LetterTexts plain_texts() {
    pipeline::LetterTexts texts;
    texts.subject = "Om {id}";
    texts.to_person = "Till {contact} <{email}>";
    texts.to_address = "Till {email}";
    texts.about = "{organisation}, {organisation_number}";
    texts.greeting = "Hej!";
    texts.greeting_person = "Hej {contact}!";
    texts.deadline = "Senast {answer_by}.";
    texts.reminder_subject = "Påminnelse {id}";
    texts.reminder = "Snart är det {answer_by}.";
    texts.overdue = "Det var {answer_by}.";
    texts.opening = "Komplettera {id}:";
    texts.closing = "Svara.";
    texts.regards = "Hälsningar";
    texts.point_heading = "Punkt {point}, {point_title}";
    texts.any_agreement = "avtalet";
    texts.fields = {{"empty", {"{label} saknas.", "Underskriften saknas."}},
                    {"stamp_only", {"", "En stämpel räcker inte."}},
                    {"silent", {"", ""}},
                    {"otherwise", {"{label}: komplettera.", "Skriv under."}}};
    texts.findings = {{"agreement_missing", "{title} finns inte med."},
                      {"file_unreadable", "{file} går inte att öppna."}};
    return texts;
}

ReviewedField lacking(const std::string& label, const std::string& reason,
                      FieldKind kind = FieldKind::Text) {
    ReviewedField field;
    field.label = label;
    field.kind = kind;
    field.reason = reason;
    field.found = field.verdict = FieldVerdict::Missing;
    return field;
}

// One agreement with one point.
Review review_with(const std::vector<ReviewedField>& fields) {
    ReviewedAgreement agreement;
    agreement.form = "avtal";
    agreement.title = "Avtalet";
    agreement.present = true;
    agreement.points = {{"1", "Parter", fields}};
    Review review;
    review.agreements = {agreement};
    return review;
}

LetterDraft draft(const Review& review, const std::string& id = "s1") {
    return draft_letter({.number = id}, review, plain_texts());
}

TEST(Letter, SaysByAgreementAndPointWhatIsLacking) {
    const LetterDraft letter =
        draft(review_with({lacking("Namn", "empty"), lacking("Roll", "unknown_reason"),
                           lacking("Underskrift", "stamp_only", FieldKind::Signature)}));
    EXPECT_TRUE(letter.asks);
    EXPECT_EQ(letter.text,
              "Om s1\n\nHej!\n\nKomplettera s1:\n\n"
              "Avtalet\nPunkt 1, Parter\n  - Namn saknas.\n  - Roll: komplettera.\n"
              "  - En stämpel räcker inte.\n\n"
              "Svara.\n\nHälsningar\n");
}

TEST(Letter, SaysToWhomFromWhomAndUntilWhen) {
    const LetterFrame frame{
        "2026/7",           "Ek AB",          "556036-0793", {"Kim Ek", "kim@ek.se", ""},
        "Anna Handläggare", "Geomyndigheten", "2026-12-24"};
    EXPECT_EQ(draft_letter(frame, review_with({lacking("Namn", "empty")}), plain_texts()).text,
              "Om 2026/7\n\nTill Kim Ek <kim@ek.se>\n\nEk AB, 556036-0793\n\nHej Kim Ek!\n\n"
              "Komplettera 2026/7:\n\nAvtalet\nPunkt 1, Parter\n  - Namn saknas.\n\nSvara.\n\n"
              "Senast 2026-12-24.\n\nHälsningar\nAnna Handläggare\nGeomyndigheten\n");
    EXPECT_EQ(draft_reminder(frame, false, plain_texts()),
              "Påminnelse 2026/7\n\nTill Kim Ek <kim@ek.se>\n\nEk AB, 556036-0793\n\nHej Kim "
              "Ek!\n\nSnart är det 2026-12-24.\n\nSenast 2026-12-24.\n\nHälsningar\nAnna "
              "Handläggare\nGeomyndigheten\n");
    EXPECT_THAT(draft_reminder(frame, true, plain_texts()), HasSubstr("Det var 2026-12-24."));
    LetterFrame nobody;
    nobody.to.email = "info@ek.se";
    EXPECT_THAT(draft_letter(nobody, {}, plain_texts()).text,
                testing::AllOf(HasSubstr("Till info@ek.se\n\nHej!"), Not(HasSubstr("Senast"))));
}

TEST(Letter, TheFirstLineIsTheSubject) {
    EXPECT_EQ(subject_and_body("Om s1\n\nHej!\n\nText\n"),
              std::pair(std::string("Om s1"), std::string("Hej!\n\nText\n")));
    EXPECT_EQ(subject_and_body("Om s1"), std::pair(std::string("Om s1"), std::string()));
}

TEST(Letter, AnAgreementThatTheCaseDoesNotNeedIsNotAskedFor) {
    Decision set_aside;
    Review review = review_with({lacking("Namn", "empty")});
    review.agreements[0].set_aside = &set_aside;
    review.agreements[0].required = false;
    EXPECT_FALSE(draft(review).asks);
    review.agreements[0].present = false;
    EXPECT_FALSE(draft(review).asks);
}

TEST(Letter, OnlyWhatIsSurelyLackingIsNamed) {
    ReviewedField unclear = lacking("Telefon", "empty"), right = lacking("Roll", ""),
                  optional = lacking("Fax", "empty"), invalid = lacking("Nummer", "empty");
    unclear.verdict = FieldVerdict::Unclear;
    right.verdict = FieldVerdict::Ok;
    optional.required = false;
    invalid.verdict = FieldVerdict::Invalid;
    EXPECT_FALSE(draft(review_with({unclear, right, optional})).asks);
    const LetterDraft letter = draft(review_with({unclear, right, optional, invalid}));
    EXPECT_THAT(letter.text, HasSubstr("  - Nummer saknas."));
    for (const char* other : {"Telefon", "Roll", "Fax"})
        EXPECT_THAT(letter.text, Not(HasSubstr(other)));
}

// The reason is the machine's; a person who calls the point missing did not mean that.
TEST(Letter, WhatAPersonCallsMissingIsMissing) {
    Decision missing;
    missing.action = Action::Missing;
    ReviewedField field = lacking("Underskrift", "stamp_only", FieldKind::Signature);
    field.found = FieldVerdict::Unclear;
    field.decision = &missing;
    EXPECT_THAT(draft(review_with({field})).text, HasSubstr("  - Underskriften saknas."));
    field.found = FieldVerdict::Missing;
    EXPECT_THAT(draft(review_with({field})).text, HasSubstr("  - En stämpel räcker inte."));
}

TEST(Letter, NothingIsSaidTwiceAndAnEmptySentenceNotAtAll) {
    const LetterDraft letter =
        draft(review_with({lacking("Namn", "empty"), lacking("Namn", "empty")}));
    EXPECT_EQ(letter.text.find("Namn saknas."), letter.text.rfind("Namn saknas."));
    EXPECT_FALSE(draft(review_with({lacking("Namn", "silent")})).asks);
    EXPECT_FALSE(draft(Review{}).asks);
}

TEST(Letter, AnAgreementThatIsAbsentIsAskedForAsAWhole) {
    Review review = review_with({lacking("Namn", "empty")});
    review.agreements[0].present = false;
    const std::string text = draft(review).text;
    EXPECT_THAT(text, HasSubstr("  - Avtalet finns inte med.\n"));
    EXPECT_THAT(text, Not(HasSubstr("Namn")));
    ReviewedFinding finding;
    finding.place.code = "agreement_missing";
    finding.place.field.form = "avtal";
    finding.severity = Severity::Error;
    review.findings = {finding};
    EXPECT_EQ(draft(review).text, text) << "said once";
}

TEST(Letter, FindingsThatNobodyAcceptedAreNamed) {
    Decision accepted;
    ReviewedFinding open, done, unknown, information;
    open.place.code = done.place.code = information.place.code = "file_unreadable";
    open.file = "a.pdf";
    done.file = "b.pdf";
    information.file = "c.pdf";
    open.severity = done.severity = unknown.severity = Severity::Review;
    done.decision = &accepted;
    unknown.place.code = "nothing_a_sender_can_do";
    Review review;
    review.findings = {open, done, unknown, information};
    const LetterDraft letter = draft(review);
    EXPECT_TRUE(letter.asks);
    EXPECT_THAT(letter.text, HasSubstr("  - a.pdf går inte att öppna.\n\nSvara."));
    for (const char* other : {"b.pdf", "c.pdf"}) EXPECT_THAT(letter.text, Not(HasSubstr(other)));
}

// Labels, titles and names of files come from forms and senders: braces in them are no places to
// fill in.
TEST(Letter, BracesInWhatIsFilledInStay) {
    Review review = review_with({lacking("{id} {0} {", "empty")});
    review.agreements[0].points[0].title = "{label}";
    ReviewedFinding finding;
    finding.place.code = "file_unreadable";
    finding.file = "{title}}.pdf";
    finding.severity = Severity::Error;
    review.findings = {finding};
    const std::string text = draft(review, "{x}").text;
    EXPECT_THAT(text, HasSubstr("Om {x}\n"));
    EXPECT_THAT(text, HasSubstr("Punkt 1, {label}\n  - {id} {0} { saknas."));
    EXPECT_THAT(text, HasSubstr("{title}}.pdf går inte att öppna."));
}

TEST(Letter, TheProgramsOwnTextsSaySomethingOfEveryKind) {
    const pipeline::LetterTexts texts =
        pipeline::load_letter_texts(AVTALSKOLL_SOURCE_DIR "/data/letters/request.yaml");
    const Review review =
        review_with({lacking("Namn", "empty"), lacking("X", "no_such_reason"),
                     lacking("Underskrift", "no_such_reason", FieldKind::Signature)});
    const LetterDraft letter = draft_letter({.number = "s1"}, review, texts);
    EXPECT_TRUE(letter.asks);
    EXPECT_EQ(letter.text.find('{'), std::string::npos);
    EXPECT_THAT(letter.text, HasSubstr("s1"));
}

}  // namespace
}  // namespace avtalskoll::app
