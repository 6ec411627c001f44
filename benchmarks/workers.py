#!/usr/bin/env python3
"""Measures what more workers bring, and what a poison document costs the others.

    workers.py BUILD [--submissions N] [--rounds R] [--seed S]

Real servers of Debian's packages are started on this machine. Each round hands N submissions in
three times, each time into an empty store: to one worker, to two, and to two together with a
poison document, which ends each worker that begins it. A worker has one core. The rate counts from
the first report to the last, without the poison's. The medians of the rounds are compared.
"""
import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "robustness"))
import workers  # noqa: E402

STUCK_S = 120


def rate(program, sent, folder, count, with_poison):
    """Submissions a second, by so many workers."""
    office = workers.Office(program, folder, 0)
    running = []
    try:
        office.submit(sent / workers.POISON)
        if with_poison:
            office.poison_key = int(office.rows("SELECT key FROM submissions")[0][0])
        office.submit(*(path for path in sorted(sent.iterdir()) if path.name != workers.POISON))
        running = [workers.WorkerProcess(office, number, ["taskset", "--cpu-list", str(number)])
                   for number in range(count)]
        wanted, last = len(list(sent.iterdir())) - with_poison, time.monotonic()
        while sum(len(worker.ended) for worker in running) < wanted:
            time.sleep(0.1)
            for worker in running:
                worker.keep_alive()
            newest = max((t for worker in running for t in worker.ended), default=last)
            if time.monotonic() - max(newest, last) > STUCK_S:
                raise SystemExit(f"nothing moves any more; see {folder}")
        times = sorted(t for worker in running for t in worker.ended)
        return (len(times) - 1) / (times[-1] - times[0])
    finally:
        for worker in running:
            worker.ending = True
            worker.kill()
        office.stop()
        office.log.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    program = Path(options.build).resolve() / "avtalskoll"
    folder = Path(tempfile.mkdtemp(prefix="avtalskoll-workers-"))
    sent = workers.make_submissions(program.parent / "avtalskoll-simulate", folder,
                                    options.submissions + 1, options.seed)
    kinds = {"one worker": (1, False), "two workers": (2, False),
             "two workers and poison": (2, True)}
    rates = {kind: [] for kind in kinds}
    for number in range(options.rounds):
        for kind, (count, with_poison) in kinds.items():
            place = folder / f"{number} {kind}"
            place.mkdir()
            rates[kind].append(rate(program, sent, place, count, with_poison))
            print(f"{number + 1}. {kind}: {rates[kind][-1]:.3f} submissions/s", flush=True)
            shutil.rmtree(place / "originals", ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    one, two, poisoned = (statistics.median(rates[kind]) for kind in kinds)
    print(f"{os.cpu_count()} cores, {platform.machine()}; {options.submissions} submissions, "
          f"seed {options.seed}, medians of {options.rounds}")
    print(f"two workers by one: {two / one:.2f}")
    print(f"with poison by without: {poisoned / two:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
