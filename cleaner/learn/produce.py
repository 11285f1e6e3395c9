"""Dirty texts as producers give them: careless ones (every visible block of a page) and careful ones (extractors)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cleaner.tags import BLOCKS, UNSEEN

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_THIN: Final = 400
"""Characters of text below which a page is taken for one that shows itself by script only."""
_TITLE: Final = re.compile(r"</?title\b[^>]{0,200}>", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")
# XML forbids these, and lxml refuses or cuts at them.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Block(NamedTuple):
    """A visible block of a page."""

    text: str
    tags: tuple[str, ...]
    """Tag names from the root down to the block."""
    words: tuple[str, ...]
    """For each of the tags its id, class and role, in lower case."""
    linked: float
    """Share of its characters that are links."""


def blocks(html: str) -> list[Block]:
    """Every visible block of a page in reading order. Ignores style sheets: what scripts fold away is here too.

    A page that shows next to nothing is read again as a browser without scripts sees it, and without its title: one
    that is never closed swallows the page."""
    page = list(_walk(parse(html), UNSEEN))
    if _size(page) < _THIN < len(html):
        plain = list(_walk(parse(html), UNSEEN - {"noscript"}))
        untitled = list(_walk(parse(_TITLE.sub("", html)), UNSEEN))
        page = max(page, plain, key=_size)
        page = untitled if _size(untitled) > _size(page) + _THIN else page
    return page


def _size(page: list[Block]) -> int:
    return sum(len(block.text) for block in page)


def parse(html: str) -> Element | None:
    """The page's tree, or None where there is nothing to parse."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    data = _ILLEGAL.sub("", html).encode()
    try:
        return etree.fromstring(data, parser) if data.strip() else None
    except etree.XMLSyntaxError:  # nothing but comments
        return None


def _walk(root: Element | None, unseen: frozenset[str]) -> Iterator[Block]:
    """Depth first without recursion: pages nest deeper than Python does."""
    if root is None:
        return
    tags: list[str] = []
    words: list[str] = []
    buffer = _Buffer()
    stack: list[tuple[Element, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        seen = bool(tag) and tag not in unseen
        block = seen and tag in BLOCKS
        if block:
            yield from buffer.flush(tags, words)
        if leaving:
            tags.pop()
            words.pop()
            buffer.links -= tag == "a"
        elif seen:
            tags.append(tag)
            words.append(" ".join(element.get(name) or "" for name in ("id", "class", "role")).strip().lower())
            buffer.links += tag == "a"
            buffer.add(element.text)
            stack.append((element, True))
            stack += [(child, False) for child in reversed(element)]
            continue
        if element is not root:
            buffer.add(element.tail)
    yield from buffer.flush(tags, words)


class _Buffer:
    """Text of one block as it is gathered."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.links = 0
        self.linked = 0

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            self.linked += len(text.strip()) if self.links else 0

    def flush(self, tags: list[str], words: list[str]) -> Iterator[Block]:
        text = _SPACE.sub(" ", "".join(self.pieces)).strip()
        if text:
            yield Block(text, tuple(tags), tuple(words), min(1.0, self.linked / len(text)))
        self.pieces.clear()
        self.linked = 0


# --- extractors --------------------------------------------------------------------------------------------------


def _all_blocks(html: str, url: str | None) -> str:
    return "\n".join(block.text for block in blocks(html))


def _trafilatura(html: str, url: str | None, **options: Any) -> str:
    from trafilatura import extract

    return extract(html, url=url, include_comments=False, **options) or ""


def _trafilatura_recall(html: str, url: str | None) -> str:
    return _trafilatura(html, url, favor_recall=True)


def _newspaper(html: str, url: str | None) -> str:
    import newspaper

    article = newspaper.Article(url or "http://localhost/", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return str(article.text)


def _readability(html: str, url: str | None) -> str:
    from readability import Document

    return "\n".join(block.text for block in blocks(Document(_ILLEGAL.sub("", html)).summary(html_partial=True)))


Producer = Callable[[str, str | None], str]
PRODUCERS: Final[dict[str, Producer]] = {
    "blocks": _all_blocks,
    "trafilatura": _trafilatura,
    "trafilatura-recall": _trafilatura_recall,
    "newspaper": _newspaper,
    "readability": _readability,
}


def produce(name: str, html: str, url: str | None = None) -> str:
    """The text one producer gives. A producer that breaks on a page gives none: they are other people's programs,
    and what they raise is theirs to choose."""
    try:
        return PRODUCERS[name](html, url)
    except Exception:
        return ""
