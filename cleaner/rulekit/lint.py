"""What is wrong with a rule beyond its examples. Every message says what would be right."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Final, NamedTuple

import regex

from cleaner.judge import pattern
from cleaner.judge.engine import plain
from cleaner.judge.literal import with_reach
from cleaner.judge.phrase import key, slotted_key
from cleaner.judge.selector import parse
from cleaner.read.segment import View
from cleaner.rulekit.adversary import attacks
from cleaner.rulekit.examples import shown
from cleaner.rulekit.shadow import Shadows
from cleaner.rulekit.wording import NEAR
from cleaner.text import fold, lower
from cleaner.types import Document, Example, Rule, RuleError

SLOW: Final = 0.005
"""Seconds one regex may take on one text of the longest length it reads."""
_AGAIN: Final = 3
"""Times that what seems slow is measured again: on a busy machine a search can take twice its time."""
_SENTENCE: Final = 2000
"""Characters of the longest sentence that cues read."""
_WINDOW: Final = 1024
"""Characters around a literal that an inline cut reads."""
_NEAR_WORD: Final = 4
"""Letters of a word that a near miss must share with what the rule strips."""
_NAMED: Final = 4
"""Such words that are named."""
_NEAR_NAME: Final = 4
"""Letters of a part of a class: shorter ones stand in the middle of others, as `ad` in `header`."""
_RARE: Final = 3
"""Characters of a text that is not met in nearly every document."""
_MADE_UP: Final = re.compile(
    "|".join(re.sub(r"\\\{\w+\\\}", ".+", re.escape(sentence)) for both in NEAR.values() for sentence in both)
)
"""The near misses that `new` writes."""


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
    unusable = set()
    for rule in rules:
        found = [Finding(rule, *item) for check in _CHECKS for item in check(rule)]
        yield from found or (Finding(rule, *item) for item in slow(rule))
        if any(finding.check in ("regex", "literal") for finding in found):
            unusable.add(rule.id)
    yield from _duplicates(rules, everyone)
    yield from _shadowed(rules, [rule for rule in everyone if rule.id not in unusable])


def _patterns(rule: Rule) -> list[tuple[str, str]]:
    """The rule's regexes with the names of their keys."""
    cues = rule.between.cues if rule.between else None
    given = (("match", rule.match), ("unless", rule.unless), ("cues", cues))
    return [(name, text) for name, text in given if text is not None]


def _compiled(text: str) -> regex.Pattern[str] | None:
    try:
        return regex.compile(text)
    except regex.error:
        return None


# --- checks of one rule: each yields its name and what is wrong ---------------------------------------------------


def _compiles(rule: Rule) -> Iterator[tuple[str, str]]:
    for name, text in _patterns(rule):
        try:
            regex.compile(text)
        except regex.error as error:
            at: int = getattr(error, "pos", None) or 0
            near = text[max(0, at - 10) : at + 10].strip()
            what = "mend it, and write a backslash before a mark that stands for itself, as \\( or \\?"
            yield "regex", f"`{name}` is not a regex: {error}, near {near!r}; {what}"


def _literal(rule: Rule) -> Iterator[tuple[str, str]]:
    if any(_compiled(text) is None for _, text in _patterns(rule)):
        return
    try:
        with_reach(rule)
    except RuleError:
        what = "no text that every match contains was found in its regex"
        yield "literal", f"{what}; add `needs`, a list of such texts in lower case"
    for literal in rule.needs:
        # Read between letters, because what a segment begins or ends with is trimmed.
        if (shown := View(Document(f"x{literal}x")).low) != f"x{literal}x":
            what = "never stands in a text as rules read it"
            yield "literal", f"`needs` {literal!r} {what}; write {shown[1:-1]!r}"


def _weak(rule: Rule) -> Iterator[tuple[str, str]]:
    """What is looked for in every document must be rare, or each costs a look at a segment. A rule limited to `sites`
    costs there alone."""
    if rule.scope == "block" or rule.sites or any(_compiled(text) is None for _, text in _patterns(rule)):
        return
    with suppress(RuleError):
        found = with_reach(rule).reach
        common = min(found.anywhere if found else (), key=_rarity, default="")
        if common and _rarity(common) < _RARE:
            what = f"it is looked for by {common!r}, so short that nearly every text has it"
            yield "weak-literal", f"{what}; add `needs`, longer texts one of which every match has"


