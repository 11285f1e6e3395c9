"""The part of the command that cleans records: its arguments, and a run from them to an exit status."""

from __future__ import annotations

import argparse
import hashlib
import math
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleaner.pipeline import Cleaner
from cleaner.read.input import Input
from cleaner.types import InputError, UsageError

if TYPE_CHECKING:  # what a run needs is imported by a run: the filter for one article starts without it
    from cleaner.records.chunk import Reject
    from cleaner.records.job import Run
    from cleaner.records.sink import Sink
    from cleaner.records.work import Work

_SAID: Final = 10
"""Rejects that are named on stderr where no file takes them; the others are counted."""
_PAUSE: Final = 0.5
"""Seconds between two pictures of progress."""


def add_arguments(p: argparse.ArgumentParser) -> None:
    """The arguments about records."""
    which = p.add_argument_group(
        "for records", "JSON lines, Parquet, WARC, WET, folders, plain or packed by gzip or zstd; told apart by content"
    )
    which.add_argument("--jsonl", action="store_true", help="take it as JSON lines although it does not look like them")
    which.add_argument(
        "--field", metavar="NAME", help="holds the text (default: text); dots reach into objects: doc.text"
    )
    which.add_argument("--html-field", metavar="NAME", help="holds a page; where that is null the text is taken")
    for what in ("url", "lang", "id"):
        which.add_argument(
            f"--{what}-field", metavar="NAME", help=f"holds the {what} (default: {what}, where there is one)"
        )
    which.add_argument("--title-field", metavar="NAME", help="holds the headline, where it is known (default: none)")
    which.add_argument("--out-field", metavar="NAME", help="takes the clean text (default: the text's own field)")
    which.add_argument(
        "--spans",
        action="store_true",
        help="leave the text as it is and mark what would go in the field `attributes`, as Dolma's tools read it",
    )
    to = p.add_argument_group("where records go")
    to.add_argument(
        "-o", "--output", metavar="FILE", help="packed if it ends in .gz or .zst (default: standard output)"
    )
    to.add_argument("--ledger", metavar="FILE", help="a line of JSON a removal: id, start, end, kind, by, chance, text")
    to.add_argument(
        "--rejects", metavar="FILE", help="a line of JSON a record that could not be cleaned: reason, record"
    )
    to.add_argument("--stats", metavar="FILE", help="what was counted, as JSON")
    to.add_argument("--resume", action="store_true", help="go on with an interrupted run that had the same arguments")
    work = p.add_argument_group("how the work on records is done")
    work.add_argument("--jobs", type=_count, metavar="N", help="processes; 0: one a core (default: 1)")
    work.add_argument(
        "--timeout", type=_seconds, metavar="SECONDS", help="a record that takes longer is rejected (default: 300)"
    )
    work.add_argument(
        "--commit-every",
        type=_seconds,
        default=5.0,
        metavar="SECONDS",
        help="of work that a crash may cost (default: 5)",
    )
    work.add_argument("--start-method", choices=("fork", "spawn", "forkserver"), help=argparse.SUPPRESS)


def named(args: argparse.Namespace) -> list[str]:
    """The arguments that say what a record looks like and were given."""
    return _given(args, "jsonl field html_field url_field lang_field id_field title_field out_field spans")


def asked(args: argparse.Namespace) -> list[str]:
    """The arguments that only records have and that were given."""
    return named(args) + _given(args, "ledger rejects stats resume jobs timeout")


def _given(args: argparse.Namespace, names: str) -> list[str]:
    return [f"--{name.replace('_', '-')}" for name in names.split() if getattr(args, name) not in (None, False)]


