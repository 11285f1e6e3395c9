"""Phrases: wording compared word by word, with slots for what changes and a share of words that may drift.

Words are compared in lower case; punctuation, quotes and spaces do not count. Chinese and Japanese characters are words
of their own. "storyFrom" counts as two words, so that lost spaces do not hide a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import regex

from cleaner.text import fold, lower

SLOTS: Final[dict[str, int]] = {"number": 4, "money": 5, "date": 6, "name": 5, "any": 12}
"""Slot -> the most words it stands for."""
_NUMBER: Final = r"\d+(?: \d+)*(?: (?:k|m|bn|hundred|thousand|million|billion|tausend|millionen|mil|mille|mln|tys|тыс|млн))?"
_UNIT: Final = (
    r"(?:[$€£¥₹]|us|usd|eur|gbp|chf|pln|kr|zł|rs|r|a|c|p|cents?|pence|pounds?|dollars?|euros?|francs?|reais|zloty|rupees|円|원|元|руб\w*)"
)
_SLOT_REGEX: Final = {
    "number": _NUMBER,
    "money": rf"(?:{_UNIT} ){{0,2}}\d+(?: \d+)*(?: {_UNIT})?",
    "date": r"(?:\S+ ){0,3}\d+(?: \S+){0,4}",
    "name": r"\S+(?: \S+){0,4}",
    "any": r"\S+(?: \S+){0,11}",
}
_SLOT: Final = re.compile(r"\{(\w*)\}")
_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_ASCII_WORD: Final = re.compile(r"[a-zA-Z0-9]+|\$")
# With the vowel signs of Indic scripts and other marks, which `\w` of the standard library leaves out.
_WORD: Final = regex.compile(rf"[{_CJK}]|[\p{{L}}\p{{M}}\p{{N}}--[{_CJK}]]+|[$€£¥₹]", regex.V1)
_CAMEL: Final = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_RUN: Final = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_NEVER_FIRST: Final = frozenset("\"#")
_NUMBERED: Final = re.compile(r"\(?\d{1,3}[.)]\s")
_DRIFT_FROM: Final = 4
"""Words a phrase needs before any may differ: in shorter ones a single other word makes another phrase."""


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
        cuts = [start, *(start + cut.start() for cut in _CAMEL.finditer(match[0])), match.end()]
        found += [Word(lower(text[a:b]), a, b) for a, b in zip(cuts, cuts[1:], strict=False) if a < b]
    return found


def key(low: str) -> str:
    """The words of a lower-case text, joined by single spaces."""
    return " ".join(_word(low).findall(low))


def _word(text: str) -> Any:
    """The pattern of words; on plain ASCII the faster one, which finds the same."""
    return _ASCII_WORD if text.isascii() else _WORD


def unknown_slot(phrase: str) -> str | None:
    """The first slot of the phrase that does not exist, or None."""
    return next((name for name in _SLOT.findall(phrase) if name not in SLOTS), None)


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    """Its fixed words in order."""
    slack: int
    """Words that slots may add."""
    before: int | None
    """Fixed words before its first slot; None without slots."""
    drift: int
    """Fixed words that may be missing, and again that many that may be added."""


class Phrases:
    """The phrases of one rule, ready to compare. Immutable after construction."""

    __slots__ = ("_drifting", "_exact", "_phrases", "_slotted")

    def __init__(self, phrases: Iterable[str], fuzzy: float) -> None:
        folded = [lower(fold(phrase)) for phrase in phrases]
        self._phrases = tuple(_compile(phrase, fuzzy) for phrase in folded)
        self._drifting = tuple(phrase for phrase in self._phrases if phrase.drift)
        self._exact = frozenset(key(phrase) for phrase in folded if not _SLOT.search(phrase))
        patterns = [_slot_regex(phrase) for phrase in folded if _SLOT.search(phrase)]
        self._slotted = re.compile("|".join(patterns)) if patterns else None

    def __bool__(self) -> bool:
        return bool(self._phrases)

    def whole(self, text: str, low: str) -> bool:
        """Whether the text, in both cases, says one of the phrases and nothing else."""
        if not _plain(low):
            return False
        said = key(low)
        if said in self._exact or (self._slotted is not None and self._slotted.fullmatch(said)):
            return True
        if not self._drifting:
            return False
        tokens = [word.text for word in words(text)]
        joined = " ".join(tokens)
        if joined != said and (joined in self._exact or (self._slotted is not None and self._slotted.fullmatch(joined))):
            return True
        return any(_aligned(phrase, tokens) for phrase in self._drifting)

    def head(self, said: list[Word]) -> int:
        """How many of the first words are a phrase; 0 if none is. The longest phrase counts."""
        tokens = [word.text for word in said]
        return max((_head(phrase, tokens) for phrase in self._phrases), default=0)

    def at(self, said: list[Word], start: int) -> int:
        """How many words from `start` on are a phrase word for word; 0 if none is."""
        tokens = [word.text for word in said]
        sizes = [len(p.words) for p in self._phrases if not p.slack and tuple(tokens[start : start + len(p.words)]) == p.words]
        return max(sizes, default=0)

    def begins(self, said: list[Word], least: int) -> bool:
        """Whether the words are the beginning of a phrase that was cut off: word for word from `least` words on,
        drifting or in a slot from four words on."""
        tokens = [word.text for word in said]
        return len(tokens) >= least and any(_cut_off(phrase, tokens) for phrase in self._phrases)


def _plain(low: str) -> bool:
    """Whether the text may be template wording by its first characters: what is quoted, numbered or a comment in code
    was written by somebody about it."""
    return low[:1] not in _NEVER_FIRST and not _NUMBERED.match(low)


def _compile(folded: str, fuzzy: float) -> _Phrase:
    slots = [SLOTS.get(name, 0) for name in _SLOT.findall(folded)]
    fixed = tuple(key(_SLOT.sub(" ", folded)).split())
    first = _SLOT.search(folded)
    before = len(key(folded[: first.start()]).split()) if first else None
    drift = int(fuzzy * len(fixed) + 1e-9) if len(fixed) >= _DRIFT_FROM else 0
    return _Phrase(fixed, sum(slots), before, drift)


def _slot_regex(folded: str) -> str:
    parts = []
    for number, part in enumerate(_SLOT.split(folded)):
        parts.append(rf"(?:{_SLOT_REGEX.get(part, '')})" if number % 2 else re.escape(key(part)))
    return "(?:" + " ".join(part for part in parts if part) + ")"


def _aligned(phrase: _Phrase, tokens: list[str]) -> bool:
    size = len(phrase.words)
    if not size - phrase.drift <= len(tokens) <= size + phrase.drift + phrase.slack:
        return False
    from rapidfuzz.distance import LCSseq  # 25 ms to import

    same = LCSseq.similarity(phrase.words, tokens)
    return size - same <= phrase.drift and len(tokens) - same <= phrase.drift + phrase.slack


def _head(phrase: _Phrase, tokens: list[str]) -> int:
    size = len(phrase.words)
    if tuple(tokens[:size]) == phrase.words:
        return size
    if not (phrase.drift or phrase.slack):
        return 0
    from rapidfuzz.distance import LCSseq

    window = tokens[: size + phrase.drift + phrase.slack]
    same = [block for block in LCSseq.opcodes(phrase.words, window) if block.tag == "equal"]
    # The last word must be there: it says where the phrase ends.
    if not same or same[-1].src_end != size:
        return 0
    end = same[-1].dest_end
    shared = sum(block.src_end - block.src_start for block in same)
    return end if size - shared <= phrase.drift and end - shared <= phrase.drift + phrase.slack else 0


def _cut_off(phrase: _Phrase, tokens: list[str]) -> bool:
    """The last token may be a piece of a word."""
    rest, size = tokens[:-1], len(tokens) - 1
    fixed = phrase.words[: phrase.before]
    if size <= len(fixed) and tuple(rest) == fixed[:size]:
        if size < len(fixed):
            return fixed[size].startswith(tokens[-1])
        return phrase.before is not None  # the slot takes the rest
    in_slot = phrase.before is not None and tuple(rest[: len(fixed)]) == fixed
    if size < _DRIFT_FROM or (in_slot and len(fixed) > 1):
        return in_slot and bool(fixed)
    from rapidfuzz.distance import LCSseq

    ahead = phrase.words[: size + phrase.drift]
    same = LCSseq.similarity(ahead, rest)
    slack = phrase.slack if phrase.before is not None and phrase.before < size else 0
    return size - same <= max(phrase.drift, 1) + slack and same >= min(3, max(1, len(fixed)))


def literals(phrases: Iterable[str], fuzzy: float) -> tuple[str, ...]:
    """Strings one of which stands in every text that says a phrase (nearly every one, where words drift)."""
    found: set[str] = set()
    for phrase in phrases:
        folded = lower(fold(phrase))
        runs = [run for part in _SLOT.split(folded)[::2] for run in _RUN.findall(part)] or [key(folded)]
        drift = _compile(folded, fuzzy).drift
        found.update(_parts(runs) if drift else (max(runs, key=len),))
    return tuple(sorted(literal for literal in found if literal))


def _parts(runs: list[str]) -> list[str]:
    """Pieces of two or more words, so that some stay intact when words differ."""
    parts = []
    for run in runs:
        piece: list[str] = []
        for word in run.split(" "):
            piece.append(word)
            if len(piece) > 1 and sum(map(len, piece)) >= 9:
                parts.append(" ".join(piece))
                piece = []
        if piece and sum(map(len, piece)) >= 9:
            parts.append(" ".join(piece))
    return parts or [max(runs, key=len)]
