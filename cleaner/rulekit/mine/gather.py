"""The second reading: where the segments that stand in many articles stand, and what near misses the bodies hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from cleaner.judge.phrase import may_be_phrase
from cleaner.pipeline import Cleaner, host_of
from cleaner.read.segment import View
from cleaner.rulekit.mine.count import Counted, Piece, pieces
from cleaner.rulekit.mine.headline import headings, listed
from cleaner.rulekit.mine.read import Entry
from cleaner.rulekit.mine.settings import How
from cleaner.rulekit.mine.store import Store
from cleaner.types import KINDS, Document, Evidence, Kind

_NEAR: Final = (30, 200)
"""Characters of a sentence that may serve as a near miss."""
_STOPS: Final = ".。।۔"
"""Readers who comment exclaim and ask."""
_MIDDLE: Final = (0.1, 0.6)
"""Between which shares of a body near misses are looked for: notes to the reader stand above, comments below."""
_SHOWN: Final = 70
"""Characters of a neighbouring line that a remark shows."""


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
    place: int
    """0 where the body begins behind it, 1 amid the body, 2 where that ended before it."""
    amid: bool
    """Whether its line holds text of the body too."""
    head: bool
    """Whether it may be its page's own headline."""
    listed: bool
    """Whether it stands in a list of what may be headlines."""
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
    url: str
    """On a few articles, as are `before` and `behind`; else empty."""
    before: str
    """The line above it."""
    behind: str

    @property
    def outside(self) -> bool:
        """Whether the body begins behind it or ended before it."""
        return self.place != 1

    @property
    def keys(self) -> tuple[int, int, int, int]:
        """In the order of `READINGS`; 0 where that reading is not common enough."""
        return self.exact, self.inner, self.names, self.label


def gather(entries: Iterable[Entry], cleaner: Cleaner, store: Store, known: Counted, how: How) -> dict[int, int]:
    """Reads all articles again and fills the tables `occ` and `near`. Returns the number of witnesses of each host."""
    witnesses: dict[int, int] = dict.fromkeys(known.hosts.values(), 0)
    met: set[int] = set()
    for entry in entries:
        if entry.host not in known.hosts:
            continue
        if known.articles[known.hosts[entry.host]] < how.least:
            continue
        if entry.id in known.again:
            if entry.id in met:
                continue
            met.add(entry.id)
            day, url = known.again[entry.id]
            entry = entry._replace(day=day, url=url)
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
        low, high = (first + int(share * (last + 1 - first)) for share in _MIDDLE)
        _near_misses(store, host, found[low : high + 1], common[low : high + 1])
    if not any(map(any, common)):
        return
    said, heads = _Said(cleaner, document, view, known, entry.id, host), headings(found, first, entry.url)
    lines, lists = {found[number].line for number in body}, listed(found)
    shown = _lines(found) if entry.id <= known.sampled[host] else None
    for number, (piece, keys) in enumerate(zip(found, common, strict=True)):
        if any(keys):
            place = 0 if number < first else 2 if number > last else 1
            where = (host, entry.id, number, piece.line, piece.beside, entry.day, counts, place)
            about = (piece.line in lines, number in heads, piece.line in lists, *said.of(piece), *keys, piece.text)
            beside = (entry.url, *_beside(shown, piece.line)) if shown is not None else ("", "", "")
            store.add("occ", (*where, *about, *beside))


def _lines(found: Sequence[Piece]) -> dict[int, str]:
    """The lines of an article, in order."""
    lines: dict[int, str] = {}
    for piece in found:
        lines[piece.line] = f"{lines[piece.line]} {piece.text}" if piece.line in lines else piece.text
    return lines


def _beside(lines: dict[int, str], line: int) -> tuple[str, str]:
    """What stands above and below a line, cut short."""
    order = list(lines)
    at = order.index(line)
    above, below = order[max(0, at - 1) : at], order[at + 1 : at + 2]
    return tuple(lines[number[0]][:_SHOWN] if number else "" for number in (above, below))  # type: ignore[return-value]


def _near_misses(store: Store, host: int, body: Sequence[Piece], common: Sequence[tuple[int, ...]]) -> None:
    for piece, keys in zip(body, common, strict=True):
        fits = _NEAR[0] <= len(piece.text) <= _NEAR[1] and piece.text[-1] in _STOPS
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
