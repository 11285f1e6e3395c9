"""Character knowledge that reading, judging and writing share. Pure functions over `str`; imports nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

SPACES: Final = (
    "\t \N{NO-BREAK SPACE}\N{EN QUAD}\N{EM QUAD}\N{EN SPACE}\N{EM SPACE}\N{THREE-PER-EM SPACE}\N{FOUR-PER-EM SPACE}"
    "\N{SIX-PER-EM SPACE}\N{FIGURE SPACE}\N{PUNCTUATION SPACE}\N{THIN SPACE}\N{HAIR SPACE}\N{NARROW NO-BREAK SPACE}"
    "\N{MEDIUM MATHEMATICAL SPACE}\N{IDEOGRAPHIC SPACE}"
)
"""Characters that part words on one line."""
LINE_ENDS: Final = "\n\r\v\f\x1c\x1d\x1e\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
"""Characters that end a line: those of `str.splitlines`."""


# One character for one character, so that folding alone never moves an offset.
def _pairs(*folds: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((char, plain) for chars, plain in folds for char in chars)


_FOLDS: Final = _pairs(
    ("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}\N{MINUS SIGN}", "-"),
    (SPACES.replace(" ", ""), " "),
    (LINE_ENDS.replace("\n", ""), "\n"),
)
_QUOTES: Final = _pairs(
    ("\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{SINGLE LOW-9 QUOTATION MARK}"
     "\N{SINGLE HIGH-REVERSED-9 QUOTATION MARK}\N{PRIME}\N{ACUTE ACCENT}\N{MODIFIER LETTER APOSTROPHE}", "'"),
    ("\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}"
     "\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}\N{DOUBLE PRIME}"
     "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}", '"'),
)  # fmt: skip
_ASCII_FOLDS: Final = tuple((char, plain) for char, plain in _FOLDS if char.isascii())

TERMINAL: Final = ".!?…。！？｡।॥؟۔։።။។"
"""Characters that end a sentence."""
CLOSERS: Final = "\"')]}」』】）》〉’”»"
"""Characters that may stand between a sentence's end mark and its real end."""


def plain(text: str) -> str:
    """Plain hyphens, plain spaces, `\\n` line ends; same length."""
    return _replaced(text, _ASCII_FOLDS if text.isascii() else _FOLDS)


def straight(text: str) -> str:
    """Straight quotes; same length."""
    return text if text.isascii() else _replaced(text, _QUOTES)


def fold(text: str) -> str:
    """Straight quotes, plain hyphens, plain spaces, `\\n` line ends; same length."""
    return straight(plain(text))


def _replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    # str.replace looks for one character at memory speed; a translate table costs 25 times as much.
    for char, shown in pairs:
        text = text.replace(char, shown)
    return text


def lower(text: str) -> str:
    """Lower case, same length. Only the dotted capital I would grow."""
    return text.replace("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "i").lower()


# --- what extraction leaves between characters -------------------------------------------------------------------

_ZWSP: Final = "\N{ZERO WIDTH SPACE}"
_UNSEEN: Final = "\N{SOFT HYPHEN}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}"
# Zero-width space marks word breaks in Thai, Lao, Khmer and Burmese text, so between their letters it stays.
_SEA: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_SEA_LETTER: Final = re.compile(f"[{_SEA}]")
# A run of zero-width spaces goes or stays as a whole, and is tried once: otherwise a long one would cost its square.
INVISIBLE: Final = rf"[{_UNSEEN}]|{_ZWSP}(?<!{_ZWSP}{{2}})(?:(?<![{_SEA}]{_ZWSP}){_ZWSP}*+|{_ZWSP}*+(?![{_SEA}]))"
"""Regex of characters that show nothing and mean nothing. Joiners and direction marks mean something: not here."""


def has_invisible(text: str) -> bool:
    """Whether `INVISIBLE` is worth looking for; at memory speed."""
    return not text.isascii() and any(char in text for char in _ZWSP + _UNSEEN)


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
    r"&(?<![\"'`“‘]&)"  # quoted entities are talked about, not left over
    r"(?:(?:amp|#0*38|#x0*26);)*"
    r"(?:(?P<name>" + "|".join(ENTITIES) + r")|#(?P<dec>\d{1,6})|#[xX](?P<hex>[0-9a-fA-F]{1,5}));"
    r"(?!#?\w{1,8};)"
)
"""Regex of one leftover entity, however often its ampersand was escaped."""


