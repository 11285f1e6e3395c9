"""Parquet in and out, a few rows at a time."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from cleaner.read.input import Input
from cleaner.records import table
from cleaner.records.fields import Fields
from cleaner.types import InputError, UsageError

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:
    raise UsageError("Parquet needs a library: pip install 'article-cleaner[parquet]'") from None

_GROUP: Final = 1 << 25
"""Bytes of a row group that is written, about; it stands in memory."""
_BUFFER: Final = 1 << 20
_BATCH: Final = 1 << 24
"""Bytes of a batch that is read, about, where rows are so long that the number asked for would be more."""
_OURS: Final = re.compile(r"(\d{8}|whole)\.parquet", re.ASCII)


def batches(item: Input, rows: int) -> Iterator[tuple[pa.RecordBatch, float]]:
    """The rows, so many at a time, fewer where they are long, and how much of the file that was, 0..1. One row group is
    read at a time, and its pages as they are needed."""
    with _file(item) as file:
        done = 0
        for group in range(file.num_row_groups):
            try:
                found = file.metadata.row_group(group)
                fit = max(1, _BATCH * found.num_rows // max(1, found.total_byte_size))
                for batch in file.iter_batches(batch_size=min(rows, fit), row_groups=[group]):
                    done += batch.num_rows
                    yield batch, done / file.metadata.num_rows
            except (pa.ArrowException, OSError) as error:
                raise InputError(f"row group {group} is damaged: {error}") from None


def schema(item: Input, fields: Fields) -> pa.Schema:
    """The schema of what comes out. Raises InputError where the columns are not there or of other types."""
    with _file(item) as file:
        return table.output_schema(file.schema_arrow, fields)


def packing(item: Input) -> str:
    """How the first column is compressed: the output is compressed likewise."""
    with _file(item) as file:
        if not file.num_row_groups:
            return "snappy"
        return str(file.metadata.row_group(0).column(0).compression).lower().replace("uncompressed", "none")


def _file(item: Input) -> pq.ParquetFile:
    if item.stream is not None:
        raise InputError("Parquet cannot be read from a pipe: its index is at its end; name the file")
    try:
        return pq.ParquetFile(item.name, buffer_size=_BUFFER, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"is not a whole Parquet file: {error}") from None


class ParquetPart:
    """A Parquet file on its way: a folder `FILE.part` of pieces, one a commit, that become one file in the end. Then
    the folder is `FILE.part.done` until it is gone: while it has its first name, all pieces are in it. A file in it
    that is not its own is left alone, and raises InputError."""

    def __init__(self, path: Path, schema: pa.Schema, packing: str) -> None:
        self._path, self._part, self._done = path, Path(f"{path}.part"), Path(f"{path}.part.done")
        self._schema, self._packing = schema, packing
        self._writer: pq.ParquetWriter | None = None
        self._held: list[pa.RecordBatch] = []
        self._size = self._pieces = 0

    def begin(self) -> Path:
        _remove(self._done)
        self._part.mkdir(exist_ok=True)
        return self._part

    def write(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        self._size += batch.nbytes
        if self._size >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        """Writes what is held as one row group."""
        if self._held:
            self._writer = self._writer or self._opened(self._piece(self._pieces))
            self._writer.write_table(pa.Table.from_batches(self._held, self._schema))
            self._held, self._size = [], 0

    def commit(self) -> int:
        self._flush()
        if self._writer:
            self._writer.close()
            self._writer = None
            with open(self._piece(self._pieces), "rb") as file:
                os.fsync(file.fileno())
            self._pieces += 1
        return self._pieces

    def cut(self, size: int) -> None:
        own = _own(self._part)
        kept = [self._piece(number) for number in range(size)]
        if not set(kept).issubset(own):
            raise self._damaged()
        for path in own:
            if path not in kept:
                path.unlink()
        self._pieces = size

    def publish(self) -> None:
        """Joins the pieces. Wherever this is broken off, it can be done again: the pieces are deleted only when the
        folder has its other name, and from then on nothing is joined."""
        self.close()
        if self._part.exists():
            whole = self._joined()
            if self._path.exists():
                shutil.copymode(self._path, whole)
            os.replace(whole, self._path)
            os.rename(self._part, self._done)
        _remove(self._done)

    def _joined(self) -> Path:
        """One file of all pieces; small row groups of neighbours become one."""
        whole = self._part / "whole.parquet"
        pieces = [path for path in _own(self._part) if path != whole]
        if pieces != [self._piece(number) for number in range(len(pieces))]:
            raise self._damaged()
        with self._opened(whole) as writer:
            held: list[Any] = []
            for path in pieces:
                with pq.ParquetFile(path) as piece:
                    for group in range(piece.num_row_groups):
                        held.append(piece.read_row_group(group))
                        if sum(one.nbytes for one in held) >= _GROUP:
                            writer.write_table(pa.concat_tables(held))
                            held = []
            if held:
                writer.write_table(pa.concat_tables(held))
        with open(whole, "rb") as file:
            os.fsync(file.fileno())
        return whole

    def _damaged(self) -> InputError:
        return InputError(f"{self._part} is not as the interrupted run left it; delete it and begin anew")

    def close(self) -> None:
        if self._writer:
            self._writer.close()
            self._writer = None

    def _piece(self, number: int) -> Path:
        return self._part / f"{number:08}.parquet"

    def _opened(self, path: Path) -> pq.ParquetWriter:
        return pq.ParquetWriter(path, self._schema, compression=self._packing)


def _own(folder: Path) -> list[Path]:
    """The files of a run in its folder, in order. Raises InputError for any other file there."""
    found = sorted(folder.iterdir())
    for path in found:
        if not (_OURS.fullmatch(path.name) and path.is_file()):
            raise InputError(f"{path} is not of this run, and its folder is to be deleted; move it elsewhere")
    return found


def _remove(folder: Path) -> None:
    """Deletes a run's folder, if it is there, and nothing that is not of the run."""
    if folder.exists():
        for path in _own(folder):
            path.unlink()
        folder.rmdir()
