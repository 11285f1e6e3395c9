"""What every match of a rule has: where its texts stand, how wide it is, and what it is tied to.

That every match has them, whatever the pattern, is tested in test_pattern.py."""

from __future__ import annotations

import pytest

from cleaner.judge.literal import literals, of_phrases, with_reach
from cleaner.types import Between, Reach, Rule, RuleError

ANY = Reach().width


def rule(**more: object) -> Rule:
    return Rule(**{"id": "f/r", "kind": "advert", "why": "w", "file": "f.toml", "line": 2} | more)  # type: ignore[arg-type]


# --- opening and anywhere -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("^join us", ("join us",), id="plain"),
        pytest.param("^(?:join|follow) us", ("follow us", "join us"), id="branches"),
        pytest.param("^join|^follow", ("follow", "join"), id="branches-tied-each"),
        pytest.param("(?:^join|^follow)", ("follow", "join"), id="branches-tied-in-a-group"),
        pytest.param("^subscribe to our letter", ("subscribe",), id="no-longer-than-nine"),
        pytest.param(r"^join\b", ("join",), id="word-end"),
        pytest.param("^Join", ("join",), id="lower-case"),
        pytest.param(r"\Ajoin us\Z", ("join us",), id="of-the-text"),
        pytest.param("^(?:please )?join us", ("join us", "please jo"), id="optional-word-first"),
        pytest.param(r"^\W{0,3}join us", ("join us",), id="optional-marks-first"),
        pytest.param("^[-–• ]*join us", ("join us",), id="optional-class-first"),
        pytest.param("^ ?join us", ("join us",), id="optional-space-first"),
        pytest.param("^(?!join me)join", ("join",), id="not-followed-by"),
        pytest.param("^(?=join)join", ("join",), id="followed-by"),
        pytest.param("^jo[iy]n", ("join", "joyn"), id="class"),
        pytest.param("^jo[a-d]n", ("joan", "jobn", "jocn", "jodn"), id="range"),
        pytest.param("^join[^.]{0,40}$", ("join",), id="goes-on-unknown"),
        pytest.param("^(?:join[^.]+|follow) us", ("follow us", "join"), id="a-branch-goes-on-unknown"),
        pytest.param("^(?:ab)+c", ("ab",), id="repeated"),
        pytest.param("^続き", ("続き",), id="dense"),
    ],
)
def test_opening(pattern: str, expected: tuple[str, ...]) -> None:
    assert literals(pattern)[:2] == (expected, ())


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("join us", ("join us",), id="not-tied"),
        pytest.param("join us$", ("join us",), id="tied-to-the-end"),
        pytest.param("join|follow", ("follow", "join"), id="branches"),
        pytest.param("^join|follow", ("follow", "join"), id="half-tied"),
        pytest.param("[^.]{3}join us today[a-z]+now", ("join us today",), id="the-rarest"),
        pytest.param("(?:join us){2}", ("join us",), id="counted"),
        pytest.param(r"^\d+ newsletters?", (" newsletter", " newsletters"), id="tied-but-opens-with-anything"),
        pytest.param("^(?:the )?[a-z]+ newsletter", (" newsletter",), id="tied-but-goes-on-with-anything"),
        pytest.param(r"^[^\W_]join us", ("join us",), id="tied-behind-a-letter"),
        pytest.param("^.{0,9}join us", ("join us",), id="tied-behind-anything"),
        pytest.param("^z[a-z]* newsletter today", (" newsletter today",), id="one-letter-is-too-common"),
    ],
)
def test_anywhere(pattern: str, expected: tuple[str, ...]) -> None:
    assert literals(pattern)[:2] == ((), expected)


@pytest.mark.parametrize(("choices", "size"), [(128, 128), (129, 1)], ids=["all", "too-many"])
def test_a_set_has_128_texts_at_most(choices: int, size: int) -> None:
    found = literals("(?:" + "|".join(f"join{number:03}" for number in range(choices)) + ")").anywhere
    assert len(found) == size
    assert all(text.startswith("join") for text in found)


# --- also -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("^join us [a-z]+ newsletter", (" newsletter",), id="further-on"),
        pytest.param("^join [a-z]+ (?:letter|paper)", (" letter", " paper"), id="branches"),
        pytest.param("^join us", (), id="nothing-further-on"),
        pytest.param("^subscribe to our letter", ("subscribe to our letter",), id="the-whole-of-it"),
        pytest.param("join [a-z]+ newsletter", (), id="not-tied"),
        pytest.param("^join [a-z]+ (?:" + "|".join(f"letter{n:02}" for n in range(25)) + ")", (), id="more-than-24"),
    ],
)
def test_also(pattern: str, expected: tuple[str, ...]) -> None:
    assert literals(pattern).also == expected


