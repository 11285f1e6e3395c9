"""Article bodies that a page does not show: those in its JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEAST: Final = 500
"""Characters of a body worth having."""
_SHOWN: Final = 0.3
"""Share of a body's sentences from which the page shows it."""
_PROBE: Final = 40
_SENTENCE: Final = re.compile(r"[.!?。！？\n]\s*")
_WORD: Final = re.compile(r"\w+")
_BREAK: Final = re.compile(r"</?(?:p|br|div|li|h[1-6])\b[^>]{0,500}>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-zA-Z][^>]{0,2000}>")
_DEPTH: Final = 8


def json_ld_body(root: HtmlElement, html: str, shown: str) -> str | None:
    """The longest `articleBody` of the page's JSON-LD, a paragraph a line, if the page shows little of it."""
    if '"articleBody"' not in html:
        return None
    found = [text for script in root.iter("script") if _is_data(script) for text in _bodies(script.text or "")]
    body = max(found, key=len, default="")
    if len(body) < _LEAST:
        return None
    known = " ".join(_WORD.findall(shown.lower()))
    probes = [" ".join(_WORD.findall(part.lower()))[:_PROBE] for part in _SENTENCE.split(body) if len(part) >= _PROBE]
    if not probes or sum(probe in known for probe in probes) >= _SHOWN * len(probes):
        return None
    return body


def _is_data(script: HtmlElement) -> bool:
    return "ld+json" in (script.get("type") or "")


def _bodies(data: str) -> Iterator[str]:
    try:
        found = json.loads(data, strict=False)
    except (ValueError, RecursionError):
        return
    yield from _within(found, _DEPTH)


def _within(item: Any, depth: int) -> Iterator[str]:
    if isinstance(item, dict) and depth:
        body = item.get("articleBody")
        if isinstance(body, str):
            yield unescape(_TAG.sub("", _BREAK.sub("\n", unescape(body)))).strip()
        for value in item.values():
            yield from _within(value, depth - 1)
    elif isinstance(item, list) and depth:
        for value in item:
            yield from _within(value, depth - 1)
