"""Aligns a dirty text with its gold body: which words of the text are body, word by word.

Long common runs are chained in reading order, the best chain first, so a whole article wins over a teaser, a related
headline or a title in a menu that says some of the same words. What the first chain leaves is chained again (reordered
blocks), and the gaps inside a chain are filled line by line, then word by word. Every gold word is given away once.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2
from typing import Final, NamedTuple

from cleaner.read.segment import View
from cleaner.types import Document, Span

# Scripts without spaces: every character is a word. Kana, Han, Thai, Lao, Burmese, Khmer.
_SOLID: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_WORD: Final = re.compile(rf"[{_SOLID}]|[^\W{_SOLID}]+")
_SEED: Final = 3
"""Words that must agree in a row to start a run."""
_COMMON: Final = 64
"""A seed that the body has more often starts no run (rows of zeros)."""
_BACK: Final = 80
"""Runs a chain looks back over for the link before: so many of any length, and so many long ones."""
_LONG: Final = 8
"""Words of a long run. A paragraph's run starts before hundreds of accidents within, and must not go out of sight."""
_CHAIN: Final = 6
"""Least words of a further chain. Shorter agreements between prose and menus are accidents."""
_CHAINS: Final = 60
"""Most chains. A forum page whose gold is sorted otherwise has about twenty."""
_SURE: Final = 5
"""Words in a row that are no accident inside a segment that is mostly something else."""
_BRIDGE: Final = 2
"""Unmatched words inside a body part that do not end it: "U.S." for "US", a typo mended in the gold."""


class Run(NamedTuple):
    """Words `dirty .. dirty + size` of the text equal words `gold .. gold + size` of the body."""

    dirty: int
    gold: int
    size: int


class Share(NamedTuple):
    """How much of one segment is body."""

    body: float | None
    """0..1, by words; None where the segment has no word."""
    repeat: bool
    """Not body, but says again what the body says."""
    parts: tuple[Span, ...]
    """View spans that are body, where only a part is."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a view: numbers that are equal where words are, and their view spans."""

    ids: list[int]
    starts: list[int]
    ends: list[int]
    lines: list[Span]
    """Ranges of word numbers, one for every line that has words."""

    @classmethod
    def of(cls, view: View, numbers: dict[str, int]) -> Words:
        """Reads the words of a view. `numbers` is shared by the texts that are compared, and grows."""
        found = list(_WORD.finditer(view.low))
        starts = [item.start() for item in found]
        ids = [numbers.setdefault(item[0], len(numbers)) for item in found]
        bounds = [0]
        for line in view.lines():
            bounds.append(bisect_left(starts, line.end))
        lines = [Span(a, b) for a, b in pairwise(bounds) if a < b]
        return cls(ids, starts, [item.end() for item in found], lines)

    def within(self, span: Span) -> Span:
        """Numbers of the words inside a view span."""
        return Span(bisect_left(self.starts, span.start), bisect_left(self.starts, span.end))


@dataclass(frozen=True, slots=True)
class Alignment:
    """What `align` found. `match[n]` is the gold word that word n of the text is, or -1."""

    dirty: Words
    gold: Words
    match: list[int]
    again: list[bool]
    """Whether a word that matches nothing stands in a run of the body that was found elsewhere."""
    gold_lines: frozenset[tuple[int, ...]]

    @property
    def found(self) -> float:
        """Share of the gold words that stand in the text."""
        return sum(at >= 0 for at in self.match) / len(self.gold.ids) if self.gold.ids else 1.0

    def share(self, span: Span) -> Share:
        """How much of a segment, given as a view span, is body."""
        first, last = self.dirty.within(span)
        size = last - first
        if not size:
            return Share(None, False, ())
        hits = [number for number in range(first, last) if self.match[number] >= 0]
        if hits and not self._plausible(hits, size):
            hits = []
        body = len(hits) / size
        parts = () if body in (0.0, 1.0) else tuple(self._parts(hits))
        repeated = sum(self.again[first:last]) >= 0.6 * size or tuple(self.dirty.ids[first:last]) in self.gold_lines
        return Share(body, body < 0.5 and repeated, parts)

    def _plausible(self, hits: list[int], size: int) -> bool:
        """Keeps out words that agree here and there: "the", "of", a name."""
        longest = run = 1
        for before, after in pairwise(hits):
            run = run + 1 if after == before + 1 and self.match[after] == self.match[before] + 1 else 1
            longest = max(longest, run)
        if 2 * len(hits) < size:
            return longest >= _SURE
        return longest > 2 or size <= 6

    def _parts(self, hits: list[int]) -> Iterable[Span]:
        start = hits[0]
        for before, after in pairwise(hits):
            if after - before - 1 > _BRIDGE:
                yield Span(self.dirty.starts[start], self.dirty.ends[before])
                start = after
        yield Span(self.dirty.starts[start], self.dirty.ends[hits[-1]])


