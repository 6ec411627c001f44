#include "app/web/words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <map>

#include "app/store/utc_time.h"
#include "models/enum_names.h"
#include "pipeline/reports/swedish.h"

namespace avtalskoll::app::web {
namespace {

std::string looked_up(const std::map<std::string, std::string>& words, const std::string& key) {
    const auto at = words.find(key);
    return at == words.end() ? key : at->second;
}

std::string counted(std::int64_t count, const char* one, const char* many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

const char* audit_action_in_swedish(AuditAction action) {
    static constexpr EnumNames<AuditAction, 24> kWords{{
        {AuditAction::Received, "inkom"},
        {AuditAction::Uploaded, "uppladdat"},
        {AuditAction::ReceivedAgain, "inkom igen"},
        {AuditAction::OpenedAgain, "ny version inkom"},
        {AuditAction::AddedTo, "fler filer inkom"},
        {AuditAction::ReportSetAside, "rapport lagd åt sidan, talade inte om alla sidor"},
        {AuditAction::ReportDoubted, "gallrad rapport talade kanske inte om alla sidor"},
        {AuditAction::EarlierPurged, "tidigare filer gallrade"},
        {AuditAction::EarlierOriginalRead, "tidigare original hämtat"},
        {AuditAction::Checked, "kontrollerat av maskinen"},
        {AuditAction::Crashed, "kontrollen avbröts"},
        {AuditAction::Purged, "gallrat"},
        {AuditAction::Claimed, "granskning påbörjad"},
        {AuditAction::TakenOver, "övertaget"},
        {AuditAction::Released, "släppt"},
        {AuditAction::Decided, "beslut"},
        {AuditAction::OriginalRead, "originalet hämtat"},
        {AuditAction::LoggedIn, "loggade in"},
        {AuditAction::UserAdded, "användare tillagd"},
        {AuditAction::UserBlocked, "användare spärrad"},
        {AuditAction::UserUnblocked, "spärr hävd"},
        {AuditAction::PasswordSet, "lösenord bytt"},
        {AuditAction::TokenAdded, "nyckel tillagd"},
        {AuditAction::TokenRemoved, "nyckel borttagen"},
    }};
    return name_of(kWords, action);
}

// The members of an event beside its action; empty: it has none.
std::string details_in_swedish(const AuditEvent& event, const FormSet& forms) {
    switch (event.action) {
        case AuditAction::Received:
        case AuditAction::OpenedAgain:
        case AuditAction::AddedTo:
        case AuditAction::Uploaded: return ": " + counted(event.number, "fil", "filer");
        case AuditAction::OriginalRead:
        case AuditAction::EarlierOriginalRead: return fmt::format(": fil {}", event.number);
        case AuditAction::Checked:
            return ": " + verdict_in_swedish(event.verdict ? to_string(*event.verdict) : "?");
        case AuditAction::TakenOver: return " från " + event.subject;
        case AuditAction::Decided: {
            std::string what = event.decision ? ": " + action_in_swedish(*event.decision) : "";
            if (!event.place.empty()) what += ", " + field_in_swedish(event.place, forms);
            else if (!event.finding.empty()) what += ", " + finding_in_swedish(event.finding);
            return what;
        }
        case AuditAction::UserAdded:
        case AuditAction::UserBlocked:
        case AuditAction::UserUnblocked:
        case AuditAction::PasswordSet:
        case AuditAction::TokenAdded:
        case AuditAction::TokenRemoved:
            return ": " + event.subject + (event.role ? ", " + role_in_swedish(*event.role) : "");
        default: return "";
    }
}

}  // namespace

std::string status_in_swedish(const std::string& status) {
    static const std::map<std::string, std::string> kWords{{kReceived, "Inkommen"},
                                                           {kInReview, "Granskas"},
                                                           {kComplete, "Komplett"},
                                                           {kToBeCompleted, "Kompletteras"},
                                                           {kClosed, "Avslutad"}};
    return looked_up(kWords, status);
}

std::string verdict_in_swedish(const std::string& verdict) {
    if (verdict.empty()) return "Väntar";
    for (const auto v : {SubmissionVerdict::Complete, SubmissionVerdict::Incomplete,
                         SubmissionVerdict::Review, SubmissionVerdict::Rejected})
        if (verdict == to_string(v)) return pipeline::in_swedish(v);
    return verdict;
}

std::string role_in_swedish(Role role) {
    switch (role) {
        case Role::Reader: return "läsare";
        case Role::Officer: return "handläggare";
        case Role::Admin: return "administratör";
    }
    return "?";
}

std::string action_in_swedish(Action action) {
    switch (action) {
        case Action::Accept: return "godkänt";
        case Action::Correct: return "rättat";
        case Action::Missing: return "markerat som saknas";
        case Action::Approve: return "ärendet komplett";
        case Action::Request: return "komplettering begärd";
        case Action::Close: return "ärendet avslutat";
        case Action::Reopen: return "ärendet öppnat igen";
        case Action::Undo: return "ångrat";
    }
    return "?";
}

std::string log_line_in_swedish(const AuditLine& line, const FormSet& forms) {
    return audit_action_in_swedish(line.event.action) + details_in_swedish(line.event, forms);
}

std::string finding_in_swedish(const std::string& code) {
    static const std::map<std::string, std::string> kWords{
        {"agreement_missing", "avtal saknas"},
        {"no_agreement", "inget avtal"},
        {"folder_not_read", "mapp oläst"},
        {"agreement_doubled", "avtal dubblerat"},
        {"page_missing", "sida saknas"},
        {"page_doubled", "sida dubblerad"},
        {"page_unknown", "okänd sida"},
        {"page_unreadable", "sida oläslig"},
        {"page_damaged", "sida skadad"},
        {"blank_page", "tom sida"},
        {"attachment_not_read", "bifogad fil oläst"},
        {"file_ignored", "fil oläst"},
        {"no_documents", "inga filer"},
        {"form_version_unknown", "kanske annan version"},
        {"personal_data_assumed", "personuppgifter antas"},
        {"account_key_unknown", "okänd uppgift i anmälan"},
        {"file_unreadable", "fil oläslig"},
        {"file_encrypted", "fil låst"},
        {"file_over_limit", "fil för stor"},
        {"form_version_withdrawn", "gammal blankett"},
        {"form_versions_mixed", "blandade versioner"},
        {"form_not_filled_in", "blankett ej ifylld"},
        {"wrong_document", "fel dokument"},
        {"organisation_number_mismatch", "organisationsnummer skiljer sig"},
        {"account_number_invalid", "fel nummer i anmälan"},
        {"submission_invalid", "anmälan oläslig"},
        {"register_mismatch", "fel organisation"},
        {"organisation_changed", "annan organisation än förut"},
        {"counter_signature_present", "motpartens rad ifylld"},
        {"digitally_signed", "digitalt underskrivet"},
        {"set_aside", "lagt åt sidan"}};
    return looked_up(kWords, code);
}

std::string field_in_swedish(const FieldPlace& place, const FormSet& forms) {
    if (place.empty()) return place.form;
    std::string label = place.field;
    for (const Form& form : forms.forms)
        for (const FormPoint& point : form.points)
            for (const Field& field : point.fields)
                if (FieldPlace{form.id, point.number, field.id} == place) label = field.label;
    return fmt::format("{} {} {}", place.form, place.point, label);
}

Chip chip_of(const Lack& lack, const FormSet& forms) {
    if (const auto* finding = std::get_if<GraveFinding>(&lack))
        return {"finding", finding_in_swedish(finding->code)};
    if (const auto* agreement = std::get_if<AbsentAgreement>(&lack))
        return {"missing", agreement->form + " saknas"};
    const auto& field = std::get<LackingField>(lack);
    const std::string place = field_in_swedish(field.place, forms);
    if (field.verdict == FieldVerdict::Invalid) return {"invalid", place + " ogiltigt"};
    if (field.verdict == FieldVerdict::Unclear) return {"unclear", place + " oklart"};
    return {"missing", place + " saknas"};
}

std::string local_time(const std::string& utc) {
    const std::time_t at = seconds_of_utc(utc);
    return at < 0 ? utc : fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(at));
}

std::int64_t seconds_between(const std::string& utc_from, const std::string& utc_to) {
    return seconds_of_utc(utc_to) - seconds_of_utc(utc_from);
}

std::string duration_in_swedish(std::int64_t seconds) {
    if (seconds < 60) return "under en minut";
    if (seconds < 3600) return counted(seconds / 60, "minut", "minuter");
    if (seconds < 172'800) return counted(seconds / 3600, "timme", "timmar");
    return counted(seconds / 86'400, "dag", "dagar");
}

}  // namespace avtalskoll::app::web
