"""LangChain: `ArticleTransformer`, a document transformer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from cleaner.integrations.shared import Options, Recipe, engine
from cleaner.records.article import Article, Failure, clean_article, ledger
from cleaner.records.fields import Look
from cleaner.types import InputError

with engine("langchain"):
    from langchain_core.documents import BaseDocumentTransformer, Document


class ArticleTransformer(BaseDocumentTransformer):
    """Cleans documents, between the loader and the splitter; id and metadata stay, the documents given are not changed.

    pages: the documents hold HTML. url: the metadata key with the address; one that is no web address is ignored, as
        loaders put file names there too. removed: a metadata key that takes what was removed, a row a removal.
    errors: a metadata key that takes the reason where a document could not be cleaned, which then keeps its content;
        without it such a document raises InputError with its number. drop_empty: leave out documents of which nothing
        is left. options: those of `Cleaner`.
    Raises UsageError and RuleError for options.

        splitter.split_documents(ArticleTransformer(removed="removed").transform_documents(loader.load()))
    """

    def __init__(
        self,
        *,
        pages: bool = False,
        url: str = "source",
        removed: str | None = None,
        errors: str | None = None,
        drop_empty: bool = False,
        look: Look = Look(),
        **options: Unpack[Options],
    ) -> None:
        self.pages, self.url, self.removed, self.errors = pages, url, removed, errors
        self.drop_empty, self.look = drop_empty, look
        self.recipe = Recipe(options)

    def transform_documents(self, documents: Sequence[Document], **kwargs: Any) -> Sequence[Document]:
        """The documents cleaned, in order. Raises InputError."""
        done = [self._cleaned(number, document) for number, document in enumerate(documents)]
        return [document for document in done if document.page_content.strip() or not self.drop_empty]

    def _cleaned(self, number: int, document: Document) -> Document:
        url = document.metadata.get(self.url)
        known = url if isinstance(url, str) and url.startswith(("http://", "https://")) else None
        outcome = clean_article(self.recipe.cleaner(), Article(document.page_content, self.pages, known), self.look)
        if isinstance(outcome, Failure):
            if self.errors is None:
                raise InputError(f"document {number}: {outcome.reason}")
            said: dict[str, Any] = {self.errors: outcome.reason}
            return document.model_copy(update={"metadata": document.metadata | said})
        told = {self.removed: ledger(outcome.result, document.id or "")} if self.removed else {}
        return document.model_copy(update={"page_content": outcome.text, "metadata": document.metadata | told})
