#include "app/store/store_copy.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/error.h"
#include "tests/support/store_under_test.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

// From a store of one kind to one of another.
class StoreCopyTest : public testing::TestWithParam<std::tuple<StoreKind, StoreKind>> {
protected:
    // Something in every table that a person or a machine writes to.
    void fill() const {
        const auto store = from_->open(true);
        store->finish(receive(*store, "a", "one").stored, report());
        receive(*store, "a", "two");
        receive(*store, "b", "three");
        const auto cases = from_->open_cases();
        store->finish(*store->find("a"), report());
        const OpenCase open = cases->open("a").value();
        Decision decision;
        decision.officer = "anna";
        decision.action = Action::Request;
        ASSERT_EQ(cases->decide(open, decision, {"Hej", ""}), Outcome::Done);
        ASSERT_EQ(cases->add(open, CaseNoted{"Ringde."}, "anna"), Outcome::Done);
        from_->open_accounts()->add_user("anna", Role::Officer, "ett långt lösenord");
        from_->open_accounts()->add_token("system", Role::Reader);
        const auto work = from_->open_work();
        const StoredSubmission b = *store->find("b");
        work->bury({b.key, b.content}, true, "rejected");
    }
    Received receive(Store& store, const std::string& id, const std::string& content) const {
        const fs::path file = folder_.path() / (id + content + ".pdf");
        std::ofstream(file) << content;
        Submission submission;
        submission.id = id;
        submission.files.push_back({"Åsa 1.pdf", file});
        return store.receive(submission, "");
    }
    static FinishedReport report() {
        FinishedReport made;
        made.verdict = SubmissionVerdict::Review;
        made.json = R"({"verdict": "review"})";
        made.html = std::string("<p>\0\xff</p>", 9);
        made.findings.push_back({.code = "page_missing", .message = Message::as_written("x")});
        made.versions = {"1", "f", "r"};
        return made;
    }

    const TemporaryFolder folder_, other_;
    const std::unique_ptr<StoreUnderTest> from_ =
        store_under_test(std::get<0>(GetParam()), folder_.path());
    const std::unique_ptr<StoreUnderTest> to_ =
        store_under_test(std::get<1>(GetParam()), other_.path());
};

TEST_P(StoreCopyTest, HoldsTheSame) {
    fill();
    const StoreCopy copy = copy_store(from_->place(), to_->place());
    EXPECT_EQ(copy.originals, 3);
    EXPECT_EQ(copy.tables.front().rows, 2);
    const auto before = from_->open(), after = to_->open();
    for (const char* id : {"a", "b"}) {
        EXPECT_EQ(after->find(id)->content, before->find(id)->content);
        EXPECT_EQ(after->audit(id).size(), before->audit(id).size());
        EXPECT_TRUE(fs::exists(after->find(id)->submission.files.at(0).path));
    }
    EXPECT_EQ(after->latest_report("a")->html, report().html);
    EXPECT_EQ(after->earlier("a").size(), 1U);
    EXPECT_EQ(to_->open_cases()->open("a")->letters.at(0).text, "Hej");
    EXPECT_TRUE(to_->open_accounts()->log_in("anna", "ett långt lösenord"));
    EXPECT_EQ(to_->open_work()->dead_letters().size(), 1U);
    EXPECT_EQ(after->faults(), std::vector<std::string>());
    // It is a store to go on with.
    EXPECT_EQ(receive(*after, "c", "four").receipt, Receipt::New);
    EXPECT_EQ(to_->open_cases()->find({.text = "a"}).total, 1);
}

TEST_P(StoreCopyTest, NothingIsWrittenOver) {
    fill();
    to_->open();
    to_->open_accounts()->add_user("bo", Role::Reader, "ett långt lösenord");
    EXPECT_THROW(copy_store(from_->place(), to_->place()), Error);
    EXPECT_TRUE(to_->open()->list("").empty());
}

TEST_P(StoreCopyTest, ALostOriginalIsToldAndNothingIsKept) {
    fill();
    fs::remove(from_->open()->find("b")->submission.files.at(0).path);
    try {
        copy_store(from_->place(), to_->place());
        ADD_FAILURE() << "copied what is not there";
    } catch (const Error& e) {
        EXPECT_NE(std::string(e.what()).find("is lost"), std::string::npos) << e.what();
    }
    EXPECT_TRUE(to_->open()->list("").empty());
}

INSTANTIATE_TEST_SUITE_P(Of, StoreCopyTest,
                         testing::Combine(testing::ValuesIn(kStoreKinds),
                                          testing::ValuesIn(kStoreKinds)),
                         [](const auto& of) {
                             return std::string(std::get<0>(of.param)) + "To" +
                                    std::get<1>(of.param);
                         });

}  // namespace
}  // namespace avtalskoll::app
