"""What a pasted line is, as far as it can be guessed: its kind, its language, what in it changes, and its near misses.

A guess is a draft for a person to look at: each says what it rests on.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

import regex

from cleaner.judge.phrase import Phrases, has_word, key
from cleaner.read.segment import View
from cleaner.rulekit.wording import DOMAINS, FUNCTION_WORDS, KIND_WORDS, LETTERS, MONTHS, NEAR, NO_PERSON
from cleaner.text import fold, lower
from cleaner.types import Document, Kind, Rule, Span

_ALIKE, _SIMILAR, _LITTLE = 0.5, 0.35, 0.15
"""Share of its words, each by how rare it is, that a line has in common with wording it is like: so much that nothing
else need be asked, enough to be of one language, and enough for a guess where nothing better is known. Of 457 lines of
the library each kind was guessed from other files: 53 % right from 0.2 to 0.25, 48 % from 0.15 on, 32 % from 0.1 on,
too few to be of use. The words of `KIND_WORDS` were right about 81 %."""
_LIKELY: Final = 0.9
"""Chance from which the scores are asked for the kind: of a single line they know little."""
_RUN: Final = 3
"""Sentences that one phrase may be."""
_QUOTED: Final = 120
"""Characters of the wording that a near miss quotes."""
_OWN: Final = 8
"""Letters that a phrase must have besides its slots, in two words or more."""

_MONEY_SIGN: Final = r"(?:US\$|A\$|C\$|R\$|[$€£¥₹]|zł|Kč|Ft|kr\.?|₽|руб\.?|грн|лв\.?|円|元|원)"
_MONEY_WORD: Final = r"(?:euros?|dollars?|pounds?|pence|francs?|reais|eur|usd|gbp|chf|pln)"
_DIGITS: Final = r"\d(?:[\d.,' \N{NO-BREAK SPACE}]*\d)?"
_MONTH: Final = rf"(?:{'|'.join(sorted(MONTHS.split(), key=len, reverse=True))})\b\.?"
_DATE: Final = "|".join((
    r"\d{4}-\d{1,2}-\d{1,2}",
    r"\d{4}年\d{1,2}月\d{1,2}日",
    r"\d{1,2}[./]\s?\d{1,2}[./]\s?\d{2,4}",
    rf"\d{{1,2}}(?:st|nd|rd|th|er|º|ª|\.)?(?:\s(?:de|of))?\s{_MONTH}(?:(?:,|\sde|\sdel)?\s\d{{4}})?",
    rf"{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?",
))  # fmt: skip
_ALONE, _ENDS = r"(?<![\p{Latin}\p{Cyrillic}\p{N}-])", r"(?![\p{Latin}\p{Cyrillic}\p{N}-])"
_SLOTS: Final = regex.compile(
    rf"(?P<date>{_ALONE}(?:{_DATE}){_ENDS})"
    rf"|(?P<money>{_MONEY_SIGN}\s?{_DIGITS}|{_ALONE}{_DIGITS}\s?(?:{_MONEY_SIGN}|{_MONEY_WORD}\b))"
    rf"|(?P<number>{_ALONE}{_DIGITS}{_ENDS})",
    regex.IGNORECASE,
)
_WITHIN: Final = r"(?<![\p{Latin}\p{Cyrillic}\p{N}])"
"""Before a word that tells a kind: a hyphen may stand there, as in `Aamu-uutiskirje`."""
_BEHIND_WORD: Final = regex.compile(
    r"(?<=\b(?i:by|von|par|por|di|door|av|af|przez|follow|photos?|fotos?|credit|picture|bild|text):?\s)"
    r"\p{Lu}[\p{L}'-]+(?:\s\p{Lu}[\p{L}'-]*){1,3}\b"
)
_FULL_NAME: Final = (
    r"\p{Lu}(?:\.|[\p{L}'’-]+)(?:\s(?:von|van|de[rnls]?|di|da|dos?|la|le|af|av|al|el|bin|ter|zu)){0,2}"
    r"(?:\s\p{Lu}[\p{L}.'’-]*){1,3}"
)
_IN_CREDIT: Final = regex.compile(
    rf"(?<=[/:|]\s?){_FULL_NAME}(?=\s?(?:$|[/|,;()]|\.$))|(?<=(?:^|[(,;])\s?){_FULL_NAME}(?=\s?[/:|])"
)
"""Beside a stroke or a colon, as credits and bylines set names apart."""
_CREDITS: Final = ("caption", "byline")
_NO_PERSON: Final = frozenset(NO_PERSON.split())
_PLAIN: Final = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_SPELLED_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_SCRIPTS: Final = (
    ("ja", "\u3040-\u30ff"), ("ko", "\uac00-\ud7a3"), ("zh", "\u4e00-\u9fff"), ("el", "\u0370-\u03ff"),
    ("ar", "\u0600-\u06ff"),
)  # fmt: skip


class Guess(NamedTuple):
    """A kind, and what it rests on."""

    kind: Kind
    because: str


class Worded(NamedTuple):
    """A phrase that says a text, and the people whose names its slots took, as the text names them."""

    phrase: str
    people: tuple[str, ...]


class Library:
    """The wording of known rules, to find what a line is like."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._wordings = [
            (set(_spelled(example.text)), rule, script)
            for rule in rules
            if rule.action == "strip" and rule.selector is None
            for script in [_script(" ".join(example.text for example in rule.strips))]
            for example in rule.strips
        ]
        counted = Counter(word for words, *_ in self._wordings for word in words)
        self._weight = {word: math.log(1 + len(self._wordings) / count) for word, count in counted.items()}
        self._unknown = math.log(1 + len(self._wordings))

    def nearest(self, line: str) -> tuple[float, Rule | None]:
        """The rule with the wording most like the line, of those in its script, and how much of both they share, 0..1.
        Numbers count for nothing."""
        mine, own = set(_spelled(line)), _script(line)
        best: tuple[float, Rule | None] = (0.0, None)
        for words, rule, script in self._wordings:
            if script == own and (common := mine & words):
                share = self._sum(common) / self._sum(mine | words)
                best = max(best, (share, rule), key=lambda pair: pair[0])
        return best

    def _sum(self, words: set[str]) -> float:
        return sum(self._weight.get(word, self._unknown) for word in words)


