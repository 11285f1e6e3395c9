"""`cleaner-rules stats`: what is counted of rules on a corpus, and how it is said."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from cleaner.pipeline import Cleaner
from cleaner.rulekit import report
from cleaner.rulekit.stats import HOSTS, Stats
from cleaner.types import Document, Rule
from tests.rules import file_text, rules
from tests.test_rules_cli import Run, run  # noqa: F401

SIGN = "match = '^sign up now[.!]?$'"
WIDE = "match = '^sign up (?:now|here)$'"
NAMED = "match = '^join the ferry$'\nsites = ['x.org']"
BODY = "The council voted on Tuesday to keep the ferry.\n{}\nIt was late when the last of them left the hall."


def counted(given: tuple[Rule, ...], *texts: str, url: str | None = None, level: str = "normal") -> Stats:
    """What the rules do on articles that hold these lines."""
    stats = Stats(Cleaner(rules=given, scores=False, level=level))  # type: ignore[arg-type]
    for number, text in enumerate(texts):
        stats.add(Document(BODY.format(text), url), f"a:{number}")
    return stats


# --- counts -------------------------------------------------------------------------------------------------------


def test_a_removal() -> None:
    stats = counted(rules(SIGN), "Sign up now", "Sign up here", "Sign up now!", url="https://www.a.org/1")
    use = stats.uses["f/r0"]
    assert (stats.articles, stats.removed, stats.others) == (3, use.characters, 0)
    assert (use.matches, use.removals, use.articles, use.characters) == (2, 2, 2, len("Sign up now\nSign up now!\n"))
    assert use.hosts == {"www.a.org"}
    assert (use.overruled, use.waiting, use.shadows) == (0, 0, [])
    assert [tuple(example) for example in use.examples] == [("a:0", "Sign up now"), ("a:2", "Sign up now!")]


def test_what_a_rule_took_is_what_the_ledger_says() -> None:
    given = rules(WIDE, SIGN, "match = '^join us$'")
    cleaner = Cleaner(rules=given, scores=False)
    text = BODY.format("Sign up now\nJoin us\nSign up here")
    stats = Stats(cleaner)
    stats.add(cleaner.read(text), "a")
    removed = cleaner.clean(text).removed
    sizes = {by: sum(item.end - item.start for item in removed if item.by == by) for by in {d.by for d in removed}}
    assert {name: use.characters for name, use in stats.uses.items() if use.removals} == sizes


def test_two_rules_for_one_line() -> None:
    stats = counted(rules(SIGN, WIDE), "Sign up now", "Sign up here")
    first, second = stats.uses["f/r0"], stats.uses["f/r1"]
    assert (first.removals, first.overruled, first.shadows) == (1, 0, ["f/r1"])
    assert (second.matches, second.removals, second.overruled, dict(second.by)) == (2, 1, 1, {"f/r0": 1})
    assert second.shadows == []  # `Sign up here` is its own


def test_a_rule_that_lost_all() -> None:
    use = counted(rules(SIGN, WIDE), "Sign up now").uses["f/r1"]
    assert (use.removals, use.overruled, use.shadows) == (0, 1, ["f/r0"])


def test_a_keep_rule_overrules() -> None:
    keep = "action = 'keep'\nphrases = ['sign up now']\nkeeps = ['sign up now']\nstrips = ['he had to sign']"
    stats = counted(rules(SIGN, keep), "Sign up now")
    use, kept = stats.uses["f/r0"], stats.uses["f/r1"]
    assert (use.removals, use.overruled, dict(use.by)) == (0, 1, {"f/r1": 1})
    assert (kept.matches, kept.removals, kept.shadows) == (1, 0, [])
    assert kept.examples[0].text == "Sign up now"


def test_a_match_in_a_line_that_stays() -> None:
    use = counted(rules(SIGN), "He read it aloud. Sign up now. She laughed.").uses["f/r0"]
    assert (use.matches, use.removals, use.overruled, use.waiting, use.shadows) == (1, 0, 0, 1, [])


def test_a_kind_that_stays_is_no_conflict() -> None:
    use = counted(rules(SIGN + "\nkind = 'standfirst'"), "Sign up now").uses["f/r0"]
    assert (use.matches, use.removals, use.overruled, use.waiting) == (1, 0, 0, 0)


def test_a_rule_that_does_not_speak_at_the_level() -> None:
    given = rules(SIGN + "\nlevel = 'strict'")
    assert counted(given, "Sign up now").uses == {}
    assert counted(given, "Sign up now", level="strict").uses["f/r0"].removals == 1


def test_what_stands_alone_after_a_cut() -> None:
    cut = "match = ' \\(advert\\)'\nscope = 'inline'\nstrips = [{ text = 'He left (advert).', gives = 'He left.' }]"
    use = counted(rules(SIGN, cut), "Sign up now (advert)").uses["f/r0"]
    assert (use.matches, use.removals) == (1, 1)


def test_examples_are_few_short_and_differ() -> None:
    given = rules("match = '^sign up now'\nlongest = 2000")
    many = ["Sign up now " + "for ages " * 20, "Sign up now", "Sign up now", "Sign up now, please", "Sign up now, Ada"]
    texts = [example.text for example in counted(given, *many).uses["f/r0"].examples]
    assert len(texts) == 2
    assert texts[0].endswith("...")
    assert max(map(len, texts)) <= 70


def test_hosts_are_counted_so_far_and_no_farther() -> None:
    stats = Stats(Cleaner(rules=rules(SIGN), scores=False))
    for number in range(HOSTS + 9):
        stats.add(Document(BODY.format("Sign up now"), f"https://h{number}.org/"), "a")
    assert len(stats.uses["f/r0"].hosts) == HOSTS
    assert f" {HOSTS}+ " in "\n".join(report.page(stats, tuple(stats.rules.values())))


def test_headline_and_repeats_are_no_rules() -> None:
    stats = counted(rules(SIGN), "")
    stats.add(
        Document("Ferry to run at night\n" + BODY.format("Sign up now").replace(" to", ", as it said," * 4 + " to")),
        "a",
    )
    assert stats.others == len("Ferry to run at night\n")
    assert list(stats.uses) == ["f/r0"]


def test_why_a_rule_never_matched() -> None:
    paged = "selector = '.ad-box'\nstrips = ['<p class=ad-box>Join</p>']\nkeeps = ['<p>Join ad-box</p>']"
    given = rules(SIGN, NAMED, paged, WIDE)
    stats = counted(given, "Sign up here", url="https://a.org/")
    assert [(rule.id, stats.why_never(rule)) for rule in stats.never(given)] == [
        ("f/r0", ""),
        ("f/r1", "no article of x.org"),
        ("f/r2", "it reads pages, and there was none"),
    ]
    stats = counted(given, "Sign up here", url="https://news.x.org/")
    assert stats.why_never(given[1]) == ""


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of rules and one of articles."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.toml").write_text(file_text("match = '^zzyzx now$'", "match = '^zzyzx (?:now|up)$'"))
    rows = [
        {"url": "https://a.org/1", "text": BODY.format("Zzyzx now")},
        {"url": "https://b.org/1", "text": BODY.format("Zzyzx up")},
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


PAGE = """\
2 articles, 211 characters; level normal, without scores
all rules together removed 19 characters, 9.0%; headline and repeats 0
2 rules: 2 hit, 1 of them shadowed; 0 never hit

