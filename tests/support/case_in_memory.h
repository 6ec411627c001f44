// A case in memory, as a store would show it, whose report is written by hand.
#pragma once
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "app/review/case_states.h"
#include "app/review/review.h"
#include "tests/support/written_report.h"

namespace avtalskoll::app {

class CaseInMemory : public testing::Test {
protected:
    CaseInMemory() {
        open_.line.status = kReceived;
        open_.line.verdict = "incomplete";
        report(written_report());
    }

    // The machine's next report comes.
    void report(const std::string& json) {
        ++open_.report;
        open_.report_json = json;
        renew();
    }

    void write(Decision decision) {
        decision.key = static_cast<std::int64_t>(open_.decisions.size()) + 1;
        decision.report = open_.report;
        for (Decision& earlier : open_.decisions)
            if (earlier.key == decision.undoes) earlier.undone = true;
        const bool is_whole = decision.place.empty() && !decision.finding;
        open_.line.status = is_whole ? decision.new_verdict : kInReview;
        open_.decisions.push_back(std::move(decision));
        renew();
    }

    Review review() const { return review_of(open_, forms_); }

    OpenCase open_;
    const FormSet forms_ = written_forms();
    const CaseStates states_ =
        pipeline::load_case_states(AVTALSKOLL_SOURCE_DIR "/data/cases/states.yaml");

private:
    void renew() { open_.revision = fmt::format("{}.{}", open_.report, open_.decisions.size()); }
};

}  // namespace avtalskoll::app
