// The store's tables.
#pragma once
#include <array>

namespace avtalskoll::app {

// SQL, step by step: the database's user_version says how many were taken. A step that was released
// is never changed.
inline constexpr std::array kSchemaSteps{
    R"sql(
CREATE TABLE submissions (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  content TEXT NOT NULL,                -- SHA-256 of account and files
  account TEXT NOT NULL,                -- JSON: personal_data, organisation_number, broken, ignored
  received_at TEXT NOT NULL,
  purged_at TEXT,
  set_backs INTEGER NOT NULL DEFAULT 0  -- crashes while this content was checked
);
CREATE INDEX submissions_content ON submissions (content);
CREATE INDEX submissions_received ON submissions (received_at);
CREATE TABLE files (
  submission INTEGER NOT NULL REFERENCES submissions (key),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,                 -- empty: could not be read when it came
  PRIMARY KEY (submission, position)
) WITHOUT ROWID;
CREATE INDEX files_sha256 ON files (sha256);
CREATE TABLE reports (
  key INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (key),
  content TEXT NOT NULL,
  engine TEXT NOT NULL,
  forms TEXT NOT NULL,
  rules TEXT NOT NULL,
  made_at TEXT NOT NULL,
  verdict TEXT NOT NULL,
  summary TEXT NOT NULL,                -- codes of what is lacking, no values
  json TEXT NOT NULL,
  html BLOB,                            -- NULL: purged
  csv_row TEXT NOT NULL,
  UNIQUE (submission, content, engine, forms, rules)
);
CREATE INDEX reports_submission ON reports (submission);
CREATE TABLE findings (
  report INTEGER NOT NULL REFERENCES reports (key),
  code TEXT NOT NULL, severity TEXT NOT NULL, form TEXT NOT NULL, point TEXT NOT NULL,
      field TEXT NOT NULL, page INTEGER NOT NULL
);
CREATE INDEX findings_report ON findings (report);
-- The officers': what a person said of a point, never overwritten.
CREATE TABLE decisions (
  key INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (key),
  report INTEGER NOT NULL REFERENCES reports (key),
  at TEXT NOT NULL, officer TEXT NOT NULL, form TEXT NOT NULL, point TEXT NOT NULL,
      field TEXT NOT NULL,
  verdict TEXT NOT NULL, old_value TEXT, new_value TEXT
);
CREATE TABLE inbox (state TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE audit (
  key INTEGER PRIMARY KEY,
  at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  submission INTEGER REFERENCES submissions (key), detail TEXT NOT NULL
);
CREATE INDEX audit_submission ON audit (submission);
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
)sql",
    R"sql(
-- What officers see of a submission, in rows narrow enough to look through all of them. Of what
-- was there before, organisations are not known until it is checked again.
ALTER TABLE reports ADD COLUMN organisation TEXT NOT NULL DEFAULT '';
ALTER TABLE reports ADD COLUMN organisation_number TEXT NOT NULL DEFAULT '';
CREATE TABLE cases (
  submission INTEGER PRIMARY KEY REFERENCES submissions (key),
  id TEXT NOT NULL,
  status TEXT NOT NULL,                 -- received, in_review, complete, to_be_completed, closed
  verdict TEXT NOT NULL DEFAULT '',     -- the machine's, of the newest report; empty while it waits
  summary TEXT NOT NULL DEFAULT '',
  organisation TEXT NOT NULL DEFAULT '',
  organisation_number TEXT NOT NULL DEFAULT '',
  search TEXT NOT NULL,                 -- id, organisation and number, folded
  received_at TEXT NOT NULL,
  decided_at TEXT,                      -- when a person decided on the whole of this content
  claimed_by TEXT, claimed_at TEXT
);
CREATE VIRTUAL TABLE case_search USING fts5 (search, content = 'cases',
    content_rowid = 'submission', tokenize = 'trigram');
CREATE TRIGGER cases_come AFTER INSERT ON cases
  BEGIN INSERT INTO case_search (rowid, search) VALUES (new.submission, new.search); END;
CREATE TRIGGER cases_go AFTER DELETE ON cases BEGIN
  INSERT INTO case_search (case_search, rowid, search)
      VALUES ('delete', old.submission, old.search);
END;
CREATE TRIGGER cases_change AFTER UPDATE OF search ON cases BEGIN
  INSERT INTO case_search (case_search, rowid, search)
      VALUES ('delete', old.submission, old.search);
  INSERT INTO case_search (rowid, search) VALUES (new.submission, new.search);
END;
CREATE INDEX cases_received ON cases (received_at);
CREATE INDEX cases_status ON cases (status, received_at, verdict);
CREATE INDEX cases_verdict ON cases (verdict, status, received_at);
CREATE INDEX cases_organisation ON cases (organisation, submission);
CREATE INDEX cases_id ON cases (id);
INSERT INTO cases (submission, id, status, verdict, summary, search, received_at)
  SELECT s.key, s.id, CASE r.verdict WHEN 'complete' THEN 'complete' ELSE 'received' END,
      coalesce(r.verdict, ''), coalesce(r.summary, ''), lower(s.id), s.received_at
  FROM submissions s LEFT JOIN reports r ON r.key = (SELECT max(key) FROM reports
      WHERE submission = s.key AND content = s.content);
DROP TABLE decisions;                   -- nothing ever wrote to it
-- The officers': added to, never changed; purging takes values and nothing else.
CREATE TABLE decisions (
  key INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (key),
  content TEXT NOT NULL,
  -- what the officer saw, and with it the engine's version
  report INTEGER NOT NULL REFERENCES reports (key),
  at TEXT NOT NULL, officer TEXT NOT NULL,
  action TEXT NOT NULL,
  form TEXT NOT NULL, point TEXT NOT NULL, field TEXT NOT NULL,
  finding TEXT NOT NULL,                -- instead of form, point and field
  old_verdict TEXT NOT NULL, new_verdict TEXT NOT NULL,
  old_value TEXT, new_value TEXT,
  found_verdict TEXT NOT NULL, found_value TEXT,  -- what the machine said then
  undoes INTEGER UNIQUE REFERENCES decisions (key)
);
CREATE INDEX decisions_submission ON decisions (submission);
CREATE INDEX decisions_at ON decisions (at);
CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions
  BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decisions_are_not_changed BEFORE UPDATE OF key, submission, content, report, at,
    officer, action, form, point, field, finding, old_verdict, new_verdict, found_verdict, undoes
  ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decisions_keep_their_values
  BEFORE UPDATE OF old_value, new_value, found_value ON decisions
  WHEN coalesce(new.old_value, new.new_value, new.found_value) IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
-- Those that were not taken back, on what was submitted last and not purged since.
CREATE VIEW decisions_in_force AS SELECT d.* FROM decisions d
    JOIN submissions s ON s.key = d.submission AND s.content = d.content AND d.at >= s.received_at
  WHERE d.action <> 'undo' AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.key);
CREATE TABLE letters (
  decision INTEGER PRIMARY KEY REFERENCES decisions (key),
  submission INTEGER NOT NULL REFERENCES submissions (key),
  at TEXT NOT NULL, officer TEXT NOT NULL,
  text TEXT                             -- NULL: purged
);
CREATE INDEX letters_submission ON letters (submission);
CREATE TABLE users (
  name TEXT PRIMARY KEY, role TEXT NOT NULL,  -- reader, officer, admin
  password TEXT NOT NULL,                     -- argon2id, as libsodium writes it
  added_at TEXT NOT NULL, blocked_at TEXT
) WITHOUT ROWID;
CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,                -- SHA-256 of what the browser holds
  user TEXT NOT NULL REFERENCES users (name),
  csrf TEXT NOT NULL, began_at TEXT NOT NULL, seen_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE tokens (
  name TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, role TEXT NOT NULL, added_at TEXT NOT NULL,
      removed_at TEXT
) WITHOUT ROWID;
)sql",
    R"sql(
