"""Literals of a regex: strings one of which stands in every match.

Each part of the parse tree is read as the set of strings that it can be, where these are few, and the sets of
neighbours are multiplied: `(?:sign up|subscribe) (?:for|to)` gives four strings. What stands at the very start of a
pattern tied to `^` is worth most: it needs to be looked at only where a segment begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from re import _constants as _c  # type: ignore[attr-defined]
from typing import Any, Final, NamedTuple

from cleaner.judge.pattern import edges, parse
from cleaner.judge.phrase import literals as phrase_literals
from cleaner.judge.phrase import opens_with
from cleaner.text import lower
from cleaner.types import Reach, Rule, RuleError

_MOST: Final = 128
"""Strings in one set."""
_LEAST: Final = 3
"""Characters of the shortest string of a set that may stand anywhere; two are enough where it opens a segment."""
_ENOUGH: Final = 12
_LEAD: Final = 9
"""Characters of a string that opens a segment: longer ones are hardly rarer, and many fall together."""
_LEAD_BONUS: Final = 5
_ALSO: Final = 24
"""Texts that are looked for in a segment before a regex is tried on it; more cost as much as the regex."""
_ANY_WIDTH: Final = Reach().width
_CLASS: Final = 4
"""Members of a character class that is spelled out."""


Strings = frozenset[str]
_EMPTY: Final[Strings] = frozenset([""])


class _Part(NamedTuple):
    """What a part of the tree can be, if that is few strings, and the best set that it needs."""

    exact: Strings | None
    need: Strings | None


def literals(pattern: str) -> Reach:
    """What every match of a regex has. No texts if there are none or the standard parser cannot read it."""
    tree = parse(pattern)
    if tree is None:
        return Reach()
    part = _sequence(tree)
    need = part.need or part.exact
    worth = _worth(need, _LEAST)
    tied = edges(tree)
    width = tree.getwidth() if tied == (True, True) else _ANY_WIDTH
    found = Reach(width=(int(width[0]), min(int(width[1]), _ANY_WIDTH[1])), tied=tied)
    first = _opening(list(tree))
    if first and (opening := _worth(first, 2)) > -_MOST and opening + _LEAD_BONUS > worth:
        also = need if need and worth > 0 and len(need) <= _ALSO and not need <= first else frozenset()
        return found._replace(opening=tuple(sorted(first)), also=tuple(sorted(also)))
    return found._replace(anywhere=tuple(sorted(need))) if need and worth > -_MOST else found


def with_reach(rule: Rule) -> Rule:
    """The rule with what its matches have. Raises RuleError for a regex that has no text and names none."""
    if rule.reach is not None:
        return rule
    if rule.selector is not None:  # it reads no text
        return replace(rule, reach=Reach())
    found = _of_rule(rule)
    if not (found.opening or found.anywhere):
        raise RuleError(
            f"{rule.file}:{rule.line}: rule {rule.id!r}: no text that every match contains was found in its regex; "
            "add `needs`, a list of such texts in lower case"
        )
    return replace(rule, reach=found)


def _of_rule(rule: Rule) -> Reach:
    if rule.between:  # its heading may have lost the break before it, so it is looked for anywhere
        return Reach(anywhere=phrase_literals(rule.between.first, rule.fuzzy))
    if rule.phrases:
        return of_phrases(rule.phrases, rule.fuzzy)
    found = literals(rule.match or "")
    if rule.scope == "inline":
        found = found._replace(width=_ANY_WIDTH)
    if rule.needs:
        if not found.opening:
            return found._replace(anywhere=rule.needs)
        return found._replace(also=rule.needs)
    return found


def of_phrases(phrases: Iterable[str], fuzzy: float) -> Reach:
    """The literals of phrases. One that cannot drift and begins with a word is looked for where segments begin."""
    opening, drifting = set(), []
    for phrase in phrases:
        first = opens_with(phrase, fuzzy)
        if len(first) >= _LEAST or (first and not first.isascii()):
            opening.add(first)
        else:
            drifting.append(phrase)
    return Reach(tuple(sorted(opening)), phrase_literals(drifting, fuzzy))


def _worth(strings: Strings | None, least: int) -> float:
    """How rarely a set is met, roughly: its shortest string counts, up to twelve characters."""
    if not strings or (shortest := min(map(_weight, strings))) < least:
        return -float("inf")
    return min(shortest, _ENOUGH) - len(strings) / 64


def _weight(text: str) -> int:
    """Characters, ideographs and other dense letters counting thrice; white space and punctuation do not count."""
    return sum(3 if char > "\u2e80" else 1 for char in text if char.isalnum() or char in "©$£€") + (" " in text.strip())


def _sequence(tree: Any) -> _Part:
    needs: list[Strings] = []
    run, whole = _EMPTY, True
    for op, arg in tree:
        part = _part(op, arg)
        if part.exact is not None and len(run) * len(part.exact) <= _MOST:
            run = frozenset(a + b for a in run for b in part.exact)
            continue
        whole = False
        needs += [run, *([part.need] if part.need else []), *([part.exact] if part.exact else [])]
        run = part.exact if part.exact is not None else _EMPTY
    needs.append(run)
    best = max(needs, key=lambda strings: _worth(strings, 1))
    return _Part(run if whole else None, best if _worth(best, 1) > -_MOST else None)


def _part(op: Any, arg: Any) -> _Part:
    if op is _c.LITERAL:
        return _Part(frozenset([lower(chr(arg))]), None)
    if op is _c.AT or op in (_c.ASSERT, _c.ASSERT_NOT):
        return _Part(_EMPTY, None)
    if op is _c.SUBPATTERN:
        return _sequence(arg[3])
    if op is _c.ATOMIC_GROUP:
        return _sequence(arg)
    if op is _c.IN:
        return _Part(_members(arg), None)
    if op in (_c.MAX_REPEAT, _c.MIN_REPEAT, _c.POSSESSIVE_REPEAT):
        low, high, item = arg
        inner = _sequence(item)
        if (low, high) in ((0, 1), (1, 1)) and inner.exact is not None:
            return _Part(inner.exact | _EMPTY if low == 0 else inner.exact, None)
        return _Part(None, (inner.need or inner.exact) if low else None)
    if op is _c.BRANCH:
        return _branch([_sequence(branch) for branch in arg[1]])
    return _Part(None, None)


def _branch(parts: list[_Part]) -> _Part:
    exacts = [part.exact for part in parts]
    if all(exact is not None for exact in exacts):
        union = _union(exact for exact in exacts if exact is not None)
        return _Part(union, None) if len(union) <= _MOST else _Part(None, union if _worth(union, 1) > -_MOST else None)
    needs = [part.need if part.exact is None else part.exact for part in parts]
    return _Part(None, _union(need for need in needs if need) if all(needs) else None)


def _union(sets: Iterable[Strings]) -> Strings:
    return frozenset().union(*sets)


def _members(items: Any) -> Strings | None:
    """The members of a small character class."""
    members: set[str] = set()
    for op, arg in items:
        if op is _c.LITERAL:
            members.add(lower(chr(arg)))
        elif op is _c.RANGE and arg[1] - arg[0] < _CLASS:
            members.update(lower(chr(code)) for code in range(arg[0], arg[1] + 1))
        else:
            return None
    return frozenset(members) if len(members) <= _CLASS else None


def _opening(tree: list[Any]) -> Strings | None:
    """The strings with which every match begins, without marks and spaces before them; None if not tied to `^`."""
    if len(tree) == 1 and tree[0][0] is _c.SUBPATTERN:
        return _opening(list(tree[0][1][3]))
    if len(tree) == 1 and tree[0][0] is _c.BRANCH:
        ways = [_opening(list(branch)) for branch in tree[0][1][1]]
        return _union(way for way in ways if way) if all(ways) else None
    if not tree or tree[0] not in ((_c.AT, _c.AT_BEGINNING), (_c.AT, _c.AT_BEGINNING_STRING)):
        return None
    rest = tree[1:]
    while rest and _is_skipped(*rest[0]):
        rest = rest[1:]
    shown = frozenset(text.lstrip()[:_LEAD] for text in _heads(rest))
    return None if "" in shown else shown


class _Ways(NamedTuple):
    """How a part can begin: `whole` are all of it, so that what follows may be put behind; `cut` go on unknown."""

    whole: Strings
    cut: Strings


def _heads(tree: Any) -> Strings:
    """Strings with one of which a sequence begins. An empty one means anything."""
    ways = _begins(tree)
    return ways.whole | ways.cut


def _begins(tree: Any) -> _Ways:
    ways = _Ways(_EMPTY, frozenset())
    for op, arg in reversed(tree):
        first = _ways(op, arg)
        joined = frozenset(a + b for a in first.whole for b in ways.whole)
        cut = frozenset(a + b for a in first.whole for b in ways.cut)
        whole, cut = (joined, cut) if len(joined) <= _MOST else (frozenset(), cut | joined)
        ways = _Ways(whole, _shortened(first.cut | cut))
    return ways


def _ways(op: Any, arg: Any) -> _Ways:
    exact = _part(op, arg).exact
    if exact is not None:
        return _Ways(exact, frozenset())
    if op is _c.SUBPATTERN:
        return _begins(arg[3])
    if op is _c.BRANCH:
        branches = [_begins(branch) for branch in arg[1]]
        return _Ways(_union(b.whole for b in branches), _shortened(_union(b.cut for b in branches)))
    if op in (_c.MAX_REPEAT, _c.MIN_REPEAT):
        inner = _heads(arg[2])
        return _Ways(_EMPTY if arg[0] == 0 else frozenset(), inner)
    return _Ways(frozenset(), _EMPTY)


def _shortened(strings: Strings) -> Strings:
    """As few as a set may have, by cutting the strings shorter: what begins with a string begins with its beginning."""
    for size in range(_ENOUGH, 1, -1):
        if len(strings) <= _MOST:
            break
        strings = frozenset(text[:size] for text in strings)
    return strings


def _is_skipped(op: Any, arg: Any) -> bool:
    """Whether the part is optional punctuation, which the look at a segment's start allows for."""
    if op is _c.ASSERT_NOT:
        return True
    if op not in (_c.MAX_REPEAT, _c.MIN_REPEAT, _c.POSSESSIVE_REPEAT) or arg[0] != 0 or len(arg[2]) != 1:
        return False
    kind, items = arg[2][0]
    if kind is _c.LITERAL:
        return not chr(items).isalnum()
    if kind is not _c.IN:
        return False
    if (_c.NEGATE, None) in items:
        return (_c.CATEGORY, _c.CATEGORY_WORD) in items
    return all(
        (op is _c.LITERAL and not chr(value).isalnum())
        or (op is _c.CATEGORY and value in (_c.CATEGORY_NOT_WORD, _c.CATEGORY_SPACE))
        for op, value in items
    )
