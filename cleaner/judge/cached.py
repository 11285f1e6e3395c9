"""Checked rules kept between runs, because checking 300 rules takes longer than cleaning an article.

The file's name is a hash of every rule file's path and content and of the code that reads them, so it cannot be stale.
It is lines of JSON: a sum over the others, the index, then a rule each; where the sum is another it is as if there were
no file, and each rule is read back field by field. It lies in the
user's cache folder (`XDG_CACHE_HOME`, else `~/.cache`); where there is none or it cannot be written, rules are simply
read each time.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from cleaner.judge.index import Index, index_of
from cleaner.judge.kept import Kept, line_of
from cleaner.types import Rule

_CODE: Final = (
    "rule.py",
    "source.py",
    "phrase.py",
    "pattern.py",
    "literal.py",
    "selector.py",
    "index.py",
    "kept.py",
    "cached.py",
    "../text.py",
    "../types.py",
)


def load_folder(root: Path) -> Sequence[Rule]:
    """The rules of the shipped folder, as `rule.load_folder` gives them, with their reach, and taken for linted.
    Raises RuleError."""
    names = (os.path.join(base, name) for base, _, names in os.walk(root) for name in names)
    files = sorted(name for name in names if name.endswith(".toml"))
    folder = _folder()
    kept = folder / f"rules-{_hash(root, files)}.json" if folder else None
    if kept and (known := _read(kept)):
        return known
    from cleaner.judge import literal, rule  # to check rules takes far more than to read them

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


def _hash(root: Path, files: list[str]) -> str:
    digest, here = hashlib.sha256(str(root.absolute()).encode()), os.path.dirname(__file__)
    for path in (*files, *(os.path.join(here, name) for name in _CODE)):
        with suppress(OSError), open(path, "rb", buffering=0) as file:
            digest.update(f"\0{path}\0".encode())
            digest.update(file.readall())
    return digest.hexdigest()[:32]


def _read(path: Path) -> Kept | None:
    """The rules of a kept file, or None if there is none or anything in it is not as written."""
    try:
        data = path.read_bytes()
        first = data.index(b"\n")
        second = data.index(b"\n", first + 1)
        index, lines = data[first + 1 : second], memoryview(data)[second + 1 :]  # megabytes, so not copied
        if json.loads(data[:first]) != {"files": path.stem, "sum": _sum(index, lines)}:
            return None
        return Kept(lines, Index.from_json(json.loads(index)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _sum(index: bytes, lines: bytes | memoryview) -> int:
    """Shows damage, not malice: who can write in the user's cache folder can do anything as it is."""
    return zlib.crc32(lines, zlib.crc32(index))


def _write(path: Path, rules: tuple[Rule, ...]) -> None:
    """Keeps the rules under the name, whole or not at all; older ones go."""
    import tempfile  # only where something is written

    lines = [line_of(rule) for rule in rules]
    about = index_of(rules, list(map(len, lines)))
    index, text = json.dumps(about.as_json(), ensure_ascii=False).encode(), b"\n".join(lines)
    head = json.dumps({"files": path.stem, "sum": _sum(index, text)}).encode()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            try:
                file.write(b"\n".join([head, index, text]))
                file.close()
                os.replace(file.name, path)
            finally:
                Path(file.name).unlink(missing_ok=True)
        for old in sorted(path.parent.glob("rules-*.json"), key=lambda kept: kept.stat().st_mtime)[:-4]:
            old.unlink()
