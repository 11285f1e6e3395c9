"""Training material: producers, markup, labels, splices, the table and the command."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from cleaner.learn import corpus, dataset, label, splice
from cleaner.learn.markup import kind_from_markup
from cleaner.learn.produce import PRODUCERS, blocks, produce
from cleaner.learn.record import HARD
from cleaner.learn.sources import Gold
from cleaner.learn.table import tally, word_scores
from cleaner.types import KINDS, Span
from tests.conftest import ROOT
from tests.test_sources import ROW, put

pytest.importorskip("lxml.etree", reason="pages are read with lxml, of the extras test and learn")

BODY = (
    "The council voted on Tuesday to keep the night bus running through the winter months.",
    "Nobody in the room had expected the mayor to change her mind about the line. She had called it a waste.",
    "The bus costs the town four hundred thousand a year, a report by the treasurer says.",
    "A second vote on the day line follows in March, when the new budget is on the table.",
) * 3
PAGE = f"""<html lang="en"><head><title>Night bus stays | Example Post</title></head><body>
<header class="site-header"><nav><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li></ul></nav></header>
<div class="cookie-banner"><p>We use cookies.</p></div>
<article><h1>Night bus stays</h1><p class="byline">By Nora Whitcombe</p>
<figure><img><figcaption>The bus at dawn. Photo: Ann Lee</figcaption></figure>
{"".join(f"<p>{line}</p>" for line in BODY)}
<div class="newsletter-signup"><p>Sign up to our <b>weekly</b> letter</p></div>
<script>var x = "not seen";</script><p>One line<br>another line</p></article>
<aside><h3>Read more</h3><a href="/x">The mayor and the line</a></aside>
<footer><p>© Example Post</p></footer></body></html>"""
MANY = "the body " * 79 + "the body"
MARKUP = {
    "Home": "navigation", "We use cookies.": "consent", "By Nora Whitcombe": "byline", "Night bus stays": "headline",
    "The bus at dawn. Photo: Ann Lee": "caption", "Sign up to our weekly letter": "newsletter", BODY[0]: None,
    "The mayor and the line": "related", "© Example Post": "navigation", "One line": None, "another line": None,
}  # fmt: skip
GOLD = Gold(
    id="made/1",
    source="made",
    html=PAGE,
    lang="en",
    title="Night bus stays | Example Post",
    domain="example.org",
    body=BODY,
)


# --- producers and markup ----------------------------------------------------------------------------------------


def test_blocks_and_what_their_markup_says() -> None:
    found = {block.text: kind_from_markup(block) for block in blocks(PAGE)}
    assert {text: found[text] for text in MARKUP} == MARKUP
    assert not any("not seen" in text or text == "Example Post" for text in found)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        ("<!-- nothing -->", []),
        ("no markup at all", ["no markup at all"]),
        ("<p>a<p>b <i>c</i><div>d</div>e", ["a", "b c", "d", "e"]),
        (f"<body><noscript><p>{MANY}</p></noscript><p>Enable scripts</p>", [MANY, "Enable scripts"]),
        (f"<head><title>never closed <body><p>{MANY}", ["never closed", MANY]),
        ("<div>" * 1500 + "deep", ["deep"]),
    ],
    ids=["empty", "comment", "bare", "inline", "noscript", "title", "deep"],
)  # fmt: skip
def test_odd_pages(html: str, expected: list[str]) -> None:
    assert [block.text for block in blocks(html)] == expected


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PRODUCERS))
@pytest.mark.filterwarnings("ignore")
def test_every_producer_gives_the_body(name: str) -> None:
    module = {"blocks": "lxml", "trafilatura-recall": "trafilatura"}.get(name, name)
    pytest.importorskip(module, reason=f"{module} is of the extra learn")
    assert BODY[1] in produce(name, PAGE, "https://example.org/a")


def test_a_producer_that_breaks_gives_nothing() -> None:
    assert produce("newspaper", "\x00", "not a url") == ""


# --- labels ------------------------------------------------------------------------------------------------------


def labelled(text: str, **more: Any) -> dict[str, tuple[float, str, float]]:
    from dataclasses import replace

    kinds = label.kinds_of_blocks(blocks(PAGE))
    labels = label.by_gold(text, replace(GOLD, **more), kinds)
    return {labels.text[s.start : s.end]: (s.body, s.kind, s.weight) for s in labels.segments}


def test_labels_of_a_whole_page() -> None:
    found = labelled(produce("blocks", PAGE))
    assert found["Home"] == (0, "navigation", 1)
    assert found["Night bus stays"] == (0, "headline", 0)
    assert found["The bus at dawn."] == (0, "caption", 1)
    assert found["She had called it a waste."] == (1, "body", 1)


@pytest.mark.parametrize(
    ("more", "line", "expected"),
    [
        ({"optional": (BODY[0],)}, BODY[0], (1, "body", 0)),
        ({"found": 0.5}, BODY[0], (1, "body", label.POOR)),
        ({"source": "dragnet"}, BODY[0], (1, "body", label.LOOSE)),
        ({"body": ("By Nora Whitcombe", *BODY)}, "By Nora Whitcombe", (1, "body", label.CONFLICT)),
        ({"summary": ("In short, it stays.",)}, "In short, it stays.", (0, "standfirst", 1)),
        ({"authors": ("Tom Ash",)}, "Words: Tom Ash", (0, "byline", 1)),
        ({"body": BODY[:3]}, BODY[3], (0, "unknown", 1)),
        ({"body": BODY[:4]}, "* * *", (1, "body", 0)),
    ],
    ids=["optional", "poor", "loose", "conflict", "standfirst", "author", "unknown", "wordless"],
)
def test_what_the_gold_says_of_a_line(more: dict[str, Any], line: str, expected: tuple[float, str, float]) -> None:
    text = "\n".join(dict.fromkeys([*more.get("body", BODY)[:4], line]))
    assert labelled(text, **more)[line] == expected


def test_gold_that_stops_early_is_doubted() -> None:
    rest = [f"And thing {n} of all that the author wrote about the buses of the town in the rain." for n in range(12)]
    text = "\n".join([BODY[0], *rest])
    doubted = label.doubts(label.by_gold(text, GOLD, {}))
    weights = [segment.weight for segment in label.by_gold(text, GOLD, {}, doubted).segments]
    assert weights == [1] + [label.DOUBT] * 12
    assert not label.doubts(label.by_gold("\n".join([BODY[0], *rest[:5]]), GOLD, {}))


def test_decomposed_letters_are_the_same() -> None:
    found = labelled(
        "Die Fähre fährt über den großen See.", body=("Die Fa\u0308hre fa\u0308hrt u\u0308ber den großen See.",)
    )
    assert [body for body, *_ in found.values()] == [1]


def test_labels_by_spans() -> None:
    text, spans = label.joined(
        [("", "Give now.", "appeal"), ("", "The council met.", "body"), ("\n", "mixed bag", "mixed")]
    )
    labels = label.by_spans(text, spans)
    assert [(text[s.start : s.end], s.body, s.kind, s.weight) for s in labels.segments] == [
        ("Give now.", 0, "appeal", 1), ("The council met.", 1, "body", 1), ("mixed bag", 0, "unknown", 0),
    ]  # fmt: skip


def test_a_segment_over_two_spans_has_parts() -> None:
    labels = label.by_spans("Give now and the council met today.", [(Span(0, 8), "appeal"), (Span(8, 35), "body")])
    assert [segment.kind for segment in labels.segments] == ["body"]
    assert labels.parts == {0: (Span(8, 35),)}


def test_labels_by_snippets() -> None:
    from dataclasses import replace

    gold = replace(GOLD, body=None, required=("council voted on Tuesday",), forbidden=("Home",))
    found = label.by_snippets(f"Home\n{BODY[0]}\nHome is where the bus goes.", gold, {"home": "navigation"})
    assert [(s.body, s.kind, s.weight) for s in found.segments] == [
        (0, "navigation", 1),
        (1, "body", 1),
        (0, "unknown", 0),
    ]


# --- splices -----------------------------------------------------------------------------------------------------

APPEALS = [splice.Appeal(7, "en", "appeal", "Your support makes all the difference.", 0)]


@pytest.mark.parametrize("name", [f"made/{number}" for number in range(12)])
def test_splices_are_labelled_exactly(name: str) -> None:
    found = list(splice.splices(name, BODY, APPEALS))
    assert [made.name.split("-")[1] for made in found] == ["head", "middle", "tail"]
    assert found == list(splice.splices(name, BODY, APPEALS))
    for made in found:
        taken = [made.text[span.start : span.end] for span, kind in made.spans if kind == "appeal"]
        assert taken == [APPEALS[0].text]
        labels = label.by_spans(made.text, made.spans)
        assert [labels.text[s.start : s.end] for s in labels.segments if s.body == 0] == taken


def test_glued_means_glued() -> None:
    made = [item for number in range(30) for item in splice.splices(f"{number}", BODY, APPEALS)]
    glued = [item for item in made if item.name == "splice-middle-glued"]
    assert glued
    assert all("\n" + APPEALS[0].text not in item.text and APPEALS[0].text + "\n" not in item.text for item in glued)


def test_short_bodies_get_no_appeal() -> None:
    assert not list(splice.splices("made/1", BODY[:2], APPEALS))


# --- the table ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reference", "expected"),
    [
        ("a b c", "A, b!", (2 / 3, 1, 0.8)), ("a a", "a", (0.5, 1, 2 / 3)), ("", "", (1, 1, 1)), ("", "a", (0, 0, 0)),
        ("a", "b", (0, 0, 0)),
    ],
)  # fmt: skip
def test_word_scores(text: str, reference: str, expected: tuple[float, float, float]) -> None:
    assert word_scores(text, reference) == pytest.approx(expected)


def test_tally_says_what_the_oracle_cannot_reach() -> None:
    text = f"Give today: {BODY[0]} Read more\n{BODY[2]}"
    found = tally(label.by_gold(text, GOLD, {}), "\n".join((BODY[0], BODY[2], "Gone words here")))
    assert (found.documents, found.judged, found.cut) == (1, 1, 0)
    assert 0 < found.extra < 0.2
    assert 0 < found.missing < 0.2
    assert found.f1 < found.oracle <= 1 or found.extra > 0


# --- the command -------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    rows = [{**ROW, "id": f"made/{n}", "html": PAGE, "body": "\n".join(BODY), "optional": []} for n in range(5)]
    put(folder / "documents/made.jsonl.gz", "\n".join(map(json.dumps, rows)))
    read = {
        "id": "trafilatura/1",
        "blocks": [{"text": "Home", "kind": "navigation"}, *({"text": line, "kind": "body"} for line in BODY)],
    }
    put(folder / "labels/news-blocks.jsonl.gz", read)
    put(
        folder / "documents/trafilatura.jsonl.gz",
        {**ROW, "id": "trafilatura/1", "source": "trafilatura", "html": PAGE, "body": None},
    )
    put(
        folder / "lines/turku-quality.jsonl.gz",
        {"id": "t/1", "lang": "fi", "lines": ["Yksi kaksi.", "Jaa"], "labels": [1, 0]},
    )
    where = {"publisher": "Paper", "lang": "en", "source_url_or_repo": "https://example.org/x"}
    put(folder / "appeals/appeals.jsonl.gz", {"kind": "donation", "text": APPEALS[0].text, "verbatim": True, **where})
    put(folder / "appeals/hard_negatives.jsonl.gz", {"text": "Donate blood, he said.", **where})
    return folder


def run(shared: Path, out: Path, *more: str) -> int:
    folders = ["--shared", str(shared), "--out", str(out), "--corpus", str(ROOT / "corpus")]
    return dataset.main([*folders, "--producers", "blocks", "clean", "splice", "--limit", "4", *more])


def rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_command_makes_everything(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shared, tmp_path / "out", "--jobs", "1") == 0
    table = capsys.readouterr().out
    assert table == (tmp_path / "out/table.txt").read_text(encoding="utf-8")
    counts = {path.name.split(".")[0]: len(rows(path)) for path in (tmp_path / "out").glob("*.gz")}
    assert counts == {"made": 8, "news-blocks": 2, "turku-quality": 1, "hard-negatives": 1, "corpus": 4, "splice": 16}
    first = rows(tmp_path / "out/made.jsonl.gz")[0]
    assert list(first) == [
        "id", "source", "gold", "open", "domain", "lang", "title", "url", "page_type", "found", "fold", "producer",
        "text", "segments", "parts",
    ]  # fmt: skip
    for row in (row for path in (tmp_path / "out").glob("*.gz") for row in rows(path)):
        ends = [0, *(end for _, end, *_ in row["segments"])]
        assert all(end <= start < stop for end, (start, stop, *_) in zip(ends, row["segments"], strict=False))
        assert all(kind in ("body", "unknown", *KINDS) for *_, kind, _ in row["segments"])


def test_hard_negatives_weigh_more(shared: Path, tmp_path: Path) -> None:
    run(shared, tmp_path, "--jobs", "1")
    assert rows(tmp_path / "hard-negatives.jsonl.gz")[0]["segments"] == [[0, 22, 1.0, "body", HARD]]


@pytest.mark.slow
def test_same_bytes_with_any_number_of_jobs(shared: Path, tmp_path: Path) -> None:
    for jobs in ("1", "2"):
        run(shared, tmp_path / jobs, "--jobs", jobs)
    names = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert [(tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes() for name in names] == [
        True
    ] * len(names)


def test_broken_material_names_file_and_line(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(shared / "documents/made.jsonl.gz", json.dumps(ROW) + "\n{")
    assert run(shared, tmp_path, "--jobs", "1") == 2
    assert "made.jsonl.gz:2: not JSON" in capsys.readouterr().err
    assert not [path for path in tmp_path.iterdir() if path != shared]  # nothing half made


# --- the project's own corpus ------------------------------------------------------------------------------------


def test_corpus_rows_are_where_their_spans_say() -> None:
    for document in corpus.documents(ROOT / "corpus"):
        assert [document.text[span.start : span.end] for span, _ in document.spans] == [
            row.text for row in document.rows
        ]


@pytest.mark.parametrize(
    ("text", "message"), [("lang: en\n", ":1: no line"), ("lang: en\n---\nbody Hi\n", ":3: not a row")]
)
def test_a_corpus_file_that_is_none(text: str, message: str, tmp_path: Path) -> None:
    put(tmp_path / "en/made.txt", text)
    with pytest.raises(ValueError, match=f"made.txt{message}"):
        list(corpus.documents(tmp_path))
