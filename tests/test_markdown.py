"""Results as Markdown: what becomes markup, what must not, and that a real Markdown reader shows the same words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cleaner.read.page import read_page
from cleaner.types import Block, Decision, Document, Element, Mark, Meta, Page, Result
from cleaner.write.apply import kept, parted
from cleaner.write.markdown import front_matter, markdown
from cleaner.write.normalise import TIDY, run
from cleaner.write.shape import Leaves, bounds

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tidy(text: str) -> str:
    return run(TIDY, text)[0]


def page(html: str, *gone: str, url: str | None = None) -> str:
    """The Markdown of a page's body, without these pieces of its text."""
    document = read_page(f"<html><body>{html}</body></html>", url=url)
    decisions, at = [], 0
    for piece in gone:
        start = document.text.index(piece, at)
        at = start + len(piece)
        decisions.append(Decision(start, at, "strip", "advert", "r"))
    return markdown(Result("", None, tuple(decisions), (), document), tidy)


def plain(text: str) -> str:
    return markdown(Result(text, None, (), (), Document(text)), tidy)


def tokens(text: str) -> Iterator[Token]:
    for token in READER.parse(text):
        yield token
        yield from token.children or ()


def shown(text: str) -> str:
    """What a reader of the Markdown sees, without its white space."""
    return "".join(lxml_html.fromstring(f"<div>{READER.render(text)}</div>").text_content().split())


