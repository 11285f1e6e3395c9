"""Weights to chances: how likely each segment is not body, and of which kind it then is.

A small convolutional net over the document's segments in order: hashed words and shape of each segment, its neighbours
at growing distance, and twice what a few heads pick from the whole document (how its body looks, how its furniture
does). Use needs numpy alone; fitting is `cleaner.learn.train`.
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
from cleaner.judge.rulebook import LONG_LINE
from cleaner.types import KINDS, LEVELS, Evidence, Kind, Level, ModelError, Reading, Span

Floats = NDArray[np.float32]

SHIPPED: Final = Path(__file__).parent / "weights.npz"
TAPS: Final = (-2, -1, 0, 1, 2)
DILATIONS: Final = (1, 2, 4, 8)


class Bold(NamedTuple):
    """How far a level goes towards the best bar."""

    clean: float
    """In a document that is surely no page."""
    page: float
    """In one that surely is one."""
    sure: int
    """Power of the chance that it is a page: the higher, the surer must that be."""


BOLD: Final[dict[Level, Bold]] = {
    "cautious": Bold(0.002, 0.3, 6),
    "normal": Bold(0.005, 1.0, 6),
    "strict": Bold(0.2, 1.0, 1),
}
_SURE: Final = 0.9
_ENDS: Final = 10
"""Segments at either end of a document by which a page is known."""
_LEAST: Final = 1e-5
_SHORT: Final = 8
"""Segments of a document that is not judged by its parts: a few sentences may be about anything."""
PROMPTS: Final[frozenset[Kind]] = frozenset(("appeal", "subscription", "newsletter", "app", "consent"))
PROMPT: Final[dict[Level, float]] = {"cautious": 0.97, "normal": 0.75, "strict": 0.5}
"""Chance from which a prompt goes at each level in any document, however clean: an author seldom writes like one."""
_TABLE: Final = frozenset({"about", "steps", "table"})
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
_NEEDED: Final = _TABLE.union(
    ("table_scale", "mean", "scale", "sharpness", "shift", "page"), _LAYERS, (f"{name}_bias" for name in _LAYERS)
)
_HINTS: Final = {"strip": 1, "keep": 2, "hint": 3}
_AT_ONCE: Final = 1 << 20
"""Characters in one pass; of a longer document each part is scored by itself."""


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
        if missing := sorted(_NEEDED - arrays.keys()):
            raise ModelError(f"the weights have no {missing[0]!r}; fit them again: python -m cleaner.learn.train")
        # Only words met on several sites have a row; all others share row 0, which is nothing. A column a number of the
        # word's, in 8 bits: as floats they would take 30 ms to load.
        self._table = arrays["table"]
        self._row = np.zeros(BUCKETS, np.int32)
        self._row[np.cumsum(arrays["steps"], dtype=np.int64)] = np.arange(1, self._table.shape[1])
        self._weights = {name: array.astype(np.float32) for name, array in arrays.items() if name not in _TABLE}

    def score(self, features: Features) -> Scores:
        """Chance and kind of each segment. Source: the card, docs/model-card.md."""
        logits = self.logits(features)
        chance = 1 / (1 + np.exp(-logits[:, 0] * self._weights["sharpness"] - self._weights["shift"]))
        return Scores(chance.astype(np.float32), tuple(KINDS[index] for index in logits[:, 1:].argmax(axis=1)))

    def page(self, chance: Floats) -> float:
        """How likely the document of these chances is a whole page with all its furniture: 0..1."""
        if len(chance) < _SHORT:
            return 0.0
        return float(1 / (1 + np.exp(-page_marks(chance) @ self._weights["page"])))

    def logits(self, features: Features) -> Floats:
        """What the net says, before calibration: of shape (S, 1 + kinds)."""
        rows = self._row[features.words]
        sums = [np.add.reduceat(column.take(rows).astype(np.int32), features.starts) for column in self._table]
        count = np.diff(np.append(features.starts, len(rows)))[:, None]
        means = np.stack(sums, axis=1) * self._weights["table_scale"] / count
        return self._net(np.concatenate([means, features.shape], axis=1, dtype=np.float32))

    def _net(self, inputs: Floats) -> Floats:
        w = self._weights
        hidden = np.maximum(((inputs - w["mean"]) * w["scale"]) @ w["enter"] + w["enter_bias"], 0)
        hidden = hidden + self._picked(hidden, "first")
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


def find(model: Model, reading: Reading, rules: Sequence[Evidence]) -> Iterator[Evidence]:
    """The segments that the score would take, in view offsets, each with the mildest level at which it goes. `rules`:
    what the rules said, in view offsets."""
    for inputs in _parts(inputs_of(reading, rules)):
        scores, first = model.score(features(inputs)), inputs.offset
        spans = np.asarray(inputs.segments)
        sizes = spans[:, 1] - spans[:, 0]
        chances = together(scores.chance, np.asarray(inputs.lines), sizes)
        for number, level in levels(Scores(chances, scores.kinds), sizes, model.page(scores.chance)):
            start, end = inputs.segments[number]
            chance = round(float(chances[number]), 4)
            yield Evidence(first + start, first + end, "strip", scores.kinds[number], "score", level, chance)


def levels(scores: Scores, sizes: NDArray[np.int64], page: float) -> Iterator[tuple[int, Level]]:
    """The numbers of a document's segments that go, each with the mildest level at which it does."""
    bar = bars(scores.chance, sizes, page)
    lower = {level: min(bar[level], PROMPT[level]) for level in LEVELS} if len(sizes) >= _SHORT else bar
    for number in np.flatnonzero(scores.chance >= min(lower.values())).tolist():
        if level := level_of(float(scores.chance[number]), lower if scores.kinds[number] in PROMPTS else bar):
            yield number, level


