"""What each template would remove in the articles that it was found in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from cleaner.rulekit.mine.blocks import Template
from cleaner.rulekit.mine.gather import Found
from cleaner.rulekit.mine.weigh import Candidate, chosen, keep_least

_EXAMPLES: Final = 3
_Owned = tuple[Found, Template | None, Candidate | None]


def measure(rows: Iterable[Found], found: dict[int, Candidate], made: Iterable[Template]) -> None:
    """Fills in what each template would remove, when it was seen, and examples of what it takes. `rows` as in
    `weigh.candidates`; every article counts here, copies too."""
    owner = {part.key: one for one in made for part in one.parts}
    for _, article in groupby(rows, key=lambda item: item.doc):
        owned: list[_Owned] = []
        for item in article:
            one = chosen(item, found)
            owned.append((item, owner.get(one.key) if one else None, one))
        for run in _runs(owned):
            template = run[0][1]
            if template is not None and (template.block or template.joined):
                _count_block(template, run)
        for _, group in groupby(owned, key=lambda row: row[0].line):
            _count_line(list(group))


def _runs(owned: Sequence[_Owned]) -> Iterator[list[_Owned]]:
    """Segments of one template that follow each other."""
    run: list[_Owned] = []
    for row in owned:
        if run and (row[1] is not run[0][1] or row[0].pos != run[-1][0].pos + 1):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _count_block(template: Template, run: Sequence[_Owned]) -> None:
    """Counts a block; one without its first segment is not found."""
    template.times += 1
    if run[0][2] is not template.parts[0]:
        return
    if template.joined and not (len(run) == len(template.parts) == run[0][0].beside):
        return
    _seen(template, run[0][0])
    text = run[0][0].said
    for (before, _, _), (item, _, _) in pairwise(run):
        text += ("\n" if item.line != before.line else " ") + item.said
    template.segments += len(run)
    template.chars += len(text)
    template.longest = max(template.longest, len(text))
    keep_least(template.examples, text, _EXAMPLES)


def _count_line(line: Sequence[_Owned]) -> None:
    """Counts the segments of a line: they go if all of it does."""
    going = sum(1 for _, template, one in line if template or (one and one.shipped))
    for item, template, _ in line:
        if template is None or template.block or template.joined:
            continue
        whole = going == item.beside
        template.times += 1
        template.amid += not whole
        template.inside += not whole and item.amid
        _seen(template, item)
        template.segments += 1
        template.chars += len(item.said)
        template.whole_chars += len(item.said) * whole
        template.longest = max(template.longest, len(item.said))
        keep_least(template.examples, item.said, _EXAMPLES)


def _seen(template: Template, item: Found) -> None:
    template.articles += item.doc != template.last_doc
    template.last_doc = item.doc
    template.places[item.place] += 1
    if template.shown is None and item.url:
        template.shown = item
    if item.day:
        template.first = min(template.first or item.day, item.day)
        template.last = max(template.last, item.day)
