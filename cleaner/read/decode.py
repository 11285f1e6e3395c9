"""Bytes to text. Says what it replaced, and refuses what is no text."""

from __future__ import annotations

import codecs
import re
from typing import Final

from cleaner.types import InputError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC: Final = (
    (b"%PDF-", "a PDF file; convert it to text first"),
    (b"\x1f\x8b", "a gzip file; decompress it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd file; decompress it first"),
    (b"BZh", "a bzip2 file; decompress it first"),
    (b"\xfd7zXZ", "an xz file; decompress it first"),
    (b"PK\x03\x04", "a zip file (or an office document); extract its text first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"PAR1", "a Parquet file"),
)
_SAMPLE: Final = 1 << 16
_ODD_SHARE: Final = 0.1
"""Share of control and undecodable characters from which bytes are no text. Text with stray NULs has under 2 %,
programs and pictures over 25 %."""
_ODD: Final = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f\ufffd]")
_PAGE: Final = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def decode(data: bytes, encoding: str | None = None) -> tuple[str, int]:
    """The text, and how many places in it could not be decoded and became U+FFFD.

    A byte-order mark decides, else `encoding`, else UTF-8. Raises InputError for binary data and unknown encodings."""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"is {what}")
    mark = next(((bom, name) for bom, name in _MARKS if data.startswith(bom)), None)
    if mark:
        data, encoding = (data[len(mark[0]) :], "utf-8") if mark[1] == "utf-8" else (data, mark[1])
    encoding = encoding or "utf-8"
    try:
        text = data.decode(encoding, "replace")
    except LookupError as error:
        raise InputError(f"unknown encoding {encoding!r}; names are those of Python's codecs, such as utf-8, cp1252") from error
    replaced = text.count("\ufffd")
    if replaced:  # the input may hold some of its own
        replaced -= data.count("\ufffd".encode(encoding, "ignore") or b"\0" * len(data))
    sample = text[:_SAMPLE]
    if len(_ODD.findall(sample)) > _ODD_SHARE * len(sample) + 8:
        raise InputError("is binary data, not text")
    return text, replaced


def looks_like_page(text: str) -> bool:
    """Whether the text begins as an HTML page does."""
    return _PAGE.match(text[:4096]) is not None
