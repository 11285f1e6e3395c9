"""Fitting and judging the score: calibration, the weights file, tracks, the gate."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cleaner.judge.features import features
from cleaner.judge.model import SHIPPED, Model, load
from cleaner.judge.score import inputs_of
from cleaner.learn import calibrate, evaluate, gate
from cleaner.learn.examples import samples
from cleaner.learn.table import bag
from cleaner.read.segment import View
from cleaner.types import Document

BODY = (
    "The council voted on Tuesday to keep the night bus, which was to end in May.",
    "Drivers had asked for a second pair of hands on Fridays, and will get one.",
    "The next meeting is on 3 June, and anybody may come.",
)
JUNK = ("Sign up to our newsletter", "Home | Sport | Weather", "Read more: Harbour toll doubles")


def row(number: int, **more: Any) -> dict[str, Any]:
    """A dirty text whose first and last line are furniture."""
    lines = [JUNK[number % 3], *BODY, JUNK[(number + 1) % 3]]
    text, segments = "", []
    for line in lines:
        kind = "body" if line in BODY else "navigation"
        segments.append([len(text), len(text) + len(line), float(kind == "body"), kind, 1.0])
        text += line + "\n"
    made = {"id": f"made/{number}", "source": "made", "gold": "whole", "open": True, "domain": f"{number}.example"}
    made |= {"lang": "en", "title": None, "url": None, "page_type": "article", "found": 1.0, "fold": number % 3}
    return made | {"producer": "blocks", "text": text, "segments": segments} | more


def clean(number: int) -> dict[str, Any]:
    text = "\n".join(BODY)
    spans, at = [], 0
    for line in BODY:
        spans.append([at, at + len(line), 1.0, "body", 1.0])
        at += len(line) + 1
    return row(number, producer="clean", text=text, segments=spans)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    with gzip.open(folder / "made.jsonl.gz", "wt", encoding="utf-8") as file:
        for number in range(24):
            file.write("".join(json.dumps(made) + "\n" for made in (row(number), clean(number))))
    return folder


# --- calibration --------------------------------------------------------------------------------------------------


def test_the_line_is_found_again() -> None:
    chance = np.random.default_rng(5)
    logits = chance.normal(0, 3, 40_000)
    true = 1 / (1 + np.exp(-(0.6 * logits - 0.5)))
    found = calibrate.line(logits, (chance.random(len(logits)) < true).astype(float), np.ones(len(logits)))
    assert found == pytest.approx((0.6, -0.5), abs=0.05)


def test_a_line_is_found_where_newton_alone_runs_away() -> None:
    logits = np.array([-40.0, -38.0, 41.0, 44.0, 39.0, -37.0])
    found = calibrate.line(logits, np.array([0.0, 0, 1, 1, 0, 1]), np.array([900.0, 900, 900, 900, 1, 1]))
    assert 0 < found.sharpness < 1


def test_the_curve_says_what_was_said_and_what_was_so() -> None:
    bins = calibrate.curve(np.array([0.01, 0.99, 0.99, 1.0]), np.array([0.0, 1.0, 0.0, 1.0]), np.array([5.0, 1, 1, 2]))
    assert [(item.least, item.words) for item in bins] == [(0.0, 5.0), (0.98, 4.0)]
    assert bins[1].was == 0.75
    assert "0.98" in calibrate.show(bins)


# --- fitting ------------------------------------------------------------------------------------------------------


def test_the_same_fit_gives_the_same_file(data: Path, tmp_path: Path) -> None:
    train = fitting()
    one, two, known = tmp_path / "one.npz", tmp_path / "two.npz", tmp_path / "calibration.json"
    known.write_text(json.dumps({"sharpness": 0.5, "shift": 0.1, "page": [0, 1, 2, 3]}))
    for out in (one, two):
        arguments = ["--data", str(data), "--calibration", str(known), "--out", str(out), "--epochs", "2"]
        assert train.main(arguments) == 0
    assert one.read_bytes() == two.read_bytes()


def test_numpy_says_what_torch_says(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train = fitting()
    import torch

    from cleaner.learn.net import collate

    monkeypatch.setattr(train, "SITES", 2)
    items = list(samples(data))
    net = train.fit(items, epochs=2)
    model = Model(train.arrays(net, {}, calibrate.Line(1.0, 0.0), train.NO_PAGE))
    with torch.no_grad():
        logits = net(collate(items[:1]))[0, :, 0].numpy()
    found = model.score(items[0].features).chance
    assert np.allclose(found, 1 / (1 + np.exp(-logits)), atol=0.01)  # the file keeps fewer digits


def test_folds_are_fitted_without_their_domains(data: Path, tmp_path: Path) -> None:
    train = fitting()
    folds = tmp_path / "folds"
    assert train.main(["--data", str(data), "--folds", str(folds), "--pairs", "--epochs", "1", "--jobs", "1"]) == 0
    unseen = [load(folds / f"fold{which}.npz").about["unseen"] for which in ("0", "1", "0-1")]
    assert unseen == [[0], [1], [0, 1]]
    assert set(json.loads((folds / "calibration.json").read_text())) == {"sharpness", "shift", "page", "curve"}


def fitting() -> Any:
    pytest.importorskip("torch", reason="fitting needs the extra `learn`")
    from cleaner.learn import train

    return train


# --- judging ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("producer", "gold", "track"),
    [
        ("blocks", "whole", "text"),
        ("blocks", "snippets", None),
        ("clean", "whole", "clean"),
        ("splice-head-glued", "whole", "splice"),
        ("hard-negative", "made", "negatives"),
        ("negative-middle-line", "whole", None),
    ],
)
def test_tracks(producer: str, gold: str, track: str | None) -> None:
    assert evaluate.track_of({"producer": producer, "gold": gold}) == track


def test_what_is_measured(data: Path) -> None:
    setting = evaluate.Setting(False, ("normal",))
    found = list(evaluate.measure(data, setting, jobs=1))
    assert {(item.track, item.level) for item in found} == {("text", "normal"), ("clean", "normal")}
    assert all(item.lost == 0 for item in found)
    assert all(item.before < item.after <= item.best == 1 for item in found if item.track == "text")
    lines = evaluate.summary(found)
    assert "clean     made" in evaluate.show(lines, "normal")
    assert {line["documents"] for line in lines} == {24}


def test_the_command_writes_its_figures(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "figures.json"
    arguments = ["--data", str(data), "--rules-only", "--level", "normal", "--jobs", "1", "--json", str(out)]
    assert evaluate.main(arguments) == 0
    assert json.loads(out.read_text())[0]["level"] == "normal"
    assert capsys.readouterr().out.startswith("level normal\n")


def test_words_count_in_lower_case_without_punctuation() -> None:
    assert bag("The bus, the BUS!") == {"the": 2, "bus": 2}


# --- the gate -----------------------------------------------------------------------------------------------------

FLOORS = {"rules": {"lost": 0.1, "left": 0.2}}


@pytest.mark.parametrize(
    ("found", "faults"),
    [
        ({"rules": {"lost": 0.1, "left": 0.2}}, []),
        ({"rules": {"lost": 0.0, "left": 0.1}}, []),
        ({"rules": {"lost": 0.11, "left": 0.2}}, ["rules: lost is 0.11, was 0.1"]),
    ],
)
def test_worse_is_named(found: gate.Figures, faults: list[str]) -> None:
    assert gate.worse(found, FLOORS) == faults


needs_weights = pytest.mark.skipif(not SHIPPED.exists(), reason="no weights are shipped")


@needs_weights
def test_the_shipped_weights_are_small_and_load() -> None:
    assert SHIPPED.stat().st_size < 5_000_000
    view = View(Document("\n".join([JUNK[0], *BODY])))
    inputs = inputs_of(view, ())
    assert inputs is not None
    found = load().score(features(inputs)).chance
    assert found[0] > found[1:].max()


@needs_weights
def test_floors_are_recorded_and_guarded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "corpus" / "en"
    folder.mkdir(parents=True)
    for path in sorted((gate.CORPUS / "en").glob("*.txt"))[:4]:
        (folder / path.name).write_bytes(path.read_bytes())
    corpus = ["--corpus", str(folder.parent)]
    assert gate.main([*corpus, "--record"]) == 0
    assert gate.main(corpus) == 0
    floors = json.loads((folder.parent / "floors.json").read_text())
    floors["hashes"]["rules"] = "other"
    (folder.parent / "floors.json").write_text(json.dumps(floors))
    assert gate.main(corpus) == 1
    assert "recorded with other rules" in capsys.readouterr().err
