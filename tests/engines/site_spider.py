"""Crawls a small site and prints the counts: `python -m tests.engines.site_spider '[KIND, SETTINGS, BASE]'`."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess


@dataclasses.dataclass
class Story:
    name: str
    url: str | None = None
    text: str | None = None
    page: bytes | None = None
    why: str | None = None


class Item(scrapy.Item):
    name = scrapy.Field()
    url = scrapy.Field()
    text = scrapy.Field()
    page = scrapy.Field()
    why = scrapy.Field()


KINDS = {"dict": dict, "item": Item, "dataclass": Story}
SETTINGS = {
    "ITEM_PIPELINES": {"cleaner.integrations.scrapy.ArticlePipeline": 300},
    "TELNETCONSOLE_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}


class Site(scrapy.Spider):
    """An item for each file that the site's index.json names: pages as bytes, the others as text."""

    name = "site"

    def parse(self, response: Any) -> Iterator[Any]:
        for entry in response.json():
            yield response.follow(entry["name"], self.story, cb_kwargs={"url": entry["url"]})

    def story(self, response: Any, url: str | None) -> Iterator[Any]:
        made, name = KINDS[self.kind], response.url.rsplit("/", 1)[1]
        if name.endswith(".html"):
            yield made(name=name, page=response.body)
        else:
            yield made(name=name, url=url, text=response.body.decode() or None)


def main() -> None:
    kind, settings, base = json.loads(sys.argv[1])
    process = CrawlerProcess(settings=SETTINGS | settings)
    crawler = process.create_crawler(Site)
    process.crawl(crawler, kind=kind, start_urls=[f"{base}index.json"])
    process.start()
    print(json.dumps({name: count for name, count in crawler.stats.get_stats().items() if isinstance(count, int)}))


if __name__ == "__main__":
    main()
