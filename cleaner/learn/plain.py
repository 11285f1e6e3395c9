"""Material that needs no alignment, because somebody labelled its lines: web texts, hard negatives, the corpus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from cleaner.learn import corpus, label, splice
from cleaner.learn.record import HARD, Made, Origin, record
from cleaner.learn.sources import SourceError, read_jsonl
from cleaner.learn.table import tally


def turku(path: Path) -> Iterator[Made]:
    """Web texts with a human keep or noise a line."""
    for number, row in read_jsonl(path):
        if len(row["lines"]) != len(row["labels"]):
            raise SourceError(f"{path}:{number}: {len(row['lines'])} lines, {len(row['labels'])} labels")
        named = [
            (text, "body" if keep else label.UNKNOWN) for text, keep in zip(row["lines"], row["labels"], strict=True)
        ]
        origin = Origin(row["id"], "turku-quality", "lines", open=False, lang=row["lang"])
        yield _plain(origin, "lines", named)


def negatives(path: Path) -> Iterator[Made]:
    """Article text with an appeal's words in it."""
    for item, domain in splice.read_passages(path):
        name = f"hard-negatives/{item.number}"
        origin = Origin(name, "hard-negatives", "made", open=True, domain=domain, lang=item.lang)
        yield _plain(origin, "hard-negative", [(item.text, "body")], HARD)


def own_corpus(folder: Path) -> Iterator[Made]:
    """The project's own documents."""
    for document in corpus.documents(folder):
        spans = list(document.spans)
        labels = label.by_spans(document.text, spans)
        head = document.head
        origin = Origin(f"corpus/{document.name}", "corpus", "corpus", open=True, lang=head.get("lang"),
                        title=head.get("title"), url=head.get("url"), page_type="article")  # fmt: skip
        reference = "\n".join(row.text for row in document.rows if row.kind == "body")
        yield Made("corpus", "corpus", "corpus", record(origin, "corpus", labels), tally(labels, reference))


def _plain(origin: Origin, producer: str, named: Sequence[tuple[str, str]], weight: float = 1.0) -> Made:
    text, spans = label.joined(("\n", line, kind) for line, kind in named)
    labels = label.by_spans(text, spans, weight)
    reference = "\n".join(line for line, kind in named if kind == "body")
    return Made(origin.source, origin.source, producer, record(origin, producer, labels), tally(labels, reference))
