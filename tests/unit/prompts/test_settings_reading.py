"""Settings: what is wrong falls back and is told once, by file and key; secrets and paths never come from a file."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.prompts.settings import FILE_NAME, Override, Settings, combine, read_file

CHECKS = ("id-file-name", "unused-variable", "missing-key")
WRONG: dict[str, list[Any]] = {
    "roots": [1, "prompts", [], [1], ["a", 2], [""], True, {}, 1.5, None],
    "json": [1, "Full", "", [], {}, True, None],
    "checks": [1, "off", [], True, None],
    "overrides": [1, "x", {}, True, None],
    "max_items": [0, -1, 1.5, "10", True, [], None],
    "facts": [1, "x", [], None],
    "llm": [1, [], None],
    "optimize": ["x", None],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_a_wrong_type_in_the_file_falls_back_with_one_warning(key: str, value: Any) -> None:
    found, warnings = combine({key: value}, None, CHECKS)
    assert found == Settings()
    (warning,) = warnings
    assert warning.startswith(f"{FILE_NAME}: {key}: ")
    assert warning.endswith("ignored")


@pytest.mark.parametrize("key", ["roots", "json", "checks", "overrides", "maxItems"])
@pytest.mark.parametrize("value", [1.5, True, "x"])
def test_a_wrong_type_from_the_client_falls_back_to_the_file(key: str, value: Any) -> None:
    file = {"roots": ["a"], "json": "semantic", "checks": {"missing-key": "off"}, "max_items": 7}
    expected, none = combine(file, None, CHECKS)
    assert none == []
    found, warnings = combine(file, {key: value}, CHECKS)
    assert found == expected
    (warning,) = warnings
    assert warning.startswith(f"settings: {key}: ")


@pytest.mark.parametrize("client", [1, "x", [7], True, 1.5])
def test_client_settings_that_are_no_table(client: Any) -> None:
    found, warnings = combine({"max_items": 7}, client, CHECKS)
    assert found == Settings(max_items=7)
    assert warnings == ["settings: expected a table of settings; ignored"]


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["off", "full", *CHECKS]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["files", "checks", *CHECKS]) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
tables = st.dictionaries(st.sampled_from([*WRONG, "maxItems", "roots", "command", "rots"]), anything, max_size=5)


@settings(deadline=None, max_examples=400)
@given(tables, tables | anything)
def test_nothing_raises_and_what_comes_out_is_usable(file: dict[str, Any], client: Any) -> None:
    found, warnings = combine(file, client, CHECKS)
    assert all(isinstance(root, str) and root for root in found.roots)
    assert found.roots
    assert found.json in ("full", "semantic")
    assert type(found.max_items) is int
    assert found.max_items > 0
    for code in CHECKS:
        assert found.level(code, PurePath("prompts/a.json")) in (None, "error", "warning", "information", "hint", "off")
    assert all(warning.startswith((f"{FILE_NAME}: ", "settings: ")) for warning in warnings)


def test_good_settings_say_nothing() -> None:
    file = {
        "roots": ["prompts", "more/prompts"],
        "json": "semantic",
        "checks": {"missing-key": "hint"},
        "overrides": [{"files": ["prompts/old/**"], "checks": {"missing-key": "off"}}],
        "max_items": 10,
        "facts": {"keep_text": True},
        "llm": {"provider": "x"},
        "optimize": {},
    }
    found, warnings = combine(file, {"maxItems": 20, "checks": {"unused-variable": "error"}, "trace": {}}, CHECKS)
    assert warnings == []
    assert (found.roots, found.json, found.max_items) == (("prompts", "more/prompts"), "semantic", 20)
    assert found.level("missing-key", PurePath("prompts/a.json")) == "hint"
    assert found.level("missing-key", PurePath("prompts/old/x/a.json")) == "off"
    assert found.level("missing-key", None) == "hint"
    assert found.level("unused-variable", None) == "error"
    assert found.level("id-file-name", None) is None


def test_the_last_override_that_matches_wins() -> None:
    overrides = [
        {"files": ["*.json"], "checks": {"missing-key": "off"}},
        {"files": ["a*"], "checks": {"missing-key": "error"}},
    ]
    found, warnings = combine({"overrides": overrides}, None, CHECKS)
    assert warnings == []
    assert found.level("missing-key", PurePath("p/a.json")) == "error"
    assert found.level("missing-key", PurePath("p/b.json")) == "off"
    assert found.level("missing-key", PurePath("p/b.txt")) is None


@pytest.mark.parametrize(
    ("overrides", "key"),
    [
        ([1], "overrides[0]"),
        ([{"checks": {}}], "overrides[0].files"),
        ([{"files": "x", "checks": {}}], "overrides[0].files"),
        ([{"files": ["x"]}], "overrides[0].checks"),
        ([{"files": ["x"], "checks": {"missing-key": "fatal"}}], "overrides[0].checks.missing-key"),
        ([{"files": ["x"], "checks": {"missing-kee": "off"}}], "overrides[0].checks.missing-kee"),
        ([{"files": ["!"], "checks": {"missing-key": "off"}}], "overrides[0].files"),
        ([{"files": ["[z-a]"], "checks": {"missing-key": "off"}}], "overrides[0].files"),
        ([{"files": ["\\"], "checks": {"missing-key": "off"}}], "overrides[0].files"),
    ],
)
def test_a_wrong_override_is_told_by_its_place(overrides: list[Any], key: str) -> None:
    found, warnings = combine({"overrides": overrides}, None, CHECKS)
    assert found.level("missing-key", PurePath("x")) is None
    (warning,) = warnings
    assert warning.startswith(f"{FILE_NAME}: {key}: ")


def test_a_bad_pattern_leaves_the_good_ones() -> None:
    overrides = [{"files": ["!", "x"], "checks": {"missing-key": "off"}}]
    found, warnings = combine({"overrides": overrides}, None, CHECKS)
    assert len(warnings) == 1
    assert found.overrides == (Override(("x",), {"missing-key": "off"}),)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        *[({"llm": {name: "x"}}, f"llm.{name}") for name in ("endpoint", "base_url", "api_key", "key_env", "command")],
        *[({"facts": {name: "x"}}, f"facts.{name}") for name in ("path", "url")],
        *[({"optimize": {name: "x"}}, f"optimize.{name}") for name in ("interpreter", "command")],
        *[({name: "x"}, name) for name in ("interpreter", "command", "path", "endpoint")],
    ],
)
def test_what_only_a_user_may_set_is_never_taken_from_the_file(table: dict[str, Any], key: str) -> None:
    found, warnings = combine(table, None, CHECKS)
    assert found == Settings()
    assert warnings == [f"{FILE_NAME}: {key}: is read from your own settings or the environment only; ignored here"]
    assert combine(None, table, CHECKS) == (Settings(), [])


@pytest.mark.parametrize("root", ["/etc", "../other", "a/../../b", ".."])
def test_a_file_cannot_lead_out_of_its_root(root: str) -> None:
    found, warnings = combine({"roots": ["inside", root]}, None, CHECKS)
    assert found.roots == ("inside",)
    (warning,) = warnings
    assert warning.startswith(f"{FILE_NAME}: roots: {root!r} lies outside the root")
    assert combine({"roots": [root]}, None, CHECKS)[0].roots == ("prompts",)
    assert combine(None, {"roots": [root]}, CHECKS) == (Settings(roots=(root,)), [])


@pytest.mark.parametrize(("key", "meant"), [("root", "roots"), ("overides", "overrides"), ("zzz", None)])
def test_an_unknown_key_is_told_in_the_file_and_not_to_the_client(key: str, meant: str | None) -> None:
    (warning,) = combine({key: 1}, None, CHECKS)[1]
    hint = f" (did you mean {meant!r}?)" if meant else ""
    assert warning == f"{FILE_NAME}: {key}: there is no setting of that name{hint}; ignored"
    assert combine(None, {key: 1}, CHECKS)[1] == []


@pytest.mark.parametrize(
    "data",
    [
        b"roots = ",
        b"\xff\xfe",
        b"a = [[[" * 4000,
        b"a = " + b"1" * 5000,
        b"a = 2020-13-45",
        b"[a]\n[a]",
        b"\x00",
        b"a = 1\ra = 2",
    ],
    ids=lambda data: ascii(data[:12]),
)
def test_a_file_that_is_not_toml_gives_defaults_and_one_warning(tmp_path: Path, data: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(data)
    table, (warning,) = read_file(tmp_path)
    assert table == {}
    assert warning.startswith(f"{tmp_path / FILE_NAME}: ")
    assert warning.endswith("defaults hold")


def test_files_that_are_missing_or_no_files(tmp_path: Path) -> None:
    assert read_file(tmp_path) == ({}, [])
    assert read_file(tmp_path / "nowhere") == ({}, [])
    (tmp_path / FILE_NAME).mkdir()
    table, (warning,) = read_file(tmp_path)
    assert table == {}
    assert "is a directory" in warning.lower()
    (tmp_path / "file").write_text("")
    assert len(read_file(tmp_path / "file")[1]) == 1


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b'\xef\xbb\xbfroots = ["a"]\r\njson = "semantic"\r\n')
    assert read_file(tmp_path) == ({"roots": ["a"], "json": "semantic"}, [])
