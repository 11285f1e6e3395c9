"""Templates to rules: their ids, kinds, phrases and examples."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from cleaner.judge.phrase import slotted_key
from cleaner.rulekit.mine.blocks import Template
from cleaner.rulekit.mine.dates import dated, only_date, opened
from cleaner.rulekit.mine.latin import latin
from cleaner.text import lower
from cleaner.types import Kind, Level

_ID_WORDS: Final = 5
_OPEN: Final = re.compile(r"\{(?:any|words)\}")
_SURE_WORDS: Final = 3
"""Words beside {any} or {words} from which a phrase is a normal one."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The articles of a host, as far as a rule file says something of them."""

    host: str
    witnesses: int
    """Articles with a body of their own."""
    articles: int
    """Different texts, copies and articles without a body too."""
    chars: int
    """Of all of them."""
    shipped: bool = False
    """Whether the shipped library has rules for the host."""


class Left(NamedTuple):
    """A line that is no rule, because it seems the news of a day."""

    text: str
    reason: str
    articles: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule that is to be written."""

    id: str
    kind: Kind
    level: Level
    template: Template
    phrases: tuple[tuple[str, ...], ...]
    """Of each part in order; of a rule that is no block all together."""
    strips: tuple[str, ...]
    keeps: tuple[str, ...]
    missing: bool = False
    """Whether its near misses are sentences of ours, for want of any in the corpus."""


def drafts(made: Sequence[Template]) -> list[Draft]:
    """A draft for each template, without near misses; ids are unique."""
    taken: set[str] = set()
    found = []
    for one in made:
        kinds = Counter[Kind](sorted(part.kind for part in one.parts if part.kind != "other"))
        kind: Kind = kinds.most_common(1)[0][0] if kinds else "other"
        given = tuple(part.phrases for part in one.parts)
        if one.joined:
            given = ((" ".join(phrase for phrases in given for phrase in phrases),),)
        elif not one.block:
            opened_up = sorted({_open(phrase, one) for some in given for phrase in some})
            given = (tuple({slotted_key(phrase): phrase for phrase in opened_up}.values()),)
        name = _id(one.parts[0].text, kind, taken)
        taken.add(name)
        wide = not one.block and any(_wide(phrase) for phrase in given[0])
        strips = tuple(text for _, text in sorted(one.examples.items()))
        found.append(Draft(name, kind, "strict" if wide else "normal", one, given, strips, ()))
    return found


def _open(phrase: str, one: Template) -> str:
    """The phrase with slots for what of it is a date."""
    said = phrase if only_date(phrase) else dated(phrase)
    return opened(said) if one.dated or only_date(phrase) else said


def _wide(phrase: str) -> bool:
    """Whether it says so little of itself beside what it leaves open that an author may write its like."""
    return _OPEN.search(phrase) is not None and len(_OPEN.sub(" ", phrase).split()) < _SURE_WORDS


def _id(text: str, kind: Kind, taken: set[str]) -> str:
    ascii_text = unicodedata.normalize("NFKD", latin(lower(text))).encode("ascii", "ignore").decode()
    words = [word for word in re.findall(r"[a-z0-9]+", ascii_text) if len(word) < 24][:_ID_WORDS]
    name = "-".join(["mined", *(words or [kind])])  # no id that a shipped file of the site may have
    number = 2
    while (found := name if number == 2 and name not in taken else f"{name}-{number}") in taken:
        number += 1
    return found


def without(one: Draft, *, strips: Iterable[str] = (), keeps: Iterable[str] = ()) -> Draft:
    """The draft without some of its examples."""
    gone, away = set(strips), set(keeps)
    return replace(
        one,
        strips=tuple(text for text in one.strips if text not in gone),
        keeps=tuple(text for text in one.keeps if text not in away),
    )
