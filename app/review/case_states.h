// The states of a case and the moves between them, as data/cases/states.yaml has them.
//
// Immutable once loaded; safe from many threads.
#pragma once
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace avtalskoll::app {

enum class MovedBy { Decision, Officer, Program };

// A thing that must be noted on the case before a move.
enum class MoveNeed { CountersignedCopy, DataSets, Credentials };

struct CaseState {
    std::string follow;  // key of the word that other systems get
    bool is_open = false;
    bool is_agreed = false;  // the agreement holds
};

struct CaseMove {
    std::set<std::string> from;
    std::string to;
    MovedBy by = MovedBy::Officer;
    std::set<MoveNeed> needs = {};
};

class CaseStates {
public:
    using States = std::vector<std::pair<std::string, CaseState>>;
    using Moves = std::vector<std::pair<std::string, CaseMove>>;
    CaseStates(States states, Moves moves) : states_(std::move(states)), moves_(std::move(moves)) {}

    // By name, in the table's order.
    const States& states() const { return states_; }
    const Moves& moves() const { return moves_; }

    // nullptr: there is none of this name.
    const CaseState* state(const std::string& name) const;

    const CaseMove* move(const std::string& name) const;
    // The state that a move leads to; nullopt: it is not allowed from this one.
    std::optional<std::string> after(const std::string& move, const std::string& state) const;
    // False for a state that is not known.
    bool is_open(const std::string& state) const;
    // The moves that an officer may make from a state, in the table's order.
    std::vector<std::string> offered(const std::string& state) const;

private:
    States states_;
    Moves moves_;
};

}  // namespace avtalskoll::app

namespace avtalskoll::pipeline {

// Throws Error{BadInput} with file, line and reason: a move to a state that is not there, a state
// or move that is absent though the program goes by its name.
app::CaseStates load_case_states(const std::filesystem::path& yaml);

}  // namespace avtalskoll::pipeline
