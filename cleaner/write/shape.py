"""What HTML draws and plain text has to write: the markers and indents of lists. And what stands around each block."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final, NamedTuple

from cleaner.tags import HEADINGS, INLINE, LAYOUT
from cleaner.text import ENTITY, INVISIBLE, entity
from cleaner.types import Block, Decision, Document, Element, Page, inherited
from cleaner.write.apply import apply, kept, parted

_LISTS: Final = frozenset(("ul", "ol", "menu", "dir"))
_AFRESH: Final = frozenset(("article", "main"))
"""What stands in these is no item of a list around them: a list of articles, of comments."""
_DEEPEST: Final = 8
"""Boxes in boxes that are told apart; Markdown readers give up at 20 levels, and an item is two."""

_ENTITY: Final = re.compile(ENTITY)
_INVISIBLE: Final = re.compile(INVISIBLE)
_OWN_MARKER: Final = re.compile(
    r"""
      [•‣◦▪▫●○■□·∙⁃]                     # bullets
    | [-*+–—](?=\s)                      # what is typed for them
    | \d{1,3}(?:\.\d{1,3})*\.(?=\s)      # 1.  1.2.
    | \(?(?:\d{1,3}|[a-zA-Z])\)(?=\s)    # 1)  (1)  a)
    """,
    re.VERBOSE,
)


def shaped(document: Document, decisions: Iterable[Decision]) -> str:
    """What `apply` leaves of the document; of a page, with a marker before each item of a list that stays.

    Items of items are indented by two spaces. Rows of tables and code have no marker, nor has an item that brings its
    own."""
    text, page = document.text, document.page
    if page is None:
        return apply(text, decisions)
    out: list[str] = []
    begins_line = True
    stays = list(kept(len(text), decisions))
    lists = _Lists(_elements_up_to(page, stays[-1].end if stays else 0))
    for number, spans in enumerate(parted(stays, bounds(page, len(text)))):
        said = "".join(text[start:end] for start, end in spans)
        if said:
            is_block = number % 2 == 1
            out.append(lists.marked(page.blocks[number // 2], said) if is_block and begins_line else said)
            begins_line = said[-1] == "\n"
    return "".join(out)


def bounds(page: Page, size: int) -> Iterator[int]:
    """Where blocks begin and end: between the bounds stand, by turns, what is in no block and a block."""
    yield 0
    for block in page.blocks:
        yield block.start
        yield block.end
    yield size


def _elements_up_to(page: Page, end: int) -> tuple[Element, ...]:
    """The elements around the blocks that begin before an offset; below the article there are as many again."""
    last = max((block.element for block in page.blocks if block.start < end), default=-1)
    return page.elements[: last + 1]


class _Lists:
    """Writes the markers of a page's lists, block by block."""

    def __init__(self, elements: tuple[Element, ...]) -> None:
        self._leaves = Leaves(elements)
        self._nest = Nest(elements)

    def marked(self, block: Block, said: str) -> str:
        """What stays of a block, with its marker if an item begins with it."""
        if self._leaves[block.element].tag in ("pre", "table") or not _shows(said):
            return said
        item = self._nest.enter(block.element)
        if item is None:
            return said
        words = said.lstrip()
        indent = "  " * (sum(box.is_item for box in self._nest.shown) - 1)
        marker = "" if _OWN_MARKER.match(words) else f"{item.number}. " if item.ordered else "- "
        return indent + marker + words


def _shows(said: str) -> bool:
    """Whether `tidy` leaves anything of the text."""
    said = _ENTITY.sub(entity, said) if "&" in said else said
    return bool(said.strip()) and (said.isascii() or bool(_INVISIBLE.sub("", said).strip()))


class Leaf(NamedTuple):
    """What a block is, or is a part of."""

    tag: str
    """`p` for paragraphs and all else that is none of these: `pre`, `table`, `h1` to `h6`."""
    element: int
    row: int = -1
    """The row's element, in tables of data."""