def entity(match: re.Match[str]) -> str:
    """What an `ENTITY` match shows; the match itself where that would be markup, a control, or part of an entity."""
    if name := match["name"]:
        return ENTITIES[name]
    code = int(match["dec"]) if match["dec"] else int(match["hex"], 16)
    if code in (9, 10, 13) or 0x2028 <= code <= 0x2029:
        return " "  # `&#13;` and the like stand where a line already ends
    if 128 <= code < 160:  # as browsers do: `&#146;` was meant for Windows-1252
        return bytes([code]).decode("cp1252", "ignore") or match[0]
    if code < 32 or code in (38, 60, 62, 127) or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE or code > 0x10FFFF:
        return match[0]
    char = chr(code)
    if char.isascii() and (char.isalnum() or char in "#;"):
        return match[0]  # `&am&#112;;` would turn into another entity
    if char in _UNSEEN:
        return ""
    if char == _ZWSP:
        around = (match.string[max(0, match.start() - 1) : match.start()], match.string[match.end() : match.end() + 1])
        return char if all(map(_SEA_LETTER.match, around)) else ""
    return char


# --- sentence ends and glued seams -------------------------------------------------------------------------------


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


ABBREVIATIONS: Final = _words(
    # en
    "mr mrs ms dr prof sr jr st mt ft rev hon gen col maj capt cmdr lt sgt cpl pvt rep sen gov supt insp det vs bros",
    "dept univ assn approx eds cf ca e.g i.e viz messrs",
    # de, fr, es, it, pt
    "hr frl bzw ggf evtl inkl zzgl bspw sog vgl mio mrd tsd z.b u.a d.h mm mme mlle mgr env sra srta dra ud uds lic",
    "ing sig dott avv geb gest gegr",
    # nl, pl, ru, el
    "dhr mevr mw bijv np tzw tzn ul godz prof hab inż гг ул им руб тыс пр стр рис св проф акад т.е т.п т.д т.к δρ αρ",
)
"""Words, lower case, after which a full stop does not end a sentence."""
BEFORE_NUMBER: Final = _words(
    "no nos nr vol vols fig figs eq ch p pp art abs str bd pág pag núm num est s z jan feb febr mar mär apr jun jul",
    "aug sep sept oct okt nov dec dez mon tue tues wed thu thur thurs fri sat sun см",
)
"""Words, lower case, after which a full stop does not end a sentence when a number follows."""
STARTERS: Final = _words(
    "the a an he she it they we you i in on at but and this that these those his her its their our if when while after",
    "before as for by sign subscribe support",
)
"""Words, lower case, that begin a sentence; any other capital after "U.S." or "3." may belong to a name."""

_OPEN: Final = '"“‘„‚«»('
_CLOSE: Final = "\"'”’“»«)\\]"
# A capital straight after an end mark (and quotes): "...makes all the difference.Sir Keir ...". An ellipsis straight
# after a quote opens one: "“…We".
_SEAM: Final = re.compile(
    rf"""[.!?…](?![\s.])(?<=[\w%{_CLOSE}].)[!?]{{0,2}}+[{_CLOSE}]{{0,2}}(?=[{_OPEN}]?[^\W\d_a-z])"""
)
# How a sentence's first word may go on: a space, or an end mark and then a space or the next glued capital.
_FIRST_WORD: Final = re.compile(
    rf"""(?:(?P<aside>\()|[{_OPEN}])?(?P<word>[^\W\d_]++(?:['’\-][^\W\d_]++)*+)(?(aside)\)?)
    (?: [,:]?["”’»]*(?=\s|$) | (?P<mark>[.!?…]++)[{_CLOSE}]*(?:(?=\s|$)|(?P<next>[{_OPEN}]?[^\W\d_a-z])) )""",
    re.VERBOSE,
)
_CODE: Final = re.compile(r"[{}]|\(\)|;\s*$|[-=]>|::|\s[=+*/&|!<>]?=\s", re.MULTILINE)
_SCORE: Final = re.compile(r"\d+:\d+$")
_TLD: Final = _words("com org net info gov edu io js py html php uk eu pl ru ру рф")
_CAPITAL_TLD: Final = _words("DE FR ES IT NL IS NO")  # in lower case they are words
_REACH: Final = 48
_QUOTE_REACH: Final = 400


