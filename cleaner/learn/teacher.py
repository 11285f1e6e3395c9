"""Teachers: nets that read the markup say of every segment of a page that they never saw how likely it is not body.

Gold stops early, keeps a caption here and drops a list there. What a net says that learned from other sites has no such
accidents, and is not yes or no; and a text without markup learns from it what only markup tells (distillation: Hinton
and others 2015).

So that figures stay out of fold, a page of fold k has one teacher for each fold j that a net may be judged on: a net
that saw neither. The one at its own place, j = k, saw all other folds, and teaches the net that is shipped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from cleaner.judge.features import features
from cleaner.judge.model import Model, load
from cleaner.judge.rulebook import Rulebook
from cleaner.judge.score import inputs_of
from cleaner.learn import paged
from cleaner.learn.label import Labels, key
from cleaner.learn.splice import FOLDS
from cleaner.pipeline import host_of, load_rules
from cleaner.read.segment import View

SHARE: Final = 0.6
"""Of what a net is fitted on, what its teacher says; the rest is gold."""
Said = dict[str, list[list[float]]]
"""By the key of a segment what each teacher says of it, as often as it stands on the page."""


def name(*left_out: int) -> str:
    """The file of the net that saw none of these folds."""
    return f"fold{'-'.join(map(str, sorted(set(left_out))))}.npz"


def said(folder: Path, html: str, url: str | None, fold: int) -> Said:
    """What the teachers in the folder say of a page of that fold."""
    view = View(paged.read(html, url))
    inputs = inputs_of(view, _rulebook().find(view, host=host_of(url)))
    found: Said = defaultdict(list)
    if inputs is None or inputs.marks is None:
        return found
    made = features(inputs)
    chances = [_net(folder / name(fold, other)).score(made).chance for other in range(FOLDS)]
    for (start, end), each in zip(inputs.segments, np.stack(chances, axis=1).tolist(), strict=True):
        found[key(view.low[start:end])].append([round(chance, 3) for chance in each])
    return found


def taught(labels: Labels, page: Said) -> list[list[float] | None]:
    """What the teachers say of each labelled segment; None where the page does not say it."""
    used: dict[str, int] = defaultdict(int)
    out: list[list[float] | None] = []
    for segment in labels.segments:
        words = key(labels.text[segment.start : segment.end])
        known = page.get(words) if words else None
        out.append(known[min(used[words], len(known) - 1)] if known else None)
        used[words] += 1
    return out


def blended(target: np.ndarray, taught: np.ndarray | None, fold: int) -> np.ndarray:
    """Gold and what the teachers say, mixed; `taught` of shape (S, FOLDS), not a number where nothing is said."""
    if taught is None:
        return target
    chance = taught[:, fold]
    return np.where(np.isnan(chance), target, (1 - SHARE) * target + SHARE * chance).astype(np.float32)


def spread_over(row: Sequence[Sequence[float] | None], starts: Sequence[int], spans: Sequence[int]) -> np.ndarray:
    """`taught` of a row, whose segments begin at `starts`, for spans that begin at `spans`: of shape (S, FOLDS)."""
    at = dict(zip(starts, row, strict=True))
    nothing = [float("nan")] * FOLDS
    return np.asarray([at.get(start) or nothing for start in spans], np.float32)


@cache
def _net(path: Path) -> Model:
    return load(path)


@cache
def _rulebook() -> Rulebook:
    return Rulebook(load_rules())
