"""Checked rules kept as text, each made when it is asked for: a document needs a few of a thousand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from itertools import accumulate
from typing import Any, Final, overload

from cleaner.judge.index import Index
from cleaner.types import Between, Example, Reach, Rule

_NAMES: Final = frozenset(field.name for field in fields(Rule))
_EXAMPLES: Final = ("strips", "keeps", "todo")
_TEXTS: Final = ("phrases", "needs", "sites")
_OTHERS: Final[dict[str, type]] = {
    "line": int, "longest": int, "fuzzy": float, "case": bool, "within": bool, "linted": bool
}  # fmt: skip
_PLAIN: Final = _NAMES - {*_EXAMPLES, *_TEXTS, *_OTHERS, "match", "unless", "between", "selector", "reach"}


class Kept(Sequence[Rule]):
    """Rules as lines of JSON, as `line_of` gives them, and what is known `about` them. Equal to a tuple of the same."""

    def __init__(self, lines: bytes | memoryview, about: Index) -> None:
        self._lines, self.about = lines, about
        ends = list(accumulate(size + 1 for size in about.sizes))
        self._starts = [0, *ends]
        self._made: list[Rule | None] = [None] * len(about.sizes)

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, number: int) -> Rule: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Rule, ...]: ...
    def __getitem__(self, number: int | slice) -> Rule | tuple[Rule, ...]:
        if isinstance(number, slice):
            return tuple(self)[number]
        number = range(len(self._made))[number]
        made = self._made[number]
        if made is None:
            made = self._made[number] = rule_of(bytes(self._lines[self._starts[number] : self._starts[number + 1]]))
        return made

    def __iter__(self) -> Iterator[Rule]:
        return (self[number] for number in range(len(self._made)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self.about.ids)

    def __repr__(self) -> str:
        return repr(tuple(self))

    def __reduce__(self) -> tuple[type[Kept], tuple[bytes, Index]]:
        return Kept, (bytes(self._lines), self.about)


def line_of(rule: Rule) -> bytes:
    """A rule as a line of JSON."""
    entry = asdict(rule)
    for name in _EXAMPLES:
        entry[name] = [(example["text"], example["gives"]) for example in entry[name]]
    return json.dumps(entry, ensure_ascii=False).encode()


def rule_of(line: bytes) -> Rule:
    """The rule of a line. Raises ValueError, KeyError, TypeError or AttributeError for a line that is of no rule."""
    entry: dict[str, Any] = json.loads(line)
    if entry.keys() != _NAMES:
        raise KeyError
    for name in _PLAIN:
        _text(entry[name])
    for name, wanted in _OTHERS.items():
        if not isinstance(entry[name], wanted):
            raise TypeError
    for name in ("match", "unless", "selector"):
        if entry[name] is not None:
            _text(entry[name])
    between = entry["between"]
    if between is not None:
        cues = between.pop("cues")
        entry["between"] = Between(
            **{name: _texts(texts) for name, texts in between.items()}, cues=None if cues is None else _text(cues)
        )
    for name in _EXAMPLES:
        entry[name] = tuple(Example(_text(text), _text(gives)) for text, gives in entry[name])
    for name in _TEXTS:
        entry[name] = _texts(entry[name])
    opening, anywhere, also, (least, most), (start, end) = entry["reach"]
    entry["reach"] = Reach(
        _texts(opening), _texts(anywhere), _texts(also), (int(least), int(most)), (bool(start), bool(end))
    )
    return Rule(**entry)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(map(_text, value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
