"""Kept rules: the same as read ones, never stale, and as if not there where anything is wrong with them."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner
from cleaner.judge import cached
from cleaner.judge.kept import line_of, rule_of
from cleaner.judge.literal import with_reach
from cleaner.judge.rule import load_folder
from cleaner.types import Rule, RuleError
from tests.rules import file_text

RULES = (
    'match = \'^sign up now$\'\nsites = ["example.org"]\ntodo = ["join"]\nlevel = "strict"',
    'phrases = ["sign up {any}"]\nfuzzy = 0.1\nlongest = 300',
    'scope = "inline"\nmatch = ", Sign up[^.]"\ncase = true\nneeds = ["sign up"]',
    'between = { first = ["We ask you"], inside = ["Give {money}"], last = ["Thank you"], cues = "give" }',
    'match = \'^sign up\'\nwithin = true\nstrips = [{ text = "He left. Sign up", gives = "He left." }]',
    'selector = "aside.signup"\nstrips = ["<aside class=signup>Sign up</aside>"]\nkeeps = ["<p>Sign up</p>"]',
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of rules; the cache lies beside it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "rules"
    path.mkdir()
    (path / "f.toml").write_text(file_text(*RULES), encoding="utf-8")
    return path


def kept(folder: Path) -> list[Path]:
    return sorted((folder.parent / "cache").rglob("*.*"))


def read(folder: Path) -> tuple[Rule, ...]:
    return tuple(replace(with_reach(rule), linted=True) for rule in load_folder(folder))


@pytest.fixture
def only_kept(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it, and from then on rule files cannot be read."""

    def forbid() -> None:
        monkeypatch.setattr("cleaner.judge.rule.load_folder", lambda root: pytest.fail("the rules were read again"))

    return forbid


def test_the_kept_rules_are_the_same(folder: Path, only_kept: Callable[[], None]) -> None:
    first, expected = cached.load_folder(folder), read(folder)
    only_kept()
    assert first == cached.load_folder(folder) == expected


def test_values_and_types_are_the_same(folder: Path, only_kept: Callable[[], None]) -> None:
    first = cached.load_folder(folder)
    only_kept()
    assert repr(cached.load_folder(folder)) == repr(first)


def test_one_file_and_nothing_else(folder: Path) -> None:
    cached.load_folder(folder)
    assert [path.suffix for path in kept(folder)] == [".json"]


# --- never stale ----------------------------------------------------------------------------------------------------


def other_content(folder: Path) -> None:
    (folder / "f.toml").write_text(file_text(*RULES[:2]), encoding="utf-8")


def other_name(folder: Path) -> None:
    (folder / "f.toml").rename(folder / "g.toml")


def one_more(folder: Path) -> None:
    (folder / "site").mkdir()
    (folder / "site" / "g.toml").write_text(file_text(RULES[0]), encoding="utf-8")


@pytest.mark.parametrize("change", [other_content, other_name, one_more], ids=lambda change: change.__name__)
def test_another_folder_another_file(folder: Path, change: Callable[[Path], None]) -> None:
    before = cached.load_folder(folder)
    change(folder)
    after = cached.load_folder(folder)
    assert after == read(folder) != before
    assert len(kept(folder)) == 2


def test_the_same_rules_elsewhere(folder: Path) -> None:
    """Rules say which file they are from."""
    cached.load_folder(folder)
    moved = folder.rename(folder.parent / "moved")
    assert cached.load_folder(moved) == read(moved)


def test_other_code_another_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached.load_folder(folder)
    monkeypatch.setattr(cached, "_CODE", cached._CODE[1:])
    cached.load_folder(folder)
    assert len(kept(folder)) == 2


def test_a_file_that_is_no_rule_file_counts_for_nothing(folder: Path, only_kept: Callable[[], None]) -> None:
    first = cached.load_folder(folder)
    (folder / "README.md").write_text("no rules", encoding="utf-8")
    only_kept()
    assert cached.load_folder(folder) == first


def test_old_files_go(folder: Path) -> None:
    for number in range(7):
        (folder / "f.toml").write_text(file_text(RULES[0], f'id = "n{number}"\n{RULES[1]}'), encoding="utf-8")
        cached.load_folder(folder)
        os.utime(kept(folder)[-1], ns=(number, number))
    assert len(kept(folder)) == 4


def test_errors_are_not_kept(folder: Path) -> None:
    (folder / "f.toml").write_text("format = 2", encoding="utf-8")
    with pytest.raises(RuleError, match="`format` is 2"):
        cached.load_folder(folder)
    assert kept(folder) == []


