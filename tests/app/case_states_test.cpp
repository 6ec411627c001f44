#include "app/review/case_states.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "app/review/case.h"
#include "models/error.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app {
namespace {

CaseStates own_states() {
    return pipeline::load_case_states(AVTALSKOLL_SOURCE_DIR "/data/cases/states.yaml");
}

// The whole table, state by state: each move that is allowed, and where it leads.
const std::map<std::string, std::map<std::string, std::string>> kAllowed{
    {"received",
     {{"begin", "in_review"},
      {"files_came", "received"},
      {"approve", "complete"},
      {"request", "to_be_completed"},
      {"close", "closed"},
      {"withdraw", "withdrawn"}}},
    {"in_review",
     {{"files_came", "received"},
      {"approve", "complete"},
      {"request", "to_be_completed"},
      {"close", "closed"},
      {"withdraw", "withdrawn"}}},
    {"to_be_completed",
     {{"files_came", "received"}, {"reopen", "in_review"}, {"withdraw", "withdrawn"}}},
    {"complete",
     {{"files_came", "received"},
      {"reopen", "in_review"},
      {"hand_over", "with_signatory"},
      {"countersign", "countersigned"},
      {"withdraw", "withdrawn"}}},
    {"with_signatory",
     {{"files_came", "received"},
      {"reopen", "in_review"},
      {"take_back", "complete"},
      {"countersign", "countersigned"},
      {"withdraw", "withdrawn"}}},
    {"countersigned", {{"files_came", "received"}, {"send", "sent"}, {"withdraw", "withdrawn"}}},
    {"sent",
     {{"files_came", "received"}, {"data_sets", "data_sets_ready"}, {"withdraw", "withdrawn"}}},
    {"data_sets_ready",
     {{"files_came", "received"},
      {"credentials", "credentials_sent"},
      {"new_data_set", "sent"},
      {"withdraw", "withdrawn"}}},
    {"credentials_sent",
     {{"files_came", "received"},
      {"finish", "closed"},
      {"new_data_set", "sent"},
      {"withdraw", "withdrawn"}}},
    {"closed", {{"files_came", "received"}, {"reopen", "in_review"}}},
    {"withdrawn", {{"reopen", "in_review"}}},
};

TEST(CaseStates, TheTableIsThis) {
    const CaseStates states = own_states();
    std::map<std::string, std::map<std::string, std::string>> allowed;
    for (const auto& [state, facts] : states.states()) {
        allowed[state];
        for (const auto& [move, of] : states.moves())
            if (const auto to = states.after(move, state)) allowed[state][move] = *to;
    }
    EXPECT_EQ(allowed, kAllowed);
}

TEST(CaseStates, EveryStateIsReachedAndLeadsToTheEnd) {
    const CaseStates states = own_states();
    std::set<std::string> reached{kReceived}, before;
    while (before != reached) {
        before = reached;
        for (const std::string& from : before)
            for (const auto& [move, of] : states.moves())
                if (const auto to = states.after(move, from)) reached.insert(*to);
    }
    EXPECT_EQ(reached.size(), states.states().size());
}

TEST(CaseStates, OfficersAreOfferedWhatTheyMayDo) {
    const CaseStates states = own_states();
    EXPECT_EQ(states.offered("complete"),
              (std::vector<std::string>{"hand_over", "countersign", "withdraw"}));
    EXPECT_EQ(states.offered("withdrawn"), std::vector<std::string>{});
    EXPECT_TRUE(states.offered("no such state").empty());
    EXPECT_FALSE(states.after("no such move", "received"));
    EXPECT_FALSE(states.is_open("no such state"));
}

std::string fault_of(const std::string& yaml) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "states.yaml";
    std::ofstream(file) << yaml;
    try {
        pipeline::load_case_states(file);
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::BadInput);
        return std::string(e.what()).substr(file.string().size());
    }
    return "none";
}

TEST(CaseStates, ATableThatCannotBeIsRefusedWithItsLine) {
    EXPECT_EQ(fault_of("states:\n  received: {open: true}\n"), ":2: 'follow' is missing");
    EXPECT_EQ(fault_of("states:\n  received: {follow: x}\nmoves:\n  go: {from: [received], to: "
                       "gone, by: officer}\n"),
              ":4: there is no state 'gone'");
    EXPECT_EQ(fault_of("states:\n  received: {follow: x}\nmoves:\n  go: {from: [received], to: "
                       "received, by: nobody}\n"),
              ":4: 'nobody' is not known here");
    EXPECT_EQ(fault_of("states:\n  received: {follow: x}\nmoves: {}\n"),
              ":1: the state 'in_review' is missing");
}

}  // namespace
}  // namespace avtalskoll::app
