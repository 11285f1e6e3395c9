"""What people and programs look at: paragraphs, JSON, the explained article, the diff, the summary."""

from __future__ import annotations

import json

import pytest

from cleaner.types import Decision, Document, Result
from cleaner.write.apply import apply
from cleaner.write.render import Paragraphs, as_json, diff, explain, paragraphs, pieces, summary

Said = tuple[str, str, str]
"""A piece of the text, the action on it, the rule that says so."""


def result(text: str, *said: Said, steps: tuple[str, ...] = (), **about: str) -> Result:
    """A result whose decisions take the pieces, in order, with the white space at their ends."""
    decisions, at = [], 0
    for piece, action, by in said:
        start = text.index(piece, at)
        at = start + len(piece)
        decisions.append(Decision(start, at, action, "advert", by))  # type: ignore[arg-type]
    mended = tuple(name for name in steps if name == "encoding")
    document = Document(text, about.get("url"), None, about.get("lang"), mended)
    return Result(apply(text, decisions).strip("\n"), about.get("title"), tuple(decisions), steps, document)


BODY = "The bus stays."
GONE = ("Buy a bus.\n", "strip", "ads/bus")
NIGHT = ("Buy a night.", "strip", "ads/night")


# --- paragraphs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "how", "expected"),
    [
        pytest.param("a\nb\n\nc", "blank", "a\n\nb\n\nc", id="blank"),
        pytest.param("a\nb\n\n\nc", "line", "a\nb\nc", id="line"),
        pytest.param("a\n \t\nb", "line", "a\nb", id="white-line"),
        pytest.param("  a\nb  ", "blank", "  a\n\nb  ", id="indents-stay"),
        pytest.param("a\u2028b", "blank", "a\u2028b", id="other-line-ends-are-text"),
        pytest.param("a\n\n\nb\n", None, "a\n\n\nb\n", id="as-it-is"),
        pytest.param("", "blank", "", id="empty"),
        pytest.param("\n\n", "line", "", id="only-line-ends"),
    ],
)
def test_paragraphs(text: str, how: Paragraphs | None, expected: str) -> None:
    assert paragraphs(text, how) == expected


# --- as_json --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            result(f"Buy a bus.\n{BODY}", GONE, title="Bus", url="https://example.org/a", lang="en"),
            {
                "text": BODY,
                "title": "Bus",
                "url": "https://example.org/a",
                "lang": "en",
                "decisions": [
                    {
                        "start": 0,
                        "end": 11,
                        "action": "strip",
                        "kind": "advert",
                        "by": "ads/bus",
                        "text": "Buy a bus.\n",
                    }
                ],
                "steps": [],
            },
            id="all-keys",
        ),
        pytest.param(
            result(BODY),
            {"text": BODY, "title": None, "url": None, "lang": None, "decisions": [], "steps": []},
            id="nothing-known",
        ),
        pytest.param(
            result(BODY, steps=("encoding", "spaces")),
            {
                "text": BODY,
                "title": None,
                "url": None,
                "lang": None,
                "decisions": [],
                "steps": ["encoding", "spaces"],
                "document": BODY,
            },
            id="mended",
        ),
    ],
)
def test_as_json(given: Result, expected: dict[str, object]) -> None:
    assert json.loads(as_json(given)) == expected


def test_json_is_one_line_of_plain_letters() -> None:
    assert as_json(result("é\n\n“日本”")).count("\n") == 0
    assert '"text": "é\\n\\n“日本”"' in as_json(result("é\n\n“日本”"))


def test_json_names_the_file_first() -> None:
    assert as_json(result(BODY), file="a.txt").startswith('{"file": "a.txt", "text": ')


def test_json_has_paragraphs_as_asked() -> None:
    assert json.loads(as_json(result("a\nb"), how="blank"))["text"] == "a\n\nb"


def test_json_has_a_chance_where_a_score_spoke() -> None:
    scored = Decision(0, 3, "strip", "advert", "score", 0.875)
    shown = json.loads(as_json(Result("", None, (scored,), (), Document("ad."))))
    assert shown["decisions"][0]["chance"] == 0.875


def test_offsets_count_in_the_document_that_is_shown() -> None:
    given = result(f"{BODY}🙂\nBuy a bus.\n", GONE, steps=("encoding",))
    shown = json.loads(as_json(given))
    assert [shown["document"][d["start"] : d["end"]] for d in shown["decisions"]] == ["Buy a bus.\n"]


