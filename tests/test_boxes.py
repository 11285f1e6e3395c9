"""Boxes of a page that their markup calls something else than the article."""

from __future__ import annotations

import pytest

from cleaner.judge import boxes
from tests.scored import said, scored_page

PROSE = "<p>The keeper climbed the stairs at dusk, as he had done for thirty years.</p>"
LINE = "My uncle kept that lamp."


def taken(html: str, *, gone: tuple[int, ...] = ()) -> list[str]:
    page = scored_page(html, 0.1, gone=gone)
    return said(page, boxes.numbers(page))


@pytest.mark.parametrize(
    "box",
    [
        "<div id='comments'>{}</div>",
        "<ol class='commentlist'><li>{}</li></ol>",
        "<section class='article-comments'><div><p>{}</p></div></section>",
        "<div class='leserkommentare'>{}</div>",
        "<div class='komentarze'>{}</div>",
        "<div id='disqus_thread'>{}</div>",
        "<div class='sidebar'>{}</div>",
        "<div class='widget widget_text'>{}</div>",
        "<div id='footer'>{}</div>",
        "<nav>{}</nav>",
        "<footer>{}</footer>",
        "<form><p>{}</p></form>",
        "<div class='author-bio'>{}</div>",
    ],
)
def test_a_named_box_below_an_article(box: str) -> None:
    assert taken(PROSE * 3 + box.format(LINE)) == [LINE]


@pytest.mark.parametrize(
    "box",
    [
        "<div class='comments-open'>{}</div>",
        "<div class='comment-count'>{}</div>",
        "<div class='comment'>{}</div>",
        "<div class='commentary'>{}</div>",
        "<code class='hljs-comment'>{}</code>",
        "<div class='has-sidebar'>{}</div>",
        "<article class='sidebar'>{}</article>",
        "<p><a class='nav'>{}</a></p>",
        "<div class='social-history'>{}</div>",
    ],
)
def test_a_name_that_says_something_else(box: str) -> None:
    assert taken(PROSE * 3 + box.format(LINE)) == []


def test_comments_are_told_from_the_rest() -> None:
    page = scored_page(PROSE * 3 + f"<div id='comments'>{LINE}</div><div class='sidebar'>Ferry times</div>", 0.1)
    assert list(boxes.numbers(page).values()) == ["comments", "beside"]


def test_what_is_most_of_a_page_is_what_it_is_about() -> None:
    assert taken(PROSE + f"<div class='sidebar'>{PROSE}</div>") == []
    assert taken(PROSE + f"<form>{PROSE}</form>") == []
    assert taken(PROSE + f"<div id='comments'>{PROSE}</div>") == []
    assert len(taken(PROSE + f"<div class='sidebar'>{PROSE}</div>", gone=(1,))) == 1


def test_comments_may_be_longer_than_a_long_article_but_not_in_a_forum() -> None:
    html = PROSE * 9 + f"<div id='comments'>{PROSE * 20}</div>"
    assert len(taken(html)) == 20
    assert taken(f"<div class='forum-topic'>{html}</div>") == []


def test_a_form_around_the_whole_page_hides_no_other_box() -> None:
    assert taken(f"<form>{PROSE * 3}<div class='sidebar'>{LINE}</div></form>") == [LINE]
