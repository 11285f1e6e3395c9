"""Texts made to hurt a regex: no longer than asked, and driving every repeat."""

from __future__ import annotations

import pytest
import regex

from cleaner.rulekit.adversary import attacks

PATTERNS = [
    pytest.param("^sign (?:up|in) [^.!?]{0,60}now$", id="branches"),
    pytest.param(r"^\W{0,3}[^\W\d]+[^a-z0-9 ]?\s\d\S", id="classes"),
    pytest.param("(?>ab)c++d*?", id="atomic-and-possessive"),
    pytest.param("(?=a)a[^ab](?!c)", id="looks"),
    pytest.param("(a)?(?(1)b|c)", id="conditional"),
    pytest.param("[à-ý]{2}.", id="range"),
    pytest.param("", id="empty"),
    pytest.param(r"\p{L}+", id="of-the-regex-package"),
    pytest.param("(", id="broken"),
]


@pytest.mark.parametrize("longest", [1, 2, 40, 400])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_longer_than_asked(pattern: str, longest: int) -> None:
    assert {len(text) <= longest for text in attacks(pattern, longest)} == {True}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_same_every_time(pattern: str) -> None:
    assert list(attacks(pattern, 80)) == list(attacks(pattern, 80))


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        pytest.param("^sign (?:up|in) now", "sign up now", id="first-branch"),
        pytest.param("^sign (?:up|in) now", "sign in now", id="second-branch"),
        pytest.param("^a+b", "aaaaaaaab", id="pumped"),
        pytest.param("^x{2}y", "xxy", id="counted"),
        pytest.param("^[^a]b", "bb", id="negated-literal"),
        pytest.param("^[^a-z ]b", "1b", id="negated-range"),
        pytest.param(r"^[^\w\s]b", "-b", id="negated-categories"),
        pytest.param(r"^[\s]b", " b", id="category"),
        pytest.param(r"^\D\Sb", "aab", id="negative-categories"),
        pytest.param("^[^a]{2}(?>c)", "bbc", id="atomic"),
    ],
)
def test_begins_as_the_pattern_does(pattern: str, prefix: str) -> None:
    assert any(text.startswith(prefix) for text in attacks(pattern, 60))


@pytest.mark.parametrize("pattern", [param for param in PATTERNS if param.id not in ("broken", "looks")])
def test_some_text_fits_nearly(pattern: str) -> None:
    assert any(regex.search(pattern, text, partial=True) for text in attacks(pattern, 60))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_some_text_does_not_fit(pattern: str) -> None:
    texts = list(attacks(pattern, 60))
    assert len(set(texts)) >= 4


@pytest.mark.parametrize(
    ("pattern", "end"),
    [("(?:ab)*x", "\x00x"), ("^sign [a-z]*:$", "\x00:")],
)
def test_what_the_end_needs_stands_there(pattern: str, end: str) -> None:
    assert any(text.endswith(end) for text in attacks(pattern, 60))
