#include "app/cli/case_command.h"

#include <fmt/format.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "app/cli/options.h"
#include "app/review/approved.h"
#include "app/review/case_policy.h"
#include "app/review/case_rules.h"
#include "app/review/contacts.h"
#include "app/review/letter.h"
#include "app/service/data_dir.h"
#include "app/store/case_store.h"
#include "app/store/mail_store.h"
#include "app/store/sql_database.h"
#include "app/store/store.h"
#include "app/store/utc_time.h"
#include "models/error.h"
#include "models/text.h"
#include "pipeline/forms/form_registry.h"
#include "pipeline/intake.h"
#include "pipeline/reports/report_json.h"

namespace avtalskoll::app {
namespace {

constexpr int kAtOnce = 500;

nlohmann::ordered_json json_of(const Case& c) {
    return {{"id", c.id},
            {"number", c.number},
            {"state", c.status},
            {"verdict", c.verdict},
            {"organisation", c.organisation},
            {"organisation_number", c.organisation_number},
            {"received", c.received_at},
            {"answer_by", c.answer_by},
            {"officer", c.claimed_by}};
}

std::string csv_line(const Case& c) {
    std::string line;
    for (const std::string* cell : {&c.id, &c.number, &c.status, &c.verdict, &c.organisation,
                                    &c.organisation_number, &c.received_at, &c.answer_by})
        line += (line.empty() ? "" : ";") + pipeline::csv_cell(*cell);
    return line + "\r\n";
}

void print_case(const Case& c, OutputFormat format) {
    switch (format) {
        case OutputFormat::Json: return print_out(json_of(c).dump() + "\n");
        case OutputFormat::Csv: return print_out(csv_line(c));
        case OutputFormat::Text: break;
    }
    print_out(fmt::format("{}  {:<16}  {}{}{}{}\n", c.received_at, c.status, c.shown_number(),
                          c.organisation.empty() ? "" : "  " + c.organisation,
                          c.answer_by.empty() ? "" : "  answer by " + c.answer_by,
                          c.claimed_by.empty() ? "" : "  " + c.claimed_by));
}

// Prints all that a query finds; gives how many.
std::int64_t print_found(CaseStore& cases, CaseQuery query, OutputFormat format) {
    std::int64_t found = 0;
    query.per_page = kAtOnce;
    if (format == OutputFormat::Csv)
        print_out(
            "\xEF\xBB\xBFid;number;state;verdict;organisation;organisation_number;received;"
            "answer_by\r\n");
    for (bool more = true; more; ++query.page) {
        const CasePage page = cases.find(query);
        more = static_cast<int>(page.cases.size()) == kAtOnce;
        found += static_cast<std::int64_t>(page.cases.size());
        for (const Case& c : page.cases) print_case(c, format);
    }
    return found;
}

template <class Options>
OpenCase case_named(CaseStore& cases, const Options& options) {
    const std::string id = cases.id_of(options.name);
    auto open = id.empty() ? std::nullopt : cases.open(id);
    if (!open)
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: holds no case '{}' (see 'avtalskoll cases list')",
                                options.store.shown(), options.name));
    return std::move(*open);
}

using Judge = std::function<JudgedEvent(const OpenCase&)>;

// Judges an event and writes it under the name of who runs the program.
int add_to_case(const CasesOptions& options, const Judge& judge) {
    const auto cases = open_case_store(options.store, 1);
    const OpenCase open = case_named(*cases, options);
    const JudgedEvent judged = judge(open);
    if (const auto* refusal = std::get_if<Refusal>(&judged))
        throw Error(ErrorKind::BadInput, refusal->message);
    const auto& event = std::get<CaseEventDetail>(judged);
    switch (cases->add(open, event, user_name())) {
        case Outcome::Done: return 0;
        case Outcome::Changed: throw Error(ErrorKind::BadInput, changed_since().message);
        case Outcome::Claimed: throw Error(ErrorKind::BadInput, claimed_by_another(open).message);
        case Outcome::NumberTaken: break;
    }
    throw Error(ErrorKind::BadInput, Message("refusal.number_taken", {{"number", options.number}}));
}

void print_events(const OpenCase& open) {
    for (const CaseEvent& event : open.events) {
        const auto* moved = event.detail ? std::get_if<CaseMoved>(&*event.detail) : nullptr;
        print_out(fmt::format("  {}  {}  {}{}\n", event.at, event.officer, event.kind,
                              moved ? ": " + moved->move : ""));
    }
}

}  // namespace

int run_cases_list(const CasesOptions& options) {
    const auto cases = open_case_store(options.store, 1);
    CaseQuery query;
    query.status = options.state;
    query.text = options.text;
    print_found(*cases, query, options.format);
    return 0;
}

