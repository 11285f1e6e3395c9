"""What several test files share: where things are, and the corpus."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


# CI asks the same questions every time, so that it answers for the change and not for luck; elsewhere they are new.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real documents beside the project; tests that need them are skipped where they are not."""
    if not SHARED.is_dir():
        pytest.skip("needs the real documents in ../shared")
    return SHARED


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(os.environ, "COLUMNS", "100")
