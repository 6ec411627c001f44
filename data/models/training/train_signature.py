#!/usr/bin/python3
"""Trains the judge of signature places and writes it as ONNX.

The data set comes from avtalskoll-signature-places. Needs python3-torch (Debian). The shapes and
the order of the answers are those of ocr/ink/signature.h and models/reading.h.

    train_signature.py --data train/ --test test/ --out data/models/signature.onnx
"""
import argparse
import copy
import csv
import pathlib
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

ROWS, COLS = 160, 352
NEAR_ROWS, NEAR_COLS = 112, 320
ANSWERS = ["nothing", "dirt", "type", "stamp", "mark", "signature"]
SIGNATURE = ANSWERS.index("signature")
STRETCH = 1000  # steps between two measurements


class Eye(nn.Module):
    """Five halvings, then the strongest and the mean answer of every feature over the picture."""

    def __init__(self, widths):
        super().__init__()
        layers, inputs = [], 3
        for outputs, size, step in zip(widths, (5, 3, 3, 3, 3, 3, 3), (2, 2, 1, 2, 1, 2, 1)):
            layers += [
                nn.Conv2d(inputs, outputs, size, step, size // 2, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(inplace=True),
            ]
            inputs = outputs
        self.features = nn.Sequential(*layers)
        self.strongest = nn.AdaptiveMaxPool2d(1)
        self.mean = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        x = self.features(x)
        return torch.cat([self.strongest(x), self.mean(x)], 1).flatten(1)


class Judge(nn.Module):
    """One eye for the middle of the picture, one for the whole at half the size."""

    def __init__(self):
        super().__init__()
        self.near = Eye((12, 24, 24, 48, 48, 96, 128))
        self.shrunk = nn.AvgPool2d(2)
        self.far = Eye((12, 24, 24, 48, 48, 64, 96))
        self.drop = nn.Dropout(0.25)
        self.answer = nn.Linear(2 * (128 + 96), len(ANSWERS))

    def forward(self, x):
        top, left = (ROWS - NEAR_ROWS) // 2, (COLS - NEAR_COLS) // 2
        near = self.near(x[:, :, top : top + NEAR_ROWS, left : left + NEAR_COLS])
        return self.answer(self.drop(torch.cat([near, self.far(self.shrunk(x))], 1)))


class Average:
    """The moving average of a network's weights: surer on hands that it has not seen."""

    def __init__(self, net, keep):
        self.net, self.keep, self.steps = copy.deepcopy(net), keep, 0

    def take(self, net):
        self.steps += 1
        keep = min(self.keep, self.steps / (self.steps + 10))
        with torch.no_grad():
            for mine, other in zip(self.net.state_dict().values(), net.state_dict().values()):
                if mine.dtype.is_floating_point:
                    mine.lerp_(other, 1 - keep)
                else:
                    mine.copy_(other)


def load(folder):
    pictures = np.memmap(folder / "pictures.bin", np.uint8, mode="r").reshape(-1, ROWS, COLS, 3)
    with open(folder / "labels.csv", encoding="utf-8") as file:
        labels = list(csv.DictReader(file))
    return pictures, np.array([int(row["ink"]) for row in labels])


class Places:
    """The places of several folders, drawn at random."""

    def __init__(self, folders, random):
        self.sets, self.random = [load(folder) for folder in folders], random
        self.sizes = np.array([len(answers) for _, answers in self.sets])
        self.count = self.sizes.sum()

    def batch(self, size):
        """Of one folder, so that its file is read in order."""
        chosen = self.random.choice(len(self.sets), p=self.sizes / self.count)
        pictures, answers = self.sets[chosen]
        rows = np.sort(self.random.choice(len(answers), size, replace=False))
        return batch_of(pictures, rows), torch.from_numpy(answers[rows])


def batch_of(pictures, rows):
    return torch.from_numpy(pictures[rows].astype(np.float32).transpose(0, 3, 1, 2).copy() / 255)


def varied(batch, random):
    """Moves the places a little and makes them lighter or darker, as the simulator does not."""
    strength = torch.from_numpy(random.uniform(0.7, 1.3, (len(batch), 1, 1)).astype(np.float32))
    batch[:, 0] = (batch[:, 0] * strength).clamp(0, 1)
    return torch.roll(batch, (int(random.integers(-6, 7)), int(random.integers(-12, 13))), (2, 3))


def evaluate(net, pictures, answers):
    net.eval()
    beliefs = []
    with torch.no_grad():
        for start in range(0, len(answers), 64):
            beliefs.append(
                functional.softmax(
                    net(batch_of(pictures, np.arange(start, min(start + 64, len(answers))))), 1
                ).numpy()
            )
    beliefs = np.concatenate(beliefs)
    signed = beliefs[:, SIGNATURE]
    print(f"  right {np.mean(beliefs.argmax(1) == answers):.4f}", end="")
    others = np.sort(signed[(answers != SIGNATURE)])
    for worst in (others[-1], np.quantile(others, 0.999), 0.9, 0.5):
        print(
            f"  over {worst:.3f}: signed {np.mean(signed[answers == SIGNATURE] > worst):.4f}, "
            f"others {np.sum(others > worst)}",
            end="",
        )
    print(flush=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data",
        type=pathlib.Path,
        required=True,
        action="append",
        help="a data set to train on; can be given several times. One that is not there yet is"
        " taken up when it is",
    )
    parser.add_argument(
        "--test",
        type=pathlib.Path,
        required=True,
        help="the data set to measure on: other hands, other typefaces, another seed",
    )
    parser.add_argument(
        "--out", type=pathlib.Path, required=True, help="where to write the network (.onnx)"
    )
    parser.add_argument("--steps", type=int, default=10000, help="batches of 32 places")
    parser.add_argument("--rate", type=float, default=3e-3, help="the highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    random = np.random.default_rng(options.seed)

    test = load(options.test)
    net = Judge().to(memory_format=torch.channels_last)
    average = Average(net, 0.999)
    optimizer = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=options.rate, total_steps=options.steps
    )
    print(f"{sum(p.numel() for p in net.parameters())} weights", flush=True)
    done = 0
    while done < options.steps:
        data = Places([folder for folder in options.data if folder.exists()], random)
        start, total, stretch = time.time(), 0.0, min(STRETCH, options.steps - done)
        net.train()
        for _ in range(stretch):
            pictures, answers = data.batch(32)
            loss = functional.cross_entropy(
                net(varied(pictures, random)), answers, label_smoothing=0.02
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            average.take(net)
            total += loss.item()
        done += stretch
        print(
            f"{done} steps, {data.count} places: loss {total / stretch:.4f},"
            f" {time.time() - start:.0f} s",
            end="",
        )
        evaluate(average.net, *test)
        torch.onnx.export(
            average.net,
            torch.zeros(1, 3, ROWS, COLS),
            str(options.out),
            opset_version=11,
            input_names=["picture"],
            output_names=["answers"],
        )


if __name__ == "__main__":
    main()
