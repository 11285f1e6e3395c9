"""Measures the rule library and prints tables: `python -m tests.bench_rules [--shared DIR]`.

How many rules there are and what they cost; how many real appeals they leave by language, alone and without an address;
what they touch of passages that must stay, and of the bodies of real articles.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cleaner import Cleaner, load_rules
from cleaner.pipeline import shipped_folder
from tests.bench import EXAMPLE, MB, Row, child, invented, once, pages
from tests.conftest import SHARED

FURNITURE = Path(__file__).parent / "gold_furniture.txt"
FEW, MANY = 100, 2000
BEFORE = "The council voted on Tuesday to keep the night bus, which had been due to end in March, she said.\n"
_RULE = """
[[rule]]
id = "r{number}"
kind = "other"
phrases = ["{text}"]
why = "Invented."
strips = ["{text}"]
keeps = ["She read {text} and went home."]
"""


def library() -> Iterator[Row]:
    """What there is."""
    rules = load_rules()
    names = {rule.id.rsplit("/", 1)[0] for rule in rules}
    languages = sum(name.startswith("lang/") for name in names)
    publishers = sum(name.startswith("site/") for name in names)
    yield (
        "rules, languages, publishers",
        f"{len(rules):,}, {languages}, {publishers}",
        "28 languages, 150 publishers",
        None,
    )
    examples = sum(len(rule.strips) + len(rule.keeps) for rule in rules)
    yield "examples that test them", f"{examples:,}", "", None


def start_up(texts: list[str]) -> Iterator[Row]:
    """What the command takes for one article with few rules and with many, from rules that were kept."""
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
        code = {}
        for name, count in ((few, FEW), (many, MANY)):
            folder = Path(name)
            write_library(folder / "rules", count, texts)
            (folder / "cleaner").symlink_to(shipped_folder().parent / "cleaner")
            code[name] = f"import sys; sys.path.insert(0, {name!r}); from cleaner.cli import main; main(sys.argv[1:])"
            there = f"import cleaner; cleaner.load_rules()[{count - 1}]"  # keeps them for the runs that follow
            subprocess.run([sys.executable, "-c", f"import sys; sys.path.insert(0, {name!r}); {there}"], check=True)
        runs = [[child(["-c", code[name], "--no-scores", str(EXAMPLE)], 1)[0] for name in code] for _ in range(25)]
    took = [min(seconds) * 1000 for seconds in zip(*runs, strict=True)]  # by turns: others use the machine too
    yield f"start-up of the command, {FEW} rules", f"{took[0]:.0f} ms CPU", "", None
    more = took[1] - took[0]
    yield f"the same, {MANY:,} rules", f"{took[1]:.0f} ms CPU, {more:.0f} more", "at most 40 more", more <= 40


def write_library(folder: Path, count: int, texts: list[str]) -> None:
    """So many rules: files of the shipped ones in the order of their names, then invented ones."""
    shipped, left = shipped_folder(), count
    for path in sorted(shipped.rglob("*.toml")):
        rules = path.read_text(encoding="utf-8").count("[[rule]]")
        if rules <= left:
            to = folder / path.relative_to(shipped)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, to)
            left -= rules
    said = dict.fromkeys(rule.phrases[0] for rule in invented(8 * left, texts) if rule.phrases)
    lines = list(said)[:left]
    made = "".join(_RULE.format(number=number, text=text) for number, text in enumerate(lines))
    (folder / "invented.toml").write_text(f"format = 1\n{made}" if lines else "format = 1\n", encoding="utf-8")
    assert len(lines) == left


def throughput(texts: list[str]) -> Iterator[Row]:
    """The shipped rules' cost over that of the first hundred of them."""
    rules = load_rules()
    few, many = Cleaner(rules=rules[:FEW], scores=False), Cleaner(scores=False)
    took = [(once(few, texts, 1), once(many, texts, 1)) for _ in range(5)]  # by turns: others use the machine too
    ratio = min(one for _, one in took) / min(one for one, _ in took)
    yield f"cost with all rules over cost with the first {FEW}", f"{ratio:.2f}", "at most 1.3", ratio <= 1.3


def records(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def appeals(shared: Path) -> Iterator[Row]:
    """Of real appeals, each behind a sentence of an article, those of which more than half of the words stay."""
    cleaner, left, known = Cleaner(scores=False), Counter[str](), Counter[str]()
    for item in records(shared / "appeals" / "appeals.jsonl.gz"):
        if item.get("verbatim", True):  # the others are cue phrases and paraphrases
            text = item["text"]
            rest = cleaner.clean(BEFORE + text).text.partition("\n")[2]
            known[item["lang"]] += 1
            left[item["lang"]] += len(rest.split()) > 0.5 * len(text.split())
    share = left.total() / known.total()
    yield f"appeals left, of {known.total()}", f"{share:.0%}", "at most 35 %", share <= 0.35
    for code, count in known.most_common():
        yield f"  {code}, of {count}", f"{left[code] / count:.0%}", "", None


def hard_negatives(shared: Path) -> Iterator[Row]:
    for level in ("cautious", "normal"):
        cleaner = Cleaner(scores=False, level=level)  # type: ignore[arg-type]
        texts = [item["text"] for item in records(shared / "appeals" / "hard_negatives.jsonl.gz")]
        hit = sum(bool(cleaner.clean(text).removed) for text in texts)
        yield f"passages that must stay, touched, {level}, of {len(texts)}", f"{hit}", "none", not hit


def clean_bodies(shared: Path, every: int) -> Iterator[Row]:
    """Words of gold bodies that rules take; finders of repeats and headlines are no rules. What a reader found to be
    furniture that the gold kept counts apart."""
    cleaner, furniture = Cleaner(scores=False), set(FURNITURE.read_text(encoding="utf-8").split("\n"))
    words = lost = unread = 0
    for path in sorted((shared / "documents").glob("*.jsonl.gz")):
        for number, item in enumerate(records(path)):
            if not item.get("body") or number % every:
                continue
            result = cleaner.clean(item["body"])
            words += _words(item["body"])
            for removed in result.removed:
                if "/" in removed.by:
                    text = result.document.text[removed.start : removed.end]
                    lost += _words(text)
                    unread += _words(text) * (read_as(text) not in furniture)
    yield f"words of gold bodies taken by rules, of {words:,}", f"{lost / words:.3%}", "", None
    share = unread / words
    yield "  without furniture that the gold kept", f"{share:.4%}", "at most 0.02 %", share <= 0.0002


def read_as(text: str) -> str:
    """Under what a piece of text stands in the list of those that were read."""
    return hashlib.blake2b(text.strip().encode(), digest_size=8).hexdigest()


def _words(text: str) -> int:
    return len(re.findall(r"\w+", text))


def main() -> None:
    """Prints the tables."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, default=SHARED, help="the real documents (default: ../shared)")
    p.add_argument("--every", type=int, default=1, help="take every how many-th clean body (default: %(default)s)")
    args = p.parse_args()
    texts = pages(2 * MB)
    parts = [library(), start_up(texts), throughput(texts)]
    if args.shared.is_dir():
        parts += [appeals(args.shared), hard_negatives(args.shared), clean_bodies(args.shared, args.every)]
    print("| what | measured | wanted | |\n|---|---|---|---|")
    for part in parts:
        for what, measured, wanted, met in part:
            print(
                f"| {what} | {measured} | {wanted} | {'' if met is None else 'ok' if met else 'MISSED'} |", flush=True
            )


if __name__ == "__main__":
    main()
