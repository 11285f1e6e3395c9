"""Which articles are one article twice: published again, or updated. Their sentences repeat and are no template's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleaner.rulekit.mine.settings import TWIN, TWIN_LEAST, TWIN_MOST, TWIN_OFTEN
from cleaner.rulekit.mine.store import Store

# Every segment that more than one article may have as its own; `rare` where too few have it for a template's.
_TABLES: Final = """\
CREATE TABLE own AS SELECT DISTINCT k, host, doc FROM long;
DROP TABLE long;
CREATE TABLE shared AS
    SELECT k, first, n, CAST(n < need AS INTEGER) AS rare
    FROM (SELECT k, count(*) AS n, min(doc) AS first, min(host) AS host FROM own GROUP BY k)
    JOIN bounds USING (host) WHERE n <= most OR n = 1;
CREATE TABLE sizes AS
    SELECT doc, count(*) AS size, sum(rare) AS rare_size FROM own JOIN shared USING (k) GROUP BY doc;
CREATE TABLE pairs AS
    SELECT first, doc, min(host) AS host, count(*) AS both_have, sum(rare) AS rare_have
    FROM own JOIN (SELECT * FROM shared WHERE n > 1) USING (k)
    WHERE first <> doc GROUP BY first, doc"""
_QUERY: Final = """\
SELECT first, pairs.doc, host FROM pairs
JOIN sizes AS a ON a.doc = pairs.first JOIN sizes AS b ON b.doc = pairs.doc
WHERE (rare_have >= ? AND rare_have >= ? * least(a.rare_size, b.rare_size))
   OR (both_have >= ? AND both_have >= ? * least(a.size, b.size))
ORDER BY 1, 2"""


def copies(store: Store, hosts: dict[int, tuple[int, int]]) -> tuple[frozenset[int], dict[int, int]]:
    """The articles that are another one again, and how many those are of each host, from the table `long`, which is
    used up. `hosts`: how many articles each has, and how many must have what may be a template's."""
    bounds = {host: (min(TWIN_MOST, count // 2), need) for host, (count, need) in hosts.items()}
    store.numbers("bounds", bounds, ("most", "need"))
    for statement in _TABLES.split(";\n"):
        store.run(statement)
    groups = _Groups()
    host_of: dict[int, int] = {}
    for first, doc, host in store.rows(_QUERY, [TWIN_LEAST, TWIN, TWIN_LEAST, TWIN_OFTEN]):
        groups.join(first, doc)
        host_of[doc] = host_of[first] = host
    found = frozenset(groups.copies())
    numbers: dict[int, int] = {}
    for doc in found:
        numbers[host_of[doc]] = numbers.get(host_of[doc], 0) + 1
    for table in ("own", "shared", "sizes", "pairs"):
        store.run(f"DROP TABLE {table}")
    return found, numbers


class _Groups:
    """Numbers joined to groups; the least of each speaks for it."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def _top(self, one: int) -> int:
        while (above := self._above.get(one, one)) != one:
            self._above[one] = self._above.get(above, above)
            one = above
        return one

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self._top(one), self._top(other)))
        self._above[high] = low

    def copies(self) -> Iterator[int]:
        """All but the least of each group."""
        return (one for one in list(self._above) if self._top(one) != one)