int run_cases_show(const CasesOptions& options) {
    const auto cases = open_case_store(options.store, 1);
    const OpenCase open = case_named(*cases, options);
    print_case(open.line, options.format);
    if (options.format != OutputFormat::Text) return 0;
    print_out("\nFiles\n");
    for (const SubmittedFile& file : open.submission.files)
        print_out(fmt::format("  hand-in {}  {}\n", file.hand_in, file.name));
    print_out("\nEvents\n");
    print_events(open);
    return 0;
}

int run_cases_due(const CasesOptions& options) {
    const auto cases = open_case_store(options.store, 1);
    CaseQuery query;
    query.due_before = local_day(options.days);
    return print_found(*cases, query, options.format) > 0 ? 1 : 0;
}

int run_cases_add(const CasesOptions& options) {
    const auto cases = open_case_store(options.store, 1);
    const OpenCase open = case_named(*cases, options);
    pipeline::IntakeOptions intake;
    intake.own = options.store.own_files();
    Submission added;
    for (const Submission& found : pipeline::find_submissions(options.files, intake)) {
        added.files.insert(added.files.end(), found.files.begin(), found.files.end());
        added.ignored.insert(added.ignored.end(), found.ignored.begin(), found.ignored.end());
    }
    if (added.files.empty())
        throw Error(ErrorKind::BadInput, "no PDF and no picture of a page among the files");
    added.id = open.line.id;
    const Received received = open_store(options.store, false)->complete(added, "");
    print_out(received.receipt == Receipt::Known
                  ? "these files are in the case already\n"
                  : fmt::format("{} added; the case is checked again by 'serve', 'watch' or "
                                "'worker'\n",
                                counted(added.files.size(), "file")));
    return 0;
}

int run_cases_move(const CasesOptions& options) {
    const CaseRules rules = load_case_rules(data_dir());
    return add_to_case(options, [&](const OpenCase& open) {
        return judge_move(open, rules.states, options.move, options.reason);
    });
}

int run_cases_number(const CasesOptions& options) {
    return add_to_case(options, [&](const OpenCase&) { return judge_number(options.number); });
}

int run_cases_note(const CasesOptions& options) {
    return add_to_case(options, [&](const OpenCase&) { return judge_note(options.text); });
}

int run_cases_remind(const CasesOptions& options) {
    const CaseRules rules = load_case_rules(data_dir());
    const FormSet forms =
        pipeline::load_forms(options.forms.empty() ? data_dir() / "forms" : options.forms);
    const auto cases = open_case_store(options.store, 1);
    const OpenCase open = case_named(*cases, options);
    if (open.line.status != kToBeCompleted)
        throw Error(ErrorKind::BadInput,
                    fmt::format("no answer is awaited in case '{}'", options.name));
    const std::vector<CasePerson> contacts = contacts_of(review_of(open, forms));
    LetterFrame frame = frame_of(open.line, contacts.empty() ? CasePerson() : contacts.front());
    frame.authority = options.authority;
    frame.answer_by = open.line.answer_by;
    const bool overdue = !open.line.answer_by.empty() && open.line.answer_by < local_day();
    const std::string text = draft_reminder(frame, overdue, rules.letters);
    if (!options.send) {
        print_out(text);
        return 0;
    }
    if (contacts.empty())
        throw Error(ErrorKind::BadInput, "the case has no contact person that was accepted");
    const Mail mail = new_mail(MailKind::Reminder, options.mail_from, contacts.front().email, text);
    if (!open_mail_store(options.store, 1)->add(open.line.key, mail, user_name()))
        throw Error(ErrorKind::BadInput, changed_since().message);
    return 0;
}

int run_countersign(const CountersignOptions& options) {
    const Checker checker(options.checker, stop_on_signals());
    const auto cases = open_case_store(options.store, 1);
    const OpenCase open = case_named(*cases, options);
    if (open.report == 0 || open.purged ||
        !load_case_rules(data_dir()).states.after(kMoveCountersign, open.line.status))
        throw Error(ErrorKind::BadInput,
                    fmt::format("case '{}' is {}: no copy is awaited", options.name,
                                open.purged ? "purged" : open.line.status));
    Submission copy;
    copy.id = open.line.id;
    copy.files = {{options.copy.filename().string(), options.copy}};
    const CountersignedResult result =
        checker.compare(approved_agreements(open, review_of(open, checker.forms())), copy);
    const CopyCompared compared = compared_copy(open, copy.files.front(), result, checker.texts());
    if (cases->add_copy(open, compared, options.copy, user_name()) != Outcome::Done)
        throw Error(ErrorKind::BadInput, changed_since().message);
    print_out(fmt::format("{}\n", to_string(compared.verdict)));
    for (const std::string& remark : compared.remarks) print_out("  " + remark + "\n");
    for (const CopySheet& sheet : compared.sheets)
        print_out(
            fmt::format("  {}, {}: {}\n", sheet.approved_file, sheet.approved_page, sheet.text));
    return compared.verdict == CountersignedVerdict::Agrees ? 0 : 1;
}

