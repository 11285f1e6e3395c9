"""Phrases: wording compared word by word, with slots for what changes and a share of words that may drift.

Words are compared in lower case; punctuation, quotes and spaces do not count. Chinese and Japanese characters are words
of their own. "storyFrom" counts as two words, so that lost spaces do not hide a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

from cleaner.text import fold, lower

SLOTS: Final[dict[str, int]] = {"number": 5, "money": 8, "date": 8, "name": 5, "words": 5, "any": 12}
"""Slot -> the most words it stands for. "1,234,567" is three words, "$5.50" too."""
_NUMBER: Final = (
    r"\d+(?: \d+){0,3}(?: ?(?:k|m|bn|hundred|thousand|million|billion|tausend|millionen|mil|mille|mln|tys|тыс|млн))?"
)
_UNIT: Final = (
    r"(?:[$€£¥₹]|us|usd|eur|gbp|chf|pln|czk|huf|ron|sek|nok|dkk|uah|kr|kč|zł|ft|rs|tl|r|a|c|e|p|cents?|pence|pounds?"
    r"|dollar\w{0,3}|euro\w{0,3}|francs?|franken|kron(?:en|er|or|ur)|korun\w?|forint\w{0,2}|lei"
    r"|reais|pesos|zloty|złot\w+|lir\w+|rupees|円|元|원|руб\w*|грн|грив\w+|лв|лева)"
)
_SLOT_REGEX: Final = {
    "number": _NUMBER,
    "money": rf"(?:{_UNIT} ){{0,2}}{_NUMBER}(?: ?{_UNIT})?",
    "date": r"(?:\S+ ){0,3}\d+(?:st|nd|rd|th|er|[ºª])?(?: \S+){0,4}",
    "name": r"(\S+(?: \S+){0,4}?)",  # captured, so that its case can be looked at
    "words": r"\S+(?: \S+){0,4}",
    "any": r"\S+(?: \S+){0,11}",
}
_SLOT: Final = re.compile(r"\{(\w*)\}")
_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_ASCII_WORD: Final = re.compile(r"[a-zA-Z0-9]+|\$")
# With the vowel signs of Indic scripts and other marks, which `\w` of the standard library leaves out.
_ASCII_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NEVER_FIRST: Final = frozenset('"#')
_NUMBERED: Final = re.compile(r"\(?\d{1,3}[.)]\s")
_SURE: Final = 3
"""Words before a slot that are taken for a phrase's without anything behind it."""
_PARTICLE, _FIRST_PARTICLE = 5, 3
"""Letters that a word in small letters within a name, or at its beginning, has at most."""
_DRIFT_FROM: Final = 4
"""Words a phrase needs before any may differ: in shorter ones a single other word makes another phrase."""


class _Wide(NamedTuple):
    """Patterns for text beyond ASCII; the standard library knows neither marks nor letters by their properties."""

    word: Any
    camel: Any
    opening: Any
    run: Any


@cache
def _wide() -> _Wide:
    import regex  # 15 ms to import

    letters = r"[\p{L}\p{M}\p{N}]+"
    return _Wide(
        # With the vowel signs of Indic scripts and other marks, which `\w` of the standard library leaves out.
        regex.compile(rf"[{_CJK}]|[\p{{L}}\p{{M}}\p{{N}}--[{_CJK}]]+|[$€£¥₹]", regex.V1),
        regex.compile(r"(?<=[\p{L}\p{M}--\p{Lu}])(?=\p{Lu})", regex.V1),
        regex.compile(rf"{letters}(?:[ ']{letters})*"),  # an apostrophe is always written
        regex.compile(rf"{letters}(?: {letters})*"),
    )


class Word(NamedTuple):
    """A word in lower case and where it stands in the text it was taken from."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text in its own case, with offsets into it."""
    found = []
    for match in _word(text).finditer(text):
        start = match.start()
        if match[0].islower():
            found.append(Word(match[0], start, match.end()))
            continue
        cuts = [start, *(start + cut.start() for cut in _camel(match[0]).finditer(match[0])), match.end()]
        found += [Word(lower(text[a:b]), a, b) for a, b in pairwise(cuts)]
    return found


