"""Renaming a variable in one prompt, and typing over all its names at once."""

import json
from contextlib import suppress

import pytest
from caret import at_caret
from renaming_workspace import applied

from promptbits.checks.snapshot import Snapshot
from promptbits.language.places import RefusedError
from promptbits.language.renaming import prepare, rename
from promptbits.language.renaming.linked import linked


def renamed(source: str, new: str) -> str:
    """The text after the variable at the caret was renamed."""
    snapshot, offset = at_caret(source)
    change = rename(snapshot, offset, new, lambda _: None, can_rename_files=True)
    assert [each.path for each in change.edits] == [None]
    assert not change.renamed
    return applied(snapshot.document.text, change.edits[0].edits)


CONTENT = r"\u0041 <<topic>>, {{ topic\t}} 🚀 \\<<topic>> <<topic.b>>\n\n```\n{{topic}} <<topic>>\n```"
AFTER = r"\u0041 <<x.y>>, {{ x.y\t}} 🚀 \\<<topic>> <<topic.b>>\n\n```\n{{x.y}} <<x.y>>\n```"


def with_key(content: str, key: str) -> str:
    """A prompt of that content, written as it stands in the file, that declares a name."""
    return f'{{"content": "{content}", "variables": {{"{key}": {{"default": "topic"}}, "topic.b": {{}}}}}}'


@pytest.mark.parametrize(
    "source",
    [
        with_key(CONTENT.replace("<top", "<|top", 1), "topic"),
        with_key(CONTENT, "to|pic"),
        with_key(CONTENT, "topic|"),
    ],
)
def test_every_place_keeps_its_marks(source: str) -> None:
    assert renamed(source, "x.y") == with_key(AFTER, "x.y")


def test_a_variable_that_is_not_declared() -> None:
    assert renamed('{"content": "<<a|>> <<a>> <<b>>"}', "c") == '{"content": "<<c>> <<c>> <<b>>"}'


def test_names_written_with_escapes() -> None:
    source = r'{"content": "<<t\u006fpic>> <<top|ic>>", "variables": {"t\u006fpic": {}}}'
    assert renamed(source, "x") == '{"content": "<<x>> <<x>>", "variables": {"x": {}}}'
    snapshot, offset = at_caret(source)
    found = prepare(snapshot, offset)
    assert found is not None
    assert found.text == "topic"


def test_a_key_that_cannot_name_a_variable_gets_a_name_that_can() -> None:
    assert renamed('{"content": "x", "variables": {"my |topic": {}}}', "topic").endswith('{"topic": {}}}')


def test_a_key_without_quotes_is_to_be_mended_first() -> None:
    source = '{"content": "<<a|>>", variables: {a: {}}}'
    with pytest.raises(RefusedError, match="JSON is broken"):
        renamed(source, "b")


def test_errors_elsewhere_do_not_matter() -> None:
    assert renamed('{"content": "<<a|>>", "variables": {"a": {}}, "tags": ["x",]', "b").startswith(
        '{"content": "<<b>>", "variables": {"b": {}}'
    )


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("my topic", "letters, digits and _"),
        ("1st", "letters, digits and _"),
        ("a..b", "letters, digits and _"),
        ("", "letters, digits and _"),
        ("declared", 'a variable "declared" already'),
        ("used", 'uses "used" already'),
        ("code", "fenced code"),
    ],
)
def test_refused(new: str, reason: str) -> None:
    source = r'{"content": "<<to|pic>> <<used>>\n\n```\n{{code}}\n```",' ' "variables": {"topic": {}, "declared": {}}}'
    with pytest.raises(RefusedError, match=reason):
        renamed(source, new)


def test_fenced_code_matters_only_once_the_name_is_declared() -> None:
    source = r'{"content": "<<to|pic>>\n\n```\n{{code}} {{topic}}\n```", "variables": {"a": {}}}'
    assert r"<<new>>\n\n```\n{{code}} {{topic}}" in renamed(source, "new")
    # Not declared, the new name stays prose in the fence: but then it would read as the same variable.
    assert r"<<code>>\n\n```\n{{code}} {{topic}}" in renamed(source, "code")


@pytest.mark.parametrize(
    "source",
    [
        '{"content": "<<a|>> "quoted" <<a>>", "variables": {"a": {}}}',
        '{"content": "<<a|>> and\n "variables": {"a": {}}}',
        '{"content": "<<a|>>", "variables": {"b": {}, "a" {',
        '{"content": "<<a|>>", "variables": ',
    ],
)
def test_refused_while_the_json_is_broken(source: str) -> None:
    snapshot, offset = at_caret(source)
    with pytest.raises(RefusedError, match="JSON is broken"):
        prepare(snapshot, offset)
    assert linked(snapshot, offset) is None


def typed_over(source: str) -> list[str] | None:
    """What the linked ranges read, each with what stands around it; None where nothing is linked."""
    snapshot, offset = at_caret(source)
    found = linked(snapshot, offset)
    if found is None:
        return None
    text = snapshot.document.text
    assert len({text[start:end] for start, end in found.ranges}) == 1
    assert any(start <= offset <= end for start, end in found.ranges)
    return [text[start - 1 : end + 1] for start, end in found.ranges]


def test_linked_names() -> None:
    places = ["<topic>", " topic ", '"topic"']
    assert typed_over('{"content": "<<to|pic>> {{ topic }}", "variables": {"topic": {}}}') == places
    assert typed_over('{"content": "<<topic>> {{ topic }}", "variables": {"topic|": {}}}') == places
    assert typed_over('{"content": "<<|to>> <<to>>", "variables": {"topic": {}}}') == ["<to>", "<to>"]
    assert typed_over('{"content": "<<t|o>> <<to>>"}') == ["<to>", "<to>"]


@pytest.mark.parametrize(
    "source",
    [
        '{"content": "<<to|pic>>", "variables": {"other": {}}}',
        r'{"content": "<<to|pic>>", "variables": {"t\u006fpic": {}}}',
        '{"id": "to|pic", "content": "<<topic>>", "parent": "topic"}',
        '{"tags": ["to|pic", "topic"]}',
        # A name on its way to becoming another one, which must not take a variable along.
        '{"content": "<<file>> <<file|>>", "variables": {"file": {}}}',
        '{"content": "<<file>>", "variables": {"file": {}, "fi|le": {}}}',
        '{"content": "<<file>> <<file_name>>", "variables": {"file|": {}}}',
    ],
)
def test_nothing_is_linked(source: str) -> None:
    assert typed_over(source) is None


def test_cut_off_at_every_offset() -> None:
    text = json.dumps({"id": "a", "content": "# <<topic>> {{ x }}\n```\n{{x}}\n", "variables": {"topic": {}, "x": {}}})
    text += json.dumps({"parent": "b", "related": ["c", "a"], "tags": ["t", "u"]})
    for end in range(len(text)):
        snapshot, _ = at_caret(text[:end] + "|")
        for offset in range(end % 5, end + 1, 5):
            look_at(snapshot, offset)


def look_at(snapshot: Snapshot, offset: int) -> None:
    with suppress(RefusedError):
        found = prepare(snapshot, offset)
        assert found is None or 0 <= found.start <= found.end <= len(snapshot.document.text)
    with suppress(RefusedError):
        rename(snapshot, offset, "new", lambda _: None, can_rename_files=True)
    found = linked(snapshot, offset)
    assert found is None or len(found.ranges) > 1
