"""Spark: `clean(df)` cleans the articles of a DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Unpack

from cleaner.integrations.shared import Options, TableCleaner, engine
from cleaner.records.fields import Fields, Look
from cleaner.types import InputError

with engine("spark"):
    import pyarrow as pa
    from pyspark import TaskContext
    from pyspark.sql import DataFrame
    from pyspark.sql import types as ps

_OTHERS: Final = {
    "binary": pa.binary(),
    "bigint": pa.int64(),
    "int": pa.int32(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
"""What errors may name; all types that are not here go by one that is no text."""
_ROWS: Final = 500
"""Rows cleaned at a time: what is known of an article while it is cleaned is several times the article, and Spark's own
batches are of 10,000."""


def clean(
    df: DataFrame,
    fields: Fields = Fields(),
    look: Look = Look(),
    *,
    errors: str | None = None,
    **options: Unpack[Options],
) -> DataFrame:
    """The DataFrame with its articles cleaned, lazily, by `mapInArrow`; other columns and the rows' order stay.

    errors: a new column for the reason where a row could not be cleaned; without it such a row fails its task, and the
        error says the partition and the row. options: those of `Cleaner`.
    Raises UsageError and RuleError for options, and InputError for columns, here; what is wrong with a row is an
    InputError of the worker's. The workers need this package.

        clean(spark.read.parquet("articles.parquet"), Fields(text="body"), level="cautious")
    """
    work = TableCleaner(fields, look, errors, options)
    before = df.schema
    after = work.schema(pa.schema([(field.name, _arrow(field.dataType)) for field in before]))
    return df.mapInArrow(_worker(work), _struct(before, after))


def _worker(work: TableCleaner) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def cleaned(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        first = 0
        for batch in batches:
            for start in range(0, batch.num_rows, _ROWS):
                part = batch.slice(start, _ROWS)
                try:
                    yield work(part)
                except InputError as error:
                    partition = TaskContext.get().partitionId()
                    raise InputError(f"partition {partition}, counted from row {first}: {error}") from error
                first += part.num_rows

    return cleaned


def _arrow(kind: Any) -> pa.DataType:
    """A Spark type in Arrow's words, as far as cleaning asks. Spark's own conversion wants a time zone, and has another
    signature in every version."""
    if isinstance(kind, ps.StructType):
        return pa.struct([(field.name, _arrow(field.dataType)) for field in kind])
    if isinstance(kind, ps.StringType | ps.VarcharType | ps.CharType):
        return pa.string()
    return _OTHERS.get(kind.simpleString(), pa.list_(pa.null()))


def _struct(before: Any, after: Any) -> Any:
    """The fields of `after` (Arrow), each with the type that it has in `before` (Spark) where it stands there."""
    old = {} if before is None else {field.name: field for field in before}
    return ps.StructType([_field(old.get(field.name), field) for field in after])


def _field(old: Any, field: pa.Field) -> Any:
    if pa.types.is_struct(field.type):
        nested = _struct(old and old.dataType, field.type)
        return ps.StructField(field.name, nested, old is None or old.nullable, old and old.metadata)
    if old is not None:
        return old
    spans = ps.MapType(ps.StringType(), ps.ArrayType(ps.ArrayType(ps.DoubleType())))
    return ps.StructField(field.name, spans if pa.types.is_map(field.type) else ps.StringType())
