"""Which candidates stand beside each other, so that they make one block, and which say nearly the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from cleaner.rulekit.mine.gather import Found
from cleaner.rulekit.mine.settings import ALIKE, BESIDE
from cleaner.rulekit.mine.weigh import Candidate, chosen

_WITHIN: Final = 0.1
"""Share of its occurrences amid an author's line from which a rule may take a sentence out of one."""
_WITHIN_WORDS: Final = 4


@dataclass(slots=True)
class Template:
    """Candidates that one rule is for: one, or several alike, or a block of them in order."""

    parts: tuple[Candidate, ...]
    block: bool = False
    articles: int = 0
    times: int = 0
    segments: int = 0
    """That it would remove if it takes sentences out of lines; as `chars`, their characters."""
    chars: int = 0
    whole_chars: int = 0
    """Characters of those whose whole line goes."""
    amid: int = 0
    """Occurrences in a line of which something else stays."""
    first: int = 0
    last: int = 0
    """Days; 0 if unknown."""
    longest: int = 0
    examples: dict[int, str] = field(default_factory=dict)
    """Some of what it takes, by a number that has nothing to do with their order."""
    last_doc: int | None = None

    @property
    def removes(self) -> tuple[int, int]:
        """Segments and characters that its rule would remove."""
        if self.block or self.within:
            return self.segments, self.chars
        return self.segments - self.amid, self.whole_chars

    @property
    def within(self) -> bool:
        """Whether its rule takes sentences out of lines."""
        plain = all(part.reading == "exact" and part.text.count(" ") + 1 >= _WITHIN_WORDS for part in self.parts)
        return not self.block and plain and self.amid >= _WITHIN * self.times


@dataclass(slots=True)
class _Beside:
    times: Counter[int] = field(default_factory=Counter)
    pairs: Counter[tuple[int, int]] = field(default_factory=Counter)

    def are(self, one: int, other: int) -> bool:
        """Whether the second nearly always follows the first, and that stands nearly always before it."""
        return self.pairs[one, other] >= BESIDE * max(self.times[one], self.times[other])


def templates(rows: Iterable[Found], found: dict[int, Candidate], need: int) -> list[Template]:
    """The accepted candidates, with what stands beside them in the same blocks, joined and merged; in the order of
    their first wordings."""
    beside, articles = _neighbours(rows, found)
    _grow(found, beside)
    left = {number for number, one in found.items() if one.accepted and articles[number] >= need}
    after = {one: other for one, other in sorted(beside.pairs) if {one, other} <= left and beside.are(one, other)}
    made: list[Template] = []
    single: list[Candidate] = []
    for chain in _filled(list(_chains(left, after)), beside):
        parts = tuple(found[number] for number in chain)
        if len(parts) == 1:
            single += parts
        else:
            made.append(Template(parts, block=True))
    made += [Template(tuple(group)) for group in _alike(single)]
    return sorted(made, key=lambda one: one.parts[0].phrases)


def _neighbours(rows: Iterable[Found], found: dict[int, Candidate]) -> tuple[_Beside, Counter[int]]:
    beside, articles = _Beside(), Counter[int]()
    for _, group in groupby(rows, key=lambda item: item.doc):
        met: set[int] = set()
        before: tuple[int, int] | None = None
        for item in group:
            one = chosen(item, found) if item.counts else None
            if one is None:
                continue
            met.add(one.key)
            beside.times[one.key] += 1
            if before and before[1] == item.pos - 1 and before[0] != one.key:
                beside.pairs[before[0], one.key] += 1
            before = (one.key, item.pos)
        articles.update(met)
    return beside, articles


def _grow(found: dict[int, Candidate], beside: _Beside) -> None:
    """What nearly always stands beside template text is template text, however it reads."""
    grown = True
    while grown:
        grown = False
        near = (Counter[int](), Counter[int]())
        for (one, other), times in beside.pairs.items():
            if _goes(found[one]):
                near[0][other] += times
            if _goes(found[other]):
                near[1][one] += times
        for number in sorted(beside.times):
            new = found[number]
            if not _goes(new) and new.long and max(near[0][number], near[1][number]) >= BESIDE * beside.times[number]:
                new.accepted = grown = True


def _goes(one: Candidate) -> bool:
    return one.accepted or one.shipped


def _chains(left: set[int], after: dict[int, int]) -> Iterator[list[int]]:
    """The numbers in runs in which each is followed by the next."""
    followers, done = set(after.values()), set[int]()
    for start in [*sorted(left - followers), *sorted(followers)]:
        chain, at = [], start
        while at is not None and at not in done:
            done.add(at)
            chain.append(at)
            at = after.get(at)  # type: ignore[assignment]
        if chain:
            yield chain


def _filled(chains: list[list[int]], beside: _Beside) -> list[list[int]]:
    """The runs, with what stands in the midst of one now and then put there: it would end the block."""
    place = {number: (chain, at) for chain in chains for at, number in enumerate(chain) if len(chain) > 1}
    between: dict[int, list[int]] = {}
    for chain in chains:
        one = chain[0]
        enough = BESIDE * beside.times[one]
        before = [other for other in place if beside.pairs[other, one] >= enough]
        if len(chain) == 1 and before:
            run, at = place[before[0]]
            if at + 1 < len(run) and beside.pairs[one, run[at + 1]] >= enough:
                between.setdefault(before[0], []).append(one)
    gone = {number for numbers in between.values() for number in numbers}
    full = [[part for number in chain for part in (number, *sorted(between.get(number, ())))] for chain in chains]
    return [chain for chain in full if chain[0] not in gone]


def _alike(single: Iterable[Candidate]) -> Iterator[list[Candidate]]:
    """Those that say nearly the same, together."""
    groups: list[list[Candidate]] = []
    for one in sorted(single, key=lambda one: (-one.articles, one.phrases)):
        words = one.phrases[0].lower().split()
        for group in groups:
            if one.kind == group[0].kind and _ratio(words, group[0].phrases[0].lower().split()) >= ALIKE:
                group.append(one)
                break
        else:
            groups.append([one])
    yield from groups


def _ratio(one: list[str], other: list[str]) -> float:
    if 2 * min(len(one), len(other)) < ALIKE * (len(one) + len(other)):
        return 0.0
    if 2 * len(set(one) & set(other)) < ALIKE * (len(set(one)) + len(set(other))):
        return 0.0
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other, autojunk=False).ratio()
