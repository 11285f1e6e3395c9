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
        where = f"{self.rule.file}:{self.rule.line}: {self.rule.id}"
        return f"{where}: `{self.key}` does not hold: {self.what}\n    {self.text!r}"


def check(rule: Rule) -> Iterator[Failure]:
    """The examples of one rule that do not hold when only this rule is at work."""
    book = Rulebook([rule])
    for key, examples in (("strips", rule.strips), ("keeps", rule.keeps)):
        for example in examples:
            if what := _wrong(book, rule, key, example):
                yield Failure(rule, key, example.text, what)
    wanted = "keeps" if rule.action == "keep" else "strips"  # what the rule is for
    for example in rule.todo:
        if not _wrong(book, rule, wanted, example):
            yield Failure(rule, "todo", example.text, f"it works now; move it to `{wanted}`")


def check_keeps(rules: Iterable[Rule]) -> Iterator[Failure]:
    """The `keeps` that some other rule of the set touches: every near miss must survive the whole library."""
    rules = tuple(rules)
    book = Rulebook(rules)
    for rule in rules:
        for example in rule.keeps:
            document = shown(example, rule)
            found = evidence(book, document, rule)
            if (got := cleaned(document.text, found)) != left(example, document):
                by = ", ".join(sorted({item.by for item in found if item.action == "strip"}))
                yield Failure(rule, "keeps", example.text, f"{by} makes it {got!r}")


def shown(example: Example, rule: Rule) -> Document:
    """What an example of the rule is read as: a page if the rule names markup, else text."""
    if rule.selector is None:
        return Document(example.text)
    from cleaner.read.page import read_page  # only pages need it

    return read_page(example.text)


def left(example: Example, document: Document) -> str:
    """What must be left of the example, which was read as this document."""
    return tidied(document.text if example.gives == example.text else example.gives)


def evidence(book: Rulebook, document: Document, rule: Rule) -> list[Evidence]:
    """What the book says of a document on the first of the rule's sites, in the document's offsets."""
    view, host = View(document), rule.sites[0] if rule.sites else None
    found = [
        item._replace(start=span.start, end=span.end, line=item.line and view.origin(*item.line))
        for item in book.find(view, host=host)
        for span in [view.origin(item.start, item.end)]
    ]
    return book.marked(document, host=host) + found


def cleaned(text: str, found: Iterable[Evidence]) -> str:
    """What the evidence leaves of a text when it counts from the strictest level and every kind goes."""
    return tidied(apply(text, decide(text, found, "strict", _ALL)))


def tidied(text: str) -> str:
    """The text as every result is written, to compare it with one."""
    return run(TIDY, text)[0]


def _wrong(book: Rulebook, rule: Rule, key: str, example: Example) -> str:
    """What is wrong with the example, or an empty string."""
    document = shown(example, rule)
    found = evidence(book, document, rule)
    if rule.action == "strip":
        got, wanted = cleaned(document.text, found), left(example, document)
        return "" if got == wanted else f"gives {got!r}, should give {wanted!r}"
    # A keep rule's `keeps` are what it must match; a hint's `strips` are.
    if bool(found) == (key == ("keeps" if rule.action == "keep" else "strips")):
        return ""
    return "the rule matches it, and should not" if found else "the rule does not match it"
