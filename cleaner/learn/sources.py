"""Source material to gold documents: the shared JSONL layout, and the layouts of public clones.

Every reader yields `Gold`, in a fixed order, one at a time. What a file does not hold in the layout it should have is a
SourceError with its name and line.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cleaner.learn.produce import blocks
from cleaner.pipeline import host_of
from cleaner.types import CleanerError


class SourceError(CleanerError):
    """Source material that is not in its layout. The message is `file:line: what is wrong`."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A page and what is right for it. Texts of gold are lines, one a paragraph."""

    id: str
    source: str
    html: str
    url: str | None = None
    domain: str | None = None
    lang: str | None = None
    title: str | None = None
    body: tuple[str, ...] | None = None
    """None where the source has only snippets."""
    required: tuple[str, ...] = ()
    """Snippets that a right answer has."""
    forbidden: tuple[str, ...] = ()
    """Snippets that no right answer has."""
    summary: tuple[str, ...] = ()
    """The standfirst, where the source keeps it apart from the body."""
    headlines: tuple[str, ...] = ()
    """Subheadings; they stand in the body too."""
    optional: tuple[str, ...] = ()
    """Lines of the body that a right answer may leave out."""
    authors: tuple[str, ...] = ()
    open: bool = False
    """Whether what is learned from it may be shipped."""
    page_type: str | None = None
    found: float | None = None
    """Share of the body's words that stand in the page; None where nobody measured."""


