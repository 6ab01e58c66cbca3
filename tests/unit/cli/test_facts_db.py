"""`promptbits db`, and facts that waited beside the store."""

from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path

import pytest
from cli_workspace import Run, prompt, write
from facts_workspace import execution, fill, stored

from promptbits.facts.opening import open_store
from promptbits.facts.spool import spool, spool_folders

COMMANDS = [["stats"], ["check"], ["optimize"], ["compact"], ["backup"], ["archive", "--older-than", "1d"], ["migrate"]]


@pytest.fixture(autouse=True)
def environment_of_facts(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMPTBITS_FACTS", raising=False)
    monkeypatch.setenv("PROMPTBITS_STATE", str(tmp_path / "state"))
    write(root / "promptbits.toml", "")
    write(root / "prompts/one.json", prompt("one"))


@pytest.fixture
def path(root: Path) -> Path:
    """A store with facts of two prompts."""
    fill(
        root,
        *(execution(n, prompt_id=f"p{n % 2}", execution_time_ms=n, conversation_id=f"c{n // 4}") for n in range(40)),
    )
    return root / ".promptbits/facts.db"


def test_stats_of_the_store(path: Path, run: Run) -> None:
    lines = run("db", "stats").out.splitlines()
    assert lines[0].startswith(".promptbits/facts.db: ")
    assert lines[1:3] == ["  40 executions", "  2 prompts, 0 texts, 2 daily rows"]
    assert lines[3] == "  from 2026-11-01T12:00:00.000Z to 2026-11-01T12:39:00.000Z"
    value = json.loads(run("db", "stats", "--json").out)
    assert (value["facts"]["execution"], value["prompts"]) == (40, 2)
    assert value["bytes"] >= path.stat().st_size


def test_feedback_has_no_plural(root: Path, run: Run) -> None:
    fill(root, *(execution(n, kind="feedback", rating=4) | {"outcome": None} for n in range(2)))
    assert "  2 feedback" in run("db", "stats").out.splitlines()


def test_no_help_line_is_cut(run: Run) -> None:
    for group in ("db", "record"):
        assert "..." not in run(group, "--help").out.partition("Commands:")[2]


def test_a_sound_store(path: Path, run: Run) -> None:
    done = run("db", "check")
    assert (done.code, done.out) == (0, "The store is sound, and its summaries equal a recount\n")
    assert json.loads(run("db", "check", "--json").out) == {"version": 1, "problems": []}


def test_a_summary_that_differs_is_found_and_made_anew(root: Path, path: Path, run: Run) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE summary SET executions = executions + 1 WHERE prompt_id = 'p1'")
    connection.close()
    done = run("db", "check")
    assert done.code == 1
    assert "p1" in done.out
    assert "`promptbits db optimize --rebuild`" in done.err
    assert len(json.loads(run("db", "check", "--json").out)["problems"]) == 1
    assert run("db", "optimize", "--rebuild").out == "Optimized, and all summaries made anew\n"
    assert run("db", "check").code == 0
    assert len(stored(root)) == 40


@pytest.mark.parametrize("args", COMMANDS, ids=lambda args: args[0])
@pytest.mark.parametrize("damage", ["none", "foreign", "cut", "flipped"])
def test_damage_is_told_by_the_exit_code(path: Path, run: Run, args: list[str], damage: str) -> None:
    data = bytearray(path.read_bytes())
    if damage == "foreign":
        data[:] = b"these are not the facts that you are looking for\n" * 100
    elif damage == "cut":
        del data[len(data) // 2 :]
    elif damage == "flipped":
        data[5000 : len(data) : 7] = bytes(len(range(5000, len(data), 7)))
    path.write_bytes(data)
    done = run("db", *args)
    if damage == "none":
        assert done.code == 0
    elif damage == "foreign" or args[0] == "check":
        assert done.code == 1
        assert "the file is damaged" in done.out + done.err
    else:
        assert done.code in (0, 1)  # what a command does not look at, it cannot find


@pytest.mark.parametrize("args", COMMANDS, ids=lambda args: args[0])
def test_no_store_is_made_by_looking_after_it(root: Path, run: Run, args: list[str]) -> None:
    done = run("db", *args)
    assert (done.code, done.err) == (2, "promptbits: nothing is measured yet: .promptbits/facts.db is not there\n")
    assert not (root / ".promptbits").exists()


@pytest.mark.parametrize("args", COMMANDS, ids=lambda args: args[0])
def test_a_newer_store_is_left_alone(path: Path, run: Run, args: list[str]) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = path.read_bytes()
    done = run("db", *args)
    assert done.code == 2
    assert "made by a newer PromptBits" in done.err
    assert path.read_bytes() == before


def test_a_backup_is_whole_and_private(root: Path, path: Path, run: Run) -> None:
    done = run("db", "backup", "copy.db")
    assert done.code == 0
    assert stat.S_IMODE((root / "copy.db").stat().st_mode) == 0o600
    copy = open_store(root / "copy.db", read_only=True)
    assert list(copy.facts()) == stored(root)
    copy.close()
    again = run("db", "backup", "copy.db")
    assert (again.code, "is there already" in again.err) == (2, True)
    beside = json.loads(run("db", "backup", "--json").out)
    assert Path(beside["path"]).parent == path.parent
    assert Path(beside["path"]).stat().st_size == beside["bytes"]


def test_an_export_says_what_the_archive_holds(root: Path, path: Path, run: Run) -> None:
    assert run("db", "archive", "--older-than", "2026-11-01T12:30:00Z").code == 0
    done = run("export")
    assert len(done.out.splitlines()) == 10
    assert done.err == "promptbits: 30 archived facts left out: the files of `promptbits db archive` hold them\n"


def test_what_is_archived_can_be_imported_and_its_numbers_stay(
    root: Path, path: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, numbers = stored(root), run("stats", "--json").out
    done = run("db", "archive", "--older-than", "2026-11-01T12:30:00Z", "--json")
    moved = json.loads(done.out)
    assert moved["facts"] == 30
    assert stored(root) == before[30:]
    assert run("stats", "--json").out == numbers
    assert run("db", "check").code == 0
    assert run("import", moved["path"]).out.endswith("30 facts already there\n")
    assert run("db", "archive", "--older-than", "2026-11-01").out == "Nothing is older than 2026-11-01T00:00:00.000Z\n"
    other = tmp_path / "other"
    write(other / "promptbits.toml", "")
    monkeypatch.chdir(other)
    assert run("import", moved["path"]).code == 0
    assert stored(other) == before[:30]


def test_compact_gives_space_back(root: Path, path: Path, run: Run) -> None:
    fill(root, *(execution(n, metadata={"filler": "x" * 4000}) for n in range(100, 300)))
    assert run("db", "archive", "--older-than", "2026-11-10").code == 0
    value = json.loads(run("db", "compact", "--json").out)
    assert value["bytes_after"] < value["bytes_before"]
    assert run("db", "check").code == 0


def test_a_store_of_this_version_needs_no_migration(path: Path, run: Run) -> None:
    before = path.read_bytes()
    for args in (["migrate"], ["migrate", "--dry-run"]):
        assert run("db", *args).out.startswith("The store is up to date: schema ")
    assert path.read_bytes() == before


# Facts that waited


def test_facts_that_waited_are_counted_at_the_next_chance(root: Path, path: Path, run: Run) -> None:
    spool(spool_folders(path)[0], [execution(50), execution(51)])
    done = run("stats", "one")
    assert done.err == "promptbits: took in 2 facts that waited beside the store\n"
    assert len(stored(root)) == 42
    assert run("stats", "one").err == ""


def test_what_is_recorded_while_the_store_is_closed_waits(root: Path, path: Path, run: Run) -> None:
    sound = path.read_bytes()
    path.write_bytes(b"not a store" * 100)
    done = run("record", "execution", "one", "--outcome", "failed")
    assert (done.code, "the fact waits in .promptbits/spool" in done.err) == (0, True)
    path.write_bytes(sound)
    assert run("stats", "one").err == "promptbits: took in 1 fact that waited beside the store\n"
    assert stored(root)[-1]["id"] == done.out.strip()
    store = open_store(path, read_only=True)
    assert store.text(stored(root)[-1]["content_sha256"]) == prompt("one")["content"]
    store.close()


def test_facts_that_cannot_be_taken_in_are_told(path: Path, run: Run) -> None:
    spool(spool_folders(path)[0], [execution(50)])
    path.write_bytes(b"not a store" * 100)
    done = run("stats", "one")
    assert done.code == 2
    assert done.err.startswith("promptbits: facts wait beside the store, and are not counted here: ")
    assert len(list(spool_folders(path)[0].glob("*.jsonl"))) == 1
