"""Rules from one's own articles: what is mined, what is not, and what is written."""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner import load_rules, rules_cli
from cleaner.read.segment import View
from cleaner.rulekit.lint import Finding
from cleaner.rulekit.mine.check import _reason
from cleaner.rulekit.mine.count import pieces
from cleaner.rulekit.mine.headline import headings, reads_like_one
from cleaner.rulekit.mine.keys import keyed
from cleaner.rulekit.mine.read import Trouble, site_of
from cleaner.rulekit.mine.run import Mined, mine
from cleaner.rulekit.mine.settings import How
from cleaner.rulekit.mine.slots import phrases
from cleaner.rulekit.mine.wording import kind_of, likely_kind
from cleaner.rulekit.wording import NEAR
from cleaner.types import Document, InputError, UsageError
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
    (rule,) = [rule for rule in mined.text.split("\n\n") if f'"{site.DRIFT[0]}"' in rule]
    assert site.DRIFT[1] in rule


def test_near_misses_are_from_the_corpus(mined: Mined) -> None:
    assert sum(text in mined.text for text in site.NEAR) >= 2


def test_headlines_of_an_edition_are_not_mined(articles: list[site.Article], tmp_path: Path) -> None:
    """They stand on all its pages, and above their own articles."""
    pages = list(site.editions(articles))
    records = [{"url": item.url, "date": item.date, "text": item.text} for item in pages]
    undated = [{"url": f"https://{NAME}/{number}", "text": item.text} for number, item in enumerate(pages)]
    for number, given in enumerate((records, undated)):
        (found,) = mine([str(lines(tmp_path / f"{number}.jsonl", *given))], How())
        (folder := tmp_path / str(number)).mkdir()
        (folder / f"{NAME}.toml").write_text(found.text)
        recall, precision, _ = score(of_site(pages), folder)
        assert (recall > 0.97, precision) == (True, 1.0)
        rules, _, left = found.text.partition("# News of the day?")
        assert not any(f'"{item.lines[1].text}"' in rules for item in pages)
        assert " 20 articles, headline of an article: " in left


def test_each_rule_says_what_it_would_remove(mined: Mined) -> None:
    assert mined.text.count("# Here it would remove ") == mined.rules == mined.text.count("[[rule]]")
    assert "# In 400 of 400 articles (100.0%), 2023-01-" in mined.text
    (rule,) = [rule for rule in mined.text.split("\n\n") if '["Set in type on {date}"]' in rule]
    assert rule.startswith("# In 400 of 400 articles (100.0%), 2023-01-01 to 2024-11-29: opening 100%.\n")
    assert f"\n# Seen on https://{site.HOST}/" in rule
    assert "\n#   below: " in rule
    assert "\n# careful: no near miss in these articles\n" in rule
    assert "# careful: takes a sentence out of a paragraph\n" in mined.text


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
    assert all(" placeholder: " in line for line in run("lint", path)[1].splitlines() if path.name in line)
    assert mined.text.count("# no near miss found; write one") == 1


# --- small hosts --------------------------------------------------------------------------------------------------


def rules_of(path: Path, how: How | None = None) -> str:
    return "".join(item.text for item in mine([str(path)], how or How()))


def loaded(text: str) -> list[dict[str, object]]:
    return tomllib.loads(text)["rule"]


def test_what_opens_a_block_says_enough_by_itself(tmp_path: Path) -> None:
    last = ("Media", "Software", "Ask the night porter", "Ring twice for the ferry")
    (rule,) = loaded(rules_of(lines(tmp_path / "a.jsonl", *pages(9, *last))))
    assert rule["between"]["first"] == ["Ask the night porter"]  # type: ignore[index]
    assert rules_of(lines(tmp_path / "a.jsonl", *pages(9, "Media", "Software", "Security"))) == ""


@pytest.mark.parametrize(("word", "rules"), [("Science", 0), ("Close", 0), ("MAR", 0), ("Reprints", 1), ("Σχόλια", 1)])
def test_single_words_that_are_rules(tmp_path: Path, word: str, rules: int) -> None:
    assert rules_of(lines(tmp_path / "a.jsonl", *pages(9, word))).count("[[rule]]") == rules


def test_a_line_of_two_sentences_is_one_rule(tmp_path: Path) -> None:
    line = "Ring twice for the ferry. The porter brings a lamp to the lower quay."
    (rule,) = loaded(rules_of(lines(tmp_path / "a.jsonl", *pages(9, line))))
    assert (rule["phrases"], rule["strips"], rule.get("within")) == ([line], [line], None)


