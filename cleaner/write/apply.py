"""Decisions to text: the one place where characters go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from cleaner.types import Decision, Span


def apply(text: str, decisions: Iterable[Decision]) -> str:
    """The text without the spans that the decisions strip. Decisions are in order and do not overlap."""
    return "".join(text[start:end] for start, end in kept(len(text), decisions))


def kept(size: int, decisions: Iterable[Decision]) -> Iterator[Span]:
    """The spans of a text of this size that stay, in order; some may be empty."""
    at = 0
    for decision in decisions:
        if decision.action == "strip":
            yield Span(at, decision.start)
            at = decision.end
    yield Span(at, size)


def parted(spans: Iterable[Span], bounds: Iterable[int]) -> Iterator[tuple[Span, ...]]:
    """What of the spans stands between each bound and the next. Both ascend; one pass over both."""
    rest = iter(spans)
    span = next(rest, None)
    for start, end in pairwise(bounds):
        inside = []
        while span is not None and span.start < end:
            part = Span(max(span.start, start), min(span.end, end))
            if part.start < part.end:
                inside.append(part)
            if span.end > end:
                break
            span = next(rest, None)
        yield tuple(inside)
