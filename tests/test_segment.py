"""Views and segments: exact offsets, lines, sentences of many languages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cleaner.read.segment import View
from cleaner.text import has_invisible
from cleaner.types import Document, Span
from cleaner.write.normalise import MEND, TIDY, composed, run


def view(text: str) -> View:
    return View(Document(text))


def shown(text: str) -> str:
    """The text as its segments in the document, with a bar between them."""
    seen = view(text)
    spans = [seen.origin(*span) for span in seen.segments()]
    return "|".join(text[span.start : span.end] for span in spans)


# The document's text with a bar where a segment ends; the spaces between segments belong to none.
SENTENCES = {
    "latin": "One ends.| Two ends!| Does it?| It does",
    "one": "No end marks here",
    "marks": "Really?!| Yes... | Then he left.",
    "lower-after-mark": '"Really?" she asked.| "Yes," he said.',
    "quoted": "“I left.”| “So did I.”| He did.",
    "bracket": "(He left.)| She stayed.",
    "french": "Il part.| « Ah ! » dit-elle.| Puis rien.",
    "french-quotes": "« Ah ! »| Il part.| « Non. »| Puis rien.",
    "spanish": "Se fue.| ¿Por qué?| ¡Nadie sabe!| Fin.",
    "russian": "Он ушёл.| Она осталась.",
    "russian-dialogue": "— Привет. — сказал он.| Она молчала.",
    "greek": "Γιατί ήρθες;| Δεν ξέρω.",
    "latin-semicolon": "He left; She stayed.",
    "arabic": "ذهب الرجل.| هل عاد؟| لا.",
    "persian": "او می\u200cرود.| آیا برگشت؟| نه.",
    "urdu": "وہ گیا۔| وہ آیا۔",
    "hindi": "वह गया।| वह आया।",
    "hindi-glued-quote": 'वह गया।|"ठीक है।"| वह आया।',
    "armenian": "Նա գնաց։| Նա եկավ։",
    "burmese": "သူသွားသည်။|သူလာသည်။",
    "thai": "เขาไปแล้ว เธออยู่",
    "chinese": "他走了。|她留下。|为什么？|好！",
    "chinese-quotes": "他说。|“你好。”|“再见。”|他走了。",
    "chinese-straight-quotes": '他说。|"你好。"|他走了。',
    "japanese": "「はい。」と言った。|彼は去った。",
    "japanese-quotes": "「はい。」|「いいえ。」|彼は去った。",
    "korean": "그는 갔다.| 그녀는 남았다.",
    "en-titles": "Dr. Smith met Mr. Jones and Gen. Lee.| They spoke.",
    "en-latin": "Some papers, e.g. The Guardian, i.e. The paper, left.",
    "en-number": "See No. 10 and p. 5 and Fig. 3 there.| He said no.| It ends.",
    "en-dates": "On Jan. 5 he left.| On Mon. 6 he came.",
    "en-initials": "J. R. R. Tolkien met John F. Kennedy.| They spoke.",
    "en-i": "It was I.| He left.",
    "en-acronym-name": "The U.S. Army left the U.S.A. Today it came.",
    "en-acronym-start": "He left the U.S.| The army stayed.",
    "en-time": "At 5 p.m. Smith left at 6 p.m.| The end.",
    "en-years": "It was 2019.| Smith left.",
    "en-price": "It cost $3.50.| He paid 1,000.00 there.",
    "de-abbreviations": "Es gibt z. B. Äpfel, z.B. Birnen, u. a. Nüsse bzw. Kerne.| Gut.",
    "de-ordinals": "Am 3. Mai kam der 1. FC.| Im 19. Jahrhundert nicht.",
    "de-title": "Prof. Dr. Weber kam.| Hr. Meier ging.",
    "fr-titles": "M. Dupont et Mme. Durand partent.| Fin.",
    "es-titles": "La Sra. López y el Dr. Ruiz.| Fin.",
    "it-titles": "Il sig. Rossi e il dott. Bianchi.| Fine.",
    "pl-abbreviations": "Na ul. Długiej prof. Nowak o godz. 5 był.| Koniec.",
    "ru-abbreviations": "Это т. е. Москва, ул. Мира, 5 тыс. руб. Потом.",
    "url": "See https://example.com/a.html?x=1.2 for it.| Then example.org too.",
    "mail": "Write to a.b@example.com now.| Thanks.",
    "list-number": "1. First of all.| Second.",
    "list-numbers": "12. Erstens\n|13. Zweitens",
    "seam": "the difference.|Sir Keir left.| He came.",
    "lines": "One\n|Two\r\n|Three\u2028|Four\r|Five",
    "dots": "......",
    "blank": "",
}


@pytest.mark.parametrize("marked", SENTENCES.values(), ids=SENTENCES)
def test_sentences(marked: str) -> None:
    want = "|".join(part.strip() for part in marked.split("|"))
    assert shown(marked.replace("|", "")) == want


VIEWS = {
    "plain": ("a b", "a b"),
    "double-space": ("a  b   c", "a b c"),
    "no-break-space": ("a\xa0b \xa0 c", "a b c"),
    "tab": ("a\tb\t\tc", "a b c"),
    "entity": ("a&rsquo;s &quot;b&quot; &amp; c", 'a\'s "b" & c'),
    "entity-spaces": ("a &nbsp; b&#160;&#160;c &ensp;&shy; d", "a b c d"),
    "entity-at-ends": ("&nbsp;a&nbsp;", " a "),
    "zero-width": ("a\u200bb \u200b c\u00ad", "ab c"),
    "thai": ("ก\u200bข", "ก\u200bข"),
    "crlf": ("a\r\nb", "a\n\nb"),
    "separators": ("a\u2028b\x85c\x1cd", "a\nb\nc\nd"),
    "quotes": ("“a” ‘b’", "\"a\" 'b'"),
    "quoted-entity": ("“&nbsp;” and ”&nbsp;he", '"&nbsp;" and " he'),
    "markup-stays": ("&lt;b&gt; &amp;lt;", "&lt;b&gt; &amp;lt;"),
    "dotted-i": ("İİ  x", "İİ x"),
}


@pytest.mark.parametrize(("text", "seen"), VIEWS.values(), ids=VIEWS)
def test_view(text: str, seen: str) -> None:
    assert view(text).cased == seen


# A piece of the view, and the piece of the document that it stands for.
ORIGINS = {
    "plain": ("One two", "two", "two"),
    "after-spaces": ("a  b   two", "two", "two"),
    "over-spaces": ("a  b   c d", "b c", "b   c"),
    "before-spaces": ("two   b", "two", "two"),
    "entity": ("He said &quot;yes&quot; to it", '"yes"', "&quot;yes&quot;"),
    "entity-alone": ("caf&eacute;  au lait", "café", "caf&eacute;"),
    "entities": ("&eacute;&egrave;&agrave; x", "è", "&egrave;"),
    "entity-space": ("one &nbsp; two", "two", "two"),
    "before-entity-space": ("one &nbsp; two", "one", "one"),
    "zero-width-before": ("one \u200btwo", "two", "two"),
    "zero-width-after": ("one\u00ad two", "one", "one"),
    "zero-width-inside": ("o\u00adn\u200be two", "one", "o\u00adn\u200be"),
    "after-entity-and-soft-hyphen": ("x&eacute;\u00ad y", "xé", "x&eacute;"),
    "tabs": ("a\t\tb", "b", "b"),
    "crlf": ("a  b\r\nc  two", "two", "two"),
    "separator": ("a  b\u2028two", "two", "two"),
    "dotted-i": ("İ  İ two", "two", "two"),
}


@pytest.mark.parametrize(("text", "piece", "stands_for"), ORIGINS.values(), ids=ORIGINS)
def test_origin(text: str, piece: str, stands_for: str) -> None:
    seen = view(text)
    at = seen.cased.index(piece)
    span = seen.origin(at, at + len(piece))
    assert text[span.start : span.end] == stands_for


BITS = (
    "a", "Word", "end.Next", ". ", "? ", ".", "!", "  ", " ", "\n", "\r\n", "\u2028", "\t", "\xa0", "\u3000", "&nbsp;",
    "&eacute;", "&amp;", "&shy;", "&", "\u200b", "\u00ad", "“", "”", '"', "。", "」", "।", "İ", "3", "ก", "(", ")",
)  # fmt: skip
ANY = st.text() | st.lists(st.sampled_from(BITS), max_size=12).map("".join)


@given(ANY)
def test_segments_cover_in_order(text: str) -> None:
    seen = view(text)
    spans = list(seen.segments())
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = {at for span in spans for at in range(*span)}
    assert all(char.isspace() or at in covered for at, char in enumerate(seen.cased))


@given(ANY)
def test_segments_are_trimmed(text: str) -> None:
    seen = view(text)
    pieces = [seen.cased[span.start : span.end] for span in seen.segments()]
    assert all(piece and piece == piece.strip() and "\n" not in piece for piece in pieces)


@given(ANY)
def test_origins_are_in_order_within_the_text(text: str) -> None:
    seen = view(text)
    ends = [0, *(at for span in seen.segments() for at in seen.origin(*span)), len(text)]
    assert ends == sorted(ends)


@given(ANY)
def test_origin_shows_the_same(text: str) -> None:
    seen = view(text)
    for span in seen.segments():
        origin = seen.origin(*span)
        assert view(text[origin.start : origin.end]).low.strip() == seen.low[span.start : span.end]


@given(ANY)
def test_views_hold_single_spaces_and_keep_length(text: str) -> None:
    seen = view(text)
    assert "  " not in seen.cased
    assert len(seen.low) == len(seen.cased) <= len(text)


@given(ANY)
def test_line_at_agrees_with_lines(text: str) -> None:
    seen = view(text)
    lines = list(seen.lines())
    found = [seen.line_at(at) for line in lines for at in range(*line)]
    solid = [Span(seen.next_line(Span(0, line.start)).start, line.end) for line in found]  # type: ignore[union-attr]
    assert solid == [line for line in lines for _ in range(*line)]


@given(ANY, ANY)
def test_far_paragraphs_change_nothing(text: str, far: str) -> None:
    apart = "\n" + "far away " * 8 + "\n"
    assert shown(text + apart + far).startswith(shown(text))
    assert shown(far + apart + text).endswith(shown(text))


@given(ANY)
def test_tidied_text_has_the_same_view(text: str) -> None:
    assume("&" not in text or not has_invisible(text))  # one inside an entity, or between it and its quote
    text, _ = run(MEND, text)
    tidied, _ = run(TIDY, text)
    assert composed("".join(view(text).cased.split())) == "".join(view(tidied).cased.split())
