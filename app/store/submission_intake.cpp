#include "app/store/submission_intake.h"

#include "app/store/stored_json.h"
#include "models/text.h"

namespace avtalskoll::app {

std::optional<Received> SubmissionIntake::occupied_by(const Submission& submission,
                                                      const std::string& content,
                                                      const Reopening& reopening) {
    if (!reopening.seen || submissions_.one_where("content = ? AND purged_at IS NULL", content))
        return std::nullopt;
    auto there = submissions_.one_where("id = ?", submission.id);
    if (!there || there->content == *reopening.seen) return std::nullopt;
    const bool is_purged =
        submissions_.one_where("id = ? AND purged_at IS NOT NULL", submission.id).has_value();
    return Received{Receipt::Occupied, std::move(*there), is_purged};
}

Received SubmissionIntake::take(const Submission& submission,
                                const std::vector<std::string>& hashes,
                                const Reopening& reopening) {
    const std::string content = content_of(submission, hashes);
    if (auto known = submissions_.one_where("id = ? AND content = ? AND purged_at IS NULL",
                                            submission.id, content))
        return {Receipt::Known, std::move(*known)};
    if (auto twin = submissions_.one_where("content = ? AND purged_at IS NULL AND id <> ?", content,
                                           submission.id)) {
        file_.log(user_name(), twin->key, {.action = AuditAction::ReceivedAgain});
        return {Receipt::Twin, std::move(*twin)};
    }
    if (auto occupied = occupied_by(submission, content, reopening)) return std::move(*occupied);
    const auto same_id = submissions_.one_where("id = ?", submission.id);
    AuditAction receipt = AuditAction::Received;
    if (same_id) receipt = reopening.adds ? AuditAction::AddedTo : AuditAction::OpenedAgain;
    if (same_id) keep_as_earlier(same_id->key);
    const std::int64_t key = write(submission, content, hashes, same_id ? same_id->key : 0);
    file_.run("UPDATE submissions SET receipt = ? WHERE key = ?", to_string(receipt), key);
    file_.log(user_name(), key,
              {.action = receipt, .number = static_cast<std::int64_t>(hashes.size())});
    return {same_id ? Receipt::Reopened : Receipt::New, *submissions_.one_where("key = ?", key)};
}

void SubmissionIntake::keep_as_earlier(std::int64_t key) {
    file_.run(
        "INSERT INTO earlier (submission, content, account, receipt, received_at, replaced_at, "
        "purged_at) SELECT key, content, account, receipt, received_at, ?, purged_at "
        "FROM submissions WHERE key = ?",
        utc_now(), key);
    file_.run(
        "INSERT INTO earlier_files (earlier, position, name, sha256) SELECT ?, position, name, "
        "sha256 FROM files WHERE submission = ?",
        file_.database().getLastInsertRowid(), key);
}

std::int64_t SubmissionIntake::write(const Submission& submission, const std::string& content,
                                     const std::vector<std::string>& hashes,
                                     std::int64_t known_key) {
    const std::string account = account_json(submission);
    if (known_key == 0)
        file_.run("INSERT INTO submissions (id, content, account, received_at) VALUES (?, ?, ?, ?)",
                  submission.id, content, account, utc_now());
    else
        file_.run(
            "UPDATE submissions SET content = ?, account = ?, received_at = ?, purged_at = "
            "NULL, set_backs = 0 WHERE key = ?",
            content, account, utc_now(), known_key);
    const std::int64_t key = known_key == 0 ? file_.database().getLastInsertRowid() : known_key;
    file_.run(
        "INSERT INTO cases (submission, id, status, search, received_at) VALUES (?, ?, "
        "'received', ?, ?) ON CONFLICT DO UPDATE SET status = 'received', verdict = '', "
        "summary = '', received_at = excluded.received_at, decided_at = NULL, claimed_by = NULL, "
        "claimed_at = NULL",
        key, submission.id, folded_words(submission.id), utc_now());
    // The same content is checked again.
    file_.run(
        "UPDATE reports SET content = 'purged ' || key WHERE submission = ? AND content = ? "
        "AND html IS NULL",
        key, content);
    file_.run("DELETE FROM files WHERE submission = ?", key);
    for (std::size_t i = 0; i < hashes.size(); ++i)
        file_.run("INSERT INTO files (submission, position, name, sha256) VALUES (?, ?, ?, ?)", key,
                  static_cast<std::int64_t>(i), submission.files[i].name, hashes[i]);
    reports_.show_newest(key);
    return key;
}

}  // namespace avtalskoll::app