def align(view: View, body: Sequence[str]) -> Alignment:
    """Finds the body's words in a text. `body` is the gold, a paragraph an item."""
    numbers: dict[str, int] = {}
    dirty = Words.of(view, numbers)
    gold = Words.of(View(Document("\n".join(body))), numbers)
    work = _Work(dirty, gold)
    runs = _runs(dirty.ids, gold.ids)
    left = runs
    for turn in range(_CHAINS):
        chain = _best_chain(left)
        if not chain or (turn and sum(run.size for run in chain) < _CHAIN):
            break
        work.take(chain)
        left = [part for run in left for part in work.free(run) if part.size >= _SEED]
    again = [False] * len(dirty.ids)
    for run in runs:
        if run.size >= _SURE:
            again[run.dirty : run.dirty + run.size] = [True] * run.size
    again = [said and at < 0 for said, at in zip(again, work.match, strict=True)]
    lines = frozenset(tuple(gold.ids[line.start : line.end]) for line in gold.lines)
    return Alignment(dirty, gold, work.match, again, lines)


class _Work:
    """The alignment in the making: what is matched so far."""

    def __init__(self, dirty: Words, gold: Words) -> None:
        self.dirty, self.gold = dirty, gold
        self.match = [-1] * len(dirty.ids)
        self.given = [False] * len(gold.ids)

    def free(self, run: Run) -> Iterable[Run]:
        """The parts of a run whose words are matched on neither side."""
        start = None
        for step in range(run.size):
            taken = self.match[run.dirty + step] >= 0 or self.given[run.gold + step]
            if taken and start is not None:
                yield Run(run.dirty + start, run.gold + start, step - start)
                start = None
            elif not taken and start is None:
                start = step
        if start is not None:
            yield Run(run.dirty + start, run.gold + start, run.size - start)

    def pair(self, dirty: int, gold: int, size: int) -> None:
        """Matches words in a row, where both sides are free."""
        for step in range(size):
            if self.match[dirty + step] < 0 and not self.given[gold + step]:
                self.match[dirty + step] = gold + step
                self.given[gold + step] = True

    def take(self, chain: list[Run]) -> None:
        """Matches a chain, and what lies between its runs and just before and after it."""
        for run in chain:
            self.pair(*run)
        first, last = chain[0], chain[-1]
        self.fill(*self._before(first), least=_SEED)
        for one, two in pairwise(chain):
            self.fill(Span(one.dirty + one.size, two.dirty), Span(one.gold + one.size, two.gold), least=1)
        self.fill(*self._after(last), least=_SEED)

    def _before(self, run: Run) -> tuple[Span, Span]:
        gold = run.gold
        while gold and not self.given[gold - 1] and run.gold - gold < 200:
            gold -= 1
        return Span(max(0, run.dirty - 3 * (run.gold - gold) - 10), run.dirty), Span(gold, run.gold)

    def _after(self, run: Run) -> tuple[Span, Span]:
        start = end = run.gold + run.size
        while end < len(self.given) and not self.given[end] and end - start < 200:
            end += 1
        after = run.dirty + run.size
        return Span(after, min(len(self.match), after + 3 * (end - start) + 10)), Span(start, end)

    def fill(self, dirty: Span, gold: Span, *, least: int) -> None:
        """Matches inside a gap: equal lines first, the later one where there are two, because a subheading stands
        right above its paragraph; then the longest common sequence of words, in runs of at least `least`."""
        if dirty.start >= dirty.end or gold.start >= gold.end:
            return
        end, rest = dirty.end, []
        texts = _lines_in(self.dirty.lines, dirty)
        above = gold.end
        for line in reversed(_lines_in(self.gold.lines, gold)):
            said = self.gold.ids[line.start : line.end]
            for text in reversed(texts):
                if text.end <= end and self.dirty.ids[text.start : text.end] == said:
                    self.pair(text.start, line.start, line.end - line.start)
                    rest.append((Span(text.end, end), Span(line.end, above)))
                    end, above = text.start, line.start
                    break
        rest.append((Span(dirty.start, end), Span(gold.start, above)))
        for one, two in rest:
            self._words(one, two, least)

    def _words(self, dirty: Span, gold: Span, least: int) -> None:
        few, many = sorted((gold.end - gold.start, dirty.end - dirty.start))
        if few <= 0 or many > 4 * few + 20:
            return
        from rapidfuzz.distance import LCSseq

        ids, wanted = self.dirty.ids[dirty.start : dirty.end], self.gold.ids[gold.start : gold.end]
        for block in LCSseq.opcodes(ids, wanted):
            size = block.src_end - block.src_start
            if block.tag == "equal" and size >= least:
                self.pair(dirty.start + block.src_start, gold.start + block.dest_start, size)


