"""Compressed streams: opened by their first bytes, and refused where they end too early."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, Final, Protocol

from cleaner.types import InputError, UsageError

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
PACKED: Final = (GZIP, ZSTD, *(b"%c\x2a\x4d\x18" % number for number in range(0x50, 0x60)))
"""How packed streams begin. The last ones are frames of zstd that hold no content; some tools put one first."""
DAMAGED: Final = b"\n(a damaged gzip member) "
"""What stands before the rest of one where damage is passed over."""
_BACK: Final = 1 << 20
"""Packed bytes of the current member that stay at hand: damage shows some ten thousand bytes behind where it is."""
_HELD: Final = 1 << 18
"""Unpacked bytes of it that are held back at least: what comes out between is rubbish."""
_TRAILER: Final = 8


def opened(file: BinaryIO, head: bytes, *, resync: bool = False) -> BinaryIO:
    """The stream's content, decompressed where its first bytes (`head`, which stay to be read) say that it is packed.

    Reading raises InputError where it is damaged or cut off, once all before that was read; read it by `read1`, as
    `read` loses what it had gathered. With `resync`, damage costs a gzip stream the member that it is in, of a long one
    the end: instead come `DAMAGED` and what could be read of it, with "WARC " for "WARC/", so that no record begins
    in there; then the next member. Where the stream is cut off, its last 8 bytes are not given, so that no record is
    taken for whole whose checksum is not there. For archives only.
    """
    if head.startswith(GZIP):
        return io.BufferedReader(_Packed(file, _Gzip(), resync=resync), 1 << 17)
    if head.startswith(PACKED):
        return io.BufferedReader(_Packed(file, _Zstd()), 1 << 17)
    return file


def unpacked(data: bytes) -> bytes:
    """The data, decompressed where they are packed. Raises InputError where they are damaged."""
    if not data.startswith(PACKED):
        return data
    return opened(io.BytesIO(data), data[:4]).read()


class _Codec(Protocol):
    name: str
    step: int
    """Packed bytes that are taken at a time: so few that a hostile stream makes no more than 40 MB of them."""
    fault: type[Exception]

    def start(self) -> None: ...
    def give(self, data: bytes) -> bytes: ...
    def sound(self, data: bytes) -> bytes:
        """What comes before the fault, of the data that have just had one."""
        ...

    @property
    def ended(self) -> bool: ...
    @property
    def rest(self) -> bytes: ...


class _Gzip:
    name, step = "gzip", 1 << 14
    fault: type[Exception] = zlib.error

    def start(self) -> None:
        self._one = self._before = zlib.decompressobj(31)

    def give(self, data: bytes) -> bytes:
        self._before = self._one.copy()
        return self._one.decompress(data)

    def sound(self, data: bytes) -> bytes:
        out = bytearray()
        try:
            for i in range(len(data)):
                out += self._before.decompress(data[i : i + 1])
        except zlib.error:
            pass
        return bytes(out)

    @property
    def ended(self) -> bool:
        return self._one.eof

    @property
    def rest(self) -> bytes:
        return self._one.unused_data


class _Zstd:
    name, step = "zstd", 1 << 10

    def __init__(self) -> None:
        zstandard = zstd()
        self._context = zstandard.ZstdDecompressor(max_window_size=1 << 31)
        self.fault: type[Exception] = zstandard.ZstdError

    def start(self) -> None:
        self._one = self._context.decompressobj()

    def give(self, data: bytes) -> bytes:
        return self._one.decompress(data)  # type: ignore[no-any-return]

    def sound(self, data: bytes) -> bytes:
        return b""  # the library has no state to go back to; there are few bytes in a step

    @property
    def ended(self) -> bool:
        return self._one.eof  # type: ignore[no-any-return]

    @property
    def rest(self) -> bytes:
        return self._one.unused_data  # type: ignore[no-any-return]


class _Packed(io.RawIOBase):
    """Members of a packed stream, one behind the other, as one stream; zeros between and behind them are padding."""

    # How a member of gzip begins, with the flags that there are, the levels and the systems that are written.
    _HEAD: Final = re.compile(rb"\x1f\x8b\x08[\x00-\x1f][\x00-\xff]{4}[\x00-\x04][\x00-\x0d\xff]")

    def __init__(self, file: BinaryIO, codec: _Codec, *, resync: bool = False) -> None:
        self._file, self._codec, self._resync = file, codec, resync
        self._in = bytearray()
        self._first = self._next = 0
        """In `_in`: from where another member may begin, should this one be damaged, and what is not yet unpacked."""
        self._out, self._given, self._held = b"", 0, bytearray()
        self._within = False
        self._broken: InputError | None = None

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def readinto(self, buffer: Any, /) -> int:
        while self._given == len(self._out) and not self._broken and self._more():
            pass
        if self._given == len(self._out) and self._broken:
            raise self._broken
        count = min(len(buffer), len(self._out) - self._given)
        buffer[:count] = self._out[self._given : self._given + count]
        self._given += count
        return count

    def _more(self) -> bool:
        """Unpacks a little; False at the end."""
        codec = self._codec
        if self._next == len(self._in) and not self._filled():
            return self._within and self._stray(f"is cut off: its {codec.name} stream has no end", cut=True)
        piece = bytes(self._in[self._next : self._next + codec.step])
        self._next += len(piece)
        if not self._within:
            piece = piece.lstrip(b"\0")
            if not piece:
                return True
            codec.start()
            self._within, self._first = True, self._next - len(piece) + 1
        try:
            out = codec.give(piece)
        except codec.fault as error:
            self._put(codec.sound(piece))
            return self._stray(f"is damaged: {error}")
        if codec.ended:
            self._next -= len(codec.rest)
            self._within = False
        self._put(out)
        return True

    def _put(self, out: bytes) -> None:
        """Gives this out; with `resync` no more than what is known to be sound, as far as it can be held."""
        if self._resync:
            self._held += out
            long = len(self._held) - _HELD if len(self._held) > 2 * _HELD else 0
            sound = long if self._within else len(self._held)
            out = bytes(self._held[:sound])
            del self._held[:sound]
        self._out, self._given = out, 0

    def _filled(self) -> bool:
        """Reads on; False at the end. What lies too far back is let go."""
        done = max(self._first, self._next - _BACK) if self._resync and self._within else self._next
        del self._in[:done]
        self._first, self._next = max(0, self._first - done), self._next - done
        data = self._file.read(1 << 14)
        self._in += data
        return bool(data)

    def _stray(self, reason: str, *, cut: bool = False) -> bool:
        """Goes to the next member, if that is wanted and there is one; otherwise the stream ends here."""
        self._within = False
        self._next = self._first
        found = self._resync and self._found()
        if self._resync and cut and not found:
            self._out, self._given = bytes(self._held[:-_TRAILER]), 0
        elif self._resync:
            rest = DAMAGED + self._held.replace(b"WARC/", b"WARC ")
            self._out, self._given = self._out[self._given :] + rest, 0
        self._held.clear()
        if not found:
            self._in.clear()
            self._next, self._broken = 0, InputError(reason)
        return found

    def _found(self) -> bool:
        """Goes to where the next member begins; whether there is one."""
        while not (head := self._HEAD.search(self._in, self._next)):
            self._next = max(self._next, len(self._in) - 9)
            if not self._filled():
                return False
        self._next = head.start()
        return True


class _Member(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class Packer:
    """Packs what is written as one member a commit, so that a file cut back to a commit is whole."""

    def __init__(self, name: str) -> None:
        self._make: Callable[[], _Member] = _gzip_member if name.endswith(".gz") else _zstd_frame()
        self._one: _Member | None = None

    @staticmethod
    def wanted(name: str) -> bool:
        """Whether a file of this name is to be packed."""
        return name.endswith((".gz", ".zst"))

    def give(self, data: bytes) -> bytes:
        """Packs some more."""
        self._one = self._one or self._make()
        return self._one.compress(data)

    def end(self) -> bytes:
        """Ends the member, if one was begun."""
        one, self._one = self._one, None
        return one.flush() if one else b""


def _gzip_member() -> _Member:
    return zlib.compressobj(6, zlib.DEFLATED, 31)


def _zstd_frame() -> Callable[[], _Member]:
    return zstd().ZstdCompressor(level=3).compressobj  # type: ignore[no-any-return]


def zstd() -> Any:
    """The library for zstd. Raises UsageError where it is not installed."""
    try:
        import zstandard
    except ImportError:
        raise UsageError("zstd needs a library: pip install 'article-cleaner[zstd]'") from None
    return zstandard
