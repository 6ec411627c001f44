#include "app/mail/mail.h"

#include <fmt/format.h>
#include <gmime/gmime.h>
#include <sodium.h>

#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <regex>

#include "app/review/letter.h"
#include "models/enum_names.h"
#include "models/error.h"
#include "pipeline/files/file_hash.h"

namespace avtalskoll::app {
namespace {

constexpr EnumNames<MailKind, 3> kMailKinds{
    {{MailKind::Request, "request"}, {MailKind::Reminder, "reminder"}, {MailKind::Copy, "copy"}}};
constexpr EnumNames<MailState, 5> kMailStates{{{MailState::Waiting, "waiting"},
                                               {MailState::Sending, "sending"},
                                               {MailState::Sent, "sent"},
                                               {MailState::Failed, "failed"},
                                               {MailState::Unclear, "unclear"}}};

// GMime's objects, counted as GLib counts.
struct Unreference {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class Object>
using Owned = std::unique_ptr<Object, Unreference>;

void start_gmime() {
    static std::once_flag once;
    std::call_once(once, [] { g_mime_init(); });
}

Owned<GMimeDataWrapper> wrapped(const std::string& bytes) {
    const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    return Owned<GMimeDataWrapper>(
        g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
}

Owned<GMimeObject> text_part(const std::string& text) {
    Owned<GMimeObject> part(GMIME_OBJECT(g_mime_text_part_new_with_subtype("plain")));
    g_mime_text_part_set_charset(GMIME_TEXT_PART(part.get()), "utf-8");
    g_mime_part_set_content(GMIME_PART(part.get()), wrapped(text).get());
    g_mime_part_set_content_encoding(GMIME_PART(part.get()),
                                     GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    return part;
}

// The file that was chosen, or an error: another one must not go out.
std::string attachment_of(const Mail& mail) {
    if (pipeline::sha256_of(mail.attachment_path) != mail.attachment)
        throw Error(ErrorKind::Io,
                    "the attachment is lost or is not the file that was chosen; nothing was sent");
    std::ifstream in(mail.attachment_path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Owned<GMimeObject> file_part(const Mail& mail, const std::string& bytes) {
    Owned<GMimeObject> part(GMIME_OBJECT(g_mime_part_new_with_type("application", "pdf")));
    g_mime_part_set_filename(GMIME_PART(part.get()), mail.attachment_name.c_str());
    g_mime_object_set_disposition(part.get(), GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_content_encoding(GMIME_PART(part.get()), GMIME_CONTENT_ENCODING_BASE64);
    g_mime_part_set_content(GMIME_PART(part.get()), wrapped(bytes).get());
    return part;
}

void set_addresses(GMimeMessage* message, const Mail& mail, const std::string& from) {
    const auto add = [&](const std::string& text, GMimeAddressType type) {
        const Owned<InternetAddressList> list(internet_address_list_parse(nullptr, text.c_str()));
        if (!list || internet_address_list_length(list.get()) != 1)
            throw Error(ErrorKind::BadInput, "a mail address cannot be used");
        internet_address_list_append(g_mime_message_get_addresses(message, type), list.get());
    };
    add(from, GMIME_ADDRESS_TYPE_FROM);
    add(mail.recipient, GMIME_ADDRESS_TYPE_TO);
}

void set_date(GMimeMessage* message, const std::string& at) {
    GDateTime* const date = g_date_time_new_from_iso8601(at.c_str(), nullptr);
    if (!date) return;
    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
}

}  // namespace

const char* to_string(MailKind kind) { return name_of(kMailKinds, kind); }
const char* to_string(MailState state) { return name_of(kMailStates, state); }
std::optional<MailKind> parse_mail_kind(std::string_view name) {
    return value_of(kMailKinds, name);
}
std::optional<MailState> parse_mail_state(std::string_view name) {
    return value_of(kMailStates, name);
}

std::string as_message(const Mail& mail, const std::string& from) {
    start_gmime();
    const Owned<GMimeMessage> message(g_mime_message_new(TRUE));
    const auto [subject, body] = subject_and_body(mail.text);
    set_addresses(message.get(), mail, from);
    set_date(message.get(), mail.at);
    g_mime_message_set_subject(message.get(), subject.c_str(), "utf-8");
    g_mime_object_set_header(GMIME_OBJECT(message.get()), "Message-ID", mail.message_id.c_str(),
                             "utf-8");
    g_mime_object_set_header(GMIME_OBJECT(message.get()), "Auto-Submitted", "no", "utf-8");
    Owned<GMimeObject> content = text_part(body);
    if (!mail.attachment.empty()) {
        const std::string bytes = attachment_of(mail);
        Owned<GMimeObject> parts(GMIME_OBJECT(g_mime_multipart_new_with_subtype("mixed")));
        g_mime_multipart_add(GMIME_MULTIPART(parts.get()), content.get());
        g_mime_multipart_add(GMIME_MULTIPART(parts.get()), file_part(mail, bytes).get());
        content = std::move(parts);
    }
    g_mime_message_set_mime_part(message.get(), content.get());
    char* const whole = g_mime_object_to_string(GMIME_OBJECT(message.get()), nullptr);
    std::string written(whole);
    g_free(whole);
    return written;
}

Mail new_mail(MailKind kind, const std::string& from, const std::string& recipient,
              const std::string& text) {
    return {.kind = kind, .message_id = new_message_id(from), .recipient = recipient, .text = text};
}

std::string new_message_id(const std::string& from) {
    std::array<unsigned char, 16> random{};
    randombytes_buf(random.data(), random.size());
    std::array<char, 33> hex{};
    sodium_bin2hex(hex.data(), hex.size(), random.data(), random.size());
    const auto at = from.rfind('@');
    std::string domain = at == std::string::npos ? "" : from.substr(at + 1);
    domain = domain.substr(0, domain.find_first_of("> "));
    return fmt::format("<{}@{}>", hex.data(), domain.empty() ? "avtalskoll.invalid" : domain);
}

bool is_message_id(const std::string& text) {
    static const std::regex kMade(R"(<[0-9a-f]{32}@[A-Za-z0-9.-]{1,200}>)");
    return std::regex_match(text, kMade);
}

}  // namespace avtalskoll::app
