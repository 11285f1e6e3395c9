"""What HTML draws and plain text has to write: the markers and indents of lists. And what stands around each block."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from cleaner.tags import HEADINGS, INLINE, LAYOUT
from cleaner.text import ENTITY, INVISIBLE, entity
from cleaner.types import Block, Decision, Document, Element, Page
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
        self._leaves = leaves(elements)
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


def leaves(elements: tuple[Element, ...]) -> list[Leaf]:
    """For every element, what the text in it is part of."""
    laid = _laid_out(elements)
    found: list[Leaf] = []
    for number, (parent, tag, *_) in enumerate(elements):
        around = found[parent] if parent >= 0 else None
        if around and (
            around.tag == "pre" or (tag in INLINE or tag == "br") or (tag == "div" and around.tag in HEADINGS)
        ):
            leaf = around
        elif tag == "pre" or tag in HEADINGS or (tag == "table" and number not in laid):
            leaf = Leaf(tag, number)
        elif around and around.tag == "table" and tag != "caption":
            leaf = around._replace(row=number) if tag == "tr" else around
        else:
            leaf = Leaf("p", number)
        found.append(leaf)
    return found


def _laid_out(elements: tuple[Element, ...]) -> set[int]:
    """The elements in which others stand that no table of data has."""
    laid: set[int] = set()
    for number in range(len(elements) - 1, -1, -1):
        if number in laid or elements[number].tag in LAYOUT:
            laid.add(elements[number].parent)
    return laid


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


class Nest:
    """Which items and quotes stand around a block. Asked in reading order, of blocks of which something stays."""

    def __init__(self, elements: tuple[Element, ...]) -> None:
        self.shown: list[Box] = []
        """Around the block last asked of, from the outside in: quotes, and the items that have text of their own."""
        self._open: list[Box] = []
        """The same with all items."""
        self._elements = elements
        self._begun: Counter[int] = Counter()
        self._boxes: list[int] = []
        self._items: list[int] = []
        self._lists: list[int] = []
        for number, (parent, tag, *_) in enumerate(elements):
            afresh = parent < 0 or tag in _AFRESH
            box, item, list_ = (
                (-1, -1, -1) if afresh else (self._boxes[parent], self._items[parent], self._lists[parent])
            )
            list_ = number if tag in _LISTS else list_
            item = number if tag == "li" and list_ >= 0 else item
            self._boxes.append(number if tag == "blockquote" or item == number else box)
            self._items.append(item)
            self._lists.append(list_)
        self._ends = list(range(1, len(elements) + 1))
        for number in range(len(elements) - 1, 0, -1):
            if (parent := elements[number].parent) >= 0:
                self._ends[parent] = max(self._ends[parent], self._ends[number])

    def enter(self, element: int) -> Box | None:
        """Goes to a block in this element. Returns the item that begins with the block, if one does."""
        while self._open and not self._open[-1].element <= element < self._ends[self._open[-1].element]:
            self._leave()
        missing, box = [], self._boxes[element]
        while box > (self._open[-1].element if self._open else -1):
            missing.append(box)
            parent = self._elements[box].parent
            box = self._boxes[parent] if parent >= 0 else -1
        if box < 0:
            while self._open:
                self._leave()
        item, began = self._items[element], None
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
        list_ = self._lists[number]
        return Box(number, is_item=True, ordered=self._elements[list_].tag == "ol", list_=list_)

    def _begin(self, item: Box) -> Box | None:
        """Shows an item with text of its own, unless too many boxes stand around it."""
        if len(self.shown) >= _DEEPEST:
            return None
        self._begun[item.list_] += 1
        item.number = self._begun[item.list_]
        self.shown.append(item)
        return item
