"""Guards what was reached: `python -m cleaner.learn.gate [--record]`.

Cleans the project's own corpus with rules alone and with scores, at each level, and compares with corpus/floors.json:
exits 1 if anything is worse, or if the floors were recorded with another corpus, other rules or other weights. Then
look at the figures and record them anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from cleaner.judge.model import FOR_PAGES, SHIPPED
from cleaner.learn.corpus import CorpusDocument, CorpusPage, documents, pages
from cleaner.learn.table import bag
from cleaner.pipeline import Cleaner, shipped_folder
from cleaner.types import HTML_MODES, LEVELS

_SLACK: Final = 0.001
"""Processors add in other orders; a sentence at the very bar may fall on either side."""
CORPUS: Final = Path(__file__).parent.parent.parent / "corpus"
Figures = dict[str, dict[str, float]]


def figures(texts: Sequence[CorpusDocument], html: Sequence[CorpusPage] = ()) -> Figures:
    """For rules alone and with scores at each level: shares of words, and of documents that a second cleaning changes;
    and for pages in both modes.

    lost: of the body's words. left: of the furniture's. negatives: lost of the hard negatives."""
    found = {"rules, normal": _measured(texts, Cleaner(scores=False))}
    for level in LEVELS:
        found[f"scores, {level}"] = _measured(texts, Cleaner(level=level))
    for mode in HTML_MODES if html else ():
        found[f"pages, {mode}"] = _measured_pages(html, Cleaner(html_mode=mode))
    return found


def _measured_pages(html: Sequence[CorpusPage], cleaner: Cleaner) -> dict[str, float]:
    lost, left = [], []
    for page in html:
        result = cleaner.clean_html(page.html, url=page.url)
        came, wanted, kept = bag(result.document.text), bag(page.expected), bag(result.text)
        lost.append((wanted - kept).total() / wanted.total() if wanted else 0.0)
        left.append((kept - wanted).total() / max((came - wanted).total(), 1))
    return {"lost": _mean(lost), "left": _mean(left)}


def _measured(texts: Sequence[CorpusDocument], cleaner: Cleaner) -> dict[str, float]:
    lost, left, negatives, again = [], [], [], 0
    for document in texts:
        cleaned = cleaner.clean(document.text).text
        came, wanted, kept = bag(document.text), bag(document.expected), bag(cleaned)
        lost.append((wanted - kept).total() / wanted.total() if wanted else 0.0)
        if document.name.rpartition("/")[2].startswith("hard-"):
            negatives.append(lost[-1])
        if junk := (came - wanted).total():
            left.append((kept - wanted).total() / junk)
        again += cleaner.clean(cleaned).text != cleaned
    return {"lost": _mean(lost), "left": _mean(left), "negatives": _mean(negatives), "again": again / len(texts)}


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / max(len(values), 1), 5)


def hashes(corpus: Path) -> dict[str, str]:
    """Hashes of what the figures depend on."""
    return {
        "corpus": _hash(path for path in corpus.rglob("*") if path.is_file() and path.name != "floors.json"),
        "rules": _hash(shipped_folder().rglob("*.toml")),
        "weights": _hash([SHIPPED, FOR_PAGES]),
    }


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def worse(found: Figures, floors: Figures) -> list[str]:
    """What is worse than the floors, one line each."""
    return [
        f"{setting}: {name} is {value}, was {floor}"
        for setting, shares in found.items()
        for name, value in shares.items()
        for floor in [floors.get(setting, {}).get(name, 0.0)]
        if value > floor + _SLACK
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--record", action="store_true", help="make the figures found the new floors")
    args = parser.parse_args(argv)
    path = args.corpus / "floors.json"
    found, made_of = figures(list(documents(args.corpus)), list(pages(args.corpus))), hashes(args.corpus)
    print(show(found))
    if args.record:
        path.write_text(json.dumps({"hashes": made_of, "floors": found}, indent=1) + "\n", encoding="utf-8")
        return 0
    recorded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    faults = worse(found, recorded["floors"])
    faults += [
        f"{path} was recorded with other {name}; look at the figures, then run with --record"
        for name, value in made_of.items()
        if recorded["hashes"].get(name) != value
    ]
    sys.stderr.write("".join(f"{fault}\n" for fault in faults))
    return 1 if faults else 0


def show(found: Figures) -> str:
    """The figures as a table, in per cent."""
    names = ("lost", "left", "negatives", "again")
    rows = (
        f"{key:20}" + "".join(f"{100 * shares[name]:>11.3f}" for name in names if name in shares)
        for key, shares in found.items()
    )
    return "\n".join([f"{'per cent':20}" + "".join(f"{name:>11}" for name in names), *rows])


if __name__ == "__main__":
    sys.exit(main())
