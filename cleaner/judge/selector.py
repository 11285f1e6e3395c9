"""CSS selectors over the elements of a page: which rules name what stands on it, and which blocks they mean.

Of an element its tag is known and the words of its attributes, mixed (see `types.Element`). It is looked at as one
text, `<ASIDE newsletter-box wide `: the tag in capitals, the words in lower case, each between spaces. Every condition
of a selector is that something stands in that text, or does not. One pass over the texts of a page finds the selectors
that may match there, so that others cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

import ahocorasick_rs

from cleaner.tags import ATTRIBUTES, INLINE
from cleaner.types import Block, Document, Element, Evidence, Page, Rule

LANGUAGE: Final = "tags, .class, #id, [class*=part], :not(.class), with a space, > or a comma between"
_NAME: Final = r"[\w-]+"
_TEST: Final = re.compile(
    rf"""
    (?P<no>:not\(\s*)?
    (?: (?P<tag>{_NAME}|\*)
      | [.\#](?P<name>{_NAME})
      | \[\s*(?P<attribute>{_NAME})\s*(?P<sign>[~^$*]?=)\s*(?P<quote>["']?)(?P<value>[^\s"'\]]+)(?P=quote)\s*\]
    )
    (?(no)\s*\))
    """,
    re.VERBOSE,
)
_STEP: Final = re.compile(r"\s*[>,]\s*|\s+")
_FORMS: Final = {"=": " {} ", "~=": " {} ", "^=": " {}", "$=": "{} ", "*=": "{}"}


class Test(NamedTuple):
    """One condition on an element."""

    said: str
    """What must stand in its text."""
    wanted: bool = True
    """False where it must not."""


class Part(NamedTuple):
    """What one element of a chain must be."""

    tests: tuple[Test, ...]
    child: bool = False
    """Whether it must be a child of the part before it, and not just somewhere below."""


Chain = tuple[Part, ...]
"""One alternative of a selector: elements from the outside in. The last one is what it matches."""


def parse(selector: str) -> tuple[Chain, ...]:
    """The alternatives of a selector. Raises ValueError, which says what is wrong and what would be right."""
    text = selector.strip().lower()
    chains: list[list[Part]] = [[]]
    at, child = 0, False
    while True:
        tests, end = _tests(text, at)
        chains[-1].append(Part(tests, child))
        if end == len(text):
            break
        step = _STEP.match(text, end)
        if end == at or step is None:
            raise ValueError(f"cannot be read from {text[end : end + 20]!r} on; it may hold {LANGUAGE}")
        if "," in step[0]:
            chains.append([])
        at, child = step.end(), ">" in step[0]
    if at == len(text):
        raise ValueError(f"ends where something must follow; it may hold {LANGUAGE}")
    if not all(map(key, chains)):
        raise ValueError("names nothing that an element must be; name a class, an id or a tag")
    return tuple(map(tuple, chains))


def _tests(text: str, at: int) -> tuple[tuple[Test, ...], int]:
    """The conditions on one element, and where they end."""
    tests, end = [], at
    while found := _TEST.match(text, end):
        wanted, tag, attribute = not found["no"], found["tag"], found["attribute"]
        if (tag == "*" and not wanted) or (tag and wanted and end > at):
            break  # a tag comes first, and there is no element that is none
        if attribute and attribute not in ATTRIBUTES:
            raise ValueError(f"asks for the attribute {attribute!r}; those that are known are {', '.join(ATTRIBUTES)}")
        if tag != "*":
            said = f"<{tag.upper()} " if tag else _FORMS[found["sign"] or "="].format(found["name"] or found["value"])
            tests.append(Test(said, wanted))
        end = found.end()
    return tuple(tests), end


def key(chain: Iterable[Part]) -> str:
    """What stands on every page that the chain matches on, the rarest of it: words before tags, long before short."""
    said = [test.said for part in chain for test in part.tests if test.wanted]
    return max(said, key=lambda text: (text[0] != "<", len(text), text), default="")


class Selectors:
    """The rules that have a selector, ready to be asked. Immutable."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Raises ValueError for a selector that cannot be read; rules from files have been checked."""
        self._rules = [(rule, parse(rule.selector)) for rule in rules if rule.selector is not None]
        owners: dict[str, set[int]] = {}
        for number, (_, chains) in enumerate(self._rules):
            for chain in chains:
                owners.setdefault(key(chain), set()).add(number)
        self._owners = tuple(owners.values())
        self._search = ahocorasick_rs.AhoCorasick(list(owners), store_patterns=False) if owners else None

    def find(self, document: Document, works: Callable[[Rule], bool]) -> list[Evidence]:
        """What those of the rules that work here say of a page, in document offsets; of text they say nothing."""
        page = document.page
        if page is None or self._search is None or not any(works(rule) for rule, _ in self._rules):
            return []
        texts = {known: _text(*known) for known in {(element.tag, element.words) for element in page.elements}}
        hits = self._search.find_matches_as_indexes("\n".join(texts.values()), overlapping=True)
        near = sorted({number for index in {hit[0] for hit in hits} for number in self._owners[index]})
        evidence: list[Evidence] = []
        for rule, chains in (self._rules[number] for number in near):
            if works(rule):
                found = {number for chain in chains for number in matched(chain, page.elements, texts)}
                evidence += _of_rule(rule, page, found) if found else ()
        return evidence


def _text(tag: str, words: str) -> str:
    """What an element is looked at as."""
    return f"<{tag.upper()} {' '.join(words.split())} "


def matched(chain: Chain, elements: Iterable[Element], texts: dict[tuple[str, str], str]) -> Iterator[int]:
    """Numbers of the elements that the chain ends at; `texts` has the text of each tag with its words.

    Bit k of a number stands for part k of the chain, so that one pass from the root down is enough."""
    fits = {
        known: sum(
            1 << place
            for place, part in enumerate(chain)
            if all((test.said in text) is test.wanted for test in part.tests)
        )
        for known, text in texts.items()
    }
    children = sum(1 << place for place, part in enumerate(chain) if part.child)
    last = 1 << (len(chain) - 1)
    at, above = [0], [0]  # parts that the element is, and that it or one around it is; first those of no element
    for number, (parent, tag, words, _) in enumerate(elements):
        may_be = 1 | (at[parent + 1] << 1 & children) | (above[parent + 1] << 1 & ~children)
        at.append(fits[tag, words] & may_be)
        above.append(above[parent + 1] | at[-1])
        if at[-1] & last:
            yield number


def _of_rule(rule: Rule, page: Page, found: set[int]) -> Iterator[Evidence]:
    """The rule's word on the blocks inside the elements that it found.

    With scope `block` what one element holds goes together, and an element that holds more than `longest` characters is
    passed over; with scope `segment` each block is judged for itself."""
    blocks = [(block, _box(block, page.elements)) for block in page.blocks if block.start < block.end]
    together = rule.scope == "block"
    if together:
        sizes = _sizes(blocks, page.elements)
        found = {number for number in found if sizes[number] <= rule.longest}
    outermost: list[int] = []  # for each element: of those around it and itself, the outermost that was found, or -1
    for number, element in enumerate(page.elements):
        around = outermost[element.parent] if element.parent >= 0 else -1
        outermost.append(around if around >= 0 else number if number in found else -1)
    for inside, group in groupby(blocks, key=lambda item: outermost[item[1]]):
        taken = [block for block, _ in group if together or block.end - block.start <= rule.longest]
        spans = [(taken[0].start, taken[-1].end)] if together else [(block.start, block.end) for block in taken]
        for start, end in spans if inside >= 0 else ():
            yield Evidence(start, end, rule.action, rule.kind, rule.id, rule.level)


def _box(block: Block, elements: tuple[Element, ...]) -> int:
    """Number of the element that all of the block stands in: its own, or where that is within a line, one around it."""
    number = block.element
    while elements[number].tag in INLINE and elements[number].parent >= 0:
        number = elements[number].parent
    return number


def _sizes(blocks: Iterable[tuple[Block, int]], elements: tuple[Element, ...]) -> list[int]:
    """How many characters of blocks each element holds."""
    sizes = [0] * len(elements)
    for block, box in blocks:
        sizes[box] += block.end - block.start
    for number in range(len(elements) - 1, 0, -1):
        if elements[number].parent >= 0:
            sizes[elements[number].parent] += sizes[number]
    return sizes
