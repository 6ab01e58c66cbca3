"""The form in which git shows prompts: readable, and without loss."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from promptbits.cli.git.textconv import converted, main
from promptbits.prompts.comparing import compare
from promptbits.prompts.order import FIELDS
from promptbits.prompts.readable import readable, visible
from promptbits.prompts.values import read, same
from promptbits.text.document import Document
from promptbits.text.json_parser import MAX_DEPTH

ODD = st.text(
    st.sampled_from('ab\\u0d2{}[]"|-:. \n\r\t\x00\x1b\u200dé漢\u202e\u2028\ufeff\ud83d\U000e0041'), max_size=12
)
TEXTS = st.one_of(
    ODD, st.text(max_size=8), st.sampled_from(["1", "1.0", "true", "null", "[]", "- a", "|", "|-", "\\u0000"])
)
SCALARS = st.one_of(
    TEXTS, st.integers(-3, 10**20), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
NAMES = st.one_of(st.sampled_from([*FIELDS, "content:", "a b", "- x", ""]), TEXTS)
PROMPTS = st.builds(
    lambda fields, content: fields | {"content": content}, st.dictionaries(NAMES, VALUES, max_size=4), TEXTS
)


def shown(value) -> str:
    return converted(json.dumps(value).encode()).decode("utf-8", "surrogatepass")


def test_fields_then_variables_then_content():
    prompt = {
        "content": "# Title\n\nText with é and <<x>>.\n",
        "variables": {"x": {"type": "string", "default": "one\ntwo"}, "y": {}},
        "version": "14.0",
        "confidence": 0.70,
        "tags": ["a", "b"],
        "trigger": {"Custom": "t"},
        "extra": [f"item number {n} of many" for n in range(6)],
        "id": "one",
    }
    text = json.dumps(prompt).replace("0.7", "0.70")
    assert converted(text.encode()).decode() == (
        "id: one\ntrigger:\n  Custom: t\nconfidence: 0.70\n"
        'tags: ["a", "b"]\nversion: "14.0"\nextra:\n'
        + "".join(f"  - item number {n} of many\n" for n in range(6))
        + "variables:\n  x:\n    type: string\n    default: |-\n      one\n      two\n  y: {}\n"
        + "content:\n# Title\n\nText with é and <<x>>.\n"
    )


def test_what_cannot_be_seen_is_shown():
    assert visible("a\x1b[31m\u202e\u200b\ud800\U000e0041") == "a\\u001b[31m\\u202e\\u200b\\ud800\\udb40\\udc41"
    assert visible("a\r\nb\rc\n") == "a\r\nb\\u000dc\n"
    assert visible("\u3164\u034f\u206a") == "\\u3164\\u034f\\u206a"


def test_joiners_are_shown_beside_latin_letters_only():
    assert visible("a\u200db \u200c") == "a\\u200db \\u200c"
    words = "👩\u200d💻 ❤️\u200d🔥 می\u200cخواهم"
    assert visible(words) == words


@pytest.mark.parametrize("value", ["[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900, "[" * 100_000])
def test_what_is_nested_too_deep_is_shown_as_it_is(value):
    text = f'{{"content": "a", "x": {value}}}'.encode()
    assert converted(text) == text
    assert compare(text, text.replace(b'"x"', b'"y"')).is_raw


def test_prompts_are_as_deep_as_the_editor_reads_them():
    for depth in (MAX_DEPTH - 2, MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1):
        text = '{"content": "a", "x": ' + "[" * depth + "]" * depth + "}"
        assert (read(text.encode()) is not None) == Document(text).is_strict
    assert visible("\\u001b \\u00e9 \\u001B") == "\\uu001b \\u00e9 \\u001B"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[1]",
        b'{"id": "a"}',
        b'{"content": 1}',
        b'{"content": "a", "content": "b"}',
        b'{"content": "\xff"}',
        b'{"content": "a",}',
        b'{"content": "a", "x": NaN}',
        b"\xff\xfe{\x00}\x00",
        b"[" * 100_000,
        b'{"content": "a", "x": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_prompt_is_shown_as_it_is(data):
    assert converted(data) == data


def test_a_file_that_cannot_be_read_is_told(capfd, tmp_path):
    assert main([str(tmp_path / "none.json")]) == 2
    assert capfd.readouterr().err == f"promptbits: {tmp_path / 'none.json'}: No such file or directory\n"
    assert main([]) == 2


def test_an_older_setup_is_told_to_be_renewed(capfd, tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"content": "text"}')
    assert main(["--format", "0", str(path)]) == 0
    captured = capfd.readouterr()
    assert captured.out == "content:\ntext"
    assert "git-setup" in captured.err


@settings(max_examples=400, deadline=None)
@given(PROMPTS, PROMPTS)
@example({"content": "a"}, {"content": "a\n"})
@example({"content": "", "x": "a: b"}, {"content": "", "x": {"a": "b"}})
def test_two_prompts_never_look_the_same(one, other):
    first, second = read(json.dumps(one).encode()), read(json.dumps(other).encode())
    assert first is not None
    assert second is not None
    assert (shown(one) != shown(other)) or same(first, second)
    assert readable(first) == shown(json.loads(json.dumps(one)))


def test_none_of_many_tricky_values_looks_like_another():
    texts = [
        "",
        "a",
        "a\n",
        "a\nb",
        "\n",
        "\n\n",
        " a",
        "a ",
        "1",
        "-1",
        "1.0",
        "true",
        "null",
        '"a"',
        "[]",
        "{}",
        "- a",
    ]
    texts += [
        "|",
        "|-",
        "a: b",
        "b:",
        "\\u0000",
        "\0",
        "\\uu0000",
        "\r",
        "\r\n",
        "\ud83d",
        "\\ud83d",
        "content:",
        "x\n  y",
    ]
    scalars = [*texts, 1, 1.0, -1, True, False, None]
    values = [*scalars, [], {}, *([value] for value in scalars), *([value] * 60 for value in scalars)]
    values += [{text: value} for text in texts for value in scalars]
    values += [{"a": one, "b": other} for one in scalars for other in scalars]
    values += [[[]], [{}], {"a": []}, {"a": {}}, {"a": {"b": "a"}}, [["a"], "a"], [["a", "a"]], [{"a": "a"}]]
    unique = {json.dumps(value): value for value in values}
    assert len({shown({"content": "", "x": value}) for value in unique.values()}) == len(unique) > 1000


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=2, unique=True), NAMES.filter(lambda name: name != "content"))
def test_two_texts_never_look_the_same(texts, name):
    one, other = texts
    assert visible(one) != visible(other)
    assert shown({"content": "", name: one}) != shown({"content": "", name: other})
    assert shown({"content": "", name: {one: 1}}) != shown({"content": "", name: {other: 1}})
    assert shown({"content": "", name: [one] * 40}) != shown({"content": "", name: [other] * 40})


def test_the_builtin_prompts_are_shown():
    for path in (Path(__file__).resolve().parents[3] / "prompts/builtin").glob("*.json"):
        text = converted(path.read_bytes()).decode()
        assert text.endswith("content:\n" + json.loads(path.read_bytes())["content"])


def test_fields_come_in_canonical_order():
    prompt = dict.fromkeys(reversed(FIELDS), "text")
    lines = shown(prompt | {"variables": "text"}).split("\n")
    assert [line.partition(":")[0] for line in lines[:-1]] == [
        *(name for name in FIELDS if name not in ("variables", "content")),
        "variables",
        "content",
    ]


def test_a_file_that_is_half_written_is_shown_as_it_is():
    data = json.dumps({"id": "one", "content": 'a \\ "b" é\n', "variables": {"x": {"default": [1, None]}}}).encode()
    for end in range(len(data)):
        assert converted(data[:end]) == data[:end]
    assert converted(data) != data
