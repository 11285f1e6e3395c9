"""Whether what was left of cut lines must be looked at again: what stood beside a cut may now stand alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cleaner.judge.repeat import PARAGRAPH

_HEAD: Final = 50
"""Lines from the top within which a cut line may be part of a headline, a standfirst or the block below them."""


def may_go_on(text: str, places: list[int], takes: Callable[[str], bool]) -> bool:
    """Whether what was left of lines cut at these places may change anything: one stands near the head, where a
    headline is looked for, or is long and stands twice, or rules take something of those lines now (`takes`)."""
    if text.count("\n", 0, places[0]) < _HEAD:
        return True
    starts, end = [], 0
    for place in places:
        if place >= end:
            starts.append(text.rfind("\n", end, place) + 1 or end)
            end = _line_end(text, place)
    lines = [text[start : _line_end(text, start)] for start in starts]
    if any(
        len(line) >= PARAGRAPH and text.find(line.strip(), start + len(line)) >= 0
        for start, line in zip(starts, lines, strict=True)
    ):
        return True
    return takes("\n".join(lines))


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
