"""Other extractors: that they are asked, that what breaks is counted, that what is not there is said."""

from __future__ import annotations

import time

import pytest

from cleaner.learn.peers import _MODULES, BASELINE, PEERS, absent, answer

STORY = (
    "The council decided on Tuesday that the night bus stays, because nurses, bakers and cleaners need it to get home."
)
TOLD = "".join(f"<p>{STORY} That was vote number {number}.</p>" for number in range(9))
PAGE = f"""<html><head><title>Bus</title></head><body><nav><a href="/">Home</a> <a href="/s">Sport</a></nav>
<article><h1>The bus</h1>{TOLD}</article></body></html>"""


@pytest.mark.parametrize("name", sorted(PEERS))
def test_peer_gives_text(name: str) -> None:
    if missing := absent([name]):
        pytest.skip(str(missing))
    given = answer(PEERS[name], PAGE, "https://example.org/bus")
    assert STORY in given.text
    assert "Sport" not in given.text
    assert "<p>" not in given.text
    assert given.ms > 0
    assert not given.broke


def test_what_breaks_gives_no_text_and_its_name() -> None:
    def work(html: str, url: str | None) -> str:
        raise LookupError(html)

    given = answer(work, PAGE, None)
    assert (given.text, given.broke) == ("", "LookupError")


def test_time_is_cpu_time() -> None:
    def sleep(html: str, url: str | None) -> str:
        time.sleep(0.1)
        return html

    def toil(html: str, url: str | None) -> str:
        until = time.process_time() + 0.02
        while time.process_time() < until:
            pass
        return html

    assert answer(sleep, PAGE, None).ms < 50
    assert answer(toil, PAGE, None).ms >= 20


def test_the_absent_are_named_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_MODULES, "resiliparse", "no_such_module")
    assert absent(["resiliparse", BASELINE]) == {"resiliparse": "ModuleNotFoundError: No module named 'no_such_module'"}


def test_every_peer_has_its_module() -> None:
    assert set(_MODULES) == set(PEERS)
