#!/usr/bin/python3
"""Judges signature places on pages of other people, for which no form is registered.

Compares marked signature boxes with equal boxes of print and of empty paper. Needs python3-pil and
python3-numpy (Debian).

    strange_pages.py build/release/avtalskoll PAGES
    strange_pages.py build/release/avtalskoll SIGNATURES

A folder with boxes.json holds pages:
    {file: {"size": [w, h], "boxes": [{"tag": "signature"|…, "box": shares of the page}]}}
A folder without it holds pictures of one signature each.
"""
import argparse
import collections
import json
import pathlib
import random
import subprocess

import numpy as np
from PIL import Image


def judge(program, image, boxes):
    arguments = [program, "signature", str(image), "--format", "json"]
    for box in boxes:
        arguments += ["--box", ",".join(str(round(v)) for v in box)]
    return json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)[
        "places"
    ]


def equal_boxes(picture, box, taken, dice, inked):
    """Finds up to two boxes of the same size that touch no marked one.

    They hold print when `inked` is set, else nothing.
    """
    w, h = int(box[2]), int(box[3])
    found = []
    for _ in range(400):
        x, y = dice.randrange(0, max(1, picture.shape[1] - w)), dice.randrange(
            0, max(1, picture.shape[0] - h)
        )
        if any(
            x < t[0] + t[2] and t[0] < x + w and y < t[1] + t[3] and t[1] < y + h for t in taken
        ):
            continue
        ink = np.mean(picture[y : y + h, x : x + w] < 140)
        if (ink > 0.03) if inked else (ink < 0.0005):
            found.append((x, y, w, h))
            if len(found) == 2:
                break
    return found


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="list every place")
    options = parser.parse_args()
    dice = random.Random(options.seed)
    counts = collections.defaultdict(collections.Counter)
    marked = options.folder / "boxes.json"
    if marked.exists():
        tasks = json.loads(marked.read_text(encoding="utf-8"))
    else:
        tasks = {p.name: None for p in sorted(options.folder.iterdir())}
    for name, page in sorted(tasks.items()):
        places = [("cutting", None)]
        if page:
            picture = np.array(Image.open(options.folder / name).convert("L"))
            high, wide = picture.shape
            own = [
                (
                    b["tag"],
                    (
                        b["box"][0] * wide,
                        b["box"][1] * high,
                        b["box"][2] * wide,
                        b["box"][3] * high,
                    ),
                )
                for b in page["boxes"]
            ]
            taken = [box for _, box in own]
            places = list(own)
            for tag, box in own:
                if tag == "signature":
                    places += [("print", b) for b in equal_boxes(picture, box, taken, dice, True)]
                    places += [
                        ("empty paper", b) for b in equal_boxes(picture, box, taken, dice, False)
                    ]
        for (tag, _), place in zip(
            places, judge(options.program, options.folder / name, [b for _, b in places if b])
        ):
            counts[tag][place["verdict"]] += 1
            if options.show:
                print(name, tag, place)
    print("| place | n | signed | doubtful | empty |\n|---|---|---|---|---|")
    for tag, c in sorted(counts.items()):
        print(f"| {tag} | {sum(c.values())} | {c['signed']} | {c['doubtful']} | {c['empty']} |")


if __name__ == "__main__":
    main()
