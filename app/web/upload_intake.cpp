#include "app/web/upload_intake.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <ctime>

#include "app/store/case_store.h"
#include "app/store/joined_files.h"
#include "app/web/uploaded.h"
#include "models/enum_names.h"
#include "models/error.h"
#include "pipeline/intake.h"
#include "rules/kinds/organisation_number.h"

namespace avtalskoll::app::web {
namespace {

constexpr EnumNames<Choice, 3> kChoices{
    {{Choice::Add, "add"}, {Choice::Replace, "replace"}, {Choice::New, "new"}}};

namespace fs = std::filesystem;

constexpr std::size_t kMostNameBytes = 200;

constexpr std::size_t kMostNamesTold = 5;

std::string new_id() {
    return fmt::format("{:%Y%m%d-%H%M%S}-{:04x}", fmt::localtime(std::time(nullptr)),
                       randombytes_uniform(0x10000));
}

// A browser's name for a file as one that can stand in a folder: no leading dot, no signs that
// separate or control.
std::string safe_name(const std::string& name) {
    std::string safe;
    for (const char c : name.substr(0, kMostNameBytes))
        if (static_cast<unsigned char>(c) >= ' ' && c != '/' && c != '\\' && c != '\x7f') safe += c;
    while (safe.starts_with('.')) safe.erase(0, 1);
    while (!safe.empty() && !is_utf8(safe)) safe.pop_back();
    return safe.empty() ? "fil.pdf" : safe;
}

fs::path free_name(const fs::path& folder, const std::string& name) {
    const fs::path plain(name);
    fs::path path = folder / plain;
    for (int n = 2; fs::exists(path); ++n)
        path =
            folder / fmt::format("{} ({}){}", plain.stem().string(), n, plain.extension().string());
    return path;
}

// The uploaded files as the intake finds them in any folder: the same kinds, names and order.
Submission found_in(const UploadedForm& form, const fs::path& folder, const std::string& id) {
    const fs::path files = folder / id;
    fs::create_directories(files);
    for (const UploadedFile& file : form.files)
        if (const std::string name = safe_name(file.name); name != "submission.json")
            fs::rename(file.path, free_name(files, name));
    const std::vector<Submission> found = pipeline::find_submissions({files}, {});
    return found.size() == 1 ? found.front() : Submission{};
}

UploadOutcome refused(const Message& trouble) { return {.trouble = trouble}; }

Message listed(std::vector<std::string> names) {
    const std::size_t more = names.size() - std::min(names.size(), kMostNamesTold);
    names.resize(names.size() - more);
    const std::string told = fmt::format("{}", fmt::join(names, ", "));
    if (more == 0) return Message("upload.names", {{"names", told}});
    return Message("upload.names_and_more", {{"names", told}, {"count", more}});
}

// The fault that a form has even before its files are looked at; empty: none.
Message trouble_of(UploadedForm& form) {
    if (!form.fields["id"].empty() && !pipeline::is_valid_id(form.fields["id"]))
        return Message("upload.bad_id");
    const std::string& number = form.fields["organisationsnummer"];
    if (!number.empty() &&
        rules::parse_organisation_number(number).fault != rules::NumberFault::None)
        return Message("upload.bad_number");
    if (!form.fields["val"].empty() && !parse_choice(form.fields["val"]))
        return Message("upload.bad_choice");
    if (form.empty.size() == 1) return Message("upload.empty_file", {{"name", form.empty.front()}});
    if (!form.empty.empty()) return Message("upload.empty_files", {{"names", listed(form.empty)}});
    return form.files.empty() ? Message("upload.no_files") : Message();
}

Message no_document(const UploadedForm& form) {
    std::vector<std::string> names;
    for (const UploadedFile& file : form.files) names.push_back(file.name);
    if (names.size() == 1) return Message("upload.no_document", {{"name", names.front()}});
    return Message("upload.no_documents", {{"names", listed(names)}});
}

// The id with the least number behind it that nothing has.
std::string free_id(Store& store, const std::string& id) {
    for (int n = 2;; ++n) {
        std::string numbered = fmt::format("{}-{}", id, n);
        if (!pipeline::is_valid_id(numbered)) return new_id();  // too long
        if (!store.find(numbered)) return numbered;
    }
}

// What was taken in is noted and checked.
UploadOutcome taken(const Visit& visit, const Received& received, std::size_t files) {
    visit.services.cases.note(
        received.stored.key, visit.who.name,
        {.action = AuditAction::Uploaded, .number = static_cast<std::int64_t>(files)});
    visit.services.wake_checker();
    return {.id = received.stored.submission.id,
            .known = received.receipt == Receipt::Known || received.receipt == Receipt::Twin};
}

UploadOutcome receive(const Visit& visit, const Submission& submission, const Upload& upload,
                      const Reopening& reopening) {
    const Received received = visit.services.store.receive(submission, "", reopening);
    if (received.receipt == Receipt::Occupied) return {.there = received, .upload = upload};
    return taken(visit, received, upload.submission.files.size());
}

// A form that was uploaded, and the submission that its files are.
struct Sent {
    Unpacked unpacked;
    Submission submission;
};

// `id`: of the case; empty: as the form says, or a new one. Gives the refusal, if any.
std::optional<UploadOutcome> take_sent(const Visit& visit, const std::string& id, Sent& sent) {
    try {
        sent.unpacked = unpack(visit);
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::OverLimit) return refused(Message("upload.form_too_large"));
        if (e.kind() == ErrorKind::BadInput) return refused(Message("upload.form_torn"));
        throw;
    }
    UploadedForm& form = sent.unpacked.form;
    if (!sent.unpacked.has_token) return UploadOutcome{.forbidden = true};
    if (const Message trouble = trouble_of(form); !trouble.empty()) return refused(trouble);
    std::string of = id.empty() ? form.fields["id"] : id;
    if (of.empty()) of = new_id();
    sent.submission = found_in(form, sent.unpacked.folder->path() / "files", of);
    if (sent.submission.files.empty()) return refused(no_document(form));
    sent.submission.id = of;
    return std::nullopt;
}

}  // namespace

