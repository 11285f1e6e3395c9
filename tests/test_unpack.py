"""Packed streams: members one behind the other, padding, damage, and how much is read in spite of it."""

from __future__ import annotations

import gzip
import io
import random
import zlib

import pytest

from cleaner.read.unpack import DAMAGED, Packer, opened, unpacked
from cleaner.types import InputError

zstandard = pytest.importorskip("zstandard")

NOISE = random.Random(1).randbytes(300_000)
TEXT = b"".join(b"line %d of a text that goes on\n" % i for i in range(20_000))


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def skippable(data: bytes, kind: int = 0) -> bytes:
    return b"%c\x2a\x4d\x18" % (0x50 + kind) + len(data).to_bytes(4, "little") + data


def read(data: bytes, *, resync: bool = False) -> tuple[bytes, str | None]:
    """What is read, piece by piece, and the error that ends it."""
    stream = opened(io.BytesIO(data), data[:8], resync=resync)
    out = b""
    try:
        while piece := stream.read1(5000):
            out += piece
    except InputError as error:
        return out, str(error)
    return out, None


WHOLE = {
    "empty": (b"", b""),
    "plain": (b"abc", b"abc"),
    "gzip": (gz(TEXT), TEXT),
    "gzip-noise": (gz(NOISE), NOISE),
    "gzip-of-nothing": (gz(b""), b""),
    "gzip-members": (gz(b"a") + gz(b"") + gz(b"b"), b"ab"),
    "gzip-many-members": (gz(b"ab") * 3000, b"ab" * 3000),
    "gzip-padded": (gz(b"a") + bytes(100_000), b"a"),
    "gzip-padded-between": (gz(b"a") + bytes(7) + gz(b"b"), b"ab"),
    "zstd": (zst(TEXT), TEXT),
    "zstd-noise": (zst(NOISE), NOISE),
    "zstd-frames": (zst(b"a") + zst(b"b"), b"ab"),
    "zstd-skippable-first": (skippable(b"x" * 3000) + zst(b"a"), b"a"),
    "zstd-skippable-kind": (skippable(b"", 15) + zst(b"a"), b"a"),
    "zstd-skippable-between": (zst(b"a") + skippable(b"x") + zst(b"b"), b"ab"),
    "zstd-skippable-last": (zst(b"a") + skippable(b"x"), b"a"),
}


@pytest.mark.parametrize("resync", [False, True])
@pytest.mark.parametrize(("data", "content"), WHOLE.values(), ids=WHOLE)
def test_whole(data: bytes, content: bytes, resync: bool) -> None:
    assert read(data, resync=resync) == (content, None)
    assert unpacked(data) == content


CUT = {
    "gzip-in-head": (gz(b"a") + gz(b"b")[:5], b"a"),
    "gzip-in-content": (gz(b"a") + gz(TEXT)[:-9000], None),
    "gzip-in-trailer": (gz(b"ab")[:-1], b"ab"),
    "gzip-magic-only": (b"\x1f\x8b", b""),
    "zstd": (zst(b"a") + zst(b"b")[:-1], None),
    "zstd-in-skippable": (zst(b"a") + skippable(b"xyz")[:-1], b"a"),
    "zstd-magic-only": (b"\x28\xb5\x2f\xfd", b""),
}


@pytest.mark.parametrize(("data", "content"), CUT.values(), ids=CUT)
def test_cut(data: bytes, content: bytes | None) -> None:
    out, error = read(data)
    assert error is not None
    assert "is cut off" in error
    assert content is None or out == content
    with pytest.raises(InputError, match="cut off"):
        unpacked(data)


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]


BROKEN = {
    "gzip-head": (gz(b"a") + flipped(gz(b"b"), 0), b"a"),
    "gzip-checksum": (gz(b"a") + flipped(gz(b"b"), -8 + len(gz(b"b"))), b"ab"),
    "gzip-behind": (gz(b"a") + b"rubbish", b"a"),
    "zstd-checksum": (zst(b"a") + flipped(zst(b"b"), len(zst(b"b")) - 1), b"a"),
    "zstd-behind": (zst(b"a") + b"rubbish", None),
}


@pytest.mark.parametrize(("data", "content"), BROKEN.values(), ids=BROKEN)
def test_damaged(data: bytes, content: bytes | None) -> None:
    out, error = read(data)
    assert error is not None
    assert "is damaged" in error
    assert content is None or out == content


