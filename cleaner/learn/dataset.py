"""Makes all training material: `python -m cleaner.learn.dataset --shared DIR --out DIR`.

One JSONL.gz file a source, one dirty document a line: see `record`. The same input gives the same files.
"""

from __future__ import annotations

import argparse
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from cleaner.learn import label, paged, plain, splice, teacher
from cleaner.learn.label import Labels, mend
from cleaner.learn.produce import PRODUCERS, blocks, produce
from cleaner.learn.record import HARD, Files, Made, Origin, record
from cleaner.learn.sources import CLONES, Gold, read_jsonl, shared
from cleaner.learn.splice import Appeal, fold_of
from cleaner.learn.table import Tally, render, tally
from cleaner.types import CleanerError

MADE: Final = (paged.PAGE, "clean", "splice")
"""Pages with their markup, and documents made of gold bodies; they are asked for like producers."""
PLAIN: Final = ("news-blocks", "turku-quality", "hard-negatives", "corpus")
"""Sources that are not documents with a gold body."""
_BROKEN: Final = frozenset(("wcxb/dev/0551",))
"""Pages without an article: a check for robots."""
_CAREFUL: Final = "trafilatura"
"""The producer whose text says where a gold body stops before the article does."""
_AHEAD: Final = 4
"""Documents in work for each process: what bounds the memory."""


class Task(NamedTuple):
    """One page and what to make of it."""

    gold: Gold
    producers: tuple[str, ...]
    appeals: list[Appeal]
    passages: list[Appeal]
    read: tuple[tuple[str, str], ...] = ()
    """Blocks of the page with their kinds, where somebody labelled it by reading."""
    teachers: Path | None = None
    """Folder of nets for pages that say of its texts more than gold does."""

    def taught(self) -> Callable[[Labels], dict[str, Any]]:
        """What a line of a text of this page has besides: what teachers say of its segments."""
        gold = self.gold
        if not self.teachers or not gold.open or gold.page_type not in (None, "article"):
            return lambda labels: {}
        said = teacher.said(self.teachers, gold.html, gold.url, fold_of(gold.domain, gold.id))
        return lambda labels: {"taught": teacher.taught(labels, said)}


# --- one page ----------------------------------------------------------------------------------------------------


def work(task: Task) -> list[Made]:
    """Everything that is made of one page. What goes wrong is said with the page's id."""
    try:
        return list(_work(task))
    except Exception as error:
        error.add_note(f"while at work on {task.gold.id}")
        raise


def _work(task: Task) -> list[Made]:
    page = blocks(task.gold.html)
    task = task._replace(gold=_measured(task.gold, "\n".join(block.text for block in page)))
    gold = task.gold
    kinds = label.kinds_of_blocks(page)
    more = task.taught()
    made = list(_read(task, kinds, more)) if task.read else []
    if gold.body is None and task.read:
        read = task._replace(gold=_as_read(task))
        return made + [item._replace(row="news-blocks") for item in _from_body(read, kinds, "news-blocks")]
    row = f"wcxb/{'articles' if gold.page_type == 'article' else 'others'}" if gold.source == "wcxb" else gold.source
    reference = None if gold.body is None else mend("\n".join(gold.body))
    texts = {name: produce(name, gold.html, gold.url) for name in task.producers if name in PRODUCERS}
    doubted = label.doubts(label.by_gold(texts.get(_CAREFUL, ""), gold, kinds))
    for name, text in texts.items():
        if gold.body is None:
            how, labels = "snippets", label.by_snippets(text, gold, kinds)
        else:
            how, labels = "body", label.by_gold(text, gold, kinds, doubted)
        line = record(Origin.of(gold, how), name, labels, **more(labels))
        made.append(Made(gold.source, row, name, line, tally(labels, reference)))
    if paged.PAGE in task.producers and gold.body is not None:
        made += _page(gold, row, kinds)
    return made + [item._replace(row=row) for item in _from_body(task, kinds, gold.source)]


def _page(gold: Gold, row: str, kinds: dict[str, str]) -> Iterator[Made]:
    """The page itself; not one whose text, mended block by block, would be mended again as a whole."""
    document = paged.read(gold.html, gold.url)
    vote = (document.page and document.page.vote) or ""
    doubted = frozenset() if row == "news-blocks" else label.doubts(label.by_gold(vote, gold, kinds))
    labels = label.by_gold(document.text, gold, kinds, doubted)
    if labels.text != document.text:
        return
    origin = Origin.of(gold, "reading" if row == "news-blocks" else "body")
    line = record(origin, paged.PAGE, labels, html=gold.html, vote=vote)
    yield Made(row.split("/")[0], row, paged.PAGE, line, tally(labels, mend("\n".join(gold.body or ()))))


