"""Web archives (WARC, WET): their pages and texts, and what is left of records that are damaged.

`frame` finds where records begin and end; fastwarc reads what stands within: HTTP and its codings.
"""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

from cleaner.read.decode import is_page
from cleaner.read.unpack import GZIP, opened
from cleaner.records.chunk import Page, Reject
from cleaner.records.frame import SHOWN, Record, Window, framed
from cleaner.types import InputError, UsageError

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_MOST: Final = 1 << 28
"""Bytes that the body of a page may unpack to."""
_PEEK: Final = 1 << 18
"""Bytes of a record that its HTTP header must be in; browsers read as much."""
_NEEDED: Final = ("WARC-Type", "WARC-Record-ID", "WARC-Date")
_KINDS: Final = frozenset(
    ("warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation")
)
_HTML: Final = ("text/html", "application/xhtml+xml")
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]+)""", re.IGNORECASE)


def pages(stream: BinaryIO, name: str) -> Iterator[Page | Reject | None]:
    """The records of a web archive, in order, one thing for each; its number is that of the thing, from 1.

    A Page for an HTML page that was answered with a status of 200 to 299 (a page of any other is about the error) or
    stands by itself (`resource`), and for text that was made of one (`conversion`); None for a whole record that holds
    neither; a Reject for one that is damaged or that cannot be unpacked, with what lies between it and the next one.
    A record is whole if the archive goes on where its header says that it ends; a byte that was changed for another
    is not seen. Holds the longest record in memory, at most 1 GiB. Raises UsageError where fastwarc is not installed,
    and at the end what the stream raised, InputError where it is cut off or its packing damaged.
    """
    try:
        import fastwarc  # noqa: F401
    except ImportError:
        raise UsageError("web archives need a library: pip install 'article-cleaner[warc]'") from None
    window = Window(stream)
    number = 0
    while window.begins():
        number += 1
        place = window.place
        try:
            record = framed(window)
        except InputError as error:
            yield _reject(name, number, f"damaged at byte {place:,}: {error}", window.stray())
            continue
        try:
            found = _page(record)
        except InputError as error:
            data = record.head + record.block(SHOWN) if record.size <= SHOWN else None
            yield _reject(name, number, f"at byte {place:,}: {error}", data)
        else:
            yield found
        window.go(record.size + record.end)
    if window.error:
        raise window.error


def _reject(name: str, number: int, reason: str, data: bytes | None) -> Reject:
    if data is None:
        return Reject(name, number, reason, None)
    try:
        return Reject(name, number, reason, data.decode())
    except UnicodeDecodeError:
        return Reject(name, number, reason, None, base64.b64encode(data).decode())


def _page(record: Record) -> Page | None:
    """The page or text that a whole record holds. Raises InputError where it cannot be unpacked."""
    fields = record.fields
    for name in _NEEDED:
        if not fields.get(name.lower()):
            raise InputError(f"the header of the record does not say {name}")
    kind = fields["warc-type"].lower()
    if kind not in _KINDS:
        raise InputError(f"there is no such kind of record: WARC-Type {kind!r}")
    body, said, html = b"", fields.get("content-type", ""), True
    if kind == "response":
        body, said = _answer(record) or (b"", "")
    elif kind in ("conversion", "resource"):
        mime = _mime(said)
        html = mime in _HTML
        if html or (kind == "conversion" and (not mime or mime.startswith("text/"))):
            body = record.block()
    if not body:
        return None
    url = fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">")
    encoding = _charset(said) if html else None
    return Page(fields["warc-record-id"], url or None, fields["warc-date"], body, html, encoding)


def _mime(said: str) -> str:
    return said.split(";")[0].strip().lower()


def _charset(said: str) -> str | None:
    """The encoding that a Content-Type names, if Python knows it."""
    found = _CHARSET.search(said)
    try:
        b"a".decode(found[1] if found else "")
    except (LookupError, ValueError):
        return None
    return found[1] if found else None


def _answer(record: Record) -> tuple[bytes, str] | None:
    """The page in an HTTP response and its Content-Type; None if it holds none."""
    peek = record.block(_PEEK)
    if not peek.startswith(b"HTTP/"):
        if not peek or _mime(record.fields.get("content-type", "")) != "application/http":
            return None
        raise InputError("the record is no HTTP response, although it says so")
    parsed = _http(record.head, peek)
    at = len(peek) - parsed.content_length
    if parsed.http_headers.status_code is None or at == len(peek) < record.length:
        raise InputError("the HTTP header cannot be read")
    if not 200 <= parsed.http_headers.status_code <= 299:
        return None
    said = parsed.http_headers.get("Content-Type") or ""
    mime = _mime(said)
    if mime and mime not in _HTML:
        return None
    codings = [parsed.http_headers.get(name) or "" for name in ("Transfer-Encoding", "Content-Encoding")]
    body = _decoded(record, at, *(coding.strip().lower() for coding in codings))
    return (body, said) if mime or is_page(body) else None


def _http(head: bytes, block: bytes, decode: Literal["none", "transfer", "all"] = "none") -> WarcRecord:
    from fastwarc.warc import WarcRecord

    try:
        record = WarcRecord.from_bytes(re.sub(rb"(?<!\r)\n", b"\r\n", head) + block)
        record.is_http = True
        record.parse_http(auto_decode=decode, quirks_mode=True, max_header_len=_PEEK)
    except (OSError, ValueError) as error:
        raise InputError(f"the HTTP response cannot be read: {error}") from None
    return record


def _decoded(record: Record, at: int, transfer: str, content: str) -> bytes:
    """The body that begins so far within the record, without the codings that the HTTP header names. Archives keep
    that header also where they have taken the codings off."""
    block = record.block()
    raw = block[at:]
    if {transfer, content} <= {"", "identity"} or is_page(raw):
        return raw
    try:
        if content in ("gzip", "x-gzip", "deflate"):  # fastwarc would not say that it is cut off
            body = _inflated(_http(record.head, block, "transfer").reader.read())
        else:
            body = _http(record.head, block, "all").reader.read(_MOST + 1)
    except (InputError, OSError, ValueError) as error:
        codings = " ".join(filter(None, (transfer, content)))
        raise InputError(f"the page cannot be unpacked ({codings}): {error}") from None
    if len(body) > _MOST:
        raise InputError(f"the page unpacks to more than {_MOST:,} bytes")
    return body


def _inflated(data: bytes) -> bytes:
    """The data, unpacked up to a little more than the limit. Servers say `deflate` also of what has no frame."""
    if data.startswith(GZIP):
        return opened(io.BytesIO(data), data[:2]).read(_MOST + 1)
    if is_page(data):
        return data
    for frame in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        one = zlib.decompressobj(frame)
        try:
            body = one.decompress(data, _MOST + 1)
        except zlib.error:
            continue
        if len(body) > _MOST or (one.eof and not one.unused_data):
            return body
    raise InputError("is cut off or damaged, or not packed so")
