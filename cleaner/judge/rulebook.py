"""Which rules match where. One pass over the text for the literals of all rules; only rules whose literal occurred look
closer, at the line where it stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import TYPE_CHECKING, Final, NamedTuple

from cleaner.judge.index import Search, index_of
from cleaner.judge.kept import Kept
from cleaner.judge.matcher import Matcher, has_any
from cleaner.judge.units import Units, amid
from cleaner.types import Document, Evidence, Reading, Rule, Span

if TYPE_CHECKING:
    from cleaner.judge.selector import Selectors

_LONGEST: Final = 200
"""Characters of a line that is remembered, and how many such lines are: some 3 MB."""
_MOST_LINES: Final = 1 << 14
_Numbers = tuple[int, ...]
_Hit = tuple[int, _Numbers]
"""Where a literal stands, and the numbers of the rules that it belongs to."""
_SCOPE_RANK: Final = {"block": 0, "segment": 1, "inline": 2}


class Rulebook:
    """Rules, ready to be asked. What is compiled on first use and lines that were met make it faster and change nothing
    that it finds; safe to share between threads."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        index = rules.about if isinstance(rules, Kept) else None
        if index is None:
            rules = tuple(rule if rule.reach else _with_reach(rule) for rule in rules)
            index = index_of(rules)
        self.rules: Sequence[Rule] = rules  # type: ignore[assignment]  # Kept, or the tuple just made
        self._index = index
        self._rank = {name: _SCOPE_RANK[scope] for name, scope in zip(index.ids, index.scopes, strict=True)}
        self._matchers: list[Matcher | None] = [None] * len(index.ids)
        self._selectors: Selectors | None = None
        self._also = tuple(index.also.get(number, ()) for number in range(len(index.ids)))
        self._owners: list[tuple[_Numbers, _Numbers] | None] = [None] * len(index.literals)
        self._search = Search(index.literals)
        self._lines = _Lines()

    def __reduce__(self) -> tuple[type[Rulebook], tuple[Sequence[Rule]]]:
        return Rulebook, (self.rules,)

    def compile(self) -> None:
        """Compiles every rule now. Raises RuleError for a regex that is none."""
        for number in range(len(self._matchers)):
            self.matcher(number)

    def matcher(self, number: int) -> Matcher:
        """The rule with its pattern compiled; compiled once."""
        found = self._matchers[number]
        if found is None:
            found = self._matchers[number] = Matcher(self.rules[number])
        return found

    def find(self, reading: Reading, *, host: str | None = None, every: bool = False) -> list[Evidence]:
        """What the rules say of a document, in view offsets, blocks first, then segments, then inline cuts. Of a line
        that one rule takes at every level no other is asked whether it takes it too, unless `every` match counts."""
        hits = self._hits(reading.low)
        if not hits:
            return []
        sites = self._index.sites
        here = frozenset(number for number, hosts in sites.items() if on_site(host, hosts)) if host else frozenset()
        asked = _Asked(reading, sites.keys() - here, None if every else self._lines.of(here), {})
        evidence: list[Evidence] = []
        first, count, line = 0, len(hits), Span(0, 0)
        while first < count:
            line = reading.line_at(hits[first][0], line.end)
            last = first + 1
            while last < count and hits[last][0] < line.end:
                last += 1
            if said := self._said(asked, line, hits[first:last]):
                evidence += _spoken(reading, line, said)
            first = last
        evidence.sort(key=self._order)
        return evidence

    def marked(self, document: Document, *, host: str | None = None) -> list[Evidence]:
        """What rules with a selector say of a page, in document offsets, blocks first; of text they say nothing."""
        if document.page is None:
            return []
        if self._selectors is None:
            from cleaner.judge.selector import Selectors  # only pages need it

            self._selectors = Selectors(self.rules[number] for number in self._index.selectors)
        evidence = self._selectors.find(document, lambda rule: not rule.sites or on_site(host, rule.sites))
        return sorted(evidence, key=self._order)

    def _order(self, item: Evidence) -> tuple[int, int, int, str]:
        return self._rank[item.by], item.start, -item.end, item.by

    def _said(self, asked: _Asked, line: Span, hits: list[_Hit]) -> Sequence[_Said]:
        """What the rules say of one line: of one that was met before, what they said then."""
        reading, known = asked.reading, asked.known
        text = reading.cased[line.start : line.end]
        if known is None or not _may_be_known(reading, line, text):
            known = None
        elif (said := known.get(text)) is not None:
            return said
        likely = self._likely(reading.low[line.start : line.end], hits, asked.away)
        said = tuple(self._of_line(asked, line, likely, hits)) if likely else ()
        if known is not None and all(self._index.scopes[number] == "segment" for number in likely):
            self._lines.keep(known, text, said)
        return said

    def _likely(self, low: str, hits: list[_Hit], away: Set[int]) -> list[int]:
        """The rules with a literal in the line that it may be long enough for and that have all else they need."""
        numbers: Iterable[int] = hits[0][1]
        if len(hits) > 1:
            numbers = sorted({number for _, numbers in hits for number in numbers})
        also, least, size = self._also, self._index.least, len(low)
        return [
            number
            for number in numbers
            if least[number] <= size and number not in away and (not also[number] or has_any(low, also[number]))
        ]

    def _of_line(self, asked: _Asked, line: Span, likely: list[int], hits: list[_Hit]) -> Iterator[_Said]:
        """What the rules of these numbers say of one line."""
        reading, start = asked.reading, line.start
        units, taken, places = Units(reading, line), False, None
        for number in likely:
            matcher = self._matchers[number]
            rule = matcher.rule if matcher else self.rules[number]
            strips = rule.action == "strip" and rule.scope == "segment"
            if taken and strips:
                continue  # most rules that are made at all are made for a line that another has
            matcher = matcher or self.matcher(number)
            if line.end <= asked.blocks.get(number, 0):
                continue
            if matcher.alone and units.only:  # most lines
                if matcher.takes(reading, units.only):
                    yield _Said(units.only.start - start, units.only.end - start, rule, strips, needs_line=False)
                    taken |= strips and rule.level == "cautious" and asked.known is not None
                continue
            places = places or _places(hits, likely)
            for span in matcher.find(units, places[number]):
                if rule.scope == "block":
                    asked.blocks[number] = span.end
                alone, needs_line = strips and units.all == span, units.needs_line(rule, span)
                yield _Said(span.start - start, span.end - start, rule, alone, needs_line)

    def _hits(self, low: str) -> list[_Hit]:
        """Offset of each literal, ascending, with the rules that it belongs to."""
        owners = self._owners
        hits = []
        for literal, start, _ in self._search.find(low):
            numbers, opens = owners[literal] or self._owned(literal)
            if opens:
                # A segment can begin here: nothing stands before, or white space or punctuation other than a comma.
                before = low[start - 1] if start else "\n"
                if before == " " and start > 1:
                    before = low[start - 2]
                if not before.isalnum() and before != ",":
                    numbers = opens
            if numbers:
                hits.append((start, numbers))
        hits.sort()
        return hits

    def _owned(self, literal: int) -> tuple[_Numbers, _Numbers]:
        """The rules that a literal belongs to anywhere, and where a segment may begin if it has more there."""
        said = self._index.owners[self._index.owned[literal]]
        anywhere, opening = (tuple(map(int, numbers.split())) for numbers in said.split(","))
        found = self._owners[literal] = anywhere, anywhere + opening if opening else ()
        return found


