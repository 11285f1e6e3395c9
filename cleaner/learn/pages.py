"""How good the cleaner is on pages, beside others: `python -m cleaner.learn.pages --shared DIR [--models DIR]`.

Every program gets the same pages in the same run and is judged by the arithmetic of public benchmarks. With `--models`,
a folder of fold0.npz, fold1.npz, ..., every page is judged by weights that never saw its domain; without it by the
shipped weights, which were fitted on some of these pages and look better here than they are.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Final, NamedTuple

from cleaner.learn import arithmetic, page_table
from cleaner.learn.label import key
from cleaner.learn.page_table import Score
from cleaner.learn.peers import PEERS, Answer, Work, absent, answer
from cleaner.learn.pool import spread
from cleaner.learn.sources import CLONES, Gold, SourceError, read_jsonl, shared
from cleaner.learn.splice import fold_of
from cleaner.learn.table import bag, word_scores
from cleaner.pipeline import Cleaner
from cleaner.types import HTML_MODES, LEVELS, Document, HtmlMode, Level

READ: Final = "news-blocks"
"""Pages whose blocks were labelled by reading; their HTML is in these files:"""
_READ_FILES: Final = ("fundus", "trafilatura", "postlight")
SOURCES: Final = (
    "wcxb", "fundus", "l3s-gn1", "daniel", "dragnet", "ir-research", "readability", "chinese-web", READ, "cleaneval",
)  # fmt: skip
_APPEAL: Final = 20
"""Least characters of a sentence of an appeal; shorter ones ("Donate now") stand anywhere by chance."""
_AT_ONCE: Final = 8
"""Pages handed to a process at a time."""
_FIRST: Final = "<html><body><article><h1>Bus</h1><p>The bus stays.</p><p>It runs at night.</p></article></body></html>"
"""A page for each program before it is timed, so that imports and what is made once are not counted."""


class Task(NamedTuple):
    """A page to be judged."""

    source: str
    gold: Gold
    appeals: tuple[str, ...] | None = None
    """Where they are known by reading."""


class Setting(NamedTuple):
    """The programs: the cleaner's modes and levels; its weights, True for the shipped ones, a folder of folds, or False
    for rules alone; and peers."""

    modes: tuple[HtmlMode, ...]
    levels: tuple[Level, ...]
    models: Path | bool
    peers: tuple[str, ...]


# --- the pages ---------------------------------------------------------------------------------------------------


def tasks(folder: Path, names: Sequence[str]) -> Iterator[Task]:
    """The pages of these sources in the shared folder, file by file."""
    read = _readings(folder / "labels" / f"{READ}.jsonl.gz") if READ in names else {}
    files = [name for name in SOURCES if name in names and name != READ]
    for file in dict.fromkeys((*files, *(_READ_FILES if read else ()))):
        for gold in shared(folder / "documents" / f"{file}.jsonl.gz"):
            if file in names and gold.body is not None:
                yield Task(source_of(gold), gold)
            if gold.id in read:
                yield _as_read(gold, read[gold.id])


def clone_tasks(name: str, folder: Path) -> Iterator[Task]:
    """The pages of a clone of a public benchmark."""
    return (Task(f"{name} clone", gold) for gold in CLONES[name](folder) if gold.body is not None)


def source_of(gold: Gold) -> str:
    """The table that a page belongs to."""
    if gold.source == "wcxb":
        return "wcxb articles" if gold.page_type == "article" else "wcxb others"
    return f"daniel {gold.lang}" if gold.source == "daniel" else gold.source


def _readings(path: Path) -> dict[str, list[tuple[str, str]]]:
    try:
        return {row["id"]: [(item["text"], item["kind"]) for item in row["blocks"]] for _, row in read_jsonl(path)}
    except (KeyError, TypeError) as error:
        raise SourceError(f"{path}: no labelled page: {type(error).__name__}: {error}") from error


def _as_read(gold: Gold, blocks: list[tuple[str, str]]) -> Task:
    body, appeals = (tuple(text for text, kind in blocks if kind == wanted) for wanted in ("body", "appeal"))
    return Task(READ, replace(gold, body=body, optional=(), summary=()), appeals)


def drawn(items: Iterable[Task], limit: int | None) -> Iterable[Task]:
    """At most so many of each source, the same ones each time."""
    if limit is None:
        return items
    kept: dict[str, list[Task]] = defaultdict(list)
    for task in items:
        group = kept[task.source]
        group.append(task)
        group.sort(key=lambda task: zlib.crc32(task.gold.id.encode()))
        del group[limit:]
    return [task for group in kept.values() for task in group]


# --- the judgement -----------------------------------------------------------------------------------------------


def measure(items: Iterable[Task], setting: Setting, jobs: int) -> Iterator[Score]:
    """Every program on every page, in the order of the pages."""
    return spread(_judge, items, setting, jobs, _AT_ONCE)


def _judge(items: list[Task], setting: Setting) -> list[Score]:
    return [score for task in items for score in judged(task, setting)]


def judged(task: Task, setting: Setting) -> Iterator[Score]:
    """Every program on one page."""
    gold = task.gold
    page = _reader().read_html(gold.html, url=gold.url)
    appeals = _outside(_rule_appeals(page) if task.appeals is None else task.appeals, gold)
    fold = fold_of(gold.domain, gold.id) if isinstance(setting.models, Path) else 0
    for name, work in _systems(setting, fold).items():
        yield score(task, name, answer(work, gold.html, gold.url), (page.text, appeals))


def score(task: Task, name: str, given: Answer, page: tuple[str, Sequence[str]]) -> Score:
    """A program's answer for a page. `page`: what the page shows, and sentences of its appeals."""
    gold, text, (shown, appeals) = task.gold, given.text, page
    right = list(arithmetic.references(gold.body or (), gold.optional))
    words, body = max(((word_scores(text, item), item) for item in right), key=lambda found: found[0].f1)
    wanted, said = bag(body), key(text)
    tokens = arithmetic.ENGLISH if gold.lang == "en" else arithmetic.ANY
    return Score(
        source=task.source,
        id=gold.id,
        system=name,
        words=words,
        lost=((wanted & bag(shown)) - bag(text)).total() / max(wanted.total(), 1),
        shingles=arithmetic.shingled(text, body),
        rouge=arithmetic.rouge_lsum(text, right, tokens),
        leaked=(arithmetic.standing(text, gold.forbidden), len(gold.forbidden)),
        missing=(len(gold.required) - arithmetic.standing(text, gold.required), len(gold.required)),
        appeal=any(sentence in said for sentence in appeals) if appeals else None,
        ms=given.ms,
        broke=given.broke,
    )


