"""The text of one block as Markdown: characters that would be markup are escaped, marks become markup.

CommonMark, with the tables and strikethrough of GitHub, so that a reader of either shows the same words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from cleaner.types import Mark

Tidy = Callable[[str], str]
Key = tuple[str, str]
"""A mark's tag and address."""

_CODE: Final[Key] = ("code", "")
_SIGNS: Final = {"strong": "**", "em": "*"}
_RANK: Final = ("a", "strong", "em")
"""From the outside in, where marks have the same text. Code is innermost: nothing stands in it."""
_ROUNDS: Final = 3
"""How often emphasis that would not be read as such is taken back mark by mark, before all of the block is."""
_SPECIAL: Final = re.compile(
    r"""
      [\\`*\[\]~]
    | <(?=[a-zA-Z/!?])                   # tags, comments, addresses
    | &(?=\#?\w{1,40};)                  # entities
    | (?<![^\W_])_ | _(?![^\W_])         # but not in snake_case
    """,
    re.VERBOSE,
)
_AT_START: Final = re.compile(
    r"""
      \#{1,6}(?=\s|$)                    # headings
    | >                                  # quotes
    | [-+](?=\s|$)                       # items
    | (?P<number>[0-9]{1,9})(?=[.)](?:\s|$))
    | =+\s*$ | [-:|][-:|\s]*$            # a line under a heading, across the page, under the first row of a table
    """,
    re.VERBOSE,
)
_LONGEST_ADDRESS: Final = 8192
"""Characters of a link's address. What is longer is text behind a quote that was never closed."""
_SCHEMES: Final = frozenset(("http", "https", "mailto"))
_BEFORE_PATH: Final = re.compile(r"[^/?#]*")
_NOT_IN_ADDRESS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f<>()\\\"`|\u200b-\u200f\u202a-\u202e\ufeff]")
_DROPPED: Final = re.compile(r"[\t\n\r]|^[\x00-\x20]+|[\x00-\x20]+$")
"""What browsers drop from an address before they look at it."""
_BACKTICKS: Final = re.compile("`+")


class _Piece(NamedTuple):
    """Text with the same marks all through."""

    text: str
    look: frozenset[Key]


class _Token(NamedTuple):
    """What is written next: text, already escaped, or one end of a mark."""

    text: str
    key: Key | None = None
    opens: bool = False
    piece: int = 0
    """Number of the piece that an end of a mark stands before."""


def address(href: str, base: str | None) -> str:
    """The address as a link may have it, whole where the page's own is known; empty for one that is no link's."""
    from urllib.parse import urljoin  # 3 ms to import

    if len(href) > _LONGEST_ADDRESS:
        return ""
    href = _DROPPED.sub("", href)
    if href and base and base.lower().startswith(("http://", "https://")):
        try:
            href = urljoin(base, href)
        except ValueError:  # a bracket too few around a host
            return ""
    scheme, colon, _ = (_BEFORE_PATH.match(href) or [""])[0].partition(":")
    if colon and scheme.lower() not in _SCHEMES:
        return ""
    encoded = _NOT_IN_ADDRESS.sub(lambda char: "".join(f"%{byte:02X}" for byte in char[0].encode()), href)
    return re.sub(r"&(?=#?\w{1,40};)", r"\&", encoded)


def inline(said: str, marks: Sequence[Mark], tidy: Tidy, *, cell: bool = False) -> list[str]:
    """The lines of a block's text. Marks count in it; links among them have an address that `address` gave.

    What is shown is `tidy(said)`, whatever the marks are: where `tidy` changed what stands across a mark's end, the
    block goes without marks. With `cell` the text may stand in a row of a table."""
    pieces = _tidied(said, marks, tidy) if marks else [_Piece(tidy(said), frozenset())]
    for _ in range(_ROUNDS):
        tokens = _tokens(pieces, cell=cell)
        unread = _unread(tokens)
        if not unread:
            break
        pieces = _without(pieces, unread)
    else:
        tokens = _tokens(_without(pieces, [(0, len(pieces), sign) for sign in _SIGNS]), cell=cell)
    lines = "".join(token.text for token in tokens).splitlines()
    return [line.strip() for line in lines if line.strip()]


