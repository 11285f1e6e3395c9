"""What pages say of themselves: which of several is believed, and what is refused."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from cleaner.read.page import parse
from cleaner.read.page.meta import of_trafilatura, of_tree
from cleaner.types import Meta


def read(html: str) -> Meta:
    root = parse(html)
    assert root is not None
    return of_tree(root)


def named(**values: str) -> str:
    """`<meta>` elements; `__` stands for a colon."""
    return "".join(f'<meta property="{key.replace("__", ":")}" content="{value}">' for key, value in values.items())


def data(item: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(item)}</script>'


def by(author: str) -> str:
    return f'<meta name="author" content="{author}">'


SITE = named(og__site_name="Harbour Post")
TITLES = {
    "og-first": (named(og__title="Boats") + data({"headline": "Ships"}) + "<title>Rafts</title><h1>Tugs</h1>", "Boats"),
    "og-behind-title": ("<title>Rafts</title>" + named(og__title="Boats"), "Boats"),
    "headline": (data({"headline": "Ships"}) + "<title>Rafts</title><h1>Tugs</h1>", "Ships"),
    "h1": ("<title>Rafts</title><h1>\n Two <b>tugs</b>\n</h1>", "Two tugs"),
    "second-h1": (SITE + "<title>Rafts</title><h1>Harbour  Post</h1><h1>Tugs</h1>", "Tugs"),
    "title": ("<title>\n Rafts &amp; boats</title>", "Rafts & boats"),
    "title-and-site": (SITE + "<title>Rafts | Harbour Post</title>", "Rafts"),
    "title-dash": (SITE + "<title>Rafts - a tale – Harbour post</title>", "Rafts - a tale"),
    "site-before": (SITE + "<title>Harbour Post: | Rafts</title>", "Rafts"),
    "og-and-site": (SITE + named(og__title="Rafts | Harbour Post"), "Rafts"),
    "host": ("<link rel=canonical href='https://www.harbourpost.co.uk/a'><title>Rafts | Harbour Post</title>", "Rafts"),
    "publisher": (data({"headline": "Rafts — Post", "publisher": {"name": "Post"}}), "Rafts"),
    "no-site": (SITE + "<title>Rafts | Boats</title>", "Rafts | Boats"),
    "no-seam": (SITE + "<title>The Harbour Post</title>", "The Harbour Post"),
    "goes-on": (named(og__title="Two tugs sink – News – 1 May") + "<h1>Two tugs sink</h1>", "Two tugs sink"),
    "only-the-site": (SITE + "<title>Harbour Post</title>", "Harbour Post"),
    "twice-escaped": (named(og__title="Boats &amp;#8217;n&amp;#8217; tugs"), "Boats ’n’ tugs"),
    "drawing": ("<svg><title>Icon</title></svg><p>x", None),
    "too-long": (named(og__title="x" * 301) + "<title>Rafts</title>", "Rafts"),
    "blank": (named(og__title=" \n") + "<title>Rafts</title>", "Rafts"),
    "headline-of-no-text": (data({"headline": ["Ships"]}) + "<title>Rafts</title>", "Rafts"),
    "open-h1": ("<title>Rafts</title><h1>" + "<p>text that goes on " * 99, "Rafts"),
    "none": ("<p>x", None),
}
ANN, BOB = {"@type": "Person", "name": "Ann Alder"}, {"@type": "Person", "name": "Bob Birch"}
AUTHORS = {
    "meta": (by("Ann  Alder"), ["Ann Alder"]),
    "several": (by("Ann Alder") + by("Bob Birch"), ["Ann Alder", "Bob Birch"]),
    "joined": (by("By Ann Alder, Bob Birch and Cy Cole"), ["Ann Alder", "Bob Birch", "Cy Cole"]),
    "twice": (by("Ann Alder; Ann Alder"), ["Ann Alder"]),
    "address": (named(article__author="https://example.org/ann"), []),
    "handle": (by("@ann"), []),
    "long": (by("Ann " * 30), []),
    "data": (data({"headline": "x", "author": ANN}), ["Ann Alder"]),
    "data-list": (data({"headline": "x", "author": [ANN, BOB]}), ["Ann Alder", "Bob Birch"]),
    "data-text": (data({"headline": "x", "author": "Ann Alder"}), ["Ann Alder"]),
    "data-elsewhere": (
        data({"@graph": [{"headline": "x", "author": {"@id": "#a"}}, {"@id": "#b", "name": "B"}, ANN | {"@id": "#a"}]}),
        ["Ann Alder"],
    ),
    "data-nowhere": (data({"headline": "x", "author": {"@id": "#a"}}), []),
    "data-first": (data({"headline": "x", "author": BOB}) + by("Ann Alder"), ["Bob Birch"]),
    "of-the-comment": (data({"headline": "x", "comment": [{"text": "y", "author": BOB}]}), []),
    "not-the-site": (
        SITE + data({"headline": "x", "author": {"name": "Harbour Post"}}) + by("Ann Alder"),
        ["Ann Alder"],
    ),
    "the-site": (SITE + data({"headline": "x", "author": {"name": "Harbour Post"}}), ["Harbour Post"]),
    "many": (data({"headline": "x", "author": [f"A{number}" for number in range(99)]}), [f"A{n}" for n in range(20)]),
}  # fmt: skip
DATES = {
    "time": (named(article__published_time="2024-05-03T10:00:00+02:00"), "2024-05-03"),
    "day": ('<meta name="date" content=" 2024-05-03">', "2024-05-03"),
    "no-dashes": ('<meta name="pubdate" content="20240503">', "2024-05-03"),
    "slashes": ('<meta name="DC.date.issued" content="2024/05/03">', "2024-05-03"),
    "itemprop": ('<body><meta itemprop="datePublished" content="2024-05-03">', "2024-05-03"),
    "data": (data({"datePublished": "2024-05-03T00:00Z"}), "2024-05-03"),
    "data-if-broken": ('<meta name="date" content="May">' + data({"datePublished": "2024-05-03"}), "2024-05-03"),
    "no-such-day": ('<meta name="date" content="2024-02-31">', None),
    "no-such-year": ('<meta name="date" content="0000-01-01">', None),
    "number": ('<meta name="date" content="171473040012">', None),
    "data-number": (data({"datePublished": 20240503}), None),
}
LANGS = {
    "html": ("<html lang='de'>", "de"),
    "region": ("<html lang='en-GB'>", "en"),
    "region-below": ("<html lang=' EN_us '>", "en"),
    "html-first": ("<html lang='de'>" + named(og__locale="fr_FR"), "de"),
    "locale": ("<html lang=''>" + named(og__locale="fr_FR"), "fr"),
    "http-equiv": ("<meta http-equiv='Content-Language' content='pl, en'>", "pl"),
    "three-letters": ("<html lang='fil'>", "fil"),
    "word": ("<html lang='english'>", None),
    "template": ("<html lang='{{ lang }}'>", None),
}
URLS = {
    "canonical": ("<link rel='canonical' href=' https://example.org/a?b=c '>", "https://example.org/a?b=c"),
    "first": (named(og__url="https://example.org/b") + "<link rel=Canonical href=https://example.org/a>", "https://example.org/a"),
    "og": (named(og__url="http://example.org/b"), "http://example.org/b"),
    "og-if-relative": ("<link rel=canonical href=/a>" + named(og__url="http://example.org/b"), "http://example.org/b"),
    "relative": ("<link rel=canonical href=//example.org/a>", None),
    "script": ("<link rel=canonical href='javascript:alert(1)'>", None),
    "file": ("<link rel=canonical href=file:///etc/a>", None),
    "no-host": ("<link rel=canonical href='https:///a'>", None),
    "no-address": ("<link rel=canonical href='https://[a'>", None),
    "spaces": ("<link rel=canonical href='https://example.org/a b'>", None),
    "long": (f"<link rel=canonical href='https://example.org/{'a' * 2000}'>", None),
    "alternate": ("<link rel=alternate href=https://example.org/a>", None),
}  # fmt: skip
SITES = {
    "og": (SITE, "Harbour Post"),
    "publisher": (data({"headline": "x", "publisher": {"name": "Harbour Post"}}), "Harbour Post"),
    "none": (named(og__title="x"), None),
    "too-long": (named(og__site_name="x" * 81), None),
}


@pytest.mark.parametrize(("html", "title"), TITLES.values(), ids=TITLES)
def test_title(html: str, title: str | None) -> None:
    assert read(html).title == title


@pytest.mark.parametrize(("html", "authors"), AUTHORS.values(), ids=AUTHORS)
def test_authors(html: str, authors: list[str]) -> None:
    assert read(html).authors == tuple(authors)


@pytest.mark.parametrize(("html", "date"), DATES.values(), ids=DATES)
def test_date(html: str, date: str | None) -> None:
    assert read(html).date == date


@pytest.mark.parametrize(("html", "lang"), LANGS.values(), ids=LANGS)
def test_lang(html: str, lang: str | None) -> None:
    assert read(html + "<p>x").lang == lang


@pytest.mark.parametrize(("html", "url"), URLS.values(), ids=URLS)
def test_url(html: str, url: str | None) -> None:
    assert read(html).url == url


@pytest.mark.parametrize(("html", "site"), SITES.values(), ids=SITES)
def test_site(html: str, site: str | None) -> None:
    assert read(html).site == site


BYLINE = (
    "<html><body><h1>Tugs sink in the harbour</h1><span class='author'>Ann Alder</span><p>Long text.</p></body></html>"
)


def test_trafilatura_fills_what_the_head_lacks() -> None:
    root = parse("<head>" + SITE + named(og__title="Boats") + "</head>" + BYLINE, shared=True)
    assert root is not None
    own, found = of_tree(root), of_trafilatura(root, "https://example.org/2024/05/03/tugs")
    assert (own.title, own.authors, own.date, own.site) == ("Boats", (), None, "Harbour Post")
    assert (found.title, found.authors, found.date, found.site) == (
        "Boats",
        ("Ann Alder",),
        "2024-05-03",
        "Harbour Post",
    )


def test_trafilatura_may_break(monkeypatch: pytest.MonkeyPatch) -> None:
    from trafilatura import metadata

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(metadata, "extract_metadata", broken)
    root = parse(BYLINE, shared=True)
    assert root is not None
    assert of_trafilatura(root, None) == of_tree(root) == Meta(title="Tugs sink in the harbour")


HOSTILE = {
    "headings": "<h1>" + "<b>x" * 20_000,
    "many-headings": "<h1>x</h1>" * 50_000,
    "metas": by("a and b") * 50_000,
    "value": f'<meta property="og:title" content="{" - " * 500_000}">',
    "authors": data({"headline": "x", "author": [{"@id": "y"}] * 6000}),
    "scripts": data({"a": 1}) * 20_000,
    "address": f'<link rel=canonical href="https://{"[" * 500_000}">',
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_take_linear_time(html: str) -> None:
    root = parse(html)
    assert root is not None
    start = time.process_time()
    of_tree(root)
    assert time.process_time() - start < 1  # 0.001 to 0.2 s