def test_all_before_the_damage_is_read() -> None:
    data = zlib.compressobj(0, zlib.DEFLATED, 31)  # stored, so that the place is known
    packed = data.compress(TEXT[:60_000]) + data.flush(zlib.Z_FULL_FLUSH)
    assert read(packed + b"\xff" * 9) == (TEXT[:60_000], "is damaged: Error -3 while decompressing data: "
                                          "invalid block type")  # fmt: skip


def test_resync_goes_on_at_the_next_member() -> None:
    record = b"WARC/1.0\r\n" + NOISE[:50_000].replace(b"WARC/", b"")
    second = gz(record)
    out, error = read(gz(b"first") + flipped(second, 30_000) + gz(b"third"), resync=True)
    assert error is None
    assert out.startswith(b"first" + DAMAGED + b"WARC " + record[5:20_000])
    assert out.endswith(b"third")


def test_resync_of_a_long_member() -> None:
    second = gz(NOISE * 5)
    out, error = read(gz(b"first") + flipped(second, len(second) - 9000) + gz(b"third"), resync=True)
    assert error is None
    head, tail = out.split(DAMAGED)
    assert head == b"first" + (NOISE * 5)[: len(head) - 5]
    assert 1_500_000 - len(head) < 600_000
    assert tail.endswith(b"third")


@pytest.mark.parametrize("place", range(len(gz(b"second"))))
def test_resync_never_passes_a_damaged_member_off_as_whole(place: int) -> None:
    out, error = read(gz(b"first") + flipped(gz(b"second"), place) + gz(b"third"), resync=True)
    in_what_says_nothing = 4 <= place < 10  # time, level, system
    assert error is None
    assert out in (b"firstsecondthird",) if in_what_says_nothing else out.startswith(b"first" + DAMAGED)
    assert out.endswith(b"third")


def test_resync_keeps_the_end_of_what_is_cut_off() -> None:
    assert read(gz(b"first") + gz(b"second member")[:-1], resync=True)[0] == b"firstsecon"


RESYNC = {
    "member-without-its-end": (gz(TEXT)[:-20_000] + gz(b"next"), None),
    "member-without-its-start": (gz(b"a") + gz(TEXT)[30_000:] + gz(b"next"), None),
    "rubbish-between": (gz(b"a") + b"rubbish" * 9999 + gz(b"next"), None),
    "head-in-the-rubbish": (gz(b"a") + gz(b"bb")[:10] + b"\xff" * 99 + gz(b"next"), None),
    "rubbish-behind": (gz(b"a") + gz(b"next") + b"rubbish", "is damaged: "),
    "last-cut": (gz(b"next") + gz(TEXT)[:20], "is cut off"),
}


@pytest.mark.parametrize(("data", "ending"), RESYNC.values(), ids=RESYNC)
def test_resync(data: bytes, ending: str | None) -> None:
    out, error = read(data, resync=True)
    assert b"next" in out
    assert (error is None) if ending is None else (error or "").startswith(ending)


class Counted(io.BytesIO):
    """Counts the bytes that are read."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


def test_resync_reads_each_byte_once() -> None:
    member = gz(NOISE[:5000])
    data = flipped(member, 2000) * 200 + gz(b"end")
    file = Counted(data)
    assert opened(file, data[:4], resync=True).read().endswith(b"end")
    assert file.count == len(data)


def test_closing_closes_the_file() -> None:
    file = io.BytesIO(gz(b"a"))
    opened(file, b"\x1f\x8b").close()
    assert file.closed


@pytest.mark.parametrize("name", ["a.gz", "a.zst"])
def test_packer_makes_a_member_a_commit(name: str) -> None:
    packer = Packer(name)
    first = packer.give(b"one ") + packer.give(b"more ") + packer.end() + packer.end()
    second = packer.give(b"two") + packer.end()
    assert (unpacked(first), unpacked(second), unpacked(first + second)) == (b"one more ", b"two", b"one more two")


@pytest.mark.parametrize(("name", "wanted"), [("a.gz", True), ("a.zst", True), ("a.jsonl", False)])
def test_packer_wanted(name: str, wanted: bool) -> None:
    assert Packer.wanted(name) is wanted
