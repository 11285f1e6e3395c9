"""The first reading: how many articles of a host have a segment, and which articles are one article twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cleaner.pipeline import Cleaner
from cleaner.read.segment import View
from cleaner.rulekit.mine.keys import READINGS, Keyed, keyed
from cleaner.rulekit.mine.read import Entry, number_of
from cleaner.rulekit.mine.settings import LONG_WORDS, SAMPLED, SCORED, SEARCHED, How
from cleaner.rulekit.mine.store import Store
from cleaner.rulekit.mine.twins import copies
from cleaner.rulekit.mine.wording import of_archive

_SIGNS: Final = dict(zip(READINGS, "einl", strict=True))


class Piece(NamedTuple):
    """A segment of an article: its text folded, where it stands, and what it counts as; keys are 0 where none."""

    text: str
    start: int
    """View offset, as is `end`."""
    end: int
    line: int
    beside: int
    """Segments of its line."""
    long: bool
    keys: tuple[int, int, int, int]
    """In the order of `READINGS`."""


def pieces(view: View, host: str) -> list[Piece]:
    """Every segment of a document, in order."""
    spans, lines = view.all_segments()
    beside: dict[int, int] = {}
    for line in lines:
        beside[line] = beside.get(line, 0) + 1
    found = []
    for (start, end), line in zip(spans, lines, strict=True):
        text = view.cased[start:end]
        archive = of_archive(text)
        known = None if archive else keyed(text, alone=beside[line] == 1)
        said = known.exact if known else text
        long = not archive and said.count(" ") + 1 >= LONG_WORDS
        found.append(Piece(text, start, end, line, beside[line], long, _numbers(known, host)))
    return found


def _numbers(known: Keyed | None, host: str) -> tuple[int, int, int, int]:
    if known is None:
        return (0, 0, 0, 0)
    one, two, three, four = (
        number_of(f"{host}\n{_SIGNS[reading]}{said}") if said else 0
        for reading, said in zip(READINGS, known, strict=True)
    )
    return one, two, three, four


@dataclass(slots=True)
class Counted:
    """What the first reading found. Hosts are known by number."""

    hosts: dict[str, int] = field(default_factory=dict)
    read: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Host -> how many different texts were read, and their characters."""
    articles: dict[int, int] = field(default_factory=dict)
    """Host -> its different articles: of those that are copies one."""
    keys: frozenset[int] = frozenset()
    """Of segments that stand in enough articles of their host."""
    copies: frozenset[int] = frozenset()
    """Articles that are another one again; that one speaks for them."""
    again: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Of articles that were read more than once, their first day and the least of their addresses."""
    days: dict[int, int] = field(default_factory=dict)
    """Host -> on how many different days its articles were published, as far as that is known."""
    span: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Host -> the first and the last of them."""
    sampled: dict[int, int] = field(default_factory=dict)
    """Host -> the greatest id of the articles that serve as a sample."""
    scored: dict[int, int] = field(default_factory=dict)
    searched: dict[int, int] = field(default_factory=dict)


def count(entries: Iterable[Entry], cleaner: Cleaner, store: Store, how: How) -> Counted:
    """Reads all articles and counts their segments."""
    done = Counted()
    for entry in entries:
        if how.site not in (None, entry.host) or entry.host in how.skip:
            continue
        host = done.hosts.setdefault(entry.host, len(done.hosts))
        store.add("docs", (entry.id, host, entry.day, len(entry.text), entry.url))
        met: set[int] = set()
        for piece in pieces(View(cleaner.read(entry.text)), entry.host):
            for key in piece.keys:
                if key and key not in met:
                    met.add(key)
                    store.add("seen", (key, host, entry.id))
                    if piece.long and key == piece.keys[0]:
                        store.add("long", (key, host, entry.id))
    _conclude(done, store, how)
    return done


def _conclude(done: Counted, store: Store, how: How) -> None:
    day = "min(CASE WHEN day = 0 THEN 99999999 ELSE day END)"
    query = f"SELECT doc, {day}, min(url) FROM docs GROUP BY doc HAVING count(*) > 1"
    done.again = {doc: (day % 99999999, url) for doc, day, url in store.rows(query)}
    once = "SELECT doc, min(host) AS host, min(chars) AS chars FROM docs GROUP BY doc"
    query = f"SELECT host, count(*), sum(chars) FROM ({once}) GROUP BY host"
    done.read = {host: (number, int(chars)) for host, number, chars in store.rows(query)}
    articles = {host: counted[0] for host, counted in done.read.items()}
    query = "SELECT host, count(DISTINCT day), min(day), max(day) FROM docs WHERE day > 0 GROUP BY host"
    for host, days, first, last in store.rows(query):
        done.days[host], done.span[host] = days, (first, last)
    done.copies, number = copies(store, {host: (count, how.need(count)) for host, count in articles.items()})
    done.articles = {host: count - number.get(host, 0) for host, count in articles.items()}
    store.numbers("needs", {host: (how.need(count),) for host, count in done.articles.items()}, ("need",))
    if done.again:
        store.run("CREATE OR REPLACE TABLE seen AS SELECT DISTINCT k, host, doc FROM seen")
    query = "SELECT k FROM (SELECT k, min(host) AS host, count(*) AS n FROM seen GROUP BY k HAVING count(*) >= ?)"
    done.keys = frozenset(k for (k,) in store.rows(f"{query} JOIN needs USING (host) WHERE n >= need", [how.least]))
    store.run("CREATE TABLE twice AS SELECT k FROM seen GROUP BY k HAVING count(*) > 1")
    store.run("DROP TABLE seen")
    store.run("CREATE TABLE single AS SELECT DISTINCT host, doc FROM docs")
    for cut, size in ((done.sampled, SAMPLED), (done.scored, SCORED), (done.searched, SEARCHED)):
        ranked = "SELECT host, doc, row_number() OVER (PARTITION BY host ORDER BY doc) AS place FROM single"
        cut.update(store.rows(f"SELECT host, max(doc) FROM ({ranked}) WHERE place <= ? GROUP BY host", [size]))
