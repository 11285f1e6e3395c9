"""The command on HTML pages: options, bad input, exit status, and what it costs to import."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner import Cleaner, Document, Result, cli

HEADLINE = "Council keeps the night bus"
SAID = (
    "The council voted on Tuesday to keep the night bus, which had been due to end in March after eleven years.",
    "“It is a lifeline,” said Ada Prowse, a nurse who takes it home from the harbour at four in the morning.",
    "The bus costs the town 40,000 crowns a year, and on most nights it carries no more than a dozen people.",
    "A motion to run it on two nights a week was lost by a single vote after a long and bitter debate.",
    "Drivers had said that they would go on running it without pay until the summer, whatever was decided.",
)
TABLE = (
    "<table><tr><th>Night</th><th>Riders in a week of March</th></tr><tr><td>Friday</td><td>31 people</td></tr>"
    "<tr><td>Saturday</td><td>44 people</td></tr><tr><td>Sunday</td><td>12 people, mostly nurses</td></tr></table>"
)
COMMENTS = (
    "<section id='comments' class='comments'><h3>2 comments</h3><div class='comment'><p>Ferryman wrote: I have never "
    "seen more than three people on it, and two of those were asleep.</p></div></section>"
)
META = (
    '<meta charset="utf-8"><meta name="author" content="Nora Whitcombe">'
    '<meta property="og:site_name" content="The Lantern">'
    '<meta property="article:published_time" content="2024-03-05"><link rel="canonical" href="https://www.example.org/bus">'
)
NAV = (
    "<nav class='menu'><ul>" + "".join(f"<li><a href='/{at}'>Section {at}</a></li>" for at in range(9)) + "</ul></nav>"
)
FOOTER = (
    "<footer><p><a href='/about'>About us</a> <a href='/terms'>Terms</a></p>"
    "<p>© The Lantern. All rights reserved.</p></footer>"
)


def page(*extra: str, said: tuple[str, ...] = SAID) -> str:
    """An article on a page, with more in the midst of its paragraphs, or behind them if it is a section."""
    inside, behind = ("".join(item for item in extra if item.startswith("<section") is last) for last in (False, True))
    paragraphs = [f"<p>{line}</p>\n" for line in said]
    body = "".join((*paragraphs[:2], inside, *paragraphs[2:], behind))
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>Council keeps the night bus - The Lantern</title>{META}</head>\n"
        f"<body>{NAV}<main><article><h1>Council keeps the night bus</h1><p class='byline'>By Nora Whitcombe</p>\n"
        f"{body}</article></main>{FOOTER}</body></html>\n"
    )


class Run:
    """What a call of the command gave."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code, self.out, self.err = code, out.decode(), err.decode()

    @property
    def lines(self) -> list[str]:
        return self.out.split("\n")

    @property
    def body(self) -> list[str]:
        """The paragraphs, without the headline: under a menu that only scores take it may stay."""
        return [line for line in self.lines if line not in ("", HEADLINE)]


Call = Callable[..., Run]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Call:
    """Calls the command in this process with bytes on stdin; in fast mode where no other is named."""

    def call(*argv: str, data: bytes | str = "") -> Run:
        monkeypatch.setattr(
            sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode() if isinstance(data, str) else data))
        )
        try:
            code = cli.main(argv if "--html-mode" in argv else ("--html-mode", "fast", *argv))
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Run(code, *capfdbinary.readouterr())

    return call


# --- options --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["fast", "full"])
def test_a_page_in_its_article_out(run: Call, mode: str) -> None:
    done = run("--html-mode", mode, data=page())
    assert (done.code, done.err) == (0, "")
    assert done.body == list(SAID)


def test_what_looks_like_no_page_is_taken_for_one_when_told(run: Call) -> None:
    data = "".join(f"<b>{line}</b><br>" for line in SAID)
    assert "<b>" in run(data=data).out
    told = run("--html", data=data)
    assert (told.code, told.out, told.err) == (0, "\n".join(SAID) + "\n", "")


def test_a_page_is_taken_for_text_when_told(run: Call) -> None:
    data = f"<html>{SAID[0]}\n"
    assert run("--text", data=data).out == data


