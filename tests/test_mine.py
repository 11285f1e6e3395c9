"""Rules from one's own articles: what is mined, what is not, and what is written."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner import rules_cli
from cleaner.rulekit.mine.keys import keyed
from cleaner.rulekit.mine.read import Trouble
from cleaner.rulekit.mine.run import Mined, mine
from cleaner.rulekit.mine.settings import How
from cleaner.rulekit.mine.wording import kind_of, phrases
from cleaner.types import InputError, UsageError
from tests import site
from tests.bench_mine import of_site, score

pytest.importorskip("duckdb")

NAME = "evening-lantern.example"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def articles() -> list[site.Article]:
    return list(site.site(400))


@pytest.fixture(scope="module")
def mined(articles: list[site.Article], tmp_path_factory: pytest.TempPathFactory) -> Mined:
    path = site.write_site(tmp_path_factory.mktemp("mine") / "a.jsonl", articles)
    (item,) = mine([str(path)], How())
    return item


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*argv: object) -> tuple[int, str, str]:
        code = rules_cli.main([str(arg) for arg in argv])
        return (code, *capsys.readouterr())

    return call


def lines(path: Path, *records: dict[str, object] | str) -> Path:
    texts = [item if isinstance(item, str) else json.dumps(item) for item in records]
    path.write_text("".join(f"{text}\n" for text in texts))
    return path


def pages(count: int, *last: str, host: str = "x.example") -> list[dict[str, object]]:
    """Articles of three sentences of their own, with these lines behind them."""
    dice = random.Random(count)
    bodies = [" ".join(site.sentence(dice) for _ in range(3)) for _ in range(count)]
    return [{"url": f"https://{host}/{n}", "text": "\n".join([body, *last])} for n, body in enumerate(bodies)]


# --- the generated site -------------------------------------------------------------------------------------------


def test_recall_and_precision(mined: Mined, articles: list[site.Article], tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.toml").write_text(mined.text)
    recall, precision, _ = score(of_site(articles), tmp_path)
    assert recall > 0.97
    assert precision == 1.0


@pytest.mark.parametrize("text", [site.BACKGROUND, site.SHORT, site.QUOTE, site.SUBHEADING, *site._TAGS[:2]])
def test_what_an_author_wrote_is_not_mined(mined: Mined, text: str) -> None:
    rules = [line for line in mined.text.split("\n") if line.startswith(("phrases", "first", "last", "    "))]
    assert f'"{text}"' not in "".join(rules)


@pytest.mark.parametrize(
    "text",
    [
        'phrases = ["Set in type on {date}"]',
        '"{name} walks the harbour for the Lantern and can be found there most evenings"',
        '"{number} readers lit a candle for this story"',
        '"From the same shelf: {any}"',
        "within = true",
        f'first = ["{site.APPEAL[0]}"]',
        f'sites = ["{NAME}"]',
    ],
)
def test_what_is_written(mined: Mined, text: str) -> None:
    assert text in mined.text


def test_drifting_wording_is_one_rule(mined: Mined) -> None:
    (rule,) = [rule for rule in mined.text.split("[[rule]]") if site.DRIFT[0] in rule]
    assert site.DRIFT[1] in rule


def test_near_misses_are_from_the_corpus(mined: Mined) -> None:
    assert sum(text in mined.text for text in site.NEAR) >= 2


def test_each_rule_says_what_it_would_remove(mined: Mined) -> None:
    assert mined.text.count("# Here it would remove ") == mined.rules == mined.text.count("[[rule]]")
    assert "# In 400 of 400 articles (100.0%), 2023-01-" in mined.text


def test_the_order_of_the_input_makes_no_difference(mined: Mined, articles: list[site.Article], tmp_path: Path) -> None:
    mixed = random.Random(3).sample(articles, len(articles))
    halves = [
        site.write_site(tmp_path / name, part) for name, part in (("a", mixed[:150]), ("b", [*mixed[150:], *mixed[:9]]))
    ]
    assert list(mine([str(path) for path in halves], How(memory=64))) == [mined]


def test_the_file_passes_as_it_stands(mined: Mined, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "site" / f"{NAME}.toml"
    path.parent.mkdir()
    path.write_text(mined.text)
    assert run("test", path)[0] == 0
    assert run("lint", path) == (0, f"{mined.rules} rules, 0 findings\n", "")


# --- small hosts --------------------------------------------------------------------------------------------------


def rules_of(path: Path, how: How | None = None) -> str:
    return "".join(item.text for item in mine([str(path)], how or How()))


def test_one_article_updated_again_and_again_is_one(tmp_path: Path) -> None:
    dice = random.Random(5)
    story = [site.sentence(dice) for _ in range(8)]
    again = [{"url": f"https://x.example/s{n}", "text": "\n".join([*story, site.sentence(dice)])} for n in range(4)]
    assert rules_of(lines(tmp_path / "a.jsonl", *pages(10), *again), How(least=3)) == ""


def test_an_article_without_a_body_of_its_own_is_no_witness(tmp_path: Path) -> None:
    story = "\n".join(site.sentence(random.Random(n)) for n in range(4))
    same = [{"url": f"https://x.example/s{n}", "text": f"{story}\n{n} lamps"} for n in range(30)]
    assert rules_of(lines(tmp_path / "a.jsonl", *pages(10), *same)) == ""


def test_what_stands_on_one_day_only_is_not_mined(tmp_path: Path) -> None:
    records = pages(12, "The mill is closed to visitors until the flood has gone down.")
    for number, record in enumerate(records):
        record["date"] = "2024-05-01" if number < 6 else f"2024-06-{number:02}"
        if number >= 6:
            record["text"] = str(record["text"]).split("\n")[0]
    assert rules_of(lines(tmp_path / "a.jsonl", *records)) == ""
    for number, record in enumerate(records):
        record["date"] = f"2024-05-{number + 1:02}"
    assert "The mill is closed" in rules_of(lines(tmp_path / "a.jsonl", *records))


def test_what_shipped_rules_take_is_not_mined(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", *pages(12, "Sign up to our daily newsletter"))
    assert rules_of(path) == ""
    assert "Sign up to our daily newsletter" in rules_of(path, How(everything=True))


def test_hosts_by_name(tmp_path: Path) -> None:
    last = "Ask for the blue ledger at the counter of the salt store"
    records = [*pages(8, last, host="www.b.example"), *pages(9, last, host="a.example"), *pages(2, host="c.example")]
    path = lines(tmp_path / "a.jsonl", *records)
    found = [(item.host, item.rules, item.few) for item in mine([str(path)], How())]
    assert found == [("a.example", 1, False), ("b.example", 1, False), ("c.example", 0, True)]
    assert [item.host for item in mine([str(path)], How(host="b.example"))] == ["b.example"]


def test_parquet_with_fields_within_fields(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    records = pages(8, "Ask for the blue ledger at the counter of the salt store")
    rows = [{"doc": {"body": item["text"], "link": item["url"]}, "id": 1} for item in records]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert "blue ledger" in rules_of(tmp_path / "a.parquet", How(text="doc.body", url="doc.link"))


# --- wording ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "alone", "wanted"),
    [
        ("5 lamps burn", True, ("# lamps burn", "", "", "")),
        (
            "Walk with Nora Reid to the quay",
            True,
            ("walk with nora reid to the quay", "walk with * to the quay", "", ""),
        ),
        ("Walk with Nora Reid to the quay", False, ("walk with nora reid to the quay", "", "", "")),
        (
            "Nora Reid walks the quay",
            True,
            ("nora reid walks the quay", "nora * walks the quay", "* walks the quay", ""),
        ),
        ("Next: the ferry sails at dawn", True, ("next the ferry sails at dawn", "", "", "next")),
        ("12345", True, None),
        ('"It is late," he said.', True, None),
        ("1. Take a loaf", True, None),
    ],
)
def test_readings(text: str, alone: bool, wanted: tuple[str, ...] | None) -> None:
    assert keyed(text, alone=alone) == wanted


@pytest.mark.parametrize(
    ("reading", "variants", "wanted"),
    [
        ("exact", ["We sail.", "We sail."], ("We sail.",)),
        ("exact", ["9 oars", "12 oars"], ("{number} oars",)),
        ("exact", ["Since 1871 here"], ("Since 1871 here",)),
        (
            "inner",
            [f"Ask {name} in the yard" for name in ("Nora Reid", "Ines", "Odile F")],
            ("Ask {name} in the yard",),
        ),
        ("inner", ["Ask Nora in the yard", "Ask Ines in the yard"], ()),
        ("inner", [f"Set on {day} May 2024 here" for day in (1, 2, 3)], ("Set on {date} here",)),
        ("label", [f"Next: the {what} sails" for what in ("ferry", "barge", "tug")], ("Next: {any}",)),
        ("exact", ["a {b} c"], ("a  b  c",)),
    ],
)
def test_phrases(reading, variants: list[str], wanted: tuple[str, ...]) -> None:
    found = phrases(reading, variants)
    assert [text.replace("{name}", "{any}") for text in found] == [text.replace("{name}", "{any}") for text in wanted]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Get it in your inbox", "newsletter"), ("Abonnieren Sie uns", "subscription"), ("The ferry sailed.", None)],
)
def test_kinds(text: str, kind: str | None) -> None:
    assert kind_of(text) == kind


# --- the command --------------------------------------------------------------------------------------------------


def test_the_command(run: Run, tmp_path: Path) -> None:
    last = "Ask for the blue ledger at the counter of the salt store"
    path = lines(tmp_path / "a.jsonl", *pages(8, last), *pages(7, host="y.example"), *pages(2, host="z.example"))
    folder = tmp_path / "mine"
    code, out, err = run("mine", path, "--dir", folder)
    assert (code, err) == (0, "")
    file = folder / "site" / "x.example.toml"
    assert out.startswith(f"wrote {file}: 1 rules from 8 articles, ")
    assert "y.example: nothing repeats enough in 7 articles\nfewer than 5 articles with a body: z.example\n" in out
    before = file.read_text()
    file.write_text("mine")
    assert run("mine", path, "--dir", folder)[::2] == (
        2,
        f"cleaner-rules: {file} is there already; --force replaces it\n",
    )
    assert file.read_text() == "mine"
    assert run("mine", path, "--dir", folder, "--force")[0] == 0
    assert file.read_text() == before


def test_records_that_are_no_articles(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "a.jsonl",
        {"url": "https://x.example/1", "text": None},
        {"url": "https://x.example/1"},
        {"text": "a"},
        {"url": "nowhere", "text": "a"},
        "",
        '{"text": ',
    )
    told: list[Trouble] = []
    assert list(mine([str(path)], How(), told.append)) == []
    assert [str(item).removeprefix(f"{path}:") for item in told] == [
        "2: no field 'text'; say with --field what it is called",
        "3: no field 'url'; say with --url-field what it is called",
        "4: field 'url' has no host: 'nowhere'; give the article's address",
        "6: not JSON: a value is missing at character 9",
    ]


def test_what_can_be_read_once_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="twice"):
        list(mine(["-"], How()))
    (tmp_path / "a.txt").write_text("It was late.")
    with pytest.raises(InputError, match="give JSON lines or Parquet"):
        list(mine([str(tmp_path / "a.txt")], How()))


@pytest.mark.parametrize("given", [{"least": 1}, {"share": 2.0}, {"memory": 1}])
def test_settings_that_make_no_sense(given: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="give"):
        How(**given)  # type: ignore[arg-type]
