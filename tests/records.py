"""Records for tests: made from the corpus, cleaned by the plain call, and runs of the real command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cleaner import Cleaner
from tests.corpus import documents

Row = dict[str, Any]
CLEAN = [sys.executable, "-m", "cleaner.cli", "--no-scores"]


@cache
def cleaner() -> Cleaner:
    """By rules alone: fast, and records are the subject here."""
    return Cleaner(scores=False)


@cache
def rows(count: int = 60) -> tuple[Row, ...]:
    """Articles of the corpus as records with other fields around the text."""
    made = []
    for number in range(count):
        document = documents()[number % len(documents())]
        around = {"id": f"d{number}", "url": document.head.get("url"), "n": number}
        made.append(around | {"text": document.text, "tags": ["a", {"b": None}]})
    return tuple(made)


def cleaned(row: Row) -> str:
    """What the plain call makes of a record's text."""
    return cleaner().clean(row["text"], url=row.get("url")).text


def lines(records: Sequence[Row]) -> bytes:
    """The records as JSON lines."""
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in records)


def wanted(records: Sequence[Row]) -> bytes:
    """The lines that must come out."""
    return lines([row | {"text": cleaned(row)} for row in records])


def command(*args: str | Path, data: bytes = b"", limit: float = 120, **env: str) -> subprocess.CompletedProcess[bytes]:
    """The real command, by rules alone."""
    return subprocess.run(
        [*CLEAN, *map(str, args)],
        input=data,
        capture_output=True,
        timeout=limit,
        env=os.environ | env,
        check=False,
    )
