"""From files of articles to the text of rule files, host by host."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.pipeline import Cleaner, load_rules
from cleaner.rulekit.mine.blocks import templates
from cleaner.rulekit.mine.check import Checker
from cleaner.rulekit.mine.count import Counted, count
from cleaner.rulekit.mine.draft import Corpus, Left, drafts
from cleaner.rulekit.mine.file import rule_file
from cleaner.rulekit.mine.gather import Found, gather
from cleaner.rulekit.mine.keeps import Misses
from cleaner.rulekit.mine.measure import measure
from cleaner.rulekit.mine.news import days_between, mark
from cleaner.rulekit.mine.read import Trouble, entries, inputs
from cleaner.rulekit.mine.settings import How
from cleaner.rulekit.mine.store import Store
from cleaner.rulekit.mine.weigh import Candidate, candidates


class Mined(NamedTuple):
    """What came of one host."""

    host: str
    articles: int
    """Different articles with a body of their own: what repeats is looked for in them."""
    read: int
    """All different texts, copies and those without a body too: shares are of them."""
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
    found, cleaner, shipped = inputs(names), Cleaner(level="strict", html_mode="fast"), load_rules()
    checker = Checker(shipped, everything=how.everything)
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
        return Mined(host, articles, known.read[number][0], 0, "", 0, (), few=True)

    def rows() -> Iterator[Found]:
        query = "SELECT * FROM found WHERE host = ? ORDER BY doc, pos"
        return map(Found._make, store.rows(query, [number]))

    need = how.need(articles)
    common = candidates(rows(), need, articles, known.days.get(number, 0), everything=how.everything)
    mark(common.values(), days_between(*known.span.get(number, (0, 0))))
    made = templates(rows(), common, need)
    measure(rows(), common, made)
    misses = Misses(said for (said,) in store.rows("SELECT said FROM misses WHERE host = ?", [number]))
    corpus = Corpus(host, articles, *known.read[number], checker.ships(host))
    worth = [one for one in made if one.examples and one.removes[0]]
    passed, notes = checker.passing(corpus, drafts(worth), misses)
    if corpus.shipped:
        where = f"rules/site/{host}.toml"
        notes.append(f"{where} is shipped already; name the new file otherwise, or merge the two by hand, to ship both")
    text = rule_file(corpus, passed, _left(common.values())) if passed else ""
    share = sum(one.template.removes[1] for one in passed) / max(1, corpus.chars)
    return Mined(host, articles, corpus.articles, len(passed), text, share, tuple(notes), few=False)


def _left(found: Iterable[Candidate]) -> list[Left]:
    """What was left out for its news, most common first."""
    news = {one.text: one for one in found if one.news and one.reading == "exact"}
    return [Left(text, one.news, one.articles) for text, one in sorted(news.items(), key=_by_articles)]


def _by_articles(item: tuple[str, Candidate]) -> tuple[int, str]:
    return -item[1].articles, item[0]


def sites(names: Sequence[str], how: How) -> frozenset[str]:
    """The sites that articles are from, without looking at the articles. Raises CleanerError and OSError."""
    return frozenset(entry.host for entry in entries(inputs(names), how, lambda _: None))
