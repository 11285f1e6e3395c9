"""What says again what was said, and the headline above the body.

Three finders by position, all on what the rules left: the headline above the first paragraph, a standfirst that the
body repeats, a long paragraph that stands twice. Which lines are taken is decided on the text as it will be, so that
cleaning the result finds nothing new.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise
from typing import Final

from cleaner.judge.decide import merged
from cleaner.judge.phrase import key
from cleaner.tags import INLINE
from cleaner.text import CLOSERS, TERMINAL, fold, is_code, lower
from cleaner.types import Evidence, Page, Reading, Span

_HEAD_LINES: Final = 6
"""Lines left at the top among which a headline or standfirst is looked for."""
_ROUNDS: Final = 8
"""How often what is left at the top is looked at again; two are nearly always enough."""
_TITLE_LINES: Final = 3
"""Lines left at the top among which the document's title is looked for."""
_STANDFIRST: Final = 40
"""Least characters of a sentence whose second copy is no accident."""
PARAGRAPH: Final = 80
"""Least characters of a line whose second copy goes wherever it stands: refrains and table rows are shorter."""
_PARAGRAPH_WORDS: Final = 8
_HEADLINE: Final = (12, 160)
"""Characters of a headline. Of the titles of 4,127 real pages 97 % lie in this range."""
_HEADLINE_WORDS: Final = (3, 28)
_BODY: Final = 60
"""Least characters of the line below a headline."""
_ENDERS: Final = frozenset(TERMINAL + CLOSERS)
_START: Final = re.compile(r"(?<=[\sa-z])[^\W\d_a-z]")
_LIST: Final = re.compile(r"(?:[-*•·|#>+=]|\d{1,3}[.)]\s|[^\W\d_][.)]\s)")


def find(reading: Reading, taken: Iterable[Span]) -> list[Evidence]:
    """Headline and repeats, in view offsets; `taken` are the view spans that rules strip."""
    evidence = list(_headings(reading))
    left = _Left(reading, [*taken, *(Span(item.start, item.end) for item in evidence)])
    sure = (_glued_headline, _standfirst, _titled)
    evidence += _asked(left, sure, [], _ROUNDS)
    more = _asked(left, (_repeated_paragraphs, _headline), evidence, 1)  # these do not count at every level
    if more:
        more += _asked(left, (*sure, _headline), evidence + more, _ROUNDS)
    return evidence + more


def _asked(left: _Left, finders: Iterable[Finder], before: list[Evidence], rounds: int) -> list[Evidence]:
    """What the finders say once all before is gone; asked again, as what stood below a headline may then be one."""
    evidence: list[Evidence] = []
    for _ in range(rounds):
        known = len(evidence)
        for finder in finders:
            gone = [*before, *evidence]
            rest = left.without(Span(item.start, item.end) for item in gone)
            evidence += _no_milder(gone, finder(left.reading, rest))
        if len(evidence) == known:
            break
    return evidence


def _no_milder(before: list[Evidence], found: Iterable[Evidence]) -> list[Evidence]:
    """What was found once all before was gone: it counts where that does."""
    items, late = [], any(item.level == "normal" for item in before)
    for item in found:
        late = late or item.level == "normal"
        items.append(item._replace(level="normal") if late else item)
    return items


Finder = Callable[[Reading, "_Left"], Iterator[Evidence]]


class _Left:
    """What is left of a document: asks whether a span was taken, lists the lines that were not."""

    def __init__(self, reading: Reading, taken: Iterable[Span]) -> None:
        self.reading = reading
        self.taken = merged(taken)
        self._starts = [span.start for span in self.taken]

    def without(self, gone: Iterable[Span]) -> _Left:
        """What is left when these go too."""
        return _Left(self.reading, [*self.taken, *gone])

    def has(self, span: Span) -> bool:
        """Whether the span, or any part of it, is still there."""
        at, index = span.start, max(0, bisect_right(self._starts, span.start) - 1)
        while index < len(self.taken) and self.taken[index].start <= at < span.end:
            at = max(at, self.taken[index].end)
            while at < span.end and self.reading.cased[at].isspace():
                at += 1
            index += 1
        return at < span.end

    def lines(self) -> Iterator[Span]:
        """Lines of which something is left, without the spaces around them."""
        line = self.reading.next_line(Span(0, 0))
        while line is not None:
            solid = Span(line.start, line.start + len(self.reading.cased[line.start : line.end].rstrip()))
            if self.has(solid):
                yield solid
            line = self.reading.next_line(line)

    def head(self) -> list[Span]:
        """The first of them."""
        return [line for line, _ in zip(self.lines(), range(_HEAD_LINES), strict=False)]


