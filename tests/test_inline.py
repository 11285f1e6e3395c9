"""A block as Markdown: marks that are read as such, addresses that links may have, text that is no markup."""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.read.page import read_page
from cleaner.types import Mark, Result
from cleaner.write.markdown import markdown
from cleaner.write.markdown.inline import address, inline
from tests.test_markdown import page, plain, tidy, tokens

# --- marks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("a <b>b</b> <i>c</i> <code>d</code>", "a **b** *c* `d`", id="each"),
        pytest.param("<strong>a </strong>b<em> c</em>", "**a** b *c*", id="no-space-inside"),
        pytest.param("<b> </b>a", "a", id="only-space"),
        pytest.param("<b>a</b><b>b</b>", "**ab**", id="side-by-side"),
        pytest.param("<b>a <b>b</b> c</b>", "**a b c**", id="twice"),
        pytest.param("<b>a <i>b</i></b> <i>c <b>d</b></i>", "**a *b*** *c **d***", id="in-each-other"),
        pytest.param("<a href='/x'><b>a</b></a> <b><a href='/x'>b</a></b>", "[**a**](/x) [**b**](/x)", id="one-text"),
        pytest.param("<b>a <a href='/x'>b</a> c</b>", "**a [b](/x) c**", id="link-inside"),
        pytest.param("<code>a <a href='/x'>b</a> c</code>", "`a` [`b`](/x) `c`", id="link-in-code"),
        pytest.param("<b><a href='/x'>a</a> b</b>", "**[a](/x) b**", id="link-at-the-start"),
        pytest.param("a<b>b</b>c", "a**b**c", id="in-a-word"),
        pytest.param("a<b>“b”</b>", "a“b”", id="would-not-be-read"),
        pytest.param("a<b><i>b</i></b>c", "abc", id="might-not-be-read"),
        pytest.param("日<b>本</b>語", "日**本**語", id="without-spaces"),
        pytest.param("<code>a*`b</code>", "``a*`b``", id="code-is-as-it-is"),
        pytest.param("<code>`a`</code>", "`` `a` ``", id="code-with-ticks-at-its-ends"),
        pytest.param("<code>a</code><code>b</code>", "`ab`", id="code-beside-code"),
        pytest.param("x<b><code>a</code></b><code>b</code>", "x`ab`", id="code-beside-strong-code"),
        pytest.param("wow!<a href='/x'>a</a>", "wow\\![a](/x)", id="no-picture"),
        pytest.param("<a href='/x'>a]</a>", "[a\\]](/x)", id="bracket-in-a-link"),
        pytest.param("<b>End.</b>Next one comes.", "**End.**\\\nNext one comes.", id="glued-at-a-mark"),
        pytest.param("<b>a&shy;</b>b <i>c</i>", "**a**b *c*", id="tidied-in-a-mark"),
        pytest.param("a&amp;nb<b>sp;</b>b <i>c</i>", "a\u00a0b c", id="tidied-across-the-end-of-a-mark"),
    ],
)
def test_marks(html: str, expected: str) -> None:
    assert page(f"<p>{html}</p>") == expected


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        pytest.param(
            [Mark(0, 7, "strong"), Mark(4, 11, "a", "/x"), Mark(8, 13, "em")],
            "**one [two](/x)** *six b*us",
            id="overlap",
        ),
        pytest.param([Mark(0, 11, "a", "/x"), Mark(4, 7, "a", "/y")], "[one two six](/x) bus", id="link-in-a-link"),
        pytest.param([Mark(0, 15, "em"), Mark(4, 11, "em")], "*one two six bus*", id="twice"),
        pytest.param([Mark(4, 4, "em"), Mark(3, 4, "em")], "one two six bus", id="nothing"),
        pytest.param([Mark(3, 8, "em"), Mark(8, 12, "em")], "one *two six* bus", id="space-at-both-ends"),
    ],
)
def test_marks_that_no_page_has(marks: list[Mark], expected: str) -> None:
    assert inline("one two six bus", marks, str) == [expected]


@pytest.mark.parametrize(
    ("html", "gone", "expected"),
    [
        pytest.param("a <b>bb cc</b> d", ["cc"], "a **bb** d", id="end"),
        pytest.param("a <b>bb cc</b> d", ["bb "], "a **cc** d", id="start"),
        pytest.param("a <b>bb cc dd</b>", ["cc "], "a **bb dd**", id="middle"),
        pytest.param("a <b>bb</b> cc", ["bb "], "a cc", id="all"),
        pytest.param("a <b>bb</b> cc <b>dd</b>", [" cc "], "a **bbdd**", id="what-parts-two"),
        pytest.param("a <a href='/x'>bb <b>cc</b></a> d", ["bb"], "a [**cc**](/x) d", id="nested"),
        pytest.param("a <b>bb</b> c", ["a "], "**bb** c", id="what-stands-before"),
        pytest.param("One two.<br>Three", ["One two.\n"], "Three", id="line"),
        pytest.param("One<br>Two<br>Three", ["Two\n"], "One\\\nThree", id="line-between"),
    ],
)
def test_marks_are_cut_with_the_text(html: str, gone: list[str], expected: str) -> None:
    assert page(f"<p>{html}</p>", *gone) == expected


