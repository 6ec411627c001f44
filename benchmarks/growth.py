#!/usr/bin/env python3
"""Measures the cost of a page with 2, 20 and 200 registered forms.

It makes up agreements, imports them, and checks the same submissions with each number of forms.

Usage: growth.py BUILD_DIR [--forms N N N] [--submissions N] [--seed S] [--out DIR]
Writes DIR/growth.md. Each agreement has three pages of made-up words. Every tenth agreement is a
later version of the one before.
"""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import tempfile
import time

from compare import ENVIRONMENT, peak_memory_mb

SYLLABLES = (
    "av be da en fi gra han in jord kar la mark nät om plan re sam tal ut vat yt åt är ör lag data "
    "form kart stad vik berg"
).split()


def pdf_text(text):
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


class Agreement:
    """A made-up blank form with headings, paragraphs and labelled boxes: a PDF with text."""

    def __init__(self, seed, title):
        self.random, self.title = random.Random(seed), title
        self.words = [
            ("".join(self.random.choices(SYLLABLES, k=self.random.randint(1, 4))))
            for _ in range(400)
        ]
        self.pages = [self.page(number) for number in (1, 2, 3)]

    def sentence(self, words):
        return " ".join(self.random.choices(self.words, k=words)).capitalize() + "."

    def page(self, number):
        self.y, self.content = 790, b""
        if number == 1:
            self.line(self.title, size=18, bold=True)
        for i in range(3):
            point = 3 * (number - 1) + i + 1
            self.y -= 12
            fields = (
                ["Organisation", "Organisationsnummer"]
                if point == 1
                else ["Namn", "E-post", "Telefon"]
                if point == 5
                else ["Namnteckning"]
                if point == 9
                else []
            )
            self.line(
                f"{point} "
                + (
                    "Uppgifter om organisationen"
                    if point == 1
                    else "Kontaktperson"
                    if point == 5
                    else "Underskrift"
                    if point == 9
                    else self.sentence(2)
                ),
                12,
                True,
            )
            for _ in range(self.random.randint(5, 10)):
                self.line(self.sentence(self.random.randint(6, 10))[:95], 9)
            for label in fields:
                self.y -= 26
                self.content += b"60 %d 470 34 re S\n" % (self.y - 8)
                self.text(label, 64, self.y + 16, 7, False)
                self.y -= 16
        return self.content

    def text(self, text, x, y, size, bold):
        self.content += b"BT /F%d %d Tf %d %d Td (%s) Tj ET\n" % (
            2 if bold else 1,
            size,
            x,
            y,
            pdf_text(text),
        )

    def line(self, text, size, bold=False):
        self.y -= round(1.4 * size)
        self.text(text, 60, self.y, size, bold)

    def write(self, path):
        fonts = (
            b"<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
            b"/Encoding /WinAnsiEncoding >> /F2 << /Type /Font /Subtype /Type1 "
            b"/BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >> >>"
        )
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 3 /Kids [3 0 R 5 0 R 7 0 R] >>",
        ]
        for i, content in enumerate(self.pages):
            objects.append(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                b"/Resources << /Font %s >> >>" % (4 + 2 * i, fonts)
            )
            objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        out, places = b"%PDF-1.4\n", []
        for number, body in enumerate(objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(
            b"%010d 00000 n \n" % place for place in places
        )
        path.write_bytes(
            out
            + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
            % (len(objects) + 1, table)
        )

    def next_version(self):
        """Changes the print of one paragraph."""
        page = self.pages[1].split(b"\n")
        at = len(page) // 2
        page[at : at + 2] = [
            line[: line.index(b"(")] + b"(" + pdf_text(self.sentence(8)) + b") Tj ET"
            if b"(" in line
            else line
            for line in page[at : at + 2]
        ]
        self.pages[1] = b"\n".join(page)


def add_forms(program, registered, folder, count, seed):
    """Fills `folder` with the registered agreements and made-up ones, `count` in all."""
    shutil.copytree(registered, folder)
    forms = sum(1 for p in folder.iterdir() if p.is_dir())
    blank = folder.parent / "blank.pdf"
    agreement, name = None, ""
    for number in range(forms, count):
        if number % 10 == 0 and agreement:
            agreement.next_version()
            version = "2.0"
        else:
            name, version = f"avtal{number}", "1.0"
            agreement = Agreement(
                seed + number, f"Avtal om {SYLLABLES[number % len(SYLLABLES)]}{number}"
            )
        agreement.write(blank)
        made = subprocess.run(
            [program, "form", "import", blank, "--id", name, "--version", version, "--out", folder],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode not in (0, 1) or not (folder / f"{name}-{version}").is_dir():
            raise SystemExit(f"growth.py: {made.stderr}")
    shutil.copy(registered / "requirements.yaml", folder)  # the same agreements are required


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("build", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--forms", type=int, nargs="+", default=[2, 20, 200])
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--seed", type=int, default=5151)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("benchmarks/results"))
    options = parser.parse_args()
    program = options.build / "avtalskoll"
    registered = pathlib.Path(__file__).resolve().parent.parent / "data" / "forms"
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        subprocess.run(
            [
                options.build / "avtalskoll-simulate",
                "--out",
                work / "corpus",
                "--count",
                str(options.submissions),
                "--seed",
                str(options.seed),
            ],
            check=True,
            env=ENVIRONMENT,
        )
        (work / "empty").mkdir()
        verdicts = None
        for count in options.forms:
            forms = work / f"forms{count}"
            add_forms(program, registered, forms, count, options.seed)
            started = time.monotonic()
            subprocess.run(
                [
                    program,
                    "check",
                    work / "empty",
                    "--forms",
                    forms,
                    "--jobs",
                    "2",
                    "--out",
                    work / "none",
                ],
                env=ENVIRONMENT,
                stdout=subprocess.DEVNULL,
                check=False,
            )
            start_s = time.monotonic() - started
            reports = work / f"reports{count}"
            memory = peak_memory_mb(
                [
                    program,
                    "check",
                    work / "corpus",
                    "--forms",
                    forms,
                    "--jobs",
                    "2",
                    "--out",
                    reports,
                ]
            )
            one = work / "one-thread"
            shutil.rmtree(one, ignore_errors=True)
            subprocess.run(
                [program, "check", work / "corpus", "--forms", forms, "--jobs", "1", "--out", one],
                env=ENVIRONMENT,
                stdout=subprocess.DEVNULL,
                check=False,
            )
            seen = [json.loads(p.read_text()) for p in sorted(one.glob("*/report.json"))]
            pages = sum(len(r["timing"]["pages"]) for r in seen)
            said = {r["submission"]["id"]: r["verdict"] for r in seen}
            verdicts = verdicts or said
            rows.append(
                (
                    count,
                    start_s,
                    sum(r["timing"]["match_ms"] for r in seen) / pages,
                    sum(r["timing"]["total_ms"] for r in seen) / pages,
                    memory,
                    sum(said[k] != verdicts[k] for k in said),
                )
            )
            print(rows[-1], flush=True)
    lines = [
        f"{options.submissions} simulated submissions, {pages} pages, seed {options.seed}.",
        "",
        "| registered forms | start, s (2 threads) | match, ms a page | all, ms a page (1 thread) "
        "| peak memory, MB (2 threads) | verdicts that changed |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {c} | {s:.1f} | {m:.1f} | {t:.1f} | {mb:.0f} | {d} |" for c, s, m, t, mb, d in rows
    ]
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "growth.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
