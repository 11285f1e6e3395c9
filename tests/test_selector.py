"""Selectors: what they match, which blocks a rule means by them, and what is said of those that cannot be read."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest

from cleaner import Cleaner
from cleaner.judge.rulebook import Rulebook
from cleaner.judge.selector import Selectors, key, parse
from cleaner.read.page import read_page
from cleaner.types import Document, Rule

PAGE = """
<main id="Content">
  <article class="story wide" data-testid="article-body">
    <h1>Lamp</h1>
    <p class="lead">One.</p>
    <aside class="Donation-Box" aria-label="Help us"><h2>Give</h2><p>Two.</p></aside>
    <div role="complementary"><section class="newsletter__inner"><p>Three.</p></section></div>
    <ul class="related"><li>Four</li><li class="last">Five</li></ul>
  </article>
</main>"""
DOCUMENT = read_page(PAGE)


def rule(selector: str, **more: object) -> Rule:
    """A rule for what the selector matches."""
    plain = {"id": "f/r", "kind": "newsletter", "why": "w", "file": "f.toml", "line": 2, "scope": "block"}
    return Rule(**plain | {"selector": selector, "longest": 3000} | more)  # type: ignore[arg-type]


def taken(document: Document, *rules: Rule, host: str | None = None) -> list[str]:
    """What the rules take of a document."""
    found = Rulebook(rules).marked(document, host=host)
    return [document.text[item.start : item.end].replace("\n", " ") for item in found]


# --- what a selector matches --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        pytest.param("aside", ["Give Two."], id="tag"),
        pytest.param("ASIDE", ["Give Two."], id="tag-in-capitals"),
        pytest.param(".donation-box", ["Give Two."], id="class"),
        pytest.param("aside.DONATION-Box", ["Give Two."], id="class-in-capitals"),
        pytest.param("div.donation-box", [], id="class-of-another-tag"),
        pytest.param(".donation", [], id="part-of-a-class"),
        pytest.param(".story.wide", ["Lamp One. Give Two. Three. Four Five"], id="two-classes"),
        pytest.param(".story.narrow", [], id="one-of-two-classes"),
        pytest.param("#content", ["Lamp One. Give Two. Three. Four Five"], id="id"),
        pytest.param(".help", ["Give Two."], id="a-word-of-a-label-is-a-class-too"),
        pytest.param("[class=related]", ["Four Five"], id="attribute"),
        pytest.param("[ class ~= 'related' ]", ["Four Five"], id="one-word-of-an-attribute"),
        pytest.param('[data-testid="article-body"]', ["Lamp One. Give Two. Three. Four Five"], id="test-id"),
        pytest.param("[role=complementary]", ["Three."], id="role"),
        pytest.param("[class*=letter__]", ["Three."], id="part"),
        pytest.param("[class^=newsletter]", ["Three."], id="beginning"),
        pytest.param("[class^=letter]", [], id="not-the-beginning"),
        pytest.param("[class$=inner]", ["Three."], id="end"),
        pytest.param("[class$=newsletter]", [], id="not-the-end"),
        pytest.param("[class*=aside]", [], id="a-tag-is-no-part-of-a-class"),
        pytest.param("article p", ["One.", "Two.", "Three."], id="below"),
        pytest.param("article > p", ["One."], id="child"),
        pytest.param("article>p", ["One."], id="child-without-spaces"),
        pytest.param("main > p", [], id="not-a-child"),
        pytest.param("main article > div p", ["Three."], id="below-a-child"),
        pytest.param("div > section > p", ["Three."], id="child-of-a-child"),
        pytest.param("main > section p", [], id="below-what-is-no-child"),
        pytest.param("article > *.related", ["Four Five"], id="any-tag"),
        pytest.param("ul > *", ["Four", "Five"], id="any-child"),
        pytest.param("li:not(.last)", ["Four"], id="not-a-class"),
        pytest.param("article > :not(aside):not( [class*=rel] ):not(h1)", ["One.", "Three."], id="not-several"),
        pytest.param("aside, .lead ,ul", ["One.", "Give Two.", "Four Five"], id="alternatives"),
        pytest.param("aside, aside.donation-box h2", ["Give Two."], id="one-inside-the-other"),
        pytest.param("article article", [], id="not-below-itself"),
        pytest.param("p p", [], id="not-twice"),
        pytest.param(".none", [], id="nothing"),
    ],
)
def test_what_it_matches(selector: str, expected: list[str]) -> None:
    assert taken(DOCUMENT, rule(selector)) == expected


def test_the_nearest_one_around_need_not_be_the_one() -> None:
    """`.a > div p` where only the outer div is a child of `.a`."""
    document = read_page('<section class="a"><div><section><div><p>One.</p></div></section></div></section>')
    assert taken(document, rule(".a > div p")) == ["One."]


@pytest.mark.parametrize("depth", [10, 1000])
def test_it_is_one_pass_however_deep(depth: int) -> None:
    document = read_page("<div>" * depth + "<p>One.</p>")
    start = time.thread_time()
    assert taken(document, rule("div div div div div div div div div div p.none, p.none")) == []
    assert taken(document, rule("div div div div div div div p")) == ["One."]
    assert time.thread_time() - start < 2


# --- which blocks go ----------------------------------------------------------------------------------------------

LONG = "Light. " * 60


@pytest.mark.parametrize(
    ("html", "more", "expected"),
    [
        pytest.param("<div class=a><p>One.</p><p>Two.</p></div>", {}, ["One. Two."], id="together"),
        pytest.param("<div class=a><p>One.</p><p>Two.</p></div>", {"scope": "segment"}, ["One.", "Two."], id="each"),
        pytest.param("<div class=a>One.</div><div class=a>Two.</div>", {}, ["One.", "Two."], id="two-boxes"),
        pytest.param(f"<div class=a><p>One.</p><p>{LONG}</p></div>", {"longest": 400}, [], id="too-long-together"),
        pytest.param(
            f"<div class=a><p>One.</p><p>{LONG}</p></div>",
            {"scope": "segment", "longest": 400},
            ["One."],
            id="one-too-long",
        ),
        pytest.param(
            f"<body class=a><p>{LONG}</p><div class=a>Two.</div></body>",
            {"longest": 400},
            ["Two."],
            id="an-inner-one-of-fair-length",
        ),
        pytest.param("<p>One, <a class=a>two and three and four</a></p>", {}, [], id="within-a-line"),
        pytest.param("<a class=a href=/><div>One.</div></a>", {}, ["One."], id="a-link-around-blocks"),
        pytest.param("<p class=a>One, <b>two and three and four</b></p>", {}, ["One, two and three and four"], id="p"),
        pytest.param("<x-box class=a><p>One.</p></x-box>", {}, ["One."], id="a-tag-of-their-own"),
        pytest.param("<div class=a></div><p>One.</p>", {}, [], id="empty"),
        pytest.param("<div class=a hidden><p>One.</p></div>", {}, ["One."], id="hidden"),
    ],
)
def test_which_blocks(html: str, more: dict[str, object], expected: list[str]) -> None:
    assert taken(read_page(html), rule(".a", **more)) == expected


def test_evidence_says_what_the_rule_says() -> None:
    (item,) = Rulebook([rule("aside", action="keep", kind="appeal", level="strict")]).marked(DOCUMENT)
    assert item[2:] == ("keep", "appeal", "f/r", "strict", None, None)


def test_blocks_before_segments_then_in_order() -> None:
    rules = [rule("h1", id="f/z", scope="segment"), rule("ul", id="f/y"), rule("aside", id="f/x")]
    assert taken(DOCUMENT, *rules) == ["Give Two.", "Four Five", "Lamp"]


@pytest.mark.parametrize(("host", "count"), [("example.org", 1), ("www.example.org", 1), ("example.com", 0), (None, 0)])
def test_on_its_sites(host: str | None, count: int) -> None:
    assert len(taken(DOCUMENT, rule("aside", sites=("example.org",)), host=host)) == count


def test_of_text_it_says_nothing() -> None:
    book = Rulebook([rule("p")])
    assert book.marked(Document(PAGE)) == []


def test_a_page_without_anything() -> None:
    assert taken(read_page(""), rule("p")) == []


# --- cost ---------------------------------------------------------------------------------------------------------


def test_rules_that_name_nothing_on_the_page_cost_nothing() -> None:
    """Three thousand rules cost as much as three."""
    document = read_page(PAGE.replace("<h1>", "<p>Line.</p>" * 2000 + "<h1>"))
    took = []
    for count in (3, 3000):
        rules = [rule(f"div.box-{number}, p [class*=part-{number}]", id=f"f/{number}") for number in range(count)]
        selectors = Selectors(rules)
        times = []
        for _ in range(5):
            start = time.thread_time()
            assert selectors.find(document, lambda _: True) == []
            times.append(time.thread_time() - start)
        took.append(min(times))
    assert took[1] < 2 * took[0] + 0.002


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        pytest.param("aside", "<ASIDE ", id="tag"),
        pytest.param("aside.donation p", " donation ", id="a-class-before-a-tag"),
        pytest.param(".box .donation-box", " donation-box ", id="the-longest"),
        pytest.param("p:not(.wide)", "<P ", id="not-what-must-be-absent"),
        pytest.param("p[class*=promo]", "promo", id="part"),
    ],
)
def test_what_is_looked_for(selector: str, expected: str) -> None:
    assert key(parse(selector)[0]) == expected


# --- what cannot be read ------------------------------------------------------------------------------------------

LANGUAGE = "it may hold tags, .class, #id, [class*=part], :not(.class), with a space, > or a comma between"
KNOWN = "those that are known are id, class, role, itemprop, data-testid, data-component, data-type, aria-label"
NOTHING = "names nothing that an element must be; name a class, an id or a tag"


@pytest.mark.parametrize(
    ("selector", "what"),
    [
        pytest.param("", f"ends where something must follow; {LANGUAGE}", id="empty"),
        pytest.param("  ", f"ends where something must follow; {LANGUAGE}", id="blank"),
        pytest.param("p,", f"ends where something must follow; {LANGUAGE}", id="comma-at-the-end"),
        pytest.param("p >", f"ends where something must follow; {LANGUAGE}", id="arrow-at-the-end"),
        pytest.param("> p", f"cannot be read from '> p' on; {LANGUAGE}", id="arrow-at-the-start"),
        pytest.param("p,,a", f"cannot be read from ',a' on; {LANGUAGE}", id="two-commas"),
        pytest.param("p + a", f"cannot be read from '+ a' on; {LANGUAGE}", id="sibling"),
        pytest.param("p ~ a", f"cannot be read from '~ a' on; {LANGUAGE}", id="later-sibling"),
        pytest.param("p:first-child", f"cannot be read from ':first-child' on; {LANGUAGE}", id="place"),
        pytest.param("p::before", f"cannot be read from '::before' on; {LANGUAGE}", id="pseudo-element"),
        pytest.param("div:has(p)", f"cannot be read from ':has(p)' on; {LANGUAGE}", id="has"),
        pytest.param("p:not(.a .b)", f"cannot be read from ':not(.a .b)' on; {LANGUAGE}", id="not-a-chain"),
        pytest.param("p:not(.a, .b)", f"cannot be read from ':not(.a, .b)' on; {LANGUAGE}", id="not-a-list"),
        pytest.param("p:not(*)", f"cannot be read from ':not(*)' on; {LANGUAGE}", id="not-any"),
        pytest.param(".a div.b p.c.", f"cannot be read from '.' on; {LANGUAGE}", id="dot"),
        pytest.param(".a[class=b]p", f"cannot be read from 'p' on; {LANGUAGE}", id="tag-at-the-end"),
        pytest.param(r".md\:flex", f"cannot be read from '\\\\:flex' on; {LANGUAGE}", id="escape"),
        pytest.param("[hidden]", f"cannot be read from '[hidden]' on; {LANGUAGE}", id="attribute-alone"),
        pytest.param("[class|=a]", f"cannot be read from '[class|=a]' on; {LANGUAGE}", id="dash-match"),
        pytest.param("[class='a b']", f"cannot be read from \"[class='a b']\" on; {LANGUAGE}", id="two-words"),
        pytest.param("[class=a", f"cannot be read from '[class=a' on; {LANGUAGE}", id="open-bracket"),
        pytest.param("[href*=give]", f"asks for the attribute 'href'; {KNOWN}", id="href"),
        pytest.param("*", NOTHING, id="any"),
        pytest.param("p, :not(.a)", NOTHING, id="only-not"),
    ],
)
def test_what_cannot_be_read(selector: str, what: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(what)}$"):
        parse(selector)


@pytest.mark.parametrize("text", ["a" * 100_000, ".a" * 50_000, " " * 100_000, ":not(" * 20_000, "[class=" * 10_000])
def test_none_takes_long_to_read(text: str) -> None:
    start = time.thread_time()
    with suppress(ValueError):
        parse(text)
    assert time.thread_time() - start < 1


# --- in the house -------------------------------------------------------------------------------------------------


def cleaner(*rules: Rule) -> Cleaner:
    return Cleaner(rules=rules, scores=False, html_mode="fast")


def test_a_page_is_cleaned() -> None:
    result = cleaner(rule("aside, ul")).clean_html(PAGE)
    assert result.text == "One.\nThree."
    assert [(item.by, item.kind) for item in result.removed if item.by == "f/r"] == [("f/r", "newsletter")] * 2


def test_of_text_nothing_goes() -> None:
    result = cleaner(rule("p")).clean("The keeper climbed the stairs.\nIt was late.")
    assert result.removed == ()


def test_a_keep_rule_protects_what_another_takes() -> None:
    result = cleaner(rule("main"), rule(".lead", id="f/k", action="keep")).clean_html(PAGE)
    assert result.text == "One."


def test_a_line_that_lost_a_part_is_asked_again_as_text() -> None:
    cut = Rule("f/cut", "other", "w", "f", 1, scope="inline", match=", we say", reach=None)
    page = "<article><p>The lamp, we say, is lit tonight.</p><aside>Give.</aside><p>It was late.</p></article>"
    assert cleaner(cut, rule("aside")).clean_html(page).text == "The lamp, is lit tonight.\nIt was late."
