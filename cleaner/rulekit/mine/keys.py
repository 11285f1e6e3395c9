"""What makes two segments the same: their words, with numbers, and in some readings names and dates, left out."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from cleaner.judge.phrase import Word, key, may_be_phrase, words
from cleaner.rulekit.mine.settings import MOST_CHARS, MOST_WORDS
from cleaner.text import lower

Reading = Literal["exact", "inner", "names", "label"]
"""How a segment is read: `exact`: only words with digits vary; `inner`: capitalised words behind the first vary too;
`names`: the first one as well; `label`: all behind a colon."""
READINGS: Final[tuple[Reading, ...]] = ("exact", "inner", "names", "label")

_DIGIT: Final = re.compile(r"\d")
_LETTER: Final = re.compile(r"[^\W\d_]")
_LABEL: Final = re.compile(r"([^\W\d_][^:：]{1,30})[:：]\s*(?=\S)")
_LABEL_WORDS: Final = 4
_SLOTTED: Final = (3, 40)
"""Words of a segment of which names may vary."""
_FIXED_WORDS: Final = 2
_FIXED_LETTERS: Final = 8
"""What must be left of a wording beside what varies: "By {name}" and the like fit too much."""
# Languages that write months in lower case; elsewhere they are capitalised like names.
_MONTHS: Final = frozenset(
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
        "gennaio",
        "febbraio",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "settembre",
        "ottobre",
        "dicembre",
        "janeiro",
        "fevereiro",
        "março",
        "maio",
        "junho",
        "julho",
        "setembro",
        "outubro",
        "dezembro",
        "stycznia",
        "lutego",
        "marca",
        "kwietnia",
        "maja",
        "czerwca",
        "lipca",
        "sierpnia",
        "września",
        "października",
        "listopada",
        "grudnia",
        "januari",
        "februari",
        "maart",
        "mei",
        "juni",
        "juli",
        "augustus",
        "oktober",
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
        "ιανουαρίου",
        "φεβρουαρίου",
        "μαρτίου",
        "απριλίου",
        "ιουνίου",
        "ιουλίου",
        "αυγούστου",
        "σεπτεμβρίου",
        "οκτωβρίου",
        "νοεμβρίου",
        "δεκεμβρίου",
    ]
)


class Keyed(NamedTuple):
    """A segment as each reading has it; an empty text where that reading has nothing to say."""

    exact: str
    inner: str = ""
    names: str = ""
    label: str = ""


def keyed(text: str, *, alone: bool) -> Keyed | None:
    """The readings of a segment, in the view's own case; None for what is no candidate: quotations, list items, what is
    very long. Names vary only in a segment that has its line to itself (`alone`): in an author's paragraph two
    sentences that differ in names are nothing uncommon."""
    if len(text) > MOST_CHARS or not may_be_phrase(text) or text[-1] == '"':
        return None
    said = key(lower(text))
    count = said.count(" ") + 1
    if not said or count > MOST_WORDS:
        return None
    exact = said
    if _DIGIT.search(said):
        exact = " ".join("#" if _DIGIT.search(word) else word for word in said.split(" "))
    if not _LETTER.search(exact):
        return None
    if not alone or not _SLOTTED[0] <= count <= _SLOTTED[1]:
        return Keyed(exact)
    inner = names = ""
    if exact != said or lower(text[1:]) != text[1:]:  # else nothing varies
        found = words(text)
        flags = varying("names", text, found)
        inner = _masked(found, [_DIGIT.search(found[0].text) is not None, *flags[1:]])
        names = _masked(found, flags) if flags[0] else inner
    label = _LABEL.match(text)
    return Keyed(
        exact,
        inner if inner.replace("*", "#") != exact else "",
        names if names != inner else "",
        key(lower(label[1])) if label and label[1].count(" ") < _LABEL_WORDS else "",
    )


def varying(reading: Reading, text: str, found: list[Word]) -> list[bool]:
    """For each of the text's words whether this reading takes it for one that varies."""
    if reading == "label":
        label = _LABEL.match(text)
        return [label is not None and word.start >= label.end() for word in found]
    numbers = [_DIGIT.search(word.text) is not None for word in found]
    if reading == "exact" or text.isupper():
        return numbers
    flags = [
        number or text[word.start].isupper() or word.text in _MONTHS
        for number, word in zip(numbers, found, strict=True)
    ]
    if reading == "inner" or not all(flags[:2]):
        flags[0] = numbers[0]
    return flags


def _masked(found: list[Word], flags: list[bool]) -> str:
    """The words that stay, with one mark for each run of those that vary; empty where too little stays."""
    out: list[str] = []
    for word, varies in zip(found, flags, strict=True):
        if not varies:
            out.append(word.text)
        elif out[-1:] != ["*"]:
            out.append("*")
    fixed = [word for word in out if word != "*"]
    wide = any(not word.isascii() for word in fixed)
    enough = len(fixed) >= _FIXED_WORDS and sum(map(len, fixed)) >= (_FIXED_LETTERS // 2 if wide else _FIXED_LETTERS)
    return " ".join(out) if enough and "*" in out else ""
