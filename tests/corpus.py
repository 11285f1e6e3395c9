"""Reads the documents of `corpus/`: see corpus/README.md for the format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cleaner.types import KINDS

FOLDER = Path(__file__).parent.parent / "corpus"
JOINTS = {"||": "\n\n", "|": "\n", ">": " ", "+": ""}
STAYS = {"body", "standfirst"}
_ROW = re.compile(r"(?P<kind>[a-z]+)(?P<miss>\?)?\s+(?P<sign>\|\||[|>+])(?: (?P<text>.*))?$")


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
    def expected(self) -> str:
        """What must come out: the rows that stay, joined by the strongest joint between them."""
        out, strongest = "", 0
        order = ("+", ">", "|", "||")
        for row in self.rows:
            strongest = max(strongest, order.index(row.sign))
            if row.stays:
                joint = "\n" if order[strongest] == "+" else JOINTS[order[strongest]]
                out += (joint if out else "") + row.text
                strongest = 0
        return out

    @property
    def clean(self) -> bool:
        """Whether there is nothing to remove."""
        return all(row.stays for row in self.rows)


def read(path: Path) -> CorpusDocument:
    """One document. Raises ValueError naming file and line."""
    lines = path.read_text(encoding="utf-8").split("\n")
    end = lines.index("---")
    head = dict(line.split(": ", 1) for line in lines[:end] if line.strip())
    rows = []
    for number, line in enumerate(lines[end + 1 :], end + 2):
        if not line.strip():
            continue
        found = _ROW.match(line)
        if found is None or found["kind"] not in (*KINDS, "body") or (found["miss"] and found["kind"] == "body"):
            raise ValueError(f"{path}:{number}: not a row: {line!r}; a row is KIND SIGN TEXT")
        rows.append(Row(found["kind"], bool(found["miss"]), found["sign"], found["text"] or ""))
    name = path.relative_to(FOLDER).with_suffix("").as_posix()
    return CorpusDocument(name, head, tuple(rows))


@cache
def documents() -> tuple[CorpusDocument, ...]:
    """All of them, in the order of their names."""
    return tuple(read(path) for path in sorted(FOLDER.glob("*/*.txt")))
