// Mail of cases on its way out: what it says, and whether it has left. Pure data.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace avtalskoll::app {

enum class MailKind { Request, Reminder, Copy };

enum class MailState {
    Waiting,  // to be handed over, now or later
    Sending,  // somebody hands it over
    Sent,
    Failed,   // refused for good, or for too long
    Unclear,  // it may have left: the program ended, or the other side fell silent, meanwhile
};
const char* to_string(MailKind kind);
const char* to_string(MailState state);
std::optional<MailKind> parse_mail_kind(std::string_view name);
std::optional<MailState> parse_mail_state(std::string_view name);

struct Mail {
    std::int64_t key = 0;
    MailKind kind = MailKind::Request;
    std::string message_id = {};  // with its angle brackets; never that of another mail
    std::string at = {};          // ISO 8601, UTC
    std::string recipient = {};   // an address
    std::string text = {};        // UTF-8; the first line is the subject
    std::string attachment = {};  // SHA-256; empty: none
    std::string attachment_name = {};
    std::filesystem::path attachment_path = {};
    MailState state = MailState::Waiting;
    int tries = 0;
    std::string sent_at = {}, fault = {};
};

// The message as it goes over the wire and into an .eml file (RFC 5322, MIME). `from`: an address,
// or a name with one. Throws Error{Io} when the attachment cannot be read or is no longer the file
// that was chosen.
std::string as_message(const Mail& mail, const std::string& from);

// Mail that nobody has written yet, with an id of its own.
Mail new_mail(MailKind kind, const std::string& from, const std::string& recipient,
              const std::string& text);

// A new Message-ID at the domain of `from`.
std::string new_message_id(const std::string& from);
// True for a text that new_message_id() may have made.
bool is_message_id(const std::string& text);

}  // namespace avtalskoll::app
