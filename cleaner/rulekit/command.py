"""The verbs of `cleaner-rules` with work of their own behind them: their arguments, and what they print."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleaner.pipeline import Cleaner, load_rules
from cleaner.read.decode import decode
from cleaner.rulekit import draft
from cleaner.types import KINDS, LEVELS, Document, InputError, Rule, UsageError

if TYPE_CHECKING:  # what only some verbs need is imported by them
    from cleaner.read.input import Input
    from cleaner.records.fields import Fields
    from cleaner.rulekit.corpus import Named
    from cleaner.rulekit.stats import Stats

_SAID: Final = 10
"""Articles that could not be read and are named; the others are counted."""
_STATS: Final = "count on a corpus what each rule matches, removes and loses to others, and which rules never match"
_COLUMNS: Final = """\
FILE: JSON lines, Parquet, web archives, folders, single articles, plain or packed by gzip or zstd; - or none: standard
input. One line a rule, those that removed most first:

  characters  that it removed         articles  it matched something in
  removals    how often it did        hosts     of these articles, where addresses are known
  matches     places that it wanted   lost      share of its matches that another rule or finder took or kept
  waiting     matches that stay because the rest of their line does

Below it: two texts it removed; to whom it lost; and `shadowed` if on this corpus others would take all of it. Two rules
that shadow each other both say so: leave one out and count again. Counted without scores, which no rule loses to."""

_NEW: Final = "write a rule for lines that you paste, or a file with one commented rule, to be filled in"
_HOW_NEW: Final = """\
On a terminal it asks for lines that must go; --line gives them otherwise. For lines of each kind it proposes a rule:
phrases with slots for what changes, near misses that must stay, `sites` where the wording does not say whose it is.
What is written passes `cleaner-rules test`; its near misses are made up, and `lint` asks for one of an article in their
place. A file that is there gets the rules behind those it has. Without any line it writes a file with one commented
rule."""
_WHY: Final = "clean a text or page and say for every match which rule it was, where it stands, and why it exists"
_NEXT: Final = "the near misses in `keeps` are made up: replace them by sentences of articles, then"
_NAME: Final = re.compile(r"(?:[\w-]+/)*[\w-]+(?:\.[\w-]+)*")


def add_stats(verbs: Any) -> None:
    """The arguments of `stats`."""
    p = verbs.add_parser(
        "stats", help=_STATS, description=_STATS, epilog=_COLUMNS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("files", metavar="FILE", nargs="*", help="inputs, as `cleaner` takes them")
    _add_fields(p)
    p.add_argument("--url", help="the address of single articles: switches on the rules of that site")
    p.add_argument("--rules", action="append", default=[], metavar="DIR", help="add the rule files of a folder")
    p.add_argument("--only", metavar="ID", help="tell of this rule, file or folder of rules alone: site/example.org")
    p.add_argument("--level", choices=LEVELS, default="normal", help="at which rules count (default: normal)")
    p.add_argument("--never", action="store_true", help="name the rules that never matched")
    p.add_argument("--json", action="store_true", help="one object instead of the table")


def _add_fields(p: argparse.ArgumentParser) -> None:
    p.add_argument("--field", metavar="NAME", help="of a record: holds the text (default: text)")
    p.add_argument("--html-field", metavar="NAME", help="holds a page; where that is null the text is taken")
    p.add_argument("--url-field", metavar="NAME", help="holds the address (default: url, where there is one)")


def stats(args: argparse.Namespace) -> int:
    """Counts, and prints what was counted. Returns the exit status; raises CleanerError and OSError."""
    from cleaner.records.fields import Fields
    from cleaner.rulekit import report
    from cleaner.rulekit.stats import Stats

    rules = load_rules(*args.rules)
    shown = _only(rules, args.only)
    counted = Stats(Cleaner(level=args.level, rules=rules, scores=False, html_mode="fast"))
    fields = Fields(text=args.field, html=args.html_field, url=args.url_field)
    counted.rejected = _each(_inputs(args.files or ["-"]), fields, lambda item: _count(counted, item, args.url))
    if args.json:
        print(json.dumps(report.as_dict(counted, shown), ensure_ascii=False, indent=1))
    else:
        for line in report.page(counted, shown, never=args.never or args.only is not None):
            print(line)
    return 2 if counted.rejected else 0


def _only(rules: Sequence[Rule], name: str | None) -> Sequence[Rule]:
    """The rules of this id, file or folder; all of them if None."""
    if name is None:
        return rules
    found = [rule for rule in rules if rule.id == name or rule.id.startswith(f"{name.rstrip('/')}/")]
    if not found:
        raise UsageError(f"no rule {name!r}; `cleaner-rules list` shows the ids")
    return found


def _count(counted: Stats, item: Named, url: str | None) -> None:
    """Counts an article; `url` is its address where it says none."""
    from cleaner.rulekit.corpus import document

    counted.add(document(counted.cleaner, item.article, url), item.place)


def _each(inputs: Sequence[Input], fields: Fields, work: Callable[[Named], None]) -> int:
    """Has the work done on every article. What cannot be read costs itself, and is said; returns how many that were."""
    from cleaner.records.chunk import Reject
    from cleaner.rulekit.corpus import articles

    rejected = 0
    for item in articles(inputs, fields):
        place, reason = "", ""
        if isinstance(item, Reject):
            place, reason = f"{item.file}:{item.number}" if item.number else item.file, item.reason
        else:
            try:
                work(item)
            except InputError as error:
                place, reason = item.place, str(error)
            except OSError:  # stdout: no fault of the article
                raise
            except Exception as error:
                what = f"{type(error).__name__}: {error}"
                place, reason = item.place, f"not counted, by a fault of this program: {what}"
        if reason:
            rejected += 1
            if rejected <= _SAID:
                sys.stderr.write(f"cleaner-rules: {place}: {reason}\n")
    if rejected > _SAID:
        sys.stderr.write(f"cleaner-rules: and {rejected - _SAID:,} more could not be read\n")
    return rejected


def _inputs(names: list[str]) -> list[Input]:
    from cleaner.read.input import look_at

    found = []
    for name in names:
        try:
            found.append(look_at(name))
        except InputError as error:
            raise InputError(f"{'standard input' if name == '-' else name} {error}") from error
    return found


# --- why ----------------------------------------------------------------------------------------------------------


def add_why(verbs: Any) -> None:
    """The arguments of `why`."""
    p = verbs.add_parser("why", help=_WHY, description=_WHY)
    p.add_argument("file", metavar="FILE", help="an article, as text or HTML, or records; - for standard input")
    p.add_argument("--url", help="the address of an article that names none")
    p.add_argument("--rules", action="append", default=[], metavar="DIR", help="add the rule files of a folder")
    _add_fields(p)


def why(args: argparse.Namespace) -> int:
    """Prints every match: of records under the place of each that has some. Returns the exit status; raises
    CleanerError and OSError."""
    from cleaner.read.input import RECORDS
    from cleaner.records.fields import Fields
    from cleaner.rulekit.corpus import document

    rules = {rule.id: rule for rule in load_rules(*args.rules)}
    cleaner = Cleaner(level="strict", rules=rules.values(), scores=False, html_mode="fast")
    (item,) = _inputs([args.file])
    if item.shape not in RECORDS:
        found = _single(item, cleaner, args.url)
        print(f"{_told(found, cleaner, rules)} matches")
        return 0
    counts: list[int] = []

    def tell(named: Named) -> None:
        counts.append(_told(document(cleaner, named.article, args.url), cleaner, rules, named.place))

    rejected = _each([item], Fields(text=args.field, html=args.html_field, url=args.url_field), tell)
    print(f"{sum(counts):,} matches in {sum(map(bool, counts)):,} of {len(counts):,} articles")
    return 2 if rejected else 0


def _single(item: Input, cleaner: Cleaner, url: str | None) -> Document:
    """One article. Raises InputError and OSError."""
    with item.open()[0] as stream:
        data = stream.read()
    try:
        return cleaner.read_html(data, url=url) if item.shape == "page" else cleaner.read(decode(data)[0], url=url)
    except InputError as error:
        raise InputError(f"{item.name}: {error}") from error


def _told(document: Document, cleaner: Cleaner, rules: Mapping[str, Rule], place: str = "") -> int:
    """Prints the matches of an article, under its place where that is given; returns how many there are."""
    found = sorted(cleaner.evidence(document, every=True))
    if place and found:
        print(f"{place}:")
    for item in found:
        rule = rules.get(item.by)
        line = document.text.count("\n", 0, item.start) + 1
        print(f"line {line}, {item.start}-{item.end}: {item.action} {item.kind} from level {item.level}, {item.by}")
        print(f"    {f'{rule.file}:{rule.line}: {rule.why}' if rule else 'found by its place in the text'}")
        print(f"    {document.text[item.start : item.end]!r}")
    return len(found)


# --- new ----------------------------------------------------------------------------------------------------------


def add_new(verbs: Any) -> None:
    """The arguments of `new`."""
    p = verbs.add_parser("new", help=_NEW, description=_HOW_NEW, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("name", metavar="FOLDER/NAME", help="such as site/example.org or lang/cs")
    p.add_argument("--dir", type=Path, default=Path(), help="folder to write it in (default: this one)")
    p.add_argument("--line", action="append", default=[], metavar="TEXT", help="a line that must go; may be repeated")
    p.add_argument("--kind", choices=KINDS, metavar="KIND", help="of the lines (default: as their wording says)")
    p.add_argument("--force", action="store_true", help="write a rule also for what another rule takes already")


def new(args: argparse.Namespace) -> int:
    """Writes rules, or a file to be filled in. Returns 1 where there was nothing to write; raises CleanerError and
    OSError."""
    name = args.name.removesuffix(".toml")
    if not _NAME.fullmatch(name):
        raise UsageError(f"{args.name!r} is no name for a rule file; give folder/name, such as site/example.org")
    given = args.line
    if not given and sys.stdin is not None and sys.stdin.isatty():
        from cleaner.rulekit.new import ask

        given = ask()
    return _from_lines(name, given, args) if given else _from_draft(args.dir / f"{name}.toml", name)


def _from_draft(path: Path, name: str) -> int:
    if path.exists():
        raise UsageError(f"{path} is there already; add a [[rule]] to it")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draft.rule_file(name), encoding="utf-8")
    print(f"wrote {path}; next: cleaner-rules test {path}")
    return 0


def _from_lines(name: str, given: Sequence[str], args: argparse.Namespace) -> int:
    from cleaner.judge.rulebook import Rulebook
    from cleaner.rulekit import new as work

    to = work.target(name, args.dir)
    shipped, own = load_rules(), {rule.id for rule in to.own}
    library = [*(rule for rule in shipped if rule.id not in own), *to.own]
    book = Rulebook(library)
    wanted = []
    for line in work.tidied(given):
        known = work.taker(line, book, to.host)
        if known:
            print(f"{known.id} takes it already ({known.file}:{known.line}): {line!r}")
            if known.id in own:
                print(f"if its kind {known.kind!r} is wrong, edit `kind` in {known.file}:{known.line}")
        if known is None or args.force:
            wanted.append(line)
    if not wanted:
        print("nothing written; --force writes a rule all the same")
        return 1
    entries = list(work.proposals(wanted, to, library, book, args.kind))
    text = work.text_of(to, entries)
    if (faults := work.faults(to, text, library)) and not args.force:
        raise UsageError(f"no rule that passes was found for {wanted[0][:60]!r}: {faults[0]}; write it by hand")
    work.write(to.path, text)
    for one in entries:
        print(draft.entry(one))
    for fault in faults:
        print(f"still to be mended: {fault}")
    print(f"{'added to' if to.text else 'wrote'} {to.path}; {_NEXT}: cleaner-rules test {to.path}")
    return 0
