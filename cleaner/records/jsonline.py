"""One line of JSON, read and edited in place: what is not written keeps its very characters, numbers and order too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from json import decoder
from typing import Any, Final, NamedTuple

from cleaner.records.article import Article
from cleaner.records.fields import Fields
from cleaner.types import InputError

_SPACE: Final = re.compile(r"[ \t\r\n]*")
# The two steps of the standard library's own decoder, in C: a string, and any value, from a place on.
_STRING: Final[Callable[[str, int, bool], tuple[str, int]]] = decoder.scanstring  # type: ignore[attr-defined]
# An integer of thousands of digits, which Python refuses to read, is only passed through: its value does not matter.
_DECODER: Final = json.JSONDecoder(parse_int=lambda digits: int(digits) if len(digits) < 1000 else float(digits[:300]))
_VALUE: Final[Callable[[str, int], tuple[object, int]]] = _DECODER.scan_once  # type: ignore[attr-defined]


class Member(NamedTuple):
    """A value of an object: where its characters begin and end in the line, and what it is."""

    start: int
    end: int
    value: object


class JsonLine:
    """An object on a line. Raises InputError, which says where the line is wrong, unless it is one."""

    def __init__(self, line: str) -> None:
        self._line = line
        self._objects: dict[int, tuple[dict[str, Member], int]] = {}
        self._edits: list[tuple[int, int, str]] = []
        self._added: dict[int, dict[str, object]] = {}
        """What objects get beside what they have, by where they end."""
        start = _after_space(line, 0)
        if not line.startswith("{", start):
            raise InputError(f"not a JSON object: begins with {line[start : start + 20]!r}")
        try:
            self._root = start
            end = _after_space(line, self._object(start)[1])
        except StopIteration as error:
            raise InputError(f"not JSON: a value is missing at character {error.value}") from None
        except json.JSONDecodeError as error:
            raise InputError(f"not JSON: {error.msg} at character {error.pos}") from None
        except RecursionError:
            raise InputError("not read: nested too deep") from None
        if end != len(line):
            raise InputError(f"not JSON: something follows the object at character {end}")

    def get(self, name: str) -> object:
        """The value that dotted names lead to. Raises KeyError where one of them is not there."""
        member = self._member(name)
        if member is None:
            raise KeyError(name)
        return member.value

    def put(self, name: str, value: object) -> None:
        """Writes the value there: in place of the one that stands there, else as the object's last.
        Raises InputError where the names lead through something that is no object."""
        parts = name.split(".")
        at = self._root
        for depth, part in enumerate(parts):
            members, end = self._object(at)
            found = members.get(part)
            if found is None:
                self._add(end, name, depth, value)
                return
            if depth == len(parts) - 1:
                self._edits.append((found.start, found.end, dumps(value)))
                return
            if not isinstance(found.value, dict):
                kind = kind_of(found.value)
                raise InputError(f"field {name!r}: {'.'.join(parts[: depth + 1])!r} is {kind}, not an object")
            at = found.start

    def _add(self, end: int, name: str, depth: int, value: object) -> None:
        """Puts the value into what the object that ends there gets beside what it has."""
        *inner, last = name.split(".")[depth:]
        at: Any = self._added.setdefault(end, {})
        for part in inner:
            at = at.setdefault(part, {})
            if not isinstance(at, dict):
                raise InputError(f"field {name!r}: {part!r} is {kind_of(at)}, not an object")
        at[last] = value

    def written(self) -> str:
        """The line with all that was put."""
        edits = list(self._edits)
        for end, added in self._added.items():
            comma = "" if self._line[: end - 1].rstrip().endswith("{") else ", "
            more = ", ".join(f"{dumps(name)}: {dumps(value)}" for name, value in added.items())
            edits.append((end - 1, end - 1, comma + more))
        done, at = [], 0
        for start, end, text in sorted(edits):
            done += [self._line[at:start], text]
            at = end
        return "".join(done) + self._line[at:]

    def names(self) -> list[str]:
        """The names of the object's members."""
        return list(self._object(self._root)[0])

    def _member(self, name: str) -> Member | None:
        member = Member(self._root, 0, {})
        for part in name.split("."):
            if member.value is None:
                return member  # what is in nothing is nothing, as in a table
            if not isinstance(member.value, dict):
                return None
            found = self._object(member.start)[0].get(part)
            if found is None:
                return None
            member = found
        return member

    def _object(self, start: int) -> tuple[dict[str, Member], int]:
        """The members of the object that begins here, and where it ends."""
        if start not in self._objects:
            self._objects[start] = _object(self._line, start)
        return self._objects[start]


