#!/usr/bin/env python3
"""Sends signals to the working program and looks for data that is lost, doubled, torn or false.

Usage: kill.py BUILD_DIR [--kills N] [--seed S]
SIGINT, SIGTERM, SIGHUP and SIGKILL go at random moments to `check`, `check --store`, `watch` and
`serve` with 1, 2 and 4 jobs. Half of the time they go to the whole process group, as from a
terminal. Every report that is found then, in a folder or a store, is compared byte for byte with
that of an undisturbed run, except for the members `timing` and `engine`. So is report.html, which
holds neither. After every signal the database must be whole. In the end every submission must have
been received once and checked once, with its original bytes kept.
"""
import argparse
import collections
import contextlib
import itertools
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile

from lanes import DOCUMENTS, SETTLE_S, Check, CheckStore, References, Serve, Watch

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")
JOBS = (1, 2, 4)
SHARE_AT_WORK = 0.85  # of the moments fall after the program has started


def strike(run, name, whole_group):
    number = getattr(signal, name)
    with contextlib.suppress(ProcessLookupError):
        if whole_group:
            os.killpg(run.pid, number)
        else:
            os.kill(run.pid, number)


def fault_of_end(run, name):
    try:
        code = run.wait(SETTLE_S)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        return f"did not end within {SETTLE_S} s of {name}"
    # Before the program minds signals they end it at once; check ends with 0 or 1 when it is done.
    return (
        None if code in (0, 1, 130, -getattr(signal, name)) else f"ended with {code} after {name}"
    )


class Moments:
    """Draws the moments of the signals, mostly at times when submissions are at work.

    It adapts to the machine. When a run ended before its moment, the next moments come earlier.
    When a run was struck before it had a report, they come a little later.
    """

    def __init__(self, chance, references):
        self.chance, self.start_s = chance, references.first_report_s
        self.work_s = max(1.5, references.all_s - references.first_report_s)

    def learn(self, was_running, had_report):
        factor = 0.7 if not was_running else 1.0 if had_report else 1.05
        self.start_s, self.work_s = factor * self.start_s, factor * self.work_s

    def draw(self):
        if self.chance.random() > SHARE_AT_WORK:
            return self.chance.uniform(0.02, 0.6 * self.start_s)
        return 0.6 * self.start_s + self.chance.uniform(0, self.work_s)


def disturb(lane, moment_s, name, jobs, whole_group):
    """Sends one signal. Returns whether the program was running then, and the faults after it."""
    lane.prepare()
    run = lane.start(jobs)
    try:
        run.wait(moment_s)
        return False, lane.faults()
    except subprocess.TimeoutExpired:
        strike(run, name, whole_group)
    ended = fault_of_end(run, name)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGKILL)  # drawing servers that outlive it would only cost time
    return True, [*filter(None, [ended]), *lane.faults()]


def report_counts(struck, whole):
    print(f"{'command':<14}{'jobs':>5}" + "".join(f"{name:>9}" for name in SIGNALS))
    for command, jobs in sorted({key[:2] for key in struck}):
        print(
            f"{command:<14}{jobs:>5}"
            + "".join(f"{struck[command, jobs, name]:>9}" for name in SIGNALS)
        )
    print(
        f"{sum(struck.values())} signals to a program at work, "
        f"{whole} of them to its whole process group"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    # Started with nohup, this process would hand on a SIGHUP that is ignored, and the program would
    # rightly go on.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    chance = random.Random(options.seed)
    program = (options.build / "avtalskoll").resolve()
    root = pathlib.Path(tempfile.mkdtemp(prefix="kill-"))
    references = References(program, root / "reference")
    moments, numbers = Moments(chance, references), itertools.count()
    lanes = {
        name: kind(program, root / name.replace(" ", ""), references, numbers)
        for name, kind in (
            ("check", Check),
            ("check --store", CheckStore),
            ("watch", Watch),
            ("serve", Serve),
        )
    }
    ways = list(itertools.product(lanes, JOBS, SIGNALS))
    struck, whole, faults = collections.Counter(), 0, []
    order = []

    def note(found):
        for fault in found:
            print("FAULT", fault, flush=True)
        faults.extend(found)

    try:
        for kill in range(2 * options.kills):  # some come too late
            if sum(struck.values()) == options.kills:
                break
            order = order or chance.sample(ways, len(ways))
            command, jobs, name = order.pop()
            whole_group = chance.random() < 0.5
            before = lanes[command].checked()
            was_running, found = disturb(lanes[command], moments.draw(), name, jobs, whole_group)
            moments.learn(was_running, lanes[command].checked() != before)
            if not was_running:
                order.append((command, jobs, name))
            struck[command, jobs, name] += was_running
            whole += whole_group and was_running
            place = f"{name} {kill}, {command} --jobs {jobs}{', whole group' * whole_group}"
            note([f"{place}: {fault}" for fault in found])
            if sys.stderr.isatty():
                print(f"\r{sum(struck.values())} of {options.kills}", end="", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"stopped after {sum(struck.values())} of {options.kills}")
    for command, lane in lanes.items():
        if lane.sent:
            note([f"{command}, in the end: {fault}" for fault in lane.finish()])
    print(f"seed {options.seed}: {next(numbers)} submissions of {DOCUMENTS} documents")
    report_counts(struck, whole)
    print(f"{len(faults)} faults")
    shutil.rmtree(root)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