# --- blocks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>One</p><p>Two</p>", "One\n\nTwo", id="paragraphs"),
        pytest.param("<div>One<p>Two</p>Three</div>", "One\n\nTwo\n\nThree", id="text-between-paragraphs"),
        pytest.param("<h1>One</h1><h3>Two</h3><h6>Three</h6>", "# One\n\n### Two\n\n###### Three", id="headings"),
        pytest.param("<h2>One<br>Two</h2>", "## One Two", id="heading-of-two-lines"),
        pytest.param("<h2><div>One</div></h2>", "## One", id="heading-in-a-box"),
        pytest.param("<h2>One #</h2><h2>#</h2><h2>C# ##</h2>", "## One \\#\n\n## \\#\n\n## C# \\##", id="signs-at-end"),
        pytest.param("<p>One<br>Two</p>", "One\\\nTwo", id="br"),
        pytest.param("<p>One<br><br>Two<br><br>Three</p>", "One\n\nTwo\n\nThree", id="two-br"),
        pytest.param("<div>One<hr>Two</div>", "One\n\nTwo", id="hr"),
        pytest.param("<p>One <b>a<br>b</b></p>", "One **a**\\\n**b**", id="br-in-a-mark"),
        pytest.param("<blockquote>One</blockquote><p>Two</p>", "> One\n\nTwo", id="quote"),
        pytest.param("<blockquote><p>One</p><p>Two</p></blockquote>", "> One\n>\n> Two", id="quote-of-two"),
        pytest.param(
            "<blockquote>One</blockquote><blockquote>Two</blockquote>", "> One\n\n> Two", id="quote-beside-quote"
        ),
        pytest.param(
            "<blockquote><p>One</p><blockquote>Two</blockquote></blockquote>", "> One\n>\n> > Two", id="quote-in-quote"
        ),
        pytest.param("<pre>if bus:\n\n    stop()</pre>", "```\nif bus:\n\n    stop()\n```", id="code"),
        pytest.param("<pre>a\n```\nb</pre>", "````\na\n```\nb\n````", id="code-with-a-fence"),
        pytest.param("<pre>a <b>*b*</b><br>c</pre>", "```\na *b*\nc\n```", id="marks-in-code-are-none"),
        pytest.param("<p></p>", "", id="nothing"),
        pytest.param("<p>&shy;</p><pre>&amp;nbsp;</pre><h2>&shy;</h2><p>One</p>", "One", id="nothing-to-see"),
    ],
)
def test_blocks(html: str, expected: str) -> None:
    assert page(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>One</p><ul><li>a</li><li>b</li></ul><p>Two</p>", "One\n\n- a\n- b\n\nTwo", id="ul"),
        pytest.param("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b", id="ol"),
        pytest.param("<ul><li><p>a</p><p>b</p></li><li>c</li></ul>", "- a\n\n  b\n- c", id="paragraphs"),
        pytest.param("<ul><li>a<br>b</li></ul>", "- a\\\n  b", id="br"),
        pytest.param(
            "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>", "- a\n  1. b\n  2. c\n- d", id="nested"
        ),
        pytest.param("<ol><li>a<ul><li>b</li></ul></li></ol>", "1. a\n   - b", id="nested-in-numbers"),
        pytest.param("<ul><li><ul><li>a</li></ul></li></ul>", "- a", id="bare-item-around"),
        pytest.param(
            "<ul><li>a<ul><li>b</li></ul>c<ul><li>d</li></ul></li></ul>", "- a\n  - b\n\n  c\n  - d", id="text-between"
        ),
        pytest.param(
            "<ol><li>a<ol><li>b</li>c<li>d</li></ol></li></ol>", "1. a\n   1. b\n\n   c\n\n   2. d", id="2-needs-a-gap"
        ),
        pytest.param("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b", id="list-beside-list"),
        pytest.param("<ol><li>a</li></ol><ol><li>b</li><li>c</li></ol>", "1. a\n\n1) b\n2) c", id="numbers-beside"),
        pytest.param(
            "<ul><li>a</li></ul><ul><li>b</li></ul><ul><li>c</li></ul>", "- a\n\n* b\n\n- c", id="three-lists-beside"
        ),
        pytest.param(
            "<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", "- a\n\n* b\n\n- c", id="list-straight-in-a-list"
        ),
        pytest.param("<ul><li>a</li></ul><ol><li>b</li></ol>", "- a\n\n1. b", id="other-sort-beside"),
        pytest.param("<ul><li>a</li></ul><p>One</p><ul><li>b</li></ul>", "- a\n\nOne\n\n- b", id="paragraph-between"),
        pytest.param("<blockquote><ul><li>a</li><li>b</li></ul></blockquote>", "> - a\n> - b", id="in-a-quote"),
        pytest.param("<ul><li><blockquote>a</blockquote></li><li>b</li></ul>", "- > a\n- b", id="quote-in-an-item"),
        pytest.param("<ul><li>a<pre>b\n\nc</pre></li></ul>", "- a\n\n  ```\n  b\n\n  c\n  ```", id="code-in-an-item"),
        pytest.param("<ul><li><pre>b</pre></li><li>c</li></ul>", "- ```\n  b\n  ```\n\n- c", id="code-is-an-item"),
        pytest.param("<ul><li><h3>a</h3></li></ul>", "- ### a", id="heading-is-an-item"),
        pytest.param("<ul><li>- a</li><li>1. b</li></ul>", "- \\- a\n- 1\\. b", id="own-markers-are-text"),
    ],
)
def test_lists(html: str, expected: str) -> None:
    assert page(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            "<table><tr><th>a<th>b</tr><tr><td>c<td>d</table>", "| a | b |\n| --- | --- |\n| c | d |", id="head"
        ),
        pytest.param("<table><tr><td>a<td>b</table>", "| a | b |\n| --- | --- |", id="first-row-is-head"),
        pytest.param("<table><tr><td>a<tr><td>b<td>c</table>", "| a |  |\n| --- | --- |\n| b | c |", id="as-wide"),
        pytest.param("<table><tr><td>a|b<td>c</table>", "| a\\|b | c |\n| --- | --- |", id="bar"),
        pytest.param(
            "<table><tr><td><code>a|b</code><td><a href='/x|y'><b>c</b></a></table>",
            "| `a\\|b` | [**c**](/x%7Cy) |\n| --- | --- |",
            id="marks",
        ),
        pytest.param("<table><tr><td>a<br>b<td>c</table>", "| a b | c |\n| --- | --- |", id="cell-of-two-lines"),
        pytest.param("<table><caption>One</caption><tr><td>a</table>", "One\n\n| a |\n| --- |", id="caption"),
        pytest.param("<table><tr><td># a<td>- b</table>", "| # a | - b |\n| --- | --- |", id="no-line-starts-in-cells"),
        pytest.param("<table><tr><td><p>a</p><td><p>b</p></table>", "a\n\nb", id="table-that-lays-out"),
        pytest.param(
            "<table><tr><td>a</table><table><tr><td>b</table>",
            "| a |\n| --- |\n\n| b |\n| --- |",
            id="table-beside-table",
        ),
    ],
)
def test_tables(html: str, expected: str) -> None:
    assert page(html) == expected


