#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "app/mail/mail_carrier.h"
#include "app/service/mail_sender.h"
#include "app/store/mail_store.h"
#include "models/error.h"
#include "pipeline/files/file_hash.h"
#include "tests/support/case_fixture.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kFrom = "Geomyndigheten <avtal@geo.example>";

Mail some_mail(const std::string& text = "Om ärendet\n\nHej!\nÅäö.\n") {
    Mail mail;
    mail.message_id = new_message_id(kFrom);
    mail.at = "2026-11-28T10:00:00Z";
    mail.recipient = "kim@ek.example";
    mail.text = text;
    return mail;
}

std::string read_file(const fs::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(MailMessage, IsOneThatMailProgramsRead) {
    const Mail mail = some_mail();
    const std::string message = as_message(mail, kFrom);
    for (const std::string part :
         {"From: Geomyndigheten <avtal@geo.example>\n", "To: kim@ek.example\n",
          "Subject: Om =?UTF-8?B?", "Date: Sat, 28 Nov 2026 10:00:00 +0000\n",
          "MIME-Version: 1.0\n", "=C3=85=C3=A4=C3=B6."})
        EXPECT_THAT(message, HasSubstr(part));
    EXPECT_THAT(message, HasSubstr("Message-ID: " + mail.message_id + "\n"));
    EXPECT_THAT(message, testing::Not(HasSubstr("Om ärendet")));
}

TEST(MailMessage, ALineBreakAddsNoHeader) {
    Mail mail = some_mail("Om\r\nBcc: other@x.example\n\nHej\n");
    const std::string message = as_message(mail, kFrom);
    EXPECT_THAT(message.substr(0, message.find("\n\n")), testing::Not(HasSubstr("Bcc")));
    mail.recipient = "a@b.example, c@d.example";
    EXPECT_THROW(as_message(mail, kFrom), Error);
}

TEST(MailMessage, OnlyTheFileThatWasChosenGoesOut) {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "copy.pdf";
    std::ofstream(file) << "the approved copy";
    Mail mail = some_mail();
    mail.attachment = pipeline::sha256_of(file);
    mail.attachment_name = "avtal åäö.pdf";
    mail.attachment_path = file;
    const std::string message = as_message(mail, kFrom);
    EXPECT_THAT(message, HasSubstr("Content-Type: multipart/mixed"));
    EXPECT_THAT(message, HasSubstr("dGhlIGFwcHJvdmVkIGNvcHk="));
    std::ofstream(file) << "another copy";
    EXPECT_THROW(as_message(mail, kFrom), Error);
    fs::remove(file);
    EXPECT_THROW(as_message(mail, kFrom), Error);
}

TEST(MailMessage, IdsAreNeverTheSame) {
    std::set<std::string> ids;
    for (int i = 0; i < 1000; ++i) ids.insert(new_message_id(kFrom));
    EXPECT_EQ(ids.size(), 1000U);
    EXPECT_TRUE(ids.begin()->ends_with("@geo.example>"));
}

class SpoolTest : public testing::Test {
protected:
    std::vector<std::string> spooled() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder_.path()))
            if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
        return names;
    }
    std::unique_ptr<MailCarrier> carrier() const {
        return mail_carrier({.from = kFrom, .spool = folder_.path(), .server = ""});
    }
    const TemporaryFolder folder_;
};

TEST_F(SpoolTest, AMailIsThereOnceHoweverOftenItIsHandedOver) {
    const Mail mail = some_mail();
    EXPECT_EQ(carrier()->deliver(mail).outcome, MailOutcome::Done);
    ASSERT_EQ(spooled().size(), 1U);
    EXPECT_EQ(read_file(folder_.path() / spooled()[0]), as_message(mail, kFrom));
    fs::remove(folder_.path() / spooled()[0]);  // the mail server took it
    EXPECT_EQ(carrier()->deliver(mail).outcome, MailOutcome::Done);
    EXPECT_TRUE(spooled().empty());
}

TEST_F(SpoolTest, WhereItWasInterruptedItGoesOn) {
    const Mail mail = some_mail();
    EXPECT_EQ(carrier()->deliver(mail).outcome, MailOutcome::Done);
    const std::string name = spooled().at(0);
    // As if it had ended after its name was noted, before it was moved.
    fs::rename(folder_.path() / name, folder_.path() / ".coming" / name);
    EXPECT_EQ(carrier()->deliver(mail).outcome, MailOutcome::Done);
    EXPECT_EQ(spooled(), std::vector<std::string>{name});
    // As if it had ended while it wrote.
    const Mail other = some_mail();
    std::ofstream(folder_.path() / ".coming" / "half.eml") << "Fro";
    EXPECT_EQ(carrier()->deliver(other).outcome, MailOutcome::Done);
    EXPECT_EQ(spooled().size(), 2U);
}

