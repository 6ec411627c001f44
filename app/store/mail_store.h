// Mail of cases in the store: what waits, what left, what a person must look at.
//
// Safe from many threads, and beside other processes on one store. Everything throws Error{Io}.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/mail/mail.h"
#include "app/store/store_place.h"

namespace avtalskoll::app {

// How long whoever took a mail may take to hand it over, before it is taken for ended.
inline constexpr std::chrono::minutes kHandOver{10};
// A server that asks to come again is asked for so long.
inline constexpr int kMostMailTries = 12;

struct MailLine {
    std::string id;  // the case's
    Mail mail;
};

class MailStore {
public:
    MailStore() = default;
    MailStore(const MailStore&) = delete;
    MailStore& operator=(const MailStore&) = delete;
    virtual ~MailStore() = default;

    // Adds mail of a case, to be sent. The members message_id, kind, recipient, text and the
    // attachment are those of `mail`; its time is now. One with the same message_id is there
    // already: nothing is added. False: a reminder of what is not awaited any more.
    virtual bool add(std::int64_t submission, const Mail& mail, const std::string& officer) = 0;

    // The oldest that is to be handed over now; it is Sending then, and nobody else gets it.
    // nullopt: none. `may_repeat`: handing it over twice does no harm, so that it is taken again
    // when its taker ends; else it becomes Unclear then.
    virtual std::optional<Mail> take(bool may_repeat) = 0;

    // The outcome of handing over. Later: it waits longer each time, and fails in the end.
    virtual void sent(const Mail& mail) = 0;
    virtual void later(const Mail& mail, const std::string& fault) = 0;
    virtual void failed(const Mail& mail, const std::string& fault) = 0;
    virtual void unclear(const Mail& mail, const std::string& fault) = 0;

    // A person says what became of mail that is Unclear or Failed: it left, or it is to be sent
    // again. False: it is neither.
    virtual bool settle(std::int64_t mail, bool has_left, const std::string& officer) = 0;

    // Of one case (`submission`), or all that has not left (0); oldest first.
    virtual std::vector<MailLine> list(std::int64_t submission) = 0;
};

// Of a store that is there.
std::unique_ptr<MailStore> open_mail_store(const StorePlace& place, int connections);

}  // namespace avtalskoll::app
