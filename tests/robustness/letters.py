#!/usr/bin/env python3
"""Kills what moves cases and sends their mail, at random moments.

Usage: letters.py BUILD_DIR [--kills N] [--seed S]
A store gets a case that waits for completion and one that is complete. Then, again and again, a
reminder is written (`cases remind --send`), mail is handed over (`mail send`, into a spool folder
that a mail server's stand-in empties), or the complete case is moved to and from its signatory;
each is ended by SIGKILL at a random moment of its life. In the end one undisturbed `mail send`
runs. Every reminder that was written must have left once, none twice; nothing may be left in the
store's mail; the moves must follow each other without a gap and end in the state that the case has.
"""
import argparse
import email
import email.policy
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "data" / "samples"
WAITING, COMPLETE = "2-signature-missing", "1-complete"


class Office:
    def __init__(self, build, folder):
        self.program = str(build / "avtalskoll")
        self.folder = folder
        self.store = str(folder / "store.db")
        self.spool = folder / "spool"
        self.left = []  # the Message-IDs that a mail server took

    def run(self, *words, check=True):
        done = subprocess.run([self.program, *words, "--store", self.store], text=True,
                              capture_output=True)
        if check and done.returncode not in (0, 1):
            raise SystemExit(f"{words}: {done.stderr}")
        return done

    def kill(self, words, after):
        """Runs a command and ends it after so many seconds; its status, or None when it was ended."""
        process = subprocess.Popen([self.program, *words, "--store", self.store],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None

    def mail_words(self):
        return ["mail", "send", "--mail-spool", str(self.spool), "--mail-from", "avtal@geo.example"]

    def empty_spool(self):
        if not self.spool.is_dir():
            return
        for path in sorted(self.spool.glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if not message["Message-ID"] or not message.get_content().strip():
                raise SystemExit(f"{path.name}: a mail that is not whole")
            self.left.append(message["Message-ID"])
            path.unlink()

    def pass_time(self):
        """What a program that was ended had taken is taken again after ten minutes: now."""
        with sqlite3.connect(self.store) as database:
            database.execute("UPDATE mail SET taken_until = '2000' WHERE state = 'sending'")

    def rows(self, sql):
        with sqlite3.connect(self.store) as database:
            return database.execute(sql).fetchall()


def ask_for_completion(office):
    """Sends the request for completion as another system does."""
    token = office.run("token", "add", "test", "--role", "officer").stdout.strip().split()[-1]
    server = subprocess.Popen([office.program, "serve", "--store", office.store, "--listen",
                               "127.0.0.1:0", "--leave-checking"], stderr=subprocess.PIPE, text=True)
    try:
        origin = next(line.split()[-1] for line in server.stderr if "listening on" in line)
        case = f"{origin}/api/v1/submissions/{WAITING}"

        def call(path, body=None):
            request = urllib.request.Request(
                case + path, None if body is None else json.dumps(body).encode(),
                {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)

        call("/decisions", {"action": "request", "letter": "Begäran\n\nHej!",
                            "revision": call("")["revision"]})
    finally:
        server.terminate()
        server.wait()


def moves_follow(office):
    """What is wrong with the chain of moves; empty: nothing."""
    state = "complete"
    for (detail,) in office.rows("SELECT detail FROM case_events WHERE kind = 'moved' ORDER BY key"):
        move = json.loads(detail)
        if move["from"] != state:
            return f"a move from {move['from']} while the case was {state}"
        state = move["to"]
    (now,), = office.rows(f"SELECT status FROM cases WHERE id = '{COMPLETE}'")
    return "" if now == state else f"the case is {now}, its moves end in {state}"


def disturb(office, kills, seed):
    dice = random.Random(seed)
    written = moved = killed = 0
    longest = dict.fromkeys(["remind", "send", "move"], 3.0)  # seconds; learned below
    while killed < kills:
        kind = dice.choice(["remind", "send", "move"])
        if kind == "remind":
            words = ["cases", "remind", WAITING, "--send", "--mail-from", "avtal@geo.example"]
        elif kind == "send":
            words = office.mail_words()
        else:
            (state,), = office.rows(f"SELECT status FROM cases WHERE id = '{COMPLETE}'")
            words = ["cases", "move", COMPLETE, "hand_over" if state == "complete" else "take_back"]
        began = time.monotonic()
        status = office.kill(words, dice.uniform(0, longest[kind]))
        if status is None:
            killed += 1
        elif status in (0, 1):
            longest[kind] = 0.5 * longest[kind] + 0.5 * 1.3 * (time.monotonic() - began)
            written += kind == "remind"
            moved += kind == "move"
        else:
            raise SystemExit(f"{words}: status {status}")
        if dice.random() < 0.5:
            office.empty_spool()
        if dice.random() < 0.2:
            office.pass_time()
    return written, moved


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="avtalskoll-letters-"))
    office = Office(options.build.resolve(), folder)
    os.environ["AVTALSKOLL_CONFIG"] = ""
    try:
        for name in (WAITING, COMPLETE):
            shutil.copytree(SAMPLES / name, folder / "in" / name)
        office.run("check", str(folder / "in"), "--out", str(folder / "out"))
        ask_for_completion(office)
        written, moved = disturb(office, options.kills, options.seed)
        office.pass_time()
        office.run(*office.mail_words())
        office.empty_spool()
        return judge(office, options, written, moved)
    finally:
        shutil.rmtree(folder)


def judge(office, options, written, moved):
    ids = [message for (message,) in office.rows("SELECT message_id FROM mail")]
    unsent = office.rows("SELECT key, state FROM mail WHERE state <> 'sent'")
    faults = []
    if len(set(office.left)) != len(office.left):
        faults.append(f"{len(office.left) - len(set(office.left))} mails left twice")
    if set(office.left) != set(ids):
        faults.append(f"{len(set(ids) - set(office.left))} mails are lost, "
                      f"{len(set(office.left) - set(ids))} are not the store's")
    if len(ids) < written:
        faults.append(f"{written - len(ids)} reminders that were said to be written are lost")
    if unsent:
        faults.append(f"{len(unsent)} mails did not leave")
    if fault := moves_follow(office):
        faults.append(fault)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{options.kills} kills: {len(ids)} reminders written, {len(office.left)} left; "
          f"{moved} moves seen to their end; {'FAULTS' if faults else 'none twice, none lost'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
