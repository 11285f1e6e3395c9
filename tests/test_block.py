"""Blocks: where one begins, how far it goes, and the article that it never swallows."""

from __future__ import annotations

import pytest

from cleaner.judge.block import BlockMatcher
from cleaner.read.segment import View
from cleaner.types import Between, Document, Rule

FIRST = "The lamp is yours to keep alight"
ASK = "Your donations pay for the oil."
INSIDE = "The Lantern is trusted by readers everywhere."
LAST = "Thank you for the light."
PROSE = "The keeper climbed the stairs at dusk."
MORE = "Below her the harbour lay dark."
BETWEEN = Between((FIRST,), ("The Lantern is trusted by {any}",), (LAST,), r"\b(?:your|donations?)\b")


def block(text: str, between: Between = BETWEEN, *, longest: int = 3000, fuzzy: float = 0.0) -> str:
    """The first block of the text, empty if there is none."""
    rule = Rule("f/r", "appeal", "w", "f.toml", 2, scope="block", between=between, longest=longest, fuzzy=fuzzy)
    view, matcher = View(Document(text)), BlockMatcher(rule)
    found = (span for line in view.lines() for span in matcher.find(view, line, view.sentences(line)))
    span = next(found, None)
    return text[span.start : span.end] if span else ""


def lines(*texts: str) -> str:
    return "\n".join(texts)


def test_a_rule_of_another_scope_is_none() -> None:
    with pytest.raises(ValueError, match="f/r is not a block rule"):
        BlockMatcher(Rule("f/r", "appeal", "w", "f.toml", 2, match="^a$"))


# --- what belongs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([FIRST, ASK, LAST], id="cue"),
        pytest.param([FIRST, INSIDE, LAST], id="inside"),
        pytest.param([FIRST, LAST], id="last-alone"),
        pytest.param([FIRST], id="first-alone"),
        pytest.param([FIRST, ASK], id="no-last"),
        pytest.param([FIRST, ASK, FIRST, INSIDE, LAST], id="first-again"),
        pytest.param([FIRST, ASK, ASK, ASK, LAST], id="many"),
        pytest.param([FIRST.upper(), ASK, LAST.upper()], id="capitals"),
        pytest.param([f"{FIRST}:", ASK, f"{LAST[:-1]}!"], id="other-marks"),
    ],
)
@pytest.mark.parametrize("joint", ["\n", "\n\n", "\n \r\n"], ids=["lines", "blank-lines", "carriage-returns"])
def test_a_block_goes_as_far_as_it_belongs(parts: list[str], joint: str) -> None:
    assert block(joint.join([PROSE, *parts, MORE])) == joint.join(parts)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{FIRST}. {ASK} {INSIDE} {LAST}", id="one-line"),
        pytest.param(f"{FIRST}\n{ASK} {INSIDE} {LAST}", id="heading-by-itself"),
        pytest.param(f"{FIRST}. {ASK}\n{INSIDE} {LAST}", id="two-lines"),
    ],
)
def test_a_block_ends_after_its_last(text: str) -> None:
    assert block(f"{text} {PROSE}") == text
    assert block(f"{text}\n{ASK}") == text


