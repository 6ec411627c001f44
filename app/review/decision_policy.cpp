#include "app/review/decision_policy.h"

#include <fmt/format.h>

#include "rules/field_rule.h"
#include "rules/messages.h"

namespace avtalskoll::app {
namespace {

constexpr std::size_t kMostLetterBytes = 80'000;

bool is_decided(const OpenCase& open) {
    return open.line.status != kReceived && open.line.status != kInReview;
}

std::optional<std::string> if_any(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

// Fills in a decision on one field, or says what is against it.
DecisionResult on_field(const Review& review, const DecisionContext& context,
                        const DecisionRequest& request, Decision& decision) {
    const ReviewedField* field = review.field(request.form, request.point, request.field);
    if (!field) return {Verdict::NotThere, "Punkten finns inte i underlaget."};
    decision.form = request.form;
    decision.point = request.point;
    decision.field = request.field;
    decision.old_verdict = to_string(field->verdict);
    decision.old_value = if_any(field->value);
    decision.found_verdict = to_string(field->found);
    decision.found_value = if_any(field->found_value);
    decision.new_value = decision.old_value;
    switch (request.action) {
        case Action::Accept:
            if (!may_accept(*field))
                return {
                    Verdict::Refused,
                    fmt::format(
                        "{} kan inte godkännas som det är. Skriv det rätta värdet och välj Rätta.",
                        field->label)};
            decision.new_verdict = to_string(FieldVerdict::Ok);
            return {};
        case Action::Missing:
            decision.new_verdict = to_string(FieldVerdict::Missing);
            decision.new_value.reset();
            return {};
        case Action::Correct: {
            const rules::WrittenValue written =
                rules::check_written(field->kind, request.value, context.words);
            if (!written.valid)
                return {Verdict::Refused,
                        context.texts.say(rules::message_for(written.reason, field->label)) +
                            " Rättelsen är inte sparad."};
            decision.new_verdict = to_string(FieldVerdict::Ok);
            decision.new_value = written.value;
            return {};
        }
        default: return {Verdict::NotThere, "Så kan en punkt inte avgöras."};
    }
}

DecisionResult on_finding(const Review& review, const DecisionRequest& request,
                          Decision& decision) {
    const ReviewedFinding* finding = review.finding(request.finding);
    if (!finding || request.action != Action::Accept)
        return {Verdict::NotThere, "Iakttagelsen finns inte i underlaget."};
    decision.finding = request.finding;
    decision.old_verdict = decision.found_verdict = to_string(finding->severity);
    decision.new_verdict = to_string(FieldVerdict::Ok);
    return {};
}

bool has_required_fields(const Review& review) {
    for (const ReviewedAgreement& agreement : review.agreements)
        for (const ReviewedPoint& point : agreement.points)
            for (const ReviewedField& field : point.fields)
                if (field.required) return true;
    return false;
}

DecisionResult on_whole(const OpenCase& open, const Review& review, const DecisionRequest& request,
                        Decision& decision) {
    decision.old_verdict = open.line.status;
    decision.found_verdict = open.line.verdict;
    switch (request.action) {
        case Action::Approve:
            if (!has_required_fields(review))
                return {Verdict::Refused,
                        "Ärendet kan inte bli komplett: inget avtal har bedömts. Begär "
                        "komplettering eller avsluta det."};
            if (review.open > 0)
                return {
                    Verdict::Refused,
                    fmt::format("Ärendet kan inte bli komplett: {} kvar att avgöra.", review.open)};
            decision.new_verdict = kComplete;
            return {};
        case Action::Request:
            if (request.letter.find_first_not_of(" \r\n\t") == std::string::npos)
                return {Verdict::Refused, "Brevet är tomt."};
            if (request.letter.size() > kMostLetterBytes)
                return {Verdict::Refused, "Brevet är för långt."};
            decision.new_verdict = kToBeCompleted;
            return {};
        case Action::Close: decision.new_verdict = kClosed; return {};
        case Action::Reopen: decision.new_verdict = kInReview; return {};
        default: return {Verdict::NotThere, "Så kan ett ärende inte avgöras."};
    }
}

DecisionResult undo(const OpenCase& open, Decision& decision) {
    const Decision* last = last_decision(open);
    if (!last || last->action == Action::Reopen)
        return {Verdict::Refused, "Det finns inget att ångra."};
    decision.form = last->form;
    decision.point = last->point;
    decision.field = last->field;
    decision.finding = last->finding;
    decision.old_verdict = last->new_verdict;
    decision.new_verdict = last->old_verdict;
    decision.found_verdict = last->found_verdict;
    decision.old_value = last->new_value;
    decision.new_value = last->old_value;
    decision.undoes = last->key;
    return {};
}

DecisionResult against_status(const OpenCase& open, const DecisionRequest& request) {
    if (open.purged) return {Verdict::Conflict, "Ärendet är gallrat. Det går inte att ändra."};
    if (open.report == 0)
        return {Verdict::Conflict, "Underlaget är inte kontrollerat än. Vänta några sekunder."};
    if (request.action == Action::Undo) return {};
    if (is_decided(open) && request.action != Action::Reopen)
        return {Verdict::Conflict, "Ärendet är redan avgjort. Öppna det igen om något ska ändras."};
    if (!is_decided(open) && request.action == Action::Reopen)
        return {Verdict::Conflict, "Ärendet är redan öppet."};
    return {};
}

}  // namespace

bool may_accept(const ReviewedField& field) {
    if (field.kind == FieldKind::Signature) return true;
    return is_strict(field.kind) ? rules::check_written(field.kind, field.value, {}).valid
                                 : !field.value.empty();
}

DecisionResult decide(CaseStore& store, const OpenCase& open, const DecisionContext& context,
                      const DecisionRequest& request) {
    static const std::string kChanged =
        "Någon annan har ändrat i ärendet sedan du öppnade sidan. Ditt beslut är inte sparat; se "
        "hur det ser ut nu och besluta igen.";
    if (request.revision != open.revision) return {Verdict::Conflict, kChanged};
    if (DecisionResult against = against_status(open, request); against.verdict != Verdict::Done)
        return against;
    const Review review = review_of(open, context.forms);
    Decision decision;
    decision.action = request.action;
    decision.officer = request.officer;
    DecisionResult result;
    if (request.action == Action::Undo) result = undo(open, decision);
    else if (!request.finding.empty()) result = on_finding(review, request, decision);
    else if (!request.field.empty()) result = on_field(review, context, request, decision);
    else result = on_whole(open, review, request, decision);
    if (result.verdict != Verdict::Done) return result;
    switch (store.decide(open, decision, request.letter)) {
        case Outcome::Done: return {};
        case Outcome::Changed: return {Verdict::Conflict, kChanged};
        case Outcome::Claimed: break;
    }
    return {
        Verdict::Conflict,
        fmt::format(
            "{} granskar ärendet. Ta över det först om du ska besluta. Ditt beslut är inte sparat.",
            open.line.claimed_by.empty() ? "Någon annan" : open.line.claimed_by)};
}

}  // namespace avtalskoll::app