def line_start(line: str) -> str:
    """The line, so that nothing at its start is read as a heading, an item, a quote or a rule."""
    found = _AT_START.match(line)
    if found is None:
        return line
    at = len(found["number"] or "")
    return f"{line[:at]}\\{line[at:]}"


def escaped(text: str) -> str:
    """The text, so that nothing of it is read as markup, wherever on a line it stands."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def fence(text: str, least: int) -> str:
    """More backticks than any run of them in the text has."""
    return "`" * max(least, 1 + max(map(len, _BACKTICKS.findall(text)), default=0))


# --- marks to pieces ------------------------------------------------------------------------------------------------


def _tidied(said: str, marks: Sequence[Mark], tidy: Tidy) -> list[_Piece]:
    """The tidy text in pieces. White space has the marks that it and both its neighbours have, so that no mark begins
    or ends with it."""
    whole = tidy(said).strip()
    raw = _pieces(said, marks)
    if whole != said.strip():
        raw = [piece._replace(text=tidy(piece.text)) for piece in raw]
    placed: list[_Piece] = []
    at = 0
    gap: frozenset[Key] = frozenset()
    for piece in raw:
        core = piece.text.strip()
        if not core:
            gap &= piece.look
            continue
        start = at
        while whole[at : at + 1].isspace():
            at += 1
        if not whole.startswith(core, at):
            return [_Piece(whole, frozenset())]
        if start < at:
            inside = placed[-1].look == piece.look
            placed.append(_Piece(whole[start:at], gap & piece.look if inside else (gap & piece.look) - {_CODE}))
        placed.append(_Piece(core, piece.look))
        gap = piece.look
        at += len(core)
    return _merged(placed) if at == len(whole) else [_Piece(whole, frozenset())]


def _pieces(said: str, marks: Sequence[Mark]) -> list[_Piece]:
    """The text cut where marks begin and end. A mark ends with the one that it begins in; of links in links the outer
    one counts."""
    coming = sorted(marks, key=lambda mark: (-mark.start, mark.end))
    cuts = sorted({0, len(said), *(at for mark in marks for at in (mark.start, mark.end))})
    open_: list[Mark] = []
    found = []
    for start, end in pairwise(cuts):
        open_ = [mark for mark in open_ if mark.end > start]
        while coming and coming[-1].start <= start:
            mark = coming.pop()
            if mark.end > start:
                open_.append(mark._replace(end=min(mark.end, open_[-1].end)) if open_ else mark)
        keys = [(mark.tag, mark.href) for mark in open_]
        links = [key for key in keys if key[0] == "a"]
        found.append(_Piece(said[start:end], frozenset(keys).difference(links[1:]).union(links[:1])))
    return _merged(found)


def _merged(pieces: Iterable[_Piece]) -> list[_Piece]:
    """The pieces, those with the same marks joined."""
    groups = groupby(pieces, key=lambda piece: piece.look)
    return [_Piece("".join(piece.text for piece in group), look) for look, group in groups]


# --- pieces to Markdown ---------------------------------------------------------------------------------------------


def _tokens(pieces: Sequence[_Piece], *, cell: bool) -> list[_Token]:
    """The pieces and between them the ends of marks, well nested: of two that begin together the longer around."""
    reach = _reach(pieces)
    tokens: list[_Token] = []
    open_: list[Key] = []
    for number, piece in enumerate([*pieces, _Piece("", frozenset())]):
        stay = next((at for at, key in enumerate(open_) if key not in piece.look), len(open_))
        tokens += [_Token(_closing(key), key, piece=number) for key in reversed(open_[stay:])]
        open_ = open_[:stay]
        coming = piece.look.difference(open_, [_CODE])
        for key in sorted(coming, key=lambda key: (-reach[number][key], _RANK.index(key[0]), key[1])):
            if key[0] == "a" and tokens and tokens[-1].key is None and tokens[-1].text.endswith("!"):
                tokens[-1] = _Token(tokens[-1].text[:-1] + r"\!")  # else it were a picture
            tokens.append(_Token("[" if key[0] == "a" else _SIGNS[key[0]], key, opens=True, piece=number))
            open_.append(key)
        if piece.text:
            text = _code(piece.text) if _CODE in piece.look else escaped(piece.text)
            tokens.append(_Token(text.replace("|", r"\|") if cell else text))
    return tokens


def _reach(pieces: Sequence[_Piece]) -> list[dict[Key, int]]:
    """For every piece, up to which one each of its marks goes."""
    found: list[dict[Key, int]] = []
    behind: dict[Key, int] = {}
    for number in range(len(pieces) - 1, -1, -1):
        behind = {key: behind.get(key, number) for key in pieces[number].look}
        found.append(behind)
    return [*reversed(found), {}]


def _closing(key: Key) -> str:
    return f"]({key[1]})" if key[0] == "a" else _SIGNS[key[0]]


def _code(text: str) -> str:
    text = " ".join(text.splitlines())
    ticks = fence(text, 1)
    pad = " " if "`" in (text[0], text[-1]) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


class _Run(NamedTuple):
    """Signs of emphasis beside each other, and how they are read."""

    opens: bool
    closes: bool
    only_opens: bool
    only_closes: bool
    alone: bool
    """Whether it is one mark's."""


