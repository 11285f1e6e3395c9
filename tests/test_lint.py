"""The lint: what it refuses and in which words, and what it lets pass."""

from __future__ import annotations

import pytest

from cleaner.rulekit.lint import lint, slow
from tests.rules import rule, rules

MATCH = "match = '^sign up now$'"
PHRASE = 'phrases = ["sign up now"]'
NEVER = "`needs` '{}' never stands in a text as rules read it; write {}"
MEND = "mend it, and write a backslash before a mark that stands for itself, as \\( or \\?"
NEAR = "no text in `{}` shares a word with what the rule is for; give article text that says one of them, as {}"
PAGED = (
    "selector = '{}'\nstrips = ['<aside class=signup-box>Join the club</aside>']\n"
    "keeps = ['<p class=signup-list>He did.</p>']"
)
TAGS = "`selector` names nothing but tags, which every page has; name a class or an id, or limit the rule to `sites`"
MADE_UP = 'For years the sign at the ferry said "sign up", and nobody took it down.'
RUN = "\nstrips = [{ text = 'He left: sign', gives = 'He left' }]\nkeeps = ['He had to sign']"
WEAK = (
    "it is looked for by {}, so short that nearly every text has it; add `needs`, longer texts one of which every match"
    " has"
)
BETWEEN = 'between = {{ first = ["sign up now"], cues = "{}" }}\n'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(MATCH, id="match"),
        pytest.param(PHRASE, id="phrases"),
        pytest.param(BETWEEN.format("give"), id="between"),
        pytest.param("match = '^sign up [^.!?]{0,60}\\bnow$'", id="bounded"),
        pytest.param("match = '^sign up (?:[a-z]+ ?){1,3}$'", id="bounded-nest"),
        pytest.param("match = '^[a-z ]+ now$'\nneeds = [' up now', 'now']", id="needs"),
        pytest.param("match = '^sign.*now$'\naction = 'hint'", id="any-in-a-hint"),
        pytest.param("match = '^SIGN UP NOW$'\ncase = true\nstrips = ['SIGN UP NOW']", id="case"),
        pytest.param("match = '^継続を読む$'\nstrips = ['継続を読む']\nkeeps = ['彼は継続した']", id="japanese"),
        pytest.param(PAGED.format(".signup-box"), id="selector"),
        pytest.param(PAGED.format("aside") + "\nsites = ['x.org']", id="tags-on-a-site"),
        pytest.param(PAGED.format("aside:not(.a), .b, [class=ad]") + "\nsites = ['x.org']", id="alternatives"),
        pytest.param(
            "match = ': [a-z]{1,9}$'\nscope = 'inline'\nneeds = [':']\nsites = ['x.org']" + RUN,
            id="common-text-on-a-site",
        ),
        pytest.param("match = '^[a-z ]?©'\nneeds = ['©']\nstrips = ['©']\nkeeps = ['© is a sign']", id="rare-sign"),
        pytest.param("match = '続き'\nstrips = ['続き']\nkeeps = ['続きはある']", id="two-ideographs"),
        pytest.param(MATCH + f"\nkeeps = ['{MADE_UP}', 'He had to sign up.']", id="one-near-miss-of-ones-own"),
        pytest.param(MATCH + '\nstrips = ["now"]\nkeeps = ["not a word of it"]', id="words-too-short-to-share"),
        pytest.param(
            "action = 'keep'\n" + PHRASE + '\nkeeps = ["sign up now"]\nstrips = ["he had to sign"]', id="keep"
        ),
    ],
)
def test_clean(text: str) -> None:
    assert list(lint([rule(text)])) == []