const char* to_string(Choice choice) { return avtalskoll::name_of(kChoices, choice); }
std::optional<Choice> parse_choice(std::string_view name) { return value_of(kChoices, name); }

Message name_of(Choice choice) {
    return Message(fmt::format("upload_choice.{}.name", to_string(choice)));
}

Message meaning_of(Choice choice) {
    return Message(fmt::format("upload_choice.{}.meaning", to_string(choice)));
}

std::vector<Choice> UploadOutcome::choices() const {
    if (there && there->purged) return {Choice::Replace, Choice::New};  // nothing is left to add to
    return {Choice::Add, Choice::Replace, Choice::New};
}

UploadOutcome intake_upload_as(const Visit& visit, const Upload& upload, Choice choice,
                               const std::string& seen) {
    Submission submission = upload.submission;
    if (choice == Choice::New) {
        submission.id = free_id(visit.services.store, submission.id);
        return receive(visit, submission, upload, {.seen = ""});
    }
    const auto there = visit.services.store.find(submission.id);
    const bool adds = choice == Choice::Add && there && there->content == seen;
    if (adds) submission = joined(there->submission, submission);
    return receive(visit, submission, upload, {.seen = seen, .adds = adds});
}

UploadOutcome intake_upload(const Visit& visit) {
    Sent sent;
    if (auto refusal = take_sent(visit, "", sent)) return std::move(*refusal);
    UploadedForm& form = sent.unpacked.form;
    Submission& submission = sent.submission;
    submission.organisation_number = form.fields["organisationsnummer"];
    const std::string& personal = form.fields["personuppgifter"];
    if (personal == "ja" || personal == "nej") submission.personal_data = personal == "ja";
    const Upload upload{submission, sent.unpacked.folder};
    const auto choice = parse_choice(form.fields["val"]);
    const auto there = choice ? visit.services.store.find(submission.id) : std::nullopt;
    return there ? intake_upload_as(visit, upload, *choice, there->content)
                 : receive(visit, submission, upload, {.seen = ""});
}

OneFile uploaded_file(const Visit& visit) {
    Sent sent;
    if (auto refusal = take_sent(visit, "copy", sent))
        return {{}, nullptr, refusal->trouble, refusal->forbidden};
    if (sent.submission.files.size() != 1)
        return {{}, nullptr, Message("copy_page.one_file"), false};
    return {sent.submission.files.front(), sent.unpacked.folder};
}

UploadOutcome intake_case_files(const Visit& visit, const std::string& id) {
    Sent sent;
    if (auto refusal = take_sent(visit, id, sent)) return std::move(*refusal);
    const Received received = visit.services.store.complete(sent.submission, "");
    return taken(visit, received, sent.submission.files.size());
}

}  // namespace avtalskoll::app::web