def seams(text: str) -> Iterator[int]:
    """Offsets at which two sentences were glued together without a space, ascending.

    Looks at 48 characters on either side, and for an open quote at 400 of the same line, so what stands elsewhere
    never changes the answer."""
    last = 0
    for found in _may_be_seams(text):
        if _is_seam(text, last, found.start(), found.end()):
            last = found.end() - _opens_quote(text, last, found.start(), found.end())
            yield last


_GLUED_STOP: Final = re.compile(r"\.(?!\s)")


def _may_be_seams(text: str) -> Iterator[re.Match[str]]:
    """What `_SEAM` finds, ascending. Each end mark is looked for by itself, at memory speed; behind most is a space."""
    places = [found.start() for found in _GLUED_STOP.finditer(text)]
    for mark in "!?…":
        at = text.find(mark)
        while at >= 0:
            if not text[at + 1 : at + 2].isspace():
                places.append(at)
            at = text.find(mark, at + 1)
    done = 0
    for at in sorted(places):
        if at >= done and (found := _SEAM.match(text, at)):
            done = found.end()
            yield found


def _opens_quote(text: str, last: int, mark: int, at: int) -> bool:
    """Whether the character before `at` is a quote that belongs to what follows: none is open before it."""
    quote = text[at - 1]
    if quote not in '"“' or at - 1 == mark:
        return False
    before = text[max(last, mark - _QUOTE_REACH) : mark].rsplit("\n", 1)[-1]
    if quote == '"':
        return before.count('"') % 2 == 0
    return before.rfind("„") <= max(before.rfind("“"), before.rfind("”"))  # “ closes what „ opened


def _is_seam(text: str, last: int, mark: int, at: int) -> bool:
    """Whether a sentence ends and another begins at `at`. `last` is the seam before."""
    after = text[at : at + _REACH]
    first = _FIRST_WORD.match(after)
    if first is None or not first["word"][0].isupper() or not _may_begin(first):
        return False
    before = text[max(last, mark - _REACH) : mark].rsplit("\n", 1)[-1]
    token = before[-1:].strip() and before.rsplit(None, 1)[-1].lstrip(_OPEN + "'")
    bare = token.rstrip(_CLOSE)
    if text[mark] == "…" and not text[mark - 1].isalnum():
        return False
    if text[mark:at] == "." and bare == token and not _may_end(bare, first):
        return False
    if any(char in bare for char in "./@\\_:") and not _SCORE.match(bare):
        return False  # an address, a path, a version
    return not _CODE.search(before + text[mark:at] + after.split("\n", 1)[0])


def is_code(line: str) -> bool:
    """Whether a line has at least two signs that only programs have."""
    found = _CODE.search(line)
    return found is not None and _CODE.search(line, found.end()) is not None


def _may_begin(first: re.Match[str]) -> bool:
    """Keeps out domains ("Example.Com", "ASP.NET") and initials ("Will.I.Am")."""
    word = first["word"]
    return (
        word.lower() not in _TLD
        and word not in _CAPITAL_TLD
        and not (len(word) == 1 and (first["mark"] or "")[:1] == ".")
    )


def _may_end(bare: str, first: re.Match[str]) -> bool:
    """Keeps out what a full stop stands in or after: initials, abbreviations, ordinals, names of code."""
    if bare.isdigit() and len(bare) < 3:
        return first["word"].lower() in STARTERS  # "3.Mai", "1.FC"
    if bare[:1].isupper() and bare.isalpha() and first["mark"] == "." and first["next"]:
        return False  # "System.Out.Println"
    short = len(bare) == 1 or (len(bare) == 2 and bare[0].isupper())
    return not short and bare.lower() not in ABBREVIATIONS
