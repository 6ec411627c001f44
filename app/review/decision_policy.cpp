#include "app/review/decision_policy.h"

#include <utility>

#include "rules/field_rule.h"
#include "rules/messages.h"

namespace avtalskoll::app {
namespace {

constexpr std::size_t kMostLetterBytes = 80'000, kMostReasonBytes = 2000;

bool is_of_the_whole(Action action) {
    return action == Action::Approve || action == Action::Request || action == Action::Close ||
           action == Action::Reopen;
}

std::optional<std::string> if_any(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

using Judged = std::variant<Decision, Refusal>;
using Kind = Refusal::Kind;

Refusal refusal(Kind kind, Message message) { return {kind, std::move(message)}; }

// Fills in a decision on one field, or says what is against it.
Judged on_field(const Review& review, const DecisionContext& context,
                const DecisionRequest& request, Decision decision) {
    const ReviewedField* field = review.field(request.place);
    if (!field) return refusal(Kind::NotThere, Message("refusal.no_such_point"));
    decision.place = request.place;
    decision.old_verdict = to_string(field->verdict);
    decision.old_value = if_any(field->value);
    decision.found_verdict = to_string(field->found);
    decision.found_value = if_any(field->found_value);
    decision.new_value = decision.old_value;
    switch (request.action) {
        case Action::Accept:
            if (!may_accept(*field))
                return refusal(Kind::NotAllowed,
                               Message("refusal.not_acceptable", {{"label", field->label}}));
            decision.new_verdict = to_string(FieldVerdict::Ok);
            return decision;
        case Action::Missing:
            decision.new_verdict = to_string(FieldVerdict::Missing);
            decision.new_value.reset();
            return decision;
        case Action::Correct: {
            const rules::WrittenValue written =
                rules::check_written(field->kind, request.value, context.words);
            if (!written.valid)
                return refusal(
                    Kind::NotAllowed,
                    Message("refusal.correction_invalid",
                            {{"reason", rules::message_for(written.reason, field->label)}}));
            decision.new_verdict = to_string(FieldVerdict::Ok);
            decision.new_value = written.value;
            return decision;
        }
        default: return refusal(Kind::NotThere, Message("refusal.no_decision_on_a_point"));
    }
}

Judged on_finding(const Review& review, const DecisionRequest& request, Decision decision) {
    const ReviewedFinding* finding = review.finding(*request.finding);
    if (!finding || request.action != Action::Accept)
        return refusal(Kind::NotThere, Message("refusal.no_such_finding"));
    decision.finding = request.finding;
    decision.old_verdict = decision.found_verdict = to_string(finding->severity);
    decision.new_verdict = to_string(FieldVerdict::Ok);
    return decision;
}

bool has_required_fields(const Review& review) {
    for (const ReviewedAgreement& agreement : review.agreements)
        for (const ReviewedPoint& point : agreement.points)
            for (const ReviewedField& field : point.fields)
                if (field.required) return true;
    return false;
}

// The reason why the whole cannot be called complete; nullopt: it can.
std::optional<Refusal> against_approval(const Review& review) {
    if (!has_required_fields(review))
        return refusal(Kind::NotAllowed, Message("refusal.nothing_judged"));
    if (review.open > 0)
        return refusal(Kind::NotAllowed, Message("refusal.still_open", {{"count", review.open}}));
    return std::nullopt;
}

bool is_blank(const std::string& text) {
    return text.find_first_not_of(" \r\n\t") == std::string::npos;
}

std::optional<Refusal> against_letter(const std::string& letter) {
    if (is_blank(letter)) return refusal(Kind::NotAllowed, Message("refusal.letter_empty"));
    if (letter.size() > kMostLetterBytes)
        return refusal(Kind::NotAllowed, Message("refusal.letter_too_long"));
    return std::nullopt;
}

// What the case needs. The reason is kept as the new value.
Judged on_frame(const Review& review, const DecisionRequest& request, Decision decision) {
    if (is_blank(request.value))
        return refusal(Kind::NotAllowed, Message("refusal.reason_lacking"));
    if (request.value.size() > kMostReasonBytes)
        return refusal(Kind::NotAllowed, Message("refusal.reason_too_long"));
    decision.new_verdict = to_string(request.action);
    decision.new_value = request.value;
    if (request.action == Action::NoPersonalData)
        return review.no_personal_data
                   ? Judged(refusal(Kind::NotAllowed, Message("refusal.said_already")))
                   : Judged(std::move(decision));
    const ReviewedAgreement* agreement = review.agreement(request.place.form);
    if (!agreement) return refusal(Kind::NotThere, Message("refusal.no_such_agreement"));
    if (agreement->required)
        return refusal(Kind::NotAllowed,
                       Message("refusal.agreement_required", {{"title", agreement->title}}));
    if (agreement->set_aside) return refusal(Kind::NotAllowed, Message("refusal.said_already"));
    decision.place = {request.place.form, "", ""};
    return decision;
}

Judged on_whole(const OpenCase& open, const Review& review, const DecisionRequest& request,
                Decision decision) {
    decision.old_verdict = open.line.status;
    decision.found_verdict = open.line.verdict;
    switch (request.action) {
        case Action::Approve:
            if (auto against = against_approval(review)) return *against;
            decision.new_verdict = kComplete;
            return decision;
        case Action::Request:
            if (auto against = against_letter(request.letter)) return *against;
            if (!request.answer_by.empty() && !is_iso_day(request.answer_by))
                return refusal(Kind::NotAllowed, Message("refusal.bad_date"));
            decision.new_verdict = kToBeCompleted;
            return decision;
        case Action::Close: decision.new_verdict = kClosed; return decision;
        case Action::Reopen: decision.new_verdict = kInReview; return decision;
        default: return refusal(Kind::NotThere, Message("refusal.no_decision_on_a_case"));
    }
}

Judged undo(const OpenCase& open, const CaseStates& states, Decision decision) {
    const Decision* last = last_decision(open);
    if (!last || last->action == Action::Reopen)
        return refusal(Kind::NotAllowed, Message("refusal.nothing_to_undo"));
    // A case that went on since is opened again, which everybody sees.
    const bool went_on = is_of_the_whole(last->action) ? open.line.status != last->new_verdict
                                                       : !states.is_open(open.line.status);
    if (went_on) return refusal(Kind::Conflict, Message("refusal.went_on"));
    decision.place = last->place;
    decision.finding = last->finding;
    decision.old_verdict = last->new_verdict;
    decision.new_verdict = last->old_verdict;
    decision.found_verdict = last->found_verdict;
    decision.old_value = last->new_value;
    decision.new_value = last->old_value;
    decision.undoes = last->key;
    return decision;
}

std::optional<Refusal> against_status(const OpenCase& open, const DecisionRequest& request,
                                      const CaseStates& states) {
    if (open.purged) return refusal(Kind::Conflict, Message("refusal.purged"));
    if (open.report == 0) return refusal(Kind::Conflict, Message("refusal.not_checked_yet"));
    if (request.action == Action::Undo) return std::nullopt;
    const bool allowed = is_of_the_whole(request.action)
                             ? states.after(to_string(request.action), open.line.status).has_value()
                             : states.is_open(open.line.status);
    if (allowed) return std::nullopt;
    return refusal(Kind::Conflict, states.is_open(open.line.status)
                                       ? Message("refusal.open_already")
                                       : Message("refusal.decided_already"));
}

}  // namespace

bool may_accept(const ReviewedField& field) {
    if (field.kind == FieldKind::Signature) return true;
    return is_strict(field.kind) ? rules::check_written(field.kind, field.value, {}).valid
                                 : !field.value.empty();
}

Refusal changed_since() { return {Kind::Conflict, Message("refusal.changed_since")}; }

Refusal claimed_by_another(const OpenCase& open) {
    if (open.line.claimed_by.empty()) return {Kind::Conflict, Message("refusal.claimed")};
    return {Kind::Conflict, Message("refusal.claimed_by", {{"officer", open.line.claimed_by}})};
}

Judged judge_request(const OpenCase& open, const DecisionContext& context,
                     const DecisionRequest& request) {
    if (request.revision != open.revision) return changed_since();
    if (auto against = against_status(open, request, context.states)) return *against;
    Decision decision;
    decision.action = request.action;
    decision.officer = request.officer;
    if (request.action == Action::Undo) return undo(open, context.states, std::move(decision));
    const Review review = review_of(open, context.forms);
    if (request.finding) return on_finding(review, request, std::move(decision));
    if (request.action == Action::SetAside || request.action == Action::NoPersonalData)
        return on_frame(review, request, std::move(decision));
    if (!request.place.empty()) return on_field(review, context, request, std::move(decision));
    return on_whole(open, review, request, std::move(decision));
}

}  // namespace avtalskoll::app
