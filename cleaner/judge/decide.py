"""Evidence to decisions. All precedence of the house stands here.

A keep rule beats everything. Among what strips, the more certain finder is asked first: blocks, segments, inline cuts
(rules, in the order of the evidence), then repeats and headlines, then scores. What an earlier one took, a later one
cannot take again.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import Final

from cleaner.text import seams
from cleaner.types import KINDS, LEVELS, NO_ARTICLE, Decision, Evidence, Kind, Level, Span

KEPT_KINDS: Final[frozenset[Kind]] = frozenset({"standfirst"})
"""Not body, and yet kept unless asked: the editor's summary is text of the article."""

_RANK: Final = {level: rank for rank, level in enumerate(LEVELS)}
_WORD: Final = re.compile(r"\w")
_SPACE: Final = " \t\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}"
_BREAKS: Final = "\n\r\v\f\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"


def stripped_kinds(keep: Iterable[Kind] = (), strip: Iterable[Kind] = ()) -> frozenset[Kind]:
    """The kinds that go: all but the kept ones, plus `strip`, minus `keep`."""
    return (frozenset(KINDS) - KEPT_KINDS | frozenset(strip)) - frozenset(keep)


def counts(evidence: Evidence, level: Level) -> bool:
    """Whether evidence speaks at this level."""
    return _RANK[evidence.level] <= _RANK[level]


def decide(text: str, evidence: Iterable[Evidence], level: Level, kinds: frozenset[Kind]) -> tuple[Decision, ...]:
    """Decisions for the document's text, in order, without overlap.

    Evidence comes in order of certainty. A kind outside `kinds` is decided too, as kept."""
    taken = _Taken()
    decisions: list[Decision] = []
    spoken = [item for item in evidence if item.action != "hint" and counts(item, level)]
    spoken = _not_emptied(text, spoken, kinds)
    for item in _in_turn(text, spoken, kinds):
        keeps = item.action == "keep" or item.kind not in kinds
        for start, end in taken.claim(item.start, item.end):
            start, end = _solid(text, start, end)
            if start < end:
                action = "keep" if keeps else "strip"
                decisions.append(Decision(start, end, action, item.kind, item.by, item.chance))  # type: ignore[arg-type]
    decisions.sort()
    return tuple(_with_gaps(text, decisions))


def _not_emptied(text: str, spoken: list[Evidence], kinds: frozenset[Kind]) -> list[Evidence]:
    """Without the scores if they would leave no word: a score alone never empties an article. That a page has none is
    another finder's word."""
    gone = merged((item.start, item.end) for item in spoken if item.action == "strip" and item.kind in kinds)
    ends = (0, *(span.end for span in gone))
    starts = (*(span.start for span in gone), len(text))
    if any(_WORD.search(text, end, start) for end, start in zip(ends, starts, strict=True)):
        return spoken
    return [item for item in spoken if item.chance is None or item.action == "keep" or item.by == NO_ARTICLE]


def _in_turn(text: str, spoken: list[Evidence], kinds: frozenset[Kind]) -> Iterator[Evidence]:
    """Keeps first, then the rest as it came; what needs its whole line to go is asked once the line's rest is known."""
    yield from (item for item in spoken if item.action == "keep")
    lines: dict[Span, list[Evidence]] = {}
    for item in spoken:
        if item.line is not None:
            lines.setdefault(item.line, []).append(item)
    whole: set[Span] = set()
    if lines:
        kept = merged((item.start, item.end) for item in spoken if item.action == "keep" or item.kind not in kinds)
        gone = merged((item.start, item.end) for item in spoken if item.action == "strip" and item.kind in kinds)
        whole = {line for line in lines if not _within(kept, line) and not _stays(text, line, _within(gone, line))}
    for item in spoken:
        if item.action == "strip" and (item.line is None or item.line in whole):
            yield item


