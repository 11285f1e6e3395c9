"""From pasted lines to rules in a file: proposed, tried as `test` and `lint` would, and only then written."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from cleaner.judge.decide import decide, stripped_kinds
from cleaner.judge.phrase import has_word, may_be_phrase
from cleaner.judge.rule import LONGEST, load_file
from cleaner.judge.rulebook import Rulebook
from cleaner.judge.source import Source
from cleaner.read.segment import View
from cleaner.rulekit import draft, examples, suggest
from cleaner.rulekit.lint import lint
from cleaner.rulekit.wording import INVENTED, KIND_WHY
from cleaner.text import fold, lower
from cleaner.types import Document, Kind, Rule, UsageError
from cleaner.write.apply import apply

_DEFAULT, _MOST = LONGEST["segment"]
_TAG: Final = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_KEEPS: Final = 3
"""Near misses that are proposed for one rule."""
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\ufeff]")


class Target(NamedTuple):
    """The file that rules go to."""

    name: str
    """Such as `site/example.org`."""
    path: Path
    own: tuple[Rule, ...]
    """The rules that it has."""
    text: str
    folder: Path
    """Where its id starts from."""

    @property
    def host(self) -> str:
        """The host that it is for, if it is for one."""
        last = self.name.rsplit("/", 1)[-1]
        return last if self.name.startswith("site/") and "." in last else ""


def target(name: str, folder: Path) -> Target:
    """The file of this name. Raises RuleError for one that is there and cannot be used."""
    path = folder / f"{name}.toml"
    if not path.exists():
        return Target(name, path, (), "", folder)
    own = load_file(path, folder)
    return Target(name, path, own, path.read_text(encoding="utf-8-sig").rstrip("\n") + "\n", folder)


def ask() -> list[str]:
    """Lines that a person pastes, up to an empty one."""
    sys.stderr.write("Paste what must go, a line as it stood in the article; an empty line ends:\n")
    lines: list[str] = []
    while True:
        sys.stderr.write("> ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line.strip():
            return lines
        lines.append(line)


def tidied(lines: Iterable[str]) -> list[str]:
    """The lines, each once, without the spaces around them. Raises UsageError for one that no phrase can say."""
    found = dict.fromkeys(" ".join(_UNSEEN.sub(" ", part).split()) for line in lines for part in line.splitlines())
    given = [line for line in found if line]
    if not given:
        raise UsageError("the lines are empty; paste one as it stood in the article")
    for line in given:
        if _TAG.search(line):
            raise UsageError(
                f"{line[:60]!r} is HTML; paste the text that the page shows, or write a rule with `selector`"
                " (rules/README.md)"
            )
        if not has_word(line):
            raise UsageError(f"{line[:60]!r} has no word, and phrases compare words; write a rule with `match`")
        for part in suggest.parts(line):
            if not may_be_phrase(lower(fold(part))):
                raise UsageError(
                    f"{part[:60]!r} opens with a quotation mark, a number or #, and such a line is never taken for a"
                    " phrase; write a rule with `match` (rules/README.md)"
                )
            if len(part) > _MOST:
                raise UsageError(
                    f"{part[:60]!r}... has {len(part):,} characters, and a phrase at most {_MOST:,}; paste less of it"
                )
    return given


def taker(line: str, book: Rulebook, host: str) -> Rule | None:
    """The rule that takes the whole line already, at the level `normal`."""
    document = Document(line)
    found = book.find(View(document), host=host or None)
    decisions = decide(line, found, "normal", stripped_kinds())
    if not found or apply(line, decisions).strip():
        return None
    by = next(item.by for item in decisions if item.action == "strip")
    return next(rule for rule in book.rules if rule.id == by)


def proposals(
    lines: Sequence[str], to: Target, rules: Sequence[Rule], book: Rulebook, kind: Kind | None
) -> Iterator[draft.Entry]:
    """A rule for the lines of each kind that is known by the same; `kind` if all are of that one. Raises UsageError
    where no near miss fits."""
    library = suggest.Library(rules)
    groups: dict[suggest.Guess, list[str]] = {}
    for line in lines:
        guess = suggest.Guess(kind, "as you said") if kind else suggest.kind_of(line, library)
        groups.setdefault(guess, []).append(line)
    known = [rule.id.rsplit("/", 1)[-1] for rule in to.own]
    for (name, because), given in groups.items():
        code = suggest.language(to.name, " ".join(given), library)
        said = {line: suggest.worded(line, name, to.host) for line in given}
        phrases = tuple(dict.fromkeys(one.phrase for found in said.values() for one in found))
        mine = list(dict.fromkeys(_renamed(line, found, code) for line, found in said.items()))
        longest = max(len(part) for line in (*given, *mine) for part in suggest.parts(line))
        enough = all(map(suggest.says_enough, phrases))
        named = enough and all(suggest.names_itself(phrase, to.host) for phrase in phrases)
        known.append(suggest.rule_id(name, " ".join(one.phrase for one in said[given[0]]), known))
        yield draft.Entry(
            id=known[-1],
            kind=name,
            because=because,
            phrases=phrases,
            strips=tuple(mine),
            keeps=tuple(_keeps(mine, code, book, to.host)),
            why=f"{KIND_WHY[name]} that the template {'of ' + to.host if to.host else ''} adds.".replace("  ", " "),
            source=f"{to.host or to.name}, {datetime.date.today():%Y-%m}",
            site="" if named or _limited(to) else to.host,
            short=not (enough or to.host or _limited(to)),
            longest=min(_MOST, -(-longest // 100) * 100) if longest > _DEFAULT else None,
            note="" if code else ", in the language of the lines, which is not known here",
        )


def _renamed(line: str, said: Iterable[suggest.Worded], code: str | None) -> str:
    """The line with the name of nobody in the place of each person's that a slot took."""
    for name in (name for one in said for name in one.people):
        line = line.replace(name, INVENTED.get(code or "", INVENTED["en"]))
    return line


