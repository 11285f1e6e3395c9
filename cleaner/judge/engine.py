"""Compiled regexes, and which engine runs them.

A rule that the lint has passed (every shipped one: CI sees to it) runs on the standard library's engine: it compiles in
a third of the time, and the lint has measured that no segment holds it up. Any other rule runs on the `regex` package
under a time limit, and finds nothing where it does not end in time. What only `regex` understands runs there too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

SECONDS: Final = 0.25
"""Time one regex gets for one segment. Rules that pass the lint need a fiftieth of it."""


class PatternError(Exception):
    """A pattern that neither engine can compile."""


class Compiled:
    """A regex, ready to search."""

    __slots__ = ("_late", "_limit", "_pattern", "search")

    def __init__(self, pattern: str, *, linted: bool, late: object = None) -> None:
        """`late` is what a search gives that takes too long."""
        self._late = late
        self._limit: dict[str, float] = {}
        self._pattern: Any = plain(pattern) if linted else None
        self.search: Callable[[str], object]
        """Gives None if the regex is not found in a text."""
        if self._pattern is not None:
            self.search = self._pattern.search
            return
        import regex  # 15 ms to import

        try:
            self._pattern = regex.compile(pattern)
        except regex.error as error:
            raise PatternError(str(error)) from error
        self._limit = {"timeout": SECONDS}
        self.search = self._in_time

    def _in_time(self, text: str) -> object:
        try:
            return self._pattern.search(text, **self._limit)
        except TimeoutError:
            return self._late

    def spans(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Where it is found between two offsets; nowhere if it takes too long."""
        try:
            return [match.span() for match in self._pattern.finditer(text, start, end, **self._limit)]
        except TimeoutError:
            return []


@cache
def unless(pattern: str, *, linted: bool) -> Compiled:
    """The regex by which segments stay, one for all rules that share it; what takes too long stays."""
    return Compiled(pattern, linted=linted, late=True)


def plain(pattern: str) -> re.Pattern[str] | None:
    """The regex for the standard library's engine; None if it does not understand it."""
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
