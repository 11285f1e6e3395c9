"""Block rules: runs of segments between a first and a last one, which never swallow the article.

A block goes on only while each sentence belongs to it: it says an `inside` phrase, or shows a cue. So a missing last
sentence ends the block where the article begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from cleaner.judge.engine import Compiled
from cleaner.judge.phrase import Phrases, Word, key, may_be_phrase, words
from cleaner.text import TERMINAL
from cleaner.types import Reading, Rule, Span

# "or pro… [+3421 chars]": how news APIs cut a text off.
_CUT_MARK: Final = re.compile(
    r"\s*(?:…|\.\.\.)\s*$|\s*(?:\.\.\.|…)?\s*\[\+?\s*\d*\s*chars\]\s*$|\s*\[(?:…|\.\.\.)\]\s*$"
)
_LEAST_WORDS: Final = 4
"""Words of a cut-off heading that is known without anything behind it."""
_SURE_WORDS: Final = 5
"""Words of a heading that is cut off although the article follows it on the same line without a mark."""
_RUNAWAY: Final = 2000
"""A sentence longer than this is nobody's template text; cues do not read further."""


class BlockMatcher:
    """The `between` of one rule, ready to find blocks."""

    __slots__ = ("cues", "first", "heading", "inside", "last", "longest", "opens")

    def __init__(self, rule: Rule) -> None:
        between = rule.between
        if between is None:
            raise ValueError(f"{rule.id} is not a block rule")
        self.first = Phrases(between.first, rule.fuzzy)
        self.heading = Phrases(between.first, 0.0)  # a cut-off heading alone must be word for word
        self.inside = Phrases(between.inside, rule.fuzzy)
        self.last = Phrases(between.last, rule.fuzzy)
        self.cues = Compiled(between.cues, linted=rule.linted) if between.cues else None
        self.longest = rule.longest
        self.opens = Phrases((*between.first, *between.inside, *between.last), rule.fuzzy)

    def find(self, reading: Reading, line: Span, sentences: Iterable[Span]) -> Iterator[Span]:
        """The blocks that begin in these sentences of the line, in view offsets, ascending."""
        done = line.start
        for sentence in sentences:
            if sentence.start < done:
                continue
            block = self._from(reading, line, sentence)
            if block:
                done = block.end
                yield block

    def _from(self, reading: Reading, line: Span, sentence: Span) -> Span | None:
        """The block that begins in this sentence: at its start, or at a heading that lost the break before it."""
        if sentence.end - sentence.start > _RUNAWAY + self.longest:
            return None
        text, low = _both(reading, sentence)
        if self.first.whole(text, low):
            return self._walk(reading, line, sentence.start, sentence)
        said, about = words(text), not may_be_phrase(low)
        if not about and (size := self.first.head(said)):
            return self._split(reading, line, sentence, said, 0, size)
        alone = _at_end(reading, sentence) or sentence == _solid(reading, line)
        if alone and not about and may_be_cut(text) and self.heading.begins(_without_cut(text), _LEAST_WORDS):
            return sentence
        for number, word in enumerate(said):
            quoted = text[word.start - 1] in "\"'("
            # Behind a list number alone, too, it is somebody's text about a heading.
            if number > about and text[word.start].isupper() and not quoted and (size := self.first.at(said, number)):
                found = self._split(reading, line, sentence, said, number, size)
                # In the middle of a sentence the heading alone proves nothing: something must follow that belongs.
                if found and found.end > sentence.start + said[number + size - 1].end + 1:
                    return found
        return None

    def _split(
        self, reading: Reading, line: Span, sentence: Span, said: list[Word], number: int, size: int
    ) -> Span | None:
        """The block whose heading is `size` words from word `number` on, with the sentence's rest glued behind it."""
        start = sentence.start + said[number].start
        end = _with_mark(reading.cased, sentence.start + said[number + size - 1].end, sentence.end)
        rest = _lstrip(reading.cased, Span(end, sentence.end))
        if rest.start < rest.end and not self._belongs(reading, rest) and not self._ends(reading, rest):
            bare = end == sentence.start + said[number + size - 1].end
            glued = reading.cased[end - 1] in TERMINAL or (
                bare and size >= _SURE_WORDS and reading.cased[rest.start].isupper()
            )
            return Span(start, end) if number == 0 and glued else None
        return self._walk(reading, line, start, Span(start, end), rest if rest.start < rest.end else None)

    def _walk(self, reading: Reading, line: Span, start: int, heading: Span, rest: Span | None = None) -> Span:
        """Goes on from the heading as long as sentences belong."""
        end = heading.end
        stranger: Span | None = None
        shares = False  # whether the stranger stands in the line of the one before it
        here: Span | None = line
        units = [rest] if rest else []
        units += [s for s in reading.sentences(line) if s.start >= (rest or heading).end]
        while here is not None:
            for unit in units:
                if unit.end - start > self.longest:
                    return Span(start, end)
                close = self._ends(reading, unit)
                if not close and not self._belongs(reading, unit):
                    if stranger:
                        return Span(start, end)
                    stranger, shares = unit, end >= here.start
                    continue
                # One stranger is forgiven between two that belong, if it shares its line with either.
                if stranger and not shares and stranger.start < here.start:
                    return Span(start, end)
                if close:
                    return Span(start, close)
                end, stranger = unit.end, None
            if stranger and not shares:
                return Span(start, end)
            here = reading.next_line(here)
            units = list(reading.sentences(here)) if here else []
        return Span(start, end)

    def _ends(self, reading: Reading, unit: Span) -> int:
        """Where the block ends if this sentence closes it, else 0."""
        text, low = _both(reading, unit)
        if not self.last or len(text) > _RUNAWAY:
            return 0
        if self.last.whole(text, low):
            return unit.end
        said = words(text)
        size = self.last.head(said)
        return _with_mark(reading.cased, unit.start + said[size - 1].end, unit.end) if size else 0

    def _belongs(self, reading: Reading, unit: Span) -> bool:
        text, low = _both(reading, unit)
        if len(text) > _RUNAWAY:
            return False
        if self.inside.whole(text, low) or self.first.whole(text, low):
            return True
        if self.cues is not None and self.cues.search(low):
            return True
        if not may_be_cut(text):
            return False
        if not key(low):
            return True  # the mark of the cut alone
        return self.opens.begins(_without_cut(text), 1)


def may_be_cut(text: str) -> bool:
    """Whether the text may have been cut off: it ends without an end mark, or with the mark of a cut."""
    return text[-1] not in TERMINAL or _CUT_MARK.search(text) is not None


def _both(reading: Reading, span: Span) -> tuple[str, str]:
    return reading.cased[span.start : span.end], reading.low[span.start : span.end]


def _solid(reading: Reading, line: Span) -> Span:
    start = _lstrip(reading.cased, line).start
    return Span(start, line.start + len(reading.cased[line.start : line.end].rstrip()))


def _without_cut(text: str) -> list[Word]:
    return words(_CUT_MARK.sub("", text))


def _at_end(reading: Reading, unit: Span) -> bool:
    """Whether nothing but the mark of a cut-off text follows."""
    rest = reading.cased[unit.end : unit.end + 40].strip()
    return not rest or (len(rest) < 40 and not _CUT_MARK.sub("", rest))


def _with_mark(text: str, at: int, end: int) -> int:
    """The end moved behind the punctuation that follows."""
    while at < end and not text[at].isalnum() and not text[at].isspace() and text[at] not in "\"'([“‘":
        at += 1
    return at


def _lstrip(text: str, span: Span) -> Span:
    start = span.start
    while start < span.end and text[start].isspace():
        start += 1
    return Span(start, span.end)
