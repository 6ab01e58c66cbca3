"""A library with changes laid over it says the same as one built from scratch."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.prompts.entry import Entry, entry_of_value
from promptbits.prompts.library import Library, trigger_key
from promptbits.prompts.root import LAYERS

paths = st.integers(0, 100).map(lambda number: f"/p/{number}.json")
few = st.integers(0, 4).map(lambda number: f"/p/{number}.json")
ids = st.sampled_from(["", "a", "b", "c"])


def made(path: str, id_: str, kind: str, name: str, related: list[str], parent: str, layer: Any) -> Entry:
    fields = {"id": id_, "trigger": {kind: name}, "related": related, "parent": parent}
    return entry_of_value(path, layer, fields)


def entries_at(where: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, Entry | None]]:
    real = st.builds(
        made, where, ids, st.sampled_from(["Language", "Custom"]), st.sampled_from(["", "Rust", "RUST", "Go"]),
        st.lists(ids, max_size=3), ids, st.sampled_from(LAYERS),
    )  # fmt: skip
    return st.one_of(where.map(lambda path: (path, None)), real.map(lambda entry: (entry.path, entry)))


@settings(deadline=None, max_examples=250)
@given(
    st.lists(entries_at(few), max_size=8),
    st.lists(st.lists(entries_at(few), max_size=4), max_size=6)
    | st.lists(st.lists(entries_at(paths), max_size=60), max_size=4),
)
def test_changes_equal_a_library_from_scratch(
    start: list[tuple[str, Entry | None]], rounds: list[list[tuple[str, Entry | None]]]
) -> None:
    table = {path: entry for path, entry in start if entry}
    changed = Library.of(table.values())
    for changes in rounds:
        before = set(changed.entries())
        after = changed.with_changes(dict(changes))
        assert set(changed.entries()) == before  # the old one is as it was
        changed = after
        for path, entry in dict(changes).items():
            table.pop(path, None)
            if entry:
                table[path] = entry
        check_same(changed, table)


def check_same(changed: Library, table: dict[str, Entry]) -> None:
    scratch = Library.of(table.values())
    assert sorted(changed.entries()) == sorted(table.values())
    assert changed.ids() == scratch.ids()
    for path in (*table, "/p/0.json", "/p/none.json"):
        assert changed.by_path(path) == table.get(path)
    for id_ in ("a", "b", "c", "none"):
        for found, expected in (
            (changed.by_id(id_), [entry for entry in table.values() if entry.id == id_]),
            (changed.by_reference(id_), [entry for entry in table.values() if id_ in entry.references()]),
        ):
            assert found == sorted(expected, key=lambda entry: (LAYERS.index(entry.layer), entry.path))
        assert (scratch.by_id(id_), scratch.by_reference(id_)) == (changed.by_id(id_), changed.by_reference(id_))
    for entry in table.values():
        key = trigger_key(entry)
        same = [each for each in table.values() if each.trigger_name and trigger_key(each) == key]
        assert changed.by_trigger(key) == sorted(same, key=lambda each: (LAYERS.index(each.layer), each.path))


def test_more_changes_than_are_kept_apart_fold_in() -> None:
    table: dict[str, Entry] = {}
    changed = Library.of([])
    for number in range(200):
        path = f"/p/{number % 150}.json"
        entry = made(path, "abc"[number % 3], "Custom", "x", ["a", "a"], "b", "custom") if number % 7 else None
        table.pop(path, None)
        if entry:
            table[path] = entry
        changed = changed.with_changes({path: entry})
        if number % 40 == 39:
            check_same(changed, table)
    check_same(changed, table)


def test_the_empty_library() -> None:
    empty = Library()
    assert list(empty.entries()) == empty.by_id("a") == empty.by_reference("a") == empty.by_trigger("a") == []
    assert empty.by_path("/x") is None
    assert empty.ids() == set()


def test_an_id_that_is_gone_is_not_what_was_meant() -> None:
    library = Library.of([made("/p/1.json", "greeting", "Custom", "", [], "", "custom")])
    assert library.nearest_id("greetign") == "greeting"
    gone = library.with_changes({"/p/1.json": None})
    assert gone.nearest_id("greeting") is None
    assert gone.nearest_id("greetign") is None
