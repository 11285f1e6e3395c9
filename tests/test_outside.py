"""What stands outside the article's box, and where the score is in doubt."""

from __future__ import annotations

import pytest

from cleaner.judge import outside
from tests.scored import said, scored_page

PROSE = "<p>The keeper climbed the stairs at dusk, as he had done for thirty years.</p>"
ABOVE, BELOW = (
    "{}<div><div><div>" + PROSE * 3 + "</div></div></div>",
    "<div><div><div>" + PROSE * 3 + "{}</div>{}</div></div>{}",
)


def taken(html: str, chance: float, text: str) -> bool:
    """Whether this segment goes, and no other, if it has that chance."""
    page = scored_page(html, 0.05, but={text: chance})
    found = said(page, outside.numbers(page))
    assert found in ([], [text])
    return bool(found)


@pytest.mark.parametrize(
    ("html", "text", "bar"),
    [
        pytest.param(BELOW.format("", "<p>Ferry times</p>", ""), "Ferry times", 0.2, id="below"),
        pytest.param(BELOW.format("", "<p>Ferries run.</p>", ""), "Ferries run.", 0.4, id="sentence-below"),
        pytest.param(BELOW.format("", "", "<p>Ferries run.</p>"), "Ferries run.", 0.3, id="farther-below"),
        pytest.param(ABOVE.format("<p>Ferry times</p>"), "Ferry times", 0.4, id="above"),
        pytest.param(ABOVE.format("<p>Ferries run.</p>"), "Ferries run.", 1, id="sentence-above"),
        pytest.param(BELOW.format("<p>Ferry times</p>", "", ""), "Ferry times", 1, id="inside"),
    ],
)
def test_the_chance_from_which_it_goes(html: str, text: str, bar: float) -> None:
    assert not taken(html, bar - 0.01, text)
    assert bar == 1 or taken(html, bar + 0.01, text)


def test_an_article_in_two_boxes_has_the_one_around_both() -> None:
    html = f"<div><div>{PROSE * 3}</div><div>{PROSE * 3}<p>Ferry times</p></div></div>"
    assert not taken(html, 0.9, "Ferry times")


def test_text_has_no_boxes() -> None:
    assert outside.numbers(scored_page("", 0.5)) == []