def _limited(to: Target) -> bool:
    """Whether the file as a whole is limited to sites."""
    return bool(to.text) and bool(Source(to.path).data.get("sites"))


def _keeps(lines: Sequence[str], code: str | None, book: Rulebook, host: str) -> list[str]:
    """Near misses that every known rule leaves alone."""
    found = []
    for text in suggest.near_misses(lines, code):
        evidence = book.find(View(Document(text)), host=host or None)
        if not any(item.action == "strip" for item in evidence):
            found.append(text)
    if not found:
        raise UsageError(f"no near miss is left that other rules spare for {lines[0][:60]!r}; write the rule by hand")
    return found[:_KEEPS]


def text_of(to: Target, entries: Iterable[draft.Entry]) -> str:
    """The whole file with the rules behind those that it has."""
    return "\n".join([to.text or draft.head(to.name), *map(draft.entry, entries)])


def faults(to: Target, text: str, library: Sequence[Rule]) -> list[str]:
    """What `test` and `lint` would say of the rules that this text adds to the file. That their near misses are made
    up is no fault yet: whoever pasted the lines is told to replace them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{to.name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        before = {rule.id for rule in to.own}
        everyone = load_file(path, Path(folder), to.folder)
        added = [rule for rule in everyone if rule.id not in before]
        failed = [f"`{fault.key}` does not hold: {fault.what}" for rule in added for fault in examples.check(rule)]
        ids = {rule.id for rule in everyone}
        others = [rule for rule in library if rule.id not in ids] + [rule for rule in everyone if rule.id in before]
        found = [finding for finding in lint(added, others) if finding.check != "placeholder"]
        return failed + [f"{finding.check}: {finding.what}" for finding in found]


def write(path: Path, text: str) -> None:
    """Writes the file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
