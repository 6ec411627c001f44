#include "app/store/audit.h"

#include <gtest/gtest.h>

#include "app/store/audit_rows.h"

namespace avtalskoll::app {
namespace {

std::vector<AuditEvent> events() {
    const FieldPlace place{"avtal", "A3", "types"};
    return {
        {.action = AuditAction::Received, .number = 1},
        {.action = AuditAction::OpenedAgain, .number = 12},
        {.action = AuditAction::AddedTo, .number = 2},
        {.action = AuditAction::Uploaded, .number = 3},
        {.action = AuditAction::ReceivedAgain},
        {.action = AuditAction::Checked,
         .verdict = SubmissionVerdict::Review,
         .engine = "0.2.0",
         .rules = "00ff"},
        {.action = AuditAction::Crashed},
        {.action = AuditAction::Claimed},
        {.action = AuditAction::TakenOver, .subject = "anna k"},
        {.action = AuditAction::Released},
        {.action = AuditAction::Decided,
         .decision = Action::Correct,
         .place = place,
         .engine = "1"},
        {.action = AuditAction::Decided,
         .decision = Action::Accept,
         .finding = "page_unknown",
         .engine = "1"},
        {.action = AuditAction::Decided,
         .decision = Action::Undo,
         .place = place,
         .undoes = 14,
         .engine = "1"},
        {.action = AuditAction::Decided, .decision = Action::Undo, .undoes = 7, .engine = "1"},
        {.action = AuditAction::Decided, .decision = Action::Close, .engine = "1"},
        {.action = AuditAction::OriginalRead, .number = 2},
        {.action = AuditAction::EarlierOriginalRead, .number = 1, .time = "2026-11-01T10:00:00Z"},
        {.action = AuditAction::Purged},
        {.action = AuditAction::Purged, .number = 3, .earlier = 1, .time = "2026-01-01T00:00:00Z"},
        {.action = AuditAction::EarlierPurged},
        {.action = AuditAction::LoggedIn},
        {.action = AuditAction::UserAdded, .subject = "bo b", .role = Role::Admin},
        {.action = AuditAction::UserBlocked, .subject = "bo b"},
        {.action = AuditAction::PasswordSet, .subject = "bo b"},
        {.action = AuditAction::TokenAdded, .subject = "system", .role = Role::Reader},
        {.action = AuditAction::TokenRemoved, .subject = "system"},
    };
}

TEST(Audit, WordsFromBeforeTheLogHadColumnsTellTheSame) {
    for (const AuditEvent& event : events())
        EXPECT_EQ(event_from_words(to_string(event.action), details_of(event)), event)
            << to_string(event.action) << ": " << details_of(event);
}

// As earlier versions wrote them.
TEST(Audit, OldWordsAreRead) {
    EXPECT_EQ(event_from_words("received", "2 files").number, 2);
    EXPECT_EQ(event_from_words("uploaded", "1 file").number, 1);
    EXPECT_EQ(event_from_words("checked", "complete; engine 0.1.0, rules ab").rules, "ab");
    EXPECT_EQ(event_from_words("checked", "complete; engine 0.1.0, rules ab").verdict,
              SubmissionVerdict::Complete);
    const AuditEvent undo =
        event_from_words("decided", "undo avtal/1/phone of decision 5; engine 1");
    EXPECT_EQ(undo.undoes, 5);
    EXPECT_EQ(undo.place, (FieldPlace{"avtal", "1", "phone"}));
    EXPECT_EQ(event_from_words("decided", "undo of decision 5; engine 1").undoes, 5);
    const AuditEvent purge =
        event_from_words("purged", "3 submissions received before 2026-01-01T00:00:00Z");
    EXPECT_EQ(purge.number, 3);
    EXPECT_EQ(purge.time, "2026-01-01T00:00:00Z");
    EXPECT_EQ(event_from_words("report set aside", "it did not speak of every page; checked again"),
              (AuditEvent{.action = AuditAction::ReportSetAside}));
    EXPECT_EQ(event_from_words("from a later version", "x").action, AuditAction::Unknown);
}

TEST(Audit, EveryActionHasAName) {
    for (int n = 0; n <= static_cast<int>(AuditAction::TokenRemoved); ++n) {
        const auto action = static_cast<AuditAction>(n);
        EXPECT_EQ(parse_audit_action(to_string(action)), action);
    }
    EXPECT_FALSE(parse_audit_action("forgotten"));
}

}  // namespace
}  // namespace avtalskoll::app
