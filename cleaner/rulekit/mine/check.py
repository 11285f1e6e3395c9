"""Drafts under the same checks as any rule file; what fails is repaired by leaving it out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final

from cleaner.judge.rule import load_file
from cleaner.judge.rulebook import Rulebook
from cleaner.read.segment import View
from cleaner.rulekit import examples, lint
from cleaner.rulekit.mine.draft import Corpus, Draft, without
from cleaner.rulekit.mine.file import rule_file
from cleaner.rulekit.mine.keeps import Misses, placeholders
from cleaner.rulekit.suggest import Library
from cleaner.types import Document, Rule, RuleError

_ROUNDS: Final = 12
_MISSES: Final = 2
"""Near misses of a rule that are written."""
_TO_WRITE: Final = ("near-miss", "placeholder")
"""Findings of the lint that a reader mends."""
_TRIED: Final = 6
"""That are tried, because some may not hold."""


class Checker:
    """Checks the drafts of host after host beside the shipped rules."""

    def __init__(self, shipped: Sequence[Rule], *, everything: bool) -> None:
        self._shipped = Rulebook(shipped)
        self._everything = everything

    def passing(self, corpus: Corpus, found: Sequence[Draft], misses: Misses) -> tuple[list[Draft], list[str]]:
        """The drafts that pass, with near misses that hold, and what is to be said of the others."""
        drafts = {one.id: replace(one, keeps=tuple(misses.near(one.strips, _TRIED))) for one in found}
        ours = placeholders(corpus.host, found, self._library)
        drafts = {name: replace(one, keeps=(*one.keeps, *ours[name])) for name, one in drafts.items()}
        said: list[str] = []
        among = () if self._everything else self._beside(corpus.host, found)
        for _ in range(_ROUNDS):
            if not drafts:
                break
            wrong = self._wrong(corpus, drafts, among, said)
            if not wrong:
                break
        else:
            said.append(f"{len(drafts)} rules left out: their examples contradict each other")
            drafts = {}
        return [_finished(one, ours[name]) for name, one in drafts.items()], said

    def ships(self, host: str) -> bool:
        """Whether the shipped library has a file for the host."""
        return any(rule.id.startswith(f"site/{host}/") for rule in self._shipped.rules)

    @cached_property
    def _library(self) -> Library:
        return Library(self._shipped.rules)

    def _beside(self, host: str, found: Sequence[Draft]) -> tuple[Rule, ...]:
        """The shipped rules that say anything of what the drafts take: no other can make one of them superfluous."""
        ids = {
            item.by
            for one in found
            for text in one.strips
            for item in self._shipped.find(View(Document(text)), host=host)
        }
        return tuple(rule for rule in self._shipped.rules if rule.id in ids)

    def _wrong(self, corpus: Corpus, drafts: dict[str, Draft], among: Sequence[Rule], said: list[str]) -> bool:
        """Takes out of the drafts what does not pass; whether there was something."""
        rules = self._loaded(corpus, drafts, said)
        if rules is None:
            return True
        before = dict(drafts)
        failures = [failure for rule in rules for failure in examples.check(rule)] + list(examples.check_keeps(rules))
        for failure in failures:
            name = failure.rule.id.rsplit("/", 1)[1]
            drafts[name] = without(drafts[name], **{failure.key: [failure.text]})
        for name, one in list(drafts.items()):
            if not one.strips or not one.keeps:
                said.append(f"left out {name}: it contradicts its own {'near misses' if one.strips else 'examples'}")
                del drafts[name]
        if drafts != before:
            return True
        for finding in lint.lint(rules, among):
            name = finding.rule.id.rsplit("/", 1)[1]
            if finding.check in _TO_WRITE or name not in drafts:
                continue
            del drafts[name]
            said.append(f"left out {name}, {_reason(finding)}")
        return drafts != before

    def _loaded(self, corpus: Corpus, drafts: dict[str, Draft], said: list[str]) -> tuple[Rule, ...] | None:
        """The drafts as rules of a file; None, and one draft less, where they are not a file."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "site" / f"{corpus.host}.toml"
            path.parent.mkdir()
            for name, one in list(drafts.items()):
                path.write_text(rule_file(corpus, [one]), encoding="utf-8")
                try:
                    Rulebook(load_file(path, Path(folder))).compile()
                except RuleError as error:
                    said.append(f"left out {name}: {str(error).removeprefix(f'{path}:')}")
                    del drafts[name]
            path.write_text(rule_file(corpus, drafts.values()), encoding="utf-8")
            return load_file(path, Path(folder)) if drafts else None


def _finished(one: Draft, ours: Sequence[str]) -> Draft:
    """The draft with the near misses that are written: one of ours only where the corpus has none."""
    own = tuple(text for text in one.keeps if text not in ours)
    return replace(one, keeps=own[:_MISSES] or one.keeps[:1], missing=not own)


def _reason(finding: lint.Finding) -> str:
    """Why a draft is not written, for somebody who never saw it."""
    if finding.check in ("shadowed", "duplicate"):
        return "nothing to do: another rule takes it already"
    return f"not sound: {finding.what}"
