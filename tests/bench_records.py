"""Measures the command on records, then the engines: `python -m tests.bench_records [--records N] [--wet N]`.

Texts of real pages from ../shared where they are, else the project's own corpus. The bare call and the command take the
same file, in turns, each in a process of its own; the least of a few rounds counts. Memory is the sum of what all
processes of the command have for themselves (PSS, so that what they share counts once), looked at ten times a second.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core a process; read when numpy loads

from cleaner.types import HTML_MODES
from tests.bench import MB, SHARED, pages
from tests.bench_engines import table as engines
from tests.bench_pages import EXAMPLE as EXAMPLE_PAGE

BARE = """\
import json, sys
from cleaner import Cleaner
cleaner = Cleaner()
for line in open(sys.argv[1], encoding="utf-8"):
    record = json.loads(line)
    cleaner.clean(record["text"], url=record["url"])
"""
COMMAND = ("-m", "cleaner.cli")
HEAD = (
    b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:x:%d>\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n"
    b"WARC-Target-URI: https://www.example.org/%d\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
)
Row = tuple[str, str, str]


class Took:
    """Wall and CPU seconds of a process and its children, and its most memory in MB."""

    def __init__(self, args: Sequence[str]) -> None:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        self.memory = 0.0
        with subprocess.Popen([sys.executable, *args], stderr=subprocess.PIPE) as process:
            watch = threading.Thread(target=self._watch, args=(process.pid,), daemon=True)
            watch.start()
            said = process.communicate()[1]
        if process.returncode:
            sys.exit(said.decode())
        self.said = said.decode()
        self.wall = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def _watch(self, pid: int) -> None:
        while (size := sum(map(_memory, _family(pid)))) or os.path.exists(f"/proc/{pid}"):
            self.memory = max(self.memory, size)
            time.sleep(0.1)


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            children = file.read().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _memory(pid: int) -> float:
    """MB that a process has for itself, and its share of what it has with others."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return next((int(line.split()[1]) / 1000 for line in file if line.startswith("Pss:")), 0.0)
    except OSError:
        return 0.0


def write_lines(path: Path, texts: Sequence[str], count: int) -> None:
    """So many records, each text again and again with another number in it."""
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            text = f"{texts[number % len(texts)]}\nRecord {number}."
            row = {"id": number, "url": f"https://www.example.org/{number}", "text": text}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def jobs(folder: Path, texts: Sequence[str], count: int, rounds: int) -> Iterator[Row]:
    """What the command adds to the bare call, and what a second process gains."""
    given = folder / "a.jsonl"
    write_lines(given, texts, count)
    size = given.stat().st_size / MB
    runs: dict[str, list[Took]] = {"bare": [], "1": [], "2": []}
    for _ in range(rounds):
        runs["bare"].append(Took(["-c", BARE, str(given)]))
        for number in ("1", "2"):
            runs[number].append(Took([*COMMAND, "--jobs", number, str(given), "-o", str(folder / f"out{number}")]))
    if (folder / "out1").read_bytes() != (folder / "out2").read_bytes():
        sys.exit("one job and two give different bytes")
    wall = {name: min(took.wall for took in all_of) for name, all_of in runs.items()}
    cpu = {name: min(took.cpu for took in all_of) for name, all_of in runs.items()}
    yield f"{count:,} records, {size:.1f} MB: the bare call", f"{wall['bare']:.1f} s, {cpu['bare']:.1f} s CPU", ""
    for name in ("1", "2"):
        yield f"the command, --jobs {name}", f"{wall[name]:.1f} s, {cpu[name]:.1f} s CPU", ""
    yield "one job over the bare call, CPU", f"{cpu['1'] / cpu['bare']:.2f}", "at most 1.15"
    yield "one job over the bare call, wall", f"{wall['1'] / wall['bare']:.2f}", "at most 1.15"
    yield "two jobs faster than one, wall", f"{wall['1'] / wall['2']:.2f} times", "at least 1.8"