def key(low: str) -> str:
    """The words of a lower-case text, joined by single spaces."""
    return " ".join(_word(low).findall(low))


def slotted_key(phrase: str) -> str:
    """The words and slots of a phrase, joined by single spaces: alike for phrases that say the same."""
    parts = _SLOT.split(lower(fold(phrase)))
    said = (f"{{{part}}}" if number % 2 else key(part) for number, part in enumerate(parts))
    return " ".join(part for part in said if part)


def _word(text: str) -> Any:
    """The pattern of words; on plain ASCII the faster one, which finds the same."""
    return _ASCII_WORD if text.isascii() else _wide().word


def _camel(text: str) -> Any:
    """The pattern of places where a capital follows a small letter."""
    return _ASCII_CAMEL if text.isascii() else _wide().camel


def unknown_slot(phrase: str) -> str | None:
    """The first slot of the phrase that does not exist, or None."""
    return next((name for name in _SLOT.findall(phrase) if name not in SLOTS), None)


def has_word(phrase: str) -> bool:
    """Whether the phrase has a word outside its slots."""
    return any(char.isalnum() for char in _SLOT.sub(" ", phrase))


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    """Its fixed words in order."""
    glued: str
    """Its fixed words without what stands between them."""
    room: tuple[int, ...]
    """Words that slots may add before each fixed word, and behind the last one."""
    slots: tuple[int, ...]
    """How many slots stand there."""
    before: int | None
    """Fixed words before its first slot; None without slots."""
    drift: int
    """Words that may be missing, added or replaced."""

    @property
    def slack(self) -> int:
        """Words that all its slots together may add."""
        return sum(self.room)


class Phrases:
    """The phrases of one rule, ready to compare. Immutable after construction."""

    __slots__ = ("_drifting", "_exact", "_longest", "_pattern", "_patterns", "_phrases")

    def __init__(self, phrases: Iterable[str], fuzzy: float) -> None:
        folded = [lower(fold(phrase)) for phrase in phrases]
        self._phrases = tuple(_compile(phrase, fuzzy) for phrase in folded)
        self._drifting = tuple(phrase for phrase in self._phrases if phrase.drift)
        # Lost spaces may split a word in two, so more words are read than a phrase has.
        self._longest = max((2 * len(phrase.words) + phrase.slack for phrase in self._phrases), default=0)
        self._exact = frozenset(key(phrase) for phrase in folded if not _SLOT.search(phrase))
        self._patterns = [_slot_regex(phrase) for phrase in folded if _SLOT.search(phrase)]
        self._pattern: re.Pattern[str] | None = None

    def __bool__(self) -> bool:
        return bool(self._phrases)

    def whole(self, text: str, low: str) -> bool:
        """Whether the text, in both cases, says one of the phrases and nothing else."""
        if not may_be_phrase(low):
            return False
        said = key(low)
        if self._says(said, text):
            return True
        if not self._drifting and not _camel(text).search(text):
            return False
        found = words(text)
        tokens = [word.text for word in found]
        apart = " ".join(tokens)
        if apart != said and self._says(apart, " ".join(text[word.start : word.end] for word in found)):
            return True
        return any(_aligned(phrase, tokens) for phrase in self._drifting)

    def _says(self, said: str, text: str) -> bool:
        """Whether the words of the text, joined and in lower case, are a phrase."""
        if said in self._exact:
            return True
        if not self._patterns:
            return False
        if self._pattern is None:  # compiled here, because blocks never ask for it
            self._pattern = re.compile("|".join(self._patterns))
        match = self._pattern.fullmatch(said)
        if match is None:
            return False
        names = [span for span in match.regs[1:] if span[0] >= 0]
        cased = _word(text).findall(text) if names else []
        firsts = [(said.count(" ", 0, start), said.count(" ", start, end) + 1) for start, end in names]
        return all(_is_name(cased[first : first + count]) for first, count in firsts)

    def head(self, said: list[Word]) -> int:
        """How many of the first words are a phrase; 0 if none is. The longest phrase counts."""
        tokens = [word.text for word in said[: self._longest]]
        return max((_head(phrase, tokens) for phrase in self._phrases), default=0)

    def at(self, said: list[Word], start: int) -> int:
        """How many words from `start` on are a phrase word for word; 0 if none is."""
        tokens = [word.text for word in said[start : start + self._longest]]
        return max((_glued(phrase, tokens) for phrase in self._phrases if not phrase.slack), default=0)

    def begins(self, said: list[Word], least: int) -> bool:
        """Whether the words are the beginning of a phrase that was cut off: word for word from `least` words on,
        drifting or in a slot from four words on."""
        tokens = [word.text for word in said]
        return len(tokens) >= least and any(_cut_off(phrase, tokens, least) for phrase in self._phrases)


