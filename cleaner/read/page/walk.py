"""A page's tree to text: every block that a reader may see, in reading order, and the markup around each.

Style sheets are not read: what scripts fold away is here too. A row of a table of data is one block, its cells apart by
` | `; a table that only lays the page out is a box like any other.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from cleaner.tags import ATTRIBUTES, BLOCKS, CELL_END, LAYOUT, UNSEEN
from cleaner.types import Block, Element, Mark

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MARKS: Final = {"a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code"}
_CELLS: Final = frozenset(("td", "th"))
_NAMES: Final = frozenset(ATTRIBUTES)
_LONGEST_NAME: Final = 120
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Walked(NamedTuple):
    """What a walk found. Offsets count in `text`, which has a line end between blocks."""

    text: str
    blocks: tuple[Block, ...]
    elements: tuple[Element, ...]
    marks: tuple[Mark, ...]


def walk(root: HtmlElement, unseen: frozenset[str] = UNSEEN, *, tables: bool = True) -> Walked:
    """Reads a tree in one pass, without recursion: pages nest deeper than Python does. `tables`: False leaves out
    tables of data."""
    from lxml import etree  # 10 ms to import, and only pages need it

    out, roles = _Writer(), _roles(unseen)
    elements: list[Element] = []
    around = -1
    is_data: list[bool] = []
    """Of every table around."""
    events = etree.iterwalk(root, events=("start", "end"))
    for event, node in events:
        tag = node.tag
        role = roles.get(tag, "")
        if role == "unseen" or (role == "table" and not tables and _is_data(node)) or not isinstance(tag, str):
            if event == "start":
                events.skip_subtree()
            elif (text := node.tail) and node is not root:
                out.add(text, around)
            continue
        cell = role == "cell" and bool(is_data) and is_data[-1]
        if tag in BLOCKS and not cell:
            out.end_block()
        if event == "start":
            elements.append(Element(around, tag, *_named(node)))
            around = len(elements) - 1
            if role == "mark":
                out.open_mark(_MARKS[tag], (node.get("href") or "").strip() if tag == "a" else "")
            elif role == "table":
                is_data.append(_is_data(node))
            elif role == "pre":
                out.kept_lines += 1
            if text := node.text:
                out.add(text, around)
        else:
            around = elements[around].parent
            if role == "mark":
                out.close_mark()
            elif cell:
                out.end_cell()
            elif role == "table":
                is_data.pop()
            elif role == "pre":
                out.kept_lines -= 1
            if (text := node.tail) and node is not root:
                out.add(text, around)
    out.end_block()
    return Walked("".join(out.pieces), tuple(out.blocks), tuple(elements), tuple(out.marks))


@cache
def _roles(unseen: frozenset[str]) -> dict[str, str]:
    """What the walk does at tags at which it does anything: one look instead of five, because it is a page's most
    frequent question."""
    return (
        dict.fromkeys(_MARKS, "mark")
        | dict.fromkeys(_CELLS, "cell")
        | {"table": "table", "pre": "pre"}
        | dict.fromkeys(unseen, "unseen")
    )


def _is_data(table: HtmlElement) -> bool:
    return (
        next(table.iterdescendants(*LAYOUT), None) is None and next(table.iterdescendants("td", "th"), None) is not None
    )


def _named(node: HtmlElement) -> tuple[str, bool]:
    """The words of an element's attributes, and whether they hide it."""
    words, hidden = "", False
    for name, value in node.items():
        if name in _NAMES:
            words = f"{words} {value[:_LONGEST_NAME]}" if words else value[:_LONGEST_NAME]
        elif name == "style":
            hidden = hidden or _HIDDEN.search(value) is not None
        elif name == "hidden" or (name == "aria-hidden" and value == "true"):
            hidden = True
    return words.lower(), hidden


class _Writer:
    """The text as it grows, block by block. Runs of white space become one space."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.blocks: list[Block] = []
        self.marks: list[Mark] = []
        self.kept_lines = 0
        """How many elements around keep their line ends."""
        self._size = self._start = 0
        self._gap = ""
        """What stands before the next word of the block."""
        self._longest, self._element = 0, -1
        self._links = self._linked = 0
        self._open: list[tuple[str, int, str]] = []
        """Marks that are not closed: tag, where it begins in this block or -1, address."""

    def add(self, text: str, element: int) -> None:
        """Writes text, of one character at least, that stands in an element."""
        if not self.kept_lines and text.isspace():  # half of all, between one tag and the next
            self._gap = self._gap or " "
            return
        fresh = self._size == self._start
        if self.kept_lines:
            said = text.lstrip("\r\n") if fresh else text
            if not said or (fresh and not said.strip()):
                return
            spaced = False
        else:
            said, spaced = " ".join(text.split()), text[-1].isspace()
            if text[0].isspace():
                self._gap = self._gap or " "
        if not fresh:
            if self._gap:
                self._put(self._gap)
        elif self.blocks:
            self._put("\n")
            self._start = self._size
        self._gap = " " if spaced else ""
        if self._open and self._open[-1][1] < 0:
            self._open = [(tag, self._size if at < 0 else at, href) for tag, at, href in self._open]
        self._put(said)
        if self._links:
            self._linked += len(said)
        if len(said) > self._longest:
            self._longest, self._element = len(said), element

    def end_cell(self) -> None:
        """What follows stands in another cell of the row."""
        self._gap = CELL_END

    def end_block(self) -> None:
        """What follows stands in another block."""
        self._gap = ""
        if self._size == self._start:
            return
        self._trim()
        linked = min(1.0, self._linked / (self._size - self._start))
        self.blocks.append(Block(self._start, self._size, self._element, linked))
        for number, (tag, at, href) in enumerate(self._open):
            if at >= 0:
                self._mark(tag, at, href)
                self._open[number] = (tag, -1, href)
        self._start = self._size
        self._longest = self._linked = 0

    def _trim(self) -> None:
        """Ends the block, and the marks in it, with its last word; only what keeps its line ends goes on behind it."""
        while not (said := self.pieces[-1].rstrip()):
            self._size -= len(self.pieces.pop())
        self._size -= len(self.pieces[-1]) - len(said)
        self.pieces[-1] = said
        beyond = []
        while self.marks and self.marks[-1].end > self._size:
            beyond.append(self.marks.pop())
        for tag, start, href in ((mark.tag, mark.start, mark.href) for mark in reversed(beyond)):
            self._mark(tag, start, href)

    def open_mark(self, tag: str, href: str) -> None:
        """What follows is set apart."""
        self._links += tag == "a"
        self._open.append((tag, -1, href))

    def close_mark(self) -> None:
        """The mark opened last ends."""
        tag, at, href = self._open.pop()
        self._links -= tag == "a"
        if at >= 0:
            self._mark(tag, at, href)

    def _mark(self, tag: str, start: int, href: str) -> None:
        if start < self._size:
            self.marks.append(Mark(start, self._size, tag, href))

    def _put(self, text: str) -> None:
        self.pieces.append(text)
        self._size += len(text)
