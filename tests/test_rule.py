"""Rule files: what a valid one gives, and what is said of every way to break one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.judge.rule import load_file, load_folder
from cleaner.types import KINDS, Between, Example, Rule, RuleError

HEAD = "format = 1\n\n[[rule]]\n"
GOOD = 'id = "a"\nkind = "other"\nwhy = "w"\nmatch = "^foo$"\nstrips = ["foo"]\nkeeps = ["foo bar"]\n'
KEYS = (
    "id, kind, why, source, action, scope, level, phrases, match, between, selector, fuzzy, case, within, needs, "
    "unless, sites, longest, strips, keeps, todo"
)
SLOTS = "{number}, {money}, {date}, {name}, {words}, {any}"
EXAMPLES = '`{}` must be a list of texts, or of {{ text = "...", gives = "..." }}'


def load(tmp_path: Path, text: str | bytes, name: str = "site/x.org.toml") -> tuple[Rule, ...]:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_file(path, tmp_path)


def rule_with(change: str) -> str:
    """A file whose one good rule has the lines of `change` in place of those that set the same keys."""
    keys = {line.split(" =")[0] for line in change.split("\n")}
    kept = [line for line in GOOD.split("\n") if line.split(" =")[0] not in keys]
    return HEAD + "\n".join(kept) + change + "\n"


def without(*keys: str) -> str:
    """A file whose one good rule lacks some keys."""
    return HEAD + "\n".join(line for line in GOOD.split("\n") if line.split(" =")[0] not in keys)


# --- what a good file gives ---------------------------------------------------------------------------------------

FULL = r"""format = 1
sites = ["example.org", "paper.example"]

[[rule]]
id = "match-1"
kind = "newsletter"
why = "Because."
source = "seen, 2024"
action = "hint"
scope = "inline"
level = "strict"
match = '^Foo{3,4}\W$'
case = true
needs = ["foo"]
sites = ["sub.example.org"]
longest = 2000
strips = ["FOO", { text = "a FOO", gives = "a" }]
keeps = ["foot"]
todo = ["F O O"]

[[rule]]
id = "phrases"
kind = "appeal"
why = "Because."
phrases = ["Give {money} a month"]
fuzzy = 0.3
within = true
strips = ["Give $5 a month"]
keeps = ["Give me a month"]

[[rule]]
id = "block"
kind = "appeal"
why = "Because."
between = { first = ["We ask"], inside = ["{any} asks"], cues = '\byour\b', last = ["Thank you"] }
strips = ["We ask"]
keeps = ["We asked"]

