"""The house in one place: mend, read, find evidence, decide, apply, tidy. No judgement of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Final

from cleaner.judge import cached, repeat
from cleaner.judge.again import freed_lines, may_go_on
from cleaner.judge.decide import counts, cuts, decide, restore, stripped_kinds
from cleaner.judge.rulebook import Rulebook
from cleaner.read.segment import View
from cleaner.types import (
    HTML_MODES,
    KINDS,
    LEVELS,
    Decision,
    Document,
    Evidence,
    HtmlMode,
    Kind,
    Level,
    Result,
    Rule,
    Span,
    UsageError,
)
from cleaner.write.apply import apply
from cleaner.write.normalise import MEND, STEPS, TIDY, check_names, run, table

_ROUNDS: Final = 3
"""How often a text is looked at again after cuts in its lines; one is nearly always enough."""


class Cleaner:
    """A cleaner with its rules compiled. Immutable, picklable, safe in threads and forked workers.

    level: `cautious`, `normal` or `strict`: how sure evidence must be before text goes.
    keep, strip: kinds that stay or go although the default says otherwise (`standfirst` stays by default).
    rules: the rules to use; None for the shipped ones. See `load_rules`.
    off: full ids of rules, or of whole files and folders of them (`common/social`), that are not used.
    steps: names of the normaliser's steps to run; None for all.
    html_mode: for pages, `full` asks trafilatura for its opinion on the body, `fast` does not.
    scores: whether the learned line scores speak too: True with the shipped weights, or a weights file of
        `cleaner.learn.train`, for text or for pages; the other is then scored by the shipped ones. False for rules,
        headlines and repeats alone, which is several times as fast.
    Raises UsageError for a name that does not exist, RuleError and ModelError for rules and weights that are unusable.
    """

    HTML_MODE: Final[HtmlMode] = "full"
    """The mode where none is named: the better one, as README's table has it."""

    def __init__(
        self,
        *,
        level: Level = "normal",
        keep: Iterable[Kind] = (),
        strip: Iterable[Kind] = (),
        rules: Iterable[Rule] | None = None,
        off: Iterable[str] = (),
        steps: Iterable[str] | None = None,
        scores: bool | Path = True,
        html_mode: HtmlMode = HTML_MODE,
    ) -> None:
        keep, strip = tuple(keep), tuple(strip)
        _check("level", [level], LEVELS)
        _check("kind", [*keep, *strip], KINDS)
        _check("html mode", [html_mode], HTML_MODES)
        self.level: Level = level
        self.html_mode: HtmlMode = html_mode
        self.kinds = stripped_kinds(keep, strip)
        self.rulebook = Rulebook(_without(load_rules() if rules is None else rules, tuple(off)))
        self.scores = bool(scores)
        self._own = None
        if isinstance(scores, Path):
            from cleaner.judge.model import load  # imports numpy

            self._own = load(scores)
        skipped = frozenset() if steps is None else frozenset(STEPS) - check_names(steps)
        self._mend, self._tidy = table(MEND, skipped), table(TIDY, skipped)

    def clean(self, text: str, *, url: str | None = None, title: str | None = None, lang: str | None = None) -> Result:
        """The article's body. `url` switches on rules of that site; `title`, where known, is not taken for body."""
        return self.clean_document(self.read(text, url=url, title=title, lang=lang))

    def read(self, text: str, *, url: str | None = None, title: str | None = None, lang: str | None = None) -> Document:
        """The document as it will be judged: the text, mended."""
        mended, steps = run(self._mend, text)
        return Document(mended, url, title, lang, steps)

    def clean_html(
        self,
        html: str | bytes,
        *,
        url: str | None = None,
        title: str | None = None,
        lang: str | None = None,
        encoding: str | None = None,
        metadata: bool = False,
        tables: bool = True,
    ) -> Result:
        """The body of the article on a page. Empty where the page has none; see `read_html` for what is read."""
        document = self.read_html(
            html, url=url, title=title, lang=lang, encoding=encoding, metadata=metadata, tables=tables
        )
        return self.clean_document(document)

    def read_html(
        self,
        html: str | bytes,
        *,
        url: str | None = None,
        title: str | None = None,
        lang: str | None = None,
        encoding: str | None = None,
        metadata: bool = False,
        tables: bool = True,
    ) -> Document:
        """The document that a page shows, mended, with the markup around its blocks (`Document.page`). Bytes are
        decoded as they say they are, or as `encoding` says. `metadata`: ask trafilatura for authors, date and site too,
        which takes half as long again as its opinion on the body. `tables`: False leaves out tables of data. What has
        no tag is read as text. Raises InputError for binary data."""
        from cleaner.read import page  # imports lxml

        how = page.How(encoding=encoding, vote=self.html_mode == "full", metadata=metadata, tables=tables)
        document = page.read_page(html, url=url, how=how)
        if document.page is None:
            return self.read(document.text, url=url, title=title, lang=lang)
        if run(self._mend, document.text)[1]:
            blocks = [document.text[block.start : block.end] for block in document.page.blocks]
            done = [run(self._mend, block) for block in blocks]
            named = {name for _, names in done for name in names}
            steps = tuple(name for name, _ in self._mend if name in named)
            document = page.mended(document, [text for text, _ in done], steps)
        return replace(document, title=title or document.title, lang=lang or document.lang)

    def evidence(self, document: Document, *, scores: bool = True, every: bool = False) -> list[Evidence]:
        """What every finder says, in document offsets, the more certain finder first; `every` as in
        `Rulebook.find`. Edits and decides nothing."""
        view = View(document)
        found = self.rulebook.find(view, host=host_of(document.url), every=every)
        taken = [Span(item.start, item.end) for item in found if self._goes(item)]
        rules = tuple(found)
        found += repeat.find(view, taken)
        if self.scores and scores:
            from cleaner.judge import model, score

            pages = document.page is not None
            own = self._own if self._own and self._own.for_pages == pages else None
            found += score.find(own or model.shipped(pages=pages), view, rules)
        marked = self.rulebook.marked(document, host=host_of(document.url))
        return marked + (found if view.same else [_in_document(view, item) for item in found])

    def clean_document(self, document: Document) -> Result:
        """The result for a document that `read` made."""
        decisions = self._decisions(document)
        text, steps = run(self._tidy, _applied(document, decisions))
        headlines = (d for d in decisions if d.kind == "headline")
        title = document.title or next((document.text[d.start : d.end].strip() for d in headlines), None)
        return Result(text, title, decisions, document.mended + steps, document)

    def _goes(self, item: Evidence) -> bool:
        return item.action == "strip" and item.kind in self.kinds and counts(item, self.level)

    def _decisions(self, document: Document) -> tuple[Decision, ...]:
        """Decides; and where something was cut out of a line, or the line beside one that stood in the midst of a
        sentence, asks again of what stays, because what stood beside the cut may now stand alone: so that cleaning the
        result would find nothing more."""
        evidence = self.evidence(document)
        decisions = decide(document.text, evidence, self.level, self.kinds)
        for _ in range(_ROUNDS):
            places, seams = cuts(document.text, decisions)
            freed = freed_lines(document.text, decisions, seams)
            if not (places or freed):
                break
            left = replace(document, text=apply(document.text, decisions), page=None)
            if not may_go_on(left.text, places, freed, partial(self._takes, left)):
                break
            again = self.evidence(left, scores=False)  # chances were for the whole
            more = [item for item in again if self._goes(item)]
            if not more:
                break
            evidence += restore(decisions, more)
            decisions = decide(document.text, evidence, self.level, self.kinds)
        return decisions

    def _takes(self, document: Document, lines: str) -> bool:
        """Whether a rule would take something of these lines of the document."""
        found = self.rulebook.find(View(replace(document, text=lines)), host=host_of(document.url))
        return any(self._goes(item) for item in found)

    def tidy(self, text: str) -> str:
        """What `tidy` makes of kept text, for replaying a ledger."""
        return run(self._tidy, text)[0]


