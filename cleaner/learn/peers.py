"""Other extractors, asked for the same pages: HTML to text, with the CPU time that each took.

They are imported when first asked. A peer that breaks on a page gives no text for it, and that is counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, Final, NamedTuple

from cleaner.learn.produce import PRODUCERS

Work = Callable[[str, str | None], str]
"""A page and its address to the text of its body."""
BASELINE: Final = "trafilatura"
"""The peer that all others are set against."""


class Answer(NamedTuple):
    """What a program gave for one page."""

    text: str
    ms: float
    """CPU time of the process, all its threads, in milliseconds."""
    broke: str = ""
    """Name of the exception that ended it; its text is empty then."""


def _resiliparse(html: str, url: str | None) -> str:
    # mypy finds its stubs only where it is installed.
    extract: Any = import_module("resiliparse.extract.html2text").extract_plain_text
    return str(extract(html, main_content=True, comments=False))


PEERS: Final[dict[str, Work]] = {
    BASELINE: PRODUCERS["trafilatura"],
    "readability-lxml": PRODUCERS["readability"],
    "resiliparse": _resiliparse,
    "newspaper4k": PRODUCERS["newspaper"],
}
"""As shipped, but for readers' comments, which are off: no gold has any. Of readability-lxml, which gives HTML, the
visible blocks; that costs a few of its milliseconds."""
_MODULES: Final = {
    BASELINE: "trafilatura",
    "readability-lxml": "readability",
    "resiliparse": "resiliparse.extract.html2text",
    "newspaper4k": "newspaper",
}


def absent(names: Iterable[str]) -> dict[str, str]:
    """Those of the peers that cannot be imported here, each with the reason."""
    found = {}
    for name in names:
        try:
            import_module(_MODULES[name])
        except Exception as error:  # not installed, or broken by what it stands on
            found[name] = f"{type(error).__name__}: {error}"
    return found


def answer(work: Work, html: str, url: str | None) -> Answer:
    """What a program gives for a page. What other people's programs raise is theirs to choose."""
    start = time.process_time()
    try:
        text, broke = work(html, url), ""
    except Exception as error:
        text, broke = "", type(error).__name__
    return Answer(text, 1000 * (time.process_time() - start), broke)