def _lines_in(lines: list[Span], span: Span) -> list[Span]:
    first = bisect_left(lines, span.start, key=lambda line: line.start)
    last = bisect_right(lines, span.end, key=lambda line: line.end)
    return lines[first:last]


def _runs(dirty: list[int], gold: list[int]) -> list[Run]:
    """Every longest run of at least `_SEED` words that both have, in order of the text."""
    places: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for at in range(len(gold) - _SEED + 1):
        places[tuple(gold[at : at + _SEED])].append(at)
    open_runs: dict[int, list[int]] = {}
    runs: list[list[int]] = []
    for at in range(len(dirty) - _SEED + 1):
        found = places.get(tuple(dirty[at : at + _SEED]), ())
        common = len(found) > _COMMON
        for there in found:
            run = open_runs.get(at - there)
            if run is not None and run[0] + run[2] == at:
                run[2] += 1
            elif not common:
                run = open_runs[at - there] = [at, there, 1]
                runs.append(run)
    return [Run(at, there, size + _SEED - 1) for at, there, size in runs]


def _best_chain(runs: list[Run]) -> list[Run]:
    """The heaviest sequence of runs that goes forward on both sides, its overlaps cut off.

    A jump costs half the logarithm of how much more one side skips than the other: a block of furniture between two
    paragraphs is cheap, three common words far away are not worth it."""
    if len(runs) > 20_000:
        runs = [run for run in runs if run.size >= _SURE]
    scores = [float(run.size) for run in runs]
    before = [-1] * len(runs)
    long: list[int] = []
    for number, run in enumerate(runs):
        near = range(number - 1, max(-1, number - _BACK - 1), -1)
        for other in (*near, *long[-_BACK:]):
            at, there, size = runs[other]
            news = run.size - max(0, at + size - run.dirty, there + size - run.gold)
            if at >= run.dirty or there >= run.gold or news <= 0:
                continue
            jump = abs((run.dirty - at) - (run.gold - there))
            score = scores[other] + news - 0.5 * log2(1 + jump)
            if score > scores[number]:
                scores[number], before[number] = score, other
        if run.size >= _LONG:
            long.append(number)
    if not runs:
        return []
    at = max(range(len(runs)), key=scores.__getitem__)
    chain = [runs[at]]
    while before[at] >= 0:
        at = before[at]
        run, after = runs[at], chain[-1]
        size = min(run.size, after.dirty - run.dirty, after.gold - run.gold)
        if size > 0:
            chain.append(run._replace(size=size))
    return chain[::-1]
