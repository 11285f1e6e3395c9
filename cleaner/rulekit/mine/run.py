"""From files of articles to the text of rule files, host by host."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.pipeline import Cleaner, load_rules
from cleaner.rulekit.mine.blocks import templates
from cleaner.rulekit.mine.check import Checker
from cleaner.rulekit.mine.count import Counted, count
from cleaner.rulekit.mine.draft import Corpus, drafts, rule_file
from cleaner.rulekit.mine.gather import Found, gather
from cleaner.rulekit.mine.keeps import Misses
from cleaner.rulekit.mine.measure import measure
from cleaner.rulekit.mine.read import Trouble, entries, inputs
from cleaner.rulekit.mine.settings import How
from cleaner.rulekit.mine.store import Store
from cleaner.rulekit.mine.weigh import candidates


class Mined(NamedTuple):
    """What came of one host."""

    host: str
    articles: int
    """Different articles with a body of their own."""
    rules: int
    text: str
    """Of the rule file; empty where nothing was found."""
    share: float
    """Of the characters of the host's articles that the rules would remove."""
    notes: tuple[str, ...]
    few: bool
    """Whether there were too few articles to find anything."""


def mine(names: Sequence[str], how: How, tell: Callable[[Trouble], None] = lambda _: None) -> Iterator[Mined]:
    """What the articles of each host have in common, as rule files; hosts in the order of their names. `tell` takes
    records that are no articles, once each. Raises CleanerError and OSError."""
    found, cleaner = inputs(names), Cleaner(level="strict", html_mode="fast")
    checker = Checker(load_rules(), everything=how.everything)
    with tempfile.TemporaryDirectory(prefix="cleaner-mine-") as folder:
        store = Store(Path(folder), how.memory)
        try:
            known = count(entries(found, how, tell), cleaner, store, how)
            witnesses = gather(entries(found, how, lambda _: None), cleaner, store, known, how)
            for host in sorted(known.hosts):
                yield _of_host(host, store, known, witnesses, checker, how)
        finally:
            store.close()


def _of_host(host: str, store: Store, known: Counted, witnesses: dict[int, int], checker: Checker, how: How) -> Mined:
    number = known.hosts[host]
    articles = witnesses[number]
    if articles < how.least:
        return Mined(host, articles, 0, "", 0, (), few=True)

    def rows() -> Iterator[Found]:
        query = "SELECT * FROM found WHERE host = ? ORDER BY doc, pos"
        return map(Found._make, store.rows(query, [number]))

    need = how.need(articles)
    common = candidates(rows(), need, articles, known.days.get(number, 0), everything=how.everything)
    made = templates(rows(), common, need)
    measure(rows(), common, made)
    misses = Misses(said for (said,) in store.rows("SELECT said FROM misses WHERE host = ?", [number]))
    corpus = Corpus(host, *known.read[number])
    passed, notes = checker.passing(corpus, drafts([one for one in made if one.examples]), misses)
    text = rule_file(corpus, passed) if passed else ""
    share = sum(one.template.removes[1] for one in passed) / max(1, corpus.chars)
    return Mined(host, articles, len(passed), text, share, tuple(notes), few=False)
