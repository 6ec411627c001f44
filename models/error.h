// The one exception of the program: "this page, file or run cannot go on".
//
// A fault of a submitted document is never thrown: it is a Finding (models/report.h). Caught in
// three places only: around a page, around a submission, and in main.
#pragma once
#include <stdexcept>
#include <string>

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
    ErrorKind kind() const { return kind_; }

private:
    ErrorKind kind_;
};

}  // namespace avtalskoll
