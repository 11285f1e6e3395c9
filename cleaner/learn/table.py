"""The table that says how good the labels are: what a text scores as it comes, what choosing segments could reach."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final, NamedTuple

from cleaner.learn.label import Labels

_TOKEN: Final = re.compile(r"\w+")


class Scores(NamedTuple):
    """Precision, recall and F1 of words."""

    precision: float
    recall: float
    f1: float


def word_scores(text: str, reference: str) -> Scores:
    """Word scores as WCXB computes them: bags of lower-case words, overlap by the smaller count."""
    return _scores(bag(text), bag(reference))


def bag(text: str) -> Counter[str]:
    """How often a text says each of its words, in lower case."""
    return Counter(_TOKEN.findall(text.lower()))


def _scores(said: Counter[str], wanted: Counter[str]) -> Scores:
    if not said or not wanted:
        return Scores(1.0, 1.0, 1.0) if not said and not wanted else Scores(0.0, 0.0, 0.0)
    overlap = (said & wanted).total()
    precision, recall = overlap / said.total(), overlap / wanted.total()
    return Scores(precision, recall, 2 * precision * recall / (precision + recall) if overlap else 0.0)


@dataclass(slots=True)
class Tally:
    """Sums over documents. All but the counts are sums of shares; divide by `judged`."""

    documents: int = 0
    segments: int = 0
    empty: int = 0
    """Documents from which the producer gave nothing."""
    body: float = 0.0
    """Segments that are body."""
    judged: int = 0
    """Documents whose whole body is known."""
    f1: float = 0.0
    oracle: float = 0.0
    missing: float = 0.0
    """Gold words that are not in the text at all."""
    astray: float = 0.0
    """Gold words that are in the text's bag, but not where the body is: found by no alignment."""
    cut: float = 0.0
    """Gold words inside segments that are mostly something else."""
    extra: float = 0.0
    """Other words inside segments that are mostly body, as a share of the gold's."""

    def add(self, other: Tally) -> None:
        """Adds another tally's sums."""
        for name in (item.name for item in fields(self)):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def tally(labels: Labels, reference: str | None) -> Tally:
    """What one labelled text adds. `reference` is the gold body, or None where only parts of it are known."""
    out = Tally(documents=1, segments=len(labels.segments), empty=not labels.segments)
    out.body = float(sum(segment.body >= 0.5 for segment in labels.segments))
    if not reference:
        return out
    text, wanted = labels.text, bag(reference)
    kept = Counter[str]()
    cut = extra = 0.0
    for segment in labels.segments:
        words = bag(text[segment.start : segment.end])
        if segment.body >= 0.5:
            kept += words
            extra += (1 - segment.body) * words.total()
        else:
            cut += segment.body * words.total()
    whole = bag(text)
    size = wanted.total() or 1
    out.judged = 1
    out.f1, out.oracle = _scores(whole, wanted).f1, _scores(kept, wanted).f1
    out.missing = (wanted - whole).total() / size
    out.astray = max(0.0, labels.missing - out.missing)
    out.cut, out.extra = cut / size, extra / size
    return out


HEAD: Final = (
    "source", "producer", "docs", "empty", "segments", "body", "F1", "oracle", "missing", "astray", "cut", "extra",
)  # fmt: skip
_MEANING: Final = """
body: share of segments that are body. F1: word F1 of the text as it comes, mean over documents; oracle: the same of the
segments that are at least half body. What the oracle cannot reach, as shares of the gold's words: missing, not in the
text; astray, in the text but in no run of the body (no alignment found them, or they stand elsewhere by chance); cut,
inside segments that are mostly something else; extra, other words inside segments that are mostly body."""


def render(tallies: Iterable[tuple[str, str, Tally]]) -> str:
    """The table as text, and below it what its columns mean."""
    rows = [HEAD, *(_row(*item) for item in tallies)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        left = [cell.ljust(width) for cell, width in zip(row[:2], widths, strict=False)]
        right = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        lines.append("  ".join([*left, *right]))
    return "\n".join(lines) + "\n" + _MEANING


def _row(source: str, producer: str, sums: Tally) -> tuple[str, ...]:
    n = sums.judged
    means = (sums.f1, sums.oracle, sums.missing, sums.astray, sums.cut, sums.extra)
    body = f"{sums.body / sums.segments:.3f}" if sums.segments else "-"
    counts = (str(sums.documents), str(sums.empty), str(sums.segments))
    return source, producer, *counts, body, *(f"{mean / n:.3f}" if n else "-" for mean in means)
