"""What is known of HTML's tags and attributes. Ground: imports nothing of ours."""

from __future__ import annotations

from typing import Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS: Final = _names(
    "address article aside audio blockquote body br button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html label legend li main menu nav ol p pre section "
    "summary table tbody td tfoot th thead tr ul video"
)
"""What begins a line of its own."""
INLINE: Final = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rp rt ruby s samp small span strike "
    "strong sub sup time tt u var wbr"
)
"""What stands within a line and holds a part of its block."""
UNSEEN: Final = _names(
    "canvas embed head iframe input link meta noscript object optgroup option script select style svg template "
    "textarea title"
)
"""What shows no text of the page."""
LAYOUT: Final = _names("table div p ul ol dl h1 h2 h3 h4 h5 h6 article section form pre blockquote figure")
"""What stands in a table that is no table of data."""
HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
CELL_END: Final = " | "
"""What stands between the cells of a row of a table of data."""
ATTRIBUTES: Final = ("id", "class", "role", "itemprop", "data-testid", "data-component", "data-type", "aria-label")
"""Those that say what an element is for."""
