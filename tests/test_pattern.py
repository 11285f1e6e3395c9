"""What a regex is made of: its edges, its repeats, its capitals, and the literals that every match has."""

from __future__ import annotations

import warnings

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.judge.literal import literals
from cleaner.judge.pattern import anchored, has_capitals, is_any, parse, repeats, repeats_in, unbounded
from cleaner.rulekit.adversary import attacks
from cleaner.text import lower


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("^foo$", (True, True), id="both"),
        pytest.param("^foo", (True, False), id="start"),
        pytest.param("foo$", (False, True), id="end"),
        pytest.param(r"\Afoo\Z", (True, True), id="of-the-text"),
        pytest.param("foo", (False, False), id="none"),
        pytest.param("", (False, False), id="empty"),
        pytest.param("^foo|^bar", (True, False), id="every-branch"),
        pytest.param("^foo|bar$", (False, False), id="one-branch-each"),
        pytest.param("(?:^foo|bar)$", (False, True), id="one-branch"),
        pytest.param("(^foo$)", (True, True), id="in-a-group"),
        pytest.param(r"foo\$", (False, False), id="escaped"),
        pytest.param(r"^\p{L}+$", (True, True), id="of-the-regex-package"),
        pytest.param(r"^\p{L}+\$", (True, False), id="of-the-regex-package-escaped"),
        pytest.param(r"(?<!x)^foo", (False, False), id="behind-a-look"),
    ],
)
def test_anchored(pattern: str, expected: tuple[bool, bool]) -> None:
    assert anchored(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("a{2,5}b?", [(2, 5), (0, 1)], id="bounded"),
        pytest.param("a+?b*", [(1, None), (0, None)], id="unbounded"),
        pytest.param("(?:a+b)*", [(0, None), (1, None)], id="nested"),
        pytest.param("(?=a+)(?!b*)(?<=c{2})", [(1, None), (0, None), (2, 2)], id="looks"),
        pytest.param("(?:xa+|yb?)", [(1, None), (0, 1)], id="branches"),
        pytest.param("(?>a+)b++", [(1, None), (1, None)], id="atomic-and-possessive"),
        pytest.param("abc", [], id="none"),
        pytest.param(r"\p{L}+", [(1, None)], id="property"),
        pytest.param("(?|a+|b)", [], id="unknown-syntax"),
    ],
)
def test_repeats(pattern: str, expected: list[tuple[int, int | None]]) -> None:
    assert [(low, None if unbounded(high) else high) for low, high, _ in repeats(pattern)] == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("(?:a+b{2})*", 2), ("(?:ab)*", 0), ("(?:a|(?:b*c)?)+", 2)],
)
def test_repeats_in(pattern: str, expected: int) -> None:
    _, _, item = next(repeats(pattern))
    assert len(list(repeats_in(item))) == expected


@pytest.mark.parametrize(("pattern", "expected"), [(".*", True), ("a*", False), ("[^a]*", False), ("(?:.)*", True)])
def test_is_any(pattern: str, expected: bool) -> None:
    assert is_any(next(repeats(pattern))[2]) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("(?|a|b)", id="branch-reset"),
        pytest.param("(?:newsletter){e<=1}", id="fuzzy"),
        pytest.param("newsletter{e}", id="fuzzy-short"),
        pytest.param("(", id="broken"),
        pytest.param("a{99999999999}", id="overflow"),
    ],
)
def test_no_tree(pattern: str) -> None:
    assert parse(pattern) is None


@pytest.mark.parametrize("pattern", [r"\{id\}", "a{2}", r"\N{DIGIT ONE}", "a{,3}"])
def test_a_tree(pattern: str) -> None:
    assert parse(pattern) is not None


# --- capitals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"\W\S\D\B\A\Z", id="escapes"),
        pytest.param(r"\p{Lu}\P{L}[\p{Lu}]", id="properties"),
        pytest.param(r"\N{EM DASH}", id="name-of-a-character"),
        pytest.param("(?P<Name>a)(?P=Name)(?<Other>b)", id="names-of-groups"),
        pytest.param("(?#Comment)a", id="comment"),
        pytest.param("(?V1)a", id="flags"),
        pytest.param("(?x) foo  # A remark", id="remark"),
        pytest.param(r"\x61\u00e9\U0001f600", id="hex"),
        pytest.param("日本 ß ʼ", id="letters-without-case"),
    ],
)
def test_no_capitals(pattern: str) -> None:
    assert not has_capitals(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("Foo", id="first"),
        pytest.param("[A-Z]", id="range"),
        pytest.param(r"\\Ab", id="behind-an-escaped-backslash"),
        pytest.param("(?:a|É)", id="accent"),
        pytest.param(r"\x41", id="hex"),
        pytest.param(r"\u0410", id="hex-of-four"),
        pytest.param("(?P<name>A)", id="in-a-named-group"),
        pytest.param("(?x) Foo  # a remark", id="beside-a-remark"),
        pytest.param("(?i:Foo)", id="whatever-the-flags"),
    ],
)
def test_capitals(pattern: str) -> None:
    assert has_capitals(pattern)


