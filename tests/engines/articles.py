"""What every engine is given, and what must come out: rows of corpus documents, with columns that must not change."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from cleaner import Cleaner
from tests.corpus import documents
from tests.pages import page_of

COUNT = 30
WITHOUT_TEXT = (4, 17)
BINARY = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4
"""What cannot be cleaned."""

Row = dict[str, Any]


def adapter(name: str) -> ModuleType:
    """A module of `cleaner.integrations`; where its engine is missing, the test is skipped and says which extra."""
    return pytest.importorskip(f"cleaner.integrations.{name}", exc_type=ImportError)


@cache
def cleaner() -> Cleaner:
    """The one that every engine is compared with."""
    return Cleaner()


def rows() -> list[Row]:
    """The articles: text beside the record `meta`, and once more within the record `story`."""
    chosen = documents()[:: len(documents()) // COUNT][:COUNT]
    made = [_row(number, document.text, document.head.get("url")) for number, document in enumerate(chosen)]
    for number in WITHOUT_TEXT:
        made[number]["text"] = made[number]["story"]["body"] = None
    assert sum(clean(row["text"], row["url"]) != row["text"] for row in made) > COUNT / 2
    return made


def _row(number: int, text: str, url: str | None) -> Row:
    return {
        "number": number,
        "text": text,
        "url": url,
        "tags": ["a", None, "é" * (number % 3)][: number % 4],
        "meta": {"score": number / 7, "by": {"name": f"N. {number}", "ids": [number, number + 1]}},
        "story": {"rank": number, "body": text},
        "seen": datetime(2026, 3, 29, 0, 30, 0, 123456, UTC) + timedelta(hours=number),
        "done": None if number % 5 == 0 else number % 2 == 0,
    }


def clean(text: str | None, url: str | None = None, **options: Any) -> str | None:
    """The text as a bare call cleans it."""
    made = Cleaner(**options) if options else cleaner()
    return None if text is None else made.clean(text, url=url).text


def cleaned(given: list[Row]) -> list[Row]:
    """What must come out: the very rows, but for `text`."""
    return [row | {"text": clean(row["text"], row["url"])} for row in given]


def cleaned_within(given: list[Row]) -> list[Row]:
    """The same where `story.body` is cleaned."""
    made = copy.deepcopy(given)
    for row in made:
        row["story"]["body"] = clean(row["story"]["body"], row["url"])
    return made


def pages() -> list[Row]:
    """A few pages, one row without, and one that cannot be cleaned."""
    made: list[Row] = [{"number": number, "page": page_of(document).encode()} for number, document in _few()]
    return [*made, {"number": 8, "page": None}, {"number": 9, "page": BINARY}]


def _few() -> list[tuple[int, Any]]:
    return list(enumerate(documents()[::20]))


def page_texts() -> list[str | None]:
    """What `pages` must become with `html_mode="fast"`."""
    fast = Cleaner(html_mode="fast")
    return [None if row["page"] in (None, BINARY) else fast.clean_html(row["page"]).text for row in pages()]
