"""Character knowledge that reading, judging and writing share. Pure functions over `str`; imports nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# One character for one character, so that folding alone never moves an offset.
_FOLDS: Final[tuple[tuple[str, str], ...]] = tuple(
    (char, plain)
    for chars, plain in (
        ("\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{SINGLE LOW-9 QUOTATION MARK}"
         "\N{SINGLE HIGH-REVERSED-9 QUOTATION MARK}\N{PRIME}\N{ACUTE ACCENT}\N{MODIFIER LETTER APOSTROPHE}", "'"),
        ("\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}"
         "\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}\N{DOUBLE PRIME}"
         "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}", '"'),
        ("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}\N{MINUS SIGN}", "-"),
        ("\t\N{NO-BREAK SPACE}\N{EN SPACE}\N{EM SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{HAIR SPACE}"
         "\N{NARROW NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}", " "),
        ("\r\v\f\x1c\x1d\x1e\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}", "\n"),
    )
    for char in chars
)  # fmt: skip

TERMINAL: Final = ".!?…。！？｡।॥؟۔։።"
"""Characters that end a sentence."""
CLOSERS: Final = "\"')]}」』】）》〉’”»"
"""Characters that may stand between a sentence's end mark and its real end."""


def fold(text: str) -> str:
    """Straight quotes, plain hyphens, plain spaces, `\\n` line ends; same length."""
    if text.isascii() and "\r" not in text and "\t" not in text and "\f" not in text and "\v" not in text:
        return text
    # str.replace looks for one character at memory speed; a translate table costs 25 times as much.
    for char, plain in _FOLDS:
        text = text.replace(char, plain)
    return text


