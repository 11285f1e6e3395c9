"""Dirty texts as producers give them, from careless (every visible block of a page) to careful (an extractor's text).

For the careless one also the markup of each block, and what kind of furniture that markup says it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cleaner.types import Kind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BLOCK: Final = frozenset(
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html label legend li main menu nav ol p pre section summary table "
    "tbody td tfoot th thead tr ul video audio".split()
)
_UNSEEN: Final = frozenset(
    "script style noscript template head title meta link svg canvas object embed iframe textarea input select option "
    "optgroup".split()
)
_THIN: Final = 400
"""Characters of text below which a page is taken for one that shows itself by script only."""
_TITLE: Final = re.compile(r"</?title\b[^>]{0,200}>", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")
# XML forbids these, and lxml refuses or cuts at them.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Block(NamedTuple):
    """A visible block of a page."""

    text: str
    tags: tuple[str, ...]
    """Tag names from the root down to the block."""
    words: tuple[str, ...]
    """For each of the tags its id, class and role, in lower case."""
    linked: float
    """Share of its characters that are links."""


def blocks(html: str) -> list[Block]:
    """Every visible block of a page in reading order. Ignores style sheets: what scripts fold away is here too.

    A page that shows next to nothing is read again as a browser without scripts sees it, and without its title: one
    that is never closed swallows the page."""
    page = list(_walk(parse(html), _UNSEEN))
    if _size(page) < _THIN < len(html):
        plain = list(_walk(parse(html), _UNSEEN - {"noscript"}))
        untitled = list(_walk(parse(_TITLE.sub("", html)), _UNSEEN))
        page = max(page, plain, key=_size)
        page = untitled if _size(untitled) > _size(page) + _THIN else page
    return page


def _size(page: list[Block]) -> int:
    return sum(len(block.text) for block in page)


def parse(html: str) -> Element | None:
    """The page's tree, or None where there is nothing to parse."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    data = _ILLEGAL.sub("", html).encode()
    try:
        return etree.fromstring(data, parser) if data.strip() else None
    except etree.XMLSyntaxError:  # nothing but comments
        return None


