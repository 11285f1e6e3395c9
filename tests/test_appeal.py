"""The main job: The Independent's support block out of an article, however it arrives, and the article whole."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from cleaner import Cleaner
from tests.conftest import ROOT

CLEANER = Cleaner(scores=False)
HEAD = [
    "Minister and mayor unlikely to meet before vote",
    "The mayor’s party is under fire after two of its members were seen canvassing in the next county.",
]
APPEAL = [
    "Your support helps us to tell the story",
    "From reproductive rights to climate change to Big Tech, The Independent is on the ground when the story is "
    "developing. Whether it's investigating the financials of Elon Musk's pro-Trump PAC or producing our latest "
    "documentary, 'The A Word', which shines a light on the American women fighting for reproductive rights, we know "
    "how important it is to parse out the facts from the messaging.",
    "At such a critical moment in US history, we need reporters on the ground. "
    "Your donation allows us to keep sending journalists to speak to both sides of the story.",
    "The Independent is trusted by Americans across the entire political spectrum. And unlike many other quality news "
    "outlets, we choose not to lock Americans out of our reporting and analysis with paywalls. "
    "We believe quality journalism should be available to everyone, paid for by those who can afford it.",
    "Your support makes all the difference.",
]  # fmt: skip
BODY = [
    "Dame Ada Prowse is unlikely to meet the mayor of Calder before people in the county go to the polls.",
    "The minister met the mayor’s rival in September, and said at the time that she hoped to see “both of them”.",
    "The mayor’s party is under fire after two of its members were seen canvassing in the next county.",
    "“They went in their spare time,” she said. “It was their own idea, and they paid for the bus.”",
    "When she travelled to Calder in September, Dame Ada had hoped to see the mayor but could not find an hour.",
]
BREAKS = {"lines": "\n", "one line": " ", "glued": "", "blank lines": "\n\n"}
ARTICLES = {
    "appeal below the standfirst, glued": [*HEAD, *APPEAL[:-1], APPEAL[-1] + BODY[0], *BODY[1:]],
    "without its closing sentence": [*HEAD, *APPEAL[:-1], *BODY],
    "after the third paragraph": [*BODY[:3], *APPEAL, *BODY[3:]],
    "at the end": [*BODY, *APPEAL],
    "no headline": [*APPEAL, *BODY],
    "none": BODY,
}


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def straight(text: str) -> str:
    return text.translate({ord("’"): "'", ord("“"): '"', ord("”"): '"'})


@pytest.mark.parametrize("quotes", [str, straight], ids=["curly", "straight"])
@pytest.mark.parametrize("joint", BREAKS.values(), ids=BREAKS.keys())
@pytest.mark.parametrize("lines", ARTICLES.values(), ids=ARTICLES.keys())
def test_the_article_comes_out(lines: list[str], joint: str, quotes: type) -> None:
    result = CLEANER.clean(quotes(joint.join(lines)))
    # Glued sentences come out a line each, but for those that no seam tells apart; words are what counts then.
    assert bare(result.text) == bare(quotes("".join(BODY)))
    if joint in ("\n", "\n\n", " "):
        assert result.text == quotes(joint.join(BODY))


def test_the_ledger_names_headline_repeat_and_appeal() -> None:
    result = CLEANER.clean("\n".join(ARTICLES["appeal below the standfirst, glued"]))
    assert result.title == HEAD[0]
    assert [(d.kind, d.by) for d in result.removed] == [
        ("headline", "headline"),
        ("repeat", "repeat"),
        ("appeal", "site/independent.co.uk/support-block"),
    ]


@pytest.mark.parametrize("tail", ["", "…", "...", "… [+3421 chars]", "[+3421 chars]"])
def test_an_appeal_cut_off_at_the_end_goes(tail: str) -> None:
    body, appeal = "\n".join(BODY), "\n".join(APPEAL)
    left = {cut: CLEANER.clean(f"{body}\n{appeal[:cut]}{tail}").text for cut in range(25, len(appeal), 9)}
    assert {cut: text[-60:] for cut, text in left.items() if text != body} == {}


def test_an_appeal_cut_off_above_the_article_goes() -> None:
    body, appeal = "\n".join(BODY), "\n".join(APPEAL)
    left = {cut: CLEANER.clean("\n".join([*HEAD, appeal[:cut], body])).text for cut in range(25, len(appeal), 9)}
    wanted = bare(body)
    assert {cut: text[:90] for cut, text in left.items() if bare(text) != wanted} == {}


def test_an_appeal_with_other_words_goes() -> None:
    """One to three words replaced, none at a line's end, one at most in its heading; a hundred of them, seeded."""
    chance, wanted, left = random.Random(5), "\n".join(BODY), []
    for _ in range(100):
        lines = [line.split(" ") for line in APPEAL]
        for number in range(chance.randint(1, 3)):
            line = lines[0] if number == 0 else chance.choice(lines[1:-1])
            line[chance.randrange(len(line) - 1)] = chance.choice(
                ["readers", "quality", "many", "our", "great", "time"]
            )
        text = "\n".join([*HEAD, *(" ".join(line) for line in lines), *BODY])
        if CLEANER.clean(text).text != wanted:
            left.append(text)
    assert len(left) <= 3, left[0]


@pytest.mark.parametrize("name", ["000_86c7df7e7b248045", "003_186d7e0fdf1006dc"])
def test_the_seeds(shared: Path, name: str) -> None:
    text = (shared / "seeds" / f"{name}.txt").read_text(encoding="utf-8")
    lines = text.rstrip("\n").split("\n")
    if name.startswith("000"):
        lines = [lines[6].removeprefix("Your support makes all the difference."), *lines[7:]]
    assert CLEANER.clean(text).text == "\n".join(lines)


def test_the_example_of_the_readme() -> None:
    text = (ROOT / "docs" / "example.txt").read_text(encoding="utf-8")
    result = CLEANER.clean(text)
    kinds = [decision.kind for decision in result.removed]
    assert kinds == ["headline", "repeat", "byline", "appeal", "caption", "newsletter", "related", "legal"]
    assert json.dumps(result.text)[1:40] == "The swing bridge over Calder harbour wi"
