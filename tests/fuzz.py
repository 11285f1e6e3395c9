"""Looks for pages that break the cleaner: `python -m tests.fuzz --minutes 10 [--shared ../shared] [--seed N]`.

Real pages, else pages made from the corpus, are damaged in many ways and cleaned in a child process, so that a crash in
C code is seen and named too. Checked: that nothing but InputError is raised; the laws of the house; that what is
printed can be made; the CPU time. A page that fails is written to a file. Exits 1 if there was one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core; read when numpy loads

from cleaner import Cleaner, InputError
from cleaner.types import HTML_MODES, LEVELS
from cleaner.write.markdown import front_matter, markdown
from cleaner.write.render import as_json
from tests.corpus import documents
from tests.damage import Case, case
from tests.pages import broken, page_of

PER_SOURCE: Final = 60
LARGEST: Final = 300_000
"""Characters of a page to begin with: larger ones are as the others, and slower."""
SECONDS, SECONDS_PER_MB = 2, 20
"""CPU time that a page may take."""
PATIENCE: Final = 120
"""Seconds after which a page is given up, on top of twice the CPU time that it may take."""
MEMORY: Final = 6 << 30


def sources(shared: Path) -> list[str]:
    """Pages to begin with."""
    found = [
        page
        for path in sorted((shared / "documents").glob("*.jsonl.gz"))
        for page in islice(real(path), PER_SOURCE)
        if len(page) <= LARGEST
    ]
    return found or [page_of(document) for document in documents()]


def real(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if html := json.loads(line).get("html"):
                yield html


def large(pages: list[str]) -> Case:
    """One page of 30 MB, made of others."""
    size, chosen = 0, []
    for page in cycle(pages):
        chosen.append(page)
        size += len(page.encode(errors="replace"))
        if size > 30_000_000:
            break
    return Case("\n".join(chosen).encode(errors="replace"), None, False, ("joined",) * len(chosen))


# --- the child ------------------------------------------------------------------------------------------------------


class Seen(NamedTuple):
    """What became of a case: CPU seconds of each mode, what came out, and what is wrong with it."""

    seconds: tuple[float, ...]
    outcome: str
    wrong: str = ""


def child(pipe: Connection) -> None:
    """Cleans what comes through the pipe until nothing does."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.filterwarnings("error", category=RuntimeWarning)  # numpy's, of numbers that are none
    cleaners = [Cleaner(html_mode=mode, level=level) for mode in HTML_MODES for level in LEVELS]
    while (given := pipe.recv()) is not None:
        number, one = given
        modes = [cleaners[number % len(LEVELS)], cleaners[len(LEVELS) + number % len(LEVELS)]]
        pipe.send(cleaned(modes, one))


def cleaned(cleaners: list[Cleaner], one: Case) -> Seen:
    """Cleans a page in each mode and looks at what came out."""
    seconds, outcome = [], ""
    allowed = allowance(one)
    for cleaner in cleaners:
        begun = time.process_time()
        try:
            result = cleaner.clean_html(one.page, url=one.url, metadata=one.metadata)
            seconds.append(time.process_time() - begun)
            wrong = broken(cleaner, result)
            product = front_matter(result), markdown(result, cleaner.tidy), as_json(result)
            outcome = "empty" if result.empty else "text"
        except InputError:
            return Seen(tuple(seconds), "refused")
        except Exception:  # whatever it is, it is what is looked for
            return Seen(tuple(seconds), "error", traceback.format_exc())
        if not all(isinstance(part, str) for part in product):
            wrong.append("a product is no text")
        if seconds[-1] > allowed:
            wrong.append(f"took {seconds[-1]:.1f} s for {len(one.page):,}; allowed {allowed:.1f} s")
        if wrong:
            return Seen(tuple(seconds), outcome, f"{cleaner.html_mode}: {'; '.join(wrong)}")
    return Seen(tuple(seconds), outcome)


def allowance(one: Case) -> float:
    return SECONDS + SECONDS_PER_MB * len(one.page) / 1e6


class Child:
    """A process that cleans pages, one at a time, and is started anew when it died."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=child, args=(other,), daemon=True)
        self._process.start()
        other.close()

    def clean(self, number: int, one: Case) -> Seen:
        """What became of the case."""
        try:
            self._pipe.send((number, one))
            patience = PATIENCE + 2 * allowance(one)
            if self._pipe.poll(patience):
                seen: Seen = self._pipe.recv()
                return seen
            self._process.kill()
            wrong = f"no answer in {patience:.0f} s"
        except (EOFError, OSError):
            self._process.join()
            wrong = f"the process died, status {self._process.exitcode}"
        self._process.join()
        self._start()
        return Seen((), "lost", wrong)

    def end(self) -> None:
        self._process.kill()
        self._process.join()


# --- the parent -----------------------------------------------------------------------------------------------------


def main() -> int:
    """Fuzzes until the time is over. Returns the exit status."""
    p = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.split("\n")[0])
    p.add_argument("--minutes", type=float, default=10)
    p.add_argument("--shared", type=Path, default=Path("../shared"), help="real pages in its folder documents")
    p.add_argument("--seed", type=int, default=int(time.time()))
    p.add_argument("--large", action="store_true", help="clean one page of 30 MB instead")
    p.add_argument("--only", type=int, help="run the case of this number alone")
    args = p.parse_args()
    pages = sources(args.shared)
    print(f"{len(pages)} pages, seed {args.seed}", flush=True)
    worker, counts, wrongs = Child(), Counter[str](), Counter[str]()
    slowest: dict[str, tuple[float, int]] = {}
    total = dict.fromkeys(HTML_MODES, 0.0)
    number, end = args.only or 0, time.monotonic() + 60 * args.minutes
    while time.monotonic() < end:
        one = large(pages) if args.large else case(pages, args.seed, number)
        seen = worker.clean(number, one)
        counts[seen.outcome] += 1
        for mode, seconds in zip(HTML_MODES, seen.seconds, strict=False):
            total[mode] += seconds
            slowest[mode] = max(slowest.get(mode, (0.0, 0)), (seconds, number))
        if seen.wrong:
            what = seen.wrong.strip().split("\n")[-1]
            wrongs[what] += 1
            if wrongs[what] == 1:
                print(
                    f"case {number} of seed {args.seed} ({', '.join(one.done[:9])}): {seen.wrong}\n  {saved(one)}",
                    flush=True,
                )
        number += 1
        if args.large or args.only is not None:
            break
    worker.end()
    print(f"{sum(counts.values())} pages: " + ", ".join(f"{count} {name}" for name, count in counts.most_common()))
    for mode, (seconds, which) in slowest.items():
        mean = total[mode] / max(1, sum(counts.values()))
        print(f"{mode}: {1000 * mean:.0f} ms CPU a page, the slowest {seconds:.2f} s: case {which}")
    print(f"{sum(wrongs.values())} wrong")
    return 1 if wrongs else 0


def saved(one: Case) -> str:
    """The path of a new file with the page."""
    data = one.page if isinstance(one.page, bytes) else one.page.encode("utf-8", "surrogatepass")
    with tempfile.NamedTemporaryFile("wb", prefix="fuzz-", suffix=".html", delete=False) as file:
        file.write(data)
    return file.name


if __name__ == "__main__":
    sys.exit(main())
