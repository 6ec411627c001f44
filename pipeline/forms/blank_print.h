// A blank's print as pieces of lines and the gaps in them, and questions that the drafting asks of
// it. Internal to
// pipeline/forms/. Pure; safe from many threads.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/print_segments.h"
#include "pipeline/forms/form_draft.h"

namespace avtalskoll::pipeline {

// A place that stands in a line of text (draft_gaps.h).
struct PrintedGap {
    int page = 0;
    BoxPt box;
    std::string prompt;
};

struct BlankPrint {
    BlankPrint(const std::vector<BlankContent>& content, const FieldWords& words);
    BlankPrint(std::vector<BlankContent>&&, const FieldWords&) = delete;  // it must live as long

    const ocr::PrintLayout& layout(int page) const {
        return pages[static_cast<std::size_t>(page - 1)].layout;
    }

    const std::vector<BlankContent>& pages;
    std::vector<Segment> segments;  // without the gaps
    std::vector<PrintedGap> gaps;
    double body_pt = 0;  // the size of most letters
};

// A doubt of the draft: an English sentence with its page.
std::string doubt_on(int page, std::string_view sentence);

}  // namespace avtalskoll::pipeline