def _is_name(cased: list[str]) -> bool:
    """Whether words may be a name: one has a capital, or letters of a script without; small ones are as short as `von`,
    `della`, a first one as `al`."""
    small = [len(word) for word in cased if word[0].islower()]
    if len(small) == sum(word[0].isalpha() for word in cased):
        return False
    return max(small, default=0) <= _PARTICLE and not (cased[0][0].islower() and len(cased[0]) > _FIRST_PARTICLE)


def may_be_phrase(low: str) -> bool:
    """Whether the text may be template wording by its first characters: what is quoted, numbered or a comment in code
    was written by somebody about it."""
    return low[:1] not in _NEVER_FIRST and not _NUMBERED.match(low)


def _compile(folded: str, fuzzy: float) -> _Phrase:
    fixed: list[str] = []
    room, slots = [0], [0]
    before: int | None = None
    for number, part in enumerate(_SLOT.split(folded)):
        if number % 2:
            before = len(fixed) if before is None else before
            room[-1] += SLOTS.get(part, 0)
            slots[-1] += 1
        else:
            more = key(part).split()
            fixed += more
            room += [0] * len(more)
            slots += [0] * len(more)
    drift = int(fuzzy * len(fixed) + 1e-9) if len(fixed) >= _DRIFT_FROM else 0
    return _Phrase(tuple(fixed), "".join(fixed), tuple(room), tuple(slots), before, drift)


def _slot_regex(folded: str) -> str:
    parts = []
    for number, part in enumerate(_SLOT.split(folded)):
        parts.append(rf"(?:{_SLOT_REGEX.get(part, '')})" if number % 2 else re.escape(key(part)))
    return "(?:" + " ".join(part for part in parts if part) + ")"


def _aligned(phrase: _Phrase, tokens: list[str]) -> bool:
    """Whether the tokens are the phrase, but for what fills its slots and what drifts."""
    size = len(phrase.words)
    if not size - phrase.drift <= len(tokens) <= size + phrase.drift + phrase.slack:
        return False
    return _may_say(phrase, tokens) and _costs(phrase, tokens)[-1][-1] <= phrase.drift


def _may_say(phrase: _Phrase, tokens: list[str]) -> bool:
    """Whether no more of its words are missing than may be: quick to ask, and mostly no."""
    return len(set(phrase.words).difference(tokens)) <= phrase.drift


def _glued(phrase: _Phrase, tokens: list[str]) -> int:
    """How many of the first tokens are the phrase word for word, wherever words were split; 0 if they are not it."""
    at = 0
    for number, token in enumerate(tokens, 1):
        if not phrase.glued.startswith(token, at):
            return 0
        at += len(token)
        if at == len(phrase.glued):
            return number
    return 0


def _head(phrase: _Phrase, tokens: list[str]) -> int:
    size = len(phrase.words)
    if not phrase.slack and (exact := _glued(phrase, tokens)):
        return exact
    if not (phrase.drift or phrase.slack):
        return 0
    window = tokens[: size + phrase.drift + phrase.slack]
    if not _may_say(phrase, window):
        return 0
    costs = _costs(phrase, window, last_slot=False)[-1]
    # The last word must be there: it says where the phrase ends.
    ends = [(cost, end) for end, cost in enumerate(costs) if end and window[end - 1] == phrase.words[-1]]
    cost, end = min(ends, default=(phrase.drift + 1, 0))
    return end if cost <= phrase.drift else 0


