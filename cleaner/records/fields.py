"""Which fields of a record are read and written, and how the clean text is to look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from cleaner.types import UsageError

Format = Literal["text", "markdown"]
FORMATS: Final = ("text", "markdown")
SPANS: Final = "attributes"
"""The field that spans are written to, as Dolma's tools read it: {"cleaner__KIND": [[start, end, chance], ...]}."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of fields; a name with dots (`meta.url`) reaches into a record within the record.

    `text` holds extracted text, or `html` a page; where a record has both, the page is read. `url`, `lang`, `id` and
    `title` are looked for under these very names where none is given, and may be missing then. `out` takes the clean
    text: where none is given the text's own field, or `text` for pages. `spans`: what goes is marked in the field
    `attributes` and the text stays as it is judged; then clean text is written only where `out` is given.
    Raises UsageError for a name with an empty part, and for fields that would be written into one another."""

    text: str | None = None
    html: str | None = None
    url: str | None = None
    lang: str | None = None
    id: str | None = None
    title: str | None = None
    out: str | None = None
    spans: bool = False

    def __post_init__(self) -> None:
        for name in (self.text, self.html, self.url, self.lang, self.id, self.title, self.out):
            if name is not None and not all(name.split(".")):
                raise UsageError(f"field {name!r} has an empty part; names are joined by single dots, as in meta.url")
        written = [name for name, _ in self.puts] + [SPANS] * self.spans
        for at, name in enumerate(written):
            for other in written[at + 1 :]:
                if _within(name, other) or _within(other, name):
                    raise UsageError(f"fields {name!r} and {other!r} are both written, and cannot be in one another")
            for read in (self.text, self.html, self.url, self.lang, self.id, self.title):
                if read and read != name and _within(read, name):
                    raise UsageError(f"field {name!r} is written, and {read!r} is in it; name another")

    @property
    def texts(self) -> str | None:
        """Where text is looked for; None where only pages are."""
        return self.text or (None if self.html else "text")

    @property
    def own(self) -> str:
        """The text's own field, which takes what comes of it where nothing else is named."""
        return self.texts or "text"

    @property
    def puts(self) -> tuple[tuple[str, bool], ...]:
        """The fields that are written: the name, and whether it takes the clean text, or else the text as judged."""
        if not self.spans:
            return ((self.out or self.own, True),)
        return ((self.own, False), *([(self.out, True)] if self.out else []))

    @property
    def fresh(self) -> str | None:
        """A field that is written and must not be there yet: of pages alone, where nobody said where text goes."""
        return self.own if self.html and not self.text and (self.spans or not self.out) else None

    @property
    def known(self) -> dict[str, tuple[str, bool]]:
        """What is known beside the text: where it is looked for, and whether that was asked for by name."""
        named = {"url": self.url, "lang": self.lang, "id": self.id, "title": self.title}
        # A title that nobody named may be the site's, or a section's: it is not taken for the headline.
        return {what: (name or what, bool(name)) for what, name in named.items() if name or what != "title"}


def _within(name: str, outer: str) -> bool:
    return name == outer or name.startswith(outer + ".")


@dataclass(frozen=True, slots=True)
class Look:
    """How the clean text looks: `markdown` keeps headings, lists, links and tables of a page; `paragraphs` as in
    `write.render`; `tables`: whether tables of data of a page stay."""

    format: Format = "text"
    paragraphs: Literal["blank", "line"] | None = None
    tables: bool = True
