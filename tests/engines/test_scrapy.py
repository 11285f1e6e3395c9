"""A crawl of a small site, served on loopback, each in a process of its own: a reactor starts once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.corpus import documents
from tests.engines.articles import BINARY, adapter, clean, cleaner, rows
from tests.pages import page_of

adapter("scrapy")
pytestmark = [pytest.mark.engine, pytest.mark.slow]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of a site that shows what lies in `tmp_path/site`."""
    (tmp_path / "site").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "site")))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def serve(folder: Path, files: dict[str, bytes], urls: dict[str, str | None] | None = None) -> None:
    for name, content in files.items():
        (folder / "site" / name).write_bytes(content)
    index = [{"name": name, "url": (urls or {}).get(name)} for name in files]
    (folder / "site" / "index.json").write_text(json.dumps(index), encoding="utf-8")


def crawl(
    kind: str, settings: dict[str, Any], base: str, folder: Path
) -> tuple[dict[str, dict[str, Any]], dict[str, int]]:
    """The items that came out, by name, and the crawler's stats."""
    out = folder / "items.jsonl"
    feeds = {str(out): {"format": "jsonlines", "fields": ["name", "text", "url", "why"]}}
    given = json.dumps([kind, {"FEEDS": feeds, **settings}, base])
    done = subprocess.run(
        [sys.executable, "-m", "tests.engines.site_spider", given],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    )
    lines = out.read_text(encoding="utf-8").split("\n") if out.exists() else []
    items = {item["name"]: item for line in lines if line for item in [json.loads(line)]}
    return items, json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("kind", ["dict", "item", "dataclass"])
def test_texts_come_out_as_of_a_bare_call(kind: str, site: str, tmp_path: Path) -> None:
    named = {f"{row['number']:02}.txt": row for row in rows()}
    files = {name: (row["text"] or "").encode() for name, row in named.items()}
    serve(tmp_path, files, {name: row["url"] for name, row in named.items()})
    items, stats = crawl(kind, {}, site, tmp_path)
    expected = {name: clean(row["text"], row["url"]) for name, row in named.items()}
    assert {name: item.get("text") for name, item in items.items()} == expected
    assert {name: item.get("url") for name, item in items.items()} == {n: row["url"] for n, row in named.items()}
    assert stats["cleaner/cleaned"] == 28
    assert stats["cleaner/without_text"] == 2
    assert stats["cleaner/changed"] == sum(expected[name] != row["text"] for name, row in named.items())
    assert stats["cleaner/removed/newsletter"] > 1


def test_pages_reasons_and_options(site: str, tmp_path: Path) -> None:
    pages = {f"{number}.html": page_of(document).encode() for number, document in enumerate(documents()[::20])}
    serve(tmp_path, {**pages, "picture.html": BINARY})
    settings = {
        "CLEANER_HTML_FIELD": "page",
        "CLEANER_ERROR_FIELD": "why",
        "CLEANER_OPTIONS": {"level": "cautious", "html_mode": "fast"},
    }
    items, stats = crawl("dataclass", settings, site, tmp_path)
    picture = items.pop("picture.html")
    made = type(cleaner())(level="cautious", html_mode="fast")
    assert {n: item["text"] for n, item in items.items()} == {n: made.clean_html(p).text for n, p in pages.items()}
    assert "picture" in picture["why"]
    assert stats["cleaner/failed"] == 1


def test_items_that_go(site: str, tmp_path: Path) -> None:
    serve(tmp_path, {"a.txt": b"Sign up to our newsletter", "b.txt": b"It rained.", "picture.html": BINARY})
    items, stats = crawl(
        "dict", {"CLEANER_DROP_EMPTY": True, "CLEANER_HTML_FIELD": "page", "CLEANER_FIELD": "text"}, site, tmp_path
    )
    assert list(items) == ["b.txt"]
    assert stats["item_dropped_count"] == 1
    assert stats["cleaner/failed"] == 1
    assert stats["log_count/ERROR"] == 1


def test_what_is_wrong_is_said_before_anything_runs() -> None:
    from scrapy.utils.test import get_crawler

    from cleaner import UsageError
    from cleaner.integrations.scrapy import ArticlePipeline

    for settings in ({"CLEANER_FORMAT": "word"}, {"CLEANER_OPTIONS": {"level": "bold"}}, {"CLEANER_FIELD": "a..b"}):
        with pytest.raises(UsageError):
            ArticlePipeline.from_crawler(get_crawler(settings_dict=settings))
