// The one exception of the program: "this page, file or run cannot go on".
//
// A fault of a submitted document ends as a Finding of its report (models/report.h).
// An Error is caught where something smaller than the program may end: a page, a file of a
// submission, a request, a round of a worker, a run, and main. Elsewhere it is only translated: the
// place is added, or an answer stands for it. tests/house/error_boundaries_test.cpp lists them all.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>

#include "models/message.h"

namespace avtalskoll {

enum class ErrorKind {
    BadInput,     // a caller's argument or a definition file is wrong
    NotFound,     // a file that the program itself needs is absent
    Unreadable,   // a document or page cannot be opened or drawn
    Encrypted,    // a document that asks for a password
    OverLimit,    // a document or page beyond a limit; the detail names limit and number
    Io,           // the system refused to read or write
    Interrupted,  // the user asked to stop
    Internal,     // a library failed in a way that should not happen
};

class Error : public std::runtime_error {
public:
    // `detail` says what, where and what to do; it must hold no personal data.
    Error(ErrorKind kind, const std::string& detail) : std::runtime_error(detail), kind_(kind) {}
    // For a fault of a document, which ends in a report: `reason` is what people are told there.
    Error(ErrorKind kind, Message reason)
        : std::runtime_error(to_string(reason)), kind_(kind), reason_(std::move(reason)) {}
    // With other words for logs than those that people are told.
    Error(ErrorKind kind, const std::string& detail, Message reason)
        : std::runtime_error(detail), kind_(kind), reason_(std::move(reason)) {}
    ErrorKind kind() const { return kind_; }
    // The detail where no reason was given.
    Message reason() const { return reason_.empty() ? Message::as_written(what()) : reason_; }

private:
    ErrorKind kind_;
    Message reason_;
};

// The same error, of a place: a file, or a page of it.
inline Error at_place(const std::string& place, const Error& error) {
    return Error(error.kind(), place + ": " + error.what(),
                 Message("error.at", {{"place", place}, {"why", error.reason()}}));
}

}  // namespace avtalskoll
