// The registered forms and their editor: a blank is uploaded, its draft corrected over its pages,
// tried on a scan, and registered.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>
#include <variant>

#include "app/service/form_workshop.h"
#include "app/store/case_store.h"
#include "app/web/form_json.h"
#include "app/web/layout.h"
#include "app/web/page_pictures.h"
#include "app/web/pages/pages.h"
#include "app/web/uploaded.h"
#include "models/error.h"
#include "pipeline/forms/form_faults.h"
#include "pipeline/intake.h"
#include "pipeline/reports/verdict_messages.h"

namespace avtalskoll::app::web {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMostDefinition = 4u << 20;  // bytes; the largest blanks have a tenth
constexpr MultipartLimits kLimits{20, kMostDefinition};

std::string form_path(const std::string& name) { return "/formular/" + percent_encoded(name); }

Response no_such_form(const Visit& visit) {
    return message_page(audience_of(visit), 404, Message("form_pages.not_there"));
}

Response answer_json(const json& body, int status = 200) {
    return {status, "application/json", body.dump()};
}

Response json_problem(const Visit& visit, int status, const Message& message) {
    return answer_json({{"fel", visit.say(message)}}, status);
}

// The reason why a blank cannot be drafted, without the path that the server has it under.
Message import_trouble(const Error& error, const fs::path& blank) {
    std::string why = error.what();
    if (const auto at = why.find(blank.string()); !blank.empty() && at != std::string::npos)
        why.erase(at, blank.string().size() + 2);
    return Message("form_pages.not_imported", {{"why", why}});
}

bool is_short_name(const std::string& name, const char* more) {
    return !name.empty() && name.size() <= 60 && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                      std::string_view(more).find(c) != std::string_view::npos;
           });
}

// The fault that an upload has before its blank is looked at; empty: none.
Message trouble_of(const Visit& visit, UploadedForm& form) {
    if (form.files.size() != 1) return Message("form_pages.one_blank");
    if (!is_short_name(form.fields["id"], "-_")) return Message("form_pages.bad_id");
    if (!is_short_name(form.fields["version"], "-_.")) return Message("form_pages.bad_version");
    const std::string name = form.fields["id"] + "-" + form.fields["version"];
    if (visit.services.workshop.find(name)) return Message("form_pages.exists", {{"name", name}});
    return {};
}

Response list_page(const Visit& visit, int status, const Message& trouble) {
    Data data = page_data(&visit.who, visit.say(Message("form_pages.title")), "forms"),
         forms = list();
    for (const WorkshopForm& one : visit.services.workshop.list()) {
        Data d;
        d.set("title", one.form.title);
        d.set("name", one.name);
        d.set("version", one.form.version);
        d.set("href", form_path(one.name));
        d.set("pages", std::to_string(one.form.pages.size()));
        std::size_t fields = 0;
        for_each_field(one.form, [&](const FormPoint&, const Field&) { ++fields; });
        d.set("fields", std::to_string(fields));
        d.set("draft", flag(one.is_draft));
        d.set("withdrawn", flag(one.form.withdrawn));
        forms.push_back(d);
    }
    data.set("forms", forms);
    data.set("trouble", if_any(visit.say(trouble)));
    data.set(
        "saved",
        if_any(visit.request.query.contains("sparat") ? visit.request.query.at("sparat") : ""));
    return html("forms", data, status);
}

bool is_required(const FormSet& forms, const std::string& id) {
    return std::any_of(forms.requirements.begin(), forms.requirements.end(),
                       [&](const Requirement& r) {
                           return std::find(r.any_of.begin(), r.any_of.end(), id) != r.any_of.end();
                       });
}

// As the editor tells kinds apart.
const char* shape_of(FieldKind kind) {
    if (has_value(kind)) return "value";
    return is_signature(kind) ? "signature" : "ticks";
}

Data kind_choices(const Visit& visit) {
    Data kinds = list();
    for (const KindTraits& traits : all_kinds()) {
        Data d;
        d.set("value", traits.name);
        d.set("name", visit.say(Message(fmt::format("field_kind.{}", traits.name))));
        d.set("shape", shape_of(traits.kind));
        kinds.push_back(d);
    }
    return kinds;
}

