"""pandas: frames and series of every dtype that texts are kept in."""

from __future__ import annotations

from typing import Any

import pytest

from cleaner import InputError, UsageError
from cleaner.records.fields import Fields, Look
from tests.engines.articles import adapter, clean, cleaned, cleaned_within, page_texts, pages, rows

ours = adapter("pandas")
pd = pytest.importorskip("pandas")
pytestmark = pytest.mark.engine

INDEX = [f"r{number % 9}" for number in range(30)]
"""With labels that stand twice."""


def frame(given: list[dict[str, Any]] | None = None) -> Any:
    made = pd.DataFrame(rows() if given is None else given)
    made.index = pd.Index(INDEX[: len(made)], name="key")
    return made


def texts(column: Any) -> list[str | None]:
    return [value if isinstance(value, str) else None for value in column]


def same(found: Any, expected: Any) -> None:
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_texts_come_out_as_of_a_bare_call() -> None:
    given = frame()
    before = given.copy(deep=True)
    given["any"] = before["any"] = [object()] * len(given)  # what Arrow cannot hold
    given[7] = before[7] = 1.5
    done = ours.clean_frame(given)
    same(done, before.assign(text=pd.Series([r["text"] for r in cleaned(rows())], before.index, before["text"].dtype)))
    same(given, before)


def test_a_field_within_a_record() -> None:
    given = frame()
    done = ours.clean_frame(given, Fields(text="story.body"))
    same(done, frame(cleaned_within(rows())))
    same(given, frame())


def test_records_with_keys_of_their_own() -> None:
    given = pd.DataFrame({"story": [{"body": "By Nora Whitcombe\nIt rained.", "a": 1}, None, {"b": [2]}]})
    done = ours.clean_frame(given, Fields(text="story.body"), scores=False)
    assert done["story"].tolist()[0] == {"body": "It rained.", "a": 1}
    assert done["story"].tolist()[2] == {"b": [2]}
    done = ours.clean_frame(given, Fields(text="story.body", out="story.new.clean"), scores=False)
    assert done["story"].tolist()[0] == {**given["story"][0], "new": {"clean": "It rained."}}
    assert done["story"].tolist()[1:] == given["story"].tolist()[1:]


@pytest.mark.parametrize("dtype", ["object", "string", "str", "string[pyarrow]", "large_string", "category"])
@pytest.mark.parametrize("missing", [None, float("nan")])
def test_every_dtype_of_text_stays(dtype: str, missing: object) -> None:
    import pyarrow as pa

    kind = pd.ArrowDtype(pa.large_string()) if dtype == "large_string" else dtype
    given = pd.Series([missing if row["text"] is None else row["text"] for row in rows()], INDEX, name="n").astype(kind)
    done = ours.clean_series(given, [row["url"] for row in rows()])
    assert texts(done) == [row["text"] for row in cleaned(rows())]
    assert done.dtype == given.dtype or dtype == "category"
    assert (done.name, list(done.index)) == ("n", INDEX)
    if dtype != "category":
        pd.testing.assert_series_equal(done[done.isna()], given[given.isna()])


def test_urls_switch_on_rules() -> None:
    given = pd.Series([row["text"] for row in rows()])
    urls = pd.Series([row["url"] for row in rows()])
    assert texts(ours.clean_series(given, urls)) == [row["text"] for row in cleaned(rows())]
    assert texts(ours.clean_series(given)) == [clean(row["text"]) for row in rows()]
    with pytest.raises(ValueError, match="index"):
        ours.clean_series(given, urls[::-1])
    with pytest.raises(ValueError, match="length"):
        ours.clean_series(given, list(urls)[:3])


def test_an_arrow_record_gets_a_new_field() -> None:
    import pyarrow as pa

    made = pd.arrays.ArrowExtensionArray(pa.array([{"body": "By Nora Whitcombe\nIt rained."}, None]))
    done = ours.clean_frame(pd.DataFrame({"story": made}), Fields(text="story.body", out="story.clean"))
    assert done["story"].dtype == pd.ArrowDtype(pa.struct([("body", pa.string()), ("clean", pa.string())]))
    assert done["story"][0]["clean"] == "It rained."


def test_new_columns() -> None:
    done = ours.clean_frame(frame(), Fields(out="clean", spans=True), errors="why", scores=False)
    assert list(done.columns) == [*frame().columns, "clean", "attributes", "why"]
    assert done["why"].isna().all()
    assert any(kind == "cleaner__newsletter" for row in done["attributes"] if row is not None for kind, _ in row)


def test_pages_and_reasons() -> None:
    done = ours.clean_frame(frame(pages()), Fields(html="page"), errors="why", html_mode="fast")
    assert texts(done["text"]) == page_texts()
    assert [row["number"] for _, row in done.iterrows() if isinstance(row["why"], str)] == [9]
    series = ours.clean_series(frame(pages()[:-1])["page"], pages=True, html_mode="fast", look=Look(paragraphs="line"))
    assert "\n\n" not in series.iloc[0]
    with pytest.raises(InputError, match="row 1: "):
        ours.clean_series(frame(pages()[-2:])["page"], pages=True)


def test_nothing_to_clean() -> None:
    same(
        ours.clean_frame(frame([])[[]].assign(text=pd.Series(dtype="str"))),
        frame([]).assign(text=pd.Series(dtype="str")),
    )
    empty = pd.Series([None, None], dtype=object)
    pd.testing.assert_series_equal(ours.clean_series(empty), empty)


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(UsageError, match="level"):
        ours.clean_frame(frame(), level="bold")
    with pytest.raises(InputError, match="no column 'body'; there are: number, text"):
        ours.clean_frame(frame(), Fields(text="body"))