@pytest.mark.parametrize(
    ("text", "check", "what"),
    [
        pytest.param(
            "match = '^sign (up now$'",
            "regex",
            f"`match` is not a regex: missing ) at position 14, near 'n (up now$'; {MEND}",
            id="no-regex",
        ),
        pytest.param(
            BETWEEN.format("gi[ve"),
            "regex",
            f"`cues` is not a regex: unterminated character set at position 5, near 'gi[ve'; {MEND}",
            id="no-regex-in-cues",
        ),
        pytest.param(
            "match = '^[a-z ]+$'",
            "literal",
            "no text that every match contains was found in its regex; add `needs`, a list of such texts in lower case",
            id="no-literal",
        ),
        pytest.param(
            "match = '^[a-z ]+$'\nneeds = ['Sign']",
            "literal",
            NEVER.format("Sign", "'sign'"),
            id="needs-capital",
        ),
        pytest.param(
            "match = '^[a-z ]+$'\nneeds = ['up  now']",
            "literal",
            NEVER.format("up  now", "'up now'"),
            id="needs-two-spaces",
        ),
        pytest.param(
            "match = '^[a-z ]+$'\nneeds = ['don’t']",
            "literal",
            NEVER.format("don’t", '"don\'t"'),
            id="needs-curly-quote",
        ),
        pytest.param(
            "match = '^[a-z ]+$'\nneeds = ['&amp;']",
            "literal",
            NEVER.format("&amp;", "'&'"),
            id="needs-entity",
        ),
        pytest.param(
            "match = '^sign up now[»:]?$'",
            "folded",
            "`match` has '»', which rules read as '\"'; write that",
            id="folded",
        ),
        pytest.param(
            BETWEEN.format("don’t"), "folded", "`cues` has '’', which rules read as \"'\"; write that", id="folded-cues"
        ),
        pytest.param(
            "match = '^sign.*now$'",
            "wide",
            "`match` has `.*` or `.+`; say what may stand there and how much, as [^.!?]{0,60}",
            id="anything",
        ),
        pytest.param(
            BETWEEN.format("give.+now"),
            "wide",
            "`cues` has `.*` or `.+`; say what may stand there and how much, as [^.!?]{0,60}",
            id="anything-in-cues",
        ),
        pytest.param(
            "match = 'sign up [a-z]+'\nscope = 'inline'",
            "wide",
            "`match` has a repeat without bound; an inline cut needs one, as {0,60}",
            id="inline-without-bound",
        ),
        pytest.param(
            BETWEEN.format("(?:give)?"),
            "wide",
            "`cues` matches an empty text, so it is found everywhere; say what must stand there",
            id="cues-of-nothing",
        ),
        pytest.param(
            "match = '(?:sign up now)?'\nneeds = ['sign']",
            "wide",
            "`match` matches an empty text, so it is found everywhere; say what must stand there",
            id="match-of-nothing",
        ),
        pytest.param(
            "match = '^sign up (?:[a-z]+ ?)*now$'",
            "nested",
            "`match` repeats a repeat without bound; give the inner or the outer one a bound",
            id="nested",
        ),
        pytest.param(PAGED.format("aside"), "wide", TAGS, id="tag"),
        pytest.param(PAGED.format(".box, article > aside:not(.a)"), "wide", TAGS, id="tags-in-one-alternative"),
        pytest.param(
            PAGED.format("aside[class*=box]"),
            "wide",
            "`selector` asks for 'box' within a name, where it stands by chance; give 4 letters or more",
            id="short-part",
        ),
        pytest.param(
            PAGED.format(".signup-box") + "\nkeeps = ['<p>He did.</p>']",
            "near-miss",
            NEAR.format("keeps", "signup, club, join"),
            id="no-near-miss-of-a-selector",
        ),
        pytest.param(
            "match = 'sign|up'\nneeds = ['sign', ' 20', ' up ']", "weak-literal", WEAK.format("' 20'"), id="common-text"
        ),
        pytest.param(
            "match = ': [a-z]{1,9}$'\nscope = 'inline'\nneeds = [':']" + RUN,
            "weak-literal",
            WEAK.format("':'"),
            id="colon",
        ),
        pytest.param(
            MATCH + "\nsource = ''",
            "source",
            "no `source`; say where you saw it, and when, as 'example.org, 2024-09'",
            id="no-source",
        ),
        pytest.param(
            MATCH + f"\nkeeps = ['{MADE_UP}']",
            "placeholder",
            "all that `keeps` has are sentences that `cleaner-rules new` made up; write a sentence of an article that"
            " says 'sign'",
            id="made-up-near-miss",
        ),
        pytest.param(
            f"phrases = ['Sign up by {{name}}']\nstrips = ['Sign up by Ada Prowse']\nkeeps = ['{MADE_UP}']",
            "placeholder",
            "all that `keeps` has are sentences that `cleaner-rules new` made up; write a sentence of an article that"
            " says 'sign'",
            id="made-up-near-miss-of-a-phrase-with-slots",
        ),
        pytest.param(
            "match = '^sign up now$'\nkeeps = ['He left.']",
            "near-miss",
            NEAR.format("keeps", "sign"),
            id="no-near-miss",
        ),
        pytest.param(
            "action = 'keep'\nphrases = ['sign up now']\nkeeps = ['sign up now']\nstrips = ['He left.']",
            "near-miss",
            NEAR.format("strips", "sign"),
            id="no-near-miss-of-a-keep-rule",
        ),
    ],
)
def test_refused(text: str, check: str, what: str) -> None:
    given = rule(text)
    assert [(finding.rule, finding.check, finding.what) for finding in lint([given])] == [(given, check, what)]


