"""Records through the command: what comes out, and that everything else stays as it was."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from cleaner import Cleaner
from tests.records import CLEAN, cleaned, command, lines, rows, wanted

PAGE = """<html><head><title>T</title></head><body><article><h1>Night bus stays</h1>
<p>The council voted on Tuesday to keep the night bus, which had been due to end in March.</p>
<p>It is a lifeline, said a nurse who takes it home at four in the morning.</p></article></body></html>"""


def loaded(data: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in data.splitlines()]


def test_lines_of_json_are_told_apart_from_text_and_cleaned() -> None:
    done = command(data=lines(rows()))
    assert done.returncode == 0, done.stderr
    assert done.stdout == wanted(rows())
    assert b"60 documents" in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("--jobs", "2"),
        ("--jobs", "0"),
        ("--jobs", "3", "--start-method", "spawn"),
        ("--jobs", "2", "--start-method", "forkserver"),
    ],
)
@pytest.mark.slow
def test_any_number_of_processes_started_anyhow_gives_the_same_bytes(args: tuple[str, ...]) -> None:
    many = rows(200)
    assert command(*args, data=lines(many), PYTHONHASHSEED="7").stdout == wanted(many)


def test_packed_input_and_output_are_known_by_content_and_by_name(tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard", reason="needs the extra zstd")
    plain = lines(rows(10))
    (tmp_path / "a").write_bytes(gzip.compress(plain))
    (tmp_path / "b").write_bytes(zstandard.compress(plain))
    for name in ("a", "b"):
        assert command(tmp_path / name, "-o", tmp_path / f"{name}.gz").returncode == 0
        assert gzip.decompress((tmp_path / f"{name}.gz").read_bytes()) == wanted(rows(10))
        assert command("-o", tmp_path / f"{name}.zst", data=(tmp_path / name).read_bytes()).returncode == 0
        packed = io.BytesIO((tmp_path / f"{name}.zst").read_bytes())
        assert zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True).read() == wanted(rows(10))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "a.gz", "a.zst", "b", "b.gz", "b.zst"]


def test_fields_are_found_by_dotted_names_and_written_beside() -> None:
    row = rows(1)[0]
    record = {"doc": {"body": row["text"], "k": 1.0}, "meta": {"link": "https://www.example.org/a"}, "key": 7}
    done = command(
        "--field",
        "doc.body",
        "--url-field",
        "meta.link",
        "--id-field",
        "key",
        "--out-field",
        "doc.clean",
        data=lines([record]),
    )
    assert loaded(done.stdout) == [record | {"doc": record["doc"] | {"clean": cleaned(row)}}]


def test_pages_are_cleaned_from_a_field_and_text_where_there_is_none() -> None:
    records = [{"html": PAGE}, {"html": None}]
    done = command("--html-field", "html", data=lines(records))
    page = Cleaner(scores=False).clean_html(PAGE).text
    assert loaded(done.stdout) == [{"html": PAGE, "text": page}, {"html": None}]
    both = [{"html": PAGE, "text": "x"}, {"html": None, "text": "The bus stays."}, {"html": None, "text": None}]
    done = command("--html-field", "html", "--field", "text", data=lines(both))
    assert [row["text"] for row in loaded(done.stdout)] == [page, "The bus stays.", None]


def test_a_field_that_pages_would_overwrite_is_not_overwritten_unasked() -> None:
    record = lines([{"html": PAGE, "text": "mine"}])
    done = command("--html-field", "html", data=record)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"there is a field 'text' already" in done.stderr
    assert loaded(command("--html-field", "html", "--out-field", "text", data=record).stdout)[0]["text"] != "mine"


def test_the_ledger_names_every_removal(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    command("--ledger", ledger, data=lines(rows(30)))
    rows_of = {}
    for row in loaded(ledger.read_bytes()):
        rows_of.setdefault(row.pop("id"), []).append(row)
    for row in rows(30):
        result = Cleaner(scores=False).clean(row["text"], url=row["url"])
        assert [(one["start"], one["end"], one["kind"], one["by"]) for one in rows_of.get(row["id"], [])] == [
            (d.start, d.end, d.kind, d.by) for d in result.removed
        ]
        assert all(one["text"] == result.document.text[one["start"] : one["end"]] for one in rows_of.get(row["id"], []))


def test_spans_mark_what_would_go_and_leave_the_text(tmp_path: Path) -> None:
    known = [dict(row, attributes={"other__x": [[0, 1, 0.5]]}) for row in rows(20)]
    for given, more in ((rows(20), {}), (known, {"other__x": [[0, 1, 0.5]]})):
        for before, after in zip(given, loaded(command("--spans", data=lines(given)).stdout), strict=True):
            result = Cleaner(scores=False).clean(before["text"], url=before["url"])
            spans = after.pop("attributes")
            assert {name: spans.pop(name) for name in more} == more
            assert after["text"] == result.document.text
            assert sorted(span for found in spans.values() for span in found) == [
                [d.start, d.end, 1.0] for d in result.removed
            ]
            assert set(spans) == {f"cleaner__{d.kind}" for d in result.removed}


def test_a_folder_is_a_record_a_file_and_what_its_files_hold(tmp_path: Path) -> None:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    article = rows(1)[0]["text"]
    (tmp_path / "in" / "a.txt").write_text(article)
    (tmp_path / "in" / "b.html").write_text(PAGE)
    (tmp_path / "in" / "c.jsonl").write_bytes(lines(rows(3)))
    (tmp_path / "in" / "sub" / "d.txt.gz").write_bytes(gzip.compress(article.encode()))
    (tmp_path / "in" / ".hidden").write_bytes(b"\0\1")
    done = command(tmp_path / "in", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    found = loaded(done.stdout)
    assert [row["id"] for row in found] == [
        *(str(tmp_path / "in" / name) for name in ("a.txt", "b.html")),
        "d0",
        "d1",
        "d2",
        str(tmp_path / "in" / "sub" / "d.txt.gz"),
    ]
    text = Cleaner(scores=False).clean(article).text
    assert found[0]["text"] == found[-1]["text"] == text
    assert found[1]["text"] == Cleaner(scores=False).clean_html(PAGE).text


def test_a_summary_and_statistics_say_what_was_done(tmp_path: Path) -> None:
    stats = tmp_path / "stats.json"
    records = [*rows(30), {"id": "none", "text": None}]
    done = command("--stats", stats, data=lines(records))
    found = json.loads(stats.read_text())
    results = [Cleaner(scores=False).clean(row["text"], url=row["url"]) for row in rows(30)]
    assert (found["documents"], found["without_text"], found["rejected"]) == (31, 1, 0)
    assert found["bytes_in"] == len(lines(records))
    assert found["characters"] == sum(len(result.document.text) for result in results)
    assert sum(found["kinds"].values()) == found["removed"] == sum(d.end - d.start for r in results for d in r.removed)
    by = Counter(d.by for result in results for d in result.removed)
    assert found["removals"] == by.total()
    assert list(found["rules"].values()) == [count for _, count in by.most_common(20)]
    assert len(found["slowest"]) == 10
    assert b"31 documents" in done.stderr
    assert b"1 without text" in done.stderr


def test_a_field_that_was_named_and_is_missing_is_told(tmp_path: Path) -> None:
    records = [*({"text": row["text"], "link": row["url"]} for row in rows(3)), {"text": "The bridge closes."}]
    done = command("--url-field", "link", "--lang-field", "langue", data=lines(records))
    assert done.returncode == 0
    assert b"field 'link' is in 3 of 4 documents" in done.stderr
    assert b"field 'langue' is in none of 4 documents" in done.stderr
    assert b"'link' is" not in command("--url-field", "link", data=lines(records[:3])).stderr


def test_a_single_article_goes_to_a_file_too(tmp_path: Path) -> None:
    article = rows(1)[0]["text"]
    done = command("-o", tmp_path / "clean.txt", data=article.encode())
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "clean.txt").read_text() == Cleaner(scores=False).clean(article).text + "\n"
    assert [path.name for path in tmp_path.iterdir()] == ["clean.txt"]


def test_devices_pipes_and_links_stay_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(lines(rows(3)))
    (tmp_path / "link").symlink_to(tmp_path / "target")
    os.mkfifo(tmp_path / "pipe")
    before = os.lstat("/dev/stdout").st_ino
    done = command(tmp_path / "in", "-o", "/dev/stdout", "--rejects", "/dev/null")
    assert done.stdout == wanted(rows(3))
    with open(tmp_path / "file", "wb") as file:
        subprocess.run([*CLEAN, str(tmp_path / "in"), "-o", "/dev/stdout"], stdout=file, check=True, timeout=60)
    assert (tmp_path / "file").read_bytes() == wanted(rows(3))
    assert os.lstat("/dev/stdout").st_ino == before
    assert command(tmp_path / "in", "-o", tmp_path / "link").returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == wanted(rows(3))
    with subprocess.Popen([*CLEAN, str(tmp_path / "in"), "-o", str(tmp_path / "pipe")]) as process:
        assert (tmp_path / "pipe").read_bytes() == wanted(rows(3))
    assert process.returncode == 0
    assert command(tmp_path / "in", "-o", "/dev/null", "--resume").returncode == 2
    assert {path.name for path in tmp_path.iterdir()} == {"in", "link", "pipe", "file", "target"}


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--json", "--jsonl"), "--json is for single articles"),
        (("--explain", "--jsonl"), "--explain is for single articles"),
        (("--resume", "--jsonl"), "--resume needs -o FILE"),
        (("--jsonl", "-o", "a.parquet"), "only Parquet goes to Parquet"),
        (("--jsonl", "--ledger", "a", "--rejects", "a"), "two outputs have the same name"),
        (("--jsonl", "-o", "."), ". is a folder"),
        (("--field", "a..b"), "has an empty part"),
        (("--spans", "--out-field", "text"), "fields 'text' and 'text' are both written"),
        (("--spans", "--out-field", "attributes.x"), "'attributes.x' and 'attributes' are both written"),
        (("--field", "doc.text", "--out-field", "doc"), "'doc' is written, and 'doc.text' is in it"),
        (("--ledger", "a"), "--ledger is for records, and this is a single article"),
        (("--jobs", "-1"), "'-1' is no number of processes"),
        (("--timeout", "soon"), "'soon' is no number of seconds"),
        (("--jsonl", "-o", "none/out"), "there is no such folder"),
        (("--jsonl", "--stats", "none/out"), "there is no such folder"),
        (("--jsonl", "-", "-"), "standard input can be read only once"),
    ],
)
def test_arguments_that_do_not_go_together_are_refused(args: tuple[str, ...], says: str) -> None:
    done = command(*args, data=b"The bus stays.\n")
    assert done.returncode == 2
    assert says in done.stderr.decode()
    assert not done.stdout


def test_nothing_is_cleaned_in_place(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(rows(2)))
    (tmp_path / "link").symlink_to(tmp_path / "a.jsonl")
    for name in ("a.jsonl", "link"):
        done = command(tmp_path / "a.jsonl", "-o", tmp_path / name)
        assert done.returncode == 2
        assert b"nothing is cleaned in place" in done.stderr
    assert (tmp_path / "a.jsonl").read_bytes() == lines(rows(2))


def test_a_terminal_sees_progress_and_a_file_does_not(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(lines(rows(800)))
    terminal, other = os.openpty()
    args = [sys.executable, "-m", "cleaner.cli", "--no-scores", str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    with subprocess.Popen(args, stderr=other) as process:
        os.close(other)
        said = b""
        try:
            while more := os.read(terminal, 1 << 16):
                said += more
        except OSError:  # what a terminal says at its end
            pass
    os.close(terminal)
    assert process.returncode == 0
    assert re.search(rb"\r\x1b\[K[\d,]+ documents, [\d,]+ a second, \d+%, 0:00:\d\d left", said)
    assert b"left" not in command(tmp_path / "in").stderr


@pytest.mark.slow
def test_threads_and_pools_of_processes_give_the_same() -> None:
    cleaner, texts = Cleaner(), [row["text"] for row in rows(24)]
    wanted = [cleaner.clean(text).text for text in texts]
    with ThreadPoolExecutor(4) as threads:
        assert [result.text for result in threads.map(cleaner.clean, texts)] == wanted
    for start in ("fork", "spawn"):
        with ProcessPoolExecutor(2, mp_context=get_context(start)) as processes:
            assert [result.text for result in processes.map(cleaner.clean, texts)] == wanted


def test_a_web_archive_gives_a_record_a_page(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc", reason="needs the extra warc")
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
    records = [
        warc("warcinfo", "", b"software: x", kind="application/warc-fields"),
        warc("response", "https://www.example.org/a", (head + PAGE.replace("bus", "büs")).encode()),
        warc("response", "https://www.example.org/b", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"),
        warc("conversion", "https://www.example.org/c", rows(1)[0]["text"].encode(), kind="text/plain"),
    ]
    damaged = [*records[:2], b"stray bytes\r\n\r\n", *records[2:]]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    (tmp_path / "b.warc").write_bytes(b"".join(damaged))
    page = Cleaner(scores=False).clean_html(PAGE.replace("bus", "büs"), url="https://www.example.org/a")
    text = Cleaner(scores=False).clean(rows(1)[0]["text"], url="https://www.example.org/c")
    for name, status in (("a.warc.gz", 0), ("b.warc", 2)):
        done = command(tmp_path / name)
        assert done.returncode == status, done.stderr
        found = loaded(done.stdout)
        assert [row["url"] for row in found] == ["https://www.example.org/a", "https://www.example.org/c"]
        assert [row["text"] for row in found] == [page.text, text.text]
        assert [row["title"] for row in found] == [page.title, text.title]
        assert {row["date"] for row in found} == {"2024-05-01T00:00:00Z"}
        assert b"2 records that hold no page" in done.stderr
        assert (f"{name}:3: damaged at byte" in done.stderr.decode()) == bool(status)


def warc(what: str, url: str, block: bytes, kind: str = "application/http; msgtype=response") -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {what}\r\nWARC-Record-ID: <urn:uuid:{url}>\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n"
    head += f"WARC-Target-URI: {url}\r\nContent-Type: {kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"
