"""What was found of one host, candidate by candidate, and which candidates are template text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cleaner.judge.phrase import key
from cleaner.rulekit.mine.gather import Found, kind_at
from cleaner.rulekit.mine.keys import READINGS, Reading
from cleaner.rulekit.mine.read import number_of
from cleaner.rulekit.mine.settings import (
    DATES,
    INSIDE_SHARE,
    INSIDE_WORDS,
    OUTSIDE,
    SHADE,
    SHORT_SHARE,
    SHORT_WORDS,
    TAKEN,
    VARIANTS,
    VOTES,
)
from cleaner.rulekit.mine.slots import phrases
from cleaner.rulekit.mine.wording import kind_of, likely_kind
from cleaner.text import lower
from cleaner.types import Kind

DOCS: Final = 64
"""Articles of a candidate that are remembered one by one."""
_SHADES: Final = 64
"""Wordings of a template that are counted one by one."""


@dataclass(slots=True)
class Candidate:
    """A segment as one reading has it, over the articles of a host that are witnesses."""

    key: int
    reading: Reading
    articles: int = 0
    times: int = 0
    outside: int = 0
    tried: int = 0
    taken: int = 0
    asked: int = 0
    took: int = 0
    """How often rules or scores took it, of the times scores were asked."""
    days: set[int] = field(default_factory=set)
    """Some of them."""
    variants: dict[int, str] = field(default_factory=dict)
    """Some of its wordings, by a number that has nothing to do with their order."""
    shades: Counter[int] = field(default_factory=Counter)
    kinds: Counter[Kind] = field(default_factory=Counter)
    phrases: tuple[str, ...] = ()
    accepted: bool = False
    shipped: bool = False
    """Whether the shipped rules take it, so that no rule is needed."""
    last_doc: int | None = None
    docs: list[int] = field(default_factory=list)
    """The first of the articles that have it. Their numbers are hashes, so this is a sample of them."""
    listed: int = 0
    """Times that it stood in a list of headlines."""
    heads: int = 0
    """Articles whose own headline it may be, copies too."""
    first: int = 0
    last: int = 0
    """Days; 0 if unknown."""
    news: str = ""
    """Why it is taken for the news of a day; empty if it is not. Such a candidate is never accepted."""

    def add(self, item: Found) -> None:
        """Counts one occurrence; those of an article come together."""
        if item.doc != self.last_doc:
            self.articles += 1
            if len(self.docs) < DOCS:
                self.docs.append(item.doc)
        self.last_doc = item.doc
        self.times += 1
        self.outside += item.outside
        self.listed += item.listed
        if item.taken >= 0:
            self.tried, self.taken = self.tried + 1, self.taken + item.taken
        if item.kind >= 0:
            self.kinds[kind_at(item.kind)] += 1
        self.asked += item.asked
        self.took += item.asked and item.kind >= 0
        if item.day:
            self.first, self.last = min(self.first or item.day, item.day), max(self.last, item.day)
            if len(self.days) < DATES:
                self.days.add(item.day)
        if len(self.shades) < _SHADES or item.exact in self.shades:
            self.shades[item.exact] += 1
        keep_least(self.variants, item.said, VARIANTS)

    @property
    def text(self) -> str:
        """One of its wordings, always the same."""
        return self.variants[min(self.variants)]

    @property
    def long(self) -> bool:
        """Whether it has more words than a tag or the name of a section."""
        return len(key(lower(self.text)).split()) > SHORT_WORDS

    @property
    def kind(self) -> Kind:
        """Its likeliest kind."""
        best = max(sorted(self.kinds), key=lambda kind: self.kinds[kind], default=None)
        return kind_of(self.text) or likely_kind(self.text) or best or "other"

    @property
    def worded(self) -> bool:
        """Whether its wording is a template's: the scores say so, or its words."""
        if self.asked and self.took >= VOTES * self.asked:
            return True
        return kind_of(self.text) is not None


def keep_least(texts: dict[int, str], text: str, most: int) -> None:
    """Keeps the texts whose numbers are least: a sample that does not depend on the order in which they come."""
    number = number_of(text)
    if number not in texts:
        texts[number] = text
        if len(texts) > most:
            del texts[max(texts)]


def candidates(
    rows: Iterable[Found], need: int, articles: int, days: int, *, everything: bool = False
) -> dict[int, Candidate]:
    """Key -> candidate, of all that stands in enough of a host's witnesses and can be said in phrases; `accepted` where
    it is template text by itself. `rows` are in the order of articles; `articles` counts the witnesses,
    `days` those on which any article was published. What the shipped rules take is not accepted, unless `everything`
    is."""
    found: dict[int, Candidate] = {}
    heads: dict[int, tuple[int, int]] = {}
    for item in rows:
        if item.head:
            for number in item.keys:
                times, doc = heads.get(number, (0, 0))
                heads[number] = (times + (doc != item.doc), item.doc)
        if not item.counts:
            continue
        for number, reading in zip(item.keys, READINGS, strict=True):
            if number:
                if number not in found:
                    found[number] = Candidate(number, reading)
                found[number].add(item)
    least = DATES if days >= DATES else 0
    for number in [number for number, one in found.items() if not _may_be(one, need, least)]:
        del found[number]
    for one in found.values():
        one.heads = heads.get(one.key, (0, 0))[0]
        one.shipped = not everything and one.tried > 0 and one.taken >= TAKEN * one.tried
        one.accepted = not one.shipped and _is_template(one, one.articles / articles)
    return found


def _may_be(one: Candidate, need: int, days: int) -> bool:
    """Whether it is common enough, on enough days, and phrases say it."""
    if one.articles < need or len(one.days) < days:
        return False
    if one.reading != "exact" and max(one.shades.values()) >= SHADE * one.times and one.shades.most_common(1)[0][0]:
        return False
    one.phrases = phrases(one.reading, one.variants.values())
    return bool(one.phrases)


def _is_template(one: Candidate, share: float) -> bool:
    """Whether its place, its share or its wording says that the template put it there."""
    outside, count = one.outside >= OUTSIDE * one.times, len(key(lower(one.text)).split())
    if one.worded:
        return True
    if count <= SHORT_WORDS:
        return outside and share >= SHORT_SHARE
    if outside or one.reading != "exact":
        return outside
    return share >= INSIDE_SHARE and count >= INSIDE_WORDS


def _rank(one: Candidate) -> tuple[bool, bool, int]:
    return one.accepted, bool(one.news), one.articles


def chosen(item: Found, found: dict[int, Candidate]) -> Candidate | None:
    """The candidate that an occurrence counts for: the accepted one that most articles have, the plainest of those
    alike; else one that is not accepted."""
    best: Candidate | None = None
    for number in item.keys:
        one = found.get(number) if number else None
        if one and (best is None or _rank(one) > _rank(best)):
            best = one
    return best
