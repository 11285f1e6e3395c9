"""LangChain's documents."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from cleaner import InputError, UsageError
from cleaner.records.article import Article, Failure
from cleaner.records.fields import Look
from tests.corpus import documents as corpus
from tests.engines.articles import adapter, clean, cleaner, rows
from tests.pages import page_of

ours = adapter("langchain")
core = pytest.importorskip("langchain_core.documents")
pytestmark = pytest.mark.engine

ROWS = [row for row in rows() if row["text"] is not None]


def documents() -> list:
    return [
        core.Document(
            page_content=row["text"],
            id=f"n{row['number']}",
            metadata={"source": row["url"] or f"/data/{row['number']}.txt", "tags": row["tags"], "seen": row["seen"]},
        )
        for row in ROWS
    ]


def test_texts_come_out_as_of_a_bare_call() -> None:
    given = documents()
    done = ours.ArticleTransformer().transform_documents(given)
    assert [document.page_content for document in done] == [clean(row["text"], row["url"]) for row in ROWS]
    assert [(d.id, d.metadata) for d in done] == [(d.id, d.metadata) for d in given]
    assert given == documents()
    assert asyncio.run(ours.ArticleTransformer().atransform_documents(given)) == done


def test_what_was_removed() -> None:
    done = ours.ArticleTransformer(removed="gone", level="strict").transform_documents(documents())
    for document, row in zip(done, ROWS, strict=True):
        judged = cleaner().read(row["text"]).text
        for removal in document.metadata["gone"]:
            assert judged[removal["start"] : removal["end"]] == removal["text"]
    assert sum(len(document.metadata["gone"]) for document in done) > 50


def test_pages() -> None:
    given = [core.Document(page_content=page_of(document)) for document in corpus()[::20]]
    done = ours.ArticleTransformer(pages=True).transform_documents(given)
    assert [d.page_content for d in done] == [cleaner().clean_html(d.page_content).text for d in given]
    marked = ours.ArticleTransformer(pages=True, look=Look(format="markdown")).transform_documents(given)
    assert len(marked) == len(given)


def test_documents_of_which_nothing_is_left() -> None:
    given = [core.Document(page_content=text) for text in ("", "Sign up to our newsletter", ROWS[0]["text"])]
    assert len(ours.ArticleTransformer().transform_documents(given)) == 3
    assert len(ours.ArticleTransformer(drop_empty=True).transform_documents(given)) == 1


def test_a_document_that_cannot_be_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    real, given = ours.clean_article, documents()[:3]

    def one_fails(made: Any, article: Article, look: Look) -> Any:
        return Failure("is a picture") if article.body == given[1].page_content else real(made, article, look)

    monkeypatch.setattr(ours, "clean_article", one_fails)
    with pytest.raises(InputError, match="document 1: is a picture"):
        ours.ArticleTransformer().transform_documents(given)
    done = ours.ArticleTransformer(errors="why").transform_documents(given)
    assert [document.metadata.get("why") for document in done] == [None, "is a picture", None]
    assert done[1].page_content == given[1].page_content


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(UsageError, match="level"):
        ours.ArticleTransformer(level="bold")
