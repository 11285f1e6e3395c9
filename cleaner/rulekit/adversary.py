"""Texts made to hurt a regex: the beginnings it accepts, pumped up, and a last character that it does not.

Built from the regex's own parse tree, so that each repeat is driven as far as it goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import _constants as _c  # type: ignore[attr-defined]
from typing import Any, Final

from cleaner.judge.pattern import parse

_PUMPS: Final = (1, 8, 64, 100_000)
_WRONG: Final = ("\x00", "!", " ", "a")


def attacks(pattern: str, longest: int) -> Iterator[str]:
    """Adversarial texts of at most `longest` characters for a regex; generic ones where it cannot be parsed."""
    yield from ("a" * longest, " " * longest, "a " * (longest // 2), "1" * longest, "-" * longest)
    tree = parse(pattern)
    if tree is None:
        return
    for pump in _PUMPS:
        for choice in range(3):
            text = _sample(tree, min(pump, longest), choice, longest)
            if not text:
                continue
            for wrong in _WRONG:
                yield text[: longest - 1] + wrong
            # What the end needs stands there, for engines that look for it first, and yet nothing fits.
            end = _sample(tree, 1, choice, longest)[-1:]
            yield (text[: max(0, longest - 2)] + "\x00" + end)[:longest]
            yield (text * (longest // len(text) + 1))[: longest - 1] + "\x00"


def _sample(tree: Any, pump: int, choice: int, longest: int) -> str:
    """A text that the tree accepts, or nearly: every repeat `pump` times, every branch its `choice`-th way."""
    out = ""
    for op, arg in tree:
        if len(out) >= longest:
            break
        out += _one(op, arg, pump, choice, longest - len(out))
    return out


def _one(op: Any, arg: Any, pump: int, choice: int, room: int) -> str:
    if op is _c.LITERAL:
        return str(chr(arg))
    if op is _c.NOT_LITERAL:
        return "a" if arg != ord("a") else "b"
    if op is _c.ANY:
        return "a"
    if op is _c.IN:
        return _member(arg, choice)
    if op in (_c.MAX_REPEAT, _c.MIN_REPEAT, _c.POSSESSIVE_REPEAT):
        low, high, item = arg
        count = max(low, min(pump, high if high is not _c.MAXREPEAT else pump))
        one = _sample(item, min(pump, 8), choice, room)
        return (one * min(count, room // max(1, len(one)) + 1))[:room] if one else ""
    if op is _c.SUBPATTERN:
        return _sample(arg[3], pump, choice, room)
    if op is _c.ATOMIC_GROUP:
        return _sample(arg, pump, choice, room)
    if op is _c.BRANCH:
        return _sample(arg[1][choice % len(arg[1])], pump, choice, room)
    return ""


def _member(items: Any, choice: int) -> str:
    """A character of a set; of a negated one, a letter, space, digit or mark that it does not name."""
    if items[0][0] is _c.NEGATE:
        free = (char for char in "a 1-é"[choice:] + "a 1-é" if not any(_names(op, arg, char) for op, arg in items[1:]))
        return next(free, "\x00")
    members = [_first(op, arg) for op, arg in items]
    return members[choice % len(members)]


def _first(op: Any, arg: Any) -> str:
    """A character that one item of a set names."""
    if op is _c.LITERAL:
        return chr(arg)
    if op is _c.RANGE:
        return chr(arg[0])
    return next((char for char in "a 1-" if _names(op, arg, char)), "a")


def _names(op: Any, arg: Any, char: str) -> bool:
    """Whether one item of a set names the character."""
    if op is _c.LITERAL:
        return bool(ord(char) == arg)
    if op is _c.RANGE:
        return bool(arg[0] <= ord(char) <= arg[1])
    if arg in (_c.CATEGORY_SPACE, _c.CATEGORY_NOT_SPACE):
        return char.isspace() == bool(arg is _c.CATEGORY_SPACE)
    if arg in (_c.CATEGORY_DIGIT, _c.CATEGORY_NOT_DIGIT):
        return char.isdigit() == bool(arg is _c.CATEGORY_DIGIT)
    return (char.isalnum() or char == "_") == bool(arg is _c.CATEGORY_WORD)