class _Said(NamedTuple):
    """What a rule says of a part of a line; offsets count from the line's start."""

    start: int
    end: int
    rule: Rule
    alone: bool
    """Whether a strip takes all of the line, as it may not in the midst of a sentence."""
    needs_line: bool


def _places(hits: list[_Hit], likely: list[int]) -> dict[int, list[int]]:
    """Where the literals of each rule stand."""
    places: dict[int, list[int]] = {number: [] for number in likely}
    for offset, numbers in hits:
        for number in numbers:
            found = places.get(number)
            if found is not None and found[-1:] != [offset]:
                found.append(offset)
    return places


def _spoken(reading: Reading, line: Span, said: Sequence[_Said]) -> Iterator[Evidence]:
    """The evidence that it is of this line."""
    inside = any(one.alone for one in said) and amid(reading.cased, line)
    for start, end, rule, alone, needs_line in said:
        if not (alone and inside):
            at, to, condition = line.start + start, line.start + end, line if needs_line else None
            yield Evidence(at, to, rule.action, rule.kind, rule.id, rule.level, None, condition)


def _may_be_known(reading: Reading, line: Span, text: str) -> bool:
    """Whether all that rules say of a line follows from its text: before a seam none begins a segment, and where
    sentences end may depend on which quotes stand in the document."""
    quoted = '"' in text or ("'" in text and not text.isascii())
    return len(text) <= _LONGEST and not quoted and reading.cased[line.start - 1 : line.start] in ("", "\n")


class _Lines:
    """What rules said of short lines, by the rules that a site has for itself: of the lines of a publisher's template
    most come again with its next article. Forgets all when there are many."""

    def __init__(self) -> None:
        self._known: dict[frozenset[int], dict[str, Sequence[_Said]]] = {}
        self._count = 0

    def of(self, here: frozenset[int]) -> dict[str, Sequence[_Said]]:
        """The lines known where these rules of sites work."""
        return self._known.setdefault(here, {})

    def keep(self, known: dict[str, Sequence[_Said]], text: str, said: Sequence[_Said]) -> None:
        """Remembers what was said of a line."""
        if self._count >= _MOST_LINES:
            self._known.clear()
            self._count = 0
        known[text] = said
        self._count += 1


class _Asked(NamedTuple):
    """One document while its rules are asked."""

    reading: Reading
    away: Set[int]
    """Rules of other sites."""
    known: dict[str, Sequence[_Said]] | None
    """What was said of lines before; None where every match counts."""
    blocks: dict[int, int]
    """Where the last block of a rule ended."""


def _with_reach(rule: Rule) -> Rule:
    from cleaner.judge.literal import with_reach  # shipped rules come with theirs

    return with_reach(rule)


def on_site(host: str | None, sites: Iterable[str]) -> bool:
    """Whether the host is one of the sites or below one."""
    return host is not None and any(host == site or host.endswith("." + site) for site in sites)