def _unread(tokens: Sequence[_Token]) -> list[tuple[int, int, str]]:
    """Emphasis that would not be read as such: from which piece, before which, and its tag.

    Signs that may both open and close are trusted only where no other emphasis stands in, around or beside theirs."""
    unread: list[tuple[int, int, str]] = []
    open_: list[tuple[_Token, _Run]] = []
    inner = False
    for token, run in _runs(tokens):
        if token.opens:
            open_.append((token, run))
            inner = False
            continue
        first, opening = open_.pop()
        sure = opening.only_opens and run.only_closes
        single = opening.alone and run.alone and not open_ and not inner
        if not (opening.opens and run.closes and (sure or single)):
            unread.append((first.piece, token.piece, first.key[0] if first.key else ""))
        inner = True
    return unread


def _runs(tokens: Sequence[_Token]) -> Iterator[tuple[_Token, _Run]]:
    """The signs of emphasis among the tokens, each with its run."""
    groups = [(signs, list(group)) for signs, group in groupby(tokens, key=_is_sign)]
    for number, (signs, group) in enumerate(groups):
        if signs:
            before = _class(groups[number - 1][1][-1].text[-1]) if number else "space"
            after = _class(groups[number + 1][1][0].text[0]) if number + 1 < len(groups) else "space"
            opens, closes = _flanks(before, after), _flanks(after, before)
            run = _Run(opens[0], closes[0], opens[0] and not closes[1], closes[0] and not opens[1], len(group) == 1)
            yield from ((token, run) for token in group)


def _is_sign(token: _Token) -> bool:
    return token.key is not None and token.key[0] in _SIGNS


def _class(char: str) -> str:
    """`space`, `sign`, `word`; `either` for what only newer readers take for a sign."""
    category = unicodedata.category(char)
    if char.isspace():
        return "space"
    if category[0] == "P" or (category[0] == "S" and char.isascii()):
        return "sign"
    return "either" if category[0] == "S" else "word"


def _flanks(outside: str, inside: str) -> tuple[bool, bool]:
    """Whether signs between two such characters surely, and whether they possibly, hold to the inner one."""
    if inside == "space":
        return False, False
    sure = inside == "word" or outside in ("space", "sign")
    return sure, sure or inside == "either" or outside == "either"


def _without(pieces: Sequence[_Piece], unread: Iterable[tuple[int, int, str]]) -> list[_Piece]:
    """The pieces without emphasis of these tags in these ranges of them."""
    changed = list(pieces)
    for start, end, tag in unread:
        for number in range(start, end):
            changed[number] = changed[number]._replace(look=changed[number].look - {(tag, "")})
    return _merged(changed)
