"""What is known of all rules before one of them is looked at: their literals, and what else is asked first.

It can be kept between runs as JSON, so that rules that no text asks for are never made."""

from __future__ import annotations

from array import array
from binascii import a2b_base64, b2a_base64
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import ahocorasick_rs

from cleaner.types import Reach, Rule

_FEW: Final = 1 << 16
"""Characters from which the literals are searched for by an automaton of all of them. To build that costs as much as to
read a short text without it a dozen times (30,000 literals: 60 ms against 4)."""
_HEAD: Final = 4
_KIND: Final = ahocorasick_rs.Implementation.ContiguousNFA


class Index(NamedTuple):
    """Of each rule, by its number; of each literal, by its own."""

    ids: tuple[str, ...]
    scopes: tuple[str, ...]
    least: Sequence[int]
    """Characters that a line must have at least."""
    also: dict[int, tuple[str, ...]]
    """Texts one of which must stand in the line too; of rules that want one."""
    sites: dict[int, tuple[str, ...]]
    """Of rules that work on some sites only."""
    selectors: Sequence[int]
    """Rules that name markup."""
    sizes: Sequence[int]
    """Bytes of each rule where it is kept; none where it is not."""
    literals: tuple[str, ...]
    """The short ones first, then by their characters."""
    owners: tuple[str, ...]
    """Whose a literal is: numbers, joined by spaces, of the rules that it belongs to wherever it stands, and behind a
    comma of those that it belongs to where a segment may begin. Each such text once: literals share them."""
    owned: Sequence[int]
    """Of each literal, the number of its owners."""

    def as_json(self) -> dict[str, Any]:
        """The same in what JSON has. Where there are many texts or numbers they are one text, which is read several
        times as fast."""
        many = {name: _END.join(texts) if (texts := getattr(self, name)) else None for name in _MANY}
        some = {name: [[number, *texts] for number, texts in getattr(self, name).items()] for name in ("also", "sites")}
        numbers = {name: b2a_base64(_array(getattr(self, name)), newline=False).decode() for name in _NUMBERS}
        return many | some | numbers

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Index:
        """What `as_json` gave. Raises KeyError, TypeError, ValueError or AttributeError for anything else."""
        many: dict[str, Any] = {name: () if found[name] is None else tuple(found[name].split(_END)) for name in _MANY}
        some: dict[str, Any] = {
            name: {int(number): tuple(texts) for number, *texts in found[name]} for name in ("also", "sites")
        }
        numbers: dict[str, Any] = {name: _array(a2b_base64(found[name])) for name in _NUMBERS}
        if len(numbers["owned"]) != len(many["literals"]):
            raise ValueError
        return cls(**many, **some, **numbers)


_MANY: Final = ("ids", "scopes", "literals", "owners")
_NUMBERS: Final = ("least", "selectors", "sizes", "owned")
_END: Final = "\x7f"
"""Stands in no text as rules read it, and unlike a line's end JSON needs no two characters for it."""


def _array(numbers: bytes | Sequence[int]) -> array[int]:
    """Numbers of four bytes: of a file that this machine wrote for itself."""
    return array("I", numbers)


def index_of(rules: Sequence[Rule], sizes: Sequence[int] = ()) -> Index:
    """The index of rules that have their reach; `sizes` where they are kept."""
    owners: dict[str, tuple[list[int], list[int]]] = {}
    reaches = [rule.reach or Reach() for rule in rules]
    for number, reach in enumerate(reaches):
        for text in reach.anywhere:
            owners.setdefault(text, ([], []))[0].append(number)
        for text in reach.opening:
            owners.setdefault(text, ([], []))[1].append(number)
    literals = sorted(owners, key=lambda text: (len(text) >= _HEAD, text))
    said = [",".join(" ".join(map(str, numbers)) for numbers in owners[text]) for text in literals]
    places = {text: number for number, text in enumerate(dict.fromkeys(said))}
    return Index(
        ids=tuple(rule.id for rule in rules),
        scopes=tuple(rule.scope for rule in rules),
        least=tuple(
            reach.width[0] if rule.scope == "segment" else 0 for rule, reach in zip(rules, reaches, strict=True)
        ),
        also={number: reach.also for number, reach in enumerate(reaches) if reach.also},
        sites={number: rule.sites for number, rule in enumerate(rules) if rule.sites},
        selectors=tuple(number for number, rule in enumerate(rules) if rule.selector is not None),
        sizes=tuple(sizes),
        literals=tuple(literals),
        owners=tuple(places),
        owned=tuple(places[text] for text in said),
    )


class Search:
    """Where literals, in the order that `index_of` gives them, stand in a text. Safe to share between threads."""

    def __init__(self, literals: Sequence[str]) -> None:
        self._literals = literals
        self._asked = 0
        self._whole: ahocorasick_rs.AhoCorasick | None = None

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """The number of each literal that stands in the text, where it begins and where it ends; in any order."""
        if self._whole is None:
            self._asked += len(text)
            if self._asked < _FEW:
                return list(self._some(text))
            self._whole = ahocorasick_rs.AhoCorasick(self._literals, implementation=_KIND, store_patterns=False)
        return self._whole.find_matches_as_indexes(text, overlapping=True)

    def _some(self, text: str) -> Iterator[tuple[int, int, int]]:
        """The same without an automaton: at each character, the literals that begin with the next few."""
        literals, short = self._literals, 0
        while short < len(literals) and len(literals[short]) < _HEAD:
            start = text.find(literals[short])
            while start >= 0:
                yield short, start, start + len(literals[short])
                start = text.find(literals[short], start + 1)
            short += 1
        known: dict[str, range] = {}
        for start in range(len(text) - _HEAD + 1):
            head = text[start : start + _HEAD]
            near = known.get(head)
            if near is None:
                near = known[head] = self._with(head, short)
            for number in near:
                if text.startswith(literals[number], start):
                    yield number, start, start + len(literals[number])

    def _with(self, head: str, short: int) -> range:
        """The numbers of the literals, from `short` on, that begin so."""
        literals = self._literals
        first = last = bisect_left(literals, head, short)
        while last < len(literals) and literals[last].startswith(head):
            last += 1
        return range(first, last)
