"""The steps: what each must mend and what it must leave alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cleaner.types import UsageError
from cleaner.write.normalise import MEND, STEPS, TIDY, check_names, run, table

STEP = dict((*MEND, *TIDY))

MENDS = {
    "encoding": {
        "quote": ("donâ€™t", "don’t"),
        "accent": ("naÃ¯ve SÃ£o", "naïve São"),
        "latin-1": ("donâ\x80\x99t", "don’t"),
        "sign": ("5Â°C for Â£5", "5°C for £5"),
        "euro": ("â‚¬ 5", "€ 5"),
        "emoji": ("hi ðŸ˜€", "hi 😀"),
        "polish": ("zaÅ‚oÅ¼yÄ‡", "założyć"),
        "russian": ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет"),
        "russian-1251": ("РџСЂРёРІРµС‚", "Привет"),
        "escaped-after": ("donâ&euro;&trade;t", "don’t"),
        "escaped-by-number": ("caf&#195;&#169;", "café"),
        "parted-by-control": ("cafÃ\x00©", "café"),
        "only-that-line": ("cafÃ©\nMANHÃ\nÂ", "café\nMANHÃ\nÂ"),
    },
    "controls": {
        "nul": ("a\0b", "ab"),
        "bell": ("a\x07\x1fb\x7f", "ab"),
        "c1": ("a\x81b", "ab"),
        "noncharacter": ("a\uffff", "a"),
    },
    "composed": {"accent": ("e\u0301", "é"), "hangul": ("\u1112\u1161\u11ab", "한")},
    "recomposed": {"accent": ("e\u0301", "é")},
    "unwrap": {
        "mail": (
            "This is a paragraph that somebody wrapped at seventy-two characters, as\n"
            "mail programs did in the old days, so that every line but the last one\n"
            "is filled.\n\nBye,\nJo",
            "This is a paragraph that somebody wrapped at seventy-two characters, as "
            "mail programs did in the old days, so that every line but the last one "
            "is filled.\n\nBye,\nJo",
        ),
        "carriage-returns": (
            "This is a paragraph that somebody wrapped at seventy-two characters, as\r\n"
            "mail programs did in the old days, so that every line but the last one\r\n"
            "is filled.\r\n",
            "This is a paragraph that somebody wrapped at seventy-two characters, as "
            "mail programs did in the old days, so that every line but the last one "
            "is filled.\r\n",
        ),
        "entities-count-as-one": (
            "This isn&rsquo;t a paragraph that&rsquo;s wrapped at the seventy-second column,\n"
            "as mail programs did in the old days, so that each line but the last\n"
            "is filled.",
            "This isn&rsquo;t a paragraph that&rsquo;s wrapped at the seventy-second column, "
            "as mail programs did in the old days, so that each line but the last "
            "is filled.",
        ),
    },
    "entities": {
        "space": ("a&nbsp;b", "a\xa0b"),
        "quote": ("don&rsquo;t &amp; won&#39;t", "don’t & won't"),
        "twice": ("Tom &amp;amp; Jo", "Tom & Jo"),
        "feed": ("end.&#13;\nNext", "end. \nNext"),
    },
    "invisible": {"soft-hyphen": ("Do\u00adnau", "Donau"), "marks": ("\ufeffa\u200bb", "ab")},
    "line-ends": {
        "windows": ("a\r\nb\rc", "a\nb\nc"),
        "others": ("a\u2028b\u2029c\x85d\x0be\x0cf\x1cg", "a\nb\nc\nd\ne\nf\ng"),
    },
    "spaces": {
        "double": ("One.  Two.", "One. Two."),
        "kept-kind": ("a\xa0\xa0b", "a\xa0b"),
        "mixed": ("a \xa0 b", "a b"),
        "wide": ("a\u2003\u2003b \u2009c", "a\u2003b c"),
        "trailing": ("a \t\nb\xa0\n\u3000", "a\nb\n"),
        "indent-stays": ("  a  b", "  a b"),
        "one-column": ("a     b", "a b"),
    },
    "glued": {
        "appeal": ("the difference.Sir Keir left", "the difference.\nSir Keir left"),
        "two": ("geflickt.Anzeige.Ersetzt wird", "geflickt.\nAnzeige.\nErsetzt wird"),
    },
    "blank-lines": {
        "many": ("a\n\n\n\nb", "a\n\nb"),
        "ends": ("\n\n  a\n\n \n", "  a"),
    },
}
PYTHON = "import re\n\ndef f(a,  b):\n    return  a   # two\n\nclass  A:\n\tx =  1"
POEM = (
    "From fairest creatures we desire increase, so it is said,\nThat thereby beauty's rose might never die at all,\n"
    "But as the riper should by time decease, as all men do,\nHis tender heir might bear his memory for ever more."
)
LEAVES = {
    "code-python": PYTHON,
    "code-c": "int  x =  f(a,  b);\nif (x)  {\n    y =  1;\n}",
    "code-json": '{\n    "a":  1,\n    "b":  [1,  2]\n}',
    "code-net": "string n = file.Name;\n    System.Out.println(x.Value)",
    "poem": POEM,
    "verse-in-lower-case": "so much of it depends upon the red wheel barrow\nand rain\nthat glazes it beside the hens",
    "verse-indented": "  Hier steh ich\n    und kann nicht anders",
    "table-spaces": "Name     Town     Age\nAnn      Bath     31",
    "table-single-letters": "a   b   c\nd   e   f",
    "table-two-columns": "Ann       31\nBarnaby   40\nJo        29",
    "table-tabs": "Name\tTown\nAnn\tBath",
    "table-pipes": "| Name  | Town |\n| Ann   | Bath |",
    "urls": "https://example.com/a?b=1&copy=2&amp=3#X.Y and example.com",
    "abbreviation": "e.g.Something, i.e. this, z. B. das",
    "prices": "It cost $3.50, 1 000 € or £1,000.00.",
    "dialogue": "— Привет. — Он молчал.\n– Non, dit-il.",
    "quotes": "“So,” he said, ‘it’s «this» „or“ that’…",
    "arabic": "\u202bقال الرجل\u200f: \u200e2024\u200f.\u202c",
    "persian": "او می\u200cخواهد برود",
    "thai": "ฉัน\u200bไป\u200bตลาด",
    "khmer": "ខ្ញុំ\u200bទៅ\u200bផ្សារ",
    "emoji": "👩\u200d👩\u200d👧 ❤\ufe0f 🏳\ufe0f\u200d🌈",
    "vietnamese": "ĐẤT NƯỚC VÀ CON NGƯỜI Â U. CÂU “Â” LÀ CHỮ, TẤM LÒNG Ân Ã",
    "portuguese": "A MANHÃ, a IRMÃ… e o CORAÇÃO: “AMANHÃ” e «MAÇû",
    "swedish": "Ål “Å” och ”Ä”, i Å–Ä",
    "french": "« PÂQUES » – À L’ÂGE DE 5 ANS",
    "russian": "РОССИЯ: «СССР» и Рёв, Сёстры",
    "ukrainian": "Рік, Сім’я, РІЧ, Ґрунт",
    "markup": "Use &lt;b&gt; and &amp;lt; for AT&T, R&D; and Q&A",
    "quoted-entity": "Write “&nbsp;” or '&amp;' or `&copy;`",
    "list": "- one thing that is here\n- another thing\n1. first\n2. second",
    "address": "Jo Smith\n12 Long Road\nBath\nEngland",
    "one-sentence-a-line": "\n".join(["The council voted on Tuesday to keep the night bus for now."] * 4),
    "chat": "\n".join(f"[10:0{n}] <jo> and then we all went down to the harbour again" for n in range(5)),
    "table-running-on": "\n".join(f"{name:<30}   {name:<20}  12" for name in ("apples and", "pears and", "figs and")),
    "chinese": "\n".join(["议会周二投票决定保留夜班公交车，原定三月结束，" * 3] * 3),
    "japanese": "\n".join(["議会は火曜日に夜行バスを維持することを決めたが、" * 3] * 3),
    "mail-quoted": "\n".join(["> this line of the mail was quoted and it runs on to the next one,"] * 3),
    "headings": "A heading\nand a line of text below it that goes on for some time here",
    "two-lines": "This is only one line that seems to have been wrapped by someone or\nother.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("step", "text", "mended"),
    [pytest.param(step, *case, id=f"{step}-{name}") for step, cases in MENDS.items() for name, case in cases.items()],
)
def test_mends(step: str, text: str, mended: str) -> None:
    assert STEP[step](text) == mended
    assert STEP[step](mended) == mended


@pytest.mark.parametrize("text", LEAVES.values(), ids=LEAVES)
def test_leaves_alone(text: str) -> None:
    assert run((*MEND, *TIDY), text) == (text, ())


def test_every_step_has_cases() -> None:
    again = {"unwrap-kept"}  # runs the same function as `unwrap`
    assert set(MENDS) == set(STEPS) - again
    assert set(STEP) | again == set(STEPS)


@pytest.mark.parametrize("off", STEPS)
def test_a_step_can_be_switched_off(off: str) -> None:
    assert all(name != off for name, _ in (*table(MEND, frozenset({off})), *table(TIDY, frozenset({off}))))


def test_unknown_step() -> None:
    with pytest.raises(UsageError, match="unknown step 'tidy'; the steps are encoding, controls"):
        check_names(["glued", "tidy"])


# Bits of text that break, glue and hide one another. No encoding damage: ftfy weighs a line as a whole, so what it
# thinks of one may change when a step breaks it in two.
BITS = (
    "a", "B", "é", "e\u0301", "\u0301", "ก", "İ", "1", "Word", "end.Next", "3.Mai", ".", "!", "=", ";", "(", '"', "“",
    "”", "&", "&amp;", "amp;", "&nbsp;", "&#160;", "&#8203;", "&shy;", "#39;", "&#39;", "&lt;", "lt;", "&#97;",
    "&#146;", "&#13;", "&#8232;", "\u00ad", "\u200b", "\ufeff", " ", "  ", "    ", "\t", "\xa0", "\u3000", "\u2003",
    "x   y", "|", "\n", "\r\n", "\r", "\u2028", "\x85", "\x1c", "\x00", "\x81", "。",
    "the quick brown fox jumps over the lazy dog again and\nso it goes on and on until the line is full up to its\nend",
)  # fmt: skip
ANY = st.text() | st.lists(st.sampled_from(BITS), max_size=10).map("".join)
EVERY_STEP = pytest.mark.parametrize("step", STEPS)


@EVERY_STEP
@given(text=ANY)
def test_step_twice_is_once(step: str, text: str) -> None:
    once = STEP[step](text)
    assert STEP[step](once) == once


@given(ANY, st.sampled_from([MEND, TIDY]))
def test_table_twice_is_once(text: str, steps: tuple) -> None:  # type: ignore[type-arg]
    once, _ = run(steps, text)
    assert run(steps, once) == (once, ())


@given(ANY)
@example("x \u200b y.Next  z&am&#112;;")
@example("a\u2028\nthe quick brown fox jumps over the lazy dog again.And\nso it goes on and on until it is full\nend")
def test_cleaning_twice_is_once(text: str) -> None:
    assume(not re.search("[ÂÃÄÅâðïÐÑРС]", text))
    once, _ = run(TIDY, run(MEND, text)[0])
    assert run(MEND, once) == (once, ())
    assert run(TIDY, once) == (once, ())


@given(ANY)
def test_steps_named_are_those_that_changed_it(text: str) -> None:
    changed, named = run(TIDY, text)
    only = tuple((name, step) for name, step in TIDY if name in named)
    assert run(only, text)[0] == changed
    assert (changed == text) or named


@pytest.mark.parametrize("step", ["line-ends", "spaces", "glued", "blank-lines", "invisible"])
@given(text=ANY)
def test_no_letter_or_digit_is_lost(step: str, text: str) -> None:
    assert [char for char in STEP[step](text) if char.isalnum()] == [char for char in text if char.isalnum()]


@given(ANY)
def test_unwrap_only_joins_lines(text: str) -> None:
    assert STEP["unwrap"](text).split() == text.split()


DAMAGED = st.lists(st.sampled_from(("Ã", "©", "Â", "â€™", "\x81", "\x85", "Р", "ї", "\xa0", "a", "\n")), max_size=8)


@given(DAMAGED.map("".join))
def test_repair_twice_is_once(text: str) -> None:
    once, _ = run(MEND, text)
    assert run(MEND, once) == (once, ())
