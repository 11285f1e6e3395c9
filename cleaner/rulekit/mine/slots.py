"""Wordings to phrases: which of their places are slots, and which slot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from cleaner.judge.phrase import Phrases, key, words
from cleaner.rulekit.mine.dates import is_date
from cleaner.rulekit.mine.keys import Reading, varying
from cleaner.rulekit.mine.settings import SLOT_KINDS
from cleaner.text import lower

_MARK: Final = re.compile(r"[{}]")


class _Split(NamedTuple):
    """A wording cut into what stays and what varies."""

    text: str
    signature: tuple[str, ...]
    """Its words, each run of those that vary as an empty one."""
    runs: tuple[tuple[int, int], ...]
    """Where those stand in the text."""


def phrases(reading: Reading, variants: Iterable[str]) -> tuple[str, ...]:
    """The wordings as phrases of a rule, with slots where they differ; empty where what varies fits no slot or nothing
    but slots is left. Several only where the same words are joined or parted."""
    groups: dict[tuple[str, ...], list[_Split]] = {}
    for text in sorted(set(variants)):
        split = _split(reading, text)
        groups.setdefault(split.signature, []).append(split)
    if reading != "exact":  # one template, or none
        groups = dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))[:1])
    found = [_phrase(group, template=reading != "exact") for _, group in sorted(groups.items())]
    return tuple(sorted({phrase for phrase in found if phrase}))


def _split(reading: Reading, text: str) -> _Split:
    found = words(text)
    signature: list[str] = []
    runs: list[tuple[int, int]] = []
    for word, varies in zip(found, varying(reading, text, found), strict=True):
        if not varies:
            signature.append(word.text)
        elif signature[-1:] == [""]:
            runs[-1] = (runs[-1][0], word.end)
        else:
            signature.append("")
            runs.append((word.start, word.end))
    return _Split(text, tuple(signature), tuple(runs))


def _phrase(group: Sequence[_Split], *, template: bool) -> str:
    """One phrase for wordings with the same words; empty where they have no common one."""
    first = group[0]
    pieces, at, slots = [], 0, 0
    for number, (start, end) in enumerate(first.runs):
        texts = [one.text[slice(*one.runs[number])] for one in group]
        fillings = {key(lower(text)): text for text in texts}
        shown = first.text[start:end]
        if len(fillings) > 1:
            shown = _slotted(list(fillings.values()), shown)
            if not shown or (template and len(fillings) < SLOT_KINDS):
                return ""
            slots += 1
        pieces += [_MARK.sub(" ", first.text[at:start]), shown]
        at = end
    if template and not slots:
        return ""
    return "".join([*pieces, _MARK.sub(" ", first.text[at:])])


def _slotted(fillings: Sequence[str], shown: str) -> str:
    """What stands for all fillings, of which `shown` is one: a slot, or word by word; empty if nothing does."""
    slot = next((slot for slot in ("number", "money", "date", "name", "words", "any") if _takes(slot, fillings)), "")
    if slot not in ("name", "words", "any"):
        return f"{{{slot}}}" if slot else ""
    parted = (_by_word(fillings, shown, between) for between in ("name", "words"))
    return next((phrase for phrase in parted if phrase and _says(phrase, fillings)), f"{{{slot}}}")


def _takes(slot: str, fillings: Sequence[str]) -> bool:
    """Whether the slot is for such fillings. A slot for dates would take much else, so it stands for dates alone."""
    if slot in ("number", "money") and not all(any(map(str.isdigit, text)) for text in fillings):
        return False
    if slot == "date" and not all(is_date(key(lower(text))) for text in fillings):
        return False
    return _says(f"{{{slot}}}", fillings)


def _says(phrase: str, fillings: Sequence[str]) -> bool:
    takes = Phrases([f"so {phrase}"], 0.0)
    return all(takes.whole(f"so {text}", f"so {lower(text)}") for text in fillings)


def _by_word(fillings: Sequence[str], shown: str, between: str) -> str:
    """Slots for numbers, and the slot `between` for what else varies, where all fillings have them in the same
    places."""
    said, found = [[word.text for word in words(text)] for text in fillings], words(shown)
    if any(len(one) != len(found) for one in said):
        return ""
    columns = [set(column) for column in zip(*said, strict=True)]
    numbers = [all(map(str.isdigit, column)) for column in columns]
    if not any(numbers):
        return ""
    pieces, at, slot = [], 0, ""
    for word, column, number in zip(found, columns, numbers, strict=True):
        before, slot = slot, "" if len(column) == 1 else "number" if number else between
        if slot != between or before != between:
            pieces += [shown[at : word.start], f"{{{slot}}}" if slot else shown[word.start : word.end]]
        at = word.end
    return "".join([*pieces, shown[at:]])
