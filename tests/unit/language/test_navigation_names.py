"""Definition, references and highlights of variables, ids and tags."""

from __future__ import annotations

import pytest
from navigation_helpers import Workspace

from promptbits.language.navigation.definition import definition
from promptbits.language.navigation.highlights import highlights
from promptbits.language.navigation.references import references

FILES = {
    "custom/base": {"id": "base", "tags": ["x"], "related": ["other", "base"]},
    "learned/base-v2": {"id": "base-v2", "parent": "base", "tags": ["x", "y"]},
    "builtin/base": {"id": "base", "related": ["base-v2"]},
    "custom/other": {"id": "other", "related": ["base", "base-v2", "base"]},
    "custom/apart": {"id": "apart", "tags": ["y"]},
}
CONTENT = (
    '{"id": "new", "content": "é\\n<<na|me>> {{ name }} \\\\<<name>> <<other>>", "variables": {"name": {}, "b": {}}}'
)


def defined(source: str, name: str | None = "custom/new") -> list[str]:
    workspace = Workspace(FILES)
    snapshot, offset = workspace.opened(name, source)
    return workspace.shown(snapshot, definition(snapshot, offset, workspace.read))


def referred(source: str, name: str | None = "custom/new", *, declaration: bool = True) -> list[str]:
    workspace = Workspace(FILES)
    snapshot, offset = workspace.opened(name, source)
    found = references(snapshot, offset, workspace.read, declaration)
    assert len(set(found)) == len(found)
    return workspace.shown(snapshot, found)


@pytest.mark.parametrize(
    "source",
    [CONTENT, CONTENT.replace("|", "").replace('"name"', '"na|me"'), CONTENT.replace("|", "").replace("{{ n", "{{ n|")],
)
def test_a_variable_is_declared_by_its_key(source: str) -> None:
    assert defined(source) == ["variables: name"]


def test_what_is_not_declared_has_no_definition() -> None:
    assert defined(CONTENT.replace("|", "").replace("<<other", "<<oth|er")) == []
    assert defined('{"content": "<<na|me>>"}') == []
    assert defined('{"content": "<<name>> wo|rd", "variables": {"name": {}}}') == []
    assert defined('{"parent": "no-such-pro|mpt"}') == []
    assert defined('{"tags": ["x|"]}') == ["tags: x"], "itself: editors then show where it is used"


@pytest.mark.parametrize("source", ['{"id": "n", "parent": "|base"}', '{"id": "n", "related": ["x", "base|"]}'])
def test_an_id_leads_to_the_file_that_wins(source: str) -> None:
    assert defined(source) == ["custom/base id: base"]


def test_the_own_id_leads_to_itself_and_where_it_loses_to_the_others() -> None:
    assert defined('{"id": "new|"}') == ["id: new"]
    assert defined('{"id": "|base"}', "custom/base") == ["id: base"]
    assert defined('{"id": "|base"}', "builtin/base") == ["custom/base id: base", "id: base"]
    assert defined('{"id": "|base"}', "learned/base") == ["custom/base id: base", "id: base", "builtin/base id: base"]
    assert defined('{"id": "|base"}', None) == ["custom/base id: base", "builtin/base id: base", "id: base"]
    assert defined('{"id": "unsaved", "related": ["unsa|ved"]}', None) == ["id: unsaved"]


def test_a_loser_that_names_its_own_id_means_the_winner() -> None:
    assert defined('{"id": "base", "related": ["bas|e"]}', "builtin/base") == ["custom/base id: base"]


def test_uses_of_a_variable() -> None:
    uses = ["content: name", "content: name"]
    assert referred(CONTENT) == [*uses, "variables: name"]
    assert referred(CONTENT, declaration=False) == uses
    assert referred('{"content": "<<na|me>>"}') == ["content: name"]


def test_references_to_an_id_sorted_by_file() -> None:
    uses = ["custom/base related: base", "parent: base", "custom/other related: base", "custom/other related: base"]
    expected = ["custom/base id: base", *uses, "learned/base-v2 parent: base"]
    assert referred('{"id": "n", "parent": "bas|e"}', "custom/n") == expected
    assert referred('{"id": "n", "parent": "bas|e"}', "custom/n", declaration=False) == expected[1:]


def test_references_take_this_document_from_the_editor() -> None:
    source = '{"id": "base|", "related": []}'
    others = ["custom/other related: base", "custom/other related: base", "learned/base-v2 parent: base"]
    assert referred(source, "custom/base") == ["id: base", *others]
    workspace = Workspace(FILES)
    snapshot, offset = workspace.opened("custom/base", source)
    references(snapshot, offset, workspace.read, True)
    assert sorted(workspace.reads) == [Workspace.path("custom/other"), Workspace.path("learned/base-v2")]


def test_references_to_a_tag() -> None:
    source = '{"id": "n", "tags": ["z", "|x"]}'
    expected = ["custom/base tags: x", "tags: x", "learned/base-v2 tags: x"]
    assert referred(source, "custom/n") == expected
    assert referred(source, None) == ["tags: x", "custom/base tags: x", "learned/base-v2 tags: x"]


def test_files_that_changed_meanwhile_say_what_stands_there_now() -> None:
    workspace = Workspace(FILES)
    snapshot, offset = workspace.opened("custom/n", '{"id": "n", "parent": "|base"}')
    later = Workspace(
        {
            "custom/other": {"related": ["base"]},
            "learned/base-v2": '{"parent": [',
            "builtin/base": FILES["builtin/base"],
        }
    )
    found = references(snapshot, offset, later.read, True)
    assert later.shown(snapshot, found) == ["builtin/base id: base", "parent: base", "custom/other related: base"]


def lit(source: str) -> list[tuple[str, str]]:
    snapshot, offset = Workspace({}).opened("custom/new", source)
    text = snapshot.document.text
    return [(text[each.start : each.end], each.kind) for each in highlights(snapshot, offset)]


def test_highlights() -> None:
    assert lit(CONTENT) == [("name", "read"), ("name", "read"), ("name", "write")]
    assert lit('{"id": "a", "parent": "a|", "related": ["a", "b"]}') == [("a", "write"), ("a", "read"), ("a", "read")]
    assert lit('{"id": "a", "tags": ["|a", "b", "a"]}') == [("a", "text"), ("a", "text")]
    assert lit('{"id": "a", "descri|ption": "a"}') == []


def test_a_word_before_a_name_is_not_the_name() -> None:
    assert lit('{"content": "<<a>> b| <<b>>"}') == []
