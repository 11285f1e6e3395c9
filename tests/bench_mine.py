"""Measures `cleaner-rules mine` and prints tables: `python -m tests.bench_mine [--shared DIR] [--sizes N ...]`.

Recall and precision of mined rules on a generated site whose furniture is known, and on the hosts with several pages of
the real documents, where the gold body says what is none; time and peak memory by the number of articles.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from cleaner import Cleaner, load_rules
from cleaner.judge.phrase import key
from cleaner.pipeline import host_of
from cleaner.rulekit.mine.run import mine
from cleaner.rulekit.mine.settings import How
from cleaner.text import fold, lower
from tests.conftest import SHARED
from tests.site import Article, editions, site, write_site

_LEAST = 3
_PAGES = 5
"""Pages of a real host, at least."""
Spans = list[tuple[int, int]]


def mined_rules(path: Path, folder: Path, how: How) -> int:
    """Mines a file and writes the rule files; how many rules."""
    count = 0
    for item in mine([str(path)], how):
        if item.text:
            (folder / f"{item.host}.toml").write_text(item.text, encoding="utf-8")
            count += item.rules
    return count


def taken(cleaner: Cleaner, text: str, url: str) -> Spans:
    """What rules take of a text."""
    result = cleaner.clean(text, url=url)
    return [(item.start, item.end) for item in result.removed if "/" in item.by]


def overlap(one: Spans, other: Spans) -> int:
    """Characters in both; each in order, without overlap in itself."""
    total, number = 0, 0
    for start, end in one:
        while number < len(other) and other[number][1] <= start:
            number += 1
        at = number
        while at < len(other) and other[at][0] < end:
            total += min(end, other[at][1]) - max(start, other[at][0])
            at += 1
    return total


def size(spans: Spans) -> int:
    return sum(end - start for start, end in spans)


def score(articles: Iterable[tuple[str, str, Spans, Spans]], rules: Path) -> tuple[float, float, float]:
    """Recall and precision of the mined rules, and the shipped rules' recall, in characters. Each article: text,
    address, what should go, what must stay (what is neither does not count)."""
    shipped = load_rules()
    own = tuple(rule for rule in load_rules(rules, shipped=False)) if any(rules.glob("*.toml")) else ()
    mined, known = Cleaner(rules=own, scores=False), Cleaner(rules=shipped, scores=False)
    wanted = got = wrong = before = 0
    for text, url, goes, stays in articles:
        found, first = taken(mined, text, url), taken(known, text, url)
        both = overlap(first, goes)
        wanted += size(goes) - both  # the shipped rules take the rest
        before += both
        got += overlap(found, goes) - sum(overlap([span], overlapping(first, found)) for span in goes)
        wrong += overlap(found, stays)
    return got / max(1, wanted), got / max(1, got + wrong), before / max(1, before + wanted)


def overlapping(one: Spans, other: Spans) -> Spans:
    """What is in both."""
    return [(max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d)]


def of_site(articles: list[Article]) -> Iterator[tuple[str, str, Spans, Spans]]:
    for item in articles:
        yield item.text, item.url, item.spans(furniture=True), item.spans(furniture=False)


def generated(count: int) -> None:
    """One row a share of all articles that must have a segment."""
    print(f"\ngenerated site, {count:,} articles\n\n| share | rules | recall | precision | shipped rules' recall |")
    print("|---|---|---|---|---|")
    articles = list(site(count))
    for share in (0.005, 0.01, 0.02, 0.05, 0.1):
        print(f"| {share} | {generated_row(articles, share)} |", flush=True)
    share = 0.005
    print(f"| {share}, headlines of the edition on every page | {generated_row(list(editions(articles)), share)} |")


def generated_row(articles: list[Article], share: float) -> str:
    """What came of a generated site."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_site(folder / "site.jsonl", articles)
        rules = mined_rules(path, folder, How(share=share))
        recall, precision, shipped = score(of_site(articles), folder)
    return f"{rules} | {recall:.3f} | {precision:.3f} | {shipped:.3f}"


def real(shared: Path) -> None:
    """The hosts with several pages."""
    bodies = gold(shared)
    hosts: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(shared / "text" / "pages.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            page = json.loads(line)
            host = (host_of(page["url"]) or "").removeprefix("www.")
            if host and page["id"] in bodies:
                hosts[host].append(page)
    hosts = {host: pages for host, pages in hosts.items() if len(pages) >= _PAGES}
    pages = [page for _, some in sorted(hosts.items()) for page in some]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "pages.jsonl"
        path.write_text("".join(json.dumps(page) + "\n" for page in pages), encoding="utf-8")
        rules = mined_rules(path, folder, How(least=_LEAST, share=0.0))
        rows = [row for _, some in sorted(hosts.items()) for row in judged(some, bodies)]
        recall, precision, shipped = score(rows, folder)
    print(
        f"\n{len(hosts)} real hosts, {len(pages)} page dumps: {rules} rules, recall {recall:.3f} of what repeats,",
        end="",
    )
    print(f" precision {precision:.3f}, shipped rules' recall {shipped:.3f}")


def gold(shared: Path) -> dict[str, str]:
    """Id -> the words of the gold body."""
    found = {}
    for path in sorted((shared / "documents").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                if record.get("body"):
                    optional = record.get("optional") or []
                    found[record["id"]] = f" {key(lower(fold(record['body'])))} {key(lower(fold(' '.join(optional))))} "
    return found


def judged(pages: list[dict[str, str]], bodies: dict[str, str]) -> Iterator[tuple[str, str, Spans, Spans]]:
    """The pages of one host with the lines that repeat and are no body, and those that are body."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({key(lower(fold(line))) for line in page["text"].split("\n")})
    for page in pages:
        goes, stays, at = [], [], 0
        for line in page["text"].split("\n"):
            said = key(lower(fold(line)))
            if said and f" {said} " in bodies[page["id"]]:
                stays.append((at, at + len(line)))
            elif said and counts[said] >= _LEAST:
                goes.append((at, at + len(line)))
            at += len(line) + 1
        yield page["text"], page["url"], goes, stays


def cost(count: int, memory: int) -> None:
    """Time and peak memory of the command on so many generated articles of 20 sites."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "many.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number in range(20):
                for item in site(count // 20, host=f"www.lantern-{number}.example"):
                    file.write(json.dumps({"url": item.url, "date": item.date, "text": item.text}) + "\n")
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        args = ["-m", "cleaner.rules_cli", "mine", str(path), "--dir", name, "--memory", str(memory)]
        subprocess.run([sys.executable, *args], check=True, stdout=subprocess.DEVNULL)
        took = time.perf_counter() - began
        size_mb = path.stat().st_size / 1e6
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu, peak = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1e3
    print(f"| {count:,} | {size_mb:.0f} MB | {memory} MB | {took:.0f} s | {cpu:.0f} s | {peak:.0f} MB |", flush=True)


def main() -> None:
    """Prints the tables."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, default=SHARED, help="the real documents (default: ../shared)")
    p.add_argument("--articles", type=int, default=2000, help="of the generated site (default: 2000)")
    p.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000], help="for time and memory")
    p.add_argument("--memory", type=int, default=256, help="what the engine may take, in MB (default: 256)")
    args = p.parse_args()
    generated(args.articles)
    if args.shared.is_dir():
        real(args.shared)
    if args.sizes:
        print("\n| articles | input | engine's bound | wall | CPU | peak |\n|---|---|---|---|---|---|")
    for count in sorted(args.sizes):
        cost(count, args.memory)


if __name__ == "__main__":
    main()
