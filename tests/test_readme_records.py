"""The README's examples about records: each command runs as it stands there, on small files of the names it uses."""

from __future__ import annotations

import ast
import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.records import lines, rows
from tests.test_records import PAGE, warc

SECTION = re.search(r"\n## Records\n(.*?)\n## ", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
COMMANDS = re.findall(r"^    (cleaner .*?)(?:  +#.*)?$", SECTION[1] if SECTION else "", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small files of all the names that the examples use."""
    pq = pytest.importorskip("pyarrow.parquet", reason="needs the extra parquet")
    pa = pytest.importorskip("pyarrow", reason="needs the extra parquet")
    pytest.importorskip("fastwarc", reason="needs the extra warc")
    pytest.importorskip("zstandard", reason="needs the extra zstd")
    path = tmp_path_factory.mktemp("readme")
    texts = [row["text"] for row in rows(4)]
    records = [
        {"text": text, "doc": {"body": text}, "meta": {"link": "https://a.example/"}, "page": PAGE} for text in texts
    ]
    (path / "a.jsonl").write_bytes(lines(records))
    (path / "articles.jsonl").write_bytes(lines(rows(4)))
    (path / "articles.jsonl.gz").write_bytes(gzip.compress(lines(rows(4))))
    pq.write_table(pa.table({"text": texts}), path / "articles.parquet")
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode()
    (path / "crawl.warc.gz").write_bytes(gzip.compress(warc("response", "https://a.example/", answer)))
    text = warc("conversion", "https://a.example/b", texts[0].encode(), kind="text/plain")
    (path / "segment.warc.wet.gz").write_bytes(gzip.compress(text))
    (path / "folder").mkdir()
    (path / "folder" / "a.txt").write_text(texts[0])
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_of_the_readme_runs(command: str, folder: Path) -> None:
    program = f"cleaner() {{ '{sys.executable}' -m cleaner.cli --no-scores \"$@\"; }}; {command}"
    done = subprocess.run(["bash", "-c", program], cwd=folder, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    out = re.search(r"(?:-o|>) (\S+)", command)
    assert (folder / out[1]).stat().st_size > 0 if out else done.stdout
    for name in re.findall(r"--(?:ledger|rejects|stats) (\S+)", command):
        assert (folder / name).exists()


def test_there_are_examples() -> None:
    assert len(COMMANDS) >= 10
    assert SECTION
    for block in re.findall(r"^```python cluster\n(.*?)^```", SECTION[1], re.MULTILINE | re.DOTALL):
        ast.parse(block)
