// Reads submission.json: what the sender's account says of a submission.
//
// Pure; safe from many threads.
#pragma once
#include <string>
#include <string_view>

#include "models/submission.h"

namespace avtalskoll::pipeline {

constexpr std::size_t kMostAccount_bytes = 1 << 20;

// `text`: UTF-8, or UTF-16 with its byte order mark. Its faults are in Submission::broken, keys
// that look mistyped in Submission::unused_keys.
void read_account(std::string_view text, Submission& submission);

// An id may be a folder's name without harm: letters, digits, space . _ -, no leading dot, 100
// characters at most.
bool is_valid_id(const std::string& id);

// The name of a file or folder as an id: itself where a folder of that name can be made and seen,
// else its valid signs with part of a hash that tells two names apart.
std::string id_from(const std::string& name);

// A valid id as near to `name` as can be, with part of the hash of `whole`.
std::string valid_id(const std::string& name, const std::string& whole);

}  // namespace avtalskoll::pipeline
