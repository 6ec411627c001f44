// Invented values for a form's fields: organisations, persons, phones, addresses, texts. No real
// person is in them.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "models/form.h"
#include "tests/simulator/random.h"

namespace avtalskoll::simulator {

struct Organisation {
    std::string number;  // NNNNNN-NNNN
    std::string name;
};

// Organisations with valid numbers from a register's CSV (organisation_number,name,kind).
std::vector<Organisation> load_organisations(const std::string& csv_path);

std::string person_name(Random& random);
std::string role(Random& random);
std::string phone(Random& random);
std::string email(Random& random, const std::string& name, const Organisation& organisation);
std::string free_text(Random& random, const std::string& topic);
std::string written_number(Random& random, const std::string& number);  // in one of the usual ways
std::string with_wrong_check_digit(const std::string& number);
std::string place_and_date(Random& random);
// An organisation's name as people write it: as registered, with genitive s, with a department.
std::string written_organisation(Random& random, const std::string& name);

// A value of `kind` that is surely wrong, as the kind's rule sees it; empty when it has none.
std::string wrong_value_of(FieldKind kind);
// Who fills in a form.
struct Sender {
    const Organisation& organisation;
    const std::string& person;
    int rank = 0;  // of the field among those whose values may not decrease
};
// A valid value for one field.
std::string value_for(Random& random, const Field& field, const Sender& sender);

}  // namespace avtalskoll::simulator
