"""Weights to chances: how likely each segment is not body, and of which kind it then is.

A small convolutional net over the document's segments in order: hashed words and shape of each segment, five neighbours
at growing distance, and the mean of the whole document. Use needs numpy alone; fitting is `cleaner.learn.train`.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from cleaner.judge.features import BUCKETS, NAMES, VERSION, Features, Inputs, features
from cleaner.types import KINDS, Evidence, Kind, ModelError, Reading, Span

Floats = NDArray[np.float32]

SHIPPED: Final = Path(__file__).parent / "weights.npz"
TAPS: Final = (-2, -1, 0, 1, 2)
DILATIONS: Final = (1, 2, 4, 8)
_HINTS: Final = {"strip": 1, "keep": 2, "hint": 3}
_AT_ONCE: Final = 4096
"""Segments in one pass; longer documents are read in parts that overlap by twice the net's reach."""
_REACH: Final = max(TAPS) * sum(DILATIONS)


class Scores(NamedTuple):
    """chance: float32 of shape (S,), 0..1, that the segment is not body. kinds: S kinds, the likeliest of each."""

    chance: Floats
    kinds: tuple[Kind, ...]


class Model:
    """Fitted weights, ready for use. Immutable."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.about: dict[str, Any] = json.loads(str(arrays["about"]))
        wanted = {"version": VERSION, "features": list(NAMES), "buckets": BUCKETS, "kinds": list(KINDS)}
        for name, value in wanted.items():
            if self.about.get(name) != value:
                raise ModelError(
                    f"the weights were fitted on other {name} than this version reads; "
                    "fit them again: python -m cleaner.learn.train"
                )
        self._table = arrays["table"].astype(np.float32) * arrays["table_scale"].astype(np.float32)
        self._weights = {
            name: array.astype(np.float32)
            for name, array in arrays.items()
            if name not in ("about", "table", "table_scale")
        }

    def score(self, features: Features) -> Scores:
        """Chance and kind of each segment. Source: the card beside the weights."""
        count = len(features.starts)
        logits = np.concatenate(
            [self._part(features, start, min(start + _AT_ONCE, count)) for start in range(0, count, _AT_ONCE)]
        )
        chance = 1 / (1 + np.exp(-logits[:, 0] * self._weights["sharpness"]))
        return Scores(chance.astype(np.float32), tuple(KINDS[index] for index in logits[:, 1:].argmax(axis=1)))

    def _part(self, features: Features, start: int, end: int) -> Floats:
        first, last = max(0, start - 2 * _REACH), min(len(features.starts), end + 2 * _REACH)
        bounds = np.append(features.starts, len(features.words))
        rows = features.words[bounds[first] : bounds[last]]
        starts = bounds[first:last] - bounds[first]
        sums = np.add.reduceat(self._table[rows], starts, axis=0)
        means = sums / np.diff(np.append(starts, len(rows)))[:, None]
        return self._net(np.concatenate([means, features.shape[first:last]], axis=1))[start - first : end - first]

    def _net(self, inputs: Floats) -> Floats:
        w = self._weights
        hidden = np.maximum(((inputs - w["mean"]) * w["scale"]) @ w["enter"] + w["enter_bias"], 0)
        hidden = hidden + hidden.mean(axis=0) @ w["whole"]
        for dilation in DILATIONS:
            near = np.concatenate([_shifted(hidden, tap * dilation) for tap in TAPS], axis=1)
            hidden = hidden + np.maximum(near @ w[f"near{dilation}"] + w[f"near{dilation}_bias"], 0)
        result: Floats = hidden @ w["leave"] + w["leave_bias"]
        return result


def find(model: Model, reading: Reading, rules: Sequence[Evidence]) -> Iterator[Evidence]:
    """What the score says of every segment, in view offsets. `rules`: what the rules said, in view offsets."""
    inputs = inputs_of(reading, rules)
    if inputs is None:
        return
    scores = model.score(features(inputs))
    for segment, chance, kind in zip(inputs.segments, scores.chance, scores.kinds, strict=True):
        yield Evidence(*segment, "strip", kind, "score", "cautious", round(float(chance), 4))


def inputs_of(reading: Reading, rules: Sequence[Evidence]) -> Inputs | None:
    """The document as the features read it; None if there is no segment."""
    segments: list[Span] = []
    lines: list[int] = []
    line, number = reading.next_line(Span(0, 0)), 0
    while line is not None:
        found = reading.sentences(line)
        segments += found
        lines += [number] * len(found)
        line, number = reading.next_line(line), number + 1
    if not segments:
        return None
    return Inputs(reading.cased, reading.low, segments, lines, _hints(segments, rules), reading.document.title)


def _hints(segments: list[Span], rules: Sequence[Evidence]) -> list[int]:
    """For each segment what the rules say of it, as `Inputs.hints` has it."""
    hints = [0] * len(segments)
    starts = [segment.start for segment in segments]
    for item in rules:
        index = max(0, bisect_right(starts, item.start) - 1)
        while index < len(segments) and segments[index].start < item.end:
            if segments[index].end > item.start:
                hints[index] = _HINTS[item.action]
            index += 1
    return hints


def load(path: Path = SHIPPED) -> Model:
    """The weights of a file. Raises ModelError for one that is missing, broken, or fitted on other features."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return Model({name: file[name] for name in file.files})
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ModelError(f"{path}: no usable weights: {error}; fit them with python -m cleaner.learn.train") from error


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
