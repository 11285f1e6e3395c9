"""Pages for tests: made from the corpus; and which laws of the house the result of one breaks."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from cleaner import Cleaner, Document, Result
from cleaner.types import Page
from cleaner.write.normalise import STEPS
from cleaner.write.shape import shaped
from tests.corpus import CorpusDocument

NAV = "".join(f"<li><a href='/{word.lower()}'>{word}</a></li>" for word in ("Home", "News", "Sport", "Weather"))
FOOTER = (
    "<p><a href='/about'>About us</a> <a href='/terms'>Terms</a></p><p>© The Lantern 2024. All rights reserved.</p>"
)


def page_of(document: CorpusDocument) -> str:
    """A page that shows a corpus document, a paragraph a line, between a menu and a footer."""
    title = escape(document.head.get("title") or "The Lantern")
    body = "".join(f"<p>{escape(line)}</p>\n" for line in document.text.splitlines() if line.strip())
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><nav><ul>{NAV}</ul></nav>\n"
        f"<main><article><h1>{title}</h1>\n{body}</article></main>\n<footer>{FOOTER}</footer></body></html>"
    )


def broken(cleaner: Cleaner, result: Result) -> list[str]:
    """What is wrong with a result: nothing, if the laws hold."""
    document, found = result.document, []
    if cleaner.tidy(shaped(document, result.decisions)) != result.text:
        found.append("the ledger does not replay")
    if not adds_up(result):
        found.append("kept and removed do not add up")
    if set(result.steps) - set(STEPS):
        found.append("a step is not in the tables")
    if bool(result.empty) == bool(result.text.strip()):
        found.append("what is empty does not say why, or what is not says that it is")
    return found + list(misread(document, document.page) if document.page else ())


def adds_up(result: Result) -> bool:
    """Whether kept and removed slices, in order, are the document."""
    text, at, slices = result.document.text, 0, []
    for decision in result.decisions:
        if not at <= decision.start < decision.end <= len(text):
            return False
        slices += [text[at : decision.start], text[decision.start : decision.end]]
        at = decision.end
    return "".join([*slices, text[at:]]) == text


def misread(document: Document, page: Page) -> Iterator[str]:
    """What of `Page` is not as its description has it."""
    text, blocks = document.text, page.blocks
    ends = [0, *(at for block in blocks for at in (block.start, block.end)), len(text)]
    if ends != sorted(ends):
        yield "blocks overlap, or are not in order"
    if "".join(text[block.start : block.end] for block in blocks) != text and any(
        text[start:end].strip("\n") for start, end in [*pairwise(ends)][::2]
    ):
        yield "a character stands in no block"
    if any(not 0 <= block.element < len(page.elements) or not 0 <= block.linked <= 1 for block in blocks):
        yield "a block has no element, or more links than characters"
    if any(not -1 <= element.parent < number for number, element in enumerate(page.elements)):
        yield "an element does not stand behind the one around it"
    if any(mark.start >= mark.end or mark.end > len(text) for mark in page.marks):
        yield "a mark is empty, or goes beyond the text"
    starts = sorted((mark.start, mark.end) for mark in page.marks)
    number = 0
    for start, end in starts:
        while number < len(blocks) and blocks[number].end <= start:
            number += 1
        if number == len(blocks) or not blocks[number].start <= start < end <= blocks[number].end:
            yield "a mark stands in no block, or in two"
            return
