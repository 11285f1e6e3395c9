"""Pages as training material: a page read as `Cleaner.read_html` reads it, with the labels of its segments."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Final

from cleaner.pipeline import Cleaner
from cleaner.types import Document

PAGE: Final = "page"
"""The producer whose rows carry the page itself and trafilatura's vote."""


@cache
def _reader(vote: bool) -> Cleaner:
    return Cleaner(rules=(), scores=False, html_mode="full" if vote else "fast")


def read(html: str, url: str | None) -> Document:
    """The page with trafilatura's vote."""
    return _reader(True).read_html(html, url=url)


def of_row(row: dict[str, Any]) -> Document:
    """The page of a row, without asking trafilatura again."""
    document = _reader(False).read_html(row["html"], url=row["url"])
    if document.page is None or document.text != row["text"]:
        raise ValueError(f"{row['id']}: this version reads the page otherwise; make the data again")
    return replace(document, page=replace(document.page, vote=row["vote"]))
