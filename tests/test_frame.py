"""Damaged web archives: damage costs no more than the records that it hit, and is said."""

from __future__ import annotations

import base64
import gzip
import io
import os
import random
import re
import threading
from collections.abc import Callable
from itertools import accumulate
from typing import Any, BinaryIO

import pytest

from cleaner.read.unpack import opened
from cleaner.records import archive
from cleaner.records.archive import pages
from cleaner.records.chunk import Page, Reject
from cleaner.records.frame import Window
from cleaner.types import InputError
from tests.warc import HTML, Found, found, http, page, warc

pytest.importorskip("fastwarc")

# Each makes of a record one that is damaged, with what follows from it: the reason.
DAMAGE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "rubbish": (lambda one: b"rubbish\x00\xff" * 99, "no record begins here"),
    "rubbish-in-lines": (lambda one: b"\r\n\r\nrubbish\r\n\r\n", "no record begins here"),
    "no-version": (lambda one: b"X" + one[1:], "no record begins here"),
    "length-too-long": (lambda one: warc(http(), number=9, length=700), "does not end where it says|is cut off"),
    "length-much-too-long": (lambda one: warc(http(), number=9, length=10**6), "is cut off, or its length wrong"),
    "length-too-short": (lambda one: warc(http(), number=9, length=50), "does not end where it says, after 50 bytes"),
    "length-not-to-be-believed": (lambda one: warc(http(), number=9, length=1 << 31), "records of up to"),
    "length-broken": (lambda one: one.replace(b"Length: ", b"Length: x", 1), "how long"),
    "length-without-end": (lambda one: one.replace(b"Length: ", b"Length: " + b"9" * 5000, 1), "how long"),
    "no-length": (lambda one: one.replace(b"Content-Length", b"X", 1), "how long"),
    "line-in-header": (lambda one: one.replace(b"WARC-Date:", b"WARC-Date", 1), "no field"),
    "no-empty-line": (lambda one: one.replace(b"\r\n\r\n", b"\r\n", 1), "no field"),
    "header-without-end": (lambda one: one.replace(b"\r\n\r\n", b"\r\n" + b"X: y\r\n" * 20_000, 1), "has no end"),
    "body-cut": (lambda one: one[:-20], "does not end where it says|is cut off"),
    "header-cut": (lambda one: one[:60], "."),
    "header-cut-in-a-value": (lambda one: one[:90], "."),
    "something-inserted": (lambda one: one[:-20] + b"ab" + one[-20:], "does not end where it says"),
}


@pytest.mark.parametrize("where", ["beginning", "middle", "end"])
@pytest.mark.parametrize(("damage", "reason"), DAMAGE.values(), ids=DAMAGE)
def test_damage_costs_the_record(damage: Callable[[bytes], bytes], reason: str, where: str) -> None:
    good = [warc(http(HTML * number), number=number) for number in range(1, 7)]
    place = {"beginning": 0, "middle": 3, "end": 6}[where]
    bad = damage(warc(http(), number=9))
    data = b"".join([*good[:place], bad, *good[place:]])
    things = found(data)
    assert [thing for thing in things if isinstance(thing, Page)] == [page(n, HTML * n) for n in range(1, 7)]
    (reject,) = (thing for thing in things if isinstance(thing, Reject))
    assert len(things) == 7
    assert re.search(reason, reject.reason)
    start = len(b"".join(good[:place])) + len(bad) - len(bad.lstrip())
    assert reject.reason.startswith(f"damaged at byte {start:,}: ")
    assert (reject.file, reject.number) == ("a.warc", place + 1)
    data = reject.record.encode() if reject.record is not None else base64.b64decode(reject.base64 or "")
    assert data == bad.lstrip()


def test_cut_off_in_the_line_ends_is_whole() -> None:
    for end in range(4):
        assert found((warc(http()) * 2)[: -4 + end]) == [page(), page()]


def test_changed_line_ends_behind_a_record() -> None:
    assert found(warc(http())[:-4] + b"\r\nxx" + warc(http(), number=2)) == [page(), page(2)]


def test_page_about_archives() -> None:
    body = HTML + warc(http(), number=9) * 2 + HTML
    assert found(warc(http(body)) + warc(http(), number=2)) == [page(1, body), page(2)]


def test_lost_part_that_ends_in_the_next_record() -> None:
    text = b"text\r\n\r\nmore"
    first = warc(text, "conversion", says="", length=len(text) + 4 + len(warc(text)) - 4 - 4 - len(text) + 4)
    things = found(first + warc(text, "conversion", 2, says="").replace(b"more", b"") + b"X" + warc(http(), number=3))
    assert [type(thing) for thing in things] == [Reject, Reject, Page]


def test_address_that_ends_like_a_record_begins() -> None:
    data = warc(http()).replace(b"example.org/1", b"example.org/WARC/1.0")
    assert found(data * 2) == [page()._replace(url="http://example.org/WARC/1.0")] * 2


def test_much_rubbish_is_not_shown() -> None:
    rubbish = b"rubbish" * 200_000
    things = found(warc(http()) + rubbish + warc(http(), number=2))
    assert things == [page(), Reject("a.warc", 2, things[1].reason, None), page(2)]


class Broken(io.RawIOBase):
    """Gives the data, then an error."""

    def __init__(self, data: bytes, error: Exception) -> None:
        self._data, self._error = io.BytesIO(data), error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        count = self._data.readinto(buffer)
        if not count:
            raise self._error
        return count


