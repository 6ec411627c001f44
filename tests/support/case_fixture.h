// A store with one submission whose report is written by hand: an agreement with a number, a phone
// and a signature, and a finding.
#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "app/store/case_store.h"
#include "app/store/store.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app {

class CaseTest : public testing::Test {
protected:
    CaseTest() : store_(open_sqlite_store(file(), true)), cases_(file(), 2) {
        Form form;
        form.id = "avtal";
        form.version = "1";
        form.points = {
            {"1",
             "Parter",
             {field("number", "Organisationsnummer", FieldKind::OrganisationNumber),
              field("phone", "Telefon", FieldKind::Phone)}},
            {"2", "Underskrift", {field("signature", "Underskrift", FieldKind::Signature)}}};
        forms_.forms.push_back(form);
    }

    static Field field(const char* id, const char* label, FieldKind kind) {
        Field made;
        made.id = id;
        made.label = label;
        made.kind = kind;
        return made;
    }

    std::filesystem::path file() const { return folder_.path() / "store.db"; }

    // The machine's report: the number is wrong, the phone fine, the signature unclear; a page is
    // unknown.
    static std::string report_json(const std::string& signature = "unclear",
                                   const std::string& number = "212000-0143") {
        return R"({"submission": {"id": "a", "files": [{"name": "a.pdf", "sha256": null,
            "pages": 2}], "personal_data": null}, "verdict": "incomplete",
            "agreements": [{"form": "avtal", "title": "Avtalet", "version": "1", "required": true,
                "present": true,
                "pages": [{"form_page": 1, "file": "a.pdf", "page": 2, "rotation": 180,
                    "confidence": 1}, {"form_page": 2, "file": null, "page": null, "rotation": 0,
                    "confidence": 0}],
                "points": [{"point": "1", "title": "Parter", "fields": [
                    {"field": "number", "required": true, "verdict": "invalid", "value": ")" +
               number +
               R"(", "reason": "check_digit", "message": "fel", "evidence": {"file": "a.pdf",
                   "page": 2, "box": [0.1, 0.2, 0.3, 0.1]}},
                    {"field": "phone", "required": true, "verdict": "ok", "value": "0701234567",
                        "reason": null, "message": null, "evidence": null}]},
                  {"point": "2", "title": "Underskrift", "fields": [
                    {"field": "signature", "required": true, "verdict": ")" +
               signature +
               R"(", "value": null, "reason": "doubtful_signature", "message": "oklart",
                   "evidence": null}]}]}],
            "findings": [{"code": "page_unknown", "severity": "review", "message": "Okänd sida",
                "form": null, "point": null, "field": null, "file": "a.pdf", "page": 1}]})";
    }

    void receive(const std::string& id, const std::string& content = "content",
                 const std::string& json = report_json(), const std::string& engine = "1") {
        const auto path = folder_.path() / (id + ".pdf");
        std::ofstream(path) << content;
        Submission submission;
        submission.id = id;
        submission.files.push_back({"a.pdf", path});
        check(store_->receive(submission, "").stored, json, engine);
    }

    void check(const StoredSubmission& stored, const std::string& json, const std::string& engine,
               SubmissionVerdict verdict = SubmissionVerdict::Incomplete) {
        FinishedReport report;
        report.verdict = verdict;
        report.json = json;
        report.summary = "avtal/1/number:invalid avtal/2/signature:unclear page_unknown";
        report.organisation = "Å kommun";
        report.organisation_number = "212000-0142";
        report.versions = {engine, "f", "r"};
        store_->finish(stored, report);
    }

    OpenCase open(const std::string& id = "a") { return cases_.open(id).value(); }

    const TemporaryFolder folder_;
    const std::unique_ptr<Store> store_;
    CaseStore cases_;
    FormSet forms_;
};

}  // namespace avtalskoll::app
