"""The second reading: where the segments that stand in many articles stand, and what near misses the bodies hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from cleaner.judge.phrase import may_be_phrase
from cleaner.judge.rulebook import on_site
from cleaner.pipeline import Cleaner, host_of
from cleaner.read.segment import View
from cleaner.rulekit.mine.count import Counted, Piece, pieces
from cleaner.rulekit.mine.read import Entry
from cleaner.rulekit.mine.settings import How
from cleaner.rulekit.mine.store import Store
from cleaner.text import TERMINAL
from cleaner.types import KINDS, Document, Evidence, Kind

_NEAR: Final = (30, 240)
"""Characters of a sentence that may serve as a near miss."""


class Found(NamedTuple):
    """A segment of one article that many articles of its host have; a row of the table `occ`."""

    host: int
    doc: int
    pos: int
    """Its number among the article's segments."""
    line: int
    beside: int
    """Segments of its line."""
    day: int
    counts: bool
    """Whether the article is a witness: no copy, and it has a body of its own."""
    outside: bool
    """Whether the body begins behind it or ended before it."""
    taken: int
    """Whether the shipped rules take it, 0 or 1; -1 where they were not asked."""
    asked: int
    """1 where the scores were asked."""
    kind: int
    """Which kind rules or scores give it, as a number in `KINDS`; -1 where none."""
    exact: int
    inner: int
    names: int
    label: int
    said: str

    @property
    def keys(self) -> tuple[int, int, int, int]:
        """In the order of `READINGS`; 0 where that reading is not common enough."""
        return self.exact, self.inner, self.names, self.label


def gather(entries: Iterable[Entry], cleaner: Cleaner, store: Store, known: Counted, how: How) -> dict[int, int]:
    """Reads all articles again and fills the tables `occ` and `near`. Returns the number of witnesses of each host."""
    witnesses: dict[int, int] = dict.fromkeys(known.hosts.values(), 0)
    met: set[int] = set()
    for entry in entries:
        if how.host is not None and not on_site(entry.host, [how.host.removeprefix("www.")]):
            continue
        if known.articles[known.hosts[entry.host]] < how.least:
            continue
        if entry.id in known.again:
            if entry.id in met:
                continue
            met.add(entry.id)
            entry = entry._replace(day=known.again[entry.id])
        _one(entry, cleaner, store, known, witnesses)
    store.run("CREATE TABLE found AS SELECT * FROM occ ORDER BY host, doc, pos")
    store.run("DROP TABLE occ")
    lonely = "SELECT host, said, min(k) AS k FROM near GROUP BY host, said HAVING count(*) = 1"
    store.run(f"CREATE TABLE misses AS SELECT host, said FROM ({lonely}) ANTI JOIN twice USING (k) ORDER BY host, said")
    return witnesses


def _one(entry: Entry, cleaner: Cleaner, store: Store, known: Counted, witnesses: dict[int, int]) -> None:
    host = known.hosts[entry.host]
    document = cleaner.read(entry.text, url=entry.url)
    view = View(document)
    found = pieces(view, entry.host)
    common = [tuple(key if key in known.keys else 0 for key in piece.keys) for piece in found]
    body = [number for number, piece in enumerate(found) if piece.long and not any(common[number])]
    first, last = (body[0], body[-1]) if body else (len(found), -1)
    counts = bool(body) and entry.id not in known.copies
    witnesses[host] += counts
    if entry.id <= known.searched[host] and body:
        _near_misses(store, host, found[first : last + 1], common[first : last + 1])
    if not any(map(any, common)):
        return
    said = _Said(cleaner, document, view, known, entry.id, host)
    for number, (piece, keys) in enumerate(zip(found, common, strict=True)):
        if any(keys):
            outside = number < first or number > last
            taken, asked, kind = said.of(piece)
            where = (host, entry.id, number, piece.line, piece.beside, entry.day, counts, outside)
            store.add("occ", (*where, taken, asked, kind, *keys, piece.text))


def _near_misses(store: Store, host: int, body: Sequence[Piece], common: Sequence[tuple[int, ...]]) -> None:
    for piece, keys in zip(body, common, strict=True):
        fits = _NEAR[0] <= len(piece.text) <= _NEAR[1] and piece.text[-1] in TERMINAL
        if fits and piece.keys[0] and not any(keys) and may_be_phrase(piece.text):
            store.add("near", (host, piece.keys[0], piece.text))


class _Said:
    """What the shipped rules, and on a few articles the scores, say of the segments of an article."""

    def __init__(self, cleaner: Cleaner, document: Document, view: View, known: Counted, doc: int, host: int) -> None:
        self._view = view
        self._tried = doc <= known.sampled[host]
        self._scored = doc <= known.scored[host]
        found = cleaner.rulebook.find(view, host=host_of(document.url)) if self._tried else []
        scored = cleaner.evidence(document) if self._scored else []
        self._rules = sorted(item for item in found if item.action == "strip")  # view offsets
        self._scores = sorted(item for item in scored if item.by == "score")  # document offsets

    def of(self, piece: Piece) -> tuple[int, int, int]:
        """Columns `taken`, `asked` and `kind` of `Found`."""
        if not self._tried:
            return -1, 0, -1
        if rule := next(_over(self._rules, piece.start, piece.end), None):
            return 1, int(self._scored), KINDS.index(rule.kind)
        span = self._view.origin(piece.start, piece.end)
        score = next((item for item in _over(self._scores, span.start, span.end) if item.level != "strict"), None)
        return 0, int(self._scored), KINDS.index(score.kind) if score else -1


def _over(items: Sequence[Evidence], start: int, end: int) -> Iterator[Evidence]:
    return (item for item in items if item.start <= start and end <= item.end)


def kind_at(number: int) -> Kind:
    """The kind that a column `kind` means."""
    return KINDS[number]
