"""Ray Data: `ArticleCleaner`, for `map_batches`."""

from __future__ import annotations

from typing import Unpack

from cleaner.integrations.shared import Options, TableCleaner, engine
from cleaner.records.fields import Fields, Look

with engine("ray"):
    import pyarrow as pa
    import ray.data  # noqa: F401  # what this is for; without it the class would be of no use


class ArticleCleaner(TableCleaner):
    """Cleans the articles of a batch; other columns and the rows' order stay.

    errors: a new column for the reason where a row could not be cleaned; without it such a row raises InputError, which
        says which row of its batch. options: those of `Cleaner`; what is wrong with them is raised here.

        dataset.map_batches(ArticleCleaner(level="cautious"), batch_format="pyarrow", batch_size=500)

    An instance runs in tasks, whose processes make a Cleaner once; the class itself, with `fn_constructor_kwargs`, in
    actors. The workers need this package.
    """

    def __init__(
        self,
        fields: Fields = Fields(),
        look: Look = Look(),
        *,
        errors: str | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(fields, look, errors, options)

    def __call__(self, batch: pa.Table) -> pa.Table:
        """The batch cleaned. Raises InputError."""
        return super().__call__(batch)
