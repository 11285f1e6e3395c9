"""What the score reads of a page beside its text: for each block the words of its markup, and numbers for its place in
the tree, for what stands around it, and for what trafilatura thinks of it.

Class words of themes lie, and themes are many: what counts of them was met on many sites. The numbers are what is left
on a page in a language and from a publisher that nobody has seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from cleaner.tags import CELL_END, INLINE
from cleaner.types import Block, Element, Page, Reading, Span, inherited

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]

MARK_BUCKETS: Final = 1 << 17
"""Numbers that words of markup are hashed into; 0 stands for nothing and belongs to every element."""
_TAGS: Final = (
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "dd", "dt", "figcaption", "blockquote", "pre", "div",
    "article", "section", "body", "button", "label", "summary", "caption", "address",
)  # fmt: skip
"""Tags of boxes."""
_AROUND: Final = (
    "article", "main", "nav", "footer", "header", "aside", "form", "figure", "figcaption", "ul", "ol", "table",
    "blockquote", "noscript", "a", "button", "label", "section", "pre", "p", "li", "h1", "h2", "h3", "h4", "dl",
    "details", "dialog", "hidden",
)  # fmt: skip
"""Tags of which it counts whether one is anywhere around."""
_LEVELS: Final = 4
"""How many boxes outwards the sums are taken."""
_PROSE: Final = 80
"""Characters of a block that is prose, unless it is links."""
_NEAR: Final = 3
"""Elements outwards whose words stand in the near list."""
_FAR: Final = 100
"""Most rows of the far list: pages nest without end."""
_DECK: Final = 60
"""Least characters of a standfirst,"""
_BELOW: Final = 3
"""and how many blocks below the headline it begins at most: a kicker, a date or a share bar may stand between."""
_NO_DECK: Final = frozenset(
    ("aside", "button", "caption", "figcaption", "figure", "footer", "form", "li", "nav", "noscript", "pre", "table")
)
_HOLDERS: Final = frozenset(
    ("li", "td", "aside", "figure", "figcaption", "blockquote", "dd", "dt", "button", "label", "noscript", "pre")
)
"""Of these the innermost around a block says what it stands in."""
_TOKEN: Final = re.compile(r"[^\W\d_]{2,30}")
_WORDS: Final = re.compile(r"\w+")
_VOTED: Final = 25
"""Letters of a text that is not found in trafilatura's by accident."""
_ROOTS: Final = (0.5, 0.8)
"""Shares of the page's prose by which the box of the article is guessed: the innermost that has so much."""

MARKUP_NAMES: Final[tuple[str, ...]] = (
    *(f"is {tag}" for tag in _TAGS), *(f"in {tag}" for tag in _AROUND),
    "depth", "linked", "chars of block", "inline", "steps from before", "steps to next", "since h1", "until h1",
    *(f"{what} {level}" for level in range(_LEVELS) for what in ("chars", "prose share", "links", "blocks", "share")),
    *(f"{what} of group {group}" for group in (0, 1) for what in ("chars", "blocks", "links", "prose", "share")),
    *(f"{what} {share}" for share in _ROOTS for what in ("in root", "below root")),
    "vote known", "vote line", "vote within", "vote around", "vote empty",
)  # fmt: skip


class Marks(NamedTuple):
    """Markup of a document with S segments, B blocks, in U elements.

    near, far: int32, hashes of the words of U elements and those close around them, and of all further out, one list
    after the other, each below `MARK_BUCKETS`; near_starts, far_starts: of shape (U,), where each list begins.
    element: of shape (S,), the number of each segment's element, below U. groups: of shape (2, S), numbers from 0 on
    that are equal where segments stand in the same box, and where they stand in boxes of the same make.
    numbers: float32 of shape (S, len(MARKUP_NAMES)), about -1 to 4.
    """

    near: NDArray[np.int32]
    near_starts: Ints
    far: NDArray[np.int32]
    far_starts: Ints
    element: Ints
    groups: Ints
    numbers: Floats

    def part(self, first: int, last: int) -> Marks:
        """Those of the segments first .. last."""
        return self._replace(
            element=self.element[first:last], groups=self.groups[:, first:last], numbers=self.numbers[first:last]
        )


