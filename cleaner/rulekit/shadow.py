"""Which rules are superfluous beside others: one rulebook of all rules is asked who takes each example alone."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.judge.rulebook import Rulebook, on_site
from cleaner.rulekit.examples import cleaned, evidence, left, shown
from cleaner.types import LEVELS, Evidence, Example, Rule


class Shadows:
    """Rules beside each other, in the order in which they were given."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = {rule.id: rule for rule in rules}
        self._place = {name: place for place, name in enumerate(self._rules)}
        self._book = Rulebook(self._rules.values())
        self._known: dict[str, frozenset[str]] = {}

    def over(self, rule: Rule) -> Rule | None:
        """The first other rule that makes this one superfluous, or None. Of two alike the later one is superfluous."""
        for name in sorted(self._takers(rule), key=self._place.__getitem__):
            other = self._rules[name]
            if self._place[name] < self._place[rule.id] or rule.id not in self._takers(other):
                return other
        return None

    def _takers(self, rule: Rule) -> frozenset[str]:
        """Ids of the other rules that take every text in `strips` as this one does, wherever this one works."""
        if rule.id not in self._known:
            strips = rule.strips if rule.action == "strip" and rule.id in self._rules else ()
            each = [self._takers_of(example, rule) for example in strips]
            found = frozenset[str]().union(*each[:1]).intersection(*each)
            self._known[rule.id] = frozenset(name for name in found if covers(self._rules[name], rule))
        return self._known[rule.id]

    def _takers_of(self, example: Example, rule: Rule) -> set[str]:
        by: dict[str, list[Evidence]] = {}
        document = shown(example, rule)
        for item in evidence(self._book, document, rule):
            by.setdefault(item.by, []).append(item)
        wanted = left(example, document)
        return {name for name, found in by.items() if cleaned(document.text, found) == wanted}


def covers(other: Rule, rule: Rule) -> bool:
    """Whether the other rule does the same work and works wherever this one does: on its sites, from its level on,
    within paragraphs if it does."""
    return (
        other.id != rule.id
        and (other.action, other.kind) == (rule.action, rule.kind)
        and LEVELS.index(other.level) <= LEVELS.index(rule.level)
        and (other.within or not rule.within)
        and (not other.sites or (bool(rule.sites) and all(on_site(site, other.sites) for site in rule.sites)))
    )
