"""Whatever the bytes are: the checks never raise, mark what lies in the text, and keep the prompt out of messages."""

import json
import random
from typing import Any

import pytest
from check_helpers import HOME, document_of, prompt, snapshot, text_of
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.checks.engine import check
from promptbits.checks.finding import Finding
from promptbits.text.document import Document

CANARY = "xyzzy-canary"


def rich(repeat: int) -> str:
    """A prompt with emoji, escapes, code and placeholders whose text grows with `repeat`."""
    paragraph = (
        f"# Überprüfung 🔍 {CANARY}\n\nRead <<topic>> and {{{{ lines }}}} — 👩‍💻 “quoted” \\\\ \t \u2028 e\u0301\n\n"
        "```py\nprint('{{lines}}', 1 << 2)  # 日本語\n```\n\n- a\n  - `<<topic>`\n\n"
    )
    value = prompt(
        content=paragraph * repeat,
        description=f"Prüft {CANARY} 🔍",
        variables={"topic": {"description": CANARY, "default": "x"}, "lines": {"type": "integer", "default": 3}},
        tags=["a", "b-c"],
        version="14.0+",
        source={"LLMGenerated": {"model": "m", "timestamp": "2026-05-01T12:00:00Z"}},
    )
    # Half of it with escapes, as other writers spell it.
    half = json.dumps(value | {"content": paragraph * (repeat - repeat // 2)}, indent=2)
    plain = text_of({"content": paragraph * (repeat // 2)})
    return half.replace(
        '"variables"', f'"note": {json.dumps(json.loads(plain)["content"], ensure_ascii=False)},\n  "variables"'
    )


def checked(source: str | bytes | Document) -> list[Finding]:
    """The findings of a source, each held against what every finding must be."""
    shot = snapshot(document_of(source))
    found = check(shot)
    length = len(shot.document.text)
    for finding in found:
        assert 0 <= finding.start <= finding.end <= length, finding
        assert finding.message
        assert finding.message.isprintable()
        assert len(finding.message) <= 400
        # What became a name or a word outside of a string is shown, once and cut short.
        assert finding.message.count(CANARY) <= 1
        for related in finding.related:
            assert related.path is not None or 0 <= related.start <= related.end <= length
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.start <= edit.end <= length
    return found


def has_error(found: list[Finding]) -> bool:
    return any(finding.severity == "error" for finding in found)


SMALL = rich(10)
LARGE = rich(130)


def test_the_fixtures_are_of_the_sizes_they_should_be() -> None:
    assert 2_500 < len(SMALL.encode()) < 4_096
    assert 28_000 < len(LARGE.encode()) < 40_000
    assert not has_error(checked(SMALL))
    assert not has_error(checked(LARGE))


def test_a_small_file_cut_off_anywhere_has_an_error() -> None:
    for end in range(len(SMALL)):
        assert has_error(checked(SMALL[:end])), end


def test_bytes_cut_off_anywhere_have_an_error() -> None:
    data = SMALL.encode()
    for end in range(0, len(data), 3):
        assert has_error(checked(data[:end])), end


def test_a_large_file_cut_off_in_two_hundred_places_has_an_error() -> None:
    for end in random.Random(2).sample(range(len(LARGE)), 200):
        assert has_error(checked(LARGE[:end])), end


def test_the_end_of_a_file_without_its_beginning() -> None:
    for start in random.Random(3).sample(range(1, len(SMALL)), 300):
        assert has_error(checked(SMALL[start:])), start


MARKS = st.sampled_from(
    [*"{}[]\",:\\/#'\n\r\t ", "<<", ">>", "{{", "}}", "```", "\u2028", "\ufeff", "\0", "\ud800", "🔍", "1e999"]
)
EDITS = st.lists(
    st.tuples(st.integers(0, len(SMALL)), st.integers(0, 40), st.text(max_size=3) | MARKS | st.just('"id": 5,')),
    max_size=6,
)


@settings(max_examples=4000, deadline=None)
@given(EDITS)
def test_random_edits(edits: list[tuple[int, int, str]]) -> None:
    text = SMALL
    for start, length, new in edits:
        text = text[:start] + new + text[start + length :]
    checked(text)


@settings(max_examples=4000, deadline=None)
@given(st.text(st.sampled_from('{}[]",:\\ab1. \n\tu0<>`$'), max_size=60))
def test_random_text(text: str) -> None:
    found = checked(text)
    try:
        value = json.loads(text)
    except ValueError:
        assert has_error(found)
    else:
        assert has_error(found) or isinstance(value, dict)


@settings(max_examples=4000, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SMALL.encode()) - 1), st.binary(min_size=1, max_size=4)), max_size=5))
def test_random_bytes(changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(SMALL.encode())
    for at, new in changes:
        data[at : at + len(new)] = new
    document = Document.from_bytes(bytes(data))
    found = checked(document)
    try:
        bytes(data).decode()
    except UnicodeDecodeError:
        assert "invalid-encoding" in [finding.code for finding in found]


@given(st.binary(max_size=200))
def test_bytes_of_any_kind(data: bytes) -> None:
    assert has_error(checked(data))


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = [
    *("$schema", "id", "description", "trigger", "category", "content", "variables", "confidence", "source"),
    *("tags", "version", "revision", "parent", "related", "model"),
]


@settings(max_examples=4000, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), JSON_VALUES, max_size=5))
def test_any_value_in_any_place(changes: dict[str, Any]) -> None:
    checked(json.dumps(prompt(**changes)))


# Sizes and extremes


def test_five_megabytes_of_content() -> None:
    found = checked(prompt_with("word 🔍 <<topic> {{ x }} `code`\n" * 170_000))
    assert "oversized-content" in [finding.code for finding in found]
    assert len(found) < 500


@pytest.mark.parametrize(
    "piece", ["<", "<<", "{{", "{{{", "`", "```\n", "\\", "<<a", "{{ a ", "\u200b", "- ", "> ", "ghp_", "<<<<<<< a\n"]
)
def test_no_text_makes_the_checks_slow(piece: str) -> None:
    # Each would take minutes at a cost that grows with the square of the length; the time limit is the assertion.
    checked(prompt_with(piece * (500_000 // len(piece))))


def test_ten_thousand_levels() -> None:
    for opener, closer in (("[", "]"), ('{"a":', "}")):
        assert has_error(checked(opener * 10_000))
        assert has_error(checked(opener * 10_000 + "1" + closer * 10_000))
        nested = text_of(prompt(extra=0)).replace('"extra": 0', f'"variables": {opener * 10_000}1{closer * 10_000}')
        assert has_error(checked(nested))


@pytest.mark.parametrize(
    "number", ["1e400", "-1e400", "9" * 5000, "-" + "9" * 5000, "1" + "0" * 400, "0." + "0" * 5000 + "1"]
)
def test_numbers_beyond_float_in_every_place(number: str) -> None:
    for key in KEYS:
        for value in (number, f"[{number}]", f'{{"a": {number}}}', f'{{"type": {number}, "default": {number}}}'):
            members = {name: json.dumps(item) for name, item in prompt().items()} | {key: value}
            text = "{" + ", ".join(f'"{name}": {item}' for name, item in members.items()) + "}"
            found = checked(text)
            # Ever so small is no error, wherever a number may stand.
            assert has_error(found) or number.startswith("0."), (key, value)


@pytest.mark.parametrize("line_end", ["\r", "\r\n", "\n", "\u2028", "\x85", "\x0b"])
def test_line_ends_of_every_kind(line_end: str) -> None:
    found = checked(SMALL.replace("\n", line_end))
    assert has_error(found) == (line_end in ("\u2028", "\x85", "\x0b"))


@pytest.mark.parametrize(
    "source",
    ["", " ", "\ufeff", "\0", "\ud800", "{", "}", '"', "'", "\\", "/*", "<<<<<<< a", b"\xff", b"\xff\xfe", b"\0" * 50],
)
def test_files_of_next_to_nothing(source: str | bytes) -> None:
    assert has_error(checked(source))


def test_a_lone_surrogate_in_every_place() -> None:
    for key in KEYS:
        for value in ("\ud800", ["\udfff"], {"\ud800": "\udc00"}, {"a\ud800": {"type": "\ud800", "default": "\ud800"}}):
            checked(json.dumps(prompt(**{key: value})))
    checked(text_of(prompt(content="a\ud800b <<topic> \udfff```", variables={"topic": {}, "\ud800": {}})))


# What messages keep to themselves


def prompt_with(content: str) -> str:
    return text_of(prompt(content=content, variables={"topic": {}, "a": {}}))


def test_no_message_repeats_the_content_or_a_value() -> None:
    secret = "gh" + "p_" + "9fK2mQ7vXz4LpW8sTn3YbJ6cHd1GrUe5AoCi"
    content = (
        f"{CANARY} <<topic> {{{{ {CANARY} | x }}}} {secret} \u200b{CANARY}\n\n"
        f"<<<<<<< {CANARY}\n=======\n>>>>>>> {CANARY}\n"
        f"{CANARY} <<wrong>> {{{{ x }}}}\n\n```{CANARY}\n"
    ) + CANARY * 4000
    value = prompt(
        content=content,
        description=f"{CANARY}\n{CANARY}",
        variables={"topic": {"type": "integer", "default": CANARY, "description": 5}, "unused": {"examples": CANARY}},
        confidence=CANARY,
        category=5,
        tags=[5, "Ok"],
        model={"name": [CANARY], "temperature": CANARY},
        source={"LLMGenerated": {"model": 5, "timestamp": CANARY}},
    )
    text = text_of(value)
    found = checked(text)
    assert not any(CANARY in finding.message for finding in found)
    codes = {finding.code for finding in found}
    assert codes >= {"wrong-type", "invalid-value", "secret-in-content", "hidden-characters", "conflict-marker"}
    assert codes >= {
        "unclosed-fence",
        "malformed-placeholder",
        "undeclared-variable",
        "unused-variable",
        "default-type",
    }
    for broken in (text.replace('"content": "', '"content": ', 1), text.replace(CANARY, f'{CANARY}" {CANARY}', 1)):
        for finding in check(snapshot(broken, HOME)):
            # A word or two at the place of the error, as it stands there.
            assert finding.message.count(CANARY) <= 1


def test_a_message_about_a_name_shows_no_more_than_its_beginning() -> None:
    name = "n" * 10_000
    for value in (
        prompt(**{name: 1}),
        prompt(id=name),
        prompt(parent=name),
        prompt(related=[name]),
        prompt(tags=["A" + name]),
        prompt(trigger={name: "x"}),
        prompt(source={name: {}}),
        prompt(source={"LLMGenerated": {name: 1}}),
        prompt(content=f"<<{name}>>", variables={"x": {}}),
        prompt(variables={name: {"type": name, "default": 5, "enum": [name, 5]}}),
        prompt(variables={"a b" + name: {}}),
        prompt(version=name),
        prompt(model={name: 1}),
    ):
        found = checked(text_of(value))
        assert found
        assert all(len(finding.message) < 250 for finding in found)
        assert all(len(finding.fix.title) < 120 for finding in found if finding.fix)