# --- width and ties -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "width", "tied"),
    [
        pytest.param("^join us$", (7, 7), (True, True), id="fixed"),
        pytest.param("^join us(?: now)?$", (7, 11), (True, True), id="optional"),
        pytest.param("^join[a-z]{2,5}$", (6, 9), (True, True), id="counted"),
        pytest.param("^(?:join|follow us)$", (4, 9), (True, True), id="branches"),
        pytest.param("^join us$|^go now please$", (7, 13), (True, True), id="branches-tied-each"),
        pytest.param("^(?=join)join us$", (7, 7), (True, True), id="look-ahead"),
        pytest.param("^join us", ANY, (True, False), id="tied-to-the-start"),
        pytest.param("join us$", ANY, (False, True), id="tied-to-the-end"),
        pytest.param("join us", ANY, (False, False), id="not-tied"),
        pytest.param("^join us|join me$", ANY, (False, False), id="half-each"),
        pytest.param("(?|join|go)", ANY, (False, False), id="unknown-syntax"),
    ],
)
def test_width_and_ties(pattern: str, width: tuple[int, int], tied: tuple[bool, bool]) -> None:
    assert literals(pattern)[3:] == (width, tied)


def test_a_regex_without_end_is_as_wide_as_any() -> None:
    assert literals("^join us[a-z ]*$").width == (7, ANY[1])


# --- of a rule ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(rule(match="^join us$"), Reach(("join us",), (), (), (7, 7), (True, True)), id="match"),
        pytest.param(
            rule(match="^join us$", scope="inline"),
            Reach(("join us",), (), (), ANY, (True, True)),
            id="an-inline-cut-is-no-segment",
        ),
        pytest.param(rule(match="[a-z]+", needs=("us",)), Reach((), ("us",)), id="needs"),
        pytest.param(rule(match="newsletter", needs=("us",)), Reach((), ("us",)), id="needs-for-literals"),
        pytest.param(
            rule(match="^join us", needs=("me", "you")),
            Reach(("join us",), (), ("me", "you"), ANY, (True, False)),
            id="needs-beside-an-opening",
        ),
        pytest.param(rule(phrases=("Join us now",)), Reach(("join us now",), ()), id="phrase"),
        pytest.param(
            rule(scope="block", between=Between(("Join us now", "Give"), ("Thank you",), ("Bye",), "us")),
            Reach((), ("give", "join us now")),
            id="a-block-is-known-by-its-first-and-anywhere",
        ),
    ],
)
def test_the_reach_of_a_rule(asked: Rule, expected: Reach) -> None:
    assert with_reach(asked).reach == expected


def test_a_rule_that_has_its_reach_keeps_it() -> None:
    known = rule(match="^join us$", reach=Reach(("other",)))
    assert with_reach(known) is known


@pytest.mark.parametrize("pattern", [r"\d{4}", r"© \d{4}", "[a-z]+", "(?|join|go)", "^a", "us"])
def test_a_rule_without_a_text_is_refused(pattern: str) -> None:
    with pytest.raises(RuleError, match=r"^f\.toml:2: rule 'f/r': no text .*; add `needs`, a list of such texts"):
        with_reach(rule(match=pattern))


@pytest.mark.parametrize(
    ("phrases", "fuzzy", "expected"),
    [
        pytest.param(["Join us, now!"], 0.0, (("join us",), ()), id="first-run"),
        pytest.param(["Join us", "Give now"], 0.0, (("give now", "join us"), ()), id="two"),
        pytest.param(["Join {name} now"], 0.0, (("join",), ()), id="before-a-slot"),
        pytest.param(["{name} joins us"], 0.0, ((), ("joins us",)), id="slot-first"),
        pytest.param(["By {name} of us"], 0.0, ((), ("of us",)), id="two-letters-are-too-common"),
        pytest.param(["続き"], 0.0, (("続き",), ()), id="two-dense-letters-are-not"),
        pytest.param(["Join us now all"], 0.3, ((), ("join us", "now all")), id="drifting"),
        pytest.param(
            ["Join us now all", "Go home"], 0.3, (("go home",), ("join us", "now all")), id="one-of-two-drifts"
        ),
        pytest.param([], 0.0, ((), ()), id="none"),
    ],
)
def test_of_phrases(phrases: list[str], fuzzy: float, expected: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    assert of_phrases(phrases, fuzzy)[:2] == expected