def all_of(stream: BinaryIO) -> tuple[Found, str | None]:
    things: Found = []
    try:
        for thing in pages(stream, "a.warc"):
            things.append(thing)
    except (InputError, OSError) as error:
        return things, str(error)
    return things, None


@pytest.mark.parametrize("error", [InputError("is cut off"), OSError("no disk")])
def test_stream_that_breaks(error: Exception) -> None:
    data = warc(http()) * 3
    things, said = all_of(io.BufferedReader(Broken(data[:-9], error)))
    assert things[:2] == [page(), page()]
    assert "is cut off" in things[2].reason
    assert said == str(error)
    things, said = all_of(io.BufferedReader(Broken(data, error)))
    assert (things, said) == ([page()] * 3, str(error))


def test_pipe() -> None:
    data = b"".join(warc(http(HTML * 99), number=n) for n in range(50))
    data = data[:1000] + b"?" + data[1000:]
    ends = os.pipe()
    with open(ends[0], "rb") as stream, open(ends[1], "wb") as sink:
        writer = threading.Thread(target=lambda: (sink.write(data), sink.close()))
        writer.start()
        things = list(pages(stream, "-"))
        writer.join()
    assert isinstance(things[0], Reject)
    assert things[1:] == [page(n, HTML * 99) for n in range(1, 50)]


class Watched(Window):
    """Remembers how much was held, and how much was read."""

    most = read = 0

    def has(self, count: int) -> bool:
        before = self.place + len(self.data) - self.at
        there = super().has(count)
        Watched.read += self.place + len(self.data) - self.at - before
        Watched.most = max(Watched.most, len(self.data))
        return there


RUNS = {
    "rubbish": b"rubbish" * 1_000_000,
    "line-ends": b"\r\n" * 3_000_000,
    "lengths-too-long": warc(http(), length=5000) * 2000,
    "lengths-not-to-be-believed": warc(http(), length=1 << 40) * 2000,
    "starts": b"WARC/1.0\r\nX:" * 20_000,
    "starts-at-lines": b"WARC/1.0\r\nX:y\r\n" * 20_000,
    "starts-with-an-end": (b"WARC/1.0\r\nX:" * 4000 + b"\r\n\r\n") * 4,
    "records": warc(http(HTML * 300)) * 500,
}


@pytest.mark.parametrize("data", RUNS.values(), ids=RUNS)
def test_holds_little_and_reads_once(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "Window", Watched)
    Watched.most = Watched.read = 0
    found(data)
    assert Watched.read == len(data)
    assert Watched.most < 1_500_000


def records_of_all_kinds(chance: random.Random) -> list[tuple[bytes, Page | None]]:
    made: list[tuple[bytes, Page | None]] = []
    for number in range(1, 31):
        body = b"<html>%d" % number + chance.randbytes(chance.randrange(60, 500))
        if chance.random() < 0.2:
            made.append((warc(b"a: %d" % number * 20, "metadata", number, says="text/plain"), None))
        elif chance.random() < 0.2:
            made.append((warc(body, "conversion", number, says="text/plain"), page(number, body, None, False)))
        else:
            made.append((warc(http(body), number=number), page(number, body)))
    return made


def damaged(chance: random.Random, data: bytes) -> tuple[bytes, list[int]]:
    """The data after some damage, and for each byte where it was; -1 for a new one."""
    now, origin = bytearray(data), list(range(len(data)))
    for _ in range(chance.randint(1, 4)):
        place, size = chance.randrange(len(now) or 1), chance.choice((1, 2, 4, 30, 300, 1500))
        how = chance.choice(("flip", "insert", "delete") * 3 + ("cut",))
        if how == "flip" and now:
            now[place] ^= 1 << chance.randrange(8)
            origin[place] = -1
        elif how == "insert":
            now[place:place] = chance.randbytes(size)
            origin[place:place] = [-1] * size
        elif how in ("delete", "cut"):
            stop = place + size if how == "delete" else len(now)
            del now[place:stop], origin[place:stop]
    return bytes(now), origin


def spared(parts: list[bytes], origin: list[int]) -> list[bool]:
    """For each part whether it is there, and the one before it: whole and unchanged."""
    at = {place: i for i, place in enumerate(origin) if place >= 0}
    there, start = [True], 0
    for part in parts:
        first = at.get(start, -1)
        there.append(first >= 0 and origin[first : first + len(part)] == list(range(start, start + len(part))))
        start += len(part)
    return [there[i] and there[i + 1] for i in range(len(parts))]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("seed", range(150))
def test_random_damage(seed: int, packed: bool) -> None:
    chance = random.Random(seed)
    made = records_of_all_kinds(chance)
    parts = [gzip.compress(data, mtime=0) if packed else data for data, _ in made]
    data, origin = damaged(chance, b"".join(parts))
    stream = opened(io.BytesIO(data), b"\x1f\x8b" if packed else b"", resync=packed)
    things, error = all_of(stream)
    assert packed or error is None
    got = [thing for thing in things if isinstance(thing, Page)]
    known = [item for _, item in made if item]
    order = [known.index(item) for item in got if item in known]
    assert order == sorted(set(order))
    is_spared = spared(parts, origin)
    assert all(item in got for (_, item), fine in zip(made, is_spared, strict=True) if fine and item)
    assert len(got) - len(order) <= (0 if packed else is_spared.count(False))
    whole = len(things) - len([thing for thing in things if isinstance(thing, Reject)])
    assert whole <= 30
    ends = {end for stop in accumulate(map(len, parts)) for end in range(stop - 4, stop + 1)}
    assert whole == 30 or whole < len(things) or error or origin[-1] + 1 in ends  # cut there, it is an archive