# --- explain --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(result(f"{BODY}\n\nIt runs."), ["  The bus stays.", "  It runs."], id="kept"),
        pytest.param(
            result(f"Buy a bus.\n{BODY}", GONE),
            ["    advert: ads/bus", "- Buy a bus.", "  The bus stays."],
            id="removed",
        ),
        pytest.param(
            result(f"Buy a bus.\n{BODY}", ("Buy a bus.", "keep", "ads/bus")),
            ["    advert: kept, ads/bus", "= Buy a bus.", "  The bus stays."],
            id="kept-although-wanted",
        ),
        pytest.param(
            result("Buy a bus.\nNow.\nIt runs.", ("Buy a bus.\nNow.\n", "strip", "ads/bus")),
            ["    advert: ads/bus", "- Buy a bus.", "- Now.", "  It runs."],
            id="one-reason-for-several-lines",
        ),
        pytest.param(
            result("Buy a bus.\nBuy a night.", GONE, NIGHT),
            ["    advert: ads/bus", "- Buy a bus.", "    advert: ads/night", "- Buy a night."],
            id="a-reason-each",
        ),
        pytest.param(
            result("Buy a bus.\nBuy a bus.\n", GONE, GONE),
            ["    advert: ads/bus", "- Buy a bus.", "    advert: ads/bus", "- Buy a bus."],
            id="the-same-reason-twice",
        ),
        pytest.param(
            result(f"Buy a night.{BODY}", NIGHT),
            ["    advert: ads/night", "- Buy a night.", "  ...The bus stays."],
            id="glued-before",
        ),
        pytest.param(
            result(f"{BODY} Buy a night.", NIGHT),
            ["  The bus stays.", "    advert: ads/night", "- ...Buy a night."],
            id="glued-behind",
        ),
        pytest.param(
            result("It, Buy a night. runs.\nIt stops.", NIGHT),
            ["  It,", "    advert: ads/night", "- ...Buy a night.", "  ...runs.", "  It stops."],
            id="in-a-line",
        ),
        pytest.param(
            result("It runs.Buy a bus.\nIt stops.", GONE),
            ["  It runs.", "    advert: ads/bus", "- ...Buy a bus.", "  It stops."],
            id="a-line-end-that-goes-ends-the-line",
        ),
        pytest.param(
            result(f"\t{BODY}\r\n\x0b\u2028It runs.\x85It stops.\rIt waits."),
            ["  The bus stays.", "  It runs.", "  It stops.", "  It waits."],
            id="all-line-ends",
        ),
        pytest.param(result(""), [], id="empty"),
        pytest.param(result(" \n\n"), [], id="blank"),
    ],
)
def test_explain(given: Result, expected: list[str]) -> None:
    lines = explain(given, colour=False).split("\n")
    assert lines == [*expected, f"    {summary(given)}"]


def test_a_score_says_how_sure_it_is() -> None:
    scored = Decision(0, 3, "strip", "advert", "score", 0.875)
    assert "    advert: score, chance 0.88\n" in explain(Result("", None, (scored,), (), Document("ad.")), colour=False)


def test_colour() -> None:
    given = result("It runs. Buy a night. Buy a bus.\n", NIGHT, ("Buy a bus.", "keep", "ads/bus"))
    assert explain(given, colour=True).split("\n")[:5] == [
        "  It runs.",
        "\x1b[2m    advert: ads/night\x1b[0m",
        "\x1b[31m-\x1b[0m \x1b[2m...\x1b[0m\x1b[31mBuy a night.\x1b[0m",
        "\x1b[2m    advert: kept, ads/bus\x1b[0m",
        "\x1b[32m=\x1b[0m \x1b[2m...\x1b[0m\x1b[32mBuy a bus.\x1b[0m",
    ]


def test_colour_changes_no_word() -> None:
    given = result(f"Buy a night.{BODY}\nBuy a bus.\n", NIGHT, GONE)
    painted = explain(given, colour=True)
    for paint in ("\x1b[31m", "\x1b[2m", "\x1b[0m"):
        painted = painted.replace(paint, "")
    assert painted == explain(given, colour=False)


def test_pieces_are_the_whole_document() -> None:
    given = result("It runs.Buy a bus.\nIt \tstops.\n\nBuy a night. ", GONE, NIGHT)
    assert "".join(piece.text for piece in pieces(given)).split() == given.document.text.replace("\n", "").split()


# --- diff -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            result(f"Buy a bus.\n{BODY}", GONE), ["@@ -1,2 +1 @@", "-Buy a bus.", " The bus stays."], id="removed"
        ),
        pytest.param(
            result(f"Buy a night.{BODY}", NIGHT),
            ["@@ -1 +1 @@", "-Buy a night.The bus stays.", "+The bus stays."],
            id="glued",
        ),
        pytest.param(result("Buy a bus.\n", GONE), ["@@ -1 +0,0 @@", "-Buy a bus."], id="nothing-left"),
    ],
)
def test_diff(given: Result, expected: list[str]) -> None:
    assert diff(given, "a.txt").split("\n") == ["--- a.txt", "+++ a.txt (clean)", *expected]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BODY, id="bare"),
        pytest.param(f"{BODY}\n", id="last-line-has-its-end"),
        pytest.param("It runs.\n\nIt stops.\n", id="two"),
        pytest.param("", id="empty"),
    ],
)
def test_no_diff(text: str) -> None:
    assert diff(result(text), "a.txt") == ""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"], ids=repr)
def test_a_diff_does_not_tell_line_ends_apart(end: str) -> None:
    given = Result("It runs.\nIt stops.", None, (), ("line-ends",), Document(f"It runs.{end}It stops.{end}"))
    assert diff(given, "a.txt") == ""


# --- summary --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(result(BODY), "0 of 14 characters removed", id="nothing"),
        pytest.param(result(""), "0 of 0 characters removed", id="empty"),
        pytest.param(
            result(f"Buy a bus.\n{BODY}", GONE, steps=("spaces",)),
            "11 of 25 characters removed (advert 1); steps: spaces",
            id="one",
        ),
        pytest.param(
            result("Buy a bus.\nBuy a night.", GONE, NIGHT),
            "23 of 23 characters removed (advert 2)",
            id="two-of-a-kind",
        ),
        pytest.param(
            result(BODY, ("The bus", "keep", "ads/bus")), "0 of 14 characters removed", id="what-is-kept-does-not-count"
        ),
        pytest.param(
            Result(
                "",
                None,
                (Decision(0, 2, "strip", "social", "r"), Decision(2, 4, "strip", "advert", "r")),
                ("encoding", "spaces"),
                Document("abcd"),
            ),
            "4 of 4 characters removed (advert 1, social 1); steps: encoding, spaces",
            id="kinds-by-name",
        ),
    ],
)
def test_summary(given: Result, expected: str) -> None:
    assert summary(given) == expected
