"""What a wording says of itself: its kind, and which of its places are slots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from cleaner.judge.phrase import Phrases, key, words
from cleaner.rulekit.mine.keys import Reading, varying
from cleaner.rulekit.mine.settings import SLOT_KINDS
from cleaner.text import fold, lower
from cleaner.types import Kind

# Stems that give a template's wording away, for what neither rules nor scores know. In order: the first that fits.
_STEMS: Final[tuple[tuple[Kind, str], ...]] = (
    ("newsletter", r"newsletter|inbox|lettre d'information|rundbrief|biuletyn|boletín"),
    ("subscription", r"subscri|abonn|suscrí|suscrip|prenumer|paywall|digital access|assina"),
    ("appeal", r"donat|\bdonor|crowdfund|support (?:us|our)|spende|spenden|faire un don|\bdonazion|wesprzyj|chip in"),
    ("app", r"\b(?:our|the) app\b|download .*\bapp\b|app store|google play|unsere app"),
    ("social", r"facebook|twitter|whatsapp|instagram|telegram|linkedin|\bfollow (?:us|our)\b|share this|folgen sie"),
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
_MARK: Final = re.compile(r"[{}]")


def kind_of(text: str) -> Kind | None:
    """The kind that a wording gives away by itself; None if none."""
    low = lower(fold(text))
    return next((kind for kind, pattern in _PATTERNS if pattern.search(low)), None)


class _Split(NamedTuple):
    """A wording cut into what stays and what varies."""

    text: str
    signature: tuple[str, ...]
    """Its words, each run of those that vary as an empty one."""
    runs: tuple[tuple[int, int], ...]
    """Where those stand in the text."""


def phrases(reading: Reading, variants: Iterable[str]) -> tuple[str, ...]:
    """The wordings as phrases of a rule, with slots where they differ; empty where what varies fits no slot or nothing
    but slots is left. Several only where the same words are joined or parted."""
    groups: dict[tuple[str, ...], list[_Split]] = {}
    for text in sorted(set(variants)):
        split = _split(reading, text)
        groups.setdefault(split.signature, []).append(split)
    if reading != "exact":  # one template, or none
        groups = dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))[:1])
    found = [_phrase(group, template=reading != "exact") for _, group in sorted(groups.items())]
    return tuple(sorted({phrase for phrase in found if phrase}))


def _split(reading: Reading, text: str) -> _Split:
    found = words(text)
    signature: list[str] = []
    runs: list[tuple[int, int]] = []
    for word, varies in zip(found, varying(reading, text, found), strict=True):
        if not varies:
            signature.append(word.text)
        elif signature[-1:] == [""]:
            runs[-1] = (runs[-1][0], word.end)
        else:
            signature.append("")
            runs.append((word.start, word.end))
    return _Split(text, tuple(signature), tuple(runs))


def _phrase(group: Sequence[_Split], *, template: bool) -> str:
    """One phrase for wordings with the same words; empty where they have no common one."""
    first = group[0]
    pieces, at, slots = [], 0, 0
    for number, (start, end) in enumerate(first.runs):
        fillings = {key(lower(one.text[slice(*one.runs[number])])) for one in group}
        shown = first.text[start:end]
        if len(fillings) > 1:
            slot = _slot(sorted(fillings))
            if not slot or (template and len(fillings) < SLOT_KINDS):
                return ""
            shown, slots = f"{{{slot}}}", slots + 1
        pieces += [_MARK.sub(" ", first.text[at:start]), shown]
        at = end
    if template and not slots:
        return ""
    return "".join([*pieces, _MARK.sub(" ", first.text[at:])])


def _slot(fillings: Sequence[str]) -> str:
    """The narrowest slot that takes all of them; empty if none does."""
    for slot in ("number", "money", "date", "name", "any"):
        if slot in ("number", "money", "date") and not all(any(map(str.isdigit, text)) for text in fillings):
            continue
        if slot == "date" and not all(any(map(str.isalpha, text)) or text.count(" ") == 2 for text in fillings):
            continue
        takes = Phrases([f"so {{{slot}}}"], 0.0)
        if all(takes.whole(f"so {text}", f"so {text}") for text in fillings):
            return slot
    return ""