-- What came under an id before other content came in its stead. Each goes when its own time is
-- over.
-- receipt: received, opened again, added to
ALTER TABLE submissions ADD COLUMN receipt TEXT NOT NULL DEFAULT 'received';
CREATE TABLE earlier (
  key INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (key),
  content TEXT NOT NULL,
  account TEXT NOT NULL,
  receipt TEXT NOT NULL,
  received_at TEXT NOT NULL,
  replaced_at TEXT NOT NULL,
  purged_at TEXT
);
CREATE INDEX earlier_submission ON earlier (submission);
CREATE INDEX earlier_received ON earlier (received_at);
CREATE TABLE earlier_files (
  earlier INTEGER NOT NULL REFERENCES earlier (key),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,                 -- empty: could not be read when it came, or is gone
  PRIMARY KEY (earlier, position)
) WITHOUT ROWID;
CREATE INDEX earlier_files_sha256 ON earlier_files (sha256);
-- Reports that count no more for the content that they were made of. Their own column `content`
-- then names nothing.
CREATE TABLE set_aside_reports (
  report INTEGER PRIMARY KEY REFERENCES reports (key),
  content TEXT NOT NULL,
  at TEXT NOT NULL
);
)sql",
    R"sql(
-- The parts of a line of the audit log (app/store/audit.h). Lines from before
-- keep their words in detail, too; later ones have none there.
ALTER TABLE audit ADD COLUMN subject TEXT;
ALTER TABLE audit ADD COLUMN role TEXT;
ALTER TABLE audit ADD COLUMN verdict TEXT;
ALTER TABLE audit ADD COLUMN decision TEXT;
ALTER TABLE audit ADD COLUMN form TEXT;
ALTER TABLE audit ADD COLUMN point TEXT;
ALTER TABLE audit ADD COLUMN field TEXT;
ALTER TABLE audit ADD COLUMN finding TEXT;
ALTER TABLE audit ADD COLUMN undoes INTEGER;
ALTER TABLE audit ADD COLUMN engine TEXT;
ALTER TABLE audit ADD COLUMN rules TEXT;
ALTER TABLE audit ADD COLUMN number INTEGER;
ALTER TABLE audit ADD COLUMN earlier INTEGER;
ALTER TABLE audit ADD COLUMN time TEXT;
)sql",
    R"sql(
