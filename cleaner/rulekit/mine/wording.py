"""What a wording says of itself: its kind, and whether a page needs it to be used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cleaner.judge.phrase import key
from cleaner.rulekit.wording import KIND_WORDS
from cleaner.text import fold, lower
from cleaner.types import Kind

# Stems that give a template's wording away, for what neither rules nor scores know. In order: the first that fits.
_STEMS: Final[tuple[tuple[Kind, str], ...]] = (
    ("newsletter", r"newsletter|inbox|lettre d'information|rundbrief|biuletyn|boletín"),
    ("subscription", r"subscri|abonn|suscrí|suscrip|prenumer|paywall|digital access|assina"),
    ("appeal", r"donat|\bdonor|crowdfund|support (?:us|our)|spende|spenden|faire un don|\bdonazion|wesprzyj|chip in"),
    ("app", r"\b(?:our|the) app\b|download .*\bapp\b|app store|google play|unsere app"),
    ("social", r"facebook|twitter|whatsapp|instagram|telegram|linkedin|google ?(?:plus|\+)|\bfollow (?:us|our)\b"
               r"|share this|folgen sie"),
    ("consent", r"\bcookies?\b|privacy (?:policy|notice)|datenschutz|confidentialité|privacidad|rodo"),
    ("comments", r"\bcomments?\b|kommentar|commentaire|comentario|komentarz|have your say"),
    ("legal", r"copyright|©|all rights reserved|alle rechte|tous droits|derechos reservados|terms of (?:use|service)"),
    ("caption", r"^(?:photo|picture|image|foto|bild|video)(?:graph)?s?\b|\bgetty\b|file photo"),
    ("byline", r"^(?:by|reporting by|edited by|written by|von|par|por|published|updated|last (?:updated|modified))\b"),
    ("related", r"^(?:read (?:more|next|also)|more (?:on|from|stories)|see also|related|mehr zum|lire aussi)"),
    ("advert", r"^advert|^sponsored|^anzeige\b|^publicité|^publicidad|^reklama"),
    ("media", r"^(?:watch|listen)\b|\bpodcast\b"),
    ("biography", r"\bis (?:a|an|the|our) [^.]{0,40}\b(?:reporter|editor|correspondent|columnist|journalist|writer)\b"),
    ("legal", r"\bcorrections?\b|\bcomplaints?\b|press council|editors' code"),
)  # fmt: skip
_PATTERNS: Final = tuple((kind, re.compile(stems)) for kind, stems in _STEMS)
_ALL_PATTERNS: Final = (*_PATTERNS, *((kind, re.compile(rf"(?<!\w)(?:{words})")) for kind, words in KIND_WORDS))
_SURE_KINDS: Final = frozenset(["newsletter", "subscription", "appeal", "app", "consent", "comments", "advert"])
"""Kinds whose words a headline hardly says."""
_CONTROLS: Final = re.compile(
    r"(?:e-?mail|print|share|tweet|reply|comments?|log ?in|log ?out|sign ?in|register|subscribe|menu|search|sitemap"
    r"|reprints|faqs?|rss|newsletters?|advertisement|anzeige|werbung|drucken|teilen|kommentare|anmelden|suche|impressum"
    r"|datenschutz|imprimer|partager|commentaires|connexion|publicité|rechercher|imprimir|compartir|comentarios"
    r"|publicidad|buscar|stampa|condividi|commenti|pubblicità|cerca|drukuj|udostępnij|komentarze|reklama|szukaj"
    r"|печать|поделиться|комментарии|войти|поиск|εκτύπωση|σχόλια|σύνδεση|αναζήτηση|εγγραφή|διαφήμιση)"
)
"""Single words that a page is worked with. Any other word alone may be an article's subheading."""
_ARCHIVE: Final = re.compile(
    r"about this capture|[\d,.]+ captures?|collected by|timestamps|collection: .*|organization: (?:alexa|internet).*"
    r"|crawl \S+ from alexa .*|this data is currently not publicly accessible\."
    r"|.*(?:web\.archive\.org|wayback machine|internet archive).*"
)
"""What the toolbar of a web archive says; it is no part of the site."""


def kind_of(text: str) -> Kind | None:
    """The kind that a wording gives away by itself; None if none."""
    return _first(_PATTERNS, text)


def likely_kind(text: str) -> Kind | None:
    """The same with words that articles say as well: enough for a name, too little to take a line for furniture."""
    return _first(_ALL_PATTERNS, text)


def _first(patterns: Sequence[tuple[Kind, re.Pattern[str]]], text: str) -> Kind | None:
    low = lower(fold(text))
    return next((kind for kind, pattern in patterns if pattern.search(low)), None)


def is_sure(text: str) -> bool:
    """Whether the wording gives away a kind that is in no headline."""
    return kind_of(text) in _SURE_KINDS


def is_control(text: str) -> bool:
    """Whether a single word is one that a page is worked with."""
    return _CONTROLS.fullmatch(key(lower(fold(text)))) is not None


def of_archive(text: str) -> bool:
    """Whether the line is of a web archive's toolbar."""
    return _ARCHIVE.fullmatch(lower(text)) is not None
