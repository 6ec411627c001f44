// Everything by which cases are dealt with that is data: the wording of letters, the states and
// moves, the kinds of data sets. Immutable once loaded; safe from many threads.
#pragma once
#include <filesystem>

#include "app/review/case_states.h"
#include "app/review/data_sets.h"
#include "app/review/letter_texts.h"

namespace avtalskoll::app {

struct CaseRules {
    pipeline::LetterTexts letters;
    CaseStates states;
    DataSetKinds data_sets;
};

// From the folder `data`. Throws Error{BadInput} with file, line and reason.
inline CaseRules load_case_rules(const std::filesystem::path& data) {
    return {pipeline::load_letter_texts(data / "letters" / "request.yaml"),
            pipeline::load_case_states(data / "cases" / "states.yaml"),
            pipeline::load_data_sets(data / "datasets.yaml")};
}

}  // namespace avtalskoll::app
