"""What the documents say is so: commands, options, steps, keys and examples."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner import __version__, cli, rules_cli
from cleaner.judge import rule
from cleaner.judge.phrase import SLOTS, Phrases
from cleaner.rulekit import examples, lint
from cleaner.types import ACTIONS, KINDS, LEVELS, SCOPES, Rule
from cleaner.write.normalise import MEND, STEPS
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FORMAT = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
CORPUS = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
VENV = "    python3 -m venv .venv && .venv/bin/pip install -q -e "


def indented(text: str) -> list[str]:
    """The indented blocks of a document, without their indent."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, re.MULTILINE)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE).strip("\n") + "\n" for block in blocks]


def options(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every argument of a command and of its verbs."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for verb in action.choices.values():
                yield from options(verb)


# --- README ------------------------------------------------------------------------------------------------------


def test_the_two_commands_have_the_form_that_ci_takes() -> None:
    lines = [line for line in README.split("\n") if line.startswith(VENV)]
    assert lines == [
        f"{VENV}. && .venv/bin/cleaner --explain docs/example.txt",
        f"{VENV}'.[test]' && .venv/bin/python -m pytest",
    ]
    assert (ROOT / "docs" / "example.txt").exists()
    assert [line for line in lines if re.fullmatch("    python3 -m venv .*pytest.*", line)] == lines[1:]


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = next(block for block in indented(README) if "import Cleaner" in block)
    exec(compile(code, "README.md", "exec"), {"text": "By Nora Whitcombe\nThe council voted on Tuesday.\n"})
    said = "The council voted on Tuesday. None\n[('byline', 'common/byline/by-name', 'By Nora Whitcombe\\n')]\n"
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("line", re.findall(r"^    (cleaner(?:-rules)? .*)$", README, re.MULTILINE))
def test_every_command_shown_is_one(line: str) -> None:
    name, *words = re.sub(r"<.*", "", line.split("  ")[0]).split()
    parser = cli.parser() if name == "cleaner" else rules_cli.parser()
    parser.parse_args(words)


def test_the_table_of_steps_is_true() -> None:
    rows = re.findall(r"^\| (mend|tidy)? ?\| `([a-z-]+)` \|", README, re.MULTILINE)
    assert tuple(name for _, name in rows) == STEPS
    assert [number for number, (table, _) in enumerate(rows) if table] == [0, len(MEND)]


def test_every_room_and_file_named_exists() -> None:
    for folder, text in ((ROOT, README), (ROOT / "rules", FORMAT), (ROOT / "corpus", CORPUS)):
        for name in re.findall(r"\]\((?!http)([^)#]+)\)", text):
            assert (folder / name).exists(), name
    rooms = {path.name for path in (ROOT / "cleaner").iterdir() if (path / "__init__.py").exists()}
    assert {name for name in rooms if f"{name}/`" not in README} == set()


# --- the commands' own help ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("parser", [cli.parser(), rules_cli.parser()], ids=lambda parser: parser.prog)
def test_every_option_says_what_it_does(parser: argparse.ArgumentParser) -> None:
    assert [action.dest for action in options(parser) if not action.help and action.dest != "verb"] == []


def test_every_verb_is_in_the_readme() -> None:
    verbs = next(a for a in rules_cli.parser()._actions if isinstance(a, argparse._SubParsersAction))
    assert [verb for verb in verbs.choices if not re.search(rf"cleaner-rules {verb}\b|`{verb}\b", README)] == []
    assert [choice.dest for choice in verbs._choices_actions if not choice.help] == []


def test_the_help_names_kinds_levels_steps_and_cache() -> None:
    shown = cli.parser().format_help()
    assert [name for name in (*KINDS, *LEVELS, *STEPS) if not re.search(rf"\b{name}\b", shown)] == []
    assert "article-cleaner" in shown
    assert "`$XDG_CACHE_HOME/article-cleaner`" in README


# --- rules/README.md ----------------------------------------------------------------------------------------------


def test_every_key_of_the_format_is_described() -> None:
    keys = ["format", "sites", "parts", "rule", *rule._KEYS, *rule._BETWEEN_KEYS]
    assert [key for key in keys if not re.search(rf"`{key}\b|^    {key} +=|\[{key}\]", FORMAT, re.MULTILINE)] == []
    assert [
        name for name in (*KINDS, *LEVELS, *ACTIONS, *SCOPES, *rule.SLOTS) if not re.search(rf"\b{name}\b", FORMAT)
    ] == []
    required = re.findall(r"^\| `(\w+)` \| required\.", FORMAT, re.MULTILINE)
    assert sorted(required) == sorted(["id", *rule._NEEDED])


def test_every_slot_takes_its_examples_and_every_kind_is_told() -> None:
    slots = dict(re.findall(r"^\| `\{(\w+)\}` \|.*\| (`.*`) \|$", FORMAT, re.MULTILINE))
    assert list(slots) == list(SLOTS)
    for name, shown in slots.items():
        phrase = Phrases([f"zzyzx {{{name}}}"], 0.0)
        for text in re.findall(r"`(.*?)`", shown):
            assert phrase.whole(f"Zzyzx: {text}!", f"zzyzx: {text.lower()}!"), text
    table = FORMAT.split("### Kinds")[1].split("\n\n")[1]
    assert sorted(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\|(.*?)\|", table, re.MULTILINE)))) == sorted(KINDS)


def example_rules(folder: Path) -> tuple[Rule, ...]:
    """The rules that rules/README.md shows."""
    for number, block in enumerate(block for block in indented(FORMAT) if "[[rule]]" in block):
        head = "" if block.startswith("format") else "format = 1\n"
        (folder / f"{number}.toml").write_text(head + block, encoding="utf-8")
    return rule.load_folder(folder)


def test_the_examples_of_the_format_load_and_hold(tmp_path: Path) -> None:
    rules = example_rules(tmp_path)
    assert [item.id for item in rules] == ["0/signup-to", "1/updated", "2/support-block", "3/donation-box"]
    assert [str(failure) for item in rules for failure in examples.check(item)] == []
    assert [str(finding) for finding in lint.lint(rules)] == []


def test_the_corpus_readme_names_every_kind() -> None:
    assert [kind for kind in KINDS if not re.search(rf"\b{kind}\b", CORPUS)] == []


# --- CHANGELOG.md -------------------------------------------------------------------------------------------------


def test_the_changelog_has_this_version_first() -> None:
    assert re.search(r"^## (\S+)", CHANGELOG, re.MULTILINE)[1] == __version__  # type: ignore[index]
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
