"""Pages whose segments have chances that a test gives."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from cleaner.judge.scored import Scored, scored
from cleaner.read.page import read_page
from cleaner.read.segment import View


def scored_page(
    html: str, chance: float, *, gone: Collection[int] = (), but: Mapping[str, float] | None = None
) -> Scored:
    """A page where each segment has this chance, `but` those that begin so; `gone` are numbers."""
    view = View(read_page(html if "<body" in html else f"<html><body>{html}</body></html>"))
    spans, _ = view.all_segments()
    chances = []
    for start, end in spans:
        other = [value for text, value in (but or {}).items() if view.cased[start:end].startswith(text)]
        chances.append(other[0] if other else chance)
    return scored(view, spans, chances, [number in gone for number in range(len(spans))])


def said(page: Scored, numbers: Iterable[int]) -> list[str]:
    """The text of these segments, in order."""
    return [page.reading.cased[slice(*page.spans[number])] for number in sorted(numbers)]
