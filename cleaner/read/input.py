"""Inputs told apart by their first bytes, whatever they are called: records, archives, articles, folders."""

from __future__ import annotations

import io
import os
import re
import sys
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

from cleaner.read.decode import is_page
from cleaner.read.unpack import PACKED, opened
from cleaner.types import InputError

Shape = Literal["jsonl", "parquet", "warc", "page", "text", "folder"]
RECORDS: Final = ("jsonl", "parquet", "warc", "folder")
"""Shapes of many articles."""

_HEAD: Final = 8192
# A name and a colon, or an empty object, on the first line. An object that is spread over lines is no line of JSON.
_JSON: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{[ \t]*(?:\}|"(?:[^"\\\n]|\\.)*"[ \t]*:[ \t]*[^\s])')


@dataclass(frozen=True, slots=True)
class Input:
    """A file, a folder, or `-` for standard input."""

    name: str
    shape: Shape
    size: int | None
    """Bytes as they are stored; None where that is not known."""
    blank: bool = False
    """Whether nothing but white space is in it, as far as was looked."""
    stream: BinaryIO | None = None
    """What can be read only once, from its first byte; files are opened when they are read."""

    def open(self, *, resync: bool = False) -> tuple[BinaryIO, BinaryIO | None]:
        """Its content from the first byte, unpacked, and the file beneath, if it is one: its place tells how far
        reading has come. `resync` as in `unpack.opened`. Raises InputError and OSError."""
        if self.stream:
            return self.stream, None
        file = open(self.name, "rb")  # noqa: SIM115
        return opened(file, file.peek(4), resync=resync), file


def look_at(name: str) -> Input:
    """What there is under this name. Raises InputError and OSError."""
    if name == "-" and sys.stdin is None:
        raise InputError("is closed; name a file, or send the text through a pipe")
    if name != "-" and os.path.isdir(name):
        return Input(name, "folder", None)
    file = sys.stdin.buffer if name == "-" else open(name, "rb")  # noqa: SIM115
    stream, head = _peeked(file)
    if head.startswith(PACKED):
        stream, head = _peeked(opened(stream, head))
    if name == "-" or not os.path.isfile(name):  # a pipe by some name
        return Input(name, _shape(head), None, not head.strip(), stream)
    with stream:
        return Input(name, _shape(head), os.stat(name).st_size, not head.strip())


def _shape(head: bytes) -> Shape:
    if head.startswith(b"WARC/"):
        return "warc"
    if head.startswith(b"PAR1"):
        return "parquet"
    if _JSON.match(head):
        return "jsonl"
    return "page" if is_page(head) else "text"


class _Again(io.RawIOBase):
    """A stream of which the first bytes were read already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] or self._rest.read1(len(buffer))  # type: ignore[attr-defined]
        self._head = self._head[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._rest.close()
        super().close()


def _peeked(stream: BinaryIO) -> tuple[BinaryIO, bytes]:
    """The stream, and its first bytes: enough to tell what it is, or all that there are. Waits for no more of a slow
    stream than its first line."""
    head = b""
    while len(head) < _HEAD and not (b"\n" in head and head.lstrip().startswith((b"{", b"WARC/"))):
        more = stream.read1(_HEAD)  # type: ignore[attr-defined]
        if not more:
            break
        head += more
    return io.BufferedReader(_Again(head, stream), 1 << 17), head  # type: ignore[type-var]
