// Tells files apart by their first bytes; the name decides only where the bytes do not.
//
// Looks at bytes and compares them, no more: only the sandbox interprets a file. Pure but for
// reading the file; safe from many threads.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "models/file_kind.h"
#include "models/message.h"

namespace avtalskoll::pipeline {

// `head`: the file's first bytes, 4,096 or all; `name`: as the sender called it.
FileKind kind_of_bytes(std::string_view head, const std::string& name);

// Kind of an ordinary file. Reads a megabyte of it at most. One that cannot be read is judged by
// its name.
FileKind kind_of_file(const std::filesystem::path& file, const std::string& name);

// True when it is opened and read as pages.
bool is_document(FileKind kind);
// True when pages may be in it though it is not read. False for a text, a signature beside its
// document, an empty file.
bool may_hold_pages(FileKind kind);

// True when a file that calls itself a PDF or a picture is plainly a file of another known kind.
bool is_misnamed(FileKind kind);
// True when the name ends as a PDF's or a picture's.
bool is_named_as_document(const std::string& name);

// Stable word for a kind, and back; nullopt when no kind has that name.
const char* to_string(FileKind kind);
std::optional<FileKind> parse_file_kind(std::string_view word);

// The kind's name: a text of the group `file_kind`.
Message message_for(FileKind kind);
// Advice on how the sender can get it read; empty: nothing needs to be done.
Message advice_for(FileKind kind);

// Files that systems leave behind and nobody sends: hidden ones, lock files, Thumbs.db, __MACOSX.
bool is_left_behind(const std::string& name);

}  // namespace avtalskoll::pipeline
