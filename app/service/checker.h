// Everything that checking needs, loaded once: forms, models, registers. Shared by `check`, `watch`
// and `serve`.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>

#include "app/store/store.h"
#include "models/counter_signing.h"
#include "models/report.h"
#include "models/submission.h"
#include "ocr/document/rasterizer.h"
#include "pipeline/flow.h"
#include "pipeline/texts/texts.h"
#include "rules/rule_words.h"

namespace avtalskoll::app {

struct CheckerOptions {
    std::filesystem::path forms = {};  // empty: the program's own
    int jobs = 0;                      // 0: one for each core
    double caution = 1;
    ocr::RasterLimits limits = {};
};

// Safe from many threads.
class Checker {
public:
    // Throws Error{NotFound, BadInput} when a file of the program or a form is absent or wrong.
    Checker(const CheckerOptions& options, const pipeline::StopFlag& stop);
    ~Checker();
    Checker(const Checker&) = delete;
    Checker& operator=(const Checker&) = delete;

    int jobs() const;
    const EngineVersions& versions() const;
    const FormSet& forms() const;
    const rules::RuleWords& words() const;
    const pipeline::Texts& texts() const;

    // As pipeline::process_submission.
    Report check(const Submission& submission) const;

    // As pipeline::compare_countersigned.
    CountersignedResult compare(const std::vector<ApprovedAgreement>& approved,
                                const Submission& copy) const;

    FinishedReport finished(const Report& report) const;

    // The report of one whose checking has crashed too often: rejected, with the reason.
    static Report set_aside(const Submission& submission);

private:
    struct Loaded;
    std::unique_ptr<Loaded> loaded_;
};

// The signals that ask to stop (SIGINT, SIGTERM, SIGHUP) set the flag; a second one ends the
// program at once.
const pipeline::StopFlag& stop_on_signals();

// Checks what the store has. Throws Error{Interrupted}, and Error{NotFound} when an original is not
// what was taken in.
Report check_originals(const StoredSubmission& stored, const Checker& checker);

// Checks what was taken in, unless the store has its report; writes the report below `out` (empty:
// nowhere), then keeps it. One that crashed kMostCrashes runs is set aside. `timing`: where the
// time went, when it was checked now. Throws Error{Interrupted, Io}.
inline constexpr int kMostCrashes = 3;
FinishedReport check_stored(const StoredSubmission& stored, Store& store, const Checker& checker,
                            const std::filesystem::path& out, StageTimes* timing = nullptr);

// Writes DIR/<id>/report.html and report.json.
void write_report(const std::filesystem::path& out, const std::string& id,
                  const FinishedReport& report);

}  // namespace avtalskoll::app
