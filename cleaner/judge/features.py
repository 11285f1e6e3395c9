"""What the score reads of a document: for each segment the hashes of its words, and numbers for its shape and place.

Everything is computed for the whole document at once with numpy; nothing loops over words or characters. The same
function serves fitting and use. A change here is a change of `VERSION`, and weights fitted on another one are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.judge.markup import Marks

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Codes = NDArray[np.uint32]
Bools = NDArray[np.bool_]
Small = NDArray[np.uint16]
"""Code points, those above 65,535 taken for the last below."""

VERSION: Final = 2
_BITS: Final = 18
BUCKETS: Final = 1 << _BITS
"""Numbers that words are hashed into; 0 stands for nothing and belongs to every segment."""
_LETTER, _DIGIT, _SPACE, _MARK, _DENSE = 1, 2, 3, 4, 5
_PREFIX: Final = 4
_LONGEST_WORD: Final = 64
_ENDS: Final = ".!?:,;\"')…。"
_BEGINS: Final = "\"'(-*•>|#@©["
_SIGNS: Final = "|»>/@©:•#%$€£→&+="
_HINTS: Final = ("strips", "keeps", "hints")

NAMES: Final[tuple[str, ...]] = (
    "chars", "words", "digits", "capitals", "marks", "commas", "signs", "spaces", "dense", "letters a word",
    *(f"ends {char}" for char in _ENDS), "ends letter",
    *(f"begins {char}" for char in _BEGINS), "begins capital", "begins small", "begins digit",
    "from start", "from end", "place", "sentences of line", "sentence of line", "begins line", "ends line",
    "line chars", "said before", "said again",
    "segments", "mean chars", "share ended", "share long", "chars above", "chars below",
    "title known", "title overlap", *(f"rule {hint}" for hint in _HINTS),
)  # fmt: skip


class Features(NamedTuple):
    """Inputs of one document with S segments.

    words: int32, hashes of the words of all segments one after the other, each below `BUCKETS`.
    starts: of shape (S,), where in `words` each segment begins; each has at least one.
    shape: float32 of shape (S, len(NAMES)), about -1 to 4.
    """

    words: NDArray[np.int32]
    starts: Ints
    shape: Floats
    marks: Marks | None = None
    """The markup, where the document is a page."""


class Inputs(NamedTuple):
    """A document as `features` reads it, from its view.

    segments: half-open offsets into `cased`, ascending, without overlap. lines: the number of each segment's line.
    hints: for each segment 0, or 1 a rule strips it, 2 a rule keeps it, 3 a rule hints at it.
    offset: where in the view the text begins.
    """

    cased: str
    low: str
    segments: Sequence[tuple[int, int]]
    lines: Sequence[int]
    hints: Sequence[int]
    title: str | None = None
    offset: int = 0
    marks: Marks | None = None


def features(inputs: Inputs) -> Features:
    """The inputs of the score. At least one segment is needed."""
    codes = np.frombuffer(inputs.low.encode("utf-32-le", "surrogatepass"), np.uint32)
    upper = np.frombuffer(inputs.cased.encode("utf-32-le", "surrogatepass"), np.uint32) != codes
    spans = offsets(inputs.segments)
    small = np.minimum(codes, len(_CLASSES) - 1).astype(np.uint16)
    kinds = _CLASSES[small]
    words = _words(codes, kinds, spans)
    bags, starts = _bags(words, len(spans))
    shape = np.concatenate(
        [
            _counts(small, upper, kinds, spans, words),
            _edges(small, upper, kinds, spans),
            _place(np.asarray(inputs.lines, np.int64), spans),
            _context(codes, small, spans),
            _title(inputs.title, words, len(spans)),
            np.stack([np.asarray(inputs.hints) == number for number in range(1, len(_HINTS) + 1)], axis=1),
        ],
        axis=1,
        dtype=np.float32,
    )
    return Features(bags, starts, shape, inputs.marks)


def offsets(segments: Sequence[tuple[int, int]]) -> Ints:
    """Where segments begin and end, of shape (S, 2)."""
    return np.fromiter(chain.from_iterable(segments), np.int64, 2 * len(segments)).reshape(-1, 2)


def _classes() -> NDArray[np.uint8]:
    """Class of each code point below 65,536; what lies above is taken for letters."""
    table = np.full(65536, _LETTER, np.uint8)
    for code in range(0x250):
        char = chr(code)
        table[code] = _LETTER if char.isalpha() else _DIGIT if char.isdigit() else _SPACE if char.isspace() else _MARK
    for start, end, kind in (
        (0x2000, 0x2070, _MARK), (0x2000, 0x200B, _SPACE), (0x2070, 0x2C00, _MARK), (0x3000, 0x3040, _MARK),
        (0x3040, 0x3100, _DENSE), (0x3400, 0xA000, _DENSE), (0xF900, 0xFB00, _DENSE), (0xFF00, 0xFF10, _MARK),
        (0xFF1A, 0xFF21, _MARK), (0x660, 0x66A, _DIGIT), (0x6F0, 0x6FA, _DIGIT), (0x966, 0x970, _DIGIT),
    ):  # fmt: skip
        table[start:end] = kind
    table[[0x60C, 0x61B, 0x61F, 0x6D4, 0x964, 0x965, 0x589, 0x37E]] = _MARK
    return table


def _index(chars: str) -> NDArray[np.uint8]:
    """For each code point below 65,536 its place among the characters, from 1 on; 0 for all others."""
    table = np.zeros(65536, np.uint8)
    table[[ord(char) for char in chars]] = np.arange(1, len(chars) + 1)
    return table


_CLASSES: Final = _classes()
_IS_SIGN: Final = _index(_SIGNS) > 0
_END_OF: Final = _index(_ENDS)
_BEGIN_OF: Final = _index(_BEGINS)
_STOPS: Final = _index(".!?…。") > 0
_PRIME: Final = np.uint64(0x9E3779B97F4A7C15 | 1)
_INVERSE: Final = np.uint64(pow(int(_PRIME), -1, 1 << 64))
_POWERS: Final[Codes] = np.cumprod(np.full(_LONGEST_WORD, 16777619, np.uint32), dtype=np.uint32)


# --- words --------------------------------------------------------------------------------------------------------


class _Words(NamedTuple):
    """W words: the segment of each, hashes of the whole word and of its beginning, and its letters."""

    owner: Ints
    whole: Codes
    prefix: Codes
    letters: Ints


def _words(codes: Codes, kinds: NDArray[np.uint8], spans: Ints) -> _Words:
    """The words of all segments. Digits count as one digit; each dense character (CJK) is a word."""
    inside = (kinds == _LETTER) | (kinds == _DIGIT) | (kinds == _DENSE)
    before = np.concatenate(([False], inside[:-1]))
    dense = kinds == _DENSE
    begins = inside & (~before | dense | np.concatenate(([False], dense[:-1])))
    begins[spans[:, 0]] |= inside[spans[:, 0]]
    at = np.flatnonzero(begins)
    owner = np.searchsorted(spans[:, 0], at, "right") - 1
    if not len(at):
        none = np.zeros(0, np.uint32)
        return _Words(owner, none, none, owner)
    letters = np.add.reduceat(inside, at, dtype=np.int64)
    place = np.minimum(np.arange(len(codes)) - at[np.maximum(np.cumsum(begins) - 1, 0)], _LONGEST_WORD - 1)
    plain = np.where(kinds == _DIGIT, np.uint32(48), codes) * inside
    forward = plain * _POWERS[np.maximum(place, 0)]
    whole = np.add.reduceat(forward, at, dtype=np.uint32)
    prefix = np.add.reduceat(forward * (place < _PREFIX), at, dtype=np.uint32)
    return _Words(owner, whole, prefix, letters)


def _bucket(hashes: Codes, salt: int) -> NDArray[np.int32]:
    """The row of each hash; another salt gives unrelated rows."""
    mixed = (hashes ^ np.uint32(salt * 0x9E3779B1 & 0xFFFFFFFF)) * np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(15)
    return (mixed * np.uint32(0xC2B2AE35) >> np.uint32(32 - _BITS)).astype(np.int32).clip(1)


def _bags(words: _Words, count: int) -> tuple[NDArray[np.int32], Ints]:
    """Rows of each segment: row 0, its words, their beginnings, pairs, and the first two and the last word."""
    owner = words.owner
    same = owner[1:] == owner[:-1]
    first = np.concatenate(([True], ~same)) if len(owner) else np.zeros(0, bool)
    second = np.concatenate(([False], first[:-1])) & ~first
    last = np.concatenate((~same, [True])) if len(owner) else first
    pairs = words.whole[:-1] * np.uint32(31) + words.whole[1:]
    lists = [
        (np.arange(count), np.zeros(count, np.int32)),
        (owner, _bucket(words.whole, 1)),
        (owner, _bucket(words.prefix, 2)),
        (owner[:-1][same], _bucket(pairs[same], 4)),
        (owner[first], _bucket(words.whole[first], 5)),
        (owner[second], _bucket(words.whole[second], 6)),
        (owner[last], _bucket(words.whole[last], 7)),
    ]
    sizes = [np.bincount(owners, minlength=count) for owners, _ in lists]
    starts = np.concatenate(([0], np.cumsum(np.sum(sizes, axis=0))))
    rows = np.zeros(starts[-1], np.int32)
    free = starts[:-1].copy()
    for (owners, values), size in zip(lists, sizes, strict=True):
        within = np.arange(len(owners)) - np.repeat(np.cumsum(size) - size, size)
        rows[free[owners] + within] = values
        free += size
    return rows, starts[:-1]


# --- numbers ------------------------------------------------------------------------------------------------------


def _counts(small: Small, upper: Bools, kinds: NDArray[np.uint8], spans: Ints, words: _Words) -> Floats:
    """Length, and shares of the characters."""
    size = np.maximum(spans[:, 1] - spans[:, 0], 1)
    count = np.bincount(words.owner, minlength=len(spans))
    letters = np.bincount(words.owner, words.letters, minlength=len(spans))
    masks = (
        kinds == _DIGIT, upper, kinds == _MARK, small == ord(","), _IS_SIGN[small], kinds == _SPACE, kinds == _DENSE
    )  # fmt: skip
    shares = [np.sqrt(_within(mask, spans) / size) for mask in masks]
    return np.stack([np.log1p(size) / 3, np.log1p(count) / 2, *shares, letters / np.maximum(count, 1) / 5], axis=1)


def _within(mask: Bools, spans: Ints) -> NDArray[np.int32]:
    """How many of the characters of each span are in the mask."""
    total = np.concatenate(([0], np.cumsum(mask, dtype=np.int32)))
    return total[spans[:, 1]] - total[spans[:, 0]]


def _edges(small: Small, upper: Bools, kinds: NDArray[np.uint8], spans: Ints) -> Floats:
    """How each segment begins and ends. A letter without case counts as small."""
    first, last = spans[:, 0], spans[:, 1] - 1
    letter = (kinds == _LETTER) | (kinds == _DENSE)
    ends, begins = _END_OF[small[last]], _BEGIN_OF[small[first]]
    columns = [
        *(ends == number for number in range(1, len(_ENDS) + 1)),
        letter[last],
        *(begins == number for number in range(1, len(_BEGINS) + 1)),
        letter[first] & upper[first],
        letter[first] & ~upper[first],
        kinds[first] == _DIGIT,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _place(lines: Ints, spans: Ints) -> Floats:
    """Where in the document and in its line each segment stands."""
    count = len(lines)
    index = np.arange(count)
    number = np.unique(lines, return_inverse=True)[1]
    sizes = np.bincount(number)
    first = (np.cumsum(sizes) - sizes)[number]
    of_line = sizes[number]
    chars = np.bincount(number, spans[:, 1] - spans[:, 0])[number]
    return np.stack(
        [
            np.log1p(index) / 3,
            np.log1p(count - 1 - index) / 3,
            index / max(count - 1, 1),
            np.log1p(of_line - 1),
            np.minimum(index - first, 8) / 4,
            index == first,
            index == first + of_line - 1,
            np.log1p(chars) / 3,
        ],
        axis=1,
    ).astype(np.float32)


def _context(codes: Codes, small: Small, spans: Ints) -> Floats:
    """Repetition, and what the whole document looks like."""
    before, again = _repeats(codes, spans)
    size = (spans[:, 1] - spans[:, 0]).astype(float)
    ended = np.mean(_STOPS[small[spans[:, 1] - 1]])
    logs = np.log1p(size) / 3
    above, below = np.concatenate(([0.0], logs[:-1])), np.concatenate((logs[1:], [0.0]))
    whole = [np.log1p(len(spans)) / 3, np.log1p(size.mean()) / 3, ended, np.mean(size > 80)]
    same = np.broadcast_to(np.asarray(whole), (len(spans), len(whole)))
    return np.column_stack([np.log1p(before), np.log1p(again), same, above, below]).astype(np.float32)


def _repeats(codes: Codes, spans: Ints) -> tuple[Ints, Ints]:
    """How often each segment was said before, and how often it is said again, by a hash of its characters."""
    powers = np.full(len(codes) + 1, _PRIME)
    powers[0] = 1
    np.cumprod(powers, out=powers)
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(codes * powers[:-1], dtype=np.uint64)))
    starts, ends = spans[:, 0], spans[:, 1]
    back = np.full(len(codes) + 1, _INVERSE)
    back[0] = 1
    np.cumprod(back, out=back)
    said = (sums[ends] - sums[starts]) * back[starts]
    order = np.argsort(said, kind="stable")
    new = np.concatenate(([True], said[order][1:] != said[order][:-1]))
    group = np.cumsum(new) - 1
    at = np.flatnonzero(new)
    rank, times = np.arange(len(said)) - at[group], np.diff(np.append(at, len(said)))[group]
    before, again = np.empty(len(said), np.int64), np.empty(len(said), np.int64)
    before[order], again[order] = rank, times - 1 - rank
    return before, again


def _title(title: str | None, words: _Words, count: int) -> Floats:
    """Whether a title is known, and the share of each segment's words that it has."""
    known = np.zeros(count, np.float32)
    if not title:
        return np.stack([known, known], axis=1)
    low = title.lower()
    codes = np.frombuffer(low.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _CLASSES[np.minimum(codes, len(_CLASSES) - 1)]
    has = np.isin(words.whole, _words(codes, kinds, np.asarray([[0, len(low)]])).whole)
    share = np.bincount(words.owner, has, minlength=count) / np.maximum(np.bincount(words.owner, minlength=count), 1)
    return np.stack([known + 1, share.astype(np.float32)], axis=1)
