#!/usr/bin/python3
"""Makes the tables and the curve of docs/accuracy.md from the counts of avtalskoll-score.

    figures.py OUT --curve docs/caution.svg > figures.md

OUT holds NAME/caution-X.json for each corpus NAME and each caution X (tests/accuracy/run.sh).
"""
import argparse
import json
import math
import pathlib

CLEAN, POOR = ("clean", "office"), ("poor", "fax", "phone")


def share(part, whole):
    """Returns a share with its 95 % interval (Wilson 1927)."""
    if not whole:
        return "-"
    z, p = 1.96, part / whole
    d = 1 + z * z / whole
    middle = (p + z * z / (2 * whole)) / d
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / d
    low, high = 100 * max(0, middle - half), 100 * min(1, middle + half)
    return f"{100 * p:.1f} % [{low:.1f}, {high:.1f}] of {whole}"


def added(tallies, tiers):
    total = {}
    for tier in tiers:
        for key, count in tallies.get(tier, {}).items():
            total[key] = total.get(key, 0) + count
    return lambda key: total.get(key, 0)


def rows_of(t):
    unsigned = t("unsigned ok") + t("unsigned unclear") + t("unsigned missing")
    signed = t("signed ok") + t("signed unclear") + t("signed missing")
    return [
        (
            "incomplete passed as complete",
            f"{t('FALSE COMPLETE')} of {t('submissions') - t('complete')}",
        ),
        ("straight-through", share(t("straight"), t("submissions"))),
        ("complete passed without a person", share(t("complete passed"), t("complete"))),
        (
            "complete called incomplete, or wrong reason",
            share(t("false incomplete") + t("wrong reason"), t("submissions")),
        ),
        ("field values exact", share(t("exact"), t("values"))),
        ("strict value `ok` but wrong", share(t("strict ok wrong"), t("strict ok"))),
        (
            "text value with `value_confidence` ≥ 0.9 but wrong",
            share(t("text sure wrong"), t("text sure")),
        ),
        ("unsigned place called signed", f"{t('unsigned ok')} of {unsigned}"),
        ("signed place called signed", share(t("signed ok"), signed)),
        (
            "signed place called doubtful / missing",
            f"{t('signed unclear')} / {t('signed missing')}",
        ),
    ]


def print_table(name, score):
    columns = [added(score["tallies"], CLEAN), added(score["tallies"], POOR)]
    print(f"### {name}\n\n| | clean, office | poor, fax, phone |\n|---|---|---|")
    for left, right in zip(*(rows_of(c) for c in columns)):
        print(f"| {left[0]} | {left[1]} | {right[1]} |")
    print()


def print_reliability(name, score):
    print(f"### Calibration of `value_confidence`: {name}\n")
    print("| kind, scans | said | seen |\n|---|---|---|")
    for kind in ("strict", "text"):
        for label, tiers in (("clean, office", CLEAN), ("poor, fax, phone", POOR)):
            for number in range(7):
                bins = [
                    b
                    for b in score["reliability"]
                    if b["kind"] == kind and b["tier"] in tiers and b["bin"] == number
                ]
                values = sum(b["values"] for b in bins)
                if values:
                    said = sum(b["said"] * b["values"] for b in bins) / values
                    seen = share(sum(b["exact"] for b in bins), values)
                    print(f"| {kind}, {label} | {said:.3f} | {seen} |")
    print()


def draw_curve(scores, file):
    """Draws the share of submissions sent to a person against wrong passes, one point a caution.

    Wrong passes are strict values that are `ok` but wrong, unsigned places called signed, and
    incomplete submissions called complete.
    """
    points = []
    for caution, score in sorted(scores.items()):
        t = added(score["tallies"], CLEAN + POOR)
        wrong = t("strict ok wrong") + t("unsigned ok") + t("FALSE COMPLETE")
        points.append((caution, 100 * t("review") / max(1, t("submissions")), wrong))
    wide, high, left, low = 640, 360, 70, 60
    most_x = max(10, max(p[1] for p in points) * 1.15)
    most_y = max(3, max(p[2] for p in points) * 1.15)
    place = lambda x, y: (
        left + x / most_x * (wide - left - 20),
        high - low - y / most_y * (high - low - 40),
    )
    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    svg.append(f'<path d="M{left} 20V{high - low}H{wide - 20}" fill="none" stroke="#444"/>')
    for i in range(5):
        x, _ = place(most_x * i / 4, 0)
        _, y = place(0, most_y * i / 4)
        svg.append(
            f'<text x="{x:.0f}" y="{high - low + 18}" text-anchor="middle">'
            f"{most_x * i / 4:.0f} %</text>"
        )
        svg.append(
            f'<text x="{left - 8}" y="{y + 4:.0f}" text-anchor="end">{most_y * i / 4:.1f}</text>'
        )
    svg.append(
        f'<text x="{(left + wide) / 2}" y="{high - 12}" text-anchor="middle">'
        "submissions sent to a person</text>"
    )
    svg.append(
        f'<text x="16" y="{(high - low) / 2}" text-anchor="middle" '
        f'transform="rotate(-90 16 {(high - low) / 2})">wrong passes</text>'
    )
    svg.append(
        '<polyline fill="none" stroke="#06c" stroke-width="2" points="'
        + " ".join("%.1f,%.1f" % place(x, y) for _, x, y in points)
        + '"/>'
    )
    for caution, x, y in points:
        px, py = place(x, y)
        svg.append(
            f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="#06c"/>'
            f'<text x="{px + 6:.1f}" y="{py - 7:.1f}">{caution:g}</text>'
        )
    svg.append("</svg>")
    file.write_text("\n".join(svg) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--curve", type=pathlib.Path, required=True)
    options = parser.parse_args()
    pooled = {}
    for corpus in sorted(p for p in options.out.iterdir() if (p / "caution-1.json").exists()):
        score = json.loads((corpus / "caution-1.json").read_text(encoding="utf-8"))
        print_table(corpus.name, score)
        print_reliability(corpus.name, score)
        for file in corpus.glob("caution-*.json"):
            tallies = pooled.setdefault(float(file.stem[len("caution-") :]), {"tallies": {}})[
                "tallies"
            ]
            for tier, counts in json.loads(file.read_text(encoding="utf-8"))["tallies"].items():
                for key, count in counts.items():
                    tallies.setdefault(tier, {}).setdefault(key, 0)
                    tallies[tier][key] += count
    print(
        "### Caution\n\n| `--caution` | to a person | incomplete passed | strict `ok` but wrong "
        "| unsigned called signed | complete passed |\n|---|---|---|---|---|---|"
    )
    for caution, score in sorted(pooled.items()):
        t = added(score["tallies"], CLEAN + POOR)
        print(
            f"| {caution:g} | {share(t('review'), t('submissions'))} | {t('FALSE COMPLETE')} "
            f"| {t('strict ok wrong')} of {t('strict ok')} | {t('unsigned ok')} "
            f"| {share(t('complete passed'), t('complete'))} |"
        )
    print(
        f"\n![Submissions sent to a person against wrong passes, by caution]({options.curve.name})"
    )
    draw_curve(pooled, options.curve)


if __name__ == "__main__":
    main()
