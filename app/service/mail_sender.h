// Hands over the mail that waits in the store.
#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/mail/mail_carrier.h"
#include "app/store/mail_store.h"

namespace avtalskoll::app {

struct SentMail {
    int sent = 0, later = 0, failed = 0, unclear = 0;
};

// Everything that can go now, once. Throws Error{Io} when the store cannot be used.
SentMail send_waiting_mail(MailStore& store, MailCarrier& carrier);

// Does so on a thread of its own, when it is woken and every half minute, until it is destroyed.
class MailSender {
public:
    // `store` must outlive this. Throws as mail_carrier().
    MailSender(MailStore& store, const MailPlace& place);
    ~MailSender();
    MailSender(const MailSender&) = delete;
    MailSender& operator=(const MailSender&) = delete;

    void wake();

private:
    void run();

    MailStore& store_;
    const std::unique_ptr<MailCarrier> carrier_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool is_awake_ = false, is_ending_ = false;
    std::thread thread_;
};

}  // namespace avtalskoll::app
