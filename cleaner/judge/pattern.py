"""What a regex needs: literals one of which every match contains, found in its parse tree.

They let one pass over the text say which rules are worth trying. Uses the standard library's own parser; a pattern with
syntax that only the `regex` package knows must name its literals with `needs`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from cleaner.text import lower

try:  # the parser has no public name; 3.11 to 3.14 keep it here
    from re import _constants as _c  # type: ignore[attr-defined]
    from re import _parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover
    _parser = _c = None

_LEAST: Final = 3
_MOST: Final = 40


def literals(pattern: str) -> tuple[str, ...]:
    """The best set of literals (lower case) one of which stands in every match; empty if there is none.

    A set is better the longer its shortest member, up to twelve characters, and the fewer its members."""
    tree = _parse(pattern)
    best = max(_sets(tree), key=_worth, default=frozenset()) if tree is not None else frozenset()
    return tuple(sorted(best)) if _worth(best) > 0 else ()


def anchored(pattern: str) -> tuple[bool, bool]:
    """Whether every match begins at the segment's start, and whether every match ends at its end."""
    tree = _parse(pattern)
    if tree is None:
        return pattern.startswith("^"), pattern.endswith("$") and not pattern.endswith("\\$")
    return _edge(tree, first=True), _edge(tree, first=False)


def repeats(pattern: str) -> Iterator[tuple[int, int, Any]]:
    """Every repeat of the pattern: its least and largest count (None for unbounded) and what it repeats."""
    tree = _parse(pattern)
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


def _parse(pattern: str) -> Any:
    if _parser is None:
        return None
    try:
        return _parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return None


def _worth(literals: frozenset[str]) -> float:
    if not literals or min(map(len, literals)) < _LEAST or len(literals) > _MOST:
        return -1.0
    return min(min(map(len, literals)), 12) - len(literals) / 8


def _sets(tree: Any) -> Iterator[frozenset[str]]:
    """Sets of literals that a sequence needs, each on its own sufficient."""
    run = ""
    for op, arg in tree:
        if op is _c.LITERAL:
            run += lower(chr(arg))
            continue
        if run:
            yield frozenset([run])
        run = ""
        yield from _sets_of(op, arg)
    if run:
        yield frozenset([run])


def _sets_of(op: Any, arg: Any) -> Iterator[frozenset[str]]:
    if op is _c.SUBPATTERN:
        yield from _sets(arg[3])
    elif op in (_c.MAX_REPEAT, _c.MIN_REPEAT, _c.POSSESSIVE_REPEAT) and arg[0] > 0:
        yield from _sets(arg[2])
    elif op is _c.ATOMIC_GROUP:
        yield from _sets(arg)
    elif op is _c.BRANCH:
        branches = [max(_sets(branch), key=_worth, default=frozenset()) for branch in arg[1]]
        if all(branches):
            yield frozenset().union(*branches)


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


def lead_literal(pattern: str, literal_set: Iterable[str]) -> bool:
    """Whether the literals stand at the very start of an anchored pattern, so that only a hit there counts."""
    tree = _parse(pattern)
    if tree is None or len(tree) < 2 or tree[0] != (_c.AT, _c.AT_BEGINNING):
        return False
    heads = set(_heads(tree[1:]))
    return bool(heads) and all(any(head.startswith(literal) for head in heads) for literal in literal_set)


def _heads(tree: Any) -> Iterator[str]:
    op, arg = tree[0]
    if op is _c.LITERAL:
        run = ""
        for op, arg in tree:
            if op is not _c.LITERAL:
                break
            run += lower(chr(arg))
        yield run
    elif op is _c.SUBPATTERN:
        yield from _heads(arg[3]) if len(arg[3]) else ()
    elif op is _c.BRANCH:
        for branch in arg[1]:
            yield from _heads(branch) if len(branch) else ()
