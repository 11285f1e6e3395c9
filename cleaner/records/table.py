"""The batch function over Arrow tables, which Parquet files and all engines share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from cleaner.pipeline import Cleaner
from cleaner.records.article import Article, Cleaned, Failure, clean_articles, spans
from cleaner.records.fields import SPANS, Fields, Look
from cleaner.types import InputError

if TYPE_CHECKING:  # pyarrow is an extra, and takes 60 ms to import
    import pyarrow as pa

    Batch = TypeVar("Batch", pa.Table, pa.RecordBatch)

Outcome = Cleaned | Failure | None


def clean_table(
    table: Batch,
    cleaner: Cleaner,
    fields: Fields = Fields(),
    look: Look = Look(),
    *,
    errors: str | None = None,
) -> Batch:
    """The table with its articles cleaned: same rows, same order, every other column untouched. Rows without text
    (null) stay as they are. `errors` names a column that takes the reason where a row could not be cleaned, null
    elsewhere; such a row keeps its text. Without it such a row raises InputError, which names it. Raises InputError for
    a table that has not got the columns, or has them of another type."""
    check(table.schema, fields, errors)
    outcomes = clean_articles(cleaner, articles(table, fields), look)
    if errors is None:
        for row, outcome in enumerate(outcomes):
            if isinstance(outcome, Failure):
                raise InputError(f"row {row}: {outcome.reason}")
    done = written(table, fields, outcomes)
    if errors is None:
        return done
    import pyarrow as pa

    reasons = [outcome.reason if isinstance(outcome, Failure) else None for outcome in outcomes]
    return done.append_column(pa.field(errors, pa.string()), _like(table, pa.array(reasons, pa.string())))


def output_schema(schema: pa.Schema, fields: Fields = Fields(), *, errors: str | None = None) -> pa.Schema:
    """The schema of what `clean_table` gives for a table of this schema; raises as it does."""
    import pyarrow as pa

    check(schema, fields, errors)
    # Only what is written is made, empty: not every type of Arrow's can be.
    tops = {name.split(".")[0] for name, _ in fields.puts}
    made = written(pa.schema([field for field in schema if field.name in tops]).empty_table(), fields, []).schema
    new = [field for field in made if field.name not in schema.names]
    new += [] if errors is None else [pa.field(errors, pa.string())]
    kept = [made.field(field.name) if field.name in tops else field for field in schema]
    return pa.schema([*kept, *new], schema.metadata)


def check(schema: pa.Schema, fields: Fields, errors: str | None = None) -> None:
    """Raises InputError, which says what would be right, unless the columns are there and of the right types."""
    for name, pages in ((fields.html, True), (fields.texts, False)):
        if name is not None:
            kind = _type(schema, name)
            if kind is None:
                raise InputError(f"no column {name!r}; there are: {', '.join(schema.names) or 'none'}")
            if not (_is_text(kind) or (pages and _is_bytes(kind))):
                raise InputError(f"column {name!r} is {kind}; it must be string{' or binary' * pages}")
    for name, asked in fields.known.values():
        kind = _type(schema, name)
        if asked and kind is None:
            raise InputError(f"no column {name!r}; there are: {', '.join(schema.names)}")
        if asked and name != fields.id and not _is_text(kind):
            raise InputError(f"column {name!r} is {kind}; it must be string")
    if fields.fresh and _type(schema, fields.fresh) is not None:
        raise InputError(f"there is a column {fields.fresh!r} already; name where the text of pages goes")
    if fields.spans and _type(schema, SPANS) is not None:
        raise InputError(f"there is a column {SPANS!r} already")
    if fields.out and _type(schema, fields.out) is not None and not _is_text(_type(schema, fields.out)):
        raise InputError(
            f"column {fields.out!r} is {_type(schema, fields.out)}; it must be string to take the clean text"
        )
    if errors is not None and (errors in schema.names or errors == fields.out):
        raise InputError(f"there is a column {errors!r} already")


def articles(table: pa.Table | pa.RecordBatch, fields: Fields) -> list[Article | Failure | None]:
    """The article of each row; None where it has no text."""
    count = table.num_rows
    pages = _values(table, fields.html) if fields.html else [None] * count
    texts = _values(table, fields.texts) if fields.texts else [None] * count
    known = {
        what: _values(table, name) if _is_text(_type(table.schema, name)) else [None] * count
        for what, (name, _) in fields.known.items()
        if what != "id"
    }
    return [
        None if page is None and text is None else Article(text if page is None else page, page is not None, **rest)
        for page, text, rest in zip(pages, texts, _rows(known, count), strict=True)
    ]


def names(table: pa.Table | pa.RecordBatch, fields: Fields) -> list[str | None]:
    """What the id column says of each row."""
    name = fields.known["id"][0]
    if _type(table.schema, name) is None:
        return [None] * table.num_rows
    return [None if value is None else str(value) for value in _values(table, name)]


def written(table: Batch, fields: Fields, outcomes: Sequence[Outcome]) -> Batch:
    """The table with what came of its rows. A row that failed keeps what it has."""
    import pyarrow as pa

    for name, clean in fields.puts:
        table = _put(table, name, [_shown(outcome, clean) for outcome in outcomes])
    if fields.spans:
        marked = [list(spans(item.result).items()) if isinstance(item, Cleaned) else None for item in outcomes]
        kind = pa.map_(pa.string(), pa.list_(pa.list_(pa.float64())))
        table = table.append_column(pa.field(SPANS, kind), _like(table, pa.array(marked, kind)))
    return table


def _shown(outcome: Outcome, clean: bool) -> str | None:
    if not isinstance(outcome, Cleaned):
        return None
    return outcome.text if clean else outcome.result.document.text


def _put(table: Batch, name: str, texts: list[str | None]) -> Batch:
    """The table with these texts in a column; where there is none, what stood there stays. Its type stays too."""
    import pyarrow as pa

    top, *inner = name.split(".")
    number = table.schema.get_field_index(top)
    if number < 0:
        field = pa.field(top, _nested(inner))
        return table.append_column(field, _like(table, _array(None, field.type, inner, texts)))
    old = table.column(number)
    whole = old.combine_chunks() if isinstance(old, pa.ChunkedArray) else old
    array = _array(whole, whole.type, inner, texts)
    field = table.schema.field(number)
    return table.set_column(number, field.with_type(array.type), _like(table, array))


def _array(old: pa.Array | None, kind: pa.DataType, inner: list[str], texts: list[str | None]) -> pa.Array:
    """A column with the texts put where the names lead; `old` is what stood there."""
    import pyarrow as pa

    if not inner:
        kind = pa.string() if pa.types.is_null(kind) else kind
        kept = [None] * len(texts) if old is None else old.to_pylist() if None in texts else texts
        return pa.array([kept[i] if text is None else text for i, text in enumerate(texts)], kind)
    names = [field.name for field in kind]
    children = {} if old is None else dict(zip(names, old.flatten(), strict=True))
    child = kind.field(inner[0]).type if inner[0] in names else _nested(inner[1:])
    children[inner[0]] = _array(children.get(inner[0]), child, inner[1:], texts)
    return pa.StructArray.from_arrays(
        list(children.values()), list(children), mask=None if old is None else old.is_null()
    )


def _nested(inner: list[str]) -> pa.DataType:
    import pyarrow as pa

    kind: pa.DataType = pa.string()
    for name in reversed(inner):
        kind = pa.struct([(name, kind)])
    return kind


def _like(table: Batch, array: pa.Array) -> pa.Array | pa.ChunkedArray:
    """The array as a column of such a table."""
    import pyarrow as pa

    return pa.chunked_array([array]) if isinstance(table, pa.Table) else array


def _values(table: pa.Table | pa.RecordBatch, name: str) -> list[Any]:
    import pyarrow.compute as pc

    top, *inner = name.split(".")
    column = table.column(top)
    values: list[Any] = (pc.struct_field(column, inner) if inner else column).to_pylist()
    return values


def _type(schema: pa.Schema, name: str) -> pa.DataType | None:
    import pyarrow as pa

    top, *inner = name.split(".")
    if top not in schema.names:
        return None
    kind = schema.field(top).type
    for part in inner:
        if not pa.types.is_struct(kind) or kind.get_field_index(part) < 0:
            return None
        kind = kind.field(part).type
    return kind


def _is_text(kind: pa.DataType | None) -> bool:
    """Whether it holds text. A column of nulls alone may: engines that take types from the rows of a batch give that
    type to a batch that happens to have no text."""
    import pyarrow as pa

    if kind is not None and pa.types.is_dictionary(kind):
        kind = kind.value_type
    if kind is None or pa.types.is_null(kind):
        return kind is not None
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_bytes(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind))


def _rows(columns: dict[str, list[Any]], count: int) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)] or [{}] * count
