"""Weights to chances: how likely each segment is not body, and of which kind it then is.

A small convolutional net over the document's segments in order: hashed words and shape of each segment, on a page those
of its markup too, its neighbours at growing distance, and twice what a few heads pick from the whole document (how its
body looks, how its furniture does). Use needs numpy alone; fitting is `cleaner.learn.train`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from cleaner.judge.features import BUCKETS, NAMES, VERSION, Features
from cleaner.judge.markup import MARK_BUCKETS, MARKUP_NAMES
from cleaner.types import KINDS, Kind, ModelError

Floats = NDArray[np.float32]

SHIPPED: Final = Path(__file__).parent / "weights.npz"
FOR_PAGES: Final = Path(__file__).parent / "page_weights.npz"
TAPS: Final = (-2, -1, 0, 1, 2)
DILATIONS: Final = (1, 2, 4, 8)
SHORT: Final = 8
"""Segments of a document that is not judged by its parts: a few sentences may be about anything."""
_SUREST: Final = 60.0
_SURE: Final = 0.9
_ENDS: Final = 10
"""Segments at either end of a document by which a page is known."""
_TABLE: Final = frozenset({"about", "steps", "table", "mark_steps", "mark_table"})
_MARKED: Final = frozenset(("mark_steps", "mark_table", "mark_table_scale", "alike", "alike_bias"))
"""What weights for pages have besides."""
_LAYERS: Final = (
    "enter",
    "first_heads",
    "first",
    "second_heads",
    "second",
    "mix",
    "leave",
    *(f"near{d}" for d in DILATIONS),
)
_NEEDED: Final = frozenset(
    ("about", "steps", "table", "table_scale", "mean", "scale", "sharpness", "shift", "page")
).union(_LAYERS, (f"{name}_bias" for name in _LAYERS))


class Scores(NamedTuple):
    """chance: float32 of shape (S,), 0..1, that the segment is not body. kinds: S kinds, the likeliest of each."""

    chance: Floats
    kinds: tuple[Kind, ...]


class _Table:
    """Numbers for words. Only words met on several sites have a row; all others share row 0, which is nothing. A column
    a number of the word's, in 8 bits: as floats they would take 30 ms to load."""

    def __init__(self, table: NDArray[np.int8], scale: Floats, steps: NDArray[np.uint32], buckets: int) -> None:
        self._table, self._scale = table, scale.astype(np.float32)
        self._row = np.zeros(buckets, np.int32)
        self._row[np.cumsum(steps, dtype=np.int64)] = np.arange(1, table.shape[1])

    def means(self, words: NDArray[np.int32], starts: NDArray[np.int64]) -> Floats:
        """Of each list of words, given where it begins."""
        rows = self._row[words]
        sums = [np.add.reduceat(column.take(rows).astype(np.int32), starts) for column in self._table]
        count = np.diff(np.append(starts, len(rows)))[:, None]
        found: Floats = (np.stack(sums, axis=1) * self._scale / count).astype(np.float32)
        return found


