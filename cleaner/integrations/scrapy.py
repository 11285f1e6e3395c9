"""Scrapy: `ArticlePipeline`, an item pipeline.

Settings, all optional:

CLEANER_FIELD       the item's field with extracted text; `text` where none of the first two is set
CLEANER_HTML_FIELD  the field with the page, as text or bytes; read where an item has both
CLEANER_URL_FIELD   the field with the address; `url` where there is one
CLEANER_OUT_FIELD   the field that takes the clean text; the text's own, or `text`
CLEANER_ERROR_FIELD the field that takes the reason where an item could not be cleaned; without it the item is an error
CLEANER_DROP_EMPTY  True to drop items of which nothing is left
CLEANER_FORMAT      `text` or `markdown`
CLEANER_OPTIONS     a dict of options of `Cleaner`: {"level": "cautious"}
"""

from __future__ import annotations

from typing import Any, Self

from cleaner.integrations.shared import engine
from cleaner.pipeline import Cleaner
from cleaner.records.article import Article, Cleaned, Failure, clean_article
from cleaner.records.fields import FORMATS, Fields, Look
from cleaner.types import InputError, UsageError

with engine("scrapy"):
    from itemadapter import ItemAdapter
    from scrapy.crawler import Crawler
    from scrapy.exceptions import DropItem
    from scrapy.statscollectors import StatsCollector
    from scrapy.utils.asyncio import run_in_thread


class ArticlePipeline:
    """Cleans the article of each item, of any type that itemadapter knows, in a thread, so that downloads go on.
    Items without text pass. Counts in the crawler's stats: `cleaner/cleaned`, `changed`, `empty`, `failed`,
    `without_text`, `removed/KIND`.

        ITEM_PIPELINES = {"cleaner.integrations.scrapy.ArticlePipeline": 300}
    """

    def __init__(
        self,
        cleaner: Cleaner,
        fields: Fields,
        look: Look,
        stats: StatsCollector,
        *,
        errors: str | None = None,
        drop_empty: bool = False,
    ) -> None:
        self.cleaner, self.fields, self.look, self.stats = cleaner, fields, look, stats
        self.errors, self.drop_empty = errors, drop_empty

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The pipeline as the settings say. Raises UsageError and RuleError for settings."""
        settings = crawler.settings
        names = {what: settings.get(f"CLEANER_{what.upper()}_FIELD") for what in ("html", "url", "out")}
        form = settings.get("CLEANER_FORMAT", "text")
        if form not in FORMATS:
            raise UsageError(f"unknown CLEANER_FORMAT {form!r}; allowed: {', '.join(FORMATS)}")
        return cls(
            Cleaner(**settings.getdict("CLEANER_OPTIONS")),
            Fields(text=settings.get("CLEANER_FIELD"), **names),
            Look(format=form),
            crawler.stats,
            errors=settings.get("CLEANER_ERROR_FIELD"),
            drop_empty=settings.getbool("CLEANER_DROP_EMPTY"),
        )

    async def process_item(self, item: Any) -> Any:
        """The item cleaned. Raises InputError, KeyError for an item that has no such field, and DropItem."""
        record = ItemAdapter(item)
        article = self._article(record)
        if article is None:
            self._count("without_text")
            return item
        outcome = await run_in_thread(clean_article, self.cleaner, article, self.look)
        if isinstance(outcome, Failure):
            self._count("failed")
            if self.errors is None:
                raise InputError(outcome.reason)
            record[self.errors] = outcome.reason
            return item
        self._tell(article, outcome)
        if self.drop_empty and not outcome.text.strip():
            raise DropItem(f"nothing is left: {outcome.result.empty}")
        record[self.fields.puts[0][0]] = outcome.text
        return item

    def _article(self, record: ItemAdapter) -> Article | None:
        page = record.get(self.fields.html) if self.fields.html else None
        body = record.get(self.fields.texts) if page is None and self.fields.texts else page
        known = {what: record.get(name) for what, (name, _) in self.fields.known.items() if what != "id"}
        texts = {what: value for what, value in known.items() if isinstance(value, str)}
        return None if body is None else Article(body, page is not None, **texts)

    def _tell(self, article: Article, outcome: Cleaned) -> None:
        self._count("cleaned")
        if outcome.text != article.body:
            self._count("changed")
        if outcome.result.empty:
            self._count("empty")
        for removal in outcome.result.removed:
            self._count(f"removed/{removal.kind}")

    def _count(self, what: str) -> None:
        self.stats.inc_value(f"cleaner/{what}")
