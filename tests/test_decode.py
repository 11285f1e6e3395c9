"""Bytes to text: marks, damage counted, binary refused."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.read.decode import decode, is_page, looks_like_page
from cleaner.types import InputError

DECODED = {
    "empty": (b"", None, "", 0),
    "utf-8": ("é".encode(), None, "é", 0),
    "utf-8-mark": (codecs.BOM_UTF8 + b"a", None, "a", 0),
    "mark-beats-name": (codecs.BOM_UTF8 + "é".encode(), "latin-1", "é", 0),
    "only-a-mark": (codecs.BOM_UTF8, None, "", 0),
    "utf-16-little": (codecs.BOM_UTF16_LE + "é".encode("utf-16-le"), None, "é", 0),
    "utf-16-big": (codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), None, "é", 0),
    "utf-32": (codecs.BOM_UTF32_LE + "é".encode("utf-32-le"), None, "é", 0),
    "named": ("“é”".encode("cp1252"), "cp1252", "“é”", 0),
    "no-name": (b"a", "", "a", 0),
    "invalid": (b"a\xff b\xfe", None, "a\ufffd b\ufffd", 2),
    "truncated": ("aé".encode()[:-1], None, "a\ufffd", 1),
    "own": ("a\ufffd".encode(), None, "a\ufffd", 0),
    "own-and-invalid": ("a\ufffd".encode() + b"\xff", None, "a\ufffd\ufffd", 1),
    "own-in-utf-16": (codecs.BOM_UTF16_LE + "\ufffd".encode("utf-16-le"), None, "\ufffd", 0),
    "own-in-odd-utf-16": (codecs.BOM_UTF16_LE + "\ufffd".encode("utf-16-le") + b"a", None, "\ufffd\ufffd", 1),
    "much-of-its-own": (("\ufffd" * 50).encode(), None, "\ufffd" * 50, 0),
    "stray-nuls": (b"a\0b " * 2 + b"text " * 99, None, "a\0b " * 2 + "text " * 99, 0),
    "bzh-is-no-file": (b"BZhang wrote", None, "BZhang wrote", 0),
    "gif8-is-no-file": (b"GIF8 is a club", None, "GIF8 is a club", 0),
    "latin-1": (b"n\xe9 en \xe9t\xe9, as plain text", None, "n\ufffd en \ufffdt\ufffd, as plain text", 3),
}
REFUSED = {
    "pdf": (b"%PDF-1.7", None, "PDF"),
    "gzip": (b"\x1f\x8b\x08", None, "gzip"),
    "zstd": (b"\x28\xb5\x2f\xfd", None, "zstd"),
    "bzip2": (b"BZh91AY&SY", None, "bzip2"),
    "xz": (b"\xfd7zXZ\x00", None, "xz"),
    "zip": (b"PK\x03\x04", None, "zip"),
    "png": (b"\x89PNG\r\n", None, "picture"),
    "parquet": (b"PAR1\x15\x04", None, "Parquet"),
    "program": (b"\x7fELF", None, "program"),
    "controls": (bytes(range(32)) * 9, None, "is binary data, not text$"),
    "not-utf-8": ("Привет, мир. ".encode("cp1251") * 9, None, "text that is not utf-8; .* name its encoding"),
    "no-encoding": (b"a", "utf-9", "unknown encoding 'utf-9'; names are"),
    "no-text-encoding": (b"a", "hex", "unknown encoding 'hex'"),
    "no-replacing-encoding": (b"a\xff", "idna", "unknown encoding 'idna'"),
    "nul-in-name": (b"a", "utf\0", "unknown encoding"),
}
PAGES = {
    "html": "<html>",
    "doctype": "<!DOCTYPE html>\n<title>x",
    "mark": "\ufeff \n<html lang='en'>",
    "xml": '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">',
    "comments": "<!-- a --> <!-- b -->\n<HEAD>",
    "body": "<body class='x'>",
    "no-head": "<title>Boats</title><p>",
    "part": "\n<article class='story'>\n<p>",
    "box": "<div><p>",
    "data": "<script>1</script><p>",
}
NO_PAGES = {
    "empty": "",
    "text": "The <html> tag is old.",
    "fragment": "<b>bold</b> text",
    "header": "<header>",
    "comments-without-end": "<!---->" * 600,
    "feed": '<?xml version="1.0"?><rss>',
    "in-quotes": '"<html>", he said.',
    "never-closed": "<div is what he wrote",
    "other-tag": "<articles>",
}


@pytest.mark.parametrize(("data", "encoding", "text", "replaced"), DECODED.values(), ids=DECODED)
def test_decode(data: bytes, encoding: str | None, text: str, replaced: int) -> None:
    assert decode(data, encoding) == (text, replaced)


@pytest.mark.parametrize(("data", "encoding", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(data: bytes, encoding: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decode(data, encoding)


@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)
def test_page(text: str) -> None:
    assert looks_like_page(text)


@pytest.mark.parametrize("text", NO_PAGES.values(), ids=NO_PAGES)
def test_no_page(text: str) -> None:
    assert not looks_like_page(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "koi8-r"])
def test_bytes_of_a_page(encoding: str) -> None:
    assert is_page("<!DOCTYPE html><title>Вечер".encode(encoding, "replace"))
    assert is_page(b"<html>" + bytes(range(256)) * 99)
    assert not is_page("Вечер. <html>".encode(encoding, "replace"))


@pytest.mark.parametrize("data", [b"", b"\xff", b"\0" * 9000, b"%PDF-1.7 <html>", codecs.BOM_UTF16_LE + b"<"])
def test_bytes_of_no_page(data: bytes) -> None:
    assert not is_page(data)


PRINTED = st.text(st.characters(exclude_categories=("Cs", "Cc")))


@given(PRINTED, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_text_comes_back(text: str, encoding: str) -> None:
    text = "x" + text
    assert decode(text.encode(encoding)) == (text, 0)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text, replaced = decode(data)
    except InputError:
        return
    assert 0 <= replaced <= text.count("\ufffd")
