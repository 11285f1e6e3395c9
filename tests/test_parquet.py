"""Parquet through the command, and the batch function that engines share."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner, InputError
from cleaner.read.input import look_at
from cleaner.records.article import Article, Failure
from cleaner.records.fields import Fields, Look
from tests.records import CLEAN, cleaned, cleaner, command, rows
from tests.test_faults import _wait_for
from tests.test_records import PAGE

pa = pytest.importorskip("pyarrow", reason="needs the extra parquet")
pq = pytest.importorskip("pyarrow.parquet", reason="needs the extra parquet")

from cleaner.records import table as tables  # noqa: E402
from cleaner.records.parquet import ParquetPart, batches  # noqa: E402
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


KINDS = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]


@pytest.mark.parametrize("kind", KINDS)
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
        (Fields(out="n.clean"), "column 'n' is int16, not a struct: there is no place for 'n.clean' in it"),
        (Fields(out="deep.k.clean"), "column 'deep.k' is double, not a struct"),
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


SHORT = pa.schema([("n", pa.int64())])


def part(path: Path, pieces: int = 3) -> ParquetPart:
    """An output with so many commits behind it, of two rows each."""
    made = ParquetPart(path, SHORT, "none")
    made.begin()
    made.cut(0)
    for number in range(pieces):
        made.write(pa.record_batch({"n": [2 * number, 2 * number + 1]}, SHORT))
        assert made.commit() == number + 1
    return made


class Died(BaseException):
    pass


@contextlib.contextmanager
def dying_after(steps: int) -> Iterator[None]:
    """Whatever changes files works so many times; then the process is gone."""
    left = steps

    def counted(what: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **more: Any) -> Any:
            nonlocal left
            if not left:
                raise Died
            left -= 1
            return what(*args, **more)

        return step

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in (
            (os, "replace"),
            (os, "rename"),
            (Path, "unlink"),
            (Path, "rmdir"),
            (pq.ParquetWriter, "write_table"),
        ):
            patch.setattr(owner, name, counted(getattr(owner, name)))
        yield


def test_publishing_can_be_broken_off_anywhere(tmp_path: Path) -> None:
    steps = 0
    while True:
        folder = tmp_path / str(steps)
        folder.mkdir()
        made = part(folder / "out")
        try:
            with dying_after(steps):
                made.publish()
            break
        except Died:
            ParquetPart(folder / "out", SHORT, "none").publish()
        assert pq.read_table(folder / "out").column("n").to_pylist() == list(range(6))
        assert os.listdir(folder) == ["out"]
        steps += 1
    assert steps == 7  # the join, two renamings, and each file of the folder, and that


def test_what_an_end_has_left_over_does_not_disturb_a_new_run(tmp_path: Path) -> None:
    made = part(tmp_path / "out")
    with pytest.raises(Died), dying_after(4):
        made.publish()
    assert sorted(os.listdir(tmp_path)) == ["out", "out.part.done"]
    part(tmp_path / "out", 1).publish()
    assert pq.read_table(tmp_path / "out").column("n").to_pylist() == [0, 1]
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize("name", ["notes.txt", "123.parquet", "000000001.parquet", "whole.txt", "00000009.parquet/"])
def test_files_of_others_in_the_folder_are_named_and_stay(name: str, tmp_path: Path) -> None:
    made = part(tmp_path / "out")
    other = tmp_path / "out.part" / name
    other.mkdir() if name.endswith("/") else other.write_text("mine")
    before = sorted(os.listdir(other.parent))
    for act in (lambda: made.cut(1), made.publish):
        with pytest.raises(InputError, match=f"{re.escape(str(other))} is not of this run.*move it elsewhere"):
            act()
    assert sorted(os.listdir(other.parent)) == before
    os.rename(other, tmp_path / "elsewhere")
    (tmp_path / "out.part" / "whole.parquet").write_bytes(b"PAR1")  # as a run leaves it that dies joining
    made.publish()
    assert sorted(os.listdir(tmp_path)) == ["elsewhere", "out"]
    assert pq.read_table(tmp_path / "out").column("n").to_pylist() == list(range(6))


def test_a_piece_that_is_gone_is_told_of(tmp_path: Path) -> None:
    made = part(tmp_path / "out")
    (tmp_path / "out.part" / "00000001.parquet").unlink()
    for act in (lambda: made.cut(3), made.publish):
        with pytest.raises(InputError, match="is not as the interrupted run left it"):
            act()


def test_cutting_drops_what_is_beyond_a_commit(tmp_path: Path) -> None:
    part(tmp_path / "out").close()
    (tmp_path / "out.part" / "whole.parquet").write_bytes(b"PAR1")
    again = ParquetPart(tmp_path / "out", SHORT, "none")
    again.begin()
    again.cut(1)
    again.write(pa.record_batch({"n": [7]}, SHORT))
    assert again.commit() == 2
    again.publish()
    assert pq.read_table(tmp_path / "out").column("n").to_pylist() == [0, 1, 7]


def test_an_output_keeps_the_mode_of_the_file_that_it_replaces(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    (tmp_path / "out").chmod(0o600)
    part(tmp_path / "out").publish()
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600


def test_two_columns_of_one_name_are_refused() -> None:
    given = pa.Table.from_arrays([pa.array(["a"]), pa.array([1]), pa.array([2])], ["text", "n", "n"])
    with pytest.raises(InputError, match="two columns are called 'n'"):
        clean_table(given, cleaner())
    twice = pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], ["n", "n"])
    with pytest.raises(InputError, match="two fields of column 'deep' are called 'n'"):
        clean_table(pa.table({"text": ["a"], "deep": twice}), cleaner(), Fields(out="deep.n"))
    beside = clean_table(pa.table({"text": ["a"], "deep": twice}), cleaner(), Fields(out="deep.clean"))
    assert beside.column("deep").chunk(0).field(1).to_pylist() == [2]


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        (Fields(), "text"),
        (Fields(out="clean"), "clean"),
        (Fields(out="meta.clean"), "meta"),
        (Fields(spans=True), "attributes"),
    ],
)
def test_reasons_need_a_column_of_their_own(fields: Fields, errors: str) -> None:
    with pytest.raises(InputError, match=f"there is a column '{errors}' already"):
        output_schema(pa.schema([("text", pa.string())]), fields, errors=errors)


def test_fields_beside_a_nested_text_stay_as_they_are(tmp_path: Path) -> None:
    inner = pa.struct([pa.field("lang", pa.string(), False), pa.field("text", pa.string(), False, {"is": "a text"})])
    kind = pa.struct([pa.field("n", pa.int64(), False, {"counts": "from 0"}), pa.field("in", inner, False)])
    schema = pa.schema([pa.field("deep", kind, metadata={"a": "b"})])
    texts = [row["text"] for row in rows(3)]
    values = [{"n": n, "in": {"lang": "de", "text": text}} for n, text in enumerate(texts)]
    given = pa.table({"deep": [*values, None]}, schema)
    fields = Fields(text="deep.in.text")
    done = clean_table(given, cleaner(), fields)
    assert done.schema.equals(schema, check_metadata=True)
    assert output_schema(schema, fields).equals(schema, check_metadata=True)
    pq.write_table(done, tmp_path / "out")
    for value, text in zip(values, texts, strict=True):
        value["in"] = {"lang": "de", "text": cleaner().clean(text).text}
    assert pq.read_table(tmp_path / "out").column("deep").to_pylist() == [*values, None]


def test_a_text_is_not_lost_because_the_struct_for_it_is_null() -> None:
    given = pa.table({"text": ["One.", "Two.", None], "meta": [{"n": 1}, None, None]})
    done = clean_table(given, cleaner(), Fields(out="meta.clean"))
    assert done.column("meta").to_pylist() == [{"n": 1, "clean": "One."}, {"n": None, "clean": "Two."}, None]


def test_a_column_of_nulls_that_is_written_becomes_one_of_strings() -> None:
    empty = pa.table({"text": pa.nulls(2)})
    assert clean_table(empty, cleaner()).schema == output_schema(empty.schema) == pa.schema([("text", pa.string())])
    done = clean_table(empty, cleaner(), Fields(out="clean"))
    assert done.schema == pa.schema([("text", pa.null()), ("clean", pa.string())])
    given = pa.table({"text": ["One.", None], "meta": pa.nulls(2)})
    done = clean_table(given, cleaner(), Fields(out="meta.clean"))
    assert done.column("meta").to_pylist() == [{"clean": "One."}, None]
    assert output_schema(given.schema, Fields(out="meta.clean")) == done.schema


def broken(kind: pa.DataType) -> pa.Array:
    """Texts, one of which is no UTF-8."""
    raw = [b"First.", b"Br\xfcssel", None, b"Last."]
    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(
            pa.array([0, 1, None, 2], pa.int32()), broken(pa.string()).take([0, 1, 3])
        )
    like = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary(), pa.string_view(): pa.binary_view()}[kind]
    return pa.array(raw, like).view(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_that_is_not_utf8_costs_its_row_alone(kind: pa.DataType) -> None:
    given = pa.table({"text": broken(kind), "id": broken(kind)})
    bad = Failure("column 'text' is not UTF-8 at byte 2")
    found = tables.articles(given, Fields())
    assert found == [Article("First."), bad, None, Article("Last.")]
    assert tables.names(given, Fields()) == ["First.", None, None, "Last."]
    for rows_of in (given, given.to_batches()[0]):
        done = clean_table(rows_of, cleaner(), errors="error")
        assert done.column("error").to_pylist() == [None, bad.reason, None, None]
        assert done.schema.field("text").type == kind
        assert done.column("text").cast(pa.large_binary()).to_pylist() == [b"First.", b"Br\xfcssel", None, b"Last."]
    with pytest.raises(InputError, match="row 1: column 'text' is not UTF-8"):
        clean_table(given, cleaner())


def test_nested_texts_and_addresses_that_are_not_utf8_cost_their_row_alone() -> None:
    deep = pa.StructArray.from_arrays([broken(pa.string())], ["text"])
    given = pa.table({"deep": deep, "url": broken(pa.string()).take(pa.array([1, 0, 1, 0]))})
    reasons = ["column 'url' is not UTF-8 at byte 2", "column 'deep.text' is not UTF-8 at byte 2", None, None]
    done = clean_table(given, cleaner(), Fields(text="deep.text"), errors="error")
    assert done.column("error").to_pylist() == reasons


def test_values_that_python_cannot_hold_do_not_matter() -> None:
    late = pa.array([3_000_000, 1], pa.date32())
    given = pa.table({"text": ["One.", "Two."], "when": late, "id": late})
    done = clean_table(given, cleaner())
    assert done.equals(given)
    assert tables.names(given, Fields()) == [None, "1970-01-02"]


def test_a_file_with_a_text_that_is_not_utf8_loses_that_row(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": broken(pa.string()), "n": range(4)}), tmp_path / "in")
    done = command(tmp_path / "in", "-o", tmp_path / "out", "--rejects", tmp_path / "rejects")
    assert done.returncode == 2
    assert pq.read_table(tmp_path / "out").column("n").to_pylist() == [0, 2, 3]
    row = json.loads((tmp_path / "rejects").read_bytes())
    assert (row["number"], row["reason"]) == (2, "column 'text' is not UTF-8 at byte 2")


def test_texts_need_not_fit_into_one_array(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_CHARS", 10)
    texts = ["a" * 4, "b" * 6, None, "c" * 30, "d"]
    given = pa.table({"text": pa.chunked_array([texts[:1], [], texts[1:]], pa.string())})
    for out in ("clean", "meta.clean"):
        done = clean_table(given, cleaner(), Fields(out=out), errors="error")
        column = done.column(out.split(".")[0])
        assert [len(chunk) for chunk in column.chunks] == [3, 1, 1]
        assert [one["clean"] if "." in out else one for one in column.to_pylist()] == texts
    done = clean_table(given, cleaner())
    assert [len(chunk) for chunk in done.column("text").chunks] == [1, 0, 4]
    assert done.equals(given)


def test_long_rows_come_in_small_batches(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [f"{n}" * (1 << 20) for n in range(40)]}), tmp_path / "long", use_dictionary=False)
    pq.write_table(pa.table({"text": [f"{n}" for n in range(40)]}), tmp_path / "short")
    sizes = [batch.num_rows for batch, _ in batches(look_at(str(tmp_path / "long")), 64)]
    assert sum(sizes) == 40
    assert max(sizes) < 20
    assert [batch.num_rows for batch, _ in batches(look_at(str(tmp_path / "short")), 64)] == [40]