def _words(text: str) -> list[str]:
    return key(lower(fold(text))).split()


def _spelled(text: str) -> list[str]:
    """The words but for numbers."""
    return [word for word in _words(text) if not word.isdecimal()]


def _script(text: str) -> str:
    """The script of most letters, by the first word of their names; the three of Japanese and Chinese are one."""
    names = Counter(unicodedata.name(char, "").split(" ")[0] for char in text if char.isalpha())
    most = names.most_common(1)[0][0] if names else ""
    return "CJK" if most in ("HIRAGANA", "KATAKANA") else most


def kind_of(line: str, library: Library) -> Guess:
    """The kind of a line: that of the rule it is most like, or by its words, or by the scores."""
    share, rule = library.nearest(line)
    like = Guess(rule.kind, f"like {rule.id}") if rule else None
    if like and share >= _ALIKE:
        return like
    for kind, words in KIND_WORDS:
        if found := regex.search(rf"{_WITHIN}(?:{words})", lower(fold(line))):
            return Guess(kind, f"it says {found[0]!r}")
    if rule and share >= _LITTLE:
        return Guess(rule.kind, f"a little like {rule.id}")
    return _scored(line) or Guess("other", "not known; set it")


def _scored(line: str) -> Guess | None:
    from cleaner.judge import model, score  # imports numpy
    from cleaner.judge.features import features

    inputs = score.inputs_of(View(Document(line)), ())
    if inputs is None:
        return None
    scores = model.shipped(pages=False).score(features(inputs))
    chance = float(scores.chance.max())
    kind = scores.kinds[int(scores.chance.argmax())]
    return Guess(kind, f"the scores say so, chance {chance:.2f}") if chance >= _LIKELY else None


def language(name: str, line: str, library: Library) -> str | None:
    """The code of the line's language, as far as there are near misses in it; None where nothing tells. `name` is that
    of the rule file."""
    folder, _, last = name.rpartition("/")
    if folder.endswith("lang"):
        return last if last in NEAR else None
    for code, letters in _SCRIPTS:
        if re.search(f"[{letters}]", line):
            return code
    words = _words(line)
    hits = Counter({code: sum(word in said.split() for word in words) for code, said in FUNCTION_WORDS.items()})
    (best, most), (_, second) = hits.most_common(2)
    if most >= 2 and most > second:
        return best
    if by_domain := DOMAINS.get(last.rpartition(".")[2]):
        return by_domain
    share, rule = library.nearest(line)
    if rule and share >= _SIMILAR and rule.id.startswith("lang/"):
        code = rule.id.split("/")[1]
        return code if code in NEAR else None
    by_letter = (code for code, letters in LETTERS.items() if re.search(f"[{letters}]", lower(line)))
    return next(by_letter, best if most > second else None)


# --- phrases ------------------------------------------------------------------------------------------------------


def worded(line: str, kind: Kind = "other", host: str = "") -> list[Worded]:
    """Phrases that say the line: one, or several where it has more sentences than a phrase can be. Credits and bylines
    get slots for names set apart by a stroke or a colon, but for the paper's own, which is that of the host."""
    return [slotted(part, kind, host) for part in parts(line)]


