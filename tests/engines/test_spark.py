"""A local Spark session with two workers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from cleaner import InputError, UsageError
from cleaner.records.fields import Fields
from tests.engines.articles import BINARY, adapter, cleaned, cleaned_within, page_texts, pages, rows

spark = adapter("spark")
pytestmark = [pytest.mark.engine, pytest.mark.slow]

SCHEMA = """number int, text string, url string, tags array<string>,
    meta struct<score: double, by: struct<name: string, ids: array<bigint>>>,
    story struct<rank: int, body: string>, seen timestamp, done boolean"""


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from tests.engines.sessions import spark_session

    with spark_session() as found:
        yield found


@pytest.fixture(scope="module")
def df(session: Any) -> Any:
    return session.createDataFrame(rows(), SCHEMA).repartition(3)


def given_back(df: Any) -> list[dict[str, Any]]:
    """The rows as they were made, in the order of their numbers."""
    return [row.asDict(recursive=True) for row in df.sort("number").collect()]


def same(df: Any, done: Any, expected: list[dict[str, Any]]) -> bool:
    """Whether that came out and all but the texts is as Spark itself gives it back (times without their zone)."""
    texts = [(row["text"], row["story"]["body"]) for row in expected]
    found = given_back(done)
    if [(row["text"], row["story"]["body"]) for row in found] != texts:
        return False
    for row in (before := given_back(df)) + found:
        row["text"] = row["story"]["body"] = None
    return before == found


def test_texts_come_out_as_of_a_bare_call(df: Any) -> None:
    done = spark.clean(df)
    assert done.schema == df.schema
    assert same(df, done, cleaned(rows()))


def test_a_field_within_a_record(df: Any) -> None:
    done = spark.clean(df, Fields(text="story.body"))
    assert done.schema == df.schema
    assert same(df, done, cleaned_within(rows()))


def test_new_columns(df: Any) -> None:
    fields = Fields(text="text", out="story.clean", spans=True)
    done = spark.clean(df, fields, errors="why", keep=["caption"], scores=False)
    added = "struct<rank:int,body:string,clean:string>"
    assert dict(done.dtypes) == {
        **dict(df.dtypes),
        "story": added,
        "attributes": "map<string,array<array<double>>>",
        "why": "string",
    }
    found = given_back(done)
    assert [row["story"]["clean"] is None for row in found] == [row["text"] is None for row in rows()]
    assert {key for row in found if row["attributes"] for key in row["attributes"]} > {"cleaner__newsletter"}
    assert {row["why"] for row in found} == {None}


def test_large_types(session: Any, df: Any) -> None:
    session.conf.set("spark.sql.execution.arrow.useLargeVarTypes", "true")
    try:
        assert same(df, spark.clean(df, errors="why").drop("why"), cleaned(rows()))
    finally:
        session.conf.unset("spark.sql.execution.arrow.useLargeVarTypes")


def test_pages_and_reasons(session: Any) -> None:
    df = session.createDataFrame(pages(), "number int, page binary")
    done = given_back(spark.clean(df, Fields(html="page"), errors="why", html_mode="fast"))
    assert [row["text"] for row in done] == page_texts()
    assert [row["number"] for row in done if row["why"]] == [9]
    assert done[-1]["page"] == BINARY


def test_a_row_that_cannot_be_cleaned_is_named(session: Any) -> None:
    from pyspark.errors import PythonException

    df = session.createDataFrame(pages()[-2:], "number int, page binary").coalesce(1)
    with pytest.raises(PythonException, match=r"partition 0, counted from row 0: row 1: "):
        spark.clean(df, Fields(html="page")).collect()


def test_what_is_wrong_is_said_before_anything_runs(df: Any) -> None:
    with pytest.raises(UsageError, match="level"):
        spark.clean(df, level="bold")
    with pytest.raises(InputError, match="no column 'body'"):
        spark.clean(df, Fields(text="body"))
    with pytest.raises(InputError, match="'number' is int32; it must be string"):
        spark.clean(df, Fields(text="number"))
    with pytest.raises(InputError, match="'tags' is list"):
        spark.clean(df, Fields(text="tags"))


def test_the_workers_are_this_python(session: Any) -> None:
    assert session.sparkContext.pythonExec == sys.executable
