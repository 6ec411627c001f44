// The main job for one submission: its documents in, its report out. Command line, watcher, server
// and worker all call this.
#pragma once
#include "models/report.h"
#include "models/submission.h"
#include "ocr/document/rasterizer.h"
#include "ocr/reading/page_reader.h"
#include "pipeline/flow.h"
#include "rules/judge_submission.h"

namespace avtalskoll::pipeline {

// Everything that the submissions of a run share. Safe from many threads.
struct Engine {
    ocr::ReadingContext reading;
    rules::JudgingContext judging;
    ocr::RasterLimits limits;
    ToolsPool& tools;
    const StopFlag& stop;
};

// The measurements of one submission, before anything is judged.
struct ReadSubmission {
    std::vector<DocumentReading> documents;  // as its files; none when it is not usable
    rules::PageLedger ledger;                // of the documents' pages, to which it points
    std::vector<Finding> findings;           // of the intake
    bool usable = true;                      // false: the findings say why nothing can be judged
    StageTimes times;

    ReadSubmission() = default;
    ReadSubmission(ReadSubmission&&) = default;  // a copy's ledger would point to other pages
    ReadSubmission& operator=(ReadSubmission&&) = default;
};
ReadSubmission read_submission(const Submission& submission, const Engine& engine);

// Reads and judges. Faults of the documents are in the report. Throws Error{Interrupted} when
// `engine.stop` is set, Error{NotFound} when the program itself is incomplete. Same submission,
// same report, for any number of threads.
Report process_submission(const Submission& submission, const Engine& engine);

}  // namespace avtalskoll::pipeline
