"""A generated site: articles of sentences of our own, with furniture and with what only looks like it, each known."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HOST = "www.evening-lantern.example"
_WHO = (
    "The ferryman",
    "A baker",
    "The warden",
    "My neighbour",
    "The tide clerk",
    "An old miller",
    "The night watch",
    "A young cooper",
)
_DID = (
    "carried",
    "counted",
    "painted",
    "sold",
    "mended",
    "hid",
    "borrowed",
    "weighed",
    "forgot",
    "measured",
    "buried",
    "traded",
)
_WHAT = (
    "the copper kettles",
    "three sacks of barley",
    "a broken oar",
    "the spare keys",
    "nine glass bottles",
    "the harbour maps",
    "a cart of turf",
    "the winter coats",
    "two blue doors",
    "the old ledgers",
)
_WHERE = (
    "behind the chapel",
    "near the lower quay",
    "under the viaduct",
    "at the edge of the marsh",
    "beside the salt store",
    "along the north wall",
    "in the upper market",
    "by the drained canal",
)
_WHEN = (
    "before the bells rang",
    "while the rain held off",
    "after the second ferry",
    "until the lamps were lit",
    "on a bitter morning",
    "as the fog came in",
    "for the third year running",
    "without a word to anyone",
)
_NAMES = (
    "Nora Whitcombe",
    "Silas Penhallow",
    "Greta Amundsen",
    "Tobias Okafor",
    "Ines Valdes",
    "Magnus Reid",
    "Odile Fournier",
    "Pavel Hornik",
)
_TAGS = (
    "Harbour",
    "Town council",
    "Weather",
    "Markets",
    "Ferries",
    "Schools",
    "Fishing",
    "Roads",
)
NEWSLETTER = "Our tide letter lands in the inbox of nine thousand early risers, and a place on the list costs nothing."
APPEAL = (
    "The Evening Lantern has no owner in the capital and no shareholders to please.",
    "It lives by the coins that people along this coast put aside for it.",
    "We know that oil is dear this winter and that nobody has much to spare.",
    "Still, whoever can give the price of one loaf keeps a lamp burning for everyone else.",
    "Thank you for walking with us.",
)
GLUED = "The Lantern keeps its evening edition free for every household on the coast."
SPORT = "The rowing desk answers questions from members of the club on Thursdays."
FOOTER = (
    "Tell our night desk what you saw on the water",
    "The Evening Lantern, printed at the old salt store since 1871",
)
DRIFT = (
    "Bring this page to the counter and a second copy is yours.",
    "Bring this page to our counter and a second copy is yours.",
)
BACKGROUND = "The breakwater gave way in the January storm and left forty families without a road to the mainland."
SHORT = "Nobody answered."
QUOTE = '"A lamp that is lent is a lamp that comes back," the warden likes to say to whoever will listen.'
SUBHEADING = "What happened next"


NEAR = (
    "Every household on the quay had heard of the lantern that burned free of oil, or so the miller claimed.",
    "An inbox of nine thousand unread letters was found in the attic of the old post office on Tuesday.",
    "Four readers of the almanac had lit a candle before noon, and the story of the drowned bell was told again.",
    "The warden wants no owner and no shareholders in the new ferry, only a vote for each of the villages.",
)
"""Sentences of a body, each said once, that share words with furniture."""


class Line(NamedTuple):
    """A line as sentences, each with whether it is furniture; None where it may stay or go."""

    sentences: tuple[tuple[str, bool | None], ...]

    @property
    def text(self) -> str:
        return " ".join(text for text, _ in self.sentences)


class Article(NamedTuple):
    """An article of the generated site."""

    url: str
    date: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def spans(self, *, furniture: bool) -> list[tuple[int, int]]:
        """Where furniture, or what is none, stands in the text, in order."""
        spans, at = [], 0
        for line in self.lines:
            for text, is_furniture in line.sentences:
                if is_furniture is furniture:
                    spans.append((at, at + len(text)))
                at += len(text) + 1
        return spans


def sentence(dice: random.Random) -> str:
    """A sentence of 12 words and more that is hardly ever said twice."""
    parts = [dice.choice(words) for words in (_WHO, _DID, _WHAT, _WHERE, _WHEN)]
    return f"{' '.join(parts)}, and {dice.choice(_WHO).lower()} {dice.choice(_DID)} {dice.choice(_WHAT)}."


def _mine(*texts: str) -> Line:
    return Line(tuple((text, True) for text in texts))


def _body(dice: random.Random, day: datetime.date) -> list[Line]:
    lines = []
    for _ in range(dice.randint(3, 7)):
        said = [sentence(dice) for _ in range(dice.randint(2, 4))]
        if dice.random() < 0.02:
            said.insert(1, SHORT)
        if dice.random() < 0.012:
            said.append(QUOTE)
        lines.append(Line(tuple((text, False) for text in said)))
    if day.month in (2, 3, 4) and dice.random() < 0.3:
        lines.insert(dice.randint(1, len(lines)), Line(((BACKGROUND, False),)))
    if dice.random() < 0.06:
        lines.insert(dice.randint(1, len(lines) - 1), Line(((SUBHEADING, False),)))
    return lines


def _dressed(dice: random.Random, day: datetime.date, lines: list[Line]) -> list[Line]:
    """The body with the furniture of the site."""
    name, lines = dice.choice(_NAMES), list(lines)
    if dice.random() < 0.3:
        lines[-1] = Line((*lines[-1].sentences, (GLUED, True)))
    if dice.random() < 0.6:
        lines.insert(dice.randint(1, len(lines) - 1), _mine(NEWSLETTER))
    if dice.random() < 0.45:
        block = [_mine(*APPEAL)] if dice.random() < 0.5 else [_mine(text) for text in APPEAL]
        where = dice.randint(1, len(lines))
        lines[where:where] = block
    if dice.random() < 0.4:
        lines.append(_mine(dice.choice(DRIFT)))
    lines += [Line(((tag, False),)) for tag in dice.sample(_TAGS, dice.randint(0, 2))]
    lines.append(_mine(f"{name} walks the harbour for the Lantern and can be found there most evenings"))
    if dice.random() < 0.04:
        lines.append(_mine(SPORT))
    lines.append(_mine(f"{dice.randint(2, 900)} readers lit a candle for this story"))
    lines.insert(0, _mine(f"Set in type on {day:%A}, {day.day} {day:%B} {day.year}"))
    title = " ".join(sentence(dice).split()[: dice.randint(5, 8)])
    lines.append(_mine(f"From the same shelf: {title}"))
    return [*lines, *map(_mine, FOOTER)]


def site(count: int, seed: int = 1, host: str = HOST) -> Iterator[Article]:
    """So many articles: one in twenty was published before, with a paragraph more; now and then one is wire copy that
    stands on the site twice; one in fifty has a refrain."""
    dice = random.Random(f"{seed} {host}")
    old: list[tuple[datetime.date, list[Line]]] = []
    for number in range(count):
        day = datetime.date(2023, 1, 1) + datetime.timedelta(days=dice.randrange(700))
        if old and dice.random() < 0.05:
            day, body = dice.choice(old)
            body = [*body, Line(((sentence(dice), False),))]
            day += datetime.timedelta(days=1)
        elif dice.random() < 0.04:
            wire = random.Random(f"wire {dice.randrange(60)}")
            day = datetime.date(2023, 6, 1) + datetime.timedelta(days=wire.randrange(60))
            body = [Line(tuple((sentence(wire), False) for _ in range(3))) for _ in range(5)]
        else:
            body = _body(dice, day)
            if dice.random() < 0.02:
                body = [Line((*line.sentences, (sentence(random.Random(number)), False))) for line in body]
            if dice.random() < 0.02:
                old.append((day, body))
            if number % 50 == 7 and number // 50 < len(NEAR):
                body = [body[0], Line(((NEAR[number // 50], False),)), *body[1:]]
        lines = tuple(_dressed(dice, day, body))
        yield Article(f"https://{host}/{day:%Y/%m/%d}/{number}", day.isoformat(), lines)


def editions(articles: list[Article], size: int = 20, teasers: int = 6) -> Iterator[Article]:
    """The articles with headlines, as pages of editions: so many that follow each other in time all show the headlines
    of the first few of them, as a list of teasers."""
    dice = random.Random(size)
    titles = {item.url: " ".join(sentence(dice).split()[:9]) for item in articles}
    order = sorted(articles, key=lambda item: (item.date, item.url))
    for start in range(0, len(order), size):
        edition = order[start : start + size]
        shown = [Line(((titles[item.url], None),)) for item in edition[:teasers]]
        for item in edition:
            title = Line(((titles[item.url], False),))
            yield item._replace(
                lines=(item.lines[0], title, *item.lines[1:], _mine("Most read at the quay today"), *shown)
            )


def write_site(path: Path, articles: Iterator[Article] | list[Article]) -> Path:
    """The articles as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for item in articles:
            file.write(json.dumps({"url": item.url, "date": item.date, "text": item.text}) + "\n")
    return path