def test_no_rule_takes_a_sentence_out_of_a_line_that_only_varies(tmp_path: Path) -> None:
    dice = random.Random(4)
    records = pages(12)
    for record in records:
        said = " ".join(dice.sample(site.sentence(dice).split(), 5))
        record["text"] = f"{record['text']}\nAsk for the blue ledger at the counter. Today {said}."
    assert "within" not in rules_of(lines(tmp_path / "a.jsonl", *records))


def test_what_stands_with_headlines_on_a_line_is_no_rule(tmp_path: Path) -> None:
    titles = [" ".join(site.sentence(random.Random(number)).split()[:8]) for number in range(5)]
    path = lines(tmp_path / "a.jsonl", *pages(9, *(f"What next! {title}" for title in titles)))
    assert rules_of(path) == ""


def test_headlines_are_news_where_days_are_few(tmp_path: Path) -> None:
    records = pages(24)
    for number, record in enumerate(records):
        record["date"] = f"2024-{number // 2 + 1:02}-{number % 2 * 14 + 3:02}"
        if number % 4 == 0:
            record["text"] = f"{record['text']}\nFerryman sells the harbour maps to a baker"
    assert "Ferryman sells" in rules_of(lines(tmp_path / "a.jsonl", *records))
    for number, record in enumerate(records):
        if number % 4 == 0:
            record["date"] = f"2024-06-{number // 4 + 3:02}"
    assert rules_of(lines(tmp_path / "a.jsonl", *records)) == ""


def test_the_toolbar_of_a_web_archive_is_no_template(tmp_path: Path) -> None:
    bar = ("23 captures", "About this capture", "COLLECTED BY", "Organization: Alexa Crawls", "Collection: alexa_web",
           "Loading http://web.archive.org/web/2013/x")  # fmt: skip
    assert rules_of(lines(tmp_path / "a.jsonl", *pages(9, *bar))) == ""


def test_wordings_that_differ_in_a_date_are_one_rule(tmp_path: Path) -> None:
    records = pages(24, "Printed on the old press")
    for number, record in enumerate(records):
        day = ("Δευτέρα 5 Γενάρη 2012", "Τρίτη 16 Δεκέμβρη 2011", "Τετάρτη 7 Μάη 2011")[number % 3]
        other = ("Monday, Jan 7 2012", "Friday, Dec 2 2011")[number % 2]
        record["text"] = f"{record['text']}\n{day}\nThe quay on {other} at dusk"
    found = [rule["phrases"] for rule in loaded(rules_of(lines(tmp_path / "a.jsonl", *records))) if "phrases" in rule]
    days = ["Δευτέρα {number} Γενάρη {number}", "Τετάρτη {number} Μάη {number}", "Τρίτη {number} Δεκέμβρη {number}"]
    assert sorted(days) in found
    assert ["The quay on {date} at dusk"] in found


def test_near_misses_that_are_not_found_are_said_to_be_missing(tmp_path: Path) -> None:
    text = rules_of(lines(tmp_path / "a.jsonl", *pages(9, "Διαβάστε σήμερα όλα τα νέα του νησιού")))
    (rule,) = loaded(text)
    assert "# no near miss found; write one" in text
    assert rule["keeps"] == [NEAR["el"][0].format(said="Διαβάστε σήμερα όλα τα νέα του νησιού")]
    assert rule["id"] == "mined-diavaste-simera-ola-ta-nea"


def test_the_shipped_library_has_the_host(tmp_path: Path) -> None:
    last = "Ask for the blue ledger at the counter of the salt store"
    (item,) = mine([str(lines(tmp_path / "a.jsonl", *pages(9, last, host="arstechnica.com")))], How())
    assert "rules/site/arstechnica.com.toml" in item.text.split("format = 1")[0]
    assert "rules/site/arstechnica.com.toml is shipped already" in item.notes[0]


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


