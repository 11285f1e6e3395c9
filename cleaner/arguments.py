"""What the command `cleaner` can be told, and its help."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Final

from cleaner import __version__
from cleaner.pipeline import Cleaner
from cleaner.records.command import add_arguments
from cleaner.types import HTML_MODES, KINDS, LEVELS
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
    add_arguments(p)
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


def _wrap(names: Sequence[str]) -> str:
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > 100:
            lines.append("")
        lines[-1] += f"{name} "
    return "\n  ".join(line.strip() for line in lines)
