#!/usr/bin/env python3
"""Sends submissions through several workers and kills what they depend on.

Usage: workers.py BUILD_DIR [--submissions N] [--workers N] [--kills N] [--seed S]
A PostgreSQL and a RabbitMQ server are started in folders of their own. All submissions are checked
once by `check --store` on this machine alone; then they are handed in by `submit` and checked by
`worker` processes, while workers, broker and database are ended by SIGKILL at random moments and
started again. One submission is poison: the worker that begins it is killed each time. In the end
every submission must have exactly one report, equal to that of the undisturbed run but for the
member `timing`; the poison must be a dead letter after three tries.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from servers import PASSWORD, Postgresql, Rabbitmq

POISON = "poison"
TRIES = 3
STUCK_S = 90


class WorkerProcess:
    """A worker; its log is read as it runs, and ends it when it begins the poison."""

    def __init__(self, office, number, before=()):
        self.office, self.number = office, number
        self.before = before  # words before the command
        self.begun, self.ended, self.poisoned = [], [], 0  # keys; times of reports; a count
        self.lock, self.process, self.ending = threading.Lock(), None, False
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [*self.before, self.office.program, "worker", "--jobs", "1", "--drain-seconds", "20",
             *self.office.places()],
            stderr=subprocess.PIPE, text=True, env=self.office.environment,
            start_new_session=True)
        threading.Thread(target=self.follow, args=(self.process,), daemon=True).start()

    def follow(self, process):
        for line in process.stderr:
            self.office.log.write(f"{self.number} {line}")
            if found := re.search(r"submission (\d+): begun", line):
                self.begun.append(int(found[1]))
                if int(found[1]) == self.office.poison_key:
                    self.poisoned += 1
                    self.kill()
            elif re.search(r"submission \d+: (complete|incomplete|review|rejected)\b", line):
                self.ended.append(time.monotonic())
        process.wait()

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def keep_alive(self):
        if self.process.poll() is not None and not self.ending:
            self.start()

    def stop(self):
        self.ending = True
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
            return None


class Office:
    """A store on a server, a queue, and what runs the program on them."""

    def __init__(self, program, folder, seed):
        self.program, self.folder, self.seed = program, folder, seed
        self.database, self.broker = Postgresql(), Rabbitmq()
        self.environment = {**os.environ, "PGPASSWORD": PASSWORD,
                            "AVTALSKOLL_QUEUE_PASSWORD": PASSWORD, "OMP_THREAD_LIMIT": "1"}
        self.poison_key, self.log = None, open(folder / "workers.log", "w", buffering=1)

    def places(self):
        return ["--store", self.database.url, "--originals", str(self.folder / "originals"),
                "--queue", self.broker.url]

    def submit(self, *paths):
        return subprocess.run([self.program, "submit", *map(str, paths), *self.places()],
                              env=self.environment, capture_output=True, text=True)

    def rows(self, sql):
        return [line.split("|") for line in self.database.psql(sql).splitlines()]

    def waiting(self):
        """Submissions without a report that are not dead; None while the server is down."""
        try:
            return int(self.database.psql(
                "SELECT count(*) FROM submissions s WHERE NOT EXISTS (SELECT 1 FROM reports r WHERE"
                " r.submission = s.key) AND NOT EXISTS (SELECT 1 FROM dead_letters d WHERE "
                "d.submission = s.key)"))
        except RuntimeError:
            return None

    def stop(self):
        self.broker.stop()
        self.database.stop()


def make_submissions(simulate, folder, count, seed):
    """Few different documents, each sent many times with other bytes at its end."""
    different = min(count, 40)
    subprocess.run([simulate, "--out", folder / "made", "--count", str(different), "--seed",
                    str(seed), "--tiers", "clean", "office"], check=True,
                   stdout=subprocess.DEVNULL)
    made = sorted(path for path in (folder / "made").iterdir() if path.is_dir())
    sent = folder / "sent"
    for number in range(count):
        name = POISON if number == 0 else f"s{number:05}"
        shutil.copytree(made[number % len(made)], sent / name)
        for account in (sent / name).glob("submission.json"):
            said = json.loads(account.read_text())
            said["id"] = name
            account.write_text(json.dumps(said))
        for document in (sent / name).glob("*.pdf"):
            with open(document, "ab") as out:
                out.write(f"\n% {number}\n".encode())
    return sent


def told(report):
    """A report without what differs from run to run."""
    report = json.loads(report)
    report.pop("timing", None)
    return json.dumps(report, sort_keys=True)


def undisturbed(program, sent, folder):
    store = folder / "alone.db"
    start = time.monotonic()
    subprocess.run([program, "check", sent, "--store", store, "--out", folder / "alone"],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - start
    rows = sqlite3.connect(store).execute(
        "SELECT s.id, r.json FROM reports r JOIN submissions s ON s.key = r.submission")
    return {name: told(report) for name, report in rows}, seconds


class Killer:
    """Ends somebody by SIGKILL about every `pause` seconds, `kills` times in all."""

    def __init__(self, office, workers, kills, pause):
        self.office, self.workers, self.kills, self.pause = office, workers, kills, pause
        self.killed, self.chance = collections.Counter(), random.Random(office.seed)
        self.next_kill = time.monotonic() + self.chance.uniform(0.2, 1) * pause

    def disturb_until_done(self, senders):
        """Gives how many submissions still wait: 0, or nothing has moved for STUCK_S."""
        last, stuck_since = None, time.monotonic()
        while True:
            time.sleep(0.3)
            for worker in self.workers:
                worker.keep_alive()
            all_sent = not senders.is_alive()
            left = self.office.waiting()
            if left != last:
                last, stuck_since = left, time.monotonic()
            if (left == 0 and all_sent) or time.monotonic() - stuck_since > STUCK_S:
                return left
            if self.killed.total() < self.kills and time.monotonic() > self.next_kill:
                self.kill()

    def kill(self):
        whom = self.chance.choices(("worker", "broker", "database"), (8, 1, 1))[0]
        self.killed[whom] += 1
        if whom == "worker":
            self.chance.choice(self.workers).kill()
        else:
            server = getattr(self.office, whom)
            server.kill()
            time.sleep(self.chance.uniform(0, 3))
            server.start()
        self.next_kill = time.monotonic() + self.chance.uniform(0.2, 1.8) * self.pause


def faults_of(office, expected, workers):
    faults = []
    rows = office.database.psql(
        "SELECT s.id || '|' || encode(convert_to(r.json, 'UTF8'), 'hex') FROM reports r JOIN "
        "submissions s ON s.key = r.submission")
    found = collections.defaultdict(list)
    for row in rows.splitlines():
        name, report = row.split("|")
        found[name].append(told(bytes.fromhex(report)))
    for name, report in expected.items():
        if name == POISON:
            if found.get(name):
                faults.append("the poison has a report")
        elif len(found.get(name, [])) != 1:
            faults.append(f"{name}: {len(found.get(name, []))} reports")
        elif found[name][0] != report:
            faults.append(f"{name}: another report than alone")
    dead = office.rows("SELECT s.id, d.reason FROM dead_letters d JOIN submissions s ON s.key = "
                       "d.submission")
    if [name for name, _ in dead] != [POISON]:
        faults.append(f"dead letters: {dead}")
    tries = sum(worker.poisoned for worker in workers)
    if tries < TRIES:
        faults.append(f"the poison was tried {tries} times")
    return faults, tries


def run(options, folder):
    program = pathlib.Path(options.build).resolve() / "avtalskoll"
    simulate = program.parent / "avtalskoll-simulate"
    sent = make_submissions(simulate, folder, options.submissions, options.seed)
    expected, seconds = undisturbed(program, sent, folder)
    print(f"alone: {len(expected)} submissions in {seconds:.0f} s", flush=True)
    office = Office(program, folder, options.seed)
    workers = []
    try:
        first = office.submit(sent / POISON)
        office.poison_key = int(office.rows("SELECT key FROM submissions")[0][0])
        start = time.monotonic()
        workers = [WorkerProcess(office, number) for number in range(options.workers)]
        others = sorted(path for path in sent.iterdir() if path.name != POISON)
        # In parts, so that servers die while they are handed in, too.
        senders = threading.Thread(target=hand_in_all, args=(office, others))
        senders.start()
        pause = seconds / max(options.kills, 1)  # the kills last as long as the work
        killer = Killer(office, workers, options.kills, pause)
        left = killer.disturb_until_done(senders)
        seconds = time.monotonic() - start
        codes = [worker.stop() for worker in workers]
        faults, tries = faults_of(office, expected, workers)
        if left:
            faults.append(f"{left} submissions still wait")
        if first.returncode:
            faults.append(f"submit ended with {first.returncode}: {first.stderr}")
        if any(code != 0 for code in codes):
            faults.append(f"workers ended with {codes}")
        print(f"{options.workers} workers: {options.submissions} submissions in {seconds:.0f} s, "
              f"killed: {dict(killer.killed)}; the poison was begun {tries} times")
        return faults
    finally:
        for worker in workers:
            worker.ending = True
            worker.kill()
        office.stop()
        office.log.close()


def hand_in_all(office, others):
    """As a sender would: what did not go is sent again."""
    for at in range(0, len(others), 50):
        while office.submit(*others[at:at + 50]).returncode:
            time.sleep(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kills", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="avtalskoll-workers-"))
    faults = run(options, folder)
    for fault in faults[:20]:
        print(f"fault: {fault}")
    if faults:
        print(f"{len(faults)} faults; see {folder}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    print("nothing lost, nothing doubled, every report equal")
    return 0


if __name__ == "__main__":
    sys.exit(main())
