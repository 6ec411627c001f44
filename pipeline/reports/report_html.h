// A report as one self-contained HTML page: verdict, points with the crops they were read from,
// pages.
#pragma once
#include <filesystem>
#include <string>

#include "models/report.h"
#include "pipeline/texts/texts.h"

namespace avtalskoll::pipeline {

// The page's template (data/report/report.mustache). Loaded once; safe from many threads
// afterwards.
class HtmlTemplate {
public:
    // Throws Error{NotFound} when the file is absent, Error{BadInput} when it is no valid template.
    explicit HtmlTemplate(const std::filesystem::path& file);

    // Everything that a document or a file name says is escaped.
    std::string render(const Report& report, const Texts& texts) const;

private:
    std::string text_;
};

}  // namespace avtalskoll::pipeline
