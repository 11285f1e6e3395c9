"""Checked rules kept between runs, because checking 300 rules takes longer than cleaning an article.

The file's name is a hash of every rule file's path and content and of the code that reads them, so it cannot be stale.
It is JSON, read back field by field into `Rule`; anything that does not fit is as if it were not there. It lies in the
user's cache folder (`XDG_CACHE_HOME`, else `~/.cache`); where there is none or it cannot be written, rules are simply
read each time.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, Final

from cleaner.types import Between, Example, Reach, Rule

_CODE: Final = (
    "rule.py",
    "source.py",
    "phrase.py",
    "pattern.py",
    "literal.py",
    "selector.py",
    "cached.py",
    "../text.py",
    "../types.py",
)
_NAMES: Final = frozenset(field.name for field in fields(Rule))
_EXAMPLES: Final = ("strips", "keeps", "todo")
_TEXTS: Final = ("phrases", "needs", "sites")
_OTHERS: Final[dict[str, type]] = {
    "line": int, "longest": int, "fuzzy": float, "case": bool, "within": bool, "linted": bool
}  # fmt: skip
_PLAIN: Final = _NAMES - {*_EXAMPLES, *_TEXTS, *_OTHERS, "match", "between", "selector", "reach"}


def load_folder(root: Path) -> tuple[Rule, ...]:
    """The rules of the shipped folder, as `rule.load_folder` gives them, with their reach, and taken for linted.
    Raises RuleError."""
    files = sorted(path for path in root.rglob("*.toml") if path.is_file()) if root.is_dir() else []
    folder = _folder()
    kept = folder / f"rules-{_hash(root, files)}.json" if folder else None
    found = _read(kept) if kept else None
    if found is None:
        from cleaner.judge import literal, rule

        found = tuple(replace(literal.with_reach(item), linted=True) for item in rule.load_folder(root))
        if kept:
            _write(kept, found)
    return found


def _folder() -> Path | None:
    """The folder that kept rules lie in, None if the user has none.

    Source: the XDG Base Directory Specification, by which a relative path is as if it were not set."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():
        try:
            base = Path.home() / ".cache"
        except RuntimeError:  # no home is known
            return None
    return base / "article-cleaner" if base.is_absolute() else None


def _hash(root: Path, files: list[Path]) -> str:
    digest = hashlib.sha256(str(root.absolute()).encode())
    for path in (*files, *(Path(__file__).parent / name for name in _CODE)):
        with suppress(OSError):
            digest.update(f"\0{path}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _read(path: Path) -> tuple[Rule, ...] | None:
    """The rules of a kept file, or None if there is none or anything in it is not as written."""
    try:
        data = json.loads(path.read_bytes())
        return tuple(map(_rule, data["rules"])) if data["files"] == path.stem else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _rule(entry: dict[str, Any]) -> Rule:
    if entry.keys() != _NAMES:
        raise KeyError
    for name in _PLAIN:
        _text(entry[name])
    for name, wanted in _OTHERS.items():
        if not isinstance(entry[name], wanted):
            raise TypeError
    for name in ("match", "selector"):
        if entry[name] is not None:
            _text(entry[name])
    between = entry["between"]
    if between is not None:
        cues = between.pop("cues")
        entry["between"] = Between(
            **{name: _texts(texts) for name, texts in between.items()}, cues=None if cues is None else _text(cues)
        )
    for name in _EXAMPLES:
        entry[name] = tuple(Example(_text(text), _text(gives)) for text, gives in entry[name])
    for name in _TEXTS:
        entry[name] = _texts(entry[name])
    opening, anywhere, also, (least, most), (start, end) = entry["reach"]
    entry["reach"] = Reach(
        _texts(opening), _texts(anywhere), _texts(also), (int(least), int(most)), (bool(start), bool(end))
    )
    return Rule(**entry)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(map(_text, value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _write(path: Path, rules: tuple[Rule, ...]) -> None:
    """Keeps the rules under the name, whole or not at all; older ones go."""
    entries = [asdict(rule) for rule in rules]
    for entry in entries:
        for name in _EXAMPLES:
            entry[name] = [(example["text"], example["gives"]) for example in entry[name]]
    import tempfile  # only where something is written

    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".tmp", encoding="utf-8", delete=False) as file:
            try:
                json.dump({"files": path.stem, "rules": entries}, file, ensure_ascii=False)
                file.close()
                os.replace(file.name, path)
            finally:
                Path(file.name).unlink(missing_ok=True)
        for old in sorted(path.parent.glob("rules-*.json"), key=lambda kept: kept.stat().st_mtime)[:-4]:
            old.unlink()
