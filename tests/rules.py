"""Rules for tests, made from the lines of a rule file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from cleaner.judge.rule import load_folder
from cleaner.types import Rule

LINES = {"kind": '"newsletter"', "why": '"w"', "strips": '["sign up now"]', "keeps": '["he had to sign up now"]'}
SOURCE = {"source": '"example.org, 2024-09"'}


def file_text(*rules: str) -> str:
    """A rule file; each text sets keys of one rule, the rest is a plain newsletter rule."""
    heads = []
    for number, text in enumerate(rules):
        lines = {"id": f'"r{number}"', **LINES} | dict(
            line.split(" = ", 1) for line in text.strip().split("\n") if line
        )
        lines |= {} if "source" in lines else SOURCE  # last, so that the lines of the others stay where they are
        heads.append("[[rule]]\n" + "\n".join(f"{key} = {value}" for key, value in lines.items()))
    return "format = 1\n" + "\n\n".join(heads) + "\n"


def rules(*texts: str, name: str = "f") -> tuple[Rule, ...]:
    """The rules of such a file, by the name of `name.toml`."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.toml"
        path.write_text(file_text(*texts), encoding="utf-8")
        return load_folder(Path(folder))


def rule(text: str) -> Rule:
    """The one rule of such a file."""
    return rules(text)[0]