def marks(reading: Reading, segments: Sequence[tuple[int, int]]) -> Marks | None:
    """The markup of each segment, given in view offsets; None for a document that is no page."""
    page = reading.document.page
    if page is None or not page.blocks or not segments:
        return None
    ends = np.asarray([block.end for block in page.blocks])
    starts = np.asarray([start if reading.same else reading.origin(start, end)[0] for start, end in segments])
    block = np.minimum(np.searchsorted(ends, starts, "right"), len(ends) - 1)
    tree = _Tree(page)
    used, number = np.unique(tree.element, return_inverse=True)
    bags = _bags(page.elements, used.tolist())
    groups = np.stack([tree.box_group, tree.make_group])[:, block]
    votes = _votes(reading, segments, page.vote, groups[0])
    numbers = np.concatenate([tree.numbers()[block], votes], axis=1, dtype=np.float32)
    return Marks(*bags, number[block], groups, numbers)


def deck(page: Page) -> Span:
    """Where a standfirst stands, if there is one: the first block of prose right below the `h1`. Empty if there is
    none."""
    after, headings = 0, page.within(frozenset(("h1",)))
    for block in page.blocks if headings else ():
        if block.element in headings:
            after = _BELOW
        elif after:
            tags = [element.tag for element in page.around(block.element)]
            if block.end - block.start >= _DECK and block.linked < 0.3 and _NO_DECK.isdisjoint(tags):
                return Span(block.start, block.end)
            after -= 1
    return Span(0, 0)


def row_starts(page: Page, text: str) -> frozenset[int]:
    """Where rows of tables of data begin, in document offsets. A row with links in a cell of another table is laid out,
    not data."""
    return frozenset(
        block.start
        for block in page.blocks
        if _is_row(block, text)
        and any(element.tag == "table" for element in page.around(block.element))
        and not (block.linked and in_cell(page, block, text))
    )


def in_cell(page: Page, block: Block, text: str) -> bool:
    """Whether a block, or the row that it is, stands in a cell of a table, and not in a list or the like there."""
    tags = (element.tag for element in page.around(block.element))
    if _is_row(block, text):
        next((tag for tag in tags if tag == "tr"), None)  # its own cell does not count: on from the row
    return next((tag for tag in tags if tag in _HOLDERS), None) == "td"


def _is_row(block: Block, text: str) -> bool:
    return CELL_END in text[block.start : block.end]


# --- words --------------------------------------------------------------------------------------------------------


def _bags(elements: Sequence[Element], used: Iterable[int]) -> tuple[NDArray[np.int32], Ints, NDArray[np.int32], Ints]:
    """`Marks.near` .. `Marks.far_starts` for these elements. Each list begins with row 0."""
    outer: dict[int, tuple[int, ...]] = {-1: (0,)}
    near: list[tuple[int, ...]] = []
    far: list[tuple[int, ...]] = []
    known: dict[int, tuple[int, ...]] = {-1: ()}
    for at in used:
        for _ in range(_NEAR):
            if (found := known.get(at)) is None:
                found = known[at] = _hashes(elements[at].tag, elements[at].words)
            near.append(found)
            at = elements[at].parent if at >= 0 else at
        far.append(_outer(elements, at, outer))
    sizes = np.fromiter(map(len, near), np.int64, len(near)).reshape(-1, _NEAR)
    salts = np.repeat(np.tile(np.arange(1, _NEAR + 1), len(sizes)), sizes.ravel())
    starts = np.concatenate(([0], np.cumsum(sizes.sum(axis=1) + 1)))[:-1]
    rows = np.insert(_salted(near, salts), starts - np.arange(len(starts)), 0)
    far_sizes = np.fromiter(map(len, far), np.int64, len(far))
    far_starts = np.cumsum(far_sizes) - far_sizes
    far_rows = _salted(far, 0)
    far_rows[far_starts] = 0
    return rows, starts, far_rows, far_starts


def _outer(elements: Sequence[Element], number: int, known: dict[int, tuple[int, ...]]) -> tuple[int, ...]:
    """Hashes of an element's words and those of all around it, no more than so many; the first is 0."""

    def outer(at: int, found: tuple[int, ...]) -> tuple[int, ...]:
        return (found + _hashes(elements[at].tag, elements[at].words))[:_FAR]

    return inherited(elements, number, known, outer)


@lru_cache(1 << 14)
def _hashes(tag: str, words: str) -> tuple[int, ...]:
    """Hashes of an element's tag and words."""
    return tuple([crc32(token.encode()) for token in (f"<{tag}", *dict.fromkeys(_TOKEN.findall(words)))])


