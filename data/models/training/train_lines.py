#!/usr/bin/python3
"""Trains the line reader and writes it as ONNX.

The data set comes from avtalskoll-lines; shards that appear while training runs are taken up. Needs
python3-torch (Debian). The picture's shape is that of ocr/reading/line_picture.h.

    train_lines.py --data lines/ --test test/ --out data/models/line_reader.onnx --minutes 60

Writes the weights (.pt), the network (.onnx) and the learning curve (.csv) at every evaluation, so
it can be stopped at any time and continued with --start.
"""
import argparse
import csv
import pathlib
import struct
import time

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional

ROWS = 32
COLUMNS_PER_ANSWER = 2
HERE = pathlib.Path(__file__).parent
ALPHABET = "".join((HERE.parent / "line_reader.alphabet.txt").read_text(encoding="utf-8").split("\n"))
BLANK, UNKNOWN, FIRST = 0, 1, 2  # answers: no letter, a letter outside the alphabet, the alphabet
ANSWERS = FIRST + len(ALPHABET)
ANSWER_OF = {ord(letter): FIRST + i for i, letter in enumerate(ALPHABET)}


def depthwise(channels, size, dilation=1):
    """Looks along each feature, then mixes the features, and adds what it found."""
    pad = (size[0] // 2 * dilation, size[1] // 2 * dilation)
    return nn.Sequential(
        nn.Conv2d(channels, channels, size, 1, pad, dilation, groups=channels, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(inplace=True),
        nn.Conv2d(channels, channels, 1, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(inplace=True),
    )


def halving(inputs, outputs, size, step, pad):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, step, pad, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Reader(nn.Module):
    """Convolutions alone: inside it has a column for every four of the picture, and each of them
    answers for two."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            halving(1, 16, 5, 2, 2), halving(16, 32, 3, (2, 2), 1)
        )
        self.look = depthwise(32, (3, 3))
        self.lower = halving(32, 64, 3, (2, 1), 1)
        self.shapes = nn.ModuleList([depthwise(64, (3, 3)) for _ in range(2)])
        self.column = halving(64, 160, (4, 1), 1, 0)
        self.context = nn.ModuleList([depthwise(160, (1, 7), d) for d in (1, 1, 2, 1, 2, 1, 1)])
        self.drop = nn.Dropout(0.1)
        self.answer = nn.Conv2d(160, 2 * ANSWERS, 1)

    def forward(self, x):
        """x: lines x 1 x 32 x columns, 0 paper, 1 ink, columns a multiple of four. Returns
        lines x (2 * answers) x 1 x columns/4: the answers for two columns' pairs each."""
        x = self.stem(x)
        x = x + self.look(x)
        x = self.lower(x)
        for block in self.shapes:
            x = x + block(x)
        x = self.column(x)
        for block in self.context:
            x = x + block(x)
        return self.answer(self.drop(x))


def answers_in_order(raw):
    """lines x (2 * answers) x 1 x n -> lines x 2n x answers."""
    lines, _, _, n = raw.shape
    return raw.reshape(lines, 2, ANSWERS, n).permute(0, 3, 1, 2).reshape(lines, 2 * n, ANSWERS)


def read_shard(file):
    """A list of (picture, packed two to a byte; answers; centres; kind; tier)."""
    data, at, lines = file.read_bytes(), 0, []
    while at < len(data):
        width, letters, kind, tier = struct.unpack_from("<HBBB", data, at)
        at += 5
        text = np.frombuffer(data, "<u2", letters, at)
        at += 2 * letters
        centres = np.frombuffer(data, "<f4", letters, at)
        at += 4 * letters
        packed = np.frombuffer(data, np.uint8, ROWS * width // 2, at).reshape(ROWS, width // 2)
        at += ROWS * width // 2
        answers = np.array([ANSWER_OF.get(int(c), UNKNOWN) for c in text], np.int16)
        if letters:
            lines.append((packed, answers, centres, kind, tier))
    return lines


def unpacked(packed):
    picture = np.empty((ROWS, packed.shape[1] * 2), np.float32)
    picture[:, 0::2] = packed >> 4
    picture[:, 1::2] = packed & 15
    return picture / 15


def spliced(random, one, other):
    """The beginning of one line and the end of another, cut between letters: words that no list
    has."""
    (a, answers_a, centres_a), (b, answers_b, centres_b) = one, other
    if len(answers_a) < 4 or len(answers_b) < 4:
        return one
    i, j = random.integers(2, len(answers_a)), random.integers(1, len(answers_b) - 1)
    cut_a = int((centres_a[i - 1] + centres_a[i]) / 2) if i < len(centres_a) else a.shape[1]
    cut_b = int((centres_b[j - 1] + centres_b[j]) / 2)
    if cut_a < 8 or cut_b >= b.shape[1] - 8 or cut_a + b.shape[1] - cut_b > 900:
        return one
    # Where the cut goes through ink, the letters overlap: keep such a line whole.
    if a[:, max(0, cut_a - 1) : cut_a + 1].max() > 0.35 or b[:, cut_b : cut_b + 2].max() > 0.35:
        return one
    picture = np.concatenate([a[:, :cut_a], b[:, cut_b:]], 1)
    centres = np.concatenate([centres_a[:i], centres_b[j:] - cut_b + cut_a])
    return picture, np.concatenate([answers_a[:i], answers_b[j:]]), centres


def spaced(random, line):
    """More paper before the line, after it, or in one of its gaps."""
    picture, answers, centres = line
    room = int(random.integers(4, 90))
    free = np.flatnonzero(picture.max(0) < 0.05)
    if not len(free):
        return line
    at = int(random.choice([0, picture.shape[1], free[random.integers(len(free))]]))
    paper = np.zeros((picture.shape[0], room), np.float32)
    picture = np.concatenate([picture[:, :at], paper, picture[:, at:]], 1)
    return picture, answers, np.where(centres >= at, centres + room, centres)


def varied(random, line):
    """Another size, slant, weight, darkness; specks."""
    if random.random() < 0.12:
        line = spaced(random, line)
    picture, answers, centres = line
    rows, columns = picture.shape
    wide, high = random.uniform(0.85, 1.18), random.uniform(0.88, 1.1)
    slant, shift = random.normal(0, 0.05), random.normal(0, 1.0)
    if random.random() < 0.6:
        width = max(8, int(columns * wide))
        matrix = np.float32(
            [[wide, slant, -slant * rows / 2], [0, high, (1 - high) * rows / 2 + shift]]
        )
        picture = cv2.warpAffine(picture, matrix, (width, rows), flags=cv2.INTER_LINEAR)
        centres = centres * wide
    kind = random.random()
    if kind < 0.15:
        picture = cv2.GaussianBlur(picture, (0, 0), random.uniform(0.4, 1.1))
    elif kind < 0.22:
        picture = cv2.erode(picture, np.ones((2, 2), np.uint8))
    elif kind < 0.27:
        picture = cv2.dilate(picture, np.ones((2, 2), np.uint8))
    if random.random() < 0.4:
        picture = np.clip(picture * random.uniform(0.6, 1.4), 0, 1)
    if random.random() < 0.1:
        picture = picture.copy()
        for _ in range(random.integers(1, 6)):
            y, x = random.integers(0, rows), random.integers(0, picture.shape[1])
            picture[y : y + 2, x : x + random.integers(1, 3)] = random.uniform(0.3, 1)
    if random.random() < 0.03:
        picture = picture.copy()
        y, grey = random.integers(0, rows - 2), random.uniform(0.1, 0.6)
        picture[y : y + random.integers(1, 4)] = np.maximum(
            picture[y : y + 1] * 0 + grey, picture[y : y + random.integers(1, 2)]
        )
    return picture, answers, centres


def batch_of(lines):
    width = -(-max(line[0].shape[1] for line in lines) // 16) * 16
    pictures = np.zeros((len(lines), 1, ROWS, width), np.float32)
    for i, (picture, _, _) in enumerate(lines):
        pictures[i, 0, :, : picture.shape[1]] = picture
    # Depthwise convolutions are a third quicker when a pixel's features lie side by side.
    return torch.from_numpy(pictures).contiguous(memory_format=torch.channels_last)


def placed_targets(lines, columns):
    """For each answer column the letter whose middle it holds, else BLANK."""
    targets = np.zeros((len(lines), columns), np.int64)
    for i, (_, answers, centres) in enumerate(lines):
        at = np.clip((centres / COLUMNS_PER_ANSWER).astype(int), 0, columns - 1)
        targets[i, at] = answers
    return torch.from_numpy(targets)


def loss_of(net, lines, by_place):
    scores = answers_in_order(net(batch_of(lines)))
    if by_place:
        weights = torch.ones(ANSWERS)
        weights[BLANK] = 0.3
        return functional.cross_entropy(
            scores.flatten(0, 1), placed_targets(lines, scores.shape[1]).flatten(), weights
        )
    widths = torch.tensor([line[0].shape[1] // COLUMNS_PER_ANSWER for line in lines])
    return functional.ctc_loss(
        functional.log_softmax(scores, 2).transpose(0, 1),
        torch.from_numpy(np.concatenate([line[1] for line in lines]).astype(np.int64)),
        widths.clamp(max=scores.shape[1]),
        torch.tensor([len(line[1]) for line in lines]),
        zero_infinity=True,
    )


def best_path(scores):
    path = scores.argmax(1)
    return [int(a) for i, a in enumerate(path) if a != BLANK and (i == 0 or a != path[i - 1])]


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def evaluate(net, lines):
    """Shares of lines and of letters that the best path reads right; lines by kind."""
    net.eval()
    right, errors, letters, kinds = 0, 0, 0, {}
    order = sorted(range(len(lines)), key=lambda i: lines[i][0].shape[1])
    with torch.no_grad():
        for start in range(0, len(order), 32):
            chosen = [lines[i] for i in order[start : start + 32]]
            plain = [(unpacked(p), a, c) for p, a, c, _, _ in chosen]
            for scores, line in zip(answers_in_order(net(batch_of(plain))).numpy(), chosen):
                truth, read = line[1].tolist(), best_path(scores)
                wrong = distance(truth, read)
                right += wrong == 0
                errors += wrong
                letters += len(truth)
                of_kind = kinds.setdefault(line[3], [0, 0])
                of_kind[0] += wrong == 0
                of_kind[1] += 1
    net.train()
    by_kind = " ".join(f"{k}:{100 * r / n:.1f}" for k, (r, n) in sorted(kinds.items()))
    return right / len(lines), errors / letters, by_kind


class Lines:
    """The shards of a folder; the newest are used most, and each line about equally often."""

    def __init__(self, folder, random, held_shards=24):
        self.folder, self.random, self.held = folder, random, held_shards
        self.used, self.open, self.uses = {}, {}, {}

    def refresh(self):
        """Takes up shards that are new, and puts away those that were used most."""
        while not (files := sorted(self.folder.glob("lines-*.bin"))):
            time.sleep(1)
        for file in files:
            self.uses.setdefault(file, 0)
        wanted = sorted(files, key=lambda f: (self.uses[f], self.random.random()))[: self.held]
        self.open = {f: self.open.get(f) or read_shard(f) for f in wanted}

    def batch(self, size):
        file = list(self.open)[self.random.integers(len(self.open))]
        self.uses[file] += size
        shard = self.open[file]
        rows = self.random.integers(0, len(shard), 4 * size)
        rows = sorted(rows, key=lambda r: shard[r][0].shape[1])
        start = self.random.integers(0, 3 * size)  # lines of like widths
        lines = []
        for row in rows[start : start + size]:
            line = (unpacked(shard[row][0]), shard[row][1], shard[row][2])
            if self.random.random() < 0.35:
                other = shard[self.random.integers(len(shard))]
                line = spliced(self.random, line, (unpacked(other[0]), other[1], other[2]))
            lines.append(varied(self.random, line))
        return lines


def write_onnx(net, file):
    net.eval()
    torch.onnx.export(
        net,
        torch.zeros(1, 1, ROWS, 320),
        str(file),
        opset_version=11,
        input_names=["line"],
        output_names=["answers"],
        dynamic_axes={"line": {3: "columns"}, "answers": {3: "answers"}},
    )
    net.train()


def options_of():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of shards")
    parser.add_argument("--test", type=pathlib.Path, required=True, help="lines to measure on")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the network (.onnx)")
    parser.add_argument("--minutes", type=float, default=60, help="how long to train")
    parser.add_argument("--placed", type=int, default=2500, help="steps by the letters' places")
    parser.add_argument("--rate", type=float, default=2.5e-3, help="the highest learning rate")
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--every", type=int, default=1000, help="steps between evaluations")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=pathlib.Path, help="weights (.pt) to continue from")
    return parser.parse_args()


def main():
    options = options_of()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    lines = Lines(options.data, random)
    test = [line for f in sorted(options.test.glob("*.bin")) for line in read_shard(f)]
    net = Reader().to(memory_format=torch.channels_last)
    if options.start:
        net.load_state_dict(torch.load(options.start))
    weights = sum(p.numel() for p in net.parameters())
    print(f"{ANSWERS} answers, {weights} weights, {len(test)} test lines", flush=True)
    optimizer = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=1e-2)
    began, step, total, curve = time.time(), 0, 0.0, []
    while True:
        share = (time.time() - began) / 60 / options.minutes
        if step % 200 == 0:
            lines.refresh()
        rate = options.rate * min(1, (step + 1) / 300) * 0.5 * (1 + np.cos(np.pi * min(1, share)))
        for group in optimizer.param_groups:
            group["lr"] = max(rate, 1e-6)
        loss = loss_of(net, lines.batch(options.batch), step < options.placed)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimizer.step()
        total += loss.item()
        step += 1
        if step % options.every == 0 or share >= 1:
            exact, error, kinds = evaluate(net, test)
            minutes = (time.time() - began) / 60
            row = [step, step * options.batch, f"{minutes:.1f}", f"{total / options.every:.4f}",
                   f"{exact:.4f}", f"{error:.5f}"]
            print(*row, kinds, f"shards {len(lines.uses)}", flush=True)
            curve.append(row)
            total = 0.0
            torch.save(net.state_dict(), options.out.with_suffix(".pt"))
            write_onnx(net, options.out)
            with open(options.out.with_suffix(".csv"), "w", newline="", encoding="utf-8") as file:
                table = csv.writer(file)
                table.writerow(["steps", "lines", "minutes", "loss", "exact", "letter_errors"])
                table.writerows(curve)
        if share >= 1:
            return


if __name__ == "__main__":
    main()