def _object(line: str, start: int) -> tuple[dict[str, Member], int]:
    members: dict[str, Member] = {}
    at = _after_space(line, start + 1)
    if line.startswith("}", at):
        return members, at + 1
    while True:
        if not line.startswith('"', at):
            raise json.JSONDecodeError("a name in double quotes is missing", line, at)
        name, at = _STRING(line, at + 1, True)
        at = _after_space(line, at)
        if not line.startswith(":", at):
            raise json.JSONDecodeError("a colon is missing", line, at)
        at = _after_space(line, at + 1)
        value, end = _VALUE(line, at)
        members[name] = Member(at, end, value)  # of a name said twice the last counts, as everywhere
        at = _after_space(line, end)
        if line.startswith("}", at):
            return members, at + 1
        if not line.startswith(",", at):
            raise json.JSONDecodeError("a comma is missing", line, at)
        at = _after_space(line, at + 1)


def _after_space(line: str, at: int) -> int:
    return _SPACE.match(line, at).end()  # type: ignore[union-attr]


def dumps(value: object, default: Callable[[object], object] | None = None, indent: int | None = None) -> str:
    """JSON that can be written as UTF-8: characters as they are, but for halves of surrogate pairs. `default` gives
    something for a value that JSON has not got."""
    text = json.dumps(value, ensure_ascii=False, default=default, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, default=default, indent=indent)
    return text


def kind_of(value: object) -> str:
    """What JSON calls a value of this type."""
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def article(record: JsonLine, fields: Fields) -> Article | None:
    """The article that a record holds; None where its text is null. Raises InputError for a field that is missing or of
    the wrong type."""
    page = _text(record, fields.html) if fields.html and not (fields.texts and _absent(record, fields.html)) else None
    text = _text(record, fields.texts) if page is None and fields.texts else None
    if page is None and text is None:
        return None
    if fields.fresh and not _absent(record, fields.fresh):
        raise InputError(f"there is a field {fields.fresh!r} already; name where the text of pages goes")
    known = {what: _known(record, *look) for what, look in fields.known.items() if what != "id"}
    return Article(text if page is None else page, page is not None, **known)  # type: ignore[arg-type]


def missing(record: JsonLine, fields: Fields) -> list[str]:
    """The fields that were named and may be missing, and are."""
    return [name for name, asked in fields.known.values() if asked and _absent(record, name)]


def name_of(record: JsonLine, fields: Fields) -> str | None:
    """What the record calls itself."""
    try:
        value = record.get(fields.known["id"][0])
    except KeyError:
        return None
    return value if isinstance(value, str) else None if value is None else dumps(value)


def _text(record: JsonLine, name: str) -> str | None:
    try:
        value = record.get(name)
    except KeyError:
        raise InputError(f"no field {name!r}; there are: {', '.join(record.names()) or 'none'}") from None
    if value is not None and not isinstance(value, str):
        raise InputError(f"field {name!r} is {kind_of(value)}; it must be a string")
    return value


def _known(record: JsonLine, name: str, asked: bool) -> str | None:
    try:
        value = record.get(name)
    except KeyError:
        return None
    if isinstance(value, str):
        return value
    if asked and value is not None:
        raise InputError(f"field {name!r} is {kind_of(value)}; it must be a string")
    return None


def _absent(record: JsonLine, name: str) -> bool:
    try:
        record.get(name)
    except KeyError:
        return True
    return False
