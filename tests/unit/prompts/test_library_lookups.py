"""Lookups by tag, and what is worked out once for all libraries that share their tables."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.prompts.root import LAYERS

tags = st.lists(st.sampled_from(["a", "b", ""]), max_size=3).map(tuple)
numbers = st.integers(0, 5)
entries = st.builds(
    lambda number, layer, words: Entry(f"/p/{number}.json", layer, f"id-{number}", tags=words),
    numbers,
    st.sampled_from(LAYERS),
    tags,
)
changes = st.dictionaries(numbers.map(lambda number: f"/p/{number}.json"), st.none() | entries, max_size=4)


@given(st.lists(entries, max_size=6), changes)
def test_by_tag_gives_every_file_once_also_after_changes(
    start: list[Entry], laid_over: dict[str, Entry | None]
) -> None:
    laid_over = {path: entry and entry._replace(path=path) for path, entry in laid_over.items()}
    table = {entry.path: entry for entry in start} | laid_over
    library = Library.of(start).with_changes(laid_over)
    for tag in ("a", "b", "", "c"):
        expected = [entry for entry in table.values() if entry and tag in entry.tags]
        assert library.by_tag(tag) == sorted(expected, key=lambda entry: (entry.rank, entry.path))


def test_a_tag_written_twice_gives_its_file_once() -> None:
    entry = Entry("/p/a.json", "custom", "a", tags=("x", "x"))
    assert Library.of([entry]).by_tag("x") == [entry]


def test_what_is_derived_is_made_once_until_changes_fold_in() -> None:
    made: list[int] = []

    def count(entries: Iterable[Entry]) -> int:
        made.append(len(list(entries)))
        return made[-1]

    first = Entry("/p/a.json", "custom", "a")
    second = first._replace(path="/p/b.json", id="b")
    library = Library.of([first])
    changed = library.with_changes({second.path: second, first.path: None})
    assert library.derived(count) == (1, [])
    assert changed.derived(count) == (1, [second])
    assert made == [1]
    many = {f"/p/{number}.json": first._replace(path=f"/p/{number}.json") for number in range(100)}
    assert changed.with_changes(many).derived(count) == (101, [])
    assert changed.derived(len_of) == (1, [second])


def len_of(entries: Iterable[Entry]) -> int:
    return len(list(entries))
