"""One rule, ready to be asked of a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cleaner.judge import phrase
from cleaner.judge.block import BlockMatcher
from cleaner.judge.engine import Compiled, PatternError, unless
from cleaner.judge.units import Units
from cleaner.types import Reach, Reading, Rule, RuleError, Span

_REACH: Final = 512
"""How far from its literal an inline cut may reach, in characters."""


def has_any(low: str, texts: tuple[str, ...]) -> bool:
    """Whether one of the texts stands in it, or there are none."""
    for text in texts:  # a plain loop: a generator costs as much as the search
        if text in low:
            return True
    return not texts


class Matcher:
    """One rule, compiled."""

    __slots__ = ("alone", "also", "block", "ends", "pattern", "phrases", "rule", "width")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.block = self.phrases = self.pattern = None
        reach = rule.reach or Reach()
        self.alone = rule.scope == "segment"
        """Whether a line of one sentence needs no look at its literals."""
        self.also, self.ends = reach.also, reach.tied
        self.width = reach.width[0], min(reach.width[1], rule.longest)
        try:
            if rule.between:
                self.block = BlockMatcher(rule)
            elif rule.phrases:
                self.phrases = phrase.Phrases(rule.phrases, rule.fuzzy)
            elif rule.match is not None:
                self.pattern = Compiled(rule.match, linted=rule.linted)
            if rule.unless is not None and not rule.linted:
                unless(rule.unless, linted=False)  # what is no regex is told now
        except PatternError as error:
            where = f"{rule.file}:{rule.line}"
            raise RuleError(
                f"{where}: rule {rule.id!r}: not a regex: {error}; see the regex package's syntax"
            ) from error

    def find(self, units: Units, offsets: list[int]) -> Iterable[Span]:
        """Spans of the line that the rule matches, in view offsets; `offsets` are where its literals stand."""
        if self.block:
            return self.block.find(units.reading, units.line, units.with_any(offsets))
        if self.rule.scope == "inline":
            return self._inline(units, offsets)
        return self._segments(units, offsets)

    def _segments(self, units: Units, offsets: list[int]) -> list[Span]:
        # A pattern tied to one end only would take its neighbours along if it saw runs of sentences.
        whole = self.phrases or self.ends == (True, True)
        tried = units.with_any(offsets)
        if whole and len(units.singles) > 1:
            tried += units.runs_with_any(offsets, self.width[1])
        low, also = units.reading.low, self.also
        return [
            unit
            for unit in tried
            if (not also or has_any(low[unit.start : unit.end], also)) and self.takes(units.reading, unit)
        ]

    def takes(self, reading: Reading, unit: Span) -> bool:
        """Whether a segment rule takes the unit."""
        start, end = unit
        if not self.width[0] <= end - start <= self.width[1]:
            return False
        rule = self.rule
        text = (reading.cased if rule.case else reading.low)[start:end]
        if self.phrases:
            taken = self.phrases.whole(reading.cased[start:end], text)
        else:
            taken = self.pattern is not None and self.pattern.search(text) is not None
        return taken and (rule.unless is None or unless(rule.unless, linted=rule.linted).search(text) is None)

    def _inline(self, units: Units, offsets: list[int]) -> list[Span]:
        assert self.pattern is not None
        text = units.reading.cased if self.rule.case else units.reading.low
        found: dict[Span, None] = {}
        line = text[units.line.start : units.line.end]
        for window in self._around(units, offsets):
            first, last = window.start - units.line.start, window.end - units.line.start
            for start, end in self.pattern.spans(line, first, last):
                # What touches the end of a window cut from a longer line may have been cut itself.
                if start < end and (end < last or last == len(line)):
                    found[Span(units.line.start + start, units.line.start + end)] = None
        return list(found)

    def _around(self, units: Units, offsets: list[int]) -> list[Span]:
        """Windows around the literals, joined where they overlap: a line without end costs no more than its length."""
        windows: list[Span] = []
        for offset in offsets:
            start = max(units.line.start, offset - _REACH)
            end = min(units.line.end, offset + _REACH)
            if windows and start <= windows[-1].end:
                windows[-1] = Span(windows[-1].start, end)
            else:
                windows.append(Span(start, end))
        return windows