class Model:
    """Fitted weights, ready for use. Immutable."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.about: dict[str, Any] = json.loads(str(arrays["about"]))
        self.for_pages = "mark_table" in arrays
        for name, value in wanted(pages=self.for_pages).items():
            if self.about.get(name) != value:
                raise ModelError(
                    f"the weights were fitted on other {name} than this version reads; "
                    "fit them again: python -m cleaner.learn.train"
                )
        needed = _NEEDED | _MARKED if self.for_pages else _NEEDED
        if missing := sorted(needed - arrays.keys()):
            raise ModelError(f"the weights have no {missing[0]!r}; fit them again: python -m cleaner.learn.train")
        self._words = _Table(arrays["table"], arrays["table_scale"], arrays["steps"], BUCKETS)
        if self.for_pages:
            table, scale, steps = (arrays[name] for name in ("mark_table", "mark_table_scale", "mark_steps"))
            self._marks = _Table(table, scale, steps, MARK_BUCKETS)
        self._weights = {name: array.astype(np.float32) for name, array in arrays.items() if name not in _TABLE}

    def score(self, features: Features) -> Scores:
        """Chance and kind of each segment. Source: the card, docs/model-card.md."""
        logits = self.logits(features)
        line = logits[:, 0] * self._weights["sharpness"] + self._weights["shift"]
        chance = 1 / (1 + np.exp(-np.clip(line, -_SUREST, _SUREST)))
        return Scores(chance.astype(np.float32), tuple(KINDS[index] for index in logits[:, 1:].argmax(axis=1)))

    def page(self, chance: Floats) -> float:
        """How likely the document of these chances is a whole page with all its furniture: 0..1."""
        if len(chance) < SHORT:
            return 0.0
        return float(1 / (1 + np.exp(-page_marks(chance) @ self._weights["page"])))

    def logits(self, features: Features) -> Floats:
        """What the net says, before calibration: of shape (S, 1 + kinds)."""
        columns = [self._words.means(features.words, features.starts), features.shape]
        if self.for_pages:
            marks = features.marks
            if marks is None:
                raise ModelError("these weights are for pages, and the document is none")
            near = self._marks.means(marks.near, marks.near_starts)[marks.element]
            far = self._marks.means(marks.far, marks.far_starts)[marks.element]
            columns += [near, far, marks.numbers]
        groups = features.marks.groups if self.for_pages and features.marks else None
        return self._net(np.concatenate(columns, axis=1, dtype=np.float32), groups)

    def _net(self, inputs: Floats, groups: NDArray[np.int64] | None) -> Floats:
        w = self._weights
        hidden = np.maximum(((inputs - w["mean"]) * w["scale"]) @ w["enter"] + w["enter_bias"], 0)
        hidden = hidden + self._picked(hidden, "first")
        if groups is not None:
            means = np.concatenate([_mean_of_group(hidden, group) for group in groups], axis=1)
            hidden = hidden + np.maximum(means @ w["alike"] + w["alike_bias"], 0)
        for dilation in DILATIONS[:-1]:
            hidden = hidden + self._near(hidden, dilation)
        likeness = hidden * np.tanh(self._picked(hidden, "second"))
        both = np.concatenate([hidden, likeness], axis=1)
        hidden = hidden + np.maximum(both @ w["mix"] + w["mix_bias"], 0)
        hidden = hidden + self._near(hidden, DILATIONS[-1])
        result: Floats = hidden @ w["leave"] + w["leave_bias"]
        return result

    def _picked(self, hidden: Floats, name: str) -> Floats:
        """What the heads of this name pick from all segments, and their mean, of shape (width,)."""
        w = self._weights
        votes = hidden @ w[f"{name}_heads"] + w[f"{name}_heads_bias"]
        shares = np.exp(votes - votes.max(axis=0))
        shares /= shares.sum(axis=0)
        picked = np.concatenate([(shares.T @ hidden).ravel(), hidden.mean(axis=0)])
        result: Floats = picked @ w[name] + w[f"{name}_bias"]
        return result

    def _near(self, hidden: Floats, dilation: int) -> Floats:
        """What the neighbours at multiples of the distance add."""
        rows = np.concatenate([_shifted(hidden, tap * dilation) for tap in TAPS], axis=1)
        result: Floats = np.maximum(rows @ self._weights[f"near{dilation}"] + self._weights[f"near{dilation}_bias"], 0)
        return result


def load(path: Path = SHIPPED) -> Model:
    """The weights of a file. Raises ModelError for one that is missing, broken, or fitted on other features."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return Model({name: file[name] for name in file.files})
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ModelError(f"{path}: no usable weights: {error}; fit them with python -m cleaner.learn.train") from error


@cache
def shipped(*, pages: bool) -> Model:
    """The shipped weights, for pages or for text."""
    return load(FOR_PAGES if pages else SHIPPED)


def page_marks(chance: Floats) -> Floats:
    """By what a page is known: that much of it is surely furniture, and that it begins and ends with some. Of shape
    (4,), the first is 1."""
    return np.asarray([1.0, np.mean(chance >= _SURE), chance[:_ENDS].mean(), chance[-_ENDS:].mean()], np.float32)


def wanted(*, pages: bool) -> dict[str, Any]:
    """What weights must have been fitted on to be of use here."""
    wanted = {"version": VERSION, "features": list(NAMES), "buckets": BUCKETS, "kinds": list(KINDS)}
    return wanted | ({"markup": list(MARKUP_NAMES), "mark buckets": MARK_BUCKETS} if pages else {})


def _mean_of_group(hidden: Floats, group: NDArray[np.int64]) -> Floats:
    """For each row the mean of the rows of its group."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    sums = np.add.reduceat(hidden[order], starts)
    sizes = np.diff(np.append(starts, len(group)))
    means: Floats = (sums / sizes[:, None]).astype(np.float32)
    return means[np.unique(group, return_inverse=True)[1]]


def _shifted(rows: Floats, by: int) -> Floats:
    """The rows moved so that row i is what stood at i + by; zeros where nothing stood."""
    if by == 0:
        return rows
    out = np.zeros_like(rows)
    if abs(by) < len(rows):
        if by > 0:
            out[:-by] = rows[by:]
        else:
            out[-by:] = rows[:by]
    return out
