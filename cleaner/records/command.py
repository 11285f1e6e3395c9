"""The part of the command that cleans records: its arguments, and a run from them to an exit status."""

from __future__ import annotations

import argparse
import hashlib
import json
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
        "--commit-every", type=float, default=5.0, metavar="SECONDS", help="of work that a crash may cost (default: 5)"
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

    _check(args, inputs)
    named = {name: getattr(args, f"{name}_field") for name in ("html", "url", "lang", "id", "title", "out")}
    fields = Fields(text=args.field, spans=args.spans, **named)
    look = Look("markdown" if args.format == "markdown" else "text", args.paragraphs, not args.no_tables)
    work = Work(cleaner, fields, look, ledger=args.ledger is not None)
    if args.resume and os.path.exists(args.output) and not os.path.exists(f"{os.path.realpath(args.output)}.state"):
        sys.stderr.write(f"cleaner: {args.output} is whole; nothing to resume\n")
        return 0
    began = time.monotonic()
    sink = _sink(args, inputs, work)
    try:
        jobs = (os.cpu_count() or 1) if args.jobs == 0 else args.jobs or 1
        run = Run(inputs, work, sink, How(jobs, args.timeout or How().seconds, args.start_method))
        told = _Told(run, began, quiet=args.rejects is not None)
        if not sink.finished:
            run.go(told)
    except Stopped as stop:
        how = "; --resume goes on" if args.output else ""
        sys.stderr.write(f"{told.clear}cleaner: stopped after {run.tally.documents:,} documents{how}\n")
        return 128 + stop.number
    finally:
        sink.close()
    seconds = time.monotonic() - began
    told.end(seconds)
    if args.stats:
        Path(args.stats).write_text(
            json.dumps(run.tally.report(seconds, run.before), ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
    return 2 if run.tally.rejected else int(args.fail_empty and run.tally.empty > 0)


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


def _check(args: argparse.Namespace, inputs: Sequence[Input]) -> None:
    """Raises UsageError for arguments that do not go together."""
    from cleaner.records.sink import is_device

    for name in ("explain", "diff", "check", "front_matter", "url", "lang", "encoding", "text", "html"):
        if getattr(args, name):
            raise UsageError(f"--{name.replace('_', '-')} is for single articles, and these are records")
    if args.format == "json":
        raise UsageError("--json is for single articles; of records --ledger and --spans tell what went")
    if args.resume and (not args.output or is_device(args.output)):
        raise UsageError("--resume needs -o FILE: what is no file cannot be gone on with")
    tables = [item.name for item in inputs if item.shape == "parquet"]
    if tables and len(tables) < len(inputs):
        raise UsageError(f"{tables[0]} is Parquet and others are not; clean them in two runs")
    if tables and not args.output:
        raise UsageError("Parquet needs -o FILE: its index stands at its end")
    if args.output and not tables and args.output.endswith(".parquet"):
        raise UsageError(
            f"{args.output}: only Parquet goes to Parquet; name a file of JSON lines, such as out.jsonl.zst"
        )
    outputs = [name for name in (args.output, args.ledger, args.rejects, args.stats) if name]
    if len({os.path.realpath(name) for name in outputs}) < len(outputs):
        raise UsageError("two outputs have the same name")
    known = {os.path.realpath(item.name) for item in inputs if item.name != "-"}
    for name in outputs:
        if os.path.isdir(name):
            raise UsageError(f"{name} is a folder; name a file")
        if os.path.realpath(name) in known:
            raise UsageError(f"{name} is an input; nothing is cleaned in place")


def _sink(args: argparse.Namespace, inputs: Sequence[Input], work: Work) -> Sink:
    from cleaner.records.sink import Part, Sink, Stream, is_device, part_of

    parts: dict[str, Part] = {}
    state = None if not args.output or is_device(args.output) else Path(f"{os.path.realpath(args.output)}.state")
    if inputs[0].shape == "parquet":
        from cleaner.records import parquet

        schemas = [parquet.schema(item, work.fields) for item in inputs]
        for item, schema in zip(inputs, schemas, strict=True):
            if not schema.equals(schemas[0]):
                raise InputError(f"{item.name} has another schema than {inputs[0].name}; clean it in a run of its own")
        parts["out"] = parquet.ParquetPart(Path(os.path.realpath(args.output)), schemas[0], parquet.packing(inputs[0]))
    else:
        parts["out"] = part_of(args.output) if args.output else Stream(sys.stdout.buffer)
    parts |= {name: part_of(path) for name, path in (("ledger", args.ledger), ("rejects", args.rejects)) if path}
    return Sink(parts, state, _same(args, inputs, work) if state else {}, resume=args.resume, every=args.commit_every)


def _same(args: argparse.Namespace, inputs: Sequence[Input], work: Work) -> dict[str, Any]:
    """What must be the same for a run to go on with another's work."""
    import cleaner

    own, rules = work.cleaner, hashlib.blake2b(digest_size=16)
    for rule in own.rulebook.rules:
        rules.update(repr(rule).encode("utf-8", "replace"))
    settings = {"level": own.level, "kinds": sorted(own.kinds), "scores": own.scores, "pages": own.html_mode}
    return {
        "version": cleaner.__version__,
        "input": [item.name for item in inputs],
        "settings": settings | {"steps": args.steps, "look": repr(work.look)},
        "fields": repr(work.fields),
        "rules": rules.hexdigest(),
        "outputs": [args.output, args.ledger, args.rejects],
    }


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _count(value: str) -> int:
    count = int(value)
    if count < 0:
        raise ValueError
    return count


def _seconds(value: str) -> float:
    seconds = float(value)
    if not seconds > 0:
        raise ValueError
    return seconds
