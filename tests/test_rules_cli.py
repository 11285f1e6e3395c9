"""The command for rule writers: what each verb prints, where, and its exit status."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from cleaner import __version__, cli, rules_cli
from cleaner.pipeline import load_rules
from tests.rules import file_text

MATCH = "match = '^sign up now$'\n"
GOOD = file_text(MATCH)
BLOCK = 'kind = "appeal"\nbetween = { first = ["We ask"], inside = ["Do give"], last = ["Thanks"], cues = "help" }\n'
FULL = (
    'match = "^SIGN UP NOW"\ncase = true\nwithin = true\nneeds = ["sign"]\nlevel = "strict"\n'
    'sites = ["a.org", "b.org"]\nsource = "a.org, 2024"\n'
    'strips = ["SIGN UP NOW", { text = "SIGN UP NOW. He left.", gives = "He left." }]\n'
    'keeps = ["Sign up"]\ntodo = ["Sign up now"]\n'
)


class Done(NamedTuple):
    """What a call of the command gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Calls the command in this process."""

    def call(*argv: object, data: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
        try:
            code = rules_cli.main([str(arg) for arg in argv])
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Done(code, *capsys.readouterr())

    return call


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a rule file and says where it is."""

    def call(text: str, name: str = "site/x.org.toml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return call


# --- test ---------------------------------------------------------------------------------------------------------


def test_examples_that_hold(run: Run, write) -> None:
    assert run("test", write(GOOD)) == (0, "1 rules, 2 examples, 0 failed\n", "")


def test_examples_that_do_not_hold(run: Run, write) -> None:
    path = write(file_text(MATCH + 'strips = ["join us"]'))
    said = f"{path}:2: site/x.org/r0: `strips` does not hold: it stays, and should go\n    'join us'\n"
    assert run("test", path) == (1, said + "1 rules, 2 examples, 1 failed\n", "")


def test_keeps_that_another_rule_takes(run: Run, write, tmp_path: Path) -> None:
    write(GOOD)
    path = write(
        file_text("match = '^he had to sign'\nstrips = ['he had to sign']\nkeeps = ['she had to sign']"), "y.toml"
    )
    done = run("test", tmp_path)
    assert (done.code, done.err) == (1, "")
    assert "site/x.org/r0: `keeps` does not hold: y/r0 makes it ''" in done.out
    assert run("test", path).code == 0


# --- lint ---------------------------------------------------------------------------------------------------------


def test_nothing_for_the_lint(run: Run, write) -> None:
    assert run("lint", write(file_text(MATCH + "kind = 'other'"))) == (0, "1 rules, 0 findings\n", "")


@pytest.mark.parametrize(
    ("text", "check"),
    [
        pytest.param("match = '^sign.*now$'", "wide", id="wide"),
        pytest.param("match = '^sign (up now$'", "regex", id="no-regex"),
        pytest.param("match = '^[a-z ]+$'", "literal", id="no-literal"),
    ],
)
def test_something_for_the_lint(run: Run, write, text: str, check: str) -> None:
    path = write(file_text(text + "\nkind = 'other'"))
    done = run("lint", path)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith(f"{path}:2: site/x.org/r0: {check}: ")
    assert done.out.endswith("\n1 rules, 1 findings\n")


# --- list, show, why ----------------------------------------------------------------------------------------------


def test_list(run: Run, write) -> None:
    path = write(file_text(MATCH + 'id = "long-name"', FULL, BLOCK + 'action = "keep"'))
    assert run("list", path).out.split("\n") == [
        "site/x.org/long-name  newsletter   segment cautious",
        "site/x.org/r1         newsletter   segment strict   a.org b.org",
        "site/x.org/r2         appeal       block   cautious keep",
        "",
    ]


@pytest.mark.parametrize("verb", ["list", "test", "lint"])
def test_ids_begin_above_the_known_folders(run: Run, write, verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(file_text(MATCH + 'strips = ["x"]\nkeeps = ["y"]\nkind = "app"'))
    monkeypatch.chdir(path.parent)
    assert "site/x.org/r0" in run(verb, path.name).out + run("list", path.name).out


def test_list_of_all(run: Run) -> None:
    lines = run("list").out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in load_rules()]


def test_show(run: Run, write, tmp_path: Path) -> None:
    path = write(file_text(FULL))
    assert run("show", "--rules", tmp_path, "site/x.org/r0").out == (
        f"site/x.org/r0\n  w\n  {path}:2\n"
        "  strip newsletter, scope segment, from level strict, at most 400 characters\n"
        "  case: true\n  within: true\n  sites: a.org, b.org\n  source: a.org, 2024\n"
        "  match: ^SIGN UP NOW\n  needs: 'sign'\n"
        "  strips: 'SIGN UP NOW'\n  strips: 'SIGN UP NOW. He left.', gives 'He left.'\n"
        "  keeps: 'Sign up'\n  todo: 'Sign up now'\n"
    )


def test_show_a_block(run: Run, write, tmp_path: Path) -> None:
    write(file_text(BLOCK))
    out = run("show", "--rules", tmp_path, "site/x.org/r0").out
    assert "scope block, from level cautious, at most 3000 characters" in out
    assert "  first: 'We ask'\n  inside: 'Do give'\n  last: 'Thanks'\n  cues: help\n" in out


def test_show_a_regex_as_it_is_written(run: Run, write, tmp_path: Path) -> None:
    parts = """format = 1
[parts]
day = '(?:mon|tue)'
[[rule]]
"""
    one = file_text("match = '^\\w{0,3}\"up on {{day}}\\b'").split("[[rule]]\n")[1]
    two = file_text("between = { first = ['We ask'], cues = '\\bon {{day}}' }").split("[[rule]]\n")[1]
    write(parts + one + "\n[[rule]]\n" + two.replace("r0", "r1"))
    out = run("show", "--rules", tmp_path, "site/x.org/r0").out
    assert '  match: ^\\w{0,3}"up on {{day}}\\b\n  match, parts put in: ^\\w{0,3}"up on (?:(?:mon|tue))\\b\n' in out
    out = run("show", "--rules", tmp_path, "site/x.org/r1").out
    assert "  cues: \\bon {{day}}\n  cues, parts put in: \\bon (?:(?:mon|tue))\n" in out


def test_show_phrases_that_drift(run: Run, write, tmp_path: Path) -> None:
    write(file_text('phrases = ["Sign up {any} now", "Join"]\nfuzzy = 0.1\n'))
    out = run("show", "--rules", tmp_path, "site/x.org/r0").out
    assert "  fuzzy: 0.1\n  phrases: 'Sign up {any} now'\n  phrases: 'Join'\n" in out


PAGED = file_text(
    'selector = "aside.zzyzx"\nsites = ["x.org"]\n'
    'strips = ["<aside class=zzyzx>Zzyzx up</aside>"]\nkeeps = ["<p>He went up the zzyzx.</p>"]'
)


def test_a_selector(run: Run, write, tmp_path: Path) -> None:
    path = write(PAGED)
    assert run("test", path) == (0, "1 rules, 2 examples, 0 failed\n", "")
    assert run("lint", path) == (0, "1 rules, 0 findings\n", "")
    assert run("list", path).out == "site/x.org/r0  newsletter   block   cautious x.org\n"
    out = run("show", "--rules", tmp_path, "site/x.org/r0").out
    assert "  selector: aside.zzyzx\n  strips: '<aside class=zzyzx>Zzyzx up</aside>'\n" in out


@pytest.mark.parametrize(("head", "count"), [("<!doctype html>", 1), ("", 0)], ids=["page", "text"])
def test_why_of_a_page(run: Run, write, tmp_path: Path, head: str, count: int) -> None:
    path = write(PAGED)
    page = f"{head}<p>It was late.</p><aside class=zzyzx>Join them now</aside>"
    done = run("why", "--rules", tmp_path, "--url", "https://x.org/a", "-", data=page)
    assert done.code == 0
    said = "line 2, 13-26: strip newsletter from level cautious, site/x.org/r0\n"
    assert done.out.count(f"{said}    {path}:2: w\n    'Join them now'\n") == count


ARTICLE = "The council voted on Tuesday.\nZzyzx up now\nIt was late."
WHY = file_text("match = '^zzyzx up now$'\nkind = 'app'")


@pytest.mark.parametrize("where", ["file", "-"])
def test_why(run: Run, write, tmp_path: Path, where: str) -> None:
    path = write(WHY)
    article = tmp_path / "article.txt"
    article.write_text(ARTICLE)
    done = run("why", "--rules", tmp_path, article if where == "file" else "-", data=ARTICLE)
    assert (done.code, done.err) == (0, "")
    assert (
        f"line 2, 30-42: strip app from level cautious, site/x.org/r0\n    {path}:2: w\n    'Zzyzx up now'\n"
        in done.out
    )


@pytest.mark.parametrize(("url", "count"), [("https://www.x.org/a", 1), ("https://y.org/a", 0)])
def test_why_on_a_site(run: Run, write, tmp_path: Path, url: str, count: int) -> None:
    write(file_text("match = '^zzyzx up now$'\nsites = ['x.org']"))
    done = run("why", "--rules", tmp_path, "--url", url, "-", data=ARTICLE)
    assert done.out.count("site/x.org/r0") == count


def test_why_of_nothing(run: Run) -> None:
    assert run("why", "-", data="") == (0, "0 matches\n", "")


@pytest.mark.parametrize("where", ["file", "-"])
def test_why_of_records(run: Run, write, tmp_path: Path, where: str) -> None:
    path = write(WHY, "own/x.toml")
    rows = [{"body": ARTICLE}, {"body": "It was late."}, {"txt": ""}, {"body": ARTICLE}]
    data = "".join(json.dumps(row) + "\n" for row in rows)
    records = tmp_path / "a.jsonl"
    records.write_text(data)
    argv = ["why", "--field", "body", "--rules", path.parent, records if where == "file" else "-"]
    done = run(*argv, data=data)
    said = f"line 2, 30-42: strip app from level cautious, x/r0\n    {path}:2: w\n    'Zzyzx up now'\n"
    name = records if where == "file" else "-"
    assert done.out == f"{name}:1:\n{said}{name}:4:\n{said}2 matches in 2 of 3 articles\n"
    assert (done.code, done.err) == (2, f"cleaner-rules: {name}:3: no field 'body'; there are: txt\n")


def test_who_asks_cleaner_to_explain_records_is_sent_to_why(run: Run, tmp_path: Path, capsys) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "It was late."}\n')
    assert cli.main(["--explain", str(tmp_path / "a.jsonl")]) == 2
    said = capsys.readouterr().err
    assert "--ledger FILE" in said
    assert "`cleaner-rules why FILE`" in said


