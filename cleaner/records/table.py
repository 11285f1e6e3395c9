"""The batch function over Arrow tables, which Parquet files and all engines share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cleaner.pipeline import Cleaner
from cleaner.records.article import Article, Cleaned, Failure, clean_articles, spans
from cleaner.records.fields import SPANS, Fields, Look
from cleaner.types import InputError

if TYPE_CHECKING:  # pyarrow is an extra, and takes 60 ms to import
    import pyarrow as pa

    Batch = TypeVar("Batch", pa.Table, pa.RecordBatch)

Outcome = Cleaned | Failure | None

_CHARS: Final = 1 << 29
"""Characters of the texts that become one array: Arrow's plain strings end at 2 GiB an array, and a character takes up
to four bytes."""


def clean_table(
    table: Batch,
    cleaner: Cleaner,
    fields: Fields = Fields(),
    look: Look = Look(),
    *,
    errors: str | None = None,
) -> Batch:
    """The table with its articles cleaned: same rows, same order, every other column untouched. Rows without text
    (null) stay as they are. The columns that are written keep their types too, but one of type null, which has no place
    for text, becomes string; that goes by its type, whatever is in the rows, so that all parts of a table come out
    alike. A null type that is only read stays. `errors` names a column that takes the reason where a row could not be
    cleaned, null elsewhere; such a row keeps its text. Without it such a row raises InputError, which names it. Raises
    InputError for a table that has not got the columns, or has them of another type, or has two of one name."""
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
    return done.append_column(pa.field(errors, pa.string()), _like(table, [pa.array(reasons, pa.string())]))


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
    for name in schema.names:
        if schema.names.count(name) > 1:
            raise InputError(f"two columns are called {name!r}; give one of them another name")
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
    for name, _ in fields.puts:
        _check_way(schema, name)
    new = [name.split(".")[0] for name, _ in fields.puts] + [SPANS] * fields.spans
    if errors is not None and errors in [*schema.names, *new]:
        raise InputError(f"there is a column {errors!r} already")


def _check_way(schema: pa.Schema, name: str) -> None:
    """Raises InputError where a name that is written leads through something that holds no fields."""
    import pyarrow as pa

    parts = name.split(".")
    kind = _type(schema, parts[0])
    for depth, part in enumerate(parts[1:], 1):
        if kind is None or pa.types.is_null(kind):
            return
        way = ".".join(parts[:depth])
        if not pa.types.is_struct(kind):
            raise InputError(f"column {way!r} is {kind}, not a struct: there is no place for {name!r} in it")
        found = kind.get_all_field_indices(part)
        if len(found) > 1:
            raise InputError(f"two fields of column {way!r} are called {part!r}; give one of them another name")
        kind = kind.field(found[0]).type if found else None


def articles(table: pa.Table | pa.RecordBatch, fields: Fields) -> list[Article | Failure | None]:
    """The article of each row; None where it has no text, a Failure where what is needed of it cannot be read."""
    count = table.num_rows
    pages = _values(table, fields.html) if fields.html else [None] * count
    texts = _values(table, fields.texts) if fields.texts else [None] * count
    known = {
        what: _values(table, name) if _is_text(_type(table.schema, name)) else [None] * count
        for what, (name, _) in fields.known.items()
        if what != "id"
    }
    return [_article(*row) for row in zip(pages, texts, _rows(known, count), strict=True)]


def _article(page: Any, text: Any, known: dict[str, Any]) -> Article | Failure | None:
    body = text if page is None else page
    if body is None:
        return None
    for value in (body, *known.values()):
        if isinstance(value, Failure):
            return value
    return Article(body, page is not None, **known)


def names(table: pa.Table | pa.RecordBatch, fields: Fields) -> list[str | None]:
    """What the id column says of each row; None also where that cannot be read."""
    name = fields.known["id"][0]
    if _type(table.schema, name) is None:
        return [None] * table.num_rows
    values = _values(table, name)
    return [None if value is None or isinstance(value, Failure) else str(value) for value in values]


def written(table: Batch, fields: Fields, outcomes: Sequence[Outcome]) -> Batch:
    """The table with what came of its rows. A row that failed keeps what it has."""
    import pyarrow as pa

    for name, clean in fields.puts:
        table = _put(table, name, [_shown(outcome, clean) for outcome in outcomes])
    if fields.spans:
        marked = [list(spans(item.result).items()) if isinstance(item, Cleaned) else None for item in outcomes]
        kind = pa.map_(pa.string(), pa.list_(pa.list_(pa.float64())))
        table = table.append_column(pa.field(SPANS, kind), _like(table, [pa.array(marked, kind)]))
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
        kind = _nested(inner)
        portions = _portions(texts) if isinstance(table, pa.Table) else [texts]
        new = [_array(None, kind, inner, portion) for portion in portions]
        return table.append_column(pa.field(top, kind), _like(table, new))
    field, column = table.schema.field(number), table.column(number)
    # Each chunk by itself: joined they may be more than an array of their type can hold.
    chunks = (column.chunks or [pa.nulls(0, field.type)]) if isinstance(column, pa.ChunkedArray) else [column]
    made: list[pa.Array] = []
    done = 0
    for chunk in chunks:
        made.append(_array(chunk, chunk.type, inner, texts[done : done + len(chunk)]))
        done += len(chunk)
    return table.set_column(number, field.with_type(made[0].type), _like(table, made))


def _portions(texts: list[str | None]) -> Iterator[list[str | None]]:
    """The texts, so many at a time as fit into one array."""
    start = size = 0
    for i, text in enumerate(texts):
        size += len(text or "")
        if size > _CHARS and i > start:
            yield texts[start:i]
            start, size = i, len(text or "")
    yield texts[start:]


def _array(old: pa.Array | None, kind: pa.DataType, inner: list[str], texts: list[str | None]) -> pa.Array:
    """A column with the texts put where the names lead; `old` is what stood there."""
    import pyarrow as pa

    if not inner:
        return _filled(old, kind, texts)
    if pa.types.is_null(kind):
        kind = _nested(inner)
        old = pa.nulls(len(texts), kind)
    fields, at = list(kind), kind.get_field_index(inner[0])
    children = [None] * len(fields) if old is None else _children(old)
    if at < 0:
        at = len(fields)
        fields.append(pa.field(inner[0], _nested(inner[1:])))
        children.append(None)
    children[at] = _array(children[at], fields[at].type, inner[1:], texts)
    fields[at] = fields[at].with_type(children[at].type)
    return pa.StructArray.from_arrays(
        children, fields=fields, mask=None if old is None else _gaps(old, inner[0], texts)
    )


def _gaps(old: pa.StructArray, name: str, texts: list[str | None]) -> pa.Array:
    """Where a struct stays null: not where a text must go into it, unless its other fields may not be null."""
    import pyarrow as pa

    gaps = old.is_null()
    if not all(field.nullable for field in old.type if field.name != name):
        return gaps
    return pa.array([gap and text is None for gap, text in zip(gaps.to_pylist(), texts, strict=True)], pa.bool_())


def _children(old: pa.StructArray) -> list[pa.Array | None]:
    """The columns of a struct, null where that is null; but those that may not be null as they are, or Parquet refuses
    them."""
    flat = old.flatten()
    return [flat[i] if field.nullable else old.field(i) for i, field in enumerate(old.type)]


def _filled(old: pa.Array | None, kind: pa.DataType, texts: list[str | None]) -> pa.Array:
    """The texts as an array of this type, and where there is none what stood there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = pa.string() if pa.types.is_null(kind) else kind
    made = pa.array(texts, kind)
    if old is None or not made.null_count or old.null_count == len(old):
        return made
    # Arrow copies what Python need not, or cannot, read. It does so for all kinds of strings but views.
    wide = pa.large_string() if pa.types.is_string_view(kind) else kind
    return pc.coalesce(made.cast(wide), old.cast(wide)).cast(kind)