def test_hosts_of_one_publisher_are_one_file(tmp_path: Path) -> None:
    last = "Ask for the blue ledger at the counter of the salt store"
    hosts = ("www1.b.example", "www2.b.example", "m.b.example", "news.b.example")
    records = [page for number, host in enumerate(hosts, 6) for page in pages(number, last, host=host)]
    path = lines(tmp_path / "a.jsonl", *records)
    assert [(item.host, item.rules) for item in mine([str(path)], How())] == [("b.example", 1), ("news.b.example", 1)]
    (item,) = mine([str(path)], How(host="b.example"))
    assert (item.host, item.read) == ("b.example", len(records))


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("www.b.example", "b.example"),
        ("edition.b.example", "b.example"),
        ("www.m.b.example", "b.example"),
        ("mobile.example", "mobile.example"),
        ("m.co.uk", "m.co.uk"),
        ("media.b.example", "media.b.example"),
    ],
)
def test_sites(host: str, found: str) -> None:
    assert site_of(host) == found


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
        ("exact", ["6PM 5°C at sea", "6PM 7°C at sea"], ("6PM {number}°C at sea",)),
        (
            "inner",
            [f"winds {way} {n} on deck" for n, way in enumerate(("NW", "N", "SE"))],
            ("winds {any} {number} on deck",),
        ),
        (
            "inner",
            [f"Seen at {n} {month} by all" for n, month in enumerate(("May", "June", "July"), 2)],
            ("Seen at {date} by all",),
        ),
    ],
)
def test_phrases(reading, variants: list[str], wanted: tuple[str, ...]) -> None:
    found = phrases(reading, variants)
    said = [re.sub(r"\{(?:name|words)\}", "{any}", text) for text in found]
    assert said == [text.replace("{name}", "{any}") for text in wanted]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Get it in your inbox", "newsletter"),
        ("Abonnieren Sie uns", "subscription"),
        ("Follow Ars on Google Plus", "social"),
        ("The ferry sailed.", None),
    ],
)
def test_kinds(text: str, kind: str | None) -> None:
    assert kind_of(text) == likely_kind(text) == kind


def test_words_that_name_a_kind_and_prove_none() -> None:
    assert (kind_of("The ferry on video"), likely_kind("The ferry on video")) == (None, "media")


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("Ferryman sells the harbour maps to a baker", True),
        ("The show must go on!", True),
        ("The ferry sails at dawn.", False),
        ("Harbour & quay news for the week", False),
        ("Please log in to see the quay", False),
        ("Get the tide letter in your inbox", False),
        ("Town council", False),
    ],
)
def test_what_reads_like_a_headline(text: str, like: bool) -> None:
    assert reads_like_one(text) == like


def test_a_page_s_own_headline_stands_above_its_byline_and_in_its_address() -> None:
    text = "Home\nFerryman sells the maps\n3 May 2012\nLamps are dear on the quay today\nand more"
    found = pieces(View(Document(text)), "x.example")
    assert [found[number].text for number in headings(found, 9, "https://x.example/a/lamps-are-dear-quay.html")] == [
        "Ferryman sells the maps",
        "Lamps are dear on the quay today",
    ]


# --- the command --------------------------------------------------------------------------------------------------


def test_the_command(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    said = "is there already, and not mined again; --force replaces it, and what you changed in it is lost\n"
    monkeypatch.setattr("cleaner.rulekit.mine.gather.gather", None)
    assert run("mine", path, "--dir", folder, "--host", "x.example") == (2, "", f"cleaner-rules: {file} {said}")
    monkeypatch.undo()
    code, out, err = run("mine", path, "--dir", folder)
    assert (code, err) == (2, f"cleaner-rules: {file} {said}")
    assert "y.example: nothing repeats" in out
    assert file.read_text() == "mine"
    assert run("mine", path, "--dir", folder, "--force")[0] == 0
    assert file.read_text() == before


def test_numbers_of_articles_do_not_contradict_each_other(run: Run, tmp_path: Path) -> None:
    last = "Ask for the blue ledger at the counter of the salt store"
    empty = [{"url": f"https://x.example/e{n}", "text": f"{n} lamps\n{last}"} for n in range(3)]
    path = lines(tmp_path / "a.jsonl", *pages(8, last), *empty)
    _, out, _ = run("mine", path, "--dir", tmp_path)
    count = "11 articles (8 with a body of their own)"
    assert f": 1 rules from {count}, " in out
    text = (tmp_path / "site" / "x.example.toml").read_text()
    assert text.startswith(f"# Mined from {count} of x.example.")
    assert "# In 11 of 11 articles" in text


def test_what_another_rule_takes_is_left_out_and_said_so() -> None:
    rule = load_rules()[0]
    assert _reason(Finding(rule, "shadowed", "drop this rule")) == "nothing to do: another rule takes it already"


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
