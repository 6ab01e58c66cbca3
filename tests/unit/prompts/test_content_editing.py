"""Content as a text of its own: what goes back touches nothing else, and is escaped as the file escapes."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.prompts.content import UnfitError, content_edits, decoded, unfit, with_content, with_line_ends
from promptbits.text.document import Document
from promptbits.text.json_escapes import EscapeStyle, style_of

# Each piece of source with what it decodes to; several ways to write one character.
PIECES = {
    r"\u00e9": "é",
    "é": "é",
    r"\/": "/",
    "/": "/",
    r"\n": "\n",
    r"\u000a": "\n",
    r"\r\n": "\r\n",
    r"\ud83d\ude00": "😀",
    "😀": "😀",
    r"\"": '"',
    r"\u0041": "A",
    "a": "a",
    "<<x>>": "<<x>>",
    r"\\": "\\",
    "\u2028": "\u2028",
}
SOURCES = st.lists(st.sampled_from(sorted(PIECES)), max_size=12)
LINES = st.lists(SOURCES.map(lambda pieces: "".join(pieces) + r"\n"), max_size=6)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=15)


def document(content: str) -> Document:
    return Document.from_text('{"id": "\\u00e9é",\t"content": "' + content + '" , "tags": ["\\/"]}\n')


@settings(max_examples=400)
@given(SOURCES, TEXTS)
def test_any_content_becomes_any_other_and_nothing_outside_of_it_changes(pieces: list[str], text: str) -> None:
    before = document("".join(pieces))
    after = with_content(before, text)
    assert json.loads(after.text) == json.loads(before.text) | {"content": text}
    node = before.tree.find(("content",))
    assert node is not None
    assert after.text.startswith(before.text[: node.start + 1])
    assert after.text.endswith(before.text[node.end - 1 :])


@settings(max_examples=400)
@given(LINES, st.data())
def test_lines_that_are_not_touched_keep_their_bytes(sources: list[str], data: st.DataObject) -> None:
    sources = [f"{number}{each}" for number, each in enumerate(sources)]  # no two alike: it is clear which one stays
    before = document("".join(sources))
    kept = [data.draw(st.booleans()) for _ in sources]
    # Lines that went are replaced by one that no other is like.
    text = "".join(json.loads(f'"{each}"') if keep else "XYZ\n" for each, keep in zip(sources, kept, strict=True))
    after = with_content(before, text).text
    assert json.loads(after)["content"] == text
    blocks = re.split("X", "".join(each if keep else "X" for each, keep in zip(sources, kept, strict=True)))
    at = 0
    for block in blocks:
        found = after.find(block, at)
        assert found >= 0, (block, after)
        at = found + len(block)


def test_no_edit_where_nothing_changed() -> None:
    before = document(r"caf\u00e9 é \/")
    assert content_edits(before, decoded(before)) == []


@pytest.mark.parametrize(
    ("source", "style", "written"),
    [
        (r'"caf\u00e9"', EscapeStyle(beyond_ascii=True), r"\u00fc \ud83d\ude00 /"),
        (r'"caf\u00E9"', EscapeStyle(beyond_ascii=True, upper_case=True), r"\u00FC \uD83D\uDE00 /"),
        (r'"caf\u00e9 ü"', EscapeStyle(), "ü 😀 /"),
        (r'"a \u001b"', EscapeStyle(), "ü 😀 /"),
        (r'"a\/b"', EscapeStyle(slashes=True), r"ü 😀 \/"),
        (r'"a\/b/c"', EscapeStyle(), "ü 😀 /"),
        (r'"a\\/b"', EscapeStyle(), "ü 😀 /"),
        ('"plain"', EscapeStyle(), "ü 😀 /"),
    ],
)
def test_new_text_is_escaped_as_the_file_escapes(source: str, style: EscapeStyle, written: str) -> None:
    assert style_of(source) == style
    assert style.encode("ü 😀 /") == written


@given(TEXTS, st.booleans(), st.booleans(), st.booleans())
def test_every_style_is_json(text: str, beyond: bool, upper: bool, slashes: bool) -> None:
    inside = EscapeStyle(beyond_ascii=beyond, upper_case=upper, slashes=slashes).encode(text)
    assert json.loads(f'"{inside}"') == text


ENDED = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["\n", "\r\n", "\r"])), max_size=8)


@settings(max_examples=400)
@given(ENDED, st.sampled_from(["\n", "\r\n"]))
def test_line_ends_that_an_editor_made_alike_come_back(lines: list[tuple[str, str]], editors: str) -> None:
    before = "".join(text + end for text, end in lines)
    shown = re.sub(r"\r\n|\n|\r", editors, before)
    if len({end for _, end in lines}) > 1 or "\r" in {end for _, end in lines}:
        assert with_line_ends(before, shown) == before
    else:
        assert with_line_ends(before, shown) == shown


@settings(max_examples=400)
@given(ENDED, ENDED)
def test_only_line_ends_differ_from_what_the_editor_wrote(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    new = "".join(f"{text}\n" for text, _ in after)
    result = with_line_ends("".join(text + end for text, end in before), new)
    assert re.sub(r"\r\n|\n|\r", "\n", result) == new


def test_a_line_added_among_mixed_ends() -> None:
    assert with_line_ends("a\r\nb\nc\r\n", "a\nnew\nb\nc\n") == "a\r\nnew\r\nb\nc\r\n"
    assert with_line_ends("a\nb", "a\r\nb") == "a\r\nb"  # somebody's wish: there was only one kind


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (r'{"content": "a\u0000"}', "NUL"),
        (r'{"content": "a\ud800"}', "surrogate"),
        ('{"content": "a\\q"}', "mend the JSON"),
        ('{"content": "a', "mend the JSON"),
        ('{"content": 1}', "no content"),
        ("{}", "no content"),
    ],
)
def test_what_no_editor_can_hold_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnfitError, match=reason):
        decoded(Document.from_text(text))


def test_the_rest_of_the_file_may_be_half_typed() -> None:
    half = Document.from_text('{"id": , "content": "a\\nb", "tags": [')
    assert decoded(half) == "a\nb"
    assert with_content(half, "a\nc").text == '{"id": , "content": "a\\nc", "tags": ['


def test_what_may_not_be_written_back() -> None:
    assert unfit("fine é 😀\r\n") is None
    assert "NUL" in (unfit("a\0") or "")
    assert "surrogate" in (unfit("a\udc00") or "")
