#include "models/counter_signing.h"

#include "models/enum_names.h"

namespace avtalskoll {
namespace {

constexpr EnumNames<CountersignedVerdict, 3> kCountersignedVerdicts{
    {{CountersignedVerdict::Agrees, "agrees"},
     {CountersignedVerdict::Differs, "differs"},
     {CountersignedVerdict::Unsure, "unsure"}}};
constexpr EnumNames<PageVerdict, 3> kPageVerdicts{{{PageVerdict::Same, "same"},
                                                   {PageVerdict::Differs, "differs"},
                                                   {PageVerdict::NotComparable, "not_comparable"}}};
constexpr EnumNames<DifferenceKind, 4> kDifferenceKinds{
    {{DifferenceKind::AddedInk, "added_ink"},
     {DifferenceKind::LostInk, "lost_ink"},
     {DifferenceKind::ChangedInk, "changed_ink"},
     {DifferenceKind::ChangedValue, "changed_value"}}};

}  // namespace

const char* to_string(CountersignedVerdict verdict) {
    return name_of(kCountersignedVerdicts, verdict);
}
std::optional<CountersignedVerdict> parse_countersigned_verdict(std::string_view name) {
    return value_of(kCountersignedVerdicts, name);
}
const char* to_string(PageVerdict verdict) { return name_of(kPageVerdicts, verdict); }
const char* to_string(DifferenceKind kind) { return name_of(kDifferenceKinds, kind); }

}  // namespace avtalskoll
