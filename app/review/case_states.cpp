#include "app/review/case_states.h"

#include <algorithm>
#include <initializer_list>

#include "app/review/case.h"
#include "models/enum_names.h"
#include "pipeline/files/definition.h"

namespace avtalskoll::app {
namespace {

template <class Value>
const Value* named(const std::vector<std::pair<std::string, Value>>& all, const std::string& name) {
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == name; });
    return at == all.end() ? nullptr : &at->second;
}

}  // namespace

const CaseState* CaseStates::state(const std::string& name) const { return named(states_, name); }
const CaseMove* CaseStates::move(const std::string& name) const { return named(moves_, name); }

std::optional<std::string> CaseStates::after(const std::string& name,
                                             const std::string& from) const {
    const CaseMove* found = move(name);
    return found && found->from.contains(from) ? std::optional(found->to) : std::nullopt;
}

bool CaseStates::is_open(const std::string& name) const {
    const CaseState* found = state(name);
    return found && found->is_open;
}

std::vector<std::string> CaseStates::offered(const std::string& from) const {
    std::vector<std::string> names;
    for (const auto& [name, one] : moves_)
        if (one.by == MovedBy::Officer && one.from.contains(from)) names.push_back(name);
    return names;
}

}  // namespace avtalskoll::app

namespace avtalskoll::pipeline {
namespace {

using app::CaseMove;
using app::CaseState;
using app::MovedBy;
using app::MoveNeed;

constexpr EnumNames<MovedBy, 3> kMovers{{{MovedBy::Decision, "decision"},
                                         {MovedBy::Officer, "officer"},
                                         {MovedBy::Program, "program"}}};
constexpr EnumNames<MoveNeed, 3> kNeeds{{{MoveNeed::CountersignedCopy, "countersigned_copy"},
                                         {MoveNeed::DataSets, "data_sets"},
                                         {MoveNeed::Credentials, "credentials"}}};

template <class Names>
auto known(const Definition& file, const YAML::Node& node, const Names& names) {
    const auto word = node.as<std::string>("");
    const auto value = value_of(names, word);
    if (!value) file.refuse(node, fmt::format("'{}' is not known here", word));
    return *value;
}

std::string state_in(const Definition& file, const YAML::Node& node,
                     const app::CaseStates::States& states) {
    auto name = node.as<std::string>("");
    if (std::none_of(states.begin(), states.end(),
                     [&](const auto& one) { return one.first == name; }))
        file.refuse(node, fmt::format("there is no state '{}'", name));
    return name;
}

CaseMove move_from(const Definition& file, const YAML::Node& node,
                   const app::CaseStates::States& states) {
    file.only_keys(node, {"from", "to", "by", "needs"});
    CaseMove move;
    for (const auto& from : file.list(node, "from")) move.from.insert(state_in(file, from, states));
    if (!node["to"]) file.refuse(node, "'to' is missing");
    move.to = state_in(file, node["to"], states);
    if (!node["by"]) file.refuse(node, "'by' is missing");
    move.by = known(file, node["by"], kMovers);
    for (const auto& need : node["needs"]) move.needs.insert(known(file, need, kNeeds));
    return move;
}

// The program goes by these itself.
void require_own_names(const Definition& file, const app::CaseStates& states) {
    for (const char* state : {app::kReceived, app::kInReview, app::kComplete, app::kToBeCompleted,
                              app::kClosed, app::kWithdrawn})
        if (!states.state(state))
            file.refuse(file.root(), fmt::format("the state '{}' is missing", state));
    for (const auto& [name, by] : std::initializer_list<std::pair<const char*, MovedBy>>{
             {app::kMoveBegin, MovedBy::Program},
             {app::kMoveFilesCame, MovedBy::Program},
             {app::kMoveCountersign, MovedBy::Officer},
             {app::kMoveSend, MovedBy::Officer},
             {to_string(app::Action::Approve), MovedBy::Decision},
             {to_string(app::Action::Request), MovedBy::Decision},
             {to_string(app::Action::Close), MovedBy::Decision},
             {to_string(app::Action::Reopen), MovedBy::Decision}})
        if (const CaseMove* move = states.move(name); !move || move->by != by)
            file.refuse(file.root(), fmt::format("the move '{}' is missing, or is not by '{}'",
                                                 name, name_of(kMovers, by)));
}

}  // namespace

app::CaseStates load_case_states(const std::filesystem::path& yaml) {
    const Definition file(yaml);
    file.only_keys(file.root(), {"states", "moves"});
    app::CaseStates::States states;
    for (const auto& entry : file.root()["states"]) {
        file.only_keys(entry.second, {"follow", "open", "agreed"});
        states.emplace_back(entry.first.as<std::string>(),
                            CaseState{file.get<std::string>(entry.second, "follow"),
                                      file.get_or(entry.second, "open", false),
                                      file.get_or(entry.second, "agreed", false)});
    }
    app::CaseStates::Moves moves;
    for (const auto& entry : file.root()["moves"])
        moves.emplace_back(entry.first.as<std::string>(), move_from(file, entry.second, states));
    app::CaseStates loaded(std::move(states), std::move(moves));
    require_own_names(file, loaded);
    return loaded;
}

}  // namespace avtalskoll::pipeline