def test_html_said_of_plain_text_is_said_and_taken_as_text(run: Call) -> None:
    done = run("--html", data="\n".join(SAID))
    assert (done.code, done.out) == (0, "\n".join(SAID) + "\n")
    assert done.err == "cleaner: standard input: not HTML; taken as text\n"


@pytest.mark.parametrize(
    "argv", [["--html", "--text"], ["--html-mode", "slow"], ["--format", "xml"], ["--json", "--format", "text"]]
)
def test_options_that_cannot_be(run: Call, argv: list[str]) -> None:
    done = run(*argv, data=page())
    assert (done.code, done.out) == (2, "")
    assert "error: argument" in done.err


def test_comments(run: Call) -> None:
    assert "Ferryman" not in run(data=page(COMMENTS)).out
    kept = run("--keep", "comments", data=page(COMMENTS))
    assert run("--comments", data=page(COMMENTS)).out == kept.out
    assert kept.out.startswith(run(data=page(COMMENTS)).out.rstrip("\n"))


def test_tables(run: Call) -> None:
    assert "Friday | 31 people\nSaturday | 44 people\n" in run(data=page(TABLE)).out
    assert "|" not in run("--no-tables", data=page(TABLE)).out


def test_lists_have_markers(run: Call) -> None:
    stops = "<p>It calls at these stops all night:</p><ul><li>Quay of the fishermen</li><li>Old harbour gate</li></ul>"
    assert "\n- Quay of the fishermen\n- Old harbour gate\n" in run(data=page(stops)).out


def test_markdown(run: Call) -> None:
    linked = SAID[0].replace("night bus", "<a href='/bus'>night <em>bus</em></a>")
    out = run(
        "--format",
        "markdown",
        data=page("<h2>What comes next</h2>", f"<p>{SAID[1]}</p>", TABLE, said=(linked, *SAID[1:])),
    ).out
    assert "[night *bus*](https://www.example.org/bus)" in out
    assert "\n\n" + SAID[2] + "\n\n" in out
    assert "| Friday | 31 people |" in out
    assert run("--format", "text", data=page()).out == run(data=page()).out


def test_json_has_title_text_and_ledger(run: Call) -> None:
    done = run("--format", "json", data=page())
    shown = json.loads(done.out)
    assert shown["title"].startswith("Council keeps the night bus")
    assert shown["text"].split("\n")[-len(SAID) :] == list(SAID)
    assert {"byline", "legal"} <= {d["kind"] for d in shown["decisions"]}
    assert all(d["text"] == shown["document"][d["start"] : d["end"]] for d in shown["decisions"])
    assert (shown["authors"], shown["date"], shown["site"]) == (["Nora Whitcombe"], "2024-03-05", "The Lantern")
    assert shown["encoding"].startswith("utf-8")
    assert run("--json", data=page()).out == done.out


def test_front_matter(run: Call) -> None:
    done = run("--front-matter", data=page())
    head, text = done.out.removeprefix("---\n").split("---\n", 1)
    assert head.startswith("title:")
    assert all(
        said in head for said in ("Council keeps the night bus", "Nora Whitcombe", "2024-03-05", "example.org/bus")
    )
    assert text.strip("\n") == run(data=page()).out.strip("\n")


@pytest.mark.parametrize("option", ["--explain", "--diff"])
def test_what_people_look_at(run: Call, option: str) -> None:
    done = run(option, data=page())
    assert (done.code, done.err) == (0, "")
    assert "-" in {line[:1] for line in done.lines}
    assert all(f"-{said}" not in done.out and f"- {said}" not in done.out for said in SAID)


def test_check(run: Call) -> None:
    done = run("--check", data=page())
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("cleaner: standard input: would change: ")
    bare = "<html><body>" + "".join(f"<p>{said}</p>" for said in SAID)
    assert (run("--check", data=bare).code, run("--check", data=bare).err) == (0, "")


@pytest.mark.parametrize(("how", "joint"), [("blank", "\n\n"), ("line", "\n")])
def test_paragraphs(run: Call, how: str, joint: str) -> None:
    assert run("--paragraphs", how, data=page()).out.endswith(joint.join(SAID) + "\n")