-- What is to be handed to the queue, written in one transaction with what was taken in; a row goes
-- when the queue has confirmed it.
CREATE TABLE outbox (
  key INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (key),
  content TEXT NOT NULL,
  at TEXT NOT NULL,
  taken_until TEXT NOT NULL DEFAULT ''  -- somebody sends it until then
);
CREATE INDEX outbox_submission ON outbox (submission);
-- Who checks a submission now. Each new lease has a higher token; a report that comes with an old
-- one is refused.
CREATE TABLE leases (
  submission INTEGER PRIMARY KEY REFERENCES submissions (key),
  token INTEGER NOT NULL,
  tries INTEGER NOT NULL,               -- leases that did not end in a report, or orderly
  holder TEXT NOT NULL,
  until TEXT NOT NULL                   -- by the database's clock
);
-- What the queue gave up delivering.
CREATE TABLE dead_letters (
  key INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (key),
  content TEXT NOT NULL,
  tries INTEGER NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (submission, content)
);
)sql",
    R"sql(
-- A case over its submissions. Files of a later hand-in complete the earlier ones.
ALTER TABLE files ADD COLUMN hand_in INTEGER NOT NULL DEFAULT 1;
ALTER TABLE earlier_files ADD COLUMN hand_in INTEGER NOT NULL DEFAULT 1;
-- The decision on an earlier content that goes on to hold, since its page did not change.
ALTER TABLE decisions ADD COLUMN carried INTEGER REFERENCES decisions (key);
ALTER TABLE cases ADD COLUMN number TEXT;      -- the authority's, as written; NULL: none
ALTER TABLE cases ADD COLUMN number_key TEXT;  -- the same number, however written, is the same here
ALTER TABLE cases ADD COLUMN answer_by TEXT;   -- YYYY-MM-DD; NULL: nothing is awaited
CREATE UNIQUE INDEX cases_number ON cases (number_key);
CREATE INDEX cases_answer_by ON cases (answer_by) WHERE answer_by IS NOT NULL;
-- What happened to a case besides decisions: moves, notes, numbers, data sets, credentials. Added
-- to, never changed; purging takes what was written and nothing else.
CREATE TABLE case_events (
  key INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (key),
  at TEXT NOT NULL, officer TEXT NOT NULL,
  kind TEXT NOT NULL,                   -- app/review/case_event.h
  detail TEXT                           -- JSON; NULL: purged
);
CREATE INDEX case_events_submission ON case_events (submission);
CREATE TRIGGER case_events_are_kept BEFORE DELETE ON case_events
  BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER case_events_are_not_changed BEFORE UPDATE OF key, submission, at, officer, kind
  ON case_events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER case_events_keep_their_detail BEFORE UPDATE OF detail ON case_events
  WHEN new.detail IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
-- Files of a case that are not the sender's: counter-signed copies.
CREATE TABLE case_files (
  key INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (key),
  at TEXT NOT NULL,
  name TEXT,                            -- NULL: purged
  sha256 TEXT NOT NULL
);
CREATE INDEX case_files_submission ON case_files (submission);
CREATE INDEX case_files_sha256 ON case_files (sha256);
ALTER TABLE letters ADD COLUMN recipient TEXT;  -- an address; NULL: none, or purged
-- Mail of cases, and how far it has come. A message leaves once at most.
CREATE TABLE mail (
  key INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (key),
  at TEXT NOT NULL, officer TEXT NOT NULL,
  kind TEXT NOT NULL,                   -- request, reminder, copy
  message_id TEXT NOT NULL UNIQUE,
  recipient TEXT, text TEXT, attachment_name TEXT,  -- NULL: purged, or no attachment
  attachment TEXT NOT NULL DEFAULT '',  -- SHA-256 of a file of the case; empty: none
  state TEXT NOT NULL,                  -- waiting, sending, sent, failed, unclear
  tries INTEGER NOT NULL DEFAULT 0,
  may_repeat INTEGER NOT NULL DEFAULT 0,  -- whoever took it can hand it over again
  next_try TEXT NOT NULL,
  taken_until TEXT NOT NULL DEFAULT '',
  sent_at TEXT,
  fault TEXT NOT NULL DEFAULT ''
);
CREATE INDEX mail_submission ON mail (submission);
CREATE INDEX mail_waiting ON mail (state, next_try);
)sql"};

// The numbers of steps of a store that knows earlier contents, and of one whose audit log has
// columns. Part of these steps is no SQL: app/store/store_migration.h, app/store/audit_rows.h.
inline constexpr int kStepWithEarlierContents = 3, kStepWithAuditColumns = 4;

}  // namespace avtalskoll::app
