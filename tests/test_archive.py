"""Web archives: what counts as a page or text, and what of it cannot be read."""

from __future__ import annotations

import base64
import builtins
import gzip
import re
import zlib
from typing import Any

import pytest

from cleaner.records import archive
from cleaner.records.chunk import Page, Reject
from cleaner.types import UsageError
from tests.warc import HTML, TYPE, found, http, page, warc

pytest.importorskip("fastwarc")

CODED = b"Content-Type: text/html\r\nContent-Encoding: %s\r\n"
CHUNKED = b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n"
PAGES = {
    "page": (warc(http()), page()),
    "version": (warc(http(), version="1.1"), page()),
    "old-version": (warc(http(), version="0.18"), page()),
    "lines-of-unix": (warc(http(), line="\n"), page()),
    "http-lines-of-unix": (warc(http().replace(b"\r\n", b"\n")), page()),
    "angles": (warc(http()).replace(b"http://example.org/1", b"<http://example.org/1>"), page()),
    "no-url": (warc(http()).replace(b"WARC-Target-URI", b"X-URI"), page()._replace(url=None)),
    "folded-field": (warc(http()).replace(b"Content-Type: appl", b"X: a\r\n b:\r\nContent-Type: appl", 1), page()),
    "capitals": (warc(http(fields=b"CONTENT-TYPE: TEXT/HTML;CHARSET=\"utf-8\"\r\n")), page(encoding="utf-8")),
    "xhtml": (warc(http(fields=b"Content-Type: application/xhtml+xml\r\n")), page(encoding=None)),
    "unknown-charset": (warc(http(fields=b"Content-Type: text/html; charset=x-none\r\n")), page(encoding=None)),
    "charset-for-bytes": (warc(http(fields=b"Content-Type: text/html; charset=hex\r\n")), page(encoding=None)),
    "no-type": (warc(http(fields=b"")), page(encoding=None)),
    "says-no-http": (warc(http(), says=""), page()),
    "other-status": (warc(http(status=b"203 Non-Authoritative")), page()),
    "http-2": (warc(http().replace(b"HTTP/1.1", b"HTTP/2")), page()),
    "large": (warc(http(HTML * 30_000)), page(body=HTML * 30_000)),
    "resource": (warc(HTML, "resource", says="text/html; charset=utf-8"), page(encoding="utf-8")),
    "wet": (warc("Grüße".encode(), "conversion", says="text/plain"), page(1, "Grüße".encode(), None, False)),
    "wet-without-type": (warc(b"text", "conversion", says=""), page(1, b"text", None, False)),
    "gzip": (warc(http(gzip.compress(HTML), CODED % b"gzip")), page(encoding=None)),
    "x-gzip": (warc(http(gzip.compress(HTML), CODED % b"X-GZIP")), page(encoding=None)),
    "deflate": (warc(http(zlib.compress(HTML), CODED % b"deflate")), page(encoding=None)),
    "deflate-without-frame": (warc(http(zlib.compress(HTML, wbits=-15), CODED % b"deflate")), page(encoding=None)),
    "chunked": (warc(http(CHUNKS % (len(HTML), HTML), CHUNKED)), page(encoding=None)),
    "chunked-and-gzip": (
        warc(http(CHUNKS % (len(z := gzip.compress(HTML)), z), CHUNKED + b"Content-Encoding: gzip\r\n")),
        page(encoding=None),
    ),
    "coding-was-taken-off": (warc(http(HTML, CODED % b"gzip")), page(encoding=None)),
    "chunks-were-taken-off": (warc(http(HTML, CHUNKED)), page(encoding=None)),
    "own-coding": (warc(http(HTML, CODED % b"utf-8")), page(encoding=None)),
}  # fmt: skip


@pytest.mark.parametrize(("data", "wanted"), PAGES.values(), ids=PAGES)
def test_page(data: bytes, wanted: Page) -> None:
    assert found(data) == [wanted]
    assert found(warc(b"", "warcinfo") + data * 2) == [None, wanted, wanted]


