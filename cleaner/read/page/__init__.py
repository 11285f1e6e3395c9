"""An HTML page to a document: its visible text, the markup around every block of it, and what it says of itself.

The tree is parsed once. trafilatura is imported only where its opinion is asked for (`vote`), lxml only here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from cleaner.read.page import meta
from cleaner.read.page.bodies import json_ld_body, script_body
from cleaner.read.page.encoding import decode_page
from cleaner.read.page.walk import Walked, walk
from cleaner.tags import UNSEEN
from cleaner.types import Block, Document, Element, InputError, Mark, Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_THIN: Final = 400
"""Characters of text below which a page is taken for one that shows itself by script only."""
_MOST_ASKED: Final = 12_000
"""Elements of a page up to which trafilatura is asked: its time grows with their square, to 5 s at 10,000 and more than
a minute at 50,000. The most of 2,299 real pages were 9,483."""
_NESTED_TABLES: Final = 100
"""Tables within tables up to which it is asked: for each it goes over all that stand within, and within those; 100 take
0.07 s, 600 took 4 s. The most of 3,411 real pages were 16."""
_TITLE: Final = re.compile(r"</?title\b[^>]{0,200}>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[a-zA-Z!/?]")
_CONTROLS: Final = bytes(code for code in range(32) if code not in b"\t\n\r")
"""XML forbids these, and libxml2 cuts the page at the first NUL."""
# libxml2 reads no further than 2048 elements deep; real pages have 20 to 100, those that never close a tag any number.
_NESTED_INLINE: Final = re.compile(rb"</?(?:a|b|big|em|font|i|ins|small|span|strong|u)\b[^<>]*>", re.IGNORECASE)
_NESTED_BOX: Final = re.compile(
    rb"</?(?:blockquote|center|div|li|ol|section|table|tbody|td|tr|ul)\b[^<>]*>", re.IGNORECASE
)
_BODY: Final = Element(-1, "article", "articlebody", hidden=False)
"""What a body that stands only in the page's data is said to stand in."""


class How(NamedTuple):
    """How a page is to be read."""

    encoding: str | None = None
    """Of the bytes; None for what they say."""
    vote: bool = False
    """Ask trafilatura for its opinion on the body, which takes several times as long as all else."""
    tables: bool = True
    """Whether tables of data are read."""
    metadata: bool = False
    """Ask trafilatura for what the page says of itself: it finds more authors, dates and sites than the head names."""


_AS_IT_IS: Final = How()


def read_page(html: str | bytes, *, url: str | None = None, how: How = _AS_IT_IS) -> Document:
    """The document that a page shows. Bodies that stand only in `<noscript>` or in the page's JSON-LD are found; what
    is no page at all gives a document without text, what has no tag a document that is no page."""
    text, encoding = (html, "") if isinstance(html, str) else decode_page(html, how.encoding)
    if _TAG.search(text) is None:
        return Document(text, url)
    root = parse(text, shared=how.vote or how.metadata)
    if root is None:
        return Document("", url, page=Page((), (), encoding=encoding))
    body, walked = _seen(root, text, how)
    if hidden := json_ld_body(root, text, walked.text):
        walked = _joined(walked, hidden)
    asked = (how.vote or how.metadata) and _may_be_asked(walked.elements)
    about = meta.of_trafilatura(root, url) if how.metadata and asked else meta.of_tree(root)
    voted = vote(body, url) if how.vote and asked else None
    page = Page(walked.blocks, walked.elements, walked.marks, about, encoding, voted)
    return Document(walked.text, url or about.url, about.title, about.lang, page=page)


def _may_be_asked(elements: Sequence[Element]) -> bool:
    """Whether trafilatura reads a page in a time that can be borne."""
    if len(elements) > _MOST_ASKED:
        return False
    depths: list[int] = []
    for element in elements:
        depths.append((depths[element.parent] if element.parent >= 0 else 0) + (element.tag == "table"))
    return max(depths, default=0) <= _NESTED_TABLES


