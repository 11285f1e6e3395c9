"""How good the cleaner is, measured: `python -m cleaner.learn.evaluate --data DIR [--models DIR] [--json FILE]`.

Tracks: `text` (dirty texts of producers against the gold body), `clean` (bodies that nothing may be taken from),
`splice` (appeals put into bodies), `negatives` (passages with an appeal's words, written by an author). With
`--models`, a folder of fold0.npz ... made by `train --folds`, every document is judged by weights that never saw its
domain. Pages, beside other extractors: `--track html [...]`, which is `cleaner.learn.pages`.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from cleaner.learn import pages
from cleaner.learn.examples import rows
from cleaner.learn.pool import spread
from cleaner.learn.table import bag, word_scores
from cleaner.pipeline import Cleaner
from cleaner.types import LEVELS, Level

PRODUCED: Final = ("blocks", "trafilatura", "trafilatura-recall", "newspaper", "readability")
_SHARES: Final = {"splice": 4}
"""One in so many texts is judged."""


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


class Setting(NamedTuple):
    """How the cleaners are made: weights (False for rules alone, True for the shipped ones, a folder of folds)."""

    models: Path | bool
    levels: tuple[Level, ...]


def measure(folder: Path, setting: Setting, jobs: int) -> Iterator[Measure]:
    """Every document of the data folder at every level, in the order of the data."""
    return spread(_judge, _tasks(folder), setting, jobs)


def _tasks(folder: Path) -> Iterator[tuple[dict[str, Any], str, str]]:
    bodies = references(folder)
    for row in rows(folder):
        body = bodies.get((row["id"], row["gold"] == "reading"))
        track = track_of(row)
        share = _SHARES.get(row["producer"].split("-")[0], 1)
        if track and (body or track in ("clean", "negatives")) and _drawn(row, share):
            yield row, track, row["text"] if track in ("clean", "negatives") else body or ""


def _drawn(row: dict[str, Any], share: int) -> bool:
    return zlib.crc32(f"{row['id']} {row['producer']}".encode()) % share == 0


def references(folder: Path) -> dict[tuple[str, bool], str]:
    """The gold body of each page, by its id and whether somebody labelled the page by reading."""
    found = {}
    for row in rows(folder):
        if row["producer"] == "clean":
            found[row["id"], False] = row["text"]
        elif row["producer"] == "blocks" and row["gold"] == "reading":
            found[row["id"], True] = "\n".join(row["text"][s[0] : s[1]] for s in row["segments"] if s[2] >= 0.5)
    return found


def track_of(row: dict[str, Any]) -> str | None:
    """The track that a row of the data belongs to; None for those that are not judged."""
    producer: str = row["producer"]
    if producer in PRODUCED:
        return None if row["gold"] == "snippets" else "text"
    return {"clean": "clean", "hard": "negatives", "splice": "splice"}.get(producer.split("-")[0])


def _judge(tasks: list[tuple[dict[str, Any], str, str]], setting: Setting) -> list[Measure]:
    found = []
    for row, track, body in tasks:
        for level in setting.levels:
            cleaner = _cleaner(setting.models, row["fold"] if isinstance(setting.models, Path) else 0, level)
            after = cleaner.clean(row["text"], url=row["url"], title=row["title"]).text
            row_text, body_text = (cleaner.tidy(cleaner.read(text).text) for text in (row["text"], body))
            found.append(_measured(row, track, (row_text, body_text, after), level))
    return found


@cache
def _cleaner(models: Path | bool, fold: int, level: Level) -> Cleaner:
    return Cleaner(level=level, scores=models / f"fold{fold}.npz" if isinstance(models, Path) else models)


def _measured(row: dict[str, Any], track: str, texts: tuple[str, str, str], level: str) -> Measure:
    """`texts`: as it came and the body, both tidied, so that only what went counts; and what was kept."""
    before, body, after = texts
    place = (track, _source(row), row["producer"], row["lang"] or "", level)
    wanted, kept, came = bag(body), bag(after), bag(before)
    lost = ((wanted & came) - kept).total() / max(wanted.total(), 1)
    if track == "text":
        best = "\n".join(row["text"][s[0] : s[1]] for s in row["segments"] if s[2] >= 0.5)
        came_f1, kept_f1, best_f1 = (word_scores(text, body).f1 for text in (before, after, best))
        return Measure(*place, came_f1, kept_f1, best_f1, lost)
    left = (kept - wanted).total() / max((came - wanted).total(), 1) if track == "splice" else 0.0
    return Measure(*place, lost=lost, left=left)


def _source(row: dict[str, Any]) -> str:
    if row["gold"] == "reading":
        return "news-blocks"
    if row["source"] == "wcxb":
        return "wcxb articles" if row["page_type"] == "article" else "wcxb others"
    return str(row["source"])


# --- the table ----------------------------------------------------------------------------------------------------


def summary(measures: Iterable[Measure]) -> list[dict[str, Any]]:
    """Means over documents, for each track, source, producer and level, and for all languages of a track."""
    groups: dict[tuple[str, ...], list[Measure]] = defaultdict(list)
    for item in measures:
        producer = "" if item.track == "splice" else item.producer
        for source in (item.source, f"lang {item.lang}", "all"):
            groups[item.track, source, producer, item.level].append(item)
    return [_line(key, items) for key, items in sorted(groups.items())]


def _line(key: tuple[str, ...], items: Sequence[Measure]) -> dict[str, Any]:
    def mean(name: str) -> float:
        return round(float(sum(getattr(item, name) for item in items)) / len(items), 4)

    line: dict[str, Any] = dict(zip(("track", "source", "producer", "level"), key, strict=True))
    line |= {"documents": len(items), "lost": mean("lost")}
    if key[0] == "text":
        before, after, best = mean("before"), mean("after"), mean("best")
        removed = round((after - before) / (best - before), 3) if best > before + 0.002 else None
        return line | {"before": before, "after": after, "best": best, "removed": removed}
    return line | ({"left": mean("left")} if key[0] == "splice" else {})


_COLUMNS: Final = (("before", 8), ("after", 8), ("best", 8), ("removed", 9), ("lost", 8), ("left", 8))


def show(lines: Iterable[dict[str, Any]], level: str, least: int = 8) -> str:
    """The table of one level as text, of groups of at least so many documents."""
    head = "".join(f"{name:>{width}}" for name, width in _COLUMNS)
    out = [f"{'track':10}{'source':18}{'producer':20}{'docs':>6}{head}"]
    for line in lines:
        if line["level"] == level and line["documents"] >= least:
            cells = "".join(_cell(line.get(name), width) for name, width in _COLUMNS)
            out.append(f"{line['track']:10}{line['source']:18}{line['producer']:20}{line['documents']:>6}{cells}")
    return "\n".join(out)


def _cell(value: float | None, width: int) -> str:
    return f"{'' if value is None else f'{value:.4f}':>{width}}"


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command. `--track html` and what follows goes to `cleaner.learn.pages`."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if argv[:2] == ["--track", "html"]:
        return pages.main(argv[2:])
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that cleaner.learn.dataset wrote")
    parser.add_argument("--models", type=Path, help="folder of fold0.npz, fold1.npz, ... (default: the shipped ones)")
    parser.add_argument("--rules-only", action="store_true", help="without scores")
    parser.add_argument("--level", choices=LEVELS, action="append", help="levels to measure (default: all)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write all lines there")
    args = parser.parse_args(argv)
    levels = tuple(args.level or LEVELS)
    lines = summary(measure(args.data, Setting(False if args.rules_only else args.models or True, levels), args.jobs))
    for level in levels:
        print(f"level {level}\n{show(lines, level)}\n")
    if args.json:
        args.json.write_text(json.dumps(lines, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
