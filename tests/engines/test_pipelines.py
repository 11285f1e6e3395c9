"""docs/pipelines.md: each example runs on the real engine, as a program of its own; those for a cluster compile."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.engines.articles import adapter, rows
from tests.engines.test_missing import ENGINES

DOCS = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
MODULES = {"Ray Data": "ray", "Hugging Face datasets": "datasets"}
"""The module of a section whose heading is not its name."""


def examples(mark: str) -> list[tuple[str, str]]:
    """The blocks that carry a mark, each with the module of its section."""
    found = []
    for section in re.split(r"^## ", DOCS, flags=re.MULTILINE)[1:]:
        title = section.split("\n", 1)[0]
        for block in re.findall(rf"^```python{mark}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL):
            found.append((MODULES.get(title, title.lower()), block))
    return found


def test_every_engine_has_an_example_and_a_row() -> None:
    assert sorted(name for name, _ in examples("")) == sorted(ENGINES)
    assert sorted(name for name, _ in examples(" cluster")) == ["datatrove", "ray", "spark"]
    assert len(re.findall(r"^```python", DOCS, re.MULTILINE)) == len(ENGINES) + 3
    assert re.findall(r"^\| \[.*?\]\(#.*?\) \| `cleaner\.integrations\.(\w+)`", DOCS, re.MULTILINE) != []
    assert {name for name in ENGINES if f"article-cleaner[{name}]" not in DOCS} == set()


@pytest.mark.parametrize(("name", "code"), examples(" cluster"), ids=lambda value: value[:9])
def test_examples_for_a_cluster_compile(name: str, code: str) -> None:
    compile(code, f"docs/pipelines.md: {name}", "exec")
    assert "s3" in code


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.parametrize(("name", "code"), examples(""), ids=lambda value: value[:9])
def test_examples_run(name: str, code: str, tmp_path: Path) -> None:
    adapter(name)
    prepare(tmp_path)
    (tmp_path / "example.py").write_text(code, encoding="utf-8")
    env = os.environ | {
        "PYSPARK_PYTHON": sys.executable,
        "HF_HOME": str(tmp_path / "cache"),
        "RAY_USAGE_STATS_ENABLED": "0",
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, "example.py"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout or list(tmp_path.glob("clean-by-*"))
    assert left_over(tmp_path) == []


def prepare(folder: Path) -> None:
    """The files that the examples read."""
    given = [{"text": row["text"], "url": row["url"]} for row in rows() if row["text"] is not None]
    (folder / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:  # where only engines that read no Parquet are installed
        return
    pq.write_table(pa.Table.from_pylist(given), folder / "articles.parquet")


def left_over(folder: Path) -> list[str]:
    """Command lines of processes that an example left running in its folder; they get a moment to end."""
    for _ in range(50):
        found = [path.parent for path in Path("/proc").glob("[0-9]*/cwd") if working_in(path, folder)]
        if not found:
            return []
        time.sleep(0.2)
    return [(path / "cmdline").read_text(encoding="utf-8") for path in found if path.exists()]


def working_in(path: Path, folder: Path) -> bool:
    try:
        return path.readlink() == folder
    except OSError:  # ended, or somebody else's
        return False