def _headings(reading: Reading) -> Iterator[Evidence]:
    """On a page, an `h1` that says the title or a part of it, wherever it stands: a menu may be above it."""
    page, title = reading.document.page, _title(reading)
    if page is None or not title:
        return
    within = page.within(frozenset(("h1",)))
    headings = [block for block in page.blocks if block.element in within and _in_h1(page, block.element)]
    texts = {reading.document.text[block.start : block.end] for block in headings}
    for text in sorted(texts):
        said = lower(fold(text))
        if not _is_part(key(said), title):
            continue
        at = reading.low.find(said)
        while at >= 0:
            line = reading.line_at(at)
            if reading.low[line.start : line.end].strip() == said:
                yield Evidence(at, at + len(said), "strip", "headline", "headline")
            at = reading.low.find(said, max(line.end, at + 1))


def _in_h1(page: Page, number: int) -> bool:
    """Whether the innermost box around an element is an `h1`."""
    return next((element.tag for element in page.around(number) if element.tag not in INLINE), None) == "h1"


def _is_part(said: str, title: str) -> bool:
    """Whether one says the other, or most of it: sites add their names, and shorten."""
    one, other = sorted((said, title), key=len)
    return one == other or (f" {one} " in f" {other} " and len(one.split()) >= _HEADLINE_WORDS[0])


def _titled(reading: Reading, left: _Left) -> Iterator[Evidence]:
    """A line at the top that is the document's title, as often as it stands there."""
    title = _title(reading)
    lines, head = left.lines(), list[Span]()
    while title and (head := [*head, *islice(lines, _TITLE_LINES - len(head))]):
        found = next((line for line in head if _is_title(reading, line, title)), None)
        if found is None:
            return
        yield Evidence(*found, "strip", "headline", "headline")
        head.remove(found)


def _headline(reading: Reading, left: _Left) -> Iterator[Evidence]:
    """The one line above the first paragraph, by its shape."""
    head = list(islice(left.lines(), 2))
    if len(head) < 2 or not _is_headline(reading, head[0]) or not _is_paragraph(reading, head[1]):
        return
    said, title = set(key(reading.low[head[0].start : head[0].end]).split()), _title(reading)
    if not title or 2 * len(said & set(title.split())) >= len(said):  # where the title is known, another line is not it
        yield Evidence(*head[0], "strip", "headline", "headline", "normal")


def _title(reading: Reading) -> str:
    """The words of the document's title, empty if it is not known."""
    return key(lower(fold(reading.document.title))) if reading.document.title else ""


def _is_title(reading: Reading, line: Span, title: str) -> bool:
    """Whether the line says the title; a sentence of the body that does ends with a mark that the title lacks."""
    said = reading.low[line.start : line.end]
    given = (reading.document.title or "").rstrip()
    return key(said) == title and (said[-1] not in ".…,;:" or given[-1:] == said[-1])


def _is_headline(reading: Reading, line: Span) -> bool:
    text = reading.cased[line.start : line.end]
    if not _HEADLINE[0] <= len(text) <= _HEADLINE[1] or text[-1] in TERMINAL + ",;:-" or _LIST.match(text):
        return False
    if text[-1] in CLOSERS and text[-2] in TERMINAL:
        return False
    first = text.lstrip("\"'(")[:1]
    count = len(key(reading.low[line.start : line.end]).split())
    return (
        not first.islower() and _HEADLINE_WORDS[0] <= count <= _HEADLINE_WORDS[1] and len(reading.sentences(line)) == 1
    )


