"""What the engines' modules share: how a Cleaner gets to the workers, and what a missing engine says."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, TypeVar

from cleaner.pipeline import Cleaner
from cleaner.records.fields import SPANS, Fields, Look
from cleaner.records.table import clean_table, output_schema
from cleaner.types import HtmlMode, Kind, Level, Rule

if TYPE_CHECKING:
    import pyarrow as pa

    Batch = TypeVar("Batch", pa.Table, pa.RecordBatch)


class Options(TypedDict, total=False):
    """What a `Cleaner` is made from; each means what it means there."""

    level: Level
    keep: Sequence[Kind]
    strip: Sequence[Kind]
    rules: Sequence[Rule] | None
    off: Sequence[str]
    steps: Sequence[str] | None
    scores: bool | Path
    html_mode: HtmlMode


@contextmanager
def engine(extra: str) -> Iterator[None]:
    """For the import of an engine: where it is missing, the ImportError names the extra that brings it."""
    try:
        yield
    except ImportError as error:
        said = f"cleaner.integrations.{extra}: {error}; pip install 'article-cleaner[{extra}]' brings what it needs"
        raise ImportError(said, name=error.name, path=error.path) from error


class Recipe:
    """A Cleaner that travels. Its options do, and each process makes it once from them: a pickled Cleaner is 650 kB and
    takes 30 to 60 ms to read, as long as to make one, but engines read it again for every task.

    Raises what `Cleaner` raises, at once: not on a worker."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._pickled = pickle.dumps(options)
        _cleaner(self._pickled)

    def __reduce__(self) -> tuple[type[Recipe], tuple[Options]]:
        return Recipe, (self.options,)

    def __repr__(self) -> str:
        return f"Recipe({self.options})"

    def cleaner(self) -> Cleaner:
        """This process's Cleaner."""
        return _cleaner(self._pickled)


@lru_cache(maxsize=4)
def _cleaner(pickled: bytes) -> Cleaner:
    options: Options = pickle.loads(pickled)
    return Cleaner(**options)


class TableCleaner:
    """`records.table.clean_table` with all that it takes but the table; picklable. Raises what `Cleaner` raises."""

    def __init__(self, fields: Fields, look: Look, errors: str | None, options: Options) -> None:
        self.fields, self.look, self.errors = fields, look, errors
        self.recipe = Recipe(options)

    def __call__(self, table: Batch) -> Batch:
        """The table cleaned. Raises InputError."""
        return clean_table(table, self.recipe.cleaner(), self.fields, self.look, errors=self.errors)

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """The schema that a table of this one is given. Raises InputError."""
        return output_schema(schema, self.fields, errors=self.errors)

    @property
    def writes(self) -> tuple[str, ...]:
        """The columns that change or are new."""
        new = ([SPANS] if self.fields.spans else []) + ([self.errors] if self.errors else [])
        return tuple(dict.fromkeys([*(name.split(".")[0] for name, _ in self.fields.puts), *new]))

    @property
    def touches(self) -> frozenset[str]:
        """The columns that are read or written; the values of all others need not be known."""
        read = [self.fields.html, self.fields.texts, *(name for name, _ in self.fields.known.values())]
        return frozenset(name.split(".")[0] for name in read if name).union(self.writes)
