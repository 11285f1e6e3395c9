"""pandas: `clean_frame` for a DataFrame and `clean_series` for a Series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from cleaner.integrations.shared import Options, TableCleaner, engine
from cleaner.records.fields import Fields, Look

with engine("pandas"):
    import pandas as pd
    import pyarrow as pa


def clean_series(
    series: pd.Series,
    urls: pd.Series | Sequence[str | None] | None = None,
    *,
    pages: bool = False,
    look: Look = Look(),
    **options: Unpack[Options],
) -> pd.Series:
    """The articles of a Series cleaned; index, name, dtype and order stay, and so do missing values.

    urls: their addresses, in the same order, which switch on rules of those sites. pages: the Series holds HTML, as
        text or bytes; then the result's dtype is that of text. options: those of `Cleaner`.
    Raises UsageError and RuleError for options, InputError with the row's number for an article that cannot be cleaned,
    ValueError for urls of another length or index.

        df["text"] = clean_series(df["text"], df["url"])
    """
    if isinstance(urls, pd.Series) and not urls.index.equals(series.index):
        raise ValueError("urls have another index than the series")
    frame = series.rename("page" if pages else "text").reset_index(drop=True).to_frame()
    if urls is not None:
        frame["url"] = list(urls)
    done = clean_frame(frame, Fields(html="page", out="text") if pages else Fields(text="text"), look, **options)
    return done["text"].set_axis(series.index).rename(series.name)


def clean_frame(
    df: pd.DataFrame,
    fields: Fields = Fields(),
    look: Look = Look(),
    *,
    errors: str | None = None,
    **options: Unpack[Options],
) -> pd.DataFrame:
    """A new DataFrame with the articles cleaned; index, other columns, dtypes and order stay, and so do missing values.
    Texts in a categorical column become plain ones.

    errors: a new column for the reason where a row could not be cleaned; without it such a row raises InputError with
        its number. options: those of `Cleaner`.
    Raises UsageError and RuleError for options, and InputError for columns.

        clean_frame(df, Fields(text="body", url="link"), level="cautious")
    """
    work = TableCleaner(fields, look, errors, options)
    nulls = pa.nulls(len(df))  # for columns that Arrow need not see, and may not know
    known = {name: _arrow(df[name]) if name in work.touches else nulls for name in df.columns if isinstance(name, str)}
    done = work(pa.table(known))
    paths = {name.split(".")[0]: name.split(".")[1:] for name, _ in fields.puts}
    new = {name: _column(done.column(name), df.get(name), paths.get(name, [])) for name in work.writes}
    return df.assign(**{name: column.set_axis(df.index) for name, column in new.items()})


def _arrow(column: pd.Series) -> pa.Array | pa.ChunkedArray:
    return pa.Array.from_pandas(column)


def _column(done: pa.ChunkedArray, old: pd.Series | None, path: Sequence[str]) -> pd.Series:
    """What is to stand in a column, in the dtype that it has."""
    values = done.to_pylist()
    if old is None:
        return pd.Series(values, dtype=pd.Series([""]).dtype if pa.types.is_string(done.type) else object)
    if isinstance(old.dtype, pd.ArrowDtype):
        return pd.Series(pd.arrays.ArrowExtensionArray(done))
    if isinstance(old.dtype, pd.CategoricalDtype):
        old = old.astype(old.cat.categories.dtype)
    for name in path:
        values = [None if value is None else value.get(name) for value in values]
    kept = old.array.copy()
    for row, value in enumerate(values):
        if value is not None:  # what is missing stays missing in its own way: None, NaN, NA
            kept[row] = _put(kept[row], path, value)
    return pd.Series(kept, dtype=old.dtype)


def _put(record: Any, path: Sequence[str], text: str) -> Any:
    """The record with the text where the path leads."""
    if not path:
        return text
    return {**(record or {}), path[0]: _put((record or {}).get(path[0]), path[1:], text)}