[[rule]]
id = "keep"
kind = "other"
why = "Because."
action = "keep"
phrases = ["Read more books"]
strips = ["Read more"]
keeps = ["Read more books"]
todo = ["Read more good books"]
"""


def test_every_key_arrives(tmp_path: Path) -> None:
    file = str(tmp_path / "site/x.org.toml")
    sites, named = ("example.org", "paper.example"), {"why": "Because.", "file": file}
    assert load(tmp_path, FULL) == (
        Rule(
            id="site/x.org/match-1", kind="newsletter", line=4, source="seen, 2024", action="hint", scope="inline",
            level="strict", match=r"^Foo{3,4}\W$", case=True, needs=("foo",), sites=("sub.example.org",), longest=2000,
            strips=(Example("FOO", ""), Example("a FOO", "a")), keeps=(Example("foot", "foot"),),
            todo=(Example("F O O", ""),), **named,
        ),
        Rule(
            id="site/x.org/phrases", kind="appeal", line=21, phrases=("Give {money} a month",), fuzzy=0.3, within=True,
            sites=sites, strips=(Example("Give $5 a month", ""),),
            keeps=(Example("Give me a month", "Give me a month"),), **named,
        ),
        Rule(
            id="site/x.org/block", kind="appeal", line=31, scope="block", sites=sites, longest=3000,
            between=Between(("We ask",), ("{any} asks",), ("Thank you",), r"\byour\b"),
            strips=(Example("We ask", ""),), keeps=(Example("We asked", "We asked"),), **named,
        ),
        Rule(
            id="site/x.org/keep", kind="other", line=39, action="keep", phrases=("Read more books",), sites=sites,
            strips=(Example("Read more", "Read more"),), keeps=(Example("Read more books", "Read more books"),),
            todo=(Example("Read more good books", "Read more good books"),), **named,
        ),
    )  # fmt: skip


BETWEEN = '[rule.between]\nfirst = ["We ask"]\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("format = 1\n", [], id="no-rules"),
        pytest.param(HEAD + GOOD, ["f/a"], id="plain"),
        pytest.param((HEAD + GOOD).replace("\n", "\r\n"), ["f/a"], id="crlf"),
        pytest.param("\ufeff" + HEAD + GOOD, ["f/a"], id="byte-order-mark"),
        pytest.param(HEAD.replace("[[rule]]", " [[ rule ]] # one") + GOOD, ["f/a"], id="spaced-head"),
        pytest.param(without("match") + BETWEEN, ["f/a"], id="table-of-its-own"),
        pytest.param(rule_with("match = '^\\W{0,3}foo\\x41?[\\p{Lu}]'\ncase = true"), ["f/a"], id="case"),
        pytest.param(rule_with(r"match = '^(?P<Name>foo)(?P=Name)\W\S\p{Lu}\N{EM DASH}'"), ["f/a"], id="no-capital"),
        pytest.param(rule_with("longest = 1"), ["f/a"], id="shortest"),
    ],
)
def test_valid(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert [rule.id for rule in load(tmp_path, text, "f.toml")] == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_taken(tmp_path: Path, kind: str) -> None:
    assert load(tmp_path, rule_with(f'kind = "{kind}"'))[0].kind == kind


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param("", ("example.org",), id="of-the-file"),
        pytest.param('sites = ["b.example"]\n', ("b.example",), id="own"),
        pytest.param("sites = []\n", (), id="none-after-all"),
    ],
)
def test_sites(tmp_path: Path, own: str, expected: tuple[str, ...]) -> None:
    text = 'sites = ["example.org"]\n' + HEAD + GOOD + own
    assert load(tmp_path, text)[0].sites == expected


PARTS = """format = 1
[parts]
day = "(?:mon|tue)day"
when = "on {{day}}"
"""


def test_parts_are_put_in(tmp_path: Path) -> None:
    rules = load(tmp_path, PARTS + "[[rule]]\n" + GOOD.replace("foo$", "{{when}}$"))
    assert rules[0].match == "^(?:on (?:(?:mon|tue)day))$"


# --- broken files: line and message -------------------------------------------------------------------------------

FILES = [
    pytest.param("format = 1\nrule = [\n", 3, "not TOML: Invalid value; see https://toml.io", id="cut-off"),
    pytest.param('format = 1\nx = "a\n', 2, "not TOML: Illegal character '\\n'; see https://toml.io", id="open-string"),
    pytest.param(
        "format = 1\nformat = 1\n", 2, "not TOML: Cannot overwrite a value; see https://toml.io", id="key-twice"
    ),
    pytest.param("a = " + "[" * 3000, 1, "not TOML: nested too deep; a rule file nests two deep", id="deep"),
    pytest.param(b"format = 1\n# caf\xe9\n", 2, "not UTF-8 (byte 0xe9); save the file as UTF-8", id="latin-1"),
    pytest.param("", 1, "no `format`; write `format = 1` on the first line", id="empty"),
    pytest.param("[[rule]]\n" + GOOD, 1, "no `format`; write `format = 1` on the first line", id="no-format"),
    pytest.param("# x\nformat = 2\n", 2, "`format` is 2; write `format = 1`", id="other-format"),
    pytest.param("format = true\n", 1, "`format` is True; write `format = 1`", id="format-true"),
    pytest.param('format = "1"\n', 1, "`format` is '1'; write `format = 1`", id="format-text"),
    pytest.param(
        "format = 1\n\n[[rules]]\n",
        3,
        "unknown key 'rules'; did you mean 'rule'? a file holds format, sites, parts and [[rule]] entries",
        id="rules",
    ),
    pytest.param(
        "format = 1\nkind = 'app'\n",
        2,
        "unknown key 'kind'; a file holds format, sites, parts and [[rule]] entries",
        id="kind-of-a-file",
    ),
    pytest.param(
        "format = 1\n\n[rule]\n" + GOOD, 3, "rules are written as [[rule]], with two brackets", id="one-bracket"
    ),
    pytest.param("format = 1\nrule = ['a']\n", 2, "rules are written as [[rule]], with two brackets", id="rule-texts"),
    pytest.param(
        'format = 1\nsites = "x.org"\n', 2, '`sites` must be a list of hosts, such as ["example.org"]', id="site-text"
    ),
    pytest.param(
        'format = 1\nsites = ["https://x.org"]\n',
        2,
        "site 'https://x.org'; write the host alone, in lower case, such as \"example.org\"",
        id="site-url",
    ),
    pytest.param(
        PARTS + 'late = "{{later}}"\n', 5, "unknown part 'later'; a part may use those above it", id="unknown-part"
    ),
]


@pytest.mark.parametrize(("text", "line", "what"), FILES)
def test_broken_file(tmp_path: Path, text: str | bytes, line: int, what: str) -> None:
    with pytest.raises(RuleError) as caught:
        load(tmp_path, text)
    assert str(caught.value) == f"{tmp_path / 'site/x.org.toml'}:{line}: {what}"


KIND_LIST = ", ".join(KINDS)
# What is set, the line of `what` after the good rule's other lines, the message.
RULES = [
    pytest.param('strip = ["a"]', f"unknown key 'strip'; did you mean 'strips'? allowed: {KEYS}", id="strip"),
    pytest.param("zzz = 1", f"unknown key 'zzz'; allowed: {KEYS}", id="nothing-near"),
    pytest.param("why = 1", "`why` must be a text", id="why-number"),
    pytest.param('case = "yes"', "`case` must be true or false", id="case-text"),
    pytest.param('fuzzy = "0.1"', "`fuzzy` must be a number", id="fuzzy-text"),
    pytest.param("longest = true", "`longest` must be a number", id="longest-true"),
    pytest.param('needs = "foo"', "`needs` must be a list of texts", id="needs-text"),
    pytest.param("needs = [1]", "`needs` must be a list of texts", id="needs-numbers"),
    pytest.param('sites = "x.org"', "`sites` must be a list of texts", id="sites-text"),
    pytest.param('between = "foo"', "`between` must be a table", id="between-text"),
    pytest.param('strips = "foo"', EXAMPLES.format("strips"), id="strips-text"),
    pytest.param("keeps = [1]", EXAMPLES.format("keeps"), id="keeps-numbers"),
    pytest.param('strips = [{ text = "a" }]', EXAMPLES.format("strips"), id="example-without-gives"),
    pytest.param('strips = [{ text = "a", gives = 1 }]', EXAMPLES.format("strips"), id="gives-number"),
    pytest.param('todo = [{ text = "a", gives = "", x = "" }]', EXAMPLES.format("todo"), id="example-with-more"),
    pytest.param('strips = ["foo", " "]', "`strips` holds an empty text; take it out", id="empty-example"),
    pytest.param(
        'id = "Foo"',
        "id 'Foo'; an id is lower-case letters, digits and hyphens, as 'newsletter-signup'",
        id="id-capital",
    ),
    pytest.param(
        'id = "a--b"',
        "id 'a--b'; an id is lower-case letters, digits and hyphens, as 'newsletter-signup'",
        id="id-hyphens",
    ),
    pytest.param('why = " "', "rule 'a' has no `why`; say in a sentence what puts this text there", id="why-blank"),
    pytest.param("strips = []", "rule 'a' has no `strips`; give at least one text that must go", id="no-strips"),
    pytest.param(
        'kind = "newsleter"', f"unknown kind 'newsleter'; did you mean 'newsletter'? allowed: {KIND_LIST}", id="kind"
    ),
    pytest.param('action = "remove"', "unknown action 'remove'; allowed: strip, keep, hint", id="action"),
    pytest.param(
        'scope = "segments"',
        "unknown scope 'segments'; did you mean 'segment'? allowed: segment, inline, block",
        id="scope",
    ),
    pytest.param(
        'level = "norml"', "unknown level 'norml'; did you mean 'normal'? allowed: cautious, normal, strict", id="level"
    ),
    pytest.param('site = "x"', f"unknown key 'site'; did you mean 'sites'? allowed: {KEYS}", id="site"),
    pytest.param(
        'sites = ["Example.org"]',
        "site 'Example.org'; write the host alone, in lower case, such as \"example.org\"",
        id="site-capital",
    ),
    pytest.param(
        'scope = "block"', "rule 'a' has `match`; scope \"block\" and `between` belong together", id="block-of-match"
    ),
    pytest.param(
        "fuzzy = 0.1", "`fuzzy` goes with phrases or between: a regex does not drift; leave it out", id="fuzzy"
    ),
    pytest.param('match = ""', "`match` is empty and would match everything; write a regex", id="match-empty"),
    pytest.param(
        "match = '^Foo'",
        "`match` has capitals, and rules read lower case; write it in lower case or set `case = true`",
        id="capital",
    ),
    pytest.param(
        r"match = '^\x46oo'",
        "`match` has capitals, and rules read lower case; write it in lower case or set `case = true`",
        id="hex-capital",
    ),
    pytest.param(
        "match = '^über|Äpfel'",
        "`match` has capitals, and rules read lower case; write it in lower case or set `case = true`",
        id="capital-ä",
    ),
    pytest.param(
        'needs = ["foo", ""]', "`needs` holds an empty text, which stands everywhere; take it out", id="needs"
    ),
    pytest.param("longest = 0", "`longest` is 0; a segment rule takes a whole number, 1 to 2000", id="longest-0"),
    pytest.param("longest = 2001", "`longest` is 2001; a segment rule takes a whole number, 1 to 2000", id="longest"),
    pytest.param(
        "longest = 1.5", "`longest` is 1.5; a segment rule takes a whole number, 1 to 2000", id="longest-half"
    ),
    pytest.param(
        "match = '{{day}}'", "unknown part 'day'; [parts] of the file and of parts.toml: none", id="unknown-part"
    ),
    pytest.param(
        "unless = '{{day}}'", "unknown part 'day'; [parts] of the file and of parts.toml: none", id="unless-part"
    ),
    pytest.param("unless = ''", "`unless` is empty and would match everything; write a regex", id="unless-empty"),
    pytest.param(
        "unless = 'Said'",
        "`unless` has capitals, and rules read lower case; write it in lower case or set `case = true`",
        id="unless-capital",
    ),
    pytest.param(
        "scope = \"inline\"\nunless = 'said'", '`unless` goes with scope "segment"; leave it out', id="unless-inline"
    ),
]


@pytest.mark.parametrize(("change", "what"), RULES)
def test_broken_rule(tmp_path: Path, change: str, what: str) -> None:
    text = rule_with(change)
    with pytest.raises(RuleError) as caught:
        load(tmp_path, text)
    assert str(caught.value) == f"{tmp_path / 'site/x.org.toml'}:{text.count(chr(10))}: {what}"


PHRASES = without("match")
MORE = [
    pytest.param(
        without("id"),
        3,
        "a rule without `id`; an id is lower-case letters, digits and hyphens, as 'newsletter-signup'",
        id="no-id",
    ),
    pytest.param(without("kind"), 3, f"rule 'a' has no `kind`; one of {KIND_LIST}", id="no-kind"),
    pytest.param(without("why"), 3, "rule 'a' has no `why`; say in a sentence what puts this text there", id="no-why"),
    pytest.param(
        without("keeps"),
        3,
        "rule 'a' has no `keeps`; give at least one near miss: article text that resembles it and must stay",
        id="no-keeps",
    ),
    pytest.param(
        without("match"), 4, "rule 'a' has no matcher; give one of phrases, match, between, selector", id="no-matcher"
    ),
    pytest.param(
        HEAD + GOOD + 'phrases = ["foo"]\n',
        4,
        "rule 'a' has phrases and match; give one of phrases, match, between, selector",
        id="two-matchers",
    ),
    pytest.param(PHRASES + "phrases = []\n", 9, "no phrase in `phrases`; give at least one", id="no-phrases"),
    pytest.param(
        PHRASES + 'phrases = ["{nam} asks"]\n',
        9,
        f"unknown slot {{nam}}; did you mean 'name'? allowed: {SLOTS}",
        id="slot",
    ),
    pytest.param(PHRASES + 'phrases = ["{}"]\n', 9, f"unknown slot {{}}; allowed: {SLOTS}", id="empty-slot"),
    pytest.param(
        PHRASES + 'phrases = ["- {name} -"]\n',
        9,
        "phrase '- {name} -' has no word of its own; phrases compare words",
        id="slots-alone",
    ),
    pytest.param(
        PHRASES + 'phrases = ["$ {number}"]\n',
        9,
        "phrase '$ {number}' has no word of its own; phrases compare words",
        id="sign-alone",
    ),
    pytest.param(PHRASES + 'phrases = ["foo"]\nfuzzy = 0.31\n', 10, "`fuzzy` is 0.31; give 0 to 0.3", id="fuzzy-high"),
    pytest.param(PHRASES + 'phrases = ["foo"]\nfuzzy = -1\n', 10, "`fuzzy` is -1; give 0 to 0.3", id="fuzzy-low"),
    pytest.param(PHRASES + 'phrases = ["foo"]\nfuzzy = nan\n', 10, "`fuzzy` is nan; give 0 to 0.3", id="fuzzy-nan"),
    pytest.param(
        PHRASES + 'phrases = ["foo"]\ncase = true\n',
        10,
        "`case` goes with match: phrases and cues are compared in lower case; leave it out",
        id="case-of-phrases",
    ),
    pytest.param(
        PHRASES + 'phrases = ["foo"]\nscope = "inline"\n',
        10,
        "rule 'a': an inline rule cuts by `match`; phrases take whole segments",
        id="inline-phrases",
    ),
    pytest.param(
        HEAD + GOOD + 'scope = "inline"\nwithin = true\n',
        11,
        '`within` goes with scope "segment"; leave it out',
        id="within-inline",
    ),
    pytest.param(
        PHRASES + 'scope = "segment"\n' + BETWEEN,
        9,
        "rule 'a' has `between`; scope \"block\" and `between` belong together",
        id="segment-of-between",
    ),
    pytest.param(
        PHRASES + '[rule.between]\nlast = ["foo"]\n',
        9,
        "`between` needs `first`: the phrases that open the block",
        id="no-first",
    ),
    pytest.param(
        PHRASES + "between = { first = [] }\n",
        9,
        "`between` needs `first`: the phrases that open the block",
        id="empty-first",
    ),
    pytest.param(
        PHRASES + BETWEEN + 'insides = ["foo"]\n',
        11,
        "unknown key 'insides' in `between`; did you mean 'inside'? allowed: first, inside, last, cues",
        id="insides",
    ),
    pytest.param(PHRASES + BETWEEN + 'last = "foo"\n', 11, "`between.last` must be a list of texts", id="last-text"),
    pytest.param(PHRASES + BETWEEN + 'cues = ["foo"]\n', 11, "`between.cues` must be a text", id="cues-list"),
    pytest.param(
        PHRASES + BETWEEN + 'inside = ["{who} asks"]\n', 11, f"unknown slot {{who}}; allowed: {SLOTS}", id="inside-slot"
    ),
    pytest.param(
        PHRASES + BETWEEN + "cues = 'Your'\n",
        11,
        "`cues` has capitals, and rules read lower case; write it in lower case",
        id="cues-capital",
    ),
    pytest.param(
        PHRASES + BETWEEN + "cues = ''\n", 11, "`cues` is empty and would match everything; write a regex", id="no-cues"
    ),
    pytest.param(
        HEAD + 'why = """\nkind = "zzz"\n[[rule]]\n"""\n' + GOOD.replace('why = "w"\n', "").replace("other", "zzz"),
        9,
        f"unknown kind 'zzz'; allowed: {KIND_LIST}",
        id="key-and-head-in-a-text",
    ),
    pytest.param(
        HEAD + GOOD + "\n# level = 'x'\n[[rule]]\n" + GOOD + 'level = "x"\n',
        19,
        "unknown level 'x'; allowed: cautious, normal, strict",
        id="second-rule",
    ),
    pytest.param(
        'format = 1\nrule = [{ id = "a", kind = "zzz", why = "w", strips = ["a"], keeps = ["b"], match = "a" }]\n',
        2,
        f"unknown kind 'zzz'; allowed: {KIND_LIST}",
        id="inline-rule",
    ),
]


@pytest.mark.parametrize(("text", "line", "what"), MORE)
def test_broken_rule_elsewhere(tmp_path: Path, text: str, line: int, what: str) -> None:
    with pytest.raises(RuleError) as caught:
        load(tmp_path, text)
    assert str(caught.value) == f"{tmp_path / 'site/x.org.toml'}:{line}: {what}"


PAGED = without("match", "strips", "keeps") + 'strips = ["<p class=a>foo</p>"]\nkeeps = ["<p>foo</p>"]\n'


def test_a_selector_arrives(tmp_path: Path) -> None:
    (rule,) = load(tmp_path, PAGED + 'selector = "p.A > a"\ntodo = [{ html = "<p>a</p>", gives = "b" }]\n')
    assert (rule.selector, rule.scope, rule.longest, rule.match) == ("p.A > a", "block", 3000, None)
    assert (rule.strips, rule.keeps, rule.todo) == (
        (Example("<p class=a>foo</p>", ""),), (Example("<p>foo</p>", "<p>foo</p>"),), (Example("<p>a</p>", "b"),)
    )  # fmt: skip


SNIPPETS = '`{}` must be a list of HTML snippets, or of {{ html = "...", gives = "..." }}'
LANGUAGE = "it may hold tags, .class, #id, [class*=part], :not(.class), with a space, > or a comma between"


@pytest.mark.parametrize(
    ("more", "what"),
    [
        pytest.param('selector = "p + a"', f"`selector` cannot be read from '+ a' on; {LANGUAGE}", id="sibling"),
        pytest.param('selector = ""', f"`selector` ends where something must follow; {LANGUAGE}", id="empty"),
        pytest.param("selector = 1", "`selector` must be a text", id="number"),
        pytest.param(
            'selector = ".a"\nfuzzy = 0.1', "`fuzzy` goes with rules that read text; leave it out", id="fuzzy"
        ),
        pytest.param('selector = ".a"\ncase = true', "`case` goes with rules that read text; leave it out", id="case"),
        pytest.param(
            'selector = ".a"\nwithin = true', "`within` goes with rules that read text; leave it out", id="within"
        ),
        pytest.param(
            'selector = ".a"\nneeds = ["a"]', "`needs` goes with rules that read text; leave it out", id="needs"
        ),
        pytest.param(
            'selector = ".a"\nunless = "a"', "`unless` goes with rules that read text; leave it out", id="unless"
        ),
        pytest.param(
            'selector = ".a"\nscope = "inline"',
            'rule \'a\' has `selector`, which takes whole blocks of a page; give scope "block" or "segment"',
            id="inline",
        ),
        pytest.param(
            'selector = ".a"\nscope = "segment"\nlongest = 2001',
            "`longest` is 2001; a segment rule takes a whole number, 1 to 2000",
            id="longest",
        ),
        pytest.param('selector = ".a"\ntodo = [{ text = "<p>", gives = "" }]', SNIPPETS.format("todo"), id="text"),
        pytest.param('selector = ".a"\ntodo = [{ html = "<p>" }]', SNIPPETS.format("todo"), id="no-gives"),
        pytest.param(
            'selector = ".a"\ntodo = ["foo"]',
            "`todo` of a selector must be HTML, such as '<aside class=\"donation\">Give.</aside>'",
            id="no-html",
        ),
    ],
)
def test_a_broken_selector_rule(tmp_path: Path, more: str, what: str) -> None:
    text = PAGED + more + "\n"
    with pytest.raises(RuleError) as caught:
        load(tmp_path, text)
    assert str(caught.value) == f"{tmp_path / 'site/x.org.toml'}:{text.count(chr(10))}: {what}"


def test_two_matchers_one_a_selector(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"x\.org\.toml:4: rule 'a' has match and selector; give one of phrases"):
        load(tmp_path, rule_with('selector = ".a"'))


# --- folders ------------------------------------------------------------------------------------------------------


def test_a_folder_in_the_order_of_its_paths(tmp_path: Path) -> None:
    for name in ("site/b.toml", "common/c.toml", "a.toml"):
        load(tmp_path, HEAD + GOOD, name)
    (tmp_path / "README.md").write_text("no rules here")
    assert [rule.id for rule in load_folder(tmp_path)] == ["a/a", "common/c/a", "site/b/a"]


SHARED = "format = 1\n[parts]\nsaid = 'he said'\n"
WITH_SHARED = HEAD + GOOD + "unless = ', {{said}}'\n"


def test_shared_parts(tmp_path: Path) -> None:
    (tmp_path / "parts.toml").write_text(SHARED)
    (alone,) = load(tmp_path, WITH_SHARED)
    (own,) = load(tmp_path, WITH_SHARED.replace("[[rule]]", "[parts]\nsaid = '(?:s{{said}})'\n[[rule]]"), "lang/a.toml")
    assert (alone.unless, own.unless) == (", (?:he said)", ", (?:(?:s(?:he said)))")
    both = load_folder(tmp_path)
    assert [rule.id for rule in both] == ["lang/a/a", "site/x.org/a"]
    assert [rule.unless for rule in both] == [own.unless, alone.unless]
    assert load_folder(tmp_path / "lang", tmp_path) == (own,)
    assert load_file(tmp_path / "lang/a.toml", tmp_path / "lang", tmp_path)[0].unless == own.unless


def test_parts_of_a_folder_below_are_rules(tmp_path: Path) -> None:
    load(tmp_path, HEAD + GOOD, "site/parts.toml")
    assert [rule.id for rule in load_folder(tmp_path)] == ["site/parts/a"]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        pytest.param(
            SHARED + HEAD[11:] + GOOD, 5, "unknown key 'rule'; parts.toml holds format and parts alone", id="rule"
        ),
        pytest.param(SHARED[11:], 1, "no `format`; write `format = 1` on the first line", id="format"),
        pytest.param(SHARED + "a = '{{b}}'\n", 4, "unknown part 'b'; a part may use those above it", id="part"),
    ],
)
def test_broken_shared_parts(tmp_path: Path, text: str, line: int, what: str) -> None:
    path = tmp_path / "parts.toml"
    path.write_text(text)
    with pytest.raises(RuleError) as caught:
        load(tmp_path, HEAD + GOOD)
    assert str(caught.value) == f"{path}:{line}: {what}"


def test_an_id_twice(tmp_path: Path) -> None:
    load(tmp_path, HEAD + GOOD + "\n[[rule]]\n" + GOOD, "f.toml")
    with pytest.raises(RuleError) as caught:
        load_folder(tmp_path)
    file = tmp_path / "f.toml"
    assert str(caught.value) == f"{file}:11: rule 'f/a' is already in {file}:3; give it another id"


def test_an_id_twice_over_files(tmp_path: Path) -> None:
    load(tmp_path, HEAD + GOOD.replace('"a"', '"b-c"'), "x.toml")
    load(tmp_path, HEAD + GOOD.replace('"a"', '"b-c"'), "y/x.toml")
    assert [rule.id for rule in load_folder(tmp_path)] == ["x/b-c", "y/x/b-c"]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        pytest.param("none", "no such folder; give the folder that holds rule files", id="missing"),
        pytest.param("file.toml", "no such folder; give the folder that holds rule files", id="a-file"),
        pytest.param("empty", "no rule file in it; rule files end in .toml", id="empty"),
    ],
)
def test_no_folder_of_rules(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.toml").write_text(HEAD + GOOD)
    with pytest.raises(RuleError) as caught:
        load_folder(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name}: {what}"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(None, "No such file or directory", id="missing"),
        pytest.param("folder", "Is a directory", id="folder"),
    ],
)
def test_unreadable(tmp_path: Path, make: str | None, why: str) -> None:
    path = tmp_path / "f.toml"
    if make:
        path.mkdir()
    with pytest.raises(RuleError) as caught:
        load_file(path, tmp_path)
    assert str(caught.value) == f"{path}: cannot be read: {why}"
