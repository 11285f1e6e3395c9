"""Alignment of dirty texts with gold bodies: what is body, what only looks like it."""

from __future__ import annotations

import pytest

from cleaner.learn.align import align
from cleaner.read.segment import View
from cleaner.types import Document

LEAD = "The council voted on Tuesday to keep the night bus running through the winter months."
QUOTE = "Nobody in the room had expected the mayor to change her mind about the line."
COST = "The bus costs the town four hundred thousand a year, a report by the treasurer says."
END = "A second vote on the day line follows in March, when the new budget is on the table."
BODY = (LEAD, QUOTE, COST, END)

# Name, dirty lines with the share of body expected for each ("=" for a segment of a line), gold.
CASES: list[tuple[str, list[tuple[str, float]], tuple[str, ...]]] = [
    ("clean body", [(line, 1) for line in BODY], BODY),
    (
        "furniture around",
        [("Home", 0), ("Sign up to our newsletter", 0), *((line, 1) for line in BODY), ("Read more", 0)],
        BODY,
    ),
    (
        "a standfirst that says the first sentence again does not steal it",
        [(LEAD, 0), ("By Nora Whitcombe", 0), *((line, 1) for line in BODY)],
        BODY,
    ),
    (
        "a related headline in body words",
        [*((line, 1) for line in BODY), ("The council voted on Tuesday", 0), ("The mayor and the line", 0)],
        BODY,
    ),
    ("a pull quote inside the body", [(LEAD, 1), (QUOTE, 1), (COST, 1), (QUOTE, 0), (END, 1)], BODY),
    ("blocks in another order", [(COST, 1), (END, 1), ("Advertisement", 0), (LEAD, 1), (QUOTE, 1)], BODY),
    (
        "a subheading is body right above its paragraph, not in the list of contents",
        [("The cost", 0), ("The end", 0), (LEAD, 1), ("The cost", 1), (COST, 1), ("The end", 1), (END, 1)],
        (LEAD, "The cost", COST, "The end", END),
    ),
    ("a title in the menu", [("The council keeps its bus", 0), (LEAD, 1), (QUOTE, 1)], (LEAD, QUOTE)),
    (
        "a refrain that the gold has twice",
        [(QUOTE, 1), (LEAD, 1), (QUOTE, 1), ("Subscribe now", 0)],
        (QUOTE, LEAD, QUOTE),
    ),
    (
        "other quotes, cases and a mended typo",
        [("“Nobody” in the ROOM had exspected the mayor’s mind to change about the line.", 14 / 15)],
        ('"Nobody" in the room had expected the mayor\'s mind to change about the line.',),
    ),
    (
        "CJK text without spaces",
        [
            ("订阅我们的邮件", 0),
            ("市议会周二投票决定保留公交车。", 1),
            ("分享到微博", 0),
            ("市长说，这条线路很重要。", 1),
        ],
        ("市议会周二投票决定保留公交车。", "市长说，这条线路很重要。"),
    ),
    (
        "a body of short lines",
        [("Menu", 0), ("Two eggs", 1), ("100 g flour", 1), ("Some milk and salt", 1), ("Print", 0)],
        ("Two eggs", "100 g flour", "Some milk and salt"),
    ),
    ("nothing of it there", [("Please enable JavaScript to see the page.", 0)], BODY),
]


@pytest.mark.parametrize(("lines", "body"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_share_of_every_line(lines: list[tuple[str, float]], body: tuple[str, ...]) -> None:
    view = View(Document("\n".join(line for line, _ in lines)))
    found = align(view, body)
    shares = [found.share(line).body for line in view.lines()]
    expected = [share for line, share in lines for _ in View(Document(line)).lines()]
    assert shares == pytest.approx(expected, abs=0.01)


def test_a_glued_seam_is_cut() -> None:
    text = f"Your support makes all the difference.{LEAD} {QUOTE}"
    view = View(Document(text))
    found = align(view, BODY)
    assert [found.share(span).body for span in view.segments()] == [0, 1, 1]


def test_part_of_a_segment() -> None:
    appeal = "Sign up here for our evening letter and more "
    view = View(Document(appeal + LEAD))
    share = align(view, BODY).share(next(view.segments()))
    assert share.body is not None
    assert 0.5 < share.body < 0.7
    assert [view.cased[part.start : part.end] for part in share.parts] == [LEAD.rstrip(".")]


@pytest.mark.parametrize("again", [LEAD, "The cost"])
def test_what_says_body_again_is_marked(again: str) -> None:
    view = View(Document("\n".join([again, "By Nora", LEAD, QUOTE, "The cost", COST])))
    found = align(view, (LEAD, QUOTE, "The cost", COST))
    assert found.share(next(view.segments())).repeat


def test_words_that_agree_by_chance_are_nothing() -> None:
    between = "In the end the town and the line of the day is what it is about, a year on"
    view = View(Document("\n".join([LEAD, between, QUOTE])))
    found = align(view, (LEAD, "The word of the day is a line.", QUOTE))
    assert [found.share(span).body for span in view.segments()] == [1, 0, 1]


def test_a_paragraph_full_of_repeats_stays_in_its_chain() -> None:
    refrain = " ".join(f"On day {n} the bus of the town was late." for n in range(40))
    view = View(Document("\n".join([refrain, "Advertisement", LEAD, "Read more", QUOTE])))
    found = align(view, (refrain, LEAD, QUOTE))
    assert [found.share(line).body for line in view.lines()] == [1, 0, 1, 0, 1]


def test_found_is_the_share_of_gold_words() -> None:
    assert align(View(Document(LEAD)), (LEAD, LEAD)).found == 0.5


def test_a_segment_without_words_has_no_share() -> None:
    view = View(Document("* * *"))
    assert align(view, BODY).share(next(view.segments())).body is None


@pytest.mark.slow
def test_long_texts_are_fast() -> None:
    from time import process_time

    lines = [f"Line {n} of {n % 17} says that {n % 5} of the {n * 7} were there in the end." for n in range(400)]
    dirty = View(Document("\n".join(part for line in lines for part in ("Read more about it here", line))))
    start = process_time()
    assert align(dirty, lines).found > 0.99
    assert process_time() - start < 3