def test_a_finding_says_where() -> None:
    given = rule("match = '^sign up now[’]?$'")
    assert (
        str(next(lint([given])))
        == f"{given.file}:2: f/r0: folded: `match` has '’', which rules read as \"'\"; write that"
    )


# --- time ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("^sign (?:a|a)*b", id="alike-branches"),
        pytest.param("^sign (?:a|aa)+$", id="one-branch-in-another"),
        pytest.param("(a+)+$", id="nest"),
        pytest.param(r"(?:\w+\s?)*x", id="nest-before-a-literal"),
        pytest.param(r"\w*\w*\w*x", id="repeats-in-a-row"),
        pytest.param("^sign (?:[a-z ]{0,30}){0,30}!$", id="bounded-nest"),
    ],
)
def test_slow(pattern: str) -> None:
    found = list(slow(rule(f"match = '{pattern}'\nneeds = ['a']")))
    assert [check for check, _ in found] == ["slow"]
    assert found[0][1].startswith("`match` takes ")
    assert found[0][1].endswith("; bound its repeats, 5 ms is the most")


def test_slow_cues_are_named() -> None:
    (finding,) = lint([rule(BETWEEN.format("^(?:a|aa)+$"))])
    assert (finding.check, finding.what[:13]) == ("slow", "`cues` takes ")


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("^sign up now$", id="plain"),
        pytest.param(r"^\W{0,3}(?:sign[ -]?up|join)\b[^.!?]{0,160}\bnow\b[^.!?]{0,60}$", id="two-gaps"),
        pytest.param(r"\p{L}+x", id="of-the-regex-package"),
    ],
)
def test_quick(pattern: str) -> None:
    assert list(slow(rule(f"match = '{pattern}'\nneeds = ['a']"))) == []


# --- rules beside each other --------------------------------------------------------------------------------------

LONG = "match = '^sign up (?:now|here|today)$'\n"
DUPLICATE = "duplicate: 'sign up now' is already in f/r0; leave it to that rule"
SHADOWED = "shadowed: f/r{} already takes every text in `strips`; drop this rule or show what only it finds"
TWO = 'strips = ["sign up now", "sign up here"]\n'


