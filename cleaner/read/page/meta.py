"""What a page says of itself: title, authors, date, site, language, address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from cleaner.read.page.bodies import json_ld
from cleaner.types import Meta

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_KEYS: Final = {
    "og:title": "og", "og:site_name": "site", "application-name": "app", "og:url": "url", "author": "author",
    "article:author": "author", "article.author": "author", "dc.creator": "author", "parsely-author": "author",
    "article:published_time": "date", "datepublished": "date", "date": "date", "dc.date": "date", "pubdate": "date",
    "dc.date.issued": "date", "parsely-pub-date": "date", "sailthru.date": "date", "article:published": "date",
    "og:locale": "locale", "content-language": "language", "language": "language",
}  # fmt: skip
"""Names of `<meta>`, and what they are called here."""
_SAID: Final = 2000
"""Characters of a value that are looked at."""
_TITLE: Final = 300
"""Characters of a title; what is longer is none. Likewise of a name."""
_NAME: Final = 80
_AUTHORS: Final = 20
_DATA: Final = 100_000
"""Characters of a JSON-LD script that is read here: 2 ms of parsing. Longer ones hold whole articles or shops."""
_ITEMS: Final = 200
_HEADLINES: Final = 5
_PIECES: Final = 50
"""How many pieces of an `<h1>` are read: one that is never closed holds the page."""
_BEGUN: Final = 10
"""Characters of a shown headline from which a title that begins with it goes on with something else."""
_DATE: Final = re.compile(r"(\d{4})([-/.]?)(\d\d)\2(\d\d)(?!\d)")
_LANG: Final = re.compile(r"([a-z]{2,3})(?:[-_,; ]|$)")
_BY: Final = re.compile(r"by:?\s+", re.IGNORECASE)
_NO_NAME: Final = re.compile(r"[@/{}<>\[\]|]|\bwww\.|\.com\b", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\s*[;,]\s*|\s+(?:and|und|et|y|&)\s+")
_SEAM: Final = re.compile(r"\s+(?:[|\-–—·•:»«/~]|::|\|\|)\s+")
"""What stands between a headline and the site's name."""
_HOST: Final = re.compile(r"^www\.|\.(?:com?|org|net|ac|gov)?\.?[a-z]{2,6}$")
_AROUND_TITLE: Final = ("head", "html", "body")
"""A title elsewhere is a drawing's."""
_WEB: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_LETTER: Final = re.compile(r"[^\W_]+")


class _Said(NamedTuple):
    """What a page's elements say, as they say it."""

    values: dict[str, str]
    """The first of each, by the names that `_KEYS` gives, with `title` and `canonical`."""
    authors: list[str]
    headlines: list[HtmlElement]
    scripts: list[HtmlElement]


def of_tree(root: HtmlElement) -> Meta:
    """What stands in the page's head, its `<h1>` and its JSON-LD. One pass over the elements, none over the text."""
    said = _said(root)
    values = said.values
    items = list(islice(json_ld(said.scripts, _DATA), _ITEMS))
    article = _article(items)
    url = _url(values.get("canonical")) or _url(values.get("url"))
    site = _text(values.get("site"), _NAME) or next(iter(_named(article.get("publisher"), items)), None)
    host = urlsplit(url or "").hostname or ""
    names = (site, _text(values.get("app"), _NAME), host, _HOST.sub("", host))
    own = {_folded(name) for name in names if name}
    return Meta(
        title=_title(said, article.get("headline"), own),
        authors=_people((_named(article.get("author"), items), said.authors), own),
        date=_date(values.get("date")) or _date(article.get("datePublished")),
        site=site,
        lang=next(filter(None, map(_lang, (root.get("lang"), values.get("locale"), values.get("language")))), None),
        url=url,
    )


def of_trafilatura(root: HtmlElement, url: str | None) -> Meta:
    """What `of_tree` finds, and what it does not from trafilatura, which looks at the text too.

    In that order: of 360 real pages it has the known title of 269, trafilatura that of 201."""
    from trafilatura.metadata import extract_metadata

    own = of_tree(root)
    try:
        found = extract_metadata(root, url)
    except Exception:  # whatever breaks in it or below it, the head was read
        return own
    return Meta(
        title=own.title or _text(found.title, _TITLE),
        authors=own.authors or _names(str(found.author or "").split(";")),
        date=own.date or _date(found.date),
        site=own.site or _text(found.sitename, _NAME),
        lang=own.lang or _lang(found.language),
        url=own.url or _url(found.url),
    )


