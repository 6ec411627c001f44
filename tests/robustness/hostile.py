#!/usr/bin/env python3
"""Checks every file in a folder of odd, damaged and hostile documents and counts the results.

Usage: hostile.py BUILD_DIR FOLDER [--cap SECONDS] [--out DIR] [-- OPTIONS OF check]
Fails when the program crashes, when a file has no whole report, is called complete or takes longer
than the cap, or when a page is called blank on which a reference renderer (mutool) sees something.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

BLANK_INK = 0.0002  # share of pixels darker than half: specks, the edge of a page number


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def reference_ink(file, page):
    """Returns the share of dark pixels on the page as mutool draws it at 50 dpi.

    The edges are left out, since those of a scan are dark. None when mutool cannot draw the page.
    """
    try:
        drawn = subprocess.run(
            [
                "mutool",
                "draw",
                "-q",
                "-r",
                "50",
                "-c",
                "gray",
                "-F",
                "pgm",
                "-o",
                "-",
                file,
                str(page),
            ],
            capture_output=True,
            timeout=20,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired:
        return None
    fields = drawn.split(maxsplit=4)
    if len(fields) < 5 or fields[0] != b"P5":
        return None
    width, height = int(fields[1]), int(fields[2])
    rows, edge = drawn[-width * height :], 0.07
    pixels = b"".join(
        rows[y * width + int(edge * width) : (y + 1) * width - int(edge * width)]
        for y in range(int(edge * height), height - int(edge * height))
    )
    return sum(value < 128 for value in pixels) / max(1, len(pixels))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--cap", type=float, default=60, help="most seconds that a file may take")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("options", nargs="*")
    options = parser.parse_args()
    out = options.out or pathlib.Path(tempfile.mkdtemp(prefix="hostile-"))
    files = {path.name.removesuffix(".pdf"): path for path in sorted(options.folder.rglob("*.pdf"))}
    run = subprocess.run(
        [
            options.build / "avtalskoll",
            "check",
            "--each-file",
            options.folder,
            "--out",
            out,
            "--personal-data",
            "no",
            "--format",
            "csv",
            *options.options,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    faults, verdicts, codes, seconds, blanks = (
        [],
        collections.Counter(),
        collections.Counter(),
        [],
        0,
    )
    if run.returncode not in (0, 1):
        faults.append(f"the program ended with {run.returncode}: {run.stderr.strip()[-300:]}")
    for name, file in files.items():
        try:
            report = json.loads((out / name / "report.json").read_text())
        except (OSError, ValueError) as e:
            faults.append(f"{file.name}: no whole report: {e}")
            continue
        verdicts[report["verdict"]] += 1
        codes.update({finding["code"] for finding in report["findings"]})
        seconds.append(report["timing"]["total_ms"] / 1000)
        if report["verdict"] == "complete":
            faults.append(f"{file.name}: called complete")
        if report["verdict"] == "rejected" and all(
            finding["severity"] == "info" for finding in report["findings"]
        ):
            faults.append(f"{file.name}: rejected without a reason")
        if seconds[-1] > options.cap:
            faults.append(f"{file.name}: took {seconds[-1]:.1f} s")
        for finding in report["findings"]:
            if finding["code"] == "blank_page":
                blanks += 1
                ink = reference_ink(file, finding["page"])
                if ink is not None and ink > BLANK_INK:
                    faults.append(
                        f"{file.name}: page {finding['page']} called blank, "
                        f"mutool sees {100 * ink:.2f} % ink"
                    )
    print(
        f"{len(files)} files: "
        + ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    )
    print(
        "findings (files): " + ", ".join(f"{code} {count}" for code, count in codes.most_common())
    )
    if seconds:
        print(
            f"seconds a file: p50 {quantile(seconds, 0.5):.2f}, "
            f"p95 {quantile(seconds, 0.95):.2f}, max {max(seconds):.2f}"
        )
    print(f"pages called blank: {blanks}")
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
