"""The beginning of a rule file, to be filled in."""

from __future__ import annotations

from typing import Final

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
