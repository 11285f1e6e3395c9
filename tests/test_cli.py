"""The command: streams, exit codes, bad input. Runs the real process where the process is the point."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner import cli

ARTICLE = """\
Council keeps the night bus
By Nora Whitcombe
The council voted on Tuesday to keep the night bus, which had been due to end in March.
Sign up to our weekly newsletter
"It is a lifeline," said Ada Prowse, a nurse who takes it home at four in the morning.
"""
BODY = """\
The council voted on Tuesday to keep the night bus, which had been due to end in March.
"It is a lifeline," said Ada Prowse, a nurse who takes it home at four in the morning.
"""


class Run:
    """What a call of the command gave."""

    def __init__(self, code: int, out: bytes, err: str) -> None:
        self.code, self.out, self.err = code, out.decode("utf-8"), err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]):
    """Calls the command in this process with bytes on stdin."""

    def call(*argv: str, data: bytes | str = ARTICLE) -> Run:
        raw = data.encode() if isinstance(data, str) else data
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        try:
            code = cli.main(argv)
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capfdbinary.readouterr()
        return Run(code, out, err.decode())

    return call


def test_text_in_text_out(run) -> None:
    done = run()
    assert (done.code, done.out, done.err) == (0, BODY, "")


def test_files_are_cleaned_in_order(run, tmp_path: Path) -> None:
    names = []
    for number in (1, 2):
        (tmp_path / f"{number}.txt").write_text(
            f"The council voted for the {number}st time on Tuesday.\nAdvertisement\n"
        )
        names.append(str(tmp_path / f"{number}.txt"))
    assert (
        run(*names).out
        == "The council voted for the 1st time on Tuesday.\nThe council voted for the 2st time on Tuesday.\n"
    )


def test_json_has_title_ledger_and_offsets(run) -> None:
    shown = json.loads(run("--json").out)
    assert shown["text"] == BODY.rstrip("\n")
    assert shown["title"] == "Council keeps the night bus"
    assert [d["kind"] for d in shown["decisions"]] == ["headline", "byline", "newsletter"]
    assert all(ARTICLE[d["start"] : d["end"]] == d["text"] for d in shown["decisions"])


def test_explain_says_what_went_and_why(run) -> None:
    lines = run("--explain").out.split("\n")
    assert "- Council keeps the night bus" in lines
    assert any(line.startswith("    newsletter: common/newsletter/") for line in lines)
    assert "- Sign up to our weekly newsletter" in lines
    assert lines[-2].startswith("    ")
    assert "characters removed" in lines[-2]
    assert "\x1b" not in "".join(lines)


def test_diff_is_unified(run) -> None:
    out = run("--diff").out
    assert out.startswith("--- standard input\n+++ standard input (clean)\n@@")
    assert "-Sign up to our weekly newsletter\n" in out


@pytest.mark.parametrize(("data", "code"), [(ARTICLE, 1), (BODY, 0), ("", 0)], ids=["dirty", "clean", "empty"])
def test_check(run, data: str, code: int) -> None:
    done = run("--check", data=data)
    assert (done.code, done.out) == (code, "")


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (["--title"], "Council keeps the night bus"),
        (["--keep", "byline"], "By Nora Whitcombe"),
        (["--keep", "newsletter"], "Sign up to our weekly newsletter"),
        (["--no-scores", "--off", "common/newsletter"], "Sign up to our weekly newsletter"),
    ],
    ids=["title", "kind", "newsletter", "off"],
)
def test_what_is_asked_for_stays(run, options: list[str], kept: str) -> None:
    assert kept in run(*options).out.split("\n")
    assert kept not in run().out


@pytest.mark.parametrize(("how", "joint"), [("blank", "\n\n"), ("line", "\n")])
@pytest.mark.parametrize("given", ["\n", "\n\n", "\r\n"], ids=["line", "blank", "crlf"])
def test_paragraphs(run, how: str, joint: str, given: str) -> None:
    data = given.join(ARTICLE.rstrip().split("\n"))
    assert run("--paragraphs", how, data=data).out == joint.join(BODY.rstrip().split("\n")) + "\n"


@pytest.mark.parametrize(
    ("data", "out"),
    [
        (b"", ""),
        (b" \n\t \n", ""),
        (b"The end\x00 came.\n", "The end came.\n"),
        ("One came.\u2028Two went.\n".encode(), "One came.\nTwo went.\n"),
        (b"\xef\xbb\xbfIt was so.\n", "It was so.\n"),
        ("It was so – “quite”.\n".encode("utf-16"), "It was so – “quite”.\n"),
    ],
    ids=["empty", "spaces", "nul", "line separator", "bom", "utf-16"],
)
def test_odd_input(run, data: bytes, out: str) -> None:
    done = run(data=data)
    assert (done.code, done.out, done.err) == (0, out, "")


def test_invalid_utf8_is_replaced_counted_and_said(run) -> None:
    done = run(data=b"caf\xe9 and na\xefve\n")
    assert done.code == 0
    assert done.out == "caf\ufffd and na\ufffdve\n"
    assert (
        done.err
        == "cleaner: standard input: 2 places not valid UTF-8, replaced by U+FFFD; --encoding names another encoding\n"
    )
    assert run("--encoding", "latin-1", data=b"caf\xe9\n").out == "café\n"


@pytest.mark.parametrize(
    ("argv", "data", "message"),
    [
        ([], bytes(range(256)) * 40, "cleaner: standard input: is binary data, not text\n"),
        ([], b"%PDF-1.7 ...", "cleaner: standard input: is a PDF file; convert it to text first\n"),
        ([], b"\x1f\x8b\x08\x00", "cleaner: standard input: is cut off: its gzip stream has no end\n"),
        (
            ["--encoding", "klingon"],
            b"x",
            "cleaner: standard input: unknown encoding 'klingon'; "
            "names are those of Python's codecs, such as utf-8, cp1252\n",
        ),
        (["--level", "bold"], b"x", "cleaner: unknown level 'bold'; allowed: cautious, normal, strict\n"),
        (["--rules", "/no/such"], b"x", "cleaner: /no/such: no such folder; give the folder that holds rule files\n"),
        (["--off", "nothing"], b"x", "cleaner: no rule 'nothing' to switch off; `cleaner-rules list` shows the ids\n"),
        (["--steps", "quotes"], b"x", "cleaner: unknown step 'quotes'; the steps are "),
        (["--keep", "ads"], b"x", "cleaner: unknown kind 'ads'; allowed: appeal, subscription, "),
    ],
    ids=["binary", "pdf", "gzip", "encoding", "level", "rules", "off", "steps", "kind"],
)
def test_what_cannot_be_done_is_said(run, argv: list[str], data: bytes, message: str) -> None:
    done = run(*argv, data=data)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(message)


def test_text_that_looks_like_a_page_is_taken_when_told(run) -> None:
    assert run("--text", data="<html> is a tag, he said.\n").out == "<html> is a tag, he said.\n"


def test_an_unreadable_file_is_named_and_the_others_are_done(run, tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(ARTICLE)
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG")
    done = run(str(tmp_path / "none.txt"), str(tmp_path / "picture.txt"), str(good))
    assert (done.code, done.out) == (2, BODY)
    says = f"cleaner: {tmp_path}/none.txt: No such file or directory\ncleaner: {tmp_path}/picture.txt: is a picture\n"
    assert done.err == says


def test_a_broken_rule_file_stops_everything(run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('format = 1\n[[rule]]\nid = "x"\nknd = "appeal"\n')
    done = run("--rules", str(tmp_path))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"cleaner: {tmp_path}/mine.toml:4: unknown key 'knd'; did you mean 'kind'?")


def test_own_rules_are_added(run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'format = 1\n[[rule]]\nid = "lantern"\nkind = "appeal"\nphrases = ["Keep the Lantern burning"]\n'
        'why = "x"\nstrips = ["Keep the Lantern burning"]\nkeeps = ["They keep the lantern burning all night."]\n'
    )
    data = "Keep the Lantern burning!\nThe council voted on Tuesday to keep the night bus.\n"
    assert run(data=data).out == data
    assert run("--rules", str(tmp_path), data=data).out == data.split("\n")[1] + "\n"


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    big.write_text("The council voted on Tuesday to keep the night bus once more.\n" * 40_000)
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f'"{sys.executable}" -m cleaner.cli "{big}" | head -n 1'],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("cleaner.cli >&-", "cleaner: standard output is closed\n"),
        ("cleaner.cli <&-", "cleaner: standard input: is closed; name a file, or send the text through a pipe\n"),
        ("cleaner.cli <&- 2>&-", ""),
        ("cleaner.rules_cli why - <&-", "cleaner-rules: standard input is closed; name a file, "),
        ("cleaner.rules_cli list >&-", "cleaner-rules: standard output is closed\n"),
        ("cleaner.cli > /dev/full", "cleaner: standard output: No space left on device\n"),
        ("cleaner.rules_cli list > /dev/full", "cleaner-rules: standard output: No space left on device\n"),
    ],
)
def test_a_stream_that_is_closed_or_full_is_named(command: str, message: str) -> None:
    if "/dev/full" in command and not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    line = f'echo "He left." | "{sys.executable}" -m {command}'
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == (1 if message else 0)


def test_colour_only_on_a_terminal() -> None:
    pty = pytest.importorskip("pty")
    import os

    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "cleaner.cli", "--explain"], stdin=subprocess.PIPE, stdout=follower
    ) as process:
        process.communicate(ARTICLE.encode())
    os.close(follower)
    assert b"\x1b[31m- " in os.read(leader, 65536).replace(b"\x1b[31m-\x1b[0m", b"\x1b[31m-")
    os.close(leader)


@pytest.mark.slow
def test_a_line_of_50_mb(run) -> None:
    line = "The council voted on Tuesday to keep the night bus. " * 960_000
    done = run(data=line)
    assert done.code == 0
    assert done.out == line.rstrip() + "\n"
