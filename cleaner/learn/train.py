"""Fits the score's weights: `python -m cleaner.learn.train --data DIR`.

Reads what `cleaner.learn.dataset` made, fits the net of `judge.score` with PyTorch on the CPU, and writes the weights.
The same data and seed give the same file. `--folds DIR` writes fold0.npz, fold1.npz, ... besides, each fitted without
the domains of its fold, for judging on pages that the fit never saw. Only documents marked `open` are used unless
`--closed` is given.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from cleaner.judge.features import BUCKETS, NAMES, VERSION
from cleaner.judge.score import DILATIONS, SHIPPED, TAPS
from cleaner.learn.examples import Sample, samples
from cleaner.types import KINDS

WIDTH: Final = 64
TABLE: Final = 24
EPOCHS: Final = 7
RATE: Final = 2e-3
BATCH: Final = 6000
"""Segments in one step, padding counted."""
KIND_WEIGHT: Final = 0.15
NO_WORDS: Final = 0.15
"""Share of documents whose words are hidden in a step, so that shape and place are learned by themselves: that is what
a language that the fit never saw is judged by."""
NO_WORD: Final = 0.15
"""Share of words hidden in a step."""
NO_TITLE: Final = 0.5
DROP: Final = 0.2


@dataclass(slots=True)
class Batch:
    """Documents padded to one length: all of shape (documents, length) but `words` (flat), `shape` (one axis more)."""

    words: torch.Tensor
    starts: torch.Tensor
    places: torch.Tensor
    shape: torch.Tensor
    mask: torch.Tensor
    target: torch.Tensor
    kind: torch.Tensor
    weight: torch.Tensor


class Net(nn.Module):
    """The net of `judge.score` as PyTorch fits it."""

    def __init__(self, mean: np.ndarray, scale: np.ndarray) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(BUCKETS, TABLE, mode="mean")
        nn.init.normal_(self.table.weight, std=0.1)
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("scale", torch.from_numpy(scale))
        self.enter = nn.Linear(TABLE + len(NAMES), WIDTH)
        self.whole = nn.Linear(WIDTH, WIDTH, bias=False)
        self.near = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, len(TAPS), dilation=d, padding=max(TAPS) * d) for d in DILATIONS
        )
        self.leave = nn.Linear(WIDTH, 1 + len(KINDS))
        self.drop = nn.Dropout(DROP)

    def forward(self, batch: Batch) -> torch.Tensor:
        """Logits of shape (documents, length, 1 + kinds)."""
        documents, length = batch.mask.shape
        means = self.table(batch.words, batch.starts)
        padded = (
            means.new_zeros(documents * length, TABLE).index_copy(0, batch.places, means).view(documents, length, TABLE)
        )
        shape = batch.shape
        if self.training:
            keep = (torch.rand(documents, 1, 1) >= NO_WORDS).float()
            padded = padded * keep
        inputs = (torch.cat([padded, shape], dim=2) - self.mean) * self.scale
        mask = batch.mask.unsqueeze(2)
        hidden = self.drop(torch.relu(self.enter(inputs))) * mask
        total = hidden.sum(1, keepdim=True) / mask.sum(1, keepdim=True)
        hidden = (hidden + self.whole(total)) * mask
        for conv in self.near:
            near = torch.relu(conv(hidden.transpose(1, 2))).transpose(1, 2)
            hidden = (hidden + self.drop(near)) * mask
        return self.leave(hidden)


def batches(items: Sequence[Sample], chance: np.random.Generator, *, shuffle: bool) -> Iterator[Batch]:
    """All samples, those of like length together."""
    order = np.asarray([len(item.target) for item in items], float)
    if shuffle:
        order *= chance.uniform(0.8, 1.25, len(items))
    groups: list[list[int]] = [[]]
    longest = 0
    for index in np.argsort(order, kind="stable"):
        longest = max(longest, len(items[index].target))
        if groups[-1] and longest * (len(groups[-1]) + 1) > BATCH:
            groups.append([])
            longest = len(items[index].target)
        groups[-1].append(int(index))
    turns = chance.permutation(len(groups)) if shuffle else range(len(groups))
    for turn in turns:
        yield collate([items[index] for index in groups[turn]])


def collate(items: Sequence[Sample]) -> Batch:
    """One padded batch."""
    length = max(len(item.target) for item in items)
    count = len(items)
    shape = np.zeros((count, length, len(NAMES)), np.float32)
    target, weight = np.zeros((count, length), np.float32), np.zeros((count, length), np.float32)
    mask, kind = np.zeros((count, length), np.float32), np.full((count, length), -1, np.int64)
    places, starts, at = [], [], 0
    for row, item in enumerate(items):
        size = len(item.target)
        shape[row, :size] = item.features.shape
        target[row, :size], weight[row, :size] = item.target, item.weight
        mask[row, :size], kind[row, :size] = 1, item.kind
        places.append(np.arange(size) + row * length)
        starts.append(item.features.starts + at)
        at += len(item.features.words)
    words = np.concatenate([item.features.words for item in items]).astype(np.int64)
    arrays = (words, np.concatenate(starts), np.concatenate(places), shape, mask, target, kind, weight)
    return Batch(*map(torch.from_numpy, arrays))


def loss_of(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Weighted: that a segment is not body, and for what is not body its kind."""
    first = nn.functional.binary_cross_entropy_with_logits(
        logits[..., 0], batch.target, weight=batch.weight, reduction="sum"
    )
    second = nn.functional.cross_entropy(
        logits[..., 1:].flatten(0, 1), batch.kind.flatten(), ignore_index=-1, reduction="none"
    )
    both = first + KIND_WEIGHT * (second * batch.weight.flatten()).sum()
    return both / batch.weight.sum().clamp(min=1)


