"""How good the cleaner is, measured: `python -m cleaner.learn.evaluate --data DIR [--models DIR] [--json FILE]`.

Tracks: `text` (dirty texts of producers against the gold body), `clean` (bodies that nothing may be taken from),
`splice` (appeals put into bodies), `negatives` (passages with an appeal's words, written by an author). With
`--models`, a folder of fold0.npz ... made by `train --folds`, every document is judged by weights that never saw its
domain.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from cleaner.judge.decide import SURE
from cleaner.learn.examples import rows
from cleaner.learn.table import word_scores
from cleaner.pipeline import Cleaner
from cleaner.types import LEVELS, Level

PRODUCED: Final = ("blocks", "trafilatura", "trafilatura-recall", "newspaper", "readability")


class Measure(NamedTuple):
    """One document at one level. Shares are of the body's words, `left` of the appeal's."""

    track: str
    source: str
    producer: str
    lang: str
    level: str
    before: float = 0.0
    after: float = 0.0
    best: float = 0.0
    lost: float = 0.0
    left: float = 0.0


def measure(folder: Path, cleaners: dict[int, dict[Level, Cleaner]]) -> Iterator[Measure]:
    """Every document of the data folder at every level. `cleaners`: fold -> level -> cleaner."""
    bodies = references(folder)
    for row in rows(folder):
        body = bodies.get((row["id"], row["gold"] == "reading"))
        track = _track(row)
        if track is None or (track != "clean" and body is None):
            continue
        for level, cleaner in cleaners[row["fold"]].items():
            after = cleaner.clean(row["text"], url=row["url"], title=row["title"]).text
            yield _measured(row, track, body or row["text"], after, level)


def references(folder: Path) -> dict[tuple[str, bool], str]:
    """The gold body of each page, by its id and whether somebody labelled the page by reading."""
    found = {}
    for row in rows(folder):
        if row["producer"] == "clean":
            found[row["id"], False] = row["text"]
        elif row["producer"] == "blocks" and row["gold"] == "reading":
            found[row["id"], True] = "\n".join(row["text"][s[0] : s[1]] for s in row["segments"] if s[2] >= 0.5)
    return found


def _track(row: dict[str, Any]) -> str | None:
    producer: str = row["producer"]
    if producer in PRODUCED:
        return "text"
    if producer.startswith("splice"):
        return "splice"
    return {"clean": "clean", "passage": "negatives"}.get(producer)


def _measured(row: dict[str, Any], track: str, body: str, after: str, level: str) -> Measure:
    source = row["source"]
    if row["gold"] == "reading":
        source = "news-blocks"
    elif source == "wcxb":
        source = "wcxb articles" if row["page_type"] == "article" else "wcxb others"
    place = (track, source, row["producer"], row["lang"] or "", level)
    wanted, kept, came = _bag(body), _bag(after), _bag(row["text"])
    lost = ((wanted & came) - kept).total() / max(wanted.total(), 1)
    if track == "text":
        best = "\n".join(row["text"][s[0] : s[1]] for s in row["segments"] if s[2] >= 0.5)
        return Measure(
            *place, word_scores(row["text"], body).f1, word_scores(after, body).f1, word_scores(best, body).f1, lost
        )
    junk = came - wanted
    left = (kept - wanted).total() / max(junk.total(), 1) if track == "splice" else 0.0
    return Measure(*place, lost=lost, left=left)


def _bag(text: str) -> Counter[str]:
    return Counter(text.lower().split())


# --- the table ----------------------------------------------------------------------------------------------------


def summary(measures: Iterable[Measure]) -> list[dict[str, Any]]:
    """Means over documents, for each track, source, producer and level, and for all languages of a track."""
    groups: dict[tuple[str, ...], list[Measure]] = defaultdict(list)
    for item in measures:
        producer = "" if item.track == "splice" else item.producer
        groups[item.track, item.source, producer, item.level].append(item)
        groups[item.track, f"lang {item.lang}", producer, item.level].append(item)
        groups[item.track, "all", producer, item.level].append(item)
    return [_line(key, items) for key, items in sorted(groups.items())]


def _line(key: tuple[str, ...], items: Sequence[Measure]) -> dict[str, Any]:
    def mean(name: str) -> float:
        return round(float(sum(getattr(item, name) for item in items)) / len(items), 4)

    line: dict[str, Any] = dict(zip(("track", "source", "producer", "level"), key, strict=True)) | {
        "documents": len(items)
    }
    if key[0] == "text":
        before, after, best = mean("before"), mean("after"), mean("best")
        removed = round((after - before) / (best - before), 3) if best > before + 0.002 else None
        return line | {"before": before, "after": after, "best": best, "removed": removed, "lost": mean("lost")}
    return line | {"lost": mean("lost")} | ({"left": mean("left")} if key[0] == "splice" else {})


def show(lines: Iterable[dict[str, Any]], level: str) -> str:
    """The table of one level as text."""
    out = [
        f"{'track':10}{'source':24}{'producer':20}{'docs':>6}{'before':>8}{'after':>8}{'best':>8}{'removed':>9}{'lost':>8}{'left':>8}"
    ]
    for line in lines:
        if line["level"] == level:
            cells = [line.get(name) for name in ("before", "after", "best", "removed", "lost", "left")]
            shown = "".join(
                f"{'' if cell is None else f'{cell:.4f}':>{9 if at == 3 else 8}}" for at, cell in enumerate(cells)
            )
            out.append(f"{line['track']:10}{line['source']:24}{line['producer']:20}{line['documents']:>6}{shown}")
    return "\n".join(out)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that cleaner.learn.dataset wrote")
    parser.add_argument(
        "--models", type=Path, help="folder of fold0.npz, fold1.npz, ... (default: the shipped weights)"
    )
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--rules-only", action="store_true", help="without scores")
    parser.add_argument("--json", type=Path, help="write all lines there")
    args = parser.parse_args(argv)
    cleaners: dict[int, dict[Level, Cleaner]] = {}
    for fold in range(args.folds):
        weights: bool | Path = not args.rules_only
        if args.models and weights:
            weights = args.models / f"fold{fold}.npz"
        cleaners[fold] = {level: Cleaner(level=level, scores=weights) for level in LEVELS}
    lines = summary(measure(args.data, cleaners))
    for level in LEVELS:
        print(f"level {level}: a score speaks from {SURE[level]}\n{show(lines, level)}\n")
    if args.json:
        args.json.write_text(json.dumps(lines, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
