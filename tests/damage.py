"""Pages damaged in many ways, for `tests.fuzz`: each a function of chance and a page."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final, NamedTuple

TAGS: Final = re.findall(
    r"\w+",
    "a article aside b body blockquote br button div dl dt em font form frameset h1 h2 head html iframe i img li main "
    "math nav noscript ol option p plaintext pre script section select span style svg table tbody td template textarea "
    "th title tr ul xmp",
)
ENTITIES: Final = (
    "&",
    "&#",
    "&#x",
    "&amp",
    "&nbsp",
    "&#0;",
    "&#xD800;",
    "&#x110000;",
    "&#99999999999999;",
    "&lt;p&gt;",
)
ODD: Final = "\x00\x01\x0b\x0c\x1c\x7f\x85\xa0\xad\u0301\u200b\u200d\u2028\u202e\ud800\udfff\ufeff\ufffd\uffff𝔸"
SAID: Final = (
    "utf-8",
    "iso-8859-1",
    "windows-1251",
    "gb2312",
    "shift_jis",
    "utf-16",
    "utf-7",
    "x-user-defined",
    "\x00",
)
CARRIERS: Final = ("utf-8", "cp1252", "cp1251", "gb18030", "cp932", "utf-16", "utf-16-le", "utf-32", "iso2022_jp")
URLS: Final = (None, "https://www.independent.co.uk/a", "www.example.org", "http://[1", "\ud800")


def at(chance: random.Random, page: str) -> int:
    return chance.randrange(len(page) + 1)


def put(page: str, where: int, what: str) -> str:
    return page[:where] + what + page[where:]


def piece(chance: random.Random, page: str, most: int = 5000) -> tuple[int, int]:
    start = at(chance, page)
    return start, min(len(page), start + chance.randrange(1, most))


def deleted(chance: random.Random, page: str) -> str:
    start, end = piece(chance, page)
    return page[:start] + page[end:]


def doubled(chance: random.Random, page: str) -> str:
    start, end = piece(chance, page)
    return put(page, at(chance, page), page[start:end] * chance.choice((1, 2, 20)))


def cut_off(chance: random.Random, page: str) -> str:
    return page[: at(chance, page)]


def soup(chance: random.Random, page: str) -> str:
    """Tags anywhere, opened, closed, and neither."""
    for _ in range(chance.randrange(1, 40)):
        tag = chance.choice(TAGS)
        page = put(
            page, at(chance, page), chance.choice((f"<{tag}>", f"</{tag}>", f"<{tag}", f"<{tag}/>", "<", "<!--"))
        )
    return page


def entities(chance: random.Random, page: str) -> str:
    for _ in range(chance.randrange(1, 40)):
        page = put(page, at(chance, page), chance.choice(ENTITIES))
    return page


def lie(chance: random.Random, page: str) -> str:
    """The page names an encoding that it is not in."""
    return put(page, chance.choice((0, page.find("<head>") + 6)), f'<meta charset="{chance.choice(SAID)}">')


def attributes(chance: random.Random, page: str) -> str:
    """Some attributes say something else, one of them much."""
    odd = chance.choice(
        ("", "'", '"', "\n" * 50, "=", "x" * 10, 'hidden style="display:none', "javascript:", ODD, "\\")
    )
    share = chance.choice((0.01, 0.3))
    page = re.sub(r'="[^"]*"', lambda found: f'="{odd}"' if chance.random() < share else found[0], page)
    huge = chance.choice(("x ", "a=", "&amp;", "[", '<p class="')) * chance.choice((10, 1000, 100_000))
    return put(
        page, at(chance, page), f"<{chance.choice(TAGS)} {chance.choice(('id', 'class', 'href', 'style'))}='{huge}'>"
    )


def deep(chance: random.Random, page: str) -> str:
    """Elements in elements, with text in each or not, closed or not."""
    opened = chance.choice(
        ("<div>", "<span>", "<b><i>", "<table><tr><td>", "<ul><li>", "<blockquote>", "<a href=x>", "<p><font>", "<pre>")
    )
    many, text = chance.choice((10, 100, 300, 3000, 20_000)), chance.choice(("", "", "x", " The bus came. "))
    closed = "".join(f"</{tag}>" for tag in reversed(re.findall(r"<(\w+)", opened))) * chance.choice((0, 1))
    return put(page, at(chance, page), (opened + text) * many + (text + closed) * many)


def swapped(chance: random.Random, page: str) -> str:
    """One tag is another."""
    return re.sub(rf"(</?){chance.choice(TAGS)}\b", rf"\1{chance.choice(TAGS)}", page)


def characters(chance: random.Random, page: str) -> str:
    for _ in range(chance.randrange(1, 60)):
        odd = chance.choice(ODD) if chance.random() < 0.7 else chr(chance.randrange(0x110000))
        page = put(page, at(chance, page), odd * chance.choice((1, 1, 1, 30)))
    return page


DAMAGES: Final[tuple[Callable[[random.Random, str], str], ...]] = (
    deleted, doubled, cut_off, soup, entities, lie, attributes, deep, swapped, characters,
)  # fmt: skip


class Case(NamedTuple):
    """A page to be cleaned, how, and what was done to it."""

    page: str | bytes
    url: str | None
    metadata: bool
    done: tuple[str, ...]


def case(pages: list[str], seed: int, number: int) -> Case:
    """The case of this number: the same for the same pages and seed."""
    chance = random.Random(f"{seed} {number}")
    page, done = chance.choice(pages), []
    if chance.random() < 0.1:
        page, done = page + chance.choice(pages), ["joined"]
    for damage in chance.choices(DAMAGES, k=chance.randrange(1, 5)):
        page = damage(chance, page)
        done.append(damage.__name__)
    carrier = chance.choice(("", "", "utf-8", "utf-8", *CARRIERS))
    done.append(carrier or "str")
    given: str | bytes = page
    if carrier:
        data = bytearray(page.encode(carrier, "replace"))
        for _ in range(chance.choice((0, 0, 3, 300)) if data else 0):
            data[chance.randrange(len(data))] = chance.randrange(256)
        given = bytes(data)
    return Case(given, chance.choice(URLS), chance.random() < 0.2, tuple(done))
