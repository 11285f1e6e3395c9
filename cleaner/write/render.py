"""What people and programs look at: text, JSON, an explained article, a diff. Reads results, changes nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from cleaner.types import Decision, Result

Paragraphs = Literal["blank", "line"]

_RED, _GREEN, _DIM, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[2m", "\x1b[0m"
_LINE_ENDS: Final = re.compile("\r\n?|[\n\v\f\x1c\x1d\x1e\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")


def paragraphs(text: str, how: Paragraphs | None) -> str:
    """The text with a blank line (`blank`) or only a line break (`line`) between its lines; as it is for None."""
    if how is None:
        return text
    lines = [line for line in text.split("\n") if line.strip()]
    return ("\n\n" if how == "blank" else "\n").join(lines)


def as_json(result: Result, *, file: str | None = None, how: Paragraphs | None = None) -> str:
    """One JSON object on one line. Offsets count code points of the input, or of `document` where that is given:
    it is given for a page, and if something had to be mended. Of a page its metadata are given too."""
    document = result.document
    shown: dict[str, object] = {} if file is None else {"file": file}
    shown |= {"text": paragraphs(result.text, how), "title": result.title, "url": document.url, "lang": document.lang}
    if result.empty:
        shown["empty"] = result.empty
    if document.page:
        meta = document.page.meta
        shown |= {"authors": meta.authors, "date": meta.date, "site": meta.site, "encoding": document.page.encoding}
    shown["decisions"] = [_decision(decision, document.text) for decision in result.decisions]
    shown["steps"] = list(result.steps)
    if document.mended or document.page:
        shown["document"] = document.text
    return json.dumps(shown, ensure_ascii=False)


def _decision(decision: Decision, text: str) -> dict[str, object]:
    shown: dict[str, object] = {name: value for name, value in decision._asdict().items() if value is not None}
    shown["text"] = text[decision.start : decision.end]
    return shown


class Piece(NamedTuple):
    """A part of one line of the document and what became of it."""

    text: str
    decision: Decision | None
    begins_line: bool


def pieces(result: Result) -> Iterator[Piece]:
    """The whole document in order, cut at line ends and where decisions begin and end; blank lines are left out."""
    text, at = result.document.text, 0
    spans: list[tuple[int, int, Decision | None]] = []
    for decision in result.decisions:
        spans += [(at, decision.start, None), (decision.start, decision.end, decision)]
        at = decision.end
    spans.append((at, len(text), None))
    begins = True
    for start, end, owner in spans:
        lines = _LINE_ENDS.split(text[start:end])
        for number, line in enumerate(lines):
            if line.strip():
                yield Piece(line.strip(" \t"), owner, begins)
                begins = False
            begins = begins or number < len(lines) - 1


def explain(result: Result, *, colour: bool) -> str:
    """The article with margins: `-` removed, `=` kept although something wanted it, ` ` kept; `...` goes on a line.
    A reason stands above the first line that it is the reason for."""
    red, green, dim, plain = (_RED, _GREEN, _DIM, _PLAIN) if colour else ("", "", "", "")
    out, last = [], None
    for piece in pieces(result):
        owner = piece.decision
        if owner is not None and owner != last:
            out.append(f"{dim}    {_reason(owner)}{plain}")
        last = owner
        sign, paint = (" ", "") if owner is None else ("-", red) if owner.action == "strip" else ("=", green)
        joint, end = "" if piece.begins_line else f"{dim}...{plain}", plain if paint else ""
        out.append(f"{paint}{sign}{end} {joint}{paint}{piece.text}{end}")
    out.append(f"{dim}    {summary(result)}{plain}")
    return "\n".join(out)


def _reason(decision: Decision) -> str:
    sure = "" if decision.chance is None else f", chance {decision.chance:.2f}"
    return f"{decision.kind}: {'kept, ' if decision.action == 'keep' else ''}{decision.by}{sure}"


def summary(result: Result) -> str:
    """One line: how much went, of which kinds, and the steps that changed something."""
    removed = result.removed
    counts: dict[str, int] = {}
    for decision in removed:
        counts[decision.kind] = counts.get(decision.kind, 0) + 1
    went = sum(d.end - d.start for d in removed)
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
    steps = f"; steps: {', '.join(result.steps)}" if result.steps else ""
    return f"{went} of {len(result.document.text)} characters removed{f' ({kinds})' if kinds else ''}{steps}"


def diff(result: Result, name: str) -> str:
    """A unified diff from the document to the clean text, line by line; empty if no line changed."""
    import difflib  # only where a diff is asked for

    before, after = _lines(result.document.text), _lines(result.text)
    return "\n".join(difflib.unified_diff(before, after, name, f"{name} (clean)", lineterm=""))


def _lines(text: str) -> list[str]:
    """The lines of a text; an end behind the last begins no other."""
    lines = _LINE_ENDS.split(text)
    return lines if lines[-1] else lines[:-1]
