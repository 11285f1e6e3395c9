"""One record's article cleaned, and what is told of it: ledger rows, span attributes, a failure."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import Final, NamedTuple

from cleaner.pipeline import Cleaner
from cleaner.read.decode import decode, is_page
from cleaner.records.chunk import Page
from cleaner.records.fields import Look
from cleaner.types import Document, InputError, Result
from cleaner.write import render

_UNSAID: Final = (None, "iso8859-1", "ascii")
"""Encodings, by Python's names, that servers say when nobody told them any: the page knows better."""
_BY_RULE: Final = 1.0
"""The chance that span attributes give for what a rule or a repeat says; the ledger gives none there."""


class Article(NamedTuple):
    """What a record holds of an article. `body` is text, or a page where `page`; bytes only of pages."""

    body: str | bytes
    page: bool = False
    url: str | None = None
    lang: str | None = None
    title: str | None = None
    encoding: str | None = None


def of_page(page: Page) -> Article:
    """The article that a record of a web archive holds."""
    if not page.page:
        return Article(page.body.decode("utf-8", "replace"), url=page.url)
    said = page.encoding and codecs.lookup(page.encoding).name
    encoding = None if said in _UNSAID or _is_utf8(page.body) else said
    return Article(page.body, True, url=page.url, encoding=encoding)


def of_file(data: bytes) -> Article:
    """The article that a file of one holds. Raises InputError for binary data."""
    return Article(data, True) if is_page(data) else Article(decode(data)[0])


def _is_utf8(data: bytes) -> bool:
    try:
        return not data.isascii() and bool(data.decode())
    except UnicodeDecodeError:
        return False


class Cleaned(NamedTuple):
    """The text to write, and how it came about."""

    text: str
    result: Result


class Failure(NamedTuple):
    """Why a record could not be cleaned."""

    reason: str


def clean_article(cleaner: Cleaner, article: Article, look: Look = Look()) -> Cleaned | Failure:
    """The article cleaned. Whatever goes wrong costs this article alone, and is said."""
    try:
        result = cleaner.clean_document(_read(cleaner, article, look))
        if look.format == "markdown":
            from cleaner.write.markdown import markdown

            return Cleaned(markdown(result, cleaner.tidy), result)
        return Cleaned(render.paragraphs(result.text, look.paragraphs), result)
    except InputError as error:
        return Failure(str(error))
    except MemoryError:
        return Failure("memory ran out")
    except Exception as error:
        return Failure(f"not cleaned, by a fault of this program: {type(error).__name__}: {error}")


def clean_articles(
    cleaner: Cleaner,
    articles: Sequence[Article | Failure | None],
    look: Look = Look(),
) -> list[Cleaned | Failure | None]:
    """Each article cleaned, in order. None is a record without an article; it stays so, as does a failure."""
    return [clean_article(cleaner, item, look) if isinstance(item, Article) else item for item in articles]


def _read(cleaner: Cleaner, article: Article, look: Look) -> Document:
    if not article.page:
        if isinstance(article.body, bytes):
            raise InputError("text must be text, not bytes")
        return cleaner.read(article.body, url=article.url, title=article.title, lang=article.lang)
    return cleaner.read_html(
        article.body,
        url=article.url,
        title=article.title,
        lang=article.lang,
        encoding=article.encoding,
        tables=look.tables,
    )


def ledger(result: Result, name: str) -> list[dict[str, object]]:
    """A row a removal, in order. Offsets count code points of the document's text: the input, but where something had
    to be mended, and of a page what it shows."""
    text = result.document.text
    return [
        {
            "id": name,
            "start": item.start,
            "end": item.end,
            "kind": item.kind,
            "by": item.by,
            "chance": item.chance,
            "text": text[item.start : item.end],
        }
        for item in result.removed
    ]


def spans(result: Result) -> dict[str, list[list[float]]]:
    """The removals as span attributes, in the layout that Dolma's tools read; by kind, in order."""
    found: dict[str, list[list[float]]] = {}
    for item in result.removed:
        chance = _BY_RULE if item.chance is None else item.chance
        found.setdefault(f"cleaner__{item.kind}", []).append([item.start, item.end, chance])
    return found
