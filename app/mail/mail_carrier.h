// The ways for mail to leave: a mail server, or a folder that one picks up from.
//
// For one thread at a time.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "app/mail/mail.h"

namespace avtalskoll::app {

enum class MailOutcome {
    Done,
    Later,    // not now: the server is down, full, or asks to come again (greylisting)
    Refused,  // never: the server does not want it
    Unclear,  // all was handed over, and no answer came
};

struct Delivered {
    MailOutcome outcome = MailOutcome::Done;
    std::string fault = {};  // for whoever runs the program; no personal data
};

struct MailPlace {
    std::string from;             // an address, or a name with one
    std::filesystem::path spool;  // empty: a server
    std::string server;           // smtp://HOST[:PORT], smtps://HOST[:PORT]; empty: none
    // Two lines, user and password; empty: no login.
    std::filesystem::path credentials = {};

    bool is_set() const { return !spool.empty() || !server.empty(); }
};

class MailCarrier {
public:
    MailCarrier() = default;
    MailCarrier(const MailCarrier&) = delete;
    MailCarrier& operator=(const MailCarrier&) = delete;
    virtual ~MailCarrier() = default;

    // True when handing over the same mail again does nothing more.
    virtual bool may_repeat() const = 0;
    virtual Delivered deliver(const Mail& mail) = 0;
};

// A folder: MESSAGE-ID.eml appears in it, whole and once. Others may take it away at once: what was
// put there is remembered in `.done` beside it. A server: STARTTLS is asked for unless the server
// is this machine itself. Throws Error{BadInput} when the place cannot be one.
std::unique_ptr<MailCarrier> mail_carrier(const MailPlace& place);

}  // namespace avtalskoll::app
