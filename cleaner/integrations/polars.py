"""Polars: `clean_frame` for a DataFrame or LazyFrame, and `pl.col("text").article.clean()` for an expression."""

from __future__ import annotations

from typing import Any, TypeVar, Unpack

from cleaner.integrations.shared import Options, TableCleaner, engine
from cleaner.records.fields import Fields, Look

with engine("polars"):
    import polars as pl
    import pyarrow as pa

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def clean_frame(
    frame: Frame,
    fields: Fields = Fields(),
    look: Look = Look(),
    *,
    errors: str | None = None,
    **options: Unpack[Options],
) -> Frame:
    """The frame with its articles cleaned; other columns and the rows' order stay. A LazyFrame stays lazy and may
    stream.

    errors: a new column for the reason where a row could not be cleaned; without it such a row raises InputError with
        its number (in its batch, where it streams). options: those of `Cleaner`.
    Raises UsageError and RuleError for options, and InputError for columns.

        clean_frame(pl.scan_parquet("articles.parquet"), Fields(text="body")).sink_parquet("clean.parquet")
    """
    work = TableCleaner(fields, look, errors, options)
    if isinstance(frame, pl.DataFrame):
        return _cleaned(frame, work)
    after = _cleaned(frame.collect_schema().to_frame(), work).schema
    return frame.map_batches(lambda part: _cleaned(part, work), schema=after, streamable=True)


def _cleaned(frame: Any, work: TableCleaner) -> Any:
    nulls = pa.nulls(frame.height)  # for columns that Arrow need not see, and may not know
    known = {name: frame[name].to_arrow() if name in work.touches else nulls for name in frame.columns}
    done = work(pa.table(known))
    return frame.with_columns(pl.from_arrow(done.select(work.writes)))


@pl.api.register_expr_namespace("article")
class ArticleExpressions:
    """Importing this module gives every expression `.article`."""

    def __init__(self, expression: pl.Expr) -> None:
        self._text = expression

    def clean(
        self,
        url: pl.Expr | str | None = None,
        *,
        pages: bool = False,
        look: Look = Look(),
        **options: Unpack[Options],
    ) -> pl.Expr:
        """The articles of a String column cleaned; nulls stay.

        url: the column with their addresses, which switch on rules of those sites. pages: the column holds HTML, and
            may be Binary. options: those of `Cleaner`.
        Raises UsageError and RuleError for options, InputError with the row's number where it cannot be cleaned.

            frame.with_columns(pl.col("text").article.clean(url="url", level="cautious"))
        """
        fields = Fields(html="page", out="text") if pages else Fields(text="text")
        work = TableCleaner(fields, look, None, options)
        names = ["page" if pages else "text", "url"]

        def cleaned(columns: Any) -> Any:
            made = [column.rename(name) for name, column in zip(names, columns, strict=False)]
            return _cleaned(pl.DataFrame(made), work)["text"]

        asked = [self._text] + ([] if url is None else [url])
        return pl.map_batches(asked, cleaned, return_dtype=pl.String, is_elementwise=True)
