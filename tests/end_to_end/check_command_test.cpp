// The real program, end to end: real PDFs, real Tesseract, real exit statuses.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "pipeline/forms/form_registry.h"
#include "tests/simulator/corpus.h"
#include "tests/simulator/pdf_writer.h"
#include "tests/support/report_schema.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json report_of(const fs::path& out, const std::string& id) {
    const std::string text = slurp(out / id / "report.json");
    EXPECT_EQ(schema_faults(text), "") << id;
    return json::parse(text, nullptr, false);
}

bool has_finding(const json& report, const std::string& code) {
    return std::any_of(report["findings"].begin(), report["findings"].end(),
                       [&](const json& f) { return f["code"] == code; });
}

std::string verdict_of(const json& report, const std::string& form, const std::string& point,
                       const std::string& field) {
    for (const json& a : report["agreements"])
        for (const json& p : a["points"])
            for (const json& f : p["fields"])
                if (a["form"] == form && p["point"] == point && f["field"] == field)
                    return f["verdict"];
    return "absent";
}

const simulator::CorpusMaker& maker() {
    static const FormSet forms = pipeline::load_forms(kSource / "data" / "forms");
    static const simulator::CorpusMaker made(
        forms, kSource / "data" / "registers" / "organisations.csv", {.seed = 77});
    return made;
}

json without_timing(json report) {
    report.erase("timing");
    report.erase("engine");
    return report;
}

TEST(CheckArguments, ClearLineAndStatusTwo) {
    const std::string samples = "check " + (kSource / "data" / "samples").string();
    const std::vector<std::string> wrong{"",
                                         "chekc x",
                                         "check",
                                         "check --no-such x",
                                         "check /nonexistent/path",
                                         samples + " --jobs 0",
                                         samples + " --personal-data maybe",
                                         samples + " --format xml",
                                         samples + " --forms /nonexistent"};
    for (const std::string& arguments : wrong) {
        const Outcome r = run(arguments);
        EXPECT_EQ(r.status, 2) << arguments;
        EXPECT_TRUE(r.err.starts_with("avtalskoll: ")) << arguments << ": " << r.err;
        EXPECT_EQ(std::count(r.err.begin(), r.err.end(), '\n'), 1) << r.err;
    }
}

TEST(CheckArguments, MistypedWordIsNamedWithTheNearest) {
    const std::vector<std::pair<const char*, const char*>> faults{
        {"chekc x", "'chekc' is not a command of 'avtalskoll'; did you mean 'check'?"},
        {"form imprt x", "'imprt' is not a command of 'avtalskoll form'; did you mean 'import'?"},
        {"check . --stroe x", "did you mean '--store'?"},
        {"check . --format jsn", "'jsn' is not one of: csv, json, text; did you mean 'json'?"},
        {"form import", "'avtalskoll form import --help'"}};
    for (const auto& [arguments, words] : faults)
        EXPECT_NE(run(arguments).err.find(words), std::string::npos) << run(arguments).err;
}

TEST(CheckArguments, NothingToCheckIsAnError) {
    const TemporaryFolder folder;
    const Outcome r =
        run("check " + folder.path().string() + " --out " + (folder.path() / "out").string());
    EXPECT_EQ(r.status, 2);
    EXPECT_NE(r.err.find("no documents found in"), std::string::npos) << r.err;
}

TEST(CheckArguments, HelpTeaches) {
    const Outcome r = run("check --help");
    EXPECT_EQ(r.status, 0);
    EXPECT_NE(r.out.find("Examples"), std::string::npos);
    EXPECT_EQ(run("--version").status, 0);
}