def main(args: argparse.Namespace, inputs: Sequence[Input], cleaner: Cleaner) -> int:
    """Cleans records. Returns the exit status; raises CleanerError and OSError."""
    from cleaner.records.fields import Fields, Look
    from cleaner.records.job import How, Run, Stopped
    from cleaner.records.work import Work

    if not inputs:
        return 2  # each was named as it was looked at
    named = {name: getattr(args, f"{name}_field") for name in ("html", "url", "lang", "id", "title", "out")}
    fields = Fields(text=args.field, spans=args.spans, **named)
    own = _check(args, inputs)
    look = Look("markdown" if args.format == "markdown" else "text", args.paragraphs, not args.no_tables)
    work = Work(cleaner, fields, look, ledger=args.ledger is not None)
    if args.resume and _is_whole(args.output):
        sys.stderr.write(f"cleaner: {args.output} is whole; nothing to resume\n")
        return 0
    began = time.monotonic()
    sink = _sink(args, inputs, work)
    try:
        jobs = (os.cpu_count() or 1) if args.jobs == 0 else args.jobs or 1
        how = How(jobs, args.timeout or How().seconds, args.start_method, own)
        run = Run(inputs, work, sink, how)
        told = _Told(run, began, quiet=args.rejects is not None)
        if not sink.finished:
            run.go(told)
        seconds = time.monotonic() - began
        if args.stats:
            _write_stats(args.stats, run.tally.report(seconds, run.before))
        sink.publish()
    except Stopped as stop:
        how_on = "; --resume goes on" if sink.resumable else ""
        sys.stderr.write(f"{told.clear}cleaner: stopped after {run.tally.documents:,} documents{how_on}\n")
        return 128 + stop.number
    finally:
        sink.close()
    told.end(seconds)
    return 2 if run.tally.rejected else int(args.fail_empty and run.tally.empty > 0)


def _is_whole(name: str) -> bool:
    """Whether an output is there and no run was interrupted on its way to it."""
    real = os.path.realpath(name)
    return os.path.exists(real) and not any(os.path.exists(real + side) for side in (".state", ".part"))


def _write_stats(name: str, report: dict[str, Any]) -> None:
    from cleaner.records.jsonline import dumps
    from cleaner.records.part import is_device
    from cleaner.records.sink import replaced

    data = dumps(report, indent=1).encode() + b"\n"
    if is_device(name):
        with open(name, "ab") as file:
            file.write(data)
    else:
        replaced(Path(os.path.realpath(name)), data)


class _Told:
    """What people hear of a run: rejects, progress on a terminal, a summary. Called with each reject, and with None
    after each chunk."""

    def __init__(self, run: Run, began: float, *, quiet: bool) -> None:
        self._run, self._began, self._quiet = run, began, quiet
        self._rejects = 0
        self._shown = began
        self._terminal = sys.stderr.isatty()

    @property
    def clear(self) -> str:
        """What takes the line of progress away."""
        return "\r\x1b[K" if self._terminal else ""

    def __call__(self, reject: Reject | None) -> None:
        if reject is None:
            self._progress()
            return
        self._rejects += 1
        if not self._quiet and self._rejects <= _SAID:
            place = f"{reject.file}:{reject.number}" if reject.number else reject.file
            sys.stderr.write(f"{self.clear}cleaner: {shown(place)}: {reject.reason}\n")

    def _progress(self) -> None:
        now = time.monotonic()
        if not self._terminal or now - self._shown < _PAUSE:
            return
        self._shown = now
        tally, share, took = self._run.tally, self._run.share, now - self._began
        rate = (tally.documents - self._run.before) / took
        left = f", {share:.0%}, {_clock(took / share - took)} left" if share else ""
        sys.stderr.write(f"{self.clear}{tally.documents:,} documents, {rate:,.0f} a second{left}")
        sys.stderr.flush()

    def end(self, seconds: float) -> None:
        """The summary."""
        more = self._rejects - _SAID
        if more > 0 and not self._quiet:
            sys.stderr.write(f"{self.clear}cleaner: and {more:,} more; --rejects FILE takes all of them\n")
        sys.stderr.write(
            self.clear + "".join(f"cleaner: {line}\n" for line in self._run.tally.summary(seconds, self._run.before))
        )


def shown(place: str) -> str:
    """A place as stderr can show it."""
    return place.encode("utf-8", "backslashreplace").decode()


def _check(args: argparse.Namespace, inputs: Sequence[Input]) -> frozenset[str]:
    """The real paths of all that the run writes. Raises UsageError for arguments that do not go together."""
    if args.explain:
        what = "for each what went, and `cleaner-rules why FILE` which rule wanted what"
        raise UsageError(f"--explain is for single articles, and these are records; --ledger FILE tells {what}")
    for name in ("diff", "check", "front_matter", "url", "lang", "encoding", "text", "html"):
        if getattr(args, name):
            raise UsageError(f"--{name.replace('_', '-')} is for single articles, and these are records")
    if args.format == "json":
        raise UsageError("--json is for single articles; of records --ledger and --spans tell what went")
    if [item.name for item in inputs].count("-") > 1:
        raise UsageError("standard input can be read only once; name - once")
    tables = [item.name for item in inputs if item.shape == "parquet"]
    if tables and len(tables) < len(inputs):
        raise UsageError(f"{tables[0]} is Parquet and others are not; clean them in two runs")
    return _outputs(args, inputs, parquet=bool(tables))


