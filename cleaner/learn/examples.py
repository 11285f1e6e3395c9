"""Rows of the training data as the fit and the evaluation read them: features, target and weight of each segment."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from cleaner.judge.features import Features, features
from cleaner.judge.rulebook import Rulebook
from cleaner.judge.score import inputs_of
from cleaner.learn import paged
from cleaner.learn.teacher import blended, spread_over
from cleaner.pipeline import host_of, load_rules
from cleaner.read.segment import View
from cleaner.types import KINDS, Document, Span

_KIND_NUMBER: Final = {kind: number for number, kind in enumerate(KINDS)}


@dataclass(slots=True)
class Sample:
    """One dirty text, ready to be fitted on. Arrays have one entry a segment."""

    id: str
    source: str
    producer: str
    domain: str
    fold: int
    article: bool
    """Whether it is one, and not a forum, a shop, a listing."""
    features: Features
    target: np.ndarray
    """float32, the share of the segment that is not body."""
    kind: np.ndarray
    """int64, the number of its kind, or -1 for body and where it is not known."""
    weight: np.ndarray
    """float32, how much the segment counts: longer ones more, by the square root of their words."""
    taught: np.ndarray | None = None
    """float32 of shape (S, FOLDS), what teachers say instead of the target; see `learn.teacher`."""

    def learned(self, fold: int | None) -> Sample:
        """It as a net learns it that is judged on this fold, or on none."""
        return replace(self, target=blended(self.target, self.taught, self.fold if fold is None else fold))


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of every file of the folder, in the order of their names."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def samples(folder: Path, *, closed: bool = False) -> Iterator[Sample]:
    """What can be fitted on: documents with an open licence, and the others too where `closed`."""
    book = Rulebook(load_rules())
    for row in rows(folder):
        if (row["open"] or closed) and _chosen(row):
            item = sample(row, book)
            if item is not None:
                yield item


_SHARES: Final = {"negative": 2, "clean": 2}
"""One in so many texts is fitted on: what is made of a body that is there already teaches little the sixth time."""
_PUT_IN: Final = 10.0
"""Weight of the appeal in a body that one was put into, over that of the same words on a page: it is why the text is
there, and there is one in so many sentences."""
_CLEAN: Final = 2.5
"""Weight of a clean body: what is lost of one is what users fear most."""
_READ: Final = 2.0
"""Weight of a page labelled by reading, block by block."""
_NO_ARTICLE: Final = 0.2
"""Weight of a forum, a shop, a listing: much of their body would be furniture beside an article."""
_LEFT_OUT: Final = frozenset({"trafilatura-recall", "newspaper"})
"""Producers whose texts hardly differ from trafilatura's; they serve for judging."""


def _chosen(row: dict[str, Any]) -> bool:
    producer = row["producer"].split("-")[0]
    if row["producer"] in _LEFT_OUT or row["gold"] == "snippets":
        return False
    return zlib.crc32(f"{row['id']} {row['producer']}".encode()) % _SHARES.get(producer, 1) == 0


def sample(row: dict[str, Any], book: Rulebook) -> Sample | None:
    """One row; None if there is no segment in it."""
    page = paged.of_row(row) if row["producer"] == paged.PAGE else None
    view = View(page or Document(row["text"], url=row["url"], title=row["title"]))
    inputs = inputs_of(view, book.find(view, host=host_of(view.document.url)))
    if inputs is None:
        return None
    spans = [view.origin(*segment) for segment in inputs.segments]
    share, kinds, weights = labels_of(row, spans)
    starts = [start for start, *_ in row["segments"]]
    taught = spread_over(row["taught"], starts, [span.start for span in spans]) if "taught" in row else None
    made = features(inputs)
    words = np.diff(np.append(made.starts, len(made.words))) / 4
    weight = weights * np.sqrt(np.clip(words, 1, 60))
    if row["producer"].startswith("splice"):
        weight[share < 0.5] *= _PUT_IN
    weight *= _CLEAN if row["producer"] == "clean" else _READ if row["gold"] == "reading" else 1.0
    article = row["page_type"] in (None, "article")
    weight *= 1.0 if article else _NO_ARTICLE
    return Sample(
        row["id"],
        row["source"],
        row["producer"],
        row["domain"] or "",
        row["fold"],
        article,
        made,
        1 - share,
        kinds,
        weight.astype(np.float32),
        taught,
    )


def labels_of(row: dict[str, Any], spans: list[Span]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share of body, kind and weight of each span of the row's text, from the labelled segments that it overlaps."""
    share, weight = np.zeros(len(spans), np.float32), np.zeros(len(spans), np.float32)
    kinds = np.full(len(spans), -1, np.int64)
    labels, at = row["segments"], 0
    for index, (start, end) in enumerate(spans):
        while at > 0 and labels[at - 1][1] > start:
            at -= 1
        while at < len(labels) and labels[at][1] <= start:
            at += 1
        covered, most, number = 0, 0, at
        while number < len(labels) and labels[number][0] < end:
            first, last, body, kind, counts = labels[number]
            common = min(end, last) - max(start, first)
            covered += common
            share[index] += body * common
            weight[index] += counts * common
            if common > most:
                most, kinds[index] = common, _KIND_NUMBER.get(kind, -1)
            number += 1
        if covered:
            share[index] /= covered
            weight[index] /= covered
        if share[index] > 0.5:
            kinds[index] = -1
    return share, kinds, weight