def _costs(phrase: _Phrase, tokens: list[str], *, last_slot: bool = True) -> list[list[int]]:
    """Row i, column j: how many words are missing, added or replaced if the phrase's first i words, and the slots
    before and behind them, are said by the first j tokens. A slot that stands empty misses a word."""
    rows: list[list[int]] = []
    for number in range(len(phrase.words) + 1):
        if number:
            above, word = rows[-1], phrase.words[number - 1]
            row = [above[0] + 1]
            for at, token in enumerate(tokens):
                row.append(min(row[at] + 1, above[at + 1] + 1, above[at] + (token != word)))
        else:
            row = list(range(len(tokens) + 1))
        if phrase.slots[number] and (last_slot or number < len(phrase.words)):
            row = _filled(row, phrase.slots[number], phrase.room[number])
        rows.append(row)
    return rows


def _filled(row: list[int], least: int, most: int) -> list[int]:
    """The row once slots that stand here have taken `least` to `most` tokens, or none at the price of a word each."""
    filled: list[int] = []
    for at, cost in enumerate(row):
        taken = min(row[max(0, at - most) : at - least + 1], default=cost + least) if at >= least else cost + least
        filled.append(min(cost + least, taken, filled[-1] + 1 if filled else taken))
    return filled


def _cut_off(phrase: _Phrase, tokens: list[str], least: int) -> bool:
    """Whether the tokens, the last of them maybe a piece of a word, are the beginning of the phrase."""
    rest, size = tokens[:-1], len(tokens) - 1
    fixed = phrase.words[: phrase.before]
    if size <= len(fixed) and tuple(rest) == fixed[:size]:
        if size < len(fixed):
            return fixed[size].startswith(tokens[-1])
        return phrase.before is not None  # the slot takes the rest
    in_slot = bool(fixed) and tuple(rest[: len(fixed)]) == fixed
    if size < _DRIFT_FROM:
        return in_slot and phrase.before is not None
    # Behind words that say enough of themselves, what fills {any} may be longer than where its end can be seen.
    if in_slot and len(fixed) >= _SURE and phrase.room[len(fixed)] >= SLOTS["any"]:
        return True
    enough = min(least, 2) if in_slot else 3  # words shared
    if len(set(phrase.words[: size + phrase.drift]).intersection(rest)) < enough:
        return False
    for said, costs in enumerate(_costs(phrase, rest)):
        # A piece of a phrase may drift as far as its share of the phrase.
        if costs[-1] <= -(-phrase.drift * said // len(phrase.words)) and said - costs[-1] >= enough:
            return True
    return False


def opens_with(phrase: str, fuzzy: float) -> str:
    """The text with which all that says the phrase begins, punctuation left out; empty where words may drift or a slot
    comes first."""
    folded = lower(fold(phrase))
    run = _wide().opening.search(_SLOT.split(folded)[0])
    return run[0] if run and not _compile(folded, fuzzy).drift else ""


def literals(phrases: Iterable[str], fuzzy: float) -> tuple[str, ...]:
    """Strings one of which stands in every text that says a phrase (nearly every one, where words drift)."""
    found: set[str] = set()
    for phrase in phrases:
        folded = lower(fold(phrase))
        runs = [run for part in _SLOT.split(folded)[::2] for run in _wide().run.findall(part)] or [key(folded)]
        drift = _compile(folded, fuzzy).drift
        found.update(_parts(runs, drift) if drift else (max(runs, key=len),))
    return tuple(sorted(literal for literal in found if literal))


def _parts(runs: list[str], drift: int) -> list[str]:
    """One piece more than words may differ, as long as that allows: so one stays intact when words are replaced."""
    size = max(2, sum(run.count(" ") + 1 for run in runs) // (drift + 1))
    pieces = []
    for run in runs:
        words = run.split(" ")
        pieces += [" ".join(words[at : at + size]) for at in range(0, len(words), size)]
    return sorted(pieces, key=lambda piece: (piece.count(" ") > 0, len(piece)), reverse=True)[: drift + 1]
