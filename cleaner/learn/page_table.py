"""The table of the `html` track: what each program scored on each source of pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import mean
from typing import Any, Final, NamedTuple

from cleaner.learn.arithmetic import Shingled, corpus_scores
from cleaner.learn.peers import BASELINE
from cleaner.learn.table import Scores

POOR: Final = 0.8
"""Word F1 under which a page went wrong."""


class Score(NamedTuple):
    """One program on one page. `None` where the page's gold does not say."""

    source: str
    id: str
    system: str
    words: Scores
    lost: float
    """Body words that the page shows and the answer lacks, as a share of the body's."""
    shingles: Shingled
    rouge: Scores
    leaked: tuple[int, int]
    """Snippets that must not be there: those that are, and all."""
    missing: tuple[int, int]
    """Snippets that must be there: those that are not, and all."""
    appeal: bool | None
    """Whether the answer has an appeal that stands outside the page's body; None where the page has none."""
    ms: float
    broke: str


def lines(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """A line for each source and program, in the order in which they come."""
    groups: dict[tuple[str, str], list[Score]] = defaultdict(list)
    for score in scores:
        groups[score.source, score.system].append(score)
    return [_line(items, groups.get((source, BASELINE))) for (source, _), items in groups.items()]


def _line(items: Sequence[Score], baseline: Sequence[Score] | None) -> dict[str, Any]:
    f1, ms = _mean(items, _f1), _mean(items, _ms)
    wrong = 1 - _mean(baseline, _f1) if baseline else 0.0
    least = _mean(baseline, _ms) if baseline else 0.0
    appeals = [item.appeal for item in items if item.appeal is not None]
    leaks = [item.leaked for item in items if item.leaked[1]]
    return {
        "source": items[0].source,
        "system": items[0].system,
        "documents": len(items),
        "precision": _mean(items, lambda item: item.words.precision),
        "recall": _mean(items, lambda item: item.words.recall),
        "f1": f1,
        "error": (1 - f1) / wrong if wrong else None,
        "poor": sum(_f1(item) < POOR for item in items),
        "leak": _part(leaks),
        "leaking": _share([leaked > 0 for leaked, _ in leaks]),
        "missing": _part([item.missing for item in items]),
        "shingles": corpus_scores(item.shingles for item in items).f1,
        "rouge": _mean(items, lambda item: item.rouge.f1),
        "appeals": len(appeals),
        "surviving": _share(appeals),
        "lost": _mean(items, lambda item: item.lost),
        "ms": ms,
        "times": ms / least if least else None,
        "broke": dict(Counter(item.broke for item in items if item.broke)),
    }


def _f1(item: Score) -> float:
    return item.words.f1


def _ms(item: Score) -> float:
    return item.ms


def _mean(items: Sequence[Score], value: Callable[[Score], float]) -> float:
    return float(mean(value(item) for item in items))


def _part(counts: Sequence[tuple[int, int]]) -> float | None:
    whole = sum(count[1] for count in counts)
    return sum(count[0] for count in counts) / whole if whole else None


def _share(items: Sequence[bool]) -> float | None:
    return sum(items) / len(items) if items else None


def by_page(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """Each page with the F1, the loss and the CPU time of every program on it, so that differences can be looked at."""
    pages: dict[tuple[str, str], dict[str, Any]] = {}
    for score in scores:
        page = pages.setdefault((score.source, score.id), {"source": score.source, "id": score.id})
        values: dict[str, Any] = {"f1": _f1(score), "rouge": score.rouge.f1, "lost": score.lost, "ms": score.ms}
        values |= {"leaked": score.leaked[0], "missing": score.missing[0], "appeal": score.appeal}
        for name, value in values.items():
            page.setdefault(name, {})[score.system] = round(value, 4) if isinstance(value, float) else value
    return list(pages.values())


# --- as text -----------------------------------------------------------------------------------------------------

_COLUMNS: Final = (
    ("P", "precision", ".3f"), ("R", "recall", ".3f"), ("F1", "f1", ".3f"), ("error", "error", ".2f"),
    ("poor", "poor", "d"), ("leak", "leak", ".1%"), ("leaking", "leaking", ".1%"), ("missing", "missing", ".1%"),
    ("shingles", "shingles", ".3f"), ("ROUGE", "rouge", ".3f"), ("appeals", "appeals", "d"),
    ("survive", "surviving", ".0%"), ("lost", "lost", ".2%"), ("ms", "ms", ".1f"), ("times", "times", ".2f"),
)  # fmt: skip
MEANING: Final = f"""
P, R, F1: of words as WCXB counts them, mean over documents; error: 1 - F1 over that of {BASELINE}; poor: documents
with F1 under {POOR}. leak: share of the snippets that must not be there and are; leaking: share of the pages that let
one through, of those that have any; missing: share of the snippets that must be there and are not; some stand on no
page, because gold has other quotes and list marks. shingles: scrapinghub's F1, of mean precision and mean recall;
ROUGE: fundus-evaluation's ROUGE-LSum F1. appeals: pages that have one outside the body; survive: share of them whose
answer has it. Standfirsts, which stay otherwise, are stripped: no gold here has them. Only news-blocks knows its
appeals by reading; elsewhere they are those that this project's own rules find, which flatters whoever uses the
rules. lost: body words that the page shows and the answer lacks. ms: CPU milliseconds a page; times: that over
{BASELINE}'s. At the end what broke, if anything: the page counts, without text. An optional line of the gold counts
for an answer that has it and not against one that lacks it."""


def show(rows: Iterable[dict[str, Any]]) -> str:
    """A table for each source, as text."""
    out, source = [], None
    for row in rows:
        if row["source"] != source:
            source = row["source"]
            head = "".join(f"{name:>9}" for name, _, _ in _COLUMNS)
            title = f"{source}: {row['documents']}"
            out += ["", f"{title:26}{head}"]
        cells = "".join(_cell(row[key], shape) for _, key, shape in _COLUMNS)
        broke = "".join(f"  {count} {name}" for name, count in row["broke"].items())
        out.append(f"{row['system']:26}{cells}{broke}")
    return "\n".join(out[1:])


def _cell(value: float | None, shape: str) -> str:
    return f"{'-' if value is None else format(value, shape):>9}"
