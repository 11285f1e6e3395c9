"""The command `cleaner-rules`: for people who write rules."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from cleaner import __version__
from cleaner.cli import run
from cleaner.judge.rule import load_file, load_folder, unique
from cleaner.judge.rulebook import Rulebook
from cleaner.pipeline import Cleaner, load_rules, shipped_folder
from cleaner.read.decode import decode, looks_like_page
from cleaner.rulekit import command, examples, lint, table
from cleaner.rulekit.mine.command import add_mine, mine
from cleaner.types import CleanerError, InputError, Rule, RuleError, UsageError

_DESCRIPTION: Final = """\
Tests, checks, lists and explains the rules of `cleaner`, and starts new ones. Where FILE or DIR is left out, the
shipped rules are meant. The format is described in rules/README.md."""
_HEAD: Final = 4096
"""Bytes of a file in which it shows whether it is a page."""
_FOLDERS: Final = ("common", "lang", "site")


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    p = argparse.ArgumentParser(
        prog="cleaner-rules", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("--version", action="version", version=f"cleaner-rules {__version__}")
    verbs = p.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    for verb, about in (
        ("test", "run the examples inside the rules; exit 1 if one does not hold"),
        ("lint", "look for what is slow, too wide, duplicate, shadowed or without near misses; exit 1 if found"),
        ("list", "a line a rule: id, kind, scope, level, sites"),
        ("table", "the rules in numbers, as Markdown: kinds, languages, publishers"),
    ):
        sub = verbs.add_parser(verb, help=about, description=about)
        sub.add_argument("paths", metavar="FILE|DIR", nargs="*", type=Path, help="rule files or folders")
    show = verbs.add_parser("show", help="everything about one rule")
    show.add_argument("id", metavar="ID", help="full id, as `list` prints it")
    why = verbs.add_parser(
        "why", help="clean a text or page and say for every match which rule it was, where it stands, and why it exists"
    )
    why.add_argument("file", metavar="FILE", help="an article, as text or HTML; - for standard input")
    why.add_argument("--url", help="the article's address")
    for sub in (show, why):
        sub.add_argument("--rules", action="append", default=[], metavar="DIR", help="add the rule files of a folder")
    command.add_stats(verbs)
    command.add_new(verbs)
    add_mine(verbs)
    return p


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command. Returns its exit status."""
    args = parser().parse_args(argv)
    try:
        status = _VERBS[args.verb](args)
        sys.stdout.flush()
        return status
    except CleanerError as error:
        sys.stderr.write(f"cleaner-rules: {error}\n")
    except OSError as error:
        if error.filename is None:  # stdout: not a file that was named
            raise
        sys.stderr.write(f"cleaner-rules: {error.filename}: {error.strerror}\n")
    return 2


def entry() -> None:
    """What the installed command calls."""
    run("cleaner-rules", main)


def _test(args: argparse.Namespace) -> int:
    rules = _rules(args.paths)
    Rulebook(rules).compile()
    failures = [failure for rule in rules for failure in examples.check(rule)]
    known = {failure[:3] for failure in failures}
    failures += [failure for failure in examples.check_keeps(rules) if failure[:3] not in known]
    _print(map(str, failures))
    count = sum(len(rule.strips) + len(rule.keeps) + len(rule.todo) for rule in rules)
    print(f"{len(rules)} rules, {count} examples, {len(failures)} failed")
    return 1 if failures else 0


def _lint(args: argparse.Namespace) -> int:
    rules = _rules(args.paths)
    findings = list(lint.lint(rules, load_rules()))
    _print(map(str, findings))
    print(f"{len(rules)} rules, {len(findings)} findings")
    return 1 if findings else 0


def _list(args: argparse.Namespace) -> int:
    rules = _rules(args.paths)
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        action = "" if rule.action == "strip" else f" {rule.action}"
        about = f"{rule.id:{width}}  {rule.kind:12} {rule.scope:7} {rule.level:8}{action} {' '.join(rule.sites)}"
        print(about.rstrip())
    return 0


def _table(args: argparse.Namespace) -> int:
    _print(table.page(_rules(args.paths)))
    return 0


