"""A rule file as it stands on disk: read, parsed, and able to say on which line a key was written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import tomli

from cleaner.types import RuleError

_HEAD: Final = re.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.MULTILINE)
_NO_KEY: Final = re.compile(
    r'''
      """(?:\\.|[^\\])*?"""   # strings over several lines
    | \'{3}.*?\'{3}
    | "(?:\\.|[^"\\\n])*"     # strings on one line
    | '[^'\n]*'
    | \#[^\n]*                # comments
    ''',
    re.VERBOSE | re.DOTALL,
)
_AT: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Source:
    """One rule file. Nothing in it has been checked but that it is TOML."""

    def __init__(self, path: Path) -> None:
        """Raises RuleError for a file that cannot be read, is not UTF-8 or not TOML."""
        self.path = path
        try:
            raw = path.read_bytes()
            text = raw.decode("utf-8-sig")
        except OSError as error:
            raise RuleError(f"{path}: cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            what = f"not UTF-8 (byte 0x{raw[error.start]:02x}); save the file as UTF-8"
            raise RuleError(f"{path}:{line}: {what}") from error
        self._text = text
        self.data = self._parse(text)
        self._heads = self._find_heads(text)

    def _find_heads(self, text: str) -> list[int]:
        """Where each [[rule]] begins."""
        heads = [head.start() for head in _HEAD.finditer(text)]
        entries = self.data.get("rule")
        if isinstance(entries, list) and len(entries) == len(heads):
            return heads
        return [head.start() for head in _HEAD.finditer(_keys_only(text))]  # one stood in a string

    def _parse(self, text: str) -> dict[str, Any]:
        try:
            return tomli.loads(text)
        except tomli.TOMLDecodeError as error:
            at = _AT.search(str(error))
            line = int(at[1]) if at and at[1] else text.count("\n") + 1
            raise self.error(line, f"not TOML: {_AT.sub('', str(error))}; see https://toml.io") from error
        except RecursionError as error:
            raise self.error(1, "not TOML: nested too deep; a rule file nests two deep") from error

    def line_of_rule(self, number: int) -> int:
        """The line of the [[rule]] with this number, from 0; 1 where rules are written in another way."""
        return self._line(self._heads[number]) if number < len(self._heads) else 1

    def line_of(self, key: str, number: int | None = None) -> int:
        """The line on which a key of the rule (of the file's top if None) is set; else where the rule begins."""
        start, end = self._part(number)
        found = re.compile(rf"(?<![\w-]){re.escape(key)}[ \t]*[=.\]]").search(_keys_only(self._text), start, end)
        return self._line(found.start() if found else start)

    def _part(self, number: int | None) -> tuple[int, int]:
        """Where the text of one rule, or what stands before the first one, begins and ends."""
        if number is None:
            return 0, len(self._text)
        edges = [*self._heads, len(self._text)]
        return (edges[number], edges[number + 1]) if number < len(self._heads) else (0, len(self._text))

    def _line(self, offset: int) -> int:
        return self._text.count("\n", 0, offset) + 1

    def error(self, line: int, what: str) -> RuleError:
        """An error that names the file and the line."""
        return RuleError(f"{self.path}:{line}: {what}")


def _keys_only(text: str) -> str:
    """The text with strings and comments blanked, so that what looks like a key is one. Same length, same lines."""
    return _NO_KEY.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
