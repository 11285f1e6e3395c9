"""The score: what it reads, that it reads it the same way every time, and which weights it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cleaner.judge import score
from cleaner.judge.features import BUCKETS, NAMES, VERSION, Inputs, features
from cleaner.judge.score import DILATIONS, TAPS, Model, inputs_of
from cleaner.read.segment import View
from cleaner.types import KINDS, Document, Evidence, ModelError

TEXT = """\
Council keeps the night bus
By Nora Whitcombe
The council voted on Tuesday to keep the night bus. It had been due to end in March.
Sign up to our newsletter
理事会は火曜日にバスの継続を決めた。次の便は3時。
Sign up to our newsletter
"""


def arrays(width: int = 8, table: int = 4, **about: Any) -> dict[str, np.ndarray]:
    """Weights of the right shapes, seeded."""
    chance = np.random.default_rng(3)
    size = table + len(NAMES)
    out = {
        "table": chance.integers(-127, 127, (BUCKETS, table)).astype(np.int8),
        "table_scale": np.full(table, 0.01, np.float32),
        "mean": np.zeros(size, np.float32),
        "scale": np.ones(size, np.float32),
        "sharpness": np.asarray(1.0, np.float32),
        "enter": chance.normal(size=(size, width)).astype(np.float16) / 4,
        "enter_bias": np.zeros(width, np.float16),
        "whole": chance.normal(size=(width, width)).astype(np.float16) / 8,
        "leave": chance.normal(size=(width, 1 + len(KINDS))).astype(np.float16) / 4,
        "leave_bias": np.zeros(1 + len(KINDS), np.float16),
    }
    for dilation in DILATIONS:
        out[f"near{dilation}"] = chance.normal(size=(len(TAPS) * width, width)).astype(np.float16) / 8
        out[f"near{dilation}_bias"] = np.zeros(width, np.float16)
    known = {"version": VERSION, "features": list(NAMES), "buckets": BUCKETS, "kinds": list(KINDS)}
    out["about"] = np.asarray(json.dumps(known | about))
    return out


def read(text: str, rules: tuple[Evidence, ...] = (), title: str | None = None) -> Inputs:
    inputs = inputs_of(View(Document(text, title=title)), rules)
    assert inputs is not None
    return inputs


def column(text: str, name: str, **more: Any) -> list[float]:
    return [round(float(value), 3) for value in features(read(text, **more)).shape[:, NAMES.index(name)]]


def test_shapes() -> None:
    found = features(read(TEXT))
    assert found.shape.shape == (8, len(NAMES))
    assert found.shape.dtype == np.float32
    assert found.words.dtype == np.int32
    assert found.words.max() < BUCKETS
    assert list(found.starts) == sorted(found.starts)
    assert len(found.starts) == 8


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("begins line", [1, 1, 1, 0, 1, 1, 0, 1]),
        ("ends line", [1, 1, 0, 1, 1, 0, 1, 1]),
        ("ends .", [0, 0, 1, 1, 0, 0, 0, 0]),
        ("ends 。", [0, 0, 0, 0, 0, 1, 1, 0]),
        ("begins capital", [1, 1, 1, 1, 1, 0, 0, 1]),
        ("said again", [0, 0, 0, 0, 0.693, 0, 0, 0]),
        ("said before", [0, 0, 0, 0, 0, 0, 0, 0.693]),
    ],
)
def test_numbers(name: str, expected: list[float]) -> None:
    assert column(TEXT, name) == expected


def test_the_title_is_known_or_not() -> None:
    assert set(column(TEXT, "title known")) == {0.0}
    assert column(TEXT, "title overlap", title="Council keeps the night bus")[:2] == [1.0, 0.0]


def test_rules_are_hints() -> None:
    said = (Evidence(28, 45, "strip", "byline", "x"), Evidence(0, 5, "keep", "other", "y"))
    assert column(TEXT, "rule strips", rules=said)[:3] == [0, 1, 0]
    assert column(TEXT, "rule keeps", rules=said)[:3] == [1, 0, 0]


def test_digits_count_as_one_and_case_does_not() -> None:
    one, two = features(read("Read 12 books on 3 May")), features(read("read 98 books on 7 may"))
    assert np.array_equal(one.words, two.words)


@pytest.mark.parametrize("text", ["", "\n \n"], ids=["empty", "blank"])
def test_nothing_to_score(text: str) -> None:
    assert inputs_of(View(Document(text)), ()) is None
    assert list(score.find(Model(arrays()), View(Document(text)), ())) == []


@pytest.mark.parametrize("text", ["…", "\ud800", "a", "🙂", "\u200b.", "…\n…"], ids=repr)
def test_odd_texts_get_a_chance(text: str) -> None:
    found = list(score.find(Model(arrays()), View(Document(text)), ()))
    assert all(item.chance is not None and 0 <= item.chance <= 1 for item in found)


def test_parts_of_a_long_document_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """In parts the document's mean is a part's; the neighbours at the borders are seen all the same."""
    model = Model({**arrays(), "whole": np.zeros((8, 8), np.float16)})
    found = features(read(TEXT * 40))
    whole = model.score(found).chance
    monkeypatch.setattr(score, "_AT_ONCE", 50)
    assert np.allclose(model.score(found).chance, whole, atol=1e-5)


@pytest.mark.parametrize("name", ["version", "features", "buckets", "kinds"])
def test_weights_for_other_features_are_refused(name: str) -> None:
    with pytest.raises(ModelError, match=f"fitted on other {name} than this version reads"):
        Model(arrays(**{name: 0}))


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04"], ids=["missing", "empty", "broken"])
def test_a_file_that_is_none(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "weights.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="no usable weights"):
        score.load(path)
