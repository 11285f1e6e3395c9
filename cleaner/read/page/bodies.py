"""What a page says in its JSON-LD, and article bodies that stand there or in its scripts and are not shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEAST: Final = 500
"""Characters of a body worth having."""
_SHOWN: Final = 0.3
"""Share of a body's sentences from which the page shows it."""
_SENTENCE_LEAST: Final = 24
"""Characters from which a sentence is told from another by its words. Chinese ones are short."""
_PROBE: Final = 40
_PROBES: Final = 60
"""How many sentences are looked for; each costs a pass over the page's text."""
_SENTENCE: Final = re.compile(r"[.!?。！？\n]\s*")
_WORD: Final = re.compile(r"\w+")
# Tags hold no other tag: a row of opened ones is passed once.
_SCRIPT: Final = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK: Final = re.compile(r"</?(?:p|br|div|li|tr|blockquote|h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_DEPTH: Final = 12
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_PARAGRAPH: Final = re.compile(r"(?:<|\\u003c|&lt;)p\b", re.IGNORECASE)
_DATA: Final = re.compile(r"\s*(?:\w+:)?[\[{]")
_PARAGRAPHS: Final = 2
"""How many a body has at least."""

_JSON: Final = json.JSONDecoder(strict=False)
_OPENED: Final = re.compile(r"[\[{]")
_CDATA: Final = re.compile(r"<!\[CDATA\[")
# A string is passed as a whole, so that what it says stays.
_LAST_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*+[\]}])', re.DOTALL)


def json_ld_body(root: HtmlElement, html: str, shown: str) -> str | None:
    """The longest `articleBody` of the page's JSON-LD, a paragraph a line, if the page shows little of it."""
    if '"articleBody"' not in html:
        return None
    bodies = (item["articleBody"] for item in json_ld(root.iter("script")) if "articleBody" in item)
    body = max(map(_plain, bodies), key=len, default="")
    return body if len(body) >= _LEAST and not _is_shown(body, shown) else None


def script_body(root: HtmlElement) -> str | None:
    """The HTML of the longest body among the strings of the page's scripts: what they would render it from."""
    found = (body for script in root.iter("script") for body in _strings(script.text or "", 2))
    return max(found, key=lambda body: len(_plain(body)), default=None)


def _strings(data: str, depth: int) -> Iterator[str]:
    """The strings of JSON that have paragraphs; of JSON in JSON too."""
    if not _PARAGRAPH.search(data):
        return
    for string in _STRING.finditer(data):
        if len(string[1]) < _LEAST or len(_PARAGRAPH.findall(string[1])) < _PARAGRAPHS:
            continue
        try:
            said = _JSON.decode(string[0])
        except ValueError:
            continue
        inside = list(_strings(said, depth - 1)) if depth else []
        yield from inside
        if not inside and not _DATA.match(said) and len(_plain(said)) >= _LEAST:
            yield said


def json_ld(scripts: Iterable[HtmlElement], longest: int | None = None) -> Iterator[dict[str, Any]]:
    """Every object of the JSON-LD among these scripts, those around before those inside. Scripts over `longest`
    characters and those that are no JSON are passed over."""
    for script in scripts:
        if "ld+json" in (script.get("type") or "").lower():
            data = script.text or ""
            if longest is None or len(data) <= longest:
                yield from _within(_parsed(data), _DEPTH)


def _parsed(data: str) -> Any:
    """What the JSON says; None if it is none. Line ends in strings, wrappers, what follows it, and commas after the
    last item are put up with."""
    return _first(data) or _first(_LAST_COMMA.sub(lambda found: found[1] or "", _CDATA.sub("", data)))


def _first(data: str) -> Any:
    start = _OPENED.search(data)
    try:
        return _JSON.raw_decode(data, start.start())[0] if start else None
    except (ValueError, RecursionError):
        return None


def _within(item: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(item, dict):
        yield item
        item = item.values()
    elif not isinstance(item, list):
        return
    if depth:
        for value in item:
            if isinstance(value, (dict, list)):
                yield from _within(value, depth - 1)


def _plain(body: Any) -> str:
    """Text of a body, that may be HTML, and that HTML escaped once more; paragraphs that stand apart are lines."""
    if isinstance(body, list):
        body = "\n".join(part for part in body if isinstance(part, str))
    if not isinstance(body, str):
        return ""
    try:
        text = _TAG.sub("", _BREAK.sub("\n", _SCRIPT.sub("\n", unescape(body))))
        return unescape(text).strip()
    except ValueError:  # a character's number too long for Python to read
        return body.strip()


def _is_shown(body: str, shown: str) -> bool:
    """Whether the text holds some sentences of the body. A body without sentences is taken to be shown."""
    known = " ".join(_WORD.findall(shown.lower()))
    sentences = [part for part in _SENTENCE.split(body) if len(part) >= _SENTENCE_LEAST]
    sentences = sentences[:: len(sentences) // _PROBES + 1]
    probes = [" ".join(_WORD.findall(sentence[: 2 * _PROBE].lower()))[:_PROBE] for sentence in sentences]
    return sum(probe in known for probe in probes) >= _SHOWN * len(probes)
