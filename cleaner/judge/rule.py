"""TOML to `Rule`: reading and checking rule files. Errors name file, line and what would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from cleaner.judge.pattern import has_capitals
from cleaner.judge.phrase import SLOTS, has_word, unknown_slot
from cleaner.judge.selector import parse
from cleaner.judge.source import Source
from cleaner.types import ACTIONS, KINDS, LEVELS, SCOPES, Between, Example, Rule, RuleError

FORMAT: Final = 1
MAX_FUZZY: Final = 0.3
LONGEST: Final[dict[str, tuple[int, int]]] = {"segment": (400, 2000), "inline": (400, 2000), "block": (3000, 12000)}
"""Scope -> default and largest `longest`, in characters."""

_TEXT, _TEXTS, _FLAG, _NUMBER, _TABLE = "a text", "a list of texts", "true or false", "a number", "a table"
_EXAMPLES: Final = 'a list of texts, or of { text = "...", gives = "..." }'
_SNIPPETS: Final = 'a list of HTML snippets, or of { html = "...", gives = "..." }'
_KEYS: Final[dict[str, str]] = {
    "id": _TEXT, "kind": _TEXT, "why": _TEXT, "source": _TEXT, "action": _TEXT, "scope": _TEXT, "level": _TEXT,
    "phrases": _TEXTS, "match": _TEXT, "between": _TABLE, "selector": _TEXT,
    "fuzzy": _NUMBER, "case": _FLAG, "within": _FLAG, "needs": _TEXTS, "unless": _TEXT, "sites": _TEXTS,
    "longest": _NUMBER, "strips": _EXAMPLES, "keeps": _EXAMPLES, "todo": _EXAMPLES,
}  # fmt: skip
_BETWEEN_KEYS: Final[dict[str, str]] = {"first": _TEXTS, "inside": _TEXTS, "last": _TEXTS, "cues": _TEXT}
_CHOICES: Final[dict[str, tuple[str, ...]]] = {"kind": KINDS, "action": ACTIONS, "scope": SCOPES, "level": LEVELS}
_MATCHERS: Final = ("phrases", "match", "between", "selector")
_OF_TEXT: Final = ("fuzzy", "case", "within", "needs", "unless")
"""Keys of rules that read text."""
_NEEDED: Final[dict[str, str]] = {
    "kind": f"one of {', '.join(KINDS)}",
    "why": "say in a sentence what puts this text there",
    "strips": "give at least one text that must go",
    "keeps": "give at least one near miss: article text that resembles it and must stay",
}
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PART: Final = re.compile(r"\{\{(\w+)\}\}")
_SHARED: Final = "parts.toml"
"""The file beside the folders of rules whose parts every one of their files may use."""
_SITE: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


def load_file(path: Path, root: Path, shared: Path | None = None) -> tuple[Rule, ...]:
    """The rules of one file; `root` is the folder that full ids start from, `shared` the one with the `parts.toml` that
    is used, the root if None.

    Raises RuleError for a file that cannot be read or used."""
    return tuple(_rules(Source(path), _prefix(path, root), _shared(shared or root)))


def load_folder(folder: Path, root: Path | None = None) -> tuple[Rule, ...]:
    """The rules of every `*.toml` below the folder, in the order of their paths; `root` as in `load_file`, the folder
    itself if None. Raises RuleError."""
    if not folder.is_dir():
        raise RuleError(f"{folder}: no such folder; give the folder that holds rule files")
    root = root or folder
    shared = root.absolute() / _SHARED
    files = sorted(path for path in folder.rglob("*.toml") if path.is_file() and path.absolute() != shared)
    if not files:
        raise RuleError(f"{folder}: no rule file in it; rule files end in .toml")
    parts = _shared(root)
    return unique(rule for path in files for rule in _rules(Source(path), _prefix(path, root), parts))


def _prefix(path: Path, root: Path) -> str:
    """What the full ids of a file's rules begin with."""
    return path.absolute().relative_to(root.absolute()).with_suffix("").as_posix()


