// Settles an e-mail address that was read in several ways, by what else the submission says of it.
#pragma once
#include "models/report.h"
#include "rules/address_witness.h"

namespace avtalskoll::rules {

// Only parts that an engine read, or that look like them and are known elsewhere, become the value.
// An address that is nearly a known name is put in doubt (reason conflicts_with_name). Leaves a
// field alone that was typed, is empty, or is neither ok nor read in doubt. Pure.
void settle_address(FieldReport& field, const AddressWitness& witness);

// The readings of a field, the chosen text first.
std::vector<std::string> texts_of(const FieldReport& field);

// The confidence in a value that a second source confirms.
inline constexpr double kCorroborated = 0.94;

}  // namespace avtalskoll::rules
