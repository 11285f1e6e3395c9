"""The shipped rules, each by its id: its examples hold, nothing is wrong with it, and all of them get along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cleaner import Cleaner
from cleaner.judge.rule import load_folder
from cleaner.pipeline import shipped_folder
from cleaner.rulekit.examples import Failure, check, check_keeps
from cleaner.rulekit.lint import Finding, lint
from cleaner.types import LEVELS, Rule

RULES = load_folder(shipped_folder())
by_id = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    """What the lint says of all rules together."""
    return list(lint(RULES))


@pytest.fixture(scope="module")
def losses() -> list[Failure]:
    """The near misses that some rule takes."""
    return list(check_keeps(RULES))


def test_there_are_rules() -> None:
    assert len(RULES) > 100
    assert len({rule.id for rule in RULES}) == len(RULES)


@by_id
@pytest.mark.parametrize("linted", [False, True], ids=["timed", "plain"])
def test_its_examples_hold(rule: Rule, linted: bool) -> None:
    """On either engine: see judge/engine.py."""
    assert [str(failure) for failure in check(replace(rule, linted=linted))] == []


@by_id
def test_its_near_misses_survive_the_whole_library(rule: Rule, losses: list[Failure]) -> None:
    assert [str(failure) for failure in losses if failure.rule.id == rule.id] == []


@by_id
def test_the_lint_finds_nothing(rule: Rule, findings: list[Finding]) -> None:
    assert [str(finding) for finding in findings if finding.rule.id == rule.id] == []


@by_id
def test_it_says_where_its_wording_was_seen(rule: Rule) -> None:
    assert rule.source


def test_what_a_vendor_says_of_its_product_goes_only_at_strict() -> None:
    """`keeps` cannot say it: they are asked at the strictest level."""
    said = "Get the latest research, industry insights, and product news delivered straight to your inbox."
    assert [Cleaner(scores=False, level=level).clean(said).text for level in LEVELS] == [said, said, ""]