def memory(folder: Path, texts: Sequence[str], count: int) -> Iterator[Row]:
    """The most memory of two jobs, for ever more records."""
    peaks = []
    for times in (1, 10):
        given = folder / "m.jsonl"
        write_lines(given, texts, count * times)
        took = Took([*COMMAND, "--no-scores", "--jobs", "2", str(given), "-o", str(folder / "m.out")])
        peaks.append(took.memory)
        yield f"{count * times:,} records by two jobs, rules alone", f"{took.memory:.0f} MB", "under 400"
    yield "ten times the input, memory", f"{peaks[1] / peaks[0]:.2f} times", "at most 1.05"
    write_lines(folder / "m.jsonl", texts, count)
    took = Took([*COMMAND, "--jobs", "2", str(folder / "m.jsonl"), "-o", str(folder / "m.out")])
    yield f"{count:,} records by two jobs, with scores", f"{took.memory:.0f} MB", "under 400"


def wet(folder: Path, texts: Sequence[str], count: int) -> Iterator[Row]:
    """A WET file from end to end, by two jobs."""
    chance, given = random.Random(3), folder / "a.wet"
    with open(given, "wb") as file:
        for number in range(count):
            lines = texts[number % len(texts)].split("\n")
            del lines[chance.randrange(len(lines))]
            body = "\n".join([*lines, f"Record {number}."]).encode()
            file.write(HEAD % (number, number, len(body)) + body + b"\r\n\r\n")
    size = given.stat().st_size / MB
    took = Took([*COMMAND, "--jobs", "2", str(given), "-o", str(folder / "wet.jsonl")])
    with open(folder / "wet.jsonl", "rb") as out:
        written = sum(1 for _ in out)
    if written != count:
        sys.exit(f"{count} records went in and {written} came out")
    yield f"WET, {count:,} records, {size:,.0f} MB, two jobs", f"{took.wall:,.0f} s, {took.cpu:,.0f} s CPU", ""
    yield "CPU a record", f"{1000 * took.cpu / count:.1f} ms", ""
    yield "its memory", f"{took.memory:.0f} MB", "under 400"


def web_archive(folder: Path, count: int) -> Iterator[Row]:
    """A packed WARC file of real pages, or of the shipped example again and again, in both modes."""
    given, size = folder / "a.warc.gz", 0
    with open(given, "wb") as file:
        for number, page in zip(range(count), _pages(), strict=False):
            body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
            kind, size = b"application/http; msgtype=response", size + len(page)
            head = HEAD.replace(b"conversion", b"response").replace(b"text/plain", kind)
            file.write(gzip.compress(head % (number, number, len(body)) + body + b"\r\n\r\n"))
    for mode in HTML_MODES:
        took = Took([*COMMAND, "--jobs", "2", "--html-mode", mode, str(given), "-o", str(folder / "warc.jsonl")])
        what = f"WARC, {count:,} pages, {size / MB:,.0f} MB, {given.stat().st_size / MB:,.0f} packed, two jobs, {mode}"
        yield what, f"{took.wall:,.0f} s, {took.cpu:,.0f} s CPU, {1000 * took.cpu / count:.1f} ms a page", ""
        yield "its memory", f"{took.memory:.0f} MB", "under 400"


def _pages() -> Iterator[bytes]:
    found = sorted((SHARED / "documents").glob("*.jsonl.gz"))
    for path in found:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if page := json.loads(line).get("html"):
                    yield page.encode("utf-8", "replace")
    while not found:
        yield EXAMPLE_PAGE.read_bytes()


def main() -> None:
    """Prints the table."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--records", type=int, default=1500, help="records of the comparison (default: %(default)s)")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--wet", type=int, default=2000, help="records of the WET file (default: %(default)s)")
    p.add_argument("--warc", type=int, default=500, help="pages of the WARC file (default: %(default)s)")
    p.add_argument("--engines", type=int, default=500, help="articles for each engine; 0: none (default: %(default)s)")
    args = p.parse_args()
    texts = pages(20 * MB)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in (
            jobs(folder, texts, args.records, args.rounds),
            memory(folder, texts, 4 * args.records),
            wet(folder, texts, args.wet),
            web_archive(folder, args.warc),
        ):
            for what, measured, wanted in part:
                print(f"| {what} | {measured} | {wanted} |", flush=True)
    for line in engines(args.engines) if args.engines else ():
        print(line, flush=True)


if __name__ == "__main__":
    main()
