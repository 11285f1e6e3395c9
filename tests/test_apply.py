"""Decisions to text: only what is stripped goes, all else stays to the character."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.types import Decision
from cleaner.write.apply import apply

TEXT = "one\r\ntwo \N{SOFT HYPHEN}\n\n three🙂"


def strip(start: int, end: int) -> Decision:
    return Decision(start, end, "strip", "advert", "r")


def keep(start: int, end: int) -> Decision:
    return Decision(start, end, "keep", "advert", "r")


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        pytest.param([strip(0, 5)], TEXT[5:], id="first"),
        pytest.param([strip(5, 9)], TEXT[:5] + TEXT[9:], id="middle"),
        pytest.param([strip(18, 19)], TEXT[:-1], id="last-astral"),
        pytest.param([strip(0, 3), strip(5, 8)], "\r\n" + TEXT[8:], id="two"),
        pytest.param([strip(0, 5), strip(5, 11)], TEXT[11:], id="two-that-touch"),
        pytest.param([strip(0, len(TEXT))], "", id="all"),
        pytest.param([keep(0, 3), strip(3, 5), keep(5, 8)], TEXT[:3] + TEXT[5:], id="between-kept"),
        pytest.param([strip(3, 3)], TEXT, id="empty-span"),
        pytest.param([keep(0, len(TEXT))], TEXT, id="kept"),
        pytest.param([], TEXT, id="none"),
    ],
)
def test_apply(decisions: list[Decision], expected: str) -> None:
    assert apply(TEXT, decisions) == expected


def test_decisions_may_come_as_they_are_made() -> None:
    assert apply(TEXT, iter([strip(0, 5)])) == TEXT[5:]


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=6))
def test_kept_and_stripped_add_up(text: str, cuts: list[tuple[int, bool]]) -> None:
    cuts = sorted((min(at, len(text)), gone) for at, gone in cuts)
    spans = [(a, b, gone) for (a, gone), (b, _) in pairwise(cuts)]
    left = apply(text, [strip(a, b) if gone else keep(a, b) for a, b, gone in spans])
    assert len(left) + sum(b - a for a, b, gone in spans if gone) == len(text)
