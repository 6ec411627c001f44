#!/usr/bin/env python3
"""Kills `watch` and `check --store` (SIGKILL) at random moments while an inbox fills, and looks for what was lost, doubled or torn.

Usage: kill.py BUILD_DIR [--kills N] [--seed S]
After every kill the database must be whole and every report file too; in the end every submission must have been received once and
checked once, with its original bytes kept.
"""
import argparse
import contextlib
import hashlib
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "data" / "samples"


class Inbox:
    """Submissions that are made of the samples' documents; a remark at the end of each file makes it one of its own."""

    def __init__(self, folder):
        self.folder, self.files = folder, {}
        self.sources = sorted(p for p in SAMPLES.glob("*/*.pdf"))

    def add(self, number):
        made = self.folder.parent / "making"
        made.mkdir()
        content = self.sources[number % len(self.sources)].read_bytes() + b"\n%% %d\n" % number
        (made / "avtal.pdf").write_bytes(content)
        (made / "submission.json").write_text(json.dumps({"id": f"k{number:04}", "personal_data": bool(number % 2)}))
        self.files[f"k{number:04}"] = hashlib.sha256(content).hexdigest()
        made.rename(self.folder / f"k{number:04}")


def faults_of(store, out):
    found = []
    if store.exists():
        with contextlib.closing(sqlite3.connect(store)) as database:
            found += [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
            found += [f"report {key} is torn" for key, text in database.execute("SELECT key, json FROM reports") if not is_json(text)]
    for report in out.glob("*/report.json"):
        if not is_json(report.read_text()):
            found.append(f"{report.name} of {report.parent.name} is torn")
    for report in out.glob("*/report.html"):
        if not report.read_text().rstrip().endswith("</html>"):
            found.append(f"{report.name} of {report.parent.name} is torn")
    return found


def is_json(text):
    try:
        json.loads(text)
        return True
    except ValueError:
        return False


def final_faults(store, out, inbox):
    found = []
    with contextlib.closing(sqlite3.connect(store)) as database:
        kept = dict(database.execute("SELECT s.id, f.sha256 FROM submissions s JOIN files f ON f.submission = s.key"))
        if kept != inbox.files:
            found.append(f"{len(inbox.files.items() - kept.items())} submissions lost, {len(kept.items() - inbox.files.items())} that never were")
        for action in ("received", "checked"):
            often = database.execute("SELECT count(*) FROM (SELECT submission FROM audit WHERE action = ? GROUP BY submission HAVING count(*) <> 1)", (action,)).fetchone()[0]
            if often:
                found.append(f"{often} submissions not {action} just once")
        reports = database.execute("SELECT count(*), count(DISTINCT submission) FROM reports").fetchone()
        if reports != (len(inbox.files), len(inbox.files)):
            found.append(f"{reports[0]} reports of {reports[1]} submissions, {len(inbox.files)} were sent")
        for sha in kept.values():
            if hashlib.sha256((store.parent / "store.db.files" / sha[:2] / sha).read_bytes()).hexdigest() != sha:
                found.append("an original is changed")
    if len(list(out.glob("*/report.json"))) != len(inbox.files):
        found.append("reports are missing among the files")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    root = pathlib.Path(tempfile.mkdtemp(prefix="kill-"))
    store, out = root / "store.db", root / "out"
    (root / "inbox").mkdir()
    inbox = Inbox(root / "inbox")
    program = options.build / "avtalskoll"
    commands = {"watch": [program, "watch", inbox.folder, "--store", store, "--out", out, "--quiet-seconds", "0"],
                "check": [program, "check", inbox.folder, "--store", store, "--out", out]}
    faults, killed = [], {"watch": 0, "check": 0}
    sent = 0
    for kill in range(options.kills):
        for _ in range(chance.choice([0, 1, 1, 2])):
            inbox.add(sent)
            sent += 1
        if not inbox.files:
            continue
        which = chance.choice(sorted(commands))
        run = subprocess.Popen(commands[which], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(chance.uniform(0.05, 2.5))
        except subprocess.TimeoutExpired:
            killed[which] += 1
        run.kill()
        run.wait()
        faults += [f"after kill {kill}: {fault}" for fault in faults_of(store, out)]
    done = subprocess.run([*commands["watch"], "--once"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
    if done != 0:
        faults.append(f"the last run ended with {done}")
    faults += faults_of(store, out) + final_faults(store, out, inbox)
    left = subprocess.run(["pgrep", "-fc", "avtalskoll-rasterizer$"], capture_output=True, text=True, check=False).stdout.strip()
    print(f"seed {options.seed}: {killed['watch']} kills of watch, {killed['check']} of check, {sent} submissions; drawing servers left over: {left}")
    for fault in faults:
        print("FAULT", fault)
    shutil.rmtree(root)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
