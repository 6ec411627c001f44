#include "app/service/mail_sender.h"

#include <chrono>

#include "app/service/log_line.h"
#include "models/error.h"

namespace avtalskoll::app {
namespace {

constexpr std::chrono::seconds kLookForMail{30};

}  // namespace

SentMail send_waiting_mail(MailStore& store, MailCarrier& carrier) {
    SentMail all;
    while (const auto mail = store.take(carrier.may_repeat())) {
        const Delivered delivered = carrier.deliver(*mail);
        switch (delivered.outcome) {
            case MailOutcome::Done:
                store.sent(*mail);
                ++all.sent;
                break;
            case MailOutcome::Later:
                store.later(*mail, delivered.fault);
                ++all.later;
                break;
            case MailOutcome::Refused:
                store.failed(*mail, delivered.fault);
                ++all.failed;
                break;
            case MailOutcome::Unclear:
                store.unclear(*mail, delivered.fault);
                ++all.unclear;
                break;
        }
        if (delivered.outcome != MailOutcome::Done)
            say("mail {} has not left: {}", mail->key, delivered.fault);
    }
    return all;
}

MailSender::MailSender(MailStore& store, const MailPlace& place)
    : store_(store), carrier_(mail_carrier(place)), thread_([this] { run(); }) {}

MailSender::~MailSender() {
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
    }
    woken_.notify_all();
    thread_.join();
}

void MailSender::wake() {
    const std::lock_guard lock(mutex_);
    is_awake_ = true;
    woken_.notify_all();
}

void MailSender::run() {
    for (;;) {
        try {
            send_waiting_mail(store_, *carrier_);
        } catch (const Error& e) {
            say("mail waits: {}", e.what());
        }
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, kLookForMail, [&] { return is_awake_ || is_ending_; });
        is_awake_ = false;
        if (is_ending_) return;
    }
}

}  // namespace avtalskoll::app
