"""Decisions to text: the one place where characters go."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.types import Decision


def apply(text: str, decisions: Iterable[Decision]) -> str:
    """The text without the spans that the decisions strip. Decisions are in order and do not overlap."""
    kept, at = [], 0
    for decision in decisions:
        if decision.action == "strip":
            kept.append(text[at : decision.start])
            at = decision.end
    kept.append(text[at:])
    return "".join(kept)
