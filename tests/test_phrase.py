"""Phrases: what says one, what only resembles one, and the literals that let a rulebook look for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.judge.phrase import SLOTS, Phrases, has_word, key, literals, opens_with, slotted_key, unknown_slot, words
from cleaner.text import fold, lower

SIGN = "Sign up to our daily newsletter"
GIFT = "Your support makes all the difference to our small and busy newsroom"  # 12 words


def says(phrase: str, text: str, fuzzy: float = 0.0) -> bool:
    view = fold(text)
    return Phrases([phrase], fuzzy).whole(view, lower(view))


# --- whole --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        pytest.param(SIGN, SIGN, id="itself"),
        pytest.param(SIGN, SIGN.upper(), id="capitals"),
        pytest.param(SIGN, "Sign up, to our “daily” newsletter!", id="punctuation"),
        pytest.param(SIGN, "— Sign-up to our daily newsletter —", id="dashes"),
        pytest.param(SIGN, "Sign  up\xa0to our daily\tnewsletter", id="spaces"),
        pytest.param("Don't miss out", "DON’T MISS OUT…", id="curly-apostrophe"),
        pytest.param("a_b c", "a b c", id="underscore-is-no-word"),
        pytest.param("The story From us", "The storyFrom us", id="lost-space-before-a-capital"),
        pytest.param("The storyFrom us", "The storyfrom us", id="camel-in-the-phrase"),
        pytest.param("YouTube channel", "YouTube channel", id="camel-word"),
        pytest.param("youtube channel", "YOUTUBE CHANNEL", id="camel-word-in-capitals"),
        pytest.param("続きを読む", "続きを読む", id="japanese"),
        pytest.param("続きを読む", "続きを、読む。", id="japanese-punctuation"),
        pytest.param("阅读全文 2 页", "阅读全文2页", id="chinese-with-number"),
        pytest.param("यह भी पढ़ें", "यह भी पढ़ें:", id="hindi-vowel-signs"),
        pytest.param("اقرأ أيضا", "اقرأ أيضا:", id="arabic"),
        pytest.param("Читайте также", "ЧИТАЙТЕ ТАКЖЕ:", id="cyrillic"),
        pytest.param("Thanks", "(Thanks)", id="one-word"),
        pytest.param("Give £5", "Give £5.", id="sign"),
    ],
)
def test_says(phrase: str, text: str) -> None:
    assert says(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        pytest.param(SIGN, "Sign up to our daily newsletter today", id="more-behind"),
        pytest.param(SIGN, "Please sign up to our daily newsletter", id="more-before"),
        pytest.param(SIGN, "Sign up to our newsletter", id="less"),
        pytest.param(SIGN, "Sign up to our weekly newsletter", id="another-word"),
        pytest.param(SIGN, "", id="nothing"),
        pytest.param(SIGN, "...", id="punctuation-alone"),
        pytest.param("A part of it", "Apart of it", id="words-run-together"),
        pytest.param("Don't miss out", "Dont miss out", id="lost-apostrophe"),
        pytest.param("Give £5", "Give $5", id="another-sign"),
        pytest.param("यह भी पढ़ें", "यह भी पढें", id="another-vowel-sign"),
        pytest.param("続きを読む", "続きを読み", id="another-kana"),
        pytest.param("Thanks", '"Thanks"', id="quoted"),
        pytest.param("Sign up", "1. Sign up", id="list-number"),
        pytest.param("Sign up", "(12) Sign up", id="number-in-brackets"),
        pytest.param("Sign up", "# Sign up", id="comment-in-code"),
    ],
)
def test_does_not_say(phrase: str, text: str) -> None:
    assert not says(phrase, text)


# --- slots --------------------------------------------------------------------------------------------------------

SLOT_CASES = {
    "number": ("5", "12,345", "1,234,567", "1.5 million", "10k", "1.5m", "2 mln", "१२"),
    "money": (
        "£5",
        "$5.50",
        "5 €",
        "5€",
        "US$5",
        "R$ 20",
        "Rs. 500",
        "£1.5m",
        "$2 billion",
        "20 zł",
        "99p",
        "500円",
        "4,90 e",
        "4,90 euroa",
        "5 dollaria",
        "99 Kč",
        "99 korun",
        "990 Ft",
        "30 lei",
        "99 грн",
        "5 лв.",
        "500 TL",
        "49 kroner",
    ),
    "date": (
        "2024",
        "3 May 2024",
        "May 3rd",
        "Monday, 3 May 2024",
        "1er mai",
        "3º de maio",
        "2024年5月3日",
        "03/05/2024",
    ),
    "name": (
        "Ada",
        "Ada Prowse",
        "J. K. van der Berg",
        "O’Neill",
        "d’Artagnan",
        "von der Leyen",
        "王小明",
        "Ада Проуз",
    ),
    "words": ("x", "the man who came home", "Ada"),
    "any": ("x", "one two three four five six seven eight nine ten eleven twelve"),
}
NOT_SLOTS = {
    "number": ("many", "5 people", "five", ""),
    "money": ("a sum", "5 people", "£", ""),
    "date": ("Monday", "today", "a long time before the year 2024", ""),
    "name": ("", "the man who came to dinner late", "the chairman", "Ada Prowse yesterday", "42", "Ада вчера вечером"),
    "words": ("", "the man who came to dinner"),
    "any": ("", "one two three four five six seven eight nine ten eleven twelve thirteen"),
}


@pytest.mark.parametrize(("slot", "text"), [(slot, text) for slot, texts in SLOT_CASES.items() for text in texts])
def test_slot_takes(slot: str, text: str) -> None:
    assert says(f"Given {{{slot}}} by us", f"Given {text} by us")


@pytest.mark.parametrize(("slot", "text"), [(slot, text) for slot, texts in NOT_SLOTS.items() for text in texts])
def test_slot_does_not_take(slot: str, text: str) -> None:
    assert not says(f"Given {{{slot}}} by us", f"Given {text} by us")


@pytest.mark.parametrize(("slot", "text"), [(slot, text) for slot, texts in SLOT_CASES.items() for text in texts])
def test_slot_is_no_longer_than_its_table_says(slot: str, text: str) -> None:
    assert len(key(lower(fold(text))).split()) <= SLOTS[slot]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        pytest.param("{name} is a reporter", "Ada Prowse is a reporter", True, id="at-the-start"),
        pytest.param("Written by {name}", "Written by Ada Prowse.", True, id="at-the-end"),
        pytest.param("{number} of {number} free articles", "3 of 5 free articles", True, id="twice"),
        pytest.param("{number} of {number} free articles", "3 of free articles", False, id="one-empty"),
        pytest.param("Give {money} or {any}", "Give £5 or what you can", True, id="two-kinds"),
        pytest.param("By {name}", "By", False, id="nothing-in-it"),
    ],
)
def test_slots(phrase: str, text: str, expected: bool) -> None:
    assert says(phrase, text) is expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [("{number} {any}", None), ("no slot", None), ("{nmae} x", "nmae"), ("{} x", ""), ("{any} {x}", "x")],
)
def test_unknown_slot(phrase: str, expected: str | None) -> None:
    assert unknown_slot(phrase) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("{any}", False),
        ("- {number} -", False),
        ("$", False),
        ("", False),
        ("a {any}", True),
        ("読", True),
        ("7", True),
    ],
)
def test_has_word(phrase: str, expected: bool) -> None:
    assert has_word(phrase) is expected


# --- drift --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Your help makes all the difference to our small and busy newsroom", True, id="replaced"),
        pytest.param("Your support makes the difference to our small busy newsroom", True, id="two-missing"),
        pytest.param(
            "Your kind support makes all the difference to our very small and busy newsroom", True, id="two-added"
        ),
        pytest.param("Your supportMakes all the difference to our small and busy newsroom", True, id="lost-space"),
        pytest.param("Your help gives all the aid to our small and busy newsroom", False, id="three-replaced"),
        pytest.param("Your support makes all the difference", False, id="half"),
        pytest.param("newsroom busy and small our to difference the all makes support Your", False, id="backwards"),
        pytest.param(GIFT + ", said the editor of it", False, id="more-behind"),
    ],
)
def test_drift_of_two_words_in_twelve(text: str, expected: bool) -> None:
    assert says(GIFT, text, fuzzy=0.2) is expected


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        pytest.param("Sign up today", "Sign up now", False, id="three-words-never"),
        pytest.param("Sign up here today", "Sign up here now", True, id="four-words"),
        pytest.param(
            "Over {number} people read us every day", "Over 5 million people read us each day", True, id="slot"
        ),
        pytest.param("Over {number} people read us every day", "Over people read us every day", True, id="empty-slot"),
        pytest.param(
            "Over {number} people read us every day", "Over people read us each day", False, id="empty-and-other"
        ),
        pytest.param(
            "Over {any} people read us every day",
            "Over people read us, says one of our two owners, every day",
            False,
            id="words-outside-the-slot",
        ),
    ],
)
def test_drift_of_one_word(phrase: str, text: str, expected: bool) -> None:
    assert says(phrase, text, fuzzy=0.25) is expected


def test_without_fuzzy_nothing_drifts() -> None:
    assert not says(GIFT, GIFT.replace("help", "aid").replace("busy", "tiny"))


# --- head, at, begins ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrases", "fuzzy", "text", "expected"),
    [
        pytest.param(["We ask you"], 0.0, "We ask you. Give now", 3, id="exact"),
        pytest.param(["We ask you"], 0.0, "We ask youGive now", 3, id="lost-space"),
        pytest.param(["We ask", "We ask you"], 0.0, "We ask you to give", 3, id="longest"),
        pytest.param(["YouTube asks"], 0.0, "YouTube asks you", 3, id="camel-word-in-two-pieces"),
        pytest.param(["From {name} with love"], 0.0, "From Ada Prowse with love to all", 5, id="slot"),
        pytest.param(["Give {money} now"], 0.0, "Give $5 now and again", 4, id="sign-in-a-slot"),
        pytest.param(["Trusted by {any}"], 0.0, "Trusted by many here", 2, id="ends-before-a-last-slot"),
        pytest.param(
            [GIFT], 0.2, "Your help makes all the difference to our small and busy newsroom so give", 12, id="drift"
        ),
        pytest.param(["We ask you"], 0.0, "We asked you", 0, id="another-word"),
        pytest.param(["We ask you"], 0.0, "Then we ask you", 0, id="not-at-the-start"),
        pytest.param(["We ask you"], 0.0, "We ask", 0, id="cut-off"),
        pytest.param(["From {name} with love"], 0.0, "He came from Ada with love", 0, id="slot-not-at-the-start"),
        pytest.param(["From {name} with love"], 0.0, "From Ada with her love", 0, id="words-outside-the-slot"),
        pytest.param(["From {name} with love"], 0.0, "From with love", 0, id="empty-slot"),
        pytest.param(
            ["Support {name} today"], 0.0, "Support for a party that he did not lead came today", 0, id="overfull-slot"
        ),
        pytest.param(
            [GIFT], 0.2, "Your support makes all the difference to our small and busy kitchen", 0, id="no-last-word"
        ),
        pytest.param([], 0.0, "We ask you", 0, id="no-phrases"),
    ],
)
def test_head(phrases: list[str], fuzzy: float, text: str, expected: int) -> None:
    assert Phrases(phrases, fuzzy).head(words(text)) == expected


@pytest.mark.parametrize(
    ("phrase", "text", "start", "expected"),
    [
        pytest.param("We ask you", "So now We ask you for help", 2, 3, id="from-there"),
        pytest.param("YouTube asks", "See YouTube asks", 1, 3, id="camel-word"),
        pytest.param("We ask you", "So now We ask you", 1, 0, id="a-word-too-early"),
        pytest.param("We ask you", "So now We ask", 2, 0, id="cut-off"),
        pytest.param("We ask {name}", "So now We ask Ada", 2, 0, id="never-with-slots"),
    ],
)
def test_at(phrase: str, text: str, start: int, expected: int) -> None:
    assert Phrases([phrase], 0.0).at(words(text), start) == expected


@pytest.mark.parametrize(
    ("phrase", "fuzzy", "text", "expected"),
    [
        pytest.param(GIFT, 0.0, "Your support makes all the diff", True, id="mid-word"),
        pytest.param(GIFT, 0.0, "Your support", True, id="two-words"),
        pytest.param("As your {any}, I ask the questions", 0.0, "As your White House corr", True, id="in-a-slot"),
        pytest.param(
            "As your {any}, I ask the questions", 0.0, "As your envoy, I ask the que", True, id="behind-a-slot"
        ),
        pytest.param(GIFT, 0.2, "Your help makes all the difference to our sma", True, id="drift"),
        pytest.param(GIFT, 0.0, GIFT + " today", False, id="whole-and-more"),
        pytest.param(GIFT, 0.0, "Your support makes all the news", False, id="another-last-word"),
        pytest.param(GIFT, 0.0, "Your help makes all the diff", False, id="another-word-without-fuzzy"),
        pytest.param(GIFT, 0.2, "Your help gives all that it has to our sma", False, id="too-far-adrift"),
        pytest.param("As your {any}, I ask", 0.0, "As he is your White House corr", False, id="slot-further-on"),
        pytest.param(
            "Support the {name} today",
            0.0,
            "Support the man who came late to dinner and left early, she sa",
            False,
            id="longer-than-the-slot",
        ),
        pytest.param(
            "Whether it is {any}, we know",
            0.0,
            "Whether it is the oil or the gas or the coal or the sun or the wind, we hav",
            True,
            id="longer-than-any-behind-three-words",
        ),
        pytest.param(
            "{name} is a reporter in London", 0.0, "The mayor went to a school in Lon", False, id="slot-first"
        ),
    ],
)
def test_begins(phrase: str, fuzzy: float, text: str, expected: bool) -> None:
    assert Phrases([phrase], fuzzy).begins(words(text), 2) is expected


def test_begins_needs_its_least_words() -> None:
    assert not Phrases([GIFT], 0.0).begins(words("Your support makes"), 4)


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Don't stop!", "don t stop", id="apostrophe"),
        pytest.param("storyFrom YouTube", "story from you tube", id="camel"),
        pytest.param("историиИз", "истории из", id="camel-cyrillic"),
        pytest.param("NASA's BBC2", "nasa s bbc2", id="capitals"),
        pytest.param("McDonald ÉTÉ", "mc donald été", id="accents"),
        pytest.param("İstanbul", "istanbul", id="dotted-i"),
        pytest.param("हिन्दी पढ़ें", "हिन्दी पढ़ें", id="vowel-signs"),
        pytest.param("日本語ABC", "日 本 語 abc", id="cjk"),
        pytest.param("$5 or €5", "$ 5 or € 5", id="signs"),
        pytest.param("_-*", "", id="none"),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert " ".join(word.text for word in words(text)) == expected


@given(st.text(max_size=40))
def test_words_stand_where_they_say(text: str) -> None:
    found = words(text)
    assert all(lower(text[word.start : word.end]) == word.text for word in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(st.text(st.characters(max_codepoint=127), max_size=40))
def test_plain_words_are_found_like_all_others(text: str) -> None:
    assert key(text.lower()) == key(text.lower() + "。").strip()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sign up, now!", "sign  UP now"), ("Give {money} now", "give {money}, now"), ("{any}'s", "{any} s")],
)
def test_slotted_key_is_alike_for_the_same(one: str, other: str) -> None:
    assert slotted_key(one) == slotted_key(other)


@pytest.mark.parametrize(("one", "other"), [("give {any}", "give any"), ("a {any} b", "a b {any}")])
def test_slotted_key_differs(one: str, other: str) -> None:
    assert slotted_key(one) != slotted_key(other)


# --- literals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrases", "fuzzy", "expected"),
    [
        pytest.param(["Sign up, now!"], 0.0, ("sign up",), id="longest-run"),
        pytest.param(["From {name} with love"], 0.0, ("with love",), id="between-slots"),
        pytest.param(["one", "two"], 0.0, ("one", "two"), id="one-each"),
        pytest.param(["यह भी पढ़ें"], 0.0, ("यह भी पढ़ें",), id="vowel-signs"),
        pytest.param(
            [GIFT],
            0.2,
            ("small and busy newsroom", "the difference to our", "your support makes all"),
            id="drift",
        ),
        pytest.param(["please sign up now"], 0.3, ("please sign", "up now"), id="two-pieces"),
        pytest.param([], 0.0, (), id="none"),
    ],
)
def test_literals(phrases: list[str], fuzzy: float, expected: tuple[str, ...]) -> None:
    assert literals(phrases, fuzzy) == expected


@pytest.mark.parametrize(
    ("phrase", "fuzzy", "expected"),
    [
        pytest.param("Sign up, now!", 0.0, "sign up", id="first-run"),
        pytest.param("“Sign up”", 0.0, "sign up", id="quoted"),
        pytest.param("By {name}", 0.0, "by", id="before-a-slot"),
        pytest.param("{name} asks", 0.0, "", id="slot-first"),
        pytest.param(GIFT, 0.2, "", id="drifting"),
        pytest.param("Sign up now", 0.2, "sign up now", id="too-short-to-drift"),
    ],
)
def test_opens_with(phrase: str, fuzzy: float, expected: str) -> None:
    assert opens_with(phrase, fuzzy) == expected


WORDS = st.text(st.sampled_from("abcdeéßжяあ漢पि'-.,&$7"), min_size=1, max_size=8)
TEXTS = st.lists(st.one_of(WORDS, st.sampled_from([f"{{{slot}}}" for slot in SLOTS])), min_size=1, max_size=12)
PHRASES = TEXTS.map(" ".join).filter(has_word)


def filled(phrase: str) -> str:
    """The phrase as a text says it, each slot filled."""
    return re.sub(r"\{\w+\}", "7", phrase.replace("{name}", "Ada"))


@given(PHRASES)
def test_a_phrase_says_itself(phrase: str) -> None:
    assert says(phrase, "." + filled(phrase))  # a text that opens with a quote or number is no phrase


def one_in(found: Iterable[str], text: str) -> bool:
    return any(literal in lower(fold(text)) for literal in found)


@given(PHRASES, st.sampled_from([0.0, 0.15, 0.3]))
def test_a_phrase_has_one_of_its_literals(phrase: str, fuzzy: float) -> None:
    assert one_in(literals([phrase], fuzzy), filled(phrase))


@given(PHRASES)
def test_a_phrase_opens_with_its_opening(phrase: str) -> None:
    text = lower(fold(filled(phrase))).lstrip("'-.,&$ ")
    assert text.startswith(opens_with(phrase, 0.0))


PLAIN = st.lists(st.text(st.sampled_from("abcdefgh"), min_size=3, max_size=8), min_size=8, max_size=14)


@given(PLAIN, st.data())
def test_a_drifting_phrase_with_another_word_has_one_of_its_literals(said: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(said) - 1))
    text = " ".join([*said[:at], "zzz", *said[at + 1 :]])
    assert one_in(literals([" ".join(said)], 0.15), text)


@given(PLAIN, st.data())
def test_a_drifting_phrase_is_said_with_another_word(said: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(said) - 1))
    text = " ".join([*said[:at], "zzz", *said[at + 1 :]])
    assert says(" ".join(said), text, fuzzy=0.15)
