"""The articles of a corpus one after the other, whatever they come in: what the tools for rules count over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.pipeline import Cleaner
from cleaner.read.input import Input
from cleaner.read.unpack import unpacked
from cleaner.records import jsonline
from cleaner.records.article import Article, of_file, of_page
from cleaner.records.chunk import Chunk, FileItem, Page, Reject
from cleaner.records.fields import Fields
from cleaner.records.source import Reader
from cleaner.types import Document, InputError


class Named(NamedTuple):
    """An article, and where it stands: `FILE:NUMBER`, or the file's name."""

    place: str
    article: Article


def articles(inputs: Sequence[Input], fields: Fields) -> Iterator[Named | Reject]:
    """Every article of the inputs, in order, a bounded part of them in memory; a Reject for what cannot be read.
    Records without text are left out."""
    for item in inputs:
        if item.stream is not None and item.shape in ("page", "text"):  # one article, through a pipe
            data = item.stream.read()
            yield Named("standard input", of_file(data))
            continue
        for chunk in Reader([item]):
            if isinstance(chunk, Reject):
                yield chunk
            elif chunk.kind == "parquet":
                yield from _of_table(chunk, fields)
            else:
                yield from _of_chunk(chunk, fields)


def document(cleaner: Cleaner, article: Article, url: str | None = None) -> Document:
    """The article as it is judged; `url` is its address where it says none. Raises InputError."""
    url, title, lang = article.url or url, article.title, article.lang
    if article.page:
        return cleaner.read_html(article.body, url=url, title=title, lang=lang, encoding=article.encoding)
    assert isinstance(article.body, str)
    return cleaner.read(article.body, url=url, title=title, lang=lang)


def _of_chunk(chunk: Chunk, fields: Fields) -> Iterator[Named | Reject]:
    for number, item in enumerate(chunk.items, chunk.first):
        try:
            found = _read(item, fields)
        except InputError as error:
            at = item.number if isinstance(item, Page) else 0 if isinstance(item, FileItem) else number
            yield Reject(item.name if isinstance(item, FileItem) else chunk.file, at, str(error), None)
            continue
        if found is not None:
            yield Named(item.name if isinstance(item, FileItem) else f"{chunk.file}:{number}", found)


def _read(item: object, fields: Fields) -> Article | None:
    """The article of a record: a file's name, a page of an archive, a line of JSON. Raises InputError."""
    if isinstance(item, FileItem):
        try:
            return of_file(unpacked(Path(item.name).read_bytes() if item.data is None else item.data))
        except OSError as error:
            raise InputError(error.strerror or str(error)) from None
    if isinstance(item, Page):
        return of_page(item)
    assert isinstance(item, bytes)
    try:
        return jsonline.article(jsonline.JsonLine(item.decode()), fields) if item.strip() else None
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}") from None


def _of_table(chunk: Chunk, fields: Fields) -> Iterator[Named | Reject]:
    from cleaner.records import table

    batch = chunk.items[0]
    try:
        table.check(batch.schema, fields)  # type: ignore[attr-defined]
    except InputError as error:
        yield Reject(chunk.file, chunk.first, str(error), None)
        return
    for number, item in enumerate(table.articles(batch, fields), chunk.first):
        if isinstance(item, Article):
            yield Named(f"{chunk.file}:{number}", item)
