"""A rule's own examples as tests: what it must strip, what it must keep, what it is known to miss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cleaner.judge.decide import decide, stripped_kinds
from cleaner.judge.phrase import Phrases, has_word, slotted_key, words
from cleaner.judge.rulebook import Rulebook
from cleaner.read.segment import View
from cleaner.text import lower
from cleaner.types import KINDS, Document, Evidence, Example, Level, Rule
from cleaner.write.apply import apply
from cleaner.write.normalise import TIDY, run

_ALL = stripped_kinds(strip=KINDS)
_READ = 60
"""Words of an example that a phrase is compared with, to say how far it agrees."""


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
    """The examples of one rule that do not hold when only this rule is at work, at its own level."""
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
    """The `keeps` that some other rule of the set touches: every near miss must survive the whole library, at the
    strictest level too."""
    rules = tuple(rules)
    book = Rulebook(rules)
    for rule in rules:
        for example in rule.keeps:
            document = shown(example, rule)
            found = evidence(book, document, rule)
            if (got := cleaned(document.text, found)) != left(example, document):
                takers = [item for item in found if item.action == "strip"]
                by = ", ".join(sorted({item.by for item in takers}))
                asked = ", asked at level strict" if any(item.level != "cautious" for item in takers) else ""
                yield Failure(rule, "keeps", example.text, f"{by} makes it {got!r}{asked}")


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
        for item in book.find(view, host=host, every=True)
        for span in [view.origin(item.start, item.end)]
    ]
    return book.marked(document, host=host) + found


def cleaned(text: str, found: Iterable[Evidence], level: Level = "strict") -> str:
    """What the evidence leaves of a text at a level, when every kind goes."""
    return tidied(apply(text, decide(text, found, level, _ALL)))


def tidied(text: str) -> str:
    """The text as every result is written, to compare it with one."""
    return run(TIDY, text)[0]


def _wrong(book: Rulebook, rule: Rule, key: str, example: Example) -> str:
    """What is wrong with the example, or an empty string."""
    document = shown(example, rule)
    found = evidence(book, document, rule)
    if rule.action == "strip":
        got, wanted = cleaned(document.text, found, rule.level), left(example, document)
        return "" if got == wanted else _other(rule, document.text, got, wanted)
    # A keep rule's `keeps` are what it must match; a hint's `strips` are.
    if bool(found) == (key == ("keeps" if rule.action == "keep" else "strips")):
        return ""
    return "the rule matches it, and should not" if found else "the rule does not match it"


def _other(rule: Rule, text: str, got: str, wanted: str) -> str:
    """What the rule makes of a text that should come out in another way."""
    asked = "" if rule.level == "cautious" else f", asked at level {rule.level}"
    whole = tidied(text)
    if got == whole and not wanted:
        return f"it stays, and should go{asked}{_agreed(rule, text)}"
    if wanted == whole and not got:
        return f"it goes, and should stay{asked}"
    does = "it stays" if got == whole else f"gives {got!r}"
    should = "stay" if wanted == whole else f"give {wanted!r}" if wanted else "go"
    return f"{does}, should {should}{asked}"


def _agreed(rule: Rule, text: str) -> str:
    """How far the rule's phrase that agrees longest does, for people; empty where none begins like the text."""
    cased = View(Document(text)).cased
    said = words(cased)[:_READ]
    best, follows = 0, ""
    for phrase in rule.phrases:
        parts = slotted_key(phrase).split()
        for count in range(1, len(parts) + 1):
            piece = " ".join(parts[:count])
            begins = Phrases([piece], rule.fuzzy)
            ends = [end for end in range(len(said), 0, -1) if begins.whole(*_both(cased[: said[end - 1].end]))]
            if has_word(piece) and not ends:
                break
            if ends and ends[0] > best:
                best, follows = ends[0], parts[count] if count < len(parts) else ""
    if not best:
        return ""
    goes_on = f", where it says {follows!r}" if follows else ", where it ends" if best < len(said) else ""
    return f"; the phrase agrees up to {cased[: said[best - 1].end]!r}{goes_on}"


def _both(cased: str) -> tuple[str, str]:
    return cased, lower(cased)
