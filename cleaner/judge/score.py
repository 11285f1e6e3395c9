"""Chances to evidence: which segments the score would take, each with the mildest level at which it goes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.judge import boxes, lists, outside
from cleaner.judge.features import Inputs, features, offsets
from cleaner.judge.markup import deck, marks, row_starts
from cleaner.judge.model import SHORT, Model, Scores
from cleaner.judge.scored import scored
from cleaner.judge.units import LONG_LINE
from cleaner.types import LEVELS, NO_ARTICLE, Evidence, Kind, Level, Reading, Span

Floats = NDArray[np.float32]


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
_LEAST: Final = 1e-5
_ROW: Final = 0.85
"""Chance below which a row of a table of data stays: four of five that stand in an article are body, and few were there
to learn from."""
_PAGE: Final = 0.9
"""How likely a text must be a whole page for lists in it to be looked at: of clean bodies they take nothing then, from
0.5 on 0.09 % of the words."""
_LISTS: Final = 0.4
"""Expected F1 from which lists are looked at: where next to nothing looks like body they may be all that there is."""
_BOX: Final = 0.6
"""Expected F1 from which an article's box is looked for."""
_ARTICLE: Final = 0.25
"""Expected F1 below which a page has no article. Of 481 article pages that a net had not seen the least had 0.29."""
PROMPTS: Final[frozenset[Kind]] = frozenset(("appeal", "subscription", "newsletter", "app", "consent"))
_ASKS: Final = PROMPTS - {"consent"}
"""What may stand between a headline and its article; a banner about cookies does not."""
PROMPT: Final[dict[Level, float]] = {"cautious": 0.97, "normal": 0.75, "strict": 0.5}
"""Chance from which a prompt goes at each level in any document, however clean: an author seldom writes like one."""
_HINTS: Final = {"strip": 1, "keep": 2, "hint": 3}
_AT_ONCE: Final = 1 << 20
"""Characters in one pass; of a longer document each part is scored by itself."""


def find(model: Model, reading: Reading, rules: Sequence[Evidence]) -> Iterator[Evidence]:
    """The segments that the score would take, in view offsets, each with the mildest level at which it goes; and the
    whole of a page that seems to have no article. `rules`: what the rules said, in view offsets."""
    best, naming = 0.0, _Naming(reading)
    for inputs in _parts(inputs_of(reading, rules)):
        scores, first = model.score(features(inputs)), inputs.offset
        spans = offsets(inputs.segments)
        sizes = spans[:, 1] - spans[:, 0]
        chances = scores.chance if model.for_pages else together(scores.chance, np.asarray(inputs.lines), sizes)
        whole = 1.0 if model.for_pages else model.page(scores.chance)
        found = dict(levels(Scores(chances, scores.kinds), sizes, whole))
        likely = expected(scores.chance, sizes)
        comments = _once_more(reading, inputs, chances, likely, found) if whole > _PAGE and likely >= _LISTS else set()
        for number, level in found.items():
            start, end = inputs.segments[number]
            chance = round(float(chances[number]), 4)
            said: Kind = "comments" if number in comments else scores.kinds[number]
            kind = naming.kind(first + start, first + end, said, chance)
            if kind:
                yield Evidence(first + start, first + end, "strip", kind, "score", level, chance)
        best = max(best, likely)
    if model.for_pages and 0 < best < _ARTICLE:
        yield Evidence(0, len(reading.cased), "strip", "other", NO_ARTICLE, "cautious", round(1 - best, 4))


def _once_more(
    reading: Reading, inputs: Inputs, chances: Floats, likely: float, found: dict[int, Level]
) -> AbstractSet[int]:
    """Adds what goes of a page by where it stands to what goes by its chance alone; the numbers of comments."""
    gone = [hint == _HINTS["strip"] for hint in inputs.hints]
    for number, level in found.items():
        gone[number] |= level != "strict"
    spans = [Span(inputs.offset + start, inputs.offset + end) for start, end in inputs.segments]
    segments = scored(reading, spans, chances.tolist(), gone)
    named = boxes.numbers(segments)

    def take(numbers: Iterable[int]) -> None:
        for number in numbers:
            if not gone[number]:
                found[number], gone[number] = "normal", True

    take(named)
    take(lists.numbers(segments))
    if likely >= _BOX:
        take(outside.numbers(segments))
        take(lists.cells(segments))
    return {number for number, name in named.items() if name == "comments"}


class _Naming:
    """What the markup of a page says of what the score would take."""

    def __init__(self, reading: Reading) -> None:
        page = reading.document.page
        self._reading = reading
        self._deck = deck(page) if page else Span(0, 0)
        self._rows = row_starts(page, reading.document.text) if page else frozenset()

    def kind(self, start: int, end: int, kind: Kind, chance: float) -> Kind | None:
        """The kind of a segment; None if it stays."""
        if not self._deck.end and not self._rows:
            return kind
        at = self._reading.origin(start, end).start
        if at in self._rows and chance < _ROW:
            return None
        return "standfirst" if self._deck.start <= at < self._deck.end and kind not in _ASKS else kind


def levels(scores: Scores, sizes: NDArray[np.int64], page: float) -> Iterator[tuple[int, Level]]:
    """The numbers of a document's segments that go, each with the mildest level at which it does."""
    bar = bars(scores.chance, sizes, page)
    lower = {level: min(bar[level], PROMPT[level]) for level in LEVELS} if len(sizes) >= SHORT else bar
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
            marks=inputs.marks and inputs.marks.part(first, last),
        )
        first = last


def bars(chance: Floats, sizes: NDArray[np.int64], page: float) -> dict[Level, float]:
    """For one document, the chance from which a segment goes at each level. `page`: how likely it is a whole page.

    What stays has the best F1 to be expected if a segment goes where its chance of being body is below half of that F1
    (Lewis 1995; Lipton and others 2014): so where nothing looks much like body, what looks most like it stays. That is
    the bar for a whole page. A text that somebody cleaned before has little to gain and much to lose: there the bar is
    higher, the more so the milder the level."""
    best = expected(chance, sizes)
    return {
        level: 1 - (bold.clean + (bold.page - bold.clean) * page**bold.sure) * best / 2 for level, bold in BOLD.items()
    }


def expected(chance: Floats, sizes: NDArray[np.int64]) -> float:
    """The best F1 of what stays that can be expected, by characters: 0..1."""
    body = (1 - chance) * sizes
    order = np.argsort(chance, kind="stable")
    return float(np.max(2 * np.cumsum(body[order]) / (np.cumsum(sizes[order]) + body.sum())))


def inputs_of(reading: Reading, rules: Sequence[Evidence]) -> Inputs | None:
    """The document as the features read it; None if there is no segment."""
    segments, lines = reading.all_segments()
    if not segments:
        return None
    hints, found = _hints(segments, rules), marks(reading, segments)
    return Inputs(reading.cased, reading.low, segments, lines, hints, reading.document.title, marks=found)


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
