"""A rule's own examples: which hold, and what is said of those that do not."""

from __future__ import annotations

import pytest

from cleaner.rulekit.examples import check, check_keeps
from tests.rules import rule, rules

MATCH = "match = '^sign up now$'"
KEEP = 'action = "keep"\nphrases = ["he had to sign up now"]\n'
HINT = 'action = "hint"\n' + MATCH
INLINE = 'scope = "inline"\nmatch = ", sign up now"\n'
PAGED = 'selector = ".a"\nstrips = ["<p class=a>Give</p>"]\nkeeps = ["<p>He would give.</p>"]\n'
BLOCK = 'between = { first = ["We ask you"], cues = "give" }\n'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(MATCH, id="match"),
        pytest.param('phrases = ["sign up {any}"]', id="phrases"),
        pytest.param(MATCH + '\nstrips = ["Sign up now", "SIGN UP NOW"]', id="two"),
        pytest.param(MATCH + '\nstrips = [{ text = "He left.\\nSign up now", gives = "He left." }]', id="part-stays"),
        pytest.param(MATCH + '\nkeeps = ["He left. Sign up now"]', id="not-out-of-a-paragraph"),
        pytest.param(
            MATCH + '\nwithin = true\nstrips = [{ text = "He left. Sign up now", gives = "He left." }]', id="within"
        ),
        pytest.param(MATCH + '\nsites = ["example.org", "b.example"]', id="on-a-site"),
        pytest.param(MATCH + '\nlevel = "strict"', id="strict"),
        pytest.param(MATCH + '\nkind = "standfirst"', id="kind-that-stays-by-default"),
        pytest.param(MATCH + '\ntodo = ["sign up today"]', id="known-miss"),
        pytest.param(INLINE + 'strips = [{ text = "He left, sign up now", gives = "He left" }]', id="inline"),
        pytest.param(BLOCK + 'strips = ["We ask you. Give now."]\nkeeps = ["We ask. You give."]', id="block"),
        pytest.param(KEEP + 'strips = ["sign up now"]', id="keep"),
        pytest.param(KEEP + 'todo = ["she had to sign up now"]', id="keep-known-miss"),
        pytest.param(PAGED, id="selector"),
        pytest.param(
            PAGED + 'strips = [{ html = "<p>He left.</p><p class=a>Give</p>", gives = "He left." }]', id="html"
        ),
        pytest.param(
            PAGED + 'action = "keep"\nstrips = ["<p>Give</p>"]\nkeeps = ["<p class=a>He</p>"]', id="keep-html"
        ),
        pytest.param(PAGED + 'action = "hint"', id="hint-html"),
        pytest.param(PAGED + 'todo = ["<p class=ab>Give</p>"]\nsites = ["example.org"]', id="html-on-a-site"),
        pytest.param(HINT, id="hint"),
        pytest.param(HINT + '\ntodo = ["sign up today"]', id="hint-known-miss"),
    ],
)
def test_examples_that_hold(text: str) -> None:
    assert list(check(rule(text))) == []


MISSED = "the rule does not match it"
FOUND = "the rule matches it, and should not"


@pytest.mark.parametrize(
    ("text", "key", "what"),
    [
        pytest.param(MATCH + '\nstrips = ["join"]', "strips", "it stays, and should go", id="not-stripped"),
        pytest.param(MATCH + '\nkeeps = ["sign up now"]', "keeps", "it goes, and should stay", id="not-kept"),
        pytest.param(
            MATCH + '\nlevel = "strict"\nkeeps = ["sign up now"]',
            "keeps",
            "it goes, and should stay, asked at level strict",
            id="not-kept-at-its-level",
        ),
        pytest.param(
            MATCH + '\nkeeps = ["He left.\\nSign up now"]',
            "keeps",
            "gives 'He left.', should stay",
            id="not-kept-whole",
        ),
        pytest.param(
            MATCH + '\nstrips = [{ text = "He left.\\nSign up now", gives = "Left." }]',
            "strips",
            "gives 'He left.', should give 'Left.'",
            id="other-rest",
        ),
        pytest.param(
            MATCH + '\nstrips = ["He left. Sign up now"]',
            "strips",
            "it stays, and should go",
            id="paragraph",
        ),
        pytest.param(MATCH + '\ntodo = ["sign up now"]', "todo", "it works now; move it to `strips`", id="works-now"),
        pytest.param(PAGED + 'strips = ["<p>Give</p>"]', "strips", "it stays, and should go", id="html-not-stripped"),
        pytest.param(
            PAGED + 'keeps = ["<p class=a>Give</p>"]', "keeps", "it goes, and should stay", id="html-not-kept"
        ),
        pytest.param(
            PAGED + 'todo = ["<p class=a>Join</p>"]', "todo", "it works now; move it to `strips`", id="html-works-now"
        ),
        pytest.param(KEEP + 'strips = ["He had to sign up now."]', "strips", FOUND, id="keep-too-wide"),
        pytest.param(KEEP + 'keeps = ["sign up"]', "keeps", MISSED, id="keep-too-narrow"),
        pytest.param(
            KEEP + 'todo = ["he had to sign up now"]', "todo", "it works now; move it to `keeps`", id="keep-works-now"
        ),
        pytest.param(HINT + '\nstrips = ["join"]', "strips", MISSED, id="hint-too-narrow"),
        pytest.param(HINT + '\nkeeps = ["sign up now"]', "keeps", FOUND, id="hint-too-wide"),
    ],
)
def test_examples_that_do_not_hold(text: str, key: str, what: str) -> None:
    given = rule(text)
    failures = [failure for failure in check(given) if failure.key == key]
    assert [(failure.rule, failure.what) for failure in failures] == [(given, what)]


