"""Which candidates stand beside each other, so that they make one block, and which say nearly the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Final

from cleaner.judge.phrase import key
from cleaner.rulekit.mine.dates import undated
from cleaner.rulekit.mine.gather import Found
from cleaner.rulekit.mine.news import spread
from cleaner.rulekit.mine.settings import ALIKE, BESIDE
from cleaner.rulekit.mine.weigh import Candidate, chosen
from cleaner.rulekit.mine.wording import is_control, likely_kind
from cleaner.text import fold, lower

_WITHIN: Final = 0.1
"""Share of its occurrences amid an author's line from which a rule may take a sentence out of one."""
_WITHIN_WORDS: Final = 4
_RUN: Final = 3
"""Sentences of a line that one phrase may be."""
_LETTERS: Final = 6
"""Of a rule's own words together; in ideographs each is a word."""
_OPEN_WORDS: Final = 3
_OPEN_LETTERS: Final = 12
"""Of what opens a block: so many words, or so many letters with a word of furniture. What opens it goes even alone."""

_SLOT: Final = re.compile(r"\{\w+\}")


@dataclass(slots=True)
class Template:
    """Candidates that one rule is for: one, or several alike, or a block of them in order."""

    parts: tuple[Candidate, ...]
    block: bool = False
    joined: bool = False
    """Whether its parts are the sentences of one line, which one phrase says."""
    articles: int = 0
    times: int = 0
    segments: int = 0
    """That it would remove if it takes sentences out of lines; as `chars`, their characters."""
    chars: int = 0
    whole_chars: int = 0
    """Characters of those whose whole line goes."""
    amid: int = 0
    """Occurrences in a line of which something else stays."""
    inside: int = 0
    """Those of them amid a paragraph of the body."""
    places: list[int] = field(default_factory=lambda: [0, 0, 0])
    """Occurrences above, amid and below the body."""
    shown: Found | None = None
    """One occurrence whose neighbours are known."""
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
        if self.block or self.joined or self.within:
            return self.segments, self.chars
        return self.segments - self.amid, self.whole_chars

    @property
    def within(self) -> bool:
        """Whether its rule takes sentences out of lines."""
        plain = all(part.reading == "exact" and part.text.count(" ") + 1 >= _WITHIN_WORDS for part in self.parts)
        return not (self.block or self.joined) and plain and self.inside >= _WITHIN * self.times

    @property
    def dated(self) -> bool:
        """Whether its parts differ in nothing but weekdays, months and numbers."""
        said = {undated(phrase) for part in self.parts for phrase in part.phrases}
        return not self.block and not self.joined and len(self.parts) > 1 and len(said) == 1


@dataclass(slots=True)
class _Beside:
    times: Counter[int] = field(default_factory=Counter)
    pairs: Counter[tuple[int, int]] = field(default_factory=Counter)
    same: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Of the pairs those that stand on one line."""

    def are(self, one: int, other: int) -> bool:
        """Whether the second nearly always follows the first, and that stands nearly always before it."""
        return self.pairs[one, other] >= BESIDE * max(self.times[one], self.times[other])


def templates(rows: Iterable[Found], found: dict[int, Candidate], need: int) -> list[Template]:
    """The accepted candidates, with what stands beside them in the same blocks, joined and merged; in the order of
    their first wordings."""
    beside, articles = _neighbours(rows, found)
    spread(found, beside.times, beside.pairs, beside.same)
    _grow(found, beside)
    left = {number for number, one in found.items() if one.accepted and articles[number] >= need}
    after = {one: other for one, other in sorted(beside.pairs) if {one, other} <= left and beside.are(one, other)}
    made: list[Template] = []
    single: list[Candidate] = []
    for chain in _filled(list(_chains(left, after)), beside):
        parts = tuple(found[number] for number in chain)
        if 1 < len(parts) <= _RUN and _on_one_line(chain, beside) and all(len(part.phrases) == 1 for part in parts):
            made.append(Template(parts, joined=True))
            continue
        start = next((at for at, part in enumerate(parts) if _opens(part)), len(parts))
        if len(parts) - start > 1:
            made.append(Template(parts[start:], block=True))
        else:
            start = len(parts)
        single += parts[:start]
    made += [Template(tuple(group)) for group in _alike(one for one in single if _stands_alone(one))]
    return sorted(made, key=lambda one: one.parts[0].phrases)


def _on_one_line(chain: list[int], beside: _Beside) -> bool:
    return all(beside.same[pair] >= BESIDE * beside.pairs[pair] for pair in pairwise(chain))


def _own_words(phrase: str) -> list[str]:
    return key(lower(fold(_SLOT.sub(" ", phrase)))).split()


def _opens(part: Candidate) -> bool:
    """Whether the wording says enough by itself to open a block."""
    for phrase in part.phrases:
        said = _own_words(phrase)
        cue = sum(map(len, said)) >= _OPEN_LETTERS and likely_kind(phrase) is not None
        if len(said) < _OPEN_WORDS and not cue:
            return False
    return True


def _stands_alone(part: Candidate) -> bool:
    """Whether the wording may be a rule: a single word is an article's subheading as well, unless a page is worked with
    it."""
    said = ((_own_words(phrase), _SLOT.sub(" ", phrase)) for phrase in part.phrases)
    return all((len(own) > 1 and sum(map(len, own)) >= _LETTERS) or is_control(text) for own, text in said)


def _neighbours(rows: Iterable[Found], found: dict[int, Candidate]) -> tuple[_Beside, Counter[int]]:
    beside, articles = _Beside(), Counter[int]()
    for _, group in groupby(rows, key=lambda item: item.doc):
        met: set[int] = set()
        before: tuple[int, int, int] | None = None
        for item in group:
            one = chosen(item, found) if item.counts else None
            if one is None:
                continue
            met.add(one.key)
            beside.times[one.key] += 1
            if before and before[1] == item.pos - 1 and before[0] != one.key:
                beside.pairs[before[0], one.key] += 1
                beside.same[before[0], one.key] += before[2] == item.line
            before = (one.key, item.pos, item.line)
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
            if (
                not _goes(new)
                and not new.news
                and new.long
                and max(near[0][number], near[1][number]) >= BESIDE * beside.times[number]
            ):
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
        words = undated(one.phrases[0])
        for group in groups:
            first = undated(group[0].phrases[0])
            if words == first or (one.kind == group[0].kind and _ratio(words, first) >= ALIKE):
                group.append(one)
                break
        else:
            groups.append([one])
    yield from groups


def _ratio(one: Sequence[str], other: Sequence[str]) -> float:
    if 2 * min(len(one), len(other)) < ALIKE * (len(one) + len(other)):
        return 0.0
    if 2 * len(set(one) & set(other)) < ALIKE * (len(set(one)) + len(set(other))):
        return 0.0
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other, autojunk=False).ratio()
