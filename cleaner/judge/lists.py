"""Lists on a page: where the score is in doubt about them, links, lines in a row that are no sentences, and cells with
links in a table that lays a page out, are no article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from cleaner.judge.markup import in_cell
from cleaner.judge.scored import Scored


class _Kind(NamedTuple):
    """What a list is: how many items it has at least, what share of an item is links, how many characters it has at
    most, and from which mean chance the list goes."""

    items: int
    linked: float
    size: int
    doubt: float


_KINDS: Final = (_Kind(4, 0.8, 80, 0.2), _Kind(1, 0.8, 120, 0.4), _Kind(2, 0.0, 200, 0.45))
"""Asked in this order. Of 865 pages of seven sources that the net had not seen the first made 48 better and 8 worse,
all three 149 and 32; of 309 page dumps as text the last, which is all that text can be asked, 95 and 25."""
_CELL: Final = 0.2
"""Chance from which what stands in a cell and has a link in it goes. Of 3,525 article pages that the net had not seen,
most of them without such tables, 211 became better and 58 worse."""
_MOST: Final = 0.7
"""Share of what stays that lists may have. Of 130 forums, shops and overviews lists without bounds took 0.046 of F1;
with this one, and asked only of what looks like an article, 0.006, and news keeps nine tenths of what it gains."""


class _Item(NamedTuple):
    number: int
    linked: float
    size: int
    """Characters of the block; it may have several segments."""
    chars: int
    chance: float
    sentence: bool


def numbers(scored: Scored) -> list[int]:
    """The numbers of the segments of a page, or of the text of one, that stand in such lists. What is gone interrupts
    none. None where lists are most of what stays: there they are what the page is about."""
    items = list(_items(scored))
    found: set[int] = set()
    for kind in _KINDS:
        found.update(_of_kind([item for item in items if item.number not in found], kind))
    listed = sum(item.chars for item in items if item.number in found)
    return sorted(found) if listed <= _MOST * sum(item.chars for item in items) else []


def cells(scored: Scored) -> list[int]:
    """The numbers of the segments that stand in a cell of a table that lays a page out, with a link in their block."""
    page, text = scored.page, scored.reading.document.text
    return [
        number
        for number in (scored.stays() if page else ())
        if page and scored.chances[number] > _CELL and scored.blocks[number].linked
        if in_cell(page, scored.blocks[number], text)
    ]


def _items(scored: Scored) -> Iterator[_Item]:
    """What is not gone."""
    for number in scored.stays():
        linked, size = 0.0, scored.size(number)
        if scored.blocks:
            block = scored.blocks[number]
            linked, size = block.linked, block.end - block.start
        sentence = scored.is_sentence(number)
        yield _Item(number, linked, size, scored.size(number), scored.chances[number], sentence)


def _of_kind(items: Sequence[_Item], kind: _Kind) -> Iterator[int]:
    run: list[_Item] = []
    for item in items:
        if item.linked >= kind.linked and item.size < kind.size and not item.sentence:
            run.append(item)
            continue
        yield from _doubtful(run, kind)
        run = []
    yield from _doubtful(run, kind)


def _doubtful(run: Sequence[_Item], kind: _Kind) -> Iterator[int]:
    if len(run) >= kind.items and sum(item.chance for item in run) >= kind.doubt * len(run):
        yield from (item.number for item in run)