def test_rules_of_a_site_work_where_the_address_is_known(run: Call, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'format = 1\n[[rule]]\nid = "promo"\nkind = "appeal"\nselector = "p.promo"\nwhy = "x"\n'
        'sites = ["example.org"]\nstrips = ["<p class=promo>Drivers</p>"]\nkeeps = ["<p>Drivers</p>"]\n'
    )
    own = page(f"<p class='promo'>{SAID[2].replace('town', 'reader')}</p>")
    known = run("--rules", str(tmp_path), "--url", "https://www.example.org/bus", data=own)
    assert (known.code, known.err) == (0, "")
    assert "the reader" not in known.out
    assert "the reader" in run("--rules", str(tmp_path), "--url", "https://www.example.net/bus", data=own).out


# --- bad input ------------------------------------------------------------------------------------------------------

NOTHING = {
    "empty-page": "<html><head><title></title></head><body></body></html>",
    "frames": "<html><frameset cols='1,2'><frame src='a.html'><frame src='b.html'></frameset></html>",
    "scripts": "<!DOCTYPE html><html><body><div id=app></div><script>start()</script></body></html>",
    "comments": "<!-- a page --><!DOCTYPE html><!-- of comments -->",
}


@pytest.mark.parametrize("data", NOTHING.values(), ids=NOTHING)
def test_a_page_without_text(run: Call, data: str) -> None:
    done = run(data=data)
    assert (done.code, done.out.strip()) == (0, "")
    assert done.err == "cleaner: standard input: nothing is left: there is no text\n"
    assert run("--fail-empty", data=data).code == 1


