"""Text to segments: lines, glued seams and sentences, with exact offsets.

A view is the text folded for reading (`text.fold`), with runs of spaces, invisible characters and leftover entities
shortened to what they show; it maps every offset back to the document. Segmenting is lazy: on clean text most lines
are never cut into sentences, because nothing asks for them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Final

from cleaner.text import (
    ABBREVIATIONS,
    BEFORE_NUMBER,
    CLOSERS,
    ENTITY,
    INVISIBLE,
    entity,
    fold,
    lower,
    seams,
)
from cleaner.types import Document, Span

_NBSP = r"&(?:amp;)*nbsp;"
# The first branch takes gaps, so that a space beside an invisible character counts once.
_SHORTEN: Final = re.compile(rf"(?: |{_NBSP}|{INVISIBLE}){{2,}}|{INVISIBLE}|{ENTITY}")
_INVISIBLE: Final = re.compile(INVISIBLE)

_END: Final = re.compile(
    rf"""
      [.!?…]+ ["')\]]* (?=\s)                # Latin, Cyrillic, Greek, Arabic: a mark and a space
    | (?<=[\u0370-\u03ff]) [;\u037e] (?=\s)  # the Greek question mark
    | [।॥؟۔։።]+ [{re.escape(CLOSERS)}]*       # marks that are never anything else
    | [。！？｡]+ [{re.escape(CLOSERS)}]*       # CJK: no space follows
    """,
    re.VERBOSE,
)
_ACRONYM: Final = re.compile(r"(?:^|[\s(\"'])(?:[^\W\d_]\.){2,}$")
_TOKEN: Final = re.compile(r"[^\s\"'(\[]+$")
# After "U.S." these begin a new sentence; any other capital may belong to a name.
_STARTERS: Final = frozenset(
    "the a an he she it they we you i in on at but and this that these those his her its their our if when while after "
    "before as for by sign subscribe support".split()
)
# "Am 3. Mai", "w 19. wieku": an ordinal, not an end.
_AFTER_ORDINAL: Final = re.compile(r"(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez|jahrh|jh)", re.IGNORECASE)
_SOLID: Final = re.compile(r"\S")
_HIRAGANA: Final = re.compile("[\u3040-\u309f]")
_BACK: Final = 32


class View:
    """A document as it is read. See `types.Reading` for what each member promises."""

    __slots__ = ("_from_doc", "_from_view", "_seams", "cased", "document", "low")

    def __init__(self, document: Document) -> None:
        self.document = document
        folded = fold(document.text)
        self._from_view: list[int] = []
        self._from_doc: list[int] = []
        if "  " in folded or "&" in folded or (not folded.isascii() and _INVISIBLE.search(folded)):
            folded = self._shorten(folded)
        self.cased = folded
        self.low = lower(folded)
        self._seams = list(seams(folded))

    def _shorten(self, folded: str) -> str:
        """Replaces what shows less than it takes, and keeps the offsets where both texts run alike again."""
        pieces, at, size = [], 0, 0
        for found in _SHORTEN.finditer(folded):
            shown = _shown(found)
            pieces += (folded[at : found.start()], shown)
            size += found.start() - at + len(shown)
            at = found.end()
            self._from_view.append(size)
            self._from_doc.append(at)
        pieces.append(folded[at:])
        return "".join(pieces)

    def origin(self, start: int, end: int) -> Span:
        """Document offsets of a view span. An end lies before what was shortened behind it."""
        if not self._from_view:
            return Span(start, end)
        first = bisect_right(self._from_view, start) - 1
        last = bisect_left(self._from_view, end) - 1
        return Span(
            start if first < 0 else self._from_doc[first] + start - self._from_view[first],
            end if last < 0 else self._from_doc[last] + end - self._from_view[last],
        )

    def lines_at(self, offsets: list[int]) -> list[Span]:
        """The line around each of the ascending offsets. A glued seam ends a line. Linear in the text."""
        found, start, end = [], 0, -1
        for offset in offsets:
            if offset >= end:
                start = max(self.cased.rfind("\n", max(end, 0), offset) + 1, end, 0)
                end = self._line_end(offset)
                cut = bisect_right(self._seams, offset) - 1
                if cut >= 0 and self._seams[cut] > start:
                    start = self._seams[cut]
            found.append(Span(start, end))
        return found

    def _line_end(self, offset: int) -> int:
        end = self.cased.find("\n", offset)
        end = len(self.cased) if end < 0 else end
        cut = bisect_right(self._seams, offset)
        return min(end, self._seams[cut]) if cut < len(self._seams) else end

    def next_line(self, line: Span) -> Span | None:
        """The next line with something on it, or None."""
        solid = _SOLID.search(self.cased, line.end)
        return Span(solid.start(), self._line_end(solid.start())) if solid else None

    def lines(self) -> Iterator[Span]:
        """Every line with something on it, in order."""
        line = self.next_line(Span(0, 0))
        while line is not None:
            yield line
            line = self.next_line(line)

    def sentences(self, line: Span) -> tuple[Span, ...]:
        """The line's sentences without the spaces around them; a line without end marks inside is one sentence."""
        text, spans, start = self.cased, [], line.start
        for found in _END.finditer(text, line.start, line.end):
            end = found.end()
            if end < line.end and _ends_sentence(text, found, line):
                spans.append(_trim(text, start, end))
                start = end
        spans.append(_trim(text, start, line.end))
        return tuple(span for span in spans if span.start < span.end)

    def segments(self) -> Iterator[Span]:
        """Every segment of the document in order, in view offsets."""
        for line in self.lines():
            yield from self.sentences(line)


def _shown(found: re.Match[str]) -> str:
    text = found[0]
    if found["name"] or found["dec"] or found["hex"]:
        return fold(entity(found))
    return " " if " " in text or "&" in text else ""


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Span(start, max(start, start + len(piece.strip())))


def _ends_sentence(text: str, found: re.Match[str], line: Span) -> bool:
    mark, after = found[0], text[found.end() : found.end() + _BACK].lstrip()
    if not after or found.end() >= line.end:
        return True
    following = after.lstrip("\"'([-“‘«")[:1]
    if mark[0] in "。！？｡":
        # 「はい。」と言った: a quotation inside a sentence.
        return mark[-1] not in "」』”\"" or not _HIRAGANA.match(after)
    if mark[0] not in ".!?…;":
        return True
    if following.islower():
        return False
    if mark != ".":
        return True
    before = text[max(line.start, found.start() - _BACK) : found.start()]
    token = _TOKEN.search(before)
    word = token[0].lower() if token else ""
    if _ACRONYM.search(before + "."):
        return re.split(r"\W", after.lower(), maxsplit=1)[0] in _STARTERS
    if word in ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i"):
        return False
    if word.isdigit() and (found.start() - len(word) == line.start or (len(word) < 3 and _AFTER_ORDINAL.match(after))):
        return False  # a list number, or a date
    return not (following.isdigit() and word in BEFORE_NUMBER)
