"""Bytes to text. Says what it replaced, and refuses what is no text."""

from __future__ import annotations

import codecs
import re
from typing import Final

from cleaner.types import InputError

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte-order marks, and the encoding that each says."""
# As long as each format makes them: an article may well begin with "BZh" or "GIF8".
_MAGIC: Final = (
    (b"%PDF-", "a PDF file; convert it to text first"),
    (b"\x1f\x8b", "a gzip file; decompress it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd file; decompress it first"),
    *((b"BZh%d1AY&SY" % size, "a bzip2 file; decompress it first") for size in range(1, 10)),
    (b"\xfd7zXZ\x00", "an xz file; decompress it first"),
    (b"PK\x03\x04", "a zip file (or an office document); extract its text first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF87a", "a picture"),
    (b"GIF89a", "a picture"),
    (b"\x7fELF", "a program"),
    (b"PAR1\x15", "a Parquet file"),
)
_SAMPLE: Final = 1 << 16
_ODD_SHARE: Final = 0.1
"""Share of control and undecodable characters from which bytes are no text. Chosen, not swept: stray NULs are
far fewer, and random bytes, as in pictures and archives, hold more."""
_ODD: Final = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f]")
_HEAD: Final = 4096
"""Characters in which a page shows that it is one."""
# A comment, once passed, is never gone back into: otherwise a row of them costs its exponential.
_PAGE: Final = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?>.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body|meta|title"
    r"|link|script|style|article|main|section|div|table)\b[^<]*>",
    re.IGNORECASE | re.DOTALL,
)


def decode(data: bytes, encoding: str | None = None) -> tuple[str, int]:
    """The text, and how many places in it could not be decoded and became U+FFFD.

    A byte-order mark decides, else `encoding`, else UTF-8. Raises InputError for binary data and unknown encodings."""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"is {what}")
    mark = next(((bom, name) for bom, name in MARKS if data.startswith(bom)), None)
    if mark:
        data, encoding = (data[len(mark[0]) :], "utf-8") if mark[1] == "utf-8" else (data, mark[1])
    encoding = encoding or "utf-8"
    try:
        text, own = _decoded(data, encoding)
    except (LookupError, ValueError) as error:  # ValueError: a codec, such as idna, that is not for whole texts
        names = "names are those of Python's codecs, such as utf-8, cp1252"
        raise InputError(f"unknown encoding {encoding!r}; {names}") from error
    sample = text[:_SAMPLE]
    replaced, in_sample = text.count("\ufffd") - own, max(0, sample.count("\ufffd") - own)
    odd, limit = len(_ODD.findall(sample)), _ODD_SHARE * len(sample) + 8
    if odd + in_sample > limit:
        if odd > limit / 4:  # text by another encoding has no controls
            raise InputError("is binary data, not text")
        raise InputError(f"is binary data, not text, or text that is not {encoding}; if it is text, name its encoding")
    return text, replaced


def _decoded(data: bytes, encoding: str) -> tuple[str, int]:
    """The text, and how many U+FFFD the input itself holds."""
    try:
        text = data.decode(encoding)
        return text, text.count("\ufffd")
    except UnicodeDecodeError:
        return data.decode(encoding, "replace"), data.decode(encoding, "ignore").count("\ufffd")


def is_page(data: bytes) -> bool:
    """Whether the bytes begin as an HTML page does, in whatever encoding."""
    sample = data[: 2 * _HEAD]
    name = next((name for mark, name in MARKS if sample.startswith(mark)), None)
    text = sample.decode(name, "replace") if name else sample.replace(b"\0", b"").decode("latin-1")  # UTF-16 without
    return looks_like_page(text)


def looks_like_page(text: str) -> bool:
    """Whether the text begins as an HTML page or a part of one does."""
    return _PAGE.match(text[:_HEAD]) is not None