# --- the shared layout -------------------------------------------------------------------------------------------


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL.gz file, each with its line number."""
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                number += 1
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise SourceError(f"{path}:{number}: not an object")
                yield number, row
    except json.JSONDecodeError as error:
        raise SourceError(f"{path}:{number}: not JSON: {error.msg}") from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}:{number + 1}: cannot be read: {error}") from error


def shared(path: Path) -> Iterator[Gold]:
    """Documents of one `documents/SOURCE.jsonl.gz`."""
    for number, row in read_jsonl(path):
        try:
            yield _shared_row(row)
        except (KeyError, TypeError, AttributeError) as error:
            raise SourceError(f"{path}:{number}: no document: {type(error).__name__}: {error}") from error


def _shared_row(row: dict[str, Any]) -> Gold:
    body = row["body"]
    return Gold(
        id=row["id"],
        source=row["source"],
        html=row["html"],
        url=row["url"],
        domain=row["domain"],
        lang=row["lang"],
        title=row["title"],
        body=None if body is None else _lines(body),
        required=tuple(row["with"]),
        forbidden=tuple(row["without"]),
        summary=tuple(row["summary"]),
        headlines=tuple(row["headlines"]),
        optional=tuple(row["optional"]),
        authors=tuple(_flat(row["author"] or ())),
        open=row["open"],
        page_type=row["page_type"],
        found=row["found"],
    )


def _flat(names: Any) -> Iterator[str]:
    """Names of authors, listed in whatever way."""
    if isinstance(names, str):
        yield names
    else:
        for item in names:
            yield from _flat(item)


# --- public clones -----------------------------------------------------------------------------------------------


def wcxb(folder: Path) -> Iterator[Gold]:
    """The development pages of a WCXB clone: `dev/ground-truth/ID.json` and `dev/html/ID.html[.gz]`.

    Never the test pages: they judge."""
    for path in _found(folder / "dev" / "ground-truth", "*.json"):
        row = _json(path)
        gold = row.get("ground_truth")
        if not isinstance(gold, dict):
            raise SourceError(f"{path}:1: no `ground_truth`")
        url = row.get("url") or gold.get("url")
        kind = (row.get("_internal") or {}).get("page_type") or "article"
        kind = kind.get("primary") or "article" if isinstance(kind, dict) else kind
        yield Gold(
            id=f"wcxb/dev/{path.stem}",
            source="wcxb",
            html=_page(folder / "dev" / "html", path.stem),
            url=url,
            domain=domain_of(url),
            lang="en",
            title=gold.get("title") or None,
            body=_lines(gold.get("main_content") or ""),
            required=tuple(gold.get("with") or ()),
            forbidden=tuple(gold.get("without") or ()),
            open=True,
            page_type="collection" if kind == "category" else kind,
        )


def fundus(folder: Path) -> Iterator[Gold]:
    """Parser fixtures of a Fundus clone: `tests/resources/parser/test_data/COUNTRY/` with `meta.info`,
    `PUBLISHER.json` (a parser version each) and `PUBLISHER_DATE.html.gz`.

    Which page a parser version belongs to is in no file, so each version takes the page that has most of its text."""
    root = folder / "tests" / "resources" / "parser" / "test_data"
    for path in _found(root, "*/*.json"):
        urls = _json(path.parent / "meta.info")
        pages = [page for page in sorted(urls) if re.fullmatch(re.escape(path.stem) + r"_[\d_]+\.html\.gz", page)]
        texts = {name: _read(path.parent / name) for name in pages if (path.parent / name).exists()}
        for version, row in sorted(_json(path).items()):
            if isinstance(row, dict) and row.get("body") and texts:
                name = max(texts, key=lambda name: _common(row["body"], texts[name]))
                yield _fundus_row(f"fundus/{path.stem}/{version}", row, texts[name], urls[name].get("url"))


def _fundus_row(name: str, row: dict[str, Any], html: str, url: str | None) -> Gold:
    sections = row["body"].get("sections") or []
    body = [line for part in sections for line in (*(part.get("headline") or ()), *(part.get("paragraphs") or ()))]
    return Gold(
        id=name,
        source="fundus",
        html=html,
        url=url,
        domain=domain_of(url),
        lang=lang_of(html),
        title=row.get("title"),
        body=_lines("\n".join(body)),
        summary=tuple(row["body"].get("summary") or ()),
        headlines=tuple(line for part in sections for line in part.get("headline") or ()),
        authors=tuple(row.get("authors") or ()),
        open=True,
        page_type="article",
    )


def _common(body: dict[str, Any], html: str) -> int:
    return sum(line[:60] in html for part in body.get("sections") or () for line in part.get("paragraphs") or ())


def scrapinghub(folder: Path) -> Iterator[Gold]:
    """Articles of an article-extraction-benchmark clone: `ground-truth.json` and `html/ID.html.gz`.

    Not open here, though its licence is: these pages judge, so nothing that is shipped may have seen them."""
    for name, row in sorted(_json(folder / "ground-truth.json").items()):
        html = _page(folder / "html", name)
        url = row.get("url")
        yield Gold(
            id=f"scrapinghub/{name}",
            source="scrapinghub",
            html=html,
            url=url,
            domain=domain_of(url),
            lang=lang_of(html),
            body=_lines(row.get("articleBody") or ""),
            page_type="article",
        )


def readability(folder: Path) -> Iterator[Gold]:
    """Test pages of a Readability.js clone: `test/test-pages/NAME/` with `source.html`, `expected.html` and
    `expected-metadata.json`."""
    for path in _found(folder / "test" / "test-pages", "*/source.html"):
        meta = _json(path.parent / "expected-metadata.json")
        html = _read(path)
        yield Gold(
            id=f"readability/{path.parent.name}",
            source="readability",
            html=html,
            lang=(meta.get("lang") or lang_of(html) or "")[:2].lower() or None,
            title=meta.get("title"),
            body=tuple(block.text for block in blocks(_read(path.parent / "expected.html"))),
            authors=(meta["byline"],) if meta.get("byline") else (),
            open=True,
        )


CLONES: Final[dict[str, Callable[[Path], Iterator[Gold]]]] = {
    "wcxb": wcxb,
    "fundus": fundus,
    "scrapinghub": scrapinghub,
    "readability": readability,
}

# --- small things ------------------------------------------------------------------------------------------------

_LANG: Final = re.compile(r"<html\b[^>]{0,400}?\blang\s*=\s*[\"']?([a-zA-Z]{2,3})\b", re.IGNORECASE)
# Under these a domain has three labels: "bbc.co.uk".
_SECOND: Final = frozenset(
    ("ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "in", "ne", "net", "nic", "or", "org")
)


def lang_of(html: str) -> str | None:
    """The language that the page says it is in."""
    found = _LANG.search(html[:20_000])
    return found[1].lower() if found else None


def domain_of(url: str | None) -> str | None:
    """The registered domain of a URL, near enough to keep one publisher's pages together."""
    labels = (host_of(url) or "").split(".")
    if len(labels) < 2:
        return None
    return ".".join(labels[-3:] if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND else labels[-2:])


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _found(folder: Path, pattern: str) -> list[Path]:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise SourceError(f"{folder}:1: nothing here is named {pattern}; is this the root of the clone?")
    return paths


def _page(folder: Path, name: str) -> str:
    for ending in (".html.gz", ".html"):
        if (path := folder / (name + ending)).exists():
            return _read(path)
    raise SourceError(f"{folder / name}.html:1: no such page")


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError) as error:
        raise SourceError(f"{path}:1: cannot be read: {error}") from error
    return data.decode("utf-8", "replace")


def _json(path: Path) -> dict[str, Any]:
    try:
        row = json.loads(_read(path))
    except json.JSONDecodeError as error:
        raise SourceError(f"{path}:{error.lineno}: not JSON: {error.msg}") from error
    if not isinstance(row, dict):
        raise SourceError(f"{path}:1: not an object")
    return row
