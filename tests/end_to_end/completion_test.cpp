// The completion script, run by bash itself.
#include <gtest/gtest.h>

#include "tests/support/run_program.h"

namespace avtalskoll {
namespace {

// The words that bash offers after `typed`, of which the last is not finished.
std::string offered(const std::string& typed) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "ask.sh")
        << "source <(" << kProgram.string() << " completion)\nCOMP_WORDS=(" << typed
        << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_avtalskoll\necho \"${COMPREPLY[@]}\"\n";
    const auto out = folder.path() / "out";
    const std::string command =
        "bash " + (folder.path() / "ask.sh").string() + " > " + out.string();
    EXPECT_EQ(std::system(command.c_str()), 0);
    return slurp(out);
}

TEST(Completion, OffersCommandsAndTheirOptions) {
    EXPECT_EQ(offered("avtalskoll wat"), "watch\n");
    EXPECT_EQ(offered("avtalskoll check --each"), "--each-file\n");
    EXPECT_EQ(offered("avtalskoll form imp"), "import\n");
    EXPECT_EQ(offered("avtalskoll form import --counter"), "--counterparty\n");
    EXPECT_EQ(offered("avtalskoll doctor --each"), "\n") << "another command's option";
}

TEST(Completion, IsNotShownAmongTheCommands) {
    EXPECT_EQ(run("--help").out.find("completion"), std::string::npos);
    EXPECT_EQ(run("completion").status, 0);
}

}  // namespace
}  // namespace avtalskoll
