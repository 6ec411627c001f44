// What officers do with a case besides deciding on its points: moves, its number, notes, files that
// complete it, data sets, credentials.
#include "app/review/case_rules.h"
#include "app/review/contacts.h"
#include "app/store/case_store.h"
#include "app/web/deciding.h"
#include "app/web/layout.h"
#include "app/web/pages/case_section.h"
#include "app/web/pages/pages.h"
#include "app/web/upload_intake.h"
#include "app/web/visit.h"

namespace avtalskoll::app::web {
namespace {

using SentForm = std::map<std::string, std::string>;

// Judges by the form that was sent, writes, and shows the case as it is now.
template <class Judge>
Response with_case(const Visit& visit, const Judge& judge) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_such_case(visit);
    SentForm form = visit.request.form();
    return after_on_case(visit, add_event(visit, *open, judge(*open, form)));
}

CasePerson person_in(SentForm& form, const std::string& prefix) {
    return {form[prefix + "namn"], form[prefix + "epost"], form[prefix + "telefon"]};
}

}  // namespace

Response move_case(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_such_case(visit);
    SentForm form = visit.request.form();
    if (form["revision"] != open->revision) return after_on_case(visit, changed_since());
    return after_on_case(visit, add_event(visit, *open,
                                          judge_move(*open, visit.services.rules.states,
                                                     form["flytt"], form["orsak"])));
}

Response number_case(const Visit& visit) {
    return with_case(visit,
                     [](const OpenCase&, SentForm& form) { return judge_number(form["nummer"]); });
}

Response note_on_case(const Visit& visit) {
    return with_case(visit, [](const OpenCase&, SentForm& form) {
        std::string text = form["text"];
        std::erase(text, '\r');
        return judge_note(text);
    });
}

Response add_data_set(const Visit& visit) {
    return with_case(visit, [&](const OpenCase& open, SentForm& form) {
        return judge_data_set(open, visit.services.rules.data_sets,
                              {form["datamangd"], person_in(form, "agare_"),
                               person_in(form, "support_"), form["ombud"], form["fullmakt"]});
    });
}

Response remove_data_set(const Visit& visit) {
    return with_case(visit, [](const OpenCase& open, SentForm& form) {
        return judge_removal(open, {form["datamangd"], form["orsak"]});
    });
}

Response note_credentials(const Visit& visit) {
    return with_case(visit, [&](const OpenCase& open, SentForm& form) {
        const std::vector<CasePerson> contacts = open.report == 0
                                                     ? std::vector<CasePerson>()
                                                     : contacts_of(review_of(open, *visit.forms));
        return judge_credentials(open, contacts,
                                 {form["datamangd"], {"", form["till"], ""}, form["datum"]});
    });
}

Response complete_case(const Visit& visit) {
    const std::string id = visit.argument(0);
    if (!visit.services.cases.open(id)) return no_such_case(visit);
    const UploadOutcome outcome = intake_case_files(visit, id);
    if (outcome.forbidden)
        return message_page(audience_of(visit), 403, Message("answer.status_403"));
    if (outcome.id.empty())
        return after_on_case(visit, Refusal{Refusal::Kind::NotAllowed, outcome.trouble});
    return see_other(case_path(id));
}

}  // namespace avtalskoll::app::web
