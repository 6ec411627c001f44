#include <fmt/format.h>

#include <algorithm>

#include "app/review/case_rules.h"
#include "app/review/decision_policy.h"
#include "app/store/case_store.h"
#include "app/store/work_store.h"
#include "app/web/deciding.h"
#include "app/web/layout.h"
#include "app/web/pages/case_section.h"
#include "app/web/pages/pages.h"
#include "app/web/visit.h"
#include "app/web/words.h"
#include "pipeline/reports/verdict_messages.h"

namespace avtalskoll::app::web {
namespace {

constexpr int kMostHistory = 200;
constexpr const char* kHolds = "decided";  // the badge of a case that a person decided on

BoxShare turned(const BoxShare& b, int rotation) {
    switch (rotation) {
        case 90: return {1 - b.y - b.h, b.x, b.h, b.w};
        case 180: return {1 - b.x - b.w, 1 - b.y - b.h, b.w, b.h};
        case 270: return {b.y, 1 - b.x - b.w, b.h, b.w};
        default: return b;
    }
}

// The decision on a field that is in force.
Message decided_message(const Decision& d) {
    const bool has_changed =
        d.action == Action::Correct && d.old_value && d.old_value != d.new_value;
    if (has_changed)
        return Message(
            "review_page.decided_with_value",
            {{"officer", d.officer}, {"time", local_time(d.at)}, {"value", *d.old_value}});
    return Message(std::string("review_page.decided_") + to_string(d.action),
                   {{"officer", d.officer}, {"time", local_time(d.at)}});
}

// A verdict, and the value that it was given for.
Message verdict_with_value(const Message& verdict, const std::string& value) {
    if (value.empty()) return verdict;
    return Message("review_page.verdict_with_value", {{"verdict", verdict}, {"value", value}});
}

// Builds the page's data. Numbers on the page: f1… fields, b1… their places, i1… findings, s1…
// scanned pages.
class ReviewPage {
public:
    ReviewPage(const Visit& visit, const OpenCase& open)
        : visit_(visit),
          open_(open),
          review_(review_of(open, *visit.forms)),
          is_open_(visit.services.rules.states.is_open(open.line.status)),
          by_other_(!open.line.claimed_by.empty() && open.line.claimed_by != visit.who.name),
          may_decide_(visit.may_decide() && is_open_ && !by_other_) {}

    Response response(int status, const std::string& notice, const std::string& notice_kind) {
        const Case& line = open_.line;
        Data data = page_data(&visit_.who, line.organisation.empty() ? line.id : line.organisation);
        data.set("id", line.id);
        data.set("base", case_path(line.id));
        data.set("revision", open_.revision);
        data.set("name", line.organisation.empty() ? line.id : line.organisation);
        data.set("detail", visit_.say(Message("review_page.detail",
                                              {{"id", line.shown_number()},
                                               {"number", line.organisation_number},
                                               {"time", local_time(line.received_at)}})));
        // Once a person has decided, that is what holds.
        const bool holds = !is_open_ && !line.decided_at.empty();
        data.set("badge", holds ? std::string(kHolds) : line.verdict);
        data.set("badge_text",
                 visit_.say(holds ? status_message(line.status) : verdict_message(line.verdict)));
        data.set("status", visit_.say(status_message(line.status)));
        data.set("notice", if_any(notice));
        data.set("notice_kind", notice_kind);
        set_claim(data);
        Data findings = list(), agreements = list();
        for (const ReviewedFinding& finding : review_.findings)
            findings.push_back(finding_data(finding));
        for (const ReviewedAgreement& agreement : review_.agreements)
            if (agreement.required || agreement.present || agreement.needs_personal_data)
                agreements.push_back(agreement_data(agreement));
        data.set("has_findings", flag(!review_.findings.empty()));
        data.set("findings", findings);
        data.set("agreements", agreements);
        set_whole(data);
        set_case_section(data, visit_, open_, review_);
        set_files(data);
        set_pages(data);
        return html("review", data, status);
    }

private:
    void set_claim(Data& data) const {
        const Case& line = open_.line;
        data.set("claimed_by_other", by_other_ ? Data(line.claimed_by) : flag(false));
        data.set("claimed_at", local_time(line.claimed_at));
        data.set("claimed_by_me", flag(line.claimed_by == visit_.who.name));
        data.set("may_claim", flag(visit_.may_decide() && is_open_ && line.claimed_by.empty()));
    }

