#include "app/mail/mail_carrier.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <fstream>
#include <mutex>

#include "models/error.h"
#include "pipeline/files/atomic_file.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

constexpr long kConnectSeconds = 20, kWholeSeconds = 300;

// The part before the @ is random, so that it can name a file.
std::string file_name_of(const Mail& mail) {
    std::string name = mail.message_id.substr(0, mail.message_id.find('@'));
    std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
    return name + ".eml";
}

class SpoolCarrier final : public MailCarrier {
public:
    explicit SpoolCarrier(const MailPlace& place) : from_(place.from), folder_(place.spool) {
        fs::create_directories(folder_ / kDone);
        fs::create_directories(folder_ / kComing);
    }

    bool may_repeat() const override { return true; }

    // Its name is first noted in `.done`, then the file is moved into the folder. When the program
    // ends in between, the file still waits in `.coming` and is moved; when only `.done` has the
    // name, it was there.
    Delivered deliver(const Mail& mail) override {
        const std::string name = file_name_of(mail);
        const fs::path coming = folder_ / kComing / name, done = folder_ / kDone / name;
        try {
            if (!fs::exists(done)) {
                pipeline::write_whole(coming, as_message(mail, from_));
                pipeline::write_whole(done, "");
            }
            if (fs::exists(coming)) fs::rename(coming, folder_ / name);
        } catch (const fs::filesystem_error& e) {
            return {MailOutcome::Later, fmt::format("the spool folder: {}", e.code().message())};
        } catch (const Error& e) {
            return {e.kind() == ErrorKind::BadInput ? MailOutcome::Refused : MailOutcome::Later,
                    e.what()};
        }
        return {};
    }

private:
    static constexpr const char *kDone = ".done", *kComing = ".coming";

    const std::string from_;
    const fs::path folder_;
};

struct EndCurl {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

// A message that libcurl reads, and how much of it it has read.
struct Outgoing {
    std::string bytes;
    std::size_t taken = 0;

    static std::size_t read(char* to, std::size_t size, std::size_t count, void* outgoing) {
        auto& self = *static_cast<Outgoing*>(outgoing);
        const std::size_t some = std::min(size * count, self.bytes.size() - self.taken);
        std::copy_n(self.bytes.begin() + static_cast<std::ptrdiff_t>(self.taken), some, to);
        self.taken += some;
        return some;
    }
    bool is_all_taken() const { return taken == bytes.size(); }
};

// The address without a name around it.
std::string bare_address(const std::string& from) {
    const auto open = from.rfind('<'), close = from.rfind('>');
    return open == std::string::npos || close == std::string::npos
               ? from
               : from.substr(open + 1, close - open - 1);
}

bool is_this_machine(const std::string& server) {
    const std::string host = server.substr(server.find("://") + 3);
    return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
}

class SmtpCarrier final : public MailCarrier {
public:
    explicit SmtpCarrier(const MailPlace& place) : place_(place) {
        static std::once_flag once;
        std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        if (place.credentials.empty()) return;
        std::ifstream in(place.credentials);
        if (!std::getline(in, user_) || !std::getline(in, password_))
            throw Error(ErrorKind::BadInput,
                        fmt::format("{}: must have two lines, user and password",
                                    place.credentials.string()));
    }

    bool may_repeat() const override { return false; }

    Delivered deliver(const Mail& mail) override {
        Outgoing outgoing;
        try {
            outgoing.bytes = with_crlf(as_message(mail, place_.from));
        } catch (const Error& e) {
            return {MailOutcome::Refused, e.what()};
        }
        const std::unique_ptr<CURL, EndCurl> handle(curl_easy_init());
        curl_slist* to = curl_slist_append(nullptr, fmt::format("<{}>", mail.recipient).c_str());
        set_up(handle.get(), to, outgoing);
        const CURLcode outcome = curl_easy_perform(handle.get());
        long answer = 0;
        curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer);
        curl_slist_free_all(to);
        return judged(outcome, answer, outgoing);
    }

private:
    static std::string with_crlf(const std::string& text) {
        std::string lines;
        for (const char c : text) {
            if (c == '\n' && !lines.ends_with('\r')) lines += '\r';
            lines += c;
        }
        return lines;
    }

    void set_up(CURL* handle, curl_slist* to, Outgoing& outgoing) const {
        const auto set = [&](CURLoption option, auto value) {
            curl_easy_setopt(handle, option, value);
        };
        set(CURLOPT_URL, place_.server.c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_USE_SSL,
            static_cast<long>(is_this_machine(place_.server) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
        if (is_this_machine(place_.server)) {  // its certificate is rarely one that others signed
            set(CURLOPT_SSL_VERIFYPEER, 0L);
            set(CURLOPT_SSL_VERIFYHOST, 0L);
        }
        const std::string sender = fmt::format("<{}>", bare_address(place_.from));
        set(CURLOPT_MAIL_FROM, sender.c_str());
        set(CURLOPT_MAIL_RCPT, to);
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_READFUNCTION, &Outgoing::read);
        set(CURLOPT_READDATA, static_cast<void*>(&outgoing));
        set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(outgoing.bytes.size()));
        set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
        set(CURLOPT_TIMEOUT, kWholeSeconds);
        set(CURLOPT_NOSIGNAL, 1L);
        if (user_.empty()) return;
        set(CURLOPT_USERNAME, user_.c_str());
        set(CURLOPT_PASSWORD, password_.c_str());
    }

    // Answers of a server (RFC 5321, 4.2): 4xx asks to come again, 5xx refuses. A login that is
    // refused is the fault of whoever set it up, so that all mail waits.
    static Delivered judged(CURLcode outcome, long answer, const Outgoing& outgoing) {
        if (outcome == CURLE_OK) return {};
        std::string fault = curl_easy_strerror(outcome);
        if (answer > 0) fault += fmt::format(" (the server answered {})", answer);
        if (outcome == CURLE_LOGIN_DENIED) return {MailOutcome::Later, fault};
        if (answer >= 500 && answer < 600) return {MailOutcome::Refused, fault};
        if (answer >= 400 && answer < 500) return {MailOutcome::Later, fault};
        return {outgoing.is_all_taken() ? MailOutcome::Unclear : MailOutcome::Later, fault};
    }

    const MailPlace place_;
    std::string user_, password_;
};

}  // namespace

std::unique_ptr<MailCarrier> mail_carrier(const MailPlace& place) {
    if (place.from.find('@') == std::string::npos)
        throw Error(ErrorKind::BadInput, "--mail-from: give the address that mail comes from");
    if (!place.spool.empty()) return std::make_unique<SpoolCarrier>(place);
    if (!place.server.starts_with("smtp://") && !place.server.starts_with("smtps://"))
        throw Error(ErrorKind::BadInput,
                    "--mail-server: give smtp://HOST[:PORT] or smtps://HOST[:PORT]");
    return std::make_unique<SmtpCarrier>(place);
}

}  // namespace avtalskoll::app
