"""The user's articles, one at a time, as JSON lines and Parquet hold them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from cleaner.judge.rulebook import on_site
from cleaner.pipeline import host_of
from cleaner.read.input import Input, look_at
from cleaner.records.chunk import Chunk, Reject
from cleaner.records.jsonline import JsonLine
from cleaner.records.source import Reader
from cleaner.rulekit.mine.settings import How
from cleaner.types import InputError, UsageError

_DAY: Final = re.compile(r"((?:19|20)\d\d)-?(\d\d)-?(\d\d)")
_DAY_IN_URL: Final = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?!\d)")
_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_FRONT: Final = re.compile(r"(?:www\d*|m|amp|mobile|edition)\.(?=[a-z0-9-]+\.)(?!(?:co|com|org|net|ac|gov)\.[a-z]{2}$)")
"""Labels in front of one publisher's name: the same site on another machine, or for another screen."""


class Entry(NamedTuple):
    """One article. `id` is the same for the same text of the same host, in whatever order articles come."""

    id: int
    host: str
    """The site, as `site_of` names it."""
    url: str
    day: int
    """As the number YYYYMMDD; 0 if unknown."""
    text: str


class Trouble(NamedTuple):
    """A record that is no article: where it stands, and what it lacks."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def site_of(host: str, wanted: str | None = None) -> str:
    """The site that a host belongs to: `wanted` where it is that host or below it, else the host without labels such as
    `www2` and `m`."""
    if wanted is not None and on_site(host, [wanted]):
        return wanted
    while found := _FRONT.match(host):
        host = host[found.end() :]
    return host


def inputs(names: Sequence[str]) -> list[Input]:
    """The files, looked at. Raises InputError and OSError; UsageError for what cannot be read twice."""
    found = []
    for name in names:
        if name == "-":
            raise UsageError("mining reads its input twice; name a file in place of -")
        try:
            item = look_at(name)
        except InputError as error:
            raise InputError(f"{name}: {error}") from error
        if item.stream is not None:
            raise UsageError(f"{name}: mining reads its input twice, and a pipe can be read once; name a file")
        if item.shape not in ("jsonl", "parquet", "folder"):
            raise InputError(f"{name}: is {item.shape}; give JSON lines or Parquet with the address of each article")
        found.append(item)
    return found


def entries(found: Sequence[Input], how: How, tell: Callable[[Trouble], None]) -> Iterator[Entry]:
    """Every article with a text and a host, in order; `tell` takes what is none."""
    for chunk in Reader(found):
        if isinstance(chunk, Reject):
            tell(Trouble(f"{chunk.file}:{chunk.number}" if chunk.number else chunk.file, chunk.reason))
        elif chunk.kind not in ("jsonl", "parquet"):
            tell(Trouble(f"{chunk.file}:{chunk.first}", "neither JSON lines nor Parquet"))
        else:
            yield from _of_chunk(chunk, how, tell)


def _of_chunk(chunk: Chunk, how: How, tell: Callable[[Trouble], None]) -> Iterator[Entry]:
    items = _rows(chunk, how) if chunk.kind == "parquet" else chunk.items
    for number, item in enumerate(items, chunk.first):
        if isinstance(item, bytes) and not item.strip():
            continue
        try:
            entry = _entry(_line(item) if isinstance(item, bytes) else _getter(item), how)
        except InputError as error:
            tell(Trouble(f"{chunk.file}:{number}", str(error)))
        else:
            if entry is not None:
                yield entry


def _rows(chunk: Chunk, how: How) -> Sequence[object]:
    """The records of a batch, no more of each than is asked for."""
    batch: Any = chunk.items[0]
    wanted = {name.split(".")[0] for name in (how.text, how.url, how.date)}
    rows: Sequence[object] = batch.select([name for name in batch.schema.names if name in wanted]).to_pylist()
    return rows


def _line(raw: bytes) -> Callable[[str], object]:
    try:
        return JsonLine(raw.decode()).get
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}") from None


def _getter(record: object) -> Callable[[str], object]:
    def get(name: str) -> object:
        value = record
        for part in name.split("."):
            if not isinstance(value, dict) or part not in value:
                raise KeyError(name)
            value = value[part]
        return value

    return get


def _entry(get: Callable[[str], object], how: How) -> Entry | None:
    """The article; None where its text is null. Raises InputError for a field that is missing or of another type."""
    text, url = _text(get, how.text, "--field"), _text(get, how.url, "--url-field")
    if text is None:
        return None
    host = host_of(url) or ""
    if url is None or not _HOST.fullmatch(host):
        raise InputError(f"field {how.url!r} has no host: {url!r}; give the article's address")
    host = site_of(host, how.site)
    try:
        day = _day(get(how.date))
    except KeyError:
        day = 0
    if not day and (found := _DAY_IN_URL.search(url)):
        day = int("".join(found.groups()))
    return Entry(number_of(f"{host}\n{text}"), host, url, day, text)


def _text(get: Callable[[str], object], name: str, option: str) -> str | None:
    try:
        value = get(name)
    except KeyError:
        raise InputError(f"no field {name!r}; say with {option} what it is called") from None
    if value is not None and not isinstance(value, str):
        raise InputError(f"field {name!r} is no string")
    return value


def _day(value: object) -> int:
    if isinstance(value, datetime.date):
        return value.year * 10000 + value.month * 100 + value.day
    found = _DAY.match(value.strip()) if isinstance(value, str) else None
    return int("".join(found.groups())) if found else 0


def number_of(text: str) -> int:
    """A number of 64 bits that stands for the text, the same in every run."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