def _rarity(text: str) -> int:
    """Its characters, but for the spaces around them; ideographs and signs beyond ASCII count thrice."""
    return sum(3 if char > "\u2e80" or (not char.isascii() and not char.isalnum()) else 1 for char in text.strip())


def _sourced(rule: Rule) -> Iterator[tuple[str, str]]:
    if not rule.source.strip():
        yield "source", "no `source`; say where you saw it, and when, as 'example.org, 2024-09'"


def _folded(rule: Rule) -> Iterator[tuple[str, str]]:
    for name, text in _patterns(rule):
        for char in sorted({char for char in text if fold(char) != char}):
            yield "folded", f"`{name}` has {char!r}, which rules read as {fold(char)!r}; write that"


def _wide(rule: Rule) -> Iterator[tuple[str, str]]:
    for name, text in _patterns(rule) if rule.action == "strip" else ():
        if name == "unless":
            continue
        compiled = _compiled(text)
        if compiled is not None and compiled.search(""):
            yield "wide", f"`{name}` matches an empty text, so it is found everywhere; say what must stand there"
        for _, high, item in pattern.repeats(text):
            if pattern.unbounded(high) and pattern.is_any(item):
                yield "wide", f"`{name}` has `.*` or `.+`; say what may stand there and how much, as [^.!?]{{0,60}}"
            elif pattern.unbounded(high) and rule.scope == "inline":
                yield "wide", f"`{name}` has a repeat without bound; an inline cut needs one, as {{0,60}}"


def _wide_selector(rule: Rule) -> Iterator[tuple[str, str]]:
    for chain in parse(rule.selector) if rule.selector is not None else ():
        said = [test.said for part in chain for test in part.tests if test.wanted]
        if not rule.sites and all(text.startswith("<") for text in said):
            what = "`selector` names nothing but tags, which every page has"
            yield "wide", f"{what}; name a class or an id, or limit the rule to `sites`"
        for text in said:
            if text.count(" ") < 2 and not text.startswith("<") and len(text.strip()) < _NEAR_NAME:
                what = f"`selector` asks for {text.strip()!r} within a name"
                yield "wide", f"{what}, where it stands by chance; give {_NEAR_NAME} letters or more"


def _nested(rule: Rule) -> Iterator[tuple[str, str]]:
    for name, text in _patterns(rule):
        for _, high, item in pattern.repeats(text):
            if pattern.unbounded(high) and any(pattern.unbounded(inner) for _, inner, _ in pattern.repeats_in(item)):
                yield "nested", f"`{name}` repeats a repeat without bound; give the inner or the outer one a bound"


def _near(rule: Rule) -> Iterator[tuple[str, str]]:
    """A near miss shares a word with what the rule is for; else it proves nothing."""
    wanted, given, where = (rule.strips, rule.keeps, "keeps")
    if rule.action == "keep":
        wanted, given, where = (rule.keeps, rule.strips, "strips")
    words = {word for example in wanted for word in _example_words(example, rule)}
    if words and not any(words & _example_words(example, rule) for example in given):
        said = ", ".join(_longest_first(words)[:_NAMED])
        what = f"no text in `{where}` shares a word with what the rule is for"
        yield "near-miss", f"{what}; give article text that says one of them, as {said}"


def _made_up(rule: Rule) -> Iterator[tuple[str, str]]:
    """Near misses that a template made prove little: an author's own sentence is built in another way."""
    if rule.action != "strip" or not all(_MADE_UP.fullmatch(example.text) for example in rule.keeps):
        return
    words = {word for example in rule.strips for word in _example_words(example, rule)}
    words = words & set(" ".join(map(slotted_key, rule.phrases)).split()) or words  # no name that a slot takes
    said = " or ".join(repr(word) for word in _longest_first(words)[:2])
    what = "all that `keeps` has are sentences that `cleaner-rules new` made up"
    yield "placeholder", f"{what}; write a sentence of an article{' that says ' + said if said else ''}"