def vote(root: HtmlElement, url: str | None) -> str:
    """The text that trafilatura takes for the body; none where it finds none or breaks. Its fast setting: as one
    opinion among others it is as good as the slow one, for two thirds of the time."""
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(root, url=url, include_comments=False, fast=True)
    except Exception:  # its own, libxml2's, those of what it stands on: whatever it is, the page is read without it
        return ""
    return (found.text or "") if found else ""


def parse(html: str, *, shared: bool = False) -> HtmlElement | None:
    """The page's tree, or None where there is nothing to parse. `shared`: one that trafilatura can read too."""
    from lxml import etree
    from lxml import html as lxml_html

    make = lxml_html.HTMLParser if shared else etree.HTMLParser
    parser = make(
        collect_ids=False,
        default_doctype=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    data = html.encode(errors="ignore").translate(None, _CONTROLS)
    try:
        root: HtmlElement | None = etree.fromstring(data, parser) if data.strip() else None
        if root is not None and parser.error_log.filter_types([etree.ErrorTypes.ERR_RESOURCE_LIMIT]):
            root = etree.fromstring(_NESTED_BOX.sub(b"<p>", _NESTED_INLINE.sub(b"", data)), parser)
    except etree.XMLSyntaxError:  # nothing but comments
        return None
    except etree.LxmlError as error:
        raise InputError(f"is a page that the parser cannot read: {error}") from error
    if root is not None:
        root.extend(list(root.itersiblings()))  # what stands behind </html>: 1 page of 250 has text there
    return root


def _seen(root: HtmlElement, html: str, how: How) -> tuple[HtmlElement, Walked]:
    """What the page shows, and the tree that it stands in. If that is next to nothing it is read again as a browser
    without scripts sees it, without its title (one that is never closed swallows the page), and from the HTML that its
    scripts would show."""
    page = walk(root, tables=how.tables)
    if not len(page.text) < _THIN < len(html):
        return root, page
    page = max(page, walk(root, UNSEEN - {"noscript"}, tables=how.tables), key=lambda walked: len(walked.text))
    bare = parse(_TITLE.sub("", html))
    untitled = page if bare is None else walk(bare, tables=how.tables)
    page = untitled if len(untitled.text) > len(page.text) + _THIN else page
    body = script_body(root)
    made = parse(f'<article class="{_BODY.words}">{body}</article>', shared=how.vote) if body else None
    if made is not None and len((shown := walk(made, tables=how.tables)).text) > len(page.text) + _THIN:
        return made, shown
    return root, page


def _joined(page: Walked, body: str) -> Walked:
    """The page with the paragraphs of a body that it does not show."""
    pieces, blocks, at = [page.text] if page.text else [], list(page.blocks), len(page.text)
    for line in filter(None, map(str.strip, body.splitlines())):
        at += bool(pieces)
        pieces.append(line)
        blocks.append(Block(at, at + len(line), len(page.elements) + 1, 0.0))
        at += len(line)
    paragraph = Element(len(page.elements), "p", "", hidden=False)
    return Walked("\n".join(pieces), tuple(blocks), (*page.elements, _BODY, paragraph), page.marks)


def mended(document: Document, blocks: list[str], steps: tuple[str, ...]) -> Document:
    """The document with other text in its blocks, mended by these steps. Marks of blocks that changed are dropped."""
    page = document.page or Page((), ())
    at = 0
    moved: list[Block] = []
    shifts: list[tuple[Block, int | None]] = []
    for block, said in zip(page.blocks, blocks, strict=True):
        at += bool(moved)
        same = said == document.text[block.start : block.end]
        shifts.append((block, at - block.start if same else None))
        moved.append(block._replace(start=at, end=at + len(said)))
        at += len(said)
    marks, number = [], 0
    for mark in sorted(page.marks):
        while number < len(shifts) - 1 and shifts[number][0].end <= mark.start:
            number += 1
        shift = shifts[number][1]
        if shift is not None:
            marks.append(Mark(mark.start + shift, mark.end + shift, mark.tag, mark.href))
    changed = replace(page, blocks=tuple(moved), marks=tuple(marks))
    return replace(document, text="\n".join(blocks), mended=steps, page=changed)
