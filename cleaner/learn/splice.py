"""Made documents: appeals put into clean bodies, clean bodies as they are, hard negatives."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

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


class Appeal(NamedTuple):
    """A prompt in a publisher's own words."""

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


def read_appeals(path: Path) -> dict[tuple[str, int], list[Appeal]]:
    """The verbatim appeals of a file, by language and fold."""
    found: dict[tuple[str, int], list[Appeal]] = defaultdict(list)
    for number, row in read_jsonl(path):
        try:
            if row["verbatim"]:
                fold = fold_of(domain_of(row["source_url_or_repo"]), row["publisher"])
                kind = _KINDS.get(row["kind"], row["kind"])
                found[row["lang"], fold].append(Appeal(number, row["lang"], kind, row["text"], fold))
        except (KeyError, TypeError) as error:
            raise SourceError(f"{path}:{number}: no appeal: {type(error).__name__}: {error}") from error
    return dict(found)


def splices(name: str, body: tuple[str, ...], appeals: list[Appeal]) -> Iterator[Spliced]:
    """The body with an appeal at its head, in its middle, at its tail, each on a line of its own or glued.

    The same name gives the same splices. Appeals come from the fold of the body's publisher, so folds by domain keep
    both apart."""
    if len(body) < _LEAST[0] or sum(len(line.split()) for line in body) < _LEAST[1] or not appeals:
        return
    chance = random.Random(name)
    for place in PLACES:
        appeal = chance.choice(appeals)
        before, joint = chance.choice(_JOINTS)
        at = {"head": 0, "middle": chance.randrange(1, len(body)), "tail": len(body)}[place]
        sides = [line for line in (*body[max(0, at - 1) : at], appeal.text)]
        if before == "glued" and not all(map(_ended, sides)):
            before, joint = "line", "\n"
        yield Spliced(f"splice-{place}-{before}", appeal, *joined(_pieces(body, appeal, at, joint)))


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


def hard_negatives(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Passages of article text with an appeal's words in them."""
    for number, row in read_jsonl(path):
        if not isinstance(row.get("text"), str):
            raise SourceError(f"{path}:{number}: no `text`")
        yield number, row
