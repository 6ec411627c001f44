#include "pipeline/compare_countersigned.h"

#include <algorithm>
#include <map>
#include <optional>

#include "models/error.h"
#include "ocr/comparing/page_comparison.h"
#include "rules/counter_signed.h"

namespace avtalskoll::pipeline {
namespace {

int form_named(const FormSet& forms, const ApprovedAgreement& agreement) {
    for (std::size_t f = 0; f < forms.forms.size(); ++f)
        if (forms.forms[f].id == agreement.form && forms.forms[f].version == agreement.version)
            return static_cast<int>(f);
    throw Error(ErrorKind::NotFound,
                "form " + agreement.form + " version " + agreement.version + " is not registered");
}

ocr::RasterPage draw_page(const std::filesystem::path& file, int page, const Engine& engine) {
    ocr::Rasterizer document(file, engine.limits, {page});
    auto drawn = document.next();
    if (!drawn) throw Error(ErrorKind::Unreadable, "the document has no such page");
    return std::move(*drawn);
}

const std::filesystem::path& path_of(const Submission& submission, const std::string& name) {
    const auto at = std::find_if(submission.files.begin(), submission.files.end(),
                                 [&](const SubmittedFile& file) { return file.name == name; });
    if (at == submission.files.end()) throw Error(ErrorKind::Internal, "a page of no file");
    return at->path;
}

// Compares the pages of one agreement.
class AgreementComparison {
public:
    AgreementComparison(const ApprovedAgreement& agreement, const Submission& copy,
                        const Pages& pages, const Engine& engine)
        : agreement_(agreement), copy_(copy), pages_(pages), engine_(engine) {
        const FormSet& forms = engine.judging.forms;
        form_ = form_named(forms, agreement);
        const Form& form = forms.forms[static_cast<std::size_t>(form_)];
        result_.form = form.id;
        result_.version = form.version;
        result_.title = form.title;
    }

    CountersignedAgreement compare(Pages& used) {
        for (const ApprovedPage& page : agreement_.pages) compare_page(page, used);
        return std::move(result_);
    }

private:
    // Of several pages of the copy that show the form page, the one that differs least counts; the
    // others were added.
    void compare_page(const ApprovedPage& approved, Pages& used) {
        std::optional<ComparedPage> best;
        const PageReading* best_page = nullptr;
        std::optional<ocr::RasterPage> drawn;
        PageReading approved_reading;
        for (const PageReading* page : pages_) {
            if (page->kind != PageKind::Form || page->match.page_in(form_) != approved.form_page)
                continue;
            if (!drawn) {
                drawn = draw_page(approved.file.path, approved.page, engine_);
                approved_reading = read_approved(approved, *drawn);
            }
            ComparedPage compared = compare_pair(approved, *drawn, approved_reading, *page);
            if (best && !is_closer(compared, *best)) continue;
            best = std::move(compared);
            best_page = page;
        }
        if (!best) {
            result_.pages.push_back({.approved = approved});
            return;
        }
        used.push_back(best_page);
        for (SignedPlace& place : rules::judge_signed_places(
                 engine_.judging.forms, form_, *best_page, *best, engine_.judging.caution))
            result_.signatures.push_back(std::move(place));
        result_.pages.push_back(std::move(*best));
    }

    PageReading read_approved(const ApprovedPage& approved, const ocr::RasterPage& drawn) const {
        if (!drawn.trouble.empty()) return {};
        auto tools = engine_.tools.borrow();
        return ocr::read_page(drawn.image, {approved.file.name, approved.page}, engine_.reading,
                              *tools, nullptr);
    }

    ComparedPage compare_pair(const ApprovedPage& approved, const ocr::RasterPage& drawn,
                              const PageReading& reading, const PageReading& page) const {
        if (engine_.stop.load()) throw Error(ErrorKind::Interrupted, "interrupted");
        PageComparison comparison;
        comparison.trouble = drawn.trouble;
        if (comparison.trouble.empty()) {
            const ocr::RasterPage seen =
                draw_page(path_of(copy_, page.origin.file), page.origin.page, engine_);
            comparison.trouble = seen.trouble;
            if (comparison.trouble.empty())
                comparison = ocr::compare_pages({drawn.image, seen.image},
                                                {form_, approved.form_page}, engine_.reading.forms);
        }
        return rules::judge_compared_page(
            approved, {engine_.judging.forms, form_, agreement_, reading, page, comparison});
    }

    static bool is_closer(const ComparedPage& one, const ComparedPage& other) {
        const auto rank = [](const ComparedPage& page) {
            double strength = 0;
            for (const PageDifference& difference : page.differences)
                strength += 1 + difference.strength;
            return strength + (page.verdict == PageVerdict::NotComparable ? 0.5 : 0);
        };
        return rank(one) < rank(other);
    }

    const ApprovedAgreement& agreement_;
    const Submission& copy_;
    const Pages& pages_;
    const Engine& engine_;
    int form_ = -1;
    CountersignedAgreement result_;
};

// A file that could not be read may hold any page.
void note_unread_files(const std::vector<DocumentReading>& documents,
                       std::vector<Finding>& findings) {
    for (const DocumentReading& document : documents)
        if (document.why_unread()) {
            findings.push_back(*document.why_unread());
            findings.back().severity = Severity::Review;
        }
}

}  // namespace

CountersignedResult compare_countersigned(const std::vector<ApprovedAgreement>& approved,
                                          const Submission& copy, const Engine& engine) {
    Submission without_account;
    without_account.id = copy.id;
    without_account.files = copy.files;
    const ReadSubmission read = read_submission(without_account, engine);
    CountersignedResult result;
    result.findings = read.findings;
    note_unread_files(read.documents, result.findings);
    const Pages pages = pages_of(read.documents);
    Pages used;
    for (const ApprovedAgreement& agreement : approved) {
        result.agreements.push_back(
            AgreementComparison(agreement, copy, pages, engine).compare(used));
        rules::conclude_agreement(result.agreements.back(), result.findings);
    }
    rules::note_other_pages(engine.judging.forms, pages, used, approved, result.findings);
    result.verdict = rules::verdict_of(result);
    return result;
}

}  // namespace avtalskoll::pipeline
