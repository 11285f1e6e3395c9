"""JSON-LD and the data of scripts: what is put up with, and bodies that a page does not show."""

from __future__ import annotations

import json
import time

import pytest

from cleaner.read.page import How, parse, read_page
from cleaner.read.page.bodies import json_ld, json_ld_body, script_body

LINES = [
    f"On day {number} the people of the harbour town mended another of their {number} boats." for number in range(9)
]
BODY = "\n".join(LINES)
NEWS = {"@type": "NewsArticle", "headline": "Boats", "articleBody": BODY}


def page(*scripts: str, kind: str = "application/ld+json") -> str:
    return "<html><head>" + "".join(f'<script type="{kind}">{script}</script>' for script in scripts) + "</head></html>"


def body(html: str, shown: str = "") -> str | None:
    root = parse(html)
    assert root is not None
    return json_ld_body(root, html, shown)


FOUND = {
    "object": json.dumps(NEWS),
    "array": json.dumps([{"@type": "WebSite"}, NEWS]),
    "graph": json.dumps({"@graph": [{"@type": "WebSite"}, {"mainEntity": {"hasPart": [NEWS]}}]}),
    "line-ends": json.dumps(NEWS).replace("\\n", "\n"),
    "tabs": json.dumps(NEWS).replace('"headline"', '\t"headline"').replace("Boats", "Bo\tats"),
    "last-comma": json.dumps(NEWS)[:-1] + ",\n}",
    "last-comma-in-array": "[" + json.dumps(NEWS) + ", ]",
    "cdata": "\n//<![CDATA[\n" + json.dumps(NEWS) + "\n//]]>\n",
    "cdata-comment": "/*<![CDATA[*/" + json.dumps([NEWS]) + "/*]]>*/",
    "semicolon": json.dumps(NEWS) + ";",
    "html-comment": "<!-- " + json.dumps(NEWS) + " -->",
    "list-of-paragraphs": json.dumps({"articleBody": LINES}),
    "paragraphs": json.dumps({"articleBody": "".join(f"<p class='a'>{line}</p>" for line in LINES)}).replace("\\n", ""),
    "line-breaks": json.dumps({"articleBody": "<br/>".join(LINES)}),
    "escaped-html": json.dumps({"articleBody": "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in LINES)}),
    "tags-in-lines": json.dumps({"articleBody": BODY.replace("boats", "<a href='/b'><b>boats</b></a>")}),
    "scripts-in-it": json.dumps({"articleBody": "<script>if (a) b();<\\/script>" + BODY}).replace("\\\\/", "\\/"),
}
NONE = {
    "no-body": page(json.dumps({"headline": "articleBody"})),
    "short": page(json.dumps({"articleBody": BODY[:400]})),
    "no-json": page('{"articleBody": ' + BODY),
    "number": page('{"articleBody": 5}'),
    "nothing": page('"articleBody"'),
    "too-deep": page('{"articleBody":"x","a":' * 5000),
    "too-long-a-number": page('{"articleBody": ' + "9" * 5000 + "}"),
    "other-script": page(json.dumps(NEWS), kind="text/template"),
}


@pytest.mark.parametrize("script", FOUND.values(), ids=FOUND)
def test_found(script: str) -> None:
    found = body(page(script))
    assert found is not None
    assert [line for line in found.split("\n") if line.strip()] == LINES


@pytest.mark.parametrize("html", NONE.values(), ids=NONE)
def test_none(html: str) -> None:
    assert body(html) is None


def test_longest_of_several() -> None:
    short = {"articleBody": "\n".join(LINES[:7])}
    assert body(page(json.dumps(short), "no json", json.dumps([short, NEWS]), json.dumps(short))) == BODY


def test_what_the_page_shows_is_no_find() -> None:
    html = page(json.dumps(NEWS))
    assert body(html, "Menu\n" + "\n".join(LINES)) is None
    assert body(html, "Menu\n" + LINES[0] + "\nSubscribe to read on") == BODY


def test_shown_with_other_spaces_and_quotes() -> None:
    assert body(page(json.dumps(NEWS)), "  ".join(LINES).replace(" the ", " “the”\n").upper()) is None


def test_chinese_sentences_are_known_again() -> None:
    lines = [f"第{number}天，港口小镇的居民又修好了他们的另一条旧渔船，市长对此非常高兴。" for number in range(20)]
    html = page(json.dumps({"articleBody": "".join(lines)}))
    assert body(html, "".join(lines)) is None
    assert body(html, lines[0]) == "".join(lines)


def test_commas_in_strings_stay() -> None:
    root = parse(page('{"a": "one, ]two, }", "b": [1, 2, ], "c\\"": ",}",}'))
    assert root is not None
    assert list(json_ld(root.iter("script"))) == [{"a": "one, ]two, }", "b": [1, 2], 'c"': ",}"}]


def test_longer_scripts_are_passed_over() -> None:
    root = parse(page('{"a": "long"}', '{"a": 1}'))
    assert root is not None
    assert list(json_ld(root.iter("script"), 10)) == [{"a": 1}]


def test_a_number_too_long_to_be_a_character_stays() -> None:
    text = BODY + " &#" + "9" * 5000 + ";"
    assert body(page(json.dumps({"articleBody": text}))) == text


HTML = "".join(f'<p class="a">{line}</p>' for line in LINES)
SAID = json.dumps(HTML)
STATES = {
    "json": '{"props": {"title": "Boats", "contentHtml": ' + SAID + "}}",
    "escaped": '{"contentHtml": ' + SAID.replace("<", "\\u003c") + "}",
    "assigned": 'var a = "x"; window.__STATE__ = {"a": ' + SAID + "};",
    "json-in-json": json.dumps({"state": json.dumps({"body": HTML, "teaser": "<p>a</p><p>b</p>"})}),
    "streamed": "self.__next_f.push([1," + json.dumps('5:["$",{"contentHtml":' + SAID + "}]") + "])",
    "behind-a-mark": '{"contentHtml": ' + json.dumps("$$AD$$" + HTML) + "}",
    "longest": json.dumps({"more": ["".join(f"<p>{line}</p>" for line in LINES[:7])], "body": HTML}),
}
NO_STATES = {
    "short": '{"body": ' + json.dumps(HTML[:450]) + "}",
    "one-paragraph": '{"body": ' + json.dumps(f"<p>{BODY}</p>") + "}",
    "no-html": '{"body": ' + json.dumps(BODY) + "}",
    "data-of-short-ones": json.dumps({"state": json.dumps([{"teaser": f"<p>{line}</p>"} for line in LINES])}),
    "markup-without-text": '{"body": ' + json.dumps("<p class='a'></p>" * 90) + "}",
    "no-string": '{"body": "' + HTML.replace('"', "'") + "\\",
    "not-json": '{"body": "' + HTML.replace('"', "'") + '\\x"}',
}


@pytest.mark.parametrize("script", STATES.values(), ids=STATES)
def test_a_body_that_scripts_would_show(script: str) -> None:
    html = f"<html><head><title>Boats</title></head><body><div id=root></div><script>{script}</script></body></html>"
    document = read_page(html, how=How(vote=True))
    assert document.text.removeprefix("$$AD$$\n").split("\n") == LINES
    assert document.title == "Boats"
    assert document.page is not None
    assert LINES[3] in (document.page.vote or "")


@pytest.mark.parametrize("script", NO_STATES.values(), ids=NO_STATES)
def test_no_body_that_scripts_would_show(script: str) -> None:
    root = parse(page(script, kind="application/json"))
    assert root is not None
    assert script_body(root) is None


def test_what_a_page_shows_is_read_and_not_its_scripts() -> None:
    shown = "".join(f"<p>{line.replace('boats', 'nets')}</p>" for line in LINES)
    assert "boats" not in read_page(f"<body>{shown}<script>{STATES['json']}</script></body>").text


SIZE = 2_000_000
LARGE = {
    "sentences": json.dumps({"articleBody": "Some words that are long enough to be told. " * (SIZE // 44)}),
    "tags": json.dumps({"articleBody": "<a" * (SIZE // 2)}),
    "breaks": json.dumps({"articleBody": "<p " * (SIZE // 3)}),
    "scripts": json.dumps({"articleBody": "<script>" * (SIZE // 8)}),
    "ampersands": json.dumps({"articleBody": "&#" * (SIZE // 2)}),
    "brackets": '["articleBody",' + "[" * SIZE,
    "commas": '{"articleBody":"x"' + ", " * (SIZE // 2) + "}",
    "quotes": '{"articleBody":,' + '"' * SIZE,
    "cdata": '"articleBody"' + "<![CDATA[" * (SIZE // 9),
}


@pytest.mark.parametrize("script", LARGE.values(), ids=LARGE)
def test_large_scripts_take_linear_time(script: str) -> None:
    html = page(script)
    root = parse(html)
    assert root is not None
    start = time.process_time()
    json_ld_body(root, html, "Some other words are shown by this page. " * 20_000)
    assert time.process_time() - start < 3  # 0.05 to 0.5 s


LARGE_STATES = {
    "quotes": "<p <p" + '"' * SIZE,
    "backslashes": '<p <p "' + "\\" * SIZE,
    "strings": '"<p><p>' + "a" * 500 + '"' + '"a<p><p>",' * (SIZE // 10),
    "nested": json.dumps(json.dumps(json.dumps(HTML * 200))),
    "paragraphs": json.dumps("<p>" * (SIZE // 3)),
}


@pytest.mark.parametrize("script", LARGE_STATES.values(), ids=LARGE_STATES)
def test_large_data_takes_linear_time(script: str) -> None:
    root = parse(page(script, kind="application/json"))
    assert root is not None
    start = time.process_time()
    script_body(root)
    assert time.process_time() - start < 3  # 0.02 to 0.5 s
