"""The headline above the body, and what says again what was said; and all that only looks like either."""

from __future__ import annotations

import pytest

from cleaner import Cleaner
from cleaner.judge.repeat import find
from cleaner.read.segment import View
from cleaner.types import LEVELS, Document, Evidence, Level, Span

CLEANERS = {level: Cleaner(rules=(), level=level, scores=False) for level in LEVELS}
HEAD = "Council keeps the night bus"
BODY = "The council voted on Tuesday to keep the night bus running until March."
MORE = "“It was close,” said the mayor, who had asked for the vote in the first place."
THIRD = "The next vote, on the price of a ticket, is due before the end of the month."
STAND = "The bus that takes nurses home will run until March."


def said(text: str, title: str | None = None, taken: tuple[str, ...] = ()) -> list[Evidence]:
    spans = [Span(text.index(piece), text.index(piece) + len(piece)) for piece in taken]
    return find(View(Document(text, title=title)), spans)


def gone(text: str, title: str | None = None, taken: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Kind and text of what is found, in the order of the text."""
    return [(item.kind, text[item.start : item.end]) for item in sorted(said(text, title, taken))]


def lines(*texts: str) -> str:
    return "\n".join(texts)


# --- headline -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(HEAD, id="plain"),
        pytest.param("Why the night bus matters", id="question-without-a-mark"),
        pytest.param("“We won’t stop it”: council keeps the bus", id="quotation-first"),
        pytest.param("Council keeps ‘the night bus’", id="quotation-last"),
        pytest.param("COUNCIL KEEPS THE NIGHT BUS", id="capitals"),
        pytest.param("12 nights on the last bus", id="number-first"),
        pytest.param("Совет сохранил ночной автобус", id="cyrillic"),
        pytest.param("Bus stays on", id="three-words"),
        pytest.param(" ".join(["The Bus"] * 14), id="28-words"),
    ],
)
def test_a_headline_by_its_shape(head: str) -> None:
    assert gone(lines(head, BODY, MORE)) == [("headline", head)]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("Council keeps the night bus.", id="sentence"),
        pytest.param("Will the council keep the night bus?", id="question"),
        pytest.param("Council keeps the night bus!", id="exclamation"),
        pytest.param("The council keeps the night bus:", id="colon"),
        pytest.param("Council keeps the night bus,", id="comma"),
        pytest.param("Council keeps the night bus -", id="dash"),
        pytest.param("“Council keeps the night bus.”", id="quoted-sentence"),
        pytest.param("council keeps the night bus", id="all-lower-case"),
        pytest.param("“council keeps the night bus”", id="lower-case-quotation"),
        pytest.param("- Council keeps the night bus", id="list-item"),
        pytest.param("• Council keeps the night bus", id="bullet"),
        pytest.param("1. Council keeps the night bus", id="numbered"),
        pytest.param("a) Council keeps the night bus", id="lettered"),
        pytest.param("# Council keeps the night bus", id="markdown"),
        pytest.param("| Council | night bus |", id="table-row"),
        pytest.param("The bus. Council keeps it on", id="two-sentences"),
        pytest.param("Night buses", id="two-words"),
        pytest.param("A bus on", id="too-short"),
        pytest.param(" ".join(["The Bus"] * 14 + ["Stays"]), id="29-words"),
        pytest.param("Bus " + "of Calderdale-on-the-Water " * 6 + "stays", id="too-long"),
    ],
)
def test_no_headline_by_its_shape(head: str) -> None:
    assert gone(lines(head, BODY, MORE)) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HEAD, id="alone"),
        pytest.param(lines(BODY, HEAD, MORE), id="subheading"),
        pytest.param(lines(HEAD, "A night on the last bus home", BODY), id="two-title-like-lines"),
        pytest.param(lines(HEAD, "It stays.", BODY), id="above-a-short-line"),
        pytest.param(lines(HEAD, BODY[:-1], MORE), id="above-a-line-without-an-end-mark"),
        pytest.param(lines(HEAD, "- " + BODY, "- " + MORE), id="above-a-list"),
        pytest.param(lines("The bus goes by at night", "And no one waits", "But for the light"), id="verse"),
        pytest.param(
            lines("The bus goes by at night,", "And no one waits,", "But for the light."), id="verse-with-marks"
        ),
        pytest.param("", id="empty"),
        pytest.param(" \n\n", id="blank"),
    ],
)
def test_no_headline_by_its_place(text: str) -> None:
    assert gone(text) == []


def test_a_cjk_paragraph_needs_half_the_letters() -> None:
    body = "理事会は火曜日に夜行バスの運行を三月まで続けることを決めたと発表した。"
    assert gone(lines("Night bus in Kyoto stays", body)) == [("headline", "Night bus in Kyoto stays")]


def test_what_rules_took_does_not_stand_above() -> None:
    by = "By Nora Whitcombe"
    assert gone(lines(by, HEAD, "Share this", BODY), taken=(by, "Share this")) == [("headline", HEAD)]


def test_a_headline_that_rules_took_is_not_taken_again() -> None:
    assert gone(lines(HEAD, BODY), taken=(HEAD,)) == []


# --- headline by the title ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "title", "level"),
    [
        pytest.param(lines(HEAD, BODY), HEAD, "cautious", id="the-same"),
        pytest.param(lines(HEAD.upper(), BODY), HEAD, "cautious", id="capitals"),
        pytest.param(lines(HEAD, "It stays.", BODY), HEAD, "cautious", id="above-anything"),
        pytest.param(lines("Night bus", BODY), "Night bus", "cautious", id="too-short-by-shape"),
        pytest.param(lines("Will it stay?", BODY), "Will it stay?", "cautious", id="question"),
        pytest.param(lines("“Will it stay”", BODY), "'Will it stay'", "cautious", id="other-quotes"),
        pytest.param(lines("It stays.", BODY), "It stays.", "cautious", id="full-stop-in-both"),
        pytest.param(lines(HEAD, BODY), "Council keeps night bus | The Calder Post", "normal", id="half-of-its-words"),
        pytest.param(lines(HEAD, BODY), "", "normal", id="empty-title"),
    ],
)
def test_a_headline_by_the_title(text: str, title: str, level: str) -> None:
    (found,) = said(text, title)
    assert (found.kind, found.level, text[found.start : found.end]) == ("headline", level, text.split("\n")[0])


@pytest.mark.parametrize("above", [("Local news",), ("Local news", "Calder")], ids=["second", "third"])
def test_the_title_is_looked_for_in_three_lines(above: tuple[str, ...]) -> None:
    assert gone(lines(*above, HEAD, BODY), HEAD) == [("headline", HEAD)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param(lines("What we know so far today", BODY), "Storm hits the coast", id="other-words"),
        pytest.param(lines("The bus stays.", BODY), "The bus stays", id="a-sentence-that-says-it"),
        pytest.param(lines("a", "b", "c", "Bus stays", BODY), "Bus stays", id="fourth-line"),
        pytest.param(lines(BODY, MORE), BODY[:-1], id="a-paragraph-that-says-it"),
    ],
)
def test_no_headline_by_the_title(text: str, title: str) -> None:
    assert gone(text, title) == []


def test_a_title_that_stands_twice_goes_twice() -> None:
    assert gone(lines(HEAD, "Calder", "Local news", HEAD, BODY), HEAD) == [("headline", HEAD)] * 2


# --- standfirst -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lines(HEAD, STAND, BODY, STAND, MORE), id="a-line-of-the-body"),
        pytest.param(lines(HEAD, STAND, BODY, f"{MORE} {STAND}"), id="the-end-of-a-paragraph"),
        pytest.param(lines(HEAD, STAND, f"{STAND} {MORE}"), id="the-start-of-the-next-paragraph"),
        pytest.param(lines(HEAD, STAND, f"{BODY} “{STAND}” {MORE}"), id="quoted"),
        pytest.param(lines(HEAD, STAND, BODY, STAND.upper()), id="in-capitals"),
        pytest.param(lines(HEAD, STAND, BODY + STAND), id="glued"),
    ],
)
def test_a_standfirst_that_the_body_says_again(text: str) -> None:
    assert ("repeat", STAND) in gone(text)
    assert [item.start for item in said(text) if item.kind == "repeat"] == [len(HEAD) + 1]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lines(HEAD, STAND, BODY, MORE), id="said-once"),
        pytest.param(lines(HEAD, "The bus stays until March.", BODY, "The bus stays until March."), id="too-short"),
        pytest.param(lines(HEAD, STAND, BODY, STAND[:-1] + " or later."), id="goes-on"),
        pytest.param(lines(HEAD, STAND, BODY, "He says: the" + STAND[3:]), id="starts-before"),
        pytest.param(lines(HEAD, f"{STAND} It is old and it is very loud at night.", BODY, STAND), id="half-of-it"),
        pytest.param(lines(BODY, STAND, MORE, STAND), id="below-a-paragraph"),
        pytest.param(lines("It stays.", STAND, MORE, STAND), id="below-no-headline"),
    ],
)
def test_no_standfirst(text: str) -> None:
    assert [kind for kind, _ in gone(text) if kind == "repeat"] == []


def test_an_article_that_stands_twice_keeps_its_order() -> None:
    body = [BODY, STAND + " " + MORE, LONG]
    assert CLEANERS["normal"].clean(lines(HEAD, *body, *body)).text.startswith(lines(*body))


def test_a_copy_that_a_rule_takes_is_none() -> None:
    text = lines(HEAD, STAND, BODY, "READ: " + MORE)
    assert gone(text.replace(MORE, STAND), taken=("READ: " + STAND,)) == gone(text)


# --- headline and standfirst glued ----------------------------------------------------------------------------------


@pytest.mark.parametrize("joint", [" ", ""], ids=["space", "nothing"])
def test_a_glued_headline(joint: str) -> None:
    text = lines(f"{HEAD}{joint}{STAND}", BODY, STAND, MORE)
    assert gone(text) == [("headline", HEAD), ("repeat", STAND)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lines(f"{HEAD} {STAND}", BODY, MORE), id="said-once"),
        pytest.param(lines(f"{HEAD}, {STAND}", BODY, STAND), id="comma"),
        pytest.param(lines(f"It is {STAND}", BODY, STAND), id="no-headline-before"),
        pytest.param(lines(BODY, f"{HEAD} {STAND}", STAND), id="further-down"),
    ],
)
def test_no_glued_headline(text: str) -> None:
    assert gone(text) == []


# --- repeated paragraphs --------------------------------------------------------------------------------------------

LONG = "The bus that takes nurses home at night will run until March, and longer if the county pays for it."


@pytest.mark.parametrize(
    ("text", "copies"),
    [
        pytest.param(lines(LONG, BODY, LONG), 1, id="twice"),
        pytest.param(lines(LONG, BODY, LONG, LONG), 2, id="thrice"),
        pytest.param(lines(LONG, LONG), 1, id="one-below-the-other"),
        pytest.param(lines(LONG, BODY, f" {LONG.upper()} "), 1, id="capitals-and-spaces"),
        pytest.param(lines(LONG, BODY + LONG), 1, id="glued"),
    ],
)
def test_a_repeated_paragraph(text: str, copies: int) -> None:
    found = said(text)
    assert [item.kind for item in found] == ["repeat"] * copies
    assert all(item.start > len(LONG) and text[item.start : item.end].lower() == LONG.lower() for item in found)


PROGRAM = "bus = socket.socket(AF_INET, SOCK_STREAM) bus.connect((host, port)) data = bus.recv(4096) print(data)"
REFRAIN = "And the bus goes by, and the bus goes by, and nobody waits for it."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lines(REFRAIN, BODY, REFRAIN, MORE, REFRAIN), id="refrain"),
        pytest.param(lines(LONG, BODY, LONG.replace("March", "April")), id="another-word"),
        pytest.param(lines(LONG, BODY, f"{LONG} {MORE}"), id="part-of-a-paragraph"),
        pytest.param(lines("-" * 90, BODY, "-" * 90), id="rule-of-dashes"),
        pytest.param(lines(PROGRAM, BODY, PROGRAM), id="program"),
        pytest.param(lines("a" * 45 + " " + "b" * 45, BODY, "a" * 45 + " " + "b" * 45), id="few-words"),
    ],
)
def test_no_repeated_paragraph(text: str) -> None:
    assert gone(text) == []


@pytest.mark.parametrize("number", [0, 1], ids=["first", "second"])
def test_of_two_copies_one_stays_if_a_rule_takes_the_other(number: int) -> None:
    text = lines(LONG, BODY, LONG)
    start = (text.index(LONG), text.rindex(LONG))[number]
    assert find(View(Document(text)), [Span(start, start + len(LONG))]) == []


# --- twice is once --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lines(HEAD, BODY, MORE), id="headline"),
        pytest.param(lines(HEAD, HEAD, BODY), id="two-headlines"),
        pytest.param(lines(HEAD, STAND, BODY, STAND), id="standfirst"),
        pytest.param(
            lines(HEAD, "Another headline of the page", STAND, BODY, STAND), id="two-headlines-and-standfirst"
        ),
        pytest.param(lines(HEAD, "The night that was the last", LONG, BODY, LONG), id="title-above-a-repeat"),
        pytest.param(lines(f"{HEAD} {STAND}", "A headline of the page", BODY, STAND), id="headline-below-a-glued-one"),
        pytest.param(lines(f"{HEAD} {STAND}", f"{HEAD} {STAND}", STAND, BODY), id="glued-twice"),
        pytest.param(lines(LONG, HEAD, LONG, BODY), id="repeat-below-a-headline"),
        pytest.param(lines(HEAD, f"{HEAD} {STAND}", f"{STAND} {MORE}"), id="glued-one-below-a-headline"),
        pytest.param(lines("Night bus home", *[MORE] * 4, "Night bus"), id="the-same-below-a-headline"),
        pytest.param(lines(HEAD, LONG, LONG, LONG, STAND, STAND), id="many"),
    ],
)
@pytest.mark.parametrize("title", [None, HEAD, BODY], ids=["untitled", "titled", "titled-like-the-body"])
@pytest.mark.parametrize("level", LEVELS)
def test_a_clean_text_has_nothing_to_take(text: str, title: str | None, level: Level) -> None:
    once = CLEANERS[level].clean(text, title=title)
    assert CLEANERS[level].clean(once.text, title=title).text == once.text
