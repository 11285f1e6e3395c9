"""The two tables of named steps, each a plain `str -> str` that changes nothing when there is nothing to do.

`mend` runs on reading and repairs what a carrier broke, so that judging reads what the author wrote. `tidy` runs on
what was kept. Every step is idempotent, and so is each table. Quotes and dashes stay as they were set.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby, islice, pairwise
from typing import Final

from cleaner.text import CLOSERS, ENTITY, INVISIBLE, LINE_ENDS, SPACES, TERMINAL, entity, has_invisible, seams
from cleaner.types import UsageError

Step = Callable[[str], str]

# UTF-8 read as Latin-1 or Windows-1252 or 1251: a lead character followed by a continuation character. Either alone is
# normal text in some language ("Â" in Vietnamese, "Ã" in Portuguese, "Å" in Danish); ftfy weighs the pairs found.
_CONTINUED: Final = "\x80-\x9f\xa1-\xba\xbc-\xbf€‚ƒ„†‡ˆ‰Š‹ŒŽ‘“•˜™š›œžŸ"
# These may follow a word that ends in the lead, in capitals or quoted, and then they are what they seem: “AMANHÔ, “Â”.
_MAY_FOLLOW: Final = "\xa0»’”…–—"
_CAPITAL_BEFORE: Final = "A-ZÀ-ÖØ-Þ\u0102\u0110\u01a0\u01af\u1ea0-\u1ef9“‘«„\"'"
_ANY: Final = f"[{_CONTINUED}{_MAY_FOLLOW}]"
_LATIN_PAIR: Final = rf"(?:[{_CONTINUED}]|[{_MAY_FOLLOW}](?:(?=\w)|(?<![{_CAPITAL_BEFORE}]..)))"
_CONTINUED_1251: Final = "\u0402-\u040f\u0452-\u045f\xa0-\xbf‚„…†‡€‰‹‘’“”•–—™›Ґґ№"
# Asked only where the lead occurs: one character is found at memory speed, a class of them is not.
_MOJIBAKE: Final = (
    *((lead, re.compile(lead + _LATIN_PAIR)) for lead in "ÃÂÄÅ"),  # accented Latin letters, signs
    ("â", re.compile("â[€‚„…†ˆ˜œž\x80-\x9f]")),  # quotes, dashes, arrows, signs
    ("ð", re.compile("ð[Ÿ\x9f]")),  # emoji
    ("ï", re.compile("ï»¿|ï¿½")),  # byte-order mark, replacement character
    *((lead, re.compile(f"{lead}{_ANY}[ÐÑ]{_ANY}")) for lead in "ÐÑ"),  # Cyrillic
    *((lead, re.compile(f"{lead}[{_CONTINUED_1251}][РС][{_CONTINUED_1251}]")) for lead in "РС"),
)
_LINE: Final = re.compile("([" + LINE_ENDS.replace("\x85", "") + "])")  # U+0085 is part of "Ã\x85"
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_HALVES: Final = re.compile("[\ud800-\udfff]")
_ASCII_CONTROLS: Final = bytes(code for code in range(128) if _CONTROLS.match(chr(code)))
_C1_CONTROLS: Final = re.compile(rb"\xc2[\x80-\x9f]")
_ENTITY: Final = re.compile(ENTITY)
_INVISIBLE: Final = re.compile(INVISIBLE)
# Two or more spaces between words. Tables and code align with them: see `spaces`.
_GAP: Final = re.compile(rf"(?<=\S)[{SPACES}]{{2,}}+(?=\S)")
_NONE: Final[AbstractSet[int]] = frozenset()
_COLUMN: Final = re.compile(r"(?<=\S)(?: {3,}+|\t++)(?=\S)")
_CODE_LINE: Final = re.compile(
    r"""
      ^(?:[ ]{4,}|\t)                    # indented
    | [{};]\s*$                          # C and its kin
    | ^\s*(?:\#|//|/\*|\|)               # comments, rows of a table
    | ^\s*(?:def|class|if|for|while|return|import|from)\b.*[:)]\s*$
    """,
    re.VERBOSE,
)
_BLANK: Final = re.compile(r"\n{3,}")


def encoding(text: str) -> str:
    """Repairs UTF-8 that was read as another encoding ("donâ€™t"), where it shows; by ftfy."""
    if not _may_be_damaged(text) or not any(map(_looks_damaged, _readings(text))):
        return text
    return "".join(_repaired(line) if _may_be_damaged(line) else line for line in _LINE.split(text))


def _may_be_damaged(text: str) -> bool:
    """Whether a lead character stands in it, or may once accents are joined and entities decoded."""
    if text.isascii():
        return "&" in text and _ENTITY.search(text) is not None
    leads = any(lead in text for lead, _ in _MOJIBAKE)
    return leads or not unicodedata.is_normalized("NFC", text) or ("&" in text and _ENTITY.search(text) is not None)


def _looks_damaged(text: str) -> bool:
    return not text.isascii() and any(lead in text and pair.search(text) for lead, pair in _MOJIBAKE)


def _repaired(line: str) -> str:
    """The line, or what it says when repaired."""
    for reading in _readings(line):
        if _looks_damaged(reading):
            from ftfy import fix_encoding  # 70 ms to import

            fixed = fix_encoding(reading)
            if fixed != reading:
                return _repaired(fixed)
    return line


def _readings(text: str) -> Iterator[str]:
    """The text as it stands, and as the steps after this one would leave it: "Ã&copy;" is as broken as "Ã©"."""
    yield text
    if (bare := composed(controls(text))) != text:
        yield bare
    if (shown := entities(invisible(bare))) != bare:
        yield composed(shown)


def controls(text: str) -> str:
    """Drops NULs and other control characters; line ends and tabs stay. Half of a surrogate pair, which no text can
    hold, becomes U+FFFD."""
    return _HALVES.sub("\ufffd", _CONTROLS.sub("", text)) if _may_have_controls(text) else text


def _may_have_controls(text: str) -> bool:
    """Whether `_CONTROLS` is worth looking for: over bytes this takes a fifth of the time."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw.translate(None, _ASCII_CONTROLS)) < len(raw):
        return True
    return not text.isascii() and (
        b"\xef\xbf" in raw
        or _C1_CONTROLS.search(raw) is not None
        or (b"\xed" in raw and _HALVES.search(text) is not None)
    )


