"""The frames of a web archive's records: where each begins and ends, whatever lies between them.

fastwarc is not asked for this: it stops at the first damage, gives records that are cut short as whole, and follows a
wrong length into the records behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO, Final, NamedTuple

from cleaner.read.unpack import DAMAGED
from cleaner.types import InputError

LONGEST: Final = 1 << 30
"""Bytes of the longest record that is read."""
SHOWN: Final = 1 << 20
"""Bytes of a damaged record that are written down; of more, none."""
_HEAD: Final = 1 << 16
"""Bytes of the longest header of a record; real ones have some hundreds."""
_STEP: Final = 1 << 16
# Not only at the start of a line: what stood before it may have lost its end.
_START: Final = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n[A-Za-z][\w-]{0,60}:")
_START_LENGTH: Final = 80
"""More than what `_START` matches."""
_BLANK: Final = re.compile(rb"\n\r?\n")
_FIELD: Final = re.compile(r"([!-9;-~]+)[ \t]*:[ \t]*(.*?)[ \t]*", re.DOTALL)
_ONCE: Final = frozenset(("warc-type", "warc-record-id", "warc-date", "warc-target-uri", "content-length"))


class Window:
    """What was read of the stream and not yet passed. `error` is what the stream raised in place of its end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._read = getattr(stream, "read1", stream.read)  # `read` would lose what comes before an error
        self._passed = 0
        self.data = bytearray()
        self.at = 0
        self.ended = False
        self.no_blank = 0
        """Up to which place of the archive there is no empty line, so that it is not looked for twice."""
        self.error: InputError | OSError | None = None

    @property
    def place(self) -> int:
        """Where this is, in bytes of the unpacked archive."""
        return self._passed + self.at

    def has(self, count: int) -> bool:
        """Whether there are so many bytes more; reads until there are."""
        while len(self.data) - self.at < count and not self.ended:
            try:
                more = self._read(_STEP)
            except (InputError, OSError) as error:
                self.error, more = error, b""
            self.ended = not more
            self.data += more
        return len(self.data) - self.at >= count

    def go(self, count: int) -> None:
        """Passes so many bytes."""
        self.at += count
        if self.at >= max(_STEP, len(self.data) // 2):
            del self.data[: self.at]
            self._passed += self.at
            self.at = 0

    def cut(self, start: int, stop: int) -> bytes:
        """The bytes between two places, both counted from here."""
        with memoryview(self.data) as view:
            return bytes(view[self.at + start : self.at + stop])

    def starts(self, offset: int = 0) -> bool:
        """Whether a record begins so far from here."""
        self.has(offset + _START_LENGTH)
        return _START.match(self.data, self.at + offset) is not None

    def begins(self) -> bool:
        """Passes line ends; whether anything comes behind them."""
        while self.has(1):
            piece = self.cut(0, 4096)
            ends = len(piece) - len(piece.lstrip(b"\r\n"))
            self.go(ends)
            if ends < len(piece):
                return True
        return False

    def stray(self) -> bytes | None:
        """Passes all up to the next record that begins behind this place; what that was, None if it is long."""
        offset, long = 1, False
        while not (start := _START.search(self.data, self.at + offset)):
            offset = max(offset, len(self.data) - self.at - _START_LENGTH)
            if offset > SHOWN:
                self.go(offset)
                offset, long = 0, True
            if not self.has(len(self.data) - self.at + 1):
                break
        stop = start.start() - self.at if start else len(self.data) - self.at
        data = None if long or stop > SHOWN else self.cut(0, stop)
        self.go(stop)
        return data


class Record(NamedTuple):
    """A record as it lies in the window, its header read."""

    window: Window
    head: bytes
    fields: Mapping[str, str]
    length: int
    end: int = 0
    """Bytes of the line ends behind it."""

    @property
    def size(self) -> int:
        """Bytes of its header and its block."""
        return len(self.head) + self.length

    def block(self, most: int = LONGEST) -> bytes:
        """Its content, or the first bytes of it."""
        return self.window.cut(len(self.head), len(self.head) + min(most, self.length))

    def holds_start(self) -> bool:
        """Whether another record begins in its block, as it does in a page about archives."""
        at = self.window.at
        return _START.search(self.window.data, at + len(self.head), at + self.size) is not None


def framed(window: Window) -> Record:
    """The record that begins here, whole. Raises InputError where there is none."""
    if not window.starts():
        packed = window.cut(0, len(DAMAGED) - 1) == DAMAGED[1:]
        raise InputError("the packing is damaged; this could be read" if packed else "no record begins here")
    head = _head(window)
    fields = _fields(head)
    length = fields.get("content-length", "")
    if not re.fullmatch("[0-9]{1,18}", length):
        raise InputError("the header does not say how long the record is (Content-Length)")
    record = Record(window, head, fields, int(length))
    if record.length > LONGEST:
        raise InputError(f"the record says that it has {record.length:,} bytes; records of up to {LONGEST:,} are read")
    if not window.has(record.size):
        left = len(window.data) - window.at - len(head)
        raise InputError(f"the record is cut off, or its length wrong: {left:,} of {record.length:,} bytes are there")
    end = _end(record)
    if end is None:
        raise InputError(f"the record does not end where it says, after {record.length:,} bytes")
    return record._replace(end=end)


def _end(record: Record) -> int | None:
    """Bytes of the line ends behind a record; None if it does not end where it says."""
    window = record.window
    end = b"\r\n\r\n" if record.head.endswith(b"\r\n") else b"\n"
    follows = record.size + len(end)
    if window.starts(follows):
        return len(end)
    rest = window.cut(record.size, follows)
    if rest == end:  # what follows is damaged: or else the record has lost a part, and ends in another one
        return len(end) if not window.has(follows + 1) or not record.holds_start() else None
    return len(rest) if window.ended and not window.error and end.startswith(rest) else None


def _head(window: Window) -> bytes:
    """The header of the record that begins here, with the empty line behind it."""
    size = 1 << 11
    while True:
        whole = not window.has(size) or size >= _HEAD
        start, stop = max(0, window.no_blank - window.place), min(size, len(window.data) - window.at)
        blank = _BLANK.search(window.data, window.at + start, window.at + stop)
        if blank:
            window.no_blank = window.place + blank.start() - window.at
            stop = blank.end() - window.at
            another = _START.search(window.data, window.at + 1, window.at + stop)
            if another and _START.search(window.data, another.end(), window.at + stop):  # one may end an address
                raise InputError("the header of the record is damaged: others begin in it")
            return window.cut(0, stop)
        window.no_blank = max(window.no_blank, window.place + stop - 2)
        if whole:
            raise InputError("the header of the record has no end")
        size *= 2


def _fields(head: bytes) -> dict[str, str]:
    """The fields of a header by their names in small letters. Raises InputError where two headers ran into one."""
    fields: dict[str, str] = {}
    lines = re.sub(rb"\r?\n[ \t]+", b" ", head).decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    for line in lines[1:-2]:
        field = _FIELD.fullmatch(line)
        if not field:
            raise InputError("the header of the record is damaged: it has a line that is no field")
        key = field[1].lower()
        if key in fields and key in _ONCE:
            raise InputError(f"the header of the record is damaged: it says {field[1]} twice")
        fields.setdefault(key, field[2])
    return fields
