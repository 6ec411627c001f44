#!/usr/bin/env python3
"""Compares the throughput of avtalskoll with that of scripts which one could write instead.

All programs get the same files and the same cores, one after the other. Wrong answers are not
timed: the program stops instead.

Usage: compare.py BUILD_DIR [--submissions N] [--peer-submissions N] [--seed S]
                  [--memory-submissions N N] [--out DIR]
Writes DIR/results.json, DIR/results.md and pictures (SVG). The peers are poppler-utils, tesseract,
GNU parallel and OCRmyPDF.
"""
import argparse
import json
import os
import pathlib
import platform
import resource
import shutil
import subprocess
import tempfile
import time

ENVIRONMENT = dict(os.environ, OMP_THREAD_LIMIT="1")


def run(command, **options):
    """Runs a command. Returns wall clock, CPU seconds (with all children), exit status, errors."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        command,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **options,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "wall_s": time.monotonic() - start,
        "cpu_s": cpu,
        "status": done.returncode,
        "said": done.stderr,
    }


def tree_memory_kb(root):
    """Returns the proportional memory of a process and all its descendants."""
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        try:
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total


def peak_memory_mb(command):
    process = subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, tree_memory_kb(process.pid))
        time.sleep(0.05)
    return peak / 1024


def pages_in(pdf):
    for line in subprocess.run(
        ["pdfinfo", pdf], capture_output=True, text=True, check=True
    ).stdout.splitlines():
        if line.startswith("Pages:"):
            return int(line.split()[1])
    return 0


def version_of(*command):
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return (said.stdout + said.stderr).splitlines()[0].strip()


def copies(corpus, folder, count):
    """Makes a batch of `count` submissions: copies of the corpus, each with an id of its own."""
    originals = sorted(p for p in corpus.iterdir() if p.is_dir())
    for i in range(count):
        made = folder / f"c{i:05}"
        made.mkdir(parents=True)
        for file in originals[i % len(originals)].iterdir():
            if file.suffix == ".pdf":
                (made / file.name).symlink_to(file)
            else:
                account = json.loads(file.read_text())
                account["id"] = made.name
                (made / file.name).write_text(json.dumps(account))
    return folder


def bars(title, unit, rows):
    """Returns a picture (SVG) of horizontal bars."""
    top, step, left, wide = 40, 30, 260, 640
    most = max(value for _, value in rows)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + wide + 120}" '
        f'height="{top + step * len(rows) + 10}" font-family="sans-serif" font-size="14">',
        f'<text x="10" y="24" font-size="16">{title}</text>',
    ]
    for i, (name, value) in enumerate(rows):
        y = top + i * step
        out.append(f'<text x="{left - 8}" y="{y + 16}" text-anchor="end">{name}</text>')
        out.append(
            f'<rect x="{left}" y="{y + 3}" width="{max(1, wide * value / most):.1f}" '
            'height="18" fill="#27619b"/>'
        )
        out.append(
            f'<text x="{left + wide * value / most + 6:.1f}" y="{y + 17}">{value:.3g} {unit}</text>'
        )
    return "\n".join(out + ["</svg>"]) + "\n"


class Comparison:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.program = options.build / "avtalskoll"
        self.corpus = work / "corpus"
        self.results = {}

    def check(self, folder, jobs, out="reports", extra=()):
        return run(
            [self.program, "check", folder, "--out", self.work / out, "--jobs", str(jobs), *extra]
        )

    def make_corpus(self):
        command = [
            self.options.build / "avtalskoll-simulate",
            "--out",
            self.corpus,
            "--count",
            str(self.options.submissions),
            "--seed",
            str(self.options.seed),
        ]
        subprocess.run(command, check=True, env=ENVIRONMENT)
        self.files = sorted(self.corpus.glob("*/*.pdf"))
        self.pages = sum(pages_in(file) for file in self.files)
        self.some = sorted(self.corpus.glob("*/"))[: self.options.peer_submissions]
        self.some_files = [file for folder in self.some for file in sorted(folder.glob("*.pdf"))]
        self.some_pages = sum(pages_in(file) for file in self.some_files)

    def verify(self):
        """Stops the program when answers are wrong: only right answers are timed."""
        self.check(self.corpus, 2)
        score = self.work / "score.json"
        subprocess.run(
            [
                self.options.build / "avtalskoll-score",
                self.corpus / "truth.json",
                self.work / "reports",
                "--json",
                score,
            ],
            check=False,
            stdout=subprocess.DEVNULL,
        )
        truth = json.loads((self.corpus / "truth.json").read_text())
        passed = [
            s
            for s in truth
            if json.loads((self.work / "reports" / s / "report.json").read_text())["verdict"]
            == "complete"
            and not truth[s]["complete"]
        ]
        if passed:
            raise SystemExit(
                f"compare.py: incomplete submissions were passed as complete ({len(passed)}); "
                "nothing is timed"
            )
        right = fields = 0
        for s, expected in truth.items():
            for agreement in json.loads((self.work / "reports" / s / "report.json").read_text())[
                "agreements"
            ]:
                for point in agreement["points"]:
                    for field in point["fields"]:
                        known = (
                            (expected["agreements"].get(agreement["form"]) or {}).get(
                                point["point"]
                            )
                            or {}
                        ).get(field["field"])
                        fields += known is not None
                        right += known is not None and known["status"] == field["verdict"]
        if right < 0.9 * fields:
            raise SystemExit(
                f"compare.py: only {right} of {fields} verdicts are right; nothing is timed"
            )
        self.results["verdicts_right"] = right / fields

    def product(self):
        for jobs in (1, 2):
            best = min(
                (self.check(self.corpus, jobs) for _ in range(self.options.repeat)),
                key=lambda r: r["wall_s"],
            )
            self.results[f"product_{jobs}"] = {
                "ms_a_page": 1000 * best["cpu_s"] / self.pages,
                "submissions_s": self.options.submissions / best["wall_s"],
                "pages_s": self.pages / best["wall_s"],
            }
        on_some = run(
            [self.program, "check", *self.some, "--out", self.work / "some", "--jobs", "1"]
        )
        self.results["product_on_peers_files"] = {
            "ms_a_page": 1000 * on_some["cpu_s"] / self.some_pages
        }

    def peers(self):
        drawn = self.work / "drawn"
        drawn.mkdir()
        files = [str(file) for file in self.some_files]
        cpu = sum(
            run(["pdftoppm", "-r", "150", "-gray", file, drawn / f"a{i}"])["cpu_s"]
            for i, file in enumerate(files)
        )
        self.results["pdftoppm_150"] = {"ms_a_page": 1000 * cpu / self.some_pages}
        shutil.rmtree(drawn)
        drawn.mkdir()
        script = (
            'i=0; for f in "$@"; do pdftoppm -r 300 -gray "$f" %s/p$i; i=$((i+1)); done; '
            "ls %s/*.pgm | parallel -j2 tesseract {} {} -l swe+eng" % (drawn, drawn)
        )
        self.results["script"] = {
            "ms_a_page": 1000
            * run(["bash", "-c", script, "bash", *files])["cpu_s"]
            / self.some_pages
        }
        shutil.rmtree(drawn)
        drawn.mkdir()
        if shutil.which("ocrmypdf"):
            cpu = sum(
                run(
                    [
                        "ocrmypdf",
                        "--rotate-pages",
                        "--deskew",
                        "-l",
                        "swe+eng",
                        "--jobs",
                        "2",
                        file,
                        drawn / f"{i}.pdf",
                    ]
                )["cpu_s"]
                for i, file in enumerate(files)
            )
            self.results["ocrmypdf"] = {"ms_a_page": 1000 * cpu / self.some_pages}

    def memory(self):
        for count in self.options.memory_submissions:
            batch = copies(self.corpus, self.work / f"batch{count}", count)
            mb = peak_memory_mb(
                [self.program, "check", batch, "--out", self.work / "batch-reports", "--jobs", "2"]
            )
            self.results.setdefault("memory", []).append({"submissions": count, "peak_mb": mb})

    def long_document(self):
        """Measures when small submissions are done: alone, and after one long document."""
        mixed = copies(self.corpus, self.work / "mixed", 20)
        long = self.work / "long"
        long.mkdir()
        pages = []
        while sum(pages_in(file) for file in pages) < self.options.long_pages:
            pages.append(self.files[len(pages) % len(self.files)])
        subprocess.run(
            ["qpdf", "--empty", "--pages", *[str(p) for p in pages], "--", long / "long.pdf"],
            check=True,
        )
        length = pages_in(long / "long.pdf")

        def small_ones_done(paths, out):
            start, seen, times = time.monotonic(), set(), []
            process = subprocess.Popen(
                [self.program, "check", *paths, "--out", out, "--jobs", "2", "--max-pages", "5000"],
                env=ENVIRONMENT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            while process.poll() is None or len(seen) < 20:
                for report in out.glob("c*/report.json"):
                    if report not in seen:
                        seen.add(report)
                        times.append(time.monotonic() - start)
                if (
                    process.poll() is not None
                    and len(seen) < 20
                    and len(list(out.glob("c*/report.json"))) < 20
                ):
                    break
                time.sleep(0.02)
            return max(times), time.monotonic() - start

        alone, _ = small_ones_done([mixed], self.work / "alone")
        beside, whole = small_ones_done([long, *sorted(mixed.iterdir())], self.work / "beside")
        self.results["long_document"] = {
            "pages": length,
            "small_ones_alone_s": alone,
            "small_ones_beside_s": beside,
            "all_s": whole,
        }

    def stages(self):
        total = {"draw": 0, "match": 0, "read": 0, "strange": 0, "open": 0}
        latencies = []
        for report in (self.work / "reports").glob("*/report.json"):
            timing = json.loads(report.read_text())["timing"]
            latencies.append(timing["total_ms"])
            for stage in total:
                total[stage] += timing[f"{stage}_ms"]
        latencies.sort()
        self.results["stages_ms_a_page"] = {stage: ms / self.pages for stage, ms in total.items()}
        self.results["latency_ms"] = {
            p: latencies[min(len(latencies) - 1, int(len(latencies) * int(p[1:]) / 100))]
            for p in ("p50", "p95", "p99")
        }

    def write(self):
        out, r, o = self.options.out, self.results, self.options
        out.mkdir(parents=True, exist_ok=True)
        r["machine"] = {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "system": platform.platform(),
            "seed": o.seed,
            "submissions": o.submissions,
            "pages": self.pages,
            "peer_pages": self.some_pages,
            "versions": [
                version_of(self.program, "--version"),
                version_of("pdftoppm", "-v"),
                version_of("tesseract", "--version"),
            ],
        }
        (out / "results.json").write_text(json.dumps(r, indent=1) + "\n")
        own, mine = r["product_1"]["ms_a_page"], r["product_on_peers_files"]["ms_a_page"]
        lines = [
            f"{o.submissions} simulated submissions, {self.pages} pages, seed {o.seed}; "
            f"peers on {self.some_pages} of them. {os.cpu_count()} cores, {platform.machine()}. "
            f"{'; '.join(r['machine']['versions'])}. "
            f"Verdicts right: {100 * r['verdicts_right']:.1f} %.",
            "",
            "| | CPU ms a page | avtalskoll takes |",
            "|---|---|---|",
            f"| avtalskoll, all pages | {own:.0f} | |",
            f"| avtalskoll, the peers' pages | {mine:.0f} | |",
        ]
        names = {
            "script": "script: pdftoppm -r 300, tesseract -l swe+eng, GNU parallel",
            "ocrmypdf": "OCRmyPDF --rotate-pages --deskew -l swe+eng",
            "pdftoppm_150": "pdftoppm -r 150 -gray alone",
        }
        for key, name in names.items():
            if key in r:
                ms = r[key]["ms_a_page"]
                if ms > mine:
                    compared = f"{ms / mine:.1f} times less"
                else:
                    compared = f"{mine / ms:.1f} times as much"
                lines.append(f"| {name} | {ms:.0f} | {compared} |")
        lines += [
            "",
            "| | |",
            "|---|---|",
            f"| pages a second, 1 and 2 threads | {r['product_1']['pages_s']:.1f}, "
            f"{r['product_2']['pages_s']:.1f} "
            f"({r['product_2']['pages_s'] / r['product_1']['pages_s']:.2f} times) |",
            f"| submissions a second, 2 threads | {r['product_2']['submissions_s']:.2f} |",
        ]
        for memory in r["memory"]:
            lines.append(
                f"| peak memory of all processes, {memory['submissions']} submissions, 2 threads "
                f"| {memory['peak_mb']:.0f} MB |"
            )
        long = r["long_document"]
        lines.append(
            f"| 20 small ones done: alone, and with one of {long['pages']} pages before them "
            f"| {long['small_ones_alone_s']:.1f} s, {long['small_ones_beside_s']:.1f} s |"
        )
        latency = r["latency_ms"]
        lines.append(
            f"| time of one submission, p50, p95, p99 | {latency['p50']:.0f}, "
            f"{latency['p95']:.0f}, {latency['p99']:.0f} ms |"
        )
        lines.append(
            "| ms a page, by stage | "
            + ", ".join(f"{stage} {ms:.1f}" for stage, ms in r["stages_ms_a_page"].items())
            + " |"
        )
        (out / "results.md").write_text("\n".join(lines) + "\n")
        rows = [("avtalskoll", mine)] + [
            (key.replace("_", " "), r[key]["ms_a_page"]) for key in names if key in r
        ]
        (out / "cpu.svg").write_text(bars("CPU milliseconds a page", "ms", rows))
        (out / "threads.svg").write_text(
            bars(
                "Pages a second against threads",
                "pages/s",
                [(f"{j} thread{'s' * (j > 1)}", r[f"product_{j}"]["pages_s"]) for j in (1, 2)],
            )
        )
        (out / "stages.svg").write_text(
            bars("Where a page's time goes (2 threads)", "ms", list(r["stages_ms_a_page"].items()))
        )
        (out / "memory.svg").write_text(
            bars(
                "Peak memory of all processes",
                "MB",
                [(f"{m['submissions']} submissions", m["peak_mb"]) for m in r["memory"]],
            )
        )
        print("\n".join(lines))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("build", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument(
        "--peer-submissions",
        type=int,
        default=4,
        help="how many of the submissions the slow peers get",
    )
    parser.add_argument("--seed", type=int, default=5150)
    parser.add_argument("--repeat", type=int, default=2, help="how many runs to take the best of")
    parser.add_argument("--memory-submissions", type=int, nargs="+", default=[20, 200])
    parser.add_argument("--long-pages", type=int, default=500)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("benchmarks/results"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        comparison = Comparison(options, pathlib.Path(work))
        for step in (
            comparison.make_corpus,
            comparison.verify,
            comparison.product,
            comparison.stages,
            comparison.peers,
            comparison.memory,
            comparison.long_document,
        ):
            print(f"{step.__name__.replace('_', ' ')} …", flush=True)
            step()
        comparison.write()


if __name__ == "__main__":
    main()
