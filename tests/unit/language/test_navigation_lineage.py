"""The type hierarchy: which prompt stands at the cursor, what it evolved from, and what evolved from it."""

from __future__ import annotations

import pytest
from navigation_helpers import Workspace

from promptbits.language.navigation.lineage import lineage_item, subtypes, supertypes
from promptbits.prompts.entry import Entry

FILES = {
    "custom/a": {"id": "a"},
    "builtin/a": {"id": "a", "parent": "z"},
    "learned/a-v3": {"id": "a-v3", "parent": "a", "revision": 3},
    "learned/a-v2": {"id": "a-v2", "parent": "a", "revision": 2},
    "builtin/a-v2": {"id": "a-v2", "parent": "a", "revision": 9},
    "builtin/a-v3": {"id": "a-v3", "parent": "a-v2", "revision": 9},
    "custom/near": {"id": "near", "related": ["a"]},
    "custom/one": {"id": "one", "parent": "two"},
    "custom/two": {"id": "two", "parent": "one"},
    "custom/self": {"id": "self", "parent": "self"},
    "custom/none": {"parent": "a"},
}


def entry(name: str) -> Entry:
    found = Workspace(FILES).library.by_path(Workspace.path(name))
    assert found
    return found


def item(name: str | None, source: str) -> str | None:
    snapshot, offset = Workspace(FILES).opened(name, source)
    found = lineage_item(snapshot, offset)
    return found.path.removeprefix("/project/prompts/").removesuffix(".json") if found else None


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("custom/new", '{"id": "ne|w", "parent": "a"}', "custom/new"),
        ("custom/new", '{"id": "new", "cont|ent": ""}', "custom/new"),
        ("custom/new", '{"id": "new", "parent": "|a"}', "custom/a"),
        ("custom/new", '{"id": "new", "related": ["one", "two|"]}', "custom/two"),
        ("custom/new", '{"id": "new", "parent": "no-such-pro|mpt"}', None),
        ("custom/new", '{"|', None),
        ("builtin/a", '{"id": "a|"}', "custom/a"),
        ("custom/new", '{"tags": []|}', None),
        (None, '{"id": "a|"}', ""),
    ],
)
def test_the_prompt_at_the_cursor(name: str | None, source: str, expected: str | None) -> None:
    assert item(name, source) == expected


def test_one_step_up_and_down() -> None:
    library = Workspace(FILES).library
    assert supertypes(library, entry("learned/a-v2")) == [entry("custom/a")]
    assert supertypes(library, entry("custom/a")) == []
    assert supertypes(library, entry("builtin/a")) == []  # names nobody that is known
    assert subtypes(library, entry("custom/a")) == [entry("learned/a-v2"), entry("learned/a-v3")]
    assert subtypes(library, entry("learned/a-v2")) == []  # only a file that is shadowed evolved from it


def test_circles_end_after_a_step() -> None:
    library = Workspace(FILES).library
    assert supertypes(library, entry("custom/one")) == subtypes(library, entry("custom/one")) == [entry("custom/two")]
    assert supertypes(library, entry("custom/self")) == subtypes(library, entry("custom/self")) == []
    assert subtypes(library, entry("custom/none")) == []