def _rule_appeals(page: Document) -> list[str]:
    evidence = _reader().evidence(page)
    return [page.text[item.start : item.end] for item in evidence if (item.action, item.kind) == ("strip", "appeal")]


def _outside(appeals: Iterable[str], gold: Gold) -> list[str]:
    """The words of the appeals' sentences, of those that are not in the body too."""
    body = key("\n".join(gold.body or ()))
    said = (key(sentence) for appeal in appeals for sentence in arithmetic.sentences(appeal))
    return [words for words in said if len(words) >= _APPEAL and words not in body]


# --- the programs ------------------------------------------------------------------------------------------------


def model_of(folder: Path, fold: int) -> Path:
    """The weights that never saw the pages of a fold."""
    return folder / f"fold{fold}.npz"


@cache
def _reader() -> Cleaner:
    """Reads pages and finds what rules say of them; it takes no part."""
    return Cleaner(scores=False, html_mode="fast")


@cache
def _systems(setting: Setting, fold: int) -> dict[str, Work]:
    found: dict[str, Work] = {}
    scores = model_of(setting.models, fold) if isinstance(setting.models, Path) else setting.models
    for mode in setting.modes:
        for level in setting.levels:
            cleaner = Cleaner(level=level, html_mode=mode, scores=scores, strip=("standfirst",))
            cleaner.rulebook.compile()
            found[f"cleaner {mode} {level}"] = partial(_cleaned, cleaner)
    found |= {name: PEERS[name] for name in setting.peers}
    for work in found.values():
        answer(work, _FIRST, None)
    return found


def _cleaned(cleaner: Cleaner, html: str, url: str | None) -> str:
    return cleaner.clean_html(html, url=url).text


# --- the command -------------------------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command."""
    args = _arguments().parse_args(argv)
    if not (args.shared or args.clone):
        _arguments().error("no pages: give --shared DIR or --clone NAME=DIR")
    missing = absent(args.peers)
    for name, why in missing.items():
        print(f"{name} is left out: {why}", file=sys.stderr)
    setting = Setting(
        modes=tuple(args.modes),
        levels=tuple(args.level or ("normal",)),
        models=False if args.rules_only else args.models or True,
        peers=tuple(name for name in args.peers if name not in missing),
    )
    items = [tasks(args.shared, args.source)] if args.shared else []
    items += [clone_tasks(*clone) for clone in args.clone]
    pages = (task for group in items for task in drawn(group, args.limit))
    scores = sorted(measure(pages, setting, args.jobs), key=lambda item: item.source)
    rows = page_table.lines(scores)
    print(f"{page_table.show(rows)}\n{page_table.MEANING}")
    if args.json:
        data = {"rows": rows, "pages": page_table.by_page(scores), "left out": missing}
        args.json.write_text(json.dumps(data, indent=1), encoding="utf-8")
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add = parser.add_argument
    add("--shared", type=Path, help="folder with documents/ and labels/")
    add("--clone", type=_clone, action="append", default=[], metavar="NAME=DIR", help=f"NAME: {', '.join(CLONES)}")
    add("--source", nargs="+", choices=SOURCES, default=SOURCES, metavar="NAME", help=f"of {', '.join(SOURCES)}")
    add("--models", type=Path, help="folder of fold0.npz, fold1.npz, ... (default: the shipped weights)")
    add("--rules-only", action="store_true", help="without scores")
    add("--modes", nargs="*", choices=HTML_MODES, default=("full", "fast"))
    add("--level", choices=LEVELS, action="append", help="levels to measure (default: normal)")
    add("--peers", nargs="*", choices=PEERS, default=tuple(PEERS), metavar="NAME", help=f"of {', '.join(PEERS)}")
    add("--limit", type=int, help="at most so many pages of each source")
    add("--jobs", type=int, default=2)
    add("--json", type=Path, help="write all rows and the figures of every page there")
    return parser


def _clone(given: str) -> tuple[str, Path]:
    name, _, folder = given.partition("=")
    if name not in CLONES or not folder:
        raise argparse.ArgumentTypeError(f"not NAME=DIR with NAME one of {', '.join(CLONES)}: {given}")
    return name, Path(folder)


if __name__ == "__main__":
    sys.exit(main())