# --- new ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["site/example.org", "lang/cs", "mine", "site/example.org.toml", "a/b/c-d_e"])
def test_a_draft_passes_as_it_stands(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / (name.removesuffix(".toml") + ".toml")
    done = run("new", "--dir", tmp_path, name)
    assert done == (0, f"wrote {path}; next: cleaner-rules test {path}\n", "")
    assert run("test", path) == (0, "1 rules, 2 examples, 0 failed\n", "")
    assert run("lint", path) == (0, "1 rules, 0 findings\n", "")


def test_a_draft_overwrites_nothing(run: Run, write) -> None:
    path = write("mine")
    done = run("new", "--dir", path.parent.parent, "site/x.org")
    assert done == (2, "", f"cleaner-rules: {path} is there already; add a [[rule]] to it\n")
    assert path.read_text() == "mine"


@pytest.mark.parametrize("name", ["../up", "/etc/rules", "site/", "a b", 'x"y', "", "."])
def test_names_that_are_none(run: Run, tmp_path: Path, name: str) -> None:
    said = f"cleaner-rules: {name!r} is no name for a rule file; give folder/name, such as site/example.org\n"
    assert run("new", "--dir", tmp_path, name) == (2, "", said)
    assert list(tmp_path.iterdir()) == []


# --- what cannot be done: exit 2, on stderr, nothing on stdout ------------------------------------------------------


@pytest.mark.parametrize("verb", ["test", "lint", "list"])
@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        pytest.param("format = 2\n", 1, "`format` is 2; write `format = 1`", id="format"),
        pytest.param("a = [", 1, "not TOML: Invalid value; see https://toml.io", id="no-toml"),
        pytest.param(
            file_text("match = ''"), 8, "`match` is empty and would match everything; write a regex", id="rule"
        ),
    ],
)
def test_broken_files(run: Run, write, verb: str, text: str, line: int, what: str) -> None:
    path = write(text)
    assert run(verb, path) == (2, "", f"cleaner-rules: {path}:{line}: {what}\n")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param(
            "match = '^sign (up now$'",
            "rule 'site/x.org/r0': no text that every match contains was found in its regex; add `needs`, a list of "
            "such texts in lower case",
            id="no-regex",
        ),
        pytest.param(
            "match = '^sign (up now$'\nneeds = ['sign']",
            "rule 'site/x.org/r0': not a regex: missing ) at position 14; see the regex package's syntax",
            id="no-regex-with-needs",
        ),
    ],
)
def test_a_broken_regex(run: Run, write, text: str, what: str) -> None:
    path = write(file_text(text))
    assert run("test", path) == (2, "", f"cleaner-rules: {path}:2: {what}\n")