def test_a_failure_says_where_and_what() -> None:
    given = rule(MATCH + '\nstrips = ["join"]')
    said = str(next(check(given)))
    assert said == f"{given.file}:2: f/r0: `strips` does not hold: it stays, and should go\n    'join'"


@pytest.mark.parametrize(
    ("phrase", "text", "how"),
    [
        pytest.param("Tilaa meidät heti", "Tilaa meidät nyt!", "'Tilaa meidät', where it says 'heti'", id="other-word"),
        pytest.param(
            "Sign up {any} now", "Sign up for our list", "'Sign up for our list', where it says 'now'", id="slot"
        ),
        pytest.param("Sign up", "Sign up today", "'Sign up', where it ends", id="longer"),
        pytest.param(
            "Sign up by {number} May", "Sign up by 3 June", "'Sign up by 3', where it says 'may'", id="number"
        ),
        pytest.param(
            "{name} signed up", "Ada Prowse signed off", "'Ada Prowse signed', where it says 'up'", id="slot-first"
        ),
        pytest.param("続きを読むには登録", "続きを書く", "'続きを', where it says '読'", id="without-spaces"),
    ],
)
def test_how_far_a_phrase_agrees(phrase: str, text: str, how: str) -> None:
    given = rule(f"phrases = ['Join us', '{phrase}']\nstrips = ['{text}']\nkeeps = ['a']")
    assert [failure.what for failure in check(given)] == [f"it stays, and should go; the phrase agrees up to {how}"]


def test_a_phrase_that_begins_in_another_way() -> None:
    given = rule("phrases = ['Join us']\nstrips = ['Sign up']\nkeeps = ['a']")
    assert [failure.what for failure in check(given)] == ["it stays, and should go"]


OTHER = 'match = "^he had to sign"\nstrips = ["he had to sign"]\nkeeps = ["she had to sign"]'


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([MATCH], [], id="alone"),
        pytest.param([MATCH, OTHER], ["f/r1 makes it ''"], id="taken-by-another"),
        pytest.param(
            [MATCH, OTHER + '\nlevel = "strict"'], ["f/r1 makes it '', asked at level strict"], id="at-any-level"
        ),
        pytest.param([MATCH, OTHER + '\nsites = ["x.org"]'], [], id="elsewhere"),
        pytest.param([MATCH + '\nsites = ["x.org"]', OTHER + '\nsites = ["x.org"]'], ["f/r1 makes it ''"], id="there"),
        pytest.param([MATCH, OTHER, KEEP + 'strips = ["a b"]'], [], id="protected"),
        pytest.param([PAGED, MATCH], [], id="html-beside-text"),
        pytest.param([PAGED, 'match = "^he would give"'], ["f/r1 makes it ''"], id="html-taken-as-text"),
        pytest.param(
            [PAGED, 'selector = "p"\nstrips = ["<p>a</p>"]\nkeeps = ["<b>a</b>"]'], ["f/r1 makes it ''"], id="two"
        ),
        pytest.param([HINT, OTHER], ["f/r1 makes it ''"], id="of-a-hint"),
        pytest.param([MATCH, OTHER + '\naction = "hint"'], [], id="only-hinted-at"),
    ],
)
def test_keeps_beside_other_rules(texts: list[str], expected: list[str]) -> None:
    assert [failure.what for failure in check_keeps(rules(*texts))] == expected