@pytest.mark.parametrize(
    ("html", "gone", "expected"),
    [
        pytest.param("<p>One</p><p>Two</p>", ["One\n"], "Two", id="paragraph"),
        pytest.param("<div>One<p>Two</p>Three</div>", ["Two\n"], "One\n\nThree", id="paragraph-between-texts"),
        pytest.param("<ol><li>a<li>b<li>c</ol>", ["b\n"], "1. a\n2. c", id="item"),
        pytest.param("<ul><li>a<ul><li>b</ul></ul>", ["a\n"], "- b", id="item-around"),
        pytest.param(
            "<table><tr><th>a<th>b<tr><td>c<td>d</table>", ["a | b\n"], "| c | d |\n| --- | --- |", id="head-of-a-table"
        ),
        pytest.param("<table><tr><td>a<td>b</table>", ["a"], "|  | b |\n| --- | --- |", id="cell"),
        pytest.param("<table><tr><td>a<td>b</table>", ["a", "b"], "", id="cells"),
        pytest.param("<pre>a\nb\nc</pre>", ["b\n"], "```\na\nc\n```", id="line-of-code"),
        pytest.param("<h2>One</h2><p>Two</p>", ["One\nTwo"], "", id="all"),
    ],
)
def test_decisions(html: str, gone: list[str], expected: str) -> None:
    assert page(html, *gone) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One\n\nTwo\nThree", "One\n\nTwo\n\nThree", id="lines-are-paragraphs"),
        pytest.param("  One  \n \n\tTwo", "One\n\nTwo", id="no-spaces-around"),
        pytest.param("One\u2028# Two\r\n# Three", "One\n\n\\# Two\n\n\\# Three", id="all-line-ends"),
        pytest.param("", "", id="empty"),
    ],
)
def test_text_without_a_page(text: str, expected: str) -> None:
    assert plain(text) == expected


# --- front matter ---------------------------------------------------------------------------------------------------

META = Meta("A", ("B", "C: d"), "2024-05-01", "E", "no", "https://example.org/f")


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        pytest.param(
            Result("", None, (), (), Document("", page=Page((), (), (), META))),
            '---\ntitle: "A"\nauthors: ["B", "C: d"]\ndate: "2024-05-01"\nsite: "E"\nlang: "no"\n'
            'url: "https://example.org/f"\n---\n\n',
            id="all",
        ),
        pytest.param(
            Result("", "G", (), (), Document("", "https://h", None, "en", page=Page((), (), (), META))),
            '---\ntitle: "G"\nauthors: ["B", "C: d"]\ndate: "2024-05-01"\nsite: "E"\nlang: "en"\n'
            'url: "https://h"\n---\n\n',
            id="what-was-said-of-the-document-first",
        ),
        pytest.param(Result("", "G", (), (), Document("")), '---\ntitle: "G"\n---\n\n', id="no-page"),
        pytest.param(Result("", None, (), (), Document("")), "", id="nothing-known"),
    ],
)
def test_front_matter(given_: Result, expected: str) -> None:
    assert front_matter(given_) == expected


def test_an_address_without_end_is_none() -> None:
    """A quote that is never closed makes the rest of a page one address, of every block that the link spans."""
    far = "/x" * 200_000
    html = f"<a href='{far}'>" + "<p>The lamp is lit.</p>" * 200 + "</a>"
    begun = process_time()
    assert page(html, url="https://e.x/") == "\n\n".join(["The lamp is lit."] * 200)
    assert process_time() - begun < 5
    assert page("<p><a href='" + "/x" * 4000 + "'>A</a></p>") == "[A](" + "/x" * 4000 + ")"


@pytest.mark.parametrize(
    "title", ['"', "\\", "a\n---\nb: c", "\x00\x7f\x85", "\u2028", "\ud800", "é🙂", "'", "# a", "no"]
)
def test_front_matter_is_one_line_a_value(title: str) -> None:
    said = front_matter(Result("", title, (), (), Document("")))
    first, line, *rest = said.splitlines()
    assert (first, rest) == ("---", ["---", ""])
    assert json.loads(line.removeprefix("title: ")) == title
    assert all(char.isprintable() for char in line)


# --- laws -----------------------------------------------------------------------------------------------------------

