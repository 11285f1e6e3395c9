"""What is wrong with a rule beyond its examples. Every message says what would be right."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import regex

from cleaner.judge import pattern
from cleaner.judge.phrase import key, literals
from cleaner.judge.rulebook import Rulebook, literals_of
from cleaner.rulekit.adversary import attacks
from cleaner.rulekit.examples import _cleaned
from cleaner.text import fold, lower
from cleaner.types import LEVELS, Rule, RuleError

SLOW: Final = 0.005
"""Seconds one regex may take on one segment of its longest length. Shipped rules stay under a tenth of it."""
_NEAR_WORD: Final = 4
"""Letters of a word that a near miss must share with what the rule strips."""


class Finding(NamedTuple):
    """Something the lint refuses."""

    rule: Rule
    check: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule.file}:{self.rule.line}: {self.rule.id}: {self.check}: {self.what}"


def lint(rules: Iterable[Rule], among: Iterable[Rule] = ()) -> Iterator[Finding]:
    """Findings for `rules`; duplicates and shadows are looked for among them and `among`."""
    rules = tuple(rules)
    known = {rule.id for rule in rules}
    everyone = (*(rule for rule in among if rule.id not in known), *rules)
    for rule in rules:
        found = [Finding(rule, *item) for check in _CHECKS for item in check(rule)]
        yield from found
        if not found:
            yield from (Finding(rule, "slow", what) for what in _slow(rule))
    yield from _duplicates(rules, everyone)
    yield from _shadowed(rules, everyone)


def _patterns(rule: Rule) -> list[tuple[str, str]]:
    cues = rule.between.cues if rule.between else None
    return [(name, text) for name, text in (("match", rule.match), ("cues", cues)) if text is not None]


def _compiles(rule: Rule) -> Iterator[tuple[str, str]]:
    for name, text in _patterns(rule):
        try:
            regex.compile(text)
        except regex.error as error:
            yield "regex", f"`{name}` is not a regex: {error}; see the regex package's syntax"


def _literal(rule: Rule) -> Iterator[tuple[str, str]]:
    try:
        found = literals_of(rule)
    except RuleError:
        yield "literal", "no text that every match contains was found in its regex; add `needs`, a list of such texts in lower case"
        return
    for literal in found:
        if literal != lower(fold(literal)) or literal != " ".join(literal.split(" ")) or not literal.strip():
            yield "literal", f"`needs` {literal!r} never stands in folded text; write lower case, straight quotes, single spaces"


def _wide(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.action != "strip":
        return
    for name, text in _patterns(rule):
        for _, high, item in pattern.repeats(text):
            if pattern.unbounded(high) and pattern.is_any(item):
                yield "wide", f"`{name}` has `.*` or `.+`; say what may stand there, and how much of it, as [^.!?]{{0,60}}"
            elif pattern.unbounded(high) and rule.scope == "inline":
                yield "wide", f"`{name}` has a repeat without bound; an inline cut needs one, as {{0,60}}"


def _nested(rule: Rule) -> Iterator[tuple[str, str]]:
    for name, text in _patterns(rule):
        for _, high, item in pattern.repeats(text):
            if pattern.unbounded(high) and any(pattern.unbounded(inner) for _, inner, _ in pattern.repeats_in(item)):
                yield "nested", f"`{name}` repeats a repeat without bound; give the inner or the outer one a bound"


def _near(rule: Rule) -> Iterator[tuple[str, str]]:
    """A near miss shares a word with what goes; else it proves nothing."""
    wanted, given = (rule.strips, rule.keeps) if rule.action == "strip" else (rule.keeps, rule.strips)
    stripped = {word for example in wanted for word in _long_words(example.text)}
    if stripped and not any(stripped & _long_words(example.text) for example in given):
        where = "keeps" if rule.action == "strip" else "strips"
        yield "near-miss", f"no text in `{where}` shares a word with what the rule is for; give article text that resembles it"


def _long_words(text: str) -> set[str]:
    words = key(lower(fold(text))).split()
    return {word for word in words if len(word) >= _NEAR_WORD or not word.isascii()}


_CHECKS: Final = (_compiles, _literal, _wide, _nested, _near)


def _slow(rule: Rule) -> Iterator[str]:
    """Measures each regex on texts made to hurt it."""
    for name, text in _patterns(rule):
        compiled = regex.compile(text)
        worst, on = 0.0, ""
        for attack in attacks(text, rule.longest):
            took = min(_seconds(compiled, attack) for _ in range(2))
            if took > worst:
                worst, on = took, attack
        if worst > SLOW:
            shown = on if len(on) <= 40 else f"{on[:40]}..."
            yield f"`{name}` takes {worst * 1e3:.0f} ms on {len(on)} characters like {shown!r}; bound its repeats, at most {SLOW * 1e3:.0f} ms"


def _seconds(compiled: regex.Pattern[str], text: str) -> float:
    start = time.thread_time()
    try:
        compiled.search(text, timeout=SLOW * 20)
    except TimeoutError:
        return SLOW * 20
    return time.thread_time() - start


def _duplicates(rules: tuple[Rule, ...], everyone: tuple[Rule, ...]) -> Iterator[Finding]:
    first: dict[tuple[Any, ...], Rule] = {}
    own = {rule.id for rule in rules}
    for rule in everyone:
        if rule.match is not None:
            said = [rule.match]
        elif rule.between:
            said = [" ".join(sorted(key(lower(fold(p))) for p in rule.between.first))]
        else:
            said = [re.sub(r"[^\w{}]+", " ", lower(fold(phrase))).strip() for phrase in rule.phrases]
        for text in said:
            mark = (text, rule.scope, rule.action, rule.sites)
            other = first.setdefault(mark, rule)
            if other is not rule and rule.id in own:
                yield Finding(rule, "duplicate", f"{text[:60]!r} is already in {other.id}; leave it to that rule")
            elif other is rule and len([t for t in said if t == text]) > 1:
                yield Finding(rule, "duplicate", f"{text[:60]!r} stands twice in this rule; take one out")
                said = [t for t in said if t != text]


def _shadowed(rules: tuple[Rule, ...], everyone: tuple[Rule, ...]) -> Iterator[Finding]:
    """A rule all of whose `strips` one other rule already strips, at the same or a milder level, on all its sites."""
    for rule in rules:
        if rule.action != "strip" or not rule.strips:
            continue
        needed = set().union(*(_literals_near(rule)))
        for other in everyone:
            if other is rule or other.action != "strip" or other.kind != rule.kind or not needed:
                continue
            if LEVELS.index(other.level) > LEVELS.index(rule.level) or (other.sites and not set(rule.sites) <= set(other.sites)) or (other.sites and not rule.sites):
                continue
            book = Rulebook([other])
            if all(_cleaned(book, example.text, rule)[0] == _cleaned(Rulebook([rule]), example.text, rule)[0] for example in rule.strips):
                if other.sites == rule.sites and other.level == rule.level and other.id > rule.id and _mutual(rule, other):
                    continue  # each covers the other's examples: named once, at the later one
                yield Finding(rule, "shadowed", f"{other.id} already takes every text in `strips`; drop this rule or show what only it finds")
                break


def _mutual(rule: Rule, other: Rule) -> bool:
    book = Rulebook([rule])
    return all(_cleaned(book, example.text, other)[0] == example.gives for example in other.strips)


def _literals_near(rule: Rule) -> list[set[str]]:
    try:
        return [set(literals_of(rule)) or set(literals(rule.phrases, 0.0))]
    except RuleError:
        return [set()]
