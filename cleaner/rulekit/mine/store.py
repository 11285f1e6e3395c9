"""Tables larger than memory, on an embedded engine: filled row by row, grouped and sorted on disk.

DuckDB, by measurement: of ten million rows of a key and a host the keys with five or more, each engine with 256 MB, one
thread: DuckDB 3.4 s, SQLite 25 s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cleaner.types import UsageError

_TABLES: Final[dict[str, dict[str, str]]] = {
    "docs": {"doc": "BIGINT", "host": "INTEGER", "day": "INTEGER", "chars": "INTEGER", "url": "VARCHAR"},
    "seen": {"k": "BIGINT", "host": "INTEGER", "doc": "BIGINT"},
    "long": {"k": "BIGINT", "host": "INTEGER", "doc": "BIGINT"},
    "near": {"host": "INTEGER", "k": "BIGINT", "said": "VARCHAR"},
    "occ": {
        "host": "INTEGER", "doc": "BIGINT", "pos": "INTEGER", "line": "INTEGER", "beside": "INTEGER", "day": "INTEGER",
        "counts": "BOOLEAN", "place": "TINYINT", "amid": "BOOLEAN", "head": "BOOLEAN", "listed": "BOOLEAN",
        "taken": "TINYINT", "asked": "TINYINT", "kind": "TINYINT",
        "k0": "BIGINT", "k1": "BIGINT", "k2": "BIGINT", "k3": "BIGINT",
        "said": "VARCHAR", "url": "VARCHAR", "before": "VARCHAR", "behind": "VARCHAR",
    },
}  # fmt: skip
_HELD: Final = 50_000
"""Rows of a table that wait in memory."""
_HELD_TEXTS: Final = 5_000
_FETCHED: Final = 2_000


class Store:
    """The tables, in a file of their own below `folder`."""

    def __init__(self, folder: Path, memory: int) -> None:
        """Raises UsageError where DuckDB is not installed."""
        try:
            import duckdb
        except ImportError:
            raise UsageError("mining needs a library: pip install 'article-cleaner[mine]'") from None
        settings: dict[str, Any] = {
            "memory_limit": f"{memory}MB",
            "threads": 1,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": False,
        }
        self._db: Any = duckdb.connect(str(folder / "mine.db"), config=settings)
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _TABLES}
        for name, columns in _TABLES.items():
            self.run(f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})")

    def add(self, table: str, row: tuple[Any, ...]) -> None:
        """Adds a row, some time before the table is next asked."""
        rows = self._rows[table]
        rows.append(row)
        if len(rows) >= (_HELD_TEXTS if "VARCHAR" in _TABLES[table].values() else _HELD):
            self._flush(table)

    def run(self, sql: str, values: Sequence[object] = ()) -> None:
        """Runs a statement on all rows that were added."""
        for table in _TABLES:
            self._flush(table)  # what was dropped gets no more rows
        self._db.execute(sql, list(values))

    def rows(self, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, some at a time. Only one query may be under way."""
        self.run(sql, values)
        while found := self._db.fetchmany(_FETCHED):
            yield from found

    def numbers(self, name: str, hosts: Mapping[int, tuple[int, ...]], columns: Sequence[str]) -> None:
        """Makes a table of numbers of each host, in place of the one of that name."""
        import numpy as np

        values = np.array([(host, *given) for host, given in hosts.items()], np.int32).reshape(-1, 1 + len(columns))
        given = {column: values[:, place].copy() for place, column in enumerate(("host", *columns))}
        self._db.register("given", given)
        self._db.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
        self._db.unregister("given")

    def close(self) -> None:
        self._db.close()

    def _flush(self, table: str) -> None:
        import numpy as np

        rows, kinds = self._rows[table], _TABLES[table]
        if not rows:
            return
        types = {"BIGINT": np.int64, "INTEGER": np.int32, "TINYINT": np.int8, "BOOLEAN": np.bool_, "VARCHAR": object}
        arrays: dict[str, Any] = {
            name: np.array(values, dtype=types[kind])
            for (name, kind), values in zip(kinds.items(), zip(*rows, strict=True), strict=True)
        }
        self._db.register("held", arrays)
        self._db.execute(f"INSERT INTO {table} SELECT * FROM held")
        self._db.unregister("held")
        rows.clear()