def lower(text: str) -> str:
    """Lower case, same length. Only the dotted capital I would grow."""
    return text.replace("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "i").lower()


# --- what extraction leaves between characters -------------------------------------------------------------------

# Zero-width space marks word breaks in Thai, Lao, Khmer and Burmese text, so between their letters it stays.
_SEA = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
INVISIBLE: Final = rf"[\u00ad\u2060\ufeff\u180e]|(?<![{_SEA}])\u200b|\u200b(?![{_SEA}])"
"""Regex of characters that show nothing and mean nothing. Joiners and direction marks mean something: not here."""

# Named entities that extraction leaves in prose. `&lt;` and `&gt;` are not decoded: text must never turn into markup.
ENTITIES: Final[dict[str, str]] = {
    "nbsp": "\N{NO-BREAK SPACE}", "quot": '"', "apos": "'", "amp": "&",
    "rsquo": "\N{RIGHT SINGLE QUOTATION MARK}", "lsquo": "\N{LEFT SINGLE QUOTATION MARK}",
    "rdquo": "\N{RIGHT DOUBLE QUOTATION MARK}", "ldquo": "\N{LEFT DOUBLE QUOTATION MARK}",
    "laquo": "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}", "raquo": "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}",
    "bdquo": "\N{DOUBLE LOW-9 QUOTATION MARK}", "sbquo": "\N{SINGLE LOW-9 QUOTATION MARK}",
    "ndash": "\N{EN DASH}", "mdash": "\N{EM DASH}", "hellip": "\N{HORIZONTAL ELLIPSIS}", "shy": "",
    "euro": "€", "pound": "£", "copy": "©", "reg": "®", "trade": "™", "deg": "°", "middot": "·", "bull": "•",
    "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß",
    "eacute": "é", "egrave": "è", "ecirc": "ê", "agrave": "à", "aacute": "á", "acirc": "â", "ccedil": "ç",
    "iacute": "í", "icirc": "î", "oacute": "ó", "ocirc": "ô", "uacute": "ú", "ugrave": "ù", "ucirc": "û",
    "ntilde": "ñ", "atilde": "ã", "otilde": "õ", "aring": "å", "aelig": "æ", "oslash": "ø",
    "Eacute": "É", "Aring": "Å", "Oslash": "Ø", "ensp": " ", "emsp": " ", "thinsp": " ",
}  # fmt: skip
ENTITY: Final = (
    r"(?<![\"'`“‘])"  # quoted entities are talked about, not left over
    r"&(?:(?:amp|#0*38|#x0*26);)*"
    r"(?:(?P<name>" + "|".join(ENTITIES) + r")|#(?P<dec>\d{2,6})|#[xX](?P<hex>[0-9a-fA-F]{2,5}));"
    r"(?!#?\w{1,8};)"
)
"""Regex of one leftover entity, however often its ampersand was escaped."""


def entity(match: re.Match[str]) -> str:
    """The character that an `ENTITY` match stands for; the match itself where that would be markup or a control."""
    if name := match["name"]:
        return ENTITIES[name]
    code = int(match["dec"]) if match["dec"] else int(match["hex"], 16)
    if code < 32 or 127 <= code < 160 or code in (38, 60, 62) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return match[0]
    return chr(code)


# --- sentence ends and glued seams -------------------------------------------------------------------------------

ABBREVIATIONS: Final = frozenset(
    "mr mrs ms dr prof sr jr st mt ft rev hon gen col maj capt cmdr lt sgt cpl pvt rep sen gov supt insp det vs bros "
    "dept univ assn approx eds cf ca e.g i.e viz "
    # de, fr, es, it, pt
    "hr frl bzw ggf evtl inkl zzgl bspw sog vgl mio mrd tsd mm mme mlle env sra srta dra ud uds lic ing sig dott avv "
    # nl, pl, ru, el
    "dhr mevr mw bijv np tzw tzn ul godz prof hab inż mgr гг ул им руб тыс пр стр рис св проф акад δρ αρ".split()
)
"""Words, lower case, after which a full stop does not end a sentence."""
BEFORE_NUMBER: Final = frozenset(
    "no nos nr vol vols fig figs eq ch p pp art abs str bd pág pag núm num est s z jan feb febr mar mär apr jun jul aug "
    "sep sept oct okt nov dec dez mon tue tues wed thu thur thurs fri sat sun см".split()
)
"""Words, lower case, after which a full stop does not end a sentence when a number follows."""

# A capital straight after an end mark (and quotes): "...makes all the difference.Sir Keir ...".
_SEAM: Final = re.compile(r"""(?<=[\w"'”’)\]%])[.!?…]["'”’)\]]{0,2}(?=["“‘(]?[^\W\d_a-z])""")
_WORD_AFTER: Final = re.compile(
    r"""["“‘(]?[^\W\d_]+(?:['’\-][^\W\d_]+)*"""
    r"""(?:[,;:]?["”’)]*(?=\s)|[.!?…]?["”’)]*$|[.!?…]["”’)]*\s|[.!?…]["”’)]*["“‘]?\w)"""
)
_TLD: Final = frozenset("com org net info gov edu io js py html php uk eu de fr es it".split())
_REACH: Final = 48


def seams(text: str) -> Iterator[int]:
    """Offsets at which two sentences were glued together without a space, ascending.

    Looks at no more than 48 characters on either side, so what stands elsewhere never changes the answer."""
    last = 0
    for found in _SEAM.finditer(text):
        if _is_seam(text, last, found.start(), found.end()):
            yield (last := found.end())


def _is_seam(text: str, last: int, mark: int, at: int) -> bool:
    """Keeps out file names, domains, initials, abbreviations, versions and code. `last` is the seam before."""
    after = text[at : at + _REACH]
    letter = after.lstrip("\"“‘(")[0]
    if not letter.isupper():
        return False
    before = text[max(last, mark - _REACH) : mark]
    token = before.split("\n")[-1].split(" ")[-1].lstrip("\"“‘('")
    bare = token.rstrip("\"”’)']")
    plain_stop = at - mark == 1 and text[mark] == "." and bare == token and not bare.isdigit()
    short = len(bare) == 1 or (len(bare) == 2 and bare[0].isupper())
    if plain_stop and (short or bare.lower() in ABBREVIATIONS):
        return False
    if any(char in bare for char in "./@\\_:"):
        return False
    word = _WORD_AFTER.match(after)
    return word is not None and word[0].strip("\"“”‘’'(),;:.!?… \n").lower() not in _TLD