def _longest_first(words: set[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _example_words(example: Example, rule: Rule) -> set[str]:
    """The words of a text; of a snippet what it shows and what its elements are called."""
    document = shown(example, rule)
    names = [element.words for element in document.page.elements] if document.page else []
    return _long_words(" ".join([document.text, *names]))


def _long_words(text: str) -> set[str]:
    words = key(lower(fold(text))).split()
    return {word for word in words if len(word) >= _NEAR_WORD or not word.isascii()}


_CHECKS: Final = (_compiles, _literal, _weak, _folded, _wide, _wide_selector, _nested, _near, _made_up, _sourced)


# --- time ---------------------------------------------------------------------------------------------------------


def slow(rule: Rule) -> Iterator[tuple[str, str]]:
    """Measures each regex of a rule on texts made to hurt it."""
    for name, text in _patterns(rule):
        if what := _slowest(text, _reads(rule, name)):
            yield "slow", f"`{name}` {what}; bound its repeats, {SLOW * 1e3:.0f} ms is the most"


@cache
def _slowest(text: str, longest: int) -> str | None:
    """What a regex takes too long on, of texts so long; many rules may share one."""
    if (compiled := _compiled(text)) is None:
        return None
    for attack in attacks(text, longest):
        if (took := max(_seconds(engine, attack) for engine in (compiled, plain(text)) if engine)) > SLOW:
            shown = attack if len(attack) <= 40 else f"{attack[:40]}..."
            return f"takes {took * 1e3:.0f} ms on {len(attack)} characters like {shown!r}"
    return None


def _reads(rule: Rule, name: str) -> int:
    """The longest text that the regex reads, in characters."""
    if name == "cues":
        return min(rule.longest, _SENTENCE)
    return max(rule.longest, _WINDOW) if rule.scope == "inline" else rule.longest


def _seconds(compiled: Any, text: str) -> float:
    """Processor time of this thread for one search. What seems slow is measured again: the best of a few counts."""
    took = _once(compiled, text)
    for _ in range(_AGAIN):
        if took <= SLOW:
            break
        took = min(took, _once(compiled, text))
    return took


def _once(compiled: Any, text: str) -> float:
    start = time.thread_time()
    with suppress(TimeoutError):
        if isinstance(compiled, re.Pattern):
            with _limit(SLOW * 20):
                compiled.search(text)
        else:
            compiled.search(text, timeout=SLOW * 20)
    return time.thread_time() - start


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Raises TimeoutError in what takes longer; the standard library's engine looks for signals as it runs. Signals
    reach the main thread alone and no timer exists on Windows: there it runs to its end."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# --- rules beside each other --------------------------------------------------------------------------------------


def _duplicates(rules: tuple[Rule, ...], everyone: tuple[Rule, ...]) -> Iterator[Finding]:
    """Wording that an earlier rule has already, or that stands twice in one."""
    own = {rule.id for rule in rules}
    first: dict[tuple[object, ...], Rule] = {}
    for rule in everyone:
        for text, times in Counter(_wordings(rule)).items():
            how = (rule.scope, rule.action, rule.case, rule.within, rule.sites)
            other = first.setdefault((text, *how), rule)
            if rule.id not in own:
                continue
            if other is not rule:
                yield Finding(rule, "duplicate", f"{text[:60]!r} is already in {other.id}; leave it to that rule")
            elif times > 1:
                yield Finding(rule, "duplicate", f"{text[:60]!r} stands {times} times in this rule; once is enough")


def _wordings(rule: Rule) -> list[str]:
    """What the rule looks for, in a form in which the same wording is the same text."""
    if rule.match is not None:
        return [rule.match]
    if rule.selector is not None:
        return [" ".join(one.split()) for one in rule.selector.lower().split(",")]
    if rule.between:
        return [" | ".join(sorted(map(slotted_key, rule.between.first)))]
    return [slotted_key(phrase) for phrase in rule.phrases]


def _shadowed(rules: tuple[Rule, ...], everyone: list[Rule]) -> Iterator[Finding]:
    """Rules all of whose `strips` another one takes already; of two that take each other's, the later one."""
    shadows = Shadows(everyone)
    for rule in rules:
        if (other := shadows.over(rule)) is not None:
            what = f"{other.id} already takes every text in `strips`; drop this rule or show what only it finds"
            yield Finding(rule, "shadowed", what)
