"""Parquet in and out, a few rows at a time."""

from __future__ import annotations

import os
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


def batches(item: Input, rows: int) -> Iterator[tuple[pa.RecordBatch, float]]:
    """The rows, so many at a time, and how much of the file that was, 0..1. One row group is read at a time, and its
    pages as they are needed."""
    with _file(item) as file:
        done = 0
        for group in range(file.num_row_groups):
            try:
                for batch in file.iter_batches(batch_size=rows, row_groups=[group]):
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
    """A Parquet file on its way: a folder of pieces, one a commit, that become one file in the end."""

    def __init__(self, path: Path, schema: pa.Schema, packing: str) -> None:
        self._path, self._part = path, Path(f"{path}.part")
        self._schema, self._packing = schema, packing
        self._writer: pq.ParquetWriter | None = None
        self._held: list[pa.RecordBatch] = []
        self._size = self._pieces = 0

    def begin(self) -> Path:
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
        for number in range(size):
            if not self._piece(number).exists():
                raise InputError(f"{self._part} is not as the interrupted run left it; delete it and begin anew")
        for path in self._part.iterdir():
            if path.stem == "whole" or int(path.stem) >= size:
                path.unlink()
        self._pieces = size

    def publish(self) -> None:
        """Joins the pieces; small row groups of neighbours become one."""
        self.close()
        if not self._part.exists():
            return
        whole = self._part / "whole.parquet"
        with self._opened(whole) as writer:
            held: list[Any] = []
            for path in sorted(self._part.glob("[0-9]*.parquet")):
                with pq.ParquetFile(path) as piece:
                    for group in range(piece.num_row_groups):
                        held.append(piece.read_row_group(group))
                        if sum(one.nbytes for one in held) >= _GROUP:
                            writer.write_table(pa.concat_tables(held))
                            held = []
            if held:
                writer.write_table(pa.concat_tables(held))
        os.replace(whole, self._path)
        shutil.rmtree(self._part)

    def close(self) -> None:
        if self._writer:
            self._writer.close()
            self._writer = None

    def _piece(self, number: int) -> Path:
        return self._part / f"{number:08}.parquet"

    def _opened(self, path: Path) -> pq.ParquetWriter:
        return pq.ParquetWriter(path, self._schema, compression=self._packing)
