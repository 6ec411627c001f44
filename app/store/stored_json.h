// The store's JSON: what a submission's account says, and reports. Pure; safe from many threads.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "models/submission.h"
#include "pipeline/reports/report_json.h"

namespace avtalskoll::app {

// All of a submission but its id and its files.
std::string account_json(const Submission& submission);
// The other way round. Throws nlohmann::json::exception when the text is no account.
void read_account_json(const std::string& text, Submission& submission);
// The same account without the names of files that were ignored. Throws as read_account_json().
std::string account_without_names(const std::string& text);

// The SHA-256 that tells submissions apart. Names of files do not count, nor their order: the same
// bytes sent twice are one submission. `hashes`: the files' SHA-256; with none, or an empty one
// (not readable), there is nothing to compare, and the id counts.
std::string content_of(const Submission& submission, const std::vector<std::string>& hashes);

// A stored report; nullopt for a text that is none any more.
std::optional<pipeline::WrittenReport> parsed_report(const std::string& text);

// A report (report.json) without what it says of persons: values, texts that may hold them, names
// of files and signers.
std::string without_values(pipeline::WrittenReport written);

// True when a report covers every page of its files, gives the reason for each file without pages
// and for a rejection, and blames no document for what may have been the end of the drawing
// program. Earlier versions could write other reports when they were stopped. In a purged report,
// whose files no longer have names, pages are only counted. False for text that is no report.
bool speaks_of_every_page(const std::string& report);

}  // namespace avtalskoll::app
