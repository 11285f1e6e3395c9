"""What a regex is made of, read from its parse tree: its edges, its repeats, the letters it spells out.

Uses the standard library's own parser; of syntax that only the `regex` package knows there is no tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from cleaner.text import lower

try:  # the parser has no public name; 3.11 to 3.14 keep it here
    from re import _constants as _c  # type: ignore[attr-defined]
    from re import _parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover
    _parser = _c = None

# `(?:text){e<=2}` of the regex package, which the standard library takes for plain characters.
_PROPERTY: Final = re.compile(r"\\[pP]\{\^?\w+\}")
_FUZZY: Final = re.compile(r"(?<!\\)(?<!\\[NpP])\{[^{}]*[eids][^{}]*\}")
_NOT_TEXT: Final = re.compile(
    r"""
      \\[pPN]\{[^{}]*\}                       # a class or a character by name
    | \\(?![xuU][0-9a-fA-F]{2}).              # an escape such as \W
    | \(\?(?:P?<\w+>|P[=>]\w+|\#[^)]*)        # a group's name, a comment
    | \(\?[a-zA-Z0-9-]+(?=[:)])              # flags
    """,
    re.VERBOSE,
)
_REMARK: Final = re.compile(r"\s#[^\n]*")
_HEX: Final = re.compile(r"\\(?:x|u(?=[0-9a-fA-F]{4})|U(?=[0-9a-fA-F]{8}))((?<=x)..|(?<=u).{4}|(?<=U).{8})")


def anchored(pattern: str) -> tuple[bool, bool]:
    """Whether every match begins at the segment's start, and whether every match ends at its end."""
    tree = parse(pattern)
    if tree is None:
        return pattern.startswith("^"), pattern.endswith("$") and not pattern.endswith("\\$")
    return edges(tree)


def edges(tree: Any) -> tuple[bool, bool]:
    """`anchored` for a pattern's parse tree."""
    return _edge(tree, first=True), _edge(tree, first=False)


def repeats(pattern: str) -> Iterator[tuple[int, int, Any]]:
    """Every repeat of the pattern: its least and largest count (None for unbounded) and what it repeats."""
    tree = parse(pattern)
    yield from _repeats(tree) if tree is not None else ()


def repeats_in(item: Any) -> Iterator[tuple[int, int, Any]]:
    """The repeats inside a repeated item, as `repeats` gives it."""
    yield from _repeats(item)


def is_any(item: Any) -> bool:
    """Whether a repeated item is the dot."""
    return len(item) == 1 and item[0][0] is _c.ANY


def unbounded(high: Any) -> bool:
    """Whether a repeat has no upper bound."""
    return high is _c.MAXREPEAT


def parse(pattern: str) -> Any:
    """The parse tree of the standard library; None for a pattern that only the regex package understands."""
    if _parser is None or _FUZZY.search(pattern):
        return None
    try:
        # A property is a class of characters; which one does not matter to anybody who asks for the tree.
        return _parser.parse(_PROPERTY.sub(r"\\w", pattern))
    except (re.error, OverflowError, RecursionError):
        return None


def _edge(tree: Any, *, first: bool) -> bool:
    if not len(tree):
        return False
    op, arg = tree[0 if first else -1]
    if op is _c.AT:
        return arg in ((_c.AT_BEGINNING, _c.AT_BEGINNING_STRING) if first else (_c.AT_END, _c.AT_END_STRING))
    if op is _c.SUBPATTERN:
        return _edge(arg[3], first=first)
    if op is _c.BRANCH:
        return all(_edge(branch, first=first) for branch in arg[1])
    return False


def _repeats(tree: Any) -> Iterator[tuple[int, int, Any]]:
    for op, arg in tree:
        if op in (_c.MAX_REPEAT, _c.MIN_REPEAT, _c.POSSESSIVE_REPEAT):
            yield arg
            yield from _repeats(arg[2])
        elif op is _c.SUBPATTERN:
            yield from _repeats(arg[3])
        elif op is _c.ATOMIC_GROUP:
            yield from _repeats(arg)
        elif op is _c.BRANCH:
            for branch in arg[1]:
                yield from _repeats(branch)
        elif op in (_c.ASSERT, _c.ASSERT_NOT):
            yield from _repeats(arg[1])


def has_capitals(pattern: str) -> bool:
    """Whether a text that the pattern spells out holds a capital, which no lower-case text can match."""
    if pattern.startswith("(?x)"):
        pattern = _REMARK.sub("", pattern)
    spelled = _HEX.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), _NOT_TEXT.sub("", pattern))
    return spelled != lower(spelled)
