"""The laws of the house, on every document of the corpus and on generated ones."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Result
from cleaner.write.apply import apply
from cleaner.write.normalise import MEND, STEPS, TIDY
from tests.corpus import JOINTS, CorpusDocument, documents
from tests.pages import adds_up

LEVELS = ("cautious", "normal", "strict")
CLEANERS = {level: Cleaner(level=level, scores=False) for level in LEVELS}  # type: ignore[arg-type]
ROWS = sorted({row.text for document in documents() for row in document.rows})
ODD = st.text(alphabet=" \n\t.!?\"'“”’-–…:;,aBcÉß0\u200b\u00ad\xa0&;#\r\u2028。！؟।", max_size=12)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Rows of the corpus in any order and joined in any way, with odd characters in between."""
    parts = draw(st.lists(st.one_of(st.sampled_from(ROWS), st.sampled_from(ROWS), ODD), max_size=10))
    return "".join(part + draw(st.sampled_from(sorted(JOINTS.values()))) for part in parts)


def replays(cleaner: Cleaner, result: Result) -> bool:
    return cleaner.tidy(apply(result.document.text, result.decisions)) == result.text


def steps_tell_all(cleaner: Cleaner, text: str, result: Result) -> bool:
    """No step but the named ones changed the text: running only them gives the same."""
    only = Cleaner(level=cleaner.level, rules=cleaner.rulebook.rules, steps=result.steps, scores=False)
    return only.clean(text).text == result.text


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.name)
@pytest.mark.parametrize("level", LEVELS)
def test_laws_on_the_corpus(document: CorpusDocument, level: str) -> None:
    cleaner, about = CLEANERS[level], {"url": document.head.get("url"), "title": document.head.get("title")}
    result = cleaner.clean(document.text, **about)
    assert replays(cleaner, result)
    assert adds_up(result)
    assert result.document.text == document.text or result.document.mended
    assert cleaner.clean(result.text, **about).text == result.text
    assert cleaner.clean(document.text, **about) == result


@settings(max_examples=300, deadline=None)
@given(texts())
@example("Gemeinsam für freie Presse\nGet Our Top Investigations\r:")  # the line before a prompt goes itself
@example("It is what they all\nGet Our Top Investigations\nadvertisement\nThe end.")  # and the line behind it
def test_laws_on_generated_documents(text: str) -> None:
    cleaner = CLEANERS["normal"]
    result = cleaner.clean(text)
    assert replays(cleaner, result)
    assert adds_up(result)
    assert result.document.text == text or result.document.mended
    assert set(result.steps) <= set(STEPS)
    assert cleaner.clean(result.text).text == result.text


# Scores may find more in what is left; how often, `python -m cleaner.learn.gate` measures. All else holds with them.
SCORED = {level: Cleaner(level=level) for level in LEVELS}  # type: ignore[arg-type]


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.name)
@pytest.mark.parametrize("level", LEVELS)
def test_laws_with_scores_on_the_corpus(document: CorpusDocument, level: str) -> None:
    cleaner = SCORED[level]
    result = cleaner.clean(document.text)
    assert replays(cleaner, result)
    assert adds_up(result)
    assert cleaner.clean(document.text) == result
    assert all(item.chance is not None for item in result.decisions if item.by == "score")


@settings(max_examples=100, deadline=None)
@given(texts())
def test_laws_with_scores_on_generated_documents(text: str) -> None:
    result = SCORED["strict"].clean(text)
    assert replays(SCORED["strict"], result)
    assert adds_up(result)
    assert set(result.steps) <= set(STEPS)
    assert bool(result.text.strip()) == bool(CLEANERS["strict"].clean(text).text.strip())


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_laws_on_any_text(text: str) -> None:
    cleaner = CLEANERS["strict"]
    result = cleaner.clean(text)
    assert replays(cleaner, result)
    assert adds_up(result)
    assert cleaner.clean(result.text).text == result.text


@pytest.mark.parametrize("document", documents()[::6], ids=lambda document: document.name)
def test_only_the_named_steps_change_text(document: CorpusDocument) -> None:
    cleaner = CLEANERS["normal"]
    assert steps_tell_all(cleaner, document.text, cleaner.clean(document.text))


def test_steps_are_in_the_tables() -> None:
    assert [name for name, _ in (*MEND, *TIDY)] == list(STEPS)
    assert len(set(STEPS)) == len(STEPS)
