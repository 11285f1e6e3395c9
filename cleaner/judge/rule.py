"""TOML to `Rule`: reading and checking rule files. Errors name file, line and what would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import tomli

from cleaner.judge.phrase import SLOTS, unknown_slot
from cleaner.types import ACTIONS, KINDS, LEVELS, SCOPES, Between, Example, Rule, RuleError

FORMAT: Final = 1
_TEXT, _LIST, _FLAG, _NUMBER, _TABLE = "a string", "a list of strings", "true or false", "a number", "a table"
_KEYS: Final[dict[str, str]] = {
    "id": _TEXT, "kind": _TEXT, "why": _TEXT, "source": _TEXT, "action": _TEXT, "scope": _TEXT, "level": _TEXT,
    "phrases": _LIST, "match": _TEXT, "between": _TABLE, "fuzzy": _NUMBER, "case": _FLAG, "needs": _LIST,
    "sites": _LIST, "longest": _NUMBER, "strips": "examples", "keeps": "examples", "todo": "examples",
}  # fmt: skip
_BETWEEN_KEYS: Final = ("first", "inside", "last", "cues")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {"kind": KINDS, "action": ACTIONS, "scope": SCOPES, "level": LEVELS}
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SITE: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_RULE_LINE: Final = re.compile(r"^\s*\[\[\s*rule\s*\]\]", re.MULTILINE)
_TOML_AT: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
MAX_FUZZY: Final = 0.3
LONGEST: Final[dict[str, tuple[int, int]]] = {"segment": (400, 2000), "inline": (400, 2000), "block": (3000, 12000)}
"""Scope -> default and largest `longest`, in characters."""


def load_file(path: Path, root: Path) -> tuple[Rule, ...]:
    """The rules of one file; `root` is the folder that full ids start from.

    Raises RuleError for a file that cannot be read or used."""
    try:
        raw = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise RuleError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}: not UTF-8 (byte {error.start}); save the file as UTF-8") from error
    return tuple(_File(path, path.relative_to(root).with_suffix("").as_posix(), raw).rules())


def load_folder(root: Path) -> tuple[Rule, ...]:
    """The rules of every `*.toml` below the folder, in the order of their paths. Raises RuleError."""
    if not root.is_dir():
        raise RuleError(f"{root}: no such folder; give the folder that holds rule files")
    files = sorted(path for path in root.rglob("*.toml") if path.is_file())
    if not files:
        raise RuleError(f"{root}: no rule file in it; rule files end in .toml")
    return unique(rule for path in files for rule in load_file(path, root))


def unique(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules, once it is sure that no two share a full id. Raises RuleError."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        if first := seen.get(rule.id):
            raise RuleError(
                f"{rule.file}:{rule.line}: rule {rule.id!r} is already in {first.file}:{first.line}; give it another id"
            )
        seen[rule.id] = rule
    return tuple(seen.values())


class _File:
    """One rule file while it is read: knows where things stand, for errors."""

    def __init__(self, path: Path, prefix: str, raw: str) -> None:
        self.path, self.prefix, self.raw = path, prefix, raw
        self.heads = [raw.count("\n", 0, head.start()) + 1 for head in _RULE_LINE.finditer(raw)]

    def rules(self) -> Iterator[Rule]:
        try:
            data = tomli.loads(self.raw)
        except tomli.TOMLDecodeError as error:
            text = str(error)
            at = _TOML_AT.search(text)
            line = at[1] if at and at[1] else str(self.raw.count("\n") + 1)
            raise RuleError(f"{self.path}:{line}: not TOML: {_TOML_AT.sub('', text)}") from error
        if data.get("format") != FORMAT:
            raise self.error(1, f"`format` is {data.get('format')!r}; write `format = {FORMAT}` on the first line")
        for name in data:
            if name not in ("format", "sites", "rule"):
                raise self.error(self.line_of(name), f"unknown key {name!r}; a file holds format, sites and [[rule]] entries")
        sites = self.sites(data.get("sites", []), self.line_of("sites"))
        entries = data.get("rule", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise self.error(self.line_of("rule"), "rules are written as [[rule]], with two brackets")
        for number, entry in enumerate(entries):
            line = self.heads[number] if number < len(self.heads) else 1
            yield self.rule(entry, number, line, sites)

    def rule(self, entry: dict[str, Any], number: int, line: int, sites: tuple[str, ...]) -> Rule:
        def fail(key: str, what: str) -> RuleError:
            return self.error(self.line_of(key, number), what)

        self.check_types(entry, fail)
        name = entry.get("id")
        if not name or not _ID.fullmatch(name):
            raise fail("id", f"id {name!r}; an id is lower-case letters, digits and hyphens, such as 'newsletter-signup'")
        for key in ("kind", "why"):
            if not entry.get(key):
                raise self.error(line, f"rule {name!r} has no `{key}`; {_hint(key)}")
        for key, allowed in _CHOICES.items():
            if key in entry and entry[key] not in allowed:
                raise fail(key, f"unknown {key} {entry[key]!r}; {_nearest(entry[key], allowed)}allowed: {', '.join(allowed)}")
        scope = entry.get("scope", "block" if "between" in entry else "segment")
        self.check_matcher(entry, scope, name, line, fail)
        default, most = LONGEST[scope]
        longest = entry.get("longest", default)
        if not isinstance(longest, int) or not 1 <= longest <= most:
            raise fail("longest", f"`longest` is {longest!r}; a {scope} rule takes 1 to {most}")
        keeping = entry.get("action") == "keep"
        between = entry.get("between")
        return Rule(
            id=f"{self.prefix}/{name}",
            kind=entry["kind"],
            why=entry["why"],
            file=str(self.path),
            line=line,
            action=entry.get("action", "strip"),
            scope=scope,
            level=entry.get("level", "cautious"),
            phrases=tuple(entry.get("phrases", ())),
            match=entry.get("match"),
            between=Between(*(tuple(between.get(k, ())) for k in _BETWEEN_KEYS[:3]), between.get("cues")) if between else None,
            fuzzy=float(entry.get("fuzzy", 0.0)),
            case=entry.get("case", False),
            needs=tuple(entry.get("needs", ())),
            sites=self.sites(entry["sites"], self.line_of("sites", number)) if "sites" in entry else sites,
            longest=longest,
            source=entry.get("source", ""),
            strips=self.examples(entry, "strips", number, line, same=keeping),
            keeps=self.examples(entry, "keeps", number, line, same=True),
            todo=self.examples(entry, "todo", number, line, same=keeping),
        )

    def check_types(self, entry: dict[str, Any], fail: Any) -> None:
        for key, value in entry.items():
            wanted = _KEYS.get(key)
            if wanted is None:
                raise fail(key, f"unknown key {key!r}; {_nearest(key, _KEYS)}allowed: {', '.join(_KEYS)}")
            fits = {
                _TEXT: isinstance(value, str),
                _LIST: _is_texts(value),
                _FLAG: isinstance(value, bool),
                _NUMBER: isinstance(value, int | float) and not isinstance(value, bool),
                _TABLE: isinstance(value, dict),
                "examples": isinstance(value, list),
            }[wanted]
            if not fits:
                raise fail(key, f"`{key}` must be {wanted if wanted != 'examples' else 'a list of texts'}")

    def check_matcher(self, entry: dict[str, Any], scope: str, name: str, line: int, fail: Any) -> None:
        given = [key for key in ("phrases", "match", "between") if key in entry]
        if len(given) != 1:
            raise self.error(line, f"rule {name!r} has {' and '.join(given) or 'no matcher'}; give one of phrases, match, between")
        if ("between" in entry) != (scope == "block"):
            raise self.error(line, f"rule {name!r}: scope \"block\" and `between` belong together")
        if scope == "inline" and "phrases" in entry:
            raise self.error(line, f"rule {name!r}: an inline rule cuts by `match`; phrases take whole segments")
        fuzzy = entry.get("fuzzy", 0)
        if not 0 <= fuzzy <= MAX_FUZZY or (fuzzy and "match" in entry):
            raise fail("fuzzy", f"`fuzzy` is {fuzzy}; 0 to {MAX_FUZZY}, with phrases or between")
        phrases = list(entry.get("phrases", ()))
        if "between" in entry:
            phrases = self.check_between(entry["between"], fail)
        if not phrases and "match" not in entry:
            raise fail("phrases", "no phrases; give at least one")
        for phrase in phrases:
            if (slot := unknown_slot(phrase)) is not None:
                raise fail(given[0], f"unknown slot {{{slot}}}; the slots are {', '.join(f'{{{s}}}' for s in SLOTS)}")
            if not any(char.isalnum() for char in phrase):
                raise fail(given[0], f"phrase {phrase!r} has no word in it; phrases compare words")
        for key in ("match", "cues"):
            pattern = entry.get(key) if key == "match" else (entry.get("between") or {}).get(key)
            if pattern is not None and not entry.get("case") and re.search(r"(?<!\\)(?:\\\\)*[A-Z]", re.sub(r"\\.", "", re.sub(r"\(\?P?<\w+>|\\[pP]\{\w+\}|\(\?[a-zA-Z]+[:)]", "", pattern))):
                raise fail(key, f"`{key}` has capitals, and rules read lower case; write it in lower case or set `case = true`")

    def check_between(self, between: dict[str, Any], fail: Any) -> list[str]:
        for key, value in between.items():
            if key not in _BETWEEN_KEYS:
                raise fail(key, f"unknown key {key!r} in `between`; allowed: {', '.join(_BETWEEN_KEYS)}")
            if not (isinstance(value, str) if key == "cues" else _is_texts(value)):
                raise fail(key, f"`between.{key}` must be {_TEXT if key == 'cues' else _LIST}")
        if not between.get("first"):
            raise fail("between", "`between` needs `first`: the phrases that open the block")
        return [phrase for key in _BETWEEN_KEYS[:3] for phrase in between.get(key, ())]

    def examples(self, entry: dict[str, Any], key: str, number: int, line: int, *, same: bool) -> tuple[Example, ...]:
        given = entry.get(key, [])
        if not given and key != "todo":
            raise self.error(line, f"rule {entry['id']!r} has no `{key}`; {_hint(key)}")
        examples = []
        for item in given:
            if isinstance(item, str):
                examples.append(Example(item, item if same else ""))
            elif isinstance(item, dict) and set(item) == {"text", "gives"} and all(isinstance(v, str) for v in item.values()):
                examples.append(Example(item["text"], item["gives"]))
            else:
                raise self.error(self.line_of(key, number), f"`{key}` holds texts, or {{ text = \"...\", gives = \"...\" }}")
        return tuple(examples)

    def sites(self, given: Any, line: int) -> tuple[str, ...]:
        if not _is_texts(given):
            raise self.error(line, "`sites` must be a list of hosts, such as [\"example.org\"]")
        for site in given:
            if not _SITE.fullmatch(site):
                raise self.error(line, f"site {site!r}; write the host alone, in lower case, such as \"example.org\"")
        return tuple(given)

    def line_of(self, key: str, number: int | None = None) -> int:
        """The line on which a key of the rule (of the file's top if None) is set; else where the rule begins."""
        start = 1 if number is None or number >= len(self.heads) else self.heads[number]
        after = 0 if number is None else number + 1
        stop = self.heads[after] if after < len(self.heads) else self.raw.count("\n") + 2
        lines = self.raw.split("\n")
        for at in range(start, min(stop, len(lines) + 1)):
            if re.match(rf"\s*(?:\[rule\.)?{re.escape(key)}\s*[=\]]", lines[at - 1]):
                return at
        return start

    def error(self, line: int, what: str) -> RuleError:
        return RuleError(f"{self.path}:{line}: {what}")


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _nearest(given: str, allowed: Iterable[str]) -> str:
    close = difflib.get_close_matches(given, list(allowed), 1)
    return f"did you mean {close[0]!r}? " if close else ""


def _hint(key: str) -> str:
    return {
        "kind": f"one of {', '.join(KINDS)}",
        "why": "say in a sentence what puts this text there",
        "strips": "give at least one text that must go",
        "keeps": "give at least one near miss: article text that resembles it and must stay",
    }[key]