def _salted(lists: Sequence[tuple[int, ...]], salts: Ints | int) -> NDArray[np.int32]:
    """The row of each hash, one list after the other; another salt gives unrelated rows."""
    hashes = np.fromiter(chain.from_iterable(lists), np.uint32)
    mixed = (hashes ^ np.asarray(salts * 0x9E3779B1 & 0xFFFFFFFF, np.uint32)) * np.uint32(0x85EBCA6B)
    rows: NDArray[np.int32] = np.maximum(mixed >> np.uint32(15), 1).astype(np.int32)
    return rows


# --- numbers ------------------------------------------------------------------------------------------------------


class _Tree:
    """The tree as numbers: for E elements and B blocks."""

    def __init__(self, page: Page) -> None:
        elements, blocks = page.elements, page.blocks
        self.element = np.asarray([block.element for block in blocks])
        self.size = np.asarray([block.end - block.start for block in blocks], float)
        self.linked = np.asarray([block.linked for block in blocks])
        self.parent = [element.parent for element in elements]
        self.tags = [element.tag for element in elements]
        self._outwards(elements)
        self.boxes = np.asarray(self.box)[self.element]
        self.prose = np.where((self.size >= _PROSE) & (self.linked < 0.5), self.size * (1 - self.linked), 0)
        self._sums()
        out = [self.parent[number] for number in self.boxes.tolist()]
        self.box_group = np.unique(out, return_inverse=True)[1]
        makes: dict[tuple[str, ...], int] = {}
        boxes = self.boxes.tolist()
        made = {at: makes.setdefault(self._make(elements, at), len(makes)) for at in dict.fromkeys(boxes)}
        self.make_group = np.asarray([made[at] for at in boxes])

    def _outwards(self, elements: Sequence[Element]) -> None:
        """What every element has from those around it."""
        bit = {tag: 1 << number for number, tag in enumerate(_AROUND)}
        hidden = bit["hidden"]
        self.box: list[int] = []
        self.around: list[int] = []
        self.depth: list[int] = []
        for number, element in enumerate(elements):
            above = element.parent
            inline = element.tag in INLINE and above >= 0
            self.box.append(self.box[above] if inline else number)
            said = bit.get(element.tag, 0) | (hidden if element.hidden else 0)
            self.around.append(said | (self.around[above] if above >= 0 else 0))
            self.depth.append((self.depth[above] if above >= 0 else -1) + (not inline))

    def _sums(self) -> None:
        """For every element the characters, prose, linked characters and blocks in it. Elements come in the order of
        their start tags, so all within one stand in a row behind it."""
        count = len(self.parent)
        last = list(range(count))
        for number in range(count - 1, 0, -1):
            above = self.parent[number]
            if above >= 0 and last[number] > last[above]:
                last[above] = last[number]
        self.last = np.asarray(last)
        values = (self.size, self.prose, self.size * self.linked, np.ones_like(self.size))
        upto = np.stack([np.cumsum(np.bincount(self.boxes + 1, value, count + 1)) for value in values], axis=1)
        self.sums = upto[self.last + 1] - upto[:-1]

    def _make(self, elements: Sequence[Element], number: int) -> tuple[str, ...]:
        """Equal where boxes were made by one line of a template."""
        said: list[str] = []
        for _ in range(3):
            if number < 0:
                break
            said += (elements[number].tag, elements[number].words)
            number = elements[number].parent
        return tuple(said)

    def numbers(self) -> Floats:
        """Of shape (B, len(MARKUP_NAMES) without the votes)."""
        around = np.asarray(self.around)[self.element]
        tags = np.asarray([_TAG_NUMBER.get(self.tags[number], -1) for number in self.boxes.tolist()])
        depth = np.asarray(self.depth)[self.boxes]
        columns = [
            *(tags == number for number in range(len(_TAGS))),
            *(around >> number & 1 for number in range(len(_AROUND))),
            depth / 10,
            self.linked,
            np.log1p(self.size) / 3,
            self.boxes != self.element,
            *self._steps(),
            *self._from_h1(tags),
            *self._levels(),
            *self._group(self.box_group),
            *self._group(self.make_group),
            *self._roots(),
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def _steps(self) -> tuple[Floats, Floats]:
        """How far up from each block the box stands that it shares with the block before, and with the next. Where they
        share none, as a body that stands only in the page's data and what the page shows, above the root."""
        depth, parent = [*self.depth, -1], self.parent  # the last is that of parent -1
        up, down = [0], []
        for one, other in pairwise(self.boxes.tolist()):
            at, there = one, other
            while at != there:  # numbers grow from the root outwards: the higher one is never around the other
                if at > there:
                    at = parent[at]
                else:
                    there = parent[there]
            down.append(depth[one] - depth[at])
            up.append(depth[other] - depth[at])
        down.append(0)
        return np.log1p(np.asarray(up, np.float32)), np.log1p(np.asarray(down, np.float32))

    def _from_h1(self, tags: Ints) -> tuple[Floats, Floats]:
        """How many blocks stand since the last h1 and until the next, as logarithms; 2 where there is none."""
        at = np.flatnonzero(tags == _TAG_NUMBER["h1"])
        index = np.arange(len(tags))
        since, until = np.full(len(tags), 2.0, np.float32), np.full(len(tags), 2.0, np.float32)
        if len(at):
            last = np.searchsorted(at, index, "right") - 1
            behind = last >= 0
            since[behind] = np.log1p(index[behind] - at[last[behind]]) / 3
            coming = np.searchsorted(at, index, "right")
            before = coming < len(at)
            until[before] = np.log1p(at[coming[before]] - index[before]) / 3
        return since, until

    def _levels(self) -> Iterator[Floats]:
        """Sums over the boxes around, from the second innermost outwards."""
        total = max(self.size.sum(), 1), max(self.prose.sum(), 1)
        parent, box = np.asarray(self.parent), np.asarray(self.box)
        at = self.boxes
        for _ in range(_LEVELS):
            at = box[np.maximum(parent[at], 0)]
            chars, prose, links, blocks = self.sums[at].T
            yield np.log1p(chars) / 3
            yield prose / total[1]
            yield links / np.maximum(chars, 1)
            yield np.log1p(blocks) / 3
            yield chars / total[0]

    def _group(self, group: Ints) -> Iterator[Floats]:
        """Sums over the blocks of a group."""
        chars, prose, links, blocks = (
            np.bincount(group, value)[group]
            for value in (self.size, self.prose, self.size * self.linked, np.ones_like(self.size))
        )
        yield np.log1p(chars) / 3
        yield np.log1p(blocks) / 3
        yield links / np.maximum(chars, 1)
        yield prose / np.maximum(chars, 1)
        yield prose / max(self.prose.sum(), 1)

    def _roots(self) -> Iterator[Floats]:
        """Whether each block stands in the innermost box that has so much of the page's prose, and how deep."""
        prose, depth = self.sums[:, 1], np.asarray(self.depth)
        total = self.prose.sum()
        for share in _ROOTS:
            enough = np.flatnonzero((prose > 0) & (prose >= share * total))
            root = int(enough[-1]) if len(enough) else 0
            within = (self.boxes >= root) & (self.boxes <= self.last[root])
            yield within
            yield np.where(within, depth[self.boxes] - depth[root], 0) / 5


_TAG_NUMBER: Final = {tag: number for number, tag in enumerate(_TAGS)}


# --- trafilatura's vote -------------------------------------------------------------------------------------------


def _votes(reading: Reading, segments: Sequence[tuple[int, int]], vote: str | None, group: Ints) -> Floats:
    """Of shape (S, 5): whether there is a vote, whether a line of it or a part of one says the segment, what share of
    the box it took, and whether it took nothing."""
    if vote is None:
        return np.zeros((len(segments), 5), np.float32)
    lines = {_said(line) for line in vote.lower().split("\n")}
    whole = _said(vote.lower())
    said = [_said(reading.low[start:end]) for start, end in segments]
    line = np.asarray([text in lines for text in said])
    within = np.asarray([text in whole if len(text) >= _VOTED else text in lines for text in said], float)
    size = np.asarray([end - start for start, end in segments], float)
    around = np.bincount(group, size * within) / np.maximum(np.bincount(group, size), 1)
    known = np.ones(len(segments))
    return np.stack([known, line, within, around[group], known * (not vote)], axis=1).astype(np.float32)


def _said(text: str) -> str:
    return "".join(_WORDS.findall(text))
