"""Imports point down: the rooms of the house, read from the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cleaner.tags import BLOCKS, INLINE
from tests.conftest import ROOT

# Each room may import what stands to its right, and itself.
MAY: dict[str, set[str]] = {
    "types": set(),
    "text": set(),
    "tags": set(),
    "read": {"types", "text", "tags"},
    "judge": {"types", "text", "tags"},
    "write": {"types", "text", "tags"},
    "pipeline": {"types", "text", "tags", "read", "judge", "write"},
    "records": {"types", "text", "read", "write", "pipeline", "__init__"},
    "integrations": {"types", "pipeline", "records", "__init__"},
    "rulekit": {"types", "text", "tags", "read", "judge", "write", "pipeline", "records"},
    "learn": {"types", "text", "tags", "read", "judge", "write", "pipeline"},
    "arguments": {"types", "write", "pipeline", "records", "__init__"},
    "cli": {"types", "read", "write", "pipeline", "records", "arguments", "__init__"},
    "rules_cli": {"types", "read", "judge", "write", "pipeline", "rulekit", "cli", "__init__"},
    "__init__": {"types", "pipeline"},
}
HEAVY = {"trafilatura", "lxml", "numpy", "ftfy", "rapidfuzz", "pyarrow", "fastwarc", "zstandard"}
# Imported themselves only where scores are on, where there is Parquet, or by the commands that learn.
LATE = {f"cleaner/judge/{name}.py" for name in ("features", "markup", "model", "score")}
LATE |= {"cleaner/records/parquet.py"}
FILES = sorted((ROOT / "cleaner").rglob("*.py"))


def room(path: Path) -> str:
    parts = path.relative_to(ROOT / "cleaner").with_suffix("").parts
    return parts[0]


def imports(path: Path, *, top_only: bool = False) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(tree.body if top_only else ast.walk(tree))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return names + [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_arrow_points_up_or_sideways(path: Path) -> None:
    for name in imports(path):
        if name.split(".")[0] == "cleaner":
            target = name.split(".")[1] if "." in name else "__init__"
            assert target == room(path) or target in MAY[room(path)], f"{path.name} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    late = path.relative_to(ROOT).as_posix() in LATE or room(path) in ("learn", "integrations")
    assert late or not HEAVY & {name.split(".")[0] for name in imports(path, top_only=True)}


def test_every_room_is_known() -> None:
    assert {room(path) for path in FILES} == set(MAY)


def test_no_tag_within_a_line_begins_a_block() -> None:
    assert BLOCKS.isdisjoint(INLINE)
