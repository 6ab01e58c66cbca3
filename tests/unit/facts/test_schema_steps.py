"""Bringing an older file up to date, with a version 0 that exists only here."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from contract import execution
from fact_strategies import identity

from promptbits.facts.opening import open_store
from promptbits.facts.sqlite import maintenance, migrations
from promptbits.facts.sqlite.migrations import Step, migrate
from promptbits.facts.sqlite.schema import SCHEMA_VERSION
from promptbits.facts.store import StoreError

OLD = """
ALTER TABLE fact RENAME COLUMN trace TO trace_text;
PRAGMA user_version = 0;
"""


def _rename(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE fact RENAME COLUMN trace_text TO trace")


def _lose_a_summary(connection: sqlite3.Connection) -> None:
    _rename(connection)
    connection.execute("DELETE FROM summary")


def _fall_over(connection: sqlite3.Connection) -> None:
    _rename(connection)
    connection.execute("INSERT INTO nowhere VALUES (1)")


GOOD = (Step(1, "a column has a better name", _rename),)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store of version 0 with facts in it, cleanly closed."""
    path = tmp_path / "facts.db"
    store = open_store(path)
    store.append([execution(number, trace_id="t", execution_time_ms=number) for number in range(200)])
    store.close()
    with sqlite3.connect(path) as connection:
        connection.executescript(OLD)
    connection.close()
    return path


def fingerprint(folder: Path) -> dict[str, str]:
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()}


def test_an_older_file_is_brought_up_to_date_with_a_backup(old: Path) -> None:
    before = _content(old)
    done = migrate(old, steps=GOOD)
    assert (done.before, done.after, done.steps) == (0, 1, ("a column has a better name",))
    assert done.backup == old.with_name("facts.db.v0.bak")
    assert _content(done.backup) == before
    assert stat.S_IMODE(done.backup.stat().st_mode) == 0o600
    store = open_store(old)
    assert maintenance.check(store) == []
    assert store.get(identity(3))["trace_id"] == "t"  # type: ignore[index]  # it is there
    store.close()
    assert migrate(old, steps=GOOD).steps == ()


def test_it_happens_by_itself_on_opening(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations.migrate, "__kwdefaults__", {**migrations.migrate.__kwdefaults__, "steps": GOOD})
    with pytest.raises(StoreError, match="of an older schema"):
        open_store(old, read_only=True)
    store = open_store(old)
    assert len(list(store.facts())) == 200
    store.close()


def test_a_dry_run_changes_no_byte(old: Path) -> None:
    before = fingerprint(old.parent)
    done = migrate(old, steps=GOOD, dry_run=True)
    assert (done.before, done.after, done.steps, done.backup) == (0, 1, ("a column has a better name",), None)
    with pytest.raises(StoreError, match="summary"):
        migrate(old, steps=(Step(1, "loses something", _lose_a_summary),), dry_run=True)
    assert fingerprint(old.parent) == before


def test_a_dry_run_beside_a_writer_sees_the_log_and_changes_no_byte(old: Path) -> None:
    writer = sqlite3.connect(old, isolation_level=None)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("INSERT INTO word (text) VALUES ('in the log only')")
    before = {name: digest for name, digest in fingerprint(old.parent).items() if not name.endswith("-shm")}
    assert before.keys() == {"facts.db", "facts.db-wal"}
    seen: list[int] = []

    def look(connection: sqlite3.Connection) -> None:
        seen.extend(connection.execute("SELECT count(*) FROM word WHERE text = 'in the log only'").fetchone())
        _rename(connection)

    migrate(old, steps=(Step(1, "looks", look),), dry_run=True)
    after = {name: digest for name, digest in fingerprint(old.parent).items() if not name.endswith("-shm")}
    assert (seen, after) == ([1], before)
    writer.close()


@pytest.mark.parametrize(
    ("step", "said"),
    [(_fall_over, "no such table: nowhere"), (_lose_a_summary, "failed its check .*is missing.*it is as it was")],
)
def test_what_fails_leaves_the_file_as_it_was(old: Path, step: object, said: str) -> None:
    before = old.read_bytes()
    with pytest.raises(StoreError, match=said) as failure:
        migrate(old, steps=(Step(1, "fails", step),))  # type: ignore[arg-type]  # one of the functions above
    assert "\n" not in str(failure.value)
    assert old.read_bytes() == before
    assert migrate(old, steps=GOOD).after == 1


def test_a_missing_step_is_told(old: Path) -> None:
    before = fingerprint(old.parent)
    with pytest.raises(StoreError, match="no way from schema 0 to 1; nothing was changed"):
        migrate(old, steps=())
    assert fingerprint(old.parent) == before


def test_a_newer_file_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    open_store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    before = fingerprint(tmp_path)
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"made by a newer PromptBits \(schema 2, this one knows 1\)"):
            open_store(path, read_only=read_only)
    with pytest.raises(StoreError, match="newer"):
        migrate(path)
    assert fingerprint(tmp_path) == before


def test_a_file_that_becomes_newer_in_use_is_not_written_any_more(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    store = open_store(path)
    store.append([execution(1)])
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match="made by a newer PromptBits"):
        store.append([execution(2)])
    store.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from promptbits.facts.sqlite import migrations
from promptbits.facts.sqlite.migrations import Step, migrate
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
def step(connection):
    connection.execute("ALTER TABLE fact RENAME COLUMN trace_text TO trace")
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("UPDATE fact SET rest = printf('%.2000c', 'x')")  # more than the cache holds: the log is written
    if sys.argv[2] == "step":
        die()
if sys.argv[2] == "check":
    migrations.problems_of = die
if sys.argv[2] == "backup":
    migrations.copy_to = die
migrate(Path(sys.argv[1]), steps=[Step(1, "dies", step)])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
@pytest.mark.parametrize("moment", ["backup", "step", "check"])
def test_a_kill_in_the_middle_leaves_the_old_file(old: Path, moment: str) -> None:
    before = dict(_content(old))
    died = subprocess.run([sys.executable, "-c", KILLED, os.fspath(old), moment], check=False)
    assert died.returncode == -signal.SIGKILL
    assert dict(_content(old)) == before
    assert migrate(old, steps=GOOD).after == 1
    store = open_store(old)
    assert maintenance.check(store) == []
    store.close()


def _content(path: Path) -> list[tuple[str, object]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT hex(id), quote(trace_text) || quote(rest) FROM fact").fetchall()
    rows.append(("version", connection.execute("PRAGMA user_version").fetchone()[0]))
    rows.append(("summaries", connection.execute("SELECT count(*), sum(executions) FROM summary").fetchone()))
    connection.close()
    return rows
