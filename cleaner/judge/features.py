"""What the score reads of a document: for each segment the hashes of its words, and numbers for its shape and place.

Everything is computed for the whole document at once with numpy; nothing loops over words or characters. The same
function serves fitting and use. A change here is a change of `VERSION`, and weights fitted on another one are refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION: Final = 1
BUCKETS: Final = 1 << 15
"""Rows of the embedding table that words are hashed into; row 0 stands for nothing."""
_LETTER, _DIGIT, _SPACE, _MARK, _OTHER, _DENSE = 1, 2, 3, 4, 5, 6
_POWERS: Final = 48
_PREFIX: Final = 4
_SUFFIX: Final = 3
_ENDS: Final = ".!?:,;\"')…。"
_FIRSTS: Final = "\"'(-*•>|#@©["
_SIGNS: Final = "|»>/@©:•#%$€£→&+="


class Features(NamedTuple):
    """Inputs of one document with S segments.

    words: uint16 hashes of all segments one after the other, below `BUCKETS`.
    starts: int64 of shape (S,), where in `words` each segment begins.
    shape: float32 of shape (S, len(NAMES)).
    """

    words: NDArray[np.uint16]
    starts: NDArray[np.int64]
    shape: NDArray[np.float32]


NAMES: Final[tuple[str, ...]] = (
    "chars", "words", "digits", "capitals", "capital-words", "marks", "commas", "signs", "spaces", "dense",
    *(f"ends {char}" for char in _ENDS), "ends letter",
    *(f"begins {char}" for char in _FIRSTS), "begins capital", "begins small", "begins digit",
    "all capitals", "from start", "from end", "place", "sentences of line", "sentence of line", "begins line", "ends line",
    "said before", "said again", "blank before", "line chars", "segments", "mean chars", "share ended", "share short",
    "title known", "title overlap", "rule strips", "rule keeps", "rule hints",
)  # fmt: skip


def _classes() -> NDArray[np.uint8]:
    """Class of each code point below 65,536; the rest are taken for letters."""
    import numpy as np

    table = np.full(65536, _LETTER, np.uint8)
    for code in range(0x250):
        char = chr(code)
        table[code] = _LETTER if char.isalpha() else _DIGIT if char.isdigit() else _SPACE if char.isspace() else _MARK
    table[0x2000:0x2070] = _MARK
    table[0x2000:0x200B] = _SPACE
    table[0x2070:0x2C00] = _OTHER
    for low, high in ((0x3040, 0x3100), (0x3400, 0xA000), (0xF900, 0xFB00)):
        table[low:high] = _DENSE
    table[0x3000:0x3040] = _MARK
    table[0xFF00:0xFF10] = _MARK
    for code in (0x60C, 0x61B, 0x61F, 0x6D4, 0x964, 0x965, 0x589, 0x37E):
        table[code] = _MARK
    for zero in (0x660, 0x6F0, 0x966):
        table[zero : zero + 10] = _DIGIT
    return table
