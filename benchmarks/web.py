#!/usr/bin/env python3
"""Measures how fast the review server answers with many submissions in the store.

    web.py BUILD [--submissions N] [--out FILE]

It checks the samples once and copies them under other ids and organisations until the store has N
submissions. Then it serves the store and measures from the same machine: the queue, searches and
review pages, and many readers at once. The program stops when an answer is wrong. Needs wrk.
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
    organisations = fill(store, options.submissions)
    server = subprocess.Popen(
        [program, "serve", "--store", store, "--listen", "127.0.0.1:0", "--leave-checking"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        port = int(re.search(r":(\d+)$", server.stderr.readline().strip())[1])
        client, chance = Client(port), random.Random(SEED)
        words = [chance.choice(organisations) for _ in range(200)]
        lines = []

        def measure(what, paths, must_hold):
            median, p95, worst = client.times(paths, must_hold)
            lines.append(f"| {what} | {len(paths)} | {median:.1f} | {p95:.1f} | {worst:.1f} |")
            print(lines[-1], flush=True)

        measure("queue, what is to be done", ["/"] * 100, "data-row")
        measure(
            "queue, all, first pages", [f"/?status=&sida={n}" for n in range(1, 101)], "data-row"
        )
        measure(
            "queue, all, the last page",
            [f"/?status=&sida={options.submissions // 50}"] * 50,
            "data-row",
        )
        measure(
            "queue by organisation",
            [f"/?status=&ordning=organisation&sida={n}" for n in range(1, 101)],
            "data-row",
        )
        measure(
            "search, organisation",
            [f"/?status=&q={urllib.parse.quote(name)}" for _, name in words],
            "ärenden",
        )
        measure("search, number", [f"/?status=&q={number}" for number, _ in words], "ärenden")
        measure("search, found nowhere", ["/?status=&q=finns+inte"] * 100, "inga ärenden")
        measure(
            "review page",
            [
                "/inlamning/"
                + urllib.parse.quote(f"ärende {chance.randrange(options.submissions - 6):06}")
                for _ in range(200)
            ],
            "Punkt",
        )
        measure("figures", ["/statistik"] * 10, "Inkomna per dag")
        before = memory_mb(server.pid)
        loads = []
        for what, path in [("queue", "/"), ("review page", "/inlamning/2-signature-missing")]:
            run = subprocess.run(
                [
                    "wrk",
                    "-t2",
                    "-c200",
                    f"-d{options.seconds}s",
                    "--timeout",
                    "30s",
                    "--latency",
                    "-H",
                    f"Cookie: {client.cookie}",
                    f"http://127.0.0.1:{port}{path}",
                ],
                capture_output=True,
                text=True,
            ).stdout
            rate, p99 = (
                re.search(r"Requests/sec:\s+([\d.]+)", run)[1],
                re.search(r"99%\s+(\S+)", run)[1],
            )
            bad = re.search(r"(Socket errors|Non-2xx).*", run)
            loads.append(
                f"| {what} | {rate} | {p99} | {bad[0] if bad else 'none'} "
                f"| {before:.0f} to {memory_mb(server.pid):.0f} |"
            )
            print(loads[-1], flush=True)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
        size = store.stat().st_size / 2**20
        shutil.rmtree(folder)
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    processor = found[1] if found else platform.machine()
    machine = f"{os.cpu_count()} cores ({processor}), seed {SEED}, database {size:.0f} MB"
    options.out.write_text(
        f"""# The review server with {options.submissions:,} submissions

{time.strftime('%Y-%m-%d')}, {machine}. Milliseconds on the machine itself, one client.

| page | requests | median | p95 | worst |
|---|---|---|---|---|
{chr(10).join(lines)}

200 connections at once for {options.seconds} s (wrk, on the same cores):

| page | requests a second | p99 | errors | MB of memory before and after |
|---|---|---|---|---|
{chr(10).join(loads)}
"""
    )


if __name__ == "__main__":
    main()