@given(st.lists(st.sampled_from(["a ", "b", "<b>", "</b>", "<i>", "</i>", "<a href=/x>", "</a>"])))
def test_marks_of_words_are_all_read(parts: list[str]) -> None:
    """Between words apart from each other, what a page sets apart is set apart."""
    found = read_page(f"<html><body><p>{' '.join(parts)}")
    said = markdown(Result("", None, (), (), found), tidy)
    for kind, tag in (("strong_open", "strong"), ("em_open", "em"), ("link_open", "a")):
        marked = found.page is not None and any(mark.tag == tag for mark in found.page.marks)
        assert any(token.type == kind for token in tokens(said)) == marked


# --- links ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "base", "expected"),
    [
        pytest.param("https://example.org/a", None, "https://example.org/a", id="whole"),
        pytest.param("mailto:a@example.org", "https://example.org", "mailto:a@example.org", id="mail"),
        pytest.param("../b", "https://example.org/a/c", "https://example.org/b", id="relative"),
        pytest.param("//example.org/b", "http://example.com", "http://example.org/b", id="scheme-relative"),
        pytest.param("#b", "https://example.org/a", "https://example.org/a#b", id="fragment"),
        pytest.param("/b", None, "/b", id="base-unknown"),
        pytest.param("/b", "example.org/a", "/b", id="base-without-scheme"),
        pytest.param("/b:c?d:e", None, "/b:c?d:e", id="colon-in-the-path"),
        pytest.param("", "https://example.org", "", id="empty"),
        pytest.param(" \n", "https://example.org", "", id="blank"),
        pytest.param("http://[b", "https://example.org", "", id="broken"),
        pytest.param("/a (b)<c>", None, "/a%20%28b%29%3Cc%3E", id="spaces-and-brackets"),
        pytest.param('/a\\b`c"d|e\u2028é', None, "/a%5Cb%60c%22d%7Ce%E2%80%A8é", id="signs"),
        pytest.param("/a?b=1&copy;=2&c=3", None, "/a?b=1\\&copy;=2&c=3", id="entity"),
    ],
)
def test_address(href: str, base: str | None, expected: str) -> None:
    assert address(href, base) == expected


@pytest.mark.parametrize("base", [None, "https://example.org/a"])
@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,a",
        "vbscript:a",
        "file:///etc/passwd",
        "blob:https://example.org/a",
        "example.org:80",
    ],
)
def test_addresses_that_no_link_has(href: str, base: str | None) -> None:
    assert address(href, base) == ""


@pytest.mark.parametrize(
    "href", ["javascript&colon;a", "\u00a0javascript:a", "&#106;avascript:a", "javascript&#58;a", "x javascript:a"]
)
def test_a_reader_finds_no_other_scheme(href: str) -> None:
    said = f"[a]({address(href, None) or '/none'})"
    found = [token.attrs["href"] for token in tokens(said) if token.type == "link_open"]
    assert all(re.match(r"[^:/?#]*(?:[/?#]|$)", str(one)) for one in found)


def test_links_of_a_page() -> None:
    html = "<p>a <a href='/b'>b</a> <a href='javascript:c'>c</a> <a>d</a> <a href='e f'>e</a></p>"
    assert page(html, url="https://example.org/x/") == (
        "a [b](https://example.org/b) c d [e](https://example.org/x/e%20f)"
    )


# --- escapes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "*a* **b** _c_ __d__", "`a` ``b``", "~~a~~", "[a](b)", "![a](b)", "[a]: b", "<b>a</b>", "<!-- a -->",
        "<https://example.org>", "<?a?>", "&amp; &lt;b&gt; &#35; &#x23;", "\\*a\\*", "a\\", "# a", "###### a", "#",
        "- a", "+ a", "* a", "-", "1. a", "1) a", "123456789. a", "> a", ">a", "---", "***", "___", "- - -", "===",
        "```", "~~~", "```a", "| a | b |", "|-|-|", ":-:|:-:", "<div>", "<script>a</script>", "    a", "\ta",
    ],
)  # fmt: skip
def test_text_is_no_markup(text: str) -> None:
    for said in (plain(text), plain(f"a | b\n{text}"), page(f"<p>a | b<br>{escape(text)}</p>")):
        kinds = {token.type for token in tokens(said)}
        assert kinds <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close", "hardbreak"}


@pytest.mark.parametrize(
    "text",
    [
        "It rained.", "snake_case", "R&B, AT&T", "a < b > c", "#bus", "-5 degrees", "+44 20", "3.5 km", "1.a", "a - b",
        "a # b", "(a) {b} 'c' \"d\" $e ^f %g @h", "http://example.org/a?b=c&d", "wow!", "=a", ":-)", "a | b", "C#",
    ],
)  # fmt: skip
def test_what_is_no_markup_is_not_escaped(text: str) -> None:
    assert plain(text) == text
    assert page(f"<p>{escape(text)}</p>") == text
