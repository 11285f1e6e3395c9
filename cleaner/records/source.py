"""Inputs read as chunks of records, a bounded part of them at a time."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from typing import Final

from cleaner.read.input import Input, look_at
from cleaner.records.chunk import Chunk, FileItem, Kind, Reject
from cleaner.types import InputError

_BYTES: Final = 1 << 18
_COUNT: Final = 64
"""A chunk is full from so many bytes or records: about a tenth of a second of work, and little to lose."""
_LONGEST: Final = 1 << 28
"""Bytes of the longest line of JSON that is read."""


class Reader:
    """Every record of the inputs, in order, in chunks; and in its place a Reject for what cannot be read. What a file
    holds before it breaks is read. Chunks of the same inputs are always cut at the same places."""

    def __init__(self, inputs: Sequence[Input], *, own: frozenset[str] = frozenset()) -> None:
        """`own`: real paths that are passed over in folders, as is what standard output goes to."""
        self._inputs, self._own = inputs, own
        self._whole = sum(item.size or 0 for item in inputs)
        self._known = all(item.size is not None for item in inputs)
        self._behind = self._within = 0.0

    @property
    def share(self) -> float | None:
        """How much of the inputs was read, 0..1; None where nobody knows how much there is."""
        return (self._behind + self._within) / self._whole if self._known and self._whole else None

    def __iter__(self) -> Iterator[Chunk | Reject]:
        for item in self._inputs:
            yield from self._one(item)
            self._behind += item.size or 0
            self._within = 0.0

    def _one(self, item: Input) -> Iterator[Chunk | Reject]:
        read = {"jsonl": self._lines, "warc": self._archive, "parquet": self._table, "folder": self._folder}
        held = _Held(item.shape if item.shape in ("jsonl", "warc", "parquet") else "file", item.name)
        try:
            yield from read.get(item.shape, _file)(item, held)
            yield from held.rest()
        except (InputError, OSError) as error:
            yield from held.rest()
            yield Reject(item.name, 0, _said(error), None)

    def _lines(self, item: Input, held: _Held) -> Iterator[Chunk | Reject]:
        number = 0
        stream, file = item.open()
        with stream:
            while line := stream.readline(_LONGEST):
                number += 1
                if len(line) == _LONGEST and not line.endswith(b"\n"):
                    yield from held.rest()
                    yield Reject(item.name, number, f"a line of more than {_LONGEST:,} bytes", None)
                    held.number = number + 1
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(1 << 20)
                    continue
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                yield from held.add(line.removesuffix(b"\n"), len(line))
                self._within = file.tell() if file else 0

    def _archive(self, item: Input, held: _Held) -> Iterator[Chunk | Reject]:
        from cleaner.records.archive import pages  # imports fastwarc, an extra

        stream, file = item.open(resync=True)
        with stream:
            for number, page in enumerate(pages(stream, item.name), 1):
                self._within = file.tell() if file else 0
                if page is None:
                    held.skipped += 1
                elif isinstance(page, Reject):
                    yield from held.rest()
                    yield page
                else:
                    yield from held.add(page._replace(number=number), len(page.body))

    def _table(self, item: Input, held: _Held) -> Iterator[Chunk | Reject]:
        from cleaner.records.parquet import batches  # imports pyarrow, an extra

        for batch, share in batches(item, _COUNT):
            yield Chunk("parquet", item.name, held.number, [batch], batch.nbytes)
            held.number += batch.num_rows
            self._within = share * (item.size or 0)

    def _folder(self, item: Input, held: _Held) -> Iterator[Chunk | Reject]:
        """All files below the folder, in the order of their paths; hidden ones and links to folders are left alone."""
        out = _standard_output()
        for name in _below(item.name):
            if isinstance(name, Reject):
                yield from held.rest()
                yield name
                continue
            try:
                if os.path.realpath(name) in self._own or (out and os.path.samestat(os.stat(name), out)):
                    continue
                found = look_at(name)
                if found.shape == "parquet":
                    raise InputError("is Parquet, and comes out as Parquet; clean it in a run of its own")
            except (InputError, OSError) as error:
                yield from held.rest()
                yield Reject(name, 0, _said(error), None)
                continue
            if found.shape in ("page", "text"):
                yield from held.add(FileItem(name), 0)
            else:
                yield from held.rest()
                yield from self._one(found)


class _Held:
    """Records that wait for their chunk to be full."""

    def __init__(self, kind: Kind, file: str) -> None:
        self._kind, self._file = kind, file
        self.number = 1
        """Of the chunk's first record."""
        self.skipped = 0
        self._items: list[object] = []
        self._size = 0

    def add(self, item: object, size: int) -> Iterator[Chunk]:
        """Takes a record; gives a chunk if that is full now."""
        self._items.append(item)
        self._size += size
        if self._size >= _BYTES or len(self._items) >= _COUNT:
            yield from self.rest()

    def rest(self) -> Iterator[Chunk]:
        """The chunk of what is held, if there is something."""
        if self._items or self.skipped:
            yield Chunk(self._kind, self._file, self.number, self._items, self._size, self.skipped)
            self.number += len(self._items)
            self._items, self._size, self.skipped = [], 0, 0


def _file(item: Input, held: _Held) -> Iterator[Chunk]:
    """A file that holds one article; the workers read it, if it can be read twice."""
    data = item.stream.read() if item.stream else None
    return held.add(FileItem(item.name, data), len(data or b""))


def _below(folder: str) -> Iterator[str | Reject]:
    """Paths of the files below a folder, and a Reject for a folder that cannot be read. No recursion: folders may be
    nested deeper than that goes."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if not os.path.isdir(path) or (os.path.islink(path) and path != folder):
            yield path
            continue
        try:
            with os.scandir(path) as entries:
                known = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            yield Reject(path, 0, _said(error), None)
            continue
        wanted = [entry.path for entry in known if entry.is_file() or entry.is_dir(follow_symlinks=False)]
        waiting += sorted(wanted, reverse=True)


def _standard_output() -> os.stat_result | None:
    """The file that standard output goes to, if it is one."""
    try:
        found = os.fstat(1)
    except OSError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def _said(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
