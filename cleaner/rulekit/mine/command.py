"""`cleaner-rules mine`: its arguments, and a run from them to an exit status."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleaner.rulekit.mine.settings import How, articles_read

if TYPE_CHECKING:  # what a run needs is imported by a run
    from cleaner.rulekit.mine.read import Trouble
    from cleaner.rulekit.mine.run import Mined

_ABOUT: Final = """\
draft a rule file for each host of your own articles: what repeats across them, with counts, examples and near misses.
Nothing is applied: read the file, delete what an author might have written, then use it with `cleaner --rules DIR`"""
_SAID: Final = 10
"""Troubles and hosts that are named; the others are counted."""


def add_mine(verbs: Any) -> None:
    """Adds the verb `mine`."""
    p = verbs.add_parser("mine", help="draft rules from your own articles", description=_ABOUT)
    p.add_argument(
        "files", metavar="FILE", nargs="+", help="JSON lines or Parquet, plain or packed, or folders of them"
    )
    p.add_argument("--dir", type=Path, required=True, help="folder to write site/HOST.toml in")
    p.add_argument("--field", default="text", metavar="NAME", help="holds the text (default: text)")
    p.add_argument("--url-field", default="url", metavar="NAME", help="holds the address (default: url)")
    p.add_argument("--date-field", default="date", metavar="NAME", help="holds the day, if known (default: date)")
    p.add_argument("--host", metavar="HOST", help="mine this host and those below it alone")
    p.add_argument("--least", type=int, default=5, metavar="N", help="articles that must have a segment (default: 5)")
    p.add_argument("--share", type=float, default=0.02, metavar="S", help="and their share of all (default: 0.02)")
    p.add_argument("--memory", type=int, default=512, metavar="MB", help="that counting may take (default: 512)")
    p.add_argument("--all", action="store_true", help="mine what the shipped rules take already too")
    p.add_argument("--force", action="store_true", help="replace files that are there already; edits in them are lost")


def mine(args: argparse.Namespace) -> int:
    """Runs the verb. Returns the exit status: 2 where a file was there already or a record could not be read. Raises
    CleanerError and OSError."""
    from cleaner.rulekit.mine.run import mine as run

    how = How(
        text=args.field,
        url=args.url_field,
        date=args.date_field,
        least=args.least,
        share=args.share,
        host=args.host,
        memory=args.memory,
        everything=args.all,
    )
    told = _Told(args.dir)
    if not args.force:
        found = told.refuse(_there(args, how))
        if found == {how.site}:
            return 2
        how = replace(how, skip=found)
    for item in run(args.files, how, told.trouble):
        told.host(item)
    return told.end(how)


def _there(args: argparse.Namespace, how: How) -> frozenset[str]:
    """The sites whose file is there already: asked before the long work begins."""
    from cleaner.rulekit.mine.run import sites

    there = {path.stem for path in (args.dir / "site").glob("*.toml")}
    if not there or (how.site is not None and how.site not in there):
        return frozenset()
    return frozenset([how.site]) if how.site is not None else sites(args.files, how) & there


class _Told:
    """Writes the files and says what was done: products on stdout, what is missing on stderr."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._troubles = self._written = self._kept = self._hosts = 0
        self._few: list[str] = []

    def trouble(self, what: Trouble) -> None:
        """A record that is no article."""
        self._troubles += 1
        if self._troubles <= _SAID:
            sys.stderr.write(f"cleaner-rules: {what}\n")

    def refuse(self, sites: frozenset[str]) -> frozenset[str]:
        """Says that files of these sites are there."""
        for site in sorted(sites):
            self._kept += 1
            said = "is there already, and not mined again; --force replaces it, and what you changed in it is lost"
            sys.stderr.write(f"cleaner-rules: {self._path(site)} {said}\n")
        return sites

    def _path(self, site: str) -> Path:
        return self._folder / "site" / f"{site}.toml"

    def host(self, item: Mined) -> None:
        """What came of a host."""
        self._hosts += 1
        for note in item.notes:
            sys.stderr.write(f"cleaner-rules: {item.host}: {note}\n")
        if item.few:
            self._few.append(item.host)
        elif not item.text:
            print(f"{item.host}: nothing repeats enough in {articles_read(item.articles, item.read)}")
        else:
            self._write(item)

    def _write(self, item: Mined) -> None:
        path = self._path(item.host)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(item.text, encoding="utf-8")
        self._written += 1
        what = f"{item.rules} rules from {articles_read(item.articles, item.read)}, {item.share:.1%} of their text"
        print(f"wrote {path}: {what}")

    def end(self, how: How) -> int:
        """The last words, and the exit status."""
        if self._troubles > _SAID:
            sys.stderr.write(f"cleaner-rules: {self._troubles - _SAID:,} more records that are no articles\n")
        if self._few:
            more = f" and {len(self._few) - _SAID:,} more" if len(self._few) > _SAID else ""
            print(f"fewer than {how.least} articles with a body: {', '.join(self._few[:_SAID])}{more}")
        if not self._hosts and not self._kept:
            print("no articles")
        if self._written:
            print(
                f"next: read what was written (docs/mine.md), then cleaner --rules {self._folder} --url ADDRESS ARTICLE"
            )
        return 2 if self._troubles or self._kept else 0
