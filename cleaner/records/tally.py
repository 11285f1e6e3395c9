"""What a run did, counted: documents, characters, kinds, rules, the slowest."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from cleaner.types import Result

_SLOWEST: Final = 10
_TOP: Final = 20
_COUNTERS: Final = ("kinds", "rules", "missing")


@dataclass(slots=True)
class Tally:
    """Counts of some documents. `merge` adds up; the order does not matter, but for ties among the slowest."""

    documents: int = 0
    """Records that came out: cleaned, or without text."""
    bytes_in: int = 0
    without_text: int = 0
    changed: int = 0
    empty: int = 0
    """Of which nothing is left."""
    rejected: int = 0
    skipped: int = 0
    """Records of an archive that hold no page: requests, pictures, notes."""
    characters: int = 0
    kept: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    """Characters removed, by kind."""
    rules: Counter[str] = field(default_factory=Counter)
    """Removals, by rule or finder."""
    missing: Counter[str] = field(default_factory=Counter)
    """Documents that have not got a field which was named."""
    slowest: list[tuple[float, str]] = field(default_factory=list)
    """Seconds and the document's name, the slowest first."""

    def add(self, result: Result, written: str, name: str, seconds: float) -> None:
        """Counts a document that was cleaned."""
        self.documents += 1
        self.characters += len(result.document.text)
        self.kept += len(written)
        self.changed += bool(result.removed or result.steps)
        self.empty += result.empty is not None
        for item in result.removed:
            self.kinds[item.kind] += item.end - item.start
            self.rules[item.by] += 1
        self.slowest.append((round(seconds, 4), name))
        if len(self.slowest) > 4 * _SLOWEST:
            self._trim()

    def merge(self, other: Tally) -> None:
        """Counts what the other has counted too."""
        for name in self.__slots__:
            if name in _COUNTERS:
                getattr(self, name).update(getattr(other, name))
            elif name != "slowest":
                setattr(self, name, getattr(self, name) + getattr(other, name))
        self.slowest += other.slowest
        self._trim()

    def _trim(self) -> None:
        self.slowest = heapq.nlargest(_SLOWEST, self.slowest, key=lambda pair: pair[0])

    def as_dict(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        self._trim()
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in (*_COUNTERS, "slowest")}
        counted = {name: dict(_ordered(getattr(self, name))) for name in _COUNTERS}
        return plain | counted | {"slowest": [list(pair) for pair in self.slowest]}

    @classmethod
    def from_dict(cls, known: dict[str, Any]) -> Tally:
        """What `as_dict` gave."""
        counted = {name: Counter(known[name]) for name in _COUNTERS}
        slowest = [(seconds, name) for seconds, name in known["slowest"]]
        return cls(**{**known, **counted, "slowest": slowest})

    def report(self, seconds: float, before: int = 0) -> dict[str, Any]:
        """What `--stats` writes: the counts, each kind's share of the characters, the rules that did most, and the rate
        of this run, which began when so many documents were done `before`."""
        removed = sum(self.kinds.values())
        shares = {kind: round(count / self.characters, 6) for kind, count in _ordered(self.kinds)}
        return self.as_dict() | {
            "seconds": round(seconds, 3),
            "documents_per_second": round((self.documents - before) / seconds, 1) if seconds else None,
            "removals": sum(self.rules.values()),
            "removed": removed,
            "removed_share": round(removed / self.characters, 6) if self.characters else 0.0,
            "kind_shares": shares,
            "rules": dict(_ordered(self.rules)[:_TOP]),
        }

    def summary(self, seconds: float, before: int = 0) -> list[str]:
        """A few lines for people; `before` as in `report`."""
        rate = f", {(self.documents - before) / seconds:,.0f} a second" if seconds else ""
        counted = [
            (self.rejected, "rejected"),
            (self.without_text, "without text"),
            (self.empty, "of which nothing is left"),
        ]
        counted.append((self.skipped, "records that hold no page"))
        notes = "".join(f", {count:,} {what}" for count, what in counted if count)
        lines = [f"{self.documents:,} documents, {self.bytes_in / 1e6:,.1f} MB in {seconds:,.1f} s{rate}{notes}"]
        if self.kinds:
            share = sum(self.kinds.values()) / self.characters
            kinds = ", ".join(f"{kind} {count / self.characters:.1%}" for kind, count in _ordered(self.kinds)[:6])
            lines.append(f"removed {share:.1%} of the characters: {kinds}")
            lines.append("most removals: " + ", ".join(f"{by} {count:,}" for by, count in _ordered(self.rules)[:4]))
        for name, count in _ordered(self.missing):
            asked = self.documents - self.without_text
            lines.append(f"field {name!r} is in {asked - count or 'none'} of {asked:,} documents")
        if self.slowest and self.slowest[0][0] >= 1:
            lines.append("slowest: " + ", ".join(f"{name} {took:.1f} s" for took, name in self.slowest[:3]))
        return lines


def _ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
