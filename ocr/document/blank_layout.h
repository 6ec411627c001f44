// The fillable fields and page sizes of a blank PDF.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/form.h"

namespace avtalskoll::ocr {

struct FillableField {
    Place place;
    std::string hint;        // shown beside the pointer; may be empty
    bool signature = false;  // for a digital signature, not for text
    bool multiline = false;
};

// A box to tick. Those of one group are one choice.
struct FillableTick {
    Place place;
    std::string group;  // full name of the field
    std::string hint;
};

struct BlankLayout {
    std::vector<SizePt> pages;                    // as shown
    std::map<std::string, FillableField> fields;  // text and signature fields, by full name
    std::vector<FillableTick> ticks = {};         // in the order of the pages
};

// Reads it in the sandbox. Throws Error{BadInput} when the file is no PDF, is encrypted or damaged,
// has a rotated page, a page that is not between A5 and A3, or two text fields of one name: what is
// typed into one would stand in both. Safe from many threads.
BlankLayout read_blank_layout(const std::filesystem::path& pdf);

}  // namespace avtalskoll::ocr
