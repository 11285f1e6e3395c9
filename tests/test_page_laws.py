"""The laws of the house on pages, with scores: pages made from the corpus, and generated ones."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Result
from cleaner.types import LEVELS
from cleaner.write.normalise import TIDY
from tests.corpus import CorpusDocument, documents
from tests.pages import broken, page_of

FAST = {level: Cleaner(level=level, html_mode="fast") for level in LEVELS}
FULL = Cleaner(html_mode="full")
NAMED = [document for document in documents() if document.text.strip()]
ROWS = sorted({row.text for document in documents() for row in document.rows})


# --- pages made from the corpus -------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", NAMED, ids=lambda document: document.name)
def test_laws_on_the_corpus(document: CorpusDocument) -> None:
    level = LEVELS[NAMED.index(document) % len(LEVELS)]
    cleaner, html, url = FAST[level], page_of(document), document.head.get("url")
    result = cleaner.clean_html(html, url=url)
    assert broken(cleaner, result) == []
    assert cleaner.clean_html(html, url=url) == result
    assert all(item.chance is not None for item in result.decisions if item.by == "score")


@pytest.mark.parametrize("document", NAMED[::12], ids=lambda document: document.name)
def test_laws_in_full_mode(document: CorpusDocument) -> None:
    html = page_of(document)
    result = FULL.clean_html(html, metadata=True)
    assert broken(FULL, result) == []
    assert result.document.page is not None
    assert result.document.page.vote is not None
    assert FULL.clean_html(html, metadata=True) == result


def test_the_menu_goes_and_the_article_stays() -> None:
    long = [document for document in NAMED if len(document.expected) > 1000][::3]
    stays = [set(FAST["normal"].clean_html(page_of(document)).text.split()) for document in long]
    wanted = [set(document.expected.split()) for document in long]
    assert sum("Weather" in words for words in stays) <= len(long) / 10
    assert sum(len(words & said) / len(words) for words, said in zip(wanted, stays, strict=True)) / len(long) > 0.9


@pytest.mark.parametrize("document", NAMED[::15], ids=lambda document: document.name)
def test_only_the_named_steps_change_text(document: CorpusDocument) -> None:
    html = page_of(document).replace("</p>", " &amp;amp; sons\u200b.</p>").replace("</h1>", "\x84</h1>")
    result = FAST["normal"].clean_html(html)
    named = [name for name, _ in TIDY if name in result.steps]
    only = Cleaner(steps=[*result.document.mended, *named], html_mode="fast")
    assert only.clean_html(html).text == result.text
    assert {"invisible", "entities"} <= set(named) or not result.text
    assert "controls" in result.steps


# --- no state -------------------------------------------------------------------------------------------------------

SOME = [page_of(document) for document in NAMED[::9]]


def results(cleaner: Cleaner, pages: Iterable[str]) -> list[Result]:
    return [cleaner.clean_html(page) for page in pages]


@pytest.fixture(scope="module")
def first() -> list[Result]:
    return results(FAST["normal"], SOME)


def test_order_does_not_matter(first: list[Result]) -> None:
    assert results(Cleaner(html_mode="fast"), SOME[::-1])[::-1] == first


def test_threads_do_not_matter(first: list[Result]) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(FAST["normal"].clean_html, SOME)) == first


def test_a_pickled_cleaner_cleans_the_same(first: list[Result]) -> None:
    copy = pickle.loads(pickle.dumps(FAST["normal"]))
    assert results(copy, SOME) == first
    assert pickle.loads(pickle.dumps(first)) == first


def test_bytes_and_text_give_the_same(first: list[Result]) -> None:
    found = results(FAST["normal"], SOME)
    given = [FAST["normal"].clean_html(page.encode()) for page in SOME]
    assert [(one.text, one.decisions) for one in given] == [(one.text, one.decisions) for one in found]
    assert found == first


# --- generated pages ------------------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.sampled_from(ROWS).map(escape),
    st.sampled_from(
        ("Sign up to our newsletter", "Share", "By Nora Whitcombe", "&nbsp;", "don\u00e2\u20ac\u2122t", "\0x", "")
    ),
    st.text(alphabet=" \n\t.!?\"'“”’-–…aBcÉß0\u200b\u00ad\xa0&;#\r\u2028。\u0301\x85", max_size=12),
)
TAGS = st.sampled_from((
    "p", "p", "p", "div", "ul", "li", "ol", "table", "tr", "td", "th", "pre", "blockquote", "a href='/x'", "b", "code",
    "h2", "nav", "article class='story'", "aside id=promo", "span", "figcaption", "script", "noscript",
    "section hidden",
))  # fmt: skip


def boxed(tag: str, parts: list[str]) -> str:
    return f"<{tag}>{''.join(parts)}</{tag.split()[0]}>"


BOXES = st.recursive(TEXTS, lambda inner: st.builds(boxed, TAGS, st.lists(inner, max_size=5)), max_leaves=25)


@settings(max_examples=150, deadline=None)
@given(BOXES, st.sampled_from(LEVELS))
def test_laws_on_generated_pages(html: str, level: str) -> None:
    cleaner, html = FAST[level], f"<html><body>{html}</body></html>"
    result = cleaner.clean_html(html)
    assert broken(cleaner, result) == []
    assert cleaner.clean_html(html) == result


@settings(max_examples=25, deadline=None)
@given(BOXES)
def test_laws_on_generated_pages_in_full_mode(html: str) -> None:
    html = f"<html><body>{html}</body></html>"
    assert broken(FULL, FULL.clean_html(html, metadata=True)) == []


@settings(max_examples=100, deadline=None)
@given(st.text() | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_laws_on_any_text_taken_for_a_page(text: str) -> None:
    assert broken(FAST["strict"], FAST["strict"].clean_html(text)) == []
    assert broken(FAST["strict"], FAST["strict"].clean_html("<p>" + text)) == []
