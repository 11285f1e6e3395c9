"""A result as Markdown: headings, lists, quotes, tables, code, emphasis and links of the page it came from.

The document is not trusted: what it says is never markup, and its links lead to `http`, `https`, `mailto` and relative
addresses alone. Its words are those of the result's text.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, groupby, pairwise, takewhile
from typing import Final, NamedTuple

from cleaner.tags import HEADINGS
from cleaner.types import Block, Mark, Page, Result, Span
from cleaner.write.apply import kept, parted
from cleaner.write.markdown.inline import Tidy, address, escaped, fence, inline, line_start
from cleaner.write.shape import Box, Leaves, Nest, bounds

_BREAK: Final = "\\"
"""At a line's end; two spaces there mean the same, and are lost in editors."""
_CELL_END: Final = re.compile(r"(?:^| )\|(?: |$)")
_LAST_SIGNS: Final = re.compile(r"(?<!\S)#(?=#*$)")
"""At a heading's end they are taken for its frame."""
_NOT_IN_YAML: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def markdown(result: Result, tidy: Tidy) -> str:
    """The result as Markdown, without an end of its last line. `tidy` is `Cleaner.tidy` of the cleaner that made it:
    it sets the text of each block right as it did the result's. What did not come from a page is paragraphs."""
    page = result.document.page
    if page is None:
        said = filter(None, map(str.strip, result.text.splitlines()))
        return "\n\n".join(line_start(escaped(line)) for line in said)
    place, writer = Leaves(page.elements), _Writer(Nest(page.elements))
    breaks = _breaks(page, place)
    for (tag, element), group in groupby(_said(result, page), key=lambda said: place[said.block.element][:2]):
        parts = [said for said in group if said.text.strip()]
        if tag == "pre":
            writer.add(element, tag, _code("\n".join(said.text for said in parts), tidy))
        elif tag == "table":
            writer.add(element, tag, _table(parts, place, tidy))
        elif tag in HEADINGS:
            text = " ".join(line for said in parts for line in inline(said.text, said.marks, tidy))
            writer.add(element, tag, ["#" * int(tag[1]) + " " + _LAST_SIGNS.sub(r"\#", text)] if text else [])
        else:
            lines = [inline(said.text, said.marks, tidy) for said in parts]
            for paragraph in [chain.from_iterable(lines)] if element in breaks else lines:
                writer.add(element, tag, _broken(paragraph))
    return "\n".join(writer.lines)


def front_matter(result: Result) -> str:
    """What is known of the article as a block of YAML, to stand before its Markdown; empty where nothing is known."""
    document = result.document
    meta = document.page.meta if document.page else None
    known: dict[str, object] = {
        "title": result.title or (meta and meta.title),
        "authors": meta and list(meta.authors),
        "date": meta and meta.date,
        "site": meta and meta.site,
        "lang": document.lang or (meta and meta.lang),
        "url": document.url or (meta and meta.url),
    }
    lines = [f"{name}: {_quoted(value)}\n" for name, value in known.items() if value]
    return f"---\n{''.join(lines)}---\n\n" if lines else ""


def _quoted(value: object) -> str:
    """JSON is YAML, but for characters that YAML wants escaped."""
    return _NOT_IN_YAML.sub(lambda char: f"\\u{ord(char[0]):04x}", json.dumps(value, ensure_ascii=False))


# --- what stays of each block ---------------------------------------------------------------------------------------


class _Said(NamedTuple):
    """What stays of a block. Its marks count in `text`."""

    block: Block
    text: str
    marks: tuple[Mark, ...]


def _said(result: Result, page: Page) -> Iterator[_Said]:
    """Every block of the page, in order, with what stays of it. Links that lead nowhere are no marks."""
    text, base = result.document.text, result.document.url
    spans = parted(kept(len(text), result.decisions), bounds(page, len(text)))
    next(spans)  # what stands before the first block
    marks = sorted(page.marks, key=lambda mark: -mark.start)
    for block in page.blocks:
        inside = next(spans)
        own = []
        while marks and marks[-1].start < block.end:
            mark = marks.pop()
            href = address(mark.href, base) if mark.tag == "a" else ""
            if href or mark.tag in ("strong", "em", "code"):
                own.append(mark._replace(href=href))
        yield _Said(block, "".join(text[start:end] for start, end in inside), tuple(_clipped(own, inside)))
        next(spans)  # the line end behind the block


def _clipped(marks: Sequence[Mark], spans: Sequence[Span]) -> Iterator[Mark]:
    """What stays of the marks, counted in what stays of the text."""
    starts = [span.start for span in spans]
    sizes = [0, *accumulate(span.end - span.start for span in spans)]
    for mark in marks:
        at = [bisect_right(starts, offset) - 1 for offset in (mark.start, mark.end)]
        start, end = (
            sizes[number] + min(offset, spans[number].end) - starts[number] if number >= 0 else 0
            for number, offset in zip(at, (mark.start, mark.end), strict=True)
        )
        if start < end:
            yield mark._replace(start=start, end=end)


