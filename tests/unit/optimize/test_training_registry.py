"""Versions in a folder: which is current, the way back, and what a damaged or missing file does."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptbits.optimize.training.places import UNNAMED, folder_of, slug
from promptbits.optimize.training.registry import KEPT, BusyError, NothingBeforeError, Versions, alone


def add(versions: Versions, *, promote: bool = True) -> int:
    number = versions.next()
    versions.add(number, b"model %d" % number, {"digest": f"d{number}"}, "# card\n", promote=promote)
    return number


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(folder_of(tmp_path, "report", "big"))


def test_a_promoted_version_is_current_and_another_one_is_not(versions: Versions) -> None:
    assert (versions.current(), versions.before(), versions.next()) == (None, None, 1)
    assert [add(versions), add(versions, promote=False), add(versions)] == [1, 2, 3]
    assert (versions.numbers(), versions.current(), versions.before()) == ([1, 2, 3], 3, 1)
    assert versions.scorer(3).read_bytes() == b"model 3"
    assert versions.of_digest("d2") == 2
    assert versions.of_digest("d9") is None


def test_back_goes_one_step_at_a_time_and_not_beyond_the_first(versions: Versions) -> None:
    for _ in range(3):
        add(versions)
    assert versions.roll_back() == (3, 2)
    assert versions.roll_back() == (2, 1)
    with pytest.raises(NothingBeforeError, match="version 1 is in use, and none was before it"):
        versions.roll_back()
    assert versions.current() == 1
    assert add(versions) == 4  # a number is never given twice
    assert versions.roll_back() == (4, 1)


def test_files_are_for_nobody_else_and_git_passes_them_over(versions: Versions, tmp_path: Path) -> None:
    add(versions)
    if os.name == "posix":
        files = [path for path in versions.folder.iterdir() if path.is_file()]
        assert len(files) == 4
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert (tmp_path / ".promptbits/.gitignore").read_text() == "*\n"


def test_a_version_that_is_gone_is_neither_current_nor_before(versions: Versions) -> None:
    for _ in range(3):
        add(versions)
    versions.scorer(2).unlink()
    assert (versions.current(), versions.before()) == (3, 1)
    (versions.folder / "3.json").unlink()
    assert (versions.current(), versions.before()) == (1, None)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"current": "1"}', '{"current": true, "before": 3}', "\0"])
def test_a_damaged_pointer_points_nowhere(versions: Versions, content: str) -> None:
    add(versions)
    (versions.folder / "current.json").write_text(content)
    assert versions.current() is None
    assert add(versions) == 2
    assert json.loads((versions.folder / "current.json").read_text())["current"] == 2


def test_old_versions_go_but_not_those_that_lead_back(versions: Versions) -> None:
    add(versions)
    for _ in range(3 * KEPT):
        add(versions, promote=False)
    assert versions.numbers() == [1, *range(2 * KEPT + 2, 3 * KEPT + 2)]
    assert versions.current() == 1
    assert {path.suffix for path in versions.folder.glob("2.*")} == set()


def test_what_cannot_be_written_leaves_the_current_one_and_what_was_left_behind_goes(versions: Versions) -> None:
    add(versions)
    left = versions.folder / ".2.onnx.0123456789abcdef.tmp"
    left.write_bytes(b"half")
    (versions.folder / "2.json").mkdir()
    with pytest.raises(OSError, match=r"2\.json"):
        versions.add(2, b"model", {}, "card", promote=True)
    assert versions.current() == 1
    assert not left.exists()
    assert not list(versions.folder.glob(".*.tmp"))


def test_nobody_else_trains_meanwhile(tmp_path: Path) -> None:
    busy = pytest.raises(BusyError, match="another process has been training")
    with alone(tmp_path), busy, alone(tmp_path, seconds=0.0):
        raise AssertionError("both are alone")
    with alone(tmp_path, seconds=0.0):
        pass


@given(st.lists(st.text(max_size=120), unique=True, max_size=8))
def test_no_two_names_share_a_folder_on_any_system(names: list[str]) -> None:
    folders = [slug(name).casefold() for name in names]
    assert len(set(folders)) == len(names)
    for each in folders:
        assert 0 < len(each) <= 100
        assert set(each) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
        assert each[0] not in "._-"
        assert each.partition(".")[0] not in ("con", "nul", "aux", "com1")


def test_names_that_will_do_stay_readable(tmp_path: Path) -> None:
    assert slug("gpt-5.1-mini") == "gpt-5.1-mini"
    assert slug("GPT-5").startswith("gpt-5-")
    assert slug("../../etc").startswith("etc-")
    assert folder_of(tmp_path, "report", "").name == UNNAMED
    assert folder_of(tmp_path, "report", "_unnamed").name != UNNAMED
    assert slug("nul.txt") != "nul.txt"
