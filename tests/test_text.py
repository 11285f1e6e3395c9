"""Folding, leftover entities, invisible characters, glued seams."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.text import ENTITY, INVISIBLE, LINE_ENDS, entity, fold, lower, seams


def cut(text: str) -> str:
    """The text with a bar at each seam."""
    at = [0, *seams(text), len(text)]
    return "|".join(text[a:b] for a, b in pairwise(at))


SEAMS = {
    "appeal": "It makes all the difference.|Sir Keir said no.",
    "two": "wurde geflickt.|Anzeige.|Ersetzt wird er nie.",
    "guillemet": "dit « Voilà ».|Inscrivez-vous à la lettre",
    "closing-quote": "he said.”|The next day",
    "german-quotes": "„So ist es hier.“|Nein, nie",
    "straight-quote": '"It is," he said. "It was."|The next day',
    "straight-quote-opens": 'He left the room.|"The next day',
    "bracket": "(see above).|The man",
    "aside": "mówi Nowak.|(PAP)\nDalej",
    "question": "Why not?|Because",
    "marks": "Why not?!|Sign up now",
    "exclamations": "Act now!!!|Sign up",
    "cyrillic": "Это конец.|Подпишитесь на рассылку",
    "greek": "το τέλος.|Διαβάστε εδώ",
    "dotted-capital": "sona erdi.|İstanbul bugün",
    "year": "in 2019.|Sir Keir went",
    "age": "aged 45.|The man said",
    "score": "endete 3:2.|Die Gäste jubelten",
    "percent": "by 5%.|Shares fell",
    "word-that-is-a-domain": "He left.|It was late",
    "german-es": "Er ging.|Es war spät",
    "colon": "the end.|Note: this",
    "comma": "the end.|However, he",
    "last-word": "the end.|Yes",
    "chain-of-sentences": "all of it.|Sir Keir.|Then he left",
    "hyphen-word": "the end.|Mary-Jane went",
}
NO_SEAMS = {
    "net": "ASP.NET is old",
    "node": "Node.js and example.com",
    "capital-domain": "REPUBBLICA.IT dice",
    "website": "see www.RayBernoff.com for it",
    "mail": "write to jo.Smith@example.com now",
    "initials": "J.K.Rowling wrote",
    "saint": "St.Petersburg is cold",
    "abbreviation": "e.g.Something like it",
    "mister": "Mr.Smith said",
    "stylised": "Will.I.Am sang",
    "acronym": "the U.S.Army",
    "code-assignment": "string n = file.Name;",
    "code-call": "call obj.Method(x) here",
    "code-braces": "client => { client.BaseAddress }",
    "namespace": "System.Out.println is Java",
    "capital-namespace": "System.Out.Println is not",
    "version": "version 2.0.Beta is out",
    "path": "in /usr/lib.Old now",
    "german-ordinal": "am 3.Mai war es",
    "club": "der 1.FC verlor",
    "ellipsis": "wait...Then he left",
    "lower-case": "end.next",
    "line-break": "end.\nNext",
    "space": "end. Next",
    "no-case": "نهاية.بداية",
    "opening-ellipsis": "“…We are looking",
    "russian-domain": "ИА Правда.Ру сообщает",
}


@pytest.mark.parametrize("marked", SEAMS.values(), ids=SEAMS)
def test_seam(marked: str) -> None:
    assert cut(marked.replace("|", "")) == marked


@pytest.mark.parametrize("text", NO_SEAMS.values(), ids=NO_SEAMS)
def test_no_seam(text: str) -> None:
    assert cut(text) == text


FAR = st.text(alphabet='aB.!? "“”xY9\n', max_size=40)


@given(st.text(alphabet='aB.!?"“” xY93İ', max_size=40), FAR)
def test_seams_are_local(near: str, far: str) -> None:
    between = "\n" + "far away " * 8 + "\n"
    shift = len(far + between)
    assert [s - shift for s in seams(far + between + near) if s >= shift] == list(seams(near))
    assert [s for s in seams(near + between + far) if s <= len(near)] == list(seams(near))


@given(st.text(alphabet='aB.!?"“”) xY93=\n', max_size=60))
def test_broken_seams_stay_the_only_ones(text: str) -> None:
    assert "|" not in cut(cut(text).replace("|", "\n"))


DECODED = {
    "nbsp": ("a&nbsp;b", "a\xa0b"),
    "quote": ("don&rsquo;t", "don’t"),
    "number": ("don&#8217;t", "don’t"),
    "hex": ("don&#x2019;t", "don’t"),
    "windows-1252": ("don&#146;t", "don’t"),
    "escaped-twice": ("don&amp;rsquo;t", "don’t"),
    "escaped-thrice": ("don&#38;amp;#39;t", "don't"),
    "carriage-return": ("end&#13;", "end "),
    "soft-hyphen": ("Donau&shy;dampf", "Donaudampf"),
    "zero-width-number": ("a&#8203;b", "ab"),
    "thai-word-mark": ("ก&#8203;ข", "ก\u200bข"),
    "after-closing-quote": ("”&nbsp;he", "”\xa0he"),
    "ampersand": ("R&amp;D", "R&D"),
    "row": ("&#2361;&#2376;", "है"),
    **{
        f"keeps {text}": (text, text)
        for text in (
            "&lt;b&gt;", "&amp;lt;", "&amp;amp;lt;", "&#60;", "&#x3e;", "&#38;", "AT&T", "R&D;", "a & b;", "&nbsp",
            "“&nbsp;”", '"&amp;"', "'&quot;'", "`&copy;`", "?a=1&copy=2", "&#0;", "&#7;", "&#129;", "&#xD800;",
            "&#65535;", "&#65;", "&am&#112;;", "&nosuch;", "&#1234567;",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), DECODED.values(), ids=DECODED)
def test_entity(text: str, shown: str) -> None:
    assert re.sub(ENTITY, entity, text) == shown


UNSEEN = {
    "soft-hyphen": ("Do\u00adnau", "Donau"),
    "zero-width": ("a\u200b\u200bb", "ab"),
    "byte-order-mark": ("\ufeffa", "a"),
    "word-joiner": ("a\u2060b", "ab"),
    "thai": ("ก\u200bข", "ก\u200bข"),
    "khmer-twice": ("ក\u200b\u200bខ", "ក\u200b\u200bខ"),
    "thai-end": ("ก\u200b ข", "ก ข"),
    "thai-latin": ("ก\u200b\u200bx", "กx"),
    "persian": ("می\u200cخواهم", "می\u200cخواهم"),
    "arabic-marks": ("\u200fمرحبا\u200e", "\u200fمرحبا\u200e"),
    "emoji": ("👩\u200d💻", "👩\u200d💻"),
}


@pytest.mark.parametrize(("text", "shown"), UNSEEN.values(), ids=UNSEEN)
def test_invisible(text: str, shown: str) -> None:
    assert re.sub(INVISIBLE, "", text) == shown


FOLDED = {
    "quotes": ("“a” ‘b’ «c» „d“", '"a" \'b\' "c" "d"'),
    "dashes": ("a–b—c−d", "a-b-c-d"),
    "spaces": ("a\u2003b\u2002c\u3000d\te\u2005f", "a b c d e f"),
    "ascii-separators": ("a\x1cb\x1dc\x1ed", "a\nb\nc\nd"),
    "line-ends": ("a\r\nb\u2028c\x85d", "a\n\nb\nc\nd"),
    "letters": ("Ünïcödé 中文 İ", "Ünïcödé 中文 İ"),
}


@pytest.mark.parametrize(("text", "plain"), FOLDED.values(), ids=FOLDED)
def test_fold(text: str, plain: str) -> None:
    assert fold(text) == plain


@given(st.text())
def test_fold_and_lower_keep_length(text: str) -> None:
    assert len(fold(text)) == len(text) == len(lower(text))
    assert fold(fold(text)) == fold(text)


def test_line_ends_are_those_of_python() -> None:
    assert {char for char in map(chr, range(0x3000)) if len(f"a{char}b".splitlines()) == 2} == set(LINE_ENDS)