SIGNS = re.findall(
    r"\S+",
    "* _ ** ` `` ``` [ ] ( ) ]( ![ <b> <!-- &amp; &lt; & # - + 1. 1) 12 > === --- | -|- :- ~~ ~ ~~~ \\ ! a b bc é 日 “ "
    '” € ² . " = http://x.y [a]:',
)
GAPS = [" ", " ", ". ", "# ", "- ", " | ", "    ", "\t", "\u00a0", "\u00ad"]
TEXT = st.lists(st.sampled_from([*SIGNS, *GAPS]), max_size=12).map("".join)
PLACES = ["p", "h2", "div", "ul li", "ol li", "ul li ol li", "ul li pre", "ol li blockquote", "blockquote p", "pre"]
HREFS = [
    "/x",
    "https://e.x/(a) b?c&copy;=2",
    "javascript:a",
    "data:x",
    "mailto:a@b.c",
    "a|b",
    "",
    "//h/*a*",
    "x`y",
    "[a]<b>",
]


@st.composite
def results(draw: st.DrawFn) -> Result:
    """A page made by hand: any text in any places, marks that overlap, cuts anywhere."""
    elements, blocks, marks = [Element(-1, "html", "", hidden=False)], [], []
    text, last = "", 0
    for _ in range(draw(st.integers(1, 4))):
        said = " ".join(draw(TEXT).split()) or "x"
        same = draw(st.booleans()) and last > 0
        tags = ["br"] if same else draw(st.sampled_from([*PLACES, "table tr td"])).split()
        parent = last if same else 0
        for tag in tags:
            elements.append(Element(parent, tag, "", hidden=False))
            parent = len(elements) - 1
        last = last if same else parent
        start = len(text) + bool(text)
        text = f"{text}\n{said}" if text else said
        blocks.append(Block(start, len(text), last, 0.0))
        ends = st.integers(start, len(text))
        for one, other, tag in draw(
            st.lists(st.tuples(ends, ends, st.sampled_from(["a", "strong", "em", "code"])), max_size=5)
        ):
            href = draw(st.sampled_from(HREFS)) if tag == "a" else ""
            marks.append(Mark(min(one, other), max(one, other), tag, href))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    decisions = (Decision(a, b, "strip", "advert", "r") for a, b in zip(cuts[::2], cuts[1::2], strict=False))
    found = Document(text, page=Page(tuple(blocks), tuple(elements), tuple(marks)))
    return Result("", None, tuple(decisions), (), found)


def words(result: Result, clean: Callable[[str], str]) -> str:
    """What stays of every block, tidy, without white space and the bars between cells."""
    document, found = result.document, []
    assert document.page
    place = Leaves(document.page.elements)
    spans = parted(kept(len(document.text), result.decisions), bounds(document.page, len(document.text)))
    for number, inside in enumerate(spans):
        said = "".join(document.text[start:end] for start, end in inside)
        if number % 2:
            in_table = place[document.page.blocks[number // 2].element].tag == "table"
            found += map(clean, re.split(r"(?:^| )\|(?: |$)", said) if in_table else [said])
    return "".join("".join(found).split())


@given(results(), st.sampled_from([str, tidy]))
def test_a_reader_shows_the_same_words(given_: Result, clean: Callable[[str], str]) -> None:
    said = markdown(given_, clean)
    assert shown(said) == words(given_, clean)


@given(results())
def test_no_document_becomes_markup(given_: Result) -> None:
    found = list(tokens(markdown(given_, tidy)))
    assert not {token.type for token in found} & {"html_block", "html_inline", "image", "s_open", "hr", "code_block"}
    links = {str(token.attrs["href"]) for token in found if token.type == "link_open"}
    assert all(re.match(r"https?:|mailto:|[^:/?#]*(?:[/?#]|$)", link) for link in links)


@given(TEXT)
def test_a_reader_shows_the_same_text(text: str) -> None:
    assert shown(plain(text)) == "".join(text.split())


@pytest.mark.slow
def test_time_grows_with_the_page_alone() -> None:
    """100,000 items, a mark in each, and as many decisions; and one paragraph with 20,000 marks."""
    many = read_page(f"<html><body><ul>{'<li>One <b>red</b> bus.</li>' * 100_000}")
    one = read_page(f"<html><body><p>{'a <b>b</b> <i>c</i>' * 10_000}")
    blocks = many.page.blocks if many.page else ()
    decisions = tuple(Decision(block.start, block.start + 4, "strip", "advert", "r") for block in blocks)
    start = process_time()
    assert markdown(Result("", None, decisions, (), many), str).endswith("\n- **red** bus.")
    assert markdown(Result("", None, (), (), one), str).endswith("a **b** *c*")
    assert process_time() - start < 40