characters  removals  matches  articles  hosts  lost  waiting  rule
        10         1        1         1      1     -        -  own/r0
    {file}:1: 'Zzyzx now'
    shadowed: own/r1 would take all that it removed
         9         1        2         2      2   50%        -  own/r1
    {file}:2: 'Zzyzx up'
    lost to own/r0 1
"""


def test_the_table(run: Run, folder: Path) -> None:  # noqa: F811
    path = folder / "a.jsonl"
    done = run("stats", "--rules", folder / "rules", "--only", "own", path)
    assert done == (0, PAGE.format(file=path), "")


def test_json(run: Run, folder: Path) -> None:  # noqa: F811
    done = run("stats", "--rules", folder / "rules", "--json", folder / "a.jsonl")
    told = json.loads(done.out)
    assert (told["articles"], told["rejected"], told["removed"], told["level"]) == (2, 0, 19, "normal")
    assert [entry["id"] for entry in told["rules"]] == ["own/r0", "own/r1"]
    assert told["rules"][1]["overruled_by"] == {"own/r0": 1}
    assert told["rules"][0]["shadowed_by"] == ["own/r1"]
    assert {"id", "why"} == set(told["never"][0])
    assert len(told["never"]) + 2 == len(run("list").out.splitlines()) + 2


def test_rules_that_never_matched_are_named(run: Run, folder: Path) -> None:  # noqa: F811
    out = run("stats", "--never", folder / "a.jsonl").out
    assert "\nnever hit:\n" in out
    assert "common/newsletter/signup-to" in out
    assert "--never names them" not in out
    assert "never hit (--never names them)" in run("stats", folder / "a.jsonl").out


def test_every_shape_of_input(run: Run, folder: Path) -> None:  # noqa: F811
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    text = BODY.format("Zzyzx now")
    (folder / "many").mkdir()
    (folder / "many" / "one.txt").write_text(text)
    (folder / "many" / "two.html").write_text(f"<!doctype html><p>{text}".replace("\n", "<p>"))
    with gzip.open(folder / "many" / "three.jsonl.gz", "wt") as file:
        file.write(json.dumps({"doc": {"body": text}, "text": "no"}) + "\n\n")
    pq.write_table(pa.table({"doc": [{"body": text}, {"body": None}]}), folder / "four.parquet")
    done = run("stats", "--rules", folder / "rules", "--only", "own/r0", "--field", "doc.body", "--json",
               folder / "many", folder / "four.parquet")  # fmt: skip
    told = json.loads(done.out)
    assert (done.code, done.err, told["articles"]) == (0, "", 4)
    assert (told["rules"][0]["id"], told["rules"][0]["removals"]) == ("own/r0", 4)


def test_standard_input_and_an_address(run: Run, folder: Path) -> None:  # noqa: F811
    (folder / "rules" / "limited.toml").write_text(file_text("match = '^zzyzx off$'\nsites = ['x.org']"))
    argv = ["stats", "--rules", folder / "rules", "--only", "limited", "--json"]
    text = BODY.format("Zzyzx off")
    assert json.loads(run(*argv, "--url", "https://x.org/a", data=text).out)["removed"] == 10
    assert json.loads(run(*argv, data=text).out)["never"] == [{"id": "limited/r0", "why": "no article of x.org"}]


def test_what_cannot_be_read_costs_itself(run: Run, folder: Path) -> None:  # noqa: F811
    path = folder / "b.jsonl"
    path.write_text('{"text": 1}\n{"txt": "a"}\nno\n{"text": null}\n{"text": "Zzyzx now"}\n' + '{"text": 1}\n' * 9)
    done = run("stats", "--json", path)
    lines = done.err.splitlines()
    assert done.code == 2
    assert lines[0] == f"cleaner-rules: {path}:1: field 'text' is a number; it must be a string"
    assert lines[1] == f"cleaner-rules: {path}:2: no field 'text'; there are: txt"
    assert lines[-1] == "cleaner-rules: and 2 more could not be read"
    assert (json.loads(done.out)["articles"], json.loads(done.out)["rejected"]) == (1, 12)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--only", "none"], "no rule 'none'; `cleaner-rules list` shows the ids"),
        (["none.jsonl"], "none.jsonl: No such file or directory"),
    ],
)
def test_what_cannot_be_done(run: Run, tmp_path: Path, monkeypatch, argv: list[str], said: str) -> None:  # noqa: F811
    monkeypatch.chdir(tmp_path)
    assert run("stats", *argv) == (2, "", f"cleaner-rules: {said}\n")
