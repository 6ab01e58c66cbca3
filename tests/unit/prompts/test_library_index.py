"""The library: cold, warm and changed, it says the same as one built from scratch."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.prompts import index_cache, library
from promptbits.prompts.entry import Entry, entry_of_bytes, entry_of_document, entry_of_value
from promptbits.prompts.library import Library, shipped_library, trigger_key
from promptbits.prompts.root import LAYERS, Root
from promptbits.prompts.settings import Settings
from promptbits.text.document import Document


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("PROMPTBITS_CACHE", str(tmp_path_factory.mktemp("cache")))


def put(root: Path, name: str, value: Any = None, *, age: float = 60.0, **fields: Any) -> Path:
    """Write a prompt, last changed a while ago."""
    path = root / "prompts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = (
        value
        if isinstance(value, bytes)
        else json.dumps(value if value is not None else {"id": path.stem} | fields).encode()
    )
    path.write_bytes(data)
    moment = time.time() - age
    os.utime(path, (moment, moment))
    return path


def own(library_: Library) -> dict[str, Entry]:
    return {entry.path: entry for entry in library_.entries() if entry.layer != "shipped"}


class Reads:
    """Counts the files that are read, not taken from the cache."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paths: list[str] = []

        def spy(path: str, layer: Any, data: bytes) -> Entry:
            if layer != "shipped":
                self.paths.append(Path(path).name)
            return entry_of_bytes(path, layer, data)

        monkeypatch.setattr(library, "entry_of_bytes", spy)

    def take(self) -> list[str]:
        taken, self.paths = sorted(self.paths), []
        return taken


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    return Reads(monkeypatch)


RICH: dict[str, Any] = {
    "id": "rich", "description": "d", "category": "Testing", "trigger": {"Language": "Rust"}, "tags": ["a", "b"],
    "variables": {"x": {}, "y": {}}, "related": ["a", "b"], "parent": "a", "version": "1+", "revision": 3,
    "confidence": 1, "source": {"Learned": {"from_feedback": []}}, "content": "never kept",
}  # fmt: skip
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


def test_a_change_of_size_or_time_is_read_again_and_nothing_else(tmp_path: Path, reads: Reads) -> None:
    root = Root(tmp_path)
    path = put(tmp_path, "a.json", {"id": "one"})
    put(tmp_path, "b.json")
    Library.load(root)
    reads.take()
    stamp = path.stat().st_mtime_ns
    path.write_text(json.dumps({"id": "longer"}))
    os.utime(path, ns=(stamp, stamp))
    assert own(Library.load(root))[str(path)].id == "longer"
    assert reads.take() == ["a.json"]
    path.write_text(json.dumps({"id": "LONGER"}))
    os.utime(path, ns=(stamp + 1000, stamp + 1000))
    assert own(Library.load(root))[str(path)].id == "LONGER"
    assert reads.take() == ["a.json"]
    Library.load(root)
    assert reads.take() == []
    path.unlink()
    assert [entry.id for entry in own(Library.load(root)).values()] == ["b"]


def test_a_file_changed_a_moment_ago_is_not_trusted(tmp_path: Path, reads: Reads) -> None:
    """Its next change may bear the same time stamp."""
    root = Root(tmp_path)
    put(tmp_path, "new.json", age=-3600)
    put(tmp_path, "old.json")
    whole_second = put(tmp_path, "coarse.json")
    now = time.time_ns() // 10**9 * 10**9
    os.utime(whole_second, ns=(now, now))
    Library.load(root)
    reads.take()
    Library.load(root)
    assert reads.take() == ["coarse.json", "new.json"]


BROKEN_CACHES: list[bytes] = [
    b"", b"{", b"[]", b"null", b'{"format": 0, "files": {}}', b'{"format": 1}', b'{"format": 1, "files": []}',
    b'{"format": 1, "files": {"PATH": null}}', b'{"format": 1, "files": {"PATH": 5}}',
    b'{"format": 1, "files": {"PATH": []}}', b'{"format": 1, "files": {"PATH": {}}}',
    b'{"format": 1, "files": {"PATH": [TIME, SIZE]}}', b'{"format": 1, "files": {"PATH": [TIME, SIZE, []]}}',
    b'{"format": 1, "files": {"PATH": [TIME, SIZE, ["a", "custom", "x"]]}}',
    b'{"format": 1, "files": {"PATH": [TIME, SIZE, null]}}', b"\xff\xfe\x00",
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN_CACHES, ids=lambda content: ascii(content)[:50])
def test_a_broken_cache_is_no_cache(tmp_path: Path, content: bytes) -> None:
    root = Root(tmp_path)
    path = put(tmp_path, "a.json", RICH)
    expected = own(Library.load(root))
    (cache,) = index_cache.cache_folder().iterdir()
    info = path.stat()
    for name, value in (("PATH", path), ("TIME", info.st_mtime_ns), ("SIZE", info.st_size)):
        content = content.replace(name.encode(), str(value).encode())
    cache.write_bytes(content)
    assert own(Library.load(root)) == expected
    assert own(Library.load(root)) == expected


@pytest.mark.parametrize("kind", ["file", "below a file", "unwritable"])
def test_a_cache_folder_that_cannot_be_written(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Root(tmp_path)
    put(tmp_path, "a.json")
    blocker = tmp_path / "blocker"
    blocker.write_text("")
    folder = {"file": blocker, "below a file": blocker / "x", "unwritable": tmp_path / "new"}[kind]
    monkeypatch.setenv("PROMPTBITS_CACHE", str(folder))
    if kind == "unwritable":

        def refuse(*_: Any, **__: Any) -> Any:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(index_cache.tempfile, "mkstemp", refuse)
    assert [entry.id for entry in own(Library.load(root)).values()] == ["a"]
    assert not folder.is_dir() or list(folder.iterdir()) == []


def test_a_failing_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    put(tmp_path, "a.json")
    assert len(own(Library.load(Root(tmp_path)))) == 1
    assert list(index_cache.cache_folder().iterdir()) == []


def test_every_root_has_its_own_cache(tmp_path: Path, reads: Reads) -> None:
    for name in ("one", "two"):
        put(tmp_path / name, "a.json")
        Library.load(Root(tmp_path / name))
    reads.take()
    for name in ("one", "two"):
        Library.load(Root(tmp_path / name))
    assert reads.take() == []


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
