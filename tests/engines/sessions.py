"""Engines that are started once and must be gone when the tests are."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def spark_session(workers: int = 2) -> Iterator[Any]:
    """A local session; its JVM ends with it."""
    os.environ["PYSPARK_PYTHON"] = sys.executable  # else workers run whatever python3 is on the path
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    made = SparkSession.builder.master(f"local[{workers}]").appName("cleaner")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.log.level": "ERROR",
    }.items():
        made = made.config(name, value)
    session = made.getOrCreate()
    try:
        yield session
    finally:
        session.stop()
        gateway = SparkContext._gateway  # stop() leaves the JVM running until this process ends
        if gateway is not None:
            gateway.shutdown()
            gateway.proc.stdin.close()
            gateway.proc.wait(60)
            SparkContext._gateway = SparkContext._jvm = None


@contextmanager
def ray_cluster(workers: int = 2) -> Iterator[Any]:
    """A local cluster; its processes end with it."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # sends nothing
    import ray

    ray.init(
        num_cpus=workers,
        include_dashboard=False,
        object_store_memory=200_000_000,
        configure_logging=False,
        log_to_driver=False,
    )
    ray.data.DataContext.get_current().enable_progress_bars = False
    try:
        yield ray
    finally:
        ray.shutdown()
