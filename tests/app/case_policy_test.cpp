#include "app/review/case_policy.h"

#include <gtest/gtest.h>

#include "app/review/case_number.h"
#include "app/review/contacts.h"
#include "tests/support/case_in_memory.h"

namespace avtalskoll::app {
namespace {

class CasePolicyTest : public CaseInMemory {
protected:
    void happened(CaseEventDetail detail) {
        const std::string kind = kind_of(detail);
        const auto key = static_cast<std::int64_t>(open_.events.size()) + 1;
        open_.events.push_back({key, "2026-11-28T10:00:00Z", "anna", kind, std::move(detail)});
    }

    // Empty: allowed; else the text's key.
    static std::string refused(const JudgedEvent& judged) {
        const auto* refusal = std::get_if<Refusal>(&judged);
        return refusal ? refusal->message.key() : "";
    }
    std::string move(const std::string& name) {
        return refused(judge_move(open_, states_, name, ""));
    }
};

const CasePerson kOwner{"Kim Ek", "kim@ek.se", "010-123 45 67"};

TEST_F(CasePolicyTest, MovesGoByTheTable) {
    open_.line.status = kComplete;
    const JudgedEvent judged = judge_move(open_, states_, "hand_over", "påskrift");
    EXPECT_EQ(std::get<CaseEventDetail>(judged),
              CaseEventDetail(CaseMoved{"hand_over", "complete", "with_signatory", "påskrift"}));
    EXPECT_EQ(move("send"), "refusal.move_not_allowed");
    EXPECT_EQ(move("approve"), "refusal.no_such_move") << "a decision, not a move";
    EXPECT_EQ(move("no such"), "refusal.no_such_move");
    open_.purged = true;
    EXPECT_EQ(move("hand_over"), "refusal.purged");
}

TEST_F(CasePolicyTest, ACopyMustAgreeOrBeAcceptedBeforeItCounts) {
    open_.line.status = "with_signatory";
    open_.content = "c1";
    EXPECT_EQ(move("countersign"), "move_needs.countersigned_copy");
    CopyCompared copy{CountersignedVerdict::Differs, "a.pdf", "h", "c1", {"sidan 2"}, ""};
    happened(copy);
    EXPECT_EQ(move("countersign"), "move_needs.countersigned_copy");
    copy.accepted_because = "bara en stämpel";
    happened(copy);
    EXPECT_EQ(move("countersign"), "");
    open_.content = "c2";  // other files came since
    EXPECT_EQ(move("countersign"), "move_needs.countersigned_copy");
    happened(CopyCompared{CountersignedVerdict::Agrees, "b.pdf", "h", "c2", {}, ""});
    EXPECT_EQ(move("countersign"), "");
    happened(CopyCompared{CountersignedVerdict::Unsure, "c.pdf", "h", "c2", {}, ""});
    EXPECT_EQ(move("countersign"), "move_needs.countersigned_copy") << "the newest counts";
}

TEST_F(CasePolicyTest, ACopyOfBeforeTheApprovalCountsNoMore) {
    open_.line.status = "with_signatory";
    open_.content = "c1";
    happened(CopyCompared{CountersignedVerdict::Agrees, "b.pdf", "h", "c1", {}, "", {}});
    EXPECT_EQ(move("countersign"), "");
    Decision approved;
    approved.action = Action::Approve;
    approved.at = "2026-11-28T11:00:00Z";  // after a correction
    open_.decisions.push_back(approved);
    EXPECT_EQ(move("countersign"), "move_needs.countersigned_copy");
}

TEST_F(CasePolicyTest, WhatHappenedBeforeAWithdrawalIsNotTakenBack) {
    Decision accepted;
    accepted.place = {"avtal", "1", "phone"};
    write(accepted);
    open_.line.status = "withdrawn";
    DecisionRequest undo{Action::Undo, "anna", open_.revision};
    const auto judged = judge_request(open_, {forms_, {}, states_}, undo);
    ASSERT_TRUE(std::holds_alternative<Refusal>(judged));
    EXPECT_EQ(std::get<Refusal>(judged).message.key(), "refusal.went_on");
}

TEST_F(CasePolicyTest, CredentialsGoToAContactForEachDataSet) {
    open_.line.status = "sent";
    EXPECT_EQ(move("data_sets"), "move_needs.data_sets");
    happened(DataSetAdded{"a", kOwner, kOwner, "", ""});
    happened(DataSetAdded{"b", kOwner, kOwner, "", ""});
    EXPECT_EQ(move("data_sets"), "");
    open_.line.status = "data_sets_ready";
    const std::vector<CasePerson> contacts{kOwner};
    const auto sent = [&](const char* data_set, const char* email, const char* day) {
        return judge_credentials(open_, contacts, {data_set, {"", email, ""}, day});
    };
    EXPECT_EQ(refused(sent("a", "other@ek.se", "2026-11-28")), "refusal.not_the_contact");
    EXPECT_EQ(refused(sent("c", "kim@ek.se", "2026-11-28")), "refusal.no_such_data_set");
    EXPECT_EQ(refused(sent("a", "kim@ek.se", "2026-02-30")), "refusal.bad_date");
    const JudgedEvent judged = sent("a", "kim@ek.se", "2026-11-28");
    EXPECT_EQ(std::get<CaseEventDetail>(judged),
              CaseEventDetail(CredentialsSent{"a", kOwner, "2026-11-28"}));
    happened(std::get<CaseEventDetail>(judged));
    EXPECT_EQ(move("credentials"), "move_needs.credentials") << "of b nothing is noted";
    EXPECT_EQ(refused(judge_removal(open_, {"c", ""})), "refusal.no_such_data_set");
    EXPECT_EQ(refused(judge_removal(open_, {"b", ""})), "");
    happened(DataSetRemoved{"b", ""});
    EXPECT_EQ(move("credentials"), "");
    happened(DataSetRemoved{"a", ""});
    happened(DataSetAdded{"a", kOwner, kOwner, "", ""});
    EXPECT_EQ(move("credentials"), "move_needs.credentials") << "it was added anew";
}

TEST_F(CasePolicyTest, PeopleOfADataSetCanBeReached) {
    const DataSetKinds kinds{{"a", "A", false, {"avtal"}}};
    const auto added = [&](const CasePerson& support) {
        return refused(judge_data_set(open_, kinds, {"a", kOwner, support, "", ""}));
    };
    EXPECT_EQ(added(kOwner), "");
    EXPECT_EQ(added({"", "kim@ek.se", "010-123 45 67"}), "person.no_name");
    EXPECT_EQ(added({"Kim", "kim(at)ek", "010-123 45 67"}), "person.bad_email");
    EXPECT_EQ(added({"Kim", "kim@ek.se", "12"}), "person.bad_phone");
    EXPECT_EQ(refused(judge_data_set(open_, kinds, {"b", kOwner, kOwner, "", ""})),
              "refusal.no_such_data_set");
}

TEST_F(CasePolicyTest, NotesAndNumbers) {
    EXPECT_EQ(refused(judge_note(" \n")), "refusal.note_empty");
    EXPECT_EQ(refused(judge_note(std::string(30'000, 'x'))), "refusal.note_too_long");
    EXPECT_EQ(refused(judge_note("Ringde.")), "");
    EXPECT_EQ(refused(judge_number("../7")), "refusal.bad_case_number");
    EXPECT_EQ(std::get<CaseEventDetail>(judge_number(" 2026/7 ")),
              CaseEventDetail(CaseNumbered{"2026/7"}));
    EXPECT_EQ(std::get<CaseEventDetail>(judge_number("")), CaseEventDetail(CaseNumbered{}));
}

TEST(CaseNumbers, AreTheSameHoweverWritten) {
    for (const char* same : {"2026/123", "2026-123", " 2026:123 ", "Dnr 2026/123", "dnr 2026_123"})
        EXPECT_EQ(parse_case_number(same).value().key, "2026-123") << same;
    EXPECT_EQ(parse_case_number("LM 2026/123")->key, "lm-2026-123");
    EXPECT_EQ(parse_case_number("Åre-7")->key, "åre-7");
    for (const char* none :
         {"", " ", "abc", "2026..7", "../2026", ".7", "7\n", "7\x01", "7;8", "\xff\x37", "7<b>",
          "1234567890123456789012345678901234567890123456789012345678901"})
        EXPECT_FALSE(parse_case_number(none)) << none;
}

TEST(CaseDays, AreOfTheCalendar) {
    for (const char* day : {"2026-11-28", "2028-02-29"}) EXPECT_TRUE(is_iso_day(day)) << day;
    for (const char* none : {"2026-02-29", "2026-13-01", "2026-00-10", "26-11-28", "2026/11/28",
                             "2026-11-28T00:00", ""})
        EXPECT_FALSE(is_iso_day(none)) << none;
}

ReviewedField field_with(FieldKind kind, const std::string& value,
                         FieldVerdict verdict = FieldVerdict::Ok) {
    ReviewedField field;
    field.kind = kind;
    field.value = value;
    field.verdict = verdict;
    return field;
}

Review with_contact(FieldVerdict of_email, bool present = true) {
    ReviewedAgreement agreement;
    agreement.form = "avtal";
    agreement.title = "Avtalet";
    agreement.present = present;
    agreement.required = present;
    agreement.points = {{"15",
                         "Kontakt",
                         {field_with(FieldKind::Person, "Kim Ek"),
                          field_with(FieldKind::Email, "kim@ek.se", of_email),
                          field_with(FieldKind::Phone, "010-1234567", FieldVerdict::Unclear)}},
                        {"A3", "Slag", {field_with(FieldKind::FreeText, "Namn och adress")}}};
    Review review;
    review.agreements = {agreement};
    return review;
}

TEST(Contacts, AreThoseThatWereAccepted) {
    EXPECT_EQ(contacts_of(with_contact(FieldVerdict::Ok)),
              (std::vector<CasePerson>{{"Kim Ek", "kim@ek.se", ""}}));
    EXPECT_TRUE(contacts_of(with_contact(FieldVerdict::Unclear)).empty());
    EXPECT_TRUE(contacts_of(with_contact(FieldVerdict::Ok, false)).empty());
    Review twice = with_contact(FieldVerdict::Ok);
    twice.agreements.push_back(twice.agreements[0]);
    EXPECT_EQ(contacts_of(twice).size(), 1U);
}

TEST(DataSets, SayWhatACaseLacks) {
    const DataSetKind kind{"a", "A", true, {"avtal"}, {{"avtal", "A3", {"adress"}}}};
    const DataSetKind other{"b", "B", true, {"pub"}, {{"avtal", "A3", {"fastighet"}}}};
    const auto keys = [](const std::vector<Message>& lacks) {
        std::vector<std::string> found;
        for (const Message& lack : lacks) found.push_back(lack.key());
        return found;
    };
    Review review = with_contact(FieldVerdict::Ok);
    review.agreements[0].points[0].fields[2].verdict = FieldVerdict::Ok;
    const DataSetAdded plain{"a", kOwner, kOwner, "", ""};
    EXPECT_EQ(keys(lacks_for(kind, plain, review)), std::vector<std::string>{});
    EXPECT_EQ(keys(lacks_for(other, {"b", kOwner, kOwner, "Ombudet AB", ""}, review)),
              (std::vector<std::string>{"data_set.needs_agreement", "data_set.not_named",
                                        "data_set.no_authority"}));
    review.agreements[0].points[1].fields[0].verdict = FieldVerdict::Unclear;
    EXPECT_EQ(keys(lacks_for(kind, {"a", kOwner, kOwner, "Ombudet AB", "akten"}, review)),
              (std::vector<std::string>{"data_set.needs_agreement", "data_set.not_named"}));
}

TEST(DataSets, TheProgramsOwnNameFormsThatAreRegistered) {
    const DataSetKinds kinds =
        pipeline::load_data_sets(AVTALSKOLL_SOURCE_DIR "/data/datasets.yaml");
    ASSERT_FALSE(kinds.empty());
    for (const DataSetKind& kind : kinds)
        EXPECT_EQ(kind.has_personal_data, kind.agreements.size() > 1) << kind.id;
}

}  // namespace
}  // namespace avtalskoll::app