def test_a_page_without_an_article_is_empty_and_says_why(run: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.judge.score._ARTICLE", 2.0)  # whatever the weights say of this page
    done = run(data=page())
    assert (done.code, done.out.strip()) == (0, "")
    assert re.fullmatch(r"cleaner: standard input: nothing is left: there is no article, chance -?\d\.\d\d\n", done.err)
    assert run("--fail-empty", data=page()).code == 1
    assert run("--fail-empty", "--no-scores", data=page()).code == 0


def test_a_page_that_is_one_appeal(run: Call) -> None:
    done = run(
        "--fail-empty",
        data="<html><body><main><p>Please support our journalism with a donation today.</p></main></html>",
    )
    assert (done.code, done.out.strip()) == (1, "")
    assert done.err.startswith("cleaner: standard input: nothing is left: ")


def test_nothing_left_is_told_of_text_only_where_asked(run: Call) -> None:
    assert (run(data="").code, run(data="").err) == (0, "")
    done = run("--fail-empty", data="Sign up to our newsletter\n")
    assert (done.code, done.err) == (1, "cleaner: standard input: nothing is left: all of it was removed\n")


@pytest.mark.parametrize(
    ("encoding", "says"),
    [
        ("utf-8", "iso-8859-1"), ("cp1252", "utf-8"), ("cp1252", "klingon"), ("utf-8", "utf-16"), ("utf-16", "utf-8"),
        ("utf-8-sig", "cp1251"), ("utf-32", "utf-8"),
    ],
)  # fmt: skip
def test_a_page_may_be_wrong_about_its_encoding(run: Call, encoding: str, says: str) -> None:
    done = run(data=page().replace('charset="utf-8"', f'charset="{says}"').encode(encoding))
    assert (done.code, done.err) == (0, "")
    assert done.body == list(SAID)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_characters_without_a_mark(run: Call, encoding: str) -> None:
    done = run("--html", data=page().encode(encoding))
    assert (done.code, done.err, done.body) == (0, "", list(SAID))


def test_an_encoding_that_is_named_beats_what_the_page_says(run: Call) -> None:
    data = page(said=tuple(said.replace("e", "ё") for said in SAID)).encode("koi8-r", "ignore")
    assert SAID[0].replace("e", "ё") in run("--encoding", "koi8-r", data=data).lines
    wrong = run("--encoding", "klingon", data=data)
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith("cleaner: standard input: unknown encoding 'klingon'; ")


def test_several_files_one_of_them_binary(run: Call, tmp_path: Path) -> None:
    given = {
        "page.html": page().encode(), "text.txt": SAID[0].encode(), "picture.html": b"\x89PNG" + bytes(range(256)) * 9,
        "noise.html": b"<html>" + bytes(range(1, 32)) * 99, "last.html": page(said=SAID[:3]).encode(),
    }  # fmt: skip
    for name, data in given.items():
        (tmp_path / name).write_bytes(data)
    done = run(*(str(tmp_path / name) for name in given))
    assert (done.code, done.body) == (2, [*SAID, SAID[0], *SAID[:3]])
    said = done.err.split("\n")
    assert said[0] == f"cleaner: {tmp_path}/picture.html: is a picture"
    assert said[1].startswith(f"cleaner: {tmp_path}/noise.html: is binary data, not text")


def test_a_page_of_3_mb(run: Call) -> None:
    """Most of it is scripts and markup, as with real ones of that size."""
    data = page("<div data-x='{}'><script>{}</script></div>".format("x" * 1000, "if (a < b) c();" * 100) * 1200)
    assert len(data) > 3_000_000
    done = run(data=data)
    assert (done.code, done.err, done.body) == (0, "", list(SAID))


def test_surrogates_and_controls_do_not_stop_it(run: Call) -> None:
    done = run(
        data=page(
            "<p>&#xD800;\0\x01 &#0; The mayor said that he would take the bus himself from now on, each night.</p>"
        )
    )
    assert done.code == 0
    assert "The mayor said that he would take the bus himself" in done.out


# --- real processes -------------------------------------------------------------------------------------------------


def python(code: str, *argv: str, data: bytes = b"") -> str:
    return subprocess.run(
        [sys.executable, "-c", code, *argv], input=data, capture_output=True, check=True
    ).stdout.decode()


LOADED = "import sys; print([name for name in ('lxml', 'trafilatura', 'numpy') if name in sys.modules])"


@pytest.mark.parametrize(
    ("work", "loaded"),
    [
        ("import cleaner, cleaner.cli", []),
        ("from cleaner import Cleaner; Cleaner(scores=False).clean('He left.')", []),
        ("from cleaner import clean; clean('He left.')", ["numpy"]),
        ("from cleaner import Cleaner; Cleaner(scores=False, html_mode='fast').clean_html('<p>He left.')", ["lxml"]),
        ("from cleaner import Cleaner; Cleaner(html_mode='fast').clean_html(b'<p>He left.')", ["lxml", "numpy"]),
        ("from cleaner import clean_html; clean_html('<p>He left.')", ["lxml", "trafilatura", "numpy"]),
    ],
)
def test_what_is_imported(work: str, loaded: list[str]) -> None:
    assert python(f"{work}; {LOADED}") == f"{loaded}\n"


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number}.html").write_text(page(said=SAID * 20), encoding="utf-8")
    line = f'"{sys.executable}" -m cleaner.cli --html-mode fast "{tmp_path}"/*.html | head -n 1'
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)


def test_standard_output_holds_only_the_product() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "always", "-m", "cleaner.cli"], input=page().encode(), capture_output=True, check=True
    )
    assert done.stdout.decode().removeprefix(HEADLINE + "\n") == "\n".join(SAID) + "\n"


def test_a_fault_on_one_page_costs_that_page(tmp_path: Path, run, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [str(tmp_path / f"{number}.html") for number in range(3)]
    for number, name in enumerate(names):
        Path(name).write_text(page(f"<p>Number {number}.</p>"), encoding="utf-8")
    clean = Cleaner.clean_document

    def fails(self: Cleaner, document: Document) -> Result:
        if "Number 1." in document.text:
            raise RuntimeError("made to fail")
        return clean(self, document)

    monkeypatch.setattr(Cleaner, "clean_document", fails)
    done = run(*names)
    assert done.code == 2
    assert done.err == f"cleaner: {names[1]}: not cleaned, by a fault of this program: RuntimeError: made to fail\n"
    assert done.out.count(SAID[0]) == 2


def test_text_without_a_tag_is_mended_as_text(run: Call) -> None:
    assert run("--html", data="He said he donâ€™t know, and left.").out == "He said he don’t know, and left.\n"