def _show(args: argparse.Namespace) -> int:
    rule = next((rule for rule in load_rules(*args.rules) if rule.id == args.id), None)
    if rule is None:
        raise UsageError(f"no rule {args.id!r}; `cleaner-rules list` shows the ids")
    print(f"{rule.id}\n  {rule.why}\n  {rule.file}:{rule.line}")
    how = f"scope {rule.scope}, from level {rule.level}, at most {rule.longest} characters"
    print(f"  {rule.action} {rule.kind}, {how}")
    for name, text in _details(rule):
        print(f"  {name}: {text}")
    return 0


def _details(rule: Rule) -> Iterator[tuple[str, str]]:
    """What a rule says beyond its first lines, key by key, what it leaves out left out."""
    switches = [name for name, on in (("case", rule.case), ("within", rule.within)) if on]
    yield from ((name, "true") for name in switches)
    for name, value in (("sites", ", ".join(rule.sites)), ("source", rule.source), ("fuzzy", rule.fuzzy or "")):
        if value:
            yield name, str(value)
    wordings = [("match", rule.match), ("selector", rule.selector), *(("needs", text) for text in rule.needs)]
    wordings += [("phrases", text) for text in rule.phrases]
    if rule.between:
        for part in ("first", "inside", "last"):
            wordings += [(part, text) for text in getattr(rule.between, part)]
        wordings.append(("cues", rule.between.cues))
    yield from ((name, repr(text)) for name, text in wordings if text is not None)
    for name, given in (("strips", rule.strips), ("keeps", rule.keeps), ("todo", rule.todo)):
        for example in given:
            part = "" if example.gives in ("", example.text) else f", gives {example.gives!r}"
            yield name, f"{example.text!r}{part}"


def _why(args: argparse.Namespace) -> int:
    rules = {rule.id: rule for rule in load_rules(*args.rules)}
    if args.file == "-" and sys.stdin is None:
        raise InputError("standard input is closed; name a file, or send the text through a pipe")
    data = sys.stdin.buffer.read() if args.file == "-" else Path(args.file).read_bytes()
    cleaner = Cleaner(level="strict", rules=rules.values(), scores=False, html_mode="fast")
    try:
        if looks_like_page(data[:_HEAD].decode("utf-8", "replace")):
            document = cleaner.read_html(data, url=args.url)
        else:
            document = cleaner.read(decode(data)[0], url=args.url)
    except InputError as error:
        raise InputError(f"{args.file}: {error}") from error
    found = sorted(cleaner.evidence(document))
    for item in found:
        rule = rules.get(item.by)
        where = f"{rule.file}:{rule.line}: {rule.why}" if rule else "found by its place in the text"
        line = document.text.count("\n", 0, item.start) + 1
        print(f"line {line}, {item.start}-{item.end}: {item.action} {item.kind} from level {item.level}, {item.by}")
        print(f"    {where}")
        print(f"    {document.text[item.start : item.end]!r}")
    print(f"{len(found)} matches")
    return 0


def _rules(paths: Iterable[Path]) -> tuple[Rule, ...]:
    """The rules of the given files and folders, of the shipped folder if none is given."""
    paths = list(paths) or [shipped_folder()]
    rules: list[Rule] = []
    for path in paths:
        if path.is_dir():
            rules += load_folder(path, path.absolute().parent if path.absolute().name in _FOLDERS else None)
        elif path.exists():
            rules += load_file(path, _root(path))
        else:
            raise RuleError(f"{path}: no such file or folder")
    return unique(rules)


def _root(path: Path) -> Path:
    """The folder that ids of a single file start from: above `site`, `lang` or `common`, else the file's own."""
    parent = path.absolute().parent
    return parent.parent if parent.name in _FOLDERS else parent


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


_VERBS: Final = {
    "test": _test,
    "lint": _lint,
    "list": _list,
    "table": _table,
    "show": _show,
    "why": _why,
    "stats": command.stats,
    "new": command.new,
    "mine": mine,
}


if __name__ == "__main__":
    entry()