// A batch of good and bad submissions: the bad ones are reported, the good ones go on.
class CheckBatch : public testing::Test {
protected:
    static void SetUpTestSuite() {
        folder_ = new TemporaryFolder;
        const fs::path in = folder_->path() / "in";
        simulator::Recipe clean;
        clean.tier = simulator::Tier::Clean;
        maker().make(in, "good", 1, clean);
        simulator::Recipe turned{.tier = simulator::Tier::Office,
                                 .defects = {simulator::Defect::NoSignature},
                                 .one_pdf = true,
                                 .shuffled = true,
                                 .turned_pages = true,
                                 .blank_page = true};
        maker().make(in, "unsigned", 2, turned);
        fs::create_directories(in / "empty");
        put(in / "garbage" / "a.pdf", "no pdf at all");
        put(in / "broken-account" / "submission.json", "{");
        fs::copy_file(kSource / "data/forms/producentavtal-2.1/blank.pdf",
                      in / "broken-account" / "a.pdf");
        put(in / "bad-number" / "submission.json", R"({"organisation_number": "212000-0143"})");
        fs::copy_file(kSource / "data/forms/producentavtal-2.1/blank.pdf",
                      in / "bad-number" / "a.pdf");
        put(in / "zero-pages" / "a.pdf",
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 "
            "obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF");
        fs::create_directories(in / "locked");
        ASSERT_EQ(std::system(("qpdf --encrypt user owner 256 -- " +
                               (kSource / "data/forms/producentavtal-2.1/blank.pdf").string() +
                               " " + (in / "locked" / "a.pdf").string())
                                  .c_str()),
                  0);
        simulator::Recipe partly{.tier = simulator::Tier::Clean, .personal_data = false};
        maker().make(in, "partly", 3, partly);
        put(in / "partly" / "zz.pdf", "no pdf");
        put(in / "partly" / "notes.txt", "x");
        result_ = run("check " + in.string() + " --jobs 2 --out " + out().string());
    }
    static void TearDownTestSuite() { delete folder_; }
    static void put(const fs::path& file, const std::string& content) {
        fs::create_directories(file.parent_path());
        std::ofstream(file) << content;
    }
    static fs::path out() { return folder_->path() / "out"; }
    static TemporaryFolder* folder_;
    static Outcome result_;
};
TemporaryFolder* CheckBatch::folder_ = nullptr;
Outcome CheckBatch::result_;

TEST_F(CheckBatch, FlagsByExitStatusAndLosesNothing) {
    EXPECT_EQ(result_.status, 1) << result_.err;
    const std::string csv = slurp(out() / "summary.csv");
    for (const char* id : {"good", "unsigned", "empty", "garbage", "broken-account", "bad-number",
                           "zero-pages", "locked", "partly"}) {
        EXPECT_TRUE(fs::exists(out() / id / "report.json")) << id;
        EXPECT_TRUE(fs::exists(out() / id / "report.html")) << id;
        EXPECT_NE(csv.find(std::string("\n") + id + ";"), std::string::npos) << id;
        EXPECT_NE(result_.out.find(id), std::string::npos) << id;
    }
}

TEST_F(CheckBatch, CompleteIsComplete) {
    EXPECT_EQ(report_of(out(), "good")["verdict"], "complete") << result_.out;
}

TEST_F(CheckBatch, UnsignedTurnedAndShuffledIsIncompleteForThatReason) {
    const json report = report_of(out(), "unsigned");
    EXPECT_EQ(report["verdict"], "incomplete");
    int missing = 0;
    for (const json& a : report["agreements"])
        for (const json& p : a["points"])
            for (const json& f : p["fields"]) {
                if (f["verdict"] != "missing") continue;
                ++missing;
                EXPECT_EQ(f["field"], "signature");
            }
    EXPECT_EQ(missing, 1);
    EXPECT_TRUE(has_finding(report, "blank_page"));
}

TEST_F(CheckBatch, WhatCannotBeJudgedIsRejectedWithItsReason) {
    const std::map<std::string, std::string> codes{{"empty", "no_documents"},
                                                   {"garbage", "file_unreadable"},
                                                   {"broken-account", "submission_invalid"},
                                                   {"zero-pages", "file_unreadable"},
                                                   {"locked", "file_encrypted"},
                                                   {"bad-number", "account_number_invalid"}};
    for (const auto& [id, code] : codes) {
        const json report = report_of(out(), id);
        EXPECT_EQ(report["verdict"], "rejected") << id;
        EXPECT_TRUE(has_finding(report, code)) << id;
    }
}

TEST_F(CheckBatch, GoodFileBesideABadOneIsJudged) {
    const json report = report_of(out(), "partly");
    EXPECT_EQ(report["verdict"], "incomplete");
    EXPECT_TRUE(has_finding(report, "file_unreadable"));
    EXPECT_TRUE(has_finding(report, "file_ignored"));
    EXPECT_EQ(verdict_of(report, report["agreements"][0]["form"], "1", "organisation_number"),
              "ok");
}

