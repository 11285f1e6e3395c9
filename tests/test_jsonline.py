"""JSON edited in place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.records.jsonline import JsonLine, dumps
from cleaner.types import InputError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def put(line: str, *values: tuple[str, object]) -> str:
    record = JsonLine(line)
    for name, value in values:
        record.put(name, value)
    return record.written()


def test_what_is_not_written_keeps_its_characters() -> None:
    line = '{"n":1.50 ,"big":12345678901234567890123, "e" : 1E5, "s":"\\u00e9\\/", "t":"old","x":[1, 2]} '
    assert put(line, ("t", "new")) == line.replace('"old"', '"new"')


@pytest.mark.parametrize(
    ("line", "name", "gives"),
    [
        ("{}", "a", '{"a": 1}'),
        ('{"b":2}', "a", '{"b":2, "a": 1}'),
        ('{"m":{}}', "m.a", '{"m":{"a": 1}}'),
        ('{"m":{"b":{"a":0}}}', "m.b.a", '{"m":{"b":{"a":1}}}'),
        ("{}", "m.b.a", '{"m": {"b": {"a": 1}}}'),
        ('{"a":0,"a":5}', "a", '{"a":0,"a":1}'),
    ],
)
def test_a_value_goes_where_the_names_lead(line: str, name: str, gives: str) -> None:
    assert put(line, (name, 1)) == gives


def test_several_new_values_stand_in_the_order_they_were_put() -> None:
    assert put('{"m":{"x":0}}', ("b", 1), ("a", 2), ("m.y", 3)) == '{"m":{"x":0, "y": 3}, "b": 1, "a": 2}'


def test_a_value_that_is_no_object_holds_no_other() -> None:
    with pytest.raises(InputError, match=r"'m' is a number, not an object"):
        put('{"m":3}', ("m.a", 1))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "not a JSON object"),
        ("[1]", "not a JSON object"),
        ('{"a":1', "a comma is missing at character 6"),
        ('{"a"', "a colon is missing"),
        ('{"a":}', "a value is missing at character 5"),
        ('{"a":1,}', "a name in double quotes is missing"),
        ("{a:1}", "a name in double quotes is missing"),
        ('{"a":1} x', "something follows the object at character 8"),
        ('{"a":"b', "Unterminated string"),
        ('{"a":' + "[" * 100_000, "nested too deep"),
    ],
)
def test_what_is_wrong_is_said(line: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        JsonLine(line)


@given(st.dictionaries(st.text(), JSON, max_size=5), st.text(min_size=1).filter(lambda name: "." not in name), JSON)
def test_it_reads_and_writes_what_json_does(record: dict[str, object], name: str, value: object) -> None:
    line = json.dumps(record)
    assert json.loads(put(line, (name, value))) == record | {name: value}
    assert JsonLine(line).names() == list(record)


def test_half_a_surrogate_pair_can_be_written() -> None:
    assert dumps("\ud800é").encode() == b'"\\ud800\\u00e9"'
    assert dumps("é") == '"é"'
