"""Polars: frames, lazy frames, streams and expressions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cleaner import InputError, UsageError
from cleaner.records.fields import Fields
from tests.engines.articles import adapter, clean, cleaned, cleaned_within, page_texts, pages, rows

ours = adapter("polars")
pl = pytest.importorskip("polars")
pytestmark = pytest.mark.engine


def frame() -> Any:
    kinds = pl.Series("kind", ["news", "sport"] * 15, dtype=pl.Categorical)
    return pl.DataFrame(rows()).with_columns(kinds, pl.Series("any", [object()] * 30, dtype=pl.Object))


def expected(given: list[dict[str, Any]]) -> Any:
    from_rows = pl.DataFrame(given, schema=pl.DataFrame(rows()).schema)
    return from_rows.with_columns(frame()["kind"])


def plain() -> Any:
    """Without objects, which no other engine of polars' takes."""
    return frame().drop("any")


def test_texts_come_out_as_of_a_bare_call() -> None:
    given = frame()
    done = ours.clean_frame(given)
    assert done.schema == given.schema
    assert done["any"].to_list() == given["any"].to_list()
    assert done.drop("any").equals(expected(cleaned(rows())))


def test_a_field_within_a_record() -> None:
    assert ours.clean_frame(plain(), Fields(text="story.body")).equals(expected(cleaned_within(rows())))


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_lazily(engine: str) -> None:
    lazy = ours.clean_frame(plain().lazy(), errors="why")
    assert lazy.collect_schema() == {**plain().schema, "why": pl.String}
    done = lazy.filter(pl.col("number") > 3).select("text", "number").collect(engine=engine)
    assert done.rows() == [(row["text"], row["number"]) for row in cleaned(rows())[4:]]


def test_from_file_to_file(tmp_path: Path) -> None:
    plain().write_parquet(tmp_path / "in.parquet")
    ours.clean_frame(pl.scan_parquet(tmp_path / "in.parquet")).sink_parquet(tmp_path / "out.parquet")
    assert pl.read_parquet(tmp_path / "out.parquet")["text"].to_list() == [row["text"] for row in cleaned(rows())]


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_an_expression(engine: str) -> None:
    made = pl.col("text").article.clean(url="url")
    done = plain().lazy().with_columns(made, bare=pl.col("text").article.clean(level="strict")).collect(engine=engine)
    assert done["text"].to_list() == [row["text"] for row in cleaned(rows())]
    assert done["bare"].to_list() == [clean(row["text"], level="strict") for row in rows()]


def test_an_expression_on_pages_and_within_records() -> None:
    given = pl.DataFrame(pages()[:-1])
    done = given.select(text=pl.col("page").article.clean(pages=True, html_mode="fast"))
    assert done["text"].to_list() == page_texts()[:-1]
    story = plain().select(pl.col("story").struct.field("body").article.clean(pl.col("url")))
    assert story["body"].to_list() == [row["text"] for row in cleaned(rows())]


def test_pages_and_reasons() -> None:
    done = ours.clean_frame(pl.DataFrame(pages()), Fields(html="page"), errors="why", html_mode="fast")
    assert done["text"].to_list() == page_texts()
    assert done.filter(pl.col("why").is_not_null())["number"].to_list() == [9]
    with pytest.raises(InputError, match="row 1: "):
        ours.clean_frame(pl.DataFrame(pages()[-2:]), Fields(html="page"))
    with pytest.raises(InputError, match=r"row \d: "):
        ours.clean_frame(pl.LazyFrame(pages()[-2:]), Fields(html="page")).collect(engine="streaming")
    with pytest.raises(InputError, match="row 1: "):
        pl.DataFrame(pages()[-2:]).select(pl.col("page").article.clean(pages=True))


def test_nothing_to_clean() -> None:
    empty = plain().clear()
    assert ours.clean_frame(empty).equals(empty)
    nulls = pl.DataFrame({"text": [None, None]})
    assert ours.clean_frame(nulls).equals(nulls.cast(pl.String))


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(UsageError, match="level"):
        pl.col("text").article.clean(level="bold")
    with pytest.raises(InputError, match="no column 'body'; there are: number, text"):
        ours.clean_frame(plain().lazy(), Fields(text="body"))
