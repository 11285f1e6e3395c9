"""What is known of all rules before one of them is looked at: their literals, and what else is asked first.

It can be kept between runs as JSON, so that rules that no text asks for are never made."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import ahocorasick_rs

from cleaner.types import Reach, Rule

_FEW: Final = 1 << 16
"""Characters from which the literals are searched for by an automaton of all of them. To build that costs as much as to
look for those few whose beginning stands in a short text a dozen times (30,000 literals: 60 ms against 3)."""
_HEAD: Final = 4


class Index(NamedTuple):
    """Of each rule, by its number; of each literal, by its own."""

    ids: tuple[str, ...]
    scopes: tuple[str, ...]
    least: tuple[int, ...]
    """Characters that a line must have at least."""
    also: dict[int, tuple[str, ...]]
    """Texts one of which must stand in the line too; of rules that want one."""
    sites: dict[int, tuple[str, ...]]
    """Of rules that work on some sites only."""
    selectors: tuple[int, ...]
    """Rules that name markup."""
    sizes: tuple[int, ...]
    """Bytes of each rule where it is kept; none where it is not."""
    literals: tuple[str, ...]
    """The short ones first, then by their characters."""
    anywhere: tuple[str, ...]
    """Numbers, joined by spaces, of the rules that a literal belongs to wherever it stands,"""
    opening: tuple[str, ...]
    """and of those that it belongs to where a segment may begin."""

    def as_json(self) -> dict[str, Any]:
        """The same in what JSON has. Where there are many texts they are one, which is read several times as fast."""
        many = {name: "\n".join(texts) if (texts := getattr(self, name)) else None for name in _MANY}
        some = {name: [[number, *texts] for number, texts in getattr(self, name).items()] for name in ("also", "sites")}
        return many | some | {"least": self.least, "selectors": self.selectors, "sizes": self.sizes}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Index:
        """What `as_json` gave. Raises KeyError, TypeError, ValueError or AttributeError for anything else."""
        many: dict[str, Any] = {name: () if found[name] is None else tuple(found[name].split("\n")) for name in _MANY}
        some: dict[str, Any] = {
            name: {int(number): tuple(texts) for number, *texts in found[name]} for name in ("also", "sites")
        }
        numbers: dict[str, Any] = {name: tuple(map(int, found[name])) for name in ("least", "selectors", "sizes")}
        return cls(**many, **some, **numbers)


_MANY: Final = ("ids", "scopes", "literals", "anywhere", "opening")


def index_of(rules: Sequence[Rule], sizes: Sequence[int] = ()) -> Index:
    """The index of rules that have their reach; `sizes` where they are kept."""
    owners: dict[str, tuple[list[int], list[int]]] = {}
    reaches = [rule.reach or Reach() for rule in rules]
    for number, reach in enumerate(reaches):
        for text in reach.anywhere:
            owners.setdefault(text, ([], []))[0].append(number)
        for text in reach.opening:
            owners.setdefault(text, ([], []))[1].append(number)
    owners = {text: owners[text] for text in sorted(owners, key=lambda text: (len(text) >= _HEAD, text))}
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
        literals=tuple(owners),
        anywhere=tuple(" ".join(map(str, anywhere)) for anywhere, _ in owners.values()),
        opening=tuple(" ".join(map(str, opening)) for _, opening in owners.values()),
    )


class Search:
    """Where literals, in the order that `index_of` gives them, stand in a text. Safe to share between threads."""

    def __init__(self, literals: Sequence[str]) -> None:
        self._literals = literals
        self._asked = 0
        self._whole: ahocorasick_rs.AhoCorasick | None = None

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """The number of each literal that stands in the text, and where; in any order."""
        if self._whole is None:
            self._asked += len(text)
            if self._asked < _FEW:
                yield from self._some(text)
                return
            self._whole = _automaton(self._literals)
        for number, start, _ in self._whole.find_matches_as_indexes(text, overlapping=True):
            yield number, start

    def _some(self, text: str) -> Iterator[tuple[int, int]]:
        """The same by an automaton of those literals whose first characters stand in the text."""
        literals, short, near = self._literals, 0, []
        while short < len(literals) and len(literals[short]) < _HEAD:
            near.append(short)
            short += 1
        for head in {text[at : at + _HEAD] for at in range(len(text) - _HEAD + 1)}:
            number = bisect_left(literals, head, short)
            while number < len(literals) and literals[number].startswith(head):
                near.append(number)
                number += 1
        few = _automaton([literals[number] for number in near])
        for number, start, _ in few.find_matches_as_indexes(text, overlapping=True):
            yield near[number], start


def _automaton(literals: Sequence[str]) -> ahocorasick_rs.AhoCorasick:
    kind = ahocorasick_rs.Implementation.ContiguousNFA
    return ahocorasick_rs.AhoCorasick(literals, implementation=kind, store_patterns=False)
