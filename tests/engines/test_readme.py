"""README: the jobs from object storage to object storage, each on its real engine, with folders for buckets and one
machine for a cluster."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.engines.articles import adapter, clean
from tests.records import rows

BLOCK = re.findall(r"^```python cluster\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
JOBS = re.split(r"^(?=# (?:Spark|Ray|datatrove))", BLOCK[0], flags=re.MULTILINE)[1:]
pytestmark = [pytest.mark.engine, pytest.mark.slow]


def job(number: int, folder: Path, **known: Any) -> list[dict[str, Any]]:
    """What the job writes, by its text."""
    pq = pytest.importorskip("pyarrow.parquet")
    code = re.sub(r"s3a?://bucket/(\w+)/", lambda found: f"{folder / found[1]}", JOBS[number])
    exec(compile(code, "README.md", "exec"), known)
    return [row for path in (folder / "clean").rglob("*.parquet") for row in pq.read_table(path).to_pylist()]


def articles(folder: Path) -> list[str]:
    """Writes articles; what must come of them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    given = [{"text": row["text"], "url": row["url"]} for row in rows(20)]
    (folder / "articles").mkdir()
    pq.write_table(pa.Table.from_pylist(given), folder / "articles" / "a.parquet")
    return sorted(str(clean(row["text"], row["url"])) for row in given)


def test_spark(tmp_path: Path) -> None:
    adapter("spark")
    from tests.engines.sessions import spark_session

    expected = articles(tmp_path)
    with spark_session() as spark:
        assert sorted(row["text"] for row in job(0, tmp_path, spark=spark)) == expected


def test_ray(tmp_path: Path) -> None:
    adapter("ray")
    from tests.engines.sessions import ray_cluster

    expected = articles(tmp_path)
    with ray_cluster() as ray:
        assert sorted(row["text"] for row in job(1, tmp_path, ray=ray)) == expected


def test_datatrove(tmp_path: Path) -> None:
    """Slurm's executor takes more arguments, and the steps are the same."""
    adapter("datatrove")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import ParquetWriter

    def slurm(steps: list[Any], **_: object) -> LocalPipelineExecutor:
        return LocalPipelineExecutor(steps, logging_dir=str(tmp_path / "log"))

    expected = articles(tmp_path)
    given = {"ParquetReader": ParquetReader, "ParquetWriter": ParquetWriter, "SlurmPipelineExecutor": slurm}
    assert sorted(row["text"] for row in job(2, tmp_path, **given)) == expected
