"""The arithmetic of public benchmarks, so that figures can be laid beside theirs: snippets, shingles, ROUGE-LSum.

WCXB's word scores are `table.word_scores`. No data of a benchmark is here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from statistics import mean
from typing import Final, NamedTuple

from cleaner.learn.table import Scores

# --- optional lines ----------------------------------------------------------------------------------------------

_POWER: Final = 4
"""Optional lines up to which every choice of them is tried. Gold of the shared sources has one at most."""


def references(body: Sequence[str], optional: Sequence[str]) -> Iterator[str]:
    """The texts that are right for a body, the whole one first: any of its optional lines may be left out.

    Of more than four optional lines all stay or all go. Source: fundus-evaluation, `utils.get_reference_bodies`."""
    places = [number for number, line in enumerate(body) if line in optional]
    sizes = range(len(places) + 1) if len(places) <= _POWER else (0, len(places))
    for size in sizes:
        for left_out in combinations(places, size):
            yield "\n".join(line for number, line in enumerate(body) if number not in left_out)


# --- snippets ----------------------------------------------------------------------------------------------------


def standing(text: str, snippets: Iterable[str]) -> int:
    """How many of the snippets stand in the text, by lower case and single spaces. 0 to the number of snippets.

    Of `without` snippets that is the leak, of `with` snippets what is there. Source: WCXB, and the snippets that
    trafilatura's own evaluation counts."""
    low = normal(text)
    return sum(normal(snippet) in low for snippet in snippets)


def normal(text: str) -> str:
    """The text in lower case, its runs of white space single spaces."""
    return " ".join(text.lower().split())


# --- shingles ----------------------------------------------------------------------------------------------------

_WORD: Final = re.compile(r"\w+")
_SHINGLE: Final = 4


class Shingled(NamedTuple):
    """Shares of a document's shingles, which add up to 1 (or 0 where neither text has a word)."""

    both: float
    extra: float
    missing: float

    @property
    def precision(self) -> float:
        """both / (both + extra), 0..1; 1 where the texts are the same, 0 where nothing was said."""
        return _share(self.both, self.extra, self.missing)

    @property
    def recall(self) -> float:
        """both / (both + missing), 0..1; 1 where the texts are the same, 0 where nothing was wanted."""
        return _share(self.both, self.missing, self.extra)

    @property
    def f1(self) -> float:
        """2PR / (P + R) of this document, 0..1. The benchmark itself publishes `corpus_scores` only."""
        return _f1(self.precision, self.recall)


def shingled(text: str, reference: str) -> Shingled:
    """Bags of four words in a row, case kept: in both texts, in the first alone, in the second alone.

    A text of fewer words is one shingle. Shares, so that a long article weighs no more than a short one.
    Source: scrapinghub/article-extraction-benchmark, `evaluate.py`, `string_shingle_matching`."""
    said, wanted = _shingles(text), _shingles(reference)
    counts = (said & wanted).total(), (said - wanted).total(), (wanted - said).total()
    size = sum(counts) or 1
    return Shingled(*(count / size for count in counts))


def corpus_scores(items: Iterable[Shingled]) -> Scores:
    """Mean precision over documents that say something, mean recall over those that should, and the F1 of both means,
    0..1. That is not the mean of the documents' F1. Source: the same, `metrics_from_tp_fp_fns`."""
    known = list(items)
    precision = [item.precision for item in known if item.both + item.extra > 0]
    recall = [item.recall for item in known if item.both + item.missing > 0]
    means = mean(precision or [0.0]), mean(recall or [0.0])
    return Scores(*means, _f1(*means))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    found = (tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))
    return Counter(item for item in found if item)


def _share(both: float, wrong: float, other: float) -> float:
    if wrong == other == 0:
        return 1.0
    return both / (both + wrong) if both else 0.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


# --- ROUGE-LSum --------------------------------------------------------------------------------------------------

ENGLISH: Final = re.compile(r"[a-z0-9]+")
"""What rouge_score takes for a word; of other languages it would see fragments or nothing."""
ANY: Final = _WORD
_SENTENCE: Final = re.compile(
    r"""
    \n+                                   # a paragraph's end
    | (?<=[.!?…]) ["'”’»)\]]* [^\S\n]+    # a sentence's end, its quotes and brackets
    | (?<=[。！？])                        # which in Chinese and Japanese needs no space
    """,
    re.VERBOSE,
)


def rouge_lsum(text: str, references: Iterable[str], words: re.Pattern[str] = ENGLISH) -> Scores:
    """The best ROUGE-LSum of a text over references; each score 0..1.

    Hits are the words of each reference sentence that stand in the union of its longest common subsequences with every
    sentence of the text, no word counted more often than either text has it. P = hits / words of the text, R = hits /
    words of the reference, F1 = 2PR / (P + R); 0 where either has no words.
    Source: fundus-evaluation, `score_rouge_lsum`, on rouge_score 0.1.2, whose figures these are where a sentence is a
    line. Inside lines fundus-evaluation asks nltk for sentences; here a mark and a space end one."""
    said = _tokens(text, words)
    return max((_summary_level(said, _tokens(item, words)) for item in references), key=lambda scores: scores.f1)


def sentences(text: str) -> list[str]:
    """The sentences of a text, by their marks and line ends."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def _tokens(text: str, words: re.Pattern[str]) -> list[list[str]]:
    return [words.findall(sentence) for sentence in sentences(text.lower())]


def _summary_level(said: list[list[str]], wanted: list[list[str]]) -> Scores:
    left = Counter(token for sentence in said for token in sentence)
    sizes = left.total(), sum(map(len, wanted))
    if not all(sizes):
        return Scores(0.0, 0.0, 0.0)
    hits = 0
    for sentence in wanted:
        for token in _union(sentence, said):
            if left[token]:
                hits += 1
                left[token] -= 1
    precision, recall = hits / sizes[0], hits / sizes[1]
    return Scores(precision, recall, _f1(precision, recall))


def _union(wanted: list[str], said: list[list[str]]) -> list[str]:
    """The tokens of a sentence that a longest common subsequence with one of the others has."""
    if wanted in said:
        return wanted
    bits: dict[str, int] = {}
    for place, token in enumerate(wanted):
        bits[token] = bits.get(token, 0) | 1 << place
    found: set[int] = set()
    for sentence in said:
        if not bits.keys().isdisjoint(sentence):
            found |= _common(wanted, sentence, bits)
    return [wanted[place] for place in sorted(found)]


def _common(wanted: list[str], said: list[str], bits: dict[str, int]) -> set[int]:
    """Places in `wanted` of a longest common subsequence; of several the one that rouge_score's walk from the end
    takes, because the union depends on which. `bits`: for each token its places.

    All of `wanted` at once for each token said, in the bits of one number (Hyyrö 2004). A bit that is not set says that
    the sentence up to there shares one token more than without that place."""
    full = (1 << len(wanted)) - 1
    row, rows = full, []
    for token in said:
        hits = row & bits.get(token, 0)
        row = (row + hits | row - hits) & full
        rows.append(row)
    found, place, at = set(), len(wanted) - 1, len(said) - 1
    while place >= 0 and at >= 0:
        if wanted[place] == said[at]:
            found.add(place)
            place, at = place - 1, at - 1
        elif rows[at] >> place & 1:
            place -= 1
        else:
            at -= 1
    return found
