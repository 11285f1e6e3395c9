"""Checked rules kept between runs, because checking 300 rules takes longer than cleaning an article.

The file's name is a hash of every rule file's path and content and of the code that reads them, so it cannot be stale.
It is JSON, read back field by field into `Rule`; anything that does not fit is as if it were not there. It lies in the
user's cache folder (`XDG_CACHE_HOME`, else `~/.cache`); where that cannot be written, rules are simply read each time.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

from cleaner.types import Between, Example, Reach, Rule

_CODE: Final = (
    "rule.py",
    "source.py",
    "phrase.py",
    "pattern.py",
    "literal.py",
    "cached.py",
    "../text.py",
    "../types.py",
)
_NAMES: Final = frozenset(field.name for field in fields(Rule))
_EXAMPLES: Final = ("strips", "keeps", "todo")


def load_folder(root: Path) -> tuple[Rule, ...]:
    """The rules of a folder, as `rule.load_folder` gives them, with their literals. Raises RuleError."""
    files = sorted(path for path in root.rglob("*.toml") if path.is_file()) if root.is_dir() else []
    kept = _folder() / f"rules-{_hash(root, files)}.json"
    found = _read(kept)
    if found is None:
        from cleaner.judge import literal, rule

        found = tuple(literal.with_reach(item) for item in rule.load_folder(root))
        _write(kept, found)
    return found


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "article-cleaner"


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
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _rule(entry: dict[str, Any]) -> Rule:
    between = entry["between"]
    if between is not None:
        cues = between.pop("cues")
        entry["between"] = Between(**{name: tuple(map(_text, texts)) for name, texts in between.items()}, cues=cues)
    for name in _EXAMPLES:
        entry[name] = tuple(Example(_text(text), _text(gives)) for text, gives in entry[name])
    entry["reach"] = Reach(*(tuple(part) for part in entry["reach"]))
    if entry.keys() != _NAMES:
        raise KeyError
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    return Rule(**values)


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
            json.dump({"files": path.stem, "rules": entries}, file, ensure_ascii=False)
        os.replace(file.name, path)
        for old in sorted(path.parent.glob("rules-*.json"), key=lambda kept: kept.stat().st_mtime)[:-4]:
            old.unlink()
