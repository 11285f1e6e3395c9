"""Templates to rules: the text of a rule file for one host, for somebody to look through."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cleaner.judge.rule import LONGEST
from cleaner.rulekit.mine.blocks import Template
from cleaner.text import lower
from cleaner.types import Kind, Level

_HEAD: Final = """\
# Mined from {articles:,} articles of {host}. Look through it before you use it: each rule says what it would remove.
# A rule that takes an author's words is worse than none: delete it. `cleaner-rules test` and `lint` pass as it stands.
format = 1
sites = ["{host}"]
"""
_ID_WORDS: Final = 5
_SURE_WORDS: Final = 3
"""Words beside {any} from which a phrase is a normal one."""
_SLACK: Final = 1.25
"""By how much a rule's `longest` is more than the longest text that was seen."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The articles of a host, as far as a rule file says something of them."""

    host: str
    articles: int
    """Different texts, copies and articles without a body too."""
    chars: int
    """Of all of them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule that is to be written."""

    id: str
    kind: Kind
    level: Level
    template: Template
    phrases: tuple[tuple[str, ...], ...]
    """Of each part in order; of a rule that is no block all together."""
    strips: tuple[str, ...]
    keeps: tuple[str, ...]


def drafts(made: Sequence[Template]) -> list[Draft]:
    """A draft for each template, without near misses; ids are unique."""
    taken: set[str] = set()
    found = []
    for one in made:
        kinds = Counter[Kind](sorted(part.kind for part in one.parts if part.kind != "other"))
        kind: Kind = kinds.most_common(1)[0][0] if kinds else "other"
        given = tuple(part.phrases for part in one.parts)
        if not one.block:
            given = (tuple(sorted({phrase for phrases in given for phrase in phrases})),)
        name = _id(one.parts[0].text, kind, taken)
        taken.add(name)
        wide = not one.block and any(_wide(phrase) for phrase in given[0])
        strips = tuple(text for _, text in sorted(one.examples.items()))
        found.append(Draft(name, kind, "strict" if wide else "normal", one, given, strips, ()))
    return found


def _wide(phrase: str) -> bool:
    """Whether it says so little of itself beside what it leaves open that an author may write its like."""
    return "{any}" in phrase and len(phrase.replace("{any}", " ").split()) < _SURE_WORDS


def _id(text: str, kind: Kind, taken: set[str]) -> str:
    ascii_text = unicodedata.normalize("NFKD", lower(text)).encode("ascii", "ignore").decode()
    words = [word for word in re.findall(r"[a-z0-9]+", ascii_text) if len(word) < 24][:_ID_WORDS]
    name = "-".join(["mined", *(words or [kind])])  # no id that a shipped file of the site may have
    number = 2
    while (found := name if number == 2 and name not in taken else f"{name}-{number}") in taken:
        number += 1
    return found


def rule_file(corpus: Corpus, found: Iterable[Draft]) -> str:
    """The file's text."""
    head = _HEAD.format(articles=corpus.articles, host=corpus.host)
    return head + "".join("\n" + _rule(corpus, one) for one in found)


def _rule(corpus: Corpus, one: Draft) -> str:
    template = one.template
    scope = "block" if template.block else "segment"
    lines = [*_remark(corpus, template), "[[rule]]", f"id = {_text(one.id)}", f"kind = {_text(one.kind)}"]
    lines.append(f"level = {_text(one.level)}")
    if template.block:
        lines.append('scope = "block"')
    else:
        lines += _list("phrases", one.phrases[0])
    if template.within:
        lines.append("within = true")
    default, most = LONGEST[scope]
    longest = max((template.longest, *map(len, one.strips)))
    if longest * _SLACK > default:
        lines.append(f"longest = {min(most, int(longest * _SLACK))}")
    share = f"{template.articles:,} of {corpus.articles:,} articles"
    lines.append(f"why = {_text(f'The same wording stands in {share} of the site.')}")
    lines.append(f"source = {_text(f'mined from {share} of {corpus.host}{_days(template.first, template.last)}')}")
    lines += [*_list("strips", one.strips), *_list("keeps", one.keeps)]
    if template.block:
        lines += _between(one)
    return "\n".join(lines) + "\n"


def _remark(corpus: Corpus, one: Template) -> list[str]:
    segments, chars = one.removes
    share = one.articles / corpus.articles if corpus.articles else 0.0
    seen = f"# In {one.articles:,} of {corpus.articles:,} articles ({share:.1%}){_days(one.first, one.last)}."
    part = chars / corpus.chars if corpus.chars else 0.0
    return [seen, f"# Here it would remove {segments:,} segments, {chars:,} characters, {part:.2%} of all text."]


def _between(one: Draft) -> list[str]:
    """The table of a block: what opens it, what goes on, what closes it."""
    first, *inside, last = one.phrases
    middle = tuple(dict.fromkeys(phrase for phrases in inside for phrase in phrases))
    lines = ["", "[rule.between]", *_list("first", first)]
    return [*lines, *(_list("inside", middle) if middle else ()), *_list("last", last)]


def _days(first: int, last: int) -> str:
    if not first:
        return ""
    shown = [f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}" for day in (first, last)]
    return f", {shown[0]} to {shown[1]}"


def _list(name: str, texts: Sequence[str]) -> list[str]:
    if len(texts) == 1:
        return [f"{name} = [{_text(texts[0])}]"]
    return [f"{name} = [", *(f"    {_text(text)}," for text in texts), "]"]


def _text(text: str) -> str:
    """A TOML string; JSON's is one, but for what TOML wants escaped besides."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def without(one: Draft, *, strips: Iterable[str] = (), keeps: Iterable[str] = ()) -> Draft:
    """The draft without some of its examples."""
    gone, away = set(strips), set(keeps)
    return replace(
        one,
        strips=tuple(text for text in one.strips if text not in gone),
        keeps=tuple(text for text in one.keeps if text not in away),
    )
