"""Near misses: sentences of the same corpus that resemble a template and were written once, by an author."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cleaner.judge.phrase import key
from cleaner.text import fold, lower

_LETTERS: Final = 4
"""Of a word that a near miss must share, as the lint asks it."""
_OWN: Final = 'Nobody at the table had heard the words "{words}" before, and the talk went on to other things.'


class Misses:
    """Sentences of the bodies of one host, by their words."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._sentences = sorted(set(sentences))
        self._with: dict[str, list[int]] = {}
        for number, text in enumerate(self._sentences):
            for word in long_words(text):
                self._with.setdefault(word, []).append(number)

    def near(self, strips: Iterable[str], most: int) -> list[str]:
        """Those that share most words with all that is stripped, rare words before common ones; the last is a sentence
        of our own, which is needed where there are none or none holds."""
        each = [long_words(text) for text in strips]
        union = set[str]().union(*each)
        wanted = union.intersection(*each) or union
        shares: dict[int, float] = {}
        for word in sorted(wanted):
            numbers = self._with.get(word, [])
            for number in numbers:
                shares[number] = shares.get(number, 0.0) + 1 + 1 / len(numbers)
        best = sorted(shares, key=lambda number: (-shares[number], len(self._sentences[number]), number))
        return [
            *(self._sentences[number] for number in best[:most]),
            own(set[str](wanted).intersection(*each) or wanted),
        ]


def own(words: Iterable[str]) -> str:
    """A sentence that talks about the longest of these words."""
    best = sorted(words, key=lambda word: (-len(word), word))[:2]
    return _OWN.format(words=" ".join(best) or "nothing new")


def long_words(text: str) -> set[str]:
    """The words that a near miss may share."""
    return {word for word in key(lower(fold(text))).split() if len(word) >= _LETTERS or not word.isascii()}
