"""Work spread over processes, its results in the order of the items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from typing import Final, TypeVar

Item = TypeVar("Item")
Setting = TypeVar("Setting")
Result = TypeVar("Result")
_AT_ONCE: Final = 64
"""Items handed to a process at a time."""


def spread(
    work: Callable[[list[Item], Setting], list[Result]],
    items: Iterable[Item],
    setting: Setting,
    jobs: int,
    at_once: int = _AT_ONCE,
) -> Iterator[Result]:
    """What `work` makes of the items, chunk by chunk; no more than a few chunks wait at a time."""
    items = iter(items)
    with ProcessPoolExecutor(jobs) as pool:
        waiting = []
        while chunk := list(islice(items, at_once)):
            waiting.append(pool.submit(work, chunk, setting))
            if len(waiting) > 2 * jobs:
                yield from waiting.pop(0).result()
        for future in waiting:
            yield from future.result()
