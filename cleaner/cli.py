"""The command `cleaner`: argv and streams, no judgement. stdout carries only the product."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

from cleaner import __version__
from cleaner.pipeline import Cleaner, load_rules
from cleaner.read.decode import decode, is_page
from cleaner.types import HTML_MODES, KINDS, LEVELS, CleanerError, Document, InputError, Result
from cleaner.write import render
from cleaner.write.normalise import STEPS

FORMATS: Final = ("text", "markdown", "json")
_DESCRIPTION: Final = """\
Reads an article as plain text or as an HTML page, prints its body. What a publisher's template put around and inside
it goes: donation appeals, newsletter and subscription prompts, read-more links, captions, share bars, bylines, notices.
Lines and sentences glued together without a space are cut exactly at the seam."""

_EPILOG: Final = """\
kinds:
  {kinds}
  All go by default but standfirst, the editor's summary.

levels:
  cautious   only wording that cannot be anything else, and what the scores are surest of
  normal     also wording that is template text nearly everywhere, and what the scores are sure of
  strict     also wording that an article might use once in a while, and what the scores think likely

steps:
  {steps}

examples:
  cleaner < article.txt                       the body
  cleaner --explain article.txt               what went, and which rule took it
  cleaner --json article.txt | jq .title      the headline that stood above the body
  cleaner --url https://www.example.org/a < page.html
  cleaner --format markdown --front-matter page.html
  cleaner --keep caption --keep byline *.txt  leave those in
  cleaner --rules my-rules --url https://www.example.org/a < article.txt
  cleaner --check *.txt                       exit 1 if anything would change

files:
  $XDG_CACHE_HOME/article-cleaner, else ~/.cache/article-cleaner: the checked rules, kept so that the next start is
  quick. May be deleted at any time; where it cannot be written, the rules are read each time.

exit status:
  0 done; 1 under --check, when something would change, and under --fail-empty, when nothing is left of a document;
  2 bad usage, rules or input.
  With several files, one that cannot be read is named, the others are done, and the status is 2."""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    p = argparse.ArgumentParser(
        prog="cleaner",
        description=_DESCRIPTION,
        epilog=_EPILOG.format(kinds=_wrap(KINDS), steps=_wrap(STEPS)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument("files", metavar="FILE", nargs="*", help="articles to clean, one a file; - or none: standard input")
    _add_output(p)
    _add_removal(p)
    _add_input(p)
    p.add_argument("--fail-empty", action="store_true", help="exit 1 if nothing is left of a document")
    p.add_argument("--version", action="version", version=f"cleaner {__version__}")
    return p


def _add_output(p: argparse.ArgumentParser) -> None:
    out = p.add_argument_group("what to print (default: the clean text)").add_mutually_exclusive_group()
    out.add_argument(
        "--json",
        action="store_const",
        dest="format",
        const="json",
        help="an object a document: text, title, every decision with offsets, steps",
    )
    out.add_argument(
        "--format", choices=FORMATS, help="text; markdown: headings, lists, links and tables; json: the same as --json"
    )
    out.add_argument("--explain", action="store_true", help="the article with margins: what went, what stayed, and why")
    out.add_argument("--diff", action="store_true", help="a unified diff from input to clean text")
    out.add_argument("--check", action="store_true", help="print nothing, exit 1 if anything would change")
    shape = p.add_argument_group("how the text looks")
    shape.add_argument(
        "--paragraphs",
        choices=("blank", "line"),
        help="a blank line, or only a line break, between paragraphs (default: as in the input)",
    )
    shape.add_argument("--steps", metavar="NAME,...", help="run only these steps of the normaliser")


def _add_removal(p: argparse.ArgumentParser) -> None:
    how = p.add_argument_group("what to remove")
    how.add_argument("--level", default="normal", metavar="LEVEL", help=f"{', '.join(LEVELS)} (default: normal)")
    how.add_argument("--no-scores", action="store_true", help="rules alone, without the learned line scores; faster")
    how.add_argument("--keep", action="append", default=[], metavar="KIND", help="leave this kind in; may be repeated")
    how.add_argument(
        "--strip", action="append", default=[], metavar="KIND", help="remove this kind too; may be repeated"
    )
    how.add_argument("--title", action="store_true", help="leave the headline in")
    how.add_argument(
        "--rules", action="append", default=[], metavar="DIR", help="add the rule files of a folder; may be repeated"
    )
    how.add_argument(
        "--off",
        action="append",
        default=[],
        metavar="ID",
        help="switch a rule off, or all rules of a file (common/social)",
    )


def _add_input(p: argparse.ArgumentParser) -> None:
    about = p.add_argument_group("about the input")
    about.add_argument("--url", help="the article's address: switches on the rules of that site")
    about.add_argument("--lang", help="its language code; carried into --json")
    about.add_argument("--encoding", help="of the bytes (default: a byte-order mark's, what a page says, else utf-8)")
    kind = about.add_mutually_exclusive_group()
    kind.add_argument("--text", action="store_true", help="take it as text although it looks like an HTML page")
    kind.add_argument("--html", action="store_true", help="take it as an HTML page although it does not look like one")
    pages = p.add_argument_group("for HTML pages")
    pages.add_argument(
        "--html-mode",
        choices=HTML_MODES,
        default=Cleaner.HTML_MODE,
        help="full: ask trafilatura for its opinion too; fast: do not (default: %(default)s)",
    )
    pages.add_argument(
        "--comments", action="store_true", help="leave readers' comments in; the same as --keep comments"
    )
    pages.add_argument("--no-tables", action="store_true", help="leave out tables of data")
    pages.add_argument(
        "--front-matter", action="store_true", help="title, authors, date, site and address above the text"
    )


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
    show = _product(args, cleaner)
    status = 0
    for name in args.files or ["-"]:
        result = _cleaned(name, args, cleaner)
        if result is None:
            status = 2
            continue
        if result.empty and (result.document.page or args.fail_empty):
            sys.stderr.write(f"cleaner: {_shown(name)}: nothing is left: {result.empty}\n")
            status = status or int(args.fail_empty)
        if args.check:
            if _changed(result):
                sys.stderr.write(f"cleaner: {_shown(name)}: would change: {render.summary(result)}\n")
                status = status or 1
            continue
        product = show(result, name)
        if product:
            sys.stdout.buffer.write(product.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
    return status


def _cleaned(name: str, args: argparse.Namespace, cleaner: Cleaner) -> Result | None:
    """The result for one document; None, and the reason on stderr, where there is none: it costs that one alone."""
    try:
        return cleaner.clean_document(_read(name, args, cleaner))
    except (InputError, OSError) as error:
        _fail(f"{_shown(name)}: {error.strerror if isinstance(error, OSError) else error}")
    except Exception as error:
        _fail(f"{_shown(name)}: not cleaned, by a fault of this program: {type(error).__name__}: {error}")
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
    except BrokenPipeError:
        status = _drop_output(0)
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


def _read(name: str, args: argparse.Namespace, cleaner: Cleaner) -> Document:
    """The document. Raises InputError or OSError."""
    if name == "-":
        if sys.stdin is None:
            raise InputError("is closed; name a file, or send the text through a pipe")
        data = sys.stdin.buffer.read()
    else:
        with open(name, "rb") as file:
            data = file.read()
    if args.html or (not args.text and is_page(data)):
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


def _wrap(names: Sequence[str]) -> str:
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > 100:
            lines.append("")
        lines[-1] += f"{name} "
    return "\n  ".join(line.strip() for line in lines)


if __name__ == "__main__":
    entry()
