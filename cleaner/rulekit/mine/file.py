"""The text of a rule file for one host, for somebody to look through."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from cleaner.judge.phrase import key
from cleaner.judge.rule import LONGEST
from cleaner.rulekit.mine.blocks import Template
from cleaner.rulekit.mine.draft import Corpus, Draft, Left
from cleaner.rulekit.mine.news import days_between
from cleaner.rulekit.mine.settings import articles_read
from cleaner.text import fold, lower

_HEAD: Final = """\
# Mined from {articles} of {host}. Look through it before you use it: each rule says what it would remove.
# A rule that takes an author's words is worse than none: delete it.{more}
format = 1
sites = ["{host}"]
"""
_SHIPPED: Final = """
# The shipped library has rules/site/{host}.toml. This file is used besides it; it repeats nothing that is there."""
_PLACEHOLDER: Final = "# no near miss found; write one in place of this sentence, which is ours"
_SLACK: Final = 1.25
"""By how much a rule's `longest` is more than the longest text that was seen."""
_SHORT_WORDS: Final = 3
_FEW_DAYS: Final = 60
_LEFT: Final = 40
"""Lines left out that are listed."""
_SHOWN: Final = 100
_OPEN_SLOTS: Final = ("{any}", "{words}", "{name}")
_PLACES: Final = ("opening", "between paragraphs", "end")


def rule_file(corpus: Corpus, found: Iterable[Draft], left: Sequence[Left] = ()) -> str:
    """The file's text."""
    more = _SHIPPED.format(host=corpus.host) if corpus.shipped else ""
    head = _HEAD.format(articles=articles_read(corpus.witnesses, corpus.articles), host=corpus.host, more=more)
    return head + "".join("\n" + _rule(corpus, one) for one in found) + _left_out(left)


def _left_out(left: Sequence[Left]) -> str:
    """What may be news of the day, as remarks at the end."""
    if not left:
        return ""
    lines = [
        "",
        "# News of the day? These lines repeat and were left out. What is no news: `cleaner-rules new` makes a rule.",
    ]
    lines += [f"# {one.articles:,} articles, {one.reason}: {one.text[:_SHOWN]}" for one in left[:_LEFT]]
    if len(left) > _LEFT:
        lines.append(f"# and {len(left) - _LEFT:,} more")
    return "\n".join(lines) + "\n"


def _rule(corpus: Corpus, one: Draft) -> str:
    template = one.template
    scope = "block" if template.block else "segment"
    lines = [*_remark(corpus, one), "[[rule]]", f"id = {_text(one.id)}", f"kind = {_text(one.kind)}"]
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
    lines += _list("strips", one.strips)
    lines += [*([_PLACEHOLDER] if one.missing else []), *_list("keeps", one.keeps)]
    if template.block:
        lines += _between(one)
    return "\n".join(lines) + "\n"


def _remark(corpus: Corpus, draft: Draft) -> list[str]:
    """What a reader needs to judge the rule without looking the wording up."""
    one = draft.template
    segments, chars = one.removes
    share = one.articles / corpus.articles if corpus.articles else 0.0
    part = chars / corpus.chars if corpus.chars else 0.0
    lines = [
        f"# In {one.articles:,} of {corpus.articles:,} articles ({share:.1%})"
        f"{_days(one.first, one.last)}: {_places(one)}.",
        f"# Here it would remove {segments:,} segments, {chars:,} characters, {part:.2%} of all text.",
    ]
    if one.shown is not None:
        lines.append(f"# Seen on {one.shown.url}")
        lines += [
            f"#   {name}: {text}" for name, text in (("above", one.shown.before), ("below", one.shown.behind)) if text
        ]
    if careful := "; ".join(_careful(draft)):
        lines.append(f"# careful: {careful}")
    return lines


def _places(one: Template) -> str:
    total = max(1, sum(one.places))
    return ", ".join(f"{name} {times / total:.0%}" for name, times in zip(_PLACES, one.places, strict=True) if times)


def _careful(draft: Draft) -> list[str]:
    """What speaks for reading twice."""
    one, said = draft.template, []
    phrases = draft.phrases[0]
    if min(len(key(lower(fold(phrase))).split()) for phrase in phrases) < _SHORT_WORDS:
        said.append("short, an article may have such a line")
    if any(slot in phrase for slot in _OPEN_SLOTS for some in draft.phrases for phrase in some):
        said.append("open, a slot takes whatever stands there")
    if one.within:
        said.append("takes a sentence out of a paragraph")
    elif one.places[1] * 2 > sum(one.places):
        said.append("stands among paragraphs")
    if draft.missing:
        said.append("no near miss in these articles")
    if one.first and (seen := days_between(one.first, one.last)) < _FEW_DAYS:
        said.append(f"seen within {seen} days")
    return said


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