def composed(text: str) -> str:
    """Unicode form NFC: a letter and its accent become one character."""
    if unicodedata.is_normalized("NFC", text):
        return text
    # To ask costs a tenth of doing it, and nothing composes across a line end.
    return "\n".join(
        line if unicodedata.is_normalized("NFC", line) else unicodedata.normalize("NFC", line)
        for line in text.split("\n")
    )


def unwrap(text: str) -> str:
    """Joins the lines of paragraphs that were wrapped at a fixed width (mail, old archives)."""
    even = line_ends(text)
    ends = (found.start() for found in _NEXT_LINE.finditer(even))
    if not any(_runs_on(even, end) and _stands_among(even, end) for end in ends):
        return text
    # Judged on the text as `tidy` will leave it, so that a second cleaning finds nothing more to join.
    plain = composed(entities(invisible(even))).split("\n")
    joined: list[str] = []
    raw, at = text.splitlines(keepends=True), 0
    for solid, group in groupby(plain[: len(raw)], _is_solid):
        shown = list(group)
        lines = raw[at : at + len(shown)]
        at += len(shown)
        if solid and len(lines) > 2 and _is_wrapped(shown):
            lines = [" ".join(line.rstrip() for line in lines) + lines[-1][len(lines[-1].rstrip()) :]]
        joined += lines
    return "".join(joined)


