"""What engines add to the bare call: `python -m tests.bench_engines [COUNT]`.

From files to files, in wall seconds, the least of a few rounds after a run over a few articles that starts the engine.
Beside each run the bare call takes the same articles in as many processes; the factor is the engine's time over theirs.
Both are measured in turns, because others may use the machine. `python -m tests.bench_records` prints it too.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core a worker; read when numpy loads

from cleaner import Cleaner
from tests.corpus import documents
from tests.engines.sessions import ray_cluster, spark_session

Job = Callable[[str, str], Any]
FEW, FILES, ROUNDS = 8, 4, 3


def articles(count: int) -> list[dict[str, Any]]:
    """Corpus documents again and again, each time with a paragraph left out and a number put in; seeded."""
    chance, known, made = random.Random(7), documents(), []
    for number in range(count):
        document = known[number % len(known)]
        lines = document.text.split("\n")
        del lines[chance.randrange(len(lines))]
        lines.insert(chance.randrange(len(lines) + 1), f"There were {number} people in the hall that night, she said.")
        made.append({"id": f"n{number}", "text": "\n".join(lines), "url": document.head.get("url")})
    return made


@contextmanager
def spark_job(workers: int) -> Iterator[Job]:
    from cleaner.integrations import spark

    with spark_session(workers) as session:
        yield lambda given, out: spark.clean(session.read.parquet(given)).write.parquet(out)


@contextmanager
def ray_job(workers: int) -> Iterator[Job]:
    from cleaner.integrations.ray import ArticleCleaner

    with ray_cluster(workers) as ray:
        yield (
            lambda given, out: (
                ray.data.read_parquet(given)
                .repartition(FILES * workers)  # so few articles would be one block
                .map_batches(ArticleCleaner(), batch_format="pyarrow", batch_size=200)
                .write_parquet(out)
            )
        )


@contextmanager
def datatrove_job(workers: int) -> Iterator[Job]:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import ParquetWriter
    from loguru import logger

    from cleaner.integrations.datatrove import ArticleCleaner

    logger.remove()

    def job(given: str, out: str) -> None:
        steps = [ParquetReader(given), ArticleCleaner(), ParquetWriter(out)]
        LocalPipelineExecutor(steps, tasks=workers, workers=workers, logging_dir=f"{out}-log").run()

    yield job


ENGINES = {"Spark": ("pyspark", spark_job), "Ray": ("ray", ray_job), "datatrove": ("datatrove", datatrove_job)}


def write(folder: Path, rows: list[dict[str, Any]], files: int) -> str:
    """The rows in as many Parquet files."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir()
    for number in range(files):
        pq.write_table(pa.Table.from_pylist(rows[number::files]), folder / f"{number}.parquet")
    return str(folder)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bare(texts: list[tuple[str, str | None]]) -> int:
    """The bare call, once for each."""
    cleaner = _cleaner()
    return sum(len(cleaner.clean(text, url=url).text) for text, url in texts)


@cache
def _cleaner() -> Cleaner:
    return Cleaner()


def measured(name: str, workers: int, rows: list[dict[str, Any]]) -> tuple[float, float, float]:
    """Seconds until the engine has cleaned a few articles, for all of them after that, and for the bare calls."""
    texts = [(row["text"], row["url"]) for row in rows]
    shares = [texts[number::workers] for number in range(workers)]
    with tempfile.TemporaryDirectory() as made, get_context("spawn").Pool(workers) as pool:
        folder = Path(made)
        pool.map(bare, [texts[:FEW]] * workers, chunksize=1)
        few, given = (write(folder / n, r, FILES * workers) for n, r in (("few", rows[: FEW * workers]), ("in", rows)))
        start, took, alone = time.perf_counter(), [], []
        with ENGINES[name][1](workers) as job:
            job(few, str(folder / "few-out"))
            started = time.perf_counter() - start
            for number in range(ROUNDS):
                alone.append(seconds(lambda: pool.map(bare, shares, chunksize=1)))
                took.append(seconds(lambda out=str(folder / f"out{number}"): job(given, out)))  # type: ignore[misc]
    return started, min(took), min(alone)


def table(count: int) -> Iterator[str]:
    """Lines of a table; engines that are not installed are left out."""
    rows = articles(count)
    size = sum(len(row["text"].encode()) for row in rows) / 1_000_000
    yield f"{len(rows):,} articles, {size:.1f} MB\n"
    yield "| engine | workers | start-up | seconds | bare call | factor |\n|---|---|---|---|---|---|"
    for name, (module, _) in ENGINES.items():
        for workers in (1, 2) if find_spec(module) else ():
            started, took, alone = measured(name, workers, rows)
            yield f"| {name} | {workers} | {started:.1f} s | {took:.1f} | {alone:.1f} | {took / alone:.2f} |"


def main() -> int:
    """Prints the table."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])  # type: ignore[union-attr]
    options.add_argument("count", nargs="?", type=int, default=2000, help="how many articles (default 2000)")
    for line in table(options.parse_args().count):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
