"""What goes wrong while records are cleaned: nothing is lost, nothing comes twice, and what is said is true."""

from __future__ import annotations

import errno
import gzip
import json
import os
import random
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from cleaner.records.chunk import Chunk, Done
from cleaner.records.pool import Pool, WorkersDieError
from cleaner.records.work import given_up
from tests.records import CLEAN, command, lines, rows, wanted


def rejects(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


# Bad records.

BAD = [
    (b'{"id": 1, "text": "cut off', "not JSON"),
    (b"[1, 2]", "not a JSON object"),
    (b'{"id": 1}', "no field 'text'; there are: id"),
    (b'{"text": 7}', "field 'text' is a number; it must be a string"),
    (b'{"text": ["a"]}', "field 'text' is an array"),
    (b'{"text": "\xff"}', "not UTF-8 at byte 10"),
    (b'{"text": "a", "url": 7}', "field 'url' is a number"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD)
def test_a_bad_record_costs_itself_and_is_named_and_kept(bad: bytes, reason: str, tmp_path: Path) -> None:
    taken = tmp_path / "rejects.jsonl"
    data = lines(rows(3)) + bad + b"\n\n" + lines(rows(2))
    for args in (("--url-field", "url"), ("--url-field", "url", "--rejects", str(taken))):
        done = command(*args, data=data)
        assert (done.returncode, done.stdout) == (2, wanted(rows(3)) + wanted(rows(2)))
        assert b"1 rejected" in done.stderr
    assert f"-:4: {reason}" in command("--url-field", "url", data=data).stderr.decode()
    (row,) = rejects(taken)
    assert (row["number"], str(row["reason"]).startswith(reason)) == (4, True)
    assert row["record"] == bad.decode() if row["record"] else b"\xff" in bad


def test_many_bad_records_are_counted_not_told_one_by_one() -> None:
    done = command(data=lines(rows(1)) + b"bad\n" * 500)
    assert done.returncode == 2
    assert done.stderr.count(b"not a JSON object") == 10
    assert b"and 490 more" in done.stderr


# Bad files.


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_packed_file_that_is_cut_off_gives_what_it_holds_and_is_named(packing: str, tmp_path: Path) -> None:
    data = lines(rows(200))
    if packing == "gzip":
        packed = gzip.compress(data)
    else:
        packed = pytest.importorskip("zstandard", reason="needs the extra zstd").compress(data)
    (tmp_path / "a").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "b").write_bytes(gzip.compress(lines(rows(3))))
    done = command(tmp_path / "a", tmp_path / "b", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert f"{tmp_path}/a: is cut off" in done.stderr.decode()
    out = (tmp_path / "out").read_bytes()
    assert out.endswith(wanted(rows(3)))
    whole = out.removesuffix(wanted(rows(3)))
    assert wanted(rows(200)).startswith(whole)


def test_a_file_that_is_not_there_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(lines(rows(2)))
    done = command(tmp_path / "none", tmp_path / "a")
    assert (done.returncode, done.stdout) == (2, wanted(rows(2)))
    assert f"{tmp_path}/none: No such file or directory" in done.stderr.decode()


# Outputs that cannot be written.


def test_an_output_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    done = command("-o", tmp_path / "no" / "out", data=lines(rows(2)))
    assert done.returncode == 2
    assert b"no/out: there is no such folder; make it first" in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_said() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(CLEAN, input=lines(rows(5)), stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 2
    assert os.strerror(errno.ENOSPC).encode() in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.slow
def test_a_full_disk_behind_a_file_leaves_what_resume_goes_on_with(tmp_path: Path) -> None:
    many = rows(3000)
    (tmp_path / "in").write_bytes(lines(many))
    out = tmp_path / "out"

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    args = [*CLEAN, str(tmp_path / "in"), "-o", str(out)]
    done = subprocess.run(args, capture_output=True, timeout=120, check=False, preexec_fn=small)
    assert done.returncode == 2
    assert os.strerror(errno.EFBIG).encode() in done.stderr
    assert b"Traceback" not in done.stderr
    assert not out.exists()
    assert subprocess.run([*args, "--resume"], capture_output=True, timeout=120, check=False).returncode == 0
    assert out.read_bytes() == wanted(many)


def test_a_closed_pipe_ends_it_quietly() -> None:
    with subprocess.Popen(CLEAN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(lines(rows(100)))
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        try:
            process.stdin.write(lines(rows(2000)))
            process.stdin.close()
        except BrokenPipeError:
            process.stdin = None
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


# Signals.


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.slow
def test_a_signal_stops_it_and_resume_goes_on(number: signal.Signals, tmp_path: Path) -> None:
    many = rows(3000)
    (tmp_path / "in").write_bytes(lines(many))
    args = [*CLEAN, "--jobs", "2", str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    process = subprocess.Popen(args, stderr=subprocess.PIPE)
    _wait_for(tmp_path / "out.part", 100_000)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert b"stopped after" in err
    assert b"--resume goes on" in err
    assert not (tmp_path / "out").exists()
    refused = subprocess.run(args, capture_output=True, timeout=60, check=False)
    assert refused.returncode == 2
    assert b"--resume goes on with it, or delete it" in refused.stderr
    done = subprocess.run([*args, "--resume"], capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert b"3,000 documents" in done.stderr
    assert (tmp_path / "out").read_bytes() == wanted(many)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


# Workers and runs that are killed.


def echo(chunk: Chunk) -> Done:
    """Work that some records are the death of."""
    done = Done(out=[b"".join(item + b"\n" for item in chunk.items)])  # type: ignore[operator]
    done.tally.documents = len(chunk)
    for item in chunk.items:
        if item == b"kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif item == b"leave":
            os._exit(3)
        elif item == b"sleep":
            time.sleep(60)
        elif item == b"fail":
            raise ZeroDivisionError("of all things")
    return done


def chunks(records: list[bytes], size: int) -> list[Chunk]:
    return [Chunk("jsonl", "f", at + 1, records[at : at + size], size) for at in range(0, len(records), size)]


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("start", ["fork", "spawn"])
@pytest.mark.slow
def test_a_record_that_kills_or_stalls_its_worker_costs_itself(jobs: int, start: str) -> None:
    records = [b"%d" % number for number in range(40)]
    deaths = {
        3: (b"kill", "its worker process died: signal 9 (SIGKILL)"),
        17: (b"sleep", "took longer than 1 s"),
        18: (b"leave", "its worker process died: exit status 3"),
        30: (b"fail", "not cleaned, by a fault of this program: ZeroDivisionError: of all things"),
    }
    for number, (record, _) in deaths.items():
        records[number] = record
    with Pool(echo, given_up, jobs=jobs, seconds=1, start=start) as pool:  # type: ignore[arg-type]
        done = [said for _, said in pool.done(chunks(records, 8))]
    out = b"".join(part for one in done for part in one.out)  # type: ignore[misc]
    assert out.split() == [record for number, record in enumerate(records) if number not in deaths]
    told = [(reject.number, reject.reason, reject.record) for one in done for reject in one.rejects]
    assert told == [(number + 1, reason, record.decode()) for number, (record, reason) in deaths.items()]
    assert sum(one.tally.documents for one in done) == 36
    assert sum(one.tally.rejected for one in done) == 4


def never(chunk: Chunk) -> Done:
    return Done()


class Unborn:
    """Work whose worker dies before it begins."""

    def __call__(self, chunk: Chunk) -> Done:
        return Done()

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (4,)


def test_workers_that_die_as_they_begin_end_the_run() -> None:
    with (
        pytest.raises(WorkersDieError, match="die as they begin: its worker process died: exit status 4"),
        Pool(Unborn(), given_up, jobs=2, seconds=60, start="spawn") as pool,
    ):
        list(pool.done(chunks([b"a"], 1)))


def test_what_is_no_chunk_keeps_its_place() -> None:
    first, second = chunks([b"a", b"b"], 1)
    with Pool(echo, given_up, jobs=2, seconds=60) as pool:
        found = list(pool.done(["x", first, "y", "z", second]))
    assert [item if isinstance(item, str) else item[0] for item in found] == ["x", first, "y", "z", second]


@pytest.mark.slow
@pytest.mark.parametrize("kills", [2, 9])
def test_workers_that_are_killed_from_outside_cost_only_what_dies_with_three_of_them(
    kills: int, tmp_path: Path
) -> None:
    """A record is given up when its chunk's worker dies, and then two more that had it alone."""
    many = rows(3000)
    (tmp_path / "in").write_bytes(lines(many))
    args = [*CLEAN, "--jobs", "2", str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    process = subprocess.Popen([*args, "--rejects", str(tmp_path / "rejects")], stderr=subprocess.PIPE)
    chance, killed = random.Random(5), 0
    while process.poll() is None and killed < kills:
        time.sleep(chance.uniform(0.2, 0.5))
        for child in _children(process.pid)[: kills - killed]:
            if chance.random() < 0.5:
                os.kill(child, signal.SIGKILL)
                killed += 1
    _, err = process.communicate(timeout=120)
    lost = rejects(tmp_path / "rejects")
    assert killed >= 2
    assert len(lost) <= killed // 3
    assert all("SIGKILL" in str(row["reason"]) for row in lost)
    assert process.returncode == (2 if lost else 0), err
    numbers = {row["number"] for row in lost}
    assert (tmp_path / "out").read_bytes() == wanted([row for at, row in enumerate(many, 1) if at not in numbers])


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_a_run_that_is_killed_again_and_again_writes_each_record_once(tmp_path: Path) -> None:
    """Fifty times at a random moment, by commits at every chunk; then to its end."""
    many = rows(6000)
    (tmp_path / "in").write_bytes(lines(many))
    names = {name: tmp_path / name for name in ("out.gz", "ledger", "rejects")}
    args = [*CLEAN, "--jobs", "2", str(tmp_path / "in"), "-o", str(names["out.gz"]), "--resume", "--commit-every", "0"]
    args += ["--ledger", str(names["ledger"]), "--rejects", str(names["rejects"])]
    chance, kills = random.Random(7), 0
    while kills < 50:
        process = subprocess.Popen(args, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.1, 0.9))
        process.kill()
        if process.wait() == 0:
            break
        kills += 1
    done = subprocess.run(args, capture_output=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert gzip.decompress(names["out.gz"].read_bytes()) == wanted(many)
    plain = tmp_path / "plain"
    command(tmp_path / "in", "--ledger", plain)
    assert names["ledger"].read_bytes() == plain.read_bytes()
    assert names["rejects"].read_bytes() == b""
    assert kills > 20
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"in", "out.gz", "ledger", "rejects", "plain"}


def _wait_for(path: Path, size: int, limit: float = 60) -> None:
    end = time.monotonic() + limit
    while not (path.exists() and path.stat().st_size >= size):
        assert time.monotonic() < end, f"{path} does not grow"
        time.sleep(0.01)
