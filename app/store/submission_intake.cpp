#include "app/store/submission_intake.h"

#include "app/store/stored_json.h"
#include "app/store/work_store.h"
#include "models/text.h"

namespace avtalskoll::app {

std::optional<Received> SubmissionIntake::occupied_by(const Submission& submission,
                                                      const std::string& content,
                                                      const Reopening& reopening) {
    if (!reopening.seen || submissions_.one_where("content = $1 AND purged_at IS NULL", content))
        return std::nullopt;
    auto there = submissions_.one_where("id = $1", submission.id);
    if (!there) return std::nullopt;
    const bool is_purged =
        submissions_.one_where("id = $1 AND purged_at IS NOT NULL", submission.id).has_value();
    const bool lost_what_it_adds_to = reopening.adds && is_purged;
    if (there->content == *reopening.seen && !lost_what_it_adds_to) return std::nullopt;
    return Received{Receipt::Occupied, std::move(*there), is_purged};
}

Received SubmissionIntake::take(const Submission& submission,
                                const std::vector<std::string>& hashes,
                                const Reopening& reopening) {
    const std::string content = content_of(submission, hashes);
    if (auto known = submissions_.one_where("id = $1 AND content = $2 AND purged_at IS NULL",
                                            submission.id, content)) {
        if (queued_) enqueue_waiting(database_, known->key);
        return {Receipt::Known, std::move(*known)};
    }
    if (auto twin = submissions_.one_where("content = $1 AND purged_at IS NULL AND id <> $2",
                                           content, submission.id)) {
        database_.log(user_name(), twin->key, {.action = AuditAction::ReceivedAgain});
        if (queued_) enqueue_waiting(database_, twin->key);
        return {Receipt::Twin, std::move(*twin)};
    }
    if (auto occupied = occupied_by(submission, content, reopening)) return std::move(*occupied);
    const auto same_id = submissions_.one_where("id = $1", submission.id);
    AuditAction receipt = AuditAction::Received;
    if (same_id) receipt = reopening.adds ? AuditAction::AddedTo : AuditAction::OpenedAgain;
    if (same_id) keep_as_earlier(same_id->key);
    const std::int64_t key = write(submission, content, hashes, same_id ? same_id->key : 0);
    database_.run("UPDATE submissions SET receipt = $1 WHERE key = $2", to_string(receipt), key);
    database_.log(user_name(), key,
                  {.action = receipt, .number = static_cast<std::int64_t>(hashes.size())});
    if (queued_) enqueue(database_, {key, content});
    return {same_id ? Receipt::Reopened : Receipt::New, *submissions_.one_where("key = $1", key)};
}

void SubmissionIntake::keep_as_earlier(std::int64_t key) {
    const auto earlier = database_.row(
        "INSERT INTO earlier (submission, content, account, receipt, received_at, replaced_at, "
        "purged_at) SELECT key, content, account, receipt, received_at, $1, purged_at "
        "FROM submissions WHERE key = $2 RETURNING key",
        database_.now(), key);
    database_.run(
        "INSERT INTO earlier_files (earlier, position, name, sha256, hand_in) SELECT CAST($1 AS "
        "BIGINT), position, name, sha256, hand_in FROM files WHERE submission = $2",
        earlier->number(0), key);
}

std::int64_t SubmissionIntake::write(const Submission& submission, const std::string& content,
                                     const std::vector<std::string>& hashes,
                                     std::int64_t known_key) {
    const std::string account = account_json(submission);
    std::int64_t key = known_key;
    if (known_key == 0)
        key = database_
                  .row(
                      "INSERT INTO submissions (id, content, account, received_at) VALUES ($1, "
                      "$2, $3, $4) RETURNING key",
                      submission.id, content, account, database_.now())
                  ->number(0);
    else
        database_.run(
            "UPDATE submissions SET content = $1, account = $2, received_at = $3, purged_at = "
            "NULL, set_backs = 0 WHERE key = $4",
            content, account, database_.now(), known_key);
    database_.run("UPDATE leases SET tries = 0, holder = '' WHERE submission = $1", key);
    database_.run("DELETE FROM dead_letters WHERE submission = $1", key);
    database_.run(
        "INSERT INTO cases (submission, id, status, search, received_at) VALUES ($1, $2, "
        "'received', $3, $4) ON CONFLICT (submission) DO UPDATE SET status = CASE cases.status "
        "WHEN 'withdrawn' THEN 'withdrawn' ELSE 'received' END, verdict = '', summary = '', "
        "received_at = excluded.received_at, decided_at = CASE cases.status WHEN 'withdrawn' THEN "
        "cases.decided_at ELSE NULL END, claimed_by = NULL, claimed_at = NULL, answer_by = NULL",
        key, submission.id, folded_words(submission.id), database_.now());
    // The same content is checked again.
    database_.run(
        "UPDATE reports SET content = 'purged ' || key WHERE submission = $1 AND content = $2 "
        "AND html IS NULL",
        key, content);
    database_.run("DELETE FROM files WHERE submission = $1", key);
    for (std::size_t i = 0; i < hashes.size(); ++i)
        database_.run(
            "INSERT INTO files (submission, position, name, sha256, hand_in) VALUES ($1, $2, $3, "
            "$4, $5)",
            key, static_cast<std::int64_t>(i), utf8_of(code_points_of(submission.files[i].name)),
            hashes[i], submission.files[i].hand_in);
    reports_.show_newest(key);
    return key;
}

}  // namespace avtalskoll::app
