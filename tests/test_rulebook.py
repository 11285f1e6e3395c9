"""Which rules match where, that no match is missed for being looked for cheaply, and that none takes long."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.judge.rulebook import Rulebook, on_site
from cleaner.judge.units import LONG_LINE
from cleaner.read.segment import View
from cleaner.types import Between, Document, Evidence, Reach, Rule, RuleError, Span

PROSE = "The keeper climbed the stairs at dusk."
SIGN = "Sign up to our newsletter"


def rule(**more: object) -> Rule:
    """A rule that strips what its matcher takes."""
    return Rule(**{"id": "f/r", "kind": "newsletter", "why": "w", "file": "f.toml", "line": 2} | more)  # type: ignore[arg-type]


MATCH = rule(match="^sign up to our newsletter$")
PHRASE = rule(id="f/phrase", phrases=("Sign up to our newsletter",))


def find(text: str, *rules: Rule, host: str | None = None, every: bool = False) -> list[Evidence]:
    return Rulebook(rules).find(View(Document(text)), host=host, every=every)


def found(text: str, *rules: Rule, host: str | None = None) -> list[str]:
    """The texts that rules take, in the order in which they are asked for."""
    low = View(Document(text)).cased
    return [low[item.start : item.end] for item in find(text, *rules, host=host)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("To go on you click the button\nSign up\nand wait for a mail.", [], id="sentence-goes-on"),
        pytest.param("To go on you click the button\nSign up\n. Then you wait.", [], id="its-stop"),
        pytest.param("To go on you click the button.\nSign up\nand wait for a mail.", ["Sign up"], id="ended-before"),
        pytest.param("To go on you click the button\nSign up\nThen you wait.", ["Sign up"], id="ended-after"),
        pytest.param("home page\nSign up\ncontact us", ["Sign up"], id="menu-in-small-letters"),
        pytest.param("To go on you click the button\n\nSign up\n\nand wait.", ["Sign up"], id="paragraphs"),
    ],
)
def test_a_line_in_the_midst_of_a_sentence_stays(text: str, expected: list[str]) -> None:
    assert found(text, rule(match="^sign up$")) == found(text, rule(phrases=("Sign up",))) == expected


# --- what a rule reads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [MATCH, PHRASE], ids=["match", "phrase"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(SIGN, [SIGN], id="alone"),
        pytest.param(f"{PROSE}\n{SIGN}\n{PROSE}", [SIGN], id="line"),
        pytest.param(f"{PROSE}\r\n  {SIGN}\t\r\n", [SIGN], id="spaces-around"),
        pytest.param(f"{PROSE} {SIGN}", [SIGN], id="last-sentence"),
        pytest.param(f"{PROSE}{SIGN}", [SIGN], id="glued"),
        pytest.param(SIGN.upper(), [SIGN.upper()], id="capitals"),
        pytest.param("Sign  up to\xa0our news\xadletter", [SIGN], id="odd-spaces"),
        pytest.param(f"{SIGN}\n{SIGN}", [SIGN, SIGN], id="twice"),
        pytest.param(f"She may {SIGN.lower()}", [], id="in-a-sentence"),
        pytest.param(f"{SIGN} or not", [], id="goes-on"),
        pytest.param(f"{SIGN[:-1]}", [], id="a-letter-less"),
        pytest.param(PROSE, [], id="prose"),
        pytest.param("", [], id="empty"),
        pytest.param("\n\n", [], id="blank"),
    ],
)
def test_a_segment_goes_whole(asked: Rule, text: str, expected: list[str]) -> None:
    assert found(text, asked) == expected


def test_no_rules_find_nothing() -> None:
    assert found(SIGN) == []


@pytest.mark.parametrize(
    ("text", "case", "expected"),
    [
        pytest.param("Join US now", False, ["Join US now"], id="reads-lower-case"),
        pytest.param("JOIN us now", False, ["JOIN us now"], id="any-case"),
        pytest.param("Join US now", True, ["Join US now"], id="reads-its-own-case"),
        pytest.param("Join us now", True, [], id="another-case"),
    ],
)
def test_case(text: str, case: bool, expected: list[str]) -> None:
    assert found(text, rule(match="^Join US now$" if case else "^join us now$", case=case)) == expected


@pytest.mark.parametrize(
    ("needs", "text", "expected"),
    [
        pytest.param(("now",), "join us now", 1, id="it-is-there"),
        pytest.param(("today", "now"), "join us now", 1, id="one-of-them"),
        pytest.param(("today",), "join us now", 0, id="it-is-not"),
        pytest.param(("today",), "today is long\njoin us now", 0, id="only-on-another-line"),
        pytest.param(("today",), "Today is long. Join us now", 0, id="only-in-another-sentence"),
    ],
)
def test_needs(needs: tuple[str, ...], text: str, expected: int) -> None:
    assert len(found(text, rule(match="^join us ", needs=needs))) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        pytest.param({"match": "^join us"}, "Join us now", 1, id="it-is-not-there"),
        pytest.param({"match": "^join us"}, "Join us now, said the guard", 0, id="it-is-there"),
        pytest.param(
            {"match": "^join us"}, "Join us now. The guard said", 0, id="in-another-sentence-of-a-line-that-stays"
        ),
        pytest.param({"match": "^join us", "within": True}, "Join us now. The guard said", 1, id="in-another-sentence"),
        pytest.param({"phrases": ("Join us {words}",)}, "Join us said the guard", 0, id="of-a-phrase"),
        pytest.param({"phrases": ("Join us {words}",)}, "Join us shouted the guard", 1, id="of-a-phrase-that-fits"),
        pytest.param({"match": "^Join", "case": True, "unless": "Said"}, "Join us said the guard", 1, id="case"),
        pytest.param(
            {"match": "^join us", "unless": "^(?:a|a|aa)+$|us (?:a|a|aa)+$"}, f"Join us {'a' * 60}!", 0, id="late"
        ),
        pytest.param({"match": "^join us", "action": "keep"}, "Join us now, said the guard", 0, id="of-a-keep"),
    ],
)
def test_unless(asked: dict[str, object], text: str, expected: int) -> None:
    evidence = find(text, rule(**{"unless": "\\bsaid\\b"} | asked))
    assert len([item for item in evidence if item.line is None]) == expected


def test_an_unless_that_is_no_regex_is_refused() -> None:
    with pytest.raises(RuleError, match=r"f\.toml:2: rule 'f/r': not a regex"):
        find("Join us", rule(match="^join us", unless="(said"))


@pytest.mark.parametrize(("text", "expected"), [("go7", 1), ("7go", 1), ("77", 0)])
def test_needs_stand_in_for_literals(text: str, expected: int) -> None:
    assert len(found(text, rule(match=r"^[a-z\d]{3}$", needs=("go",)))) == expected


def test_a_regex_without_literals_is_refused() -> None:
    with pytest.raises(RuleError, match=r"f\.toml:2: rule 'f/r': no text that every match contains"):
        Rulebook([rule(match=r"^\d+$")])


@pytest.mark.parametrize("rules", [[rule(match="sign up (")], [rule(match="a(?", reach=Reach(("a",)))]])
def test_a_broken_regex_is_refused(rules: list[Rule]) -> None:
    with pytest.raises(RuleError, match=r"f\.toml:2: rule 'f/r': "):
        Rulebook(rules).compile()


def test_a_compiled_book_finds_the_same() -> None:
    book = Rulebook([MATCH, PHRASE])
    before = book.find(View(Document(SIGN)))
    book.compile()
    assert book.find(View(Document(SIGN))) == before != []


# --- width ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "size", "taken"),
    [
        pytest.param(rule(match="^join us"), 400, True, id="400"),
        pytest.param(rule(match="^join us"), 401, False, id="401"),
        pytest.param(rule(match="^join us", longest=30), 30, True, id="longest"),
        pytest.param(rule(match="^join us", longest=30), 31, False, id="longer"),
        pytest.param(rule(match="^join us[ a-z]{0,20}$"), 27, True, id="as-wide-as-the-regex"),
        pytest.param(rule(match="^join us[ a-z]{0,20}$"), 28, False, id="wider-than-the-regex"),
    ],
)
def test_width(asked: Rule, size: int, taken: bool) -> None:
    text = "Join us " + "a" * (size - 8)
    assert found(text, asked) == ([text] if taken else [])


# --- runs of sentences ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(rule(phrases=("Join us. Give now.",)), ["Join us. Give now."], id="phrase-of-two"),
        pytest.param(rule(phrases=("Give now. Thank you.",)), ["Give now. Thank you."], id="of-the-last-two"),
        pytest.param(
            rule(phrases=("Join us. Give now. Thank you.",)), ["Join us. Give now. Thank you."], id="of-three"
        ),
        pytest.param(rule(match=r"^join us\. give now\.$"), ["Join us. Give now."], id="regex-tied-at-both-ends"),
        pytest.param(rule(match=r"^give now\.$|^give now\. thank"), ["Give now."], id="one-way-untied"),
        pytest.param(rule(match=r"^join us"), ["Join us."], id="tied-to-the-start"),
        pytest.param(rule(match=r"thank you\.$"), ["Thank you."], id="tied-to-the-end"),
        pytest.param(rule(match=r"give now"), ["Give now."], id="not-tied"),
        pytest.param(rule(match=r"^join us\. give"), [], id="over-two-tied-to-the-start"),
        pytest.param(rule(phrases=("Join us. Thank you.",)), [], id="not-in-a-row"),
        pytest.param(rule(phrases=("He did. Join us. Give now. Thank you.",)), [], id="of-four"),
    ],
)
def test_runs_of_sentences(asked: Rule, expected: list[str]) -> None:
    assert found("He did. Join us. Give now. Thank you. She left.", asked) == expected


def test_a_run_does_not_reach_over_a_line() -> None:
    assert found("Join us.\nGive now.", rule(phrases=("Join us. Give now.",))) == []


# --- what needs its line --------------------------------------------------------------------------------------------

LONG = f"{SIGN}. {'The keeper climbed up. ' * 44}"


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        pytest.param(f"{SIGN}. {PROSE}", PHRASE, (0, 65), id="among-others"),
        pytest.param(f"{PROSE}\n{PROSE} {SIGN}", PHRASE, (39, 103), id="line-further-down"),
        pytest.param(f"{PROSE}\n{SIGN}", PHRASE, None, id="alone"),
        pytest.param(f"{PROSE}{SIGN}", PHRASE, None, id="glued"),
        pytest.param(f"{SIGN}. {PROSE}", rule(phrases=(SIGN,), within=True), None, id="within"),
        pytest.param(f"{SIGN}. {PROSE}", rule(phrases=(SIGN,), action="keep"), None, id="keep"),
        pytest.param(f"{SIGN}. {PROSE}", rule(match="sign up", scope="inline"), None, id="inline"),
        pytest.param(LONG[: LONG_LINE - 1], PHRASE, (0, LONG_LINE - 1), id="line-of-999"),
        pytest.param((LONG + "a" * 99)[:LONG_LINE], PHRASE, None, id="line-of-1000"),
    ],
)
def test_a_sentence_needs_its_line(text: str, asked: Rule, expected: tuple[int, int] | None) -> None:
    (item,) = find(text, asked)
    assert item.line == (Span(*expected) if expected else None)


# --- inline ---------------------------------------------------------------------------------------------------------

AD = rule(id="f/ad", scope="inline", match=r"\(advert\)")
WIDE = rule(id="f/wide", scope="inline", match=r"\[buy[^\]]{0,900}\]")


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        pytest.param("He (advert) did.", AD, ["(advert)"], id="in-a-sentence"),
        pytest.param("(advert)(ADVERT)", AD, ["(advert)", "(ADVERT)"], id="two"),
        pytest.param("a" * 9000 + "(advert)" + "a" * 9000, AD, ["(advert)"], id="deep-in-a-long-line"),
        pytest.param("(advert)" + "a" * 900 + "(advert)", AD, ["(advert)"] * 2, id="far-apart"),
        pytest.param("[buy " + "a" * 300 + "]" + "b" * 9000, WIDE, ["[buy " + "a" * 300 + "]"], id="within-reach"),
        pytest.param("[buy " + "a" * 800 + "]" + "b" * 9000, WIDE, [], id="beyond-reach"),
        pytest.param("[buy " + "a" * 480 + "]", WIDE, ["[buy " + "a" * 480 + "]"], id="to-the-end-of-the-line"),
        pytest.param("He did. (advert) She\ndid (adv", AD, ["(advert)"], id="half-of-it"),
        pytest.param("advert (adverts)", AD, [], id="another-word"),
        pytest.param(
            "a b", rule(scope="inline", match="b?(?=b)|(?<=a) ", needs=("b",)), [" "], id="nothing-is-no-match"
        ),
        pytest.param("now Now", rule(scope="inline", match="Now", case=True), ["Now"], id="case"),
    ],
)
def test_inline(text: str, asked: Rule, expected: list[str]) -> None:
    assert found(text, asked) == expected


@pytest.mark.parametrize("gap", [3, 505, 512, 1030, 1100])
def test_what_stands_where_windows_meet_is_found_once(gap: int) -> None:
    text = ("(advert)" + "a" * gap) * 5 + "b" * 2000
    assert [item.start for item in find(text, AD)] == [number * (gap + 8) for number in range(5)]


# --- sites ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        pytest.param("example.org", True, id="the-site"),
        pytest.param("www.example.org", True, id="subdomain"),
        pytest.param("b.example", True, id="another-of-them"),
        pytest.param("notexample.org", False, id="ends-alike"),
        pytest.param("example.org.uk", False, id="begins-alike"),
        pytest.param("org", False, id="above"),
        pytest.param("", False, id="empty"),
        pytest.param(None, False, id="unknown"),
    ],
)
def test_sites(host: str | None, expected: bool) -> None:
    sites = ("example.org", "b.example")
    assert on_site(host, sites) is expected
    assert found(SIGN, rule(phrases=(SIGN,), sites=sites), host=host) == ([SIGN] if expected else [])


def test_a_rule_without_sites_is_for_all() -> None:
    assert found(SIGN, PHRASE, host="example.org") == found(SIGN, PHRASE) == [SIGN]


# --- several rules --------------------------------------------------------------------------------------------------

BLOCK = rule(id="f/block", scope="block", between=Between((SIGN,), cues="newsletter"), longest=3000)
INLINE = rule(id="f/inline", scope="inline", match="our newsletter")


def test_blocks_come_first_then_segments_then_inline_cuts() -> None:
    said = find(f"{SIGN}\n{PROSE}", INLINE, PHRASE, BLOCK)
    assert [item.by for item in said] == ["f/block", "f/phrase", "f/inline"]


def test_of_one_scope_they_come_as_they_stand() -> None:
    first, second = rule(id="f/a", match="^join us"), rule(id="f/b", match="^sign up")
    said = find(f"{SIGN}\nJoin us\n{SIGN}", first, second)
    assert [(item.by, item.start) for item in said] == [("f/b", 0), ("f/a", 26), ("f/b", 34)]


def test_rules_of_one_line_are_all_asked() -> None:
    wanted = [rule(id=f"f/{word}", match=f"^{word} now") for word in ("join", "give", "share")]
    assert found("Share now. Give now. Join now.", *wanted) == ["Share now.", "Give now.", "Join now."]


def test_rules_with_one_literal_are_all_asked() -> None:
    wanted = [rule(id=f"f/{number}", match=f"^sign up to (?:{'x?' * number}our)") for number in range(4)]
    assert [item.by for item in find(SIGN, *wanted, every=True)] == ["f/0", "f/1", "f/2", "f/3"]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        pytest.param({}, ["f/a"], id="taken"),
        pytest.param({"level": "normal"}, ["f/a", "f/b"], id="taken-at-some-levels"),
        pytest.param({"action": "hint"}, ["f/a", "f/b"], id="hint"),
        pytest.param({"action": "keep"}, ["f/a", "f/b"], id="keep"),
        pytest.param({"match": "^sign up to our news$"}, ["f/b"], id="not-taken"),
    ],
)
def test_a_line_that_is_taken_is_not_asked_for_again(first: dict[str, object], expected: list[str]) -> None:
    one, other = rule(**{"id": "f/a", "match": "^sign up to our newsletter$"} | first), rule(id="f/b", phrases=(SIGN,))
    keep = rule(id="f/c", match="^sign up", action="keep")
    assert [item.by for item in find(SIGN, one, other)] == expected
    assert [item.by for item in find(SIGN, one, other, keep)] == [*expected, "f/c"]


def test_evidence_says_what_its_rule_says() -> None:
    (item,) = find(SIGN, rule(phrases=(SIGN,), action="hint", kind="social", level="strict"))
    assert item == Evidence(0, 25, "hint", "social", "f/r", "strict")


def test_a_block_does_not_begin_again_inside_itself() -> None:
    text = f"{SIGN}\nOur newsletter is out.\n{SIGN}\n{PROSE}\n{SIGN}"
    assert found(text, BLOCK) == [text.split(f"\n{PROSE}")[0], SIGN]


# --- pickling, order, time ------------------------------------------------------------------------------------------


def test_a_pickled_book_finds_the_same() -> None:
    book = Rulebook([BLOCK, PHRASE, MATCH, INLINE, AD])
    book.compile()
    copy = pickle.loads(pickle.dumps(book))
    assert copy.rules == book.rules
    assert copy.find(View(Document(SIGN))) == book.find(View(Document(SIGN))) != []


def test_a_book_has_no_memory() -> None:
    book = Rulebook([BLOCK, PHRASE, INLINE])
    one, two = f"{SIGN}\n{PROSE}", f"{PROSE}\n{SIGN}"
    alone = [Rulebook(book.rules).find(View(Document(text))) for text in (one, two)]
    assert [book.find(View(Document(text))) for text in (one, two, one, two)] == alone * 2


KNOWN = Rulebook(
    [
        BLOCK,
        PHRASE,
        INLINE,
        rule(id="f/up", match="^sign up"),
        rule(id="f/end", phrases=("Bye.",), within=True),
        rule(id="f/here", match="^join us", sites=("example.org",)),
        rule(id="f/there", match="^join", sites=("b.example",)),
        rule(id="f/keep", match="^sign up to our news$", action="keep"),
        rule(id="f/say", match=r"^\W{0,3}说。"),
    ]
)
PIECES = (
    *(PROSE, SIGN, "Sign up", "Sign up to our news", "Join us", "Bye. Join us.", "To go on you click the button"),
    *("and wait", "说。“你", "说。”你", "说。‘你’ Bye.", "« Bye. » Bye.", '"Sign up"'),
)


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(PIECES), min_size=1).map("\n".join) | st.just("".join(PIECES)),
                  st.sampled_from([None, "example.org", "www.b.example"])),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_lines_that_were_met_say_the_same(texts: list[tuple[str, str | None]]) -> None:
    for text, host in texts:
        view = View(Document(text))
        assert KNOWN.find(view, host=host) == Rulebook(KNOWN.rules).find(view, host=host)


def test_not_all_lines_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.judge.rulebook._MOST_LINES", 3)
    book = Rulebook([PHRASE, rule(id="f/up", match="^sign up")])
    for number in range(20):
        text = f"Sign up {number}\n{SIGN}\n{SIGN} {'and on ' * 40}"
        assert len(book.find(View(Document(text)))) == 3
        assert book._lines._count <= 3
        assert all(len(line) < 200 for lines in book._lines._known.values() for line in lines)


RUNAWAY = "(?:a|a|aa)+$"


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        pytest.param(rule(match=f"^gone {RUNAWAY}"), "gone " + "a" * 60 + "!", id="segment"),
        pytest.param(rule(match=f"gone {RUNAWAY}", scope="inline"), "gone " + "a" * 60 + "!", id="inline"),
    ],
)
def test_a_regex_that_runs_away_ends_and_finds_nothing(asked: Rule, text: str) -> None:
    begun = time.process_time()
    assert found(f"{SIGN}\n{text}", asked, PHRASE) == [SIGN]
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(advert)" * 20_000, id="inline-cuts"),
        pytest.param(f"{SIGN}. " * 4_000, id="sentences-of-one-line"),
        pytest.param(f"{SIGN}\n" * 4_000, id="lines"),
        pytest.param("sign up " * 20_000, id="literals"),
    ],
)
def test_time_grows_with_the_text_and_no_faster(text: str) -> None:
    begun = time.process_time()
    find(text, AD, MATCH, PHRASE)
    assert time.process_time() - begun < 2