def _measured(gold: Gold, page: str) -> Gold:
    """The document with `found` measured here, unless what its source says of it is good enough."""
    if not gold.body or (gold.found is not None and gold.found >= label.FOUND):
        return gold
    return replace(gold, found=round(1 - label.by_gold(page, gold, {}).missing, 3))


def _read(task: Task, kinds: dict[str, str], more: Callable[[Labels], dict[str, Any]]) -> Iterator[Made]:
    """From a page that was labelled by reading: its blocks, and other producers' texts aligned with the body blocks."""
    gold = _as_read(task)
    origin = replace(Origin.of(gold, "reading"), title=task.gold.title)
    known = {**kinds, **label.kinds_of_texts(item for item in task.read if item[1] not in ("body", "mixed"))}
    reference = mend("\n".join(gold.body or ()))
    for name in task.producers:
        if name == "blocks":
            labels = label.by_spans(*label.joined(("\n", text, kind) for text, kind in task.read))
        elif name in PRODUCERS:
            labels = label.by_gold(produce(name, gold.html, gold.url), gold, known)
        else:
            continue
        line = record(origin, name, labels, **more(labels))
        yield Made("news-blocks", "news-blocks", name, line, tally(labels, reference))
    if paged.PAGE in task.producers:
        yield from _page(gold, "news-blocks", known)


def _as_read(task: Task) -> Gold:
    """The page with the body that its reader found. Its headline has a kind, so no title is needed to find it."""
    body = tuple(text for text, kind in task.read if kind == "body")
    return replace(task.gold, body=body, summary=(), optional=(), title=None, found=None, page_type="article")


def _from_body(task: Task, kinds: dict[str, str], file: str) -> Iterator[Made]:
    gold = task.gold
    if not gold.body or label.quality(gold) < label.LOOSE or gold.page_type not in (None, "article"):
        return
    reference = mend("\n".join(gold.body))
    if "clean" in task.producers:
        labels = label.by_gold("\n".join(gold.body), gold, kinds)
        yield Made(file, "", "clean", record(Origin.of(gold, "body"), "clean", labels), tally(labels, reference))
    if "splice" in task.producers:
        for made in splice.splices(gold.id, gold.body, task.appeals):
            labels = label.by_spans(made.text, made.spans, label.quality(gold))
            line = record(Origin.of(gold, "made"), made.name, labels, appeal=made.appeal.number)
            yield Made("splice", "", made.name, line, tally(labels, reference))
        if hard := splice.passage(gold.id, gold.body, task.passages):
            labels = _weighed(label.by_spans(hard.text, hard.spans, label.quality(gold)), mend(hard.appeal.text))
            line = record(Origin.of(gold, "made"), hard.name, labels, passage=hard.appeal.number)
            yield Made("splice", "", hard.name, line, tally(labels, hard.text))


def _weighed(labels: Labels, passage: str) -> Labels:
    """The labels with the weight of hard negatives on those of the passage."""
    start = labels.text.index(passage)
    end = start + len(passage)
    segments = (s._replace(weight=HARD) if start <= s.start and s.end <= end else s for s in labels.segments)
    return replace(labels, segments=tuple(segments))


# --- everything --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for."""

    shared: Path | None
    clones: tuple[tuple[str, Path], ...]
    corpus: Path
    sources: tuple[str, ...]
    """Empty for all."""
    producers: tuple[str, ...]
    limit: int | None
    """Documents of each source."""
    teachers: Path | None = None

    def wants(self, source: str) -> bool:
        return not self.sources or source in self.sources

    def first(self, items: Iterable[Any]) -> Iterator[Any]:
        """As many as were asked for, with the place of those left unread."""
        for number, item in enumerate(items):
            if self.limit is not None and number >= self.limit:
                return
            yield item


def tasks(plan: Plan) -> Iterator[Task]:
    """Every page, in order of sources."""
    read = _readings(plan)
    appeals, passages = _appeals(plan)
    seen: set[str] = set()
    for source, reader in _readers(plan):
        golds = (gold for gold in reader() if plan.wants(source) or gold.id in read)
        for gold in plan.first(golds):
            if gold.id in seen or gold.id in _BROKEN:
                continue
            seen.add(gold.id)
            where = gold.lang or "", fold_of(gold.domain, gold.id)
            if not plan.wants(source):
                gold = replace(gold, body=None)
            said = read.get(gold.id, ())
            yield Task(gold, plan.producers, appeals.get(where, []), passages.get(where, []), said, plan.teachers)


