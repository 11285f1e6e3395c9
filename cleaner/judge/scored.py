"""The segments of one document with what the score says of them, for those who look at them once more."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cleaner.types import Block, Page, Reading, Span

_SENTENCE: Final = re.compile(r"[.!?…。！？؟।][\"')\]”’»]*\s*$")
_TAIL: Final = 8
"""Characters in which the end of a sentence is looked for."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The segments of a page, or of the text of one."""

    reading: Reading
    spans: Sequence[Span]
    """In view offsets."""
    chances: Sequence[float]
    gone: list[bool]
    """Which go as it is; whoever takes more says so here."""
    blocks: Sequence[Block]
    """The block of a page that each stands in; empty for text."""

    @property
    def page(self) -> Page | None:
        """The page, where there is one."""
        return self.reading.document.page

    def stays(self) -> list[int]:
        """The numbers of the segments that are not gone."""
        return [number for number, gone in enumerate(self.gone) if not gone]

    def size(self, number: int) -> int:
        """Characters of a segment."""
        return self.spans[number].end - self.spans[number].start

    def is_sentence(self, number: int) -> bool:
        """Whether a segment ends as a sentence does."""
        start, end = self.spans[number]
        return _SENTENCE.search(self.reading.cased, max(start, end - _TAIL), end) is not None


def scored(reading: Reading, spans: Sequence[Span], chances: Sequence[float], gone: list[bool]) -> Scored:
    """Finds the block of each segment."""
    page = reading.document.page
    if page is None:
        return Scored(reading, spans, chances, gone, ())
    starts = [block.start for block in page.blocks]
    origin = reading.origin
    blocks = [page.blocks[max(0, bisect_right(starts, origin(*span).start) - 1)] for span in spans]
    return Scored(reading, spans, chances, gone, blocks)
