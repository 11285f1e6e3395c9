"""The units of work that go from the reader to a worker and back to the writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from cleaner.records.tally import Tally

Kind = Literal["jsonl", "parquet", "warc", "file"]


class Page(NamedTuple):
    """A record of a web archive: its id, address and date, and its page or text."""

    id: str
    url: str | None
    date: str | None
    body: bytes
    page: bool
    encoding: str | None = None
    """What the server said, which may be wrong."""
    number: int = 0
    """Of the record in its archive, from 1."""


class FileItem(NamedTuple):
    """A file that holds one article: its name, and what is in it where it can be read only once."""

    name: str
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some records of one input, as the reader found them."""

    kind: Kind
    file: str
    first: int
    """Number of its first record: the line of JSON, or the how many-th of the file; from 1."""
    items: Sequence[object]
    """Of `jsonl` lines of bytes, of `warc` Pages, of `file` FileItems, of `parquet` one record batch."""
    size: int
    """Bytes, roughly, of the input."""
    skipped: int = 0

    def __len__(self) -> int:
        return self.items[0].num_rows if self.kind == "parquet" else len(self.items)  # type: ignore[attr-defined]

    def singles(self) -> list[Chunk]:
        """A chunk a record."""
        size, count = self.size // max(1, len(self)), len(self)
        items: Sequence[object] = self.items
        if self.kind == "parquet":  # taken, not sliced: a slice carries all of its batch with it
            items = [self.items[0].take([i]) for i in range(count)]  # type: ignore[attr-defined]
        return [
            replace(self, first=self.first + i, items=[item], size=size, skipped=self.skipped * (i == 0))
            for i, item in enumerate(items)
        ]


class Reject(NamedTuple):
    """A record that was not cleaned: where it stands, why, and itself, as text, or in base64 where it is none."""

    file: str
    number: int
    reason: str
    record: str | None
    base64: str | None = None


@dataclass(slots=True)
class Done:
    """What became of a chunk."""

    out: list[object] = field(default_factory=list)
    """Bytes of lines, or record batches."""
    ledger: bytes = b""
    rejects: list[Reject] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def merge(self, other: Done) -> None:
        """What became of the chunk behind it too."""
        self.out += other.out
        self.ledger += other.ledger
        self.rejects += other.rejects
        self.tally.merge(other.tally)
