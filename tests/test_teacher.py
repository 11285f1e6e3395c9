"""What teachers say of a page reaches the segments of its texts, and mixes with gold."""

from __future__ import annotations

import json
import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from cleaner.judge.model import FOR_PAGES
from cleaner.learn import label, teacher
from cleaner.learn.examples import samples
from cleaner.learn.splice import FOLDS
from tests.test_dataset import rows, run, shared
from tests.test_sources import put

__all__ = ["shared"]


def labels(*lines: str) -> label.Labels:
    return label.by_spans(*label.joined(("\n", line, "body") for line in lines))


@pytest.fixture
def teachers(tmp_path: Path) -> Path:
    """The shipped net under the name of each."""
    folder = tmp_path / "teachers"
    folder.mkdir()
    for left_out in (*((fold,) for fold in range(FOLDS)), *combinations(range(FOLDS), 2)):
        shutil.copy(FOR_PAGES, folder / teacher.name(*left_out))
    return folder


def test_names() -> None:
    assert [teacher.name(3), teacher.name(3, 3), teacher.name(3, 1)] == ["fold3.npz", "fold3.npz", "fold1-3.npz"]


def test_what_is_said_goes_to_the_segments_in_order() -> None:
    said = {"the bus stays": [[0.1] * FOLDS, [0.2] * FOLDS], "home": [[0.9] * FOLDS]}
    found = teacher.taught(
        labels("Home", "The bus stays.", "Nobody said this.", "The bus stays!", "The bus stays."), said
    )
    assert [item and item[0] for item in found] == [0.9, 0.1, None, 0.2, 0.2]


def test_gold_and_teacher_mix() -> None:
    target = np.asarray([1.0, 0.0, 1.0], np.float32)
    taught = teacher.spread_over([[0.5] * FOLDS, None], [0, 10], [0, 10, 20])
    mixed = teacher.blended(target, taught, 0)
    assert mixed == pytest.approx([1 - 0.5 * teacher.SHARE, 0.0, 1.0])
    assert teacher.blended(target, None, 0) is target


def test_rows_have_what_teachers_say(shared: Path, teachers: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(shared, out, "--jobs", "1", "--sources", "made", "--teachers", str(teachers)) == 0
    made = [row for row in rows(out / "made.jsonl.gz") if row["producer"] == "blocks"]
    for row in made:
        assert len(row["taught"]) == len(row["segments"])
        known = [(body, said) for (*_, body, _, _), said in zip(row["segments"], row["taught"], strict=True) if said]
        assert len(known) > len(row["segments"]) / 2
        assert all(len(said) == FOLDS and said == [said[0]] * FOLDS for _, said in known)
        of_body, of_rest = ([said[0] for body, said in known if (body > 0.5) == wanted] for wanted in (True, False))
        assert np.mean(of_body) < np.mean(of_rest)


def test_a_net_learns_from_the_teacher_of_its_fold(shared: Path, teachers: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(shared, out, "--jobs", "1", "--sources", "made", "--teachers", str(teachers))
    item = next(item for item in samples(out) if item.taught is not None)
    assert item.taught is not None
    other = (item.fold + 1) % FOLDS
    item.taught[:, item.fold], item.taught[:, other] = 0.0, 1.0
    assert item.learned(None).target == pytest.approx((1 - teacher.SHARE) * item.target)
    assert item.learned(other).target == pytest.approx(teacher.SHARE + (1 - teacher.SHARE) * item.target)


def test_only_open_articles_are_taught(shared: Path, teachers: Path, tmp_path: Path) -> None:
    given = rows(shared / "documents/made.jsonl.gz")
    put(shared / "documents/made.jsonl.gz", "\n".join(json.dumps({**row, "page_type": "forum"}) for row in given))
    run(shared, tmp_path / "out", "--jobs", "1", "--sources", "made", "--teachers", str(teachers))
    assert not any("taught" in row for row in rows(tmp_path / "out/made.jsonl.gz"))


def test_a_missing_teacher_is_named(
    shared: Path, teachers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in teachers.glob("*-*.npz"):
        path.unlink()
    assert run(shared, tmp_path / "out", "--jobs", "1", "--sources", "made", "--teachers", str(teachers)) == 2
    assert "fold" in capsys.readouterr().err
