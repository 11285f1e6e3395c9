"""The documents of `corpus/`: see corpus/README.md for the format."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cleaner.learn import corpus
from cleaner.learn.corpus import JOINTS, CorpusDocument, read

__all__ = ["FOLDER", "JOINTS", "CorpusDocument", "documents", "read"]

FOLDER = Path(__file__).parent.parent / "corpus"


@cache
def documents() -> tuple[CorpusDocument, ...]:
    """All of them, in the order of their names."""
    return tuple(corpus.documents(FOLDER))
