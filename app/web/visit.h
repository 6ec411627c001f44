// A request by somebody who may make it, and what the pages answer it with. All that a page needs
// to know of the server.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/http/http.h"
#include "app/mail/mail_carrier.h"
#include "app/store/accounts.h"
#include "models/message.h"
#include "pipeline/texts/texts.h"

namespace avtalskoll {
struct FormSet;
struct ApprovedAgreement;
struct CountersignedResult;
struct Report;
struct Submission;
}  // namespace avtalskoll
namespace avtalskoll::rules {
struct RuleWords;
}
namespace avtalskoll::app {
class CaseStore;
class FormWorkshop;
class MailStore;
struct CaseRules;
class Store;
class WorkStore;
}  // namespace avtalskoll::app

namespace avtalskoll::app::web {

class HeldUploads;
class PagePictures;

// The authority whose officers work here.
struct Office {
    std::string authority;  // its name, as letters have it; empty: they do not name it
    int answer_days = 21;   // until an answer to a letter is expected
    MailPlace mail = {};    // not set: officers send mail themselves
};

// The parts of the program that the pages work with. All must outlive the site.
struct Services {
    Store& store;
    CaseStore& cases;
    Accounts& accounts;
    WorkStore& work;
    MailStore& mail;
    PagePictures& pictures;
    HeldUploads& held;
    // As they are registered now.
    std::function<std::shared_ptr<const FormSet>()> forms;
    const rules::RuleWords& words;
    const pipeline::Texts& texts;
    const CaseRules& rules;
    Office office;
    // To be called when something was taken in.
    std::function<void()> wake_checker;
    // To be called when mail was written.
    std::function<void()> wake_mail;
    // For files that are being taken in.
    std::filesystem::path upload_folder;
    std::uint64_t upload_bytes = 0;
    FormWorkshop& workshop;
    // To be called when a registered form was changed.
    std::function<void()> reload_forms;
    // Checks a submission by the forms of a folder, whatever is registered. Throws Error.
    std::function<Report(const std::filesystem::path& forms, const Submission&)> try_forms;
    // Compares a counter-signed copy. Throws as Checker::compare.
    std::function<CountersignedResult(const std::vector<ApprovedAgreement>&, const Submission&)>
        compare_copy;
    // For whoever runs the server; no personal data.
    std::function<void(const std::string&)> note_fault;
};

struct Visit {
    const Request& request;
    Identity who;
    std::vector<std::string> arguments;  // the segments that the route's ':' stood for
    Services& services;
    std::shared_ptr<const FormSet> forms = services.forms();

    bool may_decide() const { return who.role >= Role::Officer; }
    std::string say(const Message& message) const { return services.texts.say(message); }
    const std::string& argument(std::size_t n) const { return arguments.at(n); }
};

}  // namespace avtalskoll::app::web
