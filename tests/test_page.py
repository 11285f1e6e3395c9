"""A page to a document: which text is seen, where its blocks are, and the markup around them."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.read.page import How, mended, read_page
from cleaner.types import Document, Meta, Page
from tests.pages import misread

LINES = [
    f"On day {number} the people of the harbour town mended another of their {number} boats." for number in range(9)
]


def page_of(document: Document) -> Page:
    assert document.page is not None
    assert list(misread(document, document.page)) == []
    return document.page


def lines(html: str, how: How | None = None) -> list[str]:
    """The text of each block."""
    document = read_page(html, how=how or How())
    return [document.text[block.start : block.end] for block in page_of(document).blocks]


def around(html: str, said: str) -> list[str]:
    """The tags around the block that says this, from the inside out."""
    document = read_page(html)
    page = page_of(document)
    number = next(block.element for block in page.blocks if document.text[block.start : block.end] == said)
    tags = []
    while number >= 0:
        tags.append(page.elements[number].tag)
        number = page.elements[number].parent
    return tags


# --- what is seen, and where a block ends ---------------------------------------------------------------------------

SEEN = {
    "paragraphs": ("<p>One</p><p>Two</p>", ["One", "Two"]),
    "unclosed": ("<div><p>One<p>Two<div>Three", ["One", "Two", "Three"]),
    "behind-a-box": ("<div><p>One</p>Two<p>Three</p></div>Four", ["One", "Two", "Three", "Four"]),
    "headings": ("<h1>One</h1>Two<h6>Three</h6>", ["One", "Two", "Three"]),
    "inline": ("<p>O<b>n</b>e <i>two</i>, <span>three<em>four</em></span>.", ["One two, threefour."]),
    "spaces": ("<p>  One \n\t two<b> three </b> four</p>", ["One two three four"]),
    "no-break-space": ("<p>One\xa0two&nbsp;three", ["One two three"]),
    "br": ("<p>One<br>two<br/>three<br><br>four", ["One", "two", "three", "four"]),
    "br-inside": ("<p><b>One<br>two</b>", ["One", "two"]),
    "hr": ("One<hr>two", ["One", "two"]),
    "wbr": ("<p>One<wbr>two", ["Onetwo"]),
    "list": ("<ul><li>One<li>Two<ul><li>Three</ul></ul>", ["One", "Two", "Three"]),
    "definitions": ("<dl><dt>One<dd>Two</dl>", ["One", "Two"]),
    "figure": ("<figure><img alt=no><figcaption>One</figcaption></figure>", ["One"]),
    "button": ("One<button>Two</button>three", ["One", "Two", "three"]),
    "entities": ("<p>caf&eacute; &amp; &lt;b&gt; &quot;x&quot; &#8211;", ['café & <b> "x" –']),
    "entity-kept": ("<p>&amp;nbsp;", ["&nbsp;"]),
    "box-in-inline": ("<a><div>One</div>two</a>three", ["One", "twothree"]),
    "empty-boxes": ("<p></p><div> <p>\n</p></div><p>One", ["One"]),
    "unknown-tags": ("<x-bar>One <o:p>two</o:p></x-bar>", ["One two"]),
    "comment": ("<p>One<!-- two -->three", ["Onethree"]),
    "instruction": ("<p>One<?php two ?>three", ["Onethree"]),
    "behind-the-end": ("<html><body><p>One</body></html>two<p>three", ["One", "two", "three"]),
    "two-pages": ("<html><p>One</p></html><!DOCTYPE html><html><body><p>two</p></html>", ["One", "two"]),
    "folded-away": ("<p style='display:none'>One</p><div hidden>Two</div>", ["One", "Two"]),
}
UNSEEN = {
    "script": "<script>if (a) 'no'</script>",
    "style": "<style>p::after { content: 'no' }</style>",
    "template": "<template><p>no</p></template>",
    "svg": "<svg><title>no</title><text>no</text></svg>",
    "input": "<input type=hidden value=no><input value=no>",
    "textarea": "<textarea>no</textarea>",
    "select": "<select><optgroup label=no><option>no</select>",
    "iframe": "<iframe src=no>no</iframe>",
    "object": "<object><p>no</p></object>",
    "canvas": "<canvas>no</canvas>",
    "noscript": "<noscript><img src=no>no</noscript>",
    "attributes": "<img alt=no title=no>",
}


@pytest.mark.parametrize(("html", "expected"), SEEN.values(), ids=SEEN)
def test_blocks(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


@pytest.mark.parametrize("html", UNSEEN.values(), ids=UNSEEN)
def test_what_no_reader_sees(html: str) -> None:
    long = "The council voted on Tuesday. " * 20
    assert lines(f"<title>no</title><p>One {html} two</p>{html}<p>{long}</p>") == ["One two", long.strip()]


def test_a_title_that_is_never_closed_does_not_swallow_the_page() -> None:
    assert lines("<title>Boats" + "".join(f"<p>{line}</p>" for line in LINES)) == ["Boats", *LINES]


def test_noscript_is_read_where_the_page_shows_next_to_nothing() -> None:
    hidden = "<p>Loading</p><noscript>" + "".join(f"<p>{line}</p>" for line in LINES) + "</noscript>"
    assert lines(hidden) == ["Loading", *LINES]


# --- lines that stay, tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<pre>\nif a:\n    b  c\n\nd\n</pre>", ["if a:\n    b  c\n\nd"], id="lines"),
        pytest.param("<pre><code><i>if</i> a:\n  b\n</code></pre>", ["if a:\n  b"], id="code"),
        pytest.param("<pre>a\n<b>\n</b> \n</pre>", ["a"], id="blank-end"),
        pytest.param("<pre> \n </pre><p>One", ["One"], id="blank"),
        pytest.param("<pre>a<p>b\nc</p>d</pre>", ["a", "b\nc", "d"], id="box"),
        pytest.param("<pre>a\nb</pre>c\nd", ["a\nb", "c d"], id="behind"),
        pytest.param("<pre>a\r\nb&#13;c</pre>", ["a\nb\rc"], id="carriage-returns"),
    ],
)
def test_pre(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


DATA = (
    "<table><caption>Fares</caption><thead><tr><th>From<th>To</thead>"
    "<tr><td>Quay<td><a href=x>Hill</a> <b>2</b></table>"
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(DATA, ["Fares", "From | To", "Quay | Hill 2"], id="data"),
        pytest.param("<table><td>Quay<td><td>2</table>", ["Quay | 2"], id="empty-cell"),
        pytest.param("<table><tr><td>a<br>b<td>c</table>", ["a", "b | c"], id="br"),
        pytest.param("<table><tr><td><p>a</p><td>b</table>", ["a", "b"], id="layout"),
        pytest.param("<table><tr><td>x<table><tr><td>a<td>b</table>", ["x", "a | b"], id="data-in-layout"),
        pytest.param("<table><tr><td>a<td>b</table>c<td>d", ["a | b", "c", "d"], id="behind"),
    ],
)
def test_tables(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


def test_tables_of_data_can_be_left_out() -> None:
    html = f"<p>One</p>{DATA}two<table><tr><td><p>three</p></table>"
    assert lines(html, How(tables=False)) == ["One", "two", "three"]


# --- links, marks, elements -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "shares"),
    [
        pytest.param("<p>One two</p>", [0], id="none"),
        pytest.param("<p><a href=x>One <b>two</b></a></p>", [7 / 7], id="all"),
        pytest.param("<p>abcd<a>efg</a>h</p>", [3 / 8], id="part"),
        pytest.param("<a><p>ab</p><p>cd</p></a><p>ef</p>", [1, 1, 0], id="around"),
        pytest.param("<a>ab<br>cd</a>ef", [1, 0.5], id="br"),
    ],
)
def test_linked(html: str, shares: list[float]) -> None:
    document = read_page(html)
    # A space between two words of a link is counted as no link.
    assert [block.linked for block in page_of(document).blocks] == pytest.approx(shares, abs=0.15)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>a <b>b</b> <em>c</em> <i>d</i> <strong>e</strong>",
                     ["strong:b", "em:c", "em:d", "strong:e"], id="emphasis"),
        pytest.param("<p>a <a href=' /b '>b</a> <code>c</code>", ["a:b:/b", "code:c"], id="link-and-code"),
        pytest.param("<b>a <i>b</i></b>", ["em:b", "strong:a b"], id="nested"),
        pytest.param("<p>a<b> b </b>c", ["strong:b"], id="no-spaces-around"),
        pytest.param("<p><a href=x>a<br>b</a>c", ["a:a:x", "a:b:x"], id="over-blocks"),
        pytest.param("<a href=x><div>a</div>b</a>c", ["a:a:x", "a:b:x"], id="around-boxes"),
        pytest.param("<p>a<b></b><i> </i><a href=x><img></a>", [], id="empty"),
        pytest.param("<pre><code>a\nb\n</code></pre>", ["code:a\nb"], id="no-line-end-behind-the-block"),
        pytest.param("<pre>a<b>\n</b></pre>", [], id="line-end-alone"),
        pytest.param("<table><tr><td><b>a</b><td><b>b</b></table>", ["strong:a", "strong:b"], id="cells"),
    ],
)  # fmt: skip
def test_marks(html: str, expected: list[str]) -> None:
    document = read_page(html)
    found = (
        ":".join(filter(None, (mark.tag, document.text[mark.start : mark.end], mark.href)))
        for mark in page_of(document).marks
    )
    assert list(found) == expected


def test_a_block_stands_in_the_element_of_most_of_its_text() -> None:
    html = "<main><div><p>a <a href=x>the longest piece</a> b</p><p><i>a</i> that is longer</p></div></main>"
    assert around(html, "a the longest piece b") == ["a", "p", "div", "main", "body", "html"]
    assert around(html, "a that is longer") == ["p", "div", "main", "body", "html"]


def test_elements_say_what_they_are_called_and_whether_they_are_hidden() -> None:
    html = (
        "<div ID=Top CLASS='Nav Bar' role=navigation data-x=no title=no>a"
        "<p style='Display : none'>b<p hidden>c<p aria-hidden=true>d<p aria-hidden=false>e</div>"
    )
    elements = page_of(read_page(html)).elements
    assert [element.words for element in elements[2:]] == ["top nav bar navigation", "", "", "", ""]
    assert [element.hidden for element in elements[2:]] == [False, True, True, True, False]


def test_a_name_without_end_is_cut() -> None:
    element = page_of(read_page(f"<p class='{'x' * 1_000_000}'>a")).elements[2]
    assert 50 < len(element.words) < 1000


# --- what is no page, or a broken one -------------------------------------------------------------------------------

BLANK = {
    "comments": "<!-- a --><!-- b -->",
    "open-comment": "<!-- a <p>b",
    "doctype": "<!DOCTYPE html>",
    "frames": "<frameset cols=1><frame src=a><frame src=b></frameset>",
    "scripts": "<html><head><script>a</script></head><body><script>b</script></body></html>",
    "nuls": "<p>\0\0\0",
    "blanks": "<p>\n \t</p>",
    "closing-tags": "</p></div></html>",
    "surrogates": "<p>\ud800\udfff",
}


@pytest.mark.parametrize("html", BLANK.values(), ids=BLANK)
def test_pages_without_text(html: str) -> None:
    document = read_page(html)
    assert (document.text, page_of(document).blocks, page_of(document).marks) == ("", (), ())


@pytest.mark.parametrize("text", ["", " \n", "One.\nTwo.", "1 < 2 and 4 > 3", "R&D <3"])
def test_what_has_no_tag_is_text(text: str) -> None:
    assert read_page(text) == Document(text)
    assert read_page(text.encode(), url="https://example.org/") == Document(text, "https://example.org/")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>One\0two\x01 \x1bthree\x7f", ["Onetwo three\x7f"], id="controls"),
        pytest.param("<p>One\ud800 two\udc00</p>", ["One two"], id="surrogates"),
        pytest.param("<p>&#0;&#xD800;&#x110000;&#99999999999;a", ["\ufffd\ufffd\ufffd\ufffda"], id="numbers"),
        pytest.param("<p>One < two <3 > <", ["One < two <3 > <"], id="loose-brackets"),
        pytest.param("<p>One<p class='a>two</p>", ["One"], id="open-quote"),
        pytest.param("<p>One</b></div></p></p>two", ["One", "two"], id="wrong-ends"),
        pytest.param("<b>One<p>two</b>three</p>", ["One", "twothree"], id="crossed"),
        pytest.param("<p>One<frameset><frame></frameset>", ["One"], id="frames"),
        pytest.param("<head><p>One</head><body><p>two", ["One", "two"], id="text-in-the-head"),
    ],
)
def test_broken_pages(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "table><tr><td", "ul><li", "p><font"])
@pytest.mark.parametrize("many", [2_000, 50_000])
def test_what_is_never_closed_hides_nothing(tag: str, many: int) -> None:
    said = lines("<p>Before.</p>" + f"<{tag}>x " * many + "<p>After.")
    assert sum(line.count("x") for line in said) == many
    assert (said[0], said[-1]) == ("Before.", "After.")


def test_trafilatura_is_not_asked_of_a_page_of_very_many_elements() -> None:
    said = "".join(f"<p>{line}</p>" for line in LINES)
    assert page_of(read_page(said, how=How(vote=True))).vote
    assert page_of(read_page(said)).vote is None
    assert page_of(read_page(said + "<i>x</i>" * 12_000, how=How(vote=True))).vote is None


@pytest.mark.parametrize(("tables", "asked"), [(50, True), (200, False)])
def test_trafilatura_is_not_asked_of_tables_that_nest_without_end(tables: int, asked: bool) -> None:
    html = "<p>The lamp is lit.</p>" + "<table><tr><td>" * tables + "<p>The ferry runs.</p>" + "</table>" * tables
    assert (page_of(read_page(html, how=How(vote=True))).vote is not None) == asked


def test_of_a_page_of_very_many_elements_trafilatura_is_asked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    monkeypatch.setattr("cleaner.read.page.meta.of_trafilatura", lambda root, url: asked.append(url) or Meta())
    for count in (10, 12_000):
        read_page("<p>The lamp is lit.</p>" + "<i>x</i>" * count, url=f"https://e.x/{count}", how=How(metadata=True))
    assert asked == ["https://e.x/10"]


# --- the page's data, and mending -----------------------------------------------------------------------------------


def script(body: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"articleBody": body})}</script>'


def test_a_body_that_is_not_shown_is_joined() -> None:
    html = script("\n\n".join(LINES)) + "<p>Loading</p><p>About us</p>"
    document = read_page(html)
    assert lines(html) == ["Loading", "About us", *LINES]
    last = page_of(document).elements[page_of(document).blocks[-1].element]
    assert (last.tag, page_of(document).elements[last.parent]) == ("p", (-1, "article", "articlebody", False))


def test_a_body_that_is_shown_is_not_joined() -> None:
    shown = "".join(f"<p>{line}</p>" for line in LINES)
    assert lines(script("\n".join(LINES)) + shown) == LINES


def test_mending_keeps_blocks_and_drops_marks_of_those_that_changed() -> None:
    document = read_page("<p>One <b>b</b></p><p>Two <i>c</i></p><p>Three <b>d</b></p>")
    changed = mended(document, ["One b", "", "Three, longer: d"], ("controls",))
    page = page_of(changed)
    assert changed.text == "One b\n\nThree, longer: d"
    assert [(block.start, block.end) for block in page.blocks] == [(0, 5), (6, 6), (7, 23)]
    assert [(mark.start, mark.end, mark.tag) for mark in page.marks] == [(4, 5, "strong")]
    assert changed.mended == ("controls",)


# --- any page -------------------------------------------------------------------------------------------------------

TAGS = (
    "p",
    "div",
    "a href=x",
    "b",
    "i",
    "code",
    "pre",
    "table",
    "tr",
    "td",
    "ul",
    "li",
    "br",
    "script",
    "template",
    "h1",
)
BITS = st.sampled_from((
    *(f"<{tag}>" for tag in TAGS), *(f"</{tag.split()[0]}>" for tag in TAGS), "One", "two.", " ", "\n", "&nbsp;",
    "&amp;", "\0", "\x0c", "\x85", "\u2028", "\xa0", "é", "&#13;", "&#x2028;", "<", "<!--", "-->", "\ud800",
))  # fmt: skip


def solid(texts: Iterable[str]) -> str:
    return "".join("".join(texts).split())


@given(st.lists(BITS, max_size=30).map("".join))
def test_every_character_but_line_ends_stands_in_one_block(html: str) -> None:
    document = read_page(f"<html><body>{html}")
    page_of(document)


@given(st.lists(st.sampled_from(("<p>", "<div>", "<b>", "</b>", "</p>", "<br>", "one ", "two", " ")), max_size=30))
def test_no_word_of_a_page_without_hidden_parts_is_lost(bits: list[str]) -> None:
    said = lines("<html><body>" + "".join(bits))
    assert solid(said) == solid(bit for bit in bits if not bit.startswith("<"))
    assert all(line == line.strip() != "" for line in said)
