#!/usr/bin/env python3
"""Measures how fast the review server answers with many submissions in the store.

    web.py BUILD [--submissions N] [--out FILE]

It checks the samples once and copies them under other ids and organisations until the store has N
submissions. Then it serves the store and measures from the same machine: the queue, searches and
review pages, and many readers at once. Then the same with the store on a PostgreSQL server of this
machine, in its default configuration. The program stops when an answer is wrong. Needs wrk.
"""
import argparse
import csv
import http.client
import os
import platform
import random
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "robustness"))
import servers  # noqa: E402

PASSWORD = "korrekt häst batteri"
SEED = 7


def fill(store, count):
    """Copies the samples' rows until there are `count` submissions.

    They are spread over 90 days and over all organisations of the register, which are returned.
    """
    with open(ROOT / "data" / "registers" / "organisations.csv", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file, delimiter=";" if ";" in file.readline() else ","))
    organisations = [
        (
            next(c for c in row if re.fullmatch(r"\d{6}-\d{4}", c)),
            next(c for c in row if re.search("[a-zå]{3}", c)),
        )
        for row in rows
        if any(re.fullmatch(r"\d{6}-\d{4}", c) for c in row)
    ]
    chance = random.Random(SEED)
    db = sqlite3.connect(store)
    db.execute("PRAGMA synchronous=OFF")
    templates = db.execute(
        "SELECT s.key, s.content, s.account, r.key, r.verdict, r.summary, r.json, r.engine, "
        "r.forms, r.rules FROM submissions s JOIN reports r ON r.submission = s.key"
    ).fetchall()
    files = {
        t[0]: db.execute(
            "SELECT position, name, sha256 FROM files WHERE submission = ?", (t[0],)
        ).fetchall()
        for t in templates
    }
    submission, report = (
        db.execute("SELECT max(key) FROM submissions").fetchone()[0],
        db.execute("SELECT max(key) FROM reports").fetchone()[0],
    )
    with db:
        for n in range(count - len(templates)):
            submission, report = submission + 1, report + 1
            key, content, account, _, verdict, summary, text, engine, forms, rules = chance.choice(
                templates
            )
            number, name = chance.choice(organisations)
            at = time.strftime(
                "%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - chance.uniform(0, 90 * 86400))
            )
            decided = chance.random() < 0.8
            status = (
                "complete"
                if verdict == "complete"
                else chance.choice(["to_be_completed", "complete", "closed"])
                if decided
                else "received"
            )
            db.execute(
                "INSERT INTO submissions (key, id, content, account, received_at) "
                "VALUES (?, ?, ?, ?, ?)",
                (submission, f"ärende {n:06}", f"{content}-{n}", account, at),
            )
            db.executemany(
                "INSERT INTO files VALUES (?, ?, ?, ?)", [(submission, *f) for f in files[key]]
            )
            db.execute(
                "INSERT INTO reports (key, submission, content, engine, forms, rules, made_at, "
                "verdict, summary, json, csv_row, html, organisation, organisation_number) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', x'', ?, ?)",
                (
                    report,
                    submission,
                    f"{content}-{n}",
                    engine,
                    forms,
                    rules,
                    at,
                    verdict,
                    summary,
                    text,
                    name,
                    number,
                ),
            )
            db.execute(
                "INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
                (
                    submission,
                    f"ärende {n:06}",
                    status,
                    verdict,
                    summary,
                    name,
                    number,
                    f"ärende {n:06} {name.lower()} {number.replace('-', ' ')} "
                    f"{number.replace('-', '')}",
                    at,
                    at if decided and status != "received" else None,
                ),
            )
            db.execute(
                "INSERT INTO audit (at, actor, action, submission, detail) "
                "VALUES (?, 'uid 0', 'checked', ?, '')",
                (at, submission),
            )
    db.close()
    return organisations


