"""Headlines of other articles, which repeat for as long as they are news and then are gone.

A rule for one takes nothing next week, and takes the headline from its own article.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from cleaner.rulekit.mine.headline import length, reads_like_one
from cleaner.rulekit.mine.settings import (
    BESIDE,
    EDITION,
    EDITION_LINES,
    HEADLINE_WORDS,
    NARROW,
    NARROW_FROM,
    OFTEN,
    WIDE,
)
from cleaner.rulekit.mine.weigh import DOCS, Candidate
from cleaner.rulekit.mine.wording import is_sure

_OWN: Final = 0.2
"""Share of its articles whose own headline a line may be and still be one: above it is what stands above all bodies."""
_OWN_LEAST: Final = 2
_PARTS: Final = 3
"""Editions that a line must outlast to be no news."""
_IN_LISTS: Final = "in lists of headlines"
_MOST: Final = 1000
"""Lines of a host that are compared with each other."""


def mark(found: Iterable[Candidate], span: int) -> None:
    """Marks what is another article's headline by itself: it stands above that article, or it was seen in few of the
    corpus's days, or in one edition with many of its like. `span`: days from the corpus's first article to its last;
    0 if unknown."""
    lines = sorted((one for one in found if not one.shipped and _may_be(one)), key=lambda one: (-one.articles, one.key))
    long = [one for one in lines if length(one.text) >= HEADLINE_WORDS][:_MOST]
    reasons = {one.key: _reason(one, span) for one in lines}
    for one in lines:
        lasts = reasons[one.key] == _IN_LISTS and _outlasts(one, lines[:_MOST])
        one.news = "" if lasts else reasons[one.key]
    for one in long:
        like = sum(1 for other in long if other is not one and _together(one, other))
        if not one.news and like >= EDITION_LINES:
            one.news = f"in the same articles as {like} lines like it"
    for one in lines:
        one.accepted = one.accepted and not one.news


def _reason(one: Candidate, span: int) -> str:
    """Why a line that reads like a headline is one, by itself; empty if nothing says so."""
    seen = days_between(one.first, one.last) if one.first else 0
    if 0 < one.heads <= max(_OWN_LEAST, _OWN * one.articles):
        return "headline of an article"
    if seen and span >= NARROW_FROM and seen <= NARROW * span:
        return f"seen within {seen} days"
    lasts = span >= NARROW_FROM and seen >= WIDE * span
    return _IN_LISTS if one.listed >= OFTEN * one.times and not lasts else ""


def _outlasts(one: Candidate, lines: list[Candidate]) -> bool:
    """Whether it stood beside the headlines of several editions that have no article in common."""
    mine, editions, gone = set(one.docs), 0, set[int]()
    reach = one.docs[-1] if len(one.docs) == DOCS else None
    for other in lines:
        docs = {doc for doc in other.docs if reach is None or doc <= reach}
        if other.articles * _PARTS <= one.articles and docs and docs <= mine and not docs & gone:
            editions, gone = editions + 1, gone | docs
    return editions >= _PARTS


def spread(
    found: Mapping[int, Candidate], times: Counter[int], pairs: Counter[tuple[int, int]], same: Counter[tuple[int, int]]
) -> None:
    """Marks what stands on one line with such a headline, or between two. `times`: how often each was seen; `pairs`:
    how often the second followed the first, `same`: on its line."""
    around: dict[int, list[tuple[int, int]]] = {}
    for pair in sorted(pairs):
        around.setdefault(pair[0], []).append((1, pair[1]))
        around.setdefault(pair[1], []).append((0, pair[0]))
    grown = True
    while grown:
        grown = False
        for number, one in found.items():
            if one.news or one.shipped or is_sure(one.text):
                continue
            sides, on_line = [0, 0], 0
            for side, other in around.get(number, ()):
                if found[other].news:
                    pair = (number, other) if side else (other, number)
                    sides[side] += pairs[pair]
                    on_line += same[pair]
            least = BESIDE * max(1, times[number])
            if on_line >= least or min(sides) >= least:
                one.news, one.accepted, grown = "among headlines", False, True


def _may_be(one: Candidate) -> bool:
    return one.reading != "label" and reads_like_one(one.text) and not any("{" in phrase for phrase in one.phrases)


def _together(one: Candidate, other: Candidate) -> bool:
    """Whether the same articles have both, by the least of their numbers."""
    if min(one.articles, other.articles) < EDITION * max(one.articles, other.articles):
        return False
    union = sorted({*one.docs, *other.docs})[:DOCS]
    both = set(one.docs).intersection(other.docs)
    return sum(doc in both for doc in union) >= EDITION * len(union)


def days_between(first: int, last: int) -> int:
    """Days from the first to the last; 0 where they are unknown."""
    try:
        return (_date(last) - _date(first)).days + 1
    except ValueError:
        return 0


def _date(day: int) -> datetime.date:
    return datetime.date(day // 10000, day // 100 % 100, day % 100)
