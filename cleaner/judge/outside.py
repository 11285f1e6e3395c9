"""The box of a page that the article stands in; where the score is in doubt about what stands outside it, it goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from cleaner.judge.scored import Scored
from cleaner.types import Element

_SHARE: Final = 0.6
"""Share of what looks like body that stands in the article's box: the innermost that has so much. With 0.5 it is one of
two halves too often."""
_FAR: Final = 4
"""Boxes outwards from which something is far from the article."""


def numbers(scored: Scored) -> list[int]:
    """The numbers of the segments of a page that stay as it is, stand outside the article's box and are no part of it.

    Of 3,525 article pages that the net had not seen 305 became better and 95 worse, of 549 forums, shops and overviews
    55 and 73."""
    page = scored.page
    if page is None:
        return []
    stays = scored.stays()
    out = _steps(page.elements, _box(page.elements, scored, stays))
    steps = {number: out[scored.blocks[number].element] for number in stays}
    first = next((number for number in stays if not steps[number]), None)
    if first is None:
        return []
    return [
        number
        for number in stays
        if steps[number]
        and scored.chances[number] > _bar(steps[number], below=number > first, sentence=scored.is_sentence(number))
    ]


def _bar(steps: int, *, below: bool, sentence: bool) -> float:
    """The chance from which a segment so many boxes away goes. A sentence above the article may lead to it; what is
    none and stands below is seldom a part."""
    if sentence:
        return (0.2 if steps >= _FAR else 0.3 if steps == _FAR - 1 else 0.4) if below else 1.0
    if below or steps >= _FAR:
        return 0.2
    return 0.4 if steps > 1 else 1.0


def _box(elements: tuple[Element, ...], scored: Scored, stays: Iterable[int]) -> int:
    """The number of the article's box."""
    mass: dict[int, float] = defaultdict(float)
    for number in stays:
        mass[scored.blocks[number].element] += (1 - scored.chances[number]) ** 2 * scored.size(number)
    least = _SHARE * sum(mass.values())
    for number in range(len(elements) - 1, 0, -1):  # what stands in an element has higher numbers
        if number in mass:
            if mass[number] >= least:
                return number
            mass[elements[number].parent] += mass[number]
    return 0


def _steps(elements: tuple[Element, ...], box: int) -> list[int]:
    """For each element how many boxes out of the article's one comes to one that has it in it; 0 for what stands
    inside."""
    around: dict[int, int] = {}
    while box >= 0:
        around[box] = len(around)
        box = elements[box].parent
    steps: list[int] = []
    for number, element in enumerate(elements):
        inside = steps[element.parent] if element.parent >= 0 else len(around)
        steps.append(around.get(number, inside))
    return steps
