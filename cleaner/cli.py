"""The command `cleaner`: argv and streams, no judgement. stdout carries only the product."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from cleaner.arguments import parser
from cleaner.pipeline import Cleaner, load_rules
from cleaner.read.decode import decode
from cleaner.read.input import RECORDS, Input, look_at
from cleaner.records import command
from cleaner.types import CleanerError, Document, InputError, Result, UsageError
from cleaner.write import render


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command. Returns its exit status."""
    args = parser().parse_args(argv)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # starting more costs 60 ms, and one article needs none
    try:
        cleaner = Cleaner(
            level=args.level,
            keep=args.keep + ["headline"] * args.title + ["comments"] * args.comments,
            strip=args.strip,
            rules=load_rules(*args.rules),
            off=args.off,
            scores=not args.no_scores,
            html_mode=args.html_mode,
            steps=None if args.steps is None else [name for name in args.steps.split(",") if name],
        )
    except CleanerError as error:
        return _fail(str(error))
    inputs, status = _inputs(args)
    try:
        if args.jsonl or any(item.shape in RECORDS for item in inputs):
            return max(status, command.main(args, inputs, cleaner))
        if asked := command.asked(args):
            raise UsageError(f"{asked[0]} is for records, and this is a single article; --jsonl takes it as JSON lines")
        return max(status, _articles(args, inputs, cleaner))
    except CleanerError as error:
        return _fail(str(error))


def _inputs(args: argparse.Namespace) -> tuple[list[Input], int]:
    """The inputs that are there, and the status so far: 2, and a word on stderr, where one is not."""
    inputs, status = [], 0
    for name in args.files or ["-"]:
        try:
            item = look_at(name)
        except (InputError, OSError) as error:
            status = _fail(f"{_shown(name)}: {error.strerror if isinstance(error, OSError) else error}")
            continue
        if args.text or args.html:
            item = replace(item, shape="text" if args.text else "page")
        elif item.shape == "text" and (command.named(args) or (item.blank and command.asked(args))):
            item = replace(item, shape="jsonl")
        inputs.append(item)
    return inputs, status


def _articles(args: argparse.Namespace, inputs: Sequence[Input], cleaner: Cleaner) -> int:
    """Single articles, one an input. Returns the exit status."""
    show = _product(args, cleaner)
    write, end = _output(args)
    status = 0
    for item in inputs:
        result = _cleaned(item, args, cleaner)
        if result is None:
            status = 2
            continue
        if result.empty and (result.document.page or args.fail_empty):
            sys.stderr.write(f"cleaner: {_shown(item.name)}: nothing is left: {result.empty}\n")
            status = status or int(args.fail_empty)
        if args.check:
            if _changed(result):
                sys.stderr.write(f"cleaner: {_shown(item.name)}: would change: {render.summary(result)}\n")
                status = status or 1
            continue
        product = show(result, item.name)
        if product:
            write(product.encode("utf-8", "replace") + b"\n")
    end()
    return status


def _output(args: argparse.Namespace) -> tuple[Callable[[bytes], object], Callable[[], object]]:
    """How to write what comes out, and how to end that."""
    if not args.output:
        return sys.stdout.buffer.write, sys.stdout.buffer.flush
    if args.check:
        raise UsageError("--check writes nothing; leave out -o")
    from cleaner.records.part import is_device, part_of
    from cleaner.records.sink import own_files

    if not is_device(args.output) and own_files(args.output) & {os.path.realpath(name) for name in args.files}:
        raise UsageError(f"{args.output} is an input, or stands beside one; nothing is cleaned in place")
    part = part_of(args.output)
    part.begin()
    part.cut(0)

    def end() -> None:
        part.commit()
        part.publish()

    return part.write, end


def _cleaned(item: Input, args: argparse.Namespace, cleaner: Cleaner) -> Result | None:
    """The result for one document; None, and the reason on stderr, where there is none: it costs that one alone."""
    try:
        return cleaner.clean_document(_read(item, args, cleaner))
    except (InputError, OSError) as error:
        _fail(f"{_shown(item.name)}: {error.strerror if isinstance(error, OSError) else error}")
    except Exception as error:
        _fail(f"{_shown(item.name)}: not cleaned, by a fault of this program: {type(error).__name__}: {error}")
    return None


def entry() -> None:
    """What the installed command calls: `main`, with closed pipes and interrupts ended quietly."""
    run("cleaner", main)


def run(name: str, program: Callable[[], int]) -> None:
    """Runs a program to its exit status; a closed pipe ends it quietly, an interrupt with 130, a full disk with 2."""
    if sys.stderr is None:  # closed: what goes wrong is said by the exit status alone
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        sys.stderr.write(f"{name}: standard output is closed\n")
        sys.exit(2)
    try:
        status = program()
    except BrokenPipeError as error:  # nobody reads on; of an output with a name it is a fault
        if error.filename:
            sys.stderr.write(f"{name}: {error.filename}: {error.strerror}\n")
        status = _drop_output(2 if error.filename else 0)
    except OSError as error:
        sys.stderr.write(f"{name}: {error.filename or 'standard output'}: {error.strerror}\n")
        status = _drop_output(2)
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def _drop_output(status: int) -> int:
    """The status; what stdout still holds goes nowhere, else Python would complain when it flushes it on leaving."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _changed(result: Result) -> bool:
    """Whether cleaning changed the text. Of a page: whether it took something of what the page shows."""
    document = result.document
    text = document.text.removesuffix("\n")
    return bool(document.mended or (result.removed if document.page else result.text != text))


def _product(args: argparse.Namespace, cleaner: Cleaner) -> Callable[[Result, str], str]:
    if args.format == "json":
        named = bool(args.files)
        return lambda result, name: render.as_json(result, file=name if named else None, how=args.paragraphs)
    if args.explain:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        return lambda result, name: render.explain(result, colour=colour)
    if args.diff:
        return lambda result, name: render.diff(result, _shown(name))
    if args.front_matter or args.format == "markdown":
        from cleaner.write.markdown import front_matter, markdown

    head: Callable[[Result], str] = front_matter if args.front_matter else lambda result: ""
    if args.format == "markdown":
        return lambda result, name: head(result) + markdown(result, cleaner.tidy)
    return lambda result, name: head(result) + render.paragraphs(result.text, args.paragraphs)


def _read(item: Input, args: argparse.Namespace, cleaner: Cleaner) -> Document:
    """The document. Raises InputError or OSError."""
    with item.open()[0] as stream:
        data = stream.read()
    name = item.name
    if item.shape == "page":
        meta = args.format == "json" or args.front_matter
        tables = not args.no_tables
        document = cleaner.read_html(
            data, url=args.url, lang=args.lang, encoding=args.encoding, metadata=meta, tables=tables
        )
        if document.page is None:
            sys.stderr.write(f"cleaner: {_shown(name)}: not HTML; taken as text\n")
        return document
    text, replaced = decode(data, args.encoding)
    if replaced:
        what = f"{replaced} place{'s' * (replaced > 1)} not valid {args.encoding or 'UTF-8'}, replaced by U+FFFD"
        sys.stderr.write(f"cleaner: {_shown(name)}: {what}; --encoding names another encoding\n")
    return cleaner.read(text, url=args.url, lang=args.lang)


def _shown(name: str) -> str:
    return "standard input" if name == "-" else name


def _fail(message: str) -> int:
    sys.stderr.write(f"cleaner: {message}\n")
    return 2


if __name__ == "__main__":
    entry()
