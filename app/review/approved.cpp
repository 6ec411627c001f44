#include "app/review/approved.h"

#include <fmt/format.h>

#include "pipeline/files/file_hash.h"

namespace avtalskoll::app {
namespace {

CopySheet sheet_of(const ComparedPage& page, const pipeline::Texts& texts) {
    CopySheet sheet;
    sheet.approved_file = page.approved.file.name;
    sheet.approved_page = page.approved.page;
    sheet.copy_page = page.copy_page;
    std::vector<std::string> said;
    if (!page.reason.empty()) said.push_back(texts.say(page.reason));
    for (const PageDifference& difference : page.differences) {
        sheet.on_approved.push_back(difference.on_approved);
        sheet.on_copy.push_back(difference.on_copy);
        if (!difference.message.empty()) said.push_back(texts.say(difference.message));
    }
    sheet.text = fmt::format("{}", fmt::join(said, " "));
    return sheet;
}

}  // namespace

std::vector<ApprovedAgreement> approved_agreements(const OpenCase& open, const Review& review) {
    std::vector<ApprovedAgreement> approved;
    for (const ReviewedAgreement& agreement : review.agreements) {
        if (!agreement.counts() || !agreement.present) continue;
        ApprovedAgreement& one = approved.emplace_back();
        one.form = agreement.form;
        one.version = agreement.version;
        for (const ReviewedPage& page : review.pages)
            if (page.form == agreement.form && page.form_page > 0 &&
                page.file_index < static_cast<int>(open.submission.files.size()))
                one.pages.push_back(
                    {page.form_page,
                     open.submission.files[static_cast<std::size_t>(page.file_index)], page.page});
        for (const ReviewedPoint& point : agreement.points)
            for (const ReviewedField& field : point.fields)
                if (!field.value.empty()) one.values.push_back({field.place, field.value});
    }
    return approved;
}

CopyCompared compared_copy(const OpenCase& open, const SubmittedFile& copy,
                           const CountersignedResult& result, const pipeline::Texts& texts) {
    CopyCompared compared;
    compared.verdict = result.verdict;
    compared.file = copy.name;
    compared.sha256 = pipeline::sha256_of(copy.path);
    compared.approved = open.content;
    for (const Finding& finding : result.findings)
        if (finding.severity != Severity::Info)
            compared.remarks.push_back(texts.say(finding.message));
    for (const CountersignedAgreement& agreement : result.agreements)
        for (const ComparedPage& page : agreement.pages)
            if (page.verdict != PageVerdict::Same) compared.sheets.push_back(sheet_of(page, texts));
    return compared;
}

}  // namespace avtalskoll::app
