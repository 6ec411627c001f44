#!/usr/bin/env python3
"""Fills the store's disk at different points and looks for data that was lost.

Usage: full_disk.py BUILD_DIR [--points N]    (as root: it mounts a small tmpfs)
At each point the disk has a little more room than at the one before. The run must end or wait with
a message that says what to do. Then the disk gets room, and the same command must finish with every
submission received once and checked once.
"""
import argparse
import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "data" / "samples"


def make_inbox(folder, count):
    sources = sorted(SAMPLES.glob("*/*.pdf"))
    for number in range(count):
        made = folder / f"d{number}"
        made.mkdir(parents=True)
        (made / "avtal.pdf").write_bytes(
            sources[number % len(sources)].read_bytes() + b"\n%% %d\n" % number
        )
        (made / "submission.json").write_text(json.dumps({"personal_data": False}))


def state_of(store):
    """Returns the submissions received, those checked, and the faults of the database."""
    if not store.exists():
        return 0, 0, []
    with contextlib.closing(sqlite3.connect(store)) as database:
        if not database.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'submissions'"
        ).fetchone():
            return 0, 0, []
        faults = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
        return (
            database.execute("SELECT count(*) FROM submissions").fetchone()[0],
            database.execute("SELECT count(DISTINCT submission) FROM reports").fetchone()[0],
            faults,
        )


def one_point(program, inbox, count, kilobytes):
    disk = pathlib.Path(tempfile.mkdtemp(prefix="full-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", disk], check=True)
    faults = []
    try:
        store = disk / "store.db"
        filler = disk / "filler"
        room = shutil.disk_usage(disk).free - kilobytes * 1024
        filler.write_bytes(b"\0" * room)
        command = [program, "check", inbox, "--store", store, "--out", disk / "out"]
        first = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if first.returncode == 2 and not (
            "No space left" in first.stderr or "no room" in first.stderr
        ):
            faults.append(f"the message does not say what is wrong: {first.stderr.strip()}")
        if first.returncode not in (0, 1, 2):
            faults.append(f"ended with {first.returncode}")
        filler.unlink()
        received, checked, broken = state_of(store)
        faults += broken
        second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if second.returncode not in (0, 1):
            faults.append(f"does not go on when there is room: {second.stderr.strip()}")
        received_then, checked_then, broken = state_of(store)
        faults += broken
        if (
            received_then != count
            or checked_then != count
            or received_then < received
            or checked_then < checked
        ):
            faults.append(f"{received_then} received and {checked_then} checked of {count}")
        whole = [
            report
            for report in (disk / "out").glob("*/report.json")
            if json.loads(report.read_text())["schema"]
        ]
        if len(whole) != count:
            faults.append(f"{len(whole)} report files")
        said = first.stderr.strip().replace(str(disk), "DISK")
        print(
            f"{kilobytes:6} KB: {received} received, {checked} checked, "
            f"exit {first.returncode}; then {checked_then} checked. {said}"
        )
    finally:
        subprocess.run(["umount", disk], check=True)
        disk.rmdir()
    return [f"{kilobytes} KB: {fault}" for fault in faults]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--points", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="full-disk-inbox-") as folder:
        inbox, count = pathlib.Path(folder), 4
        make_inbox(inbox, count)
        faults = []
        for point in range(options.points):
            faults += one_point(
                options.build / "avtalskoll", inbox, count, 8 + 2300 * point // options.points
            )
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