def _said(root: HtmlElement) -> _Said:
    said = _Said({}, [], [], [])
    for node in root.iter("meta", "link", "title", "h1", "script"):
        tag = node.tag
        if tag == "meta":
            named = node.get("property") or node.get("name") or node.get("itemprop") or node.get("http-equiv") or ""
            name = _KEYS.get(named.lower())
            if name == "author":
                said.authors.append(node.get("content") or "")
            elif name:
                said.values.setdefault(name, node.get("content") or "")
        elif tag == "link":
            if (node.get("rel") or "").lower() == "canonical":
                said.values.setdefault("canonical", node.get("href") or "")
        elif tag == "title":
            around = node.getparent()
            if around is not None and around.tag in _AROUND_TITLE:
                said.values.setdefault("title", node.text or "")
        else:
            (said.headlines if tag == "h1" else said.scripts).append(node)
    return said


def _text(value: Any, longest: int) -> str | None:
    """A value with its white space collapsed and its entities read; None if there is none, or too much to be one."""
    if not isinstance(value, str):
        return None
    value = " ".join(unescape(value[:_SAID]).split())
    return value if 0 < len(value) <= longest else None


def _article(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The first that has a headline, else a date of publication."""
    for key in ("headline", "datePublished"):
        for item in items:
            if key in item:
                return item
    return {}


def _named(value: Any, items: list[dict[str, Any]]) -> list[str]:
    """Names of people or firms: they stand as text, as things with a name, or as a thing that is named elsewhere."""
    names = []
    for one in value[:_AUTHORS] if isinstance(value, list) else [value]:
        if isinstance(one, dict) and "name" not in one and "@id" in one:
            one = next((item for item in items if item.get("@id") == one["@id"] and "name" in item), one)
        name = _text(one.get("name") if isinstance(one, dict) else one, _TITLE)
        if name:
            names.append(name)
    return names


def _title(said: _Said, headline: Any, own: set[str]) -> str | None:
    """The headline: as made for sharing, as data, as shown, or else the page's title. What only follows the shown one
    and the names of the site are left away."""
    texts = ("".join(islice(node.itertext(), _PIECES)) for node in said.headlines[:_HEADLINES])
    shown = [text for text in (_text(text, _TITLE) for text in texts) if text and _folded(text) not in own]
    for value in (said.values.get("og"), headline, *shown, said.values.get("title")):
        title = _text(value, _TITLE)
        if title and _folded(title) not in own:
            begun = (text for text in shown if len(text) >= _BEGUN and _folded(title).startswith(_folded(text)))
            return next(begun, None) or _without_site(title, own)
    return _text(said.values.get("title"), _TITLE)


def _without_site(title: str, own: set[str]) -> str:
    """The title without the site's name behind or before it."""
    seams = list(_SEAM.finditer(title))
    if seams and _folded(title[seams[-1].end() :]) in own:
        return title[: seams[-1].start()]
    if seams and _folded(title[: seams[0].start()]) in own:
        return title[seams[0].end() :]
    return title


def _folded(name: str) -> str:
    return "".join(_LETTER.findall(name.casefold()))


def _people(told: Iterable[Iterable[str]], own: set[str]) -> tuple[str, ...]:
    """The first of these rows of names that names others than the site, without it; else the first that names any."""
    rows = [_names(values) for values in told]
    others = [tuple(name for name in row if _folded(name) not in own) for row in rows]
    return next(filter(None, (*others, *rows)), ())


def _names(values: Iterable[str]) -> tuple[str, ...]:
    """The names in texts that may hold several each. Addresses and handles are none."""
    names: list[str] = []
    for value in values:
        for part in _BETWEEN.split(_text(value, _TITLE) or ""):
            name = _BY.sub("", part)
            if 1 < len(name) <= _NAME and name not in names and not _NO_NAME.search(name):
                names.append(name)
    return tuple(names[:_AUTHORS])


def _date(value: Any) -> str | None:
    """The day that a time begins with, if there is such a day."""
    found = _DATE.match(value.strip()) if isinstance(value, str) else None
    try:
        return date(int(found[1]), int(found[3]), int(found[4])).isoformat() if found else None
    except ValueError:
        return None


def _lang(value: str | None) -> str | None:
    found = _LANG.match((value or "").strip().lower())
    return found[1] if found else None


def _url(value: str | None) -> str | None:
    """The address, if it is whole and one of the web's."""
    value = (value or "").strip()
    if len(value) > _SAID or not _WEB.fullmatch(value):
        return None
    try:
        return value if urlsplit(value).hostname else None
    except ValueError:  # brackets around no address
        return None
