"""What `cleaner-rules stats` prints: a table for people, an object for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from cleaner.rulekit.stats import HOSTS, Stats, Use, ranked
from cleaner.types import Rule

_NAMED: Final = 3
"""Rules that are named as those that overrule or shadow one; the JSON names all."""


def in_order(stats: Stats, rules: Iterable[Rule]) -> list[tuple[Rule, Use]]:
    """Those of the rules that matched something, those that removed most first."""
    hit = [(rule, stats.uses[rule.id]) for rule in rules if rule.id in stats.uses]
    return sorted(hit, key=lambda pair: (-pair[1].characters, -pair[1].removals, -pair[1].matches, pair[0].id))


def page(stats: Stats, rules: Sequence[Rule], *, never: bool = False) -> Iterator[str]:
    """The lines for people: a summary, a table, under each rule its examples; `never` names those that matched
    nothing."""
    hit, idle = in_order(stats, rules), stats.never(rules)
    shadowed = sum(bool(use.shadows) for _, use in hit)
    share = stats.removed / stats.characters if stats.characters else 0.0
    yield f"{stats.articles:,} articles, {stats.characters:,} characters; level {stats.level}, without scores"
    yield f"all rules together removed {stats.removed:,} characters, {share:.1%}; headline and repeats {stats.others:,}"
    named = "" if never or not idle else " (--never names them)"
    yield f"{len(rules):,} rules: {len(hit):,} hit, {shadowed:,} of them shadowed; {len(idle):,} never hit{named}"
    if hit:
        yield ""
        yield from _table(hit)
    if never and idle:
        yield ""
        yield "never hit:"
        width = max(len(rule.id) for rule in idle)
        yield from (f"  {rule.id:{width}}  {stats.why_never(rule)}".rstrip() for rule in idle)


def _table(hit: list[tuple[Rule, Use]]) -> Iterator[str]:
    head = ("characters", "removals", "matches", "articles", "hosts", "lost", "waiting", "rule")
    rows = [(*_cells(use), rule.id + _note(rule)) for rule, use in hit]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)][:-1]
    for number, row in enumerate((head, *rows)):
        yield "  ".join([f"{cell:>{width}}" for cell, width in zip(row, widths, strict=False)] + [row[-1]])
        if number:
            yield from (f"    {line}" for line in _about(hit[number - 1][1]))


def _note(rule: Rule) -> str:
    return "" if rule.action == "strip" else f"  ({rule.action})"


def _cells(use: Use) -> tuple[str, ...]:
    hosts = f"{len(use.hosts)}{'+' * (len(use.hosts) == HOSTS)}"
    lost = f"{use.overruled / use.matches:.0%}" if use.overruled else "-"
    counted = (use.characters, use.removals, use.matches, use.articles)
    return (*(f"{count:,}" for count in counted), hosts, lost, f"{use.waiting:,}" if use.waiting else "-")


def _about(use: Use) -> Iterator[str]:
    yield from (f"{example.place}: {example.text!r}" for example in use.examples)
    if use.by:
        names = [f"{name} {use.by[name]:,}" for name in ranked(use.by)]
        yield f"lost to {_few(names)}"
    if use.shadows:
        what = "would take all that it removed" if use.removals else "took all that it matched"
        yield f"shadowed: {_few(use.shadows)} {what}"


def _few(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def as_dict(stats: Stats, rules: Sequence[Rule]) -> dict[str, Any]:
    """All of it, as JSON can hold it."""
    return {
        "articles": stats.articles,
        "rejected": stats.rejected,
        "characters": stats.characters,
        "level": stats.level,
        "removed": stats.removed,
        "removed_by_others": stats.others,
        "rules": [_entry(rule, use) for rule, use in in_order(stats, rules)],
        "never": [{"id": rule.id, "why": stats.why_never(rule)} for rule in stats.never(rules)],
    }


def _entry(rule: Rule, use: Use) -> dict[str, Any]:
    return {
        "id": rule.id,
        "kind": rule.kind,
        "action": rule.action,
        "characters": use.characters,
        "removals": use.removals,
        "matches": use.matches,
        "articles": use.articles,
        "hosts": len(use.hosts),
        "overruled": use.overruled,
        "overruled_by": {name: use.by[name] for name in ranked(use.by)},
        "waiting": use.waiting,
        "shadowed_by": use.shadows,
        "examples": [example._asdict() for example in use.examples],
    }
