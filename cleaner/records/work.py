"""What a worker does with a chunk. Knows no files but those that are records themselves, and no other chunk."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.pipeline import Cleaner
from cleaner.read.unpack import unpacked
from cleaner.records import jsonline
from cleaner.records.article import Article, Cleaned, Failure, clean_article, ledger, of_file, of_page, spans
from cleaner.records.chunk import Chunk, Done, FileItem, Page, Reject
from cleaner.records.fields import SPANS, Fields, Look
from cleaner.records.jsonline import JsonLine, dumps
from cleaner.types import InputError


@dataclass(frozen=True, slots=True)
class Work:
    """What to do with each record; picklable."""

    cleaner: Cleaner
    fields: Fields
    look: Look
    ledger: bool = False
    """Whether ledger rows are wanted."""

    def __call__(self, chunk: Chunk) -> Done:
        """The chunk's records cleaned, in order."""
        done = Done()
        done.tally.bytes_in += chunk.size
        done.tally.skipped += chunk.skipped
        if chunk.kind == "parquet":
            self._table(chunk, done)
            return done
        each: Any = {"jsonl": self._line, "warc": self._page, "file": self._file}[chunk.kind]
        lines = []
        for number, item in enumerate(chunk.items, chunk.first):
            if isinstance(item, Page):
                number = item.number
            try:
                line = each(item, f"{chunk.file}:{number}", done)
            except InputError as error:
                done.rejects.append(rejected(chunk, number, str(error), item))
                done.tally.rejected += 1
            else:
                lines.append(line)
        done.out = [b"".join(lines)]
        return done

    def _line(self, raw: bytes, place: str, done: Done) -> bytes:
        if not raw.strip():
            return b""  # a blank line is no record
        try:
            record = JsonLine(raw.decode())
        except UnicodeDecodeError as error:
            raise InputError(f"not UTF-8 at byte {error.start}") from None
        item = jsonline.article(record, self.fields)
        if item is None:
            done.tally.documents += 1
            done.tally.without_text += 1
            return raw + b"\n"
        made = self._cleaned(item)
        done.tally.missing.update(jsonline.missing(record, self.fields))
        self._put(record, made.cleaned)
        line = record.written().encode() + b"\n"
        name = jsonline.name_of(record, self.fields)
        self._count(made, place if name is None else name, done)
        return line

    def _page(self, page: Page, place: str, done: Done) -> bytes:
        made = self._cleaned(of_page(page))
        line = self._made({"id": page.id, "url": page.url, "date": page.date}, made)
        self._count(made, page.id, done)
        return line

    def _file(self, file: FileItem, place: str, done: Done) -> bytes:
        try:
            data = unpacked(Path(file.name).read_bytes() if file.data is None else file.data)
        except OSError as error:
            raise InputError(error.strerror or str(error)) from None
        if not data.strip():
            return b""  # no record is in there
        made = self._cleaned(of_file(data))
        line = self._made({"id": file.name}, made)
        done.tally.bytes_in += len(data) if file.data is None else 0
        self._count(made, file.name, done)
        return line

    def _made(self, known: dict[str, object], made: _Made) -> bytes:
        """The line of a record that was no JSON."""
        record = JsonLine(dumps(known | {"title": made.cleaned.result.title}))
        self._put(record, made.cleaned)
        return record.written().encode() + b"\n"

    def _put(self, record: JsonLine, cleaned: Cleaned) -> None:
        for field, clean in self.fields.puts:
            record.put(field, cleaned.text if clean else cleaned.result.document.text)
        if self.fields.spans:
            known = record.get(SPANS) if SPANS in record.names() else None
            if known is not None and not isinstance(known, dict):
                raise InputError(f"field {SPANS!r} is {jsonline.kind_of(known)}; it must be an object")
            stale = {name for name in known or {} if name.startswith("cleaner__")}
            found = spans(cleaned.result) | {name: [] for name in sorted(stale - set(spans(cleaned.result)))}
            if known is None:
                record.put(SPANS, found)
            for kind, rows in found.items() if known is not None else ():
                record.put(f"{SPANS}.{kind}", rows)

    def _table(self, chunk: Chunk, done: Done) -> None:
        import pyarrow as pa

        from cleaner.records import table

        batch = chunk.items[0]
        assert isinstance(batch, pa.RecordBatch)
        outcomes: list[Cleaned | Failure | None] = []
        said = table.names(batch, self.fields)
        for i, item in enumerate(table.articles(batch, self.fields)):
            try:
                if isinstance(item, Failure):
                    raise InputError(item.reason)
                if item is None:
                    outcomes.append(None)
                    continue
                made = self._cleaned(item)
                self._count(made, said[i] or f"{chunk.file}:{chunk.first + i}", done)
                outcomes.append(made.cleaned)
            except InputError as error:
                outcomes.append(Failure(str(error)))
                done.rejects.append(rejected(chunk, chunk.first + i, str(error), batch.slice(i, 1)))
                done.tally.rejected += 1
        empty = outcomes.count(None)
        done.tally.documents += empty
        done.tally.without_text += empty
        clean = table.written(batch, self.fields, outcomes)
        if any(isinstance(outcome, Failure) for outcome in outcomes):
            # Not by `filter`, which some types of text have not got.
            kept = [clean.slice(i, 1) for i, outcome in enumerate(outcomes) if not isinstance(outcome, Failure)]
            done.out = list(pa.Table.from_batches(kept, clean.schema).combine_chunks().to_batches())
        else:
            done.out = [clean]

    def _cleaned(self, article: Article) -> _Made:
        """The article cleaned. Raises InputError."""
        began = time.perf_counter()
        cleaned = clean_article(self.cleaner, article, self.look)
        if isinstance(cleaned, Failure):
            raise InputError(cleaned.reason)
        return _Made(cleaned, time.perf_counter() - began)

    def _count(self, made: _Made, name: str, done: Done) -> None:
        """Counts a record that comes out, and puts it into the ledger."""
        done.tally.add(made.cleaned.result, made.cleaned.text, name, made.seconds)
        if self.ledger:
            done.ledger += b"".join(dumps(row).encode() + b"\n" for row in ledger(made.cleaned.result, name))


class _Made(NamedTuple):
    cleaned: Cleaned
    seconds: float


def rejected(chunk: Chunk, number: int, reason: str, item: object) -> Reject:
    """What is written down of a record that was not cleaned."""
    if isinstance(item, FileItem):
        return Reject(item.name, 1, reason, None)
    if chunk.kind == "parquet":
        return Reject(chunk.file, number, reason, _row(item))
    if isinstance(item, Page):
        number = item.number
    data = item.body if isinstance(item, Page) else item
    assert isinstance(data, bytes)
    try:
        return Reject(chunk.file, number, reason, data.decode())
    except UnicodeDecodeError:
        return Reject(chunk.file, number, reason, None, base64.b64encode(data).decode())


def _row(batch: Any) -> str | None:
    """A batch of one row as JSON; None for values that Python cannot hold, which may be why it was rejected."""
    try:
        return dumps(batch.to_pylist()[0], default=str)
    except Exception:
        return None


def given_up(chunk: Chunk, reason: str) -> Done:
    """What becomes of a chunk of one record that cost its worker."""
    done = Done(rejects=[rejected(chunk, chunk.first, reason, chunk.items[0])])
    done.tally.bytes_in, done.tally.skipped, done.tally.rejected = chunk.size, chunk.skipped, 1
    return done
