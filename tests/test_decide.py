"""Evidence to decisions: who beats whom, what goes only with its line, and which white space goes along."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.judge.decide import counts, decide, merged, stripped_kinds
from cleaner.types import KINDS, LEVELS, Decision, Evidence, Kind, Level, Span
from cleaner.write.apply import apply

Finder = Callable[[str], Evidence]


def says(
    piece: str, action: Any = "strip", kind: Kind = "advert", by: str = "r", line: str = "", **more: Any
) -> Finder:
    """A finder that wants the piece where it stands first; `line` is the line that must go whole with it."""

    def find(text: str) -> Evidence:
        spans = [Span(text.index(said), text.index(said) + len(said)) for said in (piece, line)]
        return Evidence(*spans[0], action, kind, by, line=spans[1] if line else None, **more)

    return find


def keeps(piece: str, **more: Any) -> Finder:
    return says(piece, "keep", **more)


def decided(
    text: str, said: list[Finder], level: Level = "normal", kinds: frozenset[Kind] | None = None
) -> tuple[Decision, ...]:
    found = [find(text) for find in said]
    return decide(text, found, level, stripped_kinds() if kinds is None else kinds)


def left(text: str, said: list[Finder], level: Level = "normal", kinds: frozenset[Kind] | None = None) -> str:
    return apply(text, decided(text, said, level, kinds))


# --- who beats whom -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([says("bbb"), keeps("bbb")], [("bbb", "keep")], id="keep-said-last"),
        pytest.param([keeps("bbb"), says("bbb")], [("bbb", "keep")], id="keep-said-first"),
        pytest.param(
            [says("aaa bbb ccc"), keeps("bbb")],
            [("aaa ", "strip"), ("bbb", "keep"), ("ccc", "strip")],
            id="keep-inside",
        ),
        pytest.param([says("bbb"), keeps("aaa bbb ccc")], [("aaa bbb ccc", "keep")], id="keep-around"),
        pytest.param([says("aaa bbb"), keeps("bbb ccc")], [("aaa ", "strip"), ("bbb ccc", "keep")], id="keep-overlaps"),
        pytest.param([keeps("aaa bbb"), keeps("bbb ccc")], [("aaa bbb", "keep"), ("ccc", "keep")], id="two-keeps"),
        pytest.param([keeps("bbb", chance=0.99), says("bbb")], [("bbb", "keep")], id="keep-by-score"),
        pytest.param([says("bbb", "hint")], [], id="a-hint-decides-nothing"),
        pytest.param([says("bbb", "hint"), says("bbb")], [("bbb ", "strip")], id="a-hint-takes-nothing"),
        pytest.param([], [], id="nothing-said"),
    ],
)
def test_a_keep_beats_all(said: list[Finder], expected: list[tuple[str, str]]) -> None:
    text = "aaa bbb ccc"
    assert [(text[d.start : d.end], d.action) for d in decided(text, said)] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([says("bbb", by="one"), says("bbb", by="two")], [("bbb ", "one")], id="the-same"),
        pytest.param(
            [says("aaa bbb", by="one"), says("bbb ccc", by="two")],
            [("aaa bbb ", "one"), ("ccc", "two")],
            id="overlap-behind",
        ),
        pytest.param(
            [says("bbb ccc", by="one"), says("aaa bbb", by="two")],
            [("aaa ", "two"), ("bbb ccc", "one")],
            id="overlap-before",
        ),
        pytest.param(
            [says("bbb", by="one"), says("aaa bbb ccc", by="two")],
            [("aaa ", "two"), ("bbb ", "one"), ("ccc", "two")],
            id="around",
        ),
        pytest.param([says("aaa bbb ccc", by="one"), says("bbb", by="two")], [("aaa bbb ccc", "one")], id="inside"),
        pytest.param(
            [says("aaa", by="one"), says("ccc", by="two"), says("aaa bbb ccc", by="three")],
            [("aaa ", "one"), ("bbb ", "three"), ("ccc", "two")],
            id="between",
        ),
        pytest.param(
            [says("aaa bbb ", by="one"), says(" ccc", by="two")],
            [("aaa bbb ", "one"), ("ccc", "two")],
            id="they-share-a-space",
        ),
    ],
)
def test_the_first_takes_and_the_next_gets_the_rest(said: list[Finder], expected: list[tuple[str, str]]) -> None:
    text = "aaa bbb ccc"
    assert [(text[d.start : d.end], d.by) for d in decided(text, said)] == expected


def test_a_decision_says_what_its_evidence_said() -> None:
    (found,) = decided("It is. aa", [says("aa", kind="social", by="common/x", chance=0.9, level="normal")])
    assert found == Decision(7, 9, "strip", "social", "common/x", 0.9)


@pytest.mark.parametrize("span", [(0, 0), (1, 2), (1, 3)], ids=["empty", "space", "spaces"])
def test_nothing_but_space_is_no_decision(span: tuple[int, int]) -> None:
    assert decide("a  b", [Evidence(*span, "strip", "advert", "r")], "normal", stripped_kinds()) == ()


# --- kinds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keep", "strip", "stays"),
    [
        pytest.param((), (), {"standfirst"}, id="by-default"),
        pytest.param((), ("standfirst",), set(), id="standfirst-too"),
        pytest.param(("caption", "byline"), (), {"standfirst", "caption", "byline"}, id="some-stay"),
        pytest.param(("standfirst",), ("standfirst",), {"standfirst"}, id="keep-beats-strip"),
        pytest.param(KINDS, (), set(KINDS), id="all-stay"),
    ],
)
def test_stripped_kinds(keep: tuple[Kind, ...], strip: tuple[Kind, ...], stays: set[Kind]) -> None:
    assert set(KINDS) - stripped_kinds(keep, strip) == stays


def test_a_kind_that_stays_is_decided_as_kept() -> None:
    text = "A bridge in the sun. It is old."
    found = decided(text, [says("A bridge in the sun.", kind="caption")], kinds=stripped_kinds(["caption"]))
    assert [(d.start, d.end, d.action, d.kind) for d in found] == [(0, 20, "keep", "caption")]


def test_a_kind_that_stays_takes_what_it_has() -> None:
    said = [says("aaa", kind="caption"), says("aaa bbb")]
    assert left("aaa bbb ccc", said, kinds=stripped_kinds(["caption"])) == "aaa ccc"


# --- levels and chances ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("mildest", LEVELS)
def test_evidence_speaks_from_its_level_on(mildest: Level, level: Level) -> None:
    speaks = LEVELS.index(mildest) <= LEVELS.index(level)
    assert counts(says("aa", level=mildest)("aa"), level) is speaks
    assert left("aa bb", [says("aa", level=mildest)], level) == ("bb" if speaks else "aa bb")


SCORED = says("bb", chance=0.99, by="score")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([SCORED], "aa ", id="a-score"),
        pytest.param([says("aa", chance=0.99), SCORED], "aa bb", id="scores-alone-would-empty-it"),
        pytest.param([says("aa"), SCORED], "bb", id="rules-and-scores-would-empty-it"),
        pytest.param([says("aa bb")], "", id="rules-may-empty-it"),
        pytest.param([says("aa"), says("bb"), says("aa bb", chance=0.99)], "", id="rules-alone-empty-it"),
        pytest.param([says("aa", chance=0.99, kind="standfirst"), SCORED], "aa ", id="a-kind-that-stays-is-left"),
        pytest.param([says("aa", chance=0.5, level="strict"), SCORED], "aa ", id="too-unsure-to-count"),
    ],
)
def test_scores_alone_never_empty_a_text(said: list[Finder], expected: str) -> None:
    assert left("aa bb", said).rstrip() == expected.rstrip()


# --- what goes only with its line -----------------------------------------------------------------------------------

LINE = "Sign up. He did. Join us."
SIGN, JOIN = says("Sign up.", line=LINE), says("Join us.", line=LINE)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([says("Sign up. He did. Join us.", line=LINE)], "", id="all-of-it"),
        pytest.param([SIGN, says("He did.", line=LINE), JOIN], "", id="each-with-the-others"),
        pytest.param([SIGN, says("He did."), JOIN], "", id="the-rest-goes-by-itself"),
        pytest.param([SIGN, says("He did. Join us.", chance=0.99), says("One.")], "", id="the-rest-goes-by-score"),
        pytest.param([says("He did."), SIGN, JOIN], "", id="in-any-order"),
        pytest.param([SIGN], LINE, id="the-rest-stays"),
        pytest.param([SIGN, JOIN], LINE, id="the-middle-stays"),
        pytest.param([SIGN, says("He did.")], "Sign up. Join us.", id="only-what-needs-no-line"),
        pytest.param([SIGN, keeps("He did."), JOIN], LINE, id="the-rest-is-kept"),
        pytest.param([SIGN, says("He did. Join us.", kind="standfirst")], LINE, id="the-rest-is-of-a-kind-that-stays"),
        pytest.param([SIGN, says("He did. Join us.", "hint")], LINE, id="the-rest-is-a-hint"),
        pytest.param([SIGN, says("He did. Join us.", level="strict")], LINE, id="the-rest-goes-at-another-level"),
        pytest.param([SIGN, says("He did. Join us.", chance=0.5, level="strict")], LINE, id="the-rest-is-unsure"),
        pytest.param([keeps("Sign"), says(LINE, line=LINE)], LINE, id="a-piece-of-it-is-kept"),
        pytest.param([says("up. He did. Join us.\nTwo", line=LINE), SIGN], "", id="over-the-line-end"),
    ],
)
def test_a_sentence_goes_with_its_line(said: list[Finder], expected: str) -> None:
    text = f"One.\n{LINE}\nTwo."
    lines = left(text, said).split("\n")
    assert (lines[1] if len(lines) == 3 else "") == expected


def test_the_line_next_to_it_does_not_count() -> None:
    text = "Sign up. He did.\nJoin us. She did."
    said = [says("Sign up.", line="Sign up. He did."), says("Join us.", line="Join us. She did."), says("She did.")]
    assert left(text, said) == "Sign up. He did.\n"


# --- white space ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pieces", "expected"),
    [
        pytest.param("One.\nBuy\nTwo.", ["Buy"], "One.\nTwo.", id="its-line-end"),
        pytest.param("One.\r\nBuy\r\nTwo.", ["Buy"], "One.\r\nTwo.", id="carriage-return-and-line-feed"),
        pytest.param("One.\rBuy\rTwo.", ["Buy"], "One.\rTwo.", id="carriage-return"),
        pytest.param("One.\u2028Buy\u2028Two.", ["Buy"], "One.\u2028Two.", id="line-separator"),
        pytest.param("One.\n\nBuy\n\nTwo.", ["Buy"], "One.\n\n\nTwo.", id="blank-lines-stay-for-tidy"),
        pytest.param("One.\n  \tBuy\nTwo.", ["Buy"], "One.\nTwo.", id="indent"),
        pytest.param("One.\n\xa0\u3000Buy\nTwo.", ["Buy"], "One.\nTwo.", id="wide-indent"),
        pytest.param("  Buy\nTwo.", ["Buy"], "Two.", id="indent-of-the-first-line"),
        pytest.param("One.\nBuy \t \nTwo.", ["Buy"], "One.\nTwo.", id="spaces-behind"),
        pytest.param("One.\nBuy", ["Buy"], "One.\n", id="last-line"),
        pytest.param("One.\nBuy  ", ["Buy"], "One.\n", id="spaces-at-the-end"),
        pytest.param("Buy\nTwo.", ["Buy"], "Two.", id="first-line"),
        pytest.param(" Buy\n", ["Buy"], "", id="only-line"),
        pytest.param("Buy Two.", ["Buy"], "Two.", id="start-of-a-line"),
        pytest.param("  Buy Two.", ["Buy"], "Two.", id="indent-goes-with-the-start"),
        pytest.param("One. Buy Two.", ["Buy"], "One. Two.", id="middle-of-a-line"),
        pytest.param("One. Buy\nTwo.", ["Buy"], "One. \nTwo.", id="end-of-a-line"),
        pytest.param("One. Buy  \nTwo.", ["Buy"], "One. \nTwo.", id="end-of-a-line-with-spaces"),
        pytest.param("One.Buy Two.", ["Buy"], "One. Two.", id="glued-before"),
        pytest.param("One. BuyTwo.", ["Buy"], "One. Two.", id="glued-behind"),
        pytest.param("One.BuyTwo.", ["Buy"], "One.Two.", id="glued-on-both-sides"),
        pytest.param("One.Buy\nTwo.", ["Buy"], "One.\nTwo.", id="glued-at-the-end-of-a-line"),
        pytest.param("One.\nBuyTwo.", ["Buy"], "One.\nTwo.", id="glued-at-the-start-of-a-line"),
        pytest.param("One.\nBuy\nAsk\nTwo.", ["Buy", "Ask"], "One.\nTwo.", id="two-lines"),
        pytest.param("One.\nBuy\n\n\nAsk\nTwo.", ["Buy", "Ask"], "One.\nTwo.", id="all-between-two"),
        pytest.param("One.\nBuy Ask\nTwo.", ["Buy", "Ask"], "One.\nTwo.", id="two-in-a-line"),
        pytest.param("One. Buy Ask Two.", ["Buy", "Ask"], "One. Two.", id="two-in-the-middle"),
        pytest.param("One. Buy\n\nAsk\nTwo.", ["Buy", "Ask"], "One. \nTwo.", id="from-a-line-into-the-next"),
        pytest.param("One.Buy\nAsk Two.", ["Buy", "Ask"], "One. Two.", id="glued-into-the-next-line"),
        pytest.param("One.\nBuy it Ask\nTwo.", ["Buy", "Ask"], "One.\nit \nTwo.", id="what-stays-between"),
        pytest.param("Buy\n\nTwo.\n\nAsk\n", ["Buy", "Ask"], "\nTwo.\n\n", id="at-both-ends"),
    ],
)
def test_white_space_goes_along(text: str, pieces: list[str], expected: str) -> None:
    assert left(text, [says(piece) for piece in pieces]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One.\n  Buy \nTwo.", [("  Buy \n", "strip")], id="removed"),
        pytest.param("One.\nBuy\n Keep\nTwo.", [("Buy\n", "strip"), ("Keep", "keep")], id="not-that-of-a-kept-one"),
        pytest.param("Keep  Buy\nTwo.", [("Keep", "keep"), ("Buy", "strip")], id="behind-a-kept-one"),
    ],
)
def test_what_is_kept_gets_no_space(text: str, expected: list[tuple[str, str]]) -> None:
    found = decided(text, [says("Buy"), *([keeps("Keep")] if "Keep" in text else [])])
    assert [(text[d.start : d.end], d.action) for d in found] == expected


# --- laws -----------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.sampled_from("ab. \t\n\r\xa0"), min_size=1, max_size=30)


@st.composite
def evidence(draw: st.DrawFn) -> tuple[str, list[Evidence]]:
    text = draw(TEXTS)
    place = st.integers(0, len(text))
    spans = st.tuples(place, place).map(lambda ends: Span(*sorted(ends)))
    some = st.builds(
        Evidence,
        place,
        place,
        st.sampled_from(["strip", "strip", "keep", "hint"]),
        st.sampled_from(["advert", "standfirst"]),
        st.just("r"),
        line=st.none() | spans,
        chance=st.none() | st.floats(0, 1),
    ).map(lambda item: item._replace(start=min(item[:2]), end=max(item[:2])))
    return text, draw(st.lists(some, max_size=6))


@given(evidence())
def test_decisions_are_in_order_and_apart(drawn: tuple[str, list[Evidence]]) -> None:
    text, said = drawn
    found = decide(text, said, "normal", stripped_kinds())
    assert all(0 <= d.start < d.end <= len(text) for d in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@given(evidence())
def test_only_what_was_named_goes_and_nothing_kept(drawn: tuple[str, list[Evidence]]) -> None:
    text, said = drawn
    found = decide(text, said, "normal", stripped_kinds())
    gone = {at for d in found if d.action == "strip" for at in range(d.start, d.end) if not text[at].isspace()}
    assert gone <= {at for e in said if e.action == "strip" for at in range(e.start, e.end)}
    assert not gone & {at for e in said if e.action == "keep" and counts(e, "normal") for at in range(e.start, e.end)}


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda ends: Span(*sorted(ends))), max_size=6))
def test_merged(spans: list[Span]) -> None:
    joined = merged(spans)
    assert {at for span in joined for at in range(*span)} == {at for span in spans for at in range(*span)}
    assert all(one.end < two.start for one, two in pairwise(joined))
