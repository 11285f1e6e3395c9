"""Reads the documents and the pages of a corpus folder: see corpus/README.md for the formats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cleaner.read.page import read_page
from cleaner.types import KINDS, Span

PAGES: Final = "pages"
"""The folder of the pages, beside those of the languages."""
JOINTS: Final = {"||": "\n\n", "|": "\n", ">": " ", "+": ""}
STAYS: Final = frozenset(("body", "standfirst"))
_STRENGTH: Final = ("+", ">", "|", "||")
_ROW: Final = re.compile(r"(?P<kind>[a-z]+)(?P<miss>\?)?\s+(?P<sign>\|\||[|>+])(?: (?P<text>.*))?$")


@dataclass(frozen=True, slots=True)
class Row:
    """One segment of a corpus document."""

    kind: str
    miss: bool
    """Known miss: not body, and no rule finds it yet."""
    sign: str
    text: str

    @property
    def stays(self) -> bool:
        return self.kind in STAYS or self.miss


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """A labelled document."""

    name: str
    head: dict[str, str]
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """What comes in."""
        return "".join(("" if number == 0 else JOINTS[row.sign]) + row.text for number, row in enumerate(self.rows))

    @property
    def spans(self) -> Iterator[tuple[Span, str]]:
        """Where each row stands in the text, and its kind."""
        at = 0
        for number, row in enumerate(self.rows):
            at += 0 if number == 0 else len(JOINTS[row.sign])
            yield Span(at, at + len(row.text)), row.kind
            at += len(row.text)

    @property
    def expected(self) -> str:
        """What must come out: the rows that stay, joined by the stronger of the joints at both ends of what went."""
        out, before = "", ""
        for row in self.rows:
            before = before or row.sign
            if row.stays:
                sign = max(before, row.sign, key=_STRENGTH.index)
                out += row.text if not out else ("\n" if sign == "+" else JOINTS[sign]) + row.text
                before = ""
        return out

    @property
    def clean(self) -> bool:
        """Whether there is nothing to remove."""
        return all(row.stays for row in self.rows)


def read(path: Path) -> CorpusDocument:
    """One document, named by its folder and file. Raises ValueError naming file and line."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if "---" not in lines:
        raise ValueError(f"{path}:1: no line `---` between head and rows")
    end = lines.index("---")
    for number, line in enumerate(lines[:end], 1):
        if line.strip() and ": " not in line:
            raise ValueError(f"{path}:{number}: not a `key: value` line: {line!r}")
    head = dict(line.split(": ", 1) for line in lines[:end] if line.strip())
    rows = []
    for number, line in enumerate(lines[end + 1 :], end + 2):
        if not line.strip():
            continue
        found = _ROW.match(line)
        if found is None or found["kind"] not in (*KINDS, "body") or (found["miss"] and found["kind"] == "body"):
            raise ValueError(f"{path}:{number}: not a row: {line!r}; a row is KIND SIGN TEXT")
        rows.append(Row(found["kind"], bool(found["miss"]), found["sign"], found["text"] or ""))
    return CorpusDocument(f"{path.parent.name}/{path.stem}", head, tuple(rows))


def documents(folder: Path) -> Iterator[CorpusDocument]:
    """All labelled documents, in the order of their names. Pages are none."""
    for path in sorted(folder.glob("*/*.txt")):
        if path.parent.name != PAGES:
            yield read(path)


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """A page with its body."""

    name: str
    html: bytes
    expected: str
    """The body as the command prints it, a block a line; empty where the page has no article."""
    url: str | None
    """The address that the page calls its own."""


def pages(folder: Path) -> Iterator[CorpusPage]:
    """All pages of a corpus, in the order of their names. Raises ValueError for one that lacks its body."""
    for path in sorted(folder.glob(f"{PAGES}/*.html")):
        body = path.with_suffix(".txt")
        if not body.exists():
            raise ValueError(f"{path}: no {body.name} beside it; write the page's body there, or an empty file")
        html = path.read_bytes()
        expected = body.read_text(encoding="utf-8").rstrip("\n")
        yield CorpusPage(f"{PAGES}/{path.stem}", html, expected, read_page(html).url)