    static const char* state_of(const ReviewedFinding& finding) {
        if (!finding.in_order()) return to_string(finding.severity);
        return finding.decision ? "ok" : "info";
    }

    Data finding_data(const ReviewedFinding& finding) {
        Data d;
        d.set("n", std::to_string(++findings_));
        d.set("state", state_of(finding));
        d.set("open", flag(!finding.in_order()));
        d.set("severity", to_string(finding.severity));
        d.set("severity_text", visit_.say(pipeline::message_for(finding.severity)));
        d.set("message", finding.message.empty() ? visit_.say(finding_message(
                                                       finding.place.code, visit_.services.texts))
                                                 : finding.message);
        d.set("place", to_string(finding.place));
        d.set("decided", finding.decision ? Data(fmt::format("{} {}", finding.decision->officer,
                                                             local_time(finding.decision->at)))
                                          : flag(false));
        d.set("can_accept", flag(may_decide_ && !finding.in_order()));
        return d;
    }

    Data agreement_data(const ReviewedAgreement& agreement) {
        Data d, points = list();
        d.set("title", agreement.title.empty() ? agreement.form : agreement.title);
        d.set("version",
              agreement.version.empty()
                  ? ""
                  : visit_.say(Message("review_page.version", {{"version", agreement.version}})));
        d.set("note", agreement.counts() ? if_any(visit_.say(note_on(agreement))) : flag(false));
        set_frame(d, visit_, review_, agreement, may_decide_);
        for (const ReviewedPoint& point : agreement.points) {
            Data p, fields = list();
            p.set("point", point.point);
            p.set("heading", heading_of(point));
            for (const ReviewedField& field : point.fields) fields.push_back(field_data(field));
            p.set("fields", fields);
            points.push_back(p);
        }
        d.set("points", points);
        return d;
    }

    std::string heading_of(const ReviewedPoint& point) const {
        if (point.title.empty())
            return visit_.say(Message("review_page.point_untitled", {{"point", point.point}}));
        return visit_.say(
            Message("review_page.point", {{"point", point.point}, {"title", point.title}}));
    }

    static Message note_on(const ReviewedAgreement& agreement) {
        if (!agreement.missing_pages.empty())
            return Message(
                "review_page.pages_missing",
                {{"pages", fmt::format("{}", fmt::join(agreement.missing_pages, ", "))}});
        return agreement.present ? Message() : Message("review_page.agreement_absent");
    }

    Data field_data(const ReviewedField& field) {
        const bool is_open = field.required && !field.in_order();
        const std::string n = std::to_string(++fields_);
        Data d;
        d.set("n", n);
        d.set("form", field.place.form);
        d.set("field", field.place.field);
        d.set("label", field.label);
        d.set("state", to_string(field.verdict));
        d.set("state_text", visit_.say(pipeline::message_for(field.verdict)));
        d.set("machine",
              field.decision
                  ? Data(visit_.say(Message("review_page.machine",
                                            {{"verdict", pipeline::message_for(field.found)}})))
                  : flag(false));
        d.set("open", flag(is_open));
        d.set("value", if_any(field.value));
        d.set("input", field.value);
        d.set("message", field.decision ? flag(false) : if_any(field.message));
        d.set("difference",
              field.machine_changed ? Data(visit_.say(difference(field))) : flag(false));
        d.set("decided",
              field.decision ? Data(visit_.say(decided_message(*field.decision))) : flag(false));
        const bool shown = field.evidence && !open_.purged;
        d.set("box", flag(shown));
        d.set("crop", shown ? Data(fmt::format("{}/utsnitt/{}/{}/{}", case_path(open_.line.id),
                                               percent_encoded(field.place.form),
                                               percent_encoded(field.place.point),
                                               percent_encoded(field.place.field)))
                            : flag(false));
        d.set("can_decide", flag(may_decide_));
        d.set("folded", flag(!is_open));
        d.set("is_signature", flag(field.kind == FieldKind::Signature));
        d.set("is_value", flag(field.kind != FieldKind::Signature));
        d.set("can_accept", flag(!field.in_order() && may_accept(field)));
        if (shown) places_.push_back({&field, n});
        return d;
    }

