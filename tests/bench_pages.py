"""Measures the cleaner on made pages and prints a table: `python -m tests.bench_pages`.

CPU seconds and peak memory of processes of their own, beside trafilatura's; and whether a page costs more a MB the
larger it is. What a real page costs is printed by `python -m cleaner.learn.evaluate --track html`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cleaner import Cleaner
from cleaner.types import HTML_MODES
from tests.bench import MB, child, cpu
from tests.corpus import documents

EXAMPLE = Path(__file__).parent.parent / "docs" / "example.html"
TRAFILATURA = (
    "import sys, trafilatura; print(trafilatura.extract(open(sys.argv[1], 'rb').read(), include_comments=False))"
)
SIZES = (1, 4, 16)


def large(size: int) -> str:
    """A page of so many MB: paragraphs of the corpus, each time with another number, between scripts and a menu."""
    lines = [line for document in documents() if document.clean for line in document.expected.split("\n") if line]
    pieces, length, number = (
        ["<html><body><nav><ul>" + "<li><a href='/a'>Section</a>" * 40 + "</ul></nav><article>"],
        0,
        0,
    )
    while length < size * MB:
        line = lines[number % len(lines)]
        pieces.append(f"<p class='p{number % 7}'>{number}: {line}</p><script>var a{number} = [{number}];</script>\n")
        length += len(pieces[-1].encode())
        number += 1
    return "".join(pieces) + "</article></body></html>"


def command(path: Path, name: str) -> Iterator[tuple[str, str]]:
    """CPU and memory of one page through each command, start-up included."""
    for mode in HTML_MODES:
        took, memory = child(["-m", "cleaner.cli", "--html-mode", mode, str(path)], 3)
        yield f"{name} through the command, {mode}", f"{took * 1000:.0f} ms CPU, {memory:.0f} MB"
    took, memory = child(["-c", TRAFILATURA, str(path)], 3)
    yield f"{name}, trafilatura", f"{took * 1000:.0f} ms CPU, {memory:.0f} MB"


def growth() -> Iterator[tuple[str, str]]:
    """What a MB costs of ever larger pages, fast."""
    cleaner = Cleaner(html_mode="fast")
    cleaner.clean_html(large(0))
    base = 0.0
    for size in SIZES:
        page = large(size)
        each = cpu(lambda page=page: cleaner.clean_html(page), 1) / size  # type: ignore[misc]
        base = base or each
        yield f"a page of {size} MB, fast", f"{each * 1000:.0f} ms/MB, {each / base:.2f} times 1 MB's"


def main() -> int:
    """Prints the table."""
    print(f"| {'what':46} | {'measured':38} |\n|{'-' * 48}|{'-' * 40}|")
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(large(1))
        file.flush()
        for path, name in ((EXAMPLE, "the example page"), (Path(file.name), "a page of 1 MB")):
            for what, measured in command(path, name):
                print(f"| {what:46} | {measured:38} |", flush=True)
    for what, measured in growth():
        print(f"| {what:46} | {measured:38} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