def merged(spans: Iterable[tuple[int, int]]) -> list[Span]:
    """The spans, joined where they overlap or touch, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if not joined or start > joined[-1].end:
            joined.append(Span(start, end))
        elif end > joined[-1].end:
            joined[-1] = Span(joined[-1].start, end)
    return joined


def _within(spans: list[Span], line: Span) -> list[Span]:
    """Those of the disjoint spans that reach into the line."""
    first = max(0, bisect_left(spans, (line.start, line.start)) - 1)
    return [span for span in spans[first : bisect_left(spans, (line.end, line.end))] if span.end > line.start]


def _stays(text: str, line: Span, gone: list[Span]) -> bool:
    """Whether something of the line is not among what goes."""
    at = line.start
    for span in gone:
        if text[at : max(at, span.start)].strip():
            return True
        at = max(at, span.end)
    return bool(text[at : line.end].strip())


def cuts(text: str, decisions: Iterable[Decision]) -> tuple[list[int], list[int]]:
    """Where lines lose a part and keep another, as offsets of what is left: within a sentence or between two, and at
    glued seams."""
    inside: list[tuple[int, int]] = []  # where a removal begins or ends within a line, and where that lies afterwards
    gone = 0
    for start, end in merged(Span(item.start, item.end) for item in decisions if item.action == "strip"):
        first = _line_start(text, start, 0)
        inside += [] if _at_break(text, first) else [(first, start - gone)]
        inside += [] if end == len(text) or text[end] in _BREAKS or _at_break(text, end) else [(end, start - gone)]
        gone += end - start
    glued = set(seams(text)) if inside else set()
    return [left for place, left in inside if place not in glued], [left for place, left in inside if place in glued]


def restore(decisions: Iterable[Decision], evidence: Iterable[Evidence]) -> list[Evidence]:
    """Evidence about what the decisions leave, with the offsets of the whole text."""
    ends, gone, total = [0], [0], 0  # in what is left: where a cut lies, and how much went up to there
    for item in decisions:
        if item.action == "strip":
            ends.append(item.start - total)
            total += item.end - item.start
            gone.append(total)

    def span(start: int, end: int) -> Span:
        return Span(start + gone[bisect_right(ends, start) - 1], end + gone[bisect_left(ends, end) - 1])

    return [
        item._replace(start=whole.start, end=whole.end, line=item.line and span(*item.line))
        for item in evidence
        for whole in [span(item.start, item.end)]
    ]


def _at_break(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] in _BREAKS


class _Taken:
    """Spans already decided, disjoint and sorted."""

    def __init__(self) -> None:
        self._spans: list[Span] = []

    def claim(self, start: int, end: int) -> list[Span]:
        """The parts of the span that were free; they are taken from now on."""
        free: list[Span] = []
        index, at = bisect_left(self._spans, (start, start)), start
        if index and self._spans[index - 1].end > start:
            index -= 1
        while index < len(self._spans) and self._spans[index].start < end:
            span = self._spans[index]
            if span.start > at:
                free.append(Span(at, span.start))
            at = max(at, span.end)
            index += 1
        if at < end:
            free.append(Span(at, end))
        for span in free:
            insort(self._spans, span)
        return free


def _solid(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    if start < end and not text[start].isspace() and not text[end - 1].isspace():  # most
        return Span(start, end)
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Span(start, max(start, start + len(piece.strip())))


def _with_gaps(text: str, decisions: list[Decision]) -> Iterable[Decision]:
    """Gives each removal the white space that would be left over: all of it up to a removal that follows directly, the
    spaces behind the last, and the line end where nothing of the line stays, so that no blank line stands where none
    stood."""
    run_start, run_end = -1, -1
    for number, item in enumerate(decisions):
        if item.action != "strip":
            yield item
            continue
        start, end = item.start, item.end
        if start != run_end:
            run_start = start = _line_start(text, start, max(run_end, 0))
        after = decisions[number + 1] if number + 1 < len(decisions) else None
        ahead = after.start if after else len(text)
        if after and after.action == "strip" and not text[end:ahead].strip():
            end = ahead
        else:
            end = _last_gap(text, run_start, end, ahead)
        run_end = end
        yield item._replace(start=start, end=end)


def _last_gap(text: str, run_start: int, end: int, ahead: int) -> int:
    """Where a run of removals ends that stops at `end`, if the next decision begins at `ahead`."""
    begins_line = run_start == 0 or text[run_start - 1] in _BREAKS
    # The spaces behind it go along, unless they are all that parts what stays before from what stays behind.
    if begins_line or text[run_start - 1].isspace():
        end = _skip(text, end, ahead, _SPACE)
    if begins_line and end < ahead and text[end] in _BREAKS:
        end += 2 if text[end : end + 2] == "\r\n" else 1
    return end


def _skip(text: str, at: int, end: int, chars: str) -> int:
    while at < end and text[at] in chars:
        at += 1
    return at


def _line_start(text: str, at: int, least: int) -> int:
    """Where the line begins if only spaces stand between, else the offset itself."""
    start = at
    while start > least and text[start - 1] in _SPACE:
        start -= 1
    return start if start == 0 or text[start - 1] in _BREAKS else at