    static Message difference(const ReviewedField& field) {
        const auto before = parse_field_verdict(field.decision->found_verdict);
        const Message now = pipeline::message_for(field.found),
                      then = before ? pipeline::message_for(*before)
                                    : Message::as_written(field.decision->found_verdict);
        return Message(
            "review_page.difference",
            {{"now", verdict_with_value(now, field.found_value)},
             {"before", verdict_with_value(then, field.decision->found_value.value_or(""))}});
    }

    void set_whole(Data& data) const {
        data.set("open_text", visit_.say(review_.open == 0 ? Message("review_page.all_decided")
                                                           : Message("review_page.still_open",
                                                                     {{"count", review_.open}})));
        data.set("can_close", flag(may_decide_));
        data.set("can_approve", flag(review_.open == 0));
        const bool can_reopen =
            visit_.services.rules.states.after(to_string(Action::Reopen), open_.line.status)
                .has_value();
        data.set("can_reopen", flag(visit_.may_decide() && can_reopen && !open_.purged));
        const Decision* last = last_decision(open_);
        const bool can_undo = last && last->action != Action::Reopen && visit_.may_decide() &&
                              !by_other_ && !open_.purged;
        data.set("undo", can_undo ? Data(what_of(*last)) : flag(false));
        const std::string next = visit_.services.cases.next_open(open_.line.id, visit_.who.name);
        data.set("next_open", next.empty() ? flag(false) : Data(case_path(next)));
    }

    std::string what_of(const Decision& d) const {
        if (const ReviewedField* field = review_.field(d.place))
            return fmt::format("{} {} {}", d.place.point, field->label,
                               visit_.say(action_message(d.action)));
        return visit_.say(action_message(d.action));
    }

    void set_files(Data& data) const {
        Data files = list(), letters = list(), history = list();
        for (std::size_t i = 0; i < open_.submission.files.size(); ++i) {
            Data d;
            d.set("name", open_.submission.files[i].name);
            d.set("href", visit_.may_decide() && !open_.purged
                              ? Data(fmt::format("{}/original/{}", case_path(open_.line.id), i + 1))
                              : flag(false));
            files.push_back(d);
        }
        set_earlier(data);
        for (const Letter& letter : open_.letters) {
            Data d;
            d.set("href", fmt::format("{}/brev/{}", case_path(open_.line.id), letter.decision));
            d.set("at", local_time(letter.at));
            d.set("officer", letter.officer);
            letters.push_back(d);
        }
        for (const AuditLine& line : visit_.services.cases.log(open_.line.key, kMostHistory)) {
            Data d;
            d.set("at", local_time(line.at));
            d.set("who", line.actor);
            d.set("what",
                  visit_.say(event_message(line.event, *visit_.forms, visit_.services.texts)));
            history.push_back(d);
        }
        data.set("files", files);
        data.set("has_letters", flag(!open_.letters.empty()));
        data.set("letters", letters);
        data.set("history", history);
    }