def _is_solid(line: str) -> bool:
    return line != "" and not line.isspace()


# What a wrapped sentence goes on with: a small letter, or what may hide one.
_NEXT_LINE: Final = re.compile("\n(?:[^\\W\\d_A-Z]|[&\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\ufeff])")
_WRAPPED: Final = range(45, 101)
"""Lengths of the longest line of a wrapped paragraph; mail has 72, typewriters 60, terminals 80."""
_LONGEST_WRAPPED: Final = 3 * _WRAPPED[-1]
"""Characters that such a line may have while entities stand for letters."""
_SHORTEST_WRAPPED: Final = _WRAPPED[0] // 2 + 1
"""Characters of every line of a wrapped paragraph but the last."""
_AROUND: Final = 16
"""Lines looked at on either side before a whole paragraph is."""


def _runs_on(text: str, end: int) -> bool:
    """Whether a sentence may go on from the long line that ends here to the next; an entity may hide a letter."""
    after = text[end + 1]
    length = end - text.rfind("\n", 0, end) - 1
    return (after.islower() or not after.isalpha()) and _SHORTEST_WRAPPED <= length <= _LONGEST_WRAPPED


def _stands_among(text: str, end: int) -> bool:
    """Whether the lines around the one that ends here may be of its paragraph: none of them too long, and only the last
    short. Looks at a few lines each way, and only at what stays as it is in `tidy`."""
    for line in islice(_solid_lines_above(text, end), _AROUND):
        if len(line) < _SHORTEST_WRAPPED or _stays_long(line):
            return False
    above = ""
    for line in islice(_solid_lines_below(text, end), _AROUND):
        if (above and len(above) < _SHORTEST_WRAPPED) or _stays_long(line):
            return False
        above = line
    return True


def _solid_lines_above(text: str, end: int) -> Iterator[str]:
    """The lines before the line end at `end`, the nearest first, up to one that is blank or may become so."""
    while end >= 0:
        start = text.rfind("\n", 0, end)
        line = text[start + 1 : end]
        if not _stays_solid(line):
            return
        yield line
        end = start


def _solid_lines_below(text: str, end: int) -> Iterator[str]:
    """The lines behind the line end at `end`, up to one that is blank or may become so."""
    while end >= 0:
        start, end = end + 1, text.find("\n", end + 1)
        line = text[start : len(text) if end < 0 else end]
        if not _stays_solid(line):
            return
        yield line


def _stays_solid(line: str) -> bool:
    return "&" not in line and _is_solid(line) and not has_invisible(line)


def _stays_long(line: str) -> bool:
    """Whether the line is too long for a wrapped one, and nothing that `tidy` does makes it shorter."""
    return len(line) > _WRAPPED[-1] and _GAP.search(line) is None and next(seams(line), None) is None


def _is_wrapped(shown: Sequence[str]) -> bool:
    """Whether the shape of the paragraph's lines says that somebody wrapped it."""
    if any(len(line) < _SHORTEST_WRAPPED for line in islice(shown, len(shown) - 1)):
        return False
    paragraph = "\n".join(shown)
    if not any(_runs_on(paragraph, found.start()) for found in _NEXT_LINE.finditer(paragraph)):
        return False
    lines = glued(spaces(paragraph)).split("\n")
    # Wrapping fills every line but the last up to where the next word no longer fits.
    longest = max(map(len, lines[:-1]))
    if longest not in _WRAPPED or len(lines[-1]) > longest or min(map(len, lines[:-1])) < _SHORTEST_WRAPPED:
        return False
    if any(line[0] in SPACES or _CODE_LINE.search(line) or _COLUMN.search(line) for line in lines):
        return False
    if any(len(line) + 1 + len(after.split(None, 1)[0]) <= longest - 3 for line, after in pairwise(lines)):
        return False
    # Prose runs across line ends; verse, lists and one-sentence paragraphs stop or start afresh at them.
    running = sum(line[-1] not in TERMINAL + CLOSERS and after[0].islower() for line, after in pairwise(lines))
    return 2 * running >= len(lines) - 1


