"""datatrove's local executor, from JSON lines to JSON lines."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from cleaner import UsageError
from tests.corpus import documents as corpus
from tests.engines.articles import BINARY, adapter, clean, cleaner, rows
from tests.pages import page_of

ours = adapter("datatrove")
pytestmark = [pytest.mark.engine, pytest.mark.slow]

GONE = "Sign up to our newsletter"
"""Of which nothing is left."""


def records() -> list[dict[str, Any]]:
    made = [row | {"id": f"n{row['number']:02}", "seen": row["seen"].isoformat()} for row in rows()]
    return [{"id": "gone", "text": GONE, "url": None}, *(row for row in made if row["text"] is not None)]


def run(folder: Path, block: Any, given: list[dict[str, Any]], workers: int = 1) -> list[dict[str, Any]]:
    """What comes out of a pipeline over two files, sorted by id."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    (folder / "in").mkdir()
    for part in (0, 1):
        lines = [json.dumps(row) + "\n" for row in given[part::2]]
        (folder / "in" / f"{part}.jsonl").write_text("".join(lines), encoding="utf-8")
    steps = [
        JsonlReader(str(folder / "in")),
        block,
        JsonlWriter(str(folder / "out"), compression=None),
    ]
    LocalPipelineExecutor(steps, tasks=2, workers=workers, logging_dir=str(folder / "log")).run()
    return written(folder / "out")


def written(folder: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.open(encoding="utf-8")]
    return sorted(rows, key=lambda row: row["id"])


def counted(folder: Path) -> dict[str, Any]:
    """The block's own counts, of all tasks."""
    return json.loads((folder / "log" / "stats.json").read_text(encoding="utf-8"))[1]["stats"]


@pytest.mark.parametrize("workers", [1, 2])
def test_texts_come_out_as_of_a_bare_call(workers: int, tmp_path: Path) -> None:
    from datatrove.pipeline.writers import JsonlWriter

    out = JsonlWriter(str(tmp_path / "dropped"), compression=None)
    done = run(tmp_path, ours.ArticleCleaner(exclusion_writer=out), records(), workers)
    expected = sorted((row for row in records() if row["id"] != "gone"), key=lambda row: row["id"])
    assert [row["text"] for row in done] == [clean(row["text"], row["url"]) for row in expected]
    for row, before in zip(done, expected, strict=True):
        rest = {name: value for name, value in before.items() if name not in ("id", "text")}
        assert row["metadata"].items() >= rest.items()
    dropped = written(tmp_path / "dropped")
    assert [(row["id"], row["text"], row["metadata"]["filter_reason"]) for row in dropped] == [("gone", GONE, "empty")]
    stats = counted(tmp_path)
    assert stats["total"] == 29
    assert stats["dropped_empty"] == 1
    changed = sum(clean(row["text"], row["url"]) != row["text"] for row in records())
    assert stats["changed"] == changed
    assert stats["removed_newsletter"] > 1
    assert stats["removed_chars"]["total"] > 1000


def test_what_was_removed(tmp_path: Path) -> None:
    done = run(tmp_path, ours.ArticleCleaner(removed="gone", level="strict"), records())
    before = {row["id"]: cleaner().read(row["text"]).text for row in records()}
    removals = [(row["id"], removal) for row in done for removal in row["metadata"]["gone"]]
    assert len(removals) > 50
    assert all(before[name][removal["start"] : removal["end"]] == removal["text"] for name, removal in removals)


@pytest.mark.parametrize("where", ["text", "page"])
def test_pages(where: str, tmp_path: Path) -> None:
    pages = {f"n{number}": page_of(document) for number, document in enumerate(corpus()[::20])}
    given = [{"id": name, "text": "none", where: page} for name, page in pages.items()]
    done = run(tmp_path, ours.ArticleCleaner(html=where), given)
    assert {row["id"]: row["text"] for row in done} == {n: cleaner().clean_html(p).text for n, p in pages.items()}


def test_a_document_that_cannot_be_cleaned(tmp_path: Path) -> None:
    from datatrove.data import Document
    from datatrove.pipeline.writers import JsonlWriter

    out = JsonlWriter(
        str(tmp_path), compression=None, adapter=lambda _, document: {"id": document.id, "text": document.text}
    )
    given = [Document("none", "picture", metadata={"page": BINARY}), Document("It rained.", "plain")]
    block = ours.ArticleCleaner(html="page", exclusion_writer=out)
    assert [document.id for document in block(iter(given))] == ["plain"]
    assert written(tmp_path) == [{"id": "picture", "text": "none"}]
    assert given[0].metadata["filter_reason"] == "failed"
    assert "picture" in given[0].metadata["cleaner_error"]


def test_it_travels_light() -> None:
    block = ours.ArticleCleaner(level="strict")
    assert len(pickle.dumps(block)) < 5000
    assert pickle.loads(pickle.dumps(block)).recipe.cleaner().level == "strict"


def test_what_is_wrong_is_said_before_anything_runs() -> None:
    with pytest.raises(UsageError, match="level"):
        ours.ArticleCleaner(level="bold")
