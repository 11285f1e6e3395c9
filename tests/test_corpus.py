"""Every document of the corpus: the furniture goes, the body comes out to the letter."""

from __future__ import annotations

from collections import Counter

import pytest

from cleaner import Cleaner
from cleaner.write.normalise import MEND, TIDY, run
from tests.corpus import CorpusDocument, documents, read

CLEANER = Cleaner(scores=False)
HARD = [document for document in documents() if "/hard-" in document.name]


def wanted(document: CorpusDocument) -> str:
    return run(TIDY, run(MEND, document.expected)[0])[0]


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.name)
def test_the_body_comes_out(document: CorpusDocument) -> None:
    head = document.head
    result = CLEANER.clean(document.text, url=head.get("url"), title=head.get("title"), lang=head.get("lang"))
    assert result.text == wanted(document)


@pytest.mark.parametrize(
    "document", [document for document in documents() if document.clean], ids=lambda document: document.name
)
def test_clean_documents_pass_at_every_level(document: CorpusDocument) -> None:
    for level in ("cautious", "normal", "strict"):
        assert Cleaner(level=level, scores=False).clean(document.text, title=document.head.get("title")).text == wanted(
            document
        )  # type: ignore[arg-type]


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.name)
def test_known_misses_are_no_body(document: CorpusDocument) -> None:
    assert document.head["lang"]
    assert document.head["note"]
    assert any(row.kind == "body" for row in document.rows)


def test_the_corpus_is_what_its_readme_promises() -> None:
    languages = Counter(document.head["lang"] for document in documents())
    dirty = [document for document in documents() if not document.clean]
    assert len(documents()) >= 60
    assert len(languages) >= 6
    assert len(HARD) >= 20
    assert (len(documents()) - len(dirty)) * 5 >= len(dirty)


@pytest.mark.parametrize(
    "row",
    ["body", "body ? x", "Body | x", "bodyx | x", "body? | x", "body / x"],
    ids=["no sign", "space", "case", "kind", "miss", "sign"],
)
def test_a_row_that_is_none_is_named(tmp_path_factory: pytest.TempPathFactory, row: str) -> None:
    path = tmp_path_factory.mktemp("corpus") / "x.txt"
    path.write_text(f"lang: en\nnote: x\n---\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.txt:4: not a row"):
        read(path)
