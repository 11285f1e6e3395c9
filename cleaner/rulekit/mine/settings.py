"""What a run of the miner is told, and every threshold that it judges by.

Measured by `python -m tests.bench_mine`: a generated site, and page dumps of 44 real hosts. There the thresholds of
place and neighbours were swept one by one (with `TWIN_OFTEN` at 0.5): `OUTSIDE` 0.6 to 0.95, `INSIDE_SHARE` 0.1 to 0.5,
`SHORT_SHARE` 0.2 to 0.8 and `BESIDE` 0.6 to 0.95 move recall by 0.02 and precision by 0.001 at most. On the generated
site, with appeals amid the body of 30 to 45 % of the articles, `INSIDE_SHARE` 0.5 loses a quarter of the furniture,
0.25 nothing.

Those of headlines were set on that site with the headlines of each edition on its pages, where neither recall nor
precision changes, and on the dumps: there recall of what repeats falls from 0.85 to 0.41, three quarters of it lines
that read like headlines, and of the articles' own lines 195 are taken in place of 539.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cleaner.types import UsageError

LONG_WORDS: Final = 12
"""Words of a segment that two articles do not say alike by accident; a shorter one proves neither a body nor a twin."""
MOST_WORDS: Final = 120
MOST_CHARS: Final = 1500
"""Longer segments are no template text, and a rule reads 2,000 characters at most."""
TWIN: Final = 0.5
"""Share of the long segments of the shorter of two articles that both have, from which they are one article, published
again or updated. Two articles on one matter share quotations: a tenth."""
TWIN_OFTEN: Final = 0.85
"""The same where the segments are counted too that so many articles have that they may be a template's. On the dumps of
44 hosts 0.5 takes pages with much furniture for copies: a recall of 0.67; 0.7 gives 0.75, 0.85 gives 0.85."""
TWIN_MOST: Final = 100
"""Copies of one article that are looked for; what stands in more, or in more than half of the host's articles, is more
likely a template's."""
TWIN_LEAST: Final = 2
"""Long segments that twins share at least."""
SAMPLED: Final = 200
"""Articles of a host on which the shipped rules are tried: a tenth of the time that reading them takes."""
SEARCHED: Final = 1000
"""Articles of a host in which near misses are looked for; their sentences stand in memory while its file is written."""
SCORED: Final = 20
"""Articles of a host on which the scores are asked for kinds: they cost five times what the counting does."""
VARIANTS: Final = 24
"""Wordings of one candidate that are looked at to find what varies."""
DATES: Final = 3
"""Different days on which a segment must have been seen, where days are known: wire copy and its updates have one or
two."""
OUTSIDE: Final = 0.8
"""Share of its articles in which a segment stands before the body's first or behind its last long segment, from which
its place is the template's."""
SHORT_WORDS: Final = 3
SHORT_SHARE: Final = 0.5
"""A segment of so few words that nothing in its wording gives away must stand in this share of the articles: tags and
names of sections stand in as many as they fit."""
INSIDE_SHARE: Final = 0.25
"""Share of the articles from which a segment amid the body is the template's whatever it says: sentences of background
that an editor pastes into every article of one matter reach a tenth."""
INSIDE_WORDS: Final = 4
VOTES: Final = 0.5
"""Share of the times it was asked in which the score took a segment, from which its wording counts as a template's."""
HEADLINE_WORDS: Final = 6
"""Words from which a line may be the headline of another article; shorter ones are so by what stands beside them."""
HEADLINE_LEAST: Final = 4
"""Words of a page's own headline; names of sections, which stand above it, have fewer."""
EDITION: Final = 0.8
"""Share of their articles that two headlines have in common, from which both are of one edition of the site."""
EDITION_LINES: Final = 4
"""Other such lines of the edition from which a line is taken for its news. Menus and appeals have long lines too, but
hardly five that end without a full stop."""
LISTED: Final = 5
"""Lines one below the other that read like headlines, from which they are a list of other articles."""
OFTEN: Final = 0.8
"""Share of its occurrences in such a list from which a line is taken for its news."""
WIDE: Final = 0.25
"""Share of the corpus's days over which a listed line was seen, from which it is none: a footer has such lines too."""
NARROW: Final = 0.05
"""Share of the days between the corpus's first and last article. A line that looks like a headline and was seen in no
longer a time is news."""
NARROW_FROM: Final = 60
"""Days that a corpus must cover before that says anything."""
TAKEN: Final = 0.9
"""Share of the times they were tried in which the shipped rules took a segment, from which there is no need of it."""
BESIDE: Final = 0.8
"""Share of its occurrences in which a segment has the same neighbour, from which the two are one block."""
ALIKE: Final = 0.75
"""Share of their words that two wordings have in common and in order, from which they are one rule."""
SLOT_KINDS: Final = 3
"""Different fillings from which a place in a wording is a slot."""
SHADE: Final = 0.9
"""Share of a template's occurrences that one wording may have before the template is that wording."""


@dataclass(frozen=True, slots=True)
class How:
    """How to mine. `least` articles of a host and `share` of them must have a segment; `memory` is what the engine may
    hold, in MB. Raises UsageError for what makes no sense."""

    text: str = "text"
    url: str = "url"
    date: str = "date"
    least: int = 5
    share: float = 0.02
    host: str | None = None
    memory: int = 512
    everything: bool = False
    """Whether what the shipped rules take is mined too."""
    skip: frozenset[str] = frozenset()
    """Sites that are not mined."""

    def __post_init__(self) -> None:
        if self.least < 2:
            raise UsageError(f"--least {self.least}: what stands in one article repeats nothing; give 2 or more")
        if not 0 <= self.share <= 1:
            raise UsageError(f"--share {self.share}: give a share of the articles, 0 to 1, such as 0.02")
        if self.memory < 64:
            raise UsageError(f"--memory {self.memory}: give 64 MB or more")

    @property
    def site(self) -> str | None:
        """The site that is mined alone, if one is."""
        return None if self.host is None else self.host.lower().removeprefix("www.")

    def need(self, articles: int) -> int:
        """Articles of a host with so many that must have a segment."""
        return max(self.least, -int(-self.share * articles // 1))


def articles_read(witnesses: int, read: int) -> str:
    """How many articles were looked through, and how many were read if that is more."""
    return (
        f"{witnesses:,} articles"
        if witnesses == read
        else f"{read:,} articles ({witnesses:,} with a body of their own)"
    )
