"""What each rule does on a corpus: counters only, so that memory does not grow with it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cleaner.judge.decide import counts, decide
from cleaner.pipeline import Cleaner, host_of
from cleaner.types import Decision, Document, Evidence, Rule

HOSTS: Final = 256
"""Hosts that are told apart of one rule; from there on it is `256+`."""
_EXAMPLES: Final = 2
_SHOWN: Final = 70
"""Characters of an example."""


def ranked(counted: Counter[str]) -> list[str]:
    """The names, those that were counted most often first."""
    return [name for name, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))]


class Shown(NamedTuple):
    """A text that a rule matched, and where."""

    place: str
    text: str


@dataclass(slots=True)
class Use:
    """What one rule did."""

    matches: int = 0
    removals: int = 0
    characters: int = 0
    """Removed, as the ledger counts them: with the line ends and spaces that went along."""
    articles: int = 0
    """With a match."""
    hosts: set[str] = field(default_factory=set)
    overruled: int = 0
    """Matches of which another rule or finder took or kept at least a part."""
    by: Counter[str] = field(default_factory=Counter)
    """By whom."""
    waiting: int = 0
    """Matches that stayed because the rest of their line does."""
    spared: Counter[str] | None = field(default_factory=Counter)
    """Who would have taken what this one removed; None once there was something that nobody else would have."""
    examples: list[Shown] = field(default_factory=list)

    @property
    def shadows(self) -> list[str]:
        """The others that together would have taken all that it removed, those that took most first; none if it
        removed something that only it takes. Of a rule that lost every match these are who took them."""
        if self.removals:
            return ranked(self.spared or Counter())
        return ranked(self.by) if self.overruled + self.waiting == self.matches else []


class Stats:
    """The counters of a corpus, rule by rule."""

    def __init__(self, cleaner: Cleaner) -> None:
        """`cleaner` without scores: what they take besides is no rule's doing, and they never outrank one."""
        self.cleaner = cleaner
        self.rules: dict[str, Rule] = {rule.id: rule for rule in cleaner.rulebook.rules}
        self.uses: dict[str, Use] = {}
        self.articles = self.pages = self.rejected = self.characters = self.others = 0
        self._sites: dict[str, bool] = {site: False for rule in self.rules.values() for site in rule.sites}

    @property
    def level(self) -> str:
        """The level at which it was counted."""
        return self.cleaner.level

    @property
    def removed(self) -> int:
        """Characters that rules removed; `others` are those that headline and repeats took."""
        return sum(use.characters for use in self.uses.values())

    def never(self, rules: Iterable[Rule]) -> list[Rule]:
        """Those of the rules that matched nothing."""
        return [rule for rule in rules if rule.id not in self.uses]

    def why_never(self, rule: Rule) -> str:
        """Why the rule could not match anything here, as far as that is known; else empty."""
        if rule.selector is not None and not self.pages:
            return "it reads pages, and there was none"
        if rule.sites and not any(self._sites[site] for site in rule.sites):
            return f"no article of {', '.join(rule.sites)}"
        return ""

    def add(self, document: Document, place: str) -> None:
        """Counts an article. Raises InputError."""
        evidence = [item for item in self.cleaner.evidence(document, every=True) if counts(item, self.cleaner.level)]
        decisions = self.cleaner.clean_document(document).decisions if evidence else ()
        host = host_of(document.url)
        self.articles += 1
        self.pages += document.page is not None
        self.characters += len(document.text)
        for site in self._above(host):
            self._sites[site] = True
        found = [item for item in evidence if item.by in self.rules]
        for by in {item.by for item in found}:
            use = self.uses.setdefault(by, Use())
            use.articles += 1
            if host and len(use.hosts) < HOSTS:
                use.hosts.add(host)
        self._count_matches(document.text, found, decisions, place)
        self._count_removals(document.text, evidence, decisions, place)

    def _above(self, host: str | None) -> Iterator[str]:
        """The sites of rules that the host is one of, or lies below."""
        while host:
            if host in self._sites:
                yield host
            host = host.partition(".")[2]

    def _count_matches(self, text: str, found: list[Evidence], decisions: Sequence[Decision], place: str) -> None:
        for item in found:
            use = self.uses[item.by]
            use.matches += 1
            if item.action != "strip":
                _exemplify(use, text, [item], place)
                continue
            over = [one for one in _overlapping(decisions, item) if _shared(text, one, item)]
            others = {one.by for one in over if one.by != item.by}
            if others:
                use.overruled += 1
                use.by.update(others)
            elif not over:
                use.waiting += 1

    def _count_removals(self, text: str, evidence: list[Evidence], decisions: Sequence[Decision], place: str) -> None:
        removed: dict[str, list[Decision]] = {}
        for one in decisions:
            if one.action == "strip":
                removed.setdefault(one.by, []).append(one)
        for by, mine in removed.items():
            size = sum(one.end - one.start for one in mine)
            if by not in self.rules:
                self.others += size
                continue
            # What a cut left standing alone is asked once more: such a match is no evidence about the whole text.
            use = self.uses.setdefault(by, Use(articles=1))
            use.removals += len(mine)
            use.matches = max(use.matches, use.removals)
            use.characters += size
            _exemplify(use, text, mine, place)
            if use.spared is not None and not self._spares(text, evidence, mine, use.spared):
                use.spared = None

    def _spares(self, text: str, evidence: list[Evidence], mine: list[Decision], spared: Counter[str]) -> bool:
        """Whether others would take all of this, had the rule not been there; `spared` hears who."""
        by = mine[0].by
        rest = [item for item in evidence if item.by != by]
        for one in mine:
            if not any(item.start < one.end and item.end > one.start and item.action == "strip" for item in rest):
                return False
        again = decide(text, rest, self.cleaner.level, self.cleaner.kinds)
        takers: list[str] = []
        for one in mine:
            taken = [item for item in _overlapping(again, one) if item.action == "strip"]
            at = one.start
            for item in taken:
                if text[at : max(at, item.start)].strip():
                    return False
                at = max(at, item.end)
            if text[at : one.end].strip():
                return False
            takers += {item.by for item in taken if _shared(text, item, one)}
        spared.update(takers)
        return True


def _overlapping(decisions: Sequence[Decision], span: Evidence | Decision) -> Sequence[Decision]:
    """The decisions, which never overlap and come in order, that reach into the span."""
    first = bisect_right(decisions, span.start, key=lambda one: one.end)
    return decisions[first : bisect_left(decisions, span.end, key=lambda one: one.start)]


def _shared(text: str, one: Decision, other: Evidence | Decision) -> bool:
    """Whether they have more in common than space."""
    return bool(text[max(one.start, other.start) : min(one.end, other.end)].strip())


def _exemplify(use: Use, text: str, mine: Sequence[Evidence | Decision], place: str) -> None:
    """Keeps the first texts that differ."""
    for one in mine:
        if len(use.examples) == _EXAMPLES:
            return
        said = " ".join(text[one.start : one.end].split())
        said = said if len(said) <= _SHOWN else f"{said[: _SHOWN - 3]}..."
        if said not in {example.text for example in use.examples}:
            use.examples.append(Shown(place, said))