TEST_F(CheckBatch, ReportsAreEqualForOneAndTwoJobs) {
    const fs::path again = folder_->path() / "again";
    const Outcome single = run("check " + (folder_->path() / "in").string() +
                               " --jobs 1 --format json --out " + again.string());
    EXPECT_EQ(single.status, 1);
    for (const auto& entry : fs::directory_iterator(out())) {
        if (!entry.is_directory()) continue;
        const std::string id = entry.path().filename();
        EXPECT_EQ(without_timing(report_of(out(), id)), without_timing(report_of(again, id))) << id;
        EXPECT_EQ(slurp(out() / id / "report.html"), slurp(again / id / "report.html")) << id;
    }
    EXPECT_EQ(slurp(out() / "summary.csv"), slurp(again / "summary.csv"));
}

TEST_F(CheckBatch, InterruptLeavesWholeReportsOnly) {
    const fs::path stopped = folder_->path() / "stopped";
    const std::string in = (folder_->path() / "in").string(), to = stopped.string();
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        execl(kProgram.c_str(), "avtalskoll", "check", in.c_str(), "--jobs", "1", "--out",
              to.c_str(), "--format", "csv", nullptr);
        _exit(99);
    }
    for (int i = 0; i < 600 && !fs::exists(stopped); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    kill(child, SIGINT);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 130);
    EXPECT_FALSE(fs::exists(stopped / "summary.csv"));
    for (const auto& entry : fs::recursive_directory_iterator(stopped)) {
        EXPECT_NE(entry.path().extension(), ".part");
        if (entry.path().filename() == "report.json") {
            EXPECT_FALSE(json::parse(slurp(entry.path()), nullptr, false).is_discarded());
        }
    }
}

// data/samples with what its README says of each.
TEST(Samples, ShowWhatTheirReadmeSays) {
    const TemporaryFolder folder;
    EXPECT_EQ(
        run("check " + (kSource / "data/samples").string() + " --out " + folder.path().string())
            .status,
        1);
    const std::map<std::string, std::string> verdicts{{"1-complete", "complete"},
                                                      {"2-signature-missing", "incomplete"},
                                                      {"3-wrong-check-digit", "incomplete"},
                                                      {"4-agreement-missing", "incomplete"},
                                                      {"5-turned-and-shuffled", "complete"},
                                                      {"6-poor-fax", "complete"}};
    for (const auto& [id, verdict] : verdicts) {
        const json report = report_of(folder.path(), id);
        if (id == "6-poor-fax")
            EXPECT_TRUE(report["verdict"] == "complete" || report["verdict"] == "review")
                << report["verdict"];
        else EXPECT_EQ(report["verdict"], verdict) << id;
    }
    EXPECT_TRUE(has_finding(report_of(folder.path(), "4-agreement-missing"), "agreement_missing"));
}

// A few submissions of the shared development corpus, where it is there.
TEST(DevelopmentCorpus, IncompleteOnesAreNotPassed) {
    const char* set = std::getenv("AVTALSKOLL_SHARED");
    const fs::path corpus =
        (set ? fs::path(set) : kSource.parent_path() / "shared") / "corpus" / "dev";
    if (!fs::exists(corpus / "truth.json"))
        GTEST_SKIP() << "no corpus at " << corpus
                     << ": it was made with other people's signatures, which must not be in this "
                        "project, so a clone by itself has none "
                     << "(AVTALSKOLL_SHARED says where one lies)";
    const TemporaryFolder folder;
    const json truth = json::parse(slurp(corpus / "truth.json"));
    std::string paths;
    std::vector<std::string> ids;
    for (const auto& [id, t] : truth.items())
        if (ids.size() < 6 && (t["tier"] == "clean" || t["tier"] == "office") &&
            !t["complete"].get<bool>()) {
            ids.push_back(id);
            paths += (corpus / id).string() + " ";
        }
    EXPECT_EQ(run("check " + paths + " --out " + folder.path().string()).status, 1);
    for (const std::string& id : ids)
        EXPECT_NE(report_of(folder.path(), id)["verdict"], "complete") << id;
}

}  // namespace
}  // namespace avtalskoll
