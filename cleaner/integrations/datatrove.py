"""datatrove: `ArticleCleaner`, a block for its pipelines."""

from __future__ import annotations

from typing import Any, Unpack

from cleaner.integrations.shared import Options, Recipe, engine
from cleaner.records.article import Article, Cleaned, Failure, clean_article, ledger
from cleaner.records.fields import Look

with engine("datatrove"):
    from datatrove.data import Document
    from datatrove.pipeline.filters.base_filter import BaseFilter
    from datatrove.pipeline.writers.disk_base import DiskWriter


class ArticleCleaner(BaseFilter):
    """Cleans each document's text; drops those of which nothing is left (`empty`) and those that cannot be cleaned
    (`failed`, with the reason in their metadata under `cleaner_error`). What is dropped keeps its text as it came.

    html: where the page is: `text` if the document's text is one, else the metadata key that holds it as text or bytes;
        documents without that key are taken for text. url, lang: metadata keys, which may be missing.
    removed: a metadata key that takes what was removed, a row a removal. exclusion_writer: receives what is dropped.
    options: those of `Cleaner`. Counted beside what a filter counts: `changed`, `removed_chars`, and `removed_KIND`.
    Raises UsageError and RuleError for options.

        LocalPipelineExecutor([JsonlReader("in"), ArticleCleaner(level="cautious"), JsonlWriter("out")], tasks=8).run()
    """

    name = "🧽 Article cleaner"

    def __init__(
        self,
        *,
        html: str | None = None,
        url: str = "url",
        lang: str = "language",
        removed: str | None = None,
        look: Look = Look(),
        exclusion_writer: DiskWriter | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(exclusion_writer)
        self.html, self.url, self.lang, self.removed, self.look = html, url, lang, removed, look
        self.recipe = Recipe(options)

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Puts the clean text into the document. False, and why, where it has none."""
        outcome = clean_article(self.recipe.cleaner(), self._article(doc), self.look)
        if isinstance(outcome, Failure):
            doc.metadata["cleaner_error"] = outcome.reason
            return False, "failed"
        self._count(doc, outcome)
        if not outcome.text.strip():
            return False, "empty"
        doc.text = outcome.text
        if self.removed:
            doc.metadata[self.removed] = ledger(outcome.result, doc.id)
        return True

    def _article(self, doc: Document) -> Article:
        page = doc.text if self.html == "text" else doc.metadata.get(self.html) if self.html else None
        return Article(
            doc.text if page is None else page,
            page is not None,
            _text(doc.metadata.get(self.url)),
            _text(doc.metadata.get(self.lang)),
        )

    def _count(self, doc: Document, outcome: Cleaned) -> None:
        if outcome.text != doc.text:
            self.stat_update("changed")
        for item in outcome.result.removed:
            self.stat_update(f"removed_{item.kind}")
            self.stat_update("removed_chars", value=item.end - item.start, unit="removal")


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
