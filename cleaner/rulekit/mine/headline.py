"""Which segments of an article may be its own headline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cleaner.judge.phrase import key
from cleaner.rulekit.mine.count import Piece
from cleaner.rulekit.mine.dates import is_date, says_date
from cleaner.rulekit.mine.settings import HEADLINE_LEAST, LISTED
from cleaner.rulekit.mine.wording import is_sure, kind_of
from cleaner.text import fold, lower

_SLUG_WORDS: Final = 3
_SLUG: Final = 0.7
"""Share of the words in an article's address that its headline says."""
_MENU: Final = (" & ", "|", "·", "»", "[", "]", "://", "@", "©")
"""What menus and notices have and headlines hardly."""
_ASKS: Final = re.compile(
    r"^(?:click|please|tap|i agree)\b|\blog(?:ged|ging)? ?(?:in|out)\b|\bfill out\b|\bclick here\b"
)
_LONG: Final = 40
_SHORT: Final = 10
"""Words of a line that gives the author or the day."""


def headings(found: Sequence[Piece], body: int, url: str) -> frozenset[int]:
    """The numbers of the segments that may be: the first line, what stands above a byline, a line with a date or the
    first line of the body, and what the address says."""
    lines = _lines(found)
    slug = _slug(url)
    heads: set[int] = set(lines[0]) if lines else set()
    for number, line in enumerate(lines):
        text = " ".join(found[at].text for at in line)
        if number and (body in line or _below(text)):
            heads.update(lines[number - 1])
        if slug and len(slug & set(_words(text))) >= _SLUG * len(slug):
            heads.update(line)
    return frozenset(number for number in heads if length(found[number].text) >= HEADLINE_LEAST)


def listed(found: Sequence[Piece]) -> frozenset[int]:
    """The lines that stand in a list of lines that read like headlines: menus have shorter ones, paragraphs end in full
    stops."""
    run: list[int] = []
    lists: set[int] = set()
    for line in _lines(found):
        text = " ".join(found[at].text for at in line)
        if not any(map(str.isalpha, text)) or is_date(key(lower(fold(text)))):
            continue  # the time or the day of each
        if not reads_like_one(text):
            run = []
            continue
        run.append(found[line[0]].line)
        if len(run) >= LISTED:
            lists.update(run)
    return frozenset(lists)


def reads_like_one(text: str) -> bool:
    """Whether a line reads like a headline: some words, no full stop behind them, nothing that a page alone says."""
    if text.endswith((".", "。", "।")) and not text.endswith("..."):
        return False
    if text.startswith("(") or any(mark in text for mark in _MENU) or _ASKS.search(lower(text)):
        return False
    return HEADLINE_LEAST <= length(text) <= _LONG and not is_sure(text)


def length(text: str) -> int:
    """How many words a text has; three ideographs count as one."""
    found = _words(text)
    ideographs = sum(len(word) == 1 and word > "\u2e80" for word in found)
    return len(found) - ideographs + ideographs // 3


def _lines(found: Sequence[Piece]) -> list[list[int]]:
    """The numbers of the segments, line by line."""
    lines: list[list[int]] = []
    for number, piece in enumerate(found):
        if lines and found[lines[-1][0]].line == piece.line:
            lines[-1].append(number)
        else:
            lines.append([number])
    return lines


def _below(text: str) -> bool:
    """Whether the line gives an author or a day."""
    return text.count(" ") < _SHORT and (says_date(text) or kind_of(text) == "byline")


def _slug(url: str) -> set[str]:
    """The words in the last part of an address; empty where those are too few to mean anything."""
    part = max(re.split(r"[?#]", url)[0].split("/")[3:], key=len, default="")
    found = {word for word in re.findall(r"[^\W\d_]{2,}", lower(part)) if word not in ("html", "htm", "php", "article")}
    return found if len(found) >= _SLUG_WORDS else set()


def _words(text: str) -> list[str]:
    return key(lower(fold(text))).split()
