"""The picture of what each level costs: `python -m cleaner.learn.picture --data DIR --models DIR --out FILE.png`.

Across, the share of clean bodies' words that would go (loss); up, the share of furniture's words that would stay in
dumps of whole pages (leak). Scores alone, each document by weights that never saw its domain. The line is what one
chance for all documents would give; the points are the levels.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from cleaner.judge.features import features
from cleaner.judge.model import Model, Scores, load
from cleaner.judge.rulebook import Rulebook
from cleaner.judge.score import inputs_of, levels, together
from cleaner.learn.examples import labels_of, rows
from cleaner.pipeline import host_of, load_rules
from cleaner.read.segment import View
from cleaner.types import LEVELS, Document, Kind, Level

CHANCES: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998)


class Scored(NamedTuple):
    """A document of S segments: chances, kinds, what they are (1 for not body), words and characters of each, and how
    likely it is a whole page."""

    producer: str
    chance: np.ndarray
    kinds: tuple[Kind, ...]
    junk: np.ndarray
    words: np.ndarray
    sizes: np.ndarray
    page: float

    def gone(self, level: Level) -> np.ndarray:
        """Which segments go at a level."""
        mask = np.zeros(len(self.chance), bool)
        for number, mildest in levels(Scores(self.chance, self.kinds), self.sizes, self.page):
            mask[number] = LEVELS.index(mildest) <= LEVELS.index(level)
        return mask


def scored(folder: Path, models: dict[int, Model]) -> Iterator[Scored]:
    """Clean bodies and dumps of article pages."""
    book = Rulebook(load_rules())
    for row in rows(folder):
        article = row["page_type"] in (None, "article") and row["gold"] != "snippets"
        if row["producer"] in ("clean", "blocks") and article and row["fold"] in models:
            found = _scored(row, book, models[row["fold"]])
            if found:
                yield found


def _scored(row: dict[str, Any], book: Rulebook, model: Model) -> Scored | None:
    view = View(Document(row["text"], url=row["url"], title=row["title"]))
    inputs = inputs_of(view, book.find(view, host=host_of(row["url"])))
    if inputs is None:
        return None
    result = model.score(features(inputs))
    share = labels_of(row, [view.origin(*segment) for segment in inputs.segments])[0]
    words = np.asarray([len(view.cased[start:end].split()) for start, end in inputs.segments], float)
    sizes = np.asarray([end - start for start, end in inputs.segments])
    chance = together(result.chance, np.asarray(inputs.lines), sizes)
    return Scored(row["producer"], chance, result.kinds, 1 - share, words, sizes, model.page(result.chance))


def loss_and_leak(documents: Sequence[Scored], gone: Sequence[np.ndarray]) -> tuple[float, float]:
    """Mean share of a clean body's words that go, and of a dump's furniture that stays."""
    loss, leak = [], []
    for document, mask in zip(documents, gone, strict=True):
        if document.producer == "clean":
            loss.append(document.words[mask].sum() / max(document.words.sum(), 1))
        else:
            junk = document.words * document.junk
            leak.append(junk[~mask].sum() / max(junk.sum(), 1))
    return float(np.mean(loss)), float(np.mean(leak))


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that cleaner.learn.dataset wrote")
    parser.add_argument("--models", type=Path, required=True, help="folder that cleaner.learn.train --folds wrote")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(argv)
    models = {int(path.stem.removeprefix("fold")): load(path) for path in sorted(args.models.glob("fold*.npz"))}
    documents = list(scored(args.data, models))
    line = [loss_and_leak(documents, [d.chance >= chance for d in documents]) for chance in CHANCES]
    reached = {level: loss_and_leak(documents, [d.gone(level) for d in documents]) for level in LEVELS}
    for name, (loss, leak) in [*zip(map(str, CHANCES), line, strict=True), *reached.items()]:
        print(f"{name:10} body lost {100 * loss:6.3f} %, furniture left {100 * leak:6.2f} %")
    _draw(line, reached, args.out)
    return 0


def _draw(line: list[tuple[float, float]], reached: dict[Level, tuple[float, float]], out: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(*zip(*((100 * a, 100 * b) for a, b in line), strict=True), color="0.6", label="one chance for all")
    for level, (loss, leak) in reached.items():
        axes.plot(100 * loss, 100 * leak, "o")
        axes.annotate(level, (100 * loss, 100 * leak), textcoords="offset points", xytext=(8, 4))
    axes.set(
        xlabel="words of clean bodies that go, %",
        ylabel="words of furniture that stay, %",
        xscale="log",
        ylim=(0, None),
    )
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(out, dpi=110)


if __name__ == "__main__":
    sys.exit(main())
