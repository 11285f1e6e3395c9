"""The score: what it reads, that it reads it the same way every time, and which weights it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cleaner.judge import score
from cleaner.judge.features import BUCKETS, NAMES, VERSION, Inputs, features
from cleaner.judge.model import DILATIONS, TAPS, Model, load
from cleaner.judge.score import inputs_of
from cleaner.read.segment import View
from cleaner.types import KINDS, Document, Evidence, Level, ModelError

TEXT = """\
Council keeps the night bus
By Nora Whitcombe
The council voted on Tuesday to keep the night bus. It had been due to end in March.
Sign up to our newsletter
理事会は火曜日にバスの継続を決めた。次の便は3時。
Sign up to our newsletter
"""


def arrays(width: int = 8, table: int = 4, heads: int = 2, **about: Any) -> dict[str, np.ndarray]:
    """Weights of the right shapes, seeded."""
    chance = np.random.default_rng(3)
    size = table + len(NAMES)
    out = {
        "table": chance.integers(-127, 127, (table, 1 + BUCKETS // 4)).astype(np.int8),
        "table_scale": np.full(table, 0.01, np.float32),
        "steps": np.full(BUCKETS // 4, 3, np.uint32),
        "mean": np.zeros(size, np.float32),
        "scale": np.ones(size, np.float32),
        "sharpness": np.asarray(1.0, np.float32),
        "shift": np.asarray(0.0, np.float32),
        "page": np.asarray([-6.0, 2.0, 7.0, 5.0], np.float32),
    }
    layers = {
        "enter": (size, width),
        "mix": (2 * width, width),
        "leave": (width, 1 + len(KINDS)),
        **{f"near{dilation}": (len(TAPS) * width, width) for dilation in DILATIONS},
        **{f"{name}_heads": (width, heads) for name in ("first", "second")},
        **dict.fromkeys(("first", "second"), ((heads + 1) * width, width)),
    }
    for name, (rows, columns) in layers.items():
        out[name] = (chance.normal(size=(rows, columns)) / rows**0.5).astype(np.float16)
        out[f"{name}_bias"] = np.zeros(columns, np.float16)
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


def test_a_long_document_is_scored_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(TEXT * 4)
    monkeypatch.setattr(score, "_AT_ONCE", 150)
    parts = list(score._parts(whole))
    assert len(parts) > 4
    spans = [(part.offset + start, part.offset + end) for part in parts for start, end in part.segments]
    assert spans == [tuple(span) for span in whole.segments]
    assert all(part.cased[a:b].strip() == part.cased[a:b] != "" for part in parts for a, b in part.segments)
    assert [line for part in parts for line in part.lines] == list(whole.lines)


def test_a_word_without_a_row_is_nothing() -> None:
    one, two = read("zzqx wvvk"), read("wvvk zzqx")
    model = Model(arrays() | {"steps": np.zeros(0, np.uint32), "table": np.zeros((4, 1), np.int8)})
    assert np.allclose(model.score(features(one)).chance, model.score(features(two)).chance)


# --- from which chance on -----------------------------------------------------------------------------------------


def bars_of(*chances: float, page: float = 1.0) -> dict[Level, float]:
    return score.bars(np.asarray(chances, np.float32), np.full(len(chances), 100), page)


@pytest.mark.parametrize("chances", [(0.0,), (1.0,), (0.01, 0.02, 0.9), (0.9, 0.99, 0.99, 0.2), (0.5,) * 9])
@pytest.mark.parametrize("page", [0.0, 0.5, 1.0])
def test_milder_levels_want_surer_scores(chances: tuple[float, ...], page: float) -> None:
    found = bars_of(*chances, page=page)
    assert 0.5 <= found["strict"] <= found["normal"] <= found["cautious"] <= 1


def test_where_nothing_looks_like_body_what_looks_most_like_it_stays() -> None:
    assert bars_of(0.75, 0.8, *[0.99] * 8)["strict"] > 0.75
    assert bars_of(0.01, 0.01, *[0.99] * 8)["strict"] < 0.6


def test_a_text_that_is_no_page_wants_surer_scores() -> None:
    chances = (0.01, 0.01, 0.01, 0.9)
    assert bars_of(*chances, page=0.0)["normal"] > 0.95 > bars_of(*chances)["normal"]


def test_a_page_begins_and_ends_with_furniture() -> None:
    model = Model(arrays())
    body, junk = [0.02] * 30, [0.95] * 12
    assert model.page(np.asarray(junk + body + junk, np.float32)) > 0.99
    assert model.page(np.asarray(body + junk[:3] + body, np.float32)) < 0.05
    assert model.page(np.full(20, 0.5, np.float32)) == pytest.approx(0.5)


def test_the_mildest_level_whose_bar_is_passed_counts() -> None:
    bar: dict[Level, float] = {"cautious": 0.99, "normal": 0.98, "strict": 0.9}
    assert [score.level_of(chance, bar) for chance in (0.89, 0.9, 0.98, 0.99)] == [None, "strict", "normal", "cautious"]


def test_what_stands_in_one_line_stands_together() -> None:
    chance, sizes = np.asarray([0.9, 0.1, 0.1, 0.9], np.float32), np.full(4, 50)
    found = score.together(chance, np.asarray([1, 1, 1, 2]), sizes)
    assert 0.5 < found[0] < 0.9
    assert found[1] == found[2] > 0.1
    assert found[3] == pytest.approx(0.9)
    assert score.together(chance, np.asarray([1, 1, 1, 2]), sizes * 10) == pytest.approx(chance)


def test_a_few_sentences_are_no_page() -> None:
    assert Model(arrays()).page(np.full(7, 0.99, np.float32)) == 0


@pytest.mark.parametrize("name", ["version", "features", "buckets", "kinds"])
def test_weights_for_other_features_are_refused(name: str) -> None:
    with pytest.raises(ModelError, match=f"fitted on other {name} than this version reads"):
        Model(arrays(**{name: 0}))


@pytest.mark.parametrize("name", ["page", "table_scale", "near8_bias"])
def test_weights_that_lack_a_part_are_refused(name: str) -> None:
    with pytest.raises(ModelError, match=f"no '{name}'; fit them again"):
        Model({key: value for key, value in arrays().items() if key != name})


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04"], ids=["missing", "empty", "broken"])
def test_a_file_that_is_none(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "weights.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="no usable weights"):
        load(path)
