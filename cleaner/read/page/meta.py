"""What a page says of itself: title, authors, date, site, language, address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cleaner.types import Meta

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANG: Final = re.compile(r"[a-zA-Z]{2,3}\b")
_NAMES: Final = {
    "og:title": "title", "twitter:title": "title", "og:site_name": "site", "author": "author",
    "article:published_time": "date", "datepublished": "date", "date": "date", "og:url": "url",
}  # fmt: skip


def of_tree(root: HtmlElement) -> Meta:
    """What stands in the page's head, read here."""
    said: dict[str, str] = {}
    for node in root.iter("meta", "link", "title", "h1"):
        tag = node.tag
        if tag == "meta":
            name = _NAMES.get((node.get("property") or node.get("name") or node.get("itemprop") or "").lower())
            value = " ".join((node.get("content") or "").split())
        elif tag == "link":
            name, value = ("canonical" if (node.get("rel") or "").lower() == "canonical" else None), node.get("href")
        else:
            name, value = tag, " ".join("".join(node.itertext()).split())
        if name and value:
            said.setdefault(name, value)
    date, lang = _DATE.match(said.get("date", "")), _LANG.match(root.get("lang") or "")
    return Meta(
        title=said.get("title") or said.get("h1") or said.get("title"),
        authors=(said["author"],) if "author" in said else (),
        date=date[0] if date else None,
        site=said.get("site"),
        lang=lang[0].lower() if lang else None,
        url=said.get("canonical") or said.get("url"),
    )


def of_trafilatura(root: HtmlElement, url: str | None) -> Meta:
    """What trafilatura finds, and from the head what it does not."""
    from trafilatura.metadata import extract_metadata

    own = of_tree(root)
    try:
        found = extract_metadata(root, url)
    except Exception:  # whatever breaks in it or below it, the head was read
        return own
    authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
    return Meta(
        found.title or own.title, authors or own.authors, found.date or own.date, found.sitename or own.site,
        own.lang or found.language, found.url or own.url,
    )  # fmt: skip
