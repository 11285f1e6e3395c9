"""What a run writes, and what it must leave alone: its inputs, other runs, its own outputs in a folder it reads."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from cleaner import cli
from cleaner.records.job import Stopped
from cleaner.records.sink import Sink
from tests.records import CLEAN, command, lines, rows, wanted


@pytest.mark.parametrize("name", ["x.part", "x.state", "x.state.new", "x.lock"])
def test_an_input_that_stands_where_the_run_keeps_something_is_left_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(lines(rows(2)))
    for text in (lines(rows(2)), rows(1)[0]["text"].encode()):
        (tmp_path / name).write_bytes(text)
        done = command(tmp_path / name, "-o", tmp_path / "x")
        assert done.returncode == 2
        assert b"nothing is cleaned in place" in done.stderr
        assert (tmp_path / name).read_bytes() == text
    done = command("--jsonl", "-o", tmp_path / "y", "--ledger", tmp_path / "y.state", data=b"")
    assert done.returncode == 2


def test_a_folder_does_not_read_what_is_written_into_it(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(rows(300)))
    (tmp_path / "led").write_bytes(b"")
    args = [".", "-o", "out.jsonl", "--ledger", "led", "--commit-every", "0"]
    done = subprocess.run([*CLEAN, *args], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.jsonl").read_bytes() == wanted(rows(300))
    (tmp_path / "out.jsonl").unlink()
    (tmp_path / "led").unlink()
    with open(tmp_path / "stdout.jsonl", "wb") as out:
        subprocess.run([*CLEAN, "."], cwd=tmp_path, stdout=out, stderr=subprocess.PIPE, timeout=60, check=True)
    assert (tmp_path / "stdout.jsonl").read_bytes() == wanted(rows(300))


def test_what_stood_there_before_is_not_taken_for_the_result(tmp_path: Path) -> None:
    many = rows(3000)
    (tmp_path / "in").write_bytes(lines(many))
    (tmp_path / "out").write_bytes(b"old\n")
    (tmp_path / "out").chmod(0o600)
    args = [*CLEAN, str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    process = subprocess.Popen(args, stderr=subprocess.DEVNULL)
    while not (tmp_path / "out.state").exists():
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert (tmp_path / "out").read_bytes() == b"old\n"
    done = subprocess.run([*args, "--resume"], capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").read_bytes() == wanted(many)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600
    again = subprocess.run([*args, "--resume"], capture_output=True, timeout=120, check=False)
    assert again.returncode == 0
    assert b"is whole; nothing to resume" in again.stderr


def test_a_second_run_to_the_same_output_is_refused_while_the_first_is_at_work(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(lines(rows(3000)))
    args = [*CLEAN, str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--commit-every", "0"]
    with subprocess.Popen(args, stderr=subprocess.DEVNULL) as process:
        while not (tmp_path / "out.state").exists():
            time.sleep(0.01)
        for more in ([], ["--resume"]):
            second = subprocess.run([*args, *more], capture_output=True, timeout=60, check=False)
            assert second.returncode == 2
            assert b"is being written by another run" in second.stderr
    assert process.returncode == 0
    assert (tmp_path / "out").read_bytes() == wanted(rows(3000))


def test_a_signal_while_resuming_passes_over_what_is_done_leaves_it_resumable(tmp_path: Path) -> None:
    many = rows(4000)
    (tmp_path / "in").write_bytes(lines(many))
    args = [*CLEAN, str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--commit-every", "0", "--resume"]
    for pause in (0.8, 0.25, 0.2, 0.3, 0.15, 0.35):
        process = subprocess.Popen(args, stderr=subprocess.DEVNULL)
        time.sleep(pause)
        process.send_signal(signal.SIGTERM)
        process.wait()
    done = subprocess.run(args, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").read_bytes() == wanted(many)


@pytest.mark.parametrize("spoilt", [b"", b"{}", b"[]", b'{"known": 1}', b"\0" * 40])
def test_a_state_that_is_none_is_named(spoilt: bytes, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(lines(rows(2)))
    (tmp_path / "out.state").write_bytes(spoilt)
    done = command(tmp_path / "in", "-o", tmp_path / "out", "--resume")
    assert done.returncode == 2
    assert b"out.state is not the state of a run; delete it and begin anew" in done.stderr


def test_another_input_is_not_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(lines(rows(3000)))
    args = [*CLEAN, str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--commit-every", "0"]
    process = subprocess.Popen(args, stderr=subprocess.DEVNULL)
    while not (tmp_path / "out.part").exists() or (tmp_path / "out.part").stat().st_size < 100_000:
        time.sleep(0.01)
    process.kill()
    process.wait()
    (tmp_path / "in").write_bytes(lines(rows(3000)).replace(b'"d0"', b'"e0"'))
    done = subprocess.run([*args, "--resume"], capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert b"the input is not the one that the interrupted run has read" in done.stderr
    done = subprocess.run([*args, "--resume", "--level", "strict"], capture_output=True, timeout=60, check=False)
    assert b"is of a run with another level: 'normal', not 'strict'" in done.stderr


def test_no_records_make_a_packed_file_of_none(tmp_path: Path) -> None:
    assert command("--jsonl", "-o", tmp_path / "out.gz", data=b"").returncode == 0
    assert gzip.decompress((tmp_path / "out.gz").read_bytes()) == b""
    assert (tmp_path / "out.gz").stat().st_size > 0


def test_a_pipe_beside_records_is_read_and_a_blank_file_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(rows(2)))
    (tmp_path / "blank").write_bytes(b"\n \n")
    article = rows(1)[0]["text"]
    done = command("-", tmp_path / "blank", tmp_path / "a.jsonl", data=article.encode())
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines(keepends=True)
    assert json.loads(first)["id"] == "-"
    assert json.loads(first)["text"] == json.loads(wanted([{"text": article}]))["text"]
    assert b"".join(rest) == wanted(rows(2))
    assert command(tmp_path / "blank", "--ledger", tmp_path / "ledger", "-o", tmp_path / "out").returncode == 0


def test_a_folder_that_cannot_be_read_costs_itself(tmp_path: Path) -> None:
    deep = tmp_path / "in" / "b"
    deep.mkdir(parents=True)
    for name in ("a.txt", "c.txt"):
        (tmp_path / "in" / name).write_text(rows(1)[0]["text"])
    (tmp_path / "in" / "b" / "t.parquet").write_bytes(b"PAR1 and no more")
    done = command(tmp_path / "in")
    assert done.returncode == 2
    assert b"t.parquet: is Parquet, and comes out as Parquet" in done.stderr
    assert len(done.stdout.splitlines()) == 2


def test_a_reader_that_goes_away_is_named_unless_it_is_standard_output(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(lines(rows(2000)))
    os.mkfifo(tmp_path / "pipe")
    args = [*CLEAN, str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--ledger", str(tmp_path / "pipe")]
    with subprocess.Popen(args, stderr=subprocess.PIPE) as process:
        with open(tmp_path / "pipe", "rb") as pipe:
            pipe.read(10)
        assert process.stderr
        said = process.stderr.read()
    assert process.returncode == 2
    assert b"pipe: Broken pipe" in said


def test_a_full_device_is_named(tmp_path: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full")
    done = command("--ledger", "/dev/full", "-o", tmp_path / "out", data=lines(rows(5)))
    assert done.returncode == 2
    assert b"/dev/full: No space left on device" in done.stderr


def test_nohup_is_respected(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(lines(rows(2000)))
    args = ["nohup", *CLEAN, str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    with subprocess.Popen(args, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        while not (tmp_path / "out.part").exists():
            time.sleep(0.01)
        process.send_signal(signal.SIGHUP)
    assert process.returncode == 0
    assert (tmp_path / "out").read_bytes() == wanted(rows(2000))


def test_odd_records_pass(tmp_path: Path) -> None:
    odd = b'{"text": "The bus stays, he said.", "n": ' + b"9" * 5000 + b', "half": "\\ud83d"}\n'
    done = command(
        "--stats", tmp_path / "stats", data=odd + b'{"id": "\\ud800", "text": "A \\ud800 in it, he said."}\n'
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines(keepends=True)[0] == odd
    assert json.loads(done.stdout.splitlines()[1])["text"] == "A \ufffd in it, he said."
    assert json.loads((tmp_path / "stats").read_bytes())["documents"] == 2


def test_a_record_that_cannot_take_the_text_is_not_counted_as_cleaned(tmp_path: Path) -> None:
    row = {"id": "x", "meta": "s", "attributes": [1], "text": rows(1)[0]["text"]}
    for args in (["--out-field", "meta.clean"], ["--spans"]):
        ledger, stats = tmp_path / "ledger", tmp_path / "stats"
        done = command(*args, "--ledger", ledger, "--stats", stats, data=lines([row]))
        assert (done.returncode, done.stdout, ledger.read_bytes()) == (2, b"", b"")
        found = json.loads(stats.read_bytes())
        assert (found["documents"], found["rejected"], found["removals"]) == (0, 1, 0)


def test_what_is_half_written_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a second signal comes while a chunk is being written."""
    (tmp_path / "in").write_bytes(lines(rows(300)))
    args = ["--no-scores", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--ledger", str(tmp_path / "ledger")]
    write, calls = Sink.write, []

    def interrupted(self: Sink, name: str, data: object) -> None:
        calls.append(name)
        if name == "ledger" and calls.count(name) == 3:
            raise Stopped(signal.SIGTERM)
        write(self, name, data)

    with monkeypatch.context() as patch:
        patch.setattr(Sink, "write", interrupted)
        assert cli.main(args) == 128 + signal.SIGTERM
    done = command(*args[1:], "--resume")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").read_bytes() == wanted(rows(300))
