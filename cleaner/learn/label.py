"""Labels for every segment of a dirty text: how much of it is body, what kind it is, how much that is worth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cleaner.learn.align import align
from cleaner.learn.markup import kind_from_markup
from cleaner.learn.produce import Block
from cleaner.learn.sources import Gold
from cleaner.read.segment import View
from cleaner.types import Document, Span
from cleaner.write.normalise import MEND, run

REPEAT: Final = 0.25
"""Weight of a segment that says body again: whether it goes is for the finder of repeats to say, not for its words."""
CONFLICT: Final = 0.3
"""Weight of a segment that gold calls body and markup calls a caption, a byline or a sign-up box."""
DOUBT: Final = 0.1
"""Weight of what looks like a part of the article that the gold left out: see `doubts`."""
FOUND: Final = 0.8
"""Share of the gold's words that a page should show."""
POOR: Final = 0.3
"""Factor for pages that show less."""
LOOSE: Final = 0.5
"""Factor for sources whose gold keeps bylines and captions, or is another tool's output."""
UNKNOWN: Final = "unknown"
"""Kind of what is not body where nobody says more. `other` is said by somebody who read it."""
_LOOSE_SOURCES: Final = frozenset(
    ("cleaneval", "cleanportaleval", "daniel", "dragnet", "htmltotext", "ir-research", "readability")
)
_CONFLICTS: Final = frozenset(("byline", "caption", "consent", "newsletter", "social"))
_DOUBTED: Final = (8, 150)
"""Segments in a row, and words in them, that no furniture between two paragraphs has. Of 656 WCXB articles some fifteen
have gold that stops early or leaves out sections."""
_TITLE_WORDS: Final = 3
"""Least words of a part of a title ("Part | Paper") that is still a headline."""
_KEY: Final = re.compile(r"\w+")


class Segment(NamedTuple):
    """One labelled segment. Offsets count in the text of its record."""

    start: int
    end: int
    body: float
    """Share of its words that are body."""
    kind: str
    """`body`, or what it is instead: a kind, or `unknown`."""
    weight: float


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one text."""

    text: str
    segments: tuple[Segment, ...]
    parts: dict[int, tuple[Span, ...]] = field(default_factory=dict)
    """For segments of which only a part is body, by number: the spans that are."""
    missing: float = 0.0
    """Share of the gold words that are nowhere in the text in their place."""


def mend(text: str) -> str:
    """The text as a cleaner reads it; offsets count in this."""
    return run(MEND, text)[0]


def key(text: str) -> str:
    """What two texts have in common that say the same: their words, lower case."""
    return " ".join(_KEY.findall(text.lower()))


# --- by alignment with the gold ----------------------------------------------------------------------------------


def by_gold(text: str, gold: Gold, kinds: Mapping[str, str], doubted: frozenset[str] = frozenset()) -> Labels:
    """Labels from the gold body. `kinds` names what furniture is, by the key of its segment or line; `doubted` are keys
    of segments that the gold may have left out."""
    view = View(Document(mend(text)))
    found = align(view, [mend(line) for line in gold.body or ()])
    hints = _Hints(gold, kinds, doubted)
    factor = quality(gold)
    segments: list[Segment] = []
    parts: dict[int, tuple[Span, ...]] = {}
    for line in view.lines():
        line_key = key(view.low[line.start : line.end])
        for span in view.sentences(line):
            share = found.share(span)
            kind, weight = hints.read(key(view.low[span.start : span.end]), line_key, share.body, repeat=share.repeat)
            if share.parts:
                parts[len(segments)] = tuple(view.origin(*part) for part in share.parts)
            body = round(share.body or 0.0, 3)
            segments.append(Segment(*view.origin(*span), body, kind, round(weight * factor, 3)))
    return Labels(view.document.text, _with_wordless(segments), parts, 1 - found.found)


def quality(gold: Gold) -> float:
    """How far a document's gold can be trusted: 1, or less where it has furniture of its own or the page lacks it."""
    factor = LOOSE if gold.source in _LOOSE_SOURCES else 1.0
    return factor * (POOR if gold.found is not None and gold.found < FOUND else 1.0)


class _Hints:
    """What a document says of its own furniture, by keys."""

    def __init__(self, gold: Gold, kinds: Mapping[str, str], doubted: frozenset[str]) -> None:
        self.kinds, self.doubted = kinds, doubted
        self.titles = frozenset(_title_keys(gold.title))
        self.optional = frozenset(_keys(gold.optional))
        self.summary = frozenset(_keys(gold.summary))
        self.authors = tuple(filter(None, map(key, gold.authors)))

    def read(self, said: str, line: str, body: float | None, *, repeat: bool) -> tuple[str, float]:
        """The kind and weight of a segment, given its key and its line's."""
        if body is None or not said:
            return UNKNOWN, 0.0
        named = self.kinds.get(said) or self.kinds.get(line)
        if line in self.titles:
            return ("body" if body >= 0.5 else "headline"), 0.0
        if body >= 0.5:
            weight = 0.0 if said in self.optional or line in self.optional else 1.0
            return "body", CONFLICT * weight if named in _CONFLICTS else weight
        if said in self.summary or line in self.summary:
            return "standfirst", 1.0
        if repeat:
            return "repeat", REPEAT
        if named and named != "body":
            return named, 1.0
        if said in self.doubted:
            return UNKNOWN, DOUBT
        byline = len(line) < 120 and any(author in line for author in self.authors)
        return ("byline" if byline else UNKNOWN), 1.0


