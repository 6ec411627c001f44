#!/usr/bin/env python3
"""Completes simulated submissions with one page, and compares with what was whole from the start.

Usage: completions.py BUILD_DIR [--count N] [--seed S]
Submissions without a fault are made, scanned by office machines, poor ones and phones. Each is
handed in with one form page lacking, or with the empty page of the blank in its place; then the
page comes alone (`cases add`). The verdict, what is lacking, and every value must be those of the
same submission when it was handed in whole; every page must be accounted for. Then the earlier
contents fall due: after `purge` all that counts must still be there, and the report the same.
"""
import argparse
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

FORMS = pathlib.Path(__file__).resolve().parents[2] / "data" / "forms"


def run(*words, ok=(0, 1)):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode not in ok:
        raise SystemExit(f"{words}: {done.stderr[-2000:]}")
    return done.stdout


def essence(report):
    """What a report says, whatever the files are called."""
    fields = {}
    for agreement in report["agreements"]:
        for point in agreement["points"]:
            for field in point["fields"]:
                place = f"{agreement['form']}/{point['point']}/{field['field']}"
                fields[place] = (field["verdict"], field["normalized"])
    grave = sorted(f["code"] for f in report["findings"] if f["severity"] != "info")
    return {"verdict": report["verdict"], "fields": fields, "findings": grave}


def pages_named(report):
    named = {(p["file"], p["page"]) for a in report["agreements"] for p in a["pages"] if p["file"]}
    return named | {(f["file"], f["page"]) for f in report["findings"] if f["page"]}


class Completion:
    """A submission, and the page of it that comes later."""

    def __init__(self, folder, whole, dice):
        self.id, self.whole = folder.name, whole
        asked = {(f["evidence"]["file"], f["evidence"]["page"]) for a in whole["agreements"]
                 for p in a["points"] for f in p["fields"] if f["evidence"]}
        pages = [(agreement, page) for agreement in whole["agreements"]
                 for page in agreement["pages"] if (page["file"], page["page"]) in asked]
        agreement, page = dice.choice(pages)
        self.file, self.page, self.form_page = page["file"], page["page"], page["form_page"]
        self.blank = FORMS / f"{agreement['form']}-{agreement['version']}" / "blank.pdf"
        self.is_empty_page = dice.random() < 0.5

    def split(self, folder, first, later):
        """The first hand-in and the later one, as folders."""
        shutil.copytree(folder, first / self.id)
        source, target = folder / self.file, first / self.id / self.file
        count = int(run("qpdf", "--show-npages", source))
        before = [source, f"1-{self.page - 1}"] if self.page > 1 else []
        after = [source, f"{self.page + 1}-z"] if self.page < count else []
        between = [self.blank, self.form_page] if self.is_empty_page else []
        if before or after or between:
            run("qpdf", "--empty", "--pages", *before, *between, *after, "--", target)
        else:
            target.unlink()
        (later / self.id).mkdir(parents=True)
        run("qpdf", "--empty", "--pages", source, self.page, "--", later / self.id / "sida.pdf")


def reports_of(program, store, completions):
    return {c.id: json.loads(run(program, "submissions", "show", c.id, "--store", store, "--format",
                                 "json")) for c in completions}


def judge(completion, now):
    faults = []
    expected, got = essence(completion.whole), essence(now)
    if got["verdict"] != expected["verdict"]:
        faults.append(f"verdict {got['verdict']} instead of {expected['verdict']}")
    for place, value in expected["fields"].items():
        if got["fields"].get(place) != value:
            faults.append(f"{place} {got['fields'].get(place, ('none',))[0]} instead of {value[0]}")
    if "page_missing" in got["findings"]:
        faults.append("a page is called missing")
    for file in now["submission"]["files"]:
        for page in range(1, file["pages"] + 1):
            if (file["name"], page) not in pages_named(now):
                faults.append(f"page {page} of a file is lost")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    build, folder = options.build.resolve(), pathlib.Path(tempfile.mkdtemp(prefix="completions-"))
    try:
        return measure(build, folder, options)
    finally:
        shutil.rmtree(folder)


def measure(build, folder, options):
    program, corpus, store = build / "avtalskoll", folder / "corpus", folder / "store.db"
    run(build / "avtalskoll-simulate", "--out", corpus, "--count", options.count, "--seed",
        options.seed, "--defective", 0, "--tiers", "office", "poor", "phone")
    (corpus / "truth.json").unlink()
    run(program, "check", corpus, "--out", folder / "whole")
    dice = random.Random(options.seed)
    completions = []
    for path in sorted(corpus.iterdir()):
        whole = json.loads((folder / "whole" / path.name / "report.json").read_text())
        if any(f["code"] == "page_doubled" for f in whole["findings"]):
            shutil.rmtree(path)  # without one of two copies nothing is lacking
        elif any(p["file"] for a in whole["agreements"] for p in a["pages"]):
            completions.append(Completion(path, whole, dice))
    for c in completions:
        c.split(corpus / c.id, folder / "first", folder / "later")
    empty = folder / "empty"
    empty.mkdir()

    def watch(inbox):
        run(program, "watch", inbox, "--once", "--quiet-seconds", 0, "--store", store)

    watch(folder / "first")
    first = reports_of(program, store, completions)
    for c in completions:
        run(program, "cases", "add", c.id, folder / "later" / c.id / "sida.pdf", "--store", store)
    watch(empty)
    now = reports_of(program, store, completions)
    wrong = 0
    for c in completions:
        faults = judge(c, now[c.id])
        if first[c.id]["verdict"] not in ("incomplete", "review"):
            faults.append(f"the first hand-in was called {first[c.id]['verdict']}")
        wrong += bool(faults)
        for fault in faults:
            print(f"{c.id} ({'empty' if c.is_empty_page else 'lacking'} page): {fault}")
    return purge(program, store, completions, now, wrong)


def purge(program, store, completions, now, wrong):
    with sqlite3.connect(store) as database:
        database.execute("UPDATE earlier SET received_at = '2020-01-01T00:00:00Z'")
    print(run(program, "purge", "--older-than", 30, "--store", store).strip())
    lost = sum(report != now[key]
               for key, report in reports_of(program, store, completions).items())
    with sqlite3.connect(store) as database:
        shas = [sha for (sha,) in database.execute("SELECT sha256 FROM files")]
    lost += sum(not (pathlib.Path(f"{store}.files") / sha[:2] / sha).exists() for sha in shas)
    verdicts = [report["verdict"] for report in now.values()]
    print(f"{len(completions)} completions: {len(completions) - wrong} as if whole from the start, "
          f"{wrong} otherwise; {verdicts.count('complete')} complete; {lost} things lost by the "
          f"purge")
    return 1 if wrong or lost else 0


if __name__ == "__main__":
    sys.exit(main())