TEST(MailPlaces, ThatCannotBeAreRefused) {
    EXPECT_THROW(mail_carrier({.from = "nobody", .spool = "x", .server = ""}), Error);
    EXPECT_THROW(mail_carrier({.from = kFrom, .spool = "", .server = "http://x"}), Error);
    EXPECT_THROW(
        mail_carrier(
            {.from = kFrom, .spool = "", .server = "smtp://x", .credentials = "/no such file"}),
        Error);
}

TEST(MailServers, ThatAreDownAreTriedLater) {
    const auto carrier = mail_carrier({.from = kFrom, .spool = "", .server = "smtp://127.0.0.1:1"});
    EXPECT_EQ(carrier->deliver(some_mail()).outcome, MailOutcome::Later);
    EXPECT_FALSE(carrier->may_repeat());
}

// A carrier whose answers are given.
class GivenCarrier : public MailCarrier {
public:
    explicit GivenCarrier(MailOutcome outcome) : outcome_(outcome) {}
    bool may_repeat() const override { return false; }
    Delivered deliver(const Mail&) override {
        ++calls;
        return {outcome_, outcome_ == MailOutcome::Done ? "" : "fault"};
    }
    int calls = 0;

private:
    const MailOutcome outcome_;
};

class MailStoreTest : public CaseTest {
protected:
    MailState state() { return mail_->list(open().line.key).at(0).mail.state; }
    void write() {
        receive("a");
        mail_->add(open().line.key, some_mail(), "anna");
    }
    const std::unique_ptr<MailStore> mail_ = open_mail_store(under_test_->place(), 2);
};

TEST_P(MailStoreTest, WhatIsHandedOverIsNotTakenAgain) {
    write();
    const auto taken = mail_->take(false);
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->text, some_mail().text);
    EXPECT_FALSE(mail_->take(false)) << "somebody has it";
    mail_->sent(*taken);
    EXPECT_EQ(state(), MailState::Sent);
    EXPECT_FALSE(mail_->take(false));
    EXPECT_TRUE(mail_->list(0).empty());
}

TEST_P(MailStoreTest, OutcomesDecideWhatComesNext) {
    write();
    GivenCarrier later(MailOutcome::Later);
    EXPECT_EQ(send_waiting_mail(*mail_, later).later, 1);
    EXPECT_EQ(later.calls, 1) << "it waits some minutes";
    EXPECT_EQ(state(), MailState::Waiting);
    for (const auto& [outcome, expected] : {std::pair(MailOutcome::Refused, MailState::Failed),
                                            std::pair(MailOutcome::Unclear, MailState::Unclear)}) {
        receive(to_string(expected), to_string(expected));
        mail_->add(open(to_string(expected)).line.key, some_mail(), "anna");
        GivenCarrier carrier(outcome);
        send_waiting_mail(*mail_, carrier);
        const auto line = mail_->list(open(to_string(expected)).line.key).at(0);
        EXPECT_EQ(line.mail.state, expected);
        EXPECT_EQ(line.mail.fault, "fault");
    }
    EXPECT_EQ(mail_->list(0).size(), 3U);
}

TEST_P(MailStoreTest, APersonSaysWhatBecameOfUnclearMail) {
    write();
    GivenCarrier unclear(MailOutcome::Unclear);
    send_waiting_mail(*mail_, unclear);
    EXPECT_EQ(send_waiting_mail(*mail_, unclear).unclear, 0) << "never again by itself";
    const std::int64_t key = mail_->list(0).at(0).mail.key;
    EXPECT_TRUE(mail_->settle(key, false, "anna"));
    GivenCarrier done(MailOutcome::Done);
    EXPECT_EQ(send_waiting_mail(*mail_, done).sent, 1);
    EXPECT_FALSE(mail_->settle(key, true, "anna")) << "it has left";
}

TEST_P(MailStoreTest, MailGoesWithItsLetterOrNotAtAll) {
    receive("a");
    Decision request;
    request.officer = "anna";
    request.action = Action::Request;
    const OpenCase seen = open();
    EXPECT_EQ(cases_->decide(seen, request, {"Brev", "", "kim@ek.example", some_mail()}),
              Outcome::Done);
    EXPECT_EQ(cases_->decide(seen, request, {"Brev", "", "kim@ek.example", some_mail()}),
              Outcome::Changed);
    EXPECT_EQ(mail_->list(seen.line.key).size(), 1U);
    EXPECT_EQ(open().letters.size(), 1U);
}

TEST_P(MailStoreTest, APurgeTakesWhatMailSays) {
    write();
    under_test_->set_received("2020-01-01T00:00:00Z", "");
    store_->purge(30);
    const Mail mail = mail_->list(open().line.key).at(0).mail;
    EXPECT_EQ(mail.text + mail.recipient, "");
    EXPECT_EQ(mail.state, MailState::Failed);
    EXPECT_FALSE(mail_->take(true));
    EXPECT_FALSE(mail_->settle(mail.key, false, "anna"));
}

INSTANTIATE_TEST_SUITE_P(Of, MailStoreTest, testing::ValuesIn(kStoreKinds), name_of_kind);

}  // namespace
}  // namespace avtalskoll::app
