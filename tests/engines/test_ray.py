"""A local Ray cluster of two processors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cleaner import UsageError
from cleaner.records.fields import Fields
from tests.engines.articles import adapter, cleaned, cleaned_within, page_texts, pages, rows

ours = adapter("ray")
pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    from tests.engines.sessions import ray_cluster

    with ray_cluster() as found:
        yield found


def table(given: list[dict[str, Any]]) -> Any:
    import pyarrow as pa

    return pa.Table.from_pylist(given)


def by_number(dataset: Any) -> list[dict[str, Any]]:
    return sorted(dataset.take_all(), key=lambda row: row["number"])


def test_texts_come_out_as_of_a_bare_call(ray: Any) -> None:
    given = ray.data.from_arrow(table(rows())).repartition(3)
    done = given.map_batches(ours.ArticleCleaner(), batch_format="pyarrow", batch_size=7).materialize()
    assert by_number(done) == cleaned(rows())
    assert done.schema().base_schema == table(rows()).schema


def test_actors_and_a_field_within_a_record(ray: Any) -> None:
    done = ray.data.from_arrow(table(rows())).map_batches(
        ours.ArticleCleaner,
        fn_constructor_kwargs={"fields": Fields(text="story.body"), "level": "normal"},
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(size=1),
    )
    assert by_number(done) == cleaned_within(rows())


def test_a_block_without_any_text(ray: Any) -> None:
    given = [{"number": number, "text": None} for number in range(3)]
    done = ray.data.from_items(given).map_batches(ours.ArticleCleaner(), batch_format="pyarrow")
    assert by_number(done) == given


def test_pages_and_reasons(ray: Any) -> None:
    work = ours.ArticleCleaner(Fields(html="page"), errors="why", html_mode="fast")
    done = by_number(ray.data.from_arrow(table(pages())).map_batches(work, batch_format="pyarrow"))
    assert [row["text"] for row in done] == page_texts()
    assert [row["number"] for row in done if row["why"]] == [9]


def test_a_row_that_cannot_be_cleaned_is_named(ray: Any) -> None:
    dataset = ray.data.from_arrow(table(pages()[-2:]))
    with pytest.raises(ray.exceptions.RayTaskError, match="InputError: row 1: "):
        dataset.map_batches(ours.ArticleCleaner(Fields(html="page")), batch_format="pyarrow").materialize()


def test_what_is_wrong_is_said_before_anything_runs() -> None:
    with pytest.raises(UsageError, match="level"):
        ours.ArticleCleaner(level="bold")
