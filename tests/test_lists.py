"""Lists of links and of short lines that the score was in doubt about."""

from __future__ import annotations

import pytest

from cleaner.judge import lists
from cleaner.judge.scored import scored
from cleaner.read.segment import View
from cleaner.types import Document
from tests.scored import said, scored_page

PROSE = "<p>The keeper climbed the stairs at dusk, as he had done for thirty years.</p>"


def link(text: str) -> str:
    return f'<p><a href="/x">{text}</a></p>'


def taken(html: str, chance: float, *, gone: tuple[int, ...] = ()) -> list[str]:
    """What goes of a page where each segment has this chance, in order."""
    return said(page := scored_page(html, chance, gone=gone), lists.numbers(page))


LINKS = ["Harbour", "Ferry times", "Letters", "The lamp room"]


@pytest.mark.parametrize(
    ("items", "chance", "goes"),
    [
        pytest.param([link(text) for text in LINKS], 0.25, True, id="links-in-a-row"),
        pytest.param([link(text) for text in LINKS], 0.15, False, id="too-sure"),
        pytest.param([link(text) for text in LINKS[:3]], 0.25, False, id="too-few"),
        pytest.param([link(text) for text in LINKS[:1]], 0.45, True, id="one-link-in-more-doubt"),
        pytest.param([link(f"{text}.") for text in LINKS], 0.45, False, id="sentences"),
        pytest.param([link(text * 10) for text in LINKS], 0.35, False, id="long-links"),
        pytest.param([f"<p>{text}</p>" for text in LINKS], 0.45, True, id="short-lines"),
        pytest.param([f"<p>{text}</p>" for text in LINKS], 0.44, False, id="short-lines-in-less-doubt"),
        pytest.param([f"<p>{text}</p>" for text in LINKS[:1]], 0.45, False, id="one-short-line"),
        pytest.param([f"<p>{text}!”</p>" for text in LINKS], 0.45, False, id="said-aloud"),
    ],
)
def test_what_goes(items: list[str], chance: float, goes: bool) -> None:
    found = taken(PROSE + "".join(items) + PROSE, chance)
    assert len(found) == (len(items) if goes else 0)


def test_a_text_has_lines_but_no_links() -> None:
    view = View(Document("The keeper climbed the stairs at dusk.\nHarbour\nFerry times\nHe came down at dawn."))
    segments, _ = view.all_segments()
    assert lists.numbers(scored(view, segments, [0.45] * 4, [False] * 4)) == [1, 2]
    assert lists.numbers(scored(view, segments, [0.44] * 4, [False] * 4)) == []


@pytest.mark.parametrize(("items", "goes"), [(12, True), (16, False)])
def test_lists_that_are_most_of_a_page_are_what_it_is_about(items: int, goes: bool) -> None:
    html = PROSE + "".join(link(f"Ferry times {number}") for number in range(items)) + "<p>He came.</p>"
    assert bool(taken(html, 0.45)) == goes


def test_prose_interrupts_a_list_and_what_goes_anyway_does_not() -> None:
    items = [link(text) for text in LINKS]
    html = "".join([*items[:2], PROSE, *items[2:], PROSE])
    assert taken(html, 0.25) == []
    assert taken(html, 0.25, gone=(2,)) == LINKS


@pytest.mark.parametrize(
    ("html", "goes"),
    [
        pytest.param("<table><tr><td><p>News: <a href='/x'>ferry times.</a></p></td></tr></table>", True, id="link"),
        pytest.param("<table><tr><td><p>News: ferry times.</p></td></tr></table>", False, id="no-link"),
        pytest.param(
            "<table><tr><td><ul><li><a href='/x'>Ferry times</a></li></ul></td></tr></table>", False, id="item"
        ),
        pytest.param("<p>News: <a href='/x'>ferry times.</a></p>", False, id="no-cell"),
    ],
)
def test_cells_of_a_table_that_lays_a_page_out(html: str, goes: bool) -> None:
    sure, doubtful = scored_page(html, 0.19), scored_page(html, 0.21)
    assert lists.cells(sure) == []
    assert bool(lists.cells(doubtful)) == goes