NONE = {
    "request": warc(b"GET / HTTP/1.1\r\n\r\n", "request"),
    "metadata": warc(b"a: b", "metadata"),
    "revisit": warc(http(b""), "revisit"),
    "continuation": warc(b"more", "continuation"),
    "picture": warc(http(b"\xff\xd8\xff", b"Content-Type: image/jpeg\r\n")),
    "json": warc(http(b"{}", b"Content-Type: application/json\r\n")),
    "not-found": warc(http(status=b"404 Not Found")),
    "moved": warc(http(status=b"301 Moved")),
    "no-page": warc(http(b"text", b"")),
    "empty-page": warc(http(b"")),
    "empty": warc(b""),
    "dns": warc(b"20200101 example.org", says="text/dns"),
    "made-picture": warc(b"\xff\xd8\xff", "conversion", says="image/jpeg"),
    "resource": warc(b"text", "resource", says="text/plain"),
    "a-large-video": warc(http(bytes(900_000), b"Content-Type: video/mp4\r\n")),
}


@pytest.mark.parametrize("data", NONE.values(), ids=NONE)
def test_none(data: bytes) -> None:
    assert found(data + warc(http())) == [None, page()]


def test_no_archive() -> None:
    assert found(b"") == found(b"\r\n\r\n") == []


CANNOT = {
    "gzip-cut": (http(gzip.compress(HTML)[:-9], CODED % b"gzip"), r"\(gzip\): is cut off"),
    "gzip-damaged": (http(gzip.compress(HTML)[:-8] + b"\xff" * 8, CODED % b"gzip"), r"\(gzip\): is damaged"),
    "no-gzip": (http(b"text", CODED % b"gzip"), r"\(gzip\): is cut off or damaged, or not packed so"),
    "deflate-cut": (http(zlib.compress(HTML)[:-5], CODED % b"deflate"), r"\(deflate\): is cut off"),
    "brotli": (http(b"no brotli at all", CODED % b"br"), r"\(br\)"),
    "unknown": (http(b"text", CODED % b"compress"), r"\(compress\)"),
    "chunks": (http(b"5\r\nab", CHUNKED), r"\(chunked\)"),
    "no-http": (b"rubbish", "no HTTP response"),
    "no-status": (http(status=b"OK"), "HTTP header cannot be read"),
    "large-http-header": (http(fields=b"X: " + b"a" * 300_000 + b"\r\n" + TYPE), "cannot be read"),
}


@pytest.mark.parametrize(("block", "reason"), CANNOT.values(), ids=CANNOT)
def test_what_cannot_be_unpacked(block: bytes, reason: str) -> None:
    first, second = found(warc(block) + warc(http(), number=2))
    assert isinstance(first, Reject)
    assert re.search(reason, first.reason)
    assert (first.file, first.number, second) == ("a.warc", 1, page(2))
    data = first.record.encode() if first.record is not None else base64.b64decode(first.base64 or "")
    assert data == warc(block)[:-4]


HEADERS = {
    "kind": (b"response", b"respXnse", "there is no such kind of record: WARC-Type 'respxnse'"),
    "no-kind": (b"WARC-Type", b"X", "does not say WARC-Type"),
    "no-id": (b"WARC-Record-ID", b"X", "does not say WARC-Record-ID"),
    "no-date": (b"WARC-Date", b"X", "does not say WARC-Date"),
}


@pytest.mark.parametrize(("old", "new", "reason"), HEADERS.values(), ids=HEADERS)
def test_header_that_lacks_something(old: bytes, new: bytes, reason: str) -> None:
    first, second = found(warc(http()).replace(old, new, 1) + warc(http(), number=2))
    assert isinstance(first, Reject)
    assert reason in first.reason
    assert second == page(2)


def test_page_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST", 10)
    for coding, data in (b"gzip", gzip.compress(HTML)), (b"deflate", zlib.compress(HTML)):
        (only,) = found(warc(http(data, CODED % coding)))
        assert "more than 10 bytes" in only.reason


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any) -> Any:
        if name.startswith("fastwarc"):
            raise ImportError(name)
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(UsageError, match=r"article-cleaner\[warc\]"):
        found(b"")
