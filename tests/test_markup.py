"""What the scores read of a page's markup: numbers in range, groups, trafilatura's vote, time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.judge.markup import MARK_BUCKETS, MARKUP_NAMES, Marks, marks, row_starts
from cleaner.read.page import read_page
from cleaner.read.segment import View
from cleaner.types import Block, Document, Element, Page
from tests.conftest import ROOT

LINES = tuple(
    f"On day {number} the people of the harbour town mended another of their {number} boats, and then they all slept."
    for number in range(9)
)
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in LINES)
PAGE = (
    f"<html><body><nav><ul><li><a href=a>Home</a><li><a href=b>News</a></ul></nav><main class='story'><h1>Boats</h1>"
    f"{PARAGRAPHS}<aside><p>Read <a href=c>more</a></p></aside></main><footer><p>About us</p></footer>"
)
SCRIPT = f'<script type="application/ld+json">{json.dumps({"articleBody": chr(10).join(LINES)})}</script>'


def of(document: Document) -> Marks:
    reading = View(document)
    found = marks(reading, reading.all_segments()[0])
    assert found is not None
    return found


def voted(vote: str | None, html: str = PAGE) -> Marks:
    document = read_page(html)
    assert document.page is not None
    page = document.page
    return of(Document(document.text, page=Page(page.blocks, page.elements, vote=vote)))


def column(found: Marks, name: str) -> list[float]:
    return [round(float(value), 3) for value in found.numbers[:, MARKUP_NAMES.index(name)]]


def check(found: Marks, segments: int) -> None:
    """That all is as the description of `Marks` has it."""
    units = len(found.near_starts)
    assert found.numbers.shape == (segments, len(MARKUP_NAMES))
    assert np.isfinite(found.numbers).all()
    assert found.numbers.min() >= 0
    assert found.numbers.max() <= 10
    assert found.element.shape == (segments,)
    assert found.groups.shape == (2, segments)
    assert (found.element >= 0).all()
    assert (found.element < units).all()
    assert len(found.far_starts) == units
    for rows, starts in ((found.near, found.near_starts), (found.far, found.far_starts)):
        assert (rows >= 0).all()
        assert (rows < MARK_BUCKETS).all()
        assert (rows[starts] == 0).all()
        assert (np.diff(np.append(starts, len(rows))) > 0).all()


# --- numbers --------------------------------------------------------------------------------------------------------

TAGS = ("p", "div", "ul", "li", "a href=x", "b class='Promo box'", "h1", "table", "tr", "td", "pre", "section hidden")
BITS = st.sampled_from(
    (*(f"<{tag}>" for tag in TAGS), *(f"</{tag.split()[0]}>" for tag in TAGS), "One. ", LINES[0], "<br>")
)


@given(st.lists(BITS, max_size=30).map("".join), st.sampled_from((None, "", "One.", LINES[0])))
def test_numbers_of_any_page_are_in_range(html: str, vote: str | None) -> None:
    document = read_page(f"<html><body>{html}<p>{LINES[1]}")
    assert document.page is not None
    page = document.page
    document = Document(document.text, page=Page(page.blocks, page.elements, vote=vote))
    check(of(document), len(View(document).all_segments()[0]))


@pytest.mark.parametrize("document", [Document("One.\nTwo."), Document(""), read_page("<p> "), read_page("One.")])
def test_none_where_there_is_no_page_or_no_text(document: Document) -> None:
    reading = View(document)
    assert marks(reading, reading.all_segments()[0]) is None


def test_what_stands_around_a_block() -> None:
    found = of(read_page(PAGE))
    assert column(found, "in nav") == [1, 1] + [0] * 12
    assert column(found, "in main") == [0, 0] + [1] * 11 + [0]
    assert column(found, "in footer") == [0] * 13 + [1]
    assert column(found, "is h1") == [0, 0, 1] + [0] * 11
    assert column(found, "is p") == [0] * 3 + [1] * 11
    assert column(found, "linked")[:3] == [1, 1, 0]
    assert column(found, "in root 0.8") == [0, 0] + [1] * 11 + [0]
    assert column(found, "since h1")[:4] == [2, 2, 0, 0.231]


def test_a_block_in_something_inline_counts_as_in_the_box_around_it() -> None:
    found = of(read_page("<div><p><i><b>One two three</b></i></p><p>Four</p></div>"))
    assert column(found, "is p") == [1, 1]
    assert column(found, "inline") == [1, 0]
    assert len(set(column(found, "depth"))) == 1


def test_hidden_is_known_of_all_within() -> None:
    found = of(read_page("<div style='display:none'><p>One</p></div><p>Two</p>"))
    assert column(found, "in hidden") == [1, 0]


def test_groups_are_equal_where_the_boxes_are() -> None:
    html = "<ul class=a><li>1<li>2</ul><ul class=a><li>3</ul><ul class=b><li>4</ul>"
    same, alike = of(read_page(html)).groups.tolist()
    assert same[0] == same[1]
    assert len(set(same)) == 3
    assert alike[0] == alike[1] == alike[2] != alike[3]


def test_a_body_from_the_pages_data_is_a_tree_of_its_own() -> None:
    """Its shares are shares of all prose, although the root of what is shown has none."""
    document = read_page(SCRIPT + "<p>Loading")
    found = of(document)
    check(found, 10)
    assert found.numbers.max() < 5
    assert column(found, "in root 0.5") == [0] + [1] * 9
    assert column(found, "prose share 0") == [0] + [1] * 9
    assert column(found, "in article") == [0] + [1] * 9
    assert column(found, "steps from before")[:3] == [0, round(float(np.log1p(2)), 3), 0]


# --- words ----------------------------------------------------------------------------------------------------------


def words(html: str) -> set[int]:
    found = of(read_page(html))
    return set(found.near.tolist()) | set(found.far.tolist())


def test_words_of_attributes_and_tags_are_told_apart() -> None:
    assert words("<p class='promo'>a") == words("<p class='PROMO'>a") == words("<p id='promo promo'>a")
    assert len({frozenset(words(html)) for html in ("<p>a", "<h2>a", "<p class=promo>a", "<p class=story>a")}) == 4
    assert words("<p class='x 12 _'>a") == words("<p>a")


def test_the_hash_seed_changes_nothing() -> None:
    code = (
        "from tests.test_markup import *; found = of(read_page(PAGE)); "
        "print(*(array.tolist() for array in found), sep='\\n')"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert said.pop().count(b"\n") == len(Marks._fields)


# --- trafilatura's vote ---------------------------------------------------------------------------------------------


def test_no_vote() -> None:
    found = voted(None)
    assert [name for name in MARKUP_NAMES if name.startswith("vote") and any(column(found, name))] == []


def test_an_empty_vote() -> None:
    found = voted("")
    assert set(column(found, "vote known")) == set(column(found, "vote empty")) == {1}
    assert set(column(found, "vote line")) == set(column(found, "vote within")) == {0}


def test_a_vote_for_whole_lines_and_for_parts() -> None:
    found = voted(f"boats!\n{LINES[0]} {LINES[1]}\n{LINES[2].upper()}\nread more")
    assert column(found, "vote line") == [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    assert column(found, "vote within") == [0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    around = column(found, "vote around")
    assert 0.3 < around[2] < 0.4  # three lines of nine
    assert (around[0], around[12], around[13]) == (0, 1, 0)
    assert set(column(found, "vote empty")) == {0}


def test_a_short_text_inside_a_line_of_the_vote_is_no_vote() -> None:
    assert column(voted("Home news of the boats", "<p>Home</p><p>Home news of the boats</p>"), "vote within") == [0, 1]


# --- time -----------------------------------------------------------------------------------------------------------


def flat(number: int) -> Document:
    """A page of so many paragraphs."""
    rows = "".join(f"<div class='a b'><p>{at}</p></div>" for at in range(number))
    return read_page(f"<html><body><main>{rows}")


def steep(number: int) -> Document:
    """Paragraphs so deep in each other, and a word in each."""
    elements = tuple(Element(at - 1, "div", f"level of{at % 7}", hidden=False) for at in range(number))
    blocks = tuple(Block(2 * at, 2 * at + 1, at, 0.0) for at in range(number))
    return Document("\n".join("x" * number), page=Page(blocks, elements))


def comb(number: int) -> Document:
    """Blocks by turns at the bottom of a chain half as long and beside its top."""
    half = number // 2
    chain = [Element(at - 1, "div", "", hidden=False) for at in range(half)]
    tips = [Element(half - 1, "p", "", hidden=False)] * half
    blocks = tuple(Block(2 * at, 2 * at + 1, half + at, 0.0) for at in range(half))
    return Document("\n".join("x" * half), page=Page(blocks, (*chain, *tips)))


def seconds(document: Document) -> float:
    reading = View(document)
    segments = reading.all_segments()[0]

    def once() -> float:
        begun = process_time()
        marks(reading, segments)
        return process_time() - begun

    return min(once() for _ in range(3))


@pytest.mark.parametrize(("make", "number"), [(flat, 5000), (steep, 1250), (comb, 2500)])
def test_time_grows_no_faster_than_the_page(make: Callable[[int], Document], number: int) -> None:
    seconds(make(100))
    assert seconds(make(4 * number)) < 9 * seconds(make(number)) + 0.05  # 16 times, if with its square


def test_rows_of_data_and_rows_that_are_laid_out() -> None:
    lamps = "".join(f"<tr><td>Lamp {number}</td><td>{number},000 cd</td></tr>" for number in range(1, 4))
    links = "".join(f"<tr><td><a href='/x'>Ferry {number}</a></td><td>at {number}</td></tr>" for number in range(1, 4))
    for html, wanted in (
        (f"<table>{lamps}</table>", 3),
        (f"<table>{links}</table>", 3),
        (CELLS.format(lamps, links), 3),
    ):
        document = read_page(f"<html><body>{html}</body></html>")
        assert document.page is not None
        assert len(row_starts(document.page, document.text)) == wanted


CELLS = "<table><tr><td><p>Here.</p><table>{}</table></td><td><p>There.</p><table>{}</table></td></tr></table>"