def doubts(labels: Labels) -> frozenset[str]:
    """Keys of what the gold may have left out, from the labels of a careful extractor's text: where that text goes on
    and on with segments that are no body, and nothing says what else they are, the gold stopped, not the article."""
    found: set[str] = set()
    row: list[str] = []
    for segment in (*labels.segments, None):
        if segment is not None and segment.body < 0.5 and segment.kind == UNKNOWN:
            row.append(key(labels.text[segment.start : segment.end]))
            continue
        if len(row) >= _DOUBTED[0] and sum(len(said.split()) for said in row) >= _DOUBTED[1]:
            found.update(row)
        row = []
    return frozenset(found)


def _title_keys(title: str | None) -> Iterator[str]:
    if title:
        yield key(title)
        for part in re.split(r"\s[|\-–—»«:·]+\s|\|", title):
            said = key(part)
            if len(said.split()) >= _TITLE_WORDS or (len(said) >= 6 and not said.isascii()):
                yield said


def _keys(texts: Iterable[str]) -> Iterator[str]:
    """Keys of lines and of their sentences."""
    for text in texts:
        yield key(text)
        view = View(Document(text))
        for span in view.segments():
            yield key(view.low[span.start : span.end])


def _with_wordless(segments: list[Segment]) -> tuple[Segment, ...]:
    """Segments without words ("* * *") take the label of the one before, at no weight."""
    out: list[Segment] = []
    for segment in segments:
        if segment.weight == 0 and segment.kind == UNKNOWN and out:
            segment = segment._replace(body=float(out[-1].body >= 0.5), kind=out[-1].kind)
        out.append(segment)
    return tuple(out)


# --- by what somebody said of spans of the text ------------------------------------------------------------------


def by_spans(text: str, spans: Sequence[tuple[Span, str]], weight: float = 1.0) -> Labels:
    """Labels from spans of the text with their kinds, in order; `body` is one of them, `mixed` weighs nothing.

    A segment that reaches over several spans has their shares of its characters, and the kind of the largest."""
    view = View(Document(text))
    segments: list[Segment] = []
    parts: dict[int, tuple[Span, ...]] = {}
    first = 0
    for found in view.segments():
        start, end = view.origin(*found)
        while first < len(spans) and spans[first][0].end <= start:
            first += 1
        sizes: dict[str, int] = {}
        pieces = []
        for span, kind in spans[first:]:
            if span.start >= end:
                break
            piece = Span(max(start, span.start), min(end, span.end))
            sizes[kind] = sizes.get(kind, 0) + piece.end - piece.start
            pieces += [piece] if kind == "body" else []
        body = sizes.get("body", 0) / max(1, sum(sizes.values()))
        others = sorted((name for name in sizes if name != "body"), key=lambda name: -sizes[name])
        kind = "body" if body >= 0.5 else (others or [UNKNOWN])[0]
        if 0 < body < 1:
            parts[len(segments)] = tuple(pieces)
        worth = 0.0 if kind == "mixed" or not key(text[start:end]) else weight
        segments.append(Segment(start, end, round(body, 3), UNKNOWN if kind == "mixed" else kind, worth))
    return Labels(text, tuple(segments), parts)


def joined(pieces: Iterable[tuple[str, str, str]]) -> tuple[str, list[tuple[Span, str]]]:
    """A text made of (joint, text, kind), each text mended, and where they stand in it."""
    out: list[str] = []
    spans: list[tuple[Span, str]] = []
    at = 0
    for number, (joint, text, kind) in enumerate(pieces):
        joint, text = joint if number else "", mend(text)
        spans.append((Span(at + len(joint), at + len(joint) + len(text)), kind))
        at = spans[-1][0].end
        out += (joint, text)
    return "".join(out), spans


# --- by snippets -------------------------------------------------------------------------------------------------


def by_snippets(text: str, gold: Gold, kinds: Mapping[str, str]) -> Labels:
    """Labels where the gold is snippets: a segment that has a required one is body, one in a line that has a
    forbidden one is not; the rest weighs nothing."""
    view = View(Document(mend(text)))
    required = [said for said in map(key, gold.required) if len(said) > 10]
    forbidden = [said for said in map(key, gold.forbidden) if said]
    segments = []
    for line in view.lines():
        line_key = key(view.low[line.start : line.end])
        for span in view.sentences(line):
            said = key(view.low[span.start : span.end])
            body = any(item in said or (len(said) > 20 and said in item) for item in required)
            # A short forbidden snippet inside a paragraph is a word of the author's.
            bad = not body and any(item in said and len(item) > 0.4 * len(said) for item in forbidden)
            kind = "body" if body else kinds.get(said) or kinds.get(line_key) or UNKNOWN
            weight = float(body or bad)
            segments.append(Segment(*view.origin(*span), float(body), kind, weight))
    return Labels(view.document.text, tuple(segments))


# --- kinds -------------------------------------------------------------------------------------------------------


def kinds_of_blocks(page: Iterable[Block]) -> dict[str, str]:
    """What markup says each block and each of its sentences is, by key. The first block that says it counts."""
    return kinds_of_texts((block.text, kind) for block in page if (kind := kind_from_markup(block)))


def kinds_of_texts(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Kinds by key, for whole texts and for their sentences."""
    kinds: dict[str, str] = {}
    for text, kind in named:
        for said in _keys((text,)):
            if said:
                kinds.setdefault(said, kind)
    return kinds
