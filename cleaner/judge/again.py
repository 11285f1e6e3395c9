"""Whether what was left of cut lines must be looked at again: what stood beside a cut may now stand alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from cleaner.judge.block import may_be_cut
from cleaner.judge.decide import merged
from cleaner.judge.repeat import PARAGRAPH
from cleaner.judge.units import amid
from cleaner.text import LINE_ENDS
from cleaner.types import Decision, Span

_HEAD: Final = 50
"""Lines from the top within which a cut line may be part of a headline, a standfirst or the block below them."""
_LAST: Final = 200
"""Characters at the end of a text in which the mark of its being cut off stands."""
_LONGEST: Final = 1 << 18
"""Characters of a text beyond which no lines are freed: that is no article, and another look goes over all of it."""


def may_go_on(text: str, places: list[int], freed: list[int], takes: Callable[[str], bool]) -> bool:
    """Whether what was left of lines cut at these places may change anything: one stands near the head, where a
    headline is looked for, or is long and stands twice, or rules take something of those lines now (`takes`). The same
    holds for lines in which the `freed` places lie, but for the head."""
    text = _with_one_end(text)
    if places and text.count("\n", 0, places[0]) < _HEAD:
        return True
    starts = _line_starts(text, sorted(places + freed))
    if any(
        len(line) >= PARAGRAPH and text.find(line.strip(), start + len(line)) >= 0
        for start in starts
        for line in [text[start : _line_end(text, start)]]
    ):
        return True
    return takes("\n\n".join(text[start : _line_end(text, start)] for start in starts))


def freed_lines(text: str, decisions: Iterable[Decision], seams: Iterable[int]) -> list[int]:
    """Where lines lie, as offsets of what is left, that lost a part at one of the `seams`, that stood in the midst of a
    sentence and have lost the line before or behind them, or that are the last now: an appeal may be cut off there.
    None in a text that is very long."""
    if len(text) > _LONGEST:
        return []
    text, freed, gone, start, end = _with_one_end(text), list(seams), 0, 0, 0
    for start, end in merged((item.start, item.end) for item in decisions if item.action == "strip"):
        before = text.rfind("\n", 0, max(0, start - 1)) + 1
        if start and text[start - 1] == "\n" and amid(text, Span(before, start - 1)):
            freed.append(max(0, start - 1 - gone))
        after = end if text[end - 1] == "\n" else end + 1
        if text[after - 1 : after] == "\n" and amid(text, Span(after, _line_end(text, after))):
            freed.append(start - gone + after - end)
        gone += end - start
    if gone and not text[end:].strip() and (last := text[:start].rstrip()) and may_be_cut(last[-_LAST:]):
        freed.append(max(0, len(last) - 1 - (gone - (end - start))))
    return sorted(freed)


def _line_starts(text: str, places: list[int]) -> list[int]:
    """Where the lines begin in which the places lie, each once."""
    starts, end = [], 0
    for place in places:
        if place >= end:
            starts.append(text.rfind("\n", end, place) + 1 or end)
            end = _line_end(text, place)
    return starts


def _with_one_end(text: str) -> str:
    """The text with each character that ends a line as the same one."""
    for end in LINE_ENDS[1:]:
        text = text.replace(end, "\n")
    return text


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