    // The files that were there before others came, and reports that no longer count.
    void set_earlier(Data& data) const {
        Data earlier_list = list(), set_aside = list();
        const auto report_href = [&](std::int64_t report) {
            return visit_.may_decide() && report != 0 && !open_.purged
                       ? Data(fmt::format("{}/rapport/{}", case_path(open_.line.id), report))
                       : flag(false);
        };
        for (const EarlierContent& earlier : open_.earlier) {
            Data d, files = list();
            d.set("when", visit_.say(Message("review_page.period",
                                             {{"from", local_time(earlier.received)},
                                              {"until", local_time(earlier.replaced)}})));
            d.set("verdict", visit_.say(earlier.report == 0 ? Message("review_page.not_checked")
                                                            : verdict_message(earlier.verdict)));
            d.set("purged", flag(earlier.purged));
            d.set("report", earlier.purged ? flag(false) : report_href(earlier.report));
            for (std::size_t i = 0; i < earlier.files.size(); ++i) {
                Data f;
                std::error_code gone;
                const bool is_there = !earlier.purged &&
                                      std::filesystem::is_regular_file(earlier.files[i].path, gone);
                f.set("name", earlier.files[i].name);
                f.set("href", visit_.may_decide() && is_there
                                  ? Data(fmt::format("{}/tidigare/{}/{}", case_path(open_.line.id),
                                                     earlier.key, i + 1))
                                  : flag(false));
                files.push_back(f);
            }
            d.set("files", files);
            earlier_list.push_back(d);
        }
        for (const SetAsideReport& report : open_.set_aside) {
            Data d;
            d.set("made", local_time(report.made));
            d.set("verdict", visit_.say(verdict_message(report.verdict)));
            d.set("report", report_href(report.report));
            set_aside.push_back(d);
        }
        data.set("has_earlier", flag(!open_.earlier.empty()));
        data.set("earlier", earlier_list);
        data.set("has_set_aside", flag(!open_.set_aside.empty()));
        data.set("set_aside", set_aside);
    }

    void set_pages(Data& data) const {
        Data pages = list();
        int n = 0;
        for (const ReviewedPage& page : review_.pages) {
            if (open_.purged) break;
            Data d;
            ++n;
            d.set("n", std::to_string(n));
            d.set("short", visit_.say(short_name_of(page, n)));
            d.set("caption", visit_.say(caption_of(page, n)));
            d.set("src", fmt::format("{}/sida/{}/{}", case_path(open_.line.id), page.file_index + 1,
                                     page.page));
            d.set("boxes", boxes_on(page));
            pages.push_back(d);
        }
        Message no_pages;
        if (review_.pages.empty()) no_pages = Message("review_page.no_pages");
        if (open_.purged) no_pages = Message("review_page.purged");
        data.set("no_pages", if_any(visit_.say(no_pages)));
        data.set("pages", pages);
    }

    static Message short_name_of(const ReviewedPage& page, int n) {
        if (page.form.empty()) return Message("review_page.other_page_short", {{"n", n}});
        return Message("review_page.page_short",
                       {{"n", n}, {"form", page.form}, {"page", page.form_page}});
    }

    static Message caption_of(const ReviewedPage& page, int n) {
        if (page.is_replaced)
            return Message("review_page.replaced_caption",
                           {{"n", n}, {"file", page.file_index + 1}, {"page", page.page}});
        const Message what = page.form_title.empty()
                                 ? Message("review_page.other_page")
                                 : Message("review_page.form_page",
                                           {{"title", page.form_title}, {"page", page.form_page}});
        return Message(
            "review_page.page_caption",
            {{"n", n}, {"what", what}, {"file", page.file_index + 1}, {"page", page.page}});
    }

    Data boxes_on(const ReviewedPage& page) const {
        Data boxes = list();
        for (const auto& [field, number] : places_) {
            if (field->evidence->file != page.file || field->evidence->page != page.page) continue;
            const BoxShare box = turned(field->evidence->box, page.rotation);
            Data b;
            b.set("n", number);
            b.set("state", to_string(field->verdict));
            b.set("label", fmt::format("{} {}: {}", field->place.point, field->label,
                                       visit_.say(pipeline::message_for(field->verdict))));
            for (const auto& [name, value] : {std::pair("x", box.x), std::pair("y", box.y),
                                              std::pair("w", box.w), std::pair("h", box.h)})
                b.set(name, fmt::format("{:.4f}", value));
            boxes.push_back(b);
        }
        return boxes;
    }

