"""The arithmetic of public benchmarks, on made-up texts whose figures were worked out by hand or by the original."""

from __future__ import annotations

import random

import pytest

from cleaner.learn.arithmetic import (
    ANY,
    ENGLISH,
    Shingled,
    corpus_scores,
    references,
    rouge_lsum,
    sentences,
    shingled,
    standing,
)


@pytest.mark.parametrize(
    ("optional", "expected"),
    [
        ((), ["a\nb\nc"]),
        (("a",), ["a\nb\nc", "b\nc"]),
        (("a", "c"), ["a\nb\nc", "b\nc", "a\nb", "b"]),
        (("z",), ["a\nb\nc"]),
    ],
)
def test_references(optional: tuple[str, ...], expected: list[str]) -> None:
    assert list(references(("a", "b", "c"), optional)) == expected


def test_many_optional_lines_all_stay_or_all_go() -> None:
    assert list(references("abcdef", "abcde")) == ["a\nb\nc\nd\ne\nf", "f"]


@pytest.mark.parametrize(
    ("snippets", "number"),
    [(("The  BUS", "runs at"), 2), (("the tram", "bus stays. it"), 1), ((), 0), (("bus stay s",), 0)],
)
def test_snippets(snippets: tuple[str, ...], number: int) -> None:
    assert standing("The bus stays.\nIt runs\tat night.", snippets) == number


# By hand: "a b c d e" has the shingles abcd and bcde.
SHINGLES = [
    ("a b c d e", "a b c d e", (1.0, 0.0, 0.0), (1.0, 1.0)),
    ("a b c d", "a b c d e", (1 / 2, 0.0, 1 / 2), (1.0, 0.5)),
    ("x a b c d", "a b c d e", (1 / 3, 1 / 3, 1 / 3), (0.5, 0.5)),
    ("a b c d a b c d", "a b c d", (1 / 5, 4 / 5, 0.0), (0.2, 1.0)),
    ("A b c d", "a b c d", (0.0, 1 / 2, 1 / 2), (0.0, 0.0)),
    ("a, b!", "a b", (1.0, 0.0, 0.0), (1.0, 1.0)),
    ("", "a b c d", (0.0, 0.0, 1.0), (0.0, 0.0)),
    ("", "", (0.0, 0.0, 0.0), (1.0, 1.0)),
]


@pytest.mark.parametrize(("text", "reference", "shares", "scores"), SHINGLES)
def test_shingles(text: str, reference: str, shares: tuple[float, ...], scores: tuple[float, float]) -> None:
    found = shingled(text, reference)
    assert tuple(found) == pytest.approx(shares)
    assert (found.precision, found.recall) == pytest.approx(scores)


def test_corpus_f1_is_of_the_means_and_silence_has_no_precision() -> None:
    right, half, silent = Shingled(1.0, 0.0, 0.0), Shingled(0.5, 0.5, 0.0), Shingled(0.0, 0.0, 1.0)
    scores = corpus_scores([right, half, silent])
    assert scores == pytest.approx((0.75, 2 / 3, 12 / 17))
    assert scores.f1 > sum(item.f1 for item in (right, half, silent)) / 3
    assert corpus_scores([]) == (0.0, 0.0, 0.0)


def test_sentences() -> None:
    said = 'It stays. "Does it?" he asked.\nバスは残る。夜も走る。\n\nAt 4.30 it goes'
    assert sentences(said) == ["It stays.", '"Does it?', "he asked.", "バスは残る。", "夜も走る。", "At 4.30 it goes"]


# The example of the ROUGE paper: the union of "w1 w2" and "w1 w3 w5" is four of five words.
ROUGE = [
    ("w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5", "w1 w2 w3 w4 w5", (0.4, 0.8)),
    ("the bus stays", "the bus stays", (1.0, 1.0)),
    ("stays bus the", "the bus stays", (1 / 3, 1 / 3)),
    ("the\nthe", "the the", (0.5, 0.5)),  # each line finds the same one of the two
    ("", "the bus", (0.0, 0.0)),
    ("tram", "the bus", (0.0, 0.0)),
]


@pytest.mark.parametrize(("text", "reference", "scores"), ROUGE)
def test_rouge_lsum(text: str, reference: str, scores: tuple[float, float]) -> None:
    assert rouge_lsum(text, [reference])[:2] == pytest.approx(scores)


def test_rouge_takes_the_better_reference() -> None:
    assert rouge_lsum("the bus stays", references(("By Nora", "the bus stays"), ("By Nora",))).f1 == 1.0


def test_rouge_words_of_other_languages() -> None:
    assert rouge_lsum("Größe", ["Größe und"], ANY).recall == 0.5
    assert rouge_lsum("größe", ["große"], ANY).f1 == 0.0
    assert rouge_lsum("größe", ["große"], ENGLISH).f1 == 0.5  # "gr", "e" and "ß" between


@pytest.mark.parametrize("seed", range(60))
def test_rouge_lsum_is_that_of_rouge_score(seed: int) -> None:
    """Few words, so that most sentences have several longest common subsequences."""
    scorer = pytest.importorskip("rouge_score.rouge_scorer").RougeScorer(["rougeLsum"])
    chance = random.Random(seed)
    text, reference = (
        "\n".join(" ".join(chance.choices("abcde", k=chance.randrange(1, 12))) for _ in range(chance.randrange(1, 6)))
        for _ in range(2)
    )
    theirs = scorer.score(reference, text)["rougeLsum"]
    assert tuple(rouge_lsum(text, [reference])) == pytest.approx((theirs.precision, theirs.recall, theirs.fmeasure))