# --- literals: every match begins with one of `opening`, or has one of `anywhere` -----------------------------------

PATTERNS = [
    pytest.param("^sign up for our newsletter$", id="plain"),
    pytest.param("^(?:sign up|subscribe) (?:for|to) our", id="branches"),
    pytest.param(r"^\W{0,3}(?:sign[ -]?up|subscribe) (?:now |today )?to\b", id="optional-parts"),
    pytest.param("^(?:foo|ba)r?foo", id="same-text-further-on"),
    pytest.param("^(?:x?foo|foo)", id="optional-letter-first"),
    pytest.param("^(?:foo)?barfoo", id="optional-group-first"),
    pytest.param("^(?:[ab]c|d)ef|^ghij", id="classes"),
    pytest.param("^(?:|foo)bar", id="empty-branch"),
    pytest.param("(?:foo|^bar)baz", id="half-tied"),
    pytest.param("foo[^.!?]{0,9}(?:bar|bazz)$", id="free"),
    pytest.param("(?:abc){2,3}de", id="counted"),
    pytest.param("(?:abc|de[fg])+h", id="repeated"),
    pytest.param("(?=foo)f[ou]o", id="look-ahead"),
    pytest.param("^(?!foobar)foo[a-z]", id="negative-look-ahead"),
    pytest.param("^(?:associated press)(?:'s)?(?: [a-z, ]{3,9} (?:coverage|reports?))? receives?", id="optional-chain"),
    pytest.param('^[.… ]{0,4}(?:as [^!?"]{3,9}, )?we have$', id="dots-first"),
    pytest.param("^(?:we|to (?:read|view)[^.!?]{0,9},? )?please (?:turn(?:ing)? off|allow)", id="long-way-first"),
    pytest.param("(?i:Foo)BAR", id="capitals"),
    pytest.param("(?>foo|fo)bar|b++arfoo", id="atomic"),
    pytest.param("続き(?:を|の)読む|もっと", id="cjk"),
    pytest.param("[^a]bcd[0-9]", id="negated-class"),
    pytest.param(r"(foo|bar)-\1", id="group-reference"),
    pytest.param("(a)?foo(?(1)bar|baz)", id="conditional"),
]


def shows_a_literal(pattern: str, text: str) -> bool:
    """Whether each match in the text has one of the literals where it must be."""
    found = literals(pattern)
    for match in regex.finditer(pattern, text):
        said = lower(match[0])
        # A literal that opens a segment is looked for behind the punctuation before it.
        opened = said.lstrip(" .,…-!'\"").startswith(found.opening) or said.startswith(found.opening)
        if not (opened or any(literal in said for literal in found.anywhere)):
            return False
    return True


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_has_literals(pattern: str) -> None:
    found = literals(pattern)
    assert all(text == lower(text) for text in (*found.opening, *found.anywhere))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_matches_of_attacks_have_a_literal(pattern: str) -> None:
    assert all(shows_a_literal(pattern, text) for text in attacks(pattern, 60))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_matches_have_a_literal(pattern: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        texts = st.from_regex(
            pattern, alphabet=st.sampled_from("abcdefghijklmnopqrstuvwxyzABFOR0'-., !続きを読むもっとの…")
        )

    @settings(max_examples=40, suppress_health_check=list(HealthCheck), database=None)
    @given(texts)
    def holds(text: str) -> None:
        assert shows_a_literal(pattern, text)

    holds()


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"^\d+$", id="digits"),
        pytest.param("[a-z]+", id="class"),
        pytest.param("(?:foo)?", id="optional"),
        pytest.param("foo|", id="or-nothing"),
        pytest.param("foo|[a-z]", id="or-anything"),
        pytest.param("(?:newsletter){e<=1}", id="fuzzy"),
        pytest.param("", id="empty"),
    ],
)
def test_no_literals(pattern: str) -> None:
    assert literals(pattern)[:2] == ((), ())
