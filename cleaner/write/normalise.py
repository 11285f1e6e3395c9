"""The two tables of named steps, each a plain `str -> str` that changes nothing when there is nothing to do.

`mend` runs on reading and repairs what a carrier broke, so that judging reads what the author wrote. `tidy` runs on what
was kept. Every step is idempotent, and so is each table. Quotes and dashes stay as they were set.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from cleaner.text import CLOSERS, ENTITY, INVISIBLE, TERMINAL, entity, seams
from cleaner.types import UsageError

Step = Callable[[str], str]

# UTF-8 read as Latin-1 or Windows-1252: a lead character followed by a continuation character. Either alone is normal
# text in some language ("Â" in Vietnamese, "Ã" in Portuguese); the pair is not, but for the few that `encoding` weighs.
_MOJIBAKE: Final = re.compile(
    "â€[™œ\x9d˜“”¦¢\x9c\x99\x98\x93\x94\xa6]|Ã[\x80-\xbf¡-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â[\xa0-\xbf]|ï»¿|ï¿½|[ÐÑ][\x80-\xbf][ÐÑ][\x80-\xbf]"
)
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_ENTITY: Final = re.compile(ENTITY)
_INVISIBLE: Final = re.compile(INVISIBLE)
_LINE_ENDS: Final = re.compile("\r\n?|[\v\f\x1c\x1d\x1e\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")

_SPACES: Final = "\t \N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_TRAILING: Final = re.compile(rf"[{_SPACES}]+$", re.MULTILINE)
# Two or more spaces between words. Tables and code align with them: see `spaces`.
_GAP: Final = re.compile(rf"(?<=[^\s])[{_SPACES}]{{2,}}(?=[^\s])")
_COLUMNS: Final = re.compile(r"\S(?: {3,}|\t+)\S")
_CODE_LINE: Final = re.compile(r"^(?: {4,}|\t)|[{};]\s*$|^\s*(?:#|//|/\*|\|)|^\s*(?:def|class|if|for|while|return|import|from)\b.*[:)]\s*$")
_BLANK: Final = re.compile(r"\n{3,}")


def encoding(text: str) -> str:
    """Repairs UTF-8 that was read as another encoding ("donâ€™t"), where it shows; by ftfy."""
    if text.isascii() or not _MOJIBAKE.search(text):
        return text
    from ftfy import fix_encoding  # 70 ms to import

    return "\n".join(fix_encoding(line) if _MOJIBAKE.search(line) else line for line in text.split("\n"))


def controls(text: str) -> str:
    """Drops NULs and other control characters; line ends and tabs stay."""
    return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text


def composed(text: str) -> str:
    """Unicode form NFC: a letter and its accent become one character."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def unwrap(text: str) -> str:
    """Joins the lines of paragraphs that were wrapped at a fixed width (mail, old archives)."""
    if text.count("\n") < 2:
        return text
    paragraphs = re.split(r"(\n[ \t\r]*\n\s*)", text)
    return "".join(_joined(part) for part in paragraphs)


def _joined(paragraph: str) -> str:
    """The paragraph on one line if its shape says that somebody wrapped it; else as it is."""
    body = [line.rstrip() for line in paragraph.split("\n")]
    full, last = body[:-1], body[-1]
    # Wrapping fills every line but the last up to where the next word no longer fits.
    longest = max(map(len, full), default=0)
    if len(full) < 2 or not 45 <= longest <= 100 or len(last) > longest:
        return paragraph
    if any(line[:1] in " \t" or _CODE_LINE.search(line) for line in body):
        return paragraph
    fits = all(
        len(line) + 1 + len(after.split(None, 1)[0]) > longest - 3 for line, after in zip(full, body[1:], strict=True) if after
    )
    # Prose runs across line ends; verse, lists and one-sentence paragraphs stop or start afresh at them.
    running = sum(line[-1:] not in TERMINAL + CLOSERS and after[:1].islower() for line, after in zip(full, body[1:], strict=True))
    return " ".join(body) if fits and 2 * running >= len(full) else paragraph


def entities(text: str) -> str:
    """Decodes leftover entities (`&nbsp;`, `&rsquo;`); `&lt;` and `&gt;` stay, so text never becomes markup."""
    return _ENTITY.sub(entity, text) if "&" in text else text


def invisible(text: str) -> str:
    """Drops soft hyphens, zero-width spaces and byte-order marks; joiners, and word marks of Thai and Khmer, stay."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def line_ends(text: str) -> str:
    """Every line end becomes `\\n`."""
    return _LINE_ENDS.sub("\n", text)


def spaces(text: str) -> str:
    """One space between words, none at a line's end; indents, columns of tables and code stay."""
    if "  " in text or "\t" in text or (not text.isascii() and _GAP.search(text)):
        text = "\n".join(_spaced(line) if _GAP.search(line) else line for line in text.split("\n"))
    return _TRAILING.sub("", text)


def _spaced(line: str) -> str:
    if len(_COLUMNS.findall(line)) >= 2 or _CODE_LINE.search(line):
        return line
    return _GAP.sub(lambda gap: gap[0][0] if len(set(gap[0])) == 1 else " ", line)


def glued(text: str) -> str:
    """A line break where two sentences were glued together: "...the difference.Sir Keir ..."."""
    cuts = list(seams(text))
    if not cuts:
        return text
    return "\n".join(text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True))


def blank_lines(text: str) -> str:
    """At most one blank line between paragraphs, none at either end."""
    return _BLANK.sub("\n\n", text).strip("\n").rstrip() if text else text


MEND: Final[tuple[tuple[str, Step], ...]] = (
    ("encoding", encoding),
    ("controls", controls),
    ("composed", composed),
    ("unwrap", unwrap),
)
TIDY: Final[tuple[tuple[str, Step], ...]] = (
    ("entities", entities),
    ("invisible", invisible),
    ("line-ends", line_ends),
    ("spaces", spaces),
    ("glued", glued),
    ("blank-lines", blank_lines),
)
STEPS: Final = tuple(name for name, _ in (*MEND, *TIDY))


def table(steps: Iterable[tuple[str, Step]], off: frozenset[str]) -> tuple[tuple[str, Step], ...]:
    """The table without the named steps."""
    return tuple((name, step) for name, step in steps if name not in off)


def run(steps: tuple[tuple[str, Step], ...], text: str) -> tuple[str, tuple[str, ...]]:
    """The text after the steps, and the names of those that changed it."""
    changed = []
    for name, step in steps:
        after = step(text)
        if after != text:
            changed.append(name)
            text = after
    return text, tuple(changed)


def check_names(names: Iterable[str]) -> frozenset[str]:
    """The names as a set. Raises UsageError for one that no table has."""
    names = frozenset(names)
    if unknown := sorted(names - set(STEPS)):
        raise UsageError(f"unknown step {unknown[0]!r}; the steps are {', '.join(STEPS)}")
    return names