class Client:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.port, self.cookie = port, ""
        body = urllib.parse.urlencode({"namn": "anna", "losenord": PASSWORD, "till": "/"})
        answer, _ = self.ask(
            "POST",
            "/logga-in",
            body,
            {
                "Origin": f"http://127.0.0.1:{port}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        self.cookie = answer.getheader("Set-Cookie").split(";")[0]

    def ask(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, {"Cookie": self.cookie, **(headers or {})})
        answer = self.connection.getresponse()
        return answer, answer.read().decode("utf-8", "replace")

    def times(self, paths, must_hold):
        taken = []
        for path in paths:
            before = time.perf_counter()
            answer, text = self.ask("GET", path)
            taken.append(1000 * (time.perf_counter() - before))
            if answer.status != 200 or must_hold not in text:
                sys.exit(f"{path}: {answer.status}, without '{must_hold}'")
        taken.sort()
        return statistics.median(taken), taken[int(0.95 * len(taken))], taken[-1]


def memory_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def pages_of(organisations, count):
    """What is asked for: its name, the paths, and what each answer must hold."""
    chance = random.Random(SEED)
    words = [chance.choice(organisations) for _ in range(200)]
    cases = [f"ärende {chance.randrange(count - 6):06}" for _ in range(200)]
    quote = urllib.parse.quote
    return [
        ("queue, what is to be done", ["/"] * 100, "data-row"),
        ("queue, all, first pages", [f"/?status=&sida={n}" for n in range(1, 101)], "data-row"),
        ("queue, all, the last page", [f"/?status=&sida={count // 50}"] * 50, "data-row"),
        (
            "queue by organisation",
            [f"/?status=&ordning=organisation&sida={n}" for n in range(1, 101)],
            "data-row",
        ),
        ("search, organisation", [f"/?status=&q={quote(name)}" for _, name in words], "ärenden"),
        ("search, number", [f"/?status=&q={number}" for number, _ in words], "ärenden"),
        ("search, found nowhere", ["/?status=&q=finns+inte"] * 100, "inga ärenden"),
        ("review page", [f"/inlamning/{quote(case)}" for case in cases], "Punkt"),
        ("figures", ["/statistik"] * 10, "Inkomna per dag"),
    ]


def load(client, pid, path, seconds):
    """Many readers at once: requests a second, p99, errors and memory, in a table's cells."""
    before = memory_mb(pid)
    run = subprocess.run(
        ["wrk", "-t2", "-c200", f"-d{seconds}s", "--timeout", "30s", "--latency"]
        + ["-H", f"Cookie: {client.cookie}", f"http://127.0.0.1:{client.port}{path}"],
        capture_output=True,
        text=True,
    ).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", run)[1]
    p99 = re.search(r"99%\s+(\S+)", run)[1]
    bad = re.search(r"(Socket errors|Non-2xx).*", run)
    return f"{rate} | {p99} | {bad[0] if bad else 'none'} | {before:.0f} to {memory_mb(pid):.0f}"


def measure(program, places, pages, seconds):
    """The cells of a store for each page, and for each load."""
    server = subprocess.Popen(
        [program, "serve", *places, "--listen", "127.0.0.1:0", "--leave-checking"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        port = int(re.search(r":(\d+)$", server.stderr.readline().strip())[1])
        client = Client(port)
        times = []
        for name, paths, must_hold in pages:
            times.append(" | ".join(f"{ms:.1f}" for ms in client.times(paths, must_hold)))
            print(f"{name}: {times[-1]}", flush=True)
        loads = [
            load(client, server.pid, path, seconds)
            for path in ("/", "/inlamning/2-signature-missing")
        ]
        print("\n".join(loads), flush=True)
        return times, loads
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def filled_store(program, folder, count):
    """A store file with so many submissions, and the organisations that are in it."""
    store = folder / "store.db"
    subprocess.run(
        [program, "check", ROOT / "data" / "samples", "--store", store, "--out", folder / "out"],
        stdout=subprocess.DEVNULL,
    )
    subprocess.run(
        [program, "user", "add", "anna", "--role", "officer", "--store", store],
        input=PASSWORD,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return store, fill(store, count)


def copied_to_server(program, store, folder, server):
    """Options for the same store on a database server, and its size in MB."""
    places = ["--store", server.url, "--originals", str(folder / "originals")]
    begin = time.perf_counter()
    subprocess.run(
        [program, "store", "copy", store, server.url, "--to-originals", folder / "originals"],
        check=True,
    )
    print(f"copied in {time.perf_counter() - begin:.0f} s", flush=True)
    server.psql("ANALYZE")
    return places, int(server.psql("SELECT pg_database_size(current_database())")) / 2**20


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("build", type=Path)
    parser.add_argument("--submissions", type=int, default=100_000)
    parser.add_argument(
        "--seconds", type=int, default=20, help="how long many readers read at once"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "web.md")
    options = parser.parse_args()
    program = options.build.resolve() / "avtalskoll"
    folder = Path(tempfile.mkdtemp(prefix="avtalskoll-web-"))
    os.environ["PGPASSWORD"] = servers.PASSWORD
    server = servers.Postgresql()
    try:
        store, organisations = filled_store(program, folder, options.submissions)
        pages = pages_of(organisations, options.submissions)
        size = store.stat().st_size / 2**20
        file_times, file_loads = measure(program, ["--store", store], pages, options.seconds)
        places, server_size = copied_to_server(program, store, folder, server)
        server_times, server_loads = measure(program, places, pages, options.seconds)
    finally:
        server.stop()
        shutil.rmtree(folder)
    lines = [
        f"| {name} | {len(paths)} | {of_file} | {of_server} |"
        for (name, paths, _), of_file, of_server in zip(pages, file_times, server_times)
    ]
    loads = [
        f"| {name} | {store} | {cells} |"
        for store, all_cells in (("SQLite", file_loads), ("PostgreSQL", server_loads))
        for name, cells in zip(("queue", "review page"), all_cells)
    ]
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    processor = found[1] if found else platform.machine()
    options.out.write_text(
        f"""# The review server with {options.submissions:,} submissions

{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores ({processor}), seed {SEED}. The store has \
{size:.0f} MB in SQLite, {server_size:.0f} MB in PostgreSQL. Milliseconds on the machine itself, \
one client.

| page | requests | SQLite: median | p95 | worst | PostgreSQL: median | p95 | worst |
|---|---|---|---|---|---|---|---|
{chr(10).join(lines)}

200 connections at once for {options.seconds} s (wrk and the database on the same cores):

| page | store | requests a second | p99 | errors | MB of memory before and after |
|---|---|---|---|---|---|
{chr(10).join(loads)}
"""
    )


if __name__ == "__main__":
    main()
