// The places that catch Error. Whoever adds one says here what ends there.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;

// File, and how many times it catches Error.
const std::map<std::string, int> kBoundaries{
    {"pipeline/flow.cpp", 1},                // a page: passes on what stops the run
    {"pipeline/process_submission.cpp", 2},  // a file: its first reading, and its closer one
    {"app/web/site.cpp", 3},                 // a request: its answer, and what comes before a body;
                                             // a store that does not answer, for /readyz
    {"app/cli/serve_command.cpp", 1},        // a round of the checking worker
    {"app/cli/watch_command.cpp", 2},        // a round of watching, and the watch that is stopped
    {"app/cli/check_command.cpp", 1},        // a run that is stopped
    {"app/cli/queue_command.cpp", 2},        // a queue that does not answer, and a wait that ends
    {"app/cli/monitoring.cpp", 2},           // the port for metrics, and a look at the store
    {"app/service/mail_sender.cpp", 1},      // a round of sending
    {"app/service/lease_keeper.cpp", 1},     // a lease that is not renewed
    {"app/service/queue_relay.cpp", 3},      // a lost connection, twice; a round of the relay
    {"app/service/worker.cpp", 6},           // rounds of a worker's threads, and its end
    {"app/cli/main.cpp", 1},                 // the program
};

const std::map<std::string, int> kTranslations{
    {"ocr/matching/form_library.cpp", 1},   // says which blank
    {"ocr/document/blank_layout.cpp", 1},   // says which blank
    {"pipeline/folder.cpp", 2},             // a folder that cannot be read may hold anything
    {"pipeline/forms/form_import.cpp", 1},  // other forms' faults are not this import's
    {"app/web/upload_intake.cpp", 1},      // a form that is too large or torn: words for its sender
    {"app/mail/mail_carrier.cpp", 2},      // a mail that cannot be made: what becomes of it
    {"app/web/pages/case_files.cpp", 1},   // a picture that says why there is none
    {"app/service/form_workshop.cpp", 3},  // a form that is wrong: left out, said, not known
    {"app/web/pages/form_pages.cpp", 3},   // words for whoever edits a form
    {"app/store/stored_json.cpp", 1},      // a stored report that nobody can read
    {"app/cli/watch_command.cpp", 1},      // an entry that cannot be taken yet
};

std::map<std::string, int> catches_in_source() {
    static const std::regex kCatch(R"(catch \(const (?:avtalskoll::)?Error&)");
    std::map<std::string, int> found;
    for (const char* folder : {"models", "ocr", "rules", "pipeline", "app"})
        for (const auto& entry :
             fs::recursive_directory_iterator(fs::path(AVTALSKOLL_SOURCE_DIR) / folder)) {
            const std::string ending = entry.path().extension().string();
            if (ending != ".cpp" && ending != ".h") continue;
            std::ifstream in(entry.path());
            const std::string text((std::istreambuf_iterator<char>(in)), {});
            const auto count = std::distance(std::sregex_iterator(text.begin(), text.end(), kCatch),
                                             std::sregex_iterator());
            const std::string file = fs::relative(entry.path(), AVTALSKOLL_SOURCE_DIR).string();
            if (count > 0) found[file] = static_cast<int>(count);
        }
    return found;
}

TEST(ErrorBoundaries, AreTheListedOnes) {
    std::map<std::string, int> listed = kBoundaries;
    for (const auto& [file, count] : kTranslations) listed[file] += count;
    EXPECT_EQ(catches_in_source(), listed);
}

}  // namespace
}  // namespace avtalskoll
