"""Parquet through the command, and the batch function that engines share."""

from __future__ import annotations

import datetime
import json
import signal
import subprocess
from pathlib import Path

import pytest

from cleaner import Cleaner, InputError
from cleaner.records.fields import Fields, Look
from tests.records import CLEAN, cleaned, cleaner, command, rows
from tests.test_faults import _wait_for
from tests.test_records import PAGE

pa = pytest.importorskip("pyarrow", reason="needs the extra parquet")
pq = pytest.importorskip("pyarrow.parquet", reason="needs the extra parquet")

from cleaner.records.table import clean_table, output_schema  # noqa: E402


def table(count: int = 40) -> pa.Table:
    """Articles, a row without text, and columns of many types beside the text."""
    records = [dict(row) for row in rows(count)]
    records[3]["text"] = None
    day = datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC)
    return pa.table(
        {
            "id": pa.array([row["id"] for row in records]),
            "n": pa.array(range(count), pa.int16()),
            "url": pa.array([row["url"] for row in records], pa.string()),
            "when": pa.array([day] * count, pa.timestamp("us", "UTC")),
            "kind": pa.array(["a", "b"] * (count // 2)).dictionary_encode(),
            "text": pa.array([row["text"] for row in records], pa.large_string()),
            "tags": pa.array([["x", None]] * count),
            "deep": pa.array([{"body": row["text"], "k": 1.5} if row["n"] % 5 else None for row in records]),
        }
    ).replace_schema_metadata({"made": "here"})


def wanted(given: pa.Table) -> pa.Table:
    texts = [None if row["text"] is None else cleaned(row) for row in given.to_pylist()]
    number = given.schema.get_field_index("text")
    return given.set_column(number, given.schema.field("text"), pa.array(texts, pa.large_string()))


def test_every_other_column_stays_as_it_was() -> None:
    given = table()
    done = clean_table(given, cleaner())
    assert done.equals(wanted(given), check_metadata=True)
    assert output_schema(given.schema).equals(done.schema, check_metadata=True)


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_the_texts_type_stays(kind: pa.DataType) -> None:
    texts = [row["text"] for row in rows(5)]
    given = pa.table(
        {
            "text": pa.array(texts).cast(kind)
            if not pa.types.is_dictionary(kind)
            else pa.array(texts).dictionary_encode()
        }
    )
    done = clean_table(given, cleaner())
    assert done.schema == given.schema
    assert done.column("text").to_pylist() == [cleaner().clean(text).text for text in texts]


def test_nested_columns_are_read_and_written_by_dotted_names() -> None:
    given = table()
    done = clean_table(given, cleaner(), Fields(text="deep.body", out="deep.clean.text"))
    for before, after in zip(given.to_pylist(), done.to_pylist(), strict=True):
        if before["text"] is None:
            assert after["deep"] == before["deep"] | {"clean": {"text": None}}
        elif before["deep"] is None:
            assert after["deep"] is None
        else:
            text = cleaner().clean(before["deep"]["body"], url=before["url"]).text
            assert after["deep"] == before["deep"] | {"clean": {"text": text}}
    assert output_schema(given.schema, Fields(text="deep.body", out="deep.clean.text")) == done.schema


def test_pages_spans_and_errors_have_columns_of_their_own() -> None:
    given = pa.table({"html": [PAGE.encode(), bytes(range(256)) * 8, None]})
    with pytest.raises(InputError, match="row 1: is binary data"):
        clean_table(given, cleaner(), Fields(html="html"))
    fields = Fields(html="html", spans=True, out="clean")
    done = clean_table(given, cleaner(), fields, Look("markdown"), errors="error")
    result = cleaner().clean_html(PAGE)
    assert done.column("clean").to_pylist() == ["\n\n".join(result.text.split("\n")), None, None]
    assert done.column("text").to_pylist() == [result.document.text, None, None]
    assert done.column("error").to_pylist() == [None, "is binary data, not text", None]
    (spans,) = (dict(found) for found in done.column("attributes").to_pylist() if found is not None)
    assert spans == {"cleaner__headline": [[0.0, 16.0, 1.0]]}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (Fields(text="body"), "no column 'body'; there are: id, n, url"),
        (Fields(text="n"), "column 'n' is int16; it must be string"),
        (Fields(text="deep"), "column 'deep' is struct<"),
        (Fields(url="n"), "column 'n' is int16"),
        (Fields(url="link"), "no column 'link'"),
        (Fields(out="n"), "column 'n' is int16; it must be string to take the clean text"),
        (Fields(html="url"), "there is a column 'text' already"),
        (Fields(html="when"), "it must be string or binary"),
    ],
)
def test_columns_that_are_not_there_or_of_other_types_are_named(fields: Fields, says: str) -> None:
    with pytest.raises(InputError, match=says):
        clean_table(table(), cleaner(), fields)