    struct PlaceOnPage {
        const ReviewedField* field;
        std::string number;
    };

    const Visit& visit_;
    const OpenCase& open_;
    const Review review_;
    const bool is_open_, by_other_, may_decide_;
    int fields_ = 0, findings_ = 0;
    std::vector<PlaceOnPage> places_;
};

Response waiting_page(const Visit& visit, const OpenCase& open) {
    Data data = page_data(&visit.who, open.line.id);
    data.set("id", open.line.id);
    data.set("base", case_path(open.line.id));
    const std::vector<DeadLetter> dead = visit.services.work.dead_letters();
    const bool is_given_up = std::ranges::any_of(
        dead, [&](const DeadLetter& letter) { return letter.id == open.line.id; });
    data.set("given_up", flag(is_given_up));
    data.set("being_checked", flag(!is_given_up));
    return html("waiting", data);
}

Response shown(const Visit& visit, const OpenCase& open, int status = 200,
               const Message& notice = {}, const std::string& kind = "bad") {
    return ReviewPage(visit, open).response(status, visit.say(notice), kind);
}

}  // namespace

Response after_on_case(const Visit& visit, const std::optional<Refusal>& refusal) {
    const auto now = visit.services.cases.open(visit.argument(0));
    if (!now) return no_such_case(visit);
    if (refusal && now->report == 0)
        return message_page(audience_of(visit), status_of(refusal->kind), refusal->message);
    if (refusal)
        return shown(visit, *now, status_of(refusal->kind), refusal->message,
                     refusal->kind == Refusal::Kind::Conflict ? "warn" : "bad");
    const std::string n = visit.request.body_file.empty() ? visit.request.form()["n"] : "";
    const bool is_anchor = !n.empty() && n.find_first_not_of("fi0123456789") == std::string::npos;
    return see_other(case_path(visit.argument(0)) + (is_anchor ? "#" + n : ""));
}

Response review_page(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_such_case(visit);
    if (open->report == 0 && !open->purged) return waiting_page(visit, *open);
    return shown(visit, *open);
}

Response decide_on_case(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_such_case(visit);
    auto form = visit.request.form();
    const auto action = parse_action(form["beslut"]);
    if (!action || *action == Action::Request || *action == Action::Undo)
        return message_page(audience_of(visit), 400, Message("refusal.not_understood"));
    const DecisionRequest request{*action,
                                  visit.who.name,
                                  form["revision"],
                                  {form["avtal"], form["punkt"], form["falt"]},
                                  finding_asked(form["iakttagelse"]),
                                  form["varde"]};
    return after_on_case(visit, decide(visit, *open, request));
}

Response undo_decision(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_such_case(visit);
    DecisionRequest request;
    request.action = Action::Undo;
    request.officer = visit.who.name;
    request.revision = visit.request.form()["revision"];
    return after_on_case(visit, decide(visit, *open, request));
}

namespace {

Response claimed(const Visit& visit, bool take_over) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_such_case(visit);
    if (visit.services.cases.claim(*open, visit.who.name, take_over) == Outcome::Claimed)
        return after_on_case(visit,
                             Refusal{Refusal::Kind::Conflict, Message("refusal.claimed_just_now")});
    return after_on_case(visit, std::nullopt);
}

}  // namespace

Response claim_case(const Visit& visit) { return claimed(visit, false); }
Response take_over_case(const Visit& visit) { return claimed(visit, true); }

Response release_case(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_such_case(visit);
    visit.services.cases.release_claim(*open, visit.who.name);
    return see_other("/");
}

}  // namespace avtalskoll::app::web
