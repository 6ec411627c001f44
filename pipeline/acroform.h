// The fillable fields and page sizes of a blank PDF.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/form.h"

namespace avtalskoll::pipeline {

struct BlankLayout {
    std::vector<SizePt> pages;            // as shown
    std::map<std::string, Place> fields;  // by full name
};

// Throws Error{BadInput} when the file is no PDF, is encrypted or damaged.
BlankLayout read_blank_layout(const std::filesystem::path& pdf);

}  // namespace avtalskoll::pipeline
