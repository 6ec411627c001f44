// The configuration file, as the real program reads it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>

#include "tests/support/run_program.h"

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;

class ConfigFile : public testing::Test {
protected:
    void write(const std::string& text) const { std::ofstream(file_) << text; }
    // What `arguments` say with the file that was written.
    Outcome with_file(const std::string& arguments) const {
        return run(arguments + " --config " + file_.string());
    }
    const TemporaryFolder folder_;
    const fs::path file_ = folder_.path() / "avtalskoll.conf";
};

TEST_F(ConfigFile, GivesWhatACommandRequiresAndItsSwitches) {
    const fs::path inbox = folder_.path() / "the inbox", store = folder_.path() / "store.db";
    fs::create_directories(inbox);
    write(
        fmt::format("# a comment\n[watch]\nstore = {}  # its store\nDIR = \"{}\"\n"
                    "once = true\nquiet-seconds=0\n",
                    store.string(), inbox.string()));
    const Outcome watch = with_file("watch");
    EXPECT_EQ(watch.status, 0) << watch.err;
    EXPECT_TRUE(fs::exists(store));
}

TEST_F(ConfigFile, YieldsToTheCommandLine) {
    write("[form.list]\nforms = /nowhere\n");
    EXPECT_EQ(with_file("form list").status, 2);
    EXPECT_EQ(with_file("form list --forms " + (kSource / "data" / "forms").string()).status, 0);
}

TEST_F(ConfigFile, IsNamedBeforeOrAfterTheCommandOrByTheEnvironment) {
    write("[form.list]\nforms = /nowhere\n");
    const std::string file = file_.string();
    for (const std::string& arguments :
         {"--config " + file + " form list", "form --config " + file + " list",
          "form list --config=" + file})
        EXPECT_NE(run(arguments).err.find("/nowhere"), std::string::npos) << arguments;
    ::setenv("AVTALSKOLL_CONFIG", file.c_str(), 1);
    EXPECT_NE(run("form list").err.find("/nowhere"), std::string::npos);
    EXPECT_EQ(run("form list --config /dev/null").status, 0) << "the command line wins";
    EXPECT_EQ(run("form list --config ''").status, 0) << "an empty name is no file";
    ::setenv("AVTALSKOLL_CONFIG", "", 1);
    EXPECT_EQ(run("form list").status, 0);
}

TEST_F(ConfigFile, OfOneCommandLeavesOthersAlone) {
    write("[purge]\nolder-than = 0\n[watch]\nonce = true\n[form.import]\nid = x\n");
    const Outcome list = with_file("form list");
    EXPECT_EQ(list.status, 0) << list.err;
    EXPECT_EQ(list.out, run("form list").out);
}

TEST_F(ConfigFile, BeginsWithWhatIsForAllCommands) {
    write("forms = /nowhere\nstore = /nowhere.db\n[form.show]\nforms = /elsewhere\n");
    EXPECT_NE(with_file("form list").err.find("/nowhere"), std::string::npos);
    EXPECT_NE(with_file("form show x").err.find("/elsewhere"), std::string::npos);
    EXPECT_NE(with_file("submissions list").err.find("/nowhere.db"), std::string::npos);
}

TEST_F(ConfigFile, IsRefusedWithOneLineThatSaysWhereAndWhat) {
    const std::vector<std::array<std::string, 2>> faults{
        {"[serve]\nsotre = x\n", ":2: 'sotre' is not an option of [serve]; did you mean 'store'?"},
        {"[srve]\nstore = x\n", ":1: [srve] is not a command; did you mean 'serve'?"},
        {"\n[form.imprt]\n", ":2: [form.imprt] is not a command; did you mean 'form.import'?"},
        {"[user]\nstore = x\n", ":2: 'store' is not an option of [user]"},
        {"stoer = x\n", ":1: 'stoer' is not an option of any command; did you mean 'store'?"},
        {"[serve]\njobs = 2\n[watch]\njobs = 999\n", ":4: --jobs: Value 999 not in range 1 to 256"},
        {"[serve]\nstore = a\njobs = 2\nstore = b\n", ":4: 'serve.store' is set twice"},
        {"[serve]\nstore = my store.db\n", ":2: 'store' has 2 values and takes one"},
        {"[check]\nhelp = true\n", ":2: 'help' can only be given on the command line"},
        {"[check]\nconfig = x\n", ":2: 'config' can only be given on the command line"},
        {"[check]\nPATH = [a,\n  b]\nx = 1\n", ":4: 'x' is not an option of [check]"},
        {"[check]\ntiming = perhaps\n", ":2: Could not convert: --timing = perhaps"},
    };
    for (const auto& [text, fault] : faults) {
        write(text);
        const Outcome outcome = with_file("form list");
        EXPECT_EQ(outcome.status, 2) << text;
        EXPECT_NE(outcome.err.find("avtalskoll: " + file_.string() + fault), std::string::npos)
            << text << outcome.err;
        EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    }
    for (const char* file : {"/nowhere.conf", "/etc"}) {
        const Outcome absent = run(fmt::format("form list --config {}", file));
        EXPECT_EQ(absent.status, 2);
        EXPECT_NE(absent.err.find(fmt::format("{}: cannot be read", file)), std::string::npos)
            << absent.err;
    }
}

TEST_F(ConfigFile, WithAFaultDoesNotHideTheHelp) {
    write("[serve]\nsotre = x\n");
    for (const char* question : {"--version", "--help", "check --help", "form import --help"}) {
        const Outcome outcome = with_file(question);
        EXPECT_EQ(outcome.status, 0) << question << outcome.err;
        EXPECT_FALSE(outcome.out.empty()) << question;
    }
}

TEST_F(ConfigFile, IsPrintedWithEveryOption) {
    const std::string printed = run("configuration").out;
    write(printed);
    EXPECT_EQ(with_file("form list").status, 0);
    for (const char* line : {"[serve]", "#listen = 127.0.0.1:8080", "#leave-checking = false",
                             "[form.import]", "[user.add]", "#store = FILE", "#from-filled = "})
        EXPECT_NE(printed.find(line), std::string::npos) << line;
    EXPECT_EQ(printed.find("#help"), std::string::npos);
    // What has a value of its own is taken when it is no longer a comment.
    static const std::regex kSet("\n#([a-z-]+ = (false|[0-9.:]+))(?=\n)");
    EXPECT_GT(std::distance(std::sregex_iterator(printed.begin(), printed.end(), kSet), {}), 20);
    write(std::regex_replace(printed, kSet, "\n$1"));
    EXPECT_EQ(with_file("form list").err, "");
}

}  // namespace
}  // namespace avtalskoll
