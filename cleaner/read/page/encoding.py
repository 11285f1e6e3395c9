"""Bytes of a page to text: by byte-order mark, by what was said of them, by what they say of themselves, by looking."""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

from cleaner.read.decode import MARKS, decode
from cleaner.types import InputError

_HEAD: Final = 1 << 13
"""Bytes in which a page says its encoding. Browsers read 1024; titles and scripts push it further down."""
_DECLARED: Final = re.compile(
    rb"""
    <!--.*?(?:-->|\Z)                                               # what a comment says does not count
    | \A\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["'](?P<xml>[\w.:+-]{1,40})
    | <meta\s[^>]{0,500}?charset\s*=\s*["']?\s*(?P<meta>[\w.:+-]{1,40})  # by itself, or in http-equiv's content
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_LANG: Final = re.compile(rb"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([a-z]{2})", re.IGNORECASE)
# What browsers take a label for, where Python knows none of that name, or one that holds less.
_LABELS: Final = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "ansi": "cp1252", "x-user-defined": "cp1252", "iso8859-9": "cp1254",
    "iso8859-11": "cp874", "tis-620": "cp874", "iso-8859-8-i": "iso8859-8", "logical": "iso8859-8",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb-2312-80": "gb18030",
    "big5": "big5hkscs", "cp950": "big5hkscs", "cn-big5": "big5hkscs", "x-x-big5": "big5hkscs",
    "shift-jis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "euc-jp": "euc_jis_2004", "x-euc-jp": "euc_jis_2004", "iso2022-jp": "iso2022_jp_ext",
    "euc-kr": "cp949", "windows-949": "cp949", "dos-866": "cp866", "koi8-ru": "koi8-u", "koi": "koi8-r",
    "macintosh": "mac-roman", "x-mac-roman": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
    "unicode": "utf-8", "utf-8-sig": "utf-8", "unicode-1-1-utf-8": "utf-8",
}  # fmt: skip
_WINDOWS: Final = re.compile(r"(?:x-)?(?:cp|win|windows)?-?(125[0-8]|874)")
# Nothing that the page itself says in ASCII can be one of these.
_WIDE: Final = re.compile(r"(?:utf|ucs|iso-10646-ucs)-?(?:16|32|2|4)(?:-?[lb]e)?")
# Those whose markup is ASCII: no utf-7, no EBCDIC, none of Python's escapes.
_OF_PAGES: Final = re.compile(
    r"utf-8|cp(?:125\d|437|775|85\d|86\d|874|932|949|1125)|iso8859-\d+|koi8-\w|mac-\w+|gb18030|big5hkscs|hz"
    r"|euc_jis_2004|iso2022_\w+|johab|ptcp154|kz1048"
)
_UTF_16: Final = (
    (re.compile(rb"(?:\s\0)*<\0[!?a-zA-Z]\0"), "utf-16-le"),
    (re.compile(rb"(?:\0\s)*\0<\0[!?a-zA-Z]"), "utf-16-be"),
)
_SHIFTS: Final = re.compile(rb"\x1b(?:\$[@B]|\([BJI])")
"""How ISO-2022-JP goes from one alphabet to another; its text is ASCII by its bytes."""

_SAMPLE: Final = 1 << 16
_MARKUP: Final = re.compile(rb"<(?:!doctype|html|head|body|title|meta|div|p|table|span)\b", re.IGNORECASE)
_ODD: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ODD_SHARE: Final = 0.025
"""Share of control characters from which bytes are no text: a quarter of what `decode` allows, as there for text by
another encoding. Random bytes hold 0.1."""
_ASCII: Final = bytes(range(0x80))
_HIGH_BYTES: Final = bytes(range(0x80, 0x100))
_UTF_8: Final = 9
"""Bytes beyond ASCII to one place that is not UTF-8 from which a page is UTF-8 nonetheless. Chosen: pages cut in two
and pages with a foreign paragraph have more; 507 of 508 by 14 other encodings had 1 to 1.9."""
_UTF_8_SAID: Final = 3
"""The same where the page says that it is."""
_FIT: Final = 20
"""The same for the encoding that a page says."""
_WORDS: Final = re.compile(rb"[\xa1-\xff]{3,}")
"""Words, if the alphabet is not Latin. A western language does not have three accented letters in a row."""

_GUESSED: Final = (
    "gb18030", "big5hkscs", "cp932", "euc_jis_2004", "cp949", "cp1252", "cp1251", "koi8_r", "iso8859_5", "cp1250",
    "iso8859_2", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
)  # fmt: skip
_MESS: Final = (0.2, 0.5)
"""How much of a text may look like none, asked in turn. 0.2 is the library's own; long lists of Japanese have more."""
_GUESSED_FROM: Final = 1 << 14
_MESSIER, _ODDER = 0.02, 0.05
"""By how much the encoding usual for the page's language may look worse than the best."""
_FEW: Final = 10
"""Bytes beyond ASCII that tell nothing. A page with fewer has quotes, dashes and a name or two."""
_BEFORE, _AFTER = 80, 1 << 12
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_HOMES: Final = {
    "cp1250": "cs hr hu pl ro sk sl", "cp1252": "ca da de en es fi fr is it nb nl no pt sv", "cp1254": "az tr",
    "cp1257": "et lt lv", "cp1258": "vi",
}  # fmt: skip
"""Languages in Latin letters and the encoding of most of their pages. The library takes most Spanish for cp1250."""
_LATIN: Final = frozenset(("cp1250", "iso8859_2", "cp1254", "cp1257", "cp1258"))
_WESTERN: Final = frozenset((
    "Danish", "Dutch", "English", "Finnish", "French", "German", "Icelandic", "Indonesian", "Italian", "Norwegian",
    "Portuguese", "Spanish", "Swedish",
))  # fmt: skip


class _Said(NamedTuple):
    """An encoding that a page names: Python's codec, the page's word for it, and where it stood."""

    codec: str
    how: str


def decode_page(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text, and the encoding with how it was found, such as `windows-1251 (meta)`.

    A byte-order mark decides, else `encoding`, else UTF-8 if the bytes are that, else what the page says of itself if
    they fit, else what they look like. Raises InputError for binary data and unknown encodings."""
    mark = next((name for start, name in MARKS if data.startswith(start)), None)
    if mark:
        return decode(data)[0], f"{mark} (byte-order mark)"
    wide = next((name for start, name in _UTF_16 if start.match(data)), None)
    if wide is None and b"\0" in data and _MARKUP.search(data[:_SAMPLE]):
        data = data.replace(b"\0", b"")
    if encoding:
        return decode(data, _codec(encoding) or encoding)[0], f"{encoding} (given)"
    if wide:
        return decode(data, wide)[0], f"{wide} (bytes)"
    sample = data[:_SAMPLE]
    if len(_ODD.findall(sample)) > _ODD_SHARE * len(sample) + 8:
        decode(data)  # says what it is, if it knows
        raise InputError("is binary data, not text")
    return _looked_at(data, _said(data[:_HEAD]))


def _looked_at(data: bytes, said: _Said | None) -> tuple[str, str]:
    """As `decode_page`, for what is no binary data, or such as begins with a number that tells its format."""
    high = len(data) - len(data.translate(None, _HIGH_BYTES))
    if not high and _SHIFTS.search(data):
        text = decode(data, "iso2022_jp_ext")[0]
        return text, said.how if said and said.codec == "iso2022_jp_ext" else "iso-2022-jp (bytes)"
    by_name = said is not None and said.codec == "utf-8"
    found = _read(data, "utf-8")
    if found and (high or by_name or not said) and found[1] * (_UTF_8_SAID if by_name else _UTF_8) <= high:
        return found[0], said.how if said and by_name else "utf-8 (bytes)"
    if said and not by_name and not (high and said.codec == "cp1252" and _is_no_western(data)):
        found = _read(data, said.codec)
        if found and found[1] <= 1 + high // _FIT:
            return found[0], said.how
    guess = _guessed(data)
    return decode(data, guess)[0], f"{guess} (guessed)"


def _read(data: bytes, codec: str) -> tuple[str, int] | None:
    """The text and its places that could not be decoded; None if they are many."""
    try:
        return decode(data, codec)
    except InputError:
        return None


def _codec(label: str) -> str | None:
    """Python's codec for a label as browsers read it; None if there is none."""
    name = label.strip().lower().replace("_", "-")
    windows = _WINDOWS.fullmatch(name)
    try:
        name = f"cp{windows[1]}" if windows else codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError: a NUL in it
        return _LABELS.get(name)
    return _LABELS.get(name.replace("_", "-"), name)


def _said(head: bytes) -> _Said | None:
    """The first encoding that a page names and that its bytes could be in."""
    for found in _DECLARED.finditer(head):
        where = found.lastgroup
        if where:
            label = found[where].decode("ascii").lower()
            codec = "utf-8" if _WIDE.fullmatch(label.replace("_", "-")) else _codec(label)
            if codec and _OF_PAGES.fullmatch(codec):
                return _Said(codec, f"{'utf-8' if codec == 'utf-8' else label} ({where})")
    return None


def _is_no_western(data: bytes) -> bool:
    """Whether the page's language has its own encoding, or most of what is beyond ASCII stands in words of nothing
    else. Templates say iso-8859-1 of any page."""
    if _home(data) not in (None, "cp1252"):
        return True
    high = data[:_SAMPLE].translate(None, bytes(range(0xA1)))
    words = (word for word in _WORDS.findall(data[:_SAMPLE]) if len(set(word)) > 2)  # no row of dots or dashes
    return sum(map(len, words)) * 2 > len(high)


def _guessed(data: bytes) -> str:
    """The encoding that the text around the bytes beyond ASCII looks like; cp1252 if it looks like none.

    Right for 716 of 722 real pages, in 16 languages, that were put into 14 encodings; 2 to 8 ms."""
    from charset_normalizer import from_bytes  # 30 ms to import, and few pages need it

    sample, results, best = _beyond_ascii(data), None, None
    home = _home(data)
    if len(sample.translate(None, _ASCII)) < _FEW:
        return home or "cp1252"
    for mess in _MESS:
        results = from_bytes(
            sample, threshold=mess, cp_isolation=list(_GUESSED), preemptive_behaviour=False, enable_fallback=False
        )
        best = results.best()
        if best:
            break
    if not results or not best:
        return "cp1252"
    for result in results:
        if (
            home is not None
            and result.encoding == home
            and result.chaos <= best.chaos + _MESSIER
            and result.coherence >= best.coherence - _ODDER
        ):
            return home
    return "cp1252" if best.encoding in _LATIN and best.language in _WESTERN else str(best.encoding)


def _home(data: bytes) -> str | None:
    """The encoding that is usual for the language that a page says it is in."""
    lang = _LANG.search(data[:_HEAD])
    return next((name for name, langs in _HOMES.items() if lang and lang[1].decode().lower() in langs.split()), None)


def _beyond_ascii(data: bytes) -> bytes:
    """Pieces of the text with bytes beyond ASCII, between tags as far as there are, until there are enough."""
    pieces: list[bytes] = []
    size = at = 0
    while size < _GUESSED_FROM and (found := _HIGH.search(data, at)):
        here = found.start()
        start = max(at, here - _BEFORE, data.rfind(b">", max(at, here - _BEFORE), here) + 1)
        ends = (data.find(mark, here, here + _AFTER) for mark in (b"<", b"\n"))
        at = next((end for end in ends if end >= 0), here + _AFTER)
        pieces.append(data[start:at])
        size += at - start
    return b"\n".join(pieces)