@pytest.mark.parametrize("exists", [True, False], ids=["empty", "missing"])
def test_no_rules(tmp_path: Path, folder: Path, exists: bool) -> None:
    if exists:
        (tmp_path / "none").mkdir()
    with pytest.raises(RuleError, match=str(tmp_path / "none")):
        cached.load_folder(tmp_path / "none")
    assert kept(folder) == []


# --- as if not there ------------------------------------------------------------------------------------------------


def again_summed(change: Callable[[str], str]) -> Callable[[str], str]:
    """Changes the index and has the sum fit it."""

    def changed(text: str) -> str:
        head, index, lines = text.split("\n", 2)
        index = change(index)
        return (
            json.dumps(json.loads(head) | {"sum": cached._sum(index.encode(), lines.encode())}) + f"\n{index}\n{lines}"
        )

    return changed


def without(key: str) -> Callable[[str], str]:
    return lambda text: json.dumps({name: value for name, value in json.loads(text).items() if name != key})


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda text: "", id="empty"),
        pytest.param(lambda text: text[: len(text) // 2], id="half-written"),
        pytest.param(lambda text: text[:-1], id="all-but-written"),
        pytest.param(lambda text: "\0" * len(text), id="zeros"),
        pytest.param(lambda text: "[]", id="a-list"),
        pytest.param(lambda text: "null\nnull\nnull", id="null"),
        pytest.param(lambda text: "{}\n{}\n{}", id="no-keys"),
        pytest.param(lambda text: "[" * 100_000 + "\n\n", id="too-deep"),
        pytest.param(lambda text: text.replace('"files": "rules-', '"files": "rules-0'), id="of-another-name"),
        pytest.param(lambda text: text.replace("sign up now", "sign up not"), id="a-rule-was-changed"),
        pytest.param(again_summed(lambda index: "[]"), id="an-index-that-is-a-list"),
        pytest.param(again_summed(without("literals")), id="an-index-without-literals"),
        pytest.param(again_summed(lambda index: index.replace('"least": "', '"least": "AA')), id="no-numbers"),
        pytest.param(again_summed(lambda index: index.replace('"least": "', '"least": "AAAA')), id="half-a-number"),
        pytest.param(
            again_summed(lambda index: index.replace('"owned": "', '"owned": "AAAAAAAAAAAAAAAA')),
            id="owners-of-nothing",
        ),
        pytest.param(again_summed(lambda index: index.replace('"also": [', '"also": [7, ')), id="a-number-for-texts"),
    ],
)
def test_a_broken_file_is_not_there(folder: Path, changed: Callable[[str], str]) -> None:
    expected = cached.load_folder(folder)
    (path,) = kept(folder)
    whole = path.read_text(encoding="utf-8")
    broken = changed(whole)
    assert broken != whole
    path.write_text(broken, encoding="utf-8")
    assert cached.load_folder(folder) == expected
    assert path.read_text(encoding="utf-8") == whole


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"colour": "red"}, id="a-key-too-many"),
        pytest.param({"needs": ...}, id="a-key-too-few"),
        pytest.param({"id": 7}, id="a-number-for-a-text"),
        pytest.param({"longest": "400"}, id="a-text-for-a-number"),
        pytest.param({"match": ["a"]}, id="a-list-for-a-regex"),
        pytest.param({"selector": 7}, id="a-number-for-a-selector"),
        pytest.param({"phrases": "sign up"}, id="a-text-for-texts"),
        pytest.param({"sites": [7]}, id="a-number-among-texts"),
        pytest.param({"strips": [["only one"]]}, id="half-an-example"),
        pytest.param({"between": "we ask"}, id="a-text-for-a-block"),
        pytest.param({"between": {"first": ["a"]}}, id="a-block-without-its-keys"),
        pytest.param({"reach": None}, id="no-reach"),
        pytest.param({"reach": [["a"], [], []]}, id="half-a-reach"),
        pytest.param({"reach": [["a"], [], [], [0], []]}, id="a-width-without-an-end"),
    ],
)
def test_a_line_that_is_of_no_rule_makes_none(folder: Path, more: dict[str, Any]) -> None:
    line = line_of(read(folder)[0])
    assert rule_of(line) == read(folder)[0]
    entry = {name: value for name, value in (json.loads(line) | more).items() if value is not ...}
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        rule_of(json.dumps(entry).encode())


