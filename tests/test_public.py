"""The public names, and what the package imports for them."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import cleaner
from cleaner import Cleaner, UsageError
from tests.corpus import documents


def test_public_names() -> None:
    assert sorted(cleaner.__all__) == [
        "Cleaner", "CleanerError", "Decision", "Document", "InputError", "Result", "Rule", "RuleError", "UsageError",
        "clean",
        "clean_html",
        "load_rules",
    ]  # fmt: skip


def test_import_loads_nothing_heavy() -> None:
    code = (
        "import sys, cleaner; print(*sorted({'numpy', 'lxml', 'trafilatura', 'ftfy', 'rapidfuzz'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"level": "bold"}, "unknown level 'bold'; allowed: cautious, normal, strict"),
        ({"keep": ["ads"]}, "unknown kind 'ads'; allowed: appeal, subscription"),
        ({"off": ["site/none"]}, "no rule 'site/none' to switch off"),
        ({"steps": ["quotes"]}, "unknown step 'quotes'; the steps are encoding"),
    ],
    ids=["level", "kind", "rule", "step"],
)
def test_a_setting_that_does_not_exist(settings: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=f"^{message}"):
        Cleaner(**settings)  # type: ignore[arg-type]


def test_a_cleaner_travels() -> None:
    here = Cleaner(level="strict", keep=["caption"])
    there = pickle.loads(pickle.dumps(here))
    for document in documents()[:10]:
        assert there.clean(document.text) == here.clean(document.text)


def test_threads_agree() -> None:
    cleaner_ = Cleaner()
    texts = [document.text for document in documents()]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(cleaner_.clean, texts)) == [cleaner_.clean(text) for text in texts]


def test_hash_seeds_agree() -> None:
    code = (
        "from tests.corpus import documents; from cleaner import Cleaner; c = Cleaner();"
        "print([c.clean(d.text).decisions for d in documents()[::5]])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(runs) == 1
