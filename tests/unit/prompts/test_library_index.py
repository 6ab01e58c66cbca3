"""The library: cold, warm and uncached, it says the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from library_files import RICH, Reads, own, put

from promptbits.prompts.entry import Entry, entry_of_bytes, entry_of_document
from promptbits.prompts.library import Library, shipped_library
from promptbits.prompts.root import LAYERS, Root
from promptbits.prompts.settings import Settings
from promptbits.text.document import Document

FILES: dict[str, Any] = {
    "rich.json": RICH,
    "custom/a.json": {"id": "a"},
    "learned/a-v2.json": {"id": "a-v2", "parent": "a"},
    "builtin/b.json": {"id": "b", "related": ["a", "a"]},
    "broken.json": b'{"id": "broken", "tags": ["x",',
    "surrogate.json": b'{"id": "s", "description": "\\ud800"}',
    "huge.json": b'{"id": "huge", "confidence": 1' + b"0" * 400 + b', "revision": 1' + b"0" * 30 + b"}",
    "infinite.json": b'{"id": "inf", "confidence": 1e999}',
    "bom.json": b'\xef\xbb\xbf{"id": "bom"}',
    "latin.json": b'{"id": "latin", "description": "\xe9"}',
    "list.json": [],
    "wrong.json": {
        "id": 1,
        "tags": "x",
        "variables": [],
        "trigger": {"A": 1},
        "source": {},
        "related": [1, "a"],
        "revision": True,
    },
    "empty.json": b"",
}


def make_root(folder: Path) -> Root:
    for name, value in FILES.items():
        put(folder, name, value)
    return Root(folder)


def test_cold_warm_and_uncached_are_equal(tmp_path: Path, reads: Reads) -> None:
    root = make_root(tmp_path)
    cold = Library.load(root)
    assert len(reads.take()) == len(FILES)
    warm = Library.load(root)
    assert reads.take() == ["surrogate.json"]  # the one that the cache cannot hold
    plain = Library.load(root, use_cache=False)
    assert own(cold) == own(warm) == own(plain)
    assert {hash(entry) for entry in own(warm).values()} == {hash(entry) for entry in own(cold).values()}
    assert len(own(cold)) == len(FILES)
    assert cold.unreadable == warm.unreadable == ()


def test_what_an_entry_knows(tmp_path: Path) -> None:
    entries = {Path(path).name: entry for path, entry in own(Library.load(make_root(tmp_path))).items()}
    assert entries["rich.json"] == Entry(
        str(tmp_path / "prompts" / "rich.json"), "custom", "rich", "d", "Testing", "Language", "Rust", ("a", "b"),
        ("x", "y"), ("a", "b"), "a", "1+", 3, 1.0, "Learned", True,
    )  # fmt: skip
    assert "never kept" not in repr(entries)
    assert [entries[name].readable for name in ("broken.json", "list.json", "empty.json")] == [False] * 3
    assert [entries[name].readable for name in ("bom.json", "surrogate.json", "huge.json", "wrong.json")] == [True] * 4
    assert (entries["broken.json"].id, entries["broken.json"].tags) == ("broken", ("x",))
    assert (entries["huge.json"].confidence, entries["huge.json"].revision) == (None, 1)
    assert entries["infinite.json"].confidence is None
    wrong = entries["wrong.json"]
    assert wrong == Entry(wrong.path, "custom", "", trigger_kind="", related=("a",))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "Language", "b"]), inner, max_size=2)
    ),
    max_leaves=4,
)
FIELD_NAMES = [*RICH, "x"]


@settings(deadline=None, max_examples=300)
@given(
    st.dictionaries(st.sampled_from(FIELD_NAMES), values, max_size=6),
    st.sampled_from(["", ",", "}", "\x00", "\\ud800"]),
)
def test_bytes_and_documents_give_the_same_entry(value: dict[str, Any], tail: str) -> None:
    for text in (json.dumps(value), json.dumps(value) + tail, json.dumps(value)[:-1] + tail):
        one = entry_of_bytes("/p.json", "custom", text.encode())
        other = entry_of_document(Path("/p.json"), "custom", Document.from_text(text))
        assert one == other
        assert hash(one) == hash(other)
        orjson.dumps([field for field in one if not isinstance(field, str)])


def test_an_unresolved_merge_conflict_is_not_readable() -> None:
    text = '{\n<<<<<<< HEAD\n"id": "a",\n=======\n>>>>>>> x\n"tags": []}'
    assert not entry_of_bytes("/p.json", "custom", text.encode()).readable


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.json")
    bad = put(tmp_path, "b.json")
    real = open

    def refuse(path: Any, *args: Any, **kwargs: Any) -> Any:
        if str(path) == str(bad):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **kwargs)

    monkeypatch.setattr("builtins.open", refuse)
    found = Library.load(Root(tmp_path))
    assert [entry.id for entry in own(found).values()] == ["a"]
    assert [(each.path, each.reason) for each in found.unreadable] == [(str(bad), "permission denied")]


def test_layers_agree_with_the_root_also_where_folders_overlap(tmp_path: Path) -> None:
    for name in ("a.json", "learned/b.json", "builtin/c.json", "learned/builtin/d.json", "builtins/e.json"):
        put(tmp_path, name)
    for roots in (("prompts",), ("prompts", "prompts/learned"), ("prompts/learned", "prompts"), (".",)):
        root = Root(tmp_path, Settings(roots=roots))
        found = own(Library.load(root, use_cache=False))
        assert len(found) == 5
        assert {path: entry.layer for path, entry in found.items()} == {path: root.layer(Path(path)) for path in found}


def test_a_changed_layer_is_not_taken_from_the_cache(tmp_path: Path) -> None:
    path = put(tmp_path, "learned/a.json")
    assert own(Library.load(Root(tmp_path)))[str(path)].layer == "learned"
    moved = Root(tmp_path, Settings(roots=("prompts/learned",)))
    assert own(Library.load(moved))[str(path)].layer == "custom"


def test_the_winning_layer_comes_first(tmp_path: Path) -> None:
    shipped = next(iter(shipped_library().entries()))
    for name in ("builtin/x.json", "learned/x.json", "custom/x.json", "a.json"):
        put(tmp_path, name, {"id": shipped.id})
    found = Library.load(Root(tmp_path)).by_id(shipped.id)
    assert [entry.layer for entry in found] == ["custom", "custom", "learned", "builtin", "shipped"]
    assert [entry.rank for entry in found] == [0, 0, 1, 2, 3]
    assert found[0].path < found[1].path
    assert LAYERS == ("custom", "learned", "builtin", "shipped")


def test_progress_is_told(tmp_path: Path) -> None:
    for number in range(3):
        put(tmp_path, f"{number}.json")
    told: list[tuple[int, int]] = []
    Library.load(Root(tmp_path), progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 3)]


def test_the_shipped_prompts_lie_below_and_once_only_in_their_own_repository(tmp_path: Path) -> None:
    shipped = {entry.path for entry in shipped_library().entries()}
    assert shipped
    assert {entry.path for entry in Library.load(Root(tmp_path)).entries()} == shipped
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "builtin").symlink_to(Path(next(iter(shipped))).parent)
    entries = list(Library.load(Root(tmp_path), use_cache=False).entries())
    assert {entry.layer for entry in entries} == {"builtin"}
    assert len(entries) == len(shipped)
