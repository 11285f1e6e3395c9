"""Made documents: appeals put into clean bodies, clean bodies as they are, hard negatives."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from cleaner.learn.label import joined
from cleaner.learn.sources import SourceError, domain_of, read_jsonl
from cleaner.text import CLOSERS, TERMINAL
from cleaner.types import Span

FOLDS: Final = 5
PLACES: Final = ("head", "middle", "tail")
_JOINTS: Final = (("line", "\n"), ("line", "\n"), ("blank", "\n\n"), ("glued", ""), ("glued", ""))
_KINDS: Final = {"donation": "appeal", "affiliate": "advert"}
_LEAST: Final = (4, 120)
"""Lines and words of a body that appeals are put into."""


_PASSAGES: Final = 0.3
"""Share of bodies that get a hard negative: each of the 82 stands in about five bodies."""


class Appeal(NamedTuple):
    """A prompt in a publisher's own words, or a passage that reads like one (its kind is `body`)."""

    number: int
    """Its line in the file."""
    lang: str
    kind: str
    text: str
    fold: int


class Spliced(NamedTuple):
    """A clean body with one appeal in it."""

    name: str
    """Where and how it stands: `splice-head-glued`."""
    appeal: Appeal
    text: str
    spans: list[tuple[Span, str]]


def fold_of(domain: str | None, otherwise: str) -> int:
    """The fold that a publisher's pages, and appeals, are in: 0 to `FOLDS` - 1."""
    return int(hashlib.sha1((domain or otherwise).encode()).hexdigest(), 16) % FOLDS


def read_appeals(path: Path) -> Iterator[Appeal]:
    """The verbatim appeals of a file."""
    for number, row in read_jsonl(path):
        try:
            if row["verbatim"]:
                fold = fold_of(domain_of(row["source_url_or_repo"]), row["publisher"])
                yield Appeal(number, row["lang"], _KINDS.get(row["kind"], row["kind"]), row["text"], fold)
        except (KeyError, TypeError) as error:
            raise SourceError(f"{path}:{number}: no appeal: {type(error).__name__}: {error}") from error


def splices(name: str, body: tuple[str, ...], appeals: list[Appeal]) -> Iterator[Spliced]:
    """The body with an appeal at its head, in its middle, at its tail, each on a line of its own or glued.

    The same name gives the same splices. Appeals come from the fold of the body's publisher, so folds by domain keep
    both apart."""
    if not appeals or _short(body):
        return
    chance = random.Random(name)
    for place in PLACES:
        appeal = chance.choice(appeals)
        before, joint = chance.choice(_JOINTS)
        at = {"head": 0, "middle": chance.randrange(1, len(body)), "tail": len(body)}[place]
        sides = (*body[max(0, at - 1) : at], appeal.text)
        if before == "glued" and not all(map(_ended, sides)):
            before, joint = "line", "\n"
        yield Spliced(f"splice-{place}-{before}", appeal, *joined(_pieces(body, appeal, at, joint)))


def passage(name: str, body: tuple[str, ...], passages: list[Appeal]) -> Spliced | None:
    """The body with a hard negative as a paragraph of it, for some of the names."""
    chance = random.Random(f"passage {name}")
    if not passages or _short(body) or chance.random() > _PASSAGES:
        return None
    made = chance.choice(passages)
    pieces = _pieces(body, made, chance.randrange(1, len(body)), "\n")
    return Spliced("negative-middle-line", made, *joined(pieces))


def _short(body: tuple[str, ...]) -> bool:
    return len(body) < _LEAST[0] or sum(len(line.split()) for line in body) < _LEAST[1]


def _pieces(body: tuple[str, ...], appeal: Appeal, at: int, joint: str) -> Iterator[tuple[str, str, str]]:
    for number, line in enumerate(body):
        if number == at:
            yield joint, appeal.text, appeal.kind
        yield (joint if number == at else "\n"), line, "body"
    if at == len(body):
        yield joint, appeal.text, appeal.kind


def _ended(line: str) -> bool:
    return line.rstrip(CLOSERS)[-1:] in TERMINAL


def clean(body: Iterable[str]) -> tuple[str, list[tuple[Span, str]]]:
    """A clean body as a document."""
    return joined(("\n", line, "body") for line in body)


def read_passages(path: Path) -> Iterator[tuple[Appeal, str]]:
    """Passages of article text with an appeal's words in them, and the domain of each."""
    for number, row in read_jsonl(path):
        try:
            domain = domain_of(row["source_url_or_repo"]) or row["publisher"]
            yield Appeal(number, row["lang"], "body", row["text"], fold_of(domain, "")), domain
        except (KeyError, TypeError) as error:
            raise SourceError(f"{path}:{number}: no passage: {type(error).__name__}: {error}") from error


def by_fold(items: Iterable[Appeal]) -> dict[tuple[str, int], list[Appeal]]:
    """Appeals or passages by language and fold."""
    found: dict[tuple[str, int], list[Appeal]] = defaultdict(list)
    for item in items:
        found[item.lang, item.fold].append(item)
    return dict(found)
