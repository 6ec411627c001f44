// The kinds of data sets that producers connect (data/datasets.yaml), and what a case lacks for
// one.
//
// Pure once loaded; safe from many threads.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "app/review/case_event.h"
#include "app/review/review.h"
#include "models/message.h"

namespace avtalskoll::app {

// An agreement must name something: a point of it holds one of the words.
struct DataSetNaming {
    std::string form, point;
    std::vector<std::string> words;
};

struct DataSetKind {
    std::string id, title;
    bool has_personal_data = false;
    std::vector<std::string> agreements;  // forms that must be there and in order
    std::vector<DataSetNaming> names = {};
};

using DataSetKinds = std::vector<DataSetKind>;

// nullptr: there is none with this id.
const DataSetKind* data_set_kind(const DataSetKinds& kinds, const std::string& id);

// What the case lacks for a data set, in sentences for officers; none: it lacks nothing.
std::vector<Message> lacks_for(const DataSetKind& kind, const DataSetAdded& added,
                               const Review& review);

}  // namespace avtalskoll::app

namespace avtalskoll::pipeline {

// Throws Error{BadInput} with file, line and reason.
app::DataSetKinds load_data_sets(const std::filesystem::path& yaml);

}  // namespace avtalskoll::pipeline