def test_a_file_comes_out_as_a_file(tmp_path: Path) -> None:
    pq.write_table(table(200), tmp_path / "in.parquet", row_group_size=70, compression="zstd")
    given = pq.read_table(tmp_path / "in.parquet")
    done = command(tmp_path / "in.parquet", "--jobs", "2", "-o", tmp_path / "out.parquet")
    assert done.returncode == 0, done.stderr
    assert pq.read_table(tmp_path / "out.parquet").equals(wanted(given), check_metadata=True)
    assert pq.ParquetFile(tmp_path / "out.parquet").metadata.row_group(0).column(0).compression == "ZSTD"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_several_files_of_one_schema_become_one(tmp_path: Path) -> None:
    for name in "ab":
        pq.write_table(table(10), tmp_path / name)
    pq.write_table(table(10).drop_columns("n"), tmp_path / "c")
    assert command(tmp_path / "a", tmp_path / "b", "-o", tmp_path / "out").returncode == 0
    assert pq.read_table(tmp_path / "out").equals(pa.concat_tables([wanted(table(10))] * 2))
    refused = command(tmp_path / "a", tmp_path / "c", "-o", tmp_path / "out")
    assert refused.returncode == 2
    assert f"{tmp_path}/c has another schema" in refused.stderr.decode()


def test_rows_that_cannot_be_cleaned_go_to_the_rejects(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"html": [PAGE.encode(), bytes(range(256)) * 8, PAGE.encode()], "n": [1, 2, 3]}), tmp_path / "in"
    )
    done = command(tmp_path / "in", "--html-field", "html", "-o", tmp_path / "out", "--rejects", tmp_path / "rejects")
    assert done.returncode == 2
    assert pq.read_table(tmp_path / "out").column("n").to_pylist() == [1, 3]
    row = json.loads((tmp_path / "rejects").read_bytes())
    assert (row["number"], row["reason"]) == (2, "is binary data, not text")
    assert '"n": 2' in row["record"]


@pytest.mark.parametrize("damage", ["cut", "head", "schema", "pipe"])
def test_a_file_that_cannot_be_read_is_named_and_leaves_nothing(damage: str, tmp_path: Path) -> None:
    pq.write_table(table(10), tmp_path / "in")
    whole = (tmp_path / "in").read_bytes()
    if damage == "cut":
        (tmp_path / "in").write_bytes(whole[:-100])
    elif damage == "head":
        (tmp_path / "in").write_bytes(whole[:40])
    args = ["--field", "body"] if damage == "schema" else []
    if damage == "pipe":
        done = command("-o", tmp_path / "out", data=whole)
    else:
        done = command(tmp_path / "in", "-o", tmp_path / "out", *args)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    says = {"schema": "no column 'body'", "pipe": "cannot be read from a pipe"}.get(
        damage, "is not a whole Parquet file"
    )
    assert says in done.stderr.decode()
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_an_interrupted_run_goes_on_in_the_middle(tmp_path: Path) -> None:
    given = table(4000)
    pq.write_table(given, tmp_path / "in", row_group_size=1500)
    args = [*CLEAN, "--jobs", "2", "--commit-every", "0", str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    for _ in range(3):
        process = subprocess.Popen([*args, "--resume"], stderr=subprocess.DEVNULL)
        _wait_for(tmp_path / "out.state", 1)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (tmp_path / "out").exists():
            break
    assert command(*args[4:], "--resume").returncode == 0
    assert pq.read_table(tmp_path / "out").equals(wanted(given))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_a_cleaner_with_scores_gives_the_same_in_a_table() -> None:
    own = Cleaner()
    texts = [row["text"] for row in rows(4)]
    done = clean_table(pa.table({"text": texts}), own)
    assert done.column("text").to_pylist() == [own.clean(text).text for text in texts]
