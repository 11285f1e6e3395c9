"""Hugging Face datasets on disk, in processes, and as streams."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaner import InputError, UsageError, load_rules
from cleaner.records.fields import Fields
from tests.engines.articles import adapter, clean, cleaned, cleaned_within, page_texts, pages, rows

ours = adapter("datasets")
pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.fixture(autouse=True)
def quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()


def dataset(given: list[dict[str, Any]] | None = None) -> Any:
    import pyarrow as pa
    from datasets import Dataset

    return Dataset(pa.Table.from_pylist(rows() if given is None else given))


@pytest.mark.parametrize("processes", [None, 2])
def test_texts_come_out_as_of_a_bare_call(processes: int | None) -> None:
    given = dataset()
    done = ours.clean(given, num_proc=processes, batch_size=7)
    assert done.features == given.features
    assert done.to_list() == cleaned(rows())


def test_a_field_within_a_record() -> None:
    assert ours.clean(dataset(), Fields(text="story.body")).to_list() == cleaned_within(rows())


def test_a_stream() -> None:
    given = dataset().to_iterable_dataset(num_shards=3)
    assert list(ours.clean(given, batch_size=7)) == cleaned(rows())
    assert ours.clean(given, errors="why").features["why"].dtype == "string"


def test_a_stream_of_a_file(tmp_path: Path) -> None:
    from datasets import load_dataset

    plain = [{"number": row["number"], "text": row["text"], "url": row["url"]} for row in rows()]
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in plain), encoding="utf-8")
    for streaming in (True, False):
        given = load_dataset("json", data_files=str(path), split="train", streaming=streaming)
        done = ours.clean(given)
        assert list(done) == cleaned(plain)


def test_splits_and_a_format() -> None:
    from datasets import ClassLabel, DatasetDict

    labels = ClassLabel(names=["news", "sport"])
    given = dataset().add_column("label", [n % 2 for n in range(30)]).cast_column("label", labels)
    done = ours.clean(DatasetDict(a=given, b=given.with_format("numpy", columns=["number"])), errors="why")
    assert done["a"].features["label"] == labels
    assert [row["text"] for row in done["a"]] == [row["text"] for row in cleaned(rows())]
    assert set(done["a"]["why"]) == {None}
    assert (done["b"].format["type"], done["b"].format["columns"]) == ("numpy", ["number"])


def test_results_are_kept_by_options_and_rules(tmp_path: Path) -> None:
    dataset().save_to_disk(tmp_path / "kept")
    from datasets import load_from_disk

    given = load_from_disk(tmp_path / "kept")
    first, again, other, few = (
        ours.clean(given, **options)  # type: ignore[arg-type]
        for options in ({}, {}, {"level": "strict"}, {"rules": load_rules()[:5], "scores": False})
    )
    assert first.cache_files == again.cache_files
    assert len({str(part.cache_files) for part in (first, other, few)}) == 3
    assert other["text"][:] == [clean(row["text"], row["url"], level="strict") for row in rows()]


def test_pages_and_reasons() -> None:
    done = ours.clean(dataset(pages()), Fields(html="page"), errors="why", html_mode="fast")
    assert done["text"][:] == page_texts()
    assert [row["number"] for row in done if row["why"]] == [9]
    with pytest.raises(InputError, match="row 1: "):
        ours.clean(dataset(pages()[-2:]), Fields(html="page"))


def test_what_is_wrong_is_said_before_anything_runs() -> None:
    with pytest.raises(UsageError, match="level"):
        ours.clean(dataset(), level="bold")
    with pytest.raises(InputError, match="no column 'body'"):
        ours.clean(dataset(), Fields(text="body"))
