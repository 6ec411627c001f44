#!/usr/bin/python3
"""Trains the judge of signature places and writes it as ONNX.

The data set comes from avtalskoll-signature-places. Needs python3-torch (Debian). The shapes and
the order of the answers are those of ocr/ink/signature.h and models/reading.h.

    train_signature.py --data train/ --test test/ --out data/models/signature.onnx
"""
import argparse
import csv
import pathlib
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

ROWS, COLS = 112, 320
ANSWERS = ["nothing", "dirt", "type", "stamp", "mark", "signature"]
SIGNATURE = ANSWERS.index("signature")


class Judge(nn.Module):
    """Five halvings, then the strongest and the mean answer of every feature over the picture."""

    def __init__(self):
        super().__init__()

        def layer(inputs, outputs, size, step):
            return nn.Sequential(
                nn.Conv2d(inputs, outputs, size, step, size // 2, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(inplace=True),
            )

        self.features = nn.Sequential(
            layer(3, 12, 5, 2),
            layer(12, 24, 3, 2),
            layer(24, 24, 3, 1),
            layer(24, 48, 3, 2),
            layer(48, 48, 3, 1),
            layer(48, 96, 3, 2),
            layer(96, 128, 3, 1),
        )
        self.strongest = nn.AdaptiveMaxPool2d(1)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.drop = nn.Dropout(0.2)
        self.answer = nn.Linear(256, len(ANSWERS))

    def forward(self, x):
        x = self.features(x)
        return self.answer(self.drop(torch.cat([self.strongest(x), self.mean(x)], 1).flatten(1)))


def take_network(net, file):
    """Takes the weights of a written network. There the normalization is part of the convolutions,
    so that of `net` is made to change nothing, and stays so."""
    import onnx  # only here: python3-onnx (Debian)
    from onnx import numpy_helper

    known = {
        tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy())
        for tensor in onnx.load(str(file)).graph.initializer
    }
    convolutions = [name for name in known if known[name].dim() == 4]
    with torch.no_grad():
        for layer, name in zip(net.features, convolutions):
            convolution, norm, _ = layer
            convolution.weight.copy_(known[name])
            biases = list(known)[list(known).index(name) + 1]
            norm.weight.fill_(1)
            norm.bias.copy_(known[biases])
            norm.running_mean.zero_()
            norm.running_var.fill_(1 - norm.eps)
        net.answer.weight.copy_(known["answer.weight"])
        net.answer.bias.copy_(known["answer.bias"])


def start_training(net, frozen_norm):
    net.train()
    for module in net.modules():
        if frozen_norm and isinstance(module, nn.BatchNorm2d):
            module.eval()


def load(folder):
    pictures = np.memmap(folder / "pictures.bin", np.uint8, mode="r").reshape(-1, ROWS, COLS, 3)
    with open(folder / "labels.csv", encoding="utf-8") as file:
        labels = list(csv.DictReader(file))
    return pictures, np.array([int(row["ink"]) for row in labels]), labels


def batch_of(pictures, rows):
    return torch.from_numpy(
        pictures[np.sort(rows)].astype(np.float32).transpose(0, 3, 1, 2).copy() / 255
    )


def varied(batch, random):
    """Moves the places a little and makes them lighter or darker, as the simulator does not."""
    strength = torch.from_numpy(random.uniform(0.75, 1.3, (len(batch), 1, 1)).astype(np.float32))
    batch[:, 0] = (batch[:, 0] * strength).clamp(0, 1)
    return torch.roll(batch, (int(random.integers(-4, 5)), int(random.integers(-8, 9))), (2, 3))


def evaluate(net, pictures, answers, labels):
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
    return beliefs


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data",
        type=pathlib.Path,
        required=True,
        action="append",
        help="a data set to train on; can be given several times",
    )
    parser.add_argument(
        "--test",
        type=pathlib.Path,
        required=True,
        help="the data set to measure on: other hands, another seed",
    )
    parser.add_argument(
        "--out", type=pathlib.Path, required=True, help="where to write the network (.onnx)"
    )
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument(
        "--rate",
        type=float,
        default=3e-3,
        help="the highest learning rate; use 1e-3 to continue from --start",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--start",
        type=pathlib.Path,
        help="weights to continue from: a network (.onnx), or a run's (.pt), of which layers of"
        " another shape start from scratch",
    )
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)

    sets = [load(folder) for folder in options.data]
    count = sum(len(s[1]) for s in sets)
    test = load(options.test)
    net = Judge().to(memory_format=torch.channels_last)
    from_network = options.start and options.start.suffix == ".onnx"
    if from_network:
        take_network(net, options.start)
    elif options.start:
        known, own = torch.load(options.start), net.state_dict()
        net.load_state_dict(
            {
                name: known[name] if name in known and known[name].shape == value.shape else value
                for name, value in own.items()
            }
        )
    size = 32
    steps = options.epochs * (count // size)
    optimizer = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=options.rate, total_steps=steps
    )
    print(
        f"{count} places, {steps} steps, {sum(p.numel() for p in net.parameters())} weights",
        flush=True,
    )
    done = 0
    for epoch in range(options.epochs):
        start_training(net, from_network)
        start, total = time.time(), 0.0
        batches = [
            (s, rows)
            for s in sets
            for rows in np.array_split(random.permutation(len(s[1])), max(1, len(s[1]) // size))
        ]
        random.shuffle(batches)
        for data, rows in batches:
            if done >= steps:
                break
            rows = np.sort(rows)
            loss = functional.cross_entropy(
                net(varied(batch_of(data[0], rows), random)),
                torch.from_numpy(data[1][rows]),
                label_smoothing=0.02,
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
            done += 1
        print(
            f"epoch {epoch + 1}: loss {total / len(batches):.4f}, {time.time() - start:.0f} s",
            end="",
        )
        evaluate(net, *test)
        torch.save(net.state_dict(), options.out.with_suffix(".pt"))
    net.eval()
    torch.onnx.export(
        net,
        torch.zeros(1, 3, ROWS, COLS),
        str(options.out),
        opset_version=11,
        input_names=["picture"],
        output_names=["answers"],
    )


if __name__ == "__main__":
    main()