def parts(line: str) -> list[str]:
    """What of the line one phrase each can say: all of it, or runs of its sentences."""
    view = View(Document(line))
    sentences = view.sentences(Span(0, len(view.cased)))
    count = -(-len(sentences) // _RUN)
    if count <= 1:
        return [line]
    size = -(-len(sentences) // count)
    runs = [sentences[at : at + size] for at in range(0, len(sentences), size)]
    return [view.cased[run[0].start : run[-1].end] for run in runs]


def slotted(text: str, kind: Kind = "other", host: str = "") -> Worded:
    """The text as a phrase: with slots for numbers, amounts, dates and names, where enough else is left of it and the
    phrase says the text indeed (slots know some units and forms of dates, not all)."""
    text = re.sub(r"[{}]", " ", text)
    people = _people(text, kind, host)
    for slots in (("date", "money", "number"), ("date", "number"), ("number",)):
        for some in (people, people[-1:], people[:1], []):  # of a paper's name and a person's the latter stands last
            phrase = _SLOTS.sub(partial(_slot, slots), _without(text, some))
            own = len(_own_words(phrase)) if some and host else 0  # `Kuva: {name} / HS` will do on its site
            if (says_enough(phrase) or own > 1) and _says(phrase, text):
                return Worded(phrase, tuple(text[span.start : span.end] for span in some))
    return Worded(text, ())


def _people(text: str, kind: Kind, host: str) -> list[Span]:
    """Where the text names a person, in order."""
    found = [*_BEHIND_WORD.finditer(text), *(_IN_CREDIT.finditer(text) if kind in _CREDITS else ())]
    spans: list[Span] = []
    for name in sorted(found, key=lambda one: (one.start(), -one.end())):
        known = not _NO_PERSON.isdisjoint(_words(name[0])) or names_itself(name[0], host)
        if not known and (not spans or spans[-1].end <= name.start()):
            spans.append(Span(*name.span()))
    return spans


def _without(text: str, people: Iterable[Span]) -> str:
    """The text with a slot for each of these names."""
    for span in reversed([*people]):
        text = f"{text[: span.start]}{{name}}{text[span.end :]}"
    return text


def _slot(slots: Sequence[str], found: regex.Match[str]) -> str:
    """A slot for what was found; of what is none here a slot for its digits."""
    name = found.lastgroup or ""
    return f"{{{name}}}" if name in slots else re.sub(_DIGITS, "{number}", found[0])


def _says(phrase: str, text: str) -> bool:
    view = View(Document(text))
    return Phrases([phrase], 0.0).whole(view.cased, view.low)


def _own_words(phrase: str) -> list[str]:
    """Its words outside its slots, but for numbers."""
    return _spelled(re.sub(r"\{\w+\}", " ", phrase))


def says_enough(phrase: str) -> bool:
    """Whether enough words of its own are left of a phrase that not every article has such a line."""
    words = _own_words(phrase)
    cjk = sum(not word.isascii() and len(word) == 1 for word in words)
    return has_word(phrase) and len(words) > 1 and (sum(map(len, words)) >= _OWN or cjk > _RUN)


# --- near misses --------------------------------------------------------------------------------------------------


def near_misses(lines: Iterable[str], code: str | None) -> Iterator[str]:
    """Sentences of an article that resemble the lines: each quoted, and told of in words. In English where there are
    none in that language."""
    quoting, telling = NEAR[code or "en"]
    for number, line in enumerate(lines):
        yield quoting.format(said=_quoted(line))
        if number == 0 and (words := _telling_words(line)):
            yield telling.format(words=("、" if code in ("ja", "zh") else ", ").join(words))


def _quoted(line: str) -> str:
    """The first of the wording, without end marks and marks of quotation."""
    view = View(Document(line))
    first = view.sentences(Span(0, len(view.cased)))[0]
    said = re.sub(r"[\"„“”«»「」]", "", line[: first.end]).strip(" .!?…。！？:")
    if len(said) <= _QUOTED:
        return said
    return said[:_QUOTED].rsplit(" ", 1)[0]


def _telling_words(line: str) -> list[str]:
    """Its two longest words."""
    if not line.isascii() and (found := re.findall(r"[\u30a0-\u30ff]{2,}|[\u4e00-\u9fff]{2,}", line)):
        return list(dict.fromkeys(found))[:2]
    found = re.findall(r"[^\W\d_]{4,}", line) or re.findall(r"[^\W\d_]+", line)
    longest = sorted(dict.fromkeys(found), key=len, reverse=True)[:2]
    return [word for word in dict.fromkeys(found) if word in longest]


# --- names --------------------------------------------------------------------------------------------------------


def rule_id(kind: str, phrase: str, known: Iterable[str]) -> str:
    """An id that the file has not got: the kind and the longest words of the phrase."""
    phrase = re.sub(r"\{\w+\}", " ", phrase)
    plain = unicodedata.normalize("NFKD", lower(phrase)).encode("ascii", "ignore").decode()
    said = _telling_words(re.sub(r"\w+", lambda found: "" if found[0] in kind else found[0], plain))
    name = "-".join([kind, *said[:2]]).lower()
    taken = set(known)
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)


def names_itself(line: str, host: str) -> bool:
    """Whether the wording says whose it is; hosts are written without spaces and accents, some with `ue` for `ü`."""
    label = re.sub(r"\W", "", host.removeprefix("www.").split(".")[0])
    said = re.sub(r"[\W_]", "", lower(line)).translate(_PLAIN)
    ways = (said, said.translate(_SPELLED_OUT))
    plain = (unicodedata.normalize("NFKD", way).encode("ascii", "ignore").decode() for way in ways)
    return len(label) >= 4 and (label in said or any(label in way for way in plain))