def _appeals(plan: Plan) -> tuple[dict[tuple[str, int], list[Appeal]], dict[tuple[str, int], list[Appeal]]]:
    if plan.shared is None:
        return {}, {}
    folder = plan.shared / "appeals"
    passages = (item for item, _ in splice.read_passages(folder / "hard_negatives.jsonl.gz"))
    return splice.by_fold(splice.read_appeals(folder / "appeals.jsonl.gz")), splice.by_fold(passages)


def _readings(plan: Plan) -> dict[str, tuple[tuple[str, str], ...]]:
    if plan.shared is None or not plan.wants("news-blocks"):
        return {}
    path = plan.shared / "labels" / "news-blocks.jsonl.gz"
    return {row["id"]: tuple((block["text"], block["kind"]) for block in row["blocks"]) for _, row in read_jsonl(path)}


def _readers(plan: Plan) -> Iterator[tuple[str, Callable[[], Iterator[Gold]]]]:
    if plan.shared is not None:
        for path in sorted((plan.shared / "documents").glob("*.jsonl.gz")):
            source = path.name.removesuffix(".jsonl.gz")
            if plan.wants(source) or (plan.wants("news-blocks") and source in ("fundus", "postlight", "trafilatura")):
                yield source, lambda path=path: shared(path)  # type: ignore[misc]
    for source, folder in plan.clones:
        if plan.wants(source):
            yield source, lambda source=source, folder=folder: CLONES[source](folder)  # type: ignore[misc]


def made(plan: Plan, jobs: int) -> Iterator[Made]:
    """Everything there is, in an order that depends on nothing but the plan."""
    if plan.wants("corpus"):
        yield from plan.first(plain.own_corpus(plan.corpus))
    if plan.shared and plan.wants("turku-quality"):
        yield from plan.first(plain.turku(plan.shared / "lines" / "turku-quality.jsonl.gz"))
    if plan.shared and plan.wants("hard-negatives"):
        yield from plan.first(plain.negatives(plan.shared / "appeals" / "hard_negatives.jsonl.gz"))
    if jobs <= 1:
        for task in tasks(plan):
            yield from work(task)
        return
    waiting: deque[Future[list[Made]]] = deque()
    with ProcessPoolExecutor(jobs) as pool:
        for task in tasks(plan):
            waiting.append(pool.submit(work, task))
            if len(waiting) >= jobs * _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def run(plan: Plan, out: Path, jobs: int) -> str:
    """Makes the files and gives the table."""
    out.mkdir(parents=True, exist_ok=True)
    files = Files(out)
    sums: dict[tuple[str, str], Tally] = {}
    good = False
    try:
        for number, item in enumerate(made(plan, jobs), 1):
            files.write(item.file, item.line)
            sums.setdefault((item.row, item.producer), Tally()).add(item.tally)
            if sys.stderr.isatty() and number % 50 == 0:
                print(f"\r{number} texts", end="", file=sys.stderr)
        good = True
    finally:
        files.close(good=good)
    return render((*names, sums[names]) for names in sorted(sums))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. 0 done, 2 for material that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m cleaner.learn.dataset", description=__doc__)
    parser.add_argument(
        "--shared", type=Path, help="folder with documents/, labels/, lines/, appeals/, such as ../shared"
    )
    clones = ", ".join(CLONES)
    parser.add_argument("--clone", action="append", default=[], metavar="NAME=DIR", help=f"a public clone: {clones}")
    parser.add_argument("--corpus", type=Path, default=Path(__file__).parents[2] / "corpus", help="labelled documents")
    parser.add_argument("--out", type=Path, required=True)
    named = f"names of documents/*, of clones, or {', '.join(PLAIN)}; all"
    parser.add_argument("--sources", nargs="+", default=[], help=named)
    every = (*PRODUCERS, *MADE)
    parser.add_argument("--producers", nargs="+", default=every, choices=every)
    parser.add_argument("--teachers", type=Path, help="folder of nets for pages: train --folds DIR --pairs")
    parser.add_argument("--limit", type=int, help="documents of each source")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args(arguments)
    folders = tuple((name, Path(folder)) for name, _, folder in (item.partition("=") for item in given.clone))
    if unknown := [name for name, _ in folders if name not in CLONES]:
        parser.error(f"no importer {unknown[0]!r}; there are {clones}")
    asked = tuple(given.sources), tuple(given.producers), given.limit, given.teachers
    plan = Plan(given.shared, folders, given.corpus, *asked)
    try:
        table = run(plan, given.out, given.jobs)
    except (CleanerError, ValueError) as error:
        print(f"dataset: {error}", file=sys.stderr)
        return 2
    (given.out / "table.txt").write_text(table + "\n", encoding="utf-8")
    print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
