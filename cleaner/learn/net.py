"""The net of `judge.score` as PyTorch fits it, and the batches that it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import nn

from cleaner.judge.features import BUCKETS, NAMES
from cleaner.judge.score import DILATIONS, TAPS
from cleaner.learn.examples import Sample
from cleaner.types import KINDS

WIDTH: Final = 64
TABLE: Final = 16
"""Numbers a word."""
HEADS: Final = 4
BATCH: Final = 6000
"""Segments in one step, padding counted."""
NO_WORDS: Final = 0.15
"""Share of documents whose words are hidden in a step, so that shape and place are learned by themselves: that is what
a language that the fit never saw is judged by."""
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


class Pick(nn.Module):
    """What a few heads pick from all segments of a document, and their mean."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = nn.Linear(WIDTH, HEADS)
        self.out = nn.Linear(WIDTH * (HEADS + 1), WIDTH)

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Of shape (documents, 1, width)."""
        shares = self.heads(hidden).masked_fill(mask == 0, -1e9).softmax(1)
        picked = torch.einsum("blh,blw->bhw", shares, hidden).flatten(1)
        mean = hidden.sum(1) / mask.sum(1)
        found: torch.Tensor = self.out(torch.cat([picked, mean], 1)).unsqueeze(1)
        return found


class Net(nn.Module):
    """The net. `rows`: the sorted buckets of words that have a row of their own."""

    def __init__(self, rows: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> None:
        super().__init__()
        row_of = np.zeros(BUCKETS, np.int64)
        row_of[rows] = np.arange(1, len(rows) + 1)
        self.rows = rows
        self.register_buffer("row_of", torch.from_numpy(row_of))
        self.table = nn.EmbeddingBag(len(rows) + 1, TABLE, mode="mean")
        nn.init.normal_(self.table.weight, std=0.02)
        self.clear_row_0(self.table.weight)
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("scale", torch.from_numpy(scale))
        self.enter = nn.Linear(TABLE + len(NAMES), WIDTH)
        self.first, self.second = Pick(), Pick()
        self.mix = nn.Linear(2 * WIDTH, WIDTH)
        self.near = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, len(TAPS), dilation=d, padding=max(TAPS) * d) for d in DILATIONS
        )
        self.leave = nn.Linear(WIDTH, 1 + len(KINDS))
        self.drop = nn.Dropout(DROP)

    @staticmethod
    def clear_row_0(table: torch.Tensor | None) -> None:
        """Row 0 is nothing, and stays it."""
        if table is not None:
            table.data[0] = 0

    def forward(self, batch: Batch) -> torch.Tensor:
        """Logits of shape (documents, length, 1 + kinds)."""
        documents, length = batch.mask.shape
        means = self.table(self.row_of[batch.words], batch.starts)
        said = means.new_zeros(documents * length, TABLE).index_copy(0, batch.places, means)
        said = said.view(documents, length, TABLE)
        if self.training:
            said = said * (torch.rand(documents, 1, 1) >= NO_WORDS).float()
        inputs = (torch.cat([said, batch.shape], dim=2) - self.mean) * self.scale
        mask = batch.mask.unsqueeze(2)
        hidden = self.drop(torch.relu(self.enter(inputs))) * mask
        hidden = (hidden + self.first(hidden, mask)) * mask
        for conv in self.near[:-1]:
            hidden = self._with_near(hidden, conv, mask)
        likeness = hidden * torch.tanh(self.second(hidden, mask))
        mixed = torch.relu(self.mix(torch.cat([hidden, likeness], 2)))
        hidden = (hidden + self.drop(mixed)) * mask
        logits: torch.Tensor = self.leave(self._with_near(hidden, self.near[-1], mask))
        return logits

    def _with_near(self, hidden: torch.Tensor, conv: nn.Module, mask: torch.Tensor) -> torch.Tensor:
        near = torch.relu(conv(hidden.transpose(1, 2))).transpose(1, 2)
        return (hidden + self.drop(near)) * mask


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