class Leaves:
    """For every element, what the text in it is part of. Found for those that are asked for: of a page's elements few
    stay."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self._elements = elements
        self._found: dict[int, Leaf | None] = {-1: None}

    def __getitem__(self, number: int) -> Leaf:
        leaf = inherited(self._elements, number, self._found, self._leaf)
        assert leaf is not None
        return leaf

    def _leaf(self, number: int, around: Leaf | None) -> Leaf:
        tag = self._elements[number].tag
        if around and (
            around.tag == "pre" or (tag in INLINE or tag == "br") or (tag == "div" and around.tag in HEADINGS)
        ):
            return around
        if tag == "pre" or tag in HEADINGS or (tag == "table" and not self._lays_out(number)):
            return Leaf(tag, number)
        if around and around.tag == "table" and tag != "caption":
            return around._replace(row=number) if tag == "tr" else around
        return Leaf("p", number)

    def _lays_out(self, number: int) -> bool:
        """Whether something stands in the element that no table of data has."""
        within = takewhile(lambda element: element.parent >= number, islice(self._elements, number + 1, None))
        return any(element.tag in LAYOUT for element in within)


@dataclass(slots=True, eq=False)
class Box:
    """An item of a list or a quote, around a block."""

    element: int
    is_item: bool
    ordered: bool = False
    list_: int = -1
    """The element of the item's list."""
    number: int = 0
    """Of an item that has begun: which it is of those of its list that stay, from 1."""


class _Place(NamedTuple):
    """Elements around another, the innermost each; -1 where there is none."""

    box: int
    """An item or a quote."""
    item: int
    list_: int


_NOWHERE: Final = _Place(-1, -1, -1)


class Nest:
    """Which items and quotes stand around a block. Asked in reading order, of blocks of which something stays."""

    def __init__(self, elements: tuple[Element, ...]) -> None:
        self.shown: list[Box] = []
        """Around the block last asked of, from the outside in: quotes, and the items that have text of their own."""
        self._open: list[Box] = []
        """The same with all items."""
        self._elements = elements
        self._begun: Counter[int] = Counter()
        self._places: dict[int, _Place] = {-1: _NOWHERE}

    def _place(self, number: int) -> _Place:
        """What stands around an element, itself included. Found for those that are asked for."""
        return inherited(self._elements, number, self._places, self._placed)

    def _placed(self, number: int, around: _Place) -> _Place:
        tag = self._elements[number].tag
        box, item, list_ = _NOWHERE if tag in _AFRESH else around
        list_ = number if tag in _LISTS else list_
        item = number if tag == "li" and list_ >= 0 else item
        return _Place(number if tag == "blockquote" or item == number else box, item, list_)

    def _next_box(self, box: int) -> int:
        """The box around another."""
        return self._place(self._elements[box].parent).box

    def _is_around(self, box: int, element: int) -> bool:
        """Whether an element stands in the box: numbers grow from the root outwards."""
        inner = self._place(element).box
        while inner > box:
            inner = self._next_box(inner)
        return inner == box

    def enter(self, element: int) -> Box | None:
        """Goes to a block in this element. Returns the item that begins with the block, if one does."""
        while self._open and not self._is_around(self._open[-1].element, element):
            self._leave()
        missing, box = [], self._place(element).box
        while box > (self._open[-1].element if self._open else -1):
            missing.append(box)
            box = self._next_box(box)
        if box < 0:
            while self._open:
                self._leave()
        item, began = self._place(element).item, None
        if self._open and self._open[-1].element == item and self._open[-1].number == 0:
            began = self._begin(self._open[-1])
        for number in reversed(missing):
            self._open.append(self._box(number))
            if number == item:
                began = self._begin(self._open[-1])
            elif not self._open[-1].is_item and len(self.shown) < _DEEPEST:
                self.shown.append(self._open[-1])
        return began

    def _leave(self) -> None:
        box = self._open.pop()
        if self.shown and self.shown[-1] is box:
            self.shown.pop()

    def _box(self, number: int) -> Box:
        if self._elements[number].tag == "blockquote":
            return Box(number, is_item=False)
        list_ = self._place(number).list_
        return Box(number, is_item=True, ordered=self._elements[list_].tag == "ol", list_=list_)

    def _begin(self, item: Box) -> Box | None:
        """Shows an item with text of its own, unless too many boxes stand around it."""
        if len(self.shown) >= _DEEPEST:
            return None
        self._begun[item.list_] += 1
        item.number = self._begun[item.list_]
        self.shown.append(item)
        return item