@pytest.mark.parametrize("verb", ["test", "lint", "list"])
def test_no_such_file(run: Run, tmp_path: Path, verb: str) -> None:
    path = tmp_path / "none.toml"
    assert run(verb, path) == (2, "", f"cleaner-rules: {path}: no such file or folder\n")


@pytest.mark.parametrize("verb", ["test", "lint", "list"])
def test_the_same_file_twice(run: Run, write, verb: str) -> None:
    path = write(GOOD)
    said = f"{path}:2: rule 'site/x.org/r0' is already in {path}:2; give it another id"
    assert run(verb, path, path) == (2, "", f"cleaner-rules: {said}\n")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        pytest.param(["show", "none"], "no rule 'none'; `cleaner-rules list` shows the ids", id="show-no-rule"),
        pytest.param(["why", "none.txt"], "none.txt: No such file or directory", id="why-no-file"),
        pytest.param(
            ["why", "--rules", "none", "-"],
            "none: no such folder; give the folder that holds rule files",
            id="why-no-rules",
        ),
    ],
)
def test_what_cannot_be_done(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*argv) == (2, "", f"cleaner-rules: {said}\n")


@pytest.mark.parametrize("argv", [[], ["cut"], ["show"], ["why"], ["new"], ["test", "--fast"]])
def test_bad_usage(run: Run, argv: list[str]) -> None:
    done = run(*argv)
    assert (done.code, done.out, done.err[:20]) == (2, "", "usage: cleaner-rules")


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"cleaner-rules {__version__}\n", "")
