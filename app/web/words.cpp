#include "app/web/words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <map>
#include <sstream>

#include "app/store/utc_time.h"
#include "pipeline/reports/verdict_messages.h"

namespace avtalskoll::app::web {
namespace {

std::string looked_up(const std::map<std::string, std::string>& words, const std::string& key) {
    const auto at = words.find(key);
    return at == words.end() ? key : at->second;
}

std::string counted(std::int64_t count, const char* one, const char* many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string log_in_swedish(const std::string& action) {
    static const std::map<std::string, std::string> kWords{
        {"received", "inkom"},
        {"uploaded", "uppladdat"},
        {"received again", "inkom igen"},
        {"opened again", "ny version inkom"},
        {"added to", "fler filer inkom"},
        {"report set aside", "rapport lagd åt sidan, talade inte om alla sidor"},
        {"report doubted", "gallrad rapport talade kanske inte om alla sidor"},
        {"earlier purged", "tidigare filer gallrade"},
        {"earlier original read", "tidigare original hämtat"},
        {"checked", "kontrollerat av maskinen"},
        {"crashed", "kontrollen avbröts"},
        {"purged", "gallrat"},
        {"claimed", "granskning påbörjad"},
        {"taken over", "övertaget"},
        {"let go", "släppt"},
        {"decided", "beslut"},
        {"original read", "originalet hämtat"},
        {"logged in", "loggade in"},
        {"user added", "användare tillagd"},
        {"user blocked", "användare spärrad"},
        {"user unblocked", "spärr hävd"},
        {"password set", "lösenord bytt"},
        {"token added", "nyckel tillagd"},
        {"token removed", "nyckel borttagen"}};
    return looked_up(kWords, action);
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

std::string verdict_in_swedish(const std::string& verdict, const pipeline::Texts& texts) {
    if (verdict.empty()) return "Väntar";
    for (const auto v : {SubmissionVerdict::Complete, SubmissionVerdict::Incomplete,
                         SubmissionVerdict::Review, SubmissionVerdict::Rejected})
        if (verdict == to_string(v)) return texts.say(pipeline::message_for(v));
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

std::string log_line_in_swedish(const AuditLine& line, const FormSet& forms,
                                const pipeline::Texts& texts) {
    std::string what = log_in_swedish(line.action);
    const std::string detail = line.detail.substr(0, line.detail.find(';'));
    std::istringstream words(detail);
    std::string first, second;
    words >> first >> second;
    if (line.action == "decided") {
        if (const auto action = parse_action(first)) what += ": " + action_in_swedish(*action);
        if (second.find('/') != std::string::npos) what += ", " + field_in_swedish(second, forms);
        else if (!second.empty() && second != "of") what += ", " + finding_in_swedish(second);
    } else if (line.action == "checked") {
        what += ": " + verdict_in_swedish(first, texts);
    } else if (second == "files" || second == "file") {
        what += fmt::format(": {}", counted(std::atoll(first.c_str()), "fil", "filer"));
    } else if (first == "file" || line.action == "user added" || line.action == "token added" ||
               line.action.starts_with("user ") || line.action.starts_with("token ") ||
               line.action == "password set") {
        what += ": " + (first == "file" ? "fil " + second : detail);
    } else if (first == "from") {
        what += " från " + detail.substr(5);
    }
    return what;
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

std::string field_in_swedish(const std::string& place, const FormSet& forms) {
    const auto first = place.find('/'),
               second = place.find('/', std::min(first, place.size() - 1) + 1);
    if (first == std::string::npos || second == std::string::npos) return place;
    const std::string form = place.substr(0, first),
                      point = place.substr(first + 1, second - first - 1),
                      field = place.substr(second + 1);
    std::string label = field;
    for (const Form& f : forms.forms)
        for (const FormPoint& p : f.points)
            for (const Field& known : p.fields)
                if (f.id == form && p.number == point && known.id == field) label = known.label;
    return fmt::format("{} {} {}", form, point, label);
}

Chip chip_of(const std::string& code, const FormSet& forms) {
    const auto colon = code.find(':');
    if (colon == std::string::npos) return {"finding", finding_in_swedish(code)};
    const std::string verdict = code.substr(colon + 1);
    const std::string place = field_in_swedish(code.substr(0, colon), forms);
    if (verdict == to_string(FieldVerdict::Invalid)) return {verdict, place + " ogiltigt"};
    if (verdict == to_string(FieldVerdict::Unclear)) return {verdict, place + " oklart"};
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
