"""Lists of a page in plain text: which lines get a marker, how deep they stand, and what decisions leave of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.read.page import read_page
from cleaner.types import Block, Decision, Document, Element, Page
from cleaner.write.apply import apply
from cleaner.write.normalise import TIDY, run
from cleaner.write.shape import Leaves, shaped

MARKER = re.compile(r"^ *(?:- |\d+\. )", re.MULTILINE)


def without(document: Document, gone: Iterable[str]) -> tuple[Decision, ...]:
    """Decisions that take these pieces of the text, in order."""
    decisions, at = [], 0
    for piece in gone:
        start = document.text.index(piece, at)
        at = start + len(piece)
        decisions.append(Decision(start, at, "strip", "advert", "r"))
    return tuple(decisions)


def lines(html: str, *gone: str) -> list[str]:
    document = read_page(f"<html><body>{html}</body></html>")
    return shaped(document, without(document, gone)).split("\n")


def items(number: int) -> str:
    return "".join(f"<li>Bus {at}</li>" for at in range(1, number + 1))


# --- markers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(f"<p>Stops:</p><ul>{items(2)}</ul><p>End</p>", ["Stops:", "- Bus 1", "- Bus 2", "End"], id="ul"),
        pytest.param(f"<ol>{items(2)}</ol>", ["1. Bus 1", "2. Bus 2"], id="ol"),
        pytest.param(f"<menu>{items(1)}</menu><dir>{items(1)}</dir>", ["- Bus 1", "- Bus 1"], id="old-lists"),
        pytest.param(f"<ol>{items(1)}</ol><ol>{items(1)}</ol>", ["1. Bus 1", "1. Bus 1"], id="each-list-counts"),
        pytest.param("<ul><li><p>One</p><p>More</p></li></ul>", ["- One", "More"], id="first-block-of-an-item"),
        pytest.param("<ul><li>One<br>More</li></ul>", ["- One", "More"], id="br"),
        pytest.param("<ul><li><h3>One</h3><p>More</p></li></ul>", ["- One", "More"], id="heading-in-an-item"),
        pytest.param("<ul><li><blockquote>One</blockquote></li></ul>", ["- One"], id="quote-in-an-item"),
        pytest.param("<li>Bus</li><p>End</p>", ["Bus", "End"], id="item-of-no-list"),
        pytest.param("<ul>Buses<li>One</li></ul>", ["Buses", "- One"], id="text-of-the-list"),
        pytest.param("<ul><li></li><li><p> </p></li><li>One</li></ul>", ["- One"], id="empty-items"),
        pytest.param("<ol><li></li><li>One</li></ol>", ["1. One"], id="empty-items-do-not-count"),
        pytest.param("<ul><li>&shy;</li><li>&amp;nbsp;</li></ul>", ["\u00ad", "&nbsp;"], id="nothing-to-see"),
        pytest.param(
            "<ul><li><article><p>One</p><p>Two</p></article></li></ul>", ["One", "Two"], id="a-list-of-articles"
        ),
        pytest.param(
            "<ol><li>One<article>Two<ul><li>Three</li></ul></article>Four</li></ol>",
            ["1. One", "Two", "- Three", "2. Four"],
            id="an-article-in-an-item",
        ),
    ],
)
def test_markers(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<p>One</p><h2>Two</h2><blockquote>Three</blockquote>", id="blocks"),
        pytest.param("<blockquote><p>One</p></blockquote>", id="quote"),
        pytest.param("<ul><li><pre>if bus:\n    stop()</pre></li></ul>", id="code"),
        pytest.param("<ul><li><table><tr><td>1</td><td>2</td></tr></table></li></ul>", id="row"),
        pytest.param("<dl><dt>Bus</dt><dd>It runs.</dd></dl>", id="definitions"),
    ],
)
def test_no_marker(html: str) -> None:
    document = read_page(f"<html><body>{html}</body></html>")
    assert shaped(document, ()) == document.text


@pytest.mark.parametrize("own", ["•", "• ", "- ", "– ", "* ", "1. ", "12) ", "(3) ", "a) ", "1.2. "])
@pytest.mark.parametrize("list_", ["ul", "ol"])
def test_an_item_that_brings_its_own_marker(own: str, list_: str) -> None:
    assert lines(f"<{list_}><li>{own}Bus</li></{list_}>") == [f"{own}Bus"]


@pytest.mark.parametrize("text", ["1999 was cold", "-5 degrees", "*Bus", "1.5 buses", "A bus", "12 buses", "(a bus)"])
def test_what_is_no_marker_of_its_own(text: str) -> None:
    assert lines(f"<ul><li>{text}</li></ul>") == [f"- {text}"]


def test_an_item_with_its_own_marker_counts() -> None:
    assert lines("<ol><li>1. One</li><li>Two</li></ol>") == ["1. One", "2. Two"]


# --- lists in lists -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            "<ul><li>One<ol><li>Two<ul><li>Three</li></ul></li><li>Four</li></ol>Five</li><li>Six</li></ul>",
            ["- One", "  1. Two", "    - Three", "  2. Four", "Five", "- Six"],
            id="three-levels",
        ),
        pytest.param("<ul><li><ul><li>One</li></ul></li><li>Two</li></ul>", ["- One", "- Two"], id="bare-item-around"),
        pytest.param(
            "<ul><li>One<ul><li><ul><li>Two</li></ul></li><li>Three</li></ul></li></ul>",
            ["- One", "  - Two", "  - Three"],
            id="bare-item-between",
        ),
        pytest.param(
            "<ul><li><ul><li>One</li></ul>Two<ul><li>Three</li></ul></li></ul>",
            ["- One", "- Two", "  - Three"],
            id="text-behind-the-inner-list",
        ),
        pytest.param(
            "<ul><li>One<blockquote><ul><li>Two</li></ul></blockquote></li></ul>", ["- One", "  - Two"], id="in-a-quote"
        ),
        pytest.param(
            "<ul><li><blockquote><ul><li>One</li></ul>Two</blockquote></li></ul>",
            ["- One", "Two"],
            id="quote-around-the-first-text",
        ),
    ],
)
def test_lists_in_lists(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


def test_no_more_than_eight_levels() -> None:
    deep = lines("<ul><li>Bus" * 10)
    assert deep == [*("  " * level + "- Bus" for level in range(8)), "Bus", "Bus"]


# --- what decisions leave -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "gone", "expected"),
    [
        pytest.param(f"<ol>{items(3)}</ol>", ["Bus 2\n"], ["1. Bus 1", "2. Bus 3"], id="item"),
        pytest.param(f"<ol>{items(3)}</ol>", ["Bus 2"], ["1. Bus 1", "", "2. Bus 3"], id="item-without-its-end"),
        pytest.param(f"<ul>{items(2)}</ul><p>End</p>", ["Bus 1\nBus 2\n"], ["End"], id="list"),
        pytest.param("<ul><li>It runs. It stops.</li></ul>", ["It runs. "], ["- It stops."], id="first-sentence"),
        pytest.param("<ul><li>It runs. It stops.</li></ul>", ["It runs."], ["- It stops."], id="but-its-space"),
        pytest.param("<ul><li>It runs. It stops.</li></ul>", [" It stops."], ["- It runs."], id="last-sentence"),
        pytest.param("<ul><li><p>One</p><p>Two</p></li></ul>", ["One\n"], ["- Two"], id="first-block-of-an-item"),
        pytest.param("<ul><li>One<ul><li>Two</li></ul></li></ul>", ["One\n"], ["- Two"], id="item-around"),
        pytest.param("<ul><li>One two</li><li>Three four</li></ul>", ["two\nThree "], ["- One four"], id="in-a-line"),
        pytest.param(f"<ul>{items(1)}</ul>", ["Bus 1"], [""], id="all"),
    ],
)
def test_decisions(html: str, gone: list[str], expected: list[str]) -> None:
    assert lines(html, *gone) == expected


# --- laws -----------------------------------------------------------------------------------------------------------

TREE = st.recursive(
    st.sampled_from(["Bus", "<p>A bus stops here.</p>", "<br>", "<h3>Bus</h3>", "<pre>a\n  b</pre>", "<td>1<td>2"]),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["ul", "ol", "li", "div", "table", "blockquote", "article", "b"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)
CUTS = st.lists(st.integers(0, 80), max_size=6).map(sorted)


def cut(text: str, cuts: list[int]) -> tuple[Decision, ...]:
    ends = [min(at, len(text)) for at in cuts]
    return tuple(Decision(a, b, "strip", "advert", "r") for a, b in zip(ends[::2], ends[1::2], strict=False))


@given(st.text(max_size=40), CUTS)
def test_a_text_without_a_page_is_as_apply_leaves_it(text: str, cuts: list[int]) -> None:
    assert shaped(Document(text), cut(text, cuts)) == apply(text, cut(text, cuts))


@given(TREE, CUTS)
def test_only_markers_are_added(html: str, cuts: list[int]) -> None:
    document = read_page(f"<html><body><ul><li>{html}")
    decisions = cut(document.text, cuts)
    plain = apply(document.text, decisions)
    found = MARKER.sub("", shaped(document, decisions))
    assert [line.lstrip() for line in found.split("\n")] == [line.lstrip() for line in plain.split("\n")]


@given(TREE)
def test_tidy_leaves_markers_alone(html: str) -> None:
    document = read_page(f"<html><body><ul><li>{html}")
    found = shaped(document, ())
    assert run(TIDY, found)[0] == found.strip("\n")


def test_tidy_leaves_indents_alone() -> None:
    deep = "\n".join(lines(f"<ul><li>Bus<ol>{items(3)}</ol>" * 4))
    assert run(TIDY, deep)[0] == deep


def test_leaves() -> None:
    tags = [(-1, "html"), (0, "table"), (1, "caption"), (1, "tr"), (3, "td"), (4, "b"), (0, "h2"), (6, "div"), (6, "p")]
    elements = tuple(Element(parent, tag, "", hidden=False) for parent, tag in tags)
    found = [(leaf.tag, leaf.element, leaf.row) for leaf in map(Leaves(elements).__getitem__, range(len(elements)))]
    row, heading = ("table", 1, 3), ("h2", 6, -1)
    assert found == [
        ("p", 0, -1), ("table", 1, -1), ("p", 2, -1), row, row, row, heading, heading, ("p", 8, -1)
    ]  # fmt: skip


@pytest.mark.slow
def test_time_grows_with_the_page_alone() -> None:
    """A page of 100,000 items, as many decisions, and 1,000 items around it all."""
    count, depth = 100_000, 1_000
    elements = [Element(number - 1, ("ul", "li")[number % 2], "", hidden=False) for number in range(2 * depth)]
    inner = [
        (Element(2 * depth - 1, "ul", "", hidden=False), Element(2 * depth + 2 * at, "li", "", hidden=False))
        for at in range(count)
    ]
    blocks = tuple(Block(9 * at, 9 * at + 8, 2 * depth + 2 * at + 1, 0.0) for at in range(count))
    page = Page(blocks, (*elements, *(element for pair in inner for element in pair)))
    decisions = [Decision(9 * at, 9 * at + 4, "strip", "advert", "r") for at in range(count)]
    start = process_time()
    found = shaped(Document("\n".join(["One bus."] * count), page=page), decisions)
    assert found == "\n".join(["- bus."] * count)
    assert process_time() - start < 10
