"""Rule files begun: one to be filled in, and entries for pasted lines."""

from __future__ import annotations

import json
from typing import Final, NamedTuple

from cleaner.types import Kind

_DRAFT: Final = """\
# Rules for {name}. The format: rules/README.md.
format = 1
# sites = ["{host}"]     # only where the wording does not say by itself whose it is

[[rule]]
id      = "newsletter-box"
kind    = "newsletter"                # {kinds}
# The whole segment says one of these; {{number}}, {{name}}, {{any}} stand for what changes.
# Or what the page calls it: selector = "aside.newsletter", and HTML as examples.
phrases = ["Sign up to the {title} newsletter"]
why     = "Sign-up box that the template puts into every article."
source  = "where you saw it, and when"
strips  = ["Sign up to the {title} newsletter"]
# A near miss: an author's sentence that resembles the wording.
keeps   = ["She told readers to sign up to the {title} newsletter before it closed."]
"""


def rule_file(name: str) -> str:
    """A rule file whose one rule passes test and lint as it stands. `name` is `folder/name`, as `site/example.org`."""
    last = name.rstrip("/").rsplit("/", 1)[-1]
    host = last if "." in last else "example.org"
    kinds = "or appeal, subscription, related, caption, ..."
    return _DRAFT.format(name=last, host=host, title=last.split(".")[0].capitalize(), kinds=kinds)


class Entry(NamedTuple):
    """What a rule for pasted lines says."""

    id: str
    kind: Kind
    because: str
    """What its kind rests on."""
    phrases: tuple[str, ...]
    strips: tuple[str, ...]
    keeps: tuple[str, ...]
    why: str
    source: str
    site: str = ""
    """The host that it is limited to; empty where the wording says by itself whose it is."""
    short: bool = False
    """Whether an article may have such a line too, and no site is known to limit the rule to."""
    longest: int | None = None
    note: str = ""
    """What its near misses lack."""


def head(name: str) -> str:
    """The first lines of a rule file."""
    return f"# Rules for {name.rsplit('/', 1)[-1]}. The format: rules/README.md.\nformat = 1\n"


def entry(given: Entry) -> str:
    """The rule as it stands in a file."""
    lines = ["[[rule]]", f"id      = {_text(given.id)}", f"kind    = {_text(given.kind)}    # {given.because}"]
    if given.site:
        lines.append(f"sites   = {_texts((given.site,))}    # the wording does not say by itself whose it is")
    if given.short:
        lines.append("# short, so that articles may say it too: give `sites`, or more of the line")
    lines += [f"phrases = {_texts(given.phrases)}", f"why     = {_text(given.why)}", f"source  = {_text(given.source)}"]
    if given.longest:
        lines.append(f"longest = {given.longest}")
    lines += [
        f"strips  = {_texts(given.strips)}",
        f"# made up: replace them by sentences of articles{given.note}",
        f"keeps   = {_texts(given.keeps)}",
    ]
    return "\n".join(lines) + "\n"


def _texts(texts: tuple[str, ...]) -> str:
    if len(texts) == 1:
        return f"[{_text(texts[0])}]"
    return "[\n" + "".join(f"    {_text(text)},\n" for text in texts) + "]"


def _text(text: str) -> str:
    """A string of TOML: what JSON escapes is escaped alike there."""
    return json.dumps(text, ensure_ascii=False)