def _walk(root: Element | None, unseen: frozenset[str]) -> Iterator[Block]:
    """Depth first without recursion: pages nest deeper than Python does."""
    if root is None:
        return
    tags: list[str] = []
    words: list[str] = []
    buffer = _Buffer()
    stack: list[tuple[Element, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        seen = bool(tag) and tag not in unseen
        block = seen and tag in _BLOCK
        if block:
            yield from buffer.flush(tags, words)
        if leaving:
            tags.pop()
            words.pop()
            buffer.links -= tag == "a"
        elif seen:
            tags.append(tag)
            words.append(" ".join(element.get(name) or "" for name in ("id", "class", "role")).strip().lower())
            buffer.links += tag == "a"
            buffer.add(element.text)
            stack.append((element, True))
            stack += [(child, False) for child in reversed(element)]
            continue
        if element is not root:
            buffer.add(element.tail)
    yield from buffer.flush(tags, words)


class _Buffer:
    """Text of one block as it is gathered."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.links = 0
        self.linked = 0

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            self.linked += len(text.strip()) if self.links else 0

    def flush(self, tags: list[str], words: list[str]) -> Iterator[Block]:
        text = _SPACE.sub(" ", "".join(self.pieces)).strip()
        if text:
            yield Block(text, tuple(tags), tuple(words), min(1.0, self.linked / len(text)))
        self.pieces.clear()
        self.linked = 0


# --- what markup says of furniture -------------------------------------------------------------------------------

_TAGS: Final[dict[str, Kind]] = {
    "nav": "navigation", "menu": "navigation", "aside": "related", "figcaption": "caption", "h1": "headline",
    "time": "byline",
}  # fmt: skip
_WEAK: Final = frozenset(("footer", "button", "form", "label", "header"))
"""Tags that make a block navigation where nothing around it says more."""


def _named(pattern: str) -> re.Pattern[str]:
    """A class or id word, also where it is part of a compound: `share`, `article-share`, `shareBar`, `js_share`."""
    return re.compile(rf"(?:^|[\s_\-]|\b)(?:{pattern})(?=$|[\s_\-]|\b|s\b)")


# The first that matches one element counts, so what says more stands first.
_CLASSES: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("consent", _named(r"cookie\w*|consent|gdpr|cmp|onetrust|didomi|usercentrics|privacy-?banner")),
    ("newsletter", _named(r"newsletter\w*|mailing-?list|email-?sign-?up|sign-?up-?form|mc4wp|mailchimp")),
    ("appeal", _named(r"donat\w*|contribution|fundrais\w*|spenden|support-?us")),
    ("subscription", _named(r"subscri\w*|paywall\w*|abo|premium-?box|regwall|piano|meter|membership")),
    ("comments", _named(r"comments?\w*|disqus\w*|kommentar\w*|respond|discussion|reactions|forum")),
    ("social", _named(r"share\w*|sharing|social\w*|sharedaddy|addthis\w*|addtoany\w*|follow-?us|twitter|facebook|whatsapp")),
    ("advert", _named(r"ads?|advert\w*|adsense|adslot|adunit|banner|sponsor\w*|promo\w*|anzeige|werbung|dfp|taboola|outbrain")),
    ("biography", _named(r"author-?bio\w*|bio|about-?(?:the-?)?author|author-?(?:box|card|info|description|profile)")),
    ("byline", _named(r"by-?line\w*|authors?|post-?meta|entry-?meta|article-?meta|meta-?data|date\w*|time|timestamp|published|dateline|posted-?(?:on|by)|vcard|autor\w*")),
    ("caption", _named(r"caption\w*|wp-caption-text|credits?|image-?(?:credit|source|description)|bildunterschrift|photo-?credit|legende?")),
    ("related", _named(r"related\w*|recommend\w*|read-?(?:more|also|next)|more-?(?:stories|news|articles|from|on)|see-?also|teaser\w*|most-?(?:read|popular|viewed)|popular\w*|trending|latest|also-?like|suggest\w*|next-?(?:post|article)|prev\w*|similar|sidebar\w*|widget\w*|aside|ticker|topstor\w*|weitere\w*|mehr-?zum-?thema")),
    ("legal", _named(r"copyright|imprint|impressum|disclaimer|legal|terms|colophon")),
    ("media", _named(r"player\w*|audio\w*|podcast\w*|video-?(?:player|controls|meta)|jw\w*|vjs\w*|listen|gallery-?(?:nav|controls)")),
    ("app", _named(r"app-?(?:banner|promo|store|download)|smart-?banner")),
    ("navigation", _named(r"nav\w*|menus?|breadcrumb\w*|bread-?crumb\w*|footer\w*|header-?(?:top|main|nav|menu)|masthead|top-?bar|toolbar|tags?|tag-?list|topics|categor\w*|pagination|pager|search\w*|login|language\w*|skip\w*|toc|site-?map|rubrik\w*")),
)  # fmt: skip
_ROLES: Final[dict[str, Kind]] = {
    "navigation": "navigation", "banner": "navigation", "contentinfo": "navigation", "search": "navigation",
    "complementary": "related", "dialog": "consent",
}  # fmt: skip


def kind_from_markup(block: Block) -> Kind | None:
    """What kind of furniture a block's markup says it is, or None where it says nothing.

    The element nearest to the text that says anything counts. Says nothing of whether the block is body: class words
    of themes lie, so this names the kind only of what is known not to be body."""
    for tag, words in zip(reversed(block.tags), reversed(block.words), strict=True):
        if tag in ("body", "html"):
            break
        for kind, pattern in _CLASSES if words else ():
            if pattern.search(words):
                return kind
        for role, kind in _ROLES.items():
            if role in words.split():
                return kind
        if tag in _TAGS:
            return _TAGS[tag]
    return "navigation" if _WEAK.intersection(block.tags) or block.linked > 0.8 else None


# --- extractors --------------------------------------------------------------------------------------------------


def _all_blocks(html: str, url: str | None) -> str:
    return "\n".join(block.text for block in blocks(html))


def _trafilatura(html: str, url: str | None, **options: Any) -> str:
    from trafilatura import extract

    return extract(html, url=url, include_comments=False, **options) or ""


def _trafilatura_recall(html: str, url: str | None) -> str:
    return _trafilatura(html, url, favor_recall=True)


def _newspaper(html: str, url: str | None) -> str:
    import newspaper

    article = newspaper.Article(url or "http://localhost/", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return str(article.text)


def _readability(html: str, url: str | None) -> str:
    from readability import Document

    return "\n".join(block.text for block in blocks(Document(_ILLEGAL.sub("", html)).summary(html_partial=True)))


Producer = Callable[[str, str | None], str]
PRODUCERS: Final[dict[str, Producer]] = {
    "blocks": _all_blocks,
    "trafilatura": _trafilatura,
    "trafilatura-recall": _trafilatura_recall,
    "newspaper": _newspaper,
    "readability": _readability,
}


def produce(name: str, html: str, url: str | None = None) -> str:
    """The text one producer gives. A producer that breaks on a page gives none: they are other people's programs,
    and what they raise is theirs to choose."""
    try:
        return PRODUCERS[name](html, url)
    except Exception:
        return ""