def _is_paragraph(reading: Reading, line: Span) -> bool:
    text = reading.cased[line.start : line.end]
    wide = any("\u3040" <= char <= "\u9fff" for char in text[:20])
    ends = text[-1] in TERMINAL or (text[-1] in CLOSERS and text[-2:-1] in TERMINAL)
    return ends and len(text) >= (_BODY // 2 if wide else _BODY) and not _LIST.match(text)


def _standfirst(reading: Reading, left: _Left) -> Iterator[Evidence]:
    """A line of the head, directly below the headline, whose sentences the body says again: the copy above goes. Not
    where the next line is said again too: there the article stands twice, and its first copy stays."""
    head = list(islice(left.lines(), _HEAD_LINES + 1))
    for number, (above, line) in enumerate(pairwise(head[:_HEAD_LINES]), 2):
        if _is_headline(reading, above) and not _is_headline(reading, line):
            next_too = any(_all_again(reading, left, below) for below in head[number : number + 1])
            if not next_too and _all_again(reading, left, line):
                yield Evidence(line.start, line.end, "strip", "repeat", "repeat")
        if _is_paragraph(reading, above):
            return


def _all_again(reading: Reading, left: _Left, line: Span) -> bool:
    """Whether each sentence of the line stands again further down."""
    sentences = reading.sentences(line)
    return bool(sentences) and all(_again(reading, left, sentence) for sentence in sentences)


def _glued_headline(reading: Reading, left: _Left) -> Iterator[Evidence]:
    """Headline and standfirst run together into one sentence, as line ends were lost: the body repeats its tail. More
    than one where it stands so again."""
    for sentence in (s for line in left.head() for s in reading.sentences(line) if left.has(s)):
        tail = _tail(reading, left, sentence)
        if tail is None:
            return
        above = Span(sentence.start, sentence.start + len(reading.cased[sentence.start : tail.start].rstrip()))
        yield Evidence(above.start, above.end, "strip", "headline", "headline")
        yield Evidence(tail.start, tail.end, "strip", "repeat", "repeat")


def _tail(reading: Reading, left: _Left, sentence: Span) -> Span | None:
    """The part of the sentence that the body says again and that has a headline before it."""
    if sentence.end - sentence.start > 2 * _HEADLINE[1] + 400:
        return None
    for found in _START.finditer(reading.cased, sentence.start + _HEADLINE[0], sentence.end - _STANDFIRST):
        above = Span(sentence.start, sentence.start + len(reading.cased[sentence.start : found.start()].rstrip()))
        tail = Span(found.start(), sentence.end)
        if _again(reading, left, tail) and _is_headline(reading, above):
            return tail
    return None


def _again(reading: Reading, left: _Left, sentence: Span) -> bool:
    """Whether the sentence stands again, whole and by itself, further down in what is left."""
    low = reading.low
    said = low[sentence.start : sentence.end]
    if len(said) < _STANDFIRST:
        return False
    at = low.find(said, sentence.end)
    while at >= 0:
        end = at + len(said)
        before = low[max(0, at - 2) : at]
        begins = before[-1:] == "\n" or before.rstrip()[-1:] in _ENDERS
        ends = end == len(low) or not low[end].isalnum() or said.rstrip(CLOSERS)[-1:] in TERMINAL
        alone = begins and ends
        if alone and left.has(Span(at, end)):
            return True
        at = low.find(said, end)
    return False


def _repeated_paragraphs(reading: Reading, left: _Left) -> Iterator[Evidence]:
    """Later copies of a long line. Not of a program: an author may show it piece by piece, and then whole."""
    lines = reading.long_lines(PARAGRAPH)
    twice = {said for said, times in Counter(said for _, said in lines).items() if times > 1}
    twice = {said for said in twice if len(key(said).split()) >= _PARAGRAPH_WORDS and not is_code(said)}
    seen: set[str] = set()
    for start, said in lines if twice else ():
        span = Span(start, start + len(said))
        if said in twice and left.has(span):
            if said in seen:
                yield Evidence(*span, "strip", "repeat", "repeat", "normal")
            seen.add(said)
