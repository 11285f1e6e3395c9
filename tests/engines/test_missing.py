"""Without an engine: nothing of ours imports one, and its own module says which extra brings it."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from tests.conftest import ROOT

ENGINES = {
    "datasets": "datasets",
    "datatrove": "datatrove",
    "langchain": "langchain_core",
    "pandas": "pandas",
    "polars": "polars",
    "ray": "ray",
    "scrapy": "scrapy",
    "spark": "pyspark",
}
"""Our module, which is the extra's name too, and what it is for."""


def test_every_module_is_known() -> None:
    names = {path.stem for path in (ROOT / "cleaner" / "integrations").glob("*.py")}
    assert names - {"__init__", "shared"} == set(ENGINES)


@pytest.mark.parametrize("name", ENGINES)
def test_a_missing_engine_names_its_extra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = [module for module in sys.modules if module.startswith(f"{ENGINES[name]}.")]
    for module in (ENGINES[name], *loaded):
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, f"cleaner.integrations.{name}", raising=False)
    with pytest.raises(ImportError, match=rf"pip install 'article-cleaner\[{name}\]'"):
        importlib.import_module(f"cleaner.integrations.{name}")


def test_the_package_imports_no_engine() -> None:
    code = "import sys, cleaner, cleaner.integrations, cleaner.integrations.shared; print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert set(shown.split()) & {*ENGINES.values(), "pyarrow", "numpy"} == set()
