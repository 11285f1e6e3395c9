"""Text to segments: lines, glued seams and sentences, with exact offsets.

A view is the text folded for reading (`text.fold`), with runs of spaces, invisible characters and leftover entities
shortened to what they show; it maps every offset back to the document. Segmenting is lazy: on clean text most lines
are never cut into sentences, because nothing asks for them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from cleaner.text import (
    ABBREVIATIONS,
    BEFORE_NUMBER,
    CLOSERS,
    ENTITY,
    INVISIBLE,
    SPACES,
    STARTERS,
    TERMINAL,
    entity,
    has_invisible,
    lower,
    plain,
    seams,
    straight,
)
from cleaner.types import Document, Span

# What takes more characters than it shows. The first is for folded text, where it finds gaps at memory speed; the
# second for text as it stands: an entity after a quote that closes is left over, after one that opens it is quoted.
_GAPS: Final = re.compile("  +")
_SHORTEN: Final = re.compile(rf"[{SPACES}]{{2,}}+|{INVISIBLE}|{ENTITY}")
_ENTITY: Final = re.compile(ENTITY)

_END: Final = re.compile(
    rf"""
      [.!?…](?<![.!?…]{{2}})[.!?…]*+ ["')\]]*+ (?=\s)  # Latin, Cyrillic, Greek, Arabic: a mark and a space
    | [;\u037e](?<=[\u0370-\u03ff\u1f00-\u1fff].) (?=\s)  # the Greek question mark
    | [।॥؟۔։።။។]+ [{re.escape(CLOSERS)}]*             # marks that are never anything else
    | [。！？｡]+ [{re.escape(CLOSERS)}]*               # CJK: no space follows
    """,
    re.VERBOSE,
)
_MARKS: Final = TERMINAL
_GREEK_MARKS: Final = (";", "\u037e")
_MARK: Final = re.compile(f"[{TERMINAL};\u037e]")
_SHORT: Final = 80
"""Characters of a line in which one regex is faster than a search for each mark."""
_ACRONYM: Final = re.compile(r"(?:^|[\s(\"'])(?:[^\W\d_]\.){2,}$")
_TOKEN: Final = re.compile(r"[^\s\"'(\[]+$")
# "Am 3. Mai", "w 19. wieku": an ordinal, not an end.
_AFTER_ORDINAL: Final = re.compile(r"(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez|jahrh|jh)", re.IGNORECASE)
_BEFORE_ORDINAL: Final = re.compile(
    r"\b(?:der|die|das|dem|den|des|am|im|zum|zur|vom|beim|ab|bis|seit)\s\d{1,2}$", re.IGNORECASE
)
_SOLID: Final = re.compile(r"\S")
_HIRAGANA: Final = re.compile("[\u3040-\u309f]")
_LEAD: Final = " \"'([-"  # what may stand before a sentence's first letter, folded
_OPENERS: Final = "“‘«„‚"
_BACK: Final = 32


class View:
    """A document as it is read. See `types.Reading` for what each member promises."""

    __slots__ = ("_from_doc", "_from_view", "_marks", "_seams", "_until", "cased", "document", "low")

    def __init__(self, document: Document) -> None:
        self.document = document
        folded = plain(document.text)
        # Where view and document run alike again: at these view offsets, from these document offsets on; and where
        # in the document a span ends that ends there in the view.
        self._from_view: list[int] = []
        self._from_doc: list[int] = []
        self._until: list[int] = []
        if has_invisible(folded) or ("&" in folded and _ENTITY.search(document.text)):
            folded = self._shorten(folded, _SHORTEN.finditer(document.text))
        elif "  " in folded:
            folded = self._shorten(folded, _GAPS.finditer(folded))
        self._seams = list(seams(folded))  # while quotes still say whether they open or close
        self.cased = straight(folded)
        self.low = lower(self.cased)
        self._marks = tuple(mark for mark in _MARKS if mark in self.cased)
        if "α" in self.low:
            self._marks += _GREEK_MARKS

    def _shorten(self, folded: str, what: Iterator[re.Match[str]]) -> str:
        """Replaces what shows less than it takes; one space between words, whatever it was made of."""
        pieces: list[str] = []
        at = size = 0
        spaced = False  # whether the view so far ends in a space
        for found in what:
            start, shown = found.start(), _shown(found)
            if spaced and start > at and folded[at] == " ":
                at += 1
                self._anchor(size, at, at - 1)
            if start > at:
                pieces.append(folded[at:start])
                size += start - at
                spaced = folded[start - 1] == " "
            if spaced and shown == " ":
                shown = ""
            pieces.append(shown)
            size += len(shown)
            at = found.end()
            spaced = shown == " " or (spaced and not shown)
            self._anchor(size, at, at if shown else start)
        if spaced and folded[at : at + 1] == " ":
            at += 1
            self._anchor(size, at, at - 1)
        pieces.append(folded[at:])
        return "".join(pieces)

    def _anchor(self, view: int, doc: int, until: int) -> None:
        if self._from_view and self._from_view[-1] == view:
            until = self._until[-1]  # nothing shows since the anchor before
        self._from_view.append(view)
        self._from_doc.append(doc)
        self._until.append(until)

    @property
    def same(self) -> bool:
        """Whether view offsets are document offsets."""
        return not self._from_view

    def origin(self, start: int, end: int) -> Span:
        """Document offsets of a view span. A start lies behind what does not show before it, an end before it."""
        if not self._from_view:
            return Span(start, end)
        first = bisect_right(self._from_view, start) - 1
        begin = start if first < 0 else self._from_doc[first] + start - self._from_view[first]
        after = bisect_left(self._from_view, end)
        if after < len(self._from_view) and self._from_view[after] == end:
            return Span(begin, max(begin, self._until[after]))
        last = after - 1
        return Span(begin, max(begin, end if last < 0 else self._from_doc[last] + end - self._from_view[last]))

    def long_lines(self, least: int) -> list[tuple[int, str]]:
        """The lines of at least so many characters, in order: where each begins, and what it says in lower case."""
        found, at, seams = [], 0, self._seams
        for line in self.low.split("\n"):
            end = at + len(line)
            if end - at >= least:
                cuts = seams[bisect_right(seams, at) : bisect_left(seams, end)] if seams else ()
                for first, last in pairwise((at, *cuts, end)) if cuts else ((at, end),):
                    if last - first >= least:
                        said = self.low[first:last]
                        bare = said.lstrip()
                        found.append((first + len(said) - len(bare), bare.rstrip()))
            at = end + 1
        return found

    def line_at(self, offset: int, least: int = 0) -> Span:
        """The line around the offset, where it is known not to begin before `least`. A glued seam ends a line."""
        start = max(self.cased.rfind("\n", least, offset) + 1, least)
        cut = bisect_right(self._seams, offset)
        if cut and self._seams[cut - 1] > start:
            start = self._seams[cut - 1]
        return Span(start, self._line_end(offset))

    def _line_end(self, offset: int) -> int:
        cut = bisect_right(self._seams, offset)
        limit = self._seams[cut] if cut < len(self._seams) else len(self.cased)
        end = self.cased.find("\n", offset, limit)  # no further: a line of many seams would cost its square
        return limit if end < 0 else end

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
        spans: list[Span] = []
        text, start, done = self.cased, line.start, line.start
        quotes, counted = 0, line.start
        for at in self._marks_in(line):
            if at < done:
                continue
            if _plainly_ends(text, done, at):
                start, done = _add(spans, text, start, at + 1), at + 1
                continue
            found = _END.match(text, at, line.end)
            if found is None:
                continue
            done = end = found.end()
            if found[0][-1] in "\"'" and found[0][0] not in ".!?…":
                quotes, counted = quotes + text.count('"', counted, found.start()), found.start()
                end = self._past_quotes(found, quotes)
            elif self._closes_apart(end):
                end += 2
            if end < line.end and _ends_sentence(text, found, end, line):
                start = _add(spans, text, start, end)
        _add(spans, text, start, line.end)
        return tuple(spans)

    def all_segments(self) -> tuple[list[Span], list[int]]:
        """Every segment of the document in order, and the number of the line that each stands in."""
        segments: list[Span] = []
        lines: list[int] = []
        at, number, seams = 0, 0, self._seams
        for line in self.cased.split("\n"):
            end = at + len(line)
            cuts = seams[bisect_right(seams, at) : bisect_left(seams, end)] if seams else ()
            if not cuts and len(line) < _SHORT and not _MARK.search(line, 0, len(line) - 1):  # most lines of a page
                _add(segments, self.cased, at, end)
                lines += [number] * (len(segments) - len(lines))
            else:
                for first, last in pairwise((at, *cuts, end)):
                    segments += self.sentences(Span(first, last))
                    lines += [number] * (len(segments) - len(lines))
                    number += 1
            at, number = end + 1, number + 1
        return segments, lines

    def _marks_in(self, line: Span) -> list[int]:
        """Where an end mark stands in the line, ascending; not the line's last character, behind which nothing is.
        In a long line each mark of the text is looked for at memory speed: a regex that tries a class of characters at
        every place takes ten times as long."""
        places: list[int] = []
        find, start, end = self.cased.find, line.start, line.end - 1
        if end - start < _SHORT and not _MARK.search(self.cased, start, end):
            return places
        for mark in self._marks:
            at = find(mark, start, end)
            while at >= 0:
                places.append(at)
                at = find(mark, at + 1, end)
        if len(self._marks) > 1:
            places.sort()
        return places

    def _past_quotes(self, found: re.Match[str], quotes: int) -> int:
        """Where an end mark's closing quotes end, before one that opens: 说。“你”. `quotes` stand before the mark."""
        end = found.end() - len(found[0]) + len(found[0].rstrip("\"'"))
        while end < found.end():
            origin = self.origin(end, end + 1).start
            char = self.document.text[origin]
            if char in _OPENERS or (char == '"' and quotes % 2 == 0):
                break
            quotes += self.cased[end] == '"'
            end += 1
        return end

    def _closes_apart(self, end: int) -> bool:
        """Whether a closing guillemet set apart by a space follows, as in French: « Ah ! »."""
        if self.cased[end : end + 2] != ' "' or self.cased[end + 2 : end + 3].strip():
            return False
        return self.document.text[self.origin(end + 1, end + 2).start] == "»"

    def segments(self) -> Iterator[Span]:
        """Every segment of the document in order, in view offsets."""
        yield from self.all_segments()[0]


def _shown(found: re.Match[str]) -> str:
    if found[0][0] == "&":
        return plain(entity(found))
    return " " if found[0][0] in SPACES else ""


def _add(spans: list[Span], text: str, start: int, end: int) -> int:
    """Adds the sentence without the spaces around it, if something is left; its end as it was."""
    if start < end and not text[start].isspace() and not text[end - 1].isspace():
        spans.append(Span(start, end))
    elif piece := text[start:end].strip():
        start = text.index(piece[0], start)
        spans.append(Span(start, start + len(piece)))
    return end


def _plainly_ends(text: str, least: int, at: int) -> bool:
    """Whether the mark ends a sentence for sure, as most do: a word that is no abbreviation, a space, a capital."""
    if not text[at + 2 : at + 3].isupper() or text[at + 1] != " ":
        return False
    least = max(least, at - _BACK)
    word = text[max(least, text.rfind(" ", least, at) + 1) : at]
    return len(word) > 1 and word.isalpha() and word.lower() not in ABBREVIATIONS and text[at] in ".!?…"


def _ends_sentence(text: str, found: re.Match[str], end: int, line: Span) -> bool:
    mark, after = text[found.start() : end], text[end : min(line.end, end + _BACK)].lstrip()
    if not after:
        return True
    following = after.lstrip(_LEAD)[:1]
    if mark[0] in "。！？｡":
        # 「はい。」と言った: a quotation inside a sentence.
        return mark[-1] not in '」』"' or not _HIRAGANA.match(after)
    if mark[0] not in ".!?…;":
        return True
    return not following.islower() and (mark != "." or _stop_ends(text, found.start(), after, line))


def _stop_ends(text: str, stop: int, after: str, line: Span) -> bool:
    """Whether a full stop before a capital, a number or a letter without case ends a sentence."""
    before = text[max(line.start, stop - _BACK) : stop]
    token = _TOKEN.search(before)
    word = token[0].lower() if token else ""
    if word in ABBREVIATIONS:
        return False
    if _ACRONYM.search(before + "."):
        return re.split(r"\W", after.lower(), maxsplit=1)[0] in STARTERS
    if len(word) == 1 and word.isalpha() and word != "i":
        return False
    if word.isdigit():
        if stop - len(word) == line.start:
            return False  # a list number
        return len(word) > 2 or not (_AFTER_ORDINAL.match(after) or _BEFORE_ORDINAL.search(before))
    return not (after.lstrip(_LEAD)[:1].isdigit() and word in BEFORE_NUMBER)