// A definition that came with a request, and the form that it is of.
struct Edited {
    Unpacked unpacked;
    WorkshopForm form;
    pipeline::FormDefinition definition;
};

// Either the edited form, or the answer to give instead.
std::variant<Edited, Response> edited(const Visit& visit) {
    Edited made{unpack(visit, kLimits), {}, {}};
    if (!made.unpacked.has_token) return json_problem(visit, 403, Message("answer.status_403"));
    auto form = visit.services.workshop.find(visit.argument(0));
    if (!form) return json_problem(visit, 404, Message("form_pages.not_there"));
    made.form = std::move(*form);
    try {
        made.definition = definition_from(made.unpacked.form.fields["formular"], made.form);
    } catch (const Error&) {
        return json_problem(visit, 400, Message("form_pages.not_understood"));
    }
    return made;
}

json faults_json(const Visit& visit, const Edited& given, bool& can_save) {
    json faults = json::array();
    can_save = true;
    for (const auto& fault : pipeline::find_form_faults(given.definition, given.form.form.pages)) {
        can_save &= !fault.is_error;
        faults.push_back({{"punkt", fault.at.point},
                          {"falt", fault.at.field},
                          {"text", visit.say(fault.message)},
                          {"hindrar", fault.is_error}});
    }
    // The registry has the last word.
    if (can_save)
        if (const std::string why =
                visit.services.workshop.fault_of(given.form.name, given.definition);
            !why.empty()) {
            can_save = false;
            faults.push_back({{"punkt", ""},
                              {"falt", ""},
                              {"text", visit.say(Message("form_fault.refused", {{"why", why}}))},
                              {"hindrar", true}});
        }
    return faults;
}

json outcome_json(const Visit& visit, const Report& report) {
    json out{{"omdome", to_string(report.verdict)},
             {"omdome_text", visit.say(pipeline::message_for(report.verdict))},
             {"falt", json::array()},
             {"iakttagelser", json::array()}};
    for_each_field(report, [&](const auto&, const PointReport& point, const FieldReport& field) {
        out["falt"].push_back({{"punkt", point.point},
                               {"falt", field.field},
                               {"omdome", to_string(field.verdict)},
                               {"omdome_text", visit.say(pipeline::message_for(field.verdict))},
                               {"varde", field.value.value_or("")},
                               {"text", visit.say(field.message)}});
    });
    for (const Finding& finding : report.findings)
        if (finding.severity != Severity::Info)
            out["iakttagelser"].push_back(visit.say(finding.message));
    return out;
}

std::optional<RequiredWhen> when_of(const std::string& word) {
    if (word == "alltid") return RequiredWhen::Always;
    if (word == "personuppgifter") return RequiredWhen::PersonalData;
    return std::nullopt;
}

}  // namespace

Response forms_page(const Visit& visit) { return list_page(visit, 200, {}); }

Response import_blank(const Visit& visit) {
    Unpacked unpacked = unpack(visit, kLimits);
    if (!unpacked.has_token)
        return message_page(audience_of(visit), 403, Message("answer.status_403"));
    if (const Message trouble = trouble_of(visit, unpacked.form); !trouble.empty())
        return list_page(visit, 422, trouble);
    pipeline::ImportOptions options;
    options.blank = unpacked.form.files.front().path;
    options.id = unpacked.form.fields["id"];
    options.version = unpacked.form.fields["version"];
    options.title = unpacked.form.fields["titel"];
    options.counterparty = unpacked.form.fields["motpart"];
    try {
        return see_other(form_path(visit.services.workshop.import(options)));
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::BadInput) throw;
        return list_page(visit, 422, import_trouble(e, options.blank));
    }
}

namespace {

void set_other_versions(const Visit& visit, const WorkshopForm& form, Data& data) {
    Data versions = list();
    bool any = false;
    for (const WorkshopForm& other : visit.services.workshop.list()) {
        if (other.form.id != form.form.id || other.name == form.name) continue;
        Data d;
        d.set("name", percent_encoded(other.name));
        d.set("version", other.form.version);
        versions.push_back(d);
        any = true;
    }
    data.set("any_versions", flag(any));
    data.set("versions", versions);
}

}  // namespace

