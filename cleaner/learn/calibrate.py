"""From what the net says to chances that mean what they say: one slope and one shift, fitted on documents that the net
never saw (Platt 1999). And by the chances of a document, whether it is a whole page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

_ROUNDS = 50
_BINS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 1.0)


class Line(NamedTuple):
    """chance = 1 / (1 + exp(-(sharpness * logit + shift)))"""

    sharpness: float
    shift: float

    def chance(self, logits: np.ndarray) -> np.ndarray:
        """Of the same shape."""
        found: np.ndarray = 1 / (1 + np.exp(-self.sharpness * logits - self.shift))
        return found


class Bin(NamedTuple):
    """What was said and what was so, of the words whose chance lies from `least` up to the next bin."""

    least: float
    words: float
    said: float
    was: float


def line(logits: np.ndarray, target: np.ndarray, weight: np.ndarray) -> Line:
    """The line of the greatest likelihood. All of shape (segments,)."""
    found = regression(np.stack([logits, np.ones_like(logits)], axis=1), target, weight, np.array([1.0, 0.0]))
    return Line(*map(float, found))


def regression(inputs: np.ndarray, target: np.ndarray, weight: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Logistic regression of shape (inputs,), by Newton's method with shortened steps."""
    inputs, found = inputs.astype(np.float64), start.astype(np.float64)
    cost = _cost(inputs @ found, target, weight)
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-inputs @ found))
        slope = inputs.T @ (weight * (chance - target))
        bend = (inputs * (weight * chance * (1 - chance))[:, None]).T @ inputs
        step = np.linalg.solve(bend + 1e-9 * np.eye(len(found)), slope)
        while (after := _cost(inputs @ (found - step), target, weight)) > cost and np.abs(step).max() > 1e-9:
            step = step / 2
        found, cost = found - step, min(after, cost)
        if np.abs(step).max() <= 1e-9:
            break
    return found


def _cost(logits: np.ndarray, target: np.ndarray, weight: np.ndarray) -> float:
    """The cross entropy."""
    return float((weight * (np.logaddexp(0, logits) - target * logits)).sum())


def curve(chance: np.ndarray, target: np.ndarray, weight: np.ndarray) -> list[Bin]:
    """The calibration curve, bins without words left out."""
    place = np.clip(np.searchsorted(_BINS, chance, "right") - 1, 0, len(_BINS) - 2)
    found = []
    for number, least in enumerate(_BINS[:-1]):
        here = place == number
        words = float(weight[here].sum())
        if words:
            mean = (float((values[here] * weight[here]).sum() / words) for values in (chance, target))
            found.append(Bin(least, words, *mean))
    return found


def show(bins: Iterable[Bin]) -> str:
    """The curve as a table."""
    rows = (f"{b.least:>6.2f}{b.words:>12.0f}{b.said:>8.3f}{b.was:>8.3f}" for b in bins)
    return "\n".join([f"{'from':>6}{'words':>12}{'said':>8}{'was':>8}", *rows])
