"""The values that flow through the house, and its errors. Imports nothing of ours.

Offsets are half-open and count code points of `Document.text`, unless a name says `view`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol, TypeVar, get_args

Kind = Literal[
    "appeal", "subscription", "newsletter", "app", "social", "related", "navigation", "byline", "biography", "caption",
    "advert", "consent", "comments", "legal", "media", "headline", "standfirst", "repeat", "other",
]  # fmt: skip
Level = Literal["cautious", "normal", "strict"]
HtmlMode = Literal["fast", "full"]
Action = Literal["strip", "keep", "hint"]
Scope = Literal["segment", "inline", "block"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
HTML_MODES: Final[tuple[HtmlMode, ...]] = get_args(HtmlMode)
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)


class CleanerError(Exception):
    """Base of every error this package raises on purpose."""


class RuleError(CleanerError):
    """A rule file that cannot be used. The message is `file:line: what is wrong; what would be right`."""


class InputError(CleanerError):
    """A document that cannot be read: binary data, a page where text was asked for."""


class ModelError(CleanerError):
    """Weights that are missing, broken, or were fitted on other features."""


class UsageError(CleanerError):
    """A setting that does not exist; the message lists the ones that do."""


NO_ARTICLE: Final = "no-article"
"""Finder that takes a whole page for one without an article."""


class Span(NamedTuple):
    """A half-open range of offsets."""

    start: int
    end: int


class Evidence(NamedTuple):
    """What one finder says of one span. Finders yield these and edit nothing."""

    start: int
    end: int
    action: Action
    kind: Kind
    by: str
    """Full id of a rule, or the finder's name."""
    level: Level = "cautious"
    """The mildest level at which it counts."""
    chance: float | None = None
    """0..1 where a score speaks; None for rules and repeats."""
    line: Span | None = None
    """Where set, this counts only if nothing else of this line stays."""


class Decision(NamedTuple):
    """What happens to one span, and on whose word. Decisions of one result never overlap and come in order."""

    start: int
    end: int
    action: Literal["strip", "keep"]
    kind: Kind
    by: str
    chance: float | None = None


class Element(NamedTuple):
    """An element of a page, as far as judging needs it."""

    parent: int
    """Number of the element around it, lower than its own; -1 for the root."""
    tag: str
    words: str
    """What its attributes call it: id, class, role and the like, in lower case, a space between two."""
    hidden: bool
    """Whether its attributes hide it. What style sheets and scripts hide is not known."""


Had = TypeVar("Had")


def inherited(elements: Sequence[Element], number: int, known: dict[int, Had], of: Callable[[int, Had], Had]) -> Had:
    """What an element has, made `of` its number and what the element around it has; those on the way become `known`."""
    way = []
    while number not in known:
        way.append(number)
        number = elements[number].parent
    had = known[number]
    for number in reversed(way):
        had = known[number] = of(number, had)
    return had


class Block(NamedTuple):
    """A visible block of a page: a paragraph, a heading, a list item, a row of a table."""

    start: int
    end: int
    element: int
    """Number of the element that most of its text stands in."""
    linked: float
    """Share of its characters that are links, 0..1."""