def entities(text: str) -> str:
    """Decodes leftover entities (`&nbsp;`, `&rsquo;`); `&lt;` and `&gt;` stay, so text never becomes markup."""
    return _ENTITY.sub(entity, text) if "&" in text else text


def invisible(text: str) -> str:
    """Drops soft hyphens, zero-width spaces and byte-order marks; joiners, and word marks of Thai and Khmer, stay."""
    return _INVISIBLE.sub("", text) if has_invisible(text) else text


def line_ends(text: str) -> str:
    """Every line end becomes `\\n`."""
    text = text.replace("\r\n", "\n")
    for char in LINE_ENDS:
        text = text.replace(char, "\n")
    return text


def spaces(text: str) -> str:
    """One space between words, none at a line's end; indents, columns of tables and code stay."""
    present = [space for space in SPACES if space in text]
    if text[-1:] in SPACES or any(space + "\n" in text for space in present):
        text = "\n".join(line.rstrip(SPACES) if line[-1:] in SPACES else line for line in text.split("\n"))
    plain = text
    for space in present:
        plain = plain.replace(space, " ")
    return "\n".join(_spaced(text.split("\n"), plain.split("\n"))) if "  " in plain else text


def _spaced(lines: list[str], plain: list[str]) -> list[str]:
    """The lines with their gaps closed, but for those of tables and code."""
    wide = [number for number, line in enumerate(plain) if "  " in line]
    gaps = {number: {gap.end() for gap in _GAP.finditer(plain[number])} for number in wide}
    for number in wide:
        own, above, below = gaps[number], gaps.get(number - 1, _NONE), gaps.get(number + 1, _NONE)
        # Two lines whose gaps end in the same column are a table of two columns.
        if own and own.isdisjoint(above) and own.isdisjoint(below) and not _keeps_spaces(lines[number]):
            lines[number] = _GAP.sub(lambda gap: gap[0][0] if len(set(gap[0])) == 1 else " ", lines[number])
    return lines


def _keeps_spaces(line: str) -> bool:
    return len(_COLUMN.findall(line)) >= 2 or _CODE_LINE.search(line) is not None


def glued(text: str) -> str:
    """A line break where two sentences were glued together: "...the difference.Sir Keir ..."; not in tables, code."""
    cuts = list(_cuts(text))
    return "\n".join(text[a:b] for a, b in pairwise([0, *cuts, len(text)])) if cuts else text


def _cuts(text: str) -> Iterator[int]:
    end, aligned = -1, False
    for cut in seams(text):
        if cut > end:
            start = text.rfind("\n", max(end, 0), cut) + 1
            end = text.find("\n", cut)
            end = len(text) if end < 0 else end
            line = text[start:end]
            aligned = _keeps_spaces(line) or _GAP.search(line) is not None  # `spaces` left it for a reason
        if not aligned:
            yield cut


def blank_lines(text: str) -> str:
    """At most one blank line between paragraphs, none at either end."""
    if "\n\n\n" in text:
        text = _BLANK.sub("\n\n", text)
    return text.strip("\n").rstrip()


MEND: Final[tuple[tuple[str, Step], ...]] = (
    ("encoding", encoding),
    ("controls", controls),
    ("composed", composed),
    ("unwrap", unwrap),
)
TIDY: Final[tuple[tuple[str, Step], ...]] = (
    ("invisible", invisible),
    ("entities", entities),
    ("recomposed", composed),  # what stood between a letter and its accent may be gone
    ("line-ends", line_ends),
    ("spaces", spaces),
    ("glued", glued),
    ("blank-lines", blank_lines),
    ("unwrap-kept", unwrap),  # a paragraph may show how it was wrapped only when a line beside it has gone
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
