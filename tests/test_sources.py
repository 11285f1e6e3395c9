"""Importers, each on a small made-up clone, and what they say when something is not as it should be."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner.learn.sources import CLONES, Gold, SourceError, domain_of, lang_of, shared

PAGE = "<html lang='en-GB'><body><nav>Home</nav><p>The bus stays.</p><p>It runs at night.</p></body></html>"
OTHER = "<html lang='de'><body><p>Der Bus bleibt, sagt der Rat am Dienstag.</p></body></html>"
ROW = {
    "id": "made/1", "source": "made", "url": "https://www.example.org/a", "domain": "example.org", "lang": "en",
    "page_type": None, "title": "The bus", "html": PAGE, "body": "The bus stays.\n\nIt runs at night.",
    "with": ["stays"], "without": ["Home"], "summary": [], "headlines": [], "optional": ["The bus"], "author": None,
    "date": None, "gold": "human", "found": 1.0, "licence": "MIT", "open": True,
}  # fmt: skip


def put(path: Path, what: str | bytes | dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = json.dumps(what) if isinstance(what, dict) else what
    data = data.encode() if isinstance(data, str) else data
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def wcxb(root: Path) -> None:
    gold = {
        "title": "The bus",
        "main_content": "The bus stays.\nIt runs at night.",
        "with": ["stays"],
        "without": ["Home"],
    }
    kind = {"page_type": {"primary": "category", "confidence": "high"}}
    put(
        root / "dev/ground-truth/0001.json",
        {"url": "https://a.example.co.uk/x", "ground_truth": gold, "_internal": kind},
    )
    put(root / "dev/html/0001.html.gz", PAGE)
    put(root / "test/ground-truth/0002.json", {"ground_truth": gold})


def fundus(root: Path) -> None:
    folder = root / "tests/resources/parser/test_data/uk"
    body = {
        "summary": ["In short."],
        "sections": [{"headline": ["Buses"], "paragraphs": ["The bus stays.", "It runs at night."]}],
    }
    old = {"summary": [], "sections": [{"headline": [], "paragraphs": ["Der Bus bleibt, sagt der Rat am Dienstag."]}]}
    title = {"title": "The bus", "authors": ["Nora Whitcombe"]}
    put(folder / "Paper.json", {"V1": {"body": old, **title}, "V1_1": {"body": body, **title}})
    put(folder / "PaperTwo.json", {"V1": {"body": body, **title}})
    names = ("Paper_2024_01_01", "Paper_2025_01_01", "PaperTwo_2024_01_01")
    put(folder / "meta.info", {f"{name}.html.gz": {"url": f"https://example.org/{name}"} for name in names})
    for name, page in zip(names, (OTHER, PAGE, PAGE), strict=True):
        put(folder / f"{name}.html.gz", page)


def scrapinghub(root: Path) -> None:
    put(
        root / "ground-truth.json",
        {"ab12": {"articleBody": "The bus stays.\n\nIt runs at night.", "url": "https://example.org/"}},
    )
    put(root / "html/ab12.html.gz", PAGE)


def readability(root: Path) -> None:
    folder = root / "test/test-pages/001"
    put(folder / "source.html", PAGE)
    put(folder / "expected.html", "<div><p>The bus stays.</p><p>It runs at <b>night</b>.</p></div>")
    put(folder / "expected-metadata.json", {"title": "The bus", "byline": "Nora Whitcombe", "lang": None})


CASES: list[tuple[Callable[[Path], None], str, dict[str, Any]]] = [
    (
        wcxb,
        "wcxb/dev/0001",
        {"domain": "example.co.uk", "page_type": "collection", "open": True, "required": ("stays",)},
    ),
    (fundus, "fundus/Paper/V1", {"url": "https://example.org/Paper_2024_01_01", "lang": "de"}),
    (
        fundus,
        "fundus/Paper/V1_1",
        {"url": "https://example.org/Paper_2025_01_01", "summary": ("In short.",), "headlines": ("Buses",)},
    ),
    (fundus, "fundus/PaperTwo/V1", {"url": "https://example.org/PaperTwo_2024_01_01", "authors": ("Nora Whitcombe",)}),
    (scrapinghub, "scrapinghub/ab12", {"open": False, "lang": "en", "page_type": "article"}),
    (readability, "readability/001", {"title": "The bus", "lang": "en", "authors": ("Nora Whitcombe",)}),
]


@pytest.mark.parametrize(("make", "name", "expected"), CASES, ids=[case[1] for case in CASES])
def test_importer(make: Callable[[Path], None], name: str, expected: dict[str, Any], tmp_path: Path) -> None:
    make(tmp_path)
    gold = {item.id: item for item in CLONES[make.__name__](tmp_path)}[name]
    assert {key: getattr(gold, key) for key in expected} == expected
    assert gold.body is not None
    assert gold.body[-2:] == ("The bus stays.", "It runs at night.") or gold.lang == "de"


def test_test_pages_are_never_read(tmp_path: Path) -> None:
    wcxb(tmp_path)
    assert [gold.id for gold in CLONES["wcxb"](tmp_path)] == ["wcxb/dev/0001"]


@pytest.mark.parametrize("name", sorted(CLONES))
def test_a_folder_that_is_no_clone(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^/.*:1: "):
        list(CLONES[name](tmp_path))


def lines(path: Path, *rows: str) -> Iterator[Gold]:
    put(path, "\n".join(rows))
    return shared(path)


def test_shared_layout(tmp_path: Path) -> None:
    gold = next(lines(tmp_path / "made.jsonl.gz", json.dumps(ROW)))
    assert (gold.id, gold.body, gold.optional, gold.open) == (
        "made/1",
        ("The bus stays.", "It runs at night."),
        ("The bus",),
        True,
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [("{", ":2: not JSON"), ("[]", ":2: not an object"), ('{"id": "made/2"}', ":2: no document: KeyError: 'body'")],
)
def test_errors_name_file_and_line(line: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=f"made.jsonl.gz{message}"):
        list(lines(tmp_path / "made.jsonl.gz", json.dumps(ROW), line))


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"), ("a.b.example.org/x", "example.org"),
        ("https://orf.at/1", "orf.at"), (None, None), ("nonsense", None),
    ],
)  # fmt: skip
def test_domain(url: str | None, domain: str | None) -> None:
    assert domain_of(url) == domain


@pytest.mark.parametrize(("html", "lang"), [(PAGE, "en"), ("<HTML class=x LANG=fr>", "fr"), ("<p>", None)])
def test_lang(html: str, lang: str | None) -> None:
    assert lang_of(html) == lang
