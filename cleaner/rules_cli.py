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
from cleaner.judge.source import Source
from cleaner.pipeline import load_rules, shipped_folder
from cleaner.rulekit import command, examples, lint, table
from cleaner.rulekit.mine.command import add_mine, mine
from cleaner.types import CleanerError, Rule, RuleError, UsageError

_DESCRIPTION: Final = """\
Tests, checks, lists and explains the rules of `cleaner`, and starts new ones. Where FILE or DIR is left out, the
shipped rules are meant. The format is described in rules/README.md."""
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
    show.add_argument("--rules", action="append", default=[], metavar="DIR", help="add the rule files of a folder")
    command.add_why(verbs)
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
    yield from _regex("match", rule.match, rule)
    if rule.selector is not None:
        yield "selector", rule.selector
    yield from (("needs", repr(text)) for text in rule.needs)
    yield from _regex("unless", rule.unless, rule)
    yield from (("phrases", repr(text)) for text in rule.phrases)
    if rule.between:
        for part in ("first", "inside", "last"):
            yield from ((part, repr(text)) for text in getattr(rule.between, part))
        yield from _regex("cues", rule.between.cues, rule)
    for name, given in (("strips", rule.strips), ("keeps", rule.keeps), ("todo", rule.todo)):
        for example in given:
            part = "" if example.gives in ("", example.text) else f", gives {example.gives!r}"
            yield name, f"{example.text!r}{part}"


def _regex(name: str, text: str | None, rule: Rule) -> Iterator[tuple[str, str]]:
    """A regex as it stands in the file; below it with the file's parts put in, where it names some."""
    if text is None:
        return
    entries = Source(Path(rule.file)).data["rule"]
    entry = next(entry for entry in entries if entry["id"] == rule.id.rpartition("/")[2])
    written = (entry["between"] if name == "cues" else entry)[name]
    yield name, written
    if written != text:
        yield f"{name}, parts put in", text


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
    "why": command.why,
    "stats": command.stats,
    "new": command.new,
    "mine": mine,
}


if __name__ == "__main__":
    entry()
