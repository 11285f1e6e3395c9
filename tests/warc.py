"""Web archives made for tests, and what is read of them."""

from __future__ import annotations

import io

from cleaner.records.archive import pages
from cleaner.records.chunk import Page, Reject

HTML = b"<html><p>A page, and what it says.</p></html>"
TYPE = b"Content-Type: text/html; charset=ISO-8859-1\r\n"
Found = list[Page | Reject | None]


def warc(block: bytes, kind: str = "response", number: int = 1, *, says: str = "application/http; msgtype=response",
         length: int | None = None, line: str = "\r\n", version: str = "1.0") -> bytes:  # fmt: skip
    """A record."""
    lines = [
        f"WARC/{version}",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{number}>",
        f"WARC-Target-URI: http://example.org/{number}",
        "WARC-Date: 2020-01-01T00:00:00Z",
        *([f"Content-Type: {says}"] if says else []),
        f"Content-Length: {len(block) if length is None else length}",
    ]
    return line.join([*lines, "", ""]).encode() + block + (line * 2).encode()


def http(body: bytes = HTML, fields: bytes = TYPE, status: bytes = b"200 OK") -> bytes:
    """The block of a response."""
    return b"HTTP/1.1 " + status + b"\r\n" + fields + b"\r\n" + body


def page(number: int = 1, body: bytes = HTML, encoding: str | None = "ISO-8859-1", html: bool = True) -> Page:
    url = f"http://example.org/{number}"
    return Page(f"<urn:uuid:{number}>", url, "2020-01-01T00:00:00Z", body, html, encoding)


def found(data: bytes) -> Found:
    return list(pages(io.BytesIO(data), "a.warc"))
