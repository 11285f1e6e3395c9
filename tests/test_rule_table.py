"""docs/rules.md is what `cleaner-rules table` prints, and the guide's commands are ones."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from cleaner import cli, rules_cli
from cleaner.pipeline import load_rules, shipped_folder
from cleaner.rulekit import table
from cleaner.types import KINDS
from tests.conftest import ROOT
from tests.rules import rules
from tests.test_rules_cli import Run, run  # noqa: F401

PAGE = ROOT / "docs" / "rules.md"
GUIDE = (ROOT / "docs" / "add-a-publisher.md").read_text(encoding="utf-8")
FORMAT = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")


def test_the_table_is_up_to_date(run: Run) -> None:  # noqa: F811
    said = "cleaner-rules table > docs/rules.md makes it anew"
    assert PAGE.read_text(encoding="utf-8") == run("table").out, said


def test_the_table_has_every_file_and_kind() -> None:
    text, known = PAGE.read_text(encoding="utf-8"), load_rules()
    files = {path.relative_to(shipped_folder()).as_posix() for path in shipped_folder().glob("*/*.toml")}
    assert set(re.findall(r"\.\./rules/(\S+\.toml)\)", text)) == files
    assert f"{len(known):,} rules with " in text
    counts = dict(re.findall(r"^\| (\w+) \| ([\d,]+) \|", text.split("## By kind")[1].split("##")[0], re.MULTILINE))
    assert counts.pop("all") == f"{len(known):,}"
    assert {kind: counts.get(kind, "0") for kind in KINDS} == {
        kind: f"{sum(rule.kind == kind for rule in known):,}" for kind in KINDS
    }


def test_rules_of_ones_own_have_a_table_too() -> None:
    text = "\n".join(table.page(rules("match = '^sign'", "phrases = ['a b']\naction = 'keep'", name="mine")))
    assert "| all | 2 | 0 | 0 | 0 | 1 | 1 | 0 | 0 | 1 |" in text
    assert "## Other files\n\n| file | rules | examples | kinds |\n|---|---:|---:|---|\n| `mine` | 2 | 4 |" in text


# --- the guide ----------------------------------------------------------------------------------------------------

COMMANDS = re.findall(r"^    \$ (cleaner(?:-rules)? .*)$", GUIDE, re.MULTILINE)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_guide_is_one(line: str) -> None:
    name, *words = shlex.split(line, comments=True)
    (cli.parser() if name == "cleaner" else rules_cli.parser()).parse_args(words)


def test_the_guide_fits_one_screen_and_its_links_lead_somewhere() -> None:
    assert len(GUIDE.splitlines()) <= 90
    for name in re.findall(r"\]\((?!http)([^)#]+)\)", GUIDE):
        assert (ROOT / "docs" / name).exists(), name
    assert "MIT" in GUIDE
    assert all(f"`{name}`" in FORMAT for name in re.findall(r"`(\w+)` \(key\)", GUIDE))


def shown() -> list[tuple[str, str]]:
    """The commands of the guide, each with what it is said to print."""
    blocks = re.findall(r"(?:^    .*\n)+", GUIDE, re.MULTILINE)
    parts = [part for block in blocks for part in re.sub(r"^    ", "", block, flags=re.MULTILINE).split("$ ")[1:]]
    return [(part.split("\n", 1)[0], part.split("\n", 1)[1]) for part in parts]


def test_the_guide_is_true(tmp_path: Path, monkeypatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Follows it to the letter, the edits that it asks for included."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "my-rules" / "site" / "lampa.cz.toml"
    made_up = '"Na tabuli u přívozu stálo celá léta „Podpořte Lampu částkou 99 Kč měsíčně“ a nikdo ji nesundal."'
    (real,) = re.findall(r"in the place of the first: `(\".*?\")`", GUIDE)
    before = {3: (made_up, real), 6: ("Podpořte Lampu částkou {money} měsíčně", "Podpořte {any}")}
    before[7] = ("keeps   = [", 'keeps   = [\n    "Podpořte nový most, žádá petice",')
    before[8] = ("Podpořte {any}", "Podpořte Lampu částkou {money} měsíčně")
    for number, (line, said) in enumerate(shown()):
        name, *words = shlex.split(line)
        if name == "cat":
            (tmp_path / words[0]).write_text(said, encoding="utf-8")
            continue
        if edit := before.get(number + 1):
            assert edit[0] in path.read_text(encoding="utf-8")
            path.write_text(path.read_text(encoding="utf-8").replace(*edit, 1), encoding="utf-8")
        (cli if name == "cleaner" else rules_cli).main(words)
        got = capsys.readouterr().out
        wanted = ".*".join(re.escape(part) for part in re.split(r"^\.\.\.$", said, flags=re.MULTILINE))
        assert re.fullmatch(wanted, got, re.DOTALL), (line, got)