@pytest.mark.parametrize(
    ("parts", "size"),
    [
        pytest.param([FIRST, PROSE], 1, id="at-once"),
        pytest.param([FIRST, ASK, PROSE, MORE], 2, id="article"),
        pytest.param([FIRST, ASK, PROSE, ASK], 2, id="a-stranger-on-its-own-line"),
        pytest.param([FIRST, ASK, f"{PROSE} {MORE}", ASK], 2, id="two-strangers"),
        pytest.param([FIRST, f"{ASK} {PROSE}", MORE, ASK], 0, id="a-stranger-at-a-line-end-and-one-below"),
        pytest.param(
            [FIRST, ASK, f"{INSIDE[:-1]} and by none of us here, or so it seems to her, they say."],
            2,
            id="wider-than-a-slot",
        ),
        pytest.param([FIRST, "Your " + "oil " * 600 + "burns."], 1, id="a-sentence-without-end"),
    ],
)
def test_a_missing_last_never_swallows_the_article(parts: list[str], size: int) -> None:
    assert block(lines(PROSE, *parts)) == (lines(*parts[:size]) if size else f"{FIRST}\n{ASK}")


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param(f"{ASK} We never sleep. {INSIDE}", id="between-two"),
        pytest.param(f"{ASK} We never sleep.\n{INSIDE}", id="at-a-line-end"),
        pytest.param(f"{ASK}\nWe never sleep. {INSIDE}", id="at-a-line-start"),
        pytest.param(f"{ASK} We never sleep. {INSIDE} It burns. {ASK}", id="one-at-a-time"),
    ],
)
def test_one_stranger_is_forgiven(inner: str) -> None:
    assert block(lines(FIRST, inner, LAST, PROSE)) == lines(FIRST, inner, LAST)


def test_without_last_a_block_ends_with_what_belongs() -> None:
    between = Between((FIRST,), (), (), "donations")
    assert block(lines(FIRST, ASK, LAST), between) == lines(FIRST, ASK)


def test_without_cues_only_phrases_belong() -> None:
    between = Between((FIRST,), BETWEEN.inside, (LAST,))
    assert block(lines(FIRST, INSIDE, ASK, LAST), between) == lines(FIRST, INSIDE)


@pytest.mark.parametrize(("longest", "size"), [(94, 2), (78, 2), (77, 1), (32, 1), (31, 1)])
def test_longest_ends_a_block(longest: int, size: int) -> None:
    parts = [FIRST, INSIDE, ASK, LAST]
    assert block(lines(*parts), longest=longest) == lines(*parts[:size])


def test_a_cue_that_runs_away_finds_nothing() -> None:
    between = Between((FIRST,), cues="^(?:a|a|aa)+$")
    assert block(lines(FIRST, "a" * 60 + "!"), between) == FIRST


# --- where one begins -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{FIRST}{ASK} {PROSE}", f"{FIRST}{ASK}", id="glued-to-the-next"),
        pytest.param(f"{FIRST} {ASK} {PROSE}", f"{FIRST} {ASK}", id="no-mark-between"),
        pytest.param(f"{FIRST}{PROSE}", FIRST, id="glued-to-the-article"),
        pytest.param(f"{FIRST}. {PROSE}", f"{FIRST}.", id="on-the-article-s-line"),
        pytest.param(f"{PROSE} {FIRST}. {ASK}", f"{FIRST}. {ASK}", id="behind-a-sentence"),
        pytest.param(f"{PROSE}{FIRST}\n{ASK}", f"{FIRST}\n{ASK}", id="glued-behind-a-sentence"),
        pytest.param(f"The keeper climbs {FIRST} {ASK}", f"{FIRST} {ASK}", id="in-mid-sentence"),
        pytest.param(f"Keeper at dusk{FIRST} {ASK}", f"{FIRST} {ASK}", id="glued-in-mid-sentence"),
        pytest.param(f"“Go,” said the keeper {FIRST} {ASK}", f"{FIRST} {ASK}", id="behind-a-quotation"),
        pytest.param(f"{LAST}{FIRST}{LAST}{PROSE}", f"{FIRST}{LAST}", id="glued-all-round"),
    ],
)
def test_a_block_begins_where_its_heading_does(text: str, expected: str) -> None:
    assert block(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"“{FIRST}”\n{ASK}", id="quoted"),
        pytest.param(f"“{FIRST}. {ASK}”", id="quoted-with-the-next"),
        pytest.param(f"It says “{FIRST} {ASK}”", id="quoted-in-mid-sentence"),
        pytest.param(f"It says ({FIRST} {ASK})", id="in-brackets"),
        pytest.param(f"{FIRST}, the warden told the ferryman.", id="the-sentence-goes-on"),
        pytest.param(f"{FIRST} said the warden to the ferryman.", id="the-sentence-goes-on-without-a-mark"),
        pytest.param(f"She said that {FIRST.lower()} {ASK}", id="lower-case-in-mid-sentence"),
        pytest.param(f"She said that {FIRST} at dusk.", id="nothing-that-belongs-behind-it"),
        pytest.param(f"1. {FIRST}\n{ASK}", id="numbered"),
        pytest.param(f"{FIRST.replace('lamp', 'flame')}\n{ASK}", id="another-word"),
        pytest.param(lines(PROSE, ASK, INSIDE, LAST), id="no-heading"),
        pytest.param("", id="empty"),
        pytest.param("…", id="a-mark"),
    ],
)
def test_no_block(text: str) -> None:
    assert block(text) == ""