def _breaks(page: Page, place: Leaves) -> frozenset[int]:
    """The elements whose blocks are lines of one paragraph. Where two `<br>` stand for each end of a line, they part
    paragraphs; where none does, something else stood between."""
    breaks = Counter(place[number].element for number, element in enumerate(page.elements) if element.tag == "br")
    places = [place[block.element].element for block in page.blocks]
    ends = Counter(one for one, other in pairwise(places) if one == other)
    return frozenset(element for element, count in ends.items() if 0 < breaks[element] < 2 * count)


# --- blocks to lines ------------------------------------------------------------------------------------------------


def _broken(lines: Iterable[str]) -> list[str]:
    """One paragraph's lines, so that they stay apart."""
    safe = [line_start(line) for line in lines]
    return [line + _BREAK for line in safe[:-1]] + safe[-1:]


def _code(said: str, tidy: Tidy) -> list[str]:
    text = tidy(said)
    ticks = fence(text, 3)
    return [ticks, *text.splitlines(), ticks] if text.strip() else []


def _table(parts: Sequence[_Said], place: Leaves, tidy: Tidy) -> list[str]:
    """The rows of a table; the first that stays is its head, as wide as the widest: what stands further right is not
    shown."""
    rows: list[list[str]] = []
    for _, group in groupby(parts, key=lambda said: place[said.block.element].row):
        row = [""]
        for said in group:  # more than one where a cell has several lines
            cells = _cells(said, tidy)
            row[-1:] = [f"{row[-1]} {cells[0]}".strip(), *cells[1:]]
        if any(row):
            rows.append(row)
    if not rows:
        return []
    width = max(map(len, rows))
    head = rows[0] + [""] * (width - len(rows[0]))
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * width, *rows[1:])]


def _cells(said: _Said, tidy: Tidy) -> list[str]:
    cuts = [0, *(at for found in _CELL_END.finditer(said.text) for at in found.span()), len(said.text)]
    marks = sorted(said.marks, key=lambda mark: -mark.start)
    cells = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        own = []
        while marks and marks[-1].start < end:
            mark = marks.pop()
            own.append(mark._replace(start=max(mark.start - start, 0), end=min(mark.end, end) - start))
        cells.append(" ".join(inline(said.text[start:end], own, tidy, cell=True)))
    return cells


class _Writer:
    """The lines as they grow, each behind the signs of the items and quotes around it."""

    def __init__(self, nest: Nest) -> None:
        self.lines: list[str] = []
        self._nest = nest
        self._around: list[Box] = []
        """Of what was written last."""
        self._tag = ""
        self._other: set[int] = set()
        """Lists that stand straight behind one of their sort, and have other markers to be told from it."""

    def add(self, element: int, tag: str, lines: Sequence[str]) -> None:
        """Writes what stands in an element; nothing where it has no lines."""
        if not lines:
            return
        began = self._nest.enter(element)
        around = list(self._nest.shown)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(around, self._around, strict=False)))
        left = self._around[same] if same < len(self._around) else None
        item = began if began is not None and around[same] is began else None
        if item and left and self._would_join(item, left):
            self._other ^= {item.list_}
        if self.lines and not (item and self._is_next(item, left, around[:same])):
            self.lines.append("".join(map(self._indent, around[:same])).rstrip())
        first = "".join(self._marker(box) if box is began else self._indent(box) for box in around)
        rest = "".join(map(self._indent, around))
        self.lines += [((rest if number else first) + line).rstrip(" ") for number, line in enumerate(lines)]
        self._around, self._tag = around, tag

    def _would_join(self, item: Box, left: Box) -> bool:
        """Whether an item would be read as one of the list before, which is not its own."""
        alike = left.ordered == item.ordered and (left.list_ in self._other) == (item.list_ in self._other)
        return left.is_item and left.list_ != item.list_ and alike

    def _is_next(self, item: Box, left: Box | None, around: Sequence[Box]) -> bool:
        """Whether an item may follow what was written last without a blank line between."""
        if self._tag != "p":
            return False
        if left:
            return left.is_item and left.list_ == item.list_
        return bool(around) and around[-1].is_item and item.number == 1  # a later one would go on with the paragraph

    def _indent(self, box: Box) -> str:
        return " " * len(self._marker(box)) if box.is_item else "> "

    def _marker(self, box: Box) -> str:
        other = box.list_ in self._other
        if box.ordered:
            return f"{box.number}{')' if other else '.'} "
        return "* " if other else "- "
