"""Code lenses: lineage and shadowing, steady positions, and nothing that may be false."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from promptbits.checks.snapshot import Snapshot
from promptbits.language.display.code_lens import Lens, lenses
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.prompts.root import Layer, Root
from promptbits.text.document import Document

ROOT = Root(Path("/project"))


def entry(layer: Layer, id_: str, *, name: str = "", parent: str = "", revision: int = 1) -> Entry:
    folder = "/package" if layer == "shipped" else f"/project/prompts/{layer}"
    return Entry(f"{folder}/{name or id_}.json", layer, id_, parent=parent, revision=revision)


def shot(text: str, *entries: Entry, path: str | None = "/project/prompts/custom/own.json") -> Snapshot:
    return Snapshot(Document.from_text(text), Path(path) if path else None, ROOT, Library.of(entries))


def own(*entries: Entry, **fields: object) -> list[Lens]:
    """The lenses of the prompt `own` in custom/, beside others."""
    text = json.dumps({"id": "own", **fields}, indent=2)
    parent = fields.get("parent", "")
    return lenses(shot(text, entry("custom", "own", parent=str(parent)), *entries))


def said(found: list[Lens]) -> list[tuple[str, str | None, tuple[str, ...]]]:
    return [(lens.title, lens.command, lens.targets) for lens in found]


def test_what_it_evolved_from() -> None:
    found = own(entry("builtin", "base", revision=2), entry("shipped", "base", revision=1), parent="base")
    base, this = "/project/prompts/builtin/base.json", "/project/prompts/custom/own.json"
    assert said(found) == [
        ("evolved from base (revision 2)", "open", (base,)),
        ("compare with base", "diff", (base, this)),
    ]
    assert {lens.source for lens in found} == {"lineage"}


def test_what_evolved_from_it() -> None:
    paths = tuple(f"/project/prompts/learned/own-v{n}.json" for n in (2, 3))
    evolved = [entry("learned", f"own-v{n}", parent="own", revision=n) for n in (2, 3)]
    assert said(own(evolved[0])) == [("1 prompt evolved from it", "lineage", paths[:1])]
    related = Entry("/project/prompts/custom/r.json", "custom", "r", related=("own",))
    assert said(own(*evolved, related)) == [("2 prompts evolved from it", "lineage", paths)]


def test_an_id_counts_once_and_by_the_file_that_is_served() -> None:
    other = entry("builtin", "own-v2", parent="own")
    assert said(own(entry("learned", "own-v2", parent="own"), other))[0][0] == "1 prompt evolved from it"
    assert own(entry("learned", "own-v2", parent="else"), other) == []


def test_what_has_no_id_is_in_no_lineage_as_in_the_type_hierarchy() -> None:
    assert own(entry("learned", "", name="nameless", parent="own")) == []


@pytest.mark.parametrize("parent", ["nowhere", "own", "", 3, None, ["base"]])
def test_no_lineage_without_a_parent_that_is_known(parent: object) -> None:
    assert own(entry("builtin", "base"), parent=parent) == []


def test_what_it_shadows() -> None:
    assert said(own(entry("builtin", "own"))) == [
        ("shadows builtin/own.json", "open", ("/project/prompts/builtin/own.json",))
    ]
    (lens,) = own(entry("shipped", "own"))
    assert lens.title == "shadows own.json, which ships with PromptBits"
    (lens,) = own(entry("learned", "own"), entry("builtin", "own"), entry("shipped", "own"))
    assert lens.title == "shadows learned/own.json and 2 more"
    assert len(lens.targets) == 3


def test_what_shadows_it() -> None:
    text = '{"id": "own"}'
    entries = (entry("custom", "own"), entry("builtin", "own"), entry("learned", "own-v2", parent="own"))
    (lens,) = lenses(shot(text, *entries, path="/project/prompts/builtin/own.json"))
    assert (lens.source, lens.title) == ("shadowing", "shadowed by custom/own.json: that one is served")
    assert (lens.command, lens.targets) == ("open", ("/project/prompts/custom/own.json",))


def test_a_duplicate_in_its_layer_shadows_nothing() -> None:
    text = '{"id": "own"}'
    entries = (entry("custom", "own", name="a"), entry("custom", "own"), entry("builtin", "own"))
    (lens,) = lenses(shot(text, *entries))
    assert lens.title == "has the same id as custom/a.json: that one is served"


def test_nothing_that_may_be_false_while_the_library_is_read() -> None:
    entries = (entry("custom", "own"), entry("builtin", "own"), entry("learned", "own-v2", parent="own"))
    snapshot = shot('{"id": "own"}', *entries)
    assert len(lenses(snapshot)) == 2
    assert lenses(replace(snapshot, library=replace(snapshot.library, complete=False))) == []


def test_a_file_outside_of_the_library_says_nothing_of_its_id() -> None:
    entries = (entry("custom", "own"), entry("builtin", "own"), entry("learned", "own-v2", parent="own"))
    for path in ("/elsewhere/own.json", None):
        assert lenses(shot('{"id": "own"}', *entries, path=path)) == []


def test_titles_hold_no_other_text_and_are_short() -> None:
    long = "x" * 500
    found = own(
        entry("builtin", long), entry("learned", "b", parent="own"), parent=long, content="canary", tags=["canary"]
    )
    assert all(len(lens.title) < 100 and "canary" not in lens.title for lens in found)
    (title, _) = (lens.title for lens in own(entry("builtin", "a\n\u202eb"), parent="a\n\u202eb"))
    assert title == "evolved from a\\n\\u202eb (revision 1)"


def test_positions_stay_while_the_text_is_broken() -> None:
    text = '\n{"id": "own", "parent": "base",\n "content": "# A"}\n'
    entries = (entry("custom", "own", parent="base"), entry("builtin", "base"), entry("builtin", "own"))
    for end in range(len(text) + 1):
        for lens in lenses(shot(text[:end], *entries)):
            assert (lens.start, lens.end) == (1, 2)
    assert len(lenses(shot(text[:35], *entries))) == len(lenses(shot(text, *entries))) == 3


@pytest.mark.parametrize("text", ["", "[]", '"own"', "null", "{"])
def test_other_documents_have_none(text: str) -> None:
    assert lenses(shot(text, entry("custom", "own"), entry("builtin", "own"))) == []
