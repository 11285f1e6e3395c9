"""Hugging Face datasets: `clean(dataset)` cleans the articles of a dataset, of all its splits, or of a stream."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar, Unpack

from cleaner.integrations.shared import Options, TableCleaner, engine
from cleaner.records.fields import Fields, Look

with engine("datasets"):
    import pyarrow as pa
    from datasets import Dataset, DatasetDict, Features, IterableDataset, IterableDatasetDict

Data = TypeVar("Data", Dataset, DatasetDict, IterableDataset, IterableDatasetDict)


def clean(
    dataset: Data,
    fields: Fields = Fields(),
    look: Look = Look(),
    *,
    errors: str | None = None,
    batch_size: int = 500,
    num_proc: int | None = None,
    **options: Unpack[Options],
) -> Data:
    """The dataset with its articles cleaned; other columns, their features, the format and the rows' order stay.

    errors: a new column for the reason where a row could not be cleaned; without it such a row raises InputError, which
        says which row of its batch. num_proc: processes, of a dataset; a stream is cleaned while it is read, by whoever
        reads it. options: those of `Cleaner`. Results are cached as `Dataset.map` caches them: by the dataset, what is
        asked for here, and the rules.
    Raises UsageError and RuleError for options, and InputError for columns.

        clean(load_dataset("json", data_files="articles.jsonl", split="train"), num_proc=8)
    """
    work = _Work(fields, look, errors, options)
    return _cleaned(dataset, work, batch_size, num_proc)


class _Work(TableCleaner):
    """Has the hash of its rules among what it is made of, so that `Dataset.map` keeps nothing that other rules made."""

    def __init__(self, fields: Fields, look: Look, errors: str | None, options: Options) -> None:
        super().__init__(fields, look, errors, options)
        self.rules = hashlib.sha256(repr(self.recipe.cleaner().rulebook.rules).encode()).hexdigest()


def _cleaned(dataset: Any, work: _Work, batch_size: int, num_proc: int | None) -> Any:
    if isinstance(dataset, dict):
        return type(dataset)({name: _cleaned(part, work, batch_size, num_proc) for name, part in dataset.items()})
    features = dataset.features and _features(dataset.features, work)
    how = {"batched": True, "batch_size": batch_size, "features": features}
    if isinstance(dataset, IterableDataset):
        return dataset.with_format("arrow").map(work, **how).with_format(None)
    done = dataset.with_format("arrow").map(work, num_proc=num_proc, desc="Cleaning", **how)
    form = dataset.format
    shown = None if form["columns"] == dataset.column_names else form["columns"]
    return done.with_format(form["type"], columns=shown, **form["format_kwargs"])


def _features(before: Features, work: _Work) -> Features:
    """The features of what comes out: of columns that are there as they are, so that labels and images stay such."""
    old = before.arrow_schema
    after: pa.Schema = work.schema(old)
    new = Features.from_arrow_schema(after)
    kept = {name: before[name] for name in after.names if name in before and old.field(name) == after.field(name)}
    return Features({name: kept.get(name, new[name]) for name in after.names})