@pytest.mark.parametrize(
    ("heading", "fuzzy", "found"),
    [("The flame is yours to keep alight", 0.2, True), ("The flame is yours to keep burning", 0.2, False)],
)
def test_a_heading_may_drift(heading: str, fuzzy: float, found: bool) -> None:
    assert block(lines(heading, ASK, PROSE), fuzzy=fuzzy) == (lines(heading, ASK) if found else "")


def test_a_sentence_that_has_no_end_begins_none() -> None:
    assert block(f"{FIRST} " + "and your oil " * 400) == ""


def test_blocks_of_one_line_are_all_found() -> None:
    text = f"{FIRST}. {ASK} {PROSE} {MORE} {FIRST}. {LAST} {MORE}"
    rule = Rule("f/r", "appeal", "w", "f.toml", 2, scope="block", between=BETWEEN, longest=3000)
    view = View(Document(text))
    (line,) = view.lines()
    found = BlockMatcher(rule).find(view, line, view.sentences(line))
    assert [text[span.start : span.end] for span in found] == [f"{FIRST}. {ASK}", f"{FIRST}. {LAST}"]


# --- cut off --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tail", ["", "…", "...", " [...]", "… [+3421 chars]", "[+12 chars]"])
@pytest.mark.parametrize(
    "cut",
    [
        pytest.param(lines(FIRST, ASK, "The Lantern is trus"), id="an-inside"),
        pytest.param(lines(FIRST, ASK, "Thank you fo"), id="the-last"),
        pytest.param(lines(FIRST, "Your don"), id="a-sentence-with-a-cue"),
        pytest.param("The lamp is yours to ke", id="the-heading"),
    ],
)
def test_a_cut_off_block_goes(cut: str, tail: str) -> None:
    assert block(f"{PROSE}\n{cut}{tail}").rstrip(" [.…+0123456789chars]") == cut.rstrip(" chars")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            lines("The lamp is yours to ke", PROSE), "The lamp is yours to ke", id="heading-above-the-article"
        ),
        pytest.param(
            lines(FIRST, "The Lantern is trus", PROSE),
            lines(FIRST, "The Lantern is trus"),
            id="inside-above-the-article",
        ),
        pytest.param(lines(FIRST, ASK, "…", PROSE), lines(FIRST, ASK, "…"), id="the-mark-alone"),
    ],
)
def test_a_cut_off_line_above_the_article_goes(text: str, expected: str) -> None:
    assert block(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The lamp is", id="three-words-of-a-heading"),
        pytest.param("The lamp is yours to ke. She said so.", id="heading-with-an-end-mark"),
        pytest.param(lines("The lamp is yours and mine", PROSE), id="another-word"),
        pytest.param("The flame is yours to ke", id="a-heading-that-drifts"),
    ],
)
def test_no_cut_off_heading(text: str) -> None:
    assert block(text, fuzzy=0.2) == ""


def test_a_whole_sentence_is_not_cut_off() -> None:
    assert block(lines(FIRST, "The Lantern is trusted.", PROSE)) == FIRST