def test_rules_are_made_when_they_are_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = cached.load_folder(folder)
    made = []
    monkeypatch.setattr("cleaner.judge.kept.rule_of", lambda line: made.append(line) or rule_of(line))
    rules = cached.load_folder(folder)
    cleaner = Cleaner(rules=rules, scores=False)
    cleaner.clean("The council met on Monday. Nobody came to listen.")
    assert made == []
    assert cleaner.clean("The council met on Monday.\nWe ask you\nThank you").removed
    assert 0 < len(made) < len(rules)
    assert rules[-1] == expected[-1]
    assert rules[1:3] == expected[1:3]
    assert pickle.loads(pickle.dumps(rules)) == expected


def test_a_file_that_is_not_utf8_is_not_there(folder: Path) -> None:
    expected = cached.load_folder(folder)
    kept(folder)[0].write_bytes(b'{"files": "\xff"}')
    assert cached.load_folder(folder) == expected


# --- where it cannot be written -------------------------------------------------------------------------------------


def a_file_for_the_folder(cache: Path) -> None:
    cache.write_text("not a folder", encoding="utf-8")


def a_folder_for_the_file(cache: Path) -> None:
    """Stands where each kept file should go."""
    (cache / "article-cleaner").mkdir(parents=True)
    name = f"rules-{cached._hash(cache.parent / 'rules', [str(cache.parent / 'rules' / 'f.toml')])}.json"
    (cache / "article-cleaner" / name / "full").mkdir(parents=True)


@pytest.mark.parametrize("spoil", [a_file_for_the_folder, a_folder_for_the_file], ids=lambda spoil: spoil.__name__)
def test_rules_are_read_each_time(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(folder.parent / "cache")
    assert cached.load_folder(folder) == cached.load_folder(folder) == read(folder)
    assert list((folder.parent).rglob("*.tmp")) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the owner of all may write everywhere")
def test_an_unwritable_folder(folder: Path) -> None:
    (folder.parent / "cache").mkdir(mode=0o500)
    assert cached.load_folder(folder) == read(folder)


@pytest.mark.parametrize("name", ["Path.mkdir", "os.replace"])
def test_a_failed_write_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"cleaner.judge.cached.{name}", fails)
    assert cached.load_folder(folder) == read(folder)
    assert kept(folder) == []


def test_an_interrupted_write_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cleaner.judge.cached.os.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cached.load_folder(folder)
    assert kept(folder) == []


# --- where it lies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cache", "home", "expected"),
    [
        pytest.param("{}/c", "{}/h", "c/article-cleaner", id="named"),
        pytest.param(None, "{}/h", "h/.cache/article-cleaner", id="not-named"),
        pytest.param("", "{}/h", "h/.cache/article-cleaner", id="empty"),
        pytest.param("c", "{}/h", "h/.cache/article-cleaner", id="relative"),
        pytest.param("../c", "{}/h", "h/.cache/article-cleaner", id="relative-upwards"),
        pytest.param("~/c", "{}/h", "h/.cache/article-cleaner", id="tilde-that-no-shell-saw"),
        pytest.param("{}/c", None, "c/article-cleaner", id="named-without-a-home"),
        pytest.param("{}/c", "h", "c/article-cleaner", id="named-with-a-relative-home"),
    ],
)
def test_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, cache: str | None, home: str | None, expected: str
) -> None:
    settle(monkeypatch, folder.parent, cache, home)
    cached.load_folder(folder)
    assert [path.parent for path in folder.parent.rglob("rules-*.json")] == [folder.parent / expected]


@pytest.mark.parametrize("cache", [None, "", "c"], ids=["not-named", "empty", "relative"])
@pytest.mark.parametrize("home", [None, "", "h"], ids=["none", "empty", "relative"])
def test_no_home_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch, cache: str | None, home: str | None) -> None:
    settle(monkeypatch, folder.parent, cache, home)
    assert cached.load_folder(folder) == read(folder)
    assert list(folder.parent.rglob("rules-*.json")) == []


def settle(monkeypatch: pytest.MonkeyPatch, root: Path, cache: str | None, home: str | None) -> None:
    """The user's environment, `{}` being the root; a home of None is one that nobody knows."""
    monkeypatch.chdir(root)
    for name, value in (("XDG_CACHE_HOME", cache), ("HOME", home)):
        monkeypatch.setenv(name, value.format(root)) if value is not None else monkeypatch.delenv(name, raising=False)
    if home is None:
        monkeypatch.setattr("os.path.expanduser", lambda path: path)  # as where there is no account