def together(chance: Floats, lines: NDArray[np.int64], sizes: NDArray[np.int64]) -> Floats:
    """The chances, drawn half way to that of their lines: what stands in one line was mostly put there by one hand. Not
    in a line so long that line ends were lost."""
    logits = np.log(np.clip(chance, _LEAST, 1 - _LEAST) / (1 - np.clip(chance, _LEAST, 1 - _LEAST)))
    number = np.unique(lines, return_inverse=True)[1]
    total = np.bincount(number, sizes)
    mean = (np.bincount(number, logits * sizes) / total)[number]
    half = np.where(total[number] < LONG_LINE, (logits + mean) / 2, logits)
    found: Floats = (1 / (1 + np.exp(-half))).astype(np.float32)
    return found


def level_of(chance: float, bar: dict[Level, float]) -> Level | None:
    """The mildest level at which a segment goes; None if at none."""
    for level in LEVELS:  # a plain loop: half the segments of a page come here
        if chance >= bar[level]:
            return level
    return None


def _parts(inputs: Inputs | None) -> Iterator[Inputs]:
    """The document, or the parts of one that is very long."""
    first = 0
    while inputs and first < len(inputs.segments):
        begin = inputs.segments[first][0]
        last = bisect_right(inputs.segments, (begin + _AT_ONCE, 0), first + 1)
        end = inputs.segments[last - 1][1]
        spans = inputs.segments[first:last]
        yield inputs._replace(
            cased=inputs.cased[begin:end],
            low=inputs.low[begin:end],
            segments=[(start - begin, stop - begin) for start, stop in spans] if begin else spans,
            lines=inputs.lines[first:last],
            hints=inputs.hints[first:last],
            offset=begin,
        )
        first = last


def bars(chance: Floats, sizes: NDArray[np.int64], page: float) -> dict[Level, float]:
    """For one document, the chance from which a segment goes at each level. `page`: how likely it is a whole page.

    What stays has the best F1 to be expected if a segment goes where its chance of being body is below half of that F1
    (Lewis 1995; Lipton and others 2014): so where nothing looks much like body, what looks most like it stays. That is
    the bar for a whole page. A text that somebody cleaned before has little to gain and much to lose: there the bar is
    higher, the more so the milder the level."""
    body = (1 - chance) * sizes
    order = np.argsort(chance, kind="stable")
    best = float(np.max(2 * np.cumsum(body[order]) / (np.cumsum(sizes[order]) + body.sum())))
    return {
        level: 1 - (bold.clean + (bold.page - bold.clean) * page**bold.sure) * best / 2 for level, bold in BOLD.items()
    }


def page_marks(chance: Floats) -> Floats:
    """By what a page is known: that much of it is surely furniture, and that it begins and ends with some. Of shape
    (4,), the first is 1."""
    return np.asarray([1.0, np.mean(chance >= _SURE), chance[:_ENDS].mean(), chance[-_ENDS:].mean()], np.float32)


def inputs_of(reading: Reading, rules: Sequence[Evidence]) -> Inputs | None:
    """The document as the features read it; None if there is no segment."""
    segments, lines = reading.all_segments()
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