Response form_editor(const Visit& visit) {
    const auto form = visit.services.workshop.find(visit.argument(0));
    if (!form) return no_such_form(visit);
    Data data = page_data(&visit.who, form->form.title, "forms"), pages = list();
    data.set("name", form->name);
    data.set("heading", form->form.title);
    data.set("version", form->form.version);
    data.set("path", form_path(form->name));
    data.set("draft", flag(form->is_draft));
    data.set("definition", json_of(*form).dump());
    data.set("kinds", kind_choices(visit));
    data.set("required", flag(is_required(*visit.forms, form->form.id)));
    for (std::size_t p = 0; p < form->form.pages.size(); ++p) {
        Data d;
        d.set("number", std::to_string(p + 1));
        d.set("src", fmt::format("{}/sida/{}", form_path(form->name), p + 1));
        pages.push_back(d);
    }
    data.set("pages", pages);
    set_other_versions(visit, *form, data);
    return html("form_editor", data);
}

Response form_page_picture(const Visit& visit) {
    const auto form = visit.services.workshop.find(visit.argument(0));
    const auto page = whole_number(visit.argument(1));
    if (!form || !page || *page < 1 || *page > static_cast<int>(form->form.pages.size()))
        return no_such_form(visit);
    return {200, "image/png", visit.services.pictures.page_png(form->form.blank, *page, 0)};
}

Response check_form(const Visit& visit) {
    auto given = edited(visit);
    if (auto* refusal = std::get_if<Response>(&given)) return std::move(*refusal);
    bool can_save = false;
    json faults = faults_json(visit, std::get<Edited>(given), can_save);
    return answer_json({{"brister", std::move(faults)}, {"kan_sparas", can_save}});
}

Response save_form(const Visit& visit) try {
    auto given = edited(visit);
    if (auto* refusal = std::get_if<Response>(&given)) return std::move(*refusal);
    Edited& form = std::get<Edited>(given);
    bool can_save = false;
    json faults = faults_json(visit, form, can_save);
    if (!can_save) return answer_json({{"brister", std::move(faults)}}, 422);
    visit.services.workshop.save(form.form.name, form.definition,
                                 when_of(form.unpacked.form.fields["kravs"]));
    visit.services.cases.note(0, visit.who.name,
                              {.action = AuditAction::FormSaved, .subject = form.form.name});
    visit.services.reload_forms();
    return answer_json({{"till", "/formular?sparat=" + percent_encoded(form.form.name)}});
} catch (const Error& e) {
    if (e.kind() != ErrorKind::Io) throw;
    visit.services.note_fault(e.what());
    return json_problem(visit, 503, Message("form_pages.not_saved"));
}

Response try_form(const Visit& visit) {
    auto given = edited(visit);
    if (auto* refusal = std::get_if<Response>(&given)) return std::move(*refusal);
    Edited& form = std::get<Edited>(given);
    if (form.unpacked.form.files.empty())
        return json_problem(visit, 422, Message("form_pages.one_scan"));
    bool can_save = false;
    json faults = faults_json(visit, form, can_save);
    if (!can_save) return answer_json({{"brister", std::move(faults)}}, 422);
    const fs::path forms = form.unpacked.folder->path() / "forms",
                   scans = form.unpacked.folder->path() / "scans";
    visit.services.workshop.write_alone(forms, form.form.name, form.definition);
    fs::create_directories(scans);
    int n = 0;
    for (const UploadedFile& file : form.unpacked.form.files)
        fs::rename(file.path,
                   scans / fmt::format("{}{}", ++n, fs::path(file.name).extension().string()));
    const std::vector<Submission> found = pipeline::find_submissions({scans}, {});
    if (found.empty()) return json_problem(visit, 422, Message("form_pages.one_scan"));
    return answer_json(outcome_json(visit, visit.services.try_forms(forms, found.front())));
}

Response discard_draft(const Visit& visit) {
    visit.services.workshop.discard_draft(visit.argument(0));
    return see_other("/formular");
}

}  // namespace avtalskoll::app::web
