"""The net of `judge.model` as PyTorch fits it, and the batches that it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import nn

from cleaner.judge.features import BUCKETS, NAMES
from cleaner.judge.markup import MARK_BUCKETS, MARKUP_NAMES
from cleaner.judge.model import DILATIONS, TAPS
from cleaner.learn.examples import Sample
from cleaner.types import KINDS

WIDTH: Final = 64
TABLE: Final = 16
"""Numbers a word."""
HEADS: Final = 4
BATCH: Final = 6000
"""Segments in one step, padding counted."""
NO_WORDS: Final = 0.15
NO_WORDS_OF_PAGE: Final = 0.3
"""Share of documents whose words are hidden in a step, so that shape and place are learned by themselves: that is what
a language that the fit never saw is judged by. A page has its markup to be judged by, and there are fewer of them."""
NO_MARKS: Final = 0.3
"""Share of pages whose markup words are hidden in a step, for the same reason."""
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
    marks: BatchMarks | None = None
    """Where all documents are pages."""


@dataclass(slots=True)
class BatchMarks:
    """Markup of a batch's pages: see `judge.markup.Marks`. near .. far_starts are flat; element and groups, of shape
    (segments,) and (2, segments), are for the segments of all documents one after the other, without padding; numbers
    is padded as `Batch.shape` is."""

    near: torch.Tensor
    near_starts: torch.Tensor
    far: torch.Tensor
    far_starts: torch.Tensor
    element: torch.Tensor
    groups: torch.Tensor
    numbers: torch.Tensor


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
    """The net. `rows`: the sorted buckets of words that have a row of their own; `mark_rows` those of markup, for a net
    that reads pages."""

    def __init__(
        self, rows: np.ndarray, mean: np.ndarray, scale: np.ndarray, mark_rows: np.ndarray | None = None
    ) -> None:
        super().__init__()
        self.rows, self.mark_rows = rows, mark_rows
        self.no_words = NO_WORDS if mark_rows is None else NO_WORDS_OF_PAGE
        self.register_buffer("row_of", _row_of(rows, BUCKETS))
        self.table = _table(rows)
        size = TABLE + len(NAMES)
        if mark_rows is not None:
            self.register_buffer("mark_row_of", _row_of(mark_rows, MARK_BUCKETS))
            self.mark_table = _table(mark_rows)
            self.alike = nn.Linear(2 * WIDTH, WIDTH)
            size += 2 * TABLE + len(MARKUP_NAMES)
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("scale", torch.from_numpy(scale))
        self.enter = nn.Linear(size, WIDTH)
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
            said = said * (torch.rand(documents, 1, 1) >= self.no_words).float()
        columns = [said, batch.shape]
        if batch.marks:
            columns += [self._marked(batch, batch.marks), batch.marks.numbers]
        inputs = (torch.cat(columns, dim=2) - self.mean) * self.scale
        mask = batch.mask.unsqueeze(2)
        hidden = self.drop(torch.relu(self.enter(inputs))) * mask
        hidden = (hidden + self.first(hidden, mask)) * mask
        if batch.marks:
            hidden = hidden + self._alike(hidden, batch, batch.marks)
        for conv in self.near[:-1]:
            hidden = self._with_near(hidden, conv, mask)
        likeness = hidden * torch.tanh(self.second(hidden, mask))
        mixed = torch.relu(self.mix(torch.cat([hidden, likeness], 2)))
        hidden = (hidden + self.drop(mixed)) * mask
        logits: torch.Tensor = self.leave(self._with_near(hidden, self.near[-1], mask))
        return logits

    def _marked(self, batch: Batch, marks: BatchMarks) -> torch.Tensor:
        """Of shape (documents, length, 2 * TABLE): means of the words of the markup near and far."""
        documents, length = batch.mask.shape
        near = self.mark_table(self.mark_row_of[marks.near], marks.near_starts)
        far = self.mark_table(self.mark_row_of[marks.far], marks.far_starts)
        means = torch.cat([near, far], dim=1)[marks.element]
        flat = means.new_zeros(documents * length, 2 * TABLE).index_copy(0, batch.places, means)
        flat = flat.view(documents, length, 2 * TABLE)
        if self.training:
            flat = flat * (torch.rand(documents, 1, 1) >= NO_MARKS).float()
        return flat

    def _alike(self, hidden: torch.Tensor, batch: Batch, marks: BatchMarks) -> torch.Tensor:
        """What the segments of the same box say on average, and those of boxes of the same make."""
        flat = hidden.flatten(0, 1)
        own = flat[batch.places]
        means = []
        for group in marks.groups:
            count = int(group.max()) + 1
            sums = own.new_zeros(count, WIDTH).index_add(0, group, own)
            sizes = torch.bincount(group, minlength=count).clamp(min=1).unsqueeze(1)
            means.append((sums / sizes)[group])
        added = self.drop(torch.relu(self.alike(torch.cat(means, 1))))
        return torch.zeros_like(flat).index_copy(0, batch.places, added).view_as(hidden)

    def _with_near(self, hidden: torch.Tensor, conv: nn.Module, mask: torch.Tensor) -> torch.Tensor:
        near = torch.relu(conv(hidden.transpose(1, 2))).transpose(1, 2)
        return (hidden + self.drop(near)) * mask


def _row_of(rows: np.ndarray, buckets: int) -> torch.Tensor:
    row_of = np.zeros(buckets, np.int64)
    row_of[rows] = np.arange(1, len(rows) + 1)
    return torch.from_numpy(row_of)


def _table(rows: np.ndarray) -> nn.EmbeddingBag:
    table = nn.EmbeddingBag(len(rows) + 1, TABLE, mode="mean")
    nn.init.normal_(table.weight, std=0.02)
    Net.clear_row_0(table.weight)
    return table


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
    batch = Batch(*map(torch.from_numpy, arrays))
    batch.marks = _marks(items, length)
    return batch


def _marks(items: Sequence[Sample], length: int) -> BatchMarks | None:
    found = [item.features.marks for item in items if item.features.marks]
    if len(found) < len(items):
        return None
    numbers = np.zeros((len(items), length, len(MARKUP_NAMES)), np.float32)
    near_starts, far_starts, element, groups = [], [], [], []
    words = far = elements = 0
    first = np.zeros((2, 1), np.int64)
    for row, marks in enumerate(found):
        numbers[row, : len(marks.numbers)] = marks.numbers
        near_starts.append(marks.near_starts + words)
        far_starts.append(marks.far_starts + far)
        element.append(marks.element + elements)
        groups.append(marks.groups + first)
        words, far = words + len(marks.near), far + len(marks.far)
        elements += len(marks.near_starts)
        first = first + marks.groups.max(axis=1, keepdims=True) + 1
    arrays = (
        np.concatenate([marks.near for marks in found]).astype(np.int64), np.concatenate(near_starts),
        np.concatenate([marks.far for marks in found]).astype(np.int64), np.concatenate(far_starts),
        np.concatenate(element), np.concatenate(groups, axis=1), numbers,
    )  # fmt: skip
    return BatchMarks(*map(torch.from_numpy, arrays))