def unique(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules, once it is sure that no two share a full id. Raises RuleError."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        if first := seen.get(rule.id):
            there = f"{first.file}:{first.line}"
            raise RuleError(f"{rule.file}:{rule.line}: rule {rule.id!r} is already in {there}; give it another id")
        seen[rule.id] = rule
    return tuple(seen.values())


def _shared(root: Path) -> dict[str, str]:
    """The parts that every file below the folder may use."""
    path = root / _SHARED
    if not path.is_file():
        return {}
    source = Source(path)
    _check_top(source, ("format", "parts"), "parts.toml holds format and parts alone")
    return _parts(source, source.data.get("parts", {}), {})


def _rules(source: Source, prefix: str, shared: dict[str, str]) -> Iterator[Rule]:
    """The rules of a file, each checked."""
    data = source.data
    _check_top(source, ("format", "sites", "parts", "rule"), "a file holds format, sites, parts and [[rule]] entries")
    sites = _sites(source, data.get("sites", []), source.line_of("sites"))
    parts = _parts(source, data.get("parts", {}), shared)
    entries = data.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise source.error(source.line_of("rule"), "rules are written as [[rule]], with two brackets")
    for number, table in enumerate(entries):
        yield _Entry(source, number, table).rule(prefix, sites, parts)


def _check_top(source: Source, keys: tuple[str, ...], allowed: str) -> None:
    """The file's format, and that it has no other keys."""
    data = source.data
    if "format" not in data:
        raise source.error(1, f"no `format`; write `format = {FORMAT}` on the first line")
    if data["format"] != FORMAT or not isinstance(data["format"], int) or isinstance(data["format"], bool):
        raise source.error(source.line_of("format"), f"`format` is {data['format']!r}; write `format = {FORMAT}`")
    for key in data:
        if key not in keys:
            raise source.error(source.line_of(key), f"unknown key {key!r}; {_nearest(key, keys)}{allowed}")


def _parts(source: Source, given: Any, shared: dict[str, str]) -> dict[str, str]:
    """The shared pieces of regexes and those that the file names, each with the earlier ones put in."""
    line = source.line_of("parts")
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise source.error(line, '`parts` must be a table of regexes, such as [parts] then day = "(?:mon|tue)"')
    parts = dict(shared)
    for name, value in given.items():
        try:
            parts[name] = f"(?:{_put_in(value, parts)})"
        except KeyError as error:
            what = f"unknown part {error.args[0]!r}; a part may use those above it"
            raise source.error(source.line_of(name), what) from error
    return parts


def _put_in(pattern: str, parts: dict[str, str]) -> str:
    """The pattern with `{{name}}` replaced by the part of that name. Raises KeyError for one that does not exist."""
    return _PART.sub(lambda found: parts[found[1]], pattern)


class _Entry:
    """One [[rule]] while it is read."""

    def __init__(self, source: Source, number: int, table: dict[str, Any]) -> None:
        self.source, self.number, self.table = source, number, table

    def rule(self, prefix: str, sites: tuple[str, ...], parts: dict[str, str]) -> Rule:
        """The rule, every key checked; `sites` and `parts` are those of the file."""
        self._check_keys()
        self._put_parts_in(parts)
        table = self.table
        scope = table.get("scope", "block" if table.keys() & {"between", "selector"} else "segment")
        self._check_matcher(scope)
        keeping = table.get("action") == "keep"
        between = table.get("between")
        return Rule(
            id=f"{prefix}/{table['id']}",
            kind=table["kind"],
            why=table["why"],
            file=str(self.source.path),
            line=self.source.line_of_rule(self.number),
            action=table.get("action", "strip"),
            scope=scope,
            level=table.get("level", "cautious"),
            phrases=tuple(table.get("phrases", ())),
            match=table.get("match"),
            between=None if between is None else self._between(between),
            selector=table.get("selector"),
            fuzzy=float(table.get("fuzzy", 0.0)),
            case=table.get("case", False),
            within=table.get("within", False),
            needs=tuple(table.get("needs", ())),
            unless=table.get("unless"),
            sites=_sites(self.source, table["sites"], self._line("sites")) if "sites" in table else sites,
            longest=self._longest(scope),
            source=table.get("source", ""),
            strips=self._examples("strips", same=keeping),
            keeps=self._examples("keeps", same=True),
            todo=self._examples("todo", same=keeping),
        )

    def _put_parts_in(self, parts: dict[str, str]) -> None:
        between = self.table.get("between", {})
        for table, key in ((self.table, "match"), (self.table, "unless"), (between, "cues")):
            if isinstance(table.get(key), str):
                try:
                    table[key] = _put_in(table[key], parts)
                except KeyError as error:
                    known = ", ".join(parts) or "none"
                    what = f"unknown part {error.args[0]!r}; [parts] of the file and of parts.toml: {known}"
                    raise self._error(key, what) from error

    def _check_keys(self) -> None:
        """Names, types and closed sets."""
        for key, value in self.table.items():
            if key not in _KEYS:
                raise self._error(key, f"unknown key {key!r}; {_nearest(key, _KEYS)}allowed: {', '.join(_KEYS)}")
            if not _fits(value, _KEYS[key]):
                raise self._error(key, f"`{key}` must be {_KEYS[key]}")
        name = self.table.get("id", "")
        if not _ID.fullmatch(name):
            given = f"id {name!r}" if name else "a rule without `id`"
            raise self._error("id", f"{given}; an id is lower-case letters, digits and hyphens, as 'newsletter-signup'")
        for key, hint in _NEEDED.items():
            value = self.table.get(key, "")
            if not (value.strip() if isinstance(value, str) else value):
                raise self._error(key, f"rule {name!r} has no `{key}`; {hint}")
        for key, allowed in _CHOICES.items():
            value = self.table.get(key, allowed[0])
            if value not in allowed:
                what = f"unknown {key} {value!r}; {_nearest(value, allowed)}allowed: {', '.join(allowed)}"
                raise self._error(key, what)

    def _check_matcher(self, scope: str) -> None:
        """One matcher, with the keys and the scope that go with it."""
        table, name = self.table, self.table["id"]
        given = [key for key in _MATCHERS if key in table]
        if len(given) != 1:
            said = " and ".join(given) or "no matcher"
            raise self._error("id", f"rule {name!r} has {said}; give one of {', '.join(_MATCHERS)}")
        matcher = given[0]
        if matcher == "selector":
            self._check_selector(scope)
            return
        if (matcher == "between") != (scope == "block"):
            raise self._error("scope", f'rule {name!r} has `{matcher}`; scope "block" and `between` belong together')
        if scope == "inline" and matcher == "phrases":
            raise self._error("scope", f"rule {name!r}: an inline rule cuts by `match`; phrases take whole segments")
        for key, fits, why in (
            ("fuzzy", matcher != "match", "goes with phrases or between: a regex does not drift"),
            ("case", matcher == "match", "goes with match: phrases and cues are compared in lower case"),
            ("within", scope == "segment", 'goes with scope "segment"'),
            ("unless", scope == "segment", 'goes with scope "segment"'),
        ):
            if table.get(key) and not fits:
                raise self._error(key, f"`{key}` {why}; leave it out")
        if not 0 <= table.get("fuzzy", 0) <= MAX_FUZZY:
            raise self._error("fuzzy", f"`fuzzy` is {table['fuzzy']}; give 0 to {MAX_FUZZY}")
        if not all(text.strip() for text in table.get("needs", ())):
            raise self._error("needs", "`needs` holds an empty text, which stands everywhere; take it out")
        for key in ("match", "unless"):
            if key in table:
                self._check_regex(key, table[key], case=table.get("case", False))
        if matcher == "phrases":
            self._check_phrases("phrases", table["phrases"])

    def _check_selector(self, scope: str) -> None:
        """A selector that can be read, with no key of rules that read text."""
        if scope == "inline":
            what = f"rule {self.table['id']!r} has `selector`, which takes whole blocks of a page"
            raise self._error("scope", f'{what}; give scope "block" or "segment"')
        for key in _OF_TEXT:
            if key in self.table:
                raise self._error(key, f"`{key}` goes with rules that read text; leave it out")
        try:
            parse(self.table["selector"])
        except ValueError as error:
            raise self._error("selector", f"`selector` {error}") from error

    def _check_phrases(self, key: str, phrases: list[str]) -> None:
        if not phrases:
            raise self._error(key, f"no phrase in `{key}`; give at least one")
        for phrase in phrases:
            if (slot := unknown_slot(phrase)) is not None:
                slots = ", ".join(f"{{{name}}}" for name in SLOTS)
                raise self._error(key, f"unknown slot {{{slot}}}; {_nearest(slot, SLOTS)}allowed: {slots}")
            if not has_word(phrase):
                raise self._error(key, f"phrase {phrase!r} has no word of its own; phrases compare words")

    def _check_regex(self, key: str, pattern: str, *, case: bool) -> None:
        if not pattern:
            raise self._error(key, f"`{key}` is empty and would match everything; write a regex")
        if not case and has_capitals(pattern):
            way = "write it in lower case" + (" or set `case = true`" if "match" in self.table else "")
            raise self._error(key, f"`{key}` has capitals, and rules read lower case; {way}")

    def _between(self, between: dict[str, Any]) -> Between:
        for key, value in between.items():
            if key not in _BETWEEN_KEYS:
                allowed = f"{_nearest(key, _BETWEEN_KEYS)}allowed: {', '.join(_BETWEEN_KEYS)}"
                raise self._error(key, f"unknown key {key!r} in `between`; {allowed}")
            if not _fits(value, _BETWEEN_KEYS[key]):
                raise self._error(key, f"`between.{key}` must be {_BETWEEN_KEYS[key]}")
        if not between.get("first"):
            raise self._error("between", "`between` needs `first`: the phrases that open the block")
        for key in ("first", "inside", "last"):
            if between.get(key):
                self._check_phrases(key, between[key])
        if "cues" in between:
            self._check_regex("cues", between["cues"], case=False)
        first, inside, last = (tuple(between.get(key, ())) for key in ("first", "inside", "last"))
        return Between(first, inside, last, between.get("cues"))

    def _longest(self, scope: str) -> int:
        default, most = LONGEST[scope]
        longest = self.table.get("longest", default)
        if not isinstance(longest, int) or not 1 <= longest <= most:
            raise self._error("longest", f"`longest` is {longest!r}; a {scope} rule takes a whole number, 1 to {most}")
        return longest

    def _examples(self, key: str, *, same: bool) -> tuple[Example, ...]:
        """The texts of a key; those without `gives` stay as they are if `same`, else go whole."""
        examples = []
        of_page = "selector" in self.table
        name, wanted = ("html", _SNIPPETS) if of_page else ("text", _EXAMPLES)
        for item in self.table.get(key, []):
            if isinstance(item, str):
                examples.append(Example(item, item if same else ""))
            elif isinstance(item, dict) and set(item) == {name, "gives"} and _is_texts([*item.values()]):
                examples.append(Example(item[name], item["gives"]))
            else:
                raise self._error(key, f"`{key}` must be {wanted}")
            if not examples[-1].text.strip():
                raise self._error(key, f"`{key}` holds an empty text; take it out")
            if of_page and "<" not in examples[-1].text:
                what = "of a selector must be HTML, such as '<aside class=\"donation\">Give.</aside>'"
                raise self._error(key, f"`{key}` {what}")
        return tuple(examples)

    def _line(self, key: str) -> int:
        return self.source.line_of(key, self.number)

    def _error(self, key: str, what: str) -> RuleError:
        return self.source.error(self._line(key), what)


def _sites(source: Source, given: Any, line: int) -> tuple[str, ...]:
    if not _is_texts(given):
        raise source.error(line, '`sites` must be a list of hosts, such as ["example.org"]')
    for site in given:
        if not _SITE.fullmatch(site):
            raise source.error(line, f'site {site!r}; write the host alone, in lower case, such as "example.org"')
    return tuple(given)


def _fits(value: Any, wanted: str) -> bool:
    """Whether the value is of the wanted type; a list of examples is looked at closer later."""
    if wanted == _NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted == _TEXTS:
        return _is_texts(value)
    return isinstance(value, {_TEXT: str, _FLAG: bool, _TABLE: dict, _EXAMPLES: list}[wanted])


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _nearest(given: str, allowed: Iterable[str]) -> str:
    close = difflib.get_close_matches(given, list(allowed), 1)
    return f"did you mean {close[0]!r}? " if close else ""