namespace {

void add_cases_format(CLI::App* to, OutputFormat& format) {
    to->add_option("--format", format, "What goes to standard output")
        ->transform(one_of(std::map<std::string, OutputFormat>{{"text", OutputFormat::Text},
                                                               {"json", OutputFormat::Json},
                                                               {"csv", OutputFormat::Csv}}))
        ->type_name("text|json|csv");
}

void add_looking(CLI::App* cases, Work& work, const std::shared_ptr<CasesOptions>& options) {
    CLI::App* list = cases->add_subcommand("list", "A line for each case, oldest first");
    list->add_option("--state", options->state, "Only those in this state")->type_name("STATE");
    list->add_option("--text", options->text, "Only those with this in id, number or organisation")
        ->type_name("TEXT");
    CLI::App* show = cases->add_subcommand("show", "One case: its state, files and events");
    CLI::App* due = cases->add_subcommand(
        "due", "Cases whose answer was expected before today (exit status 1 when there are any)");
    due->add_option("--days", options->days, "... or is expected within N days")
        ->check(CLI::Range(0, 3650))
        ->type_name("N");
    for (CLI::App* command : {list, show, due}) {
        add_store(command, options->store, true);
        add_cases_format(command, options->format);
    }
    show->add_option("CASE", options->name, "The case's id or number")->required();
    when_given(list, work, run_cases_list, options);
    when_given(show, work, run_cases_show, options);
    when_given(due, work, run_cases_due, options);
}

void add_changing(CLI::App* cases, Work& work, const std::shared_ptr<CasesOptions>& options) {
    CLI::App* add = cases->add_subcommand(
        "add", "Hand files in to a case: their pages take the place of the earlier ones");
    CLI::App* move = cases->add_subcommand("move", "Move a case to another state");
    CLI::App* number = cases->add_subcommand("number", "Give a case the authority's own number");
    CLI::App* note = cases->add_subcommand("note", "Write a note on a case");
    for (CLI::App* command : {add, move, number, note}) {
        add_store(command, options->store, true);
        command->add_option("CASE", options->name, "The case's id or number")->required();
    }
    add->add_option("FILE", options->files, "PDFs or pictures of pages")->required();
    move->add_option("MOVE", options->move, "As data/cases/states.yaml names it")->required();
    move->add_option("--reason", options->reason, "Why, for the case's history")->type_name("TEXT");
    number->add_option("NUMBER", options->number, "Such as 2026/123; '' takes it away")->required();
    note->add_option("TEXT", options->text, "The note")->required();
    CLI::App* remind =
        cases->add_subcommand("remind", "Draft a reminder of a request for completion");
    add_store(remind, options->store, true);
    remind->add_option("CASE", options->name, "The case's id or number")->required();
    CLI::Option* from =
        remind->add_option("--mail-from", options->mail_from, "Address that mail comes from")
            ->type_name("ADDRESS");
    remind->add_flag("--send", options->send, "Send it, too: 'serve' or 'mail send' hands it over")
        ->needs(from);
    remind->add_option("--authority", options->authority, "Name of the authority")
        ->type_name("NAME");
    add_forms(remind, options->forms);
    when_given(remind, work, run_cases_remind, options);
    when_given(add, work, run_cases_add, options);
    when_given(move, work, run_cases_move, options);
    when_given(number, work, run_cases_number, options);
    when_given(note, work, run_cases_note, options);
}

}  // namespace

void add_countersign(CLI::App& program, Work& work) {
    const auto options = std::make_shared<CountersignOptions>();
    CLI::App* countersign = program.add_subcommand(
        "countersign", "Compare a counter-signed copy with the agreement that was approved");
    countersign->footer(
        "Every page is compared with the approved one: a changed value, another page, a lacking or "
        "an added one, and signatures of both parties.\n"
        "The copy is kept with the case; 'cases move CASE countersign' goes on when it agrees.\n\n"
        "Exit status: 0 it is the approved agreement, 1 it is not, or not surely.\n\n"
        "Example:\n"
        "  avtalskoll countersign 2026/123 signed.pdf --store store.db");
    add_store(countersign, options->store, true);
    countersign->add_option("CASE", options->name, "The case's id or number")->required();
    countersign->add_option("FILE", options->copy, "The copy")
        ->required()
        ->check(CLI::ExistingFile);
    add_engine(countersign, options->checker);
    when_given(countersign, work, run_countersign, options);
}

void add_cases(CLI::App& program, Work& work) {
    const auto options = std::make_shared<CasesOptions>();
    CLI::App* cases =
        program.add_subcommand("cases", "The cases: list them, add files, move them on");
    cases->require_subcommand(1);
    cases->footer(
        "Examples:\n"
        "  avtalskoll cases due --days 7 --store store.db\n"
        "  avtalskoll cases number s1 2026/123 --store store.db\n"
        "  avtalskoll cases add 2026/123 sida3.pdf --store store.db\n"
        "  avtalskoll cases move 2026/123 hand_over --store store.db");
    add_looking(cases, work, options);
    add_changing(cases, work, options);
}

}  // namespace avtalskoll::app
