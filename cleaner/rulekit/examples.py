"""A rule's own examples as tests: what it must strip, what it must keep, what it is known to miss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cleaner.judge.decide import decide, stripped_kinds
from cleaner.judge.rulebook import Rulebook
from cleaner.read.segment import View
from cleaner.types import KINDS, Document, Evidence, Example, Rule
from cleaner.write.apply import apply
from cleaner.write.normalise import TIDY, run

_ALL = stripped_kinds(strip=KINDS)


class Failure(NamedTuple):
    """An example that does not hold."""

    rule: Rule
    key: str
    """`strips`, `keeps` or `todo`."""
    text: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule.file}:{self.rule.line}: {self.rule.id}: `{self.key}` does not hold: {self.what}\n    {self.text!r}"


def check(rule: Rule) -> Iterator[Failure]:
    """The examples of one rule that do not hold when only this rule is at work."""
    book = Rulebook([rule])
    for key, examples in (("strips", rule.strips), ("keeps", rule.keeps)):
        for example in examples:
            if what := _wrong(book, rule, key, example):
                yield Failure(rule, key, example.text, what)
    for example in rule.todo:
        if not _wrong(book, rule, "strips", example):
            yield Failure(rule, "todo", example.text, "it works now; move it to `strips`")


def check_keeps(rules: Iterable[Rule]) -> Iterator[Failure]:
    """The `keeps` that some other rule of the set touches: every near miss must survive the whole library."""
    rules = tuple(rules)
    book = Rulebook(rules)
    for rule in rules:
        for example in rule.keeps if rule.action == "strip" else ():
            got, by = _cleaned(book, example.text, rule)
            if got != _tidied(example.gives):
                yield Failure(rule, "keeps", example.text, f"{', '.join(by)} makes it {got!r}")


def _wrong(book: Rulebook, rule: Rule, key: str, example: Example) -> str:
    """What is wrong with the example, or an empty string."""
    if rule.action == "strip":
        got, _ = _cleaned(book, example.text, rule)
        return "" if got == _tidied(example.gives) else f"gives {got!r}, should give {_tidied(example.gives)!r}"
    found = bool(_evidence(book, Document(example.text), rule))
    # A keep rule's `keeps` are what it must match; a hint's `strips` are.
    if found == (key == ("keeps" if rule.action == "keep" else "strips")):
        return ""
    return "the rule matches it, and should not" if found else "the rule does not match it"


def _evidence(book: Rulebook, document: Document, rule: Rule) -> list[Evidence]:
    view = View(document)
    found = book.find(view, host=rule.sites[0] if rule.sites else None)
    return [item._replace(start=span.start, end=span.end) for item in found for span in [view.origin(item.start, item.end)]]


def _cleaned(book: Rulebook, text: str, rule: Rule) -> tuple[str, list[str]]:
    evidence = _evidence(book, Document(text), rule)
    decisions = decide(text, evidence, "strict", _ALL)
    return _tidied(apply(text, decisions)), sorted({decision.by for decision in decisions})


def _tidied(text: str) -> str:
    return run(TIDY, text)[0]
