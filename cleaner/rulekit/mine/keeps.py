"""Near misses: sentences of the same corpus that resemble a template and were written once, by an author."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from cleaner.judge.phrase import key
from cleaner.rulekit.mine.draft import Draft
from cleaner.rulekit.suggest import Library, language, near_misses
from cleaner.text import fold, lower

_LETTERS: Final = 4
"""Of a word that a near miss must share, as the lint asks it."""
_READ: Final = 5000
"""Characters from which a language is told."""
_COMMON: Final = 2
"""Words that a near miss shares, where the template has so many and none of them is long."""
_TELLING: Final = 5
"""Letters of a word that alone makes a near miss."""


class Misses:
    """Sentences of the bodies of one host, by their words."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._sentences = sorted(set(sentences))
        self._with: dict[str, list[int]] = {}
        for number, text in enumerate(self._sentences):
            for word in long_words(text):
                self._with.setdefault(word, []).append(number)

    def near(self, strips: Iterable[str], most: int) -> list[str]:
        """Those that share most words with all that is stripped, rare words before common ones, short sentences before
        long ones."""
        each = [long_words(text) for text in strips]
        union = set[str]().union(*each)
        wanted = union.intersection(*each) or union
        shares: dict[int, float] = {}
        common: dict[int, int] = {}
        alike: set[int] = set()
        for word in sorted(wanted):
            numbers = self._with.get(word, [])
            for number in numbers:
                shares[number] = shares.get(number, 0.0) + 1 + 1 / len(numbers)
                common[number] = common.get(number, 0) + 1
                if len(word) >= _TELLING or not word.isascii():
                    alike.add(number)
        near = [number for number in shares if common[number] >= min(_COMMON, len(wanted)) or number in alike]
        best = sorted(near, key=lambda number: (-shares[number], len(self._sentences[number]), number))
        return [self._sentences[number] for number in best[:most]]


def placeholders(host: str, found: Sequence[Draft], library: Library) -> dict[str, list[str]]:
    """Id -> sentences of ours about the wording, in its language: a rule needs a near miss, and the lint names these.
    One line tells little of its language, so all in Latin letters are looked at together."""
    lines = {one.id: one.strips[0].split("\n")[0] for one in found}
    latin = " ".join(line for line in lines.values() if line.isascii())[:_READ]
    common = language(f"site/{host}", latin, library)
    own = {name: None if line.isascii() else language(f"site/{host}", line, library) for name, line in lines.items()}
    return {name: list(near_misses([line], own[name] or common)) for name, line in lines.items()}


def long_words(text: str) -> set[str]:
    """The words that a near miss may share."""
    return {word for word in key(lower(fold(text))).split() if len(word) >= _LETTERS or not word.isascii()}
