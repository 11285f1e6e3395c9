"""A line of the training material, what is known of the document it was made from, and the files of such lines."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from cleaner.learn.label import Labels
from cleaner.learn.sources import Gold
from cleaner.learn.splice import fold_of
from cleaner.learn.table import Tally

HARD: Final = 3.0
"""Weight of hard negatives."""


class Made(NamedTuple):
    """One line of a file, and what it adds to the table."""

    file: str
    row: str
    """The name of its row in the table."""
    producer: str
    line: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a document before it was made dirty."""

    id: str
    source: str
    gold: str
    """How its labels came about: `body`, `snippets`, `reading`, `lines`, `made`, `corpus`."""
    open: bool
    domain: str | None = None
    lang: str | None = None
    title: str | None = None
    url: str | None = None
    page_type: str | None = None
    found: float | None = None

    @classmethod
    def of(cls, gold: Gold, how: str) -> Origin:
        """What is known of a page whose labels came about like this."""
        known = (gold.domain, gold.lang, gold.title, gold.url, gold.page_type, gold.found)
        return cls(gold.id, gold.source, how, gold.open, *known)


def record(origin: Origin, producer: str, labels: Labels, **more: Any) -> str:
    """A line of a file: what `Origin` has, `fold`, `producer`, `text`, `segments` as [start, end, body, kind, weight]
    with offsets into the text, and `parts`: for segments that are body in part, by number, the spans that are. With
    teachers, `taught` too: see `learn.teacher`."""
    row: dict[str, Any] = {name: getattr(origin, name) for name in Origin.__slots__}
    row["fold"] = fold_of(origin.domain, origin.id)
    row["producer"] = producer
    row.update(more)
    row["text"] = labels.text
    row["segments"] = labels.segments
    row["parts"] = {str(number): spans for number, spans in labels.parts.items()}
    return json.dumps(row, ensure_ascii=False)


class Files:
    """The files of a folder, opened as they are needed. The same lines give the same bytes; none is left half made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.open: dict[str, tuple[IO[bytes], gzip.GzipFile]] = {}

    def write(self, name: str, line: str) -> None:
        """Adds a line to the file of that name."""
        if name not in self.open:
            raw = (self.folder / f"{name}.part").open("wb")
            self.open[name] = raw, gzip.GzipFile("", "wb", 6, raw, 0)
        self.open[name][1].write(line.encode() + b"\n")

    def close(self, *, good: bool) -> None:
        """Closes all, and gives them their names if all is well."""
        for name, (raw, packed) in self.open.items():
            packed.close()
            raw.close()
            part = self.folder / f"{name}.part"
            if good:
                part.replace(self.folder / f"{name}.jsonl.gz")
            else:
                part.unlink()
