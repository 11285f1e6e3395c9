"""Greek and Cyrillic in Latin letters, for ids: rough, one letter at a time."""

from __future__ import annotations

import unicodedata
from typing import Final

_PAIRS: Final = (
    "αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo "
    "аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya "
    "іi їyi єye ґg"
)
_TABLE: Final = str.maketrans({pair[0]: pair[1:] for pair in _PAIRS.split()})
_ACCENTS: Final = str.maketrans("άέήίόύώϊϋΐΰё", "αεηιουωιυιυе")


def latin(low: str) -> str:
    """A lower-case text with Greek and Cyrillic letters written in Latin ones."""
    return unicodedata.normalize("NFC", low).translate(_ACCENTS).translate(_TABLE)