def clean(
    text: str, *, url: str | None = None, title: str | None = None, lang: str | None = None, level: Level = "normal"
) -> Result:
    """Cleans one text with the shipped rules and scores. For many texts make one `Cleaner`."""
    return _default(level).clean(text, url=url, title=title, lang=lang)


def clean_html(
    html: str | bytes,
    *,
    url: str | None = None,
    title: str | None = None,
    lang: str | None = None,
    level: Level = "normal",
) -> Result:
    """The body of the article on one page, with the shipped rules and scores. For many pages make one `Cleaner`."""
    return _default(level).clean_html(html, url=url, title=title, lang=lang)


@cache
def _default(level: Level) -> Cleaner:
    return Cleaner(level=level)


def load_rules(*folders: str | Path, shipped: bool = True) -> Sequence[Rule]:
    """The shipped rules and those of your folders, checked. Raises RuleError."""
    known: Sequence[Rule] = cached.load_folder(shipped_folder()) if shipped else ()
    if not folders:
        return known
    from cleaner.judge.rule import load_folder, unique

    own = [rule for folder in folders for rule in load_folder(Path(folder))]
    Rulebook(own).compile()
    return unique((*known, *own))


def shipped_folder() -> Path:
    """Where the shipped rule files are: beside the package in a checkout, inside it when installed."""
    inside = Path(__file__).parent / "rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rules"


def host_of(url: str | None) -> str | None:
    """The host of a URL, lower case, or None."""
    if not url:
        return None
    from urllib.parse import urlsplit  # 3 ms to import

    try:
        return urlsplit(url if "//" in url else "//" + url).hostname
    except ValueError:
        return None


def _applied(document: Document, decisions: tuple[Decision, ...]) -> str:
    if document.page is None:
        return apply(document.text, decisions)
    from cleaner.write.shape import shaped  # 3 ms to import, and only pages need it

    return shaped(document, decisions)


def _in_document(view: View, item: Evidence) -> Evidence:
    start, end = view.origin(item.start, item.end)
    return item._replace(start=start, end=end, line=item.line and view.origin(*item.line))


def _without(rules: Iterable[Rule], off: tuple[str, ...]) -> Iterable[Rule]:
    if not off:
        return rules
    rules = tuple(rules)
    for name in off:
        if not any(_named(rule, name) for rule in rules):
            raise UsageError(f"no rule {name!r} to switch off; `cleaner-rules list` shows the ids")
    return tuple(rule for rule in rules if not any(_named(rule, name) for name in off))


def _named(rule: Rule, name: str) -> bool:
    return rule.id == name or rule.id.startswith(name.rstrip("/") + "/")


def _check(what: str, given: Iterable[str], allowed: tuple[str, ...]) -> None:
    for name in given:
        if name not in allowed:
            raise UsageError(f"unknown {what} {name!r}; allowed: {', '.join(allowed)}")