class Mark(NamedTuple):
    """Characters set apart inside a block: emphasis, a link, code."""

    start: int
    end: int
    tag: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Meta:
    """What a page says of itself."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    """As YYYY-MM-DD."""
    site: str | None = None
    lang: str | None = None
    url: str | None = None
    """The address that it calls its own."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of a document that came as HTML. Offsets count in the document's text."""

    blocks: tuple[Block, ...]
    """In reading order, without overlap; every character of the text but line ends stands in one."""
    elements: tuple[Element, ...]
    marks: tuple[Mark, ...] = ()
    meta: Meta = Meta()
    encoding: str = ""
    """The bytes' encoding and how it was found; empty where text came in."""
    vote: str | None = None
    """What trafilatura takes for the body; None where it was not asked."""

    def within(self, tags: frozenset[str]) -> frozenset[int]:
        """The numbers of the elements of these tags and of all that stand in them."""
        found: set[int] = set()
        for number, element in enumerate(self.elements):
            if element.tag in tags or element.parent in found:
                found.add(number)
        return frozenset(found)

    def around(self, number: int) -> Iterator[Element]:
        """The element and those around it, from the inside out."""
        while number >= 0:
            yield self.elements[number]
            number = self.elements[number].parent


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it is judged. `text` is the input after mending; `mended` names the steps that changed it."""

    text: str
    url: str | None = None
    title: str | None = None
    lang: str | None = None
    mended: tuple[str, ...] = ()
    page: Page | None = None
    """Where it came as HTML."""


@dataclass(frozen=True, slots=True)
class Result:
    """The clean text, and what was done to get it."""

    text: str
    title: str | None
    decisions: tuple[Decision, ...]
    steps: tuple[str, ...]
    """Named steps that changed something: of `mend` on reading, then of `tidy` on what was kept."""
    document: Document

    @property
    def removed(self) -> tuple[Decision, ...]:
        """The ledger: decisions that removed something, in order."""
        return tuple(d for d in self.decisions if d.action == "strip")

    @property
    def empty(self) -> str | None:
        """Why nothing is left, where nothing is."""
        if self.text.strip():
            return None
        if not self.document.text.strip():
            return "there is no text"
        found = next((d.chance for d in self.decisions if d.by == NO_ARTICLE), None)
        if found is not None:
            return f"there is no article, chance {found:.2f}"
        return "all of it was removed"


@dataclass(frozen=True, slots=True)
class Between:
    """The matcher of a block rule: phrases, and a regex (`cues`) that the sentences in between must show."""

    first: tuple[str, ...]
    inside: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    cues: str | None = None


class Reach(NamedTuple):
    """What every match of a rule has, so that it is tried only there. Texts are in lower case, as the view is."""

    opening: tuple[str, ...] = ()
    """It begins with one of these,"""
    anywhere: tuple[str, ...] = ()
    """or one of these stands in it;"""
    also: tuple[str, ...] = ()
    """one of these stands in it too, unless there are none."""
    width: tuple[int, int] = (0, 1 << 30)
    """Least and most characters of the segment that it takes whole."""
    tied: tuple[bool, bool] = (False, False)
    """Whether a regex is tied to the segment's start, and to its end."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text of a rule file and what must come out when only that rule is at work."""

    text: str
    gives: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a rule file, checked. Exactly one of `phrases`, `match`, `between`, `selector` is set."""

    id: str
    kind: Kind
    why: str
    file: str
    line: int
    action: Action = "strip"
    scope: Scope = "segment"
    level: Level = "cautious"
    phrases: tuple[str, ...] = ()
    match: str | None = None
    between: Between | None = None
    selector: str | None = None
    """CSS, for documents that came as HTML; see `judge.selector`."""
    fuzzy: float = 0.0
    case: bool = False
    within: bool = False
    """A segment rule that may take a sentence out of a line whose other sentences stay."""
    needs: tuple[str, ...] = ()
    unless: str | None = None
    """A regex by which a segment stays that the rule would take."""
    sites: tuple[str, ...] = ()
    longest: int = 400
    source: str = ""
    strips: tuple[Example, ...] = ()
    keeps: tuple[Example, ...] = ()
    todo: tuple[Example, ...] = ()
    reach: Reach | None = None
    """Where it is worth trying; found when rules are loaded."""
    linted: bool = False
    """Whether the lint has passed it, as it has every shipped rule: then it needs no time limit."""


class Reading(Protocol):
    """A document as rules read it: the view and its segments. Made by `read.segment`, used by `judge`.

    View offsets count characters of `cased` (and of `low`, which has the same length)."""

    document: Document
    cased: str
    """Folded text: straight quotes, plain hyphens, single spaces, `\\n` for every line end."""
    low: str
    """`cased` in lower case."""

    @property
    def same(self) -> bool:
        """Whether view offsets are document offsets."""

    def long_lines(self, least: int) -> list[tuple[int, str]]:
        """The lines of at least so many characters, in order: where each begins, and what it says in lower case."""

    def line_at(self, offset: int, least: int = 0) -> Span:
        """The line (in view offsets) around a view offset, where it is known not to begin before `least`."""

    def next_line(self, line: Span) -> Span | None:
        """The next line with something on it, or None."""

    def all_segments(self) -> tuple[list[Span], list[int]]:
        """Every segment in order, in view offsets, and the number of the line that each stands in."""

    def sentences(self, line: Span) -> tuple[Span, ...]:
        """The line's sentences, in view offsets, without the spaces around them."""

    def origin(self, start: int, end: int) -> Span:
        """Document offsets of a view span."""
