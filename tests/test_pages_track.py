"""The `html` track on made-up pages: which pages, what is counted, what the table says."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner.judge.rulebook import Rulebook
from cleaner.learn import page_table, pages
from cleaner.learn.page_table import Score
from cleaner.learn.pages import Setting, Task
from cleaner.learn.peers import Answer
from cleaner.learn.sources import Gold, SourceError
from cleaner.learn.splice import fold_of

APPEAL = "Please support our journalism with a donation of any size today."
BODY = ("The night bus stays.", "Nurses and bakers need it to get home.")
PAGE = f"<html><body><nav>Contact</nav><p>{BODY[0]}</p><p>{BODY[1]}</p><aside>{APPEAL}</aside></body></html>"
GOLD = Gold(
    "made/1", "made", PAGE, lang="en", body=BODY, required=("bus stays",), forbidden=("our journalism", "Contact")
)
SHOWN = "\n".join((*BODY, APPEAL, "Contact"))


def scored(text: str, gold: Gold = GOLD, appeals: tuple[str, ...] = ()) -> Score:
    return pages.score(Task("made", gold), "it", Answer(text, 5.0), (SHOWN, appeals))


# --- one page ----------------------------------------------------------------------------------------------------


def test_a_right_answer() -> None:
    found = scored("\n".join(BODY))
    assert (found.words.f1, found.rouge.f1, found.shingles.f1, found.lost) == (1.0, 1.0, 1.0, 0.0)
    assert (found.leaked, found.missing) == ((0, 2), (0, 1))


def test_a_wrong_answer() -> None:
    found = scored(f"{BODY[1]} {APPEAL}")
    assert found.words[:2] == pytest.approx((8 / 19, 8 / 12))
    assert found.lost == pytest.approx(4 / 12)
    assert (found.leaked, found.missing) == ((1, 2), (1, 1))


def test_words_that_the_page_does_not_show_are_not_lost() -> None:
    gold = Gold("made/2", "made", PAGE, body=(*BODY, "Only here."))
    assert scored("\n".join(BODY), gold).lost == 0.0
    assert scored("\n".join(BODY), gold).words.recall == pytest.approx(12 / 14)


@pytest.mark.parametrize("text", ["\n".join(BODY), "\n".join(BODY[1:])])
def test_an_optional_line_may_stay_or_go(text: str) -> None:
    found = scored(text, Gold("made/3", "made", PAGE, body=BODY, optional=BODY[:1]))
    assert (found.words.f1, found.rouge.f1, found.shingles.f1, found.lost) == (1.0, 1.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("text", "appeals", "survives"),
    [
        ("\n".join(BODY), (APPEAL,), False),
        (f"Please SUPPORT our journalism,\nwith a donation of any size today! {BODY[0]}", (APPEAL,), True),
        (APPEAL, (), None),
        (APPEAL, (BODY[1], "Donate"), None),  # it stands in the body too; it is too short to tell
    ],
)
def test_appeals(text: str, appeals: tuple[str, ...], survives: bool | None) -> None:
    assert scored(text, appeals=tuple(pages._outside(appeals, GOLD))).appeal is survives


def test_appeals_that_rules_find() -> None:
    asked = "To support The Guardian and The Observer, order your copy at guardianbookshop.com."
    page = pages._reader().read_html(f"<p>{BODY[0]}</p><p>{asked}</p><p>{APPEAL}</p>", url="https://example.org/")
    assert {APPEAL} <= set(pages._rule_appeals(page)) <= {APPEAL, asked}


# --- which pages -------------------------------------------------------------------------------------------------


def row(source: str, number: int, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = dict.fromkeys(("url", "domain", "lang", "title", "page_type", "author", "found"))
    given |= {name: [] for name in ("with", "without", "summary", "headlines", "optional")}
    return {**given, "id": f"{source}/{number}", "source": source, "html": PAGE, "body": BODY[0], "open": True, **more}


def put(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    put(tmp_path / "documents/wcxb.jsonl.gz", [row("wcxb", n, page_type="article" if n else "forum") for n in range(3)])
    put(tmp_path / "documents/daniel.jsonl.gz", [row("daniel", n, lang=lang) for n, lang in enumerate(("el", "pl"))])
    put(tmp_path / "documents/fundus.jsonl.gz", [row("fundus", 0), row("fundus", 1, body=None)])
    for source in ("trafilatura", "postlight"):
        put(tmp_path / f"documents/{source}.jsonl.gz", [row(source, 0, body=None)])
    kinds = ("body", "navigation", "appeal", "body")
    blocks = [{"text": text, "kind": kind} for text, kind in zip((*BODY, APPEAL, "End."), kinds, strict=True)]
    put(
        tmp_path / "labels/news-blocks.jsonl.gz",
        [{"id": name, "blocks": blocks} for name in ("fundus/0", "trafilatura/0")],
    )
    return tmp_path


def named(items: Iterator[Task]) -> list[tuple[str, str]]:
    return [(task.source, task.gold.id) for task in items]


def test_pages_of_sources(shared: Path) -> None:
    assert named(pages.tasks(shared, ["wcxb", "daniel"])) == [
        ("wcxb others", "wcxb/0"), ("wcxb articles", "wcxb/1"), ("wcxb articles", "wcxb/2"),
        ("daniel el", "daniel/0"), ("daniel pl", "daniel/1"),
    ]  # fmt: skip


def test_pages_that_were_read(shared: Path) -> None:
    items = list(pages.tasks(shared, ["fundus", "news-blocks"]))
    assert named(iter(items)) == [("fundus", "fundus/0"), ("news-blocks", "fundus/0"), ("news-blocks", "trafilatura/0")]
    assert [item.gold.body for item in items] == [(BODY[0],), (BODY[0], "End."), (BODY[0], "End.")]
    assert [item.appeals for item in items] == [None, (APPEAL,), (APPEAL,)]


def test_labels_that_are_none(shared: Path) -> None:
    put(shared / "labels/news-blocks.jsonl.gz", [{"id": "fundus/0"}])
    with pytest.raises(SourceError, match="news-blocks"):
        list(pages.tasks(shared, ["news-blocks"]))


def test_the_same_few_of_each_source() -> None:
    items = [Task(source, Gold(f"{source}/{n}", source, "")) for source in "ab" for n in range(9)]
    few = list(pages.drawn(items, 2))
    assert [task.source for task in few] == ["a", "a", "b", "b"]
    assert set(few) == set(pages.drawn(reversed(items), 2))
    assert list(pages.drawn(items, None)) == items


# --- the programs ------------------------------------------------------------------------------------------------


def test_each_page_is_judged_by_weights_that_did_not_see_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Made:
        rulebook = Rulebook(())

        def __init__(self, **how: Any) -> None:
            asked.append((how["scores"].name, how["html_mode"], how["level"]))

    pages._reader()
    monkeypatch.setattr(pages, "Cleaner", Made)
    setting = Setting(("full", "fast"), ("strict",), Path("folds-of-this-test"), ())
    gold = Gold("made/4", "made", PAGE, domain="example.net", body=BODY)
    assert [item.system for item in pages.judged(Task("made", gold), setting)] == [
        "cleaner full strict",
        "cleaner fast strict",
    ]
    name = f"fold{fold_of('example.net', '')}.npz"
    assert name != "fold0.npz"
    assert asked == [(name, "full", "strict"), (name, "fast", "strict")]


def test_the_command(shared: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ask = ["--shared", str(shared), "--rules-only", "--modes", "fast", "--peers", "trafilatura", "--jobs", "1"]
    assert pages.main([*ask, "--source", "news-blocks", "--json", str(tmp_path / "out.json")]) == 0
    said = capsys.readouterr().out
    assert "news-blocks: 2" in said
    found = json.loads((tmp_path / "out.json").read_text())
    ours = next(line for line in found["rows"] if line["system"] == "cleaner fast normal")
    assert (ours["documents"], ours["appeals"], ours["surviving"]) == (2, 2, 0.0)
    assert [page["id"] for page in found["pages"]] == ["fundus/0", "trafilatura/0"]
    assert set(found["pages"][0]["f1"]) == {"cleaner fast normal", "trafilatura"}


def test_a_clone_is_judged_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html/ab12.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    truth = {"ab12": {"articleBody": "\n\n".join(BODY), "url": "https://example.org/"}}
    (tmp_path / "ground-truth.json").write_text(json.dumps(truth))
    ask = ["--clone", f"scrapinghub={tmp_path}", "--rules-only", "--modes", "fast", "--peers", "--jobs", "1"]
    assert pages.main(ask) == 0
    assert "scrapinghub clone: 1" in capsys.readouterr().out


@pytest.mark.parametrize("ask", [[], ["--clone", "nosuch=."], ["--clone", "wcxb"]])
def test_bad_usage(ask: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        pages.main(ask)


# --- the table ---------------------------------------------------------------------------------------------------


def test_lines() -> None:
    right, half = scored("\n".join(BODY), appeals=("x",)), scored(BODY[1], appeals=("x",))
    scores = [right, half._replace(broke="LookupError"), half._replace(system="trafilatura", ms=2.0, appeal=None)]
    ours, theirs = page_table.lines(scores)
    assert (ours["system"], ours["documents"], ours["poor"], theirs["poor"]) == ("it", 2, 0, 0)
    assert ours["error"] == pytest.approx(0.5)
    assert (ours["ms"], ours["times"], theirs["times"]) == (5.0, 2.5, 1.0)
    assert (ours["leak"], ours["missing"], theirs["missing"]) == (0.0, 0.5, 1.0)
    assert (ours["appeals"], ours["surviving"], theirs["appeals"], theirs["surviving"]) == (2, 0.0, 0, None)
    assert (ours["broke"], theirs["broke"]) == ({"LookupError": 1}, {})


def test_leaks_are_counted_by_snippet_and_by_page() -> None:
    leaky, clean = scored(SHOWN), scored("\n".join(BODY))
    line = page_table.lines([leaky, clean, clean._replace(leaked=(0, 0))])[0]
    assert (line["leak"], line["leaking"]) == (0.5, 0.5)


def test_without_the_baseline_nothing_is_set_against_it() -> None:
    line = page_table.lines([scored("")])[0]
    assert (line["error"], line["times"], line["poor"]) == (None, None, 1)
    text = page_table.show([line])
    assert text.startswith("made: 1")
    assert len(text.splitlines()) == 2


def test_figures_of_every_page() -> None:
    scores = [scored("\n".join(BODY)), scored("")._replace(system="other")]
    (page,) = page_table.by_page(scores)
    assert (page["id"], page["f1"], page["lost"]) == ("made/1", {"it": 1.0, "other": 0.0}, {"it": 0.0, "other": 1.0})