def _nested(inner: list[str]) -> pa.DataType:
    import pyarrow as pa

    kind: pa.DataType = pa.string()
    for name in reversed(inner):
        kind = pa.struct([(name, kind)])
    return kind


def _like(table: Batch, arrays: list[pa.Array]) -> pa.Array | pa.ChunkedArray:
    """The arrays as a column of such a table; of a batch there is but one."""
    import pyarrow as pa

    return pa.chunked_array(arrays) if isinstance(table, pa.Table) else arrays[0]


def _values(table: pa.Table | pa.RecordBatch, name: str) -> list[Any]:
    """What a column holds, and a Failure for each value that Python cannot hold."""
    import pyarrow.compute as pc

    top, *inner = name.split(".")
    column = pc.struct_field(table.column(top), inner) if inner else table.column(top)
    try:
        values: list[Any] = column.to_pylist()
    except Exception:  # of many kinds: bytes that are no UTF-8, years past 9999, time zones nobody knows
        values = [_value(value, name) for value in column]
    return values


def _value(value: pa.Scalar, name: str) -> Any:
    try:
        return value.as_py()
    except UnicodeDecodeError as error:
        return Failure(f"column {name!r} is not UTF-8 at byte {error.start}")
    except Exception as error:
        return Failure(f"column {name!r}: {error}")


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
