"""How kill.py gives submissions to the program, and what must have been kept of each."""
import contextlib
import hashlib
import http.client
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import threading
import time

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "data" / "samples"
DOCUMENTS = 3  # distinct ones: each costs an undisturbed run
BACKLOG = 3  # submissions that are kept waiting, so that there is always work
SETTLE_S = 60  # a program that was asked to end and is still there after this time hangs


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def told_from(text):
    """Returns a report without the parts that may differ from run to run."""
    report = json.loads(text)
    report.pop("timing", None)
    report.pop("engine", None)
    return json.dumps(report, ensure_ascii=False)


class References:
    """The reports of undisturbed runs on some documents.

    A submission is one of these documents with a remark at its end, so that only its id and its
    SHA-256 differ.
    """

    def __init__(self, program, root):
        sources = sorted(SAMPLES.glob("*/*.pdf"), key=lambda p: (p.stat().st_size, p))[-DOCUMENTS:]
        self.contents = [source.read_bytes() for source in sources]
        self.reports = []
        for number, content in enumerate(self.contents):
            make_submission(root / "in", f"reference{number}", content)
        started = time.monotonic()
        run = subprocess.Popen(
            [program, "check", root / "in", "--out", root / "out"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        run.stdout.readline()
        self.first_report_s = time.monotonic() - started
        run.communicate()
        self.all_s = time.monotonic() - started
        for number, content in enumerate(self.contents):
            made = root / "out" / f"reference{number}"
            self.reports.append(
                (
                    sha256(content),
                    told_from((made / "report.json").read_text()),
                    (made / "report.html").read_text(),
                )
            )

    def expected(self, name, content_sha):
        number = int(name[1:]) % len(self.contents)
        sha, report, page = self.reports[number]
        own = lambda text: text.replace(sha, content_sha).replace(f"reference{number}", name)
        return own(report), own(page)

    def content(self, number):
        return self.contents[number % len(self.contents)] + b"\n%% %d\n" % number


def make_submission(folder, name, content):
    made = folder.parent / "making"
    made.mkdir(parents=True)
    (made / "avtal.pdf").write_bytes(content)
    (made / "submission.json").write_text(json.dumps({"id": name, "personal_data": True}))
    folder.mkdir(exist_ok=True)
    made.rename(folder / name)


class Lane:
    """One command, with the submissions it was given and the reports that were compared."""

    def __init__(self, program, root, references, numbers):
        self.program, self.root, self.references, self.numbers = program, root, references, numbers
        self.out, self.store, self.inbox = root / "out", root / "store.db", root / "inbox"
        self.inbox.mkdir(parents=True)
        self.sent, self.looked_at = {}, set()

    def make(self):
        number = next(self.numbers)
        content = self.references.content(number)
        self.sent[f"k{number:05}"] = sha256(content)
        return f"k{number:05}", content

    def waiting(self):
        return len(self.sent) - len(self.checked())

    def checked(self):
        return {path.parent.name for path in self.out.glob("*/report.json")}

    def prepare(self):
        while self.waiting() < BACKLOG:
            make_submission(self.inbox, *self.make())

    def start(self, jobs):
        return subprocess.Popen(
            [*self.command(), "--jobs", str(jobs)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def fault_of_report(self, name, report, page):
        if name not in self.sent:
            return f"{name} was never sent"
        expected, expected_page = self.references.expected(name, self.sent[name])
        try:
            told = told_from(report)
        except ValueError:
            return f"the report of {name} is torn"
        if told != expected:
            verdicts = [json.loads(text)["verdict"] for text in (told, expected)]
            return f"the report of {name} is false: {verdicts[0]}, undisturbed {verdicts[1]}"
        return f"report.html of {name} is false or torn" if page != expected_page else None

    def faults(self):
        return list(filter(None, [*self.folder_faults(), *self.store_faults()]))

    def folder_faults(self):
        for path in self.out.glob("*/report.json"):
            mark = (str(path), path.stat().st_mtime_ns)
            if mark not in self.looked_at:
                self.looked_at.add(mark)
                page = path.with_suffix(".html")  # written first
                yield self.fault_of_report(
                    path.parent.name, path.read_text(), page.read_text() if page.exists() else ""
                )

    def store_faults(self):
        if not self.store.exists():
            return
        with contextlib.closing(sqlite3.connect(self.store)) as database:
            yield from (
                row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"
            )
            if not database.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'reports'"
            ).fetchone():
                return
            for key, name in database.execute(
                "SELECT r.key, s.id FROM reports r JOIN submissions s ON s.key = r.submission"
            ).fetchall():
                if key not in self.looked_at:
                    self.looked_at.add(key)
                    report, page = database.execute(
                        "SELECT json, html FROM reports WHERE key = ?", (key,)
                    ).fetchone()
                    yield self.fault_of_report(name, report, bytes(page).decode())

    def finish(self):
        """Runs the command to its end and yields the faults that are found then."""
        done = subprocess.run(
            self.last_command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        ).returncode
        if done not in (0, 1):
            yield f"the last run ended with {done}"
        yield from self.faults()
        if self.store.exists():
            yield from self.last_store_faults()
        elif self.checked() != set(self.sent):
            yield f"reports of {len(set(self.sent) - self.checked())} submissions are missing"

    def last_store_faults(self):
        with contextlib.closing(sqlite3.connect(self.store)) as database:
            kept = dict(
                database.execute(
                    "SELECT s.id, f.sha256 FROM submissions s JOIN files f ON f.submission = s.key"
                )
            )
            if kept != self.sent:
                lost, invented = self.sent.items() - kept.items(), kept.items() - self.sent.items()
                yield f"{len(lost)} submissions lost, {len(invented)} that never were"
            for action in ("received", "checked"):
                counted = (
                    "SELECT count(*) FROM (SELECT submission FROM audit WHERE action = ? "
                    "GROUP BY submission HAVING count(*) <> 1)"
                )
                often = database.execute(counted, (action,)).fetchone()[0]
                if often:
                    yield f"{often} submissions not {action} just once"
            reports = database.execute(
                "SELECT count(*), count(DISTINCT submission) FROM reports"
            ).fetchone()
            if reports != (len(self.sent), len(self.sent)):
                sent = len(self.sent)
                yield f"{reports[0]} reports of {reports[1]} submissions, {sent} were sent"
        for sha in kept.values():
            if sha256((self.root / "store.db.files" / sha[:2] / sha).read_bytes()) != sha:
                yield "an original is changed"


class Check(Lane):
    """Nothing is remembered without a store: each run has its own inbox and folder."""

    def prepare(self):
        for folder in (self.inbox, self.out):
            shutil.rmtree(folder, ignore_errors=True)
        self.sent.clear()
        super().prepare()

    def command(self):
        return [self.program, "check", self.inbox, "--out", self.out]

    last_command = command


class CheckStore(Lane):
    def command(self):
        return [self.program, "check", self.inbox, "--store", self.store, "--out", self.out]

    last_command = command


class Watch(Lane):
    def command(self):
        return [
            self.program,
            "watch",
            self.inbox,
            "--store",
            self.store,
            "--out",
            self.out,
            "--quiet-seconds",
            "0",
        ]

    def last_command(self):
        return [*self.command(), "--once"]


class Serve(Lane):
    """Submissions come over HTTP. One that was not acknowledged is sent again."""

    def __init__(self, *given):
        super().__init__(*given)
        account = ["--role", "officer", "--store", self.store]
        subprocess.run(
            [self.program, "user", "add", "anna", *account],
            input=b"korrekt hast batteri\n",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        self.token = subprocess.run(
            [self.program, "token", "add", "kill", *account],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        self.contents, self.acknowledged, self.sender = {}, set(), None

    def checked(self):
        with contextlib.closing(sqlite3.connect(self.store)) as database:
            return {
                row[0]
                for row in database.execute(
                    "SELECT s.id FROM reports r JOIN submissions s ON s.key = r.submission"
                )
            }

    def prepare(self):
        while self.waiting() < BACKLOG:
            name, content = self.make()
            self.contents[name] = content

    def command(self):
        return [self.program, "serve", "--store", self.store, "--listen", "127.0.0.1:0"]

    def last_command(self):
        run = self.start(2)
        self.sender.join()
        until = time.monotonic() + 10 * SETTLE_S
        while self.waiting() and time.monotonic() < until:
            time.sleep(0.2)
        run.terminate()
        run.wait()
        return ["true"]

    def start(self, jobs):
        run = subprocess.Popen(
            [*self.command(), "--jobs", str(jobs)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.sender = threading.Thread(target=self.send_all, args=(run,), daemon=True)
        self.sender.start()
        return run

    def send_all(self, run):
        for line in run.stderr:
            if found := re.search(r"listening on http://127.0.0.1:(\d+)", line):
                break
        else:
            return
        threading.Thread(target=run.stderr.read, daemon=True).start()
        with contextlib.suppress(OSError, http.client.HTTPException):  # the program is gone
            for name in sorted(set(self.contents) - self.acknowledged):
                self.send(int(found[1]), name)

    def send(self, port, name):
        part = 'Content-Disposition: form-data; name="{}"{}\r\n\r\n'
        body = b"".join(
            b"--x\r\n" + part.format(field, "").encode() + value + b"\r\n"
            for field, value in (("id", name.encode()), ("personuppgifter", b"ja"))
        )
        body += (
            b"--x\r\n"
            + part.format("filer", '; filename="avtal.pdf"').encode()
            + self.contents[name]
            + b"\r\n--x--\r\n"
        )
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SETTLE_S)
        with contextlib.closing(connection):
            connection.request(
                "POST",
                "/api/v1/submissions",
                body,
                {
                    "Authorization": f"Bearer {self.token}",
                    "Content-Type": "multipart/form-data; boundary=x",
                },
            )
            if connection.getresponse().status in (200, 202):
                self.acknowledged.add(name)

    def faults(self):
        with contextlib.closing(sqlite3.connect(self.store)) as database:
            there = {row[0] for row in database.execute("SELECT id FROM submissions")}
        return [
            *super().faults(),
            *(f"{name} was acknowledged and is lost" for name in self.acknowledged - there),
        ]