def fit(items: Sequence[Sample], *, seed: int = 1, epochs: int = EPOCHS) -> Net:
    """A fitted net."""
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    chance = np.random.default_rng(seed)
    title = [NAMES.index("title known"), NAMES.index("title overlap")]
    net = Net(*standard(items))
    steps = sum(1 for _ in batches(items, np.random.default_rng(0), shuffle=False)) * epochs
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step / max(steps, 1)))
    for epoch in range(epochs):
        net.train()
        total, seen = 0.0, 0
        for batch in batches(items, chance, shuffle=True):
            hidden = torch.from_numpy(chance.random((batch.mask.shape[0], 1, 1)) < NO_TITLE)
            batch.shape[..., title] *= (~hidden).float()
            batch.words[torch.from_numpy(chance.random(len(batch.words)) < NO_WORD)] = 0
            optimizer.zero_grad()
            loss = loss_of(net(batch), batch)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            total, seen = total + loss.item(), seen + 1
        sys.stderr.write(f"epoch {epoch + 1} of {epochs}: loss {total / max(seen, 1):.4f}\n")
    net.eval()
    return net


def _rate(done: float) -> float:
    """Share of the full learning rate when so much of the fit is done: up in the first tenth, then down to nothing."""
    return min(done / 0.1, 1.0) * max(0.01, 0.5 + 0.5 * math.cos(math.pi * min(done, 1.0)))


def standard(items: Sequence[Sample]) -> tuple[np.ndarray, np.ndarray]:
    """What centres the numbers and gives them unit spread; the hashed words are left as they are."""
    some = np.concatenate([item.features.shape for item in items[:: max(1, len(items) // 2000)]])
    mean = np.concatenate([np.zeros(TABLE), some.mean(0)]).astype(np.float32)
    spread = np.concatenate([np.full(TABLE, 0.1), np.maximum(some.std(0), 0.05)])
    return mean, (1 / spread).astype(np.float32)


def arrays(net: Net, about: dict[str, Any], sharpness: float = 1.0) -> dict[str, np.ndarray]:
    """The weights as `judge.score.Model` reads them: the table in 8 bits, the rest in 16."""
    table = net.table.weight.detach().numpy()
    scale = np.abs(table).max(axis=0) / 127
    out: dict[str, np.ndarray] = {
        "table": np.round(table / scale).astype(np.int8),
        "table_scale": scale.astype(np.float32),
    }
    out |= {"mean": net.mean.numpy(), "scale": net.scale.numpy(), "sharpness": np.asarray(sharpness, np.float32)}
    for name, layer in (("enter", net.enter), ("leave", net.leave)):
        out[name] = layer.weight.detach().numpy().T.astype(np.float16)
        out[f"{name}_bias"] = layer.bias.detach().numpy().astype(np.float16)
    out["whole"] = net.whole.weight.detach().numpy().T.astype(np.float16)
    for dilation, conv in zip(DILATIONS, net.near, strict=True):
        weight = conv.weight.detach().numpy()
        out[f"near{dilation}"] = weight.transpose(2, 1, 0).reshape(-1, WIDTH).astype(np.float16)
        out[f"near{dilation}_bias"] = conv.bias.detach().numpy().astype(np.float16)
    about = {"version": VERSION, "features": list(NAMES), "buckets": BUCKETS, "kinds": list(KINDS), **about}
    out["about"] = np.asarray(json.dumps(about, sort_keys=True))
    return out


def save(path: Path, weights: dict[str, np.ndarray]) -> None:
    """Writes the file; the same arrays give the same bytes."""
    import io
    import zipfile

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(weights):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asanyarray(weights[name]), allow_pickle=False)
            file.writestr(
                zipfile.ZipInfo(f"{name}.npy", (2026, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED
            )


def data_hash(folder: Path) -> str:
    """A hash of everything in the data folder that was read."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()[:16]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that cleaner.learn.dataset wrote")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="weights file (default: the shipped one)")
    parser.add_argument("--folds", type=Path, help="write weights fitted without each fold there, and no others")
    parser.add_argument("--closed", action="store_true", help="use data without an open licence too; not for shipping")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args(argv)
    torch.set_num_threads(args.threads)
    items = list(samples(args.data, closed=args.closed))
    about = {"seed": args.seed, "epochs": args.epochs, "data": data_hash(args.data)}
    if args.folds is None:
        return _fit_and_save(items, args.out, about, args)
    args.folds.mkdir(parents=True, exist_ok=True)
    for fold in sorted({item.fold for item in items}):
        others = [item for item in items if item.fold != fold]
        _fit_and_save(others, args.folds / f"fold{fold}.npz", about | {"fold": fold}, args)
    return 0


def _fit_and_save(items: Sequence[Sample], path: Path, about: dict[str, Any], args: argparse.Namespace) -> int:
    segments = sum(len(item.target) for item in items)
    sys.stderr.write(f"{path}: {len(items)} texts, {segments} segments\n")
    net = fit(items, seed=args.seed, epochs=args.epochs)
    save(path, arrays(net, about | {"texts": len(items), "segments": segments}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