def found(*texts: str) -> list[str]:
    """What the lint says of the rules of one file, each finding with its rule's id."""
    return [f"{finding.rule.id}: {finding.check}: {finding.what}" for finding in lint(rules(*texts))]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([PHRASE + "\n" + 'strips = ["sign up now."]', PHRASE], ["f/r1: " + DUPLICATE], id="phrase"),
        pytest.param(
            [PHRASE, 'phrases = ["Sign-up, now!", "join"]\nstrips = ["join"]'],
            ["f/r1: " + DUPLICATE, "f/r1: near-miss: no"],
            id="phrase-with-other-marks",
        ),
        pytest.param(
            [MATCH, MATCH],
            ["f/r1: duplicate: '^sign up now$' is already in f/r0; leave it to that rule"],
            id="match",
        ),
        pytest.param(
            [BETWEEN.format("give"), BETWEEN.format("send")],
            ["f/r1: " + DUPLICATE],
            id="between",
        ),
        pytest.param(
            ['phrases = ["sign up now", "Sign up now."]'],
            ["f/r0: duplicate: 'sign up now' stands 2 times in this rule; once is enough"],
            id="twice-in-one",
        ),
        pytest.param([PHRASE, 'phrases = ["sign up {name}"]\nstrips = ["sign up Ada"]'], [], id="slot-instead"),
        pytest.param(
            [PAGED.format(".a, aside  .signup-box"), PAGED.format("ASIDE .signup-box")],
            ["f/r1: duplicate: 'aside .signup-box' is already in f/r0; leave it to that rule"],
            id="selector",
        ),
        pytest.param([PHRASE, PHRASE + "\naction = 'hint'"], [], id="other-action"),
        pytest.param([PHRASE, PHRASE + "\nwithin = true\nlevel = 'strict'"], [], id="within"),
        pytest.param([PHRASE + "\nsites = ['a.org']", PHRASE + "\nsites = ['b.org']"], [], id="other-site"),
    ],
)
def test_duplicates(texts: list[str], expected: list[str]) -> None:
    said = [line for line in found(*texts) if ": shadowed: " not in line]
    assert len(said) == len(expected)
    assert all(any(line.startswith(start) for line in said) for start in expected)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([LONG + TWO, MATCH], ["f/r1: " + SHADOWED.format(0)], id="narrower"),
        pytest.param([MATCH, LONG + TWO], ["f/r0: " + SHADOWED.format(1)], id="narrower-first"),
        pytest.param([LONG, MATCH], ["f/r1: " + SHADOWED.format(0)], id="each-takes-the-other's"),
        pytest.param([LONG, PHRASE, MATCH], ["f/r1: " + SHADOWED.format(0), "f/r2: " + SHADOWED.format(0)], id="three"),
        pytest.param([LONG + TWO + "level = 'normal'", MATCH], [], id="only-from-a-later-level"),
        pytest.param([LONG, MATCH + "\nlevel = 'normal'"], ["f/r1: " + SHADOWED.format(0)], id="from-an-earlier-level"),
        pytest.param([LONG + TWO + "sites = ['a.org']", MATCH], [], id="only-on-a-site"),
        pytest.param(
            [LONG + "sites = ['a.org']", MATCH + "\nsites = ['www.a.org']"],
            ["f/r1: " + SHADOWED.format(0)],
            id="on-the-site-above",
        ),
        pytest.param([LONG + "sites = ['a.org']", MATCH + "\nsites = ['b.org']"], [], id="on-another-site"),
        pytest.param([LONG, MATCH + "\nsites = ['a.org']"], ["f/r1: " + SHADOWED.format(0)], id="everywhere"),
        pytest.param([LONG + "kind = 'app'", MATCH], [], id="other-kind"),
        pytest.param([LONG + "action = 'hint'", MATCH], [], id="hint"),
        pytest.param([LONG + TWO, MATCH + "\nwithin = true"], [], id="only-whole-lines"),
        pytest.param([LONG + "within = true", MATCH], ["f/r1: " + SHADOWED.format(0)], id="within-paragraphs-too"),
        pytest.param(
            [PAGED.format(".signup-box"), PAGED.format("aside.signup-box")],
            ["f/r1: " + SHADOWED.format(0)],
            id="selectors",
        ),
        pytest.param([PAGED.format(".signup-box"), MATCH], [], id="selector-and-text"),
        pytest.param(
            ["match = '^join the club$'\nstrips = ['join the club']", PAGED.format(".signup-box")],
            ["f/r1: " + SHADOWED.format(0)],
            id="selector-of-what-is-known",
        ),
        pytest.param([MATCH, LONG + TWO, "match = '^[a'"], None, id="a-broken-one-beside"),
        pytest.param(
            [
                "match = 'sign up now'",
                LONG + 'strips = ["sign up now", { text = "sign up here\\nyes", gives = "yes" }]',
            ],
            ["f/r0: " + SHADOWED.format(1)],
            id="a-part-stays",
        ),
    ],
)
def test_shadowed(texts: list[str], expected: list[str] | None) -> None:
    said = [line for line in found(*texts) if ": shadowed: " in line]
    assert said == (["f/r0: " + SHADOWED.format(1)] if expected is None else expected)


def test_a_rule_is_compared_with_the_library() -> None:
    library, own = rules(LONG, name="z"), rules(MATCH, name="a")
    assert [str(finding.rule.id) for finding in lint(own, library)] == ["a/r0"]


def test_the_library_itself_is_not_judged_on_the_way() -> None:
    library, own = rules(LONG, MATCH, name="a"), rules("phrases = ['join us']\nstrips = ['join us']\nkeeps = ['join']")
    assert list(lint(own, library)) == []


def test_rules_of_the_library_are_not_compared_with_themselves() -> None:
    library = rules(LONG)
    assert list(lint(library, library)) == []