def _outputs(args: argparse.Namespace, inputs: Sequence[Input], *, parquet: bool) -> frozenset[str]:
    from cleaner.records.part import is_device
    from cleaner.records.sink import own_files

    if args.resume and (not args.output or is_device(args.output)):
        raise UsageError("--resume needs -o FILE: what is no file cannot be gone on with")
    if parquet and (not args.output or is_device(args.output)):
        raise UsageError("Parquet needs -o FILE: its index stands at its end")
    if args.output and not parquet and args.output.endswith(".parquet"):
        better = "name a file of JSON lines, such as out.jsonl.zst"
        raise UsageError(f"{args.output}: only Parquet goes to Parquet; {better}")
    known = {os.path.realpath(item.name) for item in inputs if item.name != "-"}
    own: set[str] = set()
    for name in (args.output, args.ledger, args.rejects, args.stats):
        if not name or (is_device(name) and not os.path.isdir(name)):
            continue
        if os.path.isdir(name):
            raise UsageError(f"{name} is a folder; name a file")
        if not os.path.isdir(os.path.dirname(os.path.realpath(name))):
            raise UsageError(f"{name}: there is no such folder; make it first")
        files = own_files(name)
        if other := files & own:
            raise UsageError(f"two outputs have the same name, or {min(other)} stands beside both; name another")
        if other := files & known:
            raise UsageError(f"{name}: {min(other)} is an input; nothing is cleaned in place")
        own |= files
    return frozenset(own)


def _sink(args: argparse.Namespace, inputs: Sequence[Input], work: Work) -> Sink:
    from cleaner.records.part import Part, is_device, part_of
    from cleaner.records.sink import Sink

    real = {
        name: os.path.realpath(path)
        for name, path in (("out", args.output), ("ledger", args.ledger), ("rejects", args.rejects))
        if path and not is_device(path)
    }
    parts: dict[str, Part] = {}
    if inputs[0].shape == "parquet":
        from cleaner.records import parquet

        schemas = [parquet.schema(item, work.fields) for item in inputs]
        for item, schema in zip(inputs, schemas, strict=True):
            if not schema.equals(schemas[0]):
                raise InputError(f"{item.name} has another schema than {inputs[0].name}; clean it in a run of its own")
        parts["out"] = parquet.ParquetPart(Path(real["out"]), schemas[0], parquet.packing(inputs[0]))
    else:
        parts["out"] = part_of(args.output)
    parts |= {name: part_of(path) for name, path in (("ledger", args.ledger), ("rejects", args.rejects)) if path}
    state = Path(real["out"] + ".state") if "out" in real else None
    return Sink(
        parts,
        state,
        _same(args, inputs, work) if state else {},
        locks=[Path(path + ".lock") for path in real.values()],
        resume=args.resume,
        every=args.commit_every,
    )


def _same(args: argparse.Namespace, inputs: Sequence[Input], work: Work) -> dict[str, Any]:
    """What must be the same for a run to go on with another's work."""
    import cleaner

    own, rules = work.cleaner, hashlib.blake2b(digest_size=16)
    for rule in own.rulebook.rules:
        rules.update(repr(rule).encode("utf-8", "replace"))
    return {
        "version": cleaner.__version__,
        "input": [item.name for item in inputs],
        "level": own.level,
        "kinds": sorted(own.kinds),
        "scores": own.scores,
        "mode for pages": own.html_mode,
        "steps": args.steps,
        "look": repr(work.look),
        "fields": repr(work.fields),
        "rules": rules.hexdigest(),
        "outputs": [args.output, args.ledger, args.rejects],
    }


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _count(value: str) -> int:
    if value.isdecimal():
        return int(value)
    raise argparse.ArgumentTypeError(f"{value!r} is no number of processes; 0 is one a core")


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if 0 <= seconds < math.inf:
        return seconds
    raise argparse.ArgumentTypeError(f"{value!r} is no number of seconds")
